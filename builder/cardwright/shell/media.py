"""Fetches a deck's media and fonts from disk, and nothing from outside the deck's folder."""

import errno
import os
from pathlib import Path, PurePosixPath, PureWindowsPath

from cardwright.source.files import MEDIA_FOLDER, MEDIA_LIMIT, MediaProblem

_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)


def read(folder: Path, path: str) -> bytes | MediaProblem:
    """The content of a medium; see `Library.read`. folder: the deck's, absolute."""
    target = _within(folder, path)
    if isinstance(target, MediaProblem):
        return target
    if not target.is_file():
        return MediaProblem.MISSING
    try:
        with target.open("rb") as file:
            data = file.read(MEDIA_LIMIT + 1)
    except OSError:
        return MediaProblem.UNREADABLE
    return MediaProblem.TOO_LARGE if len(data) > MEDIA_LIMIT else data


def files(folder: Path) -> list[str]:
    """The files below a deck's folder of media; see `Library.media_files`. folder: as for `read`.

    Links to folders are not followed: they may lead out, or in a circle.
    """
    found: list[str] = []
    waiting = [folder / MEDIA_FOLDER]
    while waiting:
        try:
            entries = sorted(os.scandir(waiting.pop()), key=lambda entry: entry.name)
        except OSError:
            continue  # there is none, or its files cannot be had; whoever names one is told so
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
            elif entry.is_file():
                found.append(Path(entry.path).relative_to(folder).as_posix())
    return sorted(found)


def font_folder(folder: Path, path: str) -> str | None:
    """The absolute path of a deck's own folder of fonts; None when there is none.

    folder, path: as for `read`.
    """
    target = _within(folder, path)
    return str(target) if isinstance(target, Path) and target.is_dir() else None


def _within(folder: Path, path: str) -> Path | MediaProblem:
    """Where a path ends, if that is in the folder: a link may lead out of it again."""
    if _leaves(path):
        return MediaProblem.OUTSIDE
    base = folder.resolve()
    try:
        target = (base / path).resolve(strict=True)
    except ValueError:
        # A name that no file can have, with a NUL in it.
        return MediaProblem.MISSING
    except OSError as error:
        return MediaProblem.MISSING if error.errno in _ABSENT else MediaProblem.UNREADABLE
    except RuntimeError:
        # A link that leads back to itself.
        return MediaProblem.UNREADABLE
    return target if target.is_relative_to(base) else MediaProblem.OUTSIDE


def _leaves(path: str) -> bool:
    """Whether a path as written leads out of its folder, on this system or another."""
    windows = PureWindowsPath(path)
    parts = {*PurePosixPath(path).parts, *windows.parts}
    return path.startswith("/") or bool(windows.anchor) or ".." in parts
