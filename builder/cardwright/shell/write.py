"""Writes files so that each of them is completely the old one or completely the new one."""

import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from cardwright.diagnostics import Diagnostic
from cardwright.shell.os_errors import ReportedError, file_diagnostic, os_error_diagnostic

if sys.platform != "win32":
    import fcntl

# Ends the names of temporary files, which are hidden and lie beside their targets, so that
# renaming them is one step of the file system.
TEMPORARY_SUFFIX = ".cardwright-tmp"


def write_files(
    root: Path, files: Iterable[tuple[str, bytes | None]], inputs: Mapping[str, bytes | None]
) -> tuple[str, ...] | Diagnostic:
    """Write all files, in the order given, or none of them.

    root: the project folder.
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
    transaction = _Transaction(root, inputs)
    try:
        with _exclusive(root):
            for path, data in files:
                transaction.stage(path, data)
            with _uninterrupted():
                return transaction.commit()
    except ReportedError as error:
        return error.diagnostic
    finally:
        transaction.clean_up()


@contextmanager
def _report_os_errors(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReportedError(os_error_diagnostic("write", path, error)) from error


@dataclass(frozen=True, slots=True)
class _StagedFile:
    """A file whose new content lies in a temporary file beside it.

    old_content: None when the target does not exist.
    is_removal: whether the target is to be removed, and there is no temporary file.
    """

    path: str
    target: Path
    temporary: Path
    old_content: bytes | None
    is_removal: bool


@dataclass(frozen=True, slots=True)
class _Transaction:
    """The files of one build. new_folders: those that were made for them."""

    root: Path
    inputs: Mapping[str, bytes | None]
    staged: list[_StagedFile] = field(default_factory=list)
    new_folders: list[Path] = field(default_factory=list)
    renamed: list[_StagedFile] = field(default_factory=list)

    def stage(self, path: str, data: bytes | None) -> None:
        """Write a content beside its target, unless the target has it already."""
        target = self.root / path
        if path in self.inputs:
            # A source may be a link to another source; it stays a link.
            target = target.resolve()
        _remove_leftovers(target.parent)
        with _report_os_errors(path):
            old_content = _read(target)
            if path in self.inputs and old_content != self.inputs[path]:
                raise ReportedError(_changed_meanwhile(path))
            if old_content == data:
                return
            self._make_folder(target.parent)
            temporary = target.with_name(f".{target.name}.{os.getpid()}{TEMPORARY_SUFFIX}")
            self.staged.append(_StagedFile(path, target, temporary, old_content, is_removal=data is None))
            if data is not None:
                _write_to_disk(temporary, data, permissions_of=target)

    def commit(self) -> tuple[str, ...]:
        """Rename all temporary files to their targets."""
        for file in self.staged:
            with _report_os_errors(file.path):
                if file.path in self.inputs and _read(file.target) != file.old_content:
                    raise ReportedError(_changed_meanwhile(file.path))
        try:
            for file in self.staged:
                with _report_os_errors(file.path):
                    if file.is_removal:
                        file.target.unlink()
                    else:
                        file.temporary.replace(file.target)
                self.renamed.append(file)
        except ReportedError:
            self._roll_back()
            raise
        for folder in {file.target.parent: None for file in self.renamed}:
            _flush_folder(folder)
        self.new_folders.clear()
        return tuple(file.path for file in self.renamed)

    def clean_up(self) -> None:
        """Remove temporary files that are left, and new folders unless the files were committed."""
        for file in self.staged:
            with suppress(OSError):
                file.temporary.unlink()
        for folder in reversed(self.new_folders):
            with suppress(OSError):
                folder.rmdir()

    def _roll_back(self) -> None:
        for file in reversed(self.renamed):
            with suppress(OSError):
                if file.old_content is None:
                    file.target.unlink()
                else:
                    _write_to_disk(file.temporary, file.old_content, permissions_of=file.target)
                    file.temporary.replace(file.target)

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            self._make_folder(folder.parent)
            folder.mkdir()
            self.new_folders.append(folder)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write_to_disk(path: Path, data: bytes, permissions_of: Path) -> None:
    """Write a new file and wait until it is on the disk. permissions_of: need not exist."""
    with suppress(FileNotFoundError):
        path.unlink()
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileNotFoundError):
        path.chmod(permissions_of.stat().st_mode & 0o7777)


def _flush_folder(folder: Path) -> None:
    """Wait until new names are on the disk, where the system lets a folder be opened for that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove_leftovers(folder: Path) -> None:
    """Remove the temporary files of a build that was killed; no other build is at work here now."""
    for leftover in folder.glob(f".*{TEMPORARY_SUFFIX}"):
        if f".{os.getpid()}." not in leftover.name:
            with suppress(OSError):
                leftover.unlink()


def _changed_meanwhile(path: str) -> Diagnostic:
    message = "this file was changed while the deck was being built"
    return file_diagnostic(path, "changed-meanwhile", message, help="nothing was written; build again")


@contextmanager
def _exclusive(root: Path) -> Iterator[None]:
    """Let one build write at a time; a second one waits. On Windows nothing holds it back."""
    if sys.platform == "win32":
        yield
        return
    descriptor = None
    # A network disk may know no locks, and a folder may not be readable: then nothing holds a build back.
    with suppress(OSError):
        descriptor = os.open(root, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Delay Ctrl-C and SIGTERM until the block is done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    delayed_signals: list[int] = []

    def delay(signal_number: int, _frame: FrameType | None) -> None:
        delayed_signals.append(signal_number)

    handlers = {number: signal.signal(number, delay) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for signal_number in delayed_signals[:1]:
            signal.raise_signal(signal_number)
