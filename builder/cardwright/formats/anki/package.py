"""The Anki package, a zip of a database and media. The only file that knows genanki."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import genanki

from cardwright.collection.deck import Deck
from cardwright.collection.media import MediaFile
from cardwright.formats.anki import escape
from cardwright.formats.anki.archive import archive
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.render import RenderedDeck
from cardwright.identity import derive
from cardwright.identity.lock import Lock, NoteEntry, NoteTypeEntry

if TYPE_CHECKING:
    from cardwright.collection.options_preset import OptionsPreset

# Bytes in which SQLite leaves its own version, which is no part of the deck.
# Source: "Database File Format", sqlite.org/fileformat2.html, section 1.3.
_SQLITE_VERSION = slice(96, 100)


# Source: Anki, proto/anki/image_occlusion.proto, `ImageOcclusionFieldIndexes`.
_COMMENTS = 4


@dataclass(frozen=True, slots=True)
class PackedNote:
    """A note as it goes into a package. values, tags, ordinals: as in `RenderedNote`."""

    entry: NoteEntry
    values: Sequence[str]
    tags: Sequence[str]
    ordinals: Sequence[int]


def package(deck: Deck, rendered: RenderedDeck, lock: Lock) -> bytes:
    """The `.apkg` of a deck: the same bytes for the same deck and lock.

    lock: reconciled with `rendered`.
    """
    notes = [
        PackedNote(lock.notes[note.note.key], note.values, note.tags, note.ordinals)
        for note in rendered.notes
    ]
    return pack(deck, rendered.types, lock, notes, rendered.media, deck.preset)


def pack(
    deck: Deck,
    types: Sequence[AnkiNoteType],
    lock: Lock,
    notes: Iterable[PackedNote],
    media: Sequence[MediaFile] = (),
    preset: "OptionsPreset | None" = None,
) -> bytes:
    """A package of some notes of a deck.

    types: the deck's; those that no note is of stay out.
    preset: deck options that come with it.
    """
    connection = sqlite3.connect(":memory:")
    cursor = connection.cursor()
    genanki.Package(_Deck(deck, types, lock, notes)).write_to_db(cursor, 0, iter(()))
    if preset is not None:
        from cardwright.formats.anki.options_preset import add_preset  # noqa: PLC0415  few decks have one

        add_preset(cursor, deck, preset)
    connection.commit()
    database = bytearray(connection.serialize())
    connection.close()
    database[_SQLITE_VERSION] = bytes(4)
    return archive(bytes(database), media)


# Rows as genanki writes them. Anki works a note's checksum and sort field out again, and what
# scheduling fills in is nothing yet: the cards are new.
_INSERT_NOTE = """
INSERT INTO notes (id, guid, mid, mod, tags, flds, sfld, usn, csum, flags, data)
VALUES (?, ?, ?, ?, ?, ?, ?, -1, 0, 0, '')
"""
_INSERT_CARD = """
INSERT INTO cards (id, nid, did, ord, mod, due, usn, type, queue, ivl, factor, reps, lapses, left, odue, odid,
                   flags, data)
VALUES (?, ?, ?, ?, ?, ?, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '')
"""


class _Model(genanki.Model):  # type: ignore[misc] # genanki is not typed
    """A note type with its own `mod`."""

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
                    **({} if field.tag is None else _tagged(field.tag)),
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
        """Which fields the fronts need; Anki works it out again when it imports."""
        return []

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, object]:  # noqa: ARG002 # one for all
        written: dict[str, object] = super().to_json(self._mod, deck_id)
        if self._stock_kind:
            written["originalStockKind"] = self._stock_kind
        return written


def _tagged(tag: int) -> dict[str, object]:
    """What Anki's editor of masks looks for. Only the last of its fields may a learner delete."""
    return {"tag": tag, "preventDeletion": tag != _COMMENTS}


class _Deck(genanki.Deck):  # type: ignore[misc] # genanki is not typed
    """A deck whose notes bring their own identities.

    genanki's own notes take one `mod` for all of them, count their ids up, and are
    written one by one, which takes as long as all the rest of the package.
    """

    def __init__(
        self, deck: Deck, types: Sequence[AnkiNoteType], lock: Lock, notes: Iterable[PackedNote]
    ) -> None:
        super().__init__(derive.deck_number(deck.id), deck.name, _description(deck))
        # By ascending id, so that the database fills its pages one after the other.
        self._notes = sorted(notes, key=lambda note: note.entry.id)
        used = {note.entry.type for note in self._notes}
        self._model_ids = {}
        for note_type in types:
            if note_type.type in used:
                self._model_ids[note_type.type] = note_type.id
                self.add_model(_Model(note_type, lock.types[note_type.type]))

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, timestamp, id_gen)
        # Indexes made at the end are made in order: faster, and smaller by an eighth once deflated.
        indexes = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'").fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.executemany(_INSERT_NOTE, self._note_rows())
        cursor.executemany(_INSERT_CARD, self._card_rows())
        for _, sql in indexes:
            cursor.execute(sql)

    def _note_rows(self) -> Iterator[tuple[int, str, int, int, str, str, str]]:
        for note in self._notes:
            entry, values = note.entry, note.values
            tags = f" {' '.join(note.tags)} " if note.tags else ""
            model_id = self._model_ids[entry.type]
            yield entry.id, entry.guid, model_id, entry.mod, tags, "\x1f".join(values), values[0]

    def _card_rows(self) -> Iterator[tuple[int, int, int, int, int, int]]:
        deck_id = self.deck_id
        for note in self._notes:
            entry = note.entry
            note_id, mod, due = entry.id, entry.mod, entry.due
            for ordinal in note.ordinals:
                yield note_id + 1 + ordinal, note_id, deck_id, ordinal, mod, due


def _description(deck: Deck) -> str:
    """What Anki shows under the deck's name: what it is, by whom, and what one may do with it."""
    names = ", ".join(deck.authors)
    lines = [deck.description, " · ".join(part for part in (names, deck.license) if part)]
    html = "<br>".join(escape.text(line.strip()) for line in lines if line.strip())
    return html.replace("\n", "<br>")
