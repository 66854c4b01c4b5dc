"""What becomes of a learner, as `compare` finds it out and `tell` tells it."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """The ways in which something can be lost, the worst first."""

    MISSING_NOTE = "missing-note"
    MISSING_CARD = "missing-card"
    CHANGED_SCHEDULE = "changed-schedule"
    CHANGED_GUID = "changed-guid"
    CONFLICTING_NOTE = "conflicting-note"
    FORKED_NOTE_TYPE = "forked-note-type"
    OVERWRITTEN_EDIT = "overwritten-edit"
    OVERWRITTEN_LOOK = "overwritten-look"
    UNSEEN_CHANGE = "unseen-change"
    UNSEEN_LOOK = "unseen-look"
    UNSEEN_FILE = "unseen-file"
    FULL_SYNC = "full-sync"
    DATABASE_PROBLEM = "database-problem"


@dataclass(frozen=True, slots=True)
class Named:
    """A note, or a card of it, as a person knows it; or what has nothing but a name.

    key: the note's id in its sources; empty in packages of other makers.
    text: the note's first field as plain text, or the name.
    guid: Anki's; empty for what is no note. ordinal: of a card, 0-based.
    """

    key: str
    text: str
    guid: str = ""
    ordinal: int | None = None

    @property
    def order(self) -> tuple[str, str, str, int]:
        return self.key, self.text, self.guid, self.ordinal or 0


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that is lost. parts: which parts of it, if not all."""

    kind: Kind
    name: Named
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What becomes of someone who studies one release and imports the next.

    losses: by kind in the order of `Kind`, then by name; all other names are sorted too.
    notes, cards: how many there were before.
    kept: how many of the cards have the schedule they had.
    untouched: how many notes Anki found in the package and left alone.
    rewritten: notes that are updated, to what they were already.
    edits_replaced, looks_replaced: what the learner had changed, and the author has since.
    changes_held_back: notes that the author changed, and the learner after that; they stay as they are.
    full_sync: whether the next sync asks for one. problems: what Check Database found.
    anki: the version that was asked.
    """

    losses: tuple[Loss, ...]
    notes: int
    cards: int
    kept: int
    untouched: int
    new: tuple[Named, ...]
    updated: tuple[Named, ...]
    rewritten: tuple[Named, ...]
    conflicting: tuple[Named, ...]
    retired: tuple[Named, ...]
    new_cards: tuple[Named, ...]
    empty_cards: tuple[Named, ...]
    edits_kept: tuple[Named, ...]
    edits_replaced: tuple[Named, ...]
    changes_held_back: tuple[Named, ...]
    looks_kept: tuple[Named, ...]
    looks_replaced: tuple[Named, ...]
    full_sync: bool
    problems: tuple[str, ...]
    anki: str

    @property
    def added_cards(self) -> tuple[Named, ...]:
        """The new cards of notes that were there before."""
        new = {one.guid for one in self.new}
        return tuple(one for one in self.new_cards if one.guid not in new)
