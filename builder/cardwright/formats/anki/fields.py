"""Content as the HTML of an Anki field."""

import re
from collections.abc import MutableMapping

from cardwright.collection.content import (
    Blank,
    Block,
    BulletList,
    Cloze,
    Code,
    CodeBlock,
    Content,
    Emphasis,
    Heading,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Math,
    OrderedList,
    Paragraph,
    Quote,
    Sound,
    Strikethrough,
    Strong,
    Table,
    Text,
    ThematicBreak,
)
from cardwright.collection.media import MediaFile
from cardwright.formats.anki import escape

_LINKED = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)

BLANK = '<span class="blank">[…]</span>'
"""A place for the learner to fill; in brackets like Anki's own cloze, also without style."""


def html(content: Content, media: MutableMapping[str, MediaFile], *, cloze: bool = False) -> str:
    """A field's HTML.

    media: receives the pictures and sounds that the field refers to, by name.
    cloze: the field is the text of a cloze note, where cloze deletions are written for
        Anki and text must not look like one.
    """
    block = content[0] if len(content) == 1 else None
    if not isinstance(block, Paragraph):
        return _Writer(media, cloze).blocks(content)
    inline = block.children[0] if len(block.children) == 1 else None
    if not isinstance(inline, Text):
        return _Writer(media, cloze).inlines(block.children)
    return escape.text(inline.text, cloze=cloze)


class _Writer:
    """One walk over one field's content."""

    __slots__ = ("_cloze", "_media")

    def __init__(self, media: MutableMapping[str, MediaFile], cloze: bool) -> None:
        self._media = media
        self._cloze = cloze

    def blocks(self, content: Content) -> str:
        return "".join(self._block(block) for block in content)

    def inlines(self, children: Inlines) -> str:
        return "".join(self._inline(inline) for inline in children)

    def _block(self, block: Block) -> str:
        match block:
            case Paragraph(children):
                return f"<p>{self.inlines(children)}</p>"
            case Heading(level, children):
                return f"<h{level}>{self.inlines(children)}</h{level}>"
            case BulletList(entries):
                return f"<ul>{self._entries(entries)}</ul>"
            case OrderedList(start, entries):
                opening = "<ol>" if start == 1 else f'<ol start="{start}">'
                return f"{opening}{self._entries(entries)}</ol>"
            case Quote(children):
                return f"<blockquote>{self.blocks(children)}</blockquote>"
            case CodeBlock(text, language):
                name = f' class="language-{self._attribute(language)}"' if language else ""
                return f"<pre><code{name}>{self._text(text)}</code></pre>"
            case Table():
                return self._table(block)
            case ThematicBreak():
                return "<hr>"

    def _entries(self, entries: tuple[Content, ...]) -> str:
        return "".join(f"<li>{self._entry(entry)}</li>" for entry in entries)

    def _entry(self, entry: Content) -> str:
        """A list's entry; its text is a paragraph of its own only if there are several."""
        match entry:
            case (Paragraph(children), *rest) if not any(isinstance(block, Paragraph) for block in rest):
                return self.inlines(children) + self.blocks(tuple(rest))
            case _:
                return self.blocks(entry)

    def _table(self, table: Table) -> str:
        head = self._row("th", table.head, table.alignments)
        rows = "".join(self._row("td", row, table.alignments) for row in table.rows)
        return f'<div class="table"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>'

    def _row(self, tag: str, cells: tuple[Inlines, ...], alignments: tuple[str, ...]) -> str:
        written = []
        for cell, alignment in zip(cells, alignments, strict=True):
            opening = f'<{tag} class="{alignment}">' if alignment else f"<{tag}>"
            written.append(f"{opening}{self.inlines(cell)}</{tag}>")
        return f"<tr>{''.join(written)}</tr>"

    def _inline(self, inline: Inline) -> str:
        match inline:
            case Text(text):
                return self._text(text)
            case Code(text):
                return f"<code>{self._text(text)}</code>"
            case Math(tex, display):
                opening, closing = (r"\[", r"\]") if display else (r"\(", r"\)")
                return f"{opening}{escape.tex(tex, cloze=self._cloze)}{closing}"
            case Image(file, alt):
                self._media[file.name] = file
                return f'<img src="{file.name}" alt="{self._attribute(alt)}">'
            case Sound(file, _):
                # No words beside it: Anki puts a button there, and paper the words.
                self._media[file.name] = file
                return f"[sound:{file.name}]"
            case LineBreak():
                return "<br>"
            case Blank():
                return BLANK
            case _:
                return self._around(inline, self.inlines(inline.children))

    def _around(self, inline: Strong | Emphasis | Strikethrough | Link | Cloze, text: str) -> str:
        """What an inline makes of the text inside it, which is HTML already."""
        match inline:
            case Strong():
                return f"<strong>{text}</strong>"
            case Emphasis():
                return f"<em>{text}</em>"
            case Strikethrough():
                return f"<s>{text}</s>"
            case Link(url, _) if _LINKED.match(url):
                return f'<a href="{self._attribute(url)}" rel="noopener noreferrer">{text}</a>'
            case Cloze(numbers, _, hint) if self._cloze:
                # One in the other, since only Anki 26 and later know `{{c1,2::…}}`.
                behind = f"::{escape.hint(hint)}" if hint else ""
                for number in reversed(numbers):
                    text = f"{{{{c{number}::{text}{behind}}}}}"
                return text
            case _:
                return text

    def _text(self, plain: str) -> str:
        return escape.text(plain, cloze=self._cloze)

    def _attribute(self, plain: str) -> str:
        return escape.attribute(plain, cloze=self._cloze)
