"""Reads the TeX of a formula as MathJax 3.2.2 does, which Anki shows it with, and gives its MathML.

`Reader` goes through the text once. What a sign or a macro does is in tables: `SIGNS` here, `MACROS` in the
modules that `handlers.py` lists. A handler takes its arguments from the reader and pushes nodes, or items
that wait for what follows (`items.py`). `finish.py` then does what needs the whole formula.

Judge: `tests/source/formulas/` compares the result with MathJax's own.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache

from cardwright.source.formulas.finish import finish
from cardwright.source.formulas.items import (
    KEPT,
    Close,
    DeepTex,
    Environment,
    Item,
    Open,
    Primes,
    Script,
    Start,
    Stop,
    UnreadableTex,
    token,
)
from cardwright.source.formulas.lengths import match_length, whole_length
from cardwright.source.formulas.nodes import Node, make
from cardwright.source.formulas.operators import Symbol, Value, element_of, find_delimiter, find_symbol
from cardwright.source.formulas.tags import Tag, labelled
from cardwright.source.formulas.tex_text import closing_brace, join_tex, strip_tex
from cardwright.source.formulas.tree import Element

Handler = Callable[["Reader", str], None]
"""What a macro does. The name is given with its backslash."""

MAX_DEPTH = 250
"""How many things may be open at once. Each argument in braces counts about three times."""
_MAX_EXPANSIONS = 1_000
_MAX_LENGTH = 20_000
_MACRO = re.compile(r"([a-zA-Z]+) ?|(.)", re.DOTALL)
_NUMBER = re.compile(r"[0-9]+(?:\{,\}[0-9]{3})*(?:\.[0-9]*)?|\.[0-9]+")
_SKIPPED = frozenset(" \t\r\n\u00a0")
SPACES = frozenset("\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff") | {
    *map(chr, range(0x2000, 0x200B))
}
_PRIMES = {1: "\u2032", 2: "\u2033", 3: "\u2034", 4: "\u2057"}
# Source: MathJax 3.2.2 shows these signs by others.
_OTHER_SIGNS = {"-": "\u2212", "*": "\u2217", "`": "\u2018"}


@dataclass(slots=True)
class Formula:
    """What all readers of one formula share. display: it stands on lines of its own.

    tags: of the formula, and of the environments of equations that are open.
    """

    display: bool
    expansions: int = 0
    tags: list[Tag] = field(default_factory=lambda: [Tag()])


def read_formula(tex: str, *, display: bool = False) -> Element:
    """Return the `math` element of a formula. tex: without its delimiters. display: it has its own lines.

    Errors: UnreadableTex for what MathJax shows as an error. `find_tex_problems` goes first, which reports
    unknown macros; they are shown in red.
    """
    return finish(_read_nodes(tex, display=display), display=display)


def _read_nodes(tex: str, *, display: bool) -> list[Node]:
    """Return the nodes of a formula that is not finished. Errors: as in `read_formula`, all of them."""
    reader = Reader(tex, Environment(), Formula(display))
    nodes = reader.read()
    tag = reader.formula.tags[-1]
    if display and not tag.environment and tag.text is not None:
        nodes = [labelled(tag.label(reader), nodes)]
    return nodes


@lru_cache(maxsize=4096)
def error_shown(tex: str, *, display: bool = False) -> str:
    """Return the error that MathJax shows in place of a formula; empty if it shows the formula."""
    try:
        _read_nodes(tex, display=display)
    except (DeepTex, RecursionError):
        return ""
    except UnreadableTex as error:
        return str(error)
    return ""


class Reader:
    """Reads a formula, or an argument of a macro.

    text, position: what is read, and how far. stack: what is open, outermost first.
    environment: what holds here. shifts: of a root's index, by `\\uproot` and `\\leftroot`.
    digit_alone: where a digit stands that is a script without those after it.
    has_equations: an environment of equations has begun, so that no other may.
    """

    def __init__(self, text: str, environment: Environment, formula: Formula, depth: int = 0) -> None:
        self.text = text
        self.position = 0
        self.formula = formula
        self.environment = environment
        self.depth = depth
        self.shifts: dict[str, str] = {}
        self.digit_alone = -1
        self.has_equations = False
        start = Start()
        self.environment = start.environment = environment.copy()
        self.stack: list[Item] = [start]

    def read(self) -> list[Node]:
        """Return the nodes of the whole text."""
        while self.position < len(self.text):
            character = self.text[self.position]
            self.position += 1
            if character == "\\":
                self._read_macro(self.macro_name())
            elif handler := SIGNS.get(character):
                handler(self, character)
            elif character in _SKIPPED:
                continue
            elif character.isascii() and character.isalpha():
                self._read_letters(character)
            elif character in "0123456789.,":
                self._read_number(character)
            elif character in "-*" and self.environment.operator_letters:
                self._read_letters(character)
            else:
                self.read_other(character)
        self.push(Stop())
        return self.stack[0].nodes

    def part(self, text: str, environment: Environment | None = None) -> list[Node]:
        """Return the nodes of a text that stands here. environment: that of this place if None."""
        depth = self.depth + len(self.stack) + 1
        return Reader(text, environment or self.environment, self.formula, depth).read()

    def part_with_shifts(self, text: str, environment: Environment) -> tuple[list[Node], dict[str, str]]:
        """Return the nodes of a root's index, and how it is shifted."""
        reader = Reader(text, environment, self.formula, self.depth + len(self.stack) + 1)
        return reader.read(), reader.shifts

    def expand(self, text: str) -> None:
        """Read a text next, before what follows."""
        self.formula.expansions += 1
        rest = self.text[self.position :]
        if self.formula.expansions > _MAX_EXPANSIONS or len(rest) + len(text) > _MAX_LENGTH:
            raise UnreadableTex("its macros stand for too much")
        self.text = join_tex(text, rest)
        self.position = 0
        self.digit_alone = -1

    # What is open

    def push(self, *arrivals: "Node | Item") -> None:
        """Hand nodes and items to what is open."""
        waiting = list(arrivals[::-1])
        while waiting:
            arrival = waiting.pop()
            if isinstance(arrival, Stop) and len(self.stack) == 1:
                return
            outcome = self.stack[-1].receive(arrival)
            if outcome is None:
                assert isinstance(arrival, Item)
                self._open(arrival)
            elif outcome is not KEPT:
                self.pop()
                waiting.extend(reversed(outcome))

    def _open(self, item: Item) -> None:
        if self.depth + len(self.stack) >= MAX_DEPTH:
            raise DeepTex("it is nested too deeply")
        if not item.opens:
            item.environment = self.environment
        elif item.inherits:
            item.environment = self.environment.copy()
        else:
            item.environment = Environment()
        self.environment = item.environment
        self.stack.append(item)

    def pop(self) -> Item:
        """Take the innermost item off."""
        item = self.stack.pop()
        self.environment = self.stack[-1].environment
        return item

    @property
    def top(self) -> Item:
        """The innermost item."""
        return self.stack[-1]

    def take_last(self) -> Node | None:
        """Take back the last node of the innermost item."""
        return self.top.nodes.pop() if self.top.nodes else None

    # Tokens

    def _read_macro(self, name: str) -> None:
        handler = handlers().get(name)
        if handler is not None:
            handler(self, name)
        elif symbol := find_symbol(name):
            self._push_symbol(symbol)
        else:
            self.push(token("mtext", name, mathcolor="red"))

    def _push_symbol(self, symbol: Symbol) -> None:
        attributes = dict(symbol.attributes)
        if symbol.kind == "identifier":
            node = self.token("mi", symbol.text, attributes or {"mathvariant": "italic"})
        elif symbol.kind == "letter":
            node = self.token("mi", symbol.text, {"mathvariant": self.environment.font or "normal"})
        elif symbol.kind == "operator":
            node = self.token("mo", symbol.text, {**attributes, "stretchy": False})
            node.plain = True
        elif symbol.kind == "words":
            node = self.token("mtext", symbol.text, attributes)
        else:
            node = self.token("mo", symbol.text, {"fence": False, "stretchy": False, **attributes})
        self.push(node)

    def _read_letters(self, first: str) -> None:
        attributes = self.font_attributes()
        letters, environment = first, self.environment
        if environment.letters and environment.font != "":
            match = re.compile(environment.letters).match(self.text, self.position - 1)
            letters = match[0] if match else first
            self.position += len(letters) - 1
            if environment.font == "normal" and environment.words and len(letters) > 1:
                attributes["auto_op"] = False
        self.push(self.token("mi", letters, attributes))

    def _read_number(self, first: str) -> None:
        match = _NUMBER.match(self.text, self.position - 1)
        if match is None:
            self.push(self.token("mo", first, self.font_attributes()))
            return
        number = first if self.digit_alone == self.position - 1 else match[0]
        self.position += len(number) - 1
        self.push(self.token("mn", re.sub("[{}]", "", number), self.font_attributes()))

    def read_other(self, character: str) -> None:
        """Read a sign that has no meaning of its own."""
        kind = element_of(character)
        if kind is None:
            raise UnreadableTex(f"`{character}` can stand in `\\text{{…}}` alone")
        element, variant = kind
        node = self.token(element, _OTHER_SIGNS.get(character, character), self.font_attributes())
        if variant:
            node.attributes["mathvariant"] = variant
        node.plain = element == "mo"
        self.push(node)

    def token(self, name: str, text: str, attributes: dict[str, Value] | None = None) -> Node:
        """Return an element that holds characters, as `\\boldsymbol` around it has it."""
        node = Node(name, text=text)
        if attributes:
            node.set(attributes)
        node.bold = self.environment.bold and name != "mtext"
        return node

    def font_attributes(self) -> dict[str, Value]:
        """Return the variant that letters have here."""
        return {"mathvariant": self.environment.font} if self.environment.font else {}

    # Arguments

    def next_character(self) -> str:
        """Return the next character that is no space, and go to it; empty at the end."""
        while self.position < len(self.text) and self.text[self.position] in SPACES:
            self.position += 1
        return self.text[self.position : self.position + 1]

    def macro_name(self) -> str:
        """Return the name of the macro whose backslash was read, with it; one space after it is skipped."""
        match = _MACRO.match(self.text, self.position)
        if match is None:
            return "\\ "
        self.position = match.end()
        return "\\" + (match[1] or match[2].replace("\n", " "))

    def raw_argument(self, name: str) -> str:
        """Return an argument as it is written: what braces hold, or one character or macro."""
        first = self.next_character()
        if first == "":
            raise UnreadableTex(f"`{name}` needs an argument")
        if first == "}":
            raise UnreadableTex(Item.errors["close"])
        self.position += 1
        if first == "\\":
            return self.macro_name()
        if first != "{":
            return first
        start = self.position
        self.position = closing_brace(self.text, start)
        return self.text[start : self.position - 1]

    def argument(self, name: str) -> list[Node]:
        """Return the nodes of an argument."""
        return self.part(self.raw_argument(name))

    def brackets(self, default: str | None = None) -> str | None:
        """Return the text of an optional argument in brackets, or the default."""
        if self.next_character() != "[":
            return default
        self.position += 1
        start, depth = self.position, 0
        while self.position < len(self.text):
            character = self.text[self.position]
            self.position += 2 if character == "\\" else 1
            if character == "]" and depth == 0:
                return self.text[start : self.position - 1]
            depth += {"{": 1, "}": -1}.get(character, 0)
            if depth < 0:
                raise UnreadableTex("a brace closes before a bracket does")
        raise UnreadableTex("a bracket has no closing bracket")

    def has_star(self) -> bool:
        """Return whether a star follows, and skip it."""
        if self.next_character() != "*":
            return False
        self.position += 1
        return True

    def delimiter(self, name: str, *, braces: bool = False) -> str:
        """Return the sign of the delimiter that follows. braces: it may stand in some."""
        start = self.next_character()
        self.position += len(start)
        if start == "\\":
            start = self.macro_name()
        elif start == "{" and braces:
            self.position -= 1
            start = self.raw_argument(name).strip()
        symbol = find_delimiter(start)
        if symbol is None:
            raise UnreadableTex(f"`{name}` is not followed by a delimiter")
        return symbol.text

    def delimiter_argument(self, name: str) -> str:
        """Return the name of a delimiter given as an argument, or nothing."""
        text = strip_tex(self.raw_argument(name))
        if text and find_delimiter(text) is None:
            raise UnreadableTex(f"`{name}` is not followed by a delimiter")
        return text

    def length(self, name: str) -> str:
        """Return the length that follows, with its unit."""
        length: str | None = None
        if self.next_character() == "{":
            length = whole_length(self.raw_argument(name))
        elif found := match_length(self.text, self.position):
            length, self.position = found
        if length is None:
            raise UnreadableTex(f"`{name}` is not followed by a length")
        return length

    def up_to(self, name: str, end: str) -> str:
        """Return the text before a macro, which is skipped."""
        self.next_character()
        start, depth = self.position, 0
        while character := self.next_character():
            before = self.position
            self.position += 1
            if character == "\\":
                character = self.macro_name()
            depth += {"{": 1, "}": -1}.get(character, 0)
            if depth < 0:
                break
            if depth == 0 and character == end:
                return self.text[start:before]
        raise UnreadableTex(f"`{name}` needs `{end}`")


