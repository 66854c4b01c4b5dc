"""The fingerprint of a project: a digest of all that a build or a check of it depends on.

Sources, locks and outputs are known by their contents; media, fonts and code by size and times, as git
knows files. A file that has just been changed could change once more and keep its times; then there is no
fingerprint, and neither is there one where links lead somewhere else.
"""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from cardwright.formats.registry import OUTPUT_FOLDER
from cardwright.shell.font_folders import find_font_folders
from cardwright.shell.installed_code import code_folders, interpreter
from cardwright.shell.project_folder import SOURCE_FOLDER

VARIABLES = (
    *("HOME", "LOCALAPPDATA", "USERPROFILE", "WINDIR", "XDG_DATA_HOME"),
    *("NO_COLOR", "SOURCE_DATE_EPOCH", "TERM"),
    *("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "PY_SAX_PARSER", "TZ", "XDG_CACHE_HOME"),
)
"""The environment variables that a build reads: for the folders of fonts; for colours and its time; and those
that Python and the engine read for reasons of their own."""

_KNOWN_BY_CONTENT = (".yaml", ".yml", ".lock", ".apkg", ".pdf", ".html", ".md", ".jsonl")
# How far apart the times of two changes may be, and still be written as the same, in ns. FAT counts in
# steps of 2 s; a disk that writes fractions of seconds counts in steps of at most 10 ms.
_COARSE, _FINE = 2_000_000_000, 100_000_000
_SECOND = 1_000_000_000


class Uncertain(Exception):
    """Not everything that a build depends on can be known."""


class _Content(NamedTuple):
    """A file that is known by its content. status: see `_status`; None if it is too young to tell."""

    status: str | None
    digest: bytes


class Fingerprint:
    """All that a build or a check of a project depends on.

    contents: of sources, locks and outputs, by path relative to the project; a folder has an empty digest.
    others: a digest of the rest.
    """

    __slots__ = ("_contents", "_others")

    def __init__(self, contents: Mapping[str, _Content], others: bytes) -> None:
        self._contents = contents
        self._others = others

    def digest(self) -> str:
        """Return a digest of it all."""
        digest = hashlib.blake2b(self._others, digest_size=20)
        for path, content in sorted(self._contents.items()):
            digest.update(b"%s\0%s" % (path.encode(errors="surrogatepass"), content.digest))
        return digest.hexdigest()

    def differs_only_by(self, earlier: "Fingerprint", written: Mapping[str, bytes]) -> bool:
        """Return whether nothing has changed but what a build has written. written: contents by path."""
        expected = {path: content.digest for path, content in earlier._contents.items()}  # noqa: SLF001 same class
        expected |= {path: _digest(data) for path, data in written.items()}
        expected |= {str(parent): b"" for path in written for parent in PurePosixPath(path).parents[:-1]}
        found = {path: content.digest for path, content in self._contents.items()}
        return self._others == earlier._others and found == expected  # noqa: SLF001 same class


def take_fingerprint(
    root: Path, environ: Mapping[str, str], now: int, earlier: Fingerprint | None = None
) -> Fingerprint | None:
    """Return the fingerprint of a project as it is now; None if there can be none.

    now: in ns since 1970.
    earlier: another one of the project; contents that have not changed since are not read again.
    """
    try:
        return _take(root, environ, now, {} if earlier is None else earlier._contents)  # noqa: SLF001 same module
    except (OSError, Uncertain):
        return None


def program_digest() -> bytes:
    """Return a digest of this program, its libraries and Python, by sizes and times of their files."""
    digest = _new_digest()
    digest.update(interpreter().encode(errors="surrogatepass"))
    for folder in code_folders():
        for path, found in _files_of_system(folder):
            digest.update(f"{path}\0{found and _status(found)}\0".encode(errors="surrogatepass"))
    return digest.digest()


def _take(root: Path, environ: Mapping[str, str], now: int, known: Mapping[str, _Content]) -> Fingerprint:
    contents: dict[str, _Content] = {}
    others = _new_digest()
    others.update(
        repr((interpreter(), [environ.get(name) for name in VARIABLES])).encode(errors="surrogatepass")
    )
    for folder in (SOURCE_FOLDER, OUTPUT_FOLDER):
        for path, status in _files_of_project(root, folder):
            if stat.S_ISDIR(status.st_mode):
                contents[path] = _Content(None, b"")
                continue
            is_text = path.lower().endswith(_KNOWN_BY_CONTENT) and stat.S_ISREG(status.st_mode)
            if not is_text:
                others.update(f"{path}\0{_settled_status(status, now)}\0".encode(errors="surrogatepass"))
                continue
            identity = None if _is_young(status, now) else _status(status)
            if path in known and identity is not None and known[path].status == identity:
                contents[path] = known[path]
            else:
                with (root / path).open("rb") as file:
                    contents[path] = _Content(identity, hashlib.file_digest(file, _new_digest).digest())
    for folder in (*code_folders(), *map(str, find_font_folders(environ))):
        for path, found in _files_of_system(folder):
            others.update(f"{path}\0{_settled_status(found, now)}\0".encode(errors="surrogatepass"))
    return Fingerprint(contents, others.digest())


def _files_of_project(root: Path, folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the path of a folder, of all folders and files below it, hidden ones too, and the status of each.

    Errors: Uncertain, if there is a link; it may lead to what is no part of the project.
    """
    if folder != SOURCE_FOLDER and not os.path.lexists(root / folder):
        return
    if (root / folder).is_symlink():
        raise Uncertain
    yield folder, (root / folder).stat()
    with os.scandir(root / folder) as entries:
        sorted_entries = sorted(entries, key=lambda entry: entry.name)
    for entry in sorted_entries:
        path = f"{folder}/{entry.name}"
        if entry.is_symlink():
            raise Uncertain
        if entry.is_dir(follow_symlinks=False):
            yield from _files_of_project(root, path)
        else:
            yield path, entry.stat(follow_symlinks=False)


def _files_of_system(folder: str) -> Iterator[tuple[str, os.stat_result | None]]:
    """Yield the path of each file in and below a folder, and its status; None for what nobody can read.

    Links are followed. folder: absolute; may be a file itself.
    """
    remaining, seen = [folder], set[str]()
    while remaining:
        current = remaining.pop()
        try:
            with os.scandir(current) as entries:
                sorted_entries = sorted(entries, key=lambda entry: entry.name)
        except NotADirectoryError:
            yield current, os.stat(current)  # noqa: PTH116 as fast as can be
            continue
        except OSError:
            yield current, None
            continue
        for entry in sorted_entries:
            try:
                is_folder, status = entry.is_dir(), entry.stat()
            except OSError:
                yield entry.path, None
                continue
            if not is_folder:
                yield entry.path, status
            elif entry.name != "__pycache__":  # what Python compiles is checked by Python
                remaining += _unseen_folder(entry, seen)


def _unseen_folder(entry: "os.DirEntry[str]", seen: set[str]) -> list[str]:
    """Return the folder in a list, unless it is a link to one that was seen."""
    if entry.is_symlink():
        target = os.path.realpath(entry.path)
        if target in seen:
            return []
        seen.add(target)
    return [entry.path]


def _settled_status(status: os.stat_result | None, now: int) -> str:
    """Return what changes with a file. Errors: Uncertain, if it could change once more and be the same."""
    if status is None:
        return ""
    if _is_young(status, now):
        raise Uncertain
    return _status(status)


def _is_young(status: os.stat_result, now: int) -> bool:
    """Return whether a file could change once more and keep its times. now: in ns since 1970."""
    changed = max(status.st_mtime_ns, status.st_ctime_ns)
    return changed > now - (_FINE if changed % _SECOND else _COARSE)


def _status(status: os.stat_result) -> str:
    """Return what changes with a file."""
    return f"{status.st_mode} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def _digest(data: bytes) -> bytes:
    digest = _new_digest()
    digest.update(data)
    return digest.digest()


def _new_digest() -> "hashlib.blake2b":
    return hashlib.blake2b(digest_size=20)
