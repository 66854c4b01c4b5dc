"""What MathJax knows of signs: symbols by macro, and the class and attributes of an operator.

The tables are in `symbols.tsv` and `operators.tsv`, which `scripts/formula_tables.py` fills from MathJax.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

Value = str | bool | int
"""The value of an attribute. MathJax leaves one out that is like the default, and of its type."""
FORMS = ("prefix", "infix", "postfix")


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a macro or a sign stands for. kind: identifier, letter, operator, words or delimiter."""

    kind: str
    text: str
    attributes: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator in one form. texclass: how TeX spaces it, such as BIN or REL."""

    texclass: str
    attributes: dict[str, Value]


@dataclass(frozen=True, slots=True)
class _Range:
    """Signs without an entry of their own. element: what MathML calls them."""

    first: int
    last: int
    texclass: str
    element: str
    variant: str


@dataclass(frozen=True, slots=True)
class _Operators:
    forms: dict[str, dict[str, Operator]]
    ranges: list[_Range]
    negated: dict[str, str]


def find_symbol(name: str) -> Symbol | None:
    """Return what a macro stands for. name: with its backslash."""
    return _symbols().get(name)


def find_delimiter(name: str) -> Symbol | None:
    """Return the sign of a delimiter. name: a sign, or a macro with its backslash."""
    return _delimiters().get(name)


def find_operator(text: str, forms: tuple[str, ...] = FORMS) -> Operator | None:
    """Return an operator in the first of the forms that it has."""
    table = _operators().forms
    return next((table[form][text] for form in forms if text in table[form]), None)


def negated(sign: str) -> str | None:
    """Return the sign that means the opposite, if Unicode has one."""
    return _operators().negated.get(sign)


def element_of(sign: str) -> tuple[str, str] | None:
    """Return the element that holds a sign without a macro, and its variant if it has one of its own.

    None is for what MathJax 3.2.2 can't show outside `\\text`, such as `ə`.
    """
    found = _range(sign)
    return (found.element, found.variant) if found else None


def class_of(sign: str) -> str | None:
    """Return the class of an operator that has no entry of its own."""
    found = _range(sign)
    return found.texclass if found else None


def _range(text: str) -> _Range | None:
    code = ord(text[0]) if text else -1
    return next((entry for entry in _operators().ranges if entry.first <= code <= entry.last), None)


@cache
def _symbols() -> dict[str, Symbol]:
    """Return the symbols by macro; a delimiter only if it is nothing else."""
    symbols: dict[str, Symbol] = dict(_delimiters())
    symbols.update((name, symbol) for name, symbol in _symbol_rows() if symbol.kind != "delimiter")
    return symbols


@cache
def _delimiters() -> dict[str, Symbol]:
    return {name: symbol for name, symbol in _symbol_rows() if symbol.kind == "delimiter"}


@cache
def _symbol_rows() -> list[tuple[str, Symbol]]:
    rows = (row + [""] * (4 - len(row)) for row in _read_table("symbols.tsv"))
    return [(row[0], Symbol(row[1], _text(row[2]), _attributes(row[3]))) for row in rows]


@cache
def _operators() -> _Operators:
    operators = _Operators({form: {} for form in FORMS}, [], {})
    for row in _read_table("operators.tsv"):
        if row[0] in FORMS:
            attributes = _attributes(row[3] if len(row) > 3 else "")
            operators.forms[row[0]][_text(row[1])] = Operator(row[2], attributes)
        elif row[0] == "range":
            first, last = (int(code, 16) for code in row[1].split("-"))
            element, _, variant = row[3].partition(" ")
            operators.ranges.append(_Range(first, last, row[2], element, variant))
        else:
            operators.negated[row[1]] = row[2]
    return operators


def _read_table(name: str) -> list[list[str]]:
    text = files("cardwright.source.formulas").joinpath(name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.split("\n")[1:] if line]


def _text(cell: str) -> str:
    """Return characters; those that can't be seen are written as `U+2061`."""
    if cell.startswith("U+"):
        return "".join(chr(int(code.removeprefix("U+"), 16)) for code in cell.split(" "))
    return cell


def _attributes(cell: str) -> dict[str, Value]:
    pairs = (pair.split("=", 1) for pair in cell.split(" ") if pair)
    return {name: {"true": True, "false": False}.get(value, value) for name, value in pairs}
