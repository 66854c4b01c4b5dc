"""The compiler: takes the files of decks, and returns the files to be written and a report."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.formats.outputs import Environment, OutputContext, PrintedCards
from cardwright.formats.registry import OUTPUT_NAMES, OUTPUTS, Output
from cardwright.identity.lock import NEVER_RELEASED, Lock
from cardwright.identity.lock_text import encode_lock
from cardwright.pipeline.load import (
    LoadedDeck,
    insert_missing_ids,
    load_decks,
    missing_id_diagnostics,
    move_spans,
)
from cardwright.pipeline.lost_locks import (
    lost_lock_diagnostics,
    outdated_lock_diagnostics,
    restore_locks,
)
from cardwright.pipeline.moved_cards import moved_card_diagnostics
from cardwright.record import Record, field, replace
from cardwright.source.files import DeckFiles

if TYPE_CHECKING:
    from cardwright.formats.anki.render import RenderedDeck
    from cardwright.identity.reconcile import Reconciliation


class BuildOptions(Record, frozen=True):
    """The options of a build.

    now: seconds since 1970, taken as the time of this release.
    salt: random letters and digits for the id of a deck that has none.
    outputs: the names of the outputs to be built; None for those that each deck is to have.
    restore_lock: make a lock that is gone, damaged or too old anew from the packages of the last build.
    locked: change neither sources nor lock; what would change them is an error.
    """

    now: int
    salt: str = ""
    outputs: tuple[str, ...] | None = None
    locked: bool = False
    restore_lock: bool = False


class FailedOutput(Record, frozen=True):
    """An output that errors kept from being written.

    errors: their number. kept: paths of files of an earlier build that stay.
    """

    output: Output
    errors: int
    kept: tuple[str, ...]


class DeckSummary(Record, frozen=True):
    """The numbers with which a build reports on one deck.

    new, changed, unchanged, retired, cards: numbers of notes, and of their cards in Anki; all 0 when their
        package cannot be built.
    printed: the cards on the sheets; None when none were asked for or could be built.
    ids: number of ids that are written into the sources.
    built: the outputs that are written. failed: those that stay as they were.
    """

    deck: Deck
    new: int
    changed: int
    unchanged: int
    retired: int
    cards: int
    printed: PrintedCards | None
    ids: int
    built: tuple[Output, ...]
    failed: tuple[FailedOutput, ...]

    @property
    def is_written(self) -> bool:
        """Whether anything of the deck is written; if no output can be built, its lock stays, too."""
        return bool(self.built) or not self.failed


class BuildResult(Record, frozen=True):
    """The result of a build.

    files: content by path, in the order in which they are to be written.
    removals: paths of files of earlier builds that are to be removed.
    summaries: one for each deck; none after an error that stops everything.
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
    *,
    salt: str = "",
    unused: list[tuple[Output, Deck]] | None = None,
) -> Report:
    """Report everything that can be said of decks without writing anything.

    outputs: the names of the outputs that the decks are to be good for.
    today: the day for which advice on the cards is given; None for no advice.
    salt: as for a build, so that a deck without an id is not taken for another one.
    unused: takes each output that is not checked for a deck because its author doesn't seem to use it;
        None to check it all the same.
    """
    report = Report()
    loaded_decks = load_decks(decks, environment, report, salt=salt, renders="anki" in outputs)
    report.extend(lost_lock_diagnostics(loaded_decks, environment))
    report.extend(outdated_lock_diagnostics([(loaded, loaded.lock) for loaded in loaded_decks], environment))
    report.extend(moved_card_diagnostics(loaded_decks))
    _check_outputs(loaded_decks, environment, outputs, report, unused)
    report.extend(missing_id_diagnostics(loaded_decks, Severity.NOTE))
    if today is not None:
        from cardwright.check.lints import run_lints  # noqa: PLC0415  a build needs none

        for loaded in loaded_decks:
            report.extend(run_lints(loaded.deck, loaded.used_suppressions, today))
    return report


