"""The compiler: takes the files of decks, and returns the files to be written and a report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.formats.outputs import OUTPUT_NAMES, OUTPUTS, Environment, OutputContext
from cardwright.identity.lock import Lock, lock_text
from cardwright.pipeline.load import (
    LoadedDeck,
    insert_missing_ids,
    load_decks,
    missing_id_diagnostics,
    move_spans,
)
from cardwright.pipeline.lost_locks import lost_lock_diagnostics, restore_locks
from cardwright.source.files import DeckFiles


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """The options of a build.

    now: seconds since 1970, taken as the time of this release.
    salt: random letters and digits for the id of a deck that has none.
    outputs: the names of the outputs to be built; see `formats/outputs.py`.
    restore_lock: make a lock that is gone or damaged anew from the packages of the last build.
    locked: change neither sources nor lock; what would change them is an error.
    """

    now: int
    salt: str = ""
    outputs: tuple[str, ...] = OUTPUT_NAMES
    locked: bool = False
    restore_lock: bool = False


@dataclass(frozen=True, slots=True)
class DeckSummary:
    """The numbers with which a build reports on one deck.

    new, changed, unchanged, retired: numbers of notes.
    sheets: number of sheets of paper; 0 when none were built.
    ids: number of ids that are written into the sources.
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
class BuildResult:
    """The result of a build.

    files: content by path, in the order in which they are to be written; none after an error.
    removals: paths of files of earlier builds that are to be removed.
    """

    report: Report
    files: Mapping[str, bytes] = field(default_factory=dict)
    removals: tuple[str, ...] = ()
    summaries: tuple[DeckSummary, ...] = ()


def check(
    decks: Sequence[DeckFiles],
    environment: Environment,
    outputs: Sequence[str] = OUTPUT_NAMES,
    today: date | None = None,
) -> Report:
    """Report everything that can be said of decks without writing anything.

    outputs: the names of the outputs that the decks are to be good for.
    today: the day for which advice on the cards is given; None for no advice.
    """
    report = Report()
    loaded_decks = load_decks(decks, environment, report)
    report.extend(lost_lock_diagnostics(loaded_decks, environment))
    _check_outputs(loaded_decks, environment, outputs, report)
    report.extend(missing_id_diagnostics(loaded_decks, Severity.NOTE))
    if today is not None:
        from cardwright.check.lints import run_lints  # noqa: PLC0415  a build needs none

        for loaded in loaded_decks:
            report.extend(run_lints(loaded.deck, loaded.used_suppressions, today))
    return report


def build(decks: Sequence[DeckFiles], environment: Environment, options: BuildOptions) -> BuildResult:
    """Build decks: the sources with their ids, the locks, then the outputs.

    After an error in any of the decks there is nothing to write for all of them.
    """
    report = Report()
    if options.restore_lock:
        decks = restore_locks(decks, environment, report)
    loaded_decks = load_decks(decks, environment, report, salt=options.salt)
    report.extend(lost_lock_diagnostics(loaded_decks, environment))
    if options.locked:
        report.extend(missing_id_diagnostics(loaded_decks, Severity.ERROR))
    failed = report.has_errors
    if failed:
        # A build of the outputs would find more mistakes; the author gets to know all of them at once.
        _check_outputs(loaded_decks, environment, options.outputs, report)
        return BuildResult(report)
    built_decks = [_build_deck(loaded, environment, options, report) for loaded in loaded_decks]
    if report.has_errors:
        return BuildResult(report)
    outputs = {path: data for files, _ in built_decks for path, data in files.items()}
    files = dict(insert_missing_ids(loaded_decks))
    files |= {path: data for path, data in outputs.items() if data is not None}
    removals = tuple(path for path, data in outputs.items() if data is None)
    summaries = tuple(summary for _, summary in built_decks)
    return BuildResult(move_spans(report, loaded_decks), files, removals, summaries)


def _check_outputs(
    loaded_decks: Iterable[LoadedDeck], environment: Environment, names: Sequence[str], report: Report
) -> None:
    for loaded in loaded_decks:
        context = _output_context(loaded, environment, report)
        for output in OUTPUTS:
            if output.name in names:
                output.check(context)


def _build_deck(
    loaded: LoadedDeck, environment: Environment, options: BuildOptions, report: Report
) -> tuple[dict[str, bytes | None], DeckSummary]:
    """Return the files of a deck in the order of writing, with None for one that is to be removed."""
    from cardwright.formats.anki.identity import reconcile_deck  # noqa: PLC0415  a failed build does without it

    rendered, reconciliation = reconcile_deck(loaded.deck, loaded.lock, options.now)
    report.extend(reconciliation.diagnostics)
    lock = lock_text(reconciliation.lock).encode()
    files: dict[str, bytes | None] = {}
    if not options.locked:
        files[loaded.files.lock_path] = lock
    # Git may have checked the lock out with the line ends of Windows.
    elif lock != (loaded.files.lock or b"").replace(b"\r\n", b"\n"):
        report.add(_lock_would_change(loaded))
    sheets = 0
    context = _output_context(loaded, environment, report)
    for output in OUTPUTS:
        # After an error the other outputs are made all the same, to report what is wrong there.
        if output.name in options.outputs and not (output.needs_lock and reconciliation.failed):
            built = output.build(context, rendered, reconciliation.lock)
            files |= built.files
            sheets += built.sheets
    return files, _summarize(loaded, reconciliation.lock, sheets)


def _output_context(loaded: LoadedDeck, environment: Environment, report: Report) -> OutputContext:
    return OutputContext(loaded.deck, loaded.files.folder, loaded.lock, environment, report)


def _lock_would_change(loaded: LoadedDeck) -> Diagnostic:
    message = "the deck has no lock yet" if loaded.lock is None else "the lock doesn't match the sources"
    note = f"{loaded.files.lock_path} would change"
    help_ = "run `cardwright build` and commit the lock with the sources"
    return Diagnostic("lock-out-of-date", message, loaded.deck.span, note=note, help=help_)


def _summarize(loaded: LoadedDeck, lock: Lock, sheets: int) -> DeckSummary:
    """Summarize the build of a deck. lock: as the build leaves it. sheets: number of sheets of paper."""
    previous = {} if loaded.lock is None else loaded.lock.notes
    present = [entry for entry in lock.notes.values() if not entry.retired]
    kept = [entry for entry in present if entry.key in previous and not previous[entry.key].retired]
    changed = sum(entry.mod != previous[entry.key].mod for entry in kept)
    retired = sum(
        bool(entry.retired) and not previous[entry.key].retired
        for entry in lock.notes.values()
        if entry.key in previous
    )
    return DeckSummary(
        deck=loaded.deck,
        new=len(present) - len(kept),
        changed=changed,
        unchanged=len(kept) - changed,
        retired=retired,
        cards=sum(len(entry.card_numbers) for entry in present),
        sheets=sheets,
        ids=len(loaded.missing_ids),
    )
