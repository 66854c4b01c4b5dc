"""Reads the card templates and the style of imported note types, which stay as they are in Anki."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Literal

from cardwright.collection.template import Element, Nodes, Section
from cardwright.diagnostics import Diagnostic, Report, Source
from cardwright.diagnostics.phrases import truncate
from cardwright.record import Record, replace
from cardwright.source.css import unsafe_css
from cardwright.source.nodes import Scalar
from cardwright.source.template_reader import read_template_tree
from cardwright.source.unsafe_markup import FieldInTag, scan_template

UNSAFE_TEMPLATE = "unsafe-template"
"""The rule that a note type may allow."""

_HELP = f"leave it out; or, if you trust it, write `allow: {UNSAFE_TEMPLATE}` into the note type"


class ImportedSide(Record, frozen=True):
    """One side of a template. nodes: what paper can show of it."""

    html: str
    nodes: Nodes
    fields_in_tags: tuple[FieldInTag, ...]


def read_imported_side(
    scalar: Scalar,
    field_names: Collection[str],
    side: Literal["front", "back"],
    report: Report,
    css: str,
    *,
    is_trusted: bool,
    unfit: tuple[Collection[str], Collection[str]],
) -> ImportedSide:
    """Return one side of a template just as it is written, and report what it must not have.

    is_trusted: whether it may have that. unfit: what `find_unfit_names` returns of its type.
    """
    scan = _scan(scalar.value, *map(frozenset, unfit))
    if not is_trusted:
        parts = ((part.name, scalar.value[part.start : part.end]) for part in scan.unsafe)
        _report_unsafe(f"the {side} of a template", parts, scalar, report)
    nodes = _read_tree(scalar.value, tuple(field_names), side, css)
    return ImportedSide(scalar.value, nodes, tuple(scan.fields_in_tags))


# An import reads the same note types for each file that it writes, and some have 50,000 characters of style.
_scan = lru_cache(maxsize=64)(scan_template)


@lru_cache(maxsize=64)
def _find_unsafe_css(css: str) -> tuple[str, ...]:
    return tuple(unsafe_css(css))


@lru_cache(maxsize=64)
def _read_tree(html: str, field_names: tuple[str, ...], side: Literal["front", "back"], css: str) -> Nodes:
    scalar = Scalar(Source("", html), 0, len(html), html, "")
    return _drawable(read_template_tree(scalar, field_names, side, css))


def is_unsafe(sides: Iterable[str], css: str) -> bool:
    """Return whether a note type has what only the author's trust allows. sides: of its templates."""
    return bool(_find_unsafe_css(css)) or any(_scan(side, frozenset(), frozenset()).unsafe for side in sides)


def _drawable(nodes: Nodes) -> Nodes:
    """Return nodes without drawings that say no size, which browsers give one and nobody else does."""
    kept = (node for node in nodes if not (isinstance(node, Element) and _is_sizeless(node)))
    return tuple(
        replace(node, nodes=_drawable(node.nodes)) if isinstance(node, Element | Section) else node
        for node in kept
    )


def _is_sizeless(element: Element) -> bool:
    names = {name.lower() for name, _ in element.attributes}
    return element.name == "svg" and "viewbox" not in names and not {"width", "height"} <= names


def read_imported_css(scalar: Scalar, report: Report, *, is_trusted: bool) -> str:
    """Return the style of a note type just as it is written. is_trusted: as for a side."""
    if not is_trusted:
        _report_unsafe("the style", ((part, part) for part in _find_unsafe_css(scalar.value)), scalar, report)
    return scalar.value


def _report_unsafe(owner: str, parts: Iterable[tuple[str, str]], scalar: Scalar, report: Report) -> None:
    """Report each thing once. parts: the name of each, and how it is written."""
    for name, text in dict(parts).items():
        message, note = f"{owner} has `{truncate(name, 28)}` in it", "might run or fetch something"
        span = scalar.part(text.split("\n", 1)[0])
        report.add(Diagnostic(UNSAFE_TEMPLATE, message, span, note=note, help=_HELP))
