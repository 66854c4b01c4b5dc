"""Read the references of a deck (`sources:`), and the citations of a topic or a card (`source:`)."""

import re
from collections import abc
from collections.abc import Iterator

from cardwright.collection.reference import Citation, Reference
from cardwright.diagnostics import Diagnostic, Report
from cardwright.diagnostics.phrases import closest_match, did_you_mean, truncate
from cardwright.reader.deck_keys import REFERENCE_KEYS, REFERENCE_TEXT_KEYS
from cardwright.source.mapping_reader import MappingReader, read_mapping, read_scalar
from cardwright.source.nodes import Mapping, Node, Scalar, Sequence
from cardwright.source.text import clean_line


def read_references(deck: MappingReader) -> dict[str, Reference]:
    """Return the deck's references by key."""
    sources = deck.mapping("sources", help_="write each as `book: {title: …}`, without the dash")
    if sources is None:
        return {}
    return {key.value: _read_reference(key, value, deck.report) for key, value in sources.entries}


def _read_reference(key: Scalar, node: Node, report: Report) -> Reference:
    """Read one reference; a text alone is its title."""
    if isinstance(node, Scalar):
        return Reference(key.value, _read_title(node, key, report), span=key.span)
    reader = read_mapping(node, f"the source `{truncate(key.value, 24)}`", report)
    if reader is None:
        return Reference(key.value, key.value, span=key.span)
    reader.allow_only(REFERENCE_KEYS, name="a source")
    reader.require("title")
    texts = {name: reader.line(name) for name in REFERENCE_TEXT_KEYS}
    if isinstance(title := reader.get("title"), Scalar):
        _read_title(title, reader.node.entries["title"][0], report)
    return Reference(key.value, **texts, reviewed=reader.day("reviewed"), span=key.span)


def _read_title(title: Scalar, key: Scalar, report: Report) -> str:
    """Return the title. key: the key that an empty title is reported at."""
    line = clean_line(title, report)
    if not line:
        report.add(Diagnostic("empty-text", "the title of a source is empty", key.span))
    return line


def read_citations(reader: MappingReader, references: abc.Mapping[str, Reference]) -> tuple[Citation, ...]:
    """Return what a topic or card cites: a key, a mapping from keys to locators, or a list of both."""
    node = reader.get("source")
    return () if node is None else tuple(_read_citations(node, references, reader.report))


def _read_citations(
    node: Node, references: abc.Mapping[str, Reference], report: Report
) -> Iterator[Citation]:
    match node:
        case Scalar():
            if (reference := _find_reference(node, references, report)) is not None:
                yield Citation(reference)
        case Sequence():
            for item in node.items:
                if isinstance(item, Sequence):
                    read_scalar(item, "source", report)
                else:
                    yield from _read_citations(item, references, report)
        case Mapping():
            for key, value in node.entries.values():
                reference = _find_reference(key, references, report)
                locator = read_scalar(value, key.value, report)
                if reference is not None and locator is not None:
                    yield Citation(reference, clean_line(locator, report))


def _find_reference(key: Scalar, references: abc.Mapping[str, Reference], report: Report) -> Reference | None:
    reference = references.get(key.value)
    if reference is None:
        message = (
            f"the deck has no source `{truncate(key.value)}`" if key.value else "`source` names no source"
        )
        help_ = "name it under `sources:` of the deck"
        if re.search(r"\s|://", key.value) and not closest_match(key.value, references):
            help_ = "list it under `sources:` of the deck by a key, such as `book`, and write that key here"
        elif references:
            help_ = did_you_mean(key.value, references)
        report.add(Diagnostic("unknown-source", message, key.span, help=help_))
    return reference
