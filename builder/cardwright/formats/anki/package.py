"""The Anki package: a zip file of a database and media."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cardwright.collection.content import MediaFile
from cardwright.collection.deck import Deck
from cardwright.collection.deck_name import DeckName, is_same_deck
from cardwright.formats.anki import collection, escape
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.released import join_tags, locked_data
from cardwright.formats.anki.render import RenderedDeck
from cardwright.identity import derive
from cardwright.identity.lock import Lock, NoteEntry
from cardwright.record import Record

if TYPE_CHECKING:
    from cardwright.collection.deck import OptionsPreset

# Bytes in which SQLite stores its own version, which is no part of the deck.
# Source: "Database File Format", sqlite.org/fileformat2.html, section 1.3.
_SQLITE_VERSION = slice(96, 100)


class PackedNote(Record, frozen=True):
    """A note as it goes into a package.

    fields, tags, ordinals: as in `RenderedNote`.
    subdeck: as in `DeckName`.
    """

    entry: NoteEntry
    fields: str
    tags: Sequence[str]
    ordinals: Sequence[int]
    subdeck: str = ""


def build_package(deck: Deck, rendered: RenderedDeck, lock: Lock) -> bytes:
    """Return the `.apkg` of a deck: the same bytes for the same deck and lock.

    lock: reconciled with `rendered`.
    """
    entries = lock.notes
    notes = (
        PackedNote(
            entries[note.state.key], note.fields, note.tags, note.ordinals, note.state.deck_name.subdeck
        )
        for note in rendered.notes
    )
    return pack_notes(deck, rendered.types, lock, notes, rendered.media, deck.preset)


def pack_notes(
    deck: Deck,
    types: Sequence[AnkiNoteType],
    lock: Lock,
    notes: Iterable[PackedNote],
    media: Sequence[MediaFile] = (),
    preset: "OptionsPreset | None" = None,
) -> bytes:
    """Return a package of some notes of a deck.

    types: all note types of the deck; those without notes are left out.
    preset: the options preset that the package brings, if any.
    """
    # By ascending id, so that the database fills its pages one after the other.
    notes = sorted(notes, key=lambda note: note.entry.id)
    deck_ids = {"": derive.anki_deck_id(deck.id)}
    if (subdecks := {note.subdeck for note in notes} - {""}) or is_same_deck(deck.name, "Default"):
        from cardwright.formats.anki.subdecks import anki_deck_ids  # noqa: PLC0415  few decks need it

        deck_ids = anki_deck_ids(deck, subdecks)
    used_types = {note.entry.type for note in notes}
    packed_types = [note_type for note_type in types if note_type.type in used_types]
    # A file in memory, of which SQLite makes one copy less than of its usual database in memory.
    connection = sqlite3.connect("file:package?vfs=memdb", uri=True)
    cursor = connection.cursor()
    collection.create_tables(cursor)
    collection.insert_collection(
        cursor,
        [
            collection.note_type_json(note_type, lock.types[note_type.type].mod, deck_ids[""])
            for note_type in packed_types
        ],
        _decks(deck, deck_ids, lock, has_preset=preset is not None),
        [] if preset is None else [_preset(deck, preset)],
        deck.id if any(note_type.imported for note_type in packed_types) else "",
    )
    cursor.executemany(_INSERT_NOTE, _note_rows(notes, packed_types))
    cursor.executemany(_INSERT_CARD, _card_rows(notes, deck_ids))
    collection.create_indexes(cursor)
    connection.commit()
    notes = ()  # a big deck takes a lot of memory, and what comes is its peak
    return _zip_package(_serialize(connection), media)


def _decks(deck: Deck, ids: Mapping[str, int], lock: Lock, *, has_preset: bool) -> Iterator[collection.Json]:
    """Yield the deck and its sub-decks, which have no description. ids: by sub-deck.

    They all get the options preset that the package brings, since options such as the desired retention
    are those of the deck that a card is in.
    """
    preset_id = derive.preset_id(deck.id) if has_preset else 1
    for subdeck, deck_id in ids.items():
        description, is_markdown = ("", False) if subdeck else _description(deck, lock)
        json = collection.deck_json(deck_id, DeckName(deck.name, subdeck).full, description, preset_id)
        yield {**json, "md": True} if is_markdown else json


def _preset(deck: Deck, preset: "OptionsPreset") -> collection.Json:
    from cardwright.formats.anki.options_preset import preset_json  # noqa: PLC0415  few decks have one

    return preset_json(preset, derive.preset_id(deck.id), deck.name)


def _serialize(connection: sqlite3.Connection) -> bytearray:
    """Return the file of a database, and close it, so that there are never more than two copies."""
    file = connection.serialize()
    connection.close()
    file_without_version = bytearray(file)
    file_without_version[_SQLITE_VERSION] = bytes(4)
    return file_without_version


_GREATEST_ID = 2**62
"""Up to which the ids of cards follow those of notes, whose ids may be up to 2**63 - 1."""

# Anki recomputes a note's checksum and sort field, so they are empty, and so are all scheduling columns,
# since the cards are new.
_INSERT_NOTE = """
INSERT INTO notes (id, guid, mid, mod, tags, flds, sfld, usn, csum, flags, data)
VALUES (?, ?, ?, ?, ?, ?, '', -1, 0, 0, ?)
"""
_INSERT_CARD = """
INSERT INTO cards (id, nid, did, ord, mod, due, usn, type, queue, ivl, factor, reps, lapses, left, odue, odid,
                   flags, data)
