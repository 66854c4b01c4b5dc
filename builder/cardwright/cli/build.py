"""`cardwright build`."""

import os
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from cardwright import pipeline
from cardwright.cli import console, project
from cardwright.cli.only import only_option
from cardwright.diagnostics import Report
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import count_noun
from cardwright.formats.outputs import OUTPUT_NAMES, output_folder
from cardwright.pipeline import BuildOptions, BuildResult, DeckSummary
from cardwright.shell.build_files import undo_killed_build, write_build
from cardwright.shell.environment import LocalEnvironment
from cardwright.source.files import DeckFiles

_RehearseBuild = Callable[[Path, Mapping[str, bytes], Report], list[str]]


@click.command()
@click.argument("decks", metavar="[DECK]...", nargs=-1)
@click.option("--locked", is_flag=True, help="Fail if an id or the lock would change. For automatic builds.")
@click.option(
    "--restore-lock", is_flag=True, help="Make a lost or damaged lock anew from the packages in decks/."
)
@only_option("Build only these")
@click.option(
    "--rehearse",
    is_flag=True,
    help="First try each package on someone who studies the one in decks/; write nothing if that loses "
    "anything. Needs cardwright[anki].",
)
@console.all_option
def command(
    decks: tuple[str, ...],
    locked: bool,
    restore_lock: bool,
    only: tuple[str, ...] | None,
    rehearse: bool,
    show_all: bool,
) -> None:
    """Check decks, then write their Anki packages and card sheets.

    Reads the decks in cards_source/ and writes decks/<deck>/<deck>.apkg and
    .pdf. A card without an id gets one written into its source; deck.lock
    remembers what was released, and belongs in version control with the
    sources. A file that wouldn't change is left alone.

    After an error in the sources, or a conflict with what was released,
    nothing is written at all. What only paper has no room for, or no sign,
    stops the sheets alone: those in decks/ stay as they were, and the package
    is written. `print: false` on a card, at the top of a topic or in deck.yaml
    keeps cards off paper.

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
    outputs = only or OUTPUT_NAMES
    if rehearse and "anki" not in outputs:
        raise click.UsageError("--rehearse tries Anki packages, and --only leaves them out")
    if locked and restore_lock:
        raise click.UsageError("--locked lets no lock change, and --restore-lock writes one")
    rehearse_build = _load_rehearse_build() if rehearse else None
    root = project.find_root()
    now = console.build_time()
    report = Report()
    if console.value_or_report(undo_killed_build(root), report):
        console.print_line("The last build was killed while it wrote; its files are as before it.", err=True)
    if report.has_errors:
        console.fail(report)
    selected = project.select_decks(root, decks, report)
    salt = secrets.token_hex(3)
    options = BuildOptions(now=now, salt=salt, outputs=outputs, locked=locked, restore_lock=restore_lock)
    result = pipeline.build(selected, LocalEnvironment(root, os.environ, sys.stderr), options)
    with _write(root, selected, result, rehearse_build, report) as lines:
        report.extend(result.report)
        if lines is None:
            console.fail(report, show_all=show_all)
        console.print_report(report, err=True, show_all=show_all)
        if len(report):
            console.print_line(console.count_problems(report), err=True)
        for line in lines:
            console.print_line(line)
        for line in _failure_lines(result.summaries):
            console.print_line(line, err=True)
    if report.has_errors:
        raise SystemExit(1)


@contextmanager
def _write(
    root: Path,
    decks: Sequence[DeckFiles],
    result: BuildResult,
    rehearse_build: _RehearseBuild | None,
    report: Report,
) -> Iterator[list[str] | None]:
    """Write what was built, and yield the lines about it; None if none of it can be written.

    A build that is killed before all has been printed is undone by the next one.

    decks: as they were read. rehearse_build: tries the packages first.
    report: has what kept decks from being read, and takes what keeps files from being written.
    """
    can_be_written = not report.has_errors and any(summary.is_written for summary in result.summaries)
    if not can_be_written:
        yield None
        return
    lines = [] if rehearse_build is None else rehearse_build(root, result.files, report)
    if report.has_errors:
        yield None
        return
    files = {**result.files, **dict.fromkeys(result.removals)}
    with write_build(root, files.items(), _inputs(decks)) as written_paths:
        if isinstance(written_paths, tuple):
            yield [*lines, *_closing_lines(result, decks, written_paths)]
        else:
            report.add(written_paths)
            yield None


def _load_rehearse_build() -> _RehearseBuild:
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
    for summary in (summary for summary in result.summaries if summary.is_written):
        deck = decks_by_name[summary.deck.folder]
        inputs = {*deck.sources, deck.lock_path}
        folder = f"{output_folder(deck.name)}/"
        yield _notes_line(summary)
        if summary.ids:
            ids = count_noun(summary.ids, "id")
            yield f"  {ids} written into the sources; keep them with your cards"
        for path in result.files:
            if path in inputs or path.startswith(folder):
                status = "written" if path in written_paths else "unchanged"
                yield f"  {status:<11}{escape_controls(path)}"
        for path in result.removals:
            if path in written_paths and path.startswith(folder):
                yield f"  {'removed':<11}{escape_controls(path)}"
        for path in (path for output in summary.failed for path in output.kept):
            yield f"  {'as it was':<11}{escape_controls(path)}"


def _notes_line(summary: DeckSummary) -> str:
    """Return such as `Birds: 12 notes (2 new, 10 unchanged), 15 cards on 2 sheets, 1 retired`.

    Of a deck whose package cannot be built, only the sheets are counted.
    """
    counts = {"new": summary.new, "changed": summary.changed, "unchanged": summary.unchanged}
    statuses = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    notes = f"{count_noun(sum(counts.values()), 'note')} ({statuses}), " if statuses else ""
    retired = f", {summary.retired} retired" if summary.retired else ""
    return f"{escape_controls(summary.deck.name)}: {notes}{_cards(summary)}{retired}"


def _cards(summary: DeckSummary) -> str:
    """Return such as `15 cards on 2 sheets`, or `15 cards, 8 of them on 1 sheet`."""
    printed, cards = summary.printed, count_noun(summary.cards, "card")
    if printed is None:
        return cards
    sheets = f"on {count_noun(printed.sheets, 'sheet')}" if printed.cards else "on paper"
    if summary.cards in (0, printed.cards):
        return f"{count_noun(printed.cards, 'card')} {sheets}"
    return f"{cards}, {printed.cards or 'none'} of them {sheets}"


def _failure_lines(summaries: Iterable[DeckSummary]) -> Iterator[str]:
    """Yield for each deck with errors what is written and what is not, and how to do without it."""
    for summary in summaries:
        if not summary.failed:
            continue
        name, built = escape_controls(summary.deck.name), " and ".join(map(_with_verb, summary.built))
        failed = " and ".join(
            f"{_with_verb(output.description)} not{'' if built else ' written'}:"
            f" {count_noun(output.errors, 'error')}"
            for output in summary.failed
        )
        yield f"{name}: {f'{built} written; ' if built else ''}{failed}"
        for output in summary.failed:
            if output.opt_out:
                path = escape_controls(summary.deck.span.source.path)
                yield f"  `{output.opt_out}` in {path} builds the deck without {output.description}"


def _with_verb(description: str) -> str:
    return f"the {description} {'are' if description.endswith('s') else 'is'}"
