"""Folders for files that are needed only while a command runs."""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

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