VALUES (?, ?, ?, ?, ?, ?, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '')
"""


def _note_rows(
    notes: Iterable[PackedNote], types: Iterable[AnkiNoteType]
) -> Iterator[tuple[int, str, int, int, str, str, str]]:
    places = {note_type.type: (note_type.id, note_type.imported is not None) for note_type in types}
    for note in notes:
        entry = note.entry
        type_id, is_imported = places[entry.type]
        data = locked_data(entry, is_imported=is_imported)
        yield entry.id, entry.guid, type_id, entry.mod, join_tags(note.tags), note.fields, data


def _card_rows(
    notes: Iterable[PackedNote], deck_ids: Mapping[str, int]
) -> Iterator[tuple[int, int, int, int, int, int]]:
    """Yield the rows of the cards. Anki ignores their `mod`; it is the note's first release.

    notes: by ascending id. The ids of a note's cards follow its own, unless imported notes have such ids; any
    will do, since Anki knows a card by its note and its ordinal.
    """
    last_id = -_GREATEST_ID
    for note in notes:
        entry, deck_id = note.entry, deck_ids[note.subdeck]
        note_id, since, due = entry.id, entry.since, entry.due
        for ordinal in note.ordinals:
            last_id = max(min(note_id, _GREATEST_ID) + 1 + ordinal, last_id + 1)
            yield last_id, note_id, deck_id, ordinal, since, due


def _description(deck: Deck, lock: Lock) -> tuple[str, bool]:
    """Return what Anki shows below the deck's name, and whether it is Markdown and not HTML.

    That is description, authors and license; or what an imported deck has there, until they change.
    """
    imported = lock.description
    is_as_imported = imported is not None and imported.description.split() == deck.description.split()
    if imported is not None and is_as_imported and not (deck.authors or deck.license):
        return imported.desc, imported.md
    authors = ", ".join(deck.authors)
    lines = [deck.description, " · ".join(part for part in (authors, deck.license) if part)]
    html = "<br>".join(escape.text(line.strip()) for line in lines if line.strip())
    return html.replace("\n", "<br>"), False


# The zip file, whose bytes depend on nothing but its contents.

# Deflate's level. Measured on 20,000 notes: 4 makes the file 4 % larger; 6 makes it 2 % smaller, but
# takes two thirds longer.
_DEFLATE_LEVEL = 5

_UNIX = 3
_READABLE_BY_ALL = 0o644 << 16
_EARLIEST_DATE = (1980, 1, 1, 0, 0, 0)


def _zip_package(database: bytearray, media: Sequence[MediaFile]) -> bytes:
    """Return the zip file of a package.

    database: an SQLite database with Anki's schema 11, which every version of Anki can read.
    media: each file once; in the zip file they are numbered, and the entry `media` maps numbers to names.

    Source: Anki, rslib/src/import_export/package/meta.rs and media.rs.
    """
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        names = {str(number): media_file.name for number, media_file in enumerate(media)}
        _add_entry(archive, "collection.anki2", database)
        _add_entry(archive, "media", json.dumps(names).encode())
        for number, media_file in enumerate(media):
            _add_entry(archive, str(number), media_file.data)
    return buffer.getvalue()


def _add_entry(archive: ZipFile, name: str, data: bytes | bytearray) -> None:
    # Date, mode and system would otherwise be those of the current time and this machine.
    info = ZipInfo(name, _EARLIEST_DATE)
    info.create_system = _UNIX
    info.external_attr = _READABLE_BY_ALL
    archive.writestr(info, data, ZIP_DEFLATED, _DEFLATE_LEVEL)
