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


class Build(NamedTuple):
    """A build, once it has written what it could.

    report: everything there is to say. decks: as they were read.
    rehearsals: a line for each package that was tried first.
    written: paths of files that were written or removed; None if nothing may be written.
    """

    report: Report
    decks: Sequence[DeckFiles]
    result: BuildResult
    rehearsals: Sequence[str]
    written: tuple[str, ...] | None


@contextmanager
def run_build(
    root: Path, names: Sequence[str], options: BuildOptions, rehearse_build: RehearseBuild | None = None
) -> Iterator[Build]:
    """Build decks, for a block that prints what there is to say.

    A build that is killed before the block is done is undone by the next one.

    names: of the decks, as typed; none for all. rehearse_build: tries the packages before they are written.

    Errors: a usage error for a name that no deck has, or when there is none at all.
    """
    report = Report()
    if console.value_or_report(undo_killed_build(root), report):
        console.print_line("The last build was killed while it wrote; its files are as before it.", err=True)
    if report.has_errors:
        yield Build(report, (), BuildResult(Report()), (), None)
        return
    decks = project.select_decks(root, names, report)
    result = pipeline.build(decks, LocalEnvironment(root, os.environ, sys.stderr), options)
    can_be_written = any(summary.is_written for summary in result.summaries) and not report.has_errors
    rehearsals: Sequence[str] = ()
    if rehearse_build is not None and can_be_written:
        rehearsals = rehearse_build(root, result.files, report)
    if not can_be_written or report.has_errors:
        report.extend(result.report)
        yield Build(report, decks, result, rehearsals, None)
        return
    files = {**result.files, **dict.fromkeys(result.removals)}
    with write_build(root, files.items(), _inputs(decks)) as written:
        if not isinstance(written, tuple):
            report.add(written)
        report.extend(result.report)
        yield Build(report, decks, result, rehearsals, written if isinstance(written, tuple) else None)


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

    names, rehearse_build: as for `run_build`. run: this run, to be replayed if it can be.
    show_all: see `console.render_report`.
    """
    with run_build(root, names, options, rehearse_build) as build:
        if build.written is None:
            console.fail(build.report, show_all=show_all)
        printed = print_build(build, show_all=show_all)
    if build.report.has_errors:
        raise SystemExit(1)
    if run is not None and (next_printed := _next_printed(build, printed)):
        run.keep(next_printed, {path: build.result.files[path] for path in build.written})


def print_build(build: Build, *, show_all: bool) -> Printed:
    """Print what a build says that has written something. Returns it without what could not be built."""
    problems = console.render_report(build.report, show_all=show_all)
    if len(build.report):
        problems.append(console.count_problems(build.report))
    lines = [*build.rehearsals, *_closing_lines(build.result, build.decks, build.written or ())]
    printed = Printed(problems, [console.escape_lines(line) for line in lines])
    console.print_rendered(printed)
    for line in failure_lines(build.result.summaries):
        console.print_line(line, err=True)
    return printed


def _next_printed(build: Build, printed: Printed) -> Printed | None:
    """Return what the next build prints if nothing changes until then; None if it may say something new.

    printed: what this build says.
    """
    result = build.result
    if not build.written:
        return printed
    # What is said of a change isn't said again: a diagnostic, an id, a note or a file that has left.
    if printed.err or not result.files.keys() >= set(build.written):
        return None
    if any(summary.ids or summary.retired for summary in result.summaries):
        return None
    summaries = tuple(
        replace(summary, new=0, changed=0, unchanged=summary.new + summary.changed + summary.unchanged)
        for summary in result.summaries
    )
    lines = _closing_lines(replace(result, summaries=summaries), build.decks, ())
    return Printed([], [console.escape_lines(line) for line in lines])


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
        yield notes_line(summary)
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


def notes_line(summary: DeckSummary) -> str:
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


def failure_lines(summaries: Iterable[DeckSummary]) -> Iterator[str]:
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
