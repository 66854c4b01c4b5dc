"""The compiler: decks as files go in, files to be written and findings come out."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from builder import reader
from builder.check import RULES
from builder.collection.card import cards
from builder.collection.deck import Deck
from builder.diagnostics.diagnostic import Diagnostic, Severity
from builder.diagnostics.report import Report
from builder.diagnostics.source import Source
from builder.diagnostics.span import Span
from builder.identity import lock as locks
from builder.identity.lock import Lock
from builder.identity.read import read as read_lock
from builder.identity.reconcile import reconcile
from builder.source import insert
from builder.source.decode_bytes import decode
from builder.source.diagnose import shown
from builder.source.files import DeckFiles, Library
from builder.source.insert import Insertion

if TYPE_CHECKING:
    from builder.formats.pdf.engine import Stage
    from builder.formats.pdf.sheets import Layout

# What can be built, by the name that `--only` has for it.
FORMATS = ("anki", "pdf")


class Workshop(Library, Protocol):
    """What a build needs of the machine, beside the decks' media."""

    def stage(self) -> "AbstractContextManager[Stage]":
        """A folder for the PDF engine, gone when the block is left."""
        ...

    def font_folder(self, folder: str, path: str) -> str | None:
        """The absolute path of a folder that a deck names for its fonts; None when it is not there.

        folder, path: as for `read`.
        """
        ...

    def system_font_folders(self) -> Sequence[str]:
        """Absolute paths of the folders in which this system keeps its fonts."""
        ...

    def progress(self, what: str) -> AbstractContextManager[Callable[[int, int], None]]:
        """Something to be told how much is done, of how much, until the block is left."""
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """What a build is asked to do.

    now: seconds since 1970, taken as the time of this release.
    salt: random letters and digits for the id of a deck that has none.
    formats: those of FORMATS that are to be built.
    locked: change neither sources nor lock; what would change them is an error.
    """

    now: int
    salt: str = ""
    formats: tuple[str, ...] = FORMATS
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """A file to be written. path: relative to the project folder, with `/`."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build did with one deck.

    new, changed, unchanged, retired: numbers of notes. sheets: of paper; 0 when
    none were built. ids: of those written into the sources.
    """

    deck: Deck
    new: int
    changed: int
    unchanged: int
    retired: int
    cards: int
    sheets: int
    ids: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build comes to. outputs: in the order in which they are to be written; none with an error."""

    report: Report
    outputs: tuple[Output, ...] = ()
    summaries: tuple[Summary, ...] = ()


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A deck as read. ids: those written into its sources for it. edits: the sources with them."""

    files: DeckFiles
    deck: Deck
    lock: Lock | None
    ids: tuple[Insertion, ...]
    edits: tuple[Output, ...]


def check(decks: Sequence[DeckFiles], workshop: Workshop, formats: Sequence[str] = FORMATS) -> Report:
    """Everything that can be said of decks without writing anything.

    formats: those of FORMATS for which the decks are to be good.
    """
    report = Report()
    with _no_garbage_collection():
        loaded = _load_all(decks, workshop, report)
        if "pdf" in formats:
            for one in loaded:
                with _layout(one, workshop, report):
                    pass
    for one in loaded:
        report.extend(_missing_ids(one.ids, Severity.NOTE))
    return report


def build(decks: Sequence[DeckFiles], workshop: Workshop, options: Options) -> Outcome:
    """Build decks: sources with their ids, locks, then artifacts.

    An error in any of them leaves nothing to write for all of them.
    """
    report = Report()
    with _no_garbage_collection():
        loaded = _load_all(decks, workshop, report, salt=options.salt)
        if options.locked:
            for one in loaded:
                report.extend(_missing_ids(one.ids, Severity.ERROR))
        if report.has_errors and "pdf" in options.formats:
            for one in loaded:  # what else is wrong is told now, not after the next try
                with _layout(one, workshop, report):
                    pass
        built = [] if report.has_errors else [_build(one, workshop, options, report) for one in loaded]
    edits = [edit for one in loaded for edit in one.edits]
    outputs = [output for outputs, _ in built for output in outputs]
    if report.has_errors:
        return Outcome(report)
    return Outcome(report, (*edits, *outputs), tuple(summary for _, summary in built))


def _load_all(
    decks: Sequence[DeckFiles], library: Library, report: Report, *, salt: str = ""
) -> list[_Loaded]:
    loaded = [one for files in decks if (one := _load(files, library, report, salt)) is not None]
    for rule in RULES:
        report.extend(rule([one.deck for one in loaded]))
    return loaded


def _load(files: DeckFiles, library: Library, report: Report, salt: str) -> _Loaded | None:
    """Read a deck with its lock. Where ids are missing, it is read as it will be with them."""
    own = Report()
    lock = _lock(files, own)
    taken = {key.split("/", 1)[0] for key in lock.notes} if lock is not None else frozenset[str]()
    reading = reader.read(files, library, own, taken=taken, salt=salt)
    ids: tuple[Insertion, ...] = ()
    edits: tuple[Output, ...] = ()
    if reading is not None and reading.insertions and not own.has_errors:
        ids = reading.insertions
        edits = tuple(_edits(files, ids))
        files = replace(files, sources={**files.sources, **{edit.path: edit.data for edit in edits}})
        own = Report()
        reading = reader.read(files, library, own)
    report.extend(own)
    return None if reading is None else _Loaded(files, reading.deck, lock, ids, edits)


