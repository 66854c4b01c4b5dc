"""Parts of a formula that are still open: what is read goes to the innermost of them.

An item gets what arrives, a node or another item, and keeps it, lets it stand upon it, or makes way for
something else. Source of what each does: MathJax 3.2.2, as its answers show.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from cardwright.source.formulas.nodes import (
    Node,
    class_of,
    core_operator,
    make,
    operator_of,
    row,
)
from cardwright.source.formulas.operators import Value, find_delimiter, negated


class UnreadableTex(Exception):
    """Raised for TeX that MathJax shows as an error; its argument says what is wrong."""


class DeepTex(UnreadableTex):
    """Raised for TeX that is nested deeper than it can be read here; MathJax shows it."""


@dataclass(slots=True)
class Environment:
    """What holds to the end of a group.

    font: a variant of letters; empty for the usual one, though another holds around it.
    letters: a pattern for letters that belong together. operator_letters: `-` and `*` are letters too.
    names: letters together are a word, no function. color: of text. bold: tokens are bold.
    in_root: this is the index of a root.
    """

    font: str | None = None
    letters: str = ""
    operator_letters: bool = False
    words: bool = False
    color: str = ""
    bold: bool = False
    in_root: bool = False

    def copy(self) -> "Environment":
        """Return another environment with what holds now."""
        # `dataclasses.replace` takes five times as long.
        return Environment(
            self.font, self.letters, self.operator_letters, self.words, self.color, self.bold, self.in_root
        )

    def clear(self) -> None:
        """Return to what holds at the beginning of a formula."""
        other = Environment()
        for name in Environment.__slots__:
            setattr(self, name, getattr(other, name))


KEPT: "Sequence[Node | Item]" = ()
"""What `receive` returns when an item has kept what arrived, or wants it to be forgotten."""


@dataclass(eq=False)
class Item:
    """A part of a formula that is still open. nodes: what was read of it. kind: what messages call it.

    environment: what holds in it, known once it is open.
    """

    kind: ClassVar[str] = ""
    opens: ClassVar[bool] = False
    closes: ClassVar[bool] = False
    inherits: ClassVar[bool] = True
    """What holds around it holds in it, too."""
    errors: ClassVar[dict[str, str]] = {
        "end": "an environment ends that hasn't begun",
        "close": "a brace closes that isn't open",
        "right": "`\\right` has no `\\left`",
        "middle": "`\\middle` stands outside `\\left … \\right`",
    }
    nodes: list[Node] = field(default_factory=list)
    environment: Environment = field(init=False)

    def receive(self, arrival: "Node | Item") -> "Sequence[Node | Item] | None":
        """Return what stands in place of this item now; None if what arrives is to stand upon it."""
        if isinstance(arrival, Node):
            self.nodes.append(arrival)
            return KEPT
        if self.opens and isinstance(arrival, Over):
            arrival.numerator = row(self.nodes)
            self.nodes = []
        if self.opens and isinstance(arrival, Cell):
            if arrival.line_break:
                return KEPT
            raise UnreadableTex(f"`{arrival.name}` stands outside a table")
        if arrival.closes and arrival.kind in self.errors:
            raise UnreadableTex(self.errors[arrival.kind])
        return None


@dataclass(eq=False)
class Start(Item):
    """The beginning of a formula, or of an argument."""

    kind = "start"
    opens = True


@dataclass(eq=False)
class Closer(Item):
    """The end of something. kind: close, right, middle, end or stop."""

    closes = True


@dataclass(eq=False)
class Stop(Closer):
    """The end of a formula, or of an argument."""

    kind = "stop"


@dataclass(eq=False)
class Close(Closer):
    """A closing brace."""

    kind = "close"


@dataclass(eq=False)
class Right(Closer):
    """`\\right`."""

    kind = "right"
    delimiter: str = ""
    color: str = ""


@dataclass(eq=False)
class Middle(Closer):
    """`\\middle`."""

    kind = "middle"
    delimiter: str = ""
    color: str = ""


@dataclass(eq=False)
class End(Closer):
    """The end of an environment."""

    kind = "end"
    name: str = ""


@dataclass(eq=False)
class Cell(Closer):
    """The end of a table's cell, or of its row. name: the macro or sign. line_break: also outside a table."""

    kind = "cell"
    name: str = ""
    is_row: bool = False
    line_break: bool = False


@dataclass(eq=False)
class Open(Item):
    """An opening brace."""

    kind = "open"
    opens = True
    errors: ClassVar[dict[str, str]] = {**Item.errors, "stop": "a brace has no closing brace"}

    def receive(self, arrival: Node | Item) -> Sequence[Node | Item] | None:
        """See Item."""
        if isinstance(arrival, Close):
            return [make("TeXAtom", *self.nodes)]
        return super().receive(arrival)


