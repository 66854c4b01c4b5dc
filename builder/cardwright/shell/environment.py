"""Gives a build what it asks of this machine: time, media, fonts, earlier outputs, cache, progress bar."""

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from cardwright.formats.outputs import ProgressCallback
from cardwright.shell import media
from cardwright.shell.files import PACKAGE_LIMIT, find_link, is_folder, read_regular_file
from cardwright.shell.progress import progress_bar
from cardwright.shell.temporary import temporary_folder
from cardwright.source.files import FontFolder, MediaProblem

if TYPE_CHECKING:
    from cardwright.source.cache import Cache

MAX_BUILD_TIME = 253_402_300_799
"""The last second of the year 9999, after which our date formats cannot write a time."""


class InvalidBuildTime(ValueError):
    """SOURCE_DATE_EPOCH does not hold a time; the text says what it should hold."""


def build_time(environ: Mapping[str, str]) -> int:
    """Return the seconds since 1970: SOURCE_DATE_EPOCH when it is set, else those of the clock.

    Source: https://reproducible-builds.org/specs/source-date-epoch/

    Errors: InvalidBuildTime when the variable holds anything but a whole number up to the year 9999.
    """
    value = environ.get("SOURCE_DATE_EPOCH", "")
    if not value:
        return int(time.time())
    if not (value.isascii() and value.isdigit() and len(value) <= 12 and int(value) <= MAX_BUILD_TIME):
        message = f"SOURCE_DATE_EPOCH is {value!r}, not a number of seconds since 1970 such as 1700000000"
        raise InvalidBuildTime(message)
    return int(value)


@dataclass(frozen=True, slots=True)
class LocalEnvironment:
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

    def font_folder(self, folder: str, path: str) -> FontFolder | None:
        return media.find_font_folder(self.root / folder, path)

    def system_font_folders(self) -> Sequence[str]:
        return [str(folder) for folder in find_font_folders(self.environ)]

    def asset_dir(self) -> "AbstractContextManager[LocalAssetDir]":
        return temporary_asset_dir()

    def cache(self) -> "Cache":
        # Commands that lay out nothing do not import it.
        from cardwright.shell.cache import open_cache  # noqa: PLC0415

        return open_cache(self.environ)

    def progress(self, label: str) -> AbstractContextManager[ProgressCallback]:
        return progress_bar(label, self.screen)


@dataclass(frozen=True, slots=True)
class LocalAssetDir:
    """The `AssetDir` of the PDF engine, on this disk."""

    folder: str

    def put(self, name: str, data: bytes) -> None:
        target = Path(self.folder) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


@contextmanager
def temporary_asset_dir() -> Iterator[LocalAssetDir]:
    """Make a folder that is deleted when the block is left."""
    with temporary_folder() as folder:
        yield LocalAssetDir(str(folder))


def find_font_folders(environ: Mapping[str, str], platform: str = sys.platform) -> list[Path]:
    """Return the font folders of the system that exist, the user's own first.

    platform: as in `sys.platform`.
    Source: fontconfig's default configuration (Linux); Apple, "Mac Help: font
    locations"; Microsoft, "CSIDL_FONTS" and the fonts a user installs since Windows 10 1809.
    """
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or os.sep)
    if platform == "darwin":
        folders = [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    elif platform == "win32":
        local = Path(environ.get("LOCALAPPDATA") or home / "AppData/Local")
        windows = Path(environ.get("WINDIR") or "C:/Windows")
        folders = [local / "Microsoft/Windows/Fonts", windows / "Fonts"]
    else:
        data = Path(environ.get("XDG_DATA_HOME") or home / ".local/share")
        folders = [data / "fonts", home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]
    return [folder for folder in folders if is_folder(folder)]
