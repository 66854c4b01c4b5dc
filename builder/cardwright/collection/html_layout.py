"""Lays out the HTML of an author's card template as content, as a browser would show it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from cardwright.collection.content import (
    Block,
    BulletList,
    Code,
    CodeBlock,
    Content,
    Emphasis,
    Heading,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Math,
    OrderedList,
    Paragraph,
    Quote,
    Strikethrough,
    Strong,
    Table,
    Text,
    ThematicBreak,
    Wrapper,
    map_inlines,
    map_runs,
    text_if_only_text,
)
from cardwright.collection.template import Element, Nodes

# The HTML elements that a template may have, by what they mean.
STRONG = frozenset({"b", "strong"})
EMPHASIS = frozenset({"i", "em", "u"})
STRIKETHROUGH = frozenset({"s", "del", "strike"})
CODE = frozenset({"code", "kbd", "samp", "tt"})
INLINE = STRONG | EMPHASIS | STRIKETHROUGH | CODE | {"a", "span", "font", "small", "big"}
LISTS = frozenset({"ul", "ol"})
CELLS = frozenset({"td", "th"})
ROW_GROUPS = frozenset({"thead", "tbody", "tfoot"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
EMPTY_ELEMENTS = frozenset({"br", "hr"})
"""The elements that have no content and no end tag."""
KNOWN_ELEMENTS = (
    *(INLINE | LISTS | CELLS | ROW_GROUPS | HEADINGS | EMPTY_ELEMENTS),
    *("table", "tr", "caption", "div", "p", "section", "center", "li", "blockquote", "pre"),
)

_WHITE_SPACE = re.compile(r"[ \t\n\r\f]+")

Format = tuple[str, str]
"""What an inline element means: "strong", "emphasis", "strikethrough", "code"; or "link" and its address."""
Formats = tuple[Format, ...]
"""The formats that apply to an inline, outermost first, each once."""
FormattedInline = tuple[Formats, Inline]

_FORMATS: dict[str, Format] = (
    dict.fromkeys(STRONG, ("strong", ""))
    | dict.fromkeys(EMPHASIS, ("emphasis", ""))
    | dict.fromkeys(STRIKETHROUGH, ("strikethrough", ""))
    | dict.fromkeys(CODE, ("code", ""))
)

ResolvedNode = Element | Text | Math | Content
"""A part of a template whose sections are decided and whose fields are filled in, each with its content."""
Part = FormattedInline | Block | None
"""A part of a laid out element; None where a paragraph ends."""


class HtmlLayout:
    """Lays out elements. resolve: decides the sections of nodes and fills in their fields."""

    def __init__(self, resolve: Callable[[Nodes], Iterable[ResolvedNode]]) -> None:
        self._resolve = resolve

    def lay_out(
        self, nodes: Iterable[ResolvedNode], formats: Formats = (), *, verbatim: bool = False
    ) -> Content:
        """Return nodes as content. verbatim: whether white space counts, as it does in `<pre>`."""
        parts = self._parts(nodes, formats, verbatim)
        result: list[Block] = []
        for is_inline, group in groupby(parts, key=lambda part: isinstance(part, tuple)):
            if is_inline:
                result += _paragraph(_nest([part for part in group if isinstance(part, tuple)]), verbatim)
            else:
                result += [part for part in group if part is not None and not isinstance(part, tuple)]
        return tuple(result)

    def _parts(self, nodes: Iterable[ResolvedNode], formats: Formats, verbatim: bool) -> Iterator[Part]:
        for node in nodes:
            match node:
                case Element("br"):
                    yield formats, LineBreak()
                case Element(name) if name in INLINE:
                    yield from self._parts(self._resolve(node.nodes), _add_format(formats, node), verbatim)
                case Element():
                    yield None
                    yield from self._block(node, formats, verbatim)
                    yield None
                case Text() | Math():
                    yield formats, node
                case (Paragraph(children),):  # a field of one paragraph continues the line
                    yield from ((formats, inline) for inline in children)
                case _:
                    yield from map_runs(node, lambda run: _nest([(formats, inline) for inline in run]))

    def _block(self, element: Element, formats: Formats, verbatim: bool) -> Iterable[Part]:
        name, nodes = element.name, self._resolve(element.nodes)
        if name == "hr":
            return (ThematicBreak(),)
        if name in LISTS:
            entries = tuple(self._entries(nodes, formats, verbatim))
            if not entries:
                return ()
            return (OrderedList(int(element.value or 1), entries) if name == "ol" else BulletList(entries),)
        if name == "table":
            return self._table(element, formats, verbatim)
        if name == "blockquote":
            quoted = self.lay_out(nodes, formats, verbatim=verbatim)
            return (Quote(quoted),) if quoted else ()
        if name in HEADINGS:
            level = int(name[1])
            blocks = self.lay_out(nodes, formats, verbatim=verbatim)
            return tuple(Heading(level, b.children) if isinstance(b, Paragraph) else b for b in blocks)
        if name == "pre":
            return self.lay_out(nodes, formats, verbatim=True)
        return self._parts(nodes, formats, verbatim)

    def _entries(self, nodes: Iterable[ResolvedNode], formats: Formats, verbatim: bool) -> Sequence[Content]:
        """Return the entries of a list. What stands between two entries belongs to the first of them."""
        entries: list[Content] = []
        for is_entry, group in groupby(nodes, key=_is_entry):
            if is_entry:
                entries += [
                    self.lay_out(self._resolve(entry.nodes), formats, verbatim=verbatim)
                    for entry in group
                    if isinstance(entry, Element)
                ]
            elif loose := self.lay_out(group, formats, verbatim=verbatim):
                entries[-1:] = [(*entries[-1], *loose)] if entries else [loose]
        return entries

    def _table(self, table: Element, formats: Formats, verbatim: bool) -> Iterator[Part]:
        """Yield the captions of a table and the table. A first row of nothing but `<th>` is its head."""
        elements = [node for node in self._resolve(table.nodes) if isinstance(node, Element)]
        captions = [element for element in elements if element.name == "caption"]
        yield from self._parts([node for c in captions for node in self._resolve(c.nodes)], formats, verbatim)
        rows = [row for row in (self._cells(row, formats, verbatim) for row in self._rows(elements)) if row]
        width = max(map(len, rows), default=0)
        if not width:
            return
        empty_cell: Inlines = ()
        head = (empty_cell,) * width
        if len(rows) > 1 and all(is_head for is_head, _ in rows[0]):
            head = tuple(cell for _, cell in rows.pop(0))
            head += (empty_cell,) * (width - len(head))
        body = tuple(
            tuple((Strong(cell),) if is_head and cell else cell for is_head, cell in row)
            + (empty_cell,) * (width - len(row))
            for row in rows
        )
        yield Table(("",) * width, head, body)

    def _rows(self, nodes: Iterable[ResolvedNode]) -> Iterator[Element]:
        for node in nodes:
            if isinstance(node, Element) and node.name == "tr":
                yield node
            elif isinstance(node, Element) and node.name in ROW_GROUPS:
                yield from self._rows(self._resolve(node.nodes))

    def _cells(self, row: Element, formats: Formats, verbatim: bool) -> list[tuple[bool, Inlines]]:
        """Return for each cell of a row whether it is a `<th>`, and what it shows."""
        return [
            (cell.name == "th", _flatten(self.lay_out(self._resolve(cell.nodes), formats, verbatim=verbatim)))
            for cell in self._resolve(row.nodes)
            if isinstance(cell, Element)
        ]


def _is_entry(node: ResolvedNode) -> bool:
    return isinstance(node, Element) and node.name == "li"


def _add_format(formats: Formats, element: Element) -> Formats:
    added = ("link", element.value) if element.value else _FORMATS.get(element.name)
    return formats if added is None or added in formats else (*formats, added)


def _nest(run: Sequence[FormattedInline]) -> Inlines:
    """Return inlines with their formats as wrappers around them."""
    result: list[Inline] = []
    for outermost, group in groupby(run, key=lambda part: part[0][:1]):
        if not outermost:
            result += [inline for _, inline in group]
            continue
        ((kind, address),) = outermost
        inner = _nest([(formats[1:], inline) for formats, inline in group])
        match kind:
            case "strong":
                result.append(Strong(inner))
            case "emphasis":
                result.append(Emphasis(inner))
            case "strikethrough":
                result.append(Strikethrough(inner))
            case "code":
                result += map_inlines(inner, _to_code)
            case _:
                result.append(Link(address, map_inlines(inner, _unlink)))
    return tuple(result)


def _to_newline(inline: Inline) -> Inlines | None:
    return (Text("\n"),) if isinstance(inline, LineBreak) else None


def _to_code(inline: Inline) -> Inlines | None:
    return (Code(inline.text),) if isinstance(inline, Text) else None


def _unlink(inline: Inline) -> Inlines | None:
    """Return the children of a link, since a link within a link is none."""
    return map_inlines(inline.children, _unlink) if isinstance(inline, Link) else None


def _paragraph(children: Inlines, verbatim: bool) -> Sequence[Block]:
    """Return inlines as a paragraph, or as lines of code; nothing if they show nothing."""
    if verbatim:
        text = text_if_only_text(map_inlines(children, _to_newline))
        if text is not None:
            return (CodeBlock(text.removeprefix("\n").rstrip()),) if text.strip() else ()
    visible = _collapse(children)
    return (Paragraph(visible),) if visible else ()


def _collapse(children: Inlines) -> Inlines:
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

    def collapse(self, children: Inlines) -> Inlines:
        result: list[Inline] = []
        for inline in children:
            if isinstance(inline, Text | Code):
                text = _WHITE_SPACE.sub(" ", inline.text)
                text = text.removeprefix(" ") if self._after_space else text
                if text:
                    self._after_space = text.endswith(" ")
                    _append_text(result, replace(inline, text=text))
            elif isinstance(inline, Wrapper):
                if inner := self.collapse(inline.children):
                    result.append(replace(inline, children=inner))
            else:
                self._after_space = isinstance(inline, LineBreak)
                result.append(inline)
        return tuple(result)


def _append_text(result: list[Inline], inline: Text | Code) -> None:
    """Append a text; it joins a text before it, so that whole words stay together."""
    if isinstance(inline, Text) and result and isinstance(last := result[-1], Text):
        result[-1] = Text(last.text + inline.text)
    else:
        result.append(inline)


def _is_blank(inline: Inline) -> bool:
    return inline in (LineBreak(), Text(" "))


def _strip_end(inline: Inline) -> Inline:
    """Return an inline without the space at its end."""
    if isinstance(inline, Text | Code):
        return replace(inline, text=inline.text.removesuffix(" "))
    if isinstance(inline, Wrapper):
        return replace(inline, children=(*inline.children[:-1], _strip_end(inline.children[-1])))
    return inline


def _flatten(content: Content) -> Inlines:
    """Return blocks as one run with a line for each, for the cell of a table."""
    lines = [line for block in content for line in _lines(block)]
    return _collapse(tuple(inline for line in lines for inline in (*line, LineBreak())))


def _lines(block: Block) -> list[Inlines]:
    match block:
        case Paragraph(children):
            return [children]
        case Heading(_, children):
            return [(Strong(children),)]
        case BulletList(entries):
            return [(Text("• "), *_flatten(entry)) for entry in entries]
        case OrderedList(start, entries):
            numbered = enumerate(entries, start=start)
            return [(Text(f"{number}. "), *_flatten(entry)) for number, entry in numbered]
        case Quote(children):
            return [_flatten(children)]
        case CodeBlock(text):
            return [(Code(line),) for line in text.split("\n")]
        case Table(_, head, rows):
            return [_join_cells(row) for row in (head, *rows) if any(row)]
        case ThematicBreak():
            return []


def _join_cells(row: tuple[Inlines, ...]) -> Inlines:
    return tuple(inline for cell in row if cell for inline in (*cell, Text("  ")))[:-1]
