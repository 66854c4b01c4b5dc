"""Anki's card templates, read as Anki reads them to tell whether a front shows anything."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

_TAG = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)

# What Anki takes for an empty field: nothing but blanks and the tags an editor leaves behind.
# Source: Anki, rslib/src/template.rs, `field_is_empty`.
_EMPTY = re.compile(r"(?:[ \t\n\r\f\v]|</?(?:br|div) ?/?>)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Replacement:
    """`{{filter:Field}}`. filters: as written, outermost first."""

    field: str
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """`{{#Field}} … {{/Field}}`, or with `^` when negated."""

    field: str
    negated: bool
    nodes: "Nodes"


Nodes = tuple[Replacement | Section, ...]


def parse(template: str) -> Nodes:
    """The fields and sections of a template; its constant text shows no field and is left out.

    Errors: ValueError for a section that is not closed, or closed where it was not opened.
    The templates are ours, so that would be a mistake of ours.
    """
    open_sections: list[tuple[str, bool]] = []
    levels: list[list[Replacement | Section]] = [[]]
    for tag in _TAG.finditer(_COMMENT.sub("", template)):
        inner = tag[1].strip()
        kind, name = inner[0], inner[1:].strip()
        match kind:
            case "#" | "^":
                open_sections.append((name, kind == "^"))
                levels.append([])
            case "/":
                if not open_sections or open_sections[-1][0] != name:
                    raise ValueError(f"section {name!r} is closed but not open")
                field, negated = open_sections.pop()
                nodes = tuple(levels.pop())
                levels[-1].append(Section(field, negated, nodes))
            case _:
                *filters, field = inner.split(":")
                levels[-1].append(Replacement(field.strip(), tuple(filters)))
    if open_sections:
        raise ValueError(f"section {open_sections[-1][0]!r} is not closed")
    return tuple(levels[0])


def shows_a_field(nodes: Nodes, filled: AbstractSet[str]) -> bool:
    """Whether anything but constant text is left of a template.

    filled: names of the note's fields that are not empty.
    Source: Anki, rslib/src/template.rs, `template_is_empty`.
    """
    for node in nodes:
        match node:
            case Replacement(field, _):
                if field in filled:
                    return True
            case Section(field, negated, children):
                if (field in filled) != negated and shows_a_field(children, filled):
                    return True
    return False


def fields(nodes: Nodes) -> set[str]:
    """Names of all fields that decide whether a template shows anything."""
    named: set[str] = set()
    for node in nodes:
        named.add(node.field)
        if isinstance(node, Section):
            named |= fields(node.nodes)
    return named


def cloze_fields(nodes: Nodes) -> list[str]:
    """Names of the fields that a template shows through the filter `cloze`, in order, each once."""
    found: list[str] = []
    for node in nodes:
        match node:
            case Replacement(field, filters):
                found += [field] if "cloze" in filters else []
            case Section(_, _, children):
                found += cloze_fields(children)
    return list(dict.fromkeys(found))


def is_empty(value: str) -> bool:
    """Whether Anki takes a field with this HTML for empty."""
    return not value or (value[0] in " \t\n\r\f\v<" and _EMPTY.fullmatch(value) is not None)
