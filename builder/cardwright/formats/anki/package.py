"""The Anki package: a zip file of a database and media."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from cardwright.collection.content import MediaFile
from cardwright.collection.deck import Deck
from cardwright.collection.deck_name import DeckName, is_same_deck
from cardwright.formats.anki import collection, escape
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.package_file import zip_package
from cardwright.formats.anki.released import join_tags, locked_data
from cardwright.formats.anki.render import RenderedDeck
from cardwright.formats.outputs import Environment
from cardwright.identity import derive
from cardwright.identity.lock import Lock, NoteEntry
from cardwright.record import Record

if TYPE_CHECKING:
    from cardwright.collection.deck import OptionsPreset


class PackedNote(Record, frozen=True):
    """A note as it goes into a package.

    fields, tags, ordinals: as in `RenderedNote`.
    subdeck: as in `DeckName`.
    """

    entry: NoteEntry
    fields: str
    tags: tuple[str, ...]
    ordinals: Sequence[int]
    subdeck: str = ""


def build_package(deck: Deck, rendered: RenderedDeck, lock: Lock, environment: Environment) -> bytes:
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
    return pack_notes(deck, rendered.types, lock, notes, environment, rendered.media, deck.preset)


def pack_notes(
    deck: Deck,
    types: Sequence[AnkiNoteType],
    lock: Lock,
    notes: Iterable[PackedNote],
    environment: Environment,
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
    with environment.temporary_file() as file:
        with closing(sqlite3.connect(file.path)) as connection:
            # Nobody needs what is left of the file after a crash.
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
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
        return zip_package(file, media, environment.cache())


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
