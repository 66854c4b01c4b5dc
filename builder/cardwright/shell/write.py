"""Writes files so that each of them is completely the old one or completely the new one."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cardwright.diagnostics import Diagnostic
from cardwright.record import Record
from cardwright.shell.exclusive import exclusive
from cardwright.shell.files import LOCK_LIMIT, read_regular_file
from cardwright.shell.journal import (
    FOLDER_NAME,
    Journal,
    Replacement,
    content_digest,
    flush_folder,
    write_to_disk,
)
from cardwright.shell.os_errors import ReportedError, file_diagnostic, os_error_diagnostic
from cardwright.shell.signals import uninterrupted

# Ends the names of temporary files, which are hidden and lie beside their targets, so that
# renaming them is one step of the file system.
TEMPORARY_SUFFIX = ".cardwright-tmp"


def write_files(
    root: Path, files: Iterable[tuple[str, bytes | None]], inputs: Mapping[str, bytes | None]
) -> tuple[str, ...] | Diagnostic:
    """Write all files, in the order given, or none of them.

    root: the folder of the files.
    files: path relative to it, and content; None for a file that is to be removed.
    inputs: what the files were made from, by path; None for a file that did not
        exist. If one of these has changed since, the author has edited it, and
        it is never overwritten.

    All contents are on the disk before the first file is renamed: a full disk
    or a read-only folder is found while nothing has changed. If renaming fails
    even then, the files that were already renamed get their old content back.
    A file that already has its content is left alone.

    Returns the paths that were written or removed.
    Errors: one diagnostic, when a file can't be written, an input has changed, or `files` raises
        `ReportedError`.
    """
    journal = Journal(root, root / FOLDER_NAME)

    def after_killed_ones() -> Iterator[tuple[str, bytes | None]]:
        with report_os_errors(FOLDER_NAME):
            journal.close()
        yield from files

    with writing(root, after_killed_ones(), inputs, journal) as written:
        return written


@contextmanager
def writing(
    root: Path,
    files: Iterable[tuple[str, bytes | None]],
    inputs: Mapping[str, bytes | None],
    journal: Journal,
) -> Iterator[tuple[str, ...] | Diagnostic]:
    """Write files as `write_files`, for a block that reports what was written.

    journal: is open until the block is done, so that files can be undone whose writing was never reported.
    """
    transaction = _Transaction(root, inputs, journal)
    with exclusive(root):
        try:
            try:
                yield transaction.write(files)
            except SystemExit:
                transaction.close()
                raise
            transaction.close()
        finally:
            # Whatever ended the block: what was not reported is undone.
            transaction.clean_up()


@contextmanager
def report_os_errors(path: str) -> Iterator[None]:
    """Turn an error of the system into a `ReportedError`. path: what is written, as shown to the user."""
    try:
        yield
    except OSError as error:
        raise ReportedError(os_error_diagnostic("write", path, error)) from error


class _StagedFile(Record, frozen=True):
    """A file whose new content lies in a temporary file beside it.

    is_removal: whether the target is to be removed, and there is no temporary file.
    """

    path: str
    replacement: Replacement
    temporary: Path
    is_removal: bool

    @property
    def target(self) -> Path:
        return self.replacement.target


@dataclass(slots=True)
class _Transaction:
    """The files of one build.

    new_folders: those that were made for them. clean_folders: those without temporary files of others.
    needs_undo: whether files may have been replaced that are not to stay.
    """

    root: Path
    inputs: Mapping[str, bytes | None]
    journal: Journal
    staged: list[_StagedFile] = field(default_factory=list)
    new_folders: list[Path] = field(default_factory=list)
    clean_folders: set[Path] = field(default_factory=set)
    needs_undo: bool = False

    def write(self, files: Iterable[tuple[str, bytes | None]]) -> tuple[str, ...] | Diagnostic:
        """Stage and rename all files; see `write_files`. The journal stays open."""
        try:
            for path, data in files:
                self._stage(path, data)
            with uninterrupted():
                return self._commit()
        except ReportedError as error:
            return error.diagnostic

    def close(self) -> None:
        """Let the new files stay."""
        if self.needs_undo:
            with uninterrupted(), suppress(OSError):
                self.journal.close()
                self.needs_undo = False

    def clean_up(self) -> None:
        """Bring the old files back unless the new ones are to stay, and remove what is left over."""
        if self.needs_undo:
            with uninterrupted(), suppress(OSError):
                self.journal.undo([file.replacement for file in self.staged])
                self.needs_undo = False
        for file in self.staged:
            with suppress(OSError):
                file.temporary.unlink()
        for folder in reversed(self.new_folders):
            with suppress(OSError):
                folder.rmdir()

    def _stage(self, path: str, data: bytes | None) -> None:
        """Write a content beside its target, unless the target has it already."""
        target = self.root / path
        if path in self.inputs:
            # A source may be a link to another source; it stays a link.
            target = target.resolve()
        self._remove_leftovers(target.parent)
        with report_os_errors(path):
            if path in self.inputs:
                self._check_unchanged(path, target)
            if _has_content(target, data):
                return
            self._make_folder(target.parent)
            # Not after its target, whose name may be as long as names can be.
            temporary = target.with_name(f".{os.getpid()}-{len(self.staged)}{TEMPORARY_SUFFIX}")
            replacement = Replacement(target, "" if data is None else content_digest(data))
            self.staged.append(_StagedFile(path, replacement, temporary, is_removal=data is None))
            if data is not None:
                temporary.unlink(missing_ok=True)
                write_to_disk(temporary, data)
                with suppress(FileNotFoundError):
                    if target.is_file() and not target.is_symlink():
                        temporary.chmod(stat.S_IMODE(target.stat().st_mode))

    def _commit(self) -> tuple[str, ...]:
        """Rename all temporary files to their targets."""
        for file in self.staged:
            if file.path in self.inputs:
                self._check_unchanged(file.path, file.target)
        if not self.staged:
            return ()
        replacements = [file.replacement for file in self.staged]
        with report_os_errors(self.journal.folder.name):
            self._make_folder(self.journal.folder.parent)
            self.needs_undo = True
            self.journal.open(replacements)
        for file in self.staged:
            with report_os_errors(file.path):
                if file.is_removal:
                    file.target.unlink()
                else:
                    file.temporary.replace(file.target)
        for folder in {file.target.parent: None for file in self.staged}:
            flush_folder(folder)
        return tuple(file.path for file in self.staged)

    def _check_unchanged(self, path: str, target: Path) -> None:
        with report_os_errors(path):
            try:
                content = read_regular_file(target, LOCK_LIMIT)
            except FileNotFoundError:
                content = None
            if content != self.inputs[path]:
                message = "this file was changed while the deck was being built"
                help_ = "nothing was written; build again"
                raise ReportedError(file_diagnostic(path, "changed-meanwhile", message, help=help_))

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            self._make_folder(folder.parent)
            folder.mkdir()
            self.new_folders.append(folder)

    def _remove_leftovers(self, folder: Path) -> None:
        if folder not in self.clean_folders:
            self.clean_folders.add(folder)
            remove_leftovers(folder)


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files of killed builds. No other process may be writing to the folder."""
    for leftover in folder.glob(f".*{TEMPORARY_SUFFIX}"):
        if not leftover.name.startswith(f".{os.getpid()}-"):
            with suppress(OSError):
                leftover.unlink()


def _has_content(target: Path, data: bytes | None) -> bool:
    """Return whether there is nothing to write. Anything but a regular file is replaced, and never read.

    Errors: OSError for a folder, which is never replaced.
    """
    try:
        status = target.lstat()
    except FileNotFoundError:
        return data is None
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if data is None or not stat.S_ISREG(status.st_mode) or status.st_size != len(data):
        return False
    return read_regular_file(target, len(data), follow_link=False) == data
