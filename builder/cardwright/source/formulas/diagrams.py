"""Commutative diagrams: the environment `CD`, whose arrows begin with `@`."""

from cardwright.source.formulas.items import Cell, UnreadableTex, sign
from cardwright.source.formulas.nodes import Node, make, row
from cardwright.source.formulas.operators import Value
from cardwright.source.formulas.reader import Handler, Reader
from cardwright.source.formulas.tables import Table

_ARROWS = {">": "\u2192", "<": "\u2190", "V": "\u2193", "A": "\u2191"}
# Source: MathJax 3.2.2, options of `amscd`.
_ARROW_WIDTH, _ARROW_HEIGHT = "2.75em", "1.75em"
_LABEL: dict[str, Value] = {"width": "+.67em", "lspace": ".33em"}


class Diagram(Table):
    """The table of a diagram; in others, arrows have no length of their own."""


def read_diagram(_reader: Reader, _name: str) -> Table:
    """Return the table of a diagram: odd rows have objects, even ones arrows."""
    return Diagram(
        attributes={
            "columnalign": "center",
            "columnspacing": "5pt",
            "rowspacing": "5pt",
            "displaystyle": True,
        }
    )


def _arrow(reader: Reader, name: str) -> None:
    kind = reader.text[reader.position : reader.position + 1]
    if not kind or kind not in "><VA.|=":
        reader.read_other(name)
        return
    reader.position += 1
    if reader.top.kind != Table.kind or reader.top.nodes:
        _end_cell(reader, name)
    table = reader.top
    assert isinstance(table, Table)
    if len(table.cells) % 2 == len(table.rows) % 2:
        # The arrow's place is the next cell: objects and arrows alternate in both directions.
        _end_cell(reader, name)
    if kind != ".":
        reader.push(_arrow_node(reader, kind, is_in_diagram=isinstance(table, Diagram)))
    _end_cell(reader, name)


def _arrow_node(reader: Reader, kind: str, *, is_in_diagram: bool) -> Node:
    width: dict[str, Value] = {"minsize": _ARROW_WIDTH} if is_in_diagram else {}
    height: dict[str, Value] = {"minsize": _ARROW_HEIGHT} if is_in_diagram else {}
    across = sign(_ARROWS.get(kind, "="), stretchy=True, **width)
    if kind == "=":
        return across
    arrow = _ARROWS.get(kind, "\u2225")
    down = sign(arrow, stretchy=True, symmetric=True, lspace=0, rspace=0, **height)
    if kind == "|":
        return down
    first, second = (reader.up_to(f"@{kind}", kind) for _ in range(2))
    if kind in "<>":
        if not first and not is_in_diagram:
            raise UnreadableTex(f"`@{kind}` has no words, and stands outside `CD`")
        above = row(reader.part(first or f"\\kern {_ARROW_WIDTH}"))
        below = make("mpadded", row(reader.part(second)), **_LABEL) if second else None
        return make("munderover", across, below, make("mpadded", above, voffset=".1em", **_LABEL))
    if not first and not second:
        return down
    left = reader.part(f"\\scriptstyle\\llap{{{first}}}") if first else []
    right = reader.part(f"\\scriptstyle\\rlap{{{second}}}") if second else []
    return make("mrow", *left, down, *right)


def _end_cell(reader: Reader, name: str) -> None:
    table = reader.top
    if not isinstance(table, Table) or (len(table.rows) % 2 == 0 and not table.cells):
        # A strut keeps the rows of objects apart.
        reader.push(make("mpadded", height="8.5pt", depth="2pt"))
    reader.push(Cell(name=name))


HANDLERS: dict[str, Handler] = {"@": _arrow}
