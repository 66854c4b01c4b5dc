"""The pictures and sounds of an export: which of them the deck has, and which come with an edit."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from pathlib import PurePosixPath
from urllib.parse import unquote

from cardwright.collection.content import MediaFile
from cardwright.diagnostics import Report, Source
from cardwright.formats.anki import escape
from cardwright.importing.collection import AnkiMedia
from cardwright.importing.media_names import safe_file_name
from cardwright.importing.unreadable import DamagedFile
from cardwright.source import media_formats
from cardwright.source.files import MEDIA_FOLDER, MEDIA_LIMIT, MediaLibrary, MediaProblem, normal_path
from cardwright.source.media_reader import MediaReader
from cardwright.source.nodes import Scalar

_REFERENCE = re.compile(r"""(?<=\[sound:)[^\]]+(?=\])|(?<=src=")[^"]+(?=")|(?<=src=')[^']+(?=')""")
_RENAMED = re.compile(r"-[0-9a-f]{40}(?=(?:\.[A-Za-z0-9]+)?\Z)")
"""What Anki puts into the name of a file if it already has another one of that name.

Source: Anki, rslib/src/media/files.rs, `add_hash_suffix_to_file_stem`.
"""


_WEB_ADDRESS = re.compile(r"(?i)(?:https?:)?//|data:")


def _name_of(reference: str) -> str:
    """Return the name of a file that a field refers to."""
    return unquote(unescape(reference)) if "%" in reference else unescape(reference)


def read_media(media: AnkiMedia) -> bytes | None:
    """Return the content of a file; None if it is damaged or too large for a card."""
    try:
        with media.open() as reader:
            data = reader.read(MEDIA_LIMIT + 1)
    except DamagedFile:
        return None
    return data if len(data) <= MEDIA_LIMIT else None


class LibraryWithMedia:
    """The media of a deck with files that are not written yet. new: by path relative to its folder."""

    def __init__(self, library: MediaLibrary, folder: str) -> None:
        """folder: of the deck, as the library knows it."""
        self._library, self._folder = library, folder
        self.new: dict[str, bytes] = {}
        self._used_names: set[str] | None = None

    def add(self, file_name: str, data: bytes) -> str:
        """Add a file, unless there is an equal one with this name, and return its path."""
        if self._used_names is None:
            files = self._library.media_files(self._folder)
            self._used_names = {normal_path(PurePosixPath(path).name).casefold() for path in files}
        path = f"{MEDIA_FOLDER}/{safe_file_name(file_name, set())}"
        if self.read(self._folder, path) != data:
            path = f"{MEDIA_FOLDER}/{safe_file_name(file_name, self._used_names)}"
            self.new[path] = data
        return path

    def read(self, folder: str, path: str) -> bytes | MediaProblem:
        new = self.new.get(posixpath.normpath(path)) if folder == self._folder else None
        return self._library.read(folder, path) if new is None else new

    def media_files(self, folder: str) -> Mapping[str, str]:
        files = dict(self._library.media_files(folder))
        return {**files, **dict.fromkeys(self.new, "")} if folder == self._folder else files


class PulledMedia(Mapping[str, str]):
    """The paths of pictures and sounds that texts can name, by their names in the export.

    A file that the deck doesn't have is added to the library when it is asked for.
    """

    def __init__(
        self,
        own: Iterable[MediaFile],
        exported: Mapping[str, AnkiMedia],
        library: LibraryWithMedia,
        folder: str,
    ) -> None:
        """own: the files of the deck. exported: those of the export, by name."""
        self._own = {file.name: file for file in own}
        self._exported, self._library, self._folder = exported, library, folder
        self._paths: dict[str, str] = {
            file.name: posixpath.relpath(file.path, folder) for file in self._own.values()
        }
        self._names_by_data = {file.data: file.name for file in self._own.values()}
        self._sizes = {len(data) for data in self._names_by_data}
        self._own_names: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        if name not in self._paths:
            self._paths[name] = self._add(name)
        if not self._paths[name]:
            raise KeyError(name)
        return self._paths[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def with_own_names(self, html: str) -> str:
        """Return a field with our names of our files, whatever the collection calls them."""
        return _REFERENCE.sub(lambda match: self._own_reference(match[0]), html)

    def with_exported_names(self, html: str, files: Iterable[MediaFile]) -> str:
        """Return a field of ours with the names that new files have in the export. files: all of the deck."""
        by_path = {posixpath.relpath(file.path, self._folder): file.name for file in files}
        for name, path in self._paths.items():
            if name not in self._own and path in by_path:
                html = html.replace(f'src="{by_path[path]}"', f'src="{escape.attribute(name)}"')
                html = html.replace(f"[sound:{by_path[path]}]", f"[sound:{name}]")
        return html

    def missing(self, html: str) -> set[str]:
        """Return the names of the files that a field needs and that the deck can't have."""
        references = (_name_of(reference) for reference in _REFERENCE.findall(html))
        return {name for name in references if name not in self and not _WEB_ADDRESS.match(name)}

    def __contains__(self, name: object) -> bool:
        return self.get(str(name)) is not None

    def _own_reference(self, reference: str) -> str:
        name = _name_of(reference)
        if name in self._own:
            return reference
        if name not in self._own_names:
            self._own_names[name] = self._own_name(name)
        return self._own_names[name] or reference

    def _own_name(self, name: str) -> str:
        """Return our name of a file that the collection has under another; empty if it isn't ours."""
        media = self._exported.get(name)
        if media is None:
            original = _RENAMED.sub("", name)
            return original if original in self._own else ""
        if media.size and media.size not in self._sizes:
            return ""
        data = read_media(media)
        return "" if data is None else self._names_by_data.get(data, "")

    def _add(self, name: str) -> str:
        """Add a file of the export to the deck, and return its path; empty if cards can't have it."""
        media = self._exported.get(name)
        extension = media_formats.file_extension(name)
        if media is None or extension not in media_formats.EXTENSIONS or (data := read_media(media)) is None:
            return ""
        path = self._library.add(media.file_name, data)
        report = Report()
        reader = MediaReader(self._folder, self._library, report)
        read = reader.sound if media_formats.is_sound(name) else reader.picture
        if read(path, Scalar(Source("", path), 0, len(path), path, "")) is None:
            self._library.new.pop(path, None)
            return ""
        return path