def build(decks: Sequence[DeckFiles], environment: Environment, options: BuildOptions) -> BuildResult:
    """Build decks: the sources with their ids, the locks, then the outputs.

    After an error in the sources of any of the decks, or a conflict with what was released, there is
    nothing to write for all of them; after one that concerns a single output, that output of that deck
    is left out; see `formats/outputs.py`.
    """
    # A check does without it.
    from cardwright.formats.anki.identity import compare_with_release  # noqa: PLC0415

    report = Report()
    if options.restore_lock:
        decks = restore_locks(decks, environment, report)
    loaded_decks = load_decks(
        decks,
        environment,
        report,
        salt=options.salt,
        keep_notes=options.outputs is None or options.outputs != ("anki",),
    )
    report.extend(lost_lock_diagnostics(loaded_decks, environment))
    report.extend(moved_card_diagnostics(loaded_decks))
    if options.locked:
        report.extend(missing_id_diagnostics(loaded_decks, Severity.ERROR))
    comparisons: list[tuple[RenderedDeck, Reconciliation]] = []
    locks = [loaded.lock for loaded in loaded_decks]
    if not report.has_errors:
        contexts = (_output_context(loaded, environment) for loaded in loaded_decks)
        comparisons = [compare_with_release(context, options.now) for context in contexts]
        conflicts = (reconciliation for _, reconciliation in comparisons if reconciliation.failed)
        report.extend(diagnostic for conflict in conflicts for diagnostic in conflict.diagnostics)
        locks = [reconciliation.lock for _, reconciliation in comparisons]
    report.extend(outdated_lock_diagnostics(zip(loaded_decks, locks, strict=True), environment))
    if report.has_errors:
        # A build of the outputs would find more mistakes; the author gets to know all of them at once.
        _check_outputs(loaded_decks, environment, options.outputs or OUTPUT_NAMES, report, unused=[])
        return BuildResult(report)
    lock_report = Report()
    built_decks = [
        _build_deck(loaded, *comparison, environment, options, lock_report)
        for loaded, comparison in zip(loaded_decks, comparisons, strict=True)
    ]
    report.extend(lock_report)
    for built in built_decks:
        report.extend(built.report)
    if lock_report.has_errors:
        return BuildResult(report)
    written = [built for built in built_decks if built.summary.is_written]
    outputs = {path: data for built in written for path, data in built.files.items()}
    files = {path: data for path, data in outputs.items() if data is not None}
    removals = tuple(path for path, data in outputs.items() if data is None)
    with_new_ids = [built.loaded for built in written if built.summary.ids]
    summaries = tuple(built.summary for built in built_decks)
    return BuildResult(move_spans(report, with_new_ids), files, removals, summaries)


def _check_outputs(
    loaded_decks: Iterable[LoadedDeck],
    environment: Environment,
    names: Sequence[str],
    report: Report,
    unused: list[tuple[Output, Deck]] | None = None,
) -> None:
    """Check outputs; see `check`."""
    is_sound = not report.has_errors
    for loaded in loaded_decks:
        for output in OUTPUTS:
            if output.name not in names:
                continue
            context = _output_context(loaded, environment, is_sound=is_sound)
            if unused is not None and not output.is_used(context):
                if not output.only_if_used:
                    unused.append((output, loaded.deck))
                continue
            output.check(context)
            report.extend(context.report)


class _BuiltDeck(Record, frozen=True):
    """A deck whose outputs were built as far as possible.

    files: in the order of writing, with None for one that is to be removed.
    report: what concerns single outputs.
    """

    loaded: LoadedDeck
    files: Mapping[str, bytes | None]
    report: Report
    summary: DeckSummary


