"""Lays out HTML, of a card template or within a text, as content, as a browser would show it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from cardwright.collection import content as c
from cardwright.collection.template import Element, Nodes, ResolvedNode
from cardwright.record import Record, replace

# The HTML elements that templates and texts may have, by what they mean.
_FORMATS: dict[str, c.Wrapper] = {
    **dict.fromkeys(("b", "strong"), c.Strong(())),
    **dict.fromkeys(("i", "em"), c.Emphasis(())),
    **dict.fromkeys(("s", "del", "strike"), c.Strikethrough(())),
    **dict.fromkeys(("code", "samp", "tt"), c.Code(())),
    **{name: c.Styled(name, ()) for name in c.STYLE_ELEMENTS},
    "ins": c.Styled("u", ()),
}
RUBY_PARTS = frozenset({"rb", "rp", "rt"})
INLINE = frozenset(_FORMATS) | RUBY_PARTS | {"a", "span", "font", "ruby"}
WITHIN_WORDS = INLINE - RUBY_PARTS
"""Elements that may mark a part of a word; the tags of all others part words."""
LISTS = frozenset({"ul", "ol"})
CELLS = frozenset({"td", "th"})
ROW_GROUPS = frozenset({"thead", "tbody", "tfoot"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
SECTIONS = frozenset({"section", "article", "aside", "main", "nav", "header", "footer"})
"""The elements that say what a part of a page is for, and look like a `<div>`."""
EMPTY_ELEMENTS = frozenset({"br", "hr"})
"""The elements that have no content and no end tag."""
KNOWN_ELEMENTS = (
    *(INLINE | LISTS | CELLS | ROW_GROUPS | HEADINGS | SECTIONS | EMPTY_ELEMENTS),
    *("table", "tr", "caption", "div", "p", "center", "li", "blockquote", "pre"),
)

_NO_COLOURS = c.Coloured(None, None, ())
# Formats that mean more when they are nested: an index of an index, smaller still.
_ADDING_UP = frozenset(c.Styled(name, ()) for name in ("sub", "sup", "small", "big"))

_WHITE_SPACE = re.compile(r"[ \t\n\r\f]+")

Formats = tuple[c.Wrapper, ...]
"""The formats that apply to an inline, outermost first, as wrappers without children."""
FormattedInline = tuple[Formats, c.Inline]

Part = FormattedInline | c.Block | None
"""A part of a laid out element; None where a paragraph ends."""


class Style(Record, frozen=True):
    """The properties that an element passes on to its children.

    verbatim: whether white space counts, as in `<pre>`.
    """

    formats: Formats = ()
    verbatim: bool = False


class HtmlLayout:
    """Lays out elements. resolve: decides the sections of nodes and fills in their fields."""

    def __init__(self, resolve: Callable[[Nodes], Iterable[ResolvedNode]]) -> None:
        self._resolve = resolve

    def lay_out(self, nodes: Nodes) -> c.Content:
        """Return the content that nodes show."""
        return self._blocks(self._resolve(nodes), Style())

    def _blocks(self, nodes: Iterable[ResolvedNode], style: Style) -> c.Content:
        return self._assemble(self._parts(nodes, style), style)

    def _assemble(self, parts: Iterable[Part], style: Style) -> c.Content:
        result: list[c.Block] = []
        for is_inline, group in groupby(parts, key=lambda part: isinstance(part, tuple)):
            if is_inline:
                result += _paragraph(_nest(_inline_parts(group)), style.verbatim)
            else:
                result += [part for part in group if part is not None and not isinstance(part, tuple)]
        return tuple(result)

    def _parts(self, nodes: Iterable[ResolvedNode], style: Style) -> Iterator[Part]:  # noqa: C901  a case a node
        for node in nodes:
            match node:
                case Element("br"):
                    yield style.formats, c.LineBreak()
                case Element("ruby"):
                    yield from self._ruby(node, style)
                case Element("rp"):
                    pass  # brackets for programs that cannot put a reading above its word
                case Element(name) if name in INLINE or name == "svg":
                    yield from self._parts(self._resolve(node.nodes), self._style_in(node, style))
                case Element():
                    yield None
                    yield from self._block_element(node, style)
                    yield None
                case (c.Paragraph(children),):  # a field of one paragraph continues the line
                    yield from ((style.formats, inline) for inline in children)
                case (c.RawHtml(_, _, children),):
                    yield from self._parts((children,), style)
                case tuple():
                    yield from c.map_runs(
                        node, lambda run: _nest([(style.formats, inline) for inline in run])
                    )
                case c.Code() | c.Ruby():  # they have no elements among their children
                    yield style.formats, node
                case _ if isinstance(node, c.Wrapper):
                    inner_style = _add_format(style, replace(node, children=()))
                    yield from self._parts(node.children, inner_style)
                case _:
                    yield style.formats, node

    def _style_in(self, element: Element, style: Style) -> Style:
        """Return the style of what is in an element. style: of what is around it."""
        return _add_formats(style, element)

    def _inherit(self, element: Element, outer: Element) -> Element:
        """Return a part of a table with the look of the part around it."""
        alignment = element.alignment or outer.alignment
        return replace(element, formats=(*outer.formats, *element.formats), alignment=alignment)

    def _ruby(self, element: Element, style: Style) -> Iterator[Part]:
        """Yield each word with the reading that follows it, and what has no reading as it is."""
        # Words that wait for their readings; each `<rb>` is one of its own.
        words: list[list[Part]] = []
        style = self._style_in(element, style)
        is_after_rb = False
        for node in self._resolve(element.nodes):
            name = node.name if isinstance(node, Element) else ""
            parts = list(self._parts((node,), style))
            if isinstance(node, c.Text) and not node.text.strip() and is_after_rb:
                continue
            run = _inline_parts((*words[0], *parts)) if name == "rt" and words else []
            if run and len(run) == len(words[0]) + len(parts):
                # What both have in common stands around both.
                shared = style.formats
                if any(formats[: len(shared)] != shared for formats, _ in run):
                    shared = ()
                yield shared, c.Ruby(*_word_and_reading(run, len(words.pop(0)), len(shared)))
            elif name == "rb" or is_after_rb or not words:
                words.append(parts)
            else:
                words[-1] += parts
            is_after_rb = name == "rb"
        yield from (part for word in words for part in word)

    def _block_element(self, element: Element, style: Style) -> Iterator[Part]:
        style = self._style_in(element, style)
        alignment = element.alignment or ("center" if element.name == "center" else "")
        parts = self._element(element, style)
        yield from _align(self._assemble(parts, style), alignment) if alignment else parts

    def _inside(self, element: Element, style: Style) -> c.Content:
        """Return what is in an entry of a list or in a cell."""
        style = self._style_in(element, style)
        return _align(self._blocks(self._resolve(element.nodes), style), element.alignment)

    def _element(self, element: Element, style: Style) -> Iterator[Part]:
        name, nodes = element.name, self._resolve(element.nodes)
        if name == "hr":
            yield c.ThematicBreak()
        elif name in LISTS:
            nodes = list(nodes)
            if entries := tuple(self._entries(nodes, style)):
                yield self._list(element, nodes, entries)
        elif name == "table":
            yield from self._table(nodes, style)
        elif name == "blockquote":
            if blocks := self._blocks(nodes, style):
                yield c.Quote(blocks)
        elif name in HEADINGS:
            for block in self._blocks(nodes, style):
                yield from _in_heading(block, int(name[1]))
        elif name == "pre":
            yield from self._blocks(nodes, replace(style, verbatim=True))
        else:
            yield from self._parts(nodes, style)

    def _list(
        self, element: Element, _nodes: Sequence[ResolvedNode], entries: tuple[c.Content, ...]
    ) -> c.Block:
        """Return a list. element, nodes: it, and what is in it. entries: what its entries show."""
        return (
            c.OrderedList(int(element.value or 1), entries) if element.name == "ol" else c.BulletList(entries)
        )

    def _entries(self, nodes: Iterable[ResolvedNode], style: Style) -> Sequence[c.Content]:
        """Return the entries of a list. What stands between two entries belongs to the first of them."""
        entries: list[c.Content] = []
        for is_entry, group in groupby(nodes, key=_is_entry):
            if is_entry:
                elements = (node for node in group if isinstance(node, Element))
                entries += [self._inside(entry, style) for entry in elements]
            elif blocks := self._blocks(group, style):
                entries[-1:] = [(*entries[-1], *blocks)] if entries else [blocks]
        return entries

    def _table(self, nodes: Iterable[ResolvedNode], style: Style) -> Iterator[Part]:
        """Yield the captions of a table and the table. A first row of nothing but `<th>` is its head."""
        elements = [node for node in nodes if isinstance(node, Element)]
        for caption in elements:
            if caption.name == "caption":
                yield from self._parts(self._resolve(caption.nodes), style)
        rows = [cells for row in self._rows(elements, Element("table")) if (cells := self._cells(row, style))]
        width = max(map(len, rows), default=0)
        if not width:
            return
        head: tuple[c.Content, ...] = ()
        if len(rows) > 1 and all(is_head for is_head, _ in rows[0]):
            head = tuple(cell for _, cell in rows.pop(0))
            head += (c.EMPTY,) * (width - len(head))
        body = tuple(
            tuple(c.map_runs(cell, _embolden) if is_head else cell for is_head, cell in row)
            + (c.EMPTY,) * (width - len(row))
            for row in rows
        )
        yield _align_columns(c.Table(("",) * width, head, body))

    def _rows(self, elements: Iterable[ResolvedNode], outer: Element) -> Iterator[Element]:
        """Yield the rows of a table. outer: the element around them, whose look they have as well."""
        for element in elements:
            if isinstance(element, Element) and element.name in (*ROW_GROUPS, "tr"):
                row = self._inherit(element, outer)
                yield from (row,) if row.name == "tr" else self._rows(self._resolve(row.nodes), row)

    def _cells(self, row: Element, style: Style) -> list[tuple[bool, c.Content]]:
        """Return for each cell of a row whether it is a `<th>`, and what it shows."""
        cells = (node for node in self._resolve(row.nodes) if isinstance(node, Element))
        return [(cell.name == "th", self._inside(self._inherit(cell, row), style)) for cell in cells]


MARKED = "marked"
"""The value of a list whose entries have marks of their own as their values."""


class StyledLayout(HtmlLayout):
    """Lays out elements that a style sheet was applied to: each has all the formats of the text in it."""

    def _style_in(self, element: Element, style: Style) -> Style:
        return Style(element.formats, style.verbatim)

    def _inherit(self, element: Element, outer: Element) -> Element:
        return replace(element, alignment=element.alignment or outer.alignment)

    def _list(
        self, element: Element, nodes: Sequence[ResolvedNode], entries: tuple[c.Content, ...]
    ) -> c.Block:
        if element.value != MARKED:
            return super()._list(element, nodes, entries)
        marks = [node.value for node in nodes if isinstance(node, Element) and node.name == "li"]
        return c.MarkedList(entries, ("",) * (len(entries) - len(marks)) + tuple(marks))


def _align(content: c.Content, alignment: str) -> c.Content:
    return (c.Aligned(alignment, content),) if alignment and content else content


def _align_columns(table: c.Table) -> c.Table:
    """Return a table with columns aligned whose cells all are; their content needs no alignment then."""
    alignments = list(table.alignments)
    rows = [list(row) for row in (table.head, *table.rows)]
    for column in range(len(alignments)):
        cells = [row[column] for row in rows if row]
        sides = {block.alignment if isinstance(block, c.Aligned) else "" for cell in cells for block in cell}
        if len(sides) == 1 and "" not in sides:
            alignments[column] = sides.pop()
            for row in (row for row in rows if row):
                aligned = (block for block in row[column] if isinstance(block, c.Aligned))
                row[column] = tuple(inner for block in aligned for inner in block.children)
    head, *body = (tuple(row) for row in rows)
    return c.Table(tuple(alignments), head, tuple(body))


def _is_entry(node: ResolvedNode) -> bool:
    return isinstance(node, Element) and node.name == "li"


def _word_and_reading(
    run: Sequence[FormattedInline], word_length: int, shared: int
) -> tuple[c.Inlines, c.Inlines]:
    """Return a word and its reading, without the first formats, which are those of both."""
    inner = [(formats[shared:], inline) for formats, inline in run]
    return _collapse(_nest(inner[:word_length])), _collapse(_nest(inner[word_length:]))


def _inline_parts(parts: Iterable[Part]) -> list[FormattedInline]:
    return [part for part in parts if isinstance(part, tuple)]


def _add_formats(style: Style, element: Element) -> Style:
    own_format = _FORMATS.get(element.name)
    for new_format in element.formats if own_format is None else (own_format, *element.formats):
        style = _add_format(style, new_format)
    return style


def _add_format(style: Style, new_format: c.Wrapper) -> Style:
    formats = style.formats
    if isinstance(new_format, c.Coloured):
        # Whether a text is readable on its background can only be told of both together.
        outer = next((outer for outer in reversed(formats) if isinstance(outer, c.Coloured)), _NO_COLOURS)
        colour = new_format.colour or outer.colour
        new_format = c.Coloured(colour, new_format.background or outer.background, ())
        formats = (outer,)
    adds_up = isinstance(new_format, c.Cloze) or new_format in _ADDING_UP
    if new_format in formats and not adds_up:
        return style
    return replace(style, formats=(*style.formats, new_format))


def _nest(run: Sequence[FormattedInline]) -> c.Inlines:
    """Return inlines with their formats as wrappers around them."""
    result: list[c.Inline] = []
    for _, group in groupby(run, key=_outermost_format):
        parts = list(group)
        formats = parts[0][0]
        if not formats:
            result += [inline for _, inline in parts]
            continue
        inner = _nest([(formats[1:], inline) for formats, inline in parts])
        if isinstance(formats[0], c.Code):
            inner = c.map_inlines(inner, _to_verbatim)
        elif isinstance(formats[0], c.Link):
            inner = c.map_inlines(inner, _unlink)
        result.append(replace(formats[0], children=inner))
    return tuple(result)


def _outermost_format(part: FormattedInline) -> tuple[c.Wrapper | None, int]:
    """Return what neighbours have in common that are in one wrapper. Each deletion is one by itself."""
    outermost = next(iter(part[0]), None)
    return outermost, id(outermost) if isinstance(outermost, c.Cloze) else 0


def _in_heading(block: c.Block, level: int) -> c.Content:
    """Return what a block is in a heading: only a paragraph can be one, and others are as strong."""
    if isinstance(block, c.Paragraph):
        return (c.Heading(level, block.children),)
    return c.map_runs((block,), _embolden)


def _embolden(run: c.Inlines) -> c.Inlines:
    return (c.Strong(run),) if run else run


def _to_newline(inline: c.Inline) -> c.Inlines | None:
    return (c.Text("\n"),) if isinstance(inline, c.LineBreak) else None


def _to_verbatim(inline: c.Inline) -> c.Inlines | None:
    """Return a text as part of code, and the children of a code, since code within code is just code."""
    if isinstance(inline, c.Code):
        return inline.children
    return (c.Verbatim(inline.text),) if isinstance(inline, c.Text) else None


def _unlink(inline: c.Inline) -> c.Inlines | None:
    """Return the children of a link, since a link within a link is none."""
    return c.map_inlines(inline.children, _unlink) if isinstance(inline, c.Link) else None


def _paragraph(children: c.Inlines, verbatim: bool) -> Sequence[c.Block]:
    """Return inlines as a paragraph, or as lines of code; nothing if they show nothing."""
    if verbatim:
        lines = c.map_inlines(children, _to_newline)
        text = c.text_if_only_text(lines)
        if text is not None:
            return (c.CodeBlock(_trim_lines(c.map_inlines(lines, _to_verbatim))),) if text.strip() else ()
    visible = _collapse(children)
    return (c.Paragraph(visible),) if visible else ()


def _trim_lines(lines: c.Inlines) -> c.Inlines:
    """Return lines of code without a first line break and without white space at their end."""
    if isinstance(first := lines[0], c.Verbatim):
        lines = (c.Verbatim(first.text.removeprefix("\n")), *lines[1:])
    if isinstance(last := lines[-1], c.Verbatim):
        lines = (*lines[:-1], c.Verbatim(last.text.rstrip()))
    return lines


def _collapse(children: c.Inlines) -> c.Inlines:
    """Return a line with its white space collapsed, and none at either end."""
    result = list(_WhiteSpace().collapse(children))
    while result and _is_blank(result[0]):
        del result[0]
    while result and _is_blank(result[-1]):
        del result[-1]
    if result:
        result[-1] = _strip_end(result[-1])
    return tuple(result)


class _WhiteSpace:
    """Collapses the white space of one line: to one space, and to none at the beginning."""

    def __init__(self) -> None:
        self._after_space = True

    def collapse(self, children: c.Inlines) -> c.Inlines:
        result: list[c.Inline] = []
        for inline in children:
            if isinstance(inline, c.Text | c.Verbatim):
                text = _WHITE_SPACE.sub(" ", inline.text)
                text = text.removeprefix(" ") if self._after_space else text
                if text:
                    self._after_space = text.endswith(" ")
                    _append_text(result, inline if text == inline.text else replace(inline, text=text))
            elif isinstance(inline, c.Ruby):
                word = self.collapse(inline.children)
                result.append(c.Ruby(word, _WhiteSpace().collapse(inline.reading)))
            elif isinstance(inline, c.Wrapper):
                if inner := self.collapse(inline.children):
                    result.append(replace(inline, children=inner))
            else:
                self._after_space = isinstance(inline, c.LineBreak)
                result.append(inline)
        return tuple(result)


def _append_text(result: list[c.Inline], inline: c.Text | c.Verbatim) -> None:
    """Append a text; it joins a text before it, so that whole words stay together."""
    if isinstance(inline, c.Text) and result and isinstance(last := result[-1], c.Text):
        result[-1] = c.Text(last.text + inline.text)
    else:
        result.append(inline)


def _is_blank(inline: c.Inline) -> bool:
    return inline in (c.LineBreak(), c.Text(" "))


def _strip_end(inline: c.Inline) -> c.Inline:
    """Return an inline without the space at its end."""
    if isinstance(inline, c.Text | c.Verbatim):
        return replace(inline, text=inline.text[:-1]) if inline.text.endswith(" ") else inline
    if isinstance(inline, c.Wrapper) and inline.children:
        return replace(inline, children=(*inline.children[:-1], _strip_end(inline.children[-1])))
    return inline
