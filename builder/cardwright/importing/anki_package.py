"""Opens a package or a collection of Anki, of any version."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from cardwright.importing.anki_database import open_database
from cardwright.importing.archive import Archive, open_archive
from cardwright.importing.collection import AnkiCollection, AnkiMedia
from cardwright.importing.findings import Findings
from cardwright.importing.media_folders import read_media_folder
from cardwright.importing.media_names import media_name, safe_file_name
from cardwright.importing.other_files import other_archive
from cardwright.importing.protobuf import MAX_VALUES, contents, number, read_message, text
from cardwright.importing.safe_text import load_json, without_control_characters
from cardwright.importing.unreadable import EXPORT_AGAIN, UnreadableDeck
from cardwright.shell.temporary import temporary_folder

_META, _MEDIA, _MIME_TYPE = "meta", "media", "mimetype"
_DATABASES = {1: "collection.anki2", 2: "collection.anki21", 3: "collection.anki21b"}
"""The file with the notes, by the version in `meta`. Older ones beside it only ask to update Anki."""
_COMPRESSED = 3
"""The version from which on all files but `meta` are compressed by Zstandard."""

_MB = 1 << 20
_META_LIMIT = _MB
_MEDIA_LIST_LIMIT = 32 * _MB
DATABASE_LIMIT = 4096 * _MB
MEDIA_FILE_LIMIT = 2048 * _MB
"""Of a media file, in bytes. Anki itself sends no file of more than 100 MB to other devices."""
MEDIA_TOTAL_LIMIT = 64 << 30
"""Of all media together, in bytes."""


@contextmanager
def open_package(path: str, file: Path) -> Iterator[AnkiCollection]:
    """Open an `.apkg` or `.colpkg`.

    path: as shown to the user.

    Errors: UnreadableDeck, then and while it is read; OSError if the file can't be read.
    Source: Anki, rslib/src/import_export/package/meta.rs and media.rs.
    """
    with open_archive(path, file) as archive, temporary_folder() as folder:
        version = _version(archive)
        database = folder / "collection.db"
        _unpack_database(archive, version, database)
        findings = Findings()
        media = _media(archive, version, findings)
        with open_database(path, database, findings) as content:
            yield AnkiCollection(
                content.types, content.decks, content.notes, content.note_count, media, findings.findings
            )


@contextmanager
def open_collection_file(path: str, file: Path) -> Iterator[AnkiCollection]:
    """Open the collection of a profile, a database beside whose file its media lie in `collection.media`.

    path: as shown to the user.

    Errors: as for `open_package`.
    """
    # Of an open database, or of one that was left when its computer stopped.
    logs = (file.with_name(f"{file.name}{ending}") for ending in ("-wal", "-journal"))
    if any(log.exists() and log.stat().st_size for log in logs):
        help_ = "close Anki; if it is closed, open it and close it again"
        raise UnreadableDeck(path, "this collection is open in Anki", help_)
    findings = Findings()
    media = read_media_folder(file.with_suffix(".media"), findings)
    with open_database(path, file, findings) as content:
        yield AnkiCollection(
            content.types, content.decks, content.notes, content.note_count, media, findings.findings
        )


def _version(archive: Archive) -> int:
    """Return the version of the package, 1 to 3."""
    if _META not in archive:
        version = 2 if _DATABASES[2] in archive else 1
    else:
        try:
            version = number(read_message(archive.read(_META, _META_LIMIT)), 1)
        except ValueError as error:
            raise UnreadableDeck(
                archive.path, f"`{_META}` in the package is damaged", EXPORT_AGAIN
            ) from error
        if version not in _DATABASES:
            help_ = "update cardwright, or export it with “Support older Anki versions”"
            raise UnreadableDeck(archive.path, "the package is of a newer version of Anki", help_)
    for name in (_META, _MEDIA, _DATABASES[version]):
        if name in archive.repeated:
            help_ = "take the package from where you trust it"
            raise UnreadableDeck(archive.path, f"the package has two files named `{name}`", help_)
    if _DATABASES[version] not in archive:
        mime_type = archive.read(_MIME_TYPE, _META_LIMIT) if _MIME_TYPE in archive else b""
        raise UnreadableDeck(archive.path, *other_archive(archive.entries, mime_type))
    return version


def _unpack_database(archive: Archive, version: int, target: Path) -> None:
    with (
        archive.open(_DATABASES[version], DATABASE_LIMIT, is_zstd=version >= _COMPRESSED) as packed,
        target.open("xb") as unpacked,
    ):
        while part := packed.read(_MB):
            unpacked.write(part)


def _media(archive: Archive, version: int, findings: Findings) -> dict[str, AnkiMedia]:
    """Return the media by their names. Files that the list has and the archive lacks are told."""
    media: dict[str, AnkiMedia] = {}
    used_names: set[str] = set()
    total = 0

    def open_file(entry_name: str, name: str) -> IO[bytes]:
        is_zstd = version >= _COMPRESSED
        return archive.open(entry_name, MEDIA_FILE_LIMIT, is_zstd=is_zstd, shown_name=name)

    for entry_name, raw_name, told_size in _media_list(archive, version):
        name = media_name(without_control_characters(raw_name))
        if entry_name not in archive:
            findings.add("media files that the package lists but doesn't hold", name)
            continue
        if name in media:
            findings.add("media files with the name of another one", name)
            continue
        if entry_name in archive.repeated:
            findings.add("media files that the package holds twice", name)
        if _leaves(raw_name):
            findings.add("media files with names that no file can have, stored under others", name)
        entry = archive.entries[entry_name]
        size = told_size if version >= _COMPRESSED else entry.file_size
        total += max(size, entry.compress_size)
        if total > MEDIA_TOTAL_LIMIT:
            message = f"the media are larger than {MEDIA_TOTAL_LIMIT >> 30} GB together"
            raise UnreadableDeck(archive.path, message, "export fewer decks at a time")
        media[name] = AnkiMedia(
            name, safe_file_name(name, used_names), size, partial(open_file, entry_name, name)
        )
    return media


def _leaves(name: str) -> bool:
    """Return whether a name would lead out of a folder, which Anki refuses."""
    return not name or name in (".", "..") or "/" in name or "\\" in name or "\0" in name or name[1:2] == ":"


def _media_list(archive: Archive, version: int) -> Iterator[tuple[str, str, int]]:
    """Yield name in the archive, name in Anki, and size of each media file; 0 if it isn't told."""
    if _MEDIA not in archive:
        return  # old versions of AnkiDroid leave the list out if it is empty
    data = archive.read(_MEDIA, _MEDIA_LIST_LIMIT, is_zstd=version >= _COMPRESSED)
    try:
        if version >= _COMPRESSED:
            for index, entry in enumerate(contents(read_message(data), 1)):
                message = read_message(entry)
                yield str(index), text(message, 1), max(number(message, 2), 0)
            return
        names = load_json(data.decode()).items()
        if len(names) > MAX_VALUES:
            raise ValueError("too many media files")  # noqa: TRY301  as for a message with too many
        for number_, name in names:
            # Numbers alone: `meta` and the collection are no media.
            if number_.isascii() and number_.isdigit():
                yield str(int(number_)), str(name), 0
    except (ValueError, AttributeError, RecursionError) as error:
        raise UnreadableDeck(archive.path, "the package's list of media is damaged", EXPORT_AGAIN) from error
