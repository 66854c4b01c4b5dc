"""The package that marks the notes that are no longer in the deck.

A package can't take anything away from a learner. But it can tag notes, so that learners find and
delete them. Source: measured; a note that isn't in a package stays as it is, and the table `graves`
isn't read.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from cardwright.collection import notetype
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.package import PackedNote, pack_notes
from cardwright.identity.lock import Lock

# Learners search for `tag:retired`.
RETIRED_TAG = "retired"


@dataclass(frozen=True, slots=True)
class ReleasedNote:
    """A note in a package of an earlier release.

    values: HTML of its fields.
    type_id: Anki's id of its note type.
    mod: when its content was released, in s since 1970.
    """

    values: tuple[str, ...]
    tags: tuple[str, ...]
    ordinals: tuple[int, ...]
    type_id: int
    mod: int


def read_released_notes(package: bytes) -> dict[str, ReleasedNote]:
    """Return the notes of a package by GUID; none if it cannot be read."""
    try:
        database = ZipFile(BytesIO(package)).read("collection.anki2")
        connection = sqlite3.connect(":memory:")
        try:
            connection.deserialize(database)
            return dict(_read_notes(connection))
        finally:
            connection.close()
    except (BadZipFile, KeyError, sqlite3.Error):
        return {}


def _read_notes(connection: sqlite3.Connection) -> Iterator[tuple[str, ReleasedNote]]:
    ordinals: dict[int, list[int]] = {}
    for note_id, ordinal in connection.execute("SELECT nid, ord FROM cards ORDER BY nid, ord"):
        ordinals.setdefault(note_id, []).append(ordinal)
    query = "SELECT id, guid, flds, tags, mid, mod FROM notes"
    for note_id, guid, values, tags, type_id, mod in connection.execute(query):
        cards = tuple(ordinals.get(note_id, ()))
        yield guid, ReleasedNote(tuple(values.split("\x1f")), tuple(tags.split()), cards, type_id, mod)


def build_retired_package(
    deck: Deck, types: Sequence[AnkiNoteType], lock: Lock, released: Mapping[str, ReleasedNote]
) -> bytes | None:
    """Return the package of the retired notes whose fields are known; None if there are none.

    released: notes of earlier packages, by GUID. An update replaces all fields of a note, so a
        note that is in no earlier package is left out.
    """
    retired_field = {
        note_type.type: [field.name for field in note_type.fields].index(notetype.RETIRED)
        for note_type in types
    }
    notes = []
    for key in sorted(lock.notes):
        entry = lock.notes[key]
        note = released.get(entry.guid)
        if not entry.retired or note is None:
            continue
        values = list(note.values)
        values[retired_field[entry.type]] = f"Taken out of the deck on {entry.retired}."
        tags = sorted({*note.tags, RETIRED_TAG})
        notes.append(PackedNote(entry, values, tags, note.ordinals))
    return pack_notes(deck, types, lock, notes) if notes else None


def lost_text_warnings(
    old_lock: Lock, lock: Lock, released: Mapping[str, ReleasedNote]
) -> Iterator[Diagnostic]:
    """Yield a warning for each newly retired note that the package cannot mark.

    released: as in `build_retired_package`.
    """
    for key, entry in sorted(lock.notes.items()):
        old = old_lock.notes.get(key)
        if entry.retired and entry.guid not in released and old is not None and not old.retired:
            message = "the text of a retired note isn't in any package any more"
            span, remark = old_lock.note_span(key), "learners can't find it by its tag"
            help_ = "put the package of the last release back into decks/ and build with the old lock"
            yield Diagnostic("retired-text-lost", message, span, Severity.WARNING, remark, help=help_)
