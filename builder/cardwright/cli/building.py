"""Builds decks as `cardwright build` was told to."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cardwright import pipeline
from cardwright.cli import console, json_output, project
from cardwright.diagnostics import Report, Severity
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import count_noun
from cardwright.formats.outputs import output_folder
from cardwright.formats.registry import Output
from cardwright.pipeline import BuildOptions, BuildResult, DeckSummary
from cardwright.record import replace
from cardwright.shell.build_files import undo_killed_build, write_build
from cardwright.shell.environment import LocalEnvironment
from cardwright.shell.replay import Printed, Run
from cardwright.shell.signals import ignore_further_signals
from cardwright.source.files import DeckFiles

if TYPE_CHECKING:
    from cardwright.cli.rehearsing import Rehearsal

RehearseBuild = Callable[[Path, Mapping[str, bytes], Sequence[DeckFiles], Report], "list[Rehearsal]"]
"""Tries the packages of a build before they are written."""


class Build(NamedTuple):
    """A build, once it has written what it could.

    report: everything there is to say. decks: as they were read.
    rehearsals: of the packages that were tried first.
    written: paths of files that were written or removed; None if nothing may be written.
    """

    report: Report
    decks: Sequence[DeckFiles]
    result: BuildResult
    rehearsals: "Sequence[Rehearsal]"
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
    rehearsals: Sequence[Rehearsal] = ()
    if rehearse_build is not None and can_be_written:
        rehearsals = rehearse_build(root, result.files, decks, report)
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
    output_format: str,
    show_all: bool,
) -> None:
    """Build decks, or report everything that is wrong and exit with 1.

    names, rehearse_build: as for `run_build`. run: this run, to be replayed if it can be.
    output_format, show_all: see `print_build`.
    """
    with run_build(root, names, options, rehearse_build) as build:
        print_build(build, output_format, show_all=show_all)
        # From here on the build stands, which a process that says that it was stopped must not leave behind.
        ignore_further_signals()
    if build.report.has_errors or build.written is None:
        raise SystemExit(1)
    next_build = _next_build(build)
    if run is not None and next_build is not None:
        printed = _render_build(next_build, output_format, show_all=show_all)
        run.keep(printed, {path: build.result.files[path] for path in build.written})


def print_build(build: Build, output_format: str, *, show_all: bool) -> None:
    """Print what a build says. output_format: `text` or `json`. show_all: see `console.render_report`."""
    if output_format == "text" and build.written is None:
        console.print_failure(build.report, show_all=show_all)
        return
    console.print_rendered(_render_build(build, output_format, show_all=show_all))
    if output_format == "text":
        for line in failure_lines(build.result.summaries):
            console.print_line(line, err=True)


def _render_build(build: Build, output_format: str, *, show_all: bool) -> Printed:
    """Return what a build says, as text without what could not be built."""
    if output_format == "json":
        return Printed([], [_render_json(build)])
    problems = console.render_report(build.report, show_all=show_all)
    if len(build.report):
        problems.append(console.count_problems(build.report))
    lines = [rehearsal.line for rehearsal in build.rehearsals]
    lines += _closing_lines(build.result, build.decks, build.written or ())
    return Printed(problems, [console.escape_lines(line) for line in lines])


def _next_build(build: Build) -> Build | None:
    """Return the next build, if nothing changes until then; None if it may have something new to say."""
    result = build.result
    if not build.written:
        return build
    # What is said of a change isn't said again: a diagnostic, an id, a note or a file that has left.
    if len(build.report) or not result.files.keys() >= set(build.written):
        return None
    if any(summary.ids or summary.retired for summary in result.summaries):
        return None
    summaries = tuple(
        replace(summary, new=0, changed=0, unchanged=summary.new + summary.changed + summary.unchanged)
        for summary in result.summaries
    )
    return build._replace(result=replace(result, summaries=summaries), written=())


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
        yield notes_line(summary)
        if summary.ids:
            ids = count_noun(summary.ids, "id")
            yield f"  {ids} written into the sources; keep them with your cards"
        for path, status in _file_statuses(
            decks_by_name[summary.deck.folder], summary, result, written_paths
        ):
            yield f"  {status:<11}{escape_controls(path)}"


def _file_statuses(
    deck: DeckFiles, summary: DeckSummary, result: BuildResult, written_paths: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield the path of each file of a deck, and what a build has done with it, in words for people."""
    inputs = {*deck.sources, deck.lock_path}
    folder = f"{output_folder(deck.name)}/"
    for path in result.files:
        if path in inputs or path.startswith(folder):
            yield path, "written" if path in written_paths else "unchanged"
    for path in result.removals:
        if path in written_paths and path.startswith(folder):
            yield path, "removed"
    yield from ((path, "as it was") for output in summary.failed for path in output.kept)


