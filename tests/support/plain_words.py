"""The words of a content, and the words of an HTML page; the two must agree."""

import re
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser

from cardwright.collection import content as c

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def content_words(content: c.Content, blank: str) -> str:
    """Return the words of a content without white space and control characters.

    blank: what stands for a blank to fill in.
    """

    def describe(inline: c.Inline) -> str:
        match inline:
            case c.Math(tex, display):
                return f"\\[{tex}\\]" if display else f"\\({tex}\\)"
            case c.Blank():
                return blank
            case _:
                return ""

    return normalize("".join(_block_words(block, describe) for block in content))


def _block_words(block: c.Block, describe: Callable[[c.Inline], str]) -> str:
    match block:
        case c.BulletList(entries) | c.OrderedList(_, entries):
            return "".join(_block_words(inner, describe) for entry in entries for inner in entry)
        case c.Quote(children) | c.Aligned(_, children):
            return "".join(_block_words(inner, describe) for inner in children)
        case c.Table(_, head, rows):
            cells = [cell for row in (head, *rows) for cell in row]
            return "".join(_block_words(inner, describe) for cell in cells for inner in cell)
        case _:
            return c.plain_text((block,), describe)


class Page(HTMLParser):
    """An HTML page.

    tags: all start tags, with their attributes.
    pieces: runs of text between tags, which is how MathJax sees a page.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.pieces: list[str] = [""]
        self._is_hidden = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.pieces.append("")
        self._is_hidden = tag == "rp"

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  every tag ends a piece
        self.pieces.append("")
        self._is_hidden = False

    def handle_data(self, data: str) -> None:
        if not self._is_hidden:
            self.pieces[-1] += data

    @property
    def words(self) -> str:
        return normalize("".join(self.pieces))


def normalize(text: str) -> str:
    r"""Undo what keeps an editor from altering a text: see `escape.py`."""
    text = "".join(CONTROL.sub("", text).replace("\u2060", "").split())
    text = unicodedata.normalize("NFC", text).replace(r"\\*[", r"\\[")
    return re.sub(r"\\text{\\\((.*?)\\\)}", r"\\text{$\1$}", text)
