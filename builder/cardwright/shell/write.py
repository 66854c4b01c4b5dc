"""Writes a build's outputs so that every file is the old one or the new one, whole."""

import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.shell.os_errors import file_diagnostic, os_error_diagnostic

if sys.platform != "win32":
    import fcntl

# Ends the names of unfinished files, which are hidden and lie beside their targets, so that
# giving them their name is one step of the file system.
UNFINISHED = ".cardwright-tmp"


def write_files(
    root: Path, outputs: Iterable[tuple[str, bytes | None]], read: Mapping[str, bytes | None]
) -> tuple[str, ...] | Diagnostic:
    """Puts all outputs in their places, in the order given, or none of them.

    root: the project folder.
    outputs: path relative to it, and content; None for a file that is to be there no more.
    read: what the build was made from, by path; None for a file that was not
        there. One of these that has changed since holds an edit of the
        author's, and is never written over.

    All contents are on the disk before the first file gets its name: a full
    disk or a read-only folder is found while nothing has changed. Should a
    name be refused even then, the files already renamed get their old content
    back. A file that holds its content already is left alone.

    Returns the paths that were written.
    Errors: one finding, when a file cannot be written or has changed meanwhile.
    """
    stage = _Stage(root, read)
    try:
        with _alone(root):
            for path, data in outputs:
                stage.put(path, data)
            with _uninterrupted():
                return stage.finish()
    except _Refusal as refusal:
        return refusal.finding
    finally:
        stage.clear()


class _Refusal(Exception):
    """Nothing may be written; the finding says why."""

    def __init__(self, finding: Diagnostic) -> None:
        self.finding = finding


@contextmanager
def _told_of(path: str) -> Iterator[None]:
    """What the system refuses inside is told of this path."""
    try:
        yield
    except OSError as error:
        raise _Refusal(os_error_diagnostic("write", path, error)) from error


@dataclass(frozen=True, slots=True)
class _Pending:
    """A new content under a name of its own.

    old: what the target holds; None when it is not there.
    gone: whether it is to be removed instead, and there is no new content.
    """

    path: str
    target: Path
    unfinished: Path
    old: bytes | None
    gone: bool


@dataclass(frozen=True, slots=True)
class _Stage:
    """The files of one build on their way. folders: those made for it."""

    root: Path
    read: Mapping[str, bytes | None]
    pending: list[_Pending] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    done: list[_Pending] = field(default_factory=list)

    def put(self, path: str, data: bytes | None) -> None:
        """Writes a content beside its target, unless that holds it already."""
        target = self.root / path
        if path in self.read:
            # A source may be a link to another source; the link stays one.
            target = target.resolve()
        _clear_leftovers(target.parent)
        with _told_of(path):
            old = _content(target)
            if path in self.read and old != self.read[path]:
                raise _Refusal(_changed(path))
            if old == data:
                return
            self._make_folder(target.parent)
            unfinished = target.with_name(f".{target.name}.{os.getpid()}{UNFINISHED}")
            self.pending.append(_Pending(path, target, unfinished, old, gone=data is None))
            if data is not None:
                _write_through(unfinished, data, like=target)

    def finish(self) -> tuple[str, ...]:
        """Gives every file its name."""
        for one in self.pending:
            with _told_of(one.path):
                if one.path in self.read and _content(one.target) != one.old:
                    raise _Refusal(_changed(one.path))
        try:
            for one in self.pending:
                with _told_of(one.path):
                    if one.gone:
                        one.target.unlink()
                    else:
                        one.unfinished.replace(one.target)
                self.done.append(one)
        except _Refusal:
            self._take_back()
            raise
        for folder in {one.target.parent: None for one in self.done}:
            _settle(folder)
        self.folders.clear()
        return tuple(one.path for one in self.done)

    def clear(self) -> None:
        """Removes what did not get its name, and folders made for it."""
        for one in self.pending:
            with suppress(OSError):
                one.unfinished.unlink()
        for folder in reversed(self.folders):
            with suppress(OSError):
                folder.rmdir()

    def _take_back(self) -> None:
        for one in reversed(self.done):
            with suppress(OSError):
                if one.old is None:
                    one.target.unlink()
                else:
                    _write_through(one.unfinished, one.old, like=one.target)
                    one.unfinished.replace(one.target)

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            self._make_folder(folder.parent)
            folder.mkdir()
            self.folders.append(folder)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write_through(path: Path, data: bytes, like: Path) -> None:
    """Writes a new file down to the disk itself. like: the file whose permissions it takes, if any."""
    with suppress(FileNotFoundError):
        path.unlink()
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileNotFoundError):
        path.chmod(like.stat().st_mode & 0o7777)


def _settle(folder: Path) -> None:
    """Brings new names down to the disk, where the system lets a folder be opened for that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _clear_leftovers(folder: Path) -> None:
    """Removes the unfinished files of a build that was killed; no other build is at work here now."""
    for leftover in folder.glob(f".*{UNFINISHED}"):
        if f".{os.getpid()}." not in leftover.name:
            with suppress(OSError):
                leftover.unlink()


def _changed(path: str) -> Diagnostic:
    return file_diagnostic(
        path,
        "changed-meanwhile",
        "this file was changed while the deck was being built",
        help="nothing was written; build again",
    )


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Lets one build write at a time; a second one waits. On Windows nothing holds it back."""
    if sys.platform == "win32":
        yield
        return
    handle = None
    # A network disk may know no locks, and a folder may be closed to reading: then each is on its own.
    with suppress(OSError):
        handle = os.open(root, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Keeps Ctrl-C and a polite kill waiting until the block is done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []

    def hold(number: int, _frame: FrameType | None) -> None:
        held.append(number)

    before = {name: signal.signal(name, hold) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
        for number in held[:1]:
            signal.raise_signal(number)