# Signs


def _open_brace(reader: Reader, _sign: str) -> None:
    reader.push(Open())


def _close_brace(reader: Reader, _sign: str) -> None:
    reader.push(Close())


def _tie(reader: Reader, _sign: str) -> None:
    reader.push(reader.token("mtext", "\u00a0"))


def _script(reader: Reader, character: str) -> None:
    """Put what follows above or below what was read last. Position 1 is below, 2 above."""
    position = 2 if character == "^" else 1
    if reader.next_character() in set("0123456789"):
        reader.digit_alone = reader.position
    if isinstance(reader.top, Primes):
        base, primes = reader.top.nodes[-2:]
        reader.pop()
    else:
        base, primes = reader.take_last() or reader.token("mi", ""), None
    moves = base.move_scripts
    beside = base.name in {"msub", "msubsup"}
    around = base.name == "munderover" or (base.name == "munder" and position == 1)
    if base.child(position) and (base.name == "msubsup" or (around and not base.takes_scripts)):
        raise UnreadableTex("a script follows another of its kind; use braces")
    if not beside:
        if not moves:
            base = make("msubsup", base)
        elif not around or base.child(position):
            base = make("munderover", base, move_scripts=True)
    item = Script(position=position, primes=primes, move_scripts=moves)
    item.nodes.append(base)
    reader.push(item)


