"""Card templates in Anki's language: fields and sections within constant HTML.

They are read as Anki reads them. Source: Anki, rslib/src/template.rs; tests compare the two.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Literal

from cardwright.collection.content import Content, Inline, Wrapper
from cardwright.record import Record

MAX_SECTION_DEPTH = 20
"""The greatest depth of nested sections; Anki calls itself for each."""

_DEEPEST = 100
"""How deep the sections of any template may be nested to be read."""

SPECIAL_FIELDS = ("FrontSide", "Tags", "Type", "Card", "Deck", "Subdeck", "CardFlag")
"""The fields that a template can show besides those of its note; not `CardID`, which Anki 24.11 doesn't know.

Source: Anki, rslib/src/notetype/render.rs, `add_special_fields`.
"""

Attributes = tuple[tuple[str, str], ...]
"""Names and values, each name once."""


class Element(Record, frozen=True):
    """An HTML element.

    value: the first number of a numbered list; otherwise empty.
    formats: what its attributes make of its text, as wrappers without children.
    alignment: of its lines: "left", "center" or "right"; empty for that of the element around it.
    field_attributes: the attributes that have fields in their values, by name.
    attributes: names and values as a style sheet sees them.
    """

    name: str
    value: str = ""
    nodes: "Nodes" = ()
    formats: tuple[Wrapper, ...] = ()
    alignment: str = ""
    attributes: Attributes = ()
    field_attributes: "tuple[tuple[str, Nodes], ...]" = ()

    @property
    def shown_nodes(self) -> "Nodes":
        """What Anki may fill in: a template is empty if none of it is filled, also if it is in a tag."""
        return (*(node for _, value in self.field_attributes for node in value), *self.nodes)


class Replacement(Record, frozen=True):
    """`{{filter:Field}}`. filters: outermost first; Anki ignores empty ones, so they are left out."""

    field: str
    filters: tuple[str, ...]


class Section(Record, frozen=True):
    """`{{#Field}} … {{/Field}}`, or with `^` when negated."""

    field: str
    negated: bool
    nodes: "Nodes"


PageNode = Element | Inline
"""A part of a page without sections and fields."""
ResolvedNode = PageNode | Content
"""A part of a template whose sections are decided and whose fields are filled in, each with its content.

In a text there are inlines instead, whose children may have elements among them.
"""
Node = Replacement | Section | ResolvedNode
Nodes = tuple[Node, ...]

TokenKind = Literal["text", "comment", "replacement", "section", "negated-section", "section-end"]
_SECTION_SIGNS: dict[str, TokenKind] = {"#": "section", "^": "negated-section", "/": "section-end"}


class Token(Record, frozen=True):
    """A piece of a template.

    name: what stands between the braces, without the sign of a section; empty for a text or a comment.
    raw: the piece as it stands in the template.
    """

    kind: TokenKind
    name: str
    raw: str


def tokenize(template: str) -> Iterator[Token]:
    """Yield the pieces of a template in order; joined they are the template."""
    position = 0
    for start, end in _find_marked(template):
        if position < start:
            yield Token("text", "", template[position:start])
        yield _token(template[start:end])
        position = end
    if position < len(template):
        yield Token("text", "", template[position:])


def _find_marked(template: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each comment and each pair of double braces. One never closed is text."""
    closers = {"{{": "}}", "<!--": "-->"}
    starts = {opener: template.find(opener) for opener in closers}
    while starts := {opener: start for opener, start in starts.items() if start >= 0}:
        opener = min(starts, key=lambda opener: starts[opener])
        start = starts[opener]
        closer_start = template.find(closers[opener], start + len(opener))
        if closer_start < 0:
            del starts[opener]
            continue
        end = closer_start + len(closers[opener])
        yield start, end
        starts = {key: template.find(key, end) if start < end else start for key, start in starts.items()}


def _token(raw: str) -> Token:
    if raw.startswith("<!--"):
        return Token("comment", "", raw)
    inner = raw[2:-2].lstrip("{").strip()
    kind = _SECTION_SIGNS.get(inner[:1]) if len(inner) > 1 else None
    return Token("replacement", inner, raw) if kind is None else Token(kind, inner[1:].lstrip(), raw)


