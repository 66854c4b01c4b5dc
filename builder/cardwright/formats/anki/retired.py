"""The package that marks the notes that are no longer in the deck.

A package can't take anything away from a learner. But it can tag notes, so that learners find and
delete them. Source: measured; a note that isn't in a package stays as it is, and the table `graves`
isn't read.
"""

from collections.abc import Iterator, Mapping, Sequence

from cardwright.collection import notetype
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.package import PackedNote, pack_notes
from cardwright.formats.anki.released import ReleasedNote
from cardwright.identity.lock import Lock

# Learners search for `tag:retired`.
RETIRED_TAG = "retired"


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
