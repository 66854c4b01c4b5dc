"""What a build says about its notes and note types before their identities are settled."""

from collections.abc import Mapping
from dataclasses import dataclass

from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.span import Span


@dataclass(frozen=True, slots=True)
class NoteState:
    """One note of this build.

    span: the note's id as written.
    digest: changes exactly when something changes that Anki stores for the note:
        fields, tags, names of media.
    cards: by card number what the card asks for, as a short digest. The number is
        Anki's ordinal plus 1, so for a cloze it is the cloze number, and the digest
        that of the hidden text; for a label of a diagram it is the label's key, marked
        when the label is gone; for other notes the digest is empty.
    was: keys it had in former releases, the oldest first.
    """

    key: str
    span: Span
    type: NoteType
    digest: str
    cards: Mapping[int, str]
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteTypeState:
    """One note type of this build.

    id: Anki's id of it, derived from the deck's id.
    schema: digest of what must never change: fields and templates, their order and ids.
    digest: changes exactly when anything else of it changes: name, template texts, style.
    fields, templates: names of an author's own, in order; span: where they are described.
    """

    type: NoteType
    id: int
    schema: str
    digest: str
    fields: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    span: Span | None = None
