"""Keeps what a transaction replaces, so that it can be undone: after a failure, or when it was killed.

While files are renamed, a folder holds what they replace, and a list of them. When all is done the
list is removed first; so a list that is still there belongs to a transaction that was killed.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from cardwright.record import Record
from cardwright.shell.files import PACKAGE_LIMIT, SOURCE_LIMIT, read_regular_file

FOLDER_NAME = ".cardwright-unfinished"

_LIST_NAME = "replaced.json"


class Replacement(Record, frozen=True):
    """A file that is replaced or removed. digest: that of its new content; empty for a removal."""

    target: Path
    digest: str


class Journal(Record, frozen=True):
    """What a transaction in a folder replaces.

    root: where the files are. folder: of the journal; it exists while there may be something to undo.
    """

    root: Path
    folder: Path

    @property
    def is_open(self) -> bool:
        """Whether a transaction was begun and neither closed nor undone."""
        return not self.folder.is_symlink() and os.path.lexists(self.folder / _LIST_NAME)

    def open(self, replacements: Iterable[Replacement]) -> None:
        """Keep the old files and list them; all of it is on the disk before this returns.

        Errors: OSError.
        """
        self.close()
        self.folder.mkdir()
        (self.folder / ".gitignore").write_bytes(b"*\n")
        entries = []
        for number, replacement in enumerate(replacements):
            with suppress(FileNotFoundError):
                _keep(replacement.target, self.folder / str(number))
            path = Path(os.path.relpath(replacement.target, self.root)).as_posix()
            entries.append([path, replacement.digest])
        new_list = self.folder / f"{_LIST_NAME}.new"
        write_to_disk(new_list, json.dumps(entries).encode())
        flush_folder(self.folder.parent)
        new_list.replace(self.folder / _LIST_NAME)
        flush_folder(self.folder)

    def undo(self, replacements: Iterable[Replacement | None]) -> None:
        """Give every file its old content back that has the new one, and close.

        A file that somebody has changed since keeps the change. May be killed at any moment and done again.

        Errors: OSError.
        """
        for number, replacement in enumerate(replacements):
            if replacement is None or _digest_of(replacement.target) != replacement.digest:
                continue
            old_file = self.folder / str(number)
            if os.path.lexists(old_file):
                old_file.replace(replacement.target)
            else:
                replacement.target.unlink(missing_ok=True)
            flush_folder(replacement.target.parent)
        self.close()

    def close(self) -> None:
        """Let the new files stay. Errors: OSError, if there is still something to undo."""
        if not os.path.lexists(self.folder):
            return
        if self.folder.is_symlink() or self.folder.is_file():
            self.folder.unlink()
            return
        (self.folder / _LIST_NAME).unlink(missing_ok=True)
        flush_folder(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)

    def listed(self, folders: Collection[str]) -> Iterator[Replacement | None]:
        """Yield what a killed transaction has listed, with None for files that are not to be touched.

        folders: the names of the folders in `root` whose files may be touched. The list may come with a
            project from anywhere, so it is followed nowhere else, and not through links; `root` is resolved.
        """
        try:
            entries = json.loads(read_regular_file(self.folder / _LIST_NAME, SOURCE_LIMIT, follow_link=False))
        except (OSError, ValueError, RecursionError):
            return
        for entry in entries if isinstance(entries, list) else ():
            match entry:
                case [str(path), str(digest)] if _is_plain_path(path) and path.split("/")[0] in folders:
                    target = self.root / path
                    is_there = target.parent.is_dir() and target.parent.resolve() == target.parent
                    yield Replacement(target, digest) if is_there else None
                case _:
                    yield None


def content_digest(data: bytes) -> str:
    """Return a digest by which a content is known again."""
    return hashlib.sha256(data).hexdigest()


def write_to_disk(path: Path, data: bytes) -> None:
    """Write a new file and wait until it is on the disk."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Wait until new names are on the disk, where the system lets a folder be opened for that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _keep(file: Path, copy: Path) -> None:
    """Give a file, which may be a link, a second name; or copy it where the disk has no second names."""
    try:
        os.link(file, copy, follow_symlinks=False)
    except FileNotFoundError:
        raise
    except (OSError, NotImplementedError):
        shutil.copy2(file, copy, follow_symlinks=False)
        if not copy.is_symlink():
            with copy.open("rb") as copied_file:
                os.fsync(copied_file.fileno())


def _digest_of(file: Path) -> str:
    """Return the digest of a file, or an empty string if there is none."""
    try:
        return content_digest(read_regular_file(file, PACKAGE_LIMIT, follow_link=False))
    except FileNotFoundError:
        return ""
    except OSError:
        return "not a file that was written by us"


def _is_plain_path(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not {"..", "/"} & set(parts) and not any(part.startswith(".") for part in parts)