def _prime(reader: Reader, _sign: str) -> None:
    base = reader.take_last() or Node("mi")
    if base.name == "msubsup" and base.child(2):
        raise UnreadableTex("a prime follows a superscript; use braces")
    count = 1
    while reader.next_character() in {"'", "\u2019"}:
        reader.position += 1
        count += 1
    primes = reader.token("mo", _PRIMES.get(count) or _PRIMES[1] * count, {"alternate": True})
    item = Primes()
    item.nodes += [base, primes]
    reader.push(item)


def _colon(reader: Reader, _sign: str) -> None:
    reader.push(reader.token("mo", ":"))


def _comment(reader: Reader, _sign: str) -> None:
    end = reader.text.find("\n", reader.position)
    reader.position = len(reader.text) if end < 0 else end


def _parameter(_reader: Reader, _sign: str) -> None:
    raise UnreadableTex("`#` stands for nothing; write `\\#`")


def _listed_sign(reader: Reader, character: str) -> None:
    handlers()[character](reader, character)


SIGNS: dict[str, Handler] = {
    "{": _open_brace,
    "}": _close_brace,
    "~": _tie,
    "^": _script,
    "_": _script,
    "'": _prime,
    "\u2019": _prime,
    "%": _comment,
    "#": _parameter,
    **dict.fromkeys("&@|", _listed_sign),
    ":": _colon,
}


@cache
def handlers() -> dict[str, Handler]:
    """Return what each macro does that is no symbol."""
    from cardwright.source.formulas.handlers import HANDLERS  # noqa: PLC0415  they import the reader

    return HANDLERS
