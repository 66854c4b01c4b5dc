"""`sources:` of deck.yaml, and `source:` of a topic or a card, which cites them."""

from collections.abc import Iterator
from collections.abc import Mapping as Known

from cardwright.collection.reference import Citation, Reference
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.diagnostics.report import Report
from cardwright.source import decode
from cardwright.source.nodes import Mapping, Node, Scalar, Sequence
from cardwright.source.text import clean_line

_TEXTS = ("title", "author", "publisher", "url", "date", "note")


def read_references(node: Node, report: Report) -> dict[str, Reference]:
    """The deck's sources by key."""
    given = decode.mapping(node, "`sources`", report)
    if given is None:
        return {}
    return {key.value: _reference(key, value, report) for key, value in given.entries.values()}


def _reference(key: Scalar, node: Node, report: Report) -> Reference:
    """One source; a text alone is its title."""
    if isinstance(node, Scalar):
        return Reference(key.value, _title(node, key, report), span=key.span)
    what = f"the source `{truncate(key.value, 24)}`"
    given = decode.mapping(node, what, report)
    if given is None:
        return Reference(key.value, key.value, span=key.span)
    decode.only(given, (*_TEXTS, "reviewed"), "a source", report)
    decode.required(given, "title", what, report)
    values = {name: _text(given, name, report) for name in _TEXTS}
    if isinstance(title := given.get("title"), Scalar):
        _title(title, given.entries["title"][0], report)
    reviewed = given.get("reviewed")
    return Reference(
        key.value,
        **values,
        reviewed="" if reviewed is None else decode.day(reviewed, "reviewed", report),
        span=key.span,
    )


def _title(written: Scalar, key: Scalar, report: Report) -> str:
    """key: what the title stands under."""
    title = clean_line(written, report)
    if not title:
        message = "the title of a source is empty"
        report.add(Diagnostic(code="empty-text", message=message, span=key.span))
    return title


def _text(given: Mapping, name: str, report: Report) -> str:
    value = given.get(name)
    written = None if value is None else decode.scalar(value, name, report)
    return "" if written is None else clean_line(written, report)


def read_citations(node: Node, known: Known[str, Reference], report: Report) -> tuple[Citation, ...]:
    """What a topic or card cites: a key, a mapping of keys to places, or a list of both."""
    return tuple(_citations(node, known, report))


def _citations(node: Node, known: Known[str, Reference], report: Report) -> Iterator[Citation]:
    match node:
        case Scalar():
            if (reference := _find(node, known, report)) is not None:
                yield Citation(reference)
        case Sequence():
            for item in node.items:
                if isinstance(item, Sequence):
                    decode.scalar(item, "source", report)
                else:
                    yield from _citations(item, known, report)
        case Mapping():
            for key, value in node.entries.values():
                reference = _find(key, known, report)
                locator = decode.scalar(value, key.value, report)
                if reference is not None and locator is not None:
                    yield Citation(reference, clean_line(locator, report))


def _find(written: Scalar, known: Known[str, Reference], report: Report) -> Reference | None:
    reference = known.get(written.value)
    if reference is None:
        report.add(
            Diagnostic(
                code="unknown-source",
                message=f"the deck has no source `{truncate(written.value)}`"
                if written.value
                else "`source` names no source",
                span=written.span,
                help=did_you_mean(written.value, known) if known else "name it under `sources:` of the deck",
            )
        )
    return reference