def _lock(files: DeckFiles, report: Report) -> Lock | None:
    source = None if files.lock is None else decode(files.lock_path, files.lock, report)
    return None if source is None else read_lock(source, report)


def _edits(files: DeckFiles, insertions: Iterable[Insertion]) -> Iterator[Output]:
    """The sources with ids inserted, by path."""
    by_source: dict[Source, list[Insertion]] = {}
    for insertion in insertions:
        by_source.setdefault(insertion.source, []).append(insertion)
    for source, made in by_source.items():
        yield Output(source.path, insert.apply(source, files.sources[source.path], made))


def _build(
    loaded: _Loaded, workshop: Workshop, options: Options, report: Report
) -> tuple[list[Output], Summary]:
    """One deck: its lock and its artifacts."""
    # A deck is checked without the libraries that make its files.
    from builder.formats.anki.package import package  # noqa: PLC0415
    from builder.formats.anki.render import render  # noqa: PLC0415

    deck = loaded.deck
    rendered = render(deck)
    settled = reconcile(deck.id, deck.span, rendered.claims, rendered.type_claims, loaded.lock, options.now)
    report.extend(settled.findings)
    lock_text = locks.write(settled.lock).encode()
    outputs = [Output(loaded.files.lock_path, lock_text)]
    if options.locked and lock_text != loaded.files.lock:
        report.add(_lock_would_change(loaded))
    folder = f"decks/{deck.folder}/{deck.folder}"
    if "anki" in options.formats:
        outputs.append(Output(f"{folder}.apkg", package(deck, rendered, settled.lock)))
    sheets = 0
    if "pdf" in options.formats:
        with _layout(loaded, workshop, report) as layout:
            if layout is not None:
                outputs.append(Output(f"{folder}.pdf", layout.draw()))
                sheets = layout.sheets
    return outputs, _summary(loaded, settled.lock, sheets)


@contextmanager
def _layout(loaded: _Loaded, workshop: Workshop, report: Report) -> "Iterator[Layout | None]":
    """The card sheets of a deck, good until the block is left; None when there are none, or an error."""
    from builder.formats.pdf.sheets import lay_out  # noqa: PLC0415  as above

    deck = loaded.deck
    if not deck.name:
        yield None  # a PDF has a title
        return
    folders = []
    for path, span in zip(deck.settings.fonts, deck.settings.font_spans, strict=True):
        folder = workshop.font_folder(loaded.files.folder, path)
        if folder is None:
            report.add(
                Diagnostic("missing-font-folder", f"there is no folder `{shown(path)}` in the deck", span)
            )
        else:
            folders.append(folder)
    with workshop.stage() as stage, workshop.progress(f"Laying out {deck.name}") as tell:
        yield lay_out(
            deck,
            stage,
            report,
            font_folders=folders,
            system_font_folders=workshop.system_font_folders(),
            progress=tell,
        )


def _summary(loaded: _Loaded, lock: Lock, sheets: int) -> Summary:
    """What became of the notes, told from the locks before and after."""
    before = {} if loaded.lock is None else loaded.lock.notes
    present = [entry for entry in lock.notes.values() if not entry.retired]
    known = [entry for entry in present if entry.key in before and not before[entry.key].retired]
    changed = sum(entry.mod != before[entry.key].mod for entry in known)
    gone = sum(
        bool(entry.retired) and not before[entry.key].retired
        for entry in lock.notes.values()
        if entry.key in before
    )
    return Summary(
        deck=loaded.deck,
        new=len(present) - len(known),
        changed=changed,
        unchanged=len(known) - changed,
        retired=gone,
        cards=sum(len(list(cards(note))) for note in loaded.deck.notes),
        sheets=sheets,
        ids=len(loaded.ids),
    )


def _missing_ids(insertions: Sequence[Insertion], severity: Severity) -> Iterator[Diagnostic]:
    for insertion in insertions:
        yield Diagnostic(
            code="missing-id",
            message="this card has no id yet",
            span=Span(insertion.source, insertion.offset, insertion.offset + 1),
            severity=severity,
            help=f"`cardwright build` writes one in: `{insertion.text.split(chr(10))[0].strip(' ,')}`",
        )


def _lock_would_change(loaded: _Loaded) -> Diagnostic:
    return Diagnostic(
        code="lock-out-of-date",
        message="the deck has no lock yet" if loaded.lock is None else "the lock does not fit the sources",
        span=loaded.deck.span,
        note=f"{loaded.files.lock_path} would change",
        help="run `cardwright build` and commit the lock with the sources",
    )


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Pause the search for cycles: a deck is millions of small objects and none of them is garbage."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
