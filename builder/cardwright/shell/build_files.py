"""Writes the files of a build: the sources with their ids, the locks and the outputs."""

import os
import posixpath
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from cardwright.diagnostics import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.formats.registry import OUTPUT_FOLDER
from cardwright.shell.exclusive import exclusive
from cardwright.shell.files import find_link
from cardwright.shell.journal import FOLDER_NAME, Journal
from cardwright.shell.os_errors import ReportedError, file_diagnostic
from cardwright.shell.project_folder import SOURCE_FOLDER
from cardwright.shell.write import remove_leftovers, report_os_errors, writing


def write_build(
    root: Path, files: Collection[tuple[str, bytes | None]], inputs: Mapping[str, bytes | None]
) -> AbstractContextManager[tuple[str, ...] | Diagnostic]:
    """Write the files of a build as `write_files`, for a block that tells the user what the build has to say.

    A build that is killed before the block is done counts as one that never was: what it had to say
    depends on the files that it replaced. `undo_killed_build` brings them back.
    """
    journal = _journal(root)
    return writing(root, _checked(root, journal, files), inputs, journal)


def undo_killed_build(root: Path) -> bool | Diagnostic:
    """Bring back what a killed build has replaced, and remove its temporary files.

    A file that was changed since then stays as it is.
    Returns whether there was anything to bring back.
    Errors: one diagnostic, when a file can't be written.
    """
    journal = _journal(root)
    with exclusive(root):
        try:
            was_killed = journal.is_open
            if was_killed:
                _check_no_linked_folder(root, OUTPUT_FOLDER)
                with report_os_errors(OUTPUT_FOLDER):
                    journal.undo(journal.listed((SOURCE_FOLDER, OUTPUT_FOLDER)))
        except ReportedError as error:
            return error.diagnostic
        for folder in _folders_of_builds(root):
            remove_leftovers(folder)
        with suppress(OSError):
            journal.close()
    return was_killed


def _journal(root: Path) -> Journal:
    # With the outputs, because a build may write there even if it may not write to the project folder.
    return Journal(root, root / OUTPUT_FOLDER / FOLDER_NAME)


def _checked(
    root: Path, journal: Journal, files: Collection[tuple[str, bytes | None]]
) -> Iterator[tuple[str, bytes | None]]:
    """Yield the files, once nothing speaks against writing them.

    Errors: ReportedError.
    """
    if journal.is_open:
        message = "another build was killed while it wrote to this project"
        help_ = "nothing was written; build again"
        raise ReportedError(Diagnostic("killed-build", message, None, help=help_))
    for folder in dict.fromkeys(posixpath.dirname(path) for path, _ in files):
        _check_no_linked_folder(root, folder)
    yield from files


def _check_no_linked_folder(root: Path, path: str) -> None:
    """Refuse a folder that is a link, or in one: it may have come with the deck, and lead anywhere."""
    if link := find_link(root, path):
        message = f"`{truncate(link, 40)}` is a link"
        help_ = "make it a folder; nothing is written through links"
        raise ReportedError(file_diagnostic(link, "linked-outputs", message, help=help_))


def _folders_of_builds(root: Path) -> Iterator[Path]:
    """Yield every folder in which builds write files."""
    outputs = root / OUTPUT_FOLDER
    if outputs.is_dir() and not outputs.is_symlink():
        yield outputs
        with suppress(OSError), os.scandir(outputs) as entries:
            yield from [outputs / entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    for folder, subfolders, _ in os.walk(root / SOURCE_FOLDER):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        yield Path(folder)
