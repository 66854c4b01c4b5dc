"""Copy media from a foreign deck into the folder of a deck, each when the first card names it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cardwright.diagnostics import Report, Source
from cardwright.identity.lock import MediaEntry
from cardwright.importing.collection import AnkiMedia
from cardwright.importing.findings import Findings
from cardwright.importing.unreadable import DamagedFile
from cardwright.shell.media import read_media_file
from cardwright.source import media_formats
from cardwright.source.files import MEDIA_FOLDER, MediaProblem
from cardwright.source.media_reader import TRAVELLING, MediaReader
from cardwright.source.nodes import Scalar

_BLOCK_SIZE = 1 << 20


class MediaFolder:
    """The media of a deck, each copied when it is first named.

    entries: of the lock, by path.
    missing: names of files that texts show, and that aren't there.
    damaged: names of files that are damaged and were left out, each with the ids of the cards that name it.
    unfit: names of files that no text can show.
    size: of all files together, in bytes.
    """

    def __init__(self, folder: Path, media: Mapping[str, AnkiMedia]) -> None:
        """folder: of the deck. media: of the foreign deck, by name."""
        self._folder = folder
        self._media = media
        self.entries: dict[str, MediaEntry] = {}
        self.missing: dict[str, None] = {}
        self.damaged: dict[str, list[str]] = {}
        self.unfit: dict[str, None] = {}
        self.size = 0
        self._shown: dict[str, str] = {}
        self._copied: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._asked_size = 0
        self._asked_damaged: dict[str, None] = {}

    @property
    def copied(self) -> Collection[str]:
        """The names in Anki of the files that were copied."""
        return self._copied

    @property
    def has_sounds(self) -> bool:
        return any(map(media_formats.is_sound, self.entries))

    def take_asked_size(self) -> int:
        """Return the bytes of all files whose paths were asked for since the last call."""
        size, self._asked_size = self._asked_size, 0
        return size

    def note_damaged(self, card_id: str) -> None:
        """Take note of a card for whose texts files were asked for since the last call."""
        for name in self._asked_damaged:
            self.damaged[name].append(card_id)
        self._asked_damaged.clear()

    def copy_travelling(self) -> None:
        """Copy what Anki imports although no field may name it, such as fonts of styles."""
        for name in self._media:
            if name.startswith(TRAVELLING):
                self.copy(name)

    def shown_path(self, name: str) -> str:
        """Return the path of a file that a text can show; empty if there is none. name: in Anki."""
        path = self.copy(name)
        if name not in self._shown:
            if path and not self._can_be_shown(path):
                self.unfit[name], path = None, ""
            self._shown[name] = path
        return self._shown[name]

    def copy(self, name: str) -> str:
        """Copy a file unless that was done, and return its path; empty if there is none, or a damaged one.

        Paths are relative to the deck's folder. Errors: UnreadableDeck.
        """
        if name in self.damaged:
            self._asked_damaged[name] = None
            return ""
        if name in self._copied:
            self._asked_size += self._sizes[name]
            return self._copied[name]
        if name not in self._media:
            self.missing[name] = None
            return ""
        media = self._media[name]
        path = f"{MEDIA_FOLDER}/{media.file_name}"
        target = self._folder / path
        target.parent.mkdir(exist_ok=True)
        digest, size = sha256(), 0
        try:
            with media.open() as source, target.open("xb") as copy:
                while block := source.read(_BLOCK_SIZE):
                    digest.update(block)
                    copy.write(block)
                    size += len(block)
        except DamagedFile:
            target.unlink(missing_ok=True)
            self.damaged[name] = []
            self._asked_damaged[name] = None
            return ""
        self._copied[name] = path
        self._sizes[name] = size
        self._asked_size += size
        self.size += size
        self.entries[path] = MediaEntry(path, media.name, digest.hexdigest())
        return path

    def _can_be_shown(self, path: str) -> bool:
        """Return whether a build accepts a picture or a sound."""
        report, source = Report(), Source("", path)
        reader = MediaReader("", _OneFile(self._folder), report)
        read = reader.sound if media_formats.is_sound(path) else reader.picture
        return read(path, Scalar(source, 0, len(path), path, "")) is not None


def tell_damaged(folders: Iterable[MediaFolder], findings: Findings) -> None:
    """Tell which files of a package are damaged, and which cards name them."""
    for folder in folders:
        for name, card_ids in folder.damaged.items():
            named = f"on {', '.join(dict.fromkeys(card_ids))}" if card_ids else "on no card"
            findings.add(
                "media files that are damaged in the package, and left out; export it again to have them",
                f"{name}, {named}",
            )


@dataclass(frozen=True, slots=True)
class _OneFile:
    """The files of a folder, for who reads one and needs no others. folder: of the deck."""

    folder: Path

    def read(self, _folder: str, path: str) -> bytes | MediaProblem:
        return read_media_file(self.folder, path)

    def media_files(self, _folder: str) -> Mapping[str, str]:
        return {}
