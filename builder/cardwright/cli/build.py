"""`cardwright build`."""

import os
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import click

from cardwright import pipeline
from cardwright.cli import output, project
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import count_noun
from cardwright.diagnostics.report import Report
from cardwright.pipeline import FORMATS, BuildOptions, BuildResult, DeckSummary, OutputFile
from cardwright.shell import clock
from cardwright.shell.environment import LocalEnvironment
from cardwright.shell.project import OUTPUTS
from cardwright.shell.write import write
from cardwright.source.files import DeckFiles


def _formats(_ctx: click.Context, _parameter: click.Parameter, written: str | None) -> tuple[str, ...]:
    """The formats named in `--only`, in the order in which they are built."""
    if written is None:
        return FORMATS
    names = [name.strip() for name in written.split(",")]
    for name in names:
        if name not in FORMATS:
            raise click.UsageError(f"--only: `{name}` cannot be built; it can be {', '.join(FORMATS)}")
    return tuple(name for name in FORMATS if name in names)


@click.command(short_help="Write Anki packages and card sheets.")
@click.argument("decks", metavar="[DECK]...", nargs=-1)
@click.option("--locked", is_flag=True, help="Fail if an id or the lock would change. For automatic builds.")
@click.option(
    "--only", metavar="FORMATS", callback=_formats, help=f"Build these alone, such as {','.join(FORMATS)}."
)
@click.option(
    "--rehearse",
    is_flag=True,
    help="First try each package on someone who studies the one in decks/; write nothing if that loses "
    "anything. Needs cardwright[anki].",
)
def command(decks: tuple[str, ...], locked: bool, only: tuple[str, ...], rehearse: bool) -> None:
    """Check decks, then write their Anki packages and card sheets.

    Reads the decks in cards_source/ and writes decks/<deck>/<deck>.apkg and
    .pdf. A card without an id gets one written into its source; deck.lock
    remembers what was released, and belongs into version control with the
    sources. With any error nothing is written at all, and a file that would
    not change is left alone.

    DECK is the id of a deck, the name of its folder, or a path; without one,
    all decks are built. SOURCE_DATE_EPOCH, if set, is the time of the build.
    What is known of the sheets of earlier builds lies in your cache folder,
    which may be emptied at any time; CARDWRIGHT_CACHE names another folder,
    or is `off` to do without.

    Exits with 0 when all is written, and with 1 when it is not.

    \b
    Example:
      cardwright build
      cardwright build hamstrings --only anki
      cardwright build --rehearse
    """
    if rehearse and "anki" not in only:
        raise click.UsageError("--rehearse tries Anki packages, and --only leaves them out")
    rehearsal = _rehearsal() if rehearse else None
    root = project.root()
    try:
        now = clock.now(os.environ)
    except clock.NotATime as mistake:
        raise click.UsageError(str(mistake)) from mistake
    report = Report()
    chosen = project.chosen(root, decks, report)
    options = BuildOptions(now=now, salt=secrets.token_hex(3), formats=only, locked=locked)
    outcome = pipeline.build(chosen, LocalEnvironment(root, os.environ, sys.stderr), options)
    report.extend(outcome.report)
    written: tuple[str, ...] = ()
    rehearsed: list[str] = []
    if rehearsal and not report.has_errors:
        rehearsed = rehearsal(root, outcome.outputs, report)
    if not report.has_errors:
        outputs = [(one.path, one.data) for one in outcome.outputs]
        result = write(root, [*outputs, *((path, None) for path in outcome.removals)], _read(chosen))
        if isinstance(result, tuple):
            written = result
        else:
            report.add(result)
    output.findings(report, err=True)
    if report.has_errors:
        output.line(f"{output.counts(report)}; nothing was written", err=True)
        raise SystemExit(1)
    if len(report):
        output.line(output.counts(report), err=True)
    for told in (*rehearsed, *_closing(outcome, chosen, written)):
        output.line(told)


def _rehearsal() -> Callable[[Path, Sequence[OutputFile], Report], list[str]]:
    """What rehearses the outputs of a build; see `rehearse.against_released`.

    Errors: a usage error when Anki's importer is not there.
    """
    # Few builds are rehearsed.
    from cardwright.cli.rehearse import against_released, rehearser

    ready = rehearser()
    return lambda root, outputs, report: against_released(root, outputs, ready, report)


def _read(decks: Iterable[DeckFiles]) -> dict[str, bytes | None]:
    """What a build was made from, by path."""
    read: dict[str, bytes | None] = {}
    for deck in decks:
        read |= {**deck.sources, deck.lock_path: deck.lock}
    return read


def _closing(outcome: BuildResult, decks: Iterable[DeckFiles], written: tuple[str, ...]) -> Iterator[str]:
    """What happened, for each deck: to its notes, then to its files."""
    by_name = {deck.name: deck for deck in decks}
    for summary in outcome.summaries:
        deck = by_name[summary.deck.folder]
        own = {*deck.sources, deck.lock_path}
        yield _notes(summary)
        if summary.ids:
            yield f"  {count_noun(summary.ids, 'id')} written into the sources; keep them with your cards"
        for file in outcome.outputs:
            if file.path in own or file.path.startswith(f"{OUTPUTS}/{deck.name}/"):
                status = "written" if file.path in written else "unchanged"
                yield f"  {status:<11}{escape_controls(file.path)}"
        for path in outcome.removals:
            if path in written and path.startswith(f"{OUTPUTS}/{deck.name}/"):
                yield f"  {'removed':<11}{escape_controls(path)}"


def _notes(summary: DeckSummary) -> str:
    """`Birds: 12 notes (2 new, 10 unchanged), 15 cards on 2 sheets, 1 retired`."""
    fates = {"new": summary.new, "changed": summary.changed, "unchanged": summary.unchanged}
    told = ", ".join(f"{count} {fate}" for fate, count in fates.items() if count)
    notes = count_noun(sum(fates.values()), "note")
    cards = count_noun(summary.cards, "card")
    sheets = f" on {count_noun(summary.sheets, 'sheet')}" if summary.sheets else ""
    retired = f", {summary.retired} retired" if summary.retired else ""
    return f"{escape_controls(summary.deck.name)}: {notes} ({told}), {cards}{sheets}{retired}"
