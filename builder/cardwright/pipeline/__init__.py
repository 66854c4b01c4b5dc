"""The compiler: decks as files go in, files to be written and findings come out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

from cardwright.collection.deck import Deck
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.report import Report
from cardwright.identity import lock as locks
from cardwright.identity.lock import Lock
from cardwright.pipeline import layouts
from cardwright.pipeline.identify import identify
from cardwright.pipeline.interface import (
    FORMATS,
    BuildOptions,
    BuildResult,
    DeckSummary,
    Environment,
    OutputFile,
)
from cardwright.pipeline.load import LoadedDeck, after_edits, edits, load, missing_ids
from cardwright.pipeline.summary import summary
from cardwright.source.files import DeckFiles

if TYPE_CHECKING:
    from cardwright.formats.anki.render import RenderedDeck
    from cardwright.formats.anki.retired import ReleasedNote

__all__ = [
    "FORMATS",
    "BuildOptions",
    "BuildResult",
    "DeckSummary",
    "Environment",
    "OutputFile",
    "build",
    "check",
]


def check(
    decks: Sequence[DeckFiles],
    workshop: Environment,
    formats: Sequence[str] = FORMATS,
    today: date | None = None,
) -> Report:
    """Everything that can be said of decks without writing anything.

    formats: those of FORMATS for which the decks are to be good.
    today: the day on which advice on the writing of cards is given; None for no advice.
    """
    report = Report()
    loaded = load(decks, workshop, report)
    _look_further(loaded, workshop, formats, report)
    report.extend(missing_ids(loaded, Severity.NOTE))
    if today is not None:
        from cardwright.check.lints import run_lints  # noqa: PLC0415  a build gives none

        for one in loaded:
            report.extend(run_lints(one.deck, one.used_suppressions, today))
    return report


def build(decks: Sequence[DeckFiles], workshop: Environment, options: BuildOptions) -> BuildResult:
    """Build decks: sources with their ids, locks, then artifacts.

    An error in any of them leaves nothing to write for all of them.
    """
    report = Report()
    loaded = load(decks, workshop, report, salt=options.salt)
    if options.locked:
        report.extend(missing_ids(loaded, Severity.ERROR))
    failed = report.has_errors
    if failed:
        _look_further(loaded, workshop, options.formats, report)
    built = [] if failed else [_build(one, workshop, options, report) for one in loaded]
    if failed or report.has_errors:
        return BuildResult(report)
    return BuildResult(
        after_edits(report, loaded),
        (*edits(loaded).values(), *(output for one in built for output in one.outputs)),
        tuple(path for one in built for path in one.removals),
        tuple(one.summary for one in built),
    )


@dataclass(frozen=True, slots=True)
class _Built:
    """What becomes of one deck; see `BuildResult`."""

    outputs: list[OutputFile]
    removals: list[str]
    summary: DeckSummary


def _look_further(
    loaded: Sequence[LoadedDeck], workshop: Environment, formats: Sequence[str], report: Report
) -> None:
    """Find what a build would trip over, so that it is all told at once."""
    for one in loaded:
        if "anki" in formats and not report.has_errors:
            report.extend(identify(one, now=0)[1].diagnostics)
        if "pdf" in formats:
            with layouts.cards(one, workshop, report):
                pass


def _build(loaded: LoadedDeck, workshop: Environment, options: BuildOptions, report: Report) -> _Built:
    """One deck: its lock and its artifacts."""
    deck = loaded.deck
    rendered, settled = identify(loaded, options.now)
    report.extend(settled.diagnostics)
    lock = locks.write_lock(settled.lock).encode()
    # By path, in the order of writing; None for what there is no reason for any more.
    made: dict[str, bytes | None] = {} if options.locked else {loaded.files.lock_path: lock}
    # Git may have checked the lock out with the line ends of Windows.
    if options.locked and lock != (loaded.files.lock or b"").replace(b"\r\n", b"\n"):
        report.add(_lock_would_change(loaded))
    # With an error the lock is of no use; the sheets are laid out all the same, to tell what is wrong there.
    if "anki" in options.formats and not settled.failed:
        made |= _packages(loaded, rendered, settled.lock, workshop, report)
    sheets = 0
    if "pdf" in options.formats:
        with layouts.cards(loaded, workshop, report) as layout:
            made |= dict.fromkeys(_earlier_sheets(deck, workshop))
            for drawn in layout.draw() if layout is not None else ():
                made[_sheets_path(deck, drawn.part)] = drawn.data
            sheets = 0 if layout is None else layout.sheets
    return _Built(
        [OutputFile(path, data) for path, data in made.items() if data is not None],
        [path for path, data in made.items() if data is None],
        summary(loaded, settled.lock, sheets),
    )


def _packages(
    loaded: LoadedDeck, rendered: "RenderedDeck", lock: Lock, workshop: Environment, report: Report
) -> dict[str, bytes | None]:
    """What learners import, and the page that tells them what it means."""
    from cardwright.formats.anki.package import package  # noqa: PLC0415  see identify.py
    from cardwright.formats.anki.retired import (  # noqa: PLC0415  see identify.py
        lost_texts,
        released,
        retired_package,
    )
    from cardwright.formats.changes import changes  # noqa: PLC0415  see identify.py

    deck = loaded.deck
    main, retired = _path(deck, ".apkg"), _path(deck, "-retired.apkg")
    known: dict[str, ReleasedNote] = {}
    if any(entry.retired for entry in lock.notes.values()):
        # Their texts have left the sources; the packages that had them last still have them.
        known = released(workshop.built(retired) or b"") | released(workshop.built(main) or b"")
        if loaded.lock is not None:
            report.extend(lost_texts(loaded.lock, lock, known))
    return {
        main: package(deck, rendered, lock),
        retired: retired_package(deck, rendered.types, lock, known),
        f"decks/{deck.folder}/CHANGES.md": changes(deck, lock).encode(),
    }


def _earlier_sheets(deck: Deck, workshop: Environment) -> Iterator[str]:
    """The files of sheets that an earlier build wrote, when the deck was of another size or mode."""

    def there(*parts: str) -> list[str]:
        paths = [_sheets_path(deck, part) for part in parts]
        return [path for path in paths if workshop.built(path) is not None]

    yield from there("", "fronts", "backs")
    for number in count(1):
        volume = there(f"{number}", f"{number}-fronts", f"{number}-backs")
        if not volume:
            return
        yield from volume


def _sheets_path(deck: Deck, part: str) -> str:
    """Of a file of sheets. part: as of `Drawn`."""
    return _path(deck, f"-{part}.pdf" if part else ".pdf")


def _path(deck: Deck, ending: str) -> str:
    """Of a file that is named after its deck."""
    return f"decks/{deck.folder}/{deck.folder}{ending}"


def _lock_would_change(loaded: LoadedDeck) -> Diagnostic:
    return Diagnostic(
        code="lock-out-of-date",
        message="the deck has no lock yet" if loaded.lock is None else "the lock does not fit the sources",
        span=loaded.deck.span,
        note=f"{loaded.files.lock_path} would change",
        help="run `cardwright build` and commit the lock with the sources",
    )
