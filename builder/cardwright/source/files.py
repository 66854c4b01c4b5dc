"""The files of a deck, and the interface through which the core reads its media."""

import posixpath
import unicodedata
from collections.abc import Mapping
from enum import Enum
from pathlib import PurePosixPath
from typing import Protocol

from cardwright.record import Record, field


class DeckLocation(Record, frozen=True):
    """The place of a deck in its project. All paths are relative to the project folder and use `/`.

    main_path: the deck's own file: `…/deck.yaml`, or the single file of a deck.
    is_single_file: whether the main file holds the whole deck.
    """

    main_path: str
    is_single_file: bool

    @property
    def folder(self) -> str:
        """The folder of the main file; topics and media are looked up from here."""
        return posixpath.dirname(self.main_path)

    @property
    def name(self) -> str:
        """The name of the deck's folder below `decks/`, after its own folder or its single file."""
        return PurePosixPath(self.main_path).stem if self.is_single_file else posixpath.basename(self.folder)

    @property
    def lock_path(self) -> str:
        """The path of `deck.lock` in the folder, or `<name>.lock` beside a single file."""
        return str(PurePosixPath(self.main_path).with_suffix(".lock"))


class DeckFiles(DeckLocation, frozen=True):
    """The files of one deck.

    sources: the content of every YAML file of the deck by path, the main file included.
    lock: the content of the lock file; None when there is none yet.
    neighbours: main paths of the other decks in the same folder, which share its media.
    stray_locks: of a deck without a lock, the locks near it that belong to no deck, by path.
    """

    sources: Mapping[str, bytes]
    lock: bytes | None = None
    neighbours: tuple[str, ...] = ()
    stray_locks: Mapping[str, bytes] = field(default_factory=dict)


def normal_path(path: str) -> str:
    """Return a path in the form in which paths are compared, and in which decks have texts: Unicode's NFC.

    Old Macs write the accent of `é` as a character of its own (NFD); the name looks alike, and is the same.
    """
    return path if path.isascii() else unicodedata.normalize("NFC", path)


class MediaProblem(Enum):
    """A reason why a media file could not be read."""

    MISSING = "missing"
    OUTSIDE = "outside"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too large"


# The folder beside a deck's main file in which its media are expected.
MEDIA_FOLDER = "media"

# In bytes; Anki's own sync refuses larger media.
# Source: Anki manual, "Syncing > Media": files are limited to 100 MB.
MEDIA_LIMIT = 100 * 1024 * 1024


class FontFolder(Record, frozen=True):
    """A folder of fonts within a deck.

    path: absolute.
    links_out: paths of links in it that lead out of the deck, relative to the deck's folder. The
        engine would follow them, so a folder that has any must not be read.
    """

    path: str
    links_out: tuple[str, ...] = ()


class MediaLibrary(Protocol):
    """Lists and reads the media files of a deck."""

    def read(self, folder: str, path: str) -> bytes | MediaProblem:
        """Return the content of a media file.

        folder: a deck's folder, relative to the project; nothing outside it is read.
        path: as the author wrote it, relative to the folder, with `/`. `..`,
            absolute paths and links that lead out are MediaProblem.OUTSIDE;
            names may be written in NFC or NFD, however the disk has them;
            anything larger than MEDIA_LIMIT is TOO_LARGE and is not read.
        """

    def media_files(self, folder: str) -> Mapping[str, str]:
        """Return the files in and below `media/`, without hidden ones, sorted by their paths.

        With each path comes the reason why the file can't be found; it is empty for files that are there.

        folder: as for `read`. The paths are relative to it and use `/`.
        """
