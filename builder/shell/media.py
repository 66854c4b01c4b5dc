"""Fetches a deck's media from disk, and nothing from outside the deck's folder."""

import errno
from pathlib import Path, PurePosixPath, PureWindowsPath

from builder.source.files import MEDIA_LIMIT, MediaProblem

_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)


class MediaFolders:
    """The `Library` of a project."""

    __slots__ = ("_root",)

    def __init__(self, root: Path) -> None:
        """root: the project folder."""
        self._root = root

    def read(self, folder: str, path: str) -> bytes | MediaProblem:
        """See `Library.read`."""
        if _leaves(path):
            return MediaProblem.OUTSIDE
        base = (self._root / folder).resolve()
        try:
            # A link may lead out of the folder, so the place is judged where it ends.
            target = (base / path).resolve(strict=True)
            if not target.is_relative_to(base):
                return MediaProblem.OUTSIDE
            if not target.is_file():
                return MediaProblem.MISSING
            with target.open("rb") as file:
                data = file.read(MEDIA_LIMIT + 1)
        except ValueError:
            # A name that no file can have, with a NUL in it.
            return MediaProblem.MISSING
        except OSError as error:
            return MediaProblem.MISSING if error.errno in _ABSENT else MediaProblem.UNREADABLE
        except RuntimeError:
            # A link that leads back to itself.
            return MediaProblem.UNREADABLE
        return MediaProblem.TOO_LARGE if len(data) > MEDIA_LIMIT else data


def _leaves(path: str) -> bool:
    """Whether a path as written leads out of its folder, on this system or another."""
    windows = PureWindowsPath(path)
    parts = {*PurePosixPath(path).parts, *windows.parts}
    return path.startswith("/") or bool(windows.anchor) or ".." in parts
