"""Make new deck folders that appear as a whole, or not at all."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from cardwright.shell.files import find_link
from cardwright.shell.os_errors import ReportedError, file_diagnostic, os_error_diagnostic
from cardwright.shell.signals import uninterrupted
from cardwright.shell.temporary import temporary_folder
from cardwright.shell.write import report_os_errors


@contextmanager
def staging_folder(root: Path, parent: str) -> Iterator[Path]:
    """Make a hidden folder below the folder for decks, which is made too; both go if nothing is put there.

    parent: relative to the root, with `/`; it must not lead through a link.

    Errors: ReportedError.
    """
    if link := find_link(root, parent):
        message, help_ = f"`{link}` is a link", "make it a folder; nothing is written through links"
        raise ReportedError(file_diagnostic(link, "linked-outputs", message, help=help_))
    new_folders: list[Path] = []
    try:
        with report_os_errors(parent):
            folder = root
            for part in parent.split("/"):
                folder = folder / part
                if not folder.is_dir():
                    folder.mkdir()
                    new_folders.append(folder)
            with temporary_folder(folder) as staging:
                yield staging
    finally:
        for folder in reversed(new_folders):
            with suppress(OSError):
                folder.rmdir()


def check_vacant(root: Path, path: str) -> None:
    """Refuse a path where there is anything but an empty folder, and one that a deck in a single file has.

    path: relative to the root, with `/`. Errors: ReportedError.
    """
    target = root / path
    name = path.rpartition("/")[2]
    single_file = f"{path}.yaml"
    if os.path.lexists(root / single_file):
        message = f"`{single_file if len(path) < 40 else name}` is a deck of the same name"
        help_ = f"`--into {name}-2` imports into another folder"
        raise ReportedError(file_diagnostic(single_file, "folder-in-use", message, help=help_))
    if not os.path.lexists(target):
        return
    is_vacant = target.is_dir() and not target.is_symlink() and not any(target.iterdir())
    if not is_vacant:
        kind = "a link" if target.is_symlink() else "a file" if target.is_file() else ""
        problem = f"is {kind}" if kind else "is there already, and not empty"
        message = f"`{path if len(path) < 40 else name}` {problem}"
        help_ = f"`--into {name}-2` imports into another folder"
        raise ReportedError(file_diagnostic(path, "folder-in-use", message, help=help_))


def move_into_place(root: Path, folders: Mapping[Path, str]) -> None:
    """Give finished folders their names, all or none.

    folders: path relative to the root by the folder's present place.

    Errors: ReportedError.
    """
    moved: list[tuple[Path, Path]] = []
    with uninterrupted():
        for folder, path in folders.items():
            target = root / path
            try:
                check_vacant(root, path)
                with suppress(FileNotFoundError):
                    target.rmdir()
                folder.rename(target)
            except (OSError, ReportedError) as error:
                for source, destination in reversed(moved):
                    destination.rename(source)
                if isinstance(error, ReportedError):
                    raise
                raise ReportedError(os_error_diagnostic("write", path, error)) from error
            moved.append((folder, target))
