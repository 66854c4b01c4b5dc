"""What the core is given of the disk: a deck's files, and a way to fetch its media."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DeckFiles:
    """One deck as found on disk. All paths are relative to the project folder, with `/`.

    main: the deck's own file: `…/deck.yaml`, or the single file of a deck.
    folder: the folder it lies in; topics and media are looked up from here.
    name: where its output goes below `decks/`: the folder's name, or the single
        file's without its ending.
    single: whether `main` holds the whole deck.
    sources: content of every YAML file of the deck, `main` included, by path.
    lock_path: `deck.lock` in the folder, or `<name>.lock` beside a single file.
    lock: its content; None when there is none yet.
    neighbours: `main` of the other decks in the same folder, which share its media.
    """

    main: str
    folder: str
    name: str
    single: bool
    sources: Mapping[str, bytes]
    lock_path: str
    lock: bytes | None = None
    neighbours: tuple[str, ...] = ()


class MediaProblem(Enum):
    """Why a medium could not be fetched."""

    MISSING = "missing"
    OUTSIDE = "outside"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too large"


# The folder in a deck's own in which its media are expected to be.
MEDIA = "media"

# Anki's own sync refuses media above this size.
# Source: Anki manual, "Syncing > Media": files are limited to 100 MB.
MEDIA_LIMIT = 100 * 1024 * 1024


class MediaLibrary(Protocol):
    """Fetches media on request, and tells which there are."""

    def read(self, folder: str, path: str) -> bytes | MediaProblem:
        """The content of a medium.

        folder: a deck's folder, relative to the project; nothing outside it is read.
        path: as the author wrote it, relative to the folder, with `/`. `..`,
            absolute paths, and links that lead out are MediaProblem.OUTSIDE;
            anything larger than MEDIA_LIMIT is TOO_LARGE and not read.
        """
        ...

    def media_files(self, folder: str) -> Sequence[str]:
        """The files in and below `media/` in a deck's folder, hidden ones left out, sorted.

        folder: as for `read`. Returns paths relative to it, with `/`.
        """
        ...
