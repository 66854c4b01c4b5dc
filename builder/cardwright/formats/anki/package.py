"""The Anki package: a zip file of a database and media. Only this file uses genanki."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import genanki

from cardwright.collection.content import MediaFile
from cardwright.collection.deck import Deck
from cardwright.formats.anki import escape
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.released import locked_data
from cardwright.formats.anki.render import RenderedDeck
from cardwright.identity import derive
from cardwright.identity.lock import Lock, NoteEntry, NoteTypeEntry

if TYPE_CHECKING:
    from cardwright.collection.deck import OptionsPreset

# Bytes in which SQLite stores its own version, which is no part of the deck.
# Source: "Database File Format", sqlite.org/fileformat2.html, section 1.3.
_SQLITE_VERSION = slice(96, 100)

# Index of a field of image occlusion.
# Source: Anki, proto/anki/image_occlusion.proto, `ImageOcclusionFieldIndexes`.
_COMMENTS = 4


class PackedNote(NamedTuple):
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
    notes = [
        PackedNote(
            entries[note.state.key], note.fields, note.tags, note.ordinals, note.state.deck_name.subdeck
        )
        for note in rendered.notes
    ]
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
    # A file in memory, of which SQLite makes one copy less than of its usual database in memory.
    connection = sqlite3.connect("file:package?vfs=memdb", uri=True)
    cursor = connection.cursor()
    package_deck = _PackageDeck(deck, types, lock, notes)
    genanki.Package(package_deck).write_to_db(cursor, 0, iter(()))
    if preset is not None:
        from cardwright.formats.anki.options_preset import add_preset  # noqa: PLC0415  few decks have one

        add_preset(cursor, deck, preset)
    if len(package_deck.deck_ids) > 1:
        from cardwright.formats.anki.subdecks import add_subdecks  # noqa: PLC0415  few decks have any

        add_subdecks(cursor, deck, package_deck.deck_ids)
    connection.commit()
    return _zip_package(_serialize(connection), media)


def _serialize(connection: sqlite3.Connection) -> bytearray:
    """Return the file of a database, and close it, so that there are never more than two copies."""
    file = connection.serialize()
    connection.close()
    file_without_version = bytearray(file)
    file_without_version[_SQLITE_VERSION] = bytes(4)
    return file_without_version


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


class _NoteTypeModel(genanki.Model):  # type: ignore[misc] # genanki is not typed
    """A note type ("model" in genanki) with its own `mod`."""

    def __init__(self, note_type: AnkiNoteType, entry: NoteTypeEntry) -> None:
        super().__init__(
            model_id=note_type.id,
            name=note_type.name,
            fields=[
                {
                    "name": field.name,
                    "id": field.id,
                    "description": field.description,
                    "collapsed": field.collapsed,
                    "plainText": field.plain,
                    "font": "Arial",
                    **({} if field.tag is None else _occlusion_settings(field.tag)),
                }
                for field in note_type.fields
            ],
            templates=[
                {"name": template.name, "id": template.id, "qfmt": template.front, "afmt": template.back}
                for template in note_type.templates
            ],
            css=note_type.css,
            model_type=self.CLOZE if note_type.is_cloze else self.FRONT_BACK,
        )
        self._mod = entry.mod
        self._stock_kind = note_type.stock_kind

    @property
    def _req(self) -> list[object]:
        """The fields that the fronts need; empty, since Anki finds them again on import."""
        return []

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, object]:  # noqa: ARG002 # the same for all models
        model: dict[str, object] = super().to_json(self._mod, deck_id)
        if self._stock_kind:
            model["originalStockKind"] = self._stock_kind
        return model


def _occlusion_settings(tag: int) -> dict[str, object]:
    """Return what Anki's mask editor expects of a field; learners may delete only the comments."""
    return {"tag": tag, "preventDeletion": tag != _COMMENTS}


class _PackageDeck(genanki.Deck):  # type: ignore[misc] # genanki is not typed
    """A deck whose notes have their own identities.

    genanki's own notes share one `mod`, count their ids up, and are written one by one, which
    takes as long as all the rest of the package.

    deck_ids: Anki's, by sub-deck; of the deck itself by an empty text.
    """

    def __init__(
        self, deck: Deck, types: Sequence[AnkiNoteType], lock: Lock, notes: Iterable[PackedNote]
    ) -> None:
        super().__init__(derive.anki_deck_id(deck.id), deck.name, _description(deck))
        # By ascending id, so that the database fills its pages one after the other.
        self._notes = sorted(notes, key=lambda note: note.entry.id)
        self.deck_ids = {"": self.deck_id}
        if subdecks := {note.subdeck for note in self._notes} - {""}:
            from cardwright.formats.anki.subdecks import subdeck_ids  # noqa: PLC0415  few decks have any

            self.deck_ids = subdeck_ids(deck, subdecks)
        used_types = {note.entry.type for note in self._notes}
        self._model_ids = {}
        for note_type in types:
            if note_type.type in used_types:
                self._model_ids[note_type.type] = note_type.id
                self.add_model(_NoteTypeModel(note_type, lock.types[note_type.type]))

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, timestamp, id_gen)
        # Indexes created at the end are built in order: faster, and smaller by an eighth once deflated.
        indexes = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'").fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.executemany(_INSERT_NOTE, self._note_rows())
        cursor.executemany(_INSERT_CARD, self._card_rows())
        for _, sql in indexes:
            cursor.execute(sql)

    def _note_rows(self) -> Iterator[tuple[int, str, int, int, str, str, str]]:
        model_ids = self._model_ids
        for entry, fields, tags, _, _ in self._notes:
            tag_text = f" {' '.join(tags)} " if tags else ""
            yield entry.id, entry.guid, model_ids[entry.type], entry.mod, tag_text, fields, locked_data(entry)

    def _card_rows(self) -> Iterator[tuple[int, int, int, int, int, int]]:
        """Yield the rows of the cards. Anki ignores their `mod`; it is the note's first release."""
        deck_ids = self.deck_ids
        for entry, _, _, ordinals, subdeck in self._notes:
            note_id, since, due, deck_id = entry.id, entry.since, entry.due, deck_ids[subdeck]
            for ordinal in ordinals:
                yield note_id + 1 + ordinal, note_id, deck_id, ordinal, since, due


def _description(deck: Deck) -> str:
    """Return what Anki shows below the deck's name: description, authors and license."""
    authors = ", ".join(deck.authors)
    lines = [deck.description, " · ".join(part for part in (authors, deck.license) if part)]
    html = "<br>".join(escape.text(line.strip()) for line in lines if line.strip())
    return html.replace("\n", "<br>")


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
