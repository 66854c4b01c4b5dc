"""Rehearses packages as `cardwright rehearse`, or `cardwright build --rehearse`, was told to."""

import sys
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import click

from cardwright.cli import console, json_output
from cardwright.diagnostics import Diagnostic, Report
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.formats.outputs import output_folder
from cardwright.pipeline.load import read_lock_file
from cardwright.rehearsal import describe
from cardwright.rehearsal.compare import LossKind, RehearsalResult
from cardwright.shell.environment import temporary_asset_dir
from cardwright.shell.os_errors import file_diagnostic
from cardwright.shell.progress import progress_bar
from cardwright.source.files import DeckFiles

RehearseFunction = Callable[[Path, Path, str, str], RehearsalResult | Diagnostic]
"""Takes the old and the new package, and what the user calls each."""


class Rehearsal(NamedTuple):
    """What became of a package that a build tried before it was written.

    line: for a person. result: the object for a program; None if there was nothing to rehearse.
    """

    line: str
    result: Mapping[str, object] | None


def rehearse_packages(old: Path, new: Path, output_format: str) -> int:
    """Rehearse a package on someone who studies an older one, and print the report.

    Returns the exit code: 0 when nothing is lost.
    """
    result = load_rehearse()(old, new, str(old), str(new))
    is_text = output_format == "text"
    if isinstance(result, Diagnostic):
        if is_text:
            console.print_report([result], err=True)
        else:
            console.print_escaped(json_output.render("rehearse", 1, [result]))
        return 1
    code = 1 if result.losses else 0
    if not is_text:
        rehearsal = describe.json_object(result, str(old), str(new))
        console.print_escaped(json_output.render("rehearse", code, rehearsal=rehearsal))
    else:
        for line in describe.text_lines(result, str(old), str(new)):
            console.print_line(line)
    return code


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
            "a rehearsal needs Anki's own importer, 24.11 or newer: pip install anki"
        ) from error

    def rehearse_with_progress(
        old: Path, new: Path, old_name: str, new_name: str
    ) -> RehearsalResult | Diagnostic:
        with progress_bar("Studying", sys.stderr) as progress:
            return rehearse(old, new, progress, old_name=old_name, new_name=new_name)

    return rehearse_with_progress


def rehearse_build(
    root: Path,
    files: Mapping[str, bytes],
    decks: Iterable[DeckFiles],
    report: Report,
    rehearse: RehearseFunction,
) -> list[Rehearsal]:
    """Rehearse the packages that a build is about to write, each against the one of the build before.

    A note of an earlier release that comes back in place of a copy is no loss: that mends one.

    root: the project folder. decks: as they were read.
    report: takes an error for each package that would lose something, or can't be imported;
        what would be lost is printed.

    Returns what became of each package that could be imported.
    """
    folders = {output_folder(deck.name): deck for deck in decks}
    rehearsals = []
    for name, data in files.items():
        path = PurePosixPath(name)
        if path.suffix != ".apkg" or path.stem != path.parent.name:
            continue
        if not (root / path).is_file():
            line = f"{escape_controls(name)}: the first one, so there is nothing to rehearse"
            rehearsals.append(Rehearsal(line, None))
            continue
        new_name = f"{name} (new)"
        with temporary_asset_dir() as folder:
            folder.put("new.apkg", data)
            result = rehearse(root / path, Path(folder.folder) / "new.apkg", name, new_name)
        if isinstance(result, Diagnostic):
            report.add(result)
            continue
        result, returned = _without_returning(result, _released_guids(folders.get(str(path.parent))))
        if result.losses:
            for line in (*describe.text_lines(result, name, new_name), ""):
                console.print_line(line, err=True)
            message = "a learner who studies this deck would lose something"
            help_ = "the report of the rehearsal says what"
            report.add(file_diagnostic(name, "rehearsal-lost", message, help=help_))
        verdict = (
            f"rehearsed on a simulated learner ({describe.note_counts(result)}). {describe.verdict(result)}"
        )
        if returned:
            take = "1 older note takes" if returned == 1 else f"{returned} older notes take"
            verdict += f" {take} the place of copies again; who has only a copy begins that note anew."
        line = f"{escape_controls(name)}: {verdict}"
        rehearsals.append(Rehearsal(line, describe.json_object(result, name, name)))
    return rehearsals


def _released_guids(deck: DeckFiles | None) -> Container[str]:
    """Return the GUIDs of all notes that a deck ever released, as its lock knew them before the build."""
    if deck is None or deck.lock is None:
        return ()
    lock = read_lock_file(deck.lock_path, deck.lock, Report())
    return () if lock is None else {entry.guid for entry in lock.notes.values()}


def _without_returning(result: RehearsalResult, released: Container[str]) -> tuple[RehearsalResult, int]:
    """Return a result without the losses of notes that were released before, and how many these are."""
    losses = tuple(
        loss
        for loss in result.losses
        if loss.kind is not LossKind.CHANGED_GUID or loss.name.guid not in released
    )
    return replace(result, losses=losses), len(result.losses) - len(losses)