@dataclass(eq=False)
class Left(Item):
    """`\\left`."""

    kind = "left"
    opens = True
    errors: ClassVar[dict[str, str]] = {**Item.errors, "stop": "`\\left` has no `\\right`"}
    delimiter: str = ""

    def receive(self, arrival: Node | Item) -> Sequence[Node | Item] | None:
        """See Item."""
        if isinstance(arrival, Right):
            return [fence(self.delimiter, self.nodes, arrival.delimiter, arrival.color)]
        if isinstance(arrival, Middle):
            middle = sign(arrival.delimiter, stretchy=True)
            middle.bold = self.environment.bold
            if arrival.color:
                middle.attributes["mathcolor"] = arrival.color
            self.nodes += [make("TeXAtom", texclass="CLOSE"), middle, make("TeXAtom", texclass="OPEN")]
            return [self]
        return super().receive(arrival)


@dataclass(eq=False)
class Begin(Item):
    """The beginning of an environment."""

    kind = "begin"
    opens = True
    name: str = ""

    def receive(self, arrival: Node | Item) -> Sequence[Node | Item] | None:
        """See Item."""
        if isinstance(arrival, End):
            if arrival.name != self.name:
                raise UnreadableTex(f"`\\begin{{{self.name}}}` ends with `\\end{{{arrival.name}}}`")
            return list(self.nodes)
        if isinstance(arrival, Stop):
            raise UnreadableTex(f"`\\begin{{{self.name}}}` has no `\\end{{{self.name}}}`")
        return super().receive(arrival)


@dataclass(eq=False)
class Primes(Item):
    """Primes, which a superscript may follow. nodes: what they stand at, and the primes."""

    kind = "prime"

    def receive(self, arrival: Node | Item) -> Sequence[Node | Item] | None:
        """See Item."""
        base, primes = self.nodes[-2:]
        if base.name in {"msub", "msubsup"}:
            base.put(2, primes)
            return [base, arrival]
        return [make("msup", base, primes), arrival]


@dataclass(eq=False)
class Script(Item):
    """A superscript or subscript that is to come. position: 1 below, 2 above. primes: those before it."""

    kind = "subsup"
    position: int = 0
    primes: Node | None = None
    move_scripts: bool | None = None

    def receive(self, arrival: Node | Item) -> Sequence[Node | Item] | None:
        """See Item."""
        if isinstance(arrival, (Open, Left)):
            return None
        base = self.nodes[-1] if self.nodes else None
        if not isinstance(arrival, Node) or base is None:
            what = "superscript" if self.position == 2 else "subscript"
            missing = "is missing" if isinstance(arrival, Stop) else "needs braces"
            raise UnreadableTex(f"a {what} {missing}")
        script = arrival
        if self.primes is not None and self.position == 2:
            self.primes.alternate = True
            script = make("mrow", self.primes, arrival)
        elif self.primes is not None:
            base.put(2, self.primes)
        base.put(self.position, script)
        if self.move_scripts is not None:
            base.move_scripts = self.move_scripts
        return [base]


@dataclass(eq=False)
class Over(Closer):
    """`\\over` and its kin: what stands before it goes above what follows. thickness: of the line."""

    kind = "over"
    name: str = "\\over"
    thickness: str | int | None = None
    delimiters: tuple[str, str] | None = None
    numerator: Node | None = None

    def receive(self, arrival: Node | Item) -> Sequence[Node | Item] | None:
        """See Item."""
        if isinstance(arrival, Over):
            raise UnreadableTex(f"`{arrival.name}` follows another fraction; use braces")
        if isinstance(arrival, Item) and arrival.closes:
            fraction = make("mfrac", self.numerator, row(self.nodes))
            if self.thickness is not None:
                fraction.attributes["linethickness"] = self.thickness
            if self.delimiters and any(self.delimiters):
                fraction = fixed_fence(self.delimiters[0], fraction, self.delimiters[1])
            return [fraction, arrival]
        return super().receive(arrival)


@dataclass(eq=False)
class Style(Item):
    """A change of size, style or colour to the end of the group."""

    kind = "style"
    styles: dict[str, Value] = field(default_factory=dict)

    def receive(self, arrival: Node | Item) -> Sequence[Node | Item] | None:
        """See Item."""
        if isinstance(arrival, Item) and arrival.closes:
            return [make("mstyle", *self.nodes, **self.styles), arrival]
        return super().receive(arrival)


@dataclass(eq=False)
class Position(Item):
    """A shift of what comes next. up: by how much it is raised. left, right: spaces around it."""

    kind = "position"
    name: str = ""
    up: str = ""
    down: str = ""
    spaces: tuple[Node, Node] | None = None

    def receive(self, arrival: Node | Item) -> Sequence[Node | Item] | None:
        """See Item."""
        if isinstance(arrival, Node):
            if self.spaces:
                return [self.spaces[0], arrival, self.spaces[1]]
            return [make("mpadded", arrival, height=self.up, depth=self.down, voffset=self.up)]
        if arrival.closes:
            raise UnreadableTex(f"nothing follows `{self.name}`")
        return super().receive(arrival)


