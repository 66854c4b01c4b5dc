"""Reads a deck's media and finds its fonts on disk, and nothing outside the deck's folder."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from cardwright.shell.files import UnsuitableFile, exists, read_regular_file
from cardwright.shell.os_errors import os_error_reason
from cardwright.source.files import MEDIA_FOLDER, MEDIA_LIMIT, FontFolder, MediaProblem, normal_path

_MISSING = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)


def read_media_file(deck_folder: Path, path: str) -> bytes | MediaProblem:
    """Return the content of a media file; see `MediaLibrary.read`. deck_folder: absolute."""
    target = _resolve_within(deck_folder, path)
    if isinstance(target, MediaProblem):
        return target
    if not target.is_file():
        return MediaProblem.MISSING
    try:
        return read_regular_file(target, MEDIA_LIMIT)
    except UnsuitableFile:
        return MediaProblem.TOO_LARGE
    except OSError:
        return MediaProblem.UNREADABLE


def list_media_files(deck_folder: Path) -> dict[str, str]:
    """Return the files below a deck's folder of media; see `MediaLibrary.media_files`.

    Links to folders are not followed: they may lead out of the deck, or in a circle.
    """
    problems: dict[str, str] = {}
    remaining_folders = [deck_folder / MEDIA_FOLDER]
    while remaining_folders:
        try:
            entries = list(os.scandir(remaining_folders.pop()))
        except OSError:
            continue  # it doesn't exist; one that can't be read was reported when decks were looked for
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                remaining_folders.append(Path(entry.path))
                continue
            problem = ""
            try:
                if not stat.S_ISREG(entry.stat().st_mode):
                    continue
            except OSError as error:
                problem = os_error_reason(error)
            problems[Path(entry.path).relative_to(deck_folder).as_posix()] = problem
    return dict(sorted(problems.items()))


def find_font_folder(deck_folder: Path, path: str) -> FontFolder | None:
    """Return a folder of fonts within a deck, or None when there is none.

    path: as the author wrote it, relative to the deck's folder.
    """
    target = _resolve_within(deck_folder, path)
    if not isinstance(target, Path) or not target.is_dir():
        return None
    return FontFolder(str(target), tuple(sorted(_links_out(target, deck_folder.resolve()))))


def _links_out(folder: Path, deck_folder: Path) -> Iterator[str]:
    """Yield the links in and below a folder that lead out of the deck, or nowhere.

    Links within the deck are followed, since what they lead to may hold such links, too.

    folder, deck_folder: without links in them.
    """
    remaining_folders, seen = [folder], {folder}
    while remaining_folders:
        current = remaining_folders.pop()
        try:
            entries = list(os.scandir(current))
        except OSError:
            continue  # the engine can't read it either
        for entry in entries:
            path = Path(entry.path)
            if entry.is_symlink():
                target = _resolve_within(deck_folder, path.relative_to(deck_folder).as_posix())
                if isinstance(target, MediaProblem):
                    yield path.relative_to(deck_folder).as_posix()
                    continue
                path = target
            if path.is_dir() and path not in seen:
                seen.add(path)
                remaining_folders.append(path)


def _resolve_within(folder: Path, path: str) -> Path | MediaProblem:
    """Resolve a path, whose links may lead out of the folder again."""
    if _leaves_folder(path):
        return MediaProblem.OUTSIDE
    base = folder.resolve()
    try:
        target = _as_on_disk(base, path).resolve(strict=True)
    except ValueError:
        # A name that no file can have, with a NUL in it.
        return MediaProblem.MISSING
    except OSError as error:
        return MediaProblem.MISSING if error.errno in _MISSING else MediaProblem.UNREADABLE
    except RuntimeError:
        # A link that leads back to itself.
        return MediaProblem.UNREADABLE
    return target if target.is_relative_to(base) else MediaProblem.OUTSIDE


def _as_on_disk(folder: Path, path: str) -> Path:
    """Return where a path leads, with accents encoded as the disk has them; an exact name comes first."""
    target = folder / path
    if path.isascii() or exists(target):
        return target
    target = folder
    for name in PurePosixPath(path).parts:
        exact = target / name
        same = [] if exists(exact) else sorted(target.iterdir())
        target = next((path for path in same if normal_path(path.name) == normal_path(name)), exact)
    return target


def _leaves_folder(path: str) -> bool:
    """Return whether a path leads out of its folder, on this system or another, as it is written."""
    windows_path = PureWindowsPath(path)
    parts = {*PurePosixPath(path).parts, *windows_path.parts}
    return path.startswith("/") or bool(windows_path.anchor) or ".." in parts
