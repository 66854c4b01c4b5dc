"""Builds decks as `cardwright build` was told to."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from cardwright import pipeline
from cardwright.cli import console, project
from cardwright.diagnostics import Report
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import count_noun
from cardwright.formats.outputs import output_folder
from cardwright.pipeline import BuildOptions, BuildResult, DeckSummary
from cardwright.record import replace
from cardwright.shell.build_files import undo_killed_build, write_build
from cardwright.shell.environment import LocalEnvironment
from cardwright.shell.replay import Printed, Run
from cardwright.source.files import DeckFiles

RehearseBuild = Callable[[Path, Mapping[str, bytes], Report], list[str]]
"""Tries the packages of a build before they are written. Returns a line for each."""


def build_decks(
    root: Path,
    names: Sequence[str],
    *,
    options: BuildOptions,
    run: Run | None,
    rehearse_build: RehearseBuild | None,
    show_all: bool,
) -> None:
    """Build decks, or report everything that is wrong and exit with 1.

    names: of the decks, as typed; none for all. run: this run, to be replayed if it can be.
    rehearse_build: tries the packages before they are written. show_all: see `console.render_report`.
    """
    report = Report()
    if console.value_or_report(undo_killed_build(root), report):
        console.print_line("The last build was killed while it wrote; its files are as before it.", err=True)
    if report.has_errors:
        console.fail(report)
    decks = project.select_decks(root, names, report)
    result = pipeline.build(decks, LocalEnvironment(root, os.environ, sys.stderr), options)
    with _write(root, decks, result, rehearse_build, report) as written:
        report.extend(result.report)
        if written is None:
            console.fail(report, show_all=show_all)
        problems = console.render_report(report, show_all=show_all)
        if len(report):
            problems.append(console.count_problems(report))
        lines = [*written.rehearsals, *_closing_lines(result, decks, written.paths)]
        printed = Printed(problems, [console.escape_lines(line) for line in lines])
        console.print_rendered(printed)
        for line in _failure_lines(result.summaries):
            console.print_line(line, err=True)
    if report.has_errors:
        raise SystemExit(1)
    if run is not None and (next_printed := _next_printed(result, decks, printed, written.paths)):
        run.keep(next_printed, {path: result.files[path] for path in written.paths})


def _next_printed(
    result: BuildResult, decks: Sequence[DeckFiles], printed: Printed, written_paths: Sequence[str]
) -> Printed | None:
    """Return what the next build prints if nothing changes until then; None if it may say something new.

    printed: what this build says. written_paths: of files that it has written.
    """
    if not written_paths:
        return printed
    # What is said of a change isn't said again: a diagnostic, an id, a note or a file that has left.
    if printed.err or not result.files.keys() >= set(written_paths):
        return None
    if any(summary.ids or summary.retired for summary in result.summaries):
        return None
    summaries = tuple(
        replace(summary, new=0, changed=0, unchanged=summary.new + summary.changed + summary.unchanged)
        for summary in result.summaries
    )
    lines = _closing_lines(replace(result, summaries=summaries), decks, ())
    return Printed([], [console.escape_lines(line) for line in lines])


class _Written(NamedTuple):
    """What was written. rehearsals: a line for each package that was tried. paths: written or removed."""

    rehearsals: list[str]
    paths: tuple[str, ...]


@contextmanager
def _write(
    root: Path,
    decks: Sequence[DeckFiles],
    result: BuildResult,
    rehearse_build: RehearseBuild | None,
    report: Report,
) -> Iterator[_Written | None]:
    """Write what was built, and yield what was written; None if none of it can be.

    A build that is killed before all has been printed is undone by the next one.

    decks: as they were read. rehearse_build: tries the packages first.
    report: has what kept decks from being read, and takes what keeps files from being written.
    """
    can_be_written = not report.has_errors and any(summary.is_written for summary in result.summaries)
    if not can_be_written:
        yield None
        return
    rehearsals = [] if rehearse_build is None else rehearse_build(root, result.files, report)
    if report.has_errors:
        yield None
        return
    files = {**result.files, **dict.fromkeys(result.removals)}
    with write_build(root, files.items(), _inputs(decks)) as written_paths:
        if isinstance(written_paths, tuple):
            yield _Written(rehearsals, written_paths)
        else:
            report.add(written_paths)
            yield None


def _inputs(decks: Iterable[DeckFiles]) -> dict[str, bytes | None]:
    """Return the content of all files that a build was made from, by path."""
    inputs: dict[str, bytes | None] = {}
    for deck in decks:
        inputs |= {**deck.sources, deck.lock_path: deck.lock}
    return inputs


def _closing_lines(
    result: BuildResult, decks: Iterable[DeckFiles], written_paths: Sequence[str]
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