@dataclass(eq=False)
class Function(Item):
    """The name of a function, which applies to what follows unless that is an operator or space."""

    kind = "fn"

    def receive(self, arrival: Node | Item) -> Sequence[Node | Item] | None:
        """See Item."""
        if not self.nodes:
            return super().receive(arrival)
        name = self.nodes[-1]
        if isinstance(arrival, Item) and arrival.opens:
            return None
        if not isinstance(arrival, Function):
            if not isinstance(arrival, Node) or _is_spacing(arrival):
                return [name, arrival]
            operator = operator_of(core_operator(arrival) or arrival)
            if operator and operator.texclass in {"BIN", "REL", "CLOSE", "PUNCT"}:
                return [name, arrival]
        application = sign("\u2061", texclass="NONE")
        application.bold = self.environment.bold
        return [name, application, arrival]


def _is_spacing(node: Node) -> bool:
    first = node.child(0) if node.name == "mstyle" else node
    return first is not None and first.name == "mspace"


@dataclass(eq=False)
class Not(Item):
    """`\\not`, which strikes what comes next."""

    kind = "not"

    def receive(self, arrival: Node | Item) -> Sequence[Node | Item] | None:
        """See Item."""
        if isinstance(arrival, (Open, Left)):
            return None
        if (
            isinstance(arrival, Node)
            and arrival.name in {"mo", "mi", "mtext"}
            and len(arrival.text) == 1
            and arrival.text <= "\uffff"
            and not arrival.move_scripts
        ):
            arrival.text = negated(arrival.text) or arrival.text + "\u0338"
            return [arrival]
        slash = make("mpadded", token("mtext", "\u29f8"), width=0)
        return [make("TeXAtom", slash, texclass="REL"), arrival]


@dataclass(eq=False)
class Nonscript(Item):
    """`\\nonscript`: a space that comes next is left out in scripts."""

    kind = "nonscript"

    def receive(self, arrival: Node | Item) -> Sequence[Node | Item] | None:
        """See Item."""
        if isinstance(arrival, Node) and _is_spacing(arrival):
            return [make("nonscript", arrival)]
        return [arrival]


@dataclass(eq=False)
class Dots(Item):
    """`\\dots`, whose height depends on what comes next."""

    kind = "dots"
    bold: bool = False

    def receive(self, arrival: Node | Item) -> Sequence[Node | Item] | None:
        """See Item."""
        if isinstance(arrival, (Open, Left)):
            return None
        operator = core_operator(arrival) if isinstance(arrival, Node) else None
        centred = operator is not None and class_of(operator) in {"BIN", "REL"}
        dots = sign("\u22ef" if centred else "\u2026", stretchy=False)
        dots.bold = self.bold
        return [dots, arrival]


def token(name: str, text: str, **properties: Value) -> Node:
    """Return an element that holds characters."""
    node = Node(name, text=text)
    node.set(properties)
    return node


def sign(text: str, **properties: Value) -> Node:
    """Return an operator."""
    return token("mo", text, **properties)


def fence(opening: str, nodes: Sequence[Node], closing: str, color: str = "") -> Node:
    """Return nodes between two delimiters that are as tall as they are. color: of the second."""
    first = sign(opening, fence=True, stretchy=True, symmetric=True, texclass="OPEN")
    last = sign(closing, fence=True, stretchy=True, symmetric=True, texclass="CLOSE")
    if color:
        last.attributes["mathcolor"] = color
    return make("mrow", first, *nodes, last, texclass="INNER")


def fixed_fence(opening: str, node: Node, closing: str) -> Node:
    """Return a fraction between two delimiters of a size that depends on the style alone.

    opening, closing: as they are written; empty for none.
    """
    first = [_delimiter_by_style(opening, "OPEN")] if opening else []
    last = [_delimiter_by_style(closing, "CLOSE")] if closing else []
    return make("mrow", *first, node, *last, texclass="ORD")


def _delimiter_by_style(written: str, texclass: str) -> Node:
    symbol = find_delimiter(f"\\{written}" if written in {"{", "}"} else written)
    if symbol is None:
        raise UnreadableTex(f"a fraction can't stand in `{written}`")
    return make("MathChoice", *(big(symbol.text, size, texclass) for size in ("bigg", "big", "big", "big")))


# In em. Source: MathJax 3.2.2, for `\big(` and its kin.
_SIZES = {"big": "1.2em", "Big": "1.623em", "bigg": "2.047em", "Bigg": "2.470em"}


def big(delimiter: str, size: str, texclass: str) -> Node:
    """Return a delimiter of a given size: big, Big, bigg or Bigg."""
    height = _SIZES[size]
    node = sign(delimiter, minsize=height, maxsize=height, fence=True, stretchy=True, symmetric=True)
    return make("TeXAtom", node, texclass=texclass)
