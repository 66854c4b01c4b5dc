"""What a content says in words alone, and what an HTML page does; the two must agree."""

import re
from html.parser import HTMLParser

from cardwright.collection import content as c
from cardwright.collection.content import Blank, Code, CodeBlock, Content, Image, Inline, Math, Text

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def content_words(content: Content, blank: str) -> str:
    """The words of a content, with all white space and control characters taken out.

    blank: what stands for a place to fill.
    """
    return _bare("".join(_block(block, blank) for block in content))


def _block(block: c.Block, blank: str) -> str:
    match block:
        case c.Paragraph(children) | c.Heading(_, children):
            return _run(children, blank)
        case c.BulletList(entries) | c.OrderedList(_, entries):
            return "".join(content_words(entry, blank) for entry in entries)
        case c.Quote(children):
            return content_words(children, blank)
        case CodeBlock(text, _):
            return text
        case c.Table(_, head, rows):
            return "".join(_run(cell, blank) for row in (head, *rows) for cell in row)
        case c.ThematicBreak():
            return ""


def _run(children: c.Inlines, blank: str) -> str:
    return "".join(_inline(inline, blank) for inline in children)


def _inline(inline: Inline, blank: str) -> str:
    match inline:
        case Text(text) | Code(text):
            return text
        case Math(tex, display):
            return f"\\[{tex}\\]" if display else f"\\({tex}\\)"
        case Blank():
            return blank
        case Image() | c.Sound() | c.LineBreak():
            return ""
        case _:
            return _run(inline.children, blank)


class Page(HTMLParser):
    """An HTML page, read.

    tags: all that were opened, with their attributes.
    pieces: runs of text that no tag interrupts, which is how MathJax sees a page.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.pieces: list[str] = [""]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.pieces.append("")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 # every tag is a border
        self.pieces.append("")

    def handle_data(self, data: str) -> None:
        self.pieces[-1] += data

    @property
    def words(self) -> str:
        return _bare("".join(self.pieces))


def _bare(text: str) -> str:
    return "".join(CONTROL.sub("", text).split())
