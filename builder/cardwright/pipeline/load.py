"""Decks with their locks, read; ids that are missing, ready to be written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cardwright import reader
from cardwright.check import DECK_RULES, IMPACT_WARNINGS
from cardwright.check.suppression import filter_suppressed
from cardwright.collection.deck import Deck
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.span import Source, Span
from cardwright.identity.lock import Lock
from cardwright.identity.lock_reader import not_text, read_lock
from cardwright.pipeline import media
from cardwright.pipeline.interface import OutputFile
from cardwright.pipeline.media import Used
from cardwright.reader import ParsedDeck
from cardwright.source import id_insertion
from cardwright.source.files import DeckFiles, MediaLibrary
from cardwright.source.id_insertion import IdInsertion
from cardwright.source.text import decode_source


@dataclass(frozen=True, slots=True)
class LoadedDeck:
    """A deck as read.

    ids: those its sources lack and the deck goes by already. media: as in `ParsedDeck`.
    used_suppressions: places of the suppressions that applied to a diagnostic while the deck was read.
    """

    files: DeckFiles
    deck: Deck
    lock: Lock | None
    ids: tuple[IdInsertion, ...]
    media: Mapping[str, int]
    used_suppressions: frozenset[Span]


def load(
    decks: Iterable[DeckFiles], library: MediaLibrary, report: Report, *, salt: str = ""
) -> list[LoadedDeck]:
    """Decks read and judged by the rules; those left out of which too little could be read."""
    loaded = [one for files in decks if (one := _load(files, library, report, salt)) is not None]
    for rule in DECK_RULES:
        report.extend(rule([one.deck for one in loaded]))
    used = [Used(one.files, one.deck, one.media) for one in loaded]
    report.extend(media.heavy(used))
    if not report.has_errors:
        report.extend(media.unused(used, library))
    return loaded


def _load(files: DeckFiles, library: MediaLibrary, report: Report, salt: str) -> LoadedDeck | None:
    lock = None if files.lock is None else lock_in(files.lock_path, files.lock, report)
    taken = {key.split("/", 1)[0] for key in lock.notes} if lock is not None else frozenset[str]()
    locked_id = lock.deck_id if lock is not None else ""
    found = Report()
    reading = reader.read_deck(files, library, found, taken=taken, locked_id=locked_id, salt=salt)
    if reading is None:
        report.extend(found)
        return None
    reading = _with_numbers(reading, lock, found)
    for rule in IMPACT_WARNINGS:
        found.extend(rule([reading.deck]))
    remaining, used_suppressions = filter_suppressed(found, reading.deck.suppressions)
    report.extend(remaining)
    return LoadedDeck(files, reading.deck, lock, reading.missing_ids, reading.media_sizes, used_suppressions)


def _with_numbers(reading: ParsedDeck, lock: Lock | None, report: Report) -> ParsedDeck:
    """The deck with the numbers of its diagrams' labels, which Anki and paper are to agree on."""
    if all(note.diagram is None for note in reading.deck.notes):
        return reading
    from cardwright.identity.label_numbers import number_labels  # noqa: PLC0415  few decks have diagrams

    return replace(reading, deck=number_labels(reading.deck, lock, report))


def lock_in(path: str, data: bytes, report: Report) -> Lock | None:
    """The lock that a file holds; None after saying what is wrong with it."""
    unread = Report()
    source = decode_source(path, data, unread)
    if source is None:
        report.add(not_text(next(iter(unread))))
        return None
    return read_lock(source, report)


def missing_ids(loaded: Sequence[LoadedDeck], severity: Severity) -> Iterator[Diagnostic]:
    """A finding for each id that the sources lack."""
    for insertion in (insertion for one in loaded for insertion in one.ids):
        yield Diagnostic(
            code="missing-id",
            message=f"this {insertion.owner} has no id yet",
            span=insertion.owner_span,
            severity=severity,
            help=f"`cardwright build` writes one in: `id: {insertion.new_id}`",
        )


def edits(loaded: Sequence[LoadedDeck]) -> dict[Source, OutputFile]:
    """The sources with their ids, by what they were."""
    made: dict[Source, OutputFile] = {}
    for one in loaded:
        for source, insertions in _by_source(one.ids).items():
            made[source] = OutputFile(
                source.path, id_insertion.insert_ids(source, one.files.sources[source.path], insertions)
            )
    return made


def after_edits(report: Report, loaded: Sequence[LoadedDeck]) -> Report:
    """The findings, pointing into the sources as they are once the ids are written."""
    moves: dict[Source, id_insertion.SpanShifter] = {
        source: id_insertion.SpanShifter(source, insertions)
        for one in loaded
        for source, insertions in _by_source(one.ids).items()
    }
    moved = Report()
    moved.extend(_moved(diagnostic, moves) for diagnostic in report)
    return moved


def _by_source(insertions: Iterable[IdInsertion]) -> dict[Source, list[IdInsertion]]:
    found: dict[Source, list[IdInsertion]] = {}
    for insertion in insertions:
        found.setdefault(insertion.source, []).append(insertion)
    return found


def _moved(diagnostic: Diagnostic, moves: Mapping[Source, id_insertion.SpanShifter]) -> Diagnostic:
    def place(span: Span) -> Span:
        move = moves.get(span.source)
        return span if move is None else move(span)

    return replace(
        diagnostic,
        span=None if diagnostic.span is None else place(diagnostic.span),
        related=tuple(replace(label, span=place(label.span)) for label in diagnostic.related),
    )
