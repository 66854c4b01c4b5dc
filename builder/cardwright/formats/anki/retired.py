"""The package that tells learners which notes are no longer in the deck.

A package cannot take anything away from a learner. What it can do is to mark
notes, so that they are found and can be deleted by who wants to. Source: measured;
a note that is absent from a package stays as it is, `graves` are not read.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from cardwright.collection import notetype
from cardwright.collection.deck import Deck
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.package import PackedNote, pack
from cardwright.identity.lock import Lock

# What learners search for: `tag:retired`.
RETIRED_TAG = "retired"


@dataclass(frozen=True, slots=True)
class ReleasedNote:
    """A note as a package that was built before has it.

    values: HTML of its fields.
    type_id: Anki's id of its note type.
    mod: when its content was released, in s since 1970.
    """

    values: tuple[str, ...]
    tags: tuple[str, ...]
    ordinals: tuple[int, ...]
    type_id: int
    mod: int


def released(package: bytes) -> dict[str, ReleasedNote]:
    """The notes of a package by guid; none when it cannot be read."""
    try:
        database = ZipFile(BytesIO(package)).read("collection.anki2")
        connection = sqlite3.connect(":memory:")
        try:
            connection.deserialize(database)
            return dict(_notes(connection))
        finally:
            connection.close()
    except (BadZipFile, KeyError, sqlite3.Error):
        return {}


def _notes(connection: sqlite3.Connection) -> Iterator[tuple[str, ReleasedNote]]:
    ordinals: dict[int, list[int]] = {}
    for note_id, ordinal in connection.execute("SELECT nid, ord FROM cards ORDER BY nid, ord"):
        ordinals.setdefault(note_id, []).append(ordinal)
    query = "SELECT id, guid, flds, tags, mid, mod FROM notes"
    for note_id, guid, values, tags, type_id, mod in connection.execute(query):
        cards = tuple(ordinals.get(note_id, ()))
        yield guid, ReleasedNote(tuple(values.split("\x1f")), tuple(tags.split()), cards, type_id, mod)


def retired_package(
    deck: Deck, types: Sequence[AnkiNoteType], lock: Lock, known: Mapping[str, ReleasedNote]
) -> bytes | None:
    """The package of the retired notes whose text is known; None when there are none.

    known: notes of former packages, by guid. An update replaces a note's fields,
        so a note of which no package has the text any more is left out.
    """
    places = {one.type: [field.name for field in one.fields].index(notetype.RETIRED) for one in types}
    notes = []
    for key in sorted(lock.notes):
        entry = lock.notes[key]
        before = known.get(entry.guid)
        if not entry.retired or before is None:
            continue
        values = list(before.values)
        values[places[entry.type]] = f"Taken out of the deck on {entry.retired}."
        tags = sorted({*before.tags, RETIRED_TAG})
        notes.append(PackedNote(entry, values, tags, before.ordinals))
    return pack(deck, types, lock, notes) if notes else None


def lost_texts(before: Lock, lock: Lock, known: Mapping[str, ReleasedNote]) -> Iterator[Diagnostic]:
    """Notes that were retired just now and that the package cannot mark.

    before, lock: the lock as it was and as it is. known: as for `retired_package`.
    """
    for key, entry in sorted(lock.notes.items()):
        old = before.notes.get(key)
        if entry.retired and entry.guid not in known and old is not None and not old.retired:
            yield Diagnostic(
                code="retired-text-lost",
                message="the text of a retired note is in no package any more",
                span=before.note_span(key),
                severity=Severity.WARNING,
                note="learners cannot find it by its tag",
                help="put the package of the last release back into decks/ and build from the old lock",
            )
