"""The package that marks the notes that are no longer in the deck.

A package can't take anything away from a learner. But it can tag notes, so that learners find and
delete them. Source: measured; a note that isn't in a package stays as it is, and the table `graves`
isn't read.
"""

from collections.abc import Mapping, Sequence

from cardwright.collection import notetype
from cardwright.collection.deck import Deck
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.package import PackedNote, pack_notes
from cardwright.formats.anki.released import ReleasedNote
from cardwright.formats.anki.render import FIELD_SEPARATOR
from cardwright.formats.outputs import Environment
from cardwright.formats.translations import find_translation
from cardwright.identity.lock import Lock

# Learners search for `tag:retired`.
RETIRED_TAG = "retired"


def build_retired_package(
    deck: Deck,
    types: Sequence[AnkiNoteType],
    lock: Lock,
    released: Mapping[str, ReleasedNote],
    environment: Environment,
) -> bytes | None:
    """Return the package of the retired notes whose fields are known; None if there are none.

    released: notes of earlier packages, by GUID. An update replaces all fields of a note, so a
        note that is in no earlier package is left out.
    """
    # An imported note type has no field for it, so its notes get the tag alone.
    retired_field = {
        note_type.type: note_type.field_names.index(notetype.RETIRED)
        for note_type in types
        if note_type.imported is None
    }
    reason = find_translation(deck.language).cards.retired
    notes = []
    for key in sorted(lock.notes):
        entry = lock.notes[key]
        note = released.get(entry.guid)
        if not entry.retired or note is None:
            continue
        values = list(note.values)
        if entry.type in retired_field:
            values[retired_field[entry.type]] = reason.format(date=entry.retired)
        tags = tuple(sorted({*note.tags, RETIRED_TAG}))
        notes.append(PackedNote(entry, FIELD_SEPARATOR.join(values), tags, note.ordinals))
    return pack_notes(deck, types, lock, notes, environment) if notes else None
