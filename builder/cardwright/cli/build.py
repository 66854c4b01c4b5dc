"""`cardwright build`."""

import os
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

import click

from cardwright import pipeline
from cardwright.cli import console, project
from cardwright.diagnostics import Report
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import count_noun
from cardwright.formats.outputs import OUTPUT_FOLDER, OUTPUT_NAMES, OUTPUTS
from cardwright.pipeline import BuildOptions, BuildResult, DeckSummary
from cardwright.shell.environment import LocalEnvironment
from cardwright.shell.write import write_files
from cardwright.source.files import DeckFiles

_ONLY_HELP = "Build only these, separated by commas: {}.".format(
    ", ".join(f"{output.name} ({output.description})" for output in OUTPUTS)
)


def _parse_only(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    if value is None:
        return OUTPUT_NAMES
    names = [name.strip() for name in value.split(",")]
    for name in names:
        if name not in OUTPUT_NAMES:
            raise click.UsageError(f"--only: `{name}` can't be built; it can be {', '.join(OUTPUT_NAMES)}")
    return tuple(names)


@click.command()
@click.argument("decks", metavar="[DECK]...", nargs=-1)
@click.option("--locked", is_flag=True, help="Fail if an id or the lock would change. For automatic builds.")
@click.option(
    "--restore-lock", is_flag=True, help="Make a lost or damaged lock anew from the packages in decks/."
)
@click.option("--only", metavar="OUTPUTS", callback=_parse_only, help=_ONLY_HELP)
@click.option(
    "--rehearse",
    is_flag=True,
    help="First try each package on someone who studies the one in decks/; write nothing if that loses "
    "anything. Needs cardwright[anki].",
)
def command(
    decks: tuple[str, ...], locked: bool, restore_lock: bool, only: tuple[str, ...], rehearse: bool
) -> None:
    """Check decks, then write their Anki packages and card sheets.

    Reads the decks in cards_source/ and writes decks/<deck>/<deck>.apkg and
    .pdf. A card without an id gets one written into its source; deck.lock
    remembers what was released, and belongs in version control with the
    sources. If there is any error, nothing is written at all; a file that
    wouldn't change is left alone.

    DECK is the id of a deck, the name of its folder, or a path; without one,
    all decks are built. SOURCE_DATE_EPOCH, if set, is the time of the build.
    What earlier builds found out about the sheets is in your cache folder,
    which may be emptied at any time; CARDWRIGHT_CACHE names another folder,
    or is `off` to do without.

    Exits with 0 when everything is written, and with 1 when it isn't.

    \b
    Example:
      cardwright build
      cardwright build hamstrings --only anki
      cardwright build --rehearse
    """
    if rehearse and "anki" not in only:
        raise click.UsageError("--rehearse tries Anki packages, and --only leaves them out")
    if locked and restore_lock:
        raise click.UsageError("--locked lets no lock change, and --restore-lock writes one")
    rehearse_build = _load_rehearse_build() if rehearse else None
    root = project.find_root()
    now = console.build_time()
    report = Report()
    selected = project.select_decks(root, decks, report)
    salt = secrets.token_hex(3)
    options = BuildOptions(now=now, salt=salt, outputs=only, locked=locked, restore_lock=restore_lock)
    result = pipeline.build(selected, LocalEnvironment(root, os.environ, sys.stderr), options)
    report.extend(result.report)
    lines: list[str] = []
    if rehearse_build and not report.has_errors:
        lines += rehearse_build(root, result.files, report)
    if not report.has_errors:
        removals = dict.fromkeys(result.removals)
        written_paths = write_files(root, [*result.files.items(), *removals.items()], _inputs(selected))
        if isinstance(written_paths, tuple):
            lines += _closing_lines(result, selected, written_paths)
        else:
            report.add(written_paths)
    if report.has_errors:
        console.fail(report)
    console.print_report(report, err=True)
    if len(report):
        console.print_line(console.count_problems(report), err=True)
    for line in lines:
        console.print_line(line)


def _load_rehearse_build() -> Callable[[Path, Mapping[str, bytes], Report], list[str]]:
    # Few builds are rehearsed.
    from cardwright.cli.rehearse import load_rehearse, rehearse_build

    return partial(rehearse_build, rehearse=load_rehearse())


def _inputs(decks: Iterable[DeckFiles]) -> dict[str, bytes | None]:
    """Return the content of all files that a build was made from, by path."""
    inputs: dict[str, bytes | None] = {}
    for deck in decks:
        inputs |= {**deck.sources, deck.lock_path: deck.lock}
    return inputs


def _closing_lines(
    result: BuildResult, decks: Iterable[DeckFiles], written_paths: tuple[str, ...]
) -> Iterator[str]:
    """Yield for each deck a line about its notes, then one about each of its files."""
    decks_by_name = {deck.name: deck for deck in decks}
    for summary in result.summaries:
        deck = decks_by_name[summary.deck.folder]
        inputs = {*deck.sources, deck.lock_path}
        output_folder = f"{OUTPUT_FOLDER}/{deck.name}/"
        yield _notes_line(summary)
        if summary.ids:
            ids = count_noun(summary.ids, "id")
            yield f"  {ids} written into the sources; keep them with your cards"
        for path in result.files:
            if path in inputs or path.startswith(output_folder):
                status = "written" if path in written_paths else "unchanged"
                yield f"  {status:<11}{escape_controls(path)}"
        for path in result.removals:
            if path in written_paths and path.startswith(output_folder):
                yield f"  {'removed':<11}{escape_controls(path)}"


def _notes_line(summary: DeckSummary) -> str:
    """Return such as `Birds: 12 notes (2 new, 10 unchanged), 15 cards on 2 sheets, 1 retired`."""
    counts = {"new": summary.new, "changed": summary.changed, "unchanged": summary.unchanged}
    statuses = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    notes = count_noun(sum(counts.values()), "note")
    cards = count_noun(summary.cards, "card")
    sheets = f" on {count_noun(summary.sheets, 'sheet')}" if summary.sheets else ""
    retired = f", {summary.retired} retired" if summary.retired else ""
    return f"{escape_controls(summary.deck.name)}: {notes} ({statuses}), {cards}{sheets}{retired}"
