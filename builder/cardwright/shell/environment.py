"""What a build needs of this machine."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from cardwright.shell import fonts, media, progress
from cardwright.shell.asset_dir import TemporaryAssetDir, temporary_asset_dir
from cardwright.source.files import MediaProblem

if TYPE_CHECKING:
    from cardwright.formats.pdf.cache import Cache


class LocalEnvironment:
    """The `Environment` of a project on this disk."""

    __slots__ = ("_environment", "_root", "_screen")

    def __init__(self, root: Path, environment: Mapping[str, str], screen: TextIO | None) -> None:
        """root: the project folder. screen: where progress is shown, if it is a terminal and not closed."""
        self._root = root
        self._environment = environment
        self._screen = screen

    def read(self, folder: str, path: str) -> bytes | MediaProblem:
        """See `Library.read`."""
        return media.read(self._root / folder, path)

    def media_files(self, folder: str) -> Sequence[str]:
        """See `Library.media_files`."""
        return media.files(self._root / folder)

    def read_output(self, path: str) -> bytes | None:
        """See `Environment.read_output`. A file that cannot be read is taken as missing, and written anew."""
        try:
            return (self._root / path).read_bytes()
        except OSError:
            return None

    def font_folder(self, folder: str, path: str) -> str | None:
        """See `Environment.font_folder`."""
        return media.font_folder(self._root / folder, path)

    def system_font_folders(self) -> Sequence[str]:
        """See `Environment.system_font_folders`."""
        return [str(folder) for folder in fonts.folders(self._environment)]

    def asset_dir(self) -> AbstractContextManager[TemporaryAssetDir]:
        """See `Environment.asset_dir`."""
        return temporary_asset_dir()

    def cache(self) -> "Cache":
        """See `Environment.cache`."""
        # What only some commands need, only they import.
        from cardwright.formats.pdf.cache import NullCache  # noqa: PLC0415
        from cardwright.shell import cache  # noqa: PLC0415

        place = cache.folder(self._environment)
        return NullCache() if place is None else cache.DiskCache(place)

    def progress(self, what: str) -> AbstractContextManager[progress.ProgressCallback]:
        """See `Environment.progress`."""
        return progress.progress_bar(what, self._screen)
