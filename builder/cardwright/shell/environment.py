"""Gives a build what it asks of this machine: media, fonts, earlier outputs, cache, progress bar."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from cardwright.formats.outputs import ProgressCallback
from cardwright.record import Record
from cardwright.shell import media
from cardwright.shell.files import PACKAGE_LIMIT, find_link, read_regular_file
from cardwright.shell.font_folders import find_font_folders
from cardwright.shell.progress import progress_bar
from cardwright.shell.temporary import TemporaryFile, temporary_file, temporary_folder
from cardwright.source.files import FontFolder, MediaProblem

if TYPE_CHECKING:
    from cardwright.source.cache import Cache


class LocalEnvironment(Record, frozen=True):
    """The `Environment` of a project on this disk.

    root: the project folder. environ: as in `os.environ`.
    screen: shows progress if it is a terminal; None when it is closed.
    """

    root: Path
    environ: Mapping[str, str]
    screen: TextIO | None

    def read(self, folder: str, path: str) -> bytes | MediaProblem:
        return media.read_media_file(self.root / folder, path)

    def media_files(self, folder: str) -> Mapping[str, str]:
        return media.list_media_files(self.root / folder)

    def read_output(self, path: str) -> bytes | None:
        """See `Environment.read_output`. What is no plain file is taken as missing; a build replaces it."""
        if find_link(self.root, path):
            return None
        try:
            return read_regular_file(self.root / path, PACKAGE_LIMIT)
        except OSError:
            return None

    def output_names(self, folder: str) -> Sequence[str]:
        """See `Environment.output_names`."""
        if find_link(self.root, folder):
            return []
        try:
            with os.scandir(self.root / folder) as entries:
                return sorted(entry.name for entry in entries if not entry.is_dir(follow_symlinks=False))
        except OSError:
            return []

    def temporary_file(self) -> AbstractContextManager[TemporaryFile]:
        return temporary_file()

    def font_folder(self, folder: str, path: str) -> FontFolder | None:
        return media.find_font_folder(self.root / folder, path)

    def system_font_folders(self) -> Sequence[str]:
        return [str(folder) for folder in find_font_folders(self.environ)]

    def asset_dir(self) -> "AbstractContextManager[TemporaryAssetDir]":
        return temporary_asset_dir()

    def cache(self) -> "Cache":
        # Commands that lay out nothing do not import it.
        from cardwright.shell.cache import open_cache  # noqa: PLC0415

        return open_cache(self.environ)

    def run_in_processes(self, work: Callable[[range], bytes], count: int) -> list[bytes] | None:
        from cardwright.shell.processes import run_in_processes  # noqa: PLC0415  few decks are that big

        return run_in_processes(work, count)

    def program_digest(self) -> bytes:
        from cardwright.shell.fingerprint import program_digest  # noqa: PLC0415  as above

        return program_digest()

    def progress(self, label: str) -> AbstractContextManager[ProgressCallback]:
        return progress_bar(label, self.screen)


class LocalAssetDir(Record, frozen=True):
    """The `AssetDir` of the PDF engine, on this disk."""

    folder: str

    def put(self, name: str, data: bytes) -> None:
        target = Path(self.folder) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


class TemporaryAssetDir:
    """An `AssetDir` that is made with its first use, since a deck whose cards certainly fit needs none.

    stack: deletes the folder.
    """

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    @cached_property
    def folder(self) -> str:
        return str(self._stack.enter_context(temporary_folder()))

    def put(self, name: str, data: bytes) -> None:
        LocalAssetDir(self.folder).put(name, data)


@contextmanager
def temporary_asset_dir() -> Iterator[TemporaryAssetDir]:
    """Open a folder that is deleted when the block is left."""
    with ExitStack() as stack:
        yield TemporaryAssetDir(stack)
