"""Card templates in Anki's language: fields and sections amid constant HTML.

Read as Anki reads them. Source: Anki, rslib/src/template.rs, held to it by tests.
"""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from cardwright.collection.content import Math, Text

MAX_SECTION_DEPTH = 20
"""So many sections may stand in each other; Anki goes into each with a call of its own."""

SPECIAL_FIELDS = ("FrontSide", "Tags", "Type", "Card", "Deck", "Subdeck", "CardFlag")
"""What a template can show beside the fields of its note; not `CardID`, which Anki 24.11 does not know.

Source: Anki, rslib/src/notetype/render.rs, `add_special_fields`.
"""


@dataclass(frozen=True, slots=True)
class OpenTag:
    """A tag. value: of a link its address, of a numbered list its first number; otherwise empty."""

    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class CloseTag:
    """A closing tag."""

    name: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """`{{filter:Field}}`. filters: outermost first; empty ones are none to Anki, and left out."""

    field: str
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """`{{#Field}} … {{/Field}}`, or with `^` when negated."""

    field: str
    negated: bool
    nodes: "Nodes"


Constant = OpenTag | CloseTag | Text | Math
Node = Replacement | Section | Constant
Nodes = tuple[Node, ...]


TokenKind = Literal["text", "comment", "show", "if", "unless", "end"]
_SIGNS: dict[str, TokenKind] = {"#": "if", "^": "unless", "/": "end"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a template.

    kind: "text" or "comment"; "show" for what is replaced; "if", "unless" and "end" of a section.
    name: of the field, with its filters; of a text or a comment empty.
    raw: the piece as it stands in the template.
    """

    kind: TokenKind
    name: str
    raw: str


@dataclass(frozen=True, slots=True)
class SectionError:
    """What is wrong with the sections of a template.

    kind: "deep" for one in too many others; "unclosed"; "closed" for one that is not open; "crossed"
        for one that is closed before another that stands in it.
    token: that is to blame. other: which is still open, where one is crossed.
    """

    kind: Literal["deep", "unclosed", "closed", "crossed"]
    token: Token
    other: Token | None = None


def tokenize(template: str) -> Iterator[Token]:
    """The pieces of a template, in order; together they are the template."""
    at = 0
    for start, end in _marked(template):
        if at < start:
            yield Token("text", "", template[at:start])
        yield _token(template[start:end])
        at = end
    if at < len(template):
        yield Token("text", "", template[at:])


def _marked(template: str) -> Iterator[tuple[int, int]]:
    """Where comments and double braces begin and end. One that is never closed is text."""
    closers = {"{{": "}}", "<!--": "-->"}
    begins = {opener: template.find(opener) for opener in closers}
    while begins := {opener: start for opener, start in begins.items() if start >= 0}:
        opener = min(begins, key=lambda one: begins[one])
        start = begins[opener]
        end = template.find(closers[opener], start + len(opener))
        if end < 0:
            del begins[opener]
            continue
        at = end + len(closers[opener])
        yield start, at
        begins = {one: template.find(one, at) if found < at else found for one, found in begins.items()}


def _token(raw: str) -> Token:
    if raw.startswith("<!--"):
        return Token("comment", "", raw)
    inner = raw[2:-2].lstrip("{").strip()
    kind = _SIGNS.get(inner[:1]) if len(inner) > 1 else None
    return Token("show", inner, raw) if kind is None else Token(kind, inner[1:].lstrip(), raw)


def nest_sections(
    pieces: Iterable[Token], constant: Callable[[Token], Iterable[Constant]]
) -> tuple[Nodes, list[SectionError]]:
    """The tree of a template, and what is wrong with its sections.

    constant: what a text between the braces says.
    """
    faults: list[SectionError] = []
    opened: list[Token] = []
    levels: list[list[Node]] = [[]]
    for token in pieces:
        match token.kind:
            case "text":
                levels[-1] += constant(token)
            case "comment":
                pass
            case "show":
                *filters, field = token.name.split(":")
                levels[-1].append(Replacement(field, tuple(filter(None, filters))))
            case "end":
                faults += _close(token, opened, levels)
            case _:
                if len(opened) >= MAX_SECTION_DEPTH:
                    faults.append(SectionError("deep", token))
                    return tuple(levels[0]), faults
                opened.append(token)
                levels.append([])
    faults += [SectionError("unclosed", one) for one in opened]
    return tuple(levels[0]), faults


def _close(token: Token, opened: list[Token], levels: list[list[Node]]) -> Iterator[SectionError]:
    """End the innermost section of a name, and those that still stand open in it."""
    names = [one.name for one in opened]
    if token.name not in names:
        yield SectionError("closed", token)
        return
    if names[-1] != token.name:
        yield SectionError("crossed", token, opened[-1])
    while True:
        section = opened.pop()
        nodes = tuple(levels.pop())
        levels[-1].append(Section(section.name, section.kind == "unless", nodes))
        if section.name == token.name:
            return


def parse_template(template: str) -> Nodes:
    """The fields and sections of a template; its constant text shows no field and is left out.

    Errors: ValueError for sections that do not fit; templates that come here were read before,
    or are ours.
    """
    nodes, faults = nest_sections(tokenize(template), lambda _: ())
    if faults:
        raise ValueError(f"a section of a template is {faults[0].kind}: {faults[0].token.raw}")
    return nodes


def always_filled_fields(*, tagged: bool) -> frozenset[str]:
    """What counts as filled in for every note. tagged: whether the note has tags.

    So cards are made by Anki 26.08 and later; older versions count these only when they show a card, and so
    would not make one whose front shows nothing else.
    Source: Anki, rslib/src/notetype/cardgen.rs, `new_cards_required_normal`.
    """
    return frozenset(SPECIAL_FIELDS) - {"FrontSide", "" if tagged else "Tags"}


def shows_field(nodes: Nodes, filled: AbstractSet[str], deciding: AbstractSet[str] = frozenset()) -> bool:
    """Whether anything but constant text is left of a template.

    filled: names of the note's fields that are not empty.
    deciding: of what decides sections as well, and shows nothing that counts.
    Source: Anki, rslib/src/template.rs, `template_is_empty`.
    """
    for node in nodes:
        match node:
            case Replacement(field, _):
                if field in filled:
                    return True
            case Section(field, negated, children):
                is_filled = field in filled or field in deciding
                if is_filled != negated and shows_field(children, filled, deciding):
                    return True
            case _:
                pass
    return False


def deciding_fields(nodes: Nodes) -> set[str]:
    """Names of all fields that decide whether a template shows anything."""
    named: set[str] = set()
    for node in nodes:
        match node:
            case Replacement(field, _):
                named.add(field)
            case Section(field, _, children):
                named.add(field)
                named |= deciding_fields(children)
            case _:
                pass
    return named


def replacements(nodes: Nodes) -> Iterator[Replacement]:
    """Everything a template may show, in order."""
    for node in nodes:
        match node:
            case Replacement():
                yield node
            case Section(_, _, children):
                yield from replacements(children)
            case _:
                pass


def fields_with_filter(nodes: Nodes, *filters: str) -> tuple[str, ...]:
    """Names of the fields that a template shows through any of some filters, in order, each once."""
    through = (one.field for one in replacements(nodes) if not set(filters).isdisjoint(one.filters))
    return tuple(dict.fromkeys(through))
