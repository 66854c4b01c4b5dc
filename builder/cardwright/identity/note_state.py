"""The notes and note types of a build, before they are compared with the lock."""

import re
from collections.abc import Mapping
from typing import Any

from cardwright.collection.deck_name import NO_DECK_NAME, DeckName
from cardwright.collection.notetype import BUILT_IN_TYPES, NoteType
from cardwright.diagnostics import Span
from cardwright.record import Record

_DIGEST = re.compile("(?:[0-9a-f]{8})?")


def are_labels(note_type: NoteType, cards: Mapping[int, str]) -> bool:
    """Return whether the cards of a note are the labels of a diagram. cards: as in `NoteState`.

    Those of an imported note type are, if they say anything but digests.
    """
    if note_type in BUILT_IN_TYPES:
        return note_type == NoteType.DIAGRAM
    return not all(map(_DIGEST.fullmatch, cards.values()))


class NoteState(Record, frozen=True):
    """A note of this build.

    span: the note's id in the sources.
    digest: changes exactly when something changes that Anki stores for the note:
        fields, tags, names of media.
    cards: a short digest of what each card asks for, by card number. The number is Anki's
        ordinal plus 1. A cloze has the digest of its hidden text; a label of a diagram
        has its key, marked if the label was removed; all others have an empty digest.
    former_keys: those that the note had in earlier releases, the oldest first.
    deck_name: of the deck or sub-deck for its cards. Anki looks at it only for cards that are new there.
    printed: a digest of what its cards show on paper; see `collection/printed.py`.
    guid: that the author wants the note to have; empty for one derived from the key.
    """

    key: str
    span: Span
    type: NoteType
    digest: str
    cards: Mapping[int, str]
    former_keys: tuple[str, ...] = ()
    deck_name: DeckName = NO_DECK_NAME
    printed: str = ""
    guid: str = ""

    @property
    def card_id(self) -> str:
        """As in `Note`."""
        return self.key.partition("/")[0]


class NoteTypeState(Record, frozen=True):
    """A note type of this build.

    id: Anki's id of it, derived from the deck's id unless it was imported.
    schema: digest of what must never change: fields and templates, their order and ids.
    digest: changes exactly when anything else changes: name, text of the templates, style.
    fields, templates, span: of a custom note type, the names in order and where it is declared.
    imported: as in `NoteTypeEntry`.
    """

    type: NoteType
    id: int
    schema: str
    digest: str
    fields: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    span: Span | None = None
    imported: Mapping[str, Any] = {}