def split_filters(name: str) -> Replacement:
    """Return the replacement that a name between braces stands for."""
    *filters, field = name.split(":")
    return Replacement(field, tuple(filter(None, filters)))


@lru_cache(maxsize=64)  # the built-in templates are the same in all decks
def parse_template(template: str) -> Nodes:
    """Return the fields and sections of a template, without its constant text.

    Raises ValueError for sections that don't match, or are nested too deep. An author's own templates are
    checked by `source/template_reader.py` before; those of imported note types may have such sections.
    """
    open_sections: list[Token] = []
    levels: list[list[Node]] = [[]]
    for token in tokenize(template):
        match token.kind:
            case "text" | "comment":
                pass
            case "replacement":
                levels[-1].append(split_filters(token.name))
            case "section-end":
                if not open_sections or open_sections[-1].name != token.name:
                    raise ValueError(f"`{token.raw}` closes a section that is not open")
                section, nodes = open_sections.pop(), tuple(levels.pop())
                levels[-1].append(Section(section.name, section.kind == "negated-section", nodes))
            case _:
                open_sections.append(token)
                levels.append([])
                if len(levels) > _DEEPEST:
                    raise ValueError(f"{len(levels)} sections are nested")
    if open_sections:
        raise ValueError(f"the section `{open_sections[-1].raw}` is unclosed")
    return tuple(levels[0])


def always_filled_fields(*, tagged: bool) -> frozenset[str]:
    """Return the fields that Anki takes for filled in every note. tagged: whether the note has tags.

    Anki 26.08 and later make cards by this. Older versions count these fields only when they show a card,
    so they make no card whose front shows nothing else.
    Source: Anki, rslib/src/notetype/cardgen.rs, `new_cards_required_normal`.
    """
    return frozenset(SPECIAL_FIELDS) - {"FrontSide", "" if tagged else "Tags"}


def shows_field(
    nodes: Nodes, filled: AbstractSet[str], filled_for_sections: AbstractSet[str] = frozenset()
) -> bool:
    """Return whether a template shows anything but constant text.

    filled: names of the note's fields that are not empty.
    filled_for_sections: names that count as filled in sections only.
    Source: Anki, rslib/src/template.rs, `template_is_empty`.
    """
    for node in nodes:
        match node:
            case Replacement(field, _):
                if field in filled:
                    return True
            case Section(field, negated, children):
                is_filled = field in filled or field in filled_for_sections
                if is_filled != negated and shows_field(children, filled, filled_for_sections):
                    return True
            case Element():
                if shows_field(node.shown_nodes, filled, filled_for_sections):
                    return True
            case _:
                pass
    return False


def _walk(nodes: Nodes) -> Iterator[Node]:
    for node in nodes:
        yield node
        if isinstance(node, Section | Element):
            yield from _walk(node.nodes if isinstance(node, Section) else node.shown_nodes)


def deciding_fields(nodes: Nodes) -> set[str]:
    """Return the names of all fields that decide whether a template shows anything."""
    return {node.field for node in _walk(nodes) if isinstance(node, Replacement | Section)}


def elements(nodes: Nodes) -> Iterator[Element]:
    """Yield all elements of a template, in order."""
    return (node for node in _walk(nodes) if isinstance(node, Element))


def replacements(nodes: Nodes) -> Iterator[Replacement]:
    """Yield everything that a template may show, in order."""
    return (node for node in _walk(nodes) if isinstance(node, Replacement))


def fields_in_tags(nodes: Nodes) -> tuple[str, ...]:
    """Return the names of the fields that stand in the tags of a template, each once."""
    values = (node.field_attributes for node in _walk(nodes) if isinstance(node, Element))
    names = (shown.field for value in values for _, parts in value for shown in replacements(parts))
    return tuple(dict.fromkeys(names))


def fields_with_filter(nodes: Nodes, *filters: str) -> tuple[str, ...]:
    """Return the names of the fields that a template shows through any of these filters, each once."""
    matching = (node.field for node in replacements(nodes) if not set(filters).isdisjoint(node.filters))
    return tuple(dict.fromkeys(matching))