def notes_line(summary: DeckSummary) -> str:
    """Return such as `Birds: 12 notes (2 new, 10 unchanged), 15 cards on 2 sheets, 1 retired`.

    Of a deck whose package cannot be built, only the sheets are counted.
    """
    counts = _note_counts(summary)
    statuses = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    notes = f"{count_noun(sum(counts.values()), 'note')} ({statuses}), " if statuses else ""
    retired = f", {summary.retired} retired" if summary.retired else ""
    return f"{escape_controls(summary.deck.name)}: {notes}{_cards(summary)}{retired}"


def _note_counts(summary: DeckSummary) -> dict[str, int]:
    return {"new": summary.new, "changed": summary.changed, "unchanged": summary.unchanged}


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
        failures = " and ".join(
            f"{_with_verb(failed.output)} not{'' if built else ' written'}:"
            f" {count_noun(failed.errors, 'error')}"
            for failed in summary.failed
        )
        yield f"{name}: {f'{built} written; ' if built else ''}{failures}"
        for output in (failed.output for failed in summary.failed):
            if output.opt_out:
                path = escape_controls(summary.deck.span.source.path)
                yield f"  `{output.opt_out}` in {path} builds the deck without {output.description}"


def _with_verb(output: Output) -> str:
    return f"the {output.description} {'are' if output.description.endswith('s') else 'is'}"


def _render_json(build: Build) -> str:
    """Return what a build says as a line of JSON; see `json_output`."""
    code = 1 if build.report.has_errors or build.written is None else 0
    summaries = {summary.deck.folder: summary for summary in build.result.summaries}
    decks = [_deck_object(deck, summaries.get(deck.name), build) for deck in build.decks]
    rehearsals = [rehearsal.result for rehearsal in build.rehearsals if rehearsal.result is not None]
    return json_output.render("build", code, build.report, decks=decks, rehearsals=rehearsals)


def _deck_object(deck: DeckFiles, summary: DeckSummary | None, build: Build) -> dict[str, object]:
    """Return what a program gets to know of a deck. summary: None after an error that stops everything."""
    own_paths, folder = {*deck.sources, deck.lock_path}, f"{output_folder(deck.name)}/"
    paths = [
        diagnostic.span.source.path
        for diagnostic in build.report
        if diagnostic.severity is Severity.ERROR and diagnostic.span is not None
    ]
    described: dict[str, object] = {
        "deck": deck.name,
        "source": deck.main_path,
        "name": None if summary is None else summary.deck.name,
        "status": "not-written",
        "errors": sum(path in own_paths or path.startswith(folder) for path in paths),
        **dict.fromkeys(("notes", "cards", "printed_cards", "sheets")),
        "ids": 0,
        "outputs": {},
        "files": [],
    }
    if summary is None or build.written is None:
        return described
    described["outputs"] = {
        **{output.name: "built" for output in summary.built},
        **{failed.output.name: "failed" for failed in summary.failed},
    }
    if not summary.is_written:
        return described
    counts = {**_note_counts(summary), "retired": summary.retired}
    if any(counts.values()) or not summary.failed:
        described |= {"notes": counts, "cards": summary.cards}
    if summary.printed is not None:
        described |= {"printed_cards": summary.printed.cards, "sheets": summary.printed.sheets}
    files = _file_statuses(deck, summary, build.result, build.written)
    return {
        **described,
        "status": "partly-written" if summary.failed else "written",
        "ids": summary.ids,
        "files": [{"path": path, "status": status.replace(" ", "-")} for path, status in files],
    }
