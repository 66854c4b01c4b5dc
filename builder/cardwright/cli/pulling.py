"""Pulls edits made in Anki as `cardwright pull` was told to."""

import difflib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from cardwright.cli import console, json_output, project
from cardwright.diagnostics import Report
from cardwright.pulling import describe
from cardwright.pulling.pull import PullResult
from cardwright.pulling.run import pull_export
from cardwright.shell.build_files import undo_killed_build, write_build
from cardwright.shell.environment import LocalEnvironment


def pull_decks(
    root: Path,
    export: Path,
    names: Sequence[str],
    *,
    now: int,
    takes_new: bool,
    release: Path | None,
    dry_run: bool,
    output_format: str,
) -> None:
    """Pull an export into decks, or report everything that is wrong and exit with 1.

    names: of the decks, as typed; none for all. now: in s since 1970.
    takes_new, release: as for `pull_export`. output_format: `text` or `json`.
    """
    is_text = output_format == "text"
    report = Report()
    if console.value_or_report(undo_killed_build(root), report):
        console.print_line("The last build was killed while it wrote; its files are as before it.", err=True)
    if report.has_errors:
        _fail(report, is_text=is_text)
    decks = project.select_decks(root, names, report)
    environment = LocalEnvironment(root, os.environ, sys.stderr)
    results = pull_export(
        root,
        decks,
        environment,
        (str(export), export),
        now,
        report,
        takes_new=takes_new,
        release=None if release is None else (str(release), release),
    )
    if report.has_errors:
        _fail(report, is_text=is_text)
    if not results:
        _fail(report, is_text=is_text, reason=f"{export}: no note of the project's decks is in it")
    sources = {path: data for deck in decks for path, data in deck.sources.items()}
    inputs = {**sources, **{deck.lock_path: deck.lock for deck in decks}}
    files = {path: data for result in results for path, data in result.files.items()}
    code = 1 if any(result.left for result in results) else 0
    if dry_run:
        _print_results(results, report, code, is_text=is_text, last_lines=_diff(files, sources))
    else:
        with write_build(root, list(files.items()), inputs) as written:
            paths = console.value_or_report(written, report)
            if paths is None:
                _fail(report, is_text=is_text)
            lines = [f"  written    {path}" for path in paths]
            _print_results(results, report, code, is_text=is_text, paths=paths, last_lines=lines)
    raise SystemExit(code)


def _fail(report: Report, *, is_text: bool, reason: str = "") -> NoReturn:
    """Say what is wrong, and exit with 1. reason: of a pull that has nothing to do."""
    if not is_text:
        console.print_escaped(json_output.render("pull", 1, report, message=reason))
    elif reason:
        console.print_line(reason, err=True)
    else:
        console.fail(report)
    raise SystemExit(1)


def _print_results(
    results: Sequence[PullResult],
    report: Report,
    code: int,
    *,
    is_text: bool,
    paths: Sequence[str] = (),
    last_lines: Iterable[str],
) -> None:
    """Say what was pulled. paths: of the files that are written. last_lines: about files, for people."""
    if is_text:
        for line in (*(line for result in results for line in describe.text_lines(result)), *last_lines):
            console.print_line(line)
        return
    pulls = list(map(describe.json_object, results))
    files = [{"path": path, "status": "written"} for path in paths]
    console.print_escaped(json_output.render("pull", code, report, pulls=pulls, files=files))


def _diff(files: Mapping[str, bytes], sources: Mapping[str, bytes]) -> Iterator[str]:
    """Yield a unified diff of the sources as they would be written, then the paths of all other files."""
    if files:
        yield ""
    for path in [path for path in files if path in sources]:
        old, new = (data.decode("utf-8", "replace").splitlines() for data in (sources[path], files[path]))
        yield from difflib.unified_diff(old, new, path, path, lineterm="")
    if others := [path for path in files if path not in sources]:
        yield from ("", *(f"  would be written  {path}" for path in others))
