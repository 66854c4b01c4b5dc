"""Builds decks again whenever their sources are saved, as `cardwright build --watch` was told to."""

import gc
import secrets
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NoReturn

import click

from cardwright.cli import console, json_output
from cardwright.cli.building import Build, failure_lines, notes_line, print_build, run_build
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic
from cardwright.formats.outputs import output_folder
from cardwright.pipeline import BuildOptions
from cardwright.shell.project_folder import SOURCE_FOLDER
from cardwright.shell.watching import watch_folder

_Problem = tuple[str, str, str]
"""By what a problem is known after the next edit, which moves it: its rule, its headline and its file."""


def watch_decks(
    root: Path,
    names: Sequence[str],
    *,
    outputs: tuple[str, ...] | None,
    locked: bool,
    output_format: str,
    show_all: bool,
) -> NoReturn:
    """Build decks, and again at every change of the sources. Ends with a KeyboardInterrupt.

    names: of the decks, as typed; none for all. outputs, locked: as in `BuildOptions`.
    output_format: `text` or `json`. show_all: see `console.render_report`; it concerns the first build.
    """
    is_text = output_format == "text"
    told: set[_Problem] = set()
    own_files: dict[Path, bytes | None] = {}
    for number, changed in enumerate(watch_folder(root / SOURCE_FOLDER)):
        if number and all(_is_as_written(path, own_files) for path in changed):
            continue  # the ids and the lock that the last build has written
        options = BuildOptions(
            now=console.build_time(), salt=secrets.token_hex(3), outputs=outputs, locked=locked
        )
        own_files = {}
        try:
            with run_build(root, names, options) as build:
                if number and is_text:
                    _print_new(build, told)
                else:
                    print_build(build, output_format, show_all=show_all)
                own_files = {root / path: build.result.files.get(path) for path in build.written or ()}
                told = set(map(_problem, build.report))
        except click.UsageError as error:
            if not number:
                raise
            console.print_line(f"{_clock()}  {error.format_message()}", err=True)
            if not is_text:
                message = error.format_message()
                console.print_escaped(json_output.render("build", error.exit_code, message=message))
        if not number and is_text:
            console.print_line(f"Watching {SOURCE_FOLDER}/, until Ctrl-C.")
        # The process looks for no cycles by itself, since a single build has none to speak of.
        gc.collect()
    raise AssertionError("watching never ends")


def _is_as_written(path: Path, own_files: dict[Path, bytes | None]) -> bool:
    """Return whether a file is as the last build has written it."""
    if path not in own_files:
        return False
    try:
        return path.read_bytes() == own_files[path]
    except OSError:
        return own_files[path] is None


def _print_new(build: Build, told: Collection[_Problem]) -> None:
    """Print what a build has to say that the one before it has not said, and a line about it."""
    new = [diagnostic for diagnostic in build.report if _problem(diagnostic) not in told]
    console.print_report(new, err=True, show_all=False)
    what = []
    if build.written is None:
        what.append("nothing was written")
    else:
        what += [
            notes_line(summary)
            for summary in build.result.summaries
            if summary.ids or _has_output(summary.deck, build.written)
        ] or ["nothing to write"]
        what += [line.strip() for line in failure_lines(build.result.summaries)]
    if len(build.report):
        what.append(console.count_problems(build.report))
    console.print_line(f"{_clock()}  {'; '.join(what)}", err=build.report.has_errors)


def _has_output(deck: Deck, paths: Collection[str]) -> bool:
    """Return whether one of these files is an output of a deck."""
    return any(path.startswith(f"{output_folder(deck.folder)}/") for path in paths)


def _problem(diagnostic: Diagnostic) -> _Problem:
    path = "" if diagnostic.span is None else diagnostic.span.source.path
    return diagnostic.code, diagnostic.message, path


def _clock() -> str:
    return time.strftime("%H:%M:%S")
