"""A collection at one moment: everything that a learner could lose, and how a report names it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import unescape

from cardwright.collection.notetype import KEY

Content = tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]]
"""The fields, tags and media of a note, as in `NoteSnapshot`."""

# HTML tags inside or around a word, and those that separate words.
_TAG_IN_WORD = re.compile(
    r"</?(?:a|b|code|em|font|i|mark|s|small|span|strong|su[bp]|u)\b[^>]*>", re.IGNORECASE
)
_TAG = re.compile(r"<[^>]*>")
_CLOZE = re.compile(r"\{\{c[0-9,]+::(.*?)(?:::.*?)?\}\}", re.DOTALL)
_NUMBERED_CLOZE = re.compile(r"\{\{c([0-9]+)::(.*?)\}\}", re.DOTALL)
# The start of the first field of an image occlusion note, and the text for its picture.
_OCCLUSION = re.compile(r"\{\{c[0-9]+::image-occlusion:")
_ALT = re.compile(r'<img [^>]*alt="([^"]*)"')


@dataclass(frozen=True, slots=True)
class NoteSnapshot:
    """A note.

    mod: when it was last changed, in seconds since 1970; Anki keeps the newer of two versions.
    fields: HTML, in the order of the note type. tags: sorted.
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
        """Everything about the note that an author or a learner can change."""
        return self.fields, self.tags, self.media


@dataclass(frozen=True, slots=True)
class Schedule:
    """Everything that Anki's scheduler knows of a card, in Anki's own numbers.

    log: the card's reviews, oldest first.
    memory: the JSON text in which Anki keeps the FSRS state.
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

    mod: when it was last changed, in seconds since 1970. fields: their names, in order.
    look: the style sheet, then the front and back of each card template.
    """

    id: int
    name: str
    mod: int
    fields: tuple[str, ...]
    look: tuple[str, ...]

    @property
    def key_index(self) -> int | None:
        """The index of the field with the note's key; None in packages that other tools made."""
        return self.fields.index(KEY) if KEY in self.fields else None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Notes, cards and note types by their ids in the collection, in ascending order.

    types: without the note types that every new profile has.
    media: digests of all files, by name.
    empty: ids of the cards that Tools > Empty Cards lists.
    decks: names of decks, by id.
    """

    notes: Mapping[int, NoteSnapshot]
    cards: Mapping[int, CardSnapshot]
    types: Mapping[int, NoteTypeSnapshot]
    media: Mapping[str, str]
    empty: frozenset[int] = frozenset()
    decks: Mapping[int, str] = field(default_factory=dict)

    def deck_of(self, card: CardSnapshot) -> str:
        """Return the name of the deck that a card is in."""
        return self.decks.get(card.schedule.deck, "")


@dataclass(frozen=True, slots=True)
class DisplayName:
    """The name that a report has for a note, a card, or something else.

    key: the note's key; empty in packages that other tools made.
    text: the first field of the note as plain text; of anything else its name.
    guid: Anki's; empty if this is not a note or card.
    ordinal: of a card, 0-based; None if this is not a card.
    """

    key: str
    text: str
    guid: str = ""
    ordinal: int | None = None

    @property
    def sort_key(self) -> tuple[str, str, str, int]:
        return self.key, self.text, self.guid, self.ordinal or 0


def note_name(note: NoteSnapshot, types: Mapping[int, NoteTypeSnapshot]) -> DisplayName:
    key_index = types[note.type_id].key_index if note.type_id in types else None
    text = note.fields[0]
    if _OCCLUSION.match(text):
        # The masks mean nothing to a person; the picture below them has a text.
        text = next((alt[1] for field in note.fields[1:] if (alt := _ALT.search(field))), "")
    return DisplayName("" if key_index is None else note.fields[key_index], plain_text(text), note.guid)


def card_name(card: CardSnapshot, snapshot: Snapshot) -> DisplayName:
    """Return the name of a card: that of its note, or in a diagram the label that the card asks for."""
    note = snapshot.notes[card.note_id]
    name = note_name(note, snapshot.types)
    return replace(name, text=_diagram_label(note, card.ordinal + 1) or name.text, ordinal=card.ordinal)


def emptied_card_name(card: CardSnapshot, before: Snapshot, after: Snapshot) -> DisplayName:
    """Return the name of a card that became empty; only the old note has the label that it asked for."""
    name = card_name(card, after)
    old_note = before.notes.get(card.note_id)
    return replace(name, text=_diagram_label(old_note, card.ordinal + 1) or name.text) if old_note else name


def _diagram_label(note: NoteSnapshot, number: int) -> str:
    """Return the label that a diagram's card asks for, or an empty string. number: its cloze number."""
    if not _OCCLUSION.match(note.fields[0]):
        return ""
    clozes = (cloze for field in note.fields[1:] for cloze in _NUMBERED_CLOZE.finditer(field))
    return next((plain_text(cloze[2]) for cloze in clozes if int(cloze[1]) == number), "")


def plain_text(html: str) -> str:
    """Return the text of a field on one line, without HTML tags and cloze markup."""
    text = _TAG_IN_WORD.sub("", _CLOZE.sub(r"\1", html))
    return " ".join(unescape(_TAG.sub(" ", text)).split())
