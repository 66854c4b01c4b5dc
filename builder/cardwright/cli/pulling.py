"""Pulls edits made in Anki as `cardwright pull` was told to."""

import difflib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cardwright.cli import console, project
from cardwright.diagnostics import Report
from cardwright.pulling import describe
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
) -> None:
    """Pull an export into decks, or report everything that is wrong and exit with 1.

    names: of the decks, as typed; none for all. now: in s since 1970.
    takes_new, release: as for `pull_export`.
    """
    report = Report()
    if console.value_or_report(undo_killed_build(root), report):
        console.print_line("The last build was killed while it wrote; its files are as before it.", err=True)
    if report.has_errors:
        console.fail(report)
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
        console.fail(report)
    if not results:
        console.print_line(f"{export}: no note of the project's decks is in it", err=True)
        raise SystemExit(1)
    sources = {path: data for deck in decks for path, data in deck.sources.items()}
    inputs = {**sources, **{deck.lock_path: deck.lock for deck in decks}}
    files = {path: data for result in results for path, data in result.files.items()}
    lines = [line for result in results for line in describe.text_lines(result)]
    if dry_run:
        for line in [*lines, *_diff(files, sources)]:
            console.print_line(line)
    else:
        with write_build(root, list(files.items()), inputs) as written:
            paths = console.value_or_report(written, report)
            if paths is None:
                console.fail(report)
            for line in [*lines, *(f"  written    {path}" for path in paths)]:
                console.print_line(line)
    raise SystemExit(1 if any(result.left for result in results) else 0)


def _diff(files: Mapping[str, bytes], sources: Mapping[str, bytes]) -> Iterator[str]:
    """Yield a unified diff of the sources as they would be written, then the paths of all other files."""
    if files:
        yield ""
    for path in [path for path in files if path in sources]:
        old, new = (data.decode("utf-8", "replace").splitlines() for data in (sources[path], files[path]))
        yield from difflib.unified_diff(old, new, path, path, lineterm="")
    if others := [path for path in files if path not in sources]:
        yield from ("", *(f"  would be written  {path}" for path in others))
