"""The parts of a page that stand in each other, as content."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from cardwright.collection.content import (
    Block,
    BulletList,
    CodeBlock,
    Content,
    Heading,
    Inline,
    Inlines,
    LineBreak,
    OrderedList,
    Paragraph,
    Quote,
    Strong,
    Table,
    Text,
    text_if_only_text,
)
from cardwright.collection.html_tags import CELLS, HEADINGS, LISTS
from cardwright.collection.runs import Formats, collapsed, flattened, nested


@dataclass(slots=True)
class Box:
    """What a tag holds together: a list and its entries, a table, its rows and cells, a heading …

    name: of the tag; empty for one that means nothing.
    value: of a numbered list its first number.
    depth: in how many lists, quotations and tables it stands, itself included.
    before: of a table what was written in none of its cells, which browsers show before it; its rows
        share it.
    """

    name: str
    value: str = ""
    depth: int = 0
    parts: list["Part"] = field(default_factory=list)
    before: list["Part"] = field(default_factory=list)


Part = tuple[Formats, Inline] | Block | Box | None
"""None: where a paragraph ends."""


def blocks(parts: Sequence[Part], *, verbatim: bool = False) -> Content:
    """What is laid out. verbatim: white space counts."""
    return tuple(_blocks(parts, verbatim=verbatim))


def _blocks(parts: Sequence[Part], *, verbatim: bool) -> Iterator[Block]:
    for running, group in groupby(parts, key=lambda part: isinstance(part, tuple)):
        if running:
            yield from _paragraph(nested([part for part in group if isinstance(part, tuple)]), verbatim)
            continue
        for part in group:
            if isinstance(part, Box):
                yield from _box(part, verbatim)
            elif part is not None and not isinstance(part, tuple):
                yield part


def _paragraph(children: Inlines, verbatim: bool) -> Iterator[Block]:
    if verbatim:
        lines = tuple(Text("\n") if isinstance(one, LineBreak) else one for one in children)
        text = text_if_only_text(lines)
        if text is not None:
            if text.strip():
                yield CodeBlock(text.removeprefix("\n").rstrip())
            return
    if shown := collapsed(children):
        yield Paragraph(shown)


def _box(box: Box, verbatim: bool) -> Iterator[Block]:
    if box.name in LISTS:
        if entries := _entries(box, verbatim):
            yield OrderedList(int(box.value or 1), entries) if box.name == "ol" else BulletList(entries)
    elif box.name == "table":
        yield from _blocks(box.before, verbatim=verbatim)
        yield from _table(box, verbatim)
    elif box.name == "blockquote":
        if within := blocks(box.parts, verbatim=verbatim):
            yield Quote(within)
    elif box.name in HEADINGS:
        for block in _blocks(box.parts, verbatim=verbatim):
            yield Heading(int(box.name[1]), block.children) if isinstance(block, Paragraph) else block
    else:
        yield from _blocks(box.parts, verbatim=verbatim or box.name == "pre")


def _entries(box: Box, verbatim: bool) -> tuple[Content, ...]:
    """Of a list. What stands between its entries is part of the one before."""
    found: list[Content] = []
    for is_entry, group in groupby(box.parts, key=lambda part: isinstance(part, Box) and part.name == "li"):
        if is_entry:
            found += [blocks(part.parts, verbatim=verbatim) for part in group if isinstance(part, Box)]
        elif loose := blocks(list(group), verbatim=verbatim):
            found[-1:] = [(*found[-1], *loose)] if found else [loose]
    return tuple(found)


def _table(box: Box, verbatim: bool) -> Iterator[Block]:
    """Its first row is the head if all cells of it are head cells."""
    rows = [
        [
            (cell.name == "th", flattened(blocks(cell.parts, verbatim=verbatim)))
            for cell in row.parts
            if isinstance(cell, Box) and cell.name in CELLS
        ]
        for row in box.parts
        if isinstance(row, Box) and row.name == "tr"
    ]
    rows = [row for row in rows if row]
    columns = max(map(len, rows), default=0)
    if not columns:
        return
    missing: Inlines = ()
    head = (missing,) * columns
    if len(rows) > 1 and all(is_head for is_head, _ in rows[0]):
        head = tuple(cell for _, cell in rows.pop(0))
        head += (missing,) * (columns - len(head))
    body = tuple(
        (*((Strong(cell),) if is_head and cell else cell for is_head, cell in row),)
        + (missing,) * (columns - len(row))
        for row in rows
    )
    yield Table(("",) * columns, head, body)
