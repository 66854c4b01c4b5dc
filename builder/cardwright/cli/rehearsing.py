"""Rehearses packages as `cardwright rehearse`, or `cardwright build --rehearse`, was told to."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

import click

from cardwright.cli import console
from cardwright.diagnostics import Diagnostic, Report
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.rehearsal import describe
from cardwright.rehearsal.compare import RehearsalResult
from cardwright.shell.environment import temporary_asset_dir
from cardwright.shell.os_errors import file_diagnostic
from cardwright.shell.progress import progress_bar

RehearseFunction = Callable[[Path, Path, str, str], RehearsalResult | Diagnostic]
"""Takes the old and the new package, and what the user calls each."""


def rehearse_packages(old: Path, new: Path, output_format: str) -> int:
    """Rehearse a package on someone who studies an older one, and print the report.

    Returns the exit code: 0 when nothing is lost.
    """
    result = load_rehearse()(old, new, str(old), str(new))
    if isinstance(result, Diagnostic):
        console.print_report([result], err=True)
        return 1
    if output_format == "json":
        console.print_json(describe.json_object(result, str(old), str(new)))
    else:
        for line in describe.text_lines(result, str(old), str(new)):
            console.print_line(line)
    return 1 if result.losses else 0


def load_rehearse() -> RehearseFunction:
    """Return a function that rehearses, and shows a progress bar while it studies.

    Errors: a usage error when Anki's importer is not installed.
    """
    try:
        from cardwright.rehearsal.run import rehearse
    except ImportError as error:
        if (error.name or "").split(".")[0] != "anki":
            raise
        raise click.UsageError(
            "a rehearsal needs Anki's own importer, 24.11 or newer: pip install 'cardwright[anki]'"
        ) from error

    def rehearse_with_progress(
        old: Path, new: Path, old_name: str, new_name: str
    ) -> RehearsalResult | Diagnostic:
        with progress_bar("Studying", sys.stderr) as progress:
            return rehearse(old, new, progress, old_name=old_name, new_name=new_name)

    return rehearse_with_progress


def rehearse_build(
    root: Path, files: Mapping[str, bytes], report: Report, rehearse: RehearseFunction
) -> list[str]:
    """Rehearse the packages that a build is about to write, each against the one of the build before.

    root: the project folder.
    report: takes an error for each package that would lose something, or can't be imported;
        what would be lost is printed.

    Returns a line for each package.
    """
    lines = []
    for name, data in files.items():
        path = PurePosixPath(name)
        if path.suffix != ".apkg" or path.stem != path.parent.name:
            continue
        if not (root / path).is_file():
            lines.append(f"{escape_controls(name)}: the first one, so there is nothing to rehearse")
            continue
        new_name = f"{name} (new)"
        with temporary_asset_dir() as folder:
            folder.put("new.apkg", data)
            result = rehearse(root / path, Path(folder.folder) / "new.apkg", name, new_name)
        if isinstance(result, Diagnostic):
            report.add(result)
            continue
        if result.losses:
            for line in (*describe.text_lines(result, name, new_name), ""):
                console.print_line(line, err=True)
            message = "a learner who studies this deck would lose something"
            help_ = "the report above says what"
            report.add(file_diagnostic(name, "rehearsal-lost", message, help=help_))
        verdict = (
            f"rehearsed on a simulated learner ({describe.note_counts(result)}). {describe.verdict(result)}"
        )
        lines.append(f"{escape_controls(name)}: {verdict}")
    return lines
