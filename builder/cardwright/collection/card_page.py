"""A field as the elements that it is in Anki's page, so that a style sheet can be applied to them.

`formats/anki/fields.py` writes the same as HTML.
"""

from cardwright.collection import content as c
from cardwright.collection.card import cloze_blank, formula_side
from cardwright.collection.colour import BLACK, WHITE, Colour, make_readable, to_hex
from cardwright.collection.template import Attributes, Element, Nodes, PageNode

_ELEMENT_NAMES: dict[type, str] = {c.Strong: "strong", c.Emphasis: "em", c.Strikethrough: "s", c.Code: "code"}


class FieldReader:
    """Turns the content of fields into elements, as one side of one card shows them.

    number: the cloze number that the card asks for; 0 for a field without deletions.
    hide: whether the side is the front, which hides them.
    """

    def __init__(self, number: int, *, hide: bool) -> None:
        self._number = number
        self._hide = hide
        self._colours = c.Coloured(None, None, ())

    def nodes(self, content: c.Content) -> Nodes:
        """Return the nodes of a field. A field of one paragraph continues the line."""
        match content:
            case (c.Paragraph(children),):
                return self._inlines(children)
            case (c.RawHtml(_, _, children),):
                return self.nodes(children)
            case _:
                return tuple(map(self._block, content))

    def _inlines(self, children: c.Inlines) -> Nodes:
        return tuple(map(self._inline, children))

    def _block(self, block: c.Block) -> Element:  # noqa: C901  a case a block
        match block:
            case c.Paragraph(children):
                return Element("p", nodes=self._inlines(children))
            case c.Heading(level, children):
                return Element(f"h{level}", nodes=self._inlines(children))
            case c.BulletList(entries):
                return Element("ul", nodes=tuple(map(self._entry, entries)))
            case c.OrderedList(start, entries):
                return Element("ol", str(start), tuple(map(self._entry, entries)))
            case c.Quote(children):
                return Element("blockquote", nodes=tuple(map(self._block, children)))
            case c.Aligned(alignment, children):
                style = (("style", f"text-align: {alignment}"),)
                return Element("div", nodes=tuple(map(self._block, children)), attributes=style)
            case c.CodeBlock(children, language):
                code = Element(
                    "code",
                    nodes=self._inlines(children),
                    attributes=_class(language and f"language-{language}"),
                )
                return Element("pre", nodes=(code,))
            case c.Table():
                return Element("div", nodes=(self._table(block),), attributes=_class("table"))
            case c.ThematicBreak():
                return Element("hr")
            case c.RawHtml(_, _, children):
                return Element("div", nodes=tuple(map(self._block, children)))

    def _entry(self, content: c.Content) -> Element:
        return Element("li", nodes=self._compact(content))

    def _compact(self, content: c.Content) -> Nodes:
        """Return what is in an entry or a cell, whose text is a paragraph only if there are several."""
        match content:
            case (c.Paragraph(children), *rest) if not any(isinstance(block, c.Paragraph) for block in rest):
                return (*self._inlines(children), *map(self._block, rest))
            case _:
                return tuple(map(self._block, content))

    def _table(self, table: c.Table) -> Element:
        groups = [Element("thead", nodes=(self._row("th", table.head, table),))] if table.head else []
        rows = tuple(self._row("td", row, table) for row in table.rows)
        return Element("table", nodes=(*groups, Element("tbody", nodes=rows)))

    def _row(self, name: str, cells: tuple[c.Content, ...], table: c.Table) -> Element:
        alignments = zip(cells, table.alignments, strict=True)
        return Element(
            "tr",
            nodes=tuple(
                Element(name, nodes=self._compact(cell), attributes=_class(alignment))
                for cell, alignment in alignments
            ),
        )

    def _inline(self, inline: c.Inline) -> PageNode:  # noqa: C901  a case an inline
        match inline:
            case c.LineBreak():
                return Element("br")
            case c.Math(deletions=deletions) if deletions:
                return formula_side(inline, {self._number} if self._hide else set())
            case c.Image(file, alt, width):
                size = (("style", f"width: {width}"),) if width else ()
                attributes = (("src", file.name), ("alt", alt), *size)
                return Element("img", nodes=(inline,), attributes=attributes)
            case c.Blank():
                return Element("span", nodes=(inline,), attributes=_class("blank"))
            case c.Ruby(children, reading):
                word = self._inlines(children)
                return Element("ruby", nodes=(*word, Element("rt", nodes=self._inlines(reading))))
            case c.Coloured():
                return self._coloured(inline)
            case c.Link(url, children):
                attributes = (("href", url), ("rel", "noopener noreferrer"))
                return Element(
                    "a", nodes=self._inlines(children), formats=(c.Link(url, ()),), attributes=attributes
                )
            case c.Styled(name, children):
                return Element(name, nodes=self._inlines(children))
            case c.Cloze():
                return self._deletion(inline)
            case _ if isinstance(inline, c.Wrapper):
                return Element(_ELEMENT_NAMES[type(inline)], nodes=self._inlines(inline.children))
            case _:
                return inline

    def _coloured(self, text: c.Coloured) -> Element:
        """Return a text in its colours; what it does not say it has from the text around it."""
        outer = self._colours
        colour, background = text.colour or outer.colour, text.background or outer.background
        self._colours = c.Coloured(colour, background, ())
        nodes = self._inlines(text.children)
        self._colours = outer
        return Element("span", nodes=nodes, attributes=(("style", _colour_style(colour, background)),))

    def _deletion(self, deletion: c.Cloze) -> Element:
        """Return a deletion as Anki writes it. Source: Anki, rslib/src/cloze.rs, `reveal_cloze`."""
        ordinals = ("data-ordinal", ",".join(map(str, deletion.numbers)))
        if self._number not in deletion.numbers:
            return Element(
                "span",
                nodes=self._inlines(deletion.children),
                attributes=(*_class("cloze-inactive"), ordinals),
            )
        shown = cloze_blank(deletion) if self._hide else deletion.children
        return Element("span", nodes=self._inlines(shown), attributes=(*_class("cloze"), ordinals))


def _colour_style(colour: Colour | None, background: Colour | None) -> str:
    """Return the colours of a text as CSS: always readable, as they are in Anki."""
    if colour is not None:
        colour = make_readable(colour, background or WHITE)
    elif background is not None:
        background = make_readable(background, BLACK)
    colours = (("color", colour), ("background-color", background))
    return "; ".join(f"{name}: {to_hex(value)}" for name, value in colours if value)


def _class(name: str) -> Attributes:
    return (("class", name),) if name else ()
