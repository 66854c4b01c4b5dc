"""Tables and equations in lines: items that collect cells and rows, and the tags of equations.

Source of what each does: MathJax 3.2.2, as its answers show.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cardwright.source.formulas.items import (
    KEPT,
    Cell,
    Close,
    End,
    Item,
    Over,
    Stop,
    UnreadableTex,
    fence,
)
from cardwright.source.formulas.lengths import em, in_em
from cardwright.source.formulas.nodes import Node, core_operator, make
from cardwright.source.formulas.operators import Value
from cardwright.source.formulas.reader import Reader
from cardwright.source.formulas.tags import labelled


@dataclass(eq=False)
class Table(Item):
    """A table whose cells are being read; `nodes` are those of the cell.

    attributes: of the finished table. fences: signs around it. level: the script level of a small one.
    in_braces: a brace ends it. has_labels: the third cell of a row is its number. words_until: the second
    cell has words, up to the end of this environment, or to that of a brace if it is empty.
    frame: sides with a line. fills: before which nodes of the cell there is room to fill.
    row_spacing: the usual distance between rows in em, once a row has another.
    """

    kind = "array"
    opens = True
    inherits = False
    attributes: dict[str, Value] = field(default_factory=dict)
    fences: tuple[str, str] = ("", "")
    level: int = 0
    in_braces: bool = False
    has_labels: bool = False
    words_until: str | None = None
    rows: list[Node] = field(default_factory=list)
    cells: list[Node] = field(default_factory=list)
    frame: list[str] = field(default_factory=list)
    frame_is_dashed: bool = False
    fills: list[int] = field(default_factory=list)
    row_spacing: float = 0

    def receive(self, arrival: Node | Item) -> Sequence[Node | Item] | None:
        """See Item."""
        if isinstance(arrival, Node) or not arrival.closes or isinstance(arrival, Over):
            return super().receive(arrival)
        if isinstance(arrival, Cell):
            self.end_cell()
            if arrival.is_row:
                self.end_row()
            self.environment.clear()
            return KEPT
        self.end_table()
        self.environment.clear()
        if not self.in_braces:
            return [self.finished(), arrival]
        if not isinstance(arrival, Close):
            raise UnreadableTex("a brace has no closing brace")
        return [self.finished()]

    def end_cell(self) -> None:
        """Make a cell of what was read."""
        cell = make("mtd", *self.nodes)
        if self.fills:
            left, right = self.fills[0] == 0, self.fills[-1] == len(self.nodes)
            if left or right:
                cell.attributes["columnalign"] = "center" if left and right else "right" if left else "left"
        self.cells.append(cell)
        self.nodes, self.fills = [], []

    def end_row(self) -> None:
        """Make a row of the cells."""
        name = "mtr"
        if self.has_labels and len(self.cells) == 3:
            name = "mlabeledtr"
            self.cells.insert(0, self.cells.pop())
        self.add_row(name)

    def add_row(self, name: str) -> None:
        """Add a row with the cells, which are used up."""
        self.rows.append(make(name, *self.cells))
        self.cells = []

    def end_table(self) -> None:
        """Make a row of what was read, unless nothing was, and complete the lines between the rows."""
        if self.nodes or self.cells:
            self.end_cell()
            self.end_row()
        if self.attributes.get("rowlines"):
            lines = str(self.attributes["rowlines"]).split(" ")
            if len(lines) == len(self.rows):
                self.frame.append("bottom")
                lines.pop()
            elif len(lines) < len(self.rows) - 1:
                lines.append("none")
            self.attributes["rowlines"] = " ".join(lines)
        if self.row_spacing:
            spaces = str(self.attributes["rowspacing"]).split(" ")
            spaces += [f"{self.row_spacing:g}em"] * (len(self.rows) - len(spaces))
            self.attributes["rowspacing"] = " ".join(spaces)

    def add_row_spacing(self, length: str) -> None:
        """Add to the distance below the last row."""
        if not self.attributes.get("rowspacing"):
            return
        spaces = str(self.attributes["rowspacing"]).split(" ")
        self.row_spacing = self.row_spacing or in_em(spaces[0])
        spaces += [em(self.row_spacing)] * (len(self.rows) - len(spaces))
        spaces[len(self.rows) - 1] = em(max(0, self.row_spacing + in_em(length)))
        self.attributes["rowspacing"] = " ".join(spaces)

    def add_line(self, style: str) -> None:
        """Draw a line below the last row, or at the top."""
        if not self.rows:
            self.frame.append("top")
            return
        lines = str(self.attributes["rowlines"]).split(" ") if self.attributes.get("rowlines") else []
        lines += ["none"] * (len(self.rows) - len(lines))
        lines[len(self.rows) - 1] = style
        self.attributes["rowlines"] = " ".join(lines)

    def finished(self) -> Node:
        """Return the table with what is around it."""
        table = make("mtable", *self.rows, **self.attributes)
        table.table_level = self.level
        node = table
        if len(self.frame) == 4:
            table.attributes["frame"] = "dashed" if self.frame_is_dashed else "solid"
        elif self.frame:
            if table.attributes.get("rowlines"):
                table.attributes["rowlines"] = re.sub(
                    r"none( none)+$", "none", str(table.attributes["rowlines"])
                )
            table.attributes["frame"] = ""
            node = make("menclose", table, notation=" ".join(self.frame))
            if any((table.attributes.get(name) or "none") != "none" for name in ("columnlines", "rowlines")):
                node.attributes["data-padding"] = 0
        return fence(self.fences[0], [node], self.fences[1]) if any(self.fences) else node


# Equations


@dataclass(eq=False)
class Lines(Table):
    """Equations in lines, each of which may have a number. longest: how many cells the longest row has."""

    kind = "eqnarray"
    reader: Reader = field(kw_only=True)
    longest: int = 0

    def take_label(self) -> Node | None:
        """Return the cell with the number of what was read last, and forget the number."""
        tag = self.reader.formula.tags[-1]
        node = tag.label(self.reader) if tag.is_allowed and tag.text else None
        tag.write(None, "")
        return node

    def end_cell(self) -> None:
        """See Table. An operator at the beginning of a further cell has something before it."""
        if self.cells:
            space_initial_operator(self.nodes)
        self.cells.append(make("mtd", *self.nodes))
        self.nodes = []

    def end_row(self) -> None:
        """See Table."""
        self.longest = max(self.longest, len(self.cells))
        name = "mtr"
        if (number := self.take_label()) is not None:
            name = "mlabeledtr"
            self.cells.insert(0, number)
        self.add_row(name)

    def end_table(self) -> None:
        """See Table. What is given for some columns is repeated for the further ones."""
        super().end_table()
        self.reader.formula.tags.pop()
        for name, count in (("columnalign", 0), ("columnwidth", 0), ("columnspacing", 1)):
            values = str(self.attributes.get(name, "")).split(" ")
            if len(values) > 1:
                repeated = values * (self.longest // len(values) + 1)
                self.attributes[name] = " ".join(repeated[: self.longest - count])


def space_initial_operator(nodes: list[Node]) -> None:
    """Put an empty node before an operator that would else be taken for a sign."""
    for node in nodes:
        if node.name == "mspace" or (node.name == "TeXAtom" and not node.children):
            continue
        if core_operator(node) is not None or (node.name == "TeXAtom" and node.texclass == "REL"):
            nodes.insert(0, Node("mi"))
        return


@dataclass(eq=False)
class WideLines(Lines):
    """Equations over the whole width. pads: empty columns are at both sides. columns: 0 if any number may be.

    is_centred: a single column of equations isn't stretched. narrow_label: its number takes no room.
    """

    kind = "flalign"
    name: str = field(kw_only=True)
    pads: bool = False
    is_centred: bool = False
    narrow_label: bool = False
    columns: int = 0

    def end_cell(self) -> None:
        """See Table."""
        super().end_cell()
        if self.columns and len(self.cells) > self.columns:
            raise UnreadableTex(f"a row of `{self.name}` has a `&` too many")

    def end_row(self) -> None:
        """See Table. Between pairs of cells are empty ones, which take up the room."""
        cells = self.cells + [make("mtd") for _ in range(self.columns - len(self.cells))]
        self.cells = [make("mtd")] if self.pads else []
        for index in range(0, len(cells), 2):
            self.cells += cells[index : index + 2]
            if index + 2 < len(cells) or self.pads:
                self.cells.append(make("mtd"))
        super().end_row()
        last = self.rows[-1]
        if self.narrow_label and last.name == "mlabeledtr" and (number := last.child(0)):
            number.children = [make("mpadded", *number.children, width=0, lspace="-1width")]

    def end_table(self) -> None:
        """See Table."""
        super().end_table()
        if self.is_centred and self.longest <= 2:
            self.attributes.pop("width", None)


@dataclass(eq=False)
class OneEquation(Lines):
    """One equation in several lines: the first stands left, the last right, others in the middle.

    shove: to which side the line is moved. is_inner: it is a part of a formula, and keeps a gap at the sides.
    """

    kind = "multline"
    shove: str = ""
    is_inner: bool = False

    def end_cell(self) -> None:
        """See Table."""
        if self.rows:
            space_initial_operator(self.nodes)
        cell = make("mtd", *self.nodes)
        if self.shove:
            cell.attributes["columnalign"] = self.shove
        self.cells.append(cell)
        self.nodes, self.shove = [], ""

    def end_row(self) -> None:
        """See Table."""
        if len(self.cells) != 1:
            raise UnreadableTex("a line of `multline` has a `&`")
        self.add_row("mtr")

    def end_table(self) -> None:
        """See Table."""
        Table.end_table(self)
        cells = [cell for row in self.rows for cell in row.children if cell]
        if cells:
            if self.is_inner and len(cells) > 1:
                _add_gaps(cells[0], cells[-1])
            cells[0].attributes.setdefault("columnalign", "left")
            cells[-1].attributes.setdefault("columnalign", "right")
            if (number := self.take_label()) is not None:
                self.rows[-1] = make("mlabeledtr", number, *self.rows[-1].children)
        self.reader.formula.tags.pop()


def _add_gaps(first: Node, last: Node) -> None:
    if first.attributes.get("columnalign") != "right":
        first.children.append(make("mspace", width="1em"))
    if last.attributes.get("columnalign") != "left":
        last.children.insert(0, make("mspace", width="1em"))


@dataclass(eq=False)
class Equation(Item):
    """One equation, which may have a number."""

    kind = "equation"
    opens = True
    reader: Reader = field(kw_only=True)

    def receive(self, arrival: Node | Item) -> Sequence[Node | Item] | None:
        """See Item."""
        if isinstance(arrival, End):
            tag = self.reader.formula.tags[-1]
            number = tag.label(self.reader) if tag.text else None
            self.reader.formula.tags.pop()
            return [*([labelled(number, self.nodes)] if number else self.nodes), arrival]
        if isinstance(arrival, Stop):
            name = self.reader.formula.tags[-1].environment
            raise UnreadableTex(f"`\\begin{{{name}}}` has no `\\end{{{name}}}`")
        return super().receive(arrival)
