"""Files and folders that are needed only while a command runs."""

import errno
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

if sys.platform != "win32":
    import fcntl

_PREFIX = "cardwright-tmp-"
_NAME = re.compile(rf"\.?{_PREFIX}[a-z0-9_]{{8}}")
"""The prefix and what Python adds to it; so no folder of the user's is taken for one of ours."""


@contextmanager
def temporary_folder(parent: Path | None = None) -> Iterator[Path]:
    """Make a folder that is deleted when the block is left, or by a later command if this one is killed.

    Each folder is locked by the process that needs it; the system unlocks those of killed processes.

    parent: where it is made, as a hidden folder; None for the system's folder of such files.
    """
    # Many programs leave their files here.
    with os.scandir(parent or tempfile.gettempdir()) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name):
                _delete_unless_locked(Path(entry.path))
    folder, descriptor = _new_folder(parent)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)


class TemporaryFile(NamedTuple):
    """A file in a folder of its own; see `formats/outputs.py`."""

    path: str

    def parts(self, size: int) -> Iterator[bytes]:
        with open(self.path, "rb", buffering=0) as file:  # noqa: PTH123 as fast as can be
            while part := file.read(size):
                yield part


@contextmanager
def temporary_file() -> Iterator[TemporaryFile]:
    """Make room for a file that SQLite fills, and delete it when the block is left.

    Errors: OSError, also where SQLite says that there is no room.
    """
    import sqlite3  # noqa: PLC0415  commands that make no package do without it

    with temporary_folder() as folder:
        file = TemporaryFile(str(folder / "file"))
        try:
            yield file
        except sqlite3.OperationalError as error:
            raise OSError(errno.EIO, str(error), file.path) from error


def _make_folder(parent: Path | None) -> Path:
    prefix = _PREFIX if parent is None else f".{_PREFIX}"
    return Path(tempfile.mkdtemp(prefix=prefix, dir=parent)).resolve()


if sys.platform == "win32":

    def _new_folder(parent: Path | None) -> tuple[Path, int | None]:
        return _make_folder(parent), None

    def _delete_unless_locked(folder: Path) -> None:
        pass

else:

    def _new_folder(parent: Path | None) -> tuple[Path, int | None]:
        """Make a folder. Return it, and the open file that locks it."""
        while True:
            folder = _make_folder(parent)
            # Before it is locked, another command may take it for that of a killed one, and delete it.
            with suppress(FileNotFoundError):
                descriptor = os.open(folder, os.O_RDONLY)
                with suppress(OSError):
                    fcntl.flock(descriptor, fcntl.LOCK_EX)
                if folder.is_dir():
                    return folder, descriptor
                os.close(descriptor)

    def _delete_unless_locked(folder: Path) -> None:
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                if os.fstat(descriptor).st_uid == os.geteuid():
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(descriptor)
