"""Reads files that may be anything: links, pipes, devices, or files without an end."""

import os
import stat
from pathlib import Path

# What is more than any author writes or any build makes, in bytes.
SOURCE_LIMIT = 64 << 20
LOCK_LIMIT = 256 << 20
PACKAGE_LIMIT = 4 << 30
SETTINGS_LIMIT = 1 << 20

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class UnsuitableFile(OSError):
    """The file is not one that can be read as a whole; `reason` says why in a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_regular_file(path: Path, limit: int, *, follow_link: bool = True) -> bytes:
    """Return the content of a file. A pipe is not waited for, and a file without an end not read to its end.

    limit: of its size, in bytes.
    follow_link: whether the file may be a link; folders on the way to it may be links in any case.

    Errors: OSError, which is an UnsuitableFile unless the system says why.
    """
    # A device is not even opened, because some do something then.
    check_regular(path.stat(follow_symlinks=follow_link))
    descriptor = os.open(path, _FLAGS | (0 if follow_link else getattr(os, "O_NOFOLLOW", 0)))
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        check_regular(status)
        # A file may still grow, and some files of the system say that they are empty.
        data = file.read(limit + 1) if status.st_size <= limit else None
    if data is None or len(data) > limit:
        size = f"{limit >> 20} MB" if limit >= 1 << 20 else f"{limit >> 10} KB"
        raise UnsuitableFile(f"it is larger than {size}")
    return data


def exists(path: Path) -> bool:
    """Return whether there is a file or folder; a path that the system refuses leads to none."""
    return os.path.exists(path)  # noqa: PTH110  pathlib raises an error for a name that is too long


def is_folder(path: Path) -> bool:
    """Return whether there is a folder; a path that the system refuses leads to none."""
    return os.path.isdir(path)  # noqa: PTH112  pathlib raises an error in a folder of somebody else


def check_regular(status: os.stat_result) -> None:
    """Errors: UnsuitableFile for anything but a regular file."""
    if stat.S_ISDIR(status.st_mode):
        raise UnsuitableFile("a folder has this name")
    if stat.S_ISLNK(status.st_mode):
        raise UnsuitableFile("it is a link")
    if not stat.S_ISREG(status.st_mode):
        raise UnsuitableFile("it is a pipe, a socket or a device")


def find_link(root: Path, path: str) -> str | None:
    """Return the first folder on a way, the last one included, that is a link; None if none is.

    root: where the way begins. path: relative to it; what does not exist is no link.
    """
    parts = path.split("/")
    ways = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
    return next((way for way in ways if (root / way).is_symlink()), None)
