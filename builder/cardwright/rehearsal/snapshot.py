"""A collection as it is at one moment: all that a learner could lose."""

from collections.abc import Mapping
from dataclasses import dataclass

from cardwright.collection.notetype import KEY

Content = tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class NoteSnapshot:
    """A note.

    mod: when it was last changed, in s since 1970; Anki takes the newer of two.
    fields: HTML, in order. tags: sorted.
    media: name and digest of each file that a field refers to, sorted by name.
    """

    id: int
    guid: str
    type_id: int
    mod: int
    fields: tuple[str, ...]
    tags: tuple[str, ...] = ()
    media: tuple[tuple[str, str], ...] = ()

    @property
    def content(self) -> Content:
        """What an author, or a learner, can change of it."""
        return self.fields, self.tags, self.media


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that scheduling knows of a card. The attributes are Anki's, in Anki's own numbers.

    log: the card's reviews, oldest first.
    memory: the JSON text in which Anki keeps the state of FSRS.
    """

    log: tuple[tuple[int, ...], ...] = ()
    deck: int = 1
    type: int = 0
    queue: int = 0
    due: int = 0
    interval: int = 0
    ease: int = 0
    reps: int = 0
    lapses: int = 0
    steps: int = 0
    original_due: int = 0
    original_deck: int = 0
    flag: int = 0
    memory: str = ""


@dataclass(frozen=True, slots=True)
class CardSnapshot:
    """A card. ordinal: Anki's, 0-based."""

    id: int
    note_id: int
    ordinal: int
    schedule: Schedule = Schedule()


@dataclass(frozen=True, slots=True)
class NoteTypeSnapshot:
    """A note type.

    mod: as of a note. fields: their names, in order.
    look: style sheet, then front and back of each template.
    """

    id: int
    name: str
    mod: int
    fields: tuple[str, ...]
    look: tuple[str, ...]

    @property
    def key_place(self) -> int | None:
        """Which of the fields holds the note's id in its sources; None in packages of other makers."""
        return self.fields.index(KEY) if KEY in self.fields else None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Notes, cards and note types by their ids in the collection, each by ascending id.

    types: without those that every new profile has.
    media: digests of all files, by name. empty: ids of the cards that Tools > Empty Cards lists.
    """

    notes: Mapping[int, NoteSnapshot]
    cards: Mapping[int, CardSnapshot]
    types: Mapping[int, NoteTypeSnapshot]
    media: Mapping[str, str]
    empty: frozenset[int] = frozenset()
