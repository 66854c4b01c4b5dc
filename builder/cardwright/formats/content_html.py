"""Writes content as HTML. Each output that is HTML says by a subclass what its leaves look like."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping

from cardwright.collection import content as c
from cardwright.collection.colour import Colour, make_readable, to_hex

Marked = c.Strong | c.Emphasis | c.Strikethrough | c.Code
_ELEMENTS: Mapping[type[Marked], str] = {
    c.Strong: "strong",
    c.Emphasis: "em",
    c.Strikethrough: "s",
    c.Code: "code",
}

_LINK_SCHEME = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_LINK_TAG = re.compile(r"</?a\b[^>]*>")


def colour_style(
    text: c.Coloured, day: Mapping[str, Colour], night: Mapping[str, Colour], pattern: str
) -> str:
    """Return the colours of a text as CSS, readable by day and by night.

    day, night: what the page has behind a `color`, and in front of a `background-color`.
    pattern: of a declaration with two colours, with `{name}`, `{day}` and `{night}`.
    """
    if text.colour and text.background:  # readable by themselves, by day and by night
        readable = make_readable(text.colour, text.background)
        return f"color: {to_hex(readable)}; background-color: {to_hex(text.background)}"
    name = "color" if text.colour else "background-color"
    colour = text.colour or text.background
    assert colour is not None
    by_day, by_night = (to_hex(make_readable(colour, page[name])) for page in (day, night))
    return pattern.format(name=name, day=by_day, night=by_night)


class ContentHtml(ABC):
    """Writes the blocks and inlines that all outputs write in the same way."""

    __slots__ = ()

    @abstractmethod
    def text(self, plain: str) -> str:
        """Escape text between tags."""

    @abstractmethod
    def attribute(self, plain: str) -> str:
        """Escape the value of an attribute in double quotes."""

    @abstractmethod
    def math(self, formula: c.Math) -> str: ...

    @abstractmethod
    def image(self, picture: c.Image) -> str: ...

    @abstractmethod
    def sound(self, sound: c.Sound) -> str: ...

    @abstractmethod
    def blank(self) -> str: ...

    @abstractmethod
    def cloze(self, cloze: c.Cloze, html: str) -> str:
        """Return a cloze deletion. html: of what it hides."""

    @abstractmethod
    def link(self, url: str, html: str) -> str:
        """Return a link. url: http, https or mailto. html: of its text, without links."""

    def scaled(self, _factor: float, html: str) -> str:
        """Return text in another size; by default as it is."""
        return html

    @abstractmethod
    def raw_html(self, block: c.RawHtml) -> str: ...

    @abstractmethod
    def colours(self, text: c.Coloured) -> str:
        """Return the colours of a text as the value of a `style`."""

    def marking_element(self, mark: type[Marked]) -> str:
        """Return the name of the element that marks text in a way."""
        return _ELEMENTS[mark]

    def scrollable(self, table: str) -> str:
        """Put a table into what lets it be scrolled where there is little room."""
        return f'<div class="table">{table}</div>'

    def heading_level(self, level: int) -> int:
        """Return the level of a heading on the page. level: as its author wrote it, 1 to 6."""
        return level

    def cell_look(self, alignment: str) -> str:
        """Return the attribute that aligns a cell. alignment: "left", "center" or "right"."""
        return f'style="text-align: {alignment}"'

    def blocks(self, content: c.Content) -> str:
        return "".join(map(self._block, content))

    def inlines(self, children: c.Inlines) -> str:
        # Most inlines are texts.
        text = self.text
        return "".join(
            [text(inline.text) if type(inline) is c.Text else self.inline(inline) for inline in children]
        )

    def _block(self, block: c.Block) -> str:  # noqa: C901  a case a block
        match block:
            case c.Paragraph(children):
                return f"<p>{self.inlines(children)}</p>"
            case c.Heading(level, children):
                shown_level = self.heading_level(level)
                return f"<h{shown_level}>{self.inlines(children)}</h{shown_level}>"
            case c.BulletList(entries):
                return f"<ul>{self._list_items(entries)}</ul>"
            case c.OrderedList(start, entries):
                opening = "<ol>" if start == 1 else f'<ol start="{start}">'
                return f"{opening}{self._list_items(entries)}</ol>"
            case c.Quote(children):
                return f"<blockquote>{self.blocks(children)}</blockquote>"
            case c.Aligned(alignment, children):
                return f'<div style="text-align: {alignment}">{self.blocks(children)}</div>'
            case c.CodeBlock(children, language):
                name = f' class="language-{self.attribute(language)}"' if language else ""
                return f"<pre><code{name}>{self.inlines(children)}</code></pre>"
            case c.Table():
                return self._table(block)
            case c.ThematicBreak():
                return "<hr>"
            case c.RawHtml():
                return self.raw_html(block)

    def _list_items(self, items: tuple[c.Content, ...]) -> str:
        return "".join(f"<li>{self.compact(item)}</li>" for item in items)

    def compact(self, content: c.Content) -> str:
        """Return the inside of a list item or a cell, whose text is a paragraph only if there are several."""
        match content:
            case (c.Paragraph(children), *rest) if not any(isinstance(block, c.Paragraph) for block in rest):
                return self.inlines(children) + self.blocks(tuple(rest))
            case _:
                return self.blocks(content)

    def _table(self, table: c.Table) -> str:
        head = f"<thead>{self._row('th', table.head, table.alignments)}</thead>" if table.head else ""
        rows = "".join(self._row("td", row, table.alignments) for row in table.rows)
        return self.scrollable(f"<table>{head}<tbody>{rows}</tbody></table>")

    def _row(self, tag: str, cells: tuple[c.Content, ...], alignments: tuple[str, ...]) -> str:
        row = []
        for cell, alignment in zip(cells, alignments, strict=True):
            opening = f"<{tag} {self.cell_look(alignment)}>" if alignment else f"<{tag}>"
            row.append(f"{opening}{self.compact(cell)}</{tag}>")
        return f"<tr>{''.join(row)}</tr>"

    def inline(self, inline: c.Inline) -> str:
        if isinstance(inline, Marked):
            element = self.marking_element(type(inline))
            return f"<{element}>{self.inlines(inline.children)}</{element}>"
        match inline:
            case c.Text(text) | c.Verbatim(text):
                return self.text(text)
            case c.Math():
                return self.math(inline)
            case c.Image():
                return self.image(inline)
            case c.Sound():
                return self.sound(inline)
            case c.LineBreak():
                return "<br>"
            case c.Blank():
                return self.blank()
            case _:
                return self._wrap(inline, self.inlines(inline.children))

    def _wrap(self, inline: c.Wrapper, html: str) -> str:
        """Wrap an inline around the HTML of its children."""
        match inline:
            case c.Styled(element, _):
                return f"<{element}>{html}</{element}>"
            case c.Coloured():
                return f'<span style="{self.colours(inline)}">{html}</span>'
            case c.Ruby(_, reading):
                # The parentheses are for programs that cannot put a reading above its word.
                return f"<ruby>{html}<rp>(</rp><rt>{self.inlines(reading)}</rt><rp>)</rp></ruby>"
            case c.Scaled(factor, _):
                return self.scaled(factor, html)
            case c.Link(url, _) if _LINK_SCHEME.match(url):
                return self.link(url, _LINK_TAG.sub("", html))  # HTML has no links within links
            case c.Cloze():
                return self.cloze(inline, html)
            case _:
                return html