def _build_deck(
    loaded: LoadedDeck,
    rendered: "RenderedDeck",
    reconciliation: "Reconciliation",
    environment: Environment,
    options: BuildOptions,
    lock_report: Report,
) -> _BuiltDeck:
    """Build the outputs of a deck. lock_report: takes what an automatic build finds wrong with its lock."""
    output_report = Report()
    changes_report = lock_report if options.locked else output_report
    changes_report.extend(reconciliation.diagnostics)
    if loaded.lock is not None:
        # A failed build and a first one do without it.
        from cardwright.formats.anki.unnoticed_renames import unnoticed_renames  # noqa: PLC0415

        severity = Severity.ERROR if options.locked else Severity.WARNING
        warnings = unnoticed_renames(_output_context(loaded, environment), rendered, reconciliation)
        changes_report.extend(replace(warning, severity=severity) for warning in warnings)
    files: dict[str, bytes | None] = {}
    built: list[Output] = []
    failed: list[FailedOutput] = []
    released: Lock | None = reconciliation.lock
    # Git may have checked the lock out with the line ends of Windows.
    if options.locked and encode_lock(reconciliation.lock) != (loaded.files.lock or b"").replace(
        b"\r\n", b"\n"
    ):
        lock_report.add(_lock_would_change(loaded))
    printed = None
    for output in OUTPUTS:
        context = _output_context(loaded, environment)
        if not output.is_wanted(context, options.outputs):
            continue
        result = output.build(context, rendered, reconciliation.lock)
        output_report.extend(context.report)
        if errors := context.report.error_count:
            failed.append(FailedOutput(output, errors, tuple(result.files)))
            released = None if output.keeps_lock else released
            continue
        files |= result.files
        built.append(output)
        printed = result.printed or printed
    if released is not None and not options.locked:
        # Not before, since the package of a big deck takes a lot of memory while it is made.
        lock = encode_lock(reconciliation.lock)
        files = {**dict(insert_missing_ids([loaded])), loaded.files.lock_path: lock, **files}
    return _BuiltDeck(loaded, files, output_report, _summarize(loaded, released, printed, built, failed))


def _output_context(loaded: LoadedDeck, environment: Environment, *, is_sound: bool = True) -> OutputContext:
    return OutputContext(
        *(loaded.deck, loaded.files.folder, loaded.lock, environment, Report(), is_sound, loaded.rendered)
    )


def _lock_would_change(loaded: LoadedDeck) -> Diagnostic:
    message = "the deck has no lock yet" if loaded.lock is None else "the lock doesn't match the sources"
    note = f"{loaded.files.lock_path} would change"
    help_ = "run `cardwright build` and commit the lock with the sources"
    return Diagnostic("lock-out-of-date", message, loaded.deck.span, note=note, help=help_)


def _summarize(
    loaded: LoadedDeck,
    lock: Lock | None,
    printed: PrintedCards | None,
    built: Iterable[Output],
    failed: Iterable[FailedOutput],
) -> DeckSummary:
    """Summarize the build of a deck. lock: as the build leaves it; None if it stays as it was."""
    previous = {} if loaded.lock is None else loaded.lock.notes
    entries = () if lock is None else lock.notes.values()
    present = [entry for entry in entries if not entry.retired]
    # Entries of notes without any change are the same objects.
    others = [entry for entry in entries if previous.get(entry.key) is not entry]
    # With `was:`, a note is still the same under another key.
    released = {entry.guid: entry for entry in previous.values() if others and entry.before != NEVER_RELEASED}
    pairs = [(entry, released[entry.guid]) for entry in others if entry.guid in released]
    active_keys = {entry.key for entry in released.values() if not entry.retired}
    kept = [
        (entry, old)
        for entry, old in pairs
        if not entry.retired and (not old.retired or entry.key in active_keys)
    ]
    new = sum(not entry.retired for entry in others) - len(kept)
    changed = sum(entry.mod != old.released_mod for entry, old in kept)
    return DeckSummary(
        deck=loaded.deck,
        new=new,
        changed=changed,
        unchanged=len(present) - new - changed,
        retired=sum(bool(entry.retired) and not old.retired for entry, old in pairs),
        cards=sum(len(entry.card_numbers) for entry in present),
        printed=printed,
        ids=0 if lock is None else len(loaded.missing_ids),
        built=tuple(built),
        failed=tuple(failed),
    )
