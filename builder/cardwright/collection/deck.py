"""A deck: its notes in study order, and what holds for all of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cardwright.collection.content import MediaFile
from cardwright.collection.deck_name import DeckName
from cardwright.collection.note import Note
from cardwright.collection.print_settings import PrintSettings
from cardwright.collection.reference import Reference
from cardwright.collection.suppression import Suppression
from cardwright.collection.unread_notes import NoteSummary, UnreadNotes
from cardwright.diagnostics import Diagnostic, Span
from cardwright.record import Record, field

if TYPE_CHECKING:  # few decks have note types of their own
    from cardwright.collection.custom_note_type import CustomNoteType


class OptionsPreset(Record, frozen=True):
    """A preset of Anki's deck options; None stands for the value in a new preset of Anki's own.

    span: the key `preset` of deck.yaml.
    name: as the deck options show it; None for the deck's name.
    new_per_day, reviews_per_day: cards, 0 to 9999.
    desired_retention: the share of cards that the learner should remember when they are due, 0.7 to
        0.99; without effect for learners who don't schedule with FSRS.
    """

    span: Span
    name: str | None = None
    new_per_day: int | None = None
    reviews_per_day: int | None = None
    desired_retention: float | None = None


class Deck(Record, frozen=True):
    """One deck.

    name: as Anki shows it; `::` stands between a deck and one inside it.
    id: never changes; every identity depends on it.
    span: the deck's id as written, or the key `deck` if it has no id yet.
    folder: the folder of its output below `decks/`, one path part.
    language: BCP 47, such as `en` or `pt-BR`; for hyphenation, fonts and direction.
    suppressions: each name under an `allow:` of the deck, its topics and its cards.
    note_types: the author's own.
    preset: deck options that its package brings along; None, as in most decks, for none.
    preset_problems: what is wrong with the preset; it is reported with the package, which alone it concerns.
    is_complete: whether everything could be read; only then is it known what the deck lacks.
    html: whether its page for the browser is built with the other outputs.
    imported_media: files that go into the package whether anything names them or not.
    """

    name: str
    id: str
    span: Span
    folder: str
    notes: Sequence[Note]
    description: str = ""
    language: str = "en"
    license: str = ""
    authors: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    print_settings: PrintSettings = field(default_factory=PrintSettings)
    suppressions: tuple[Suppression, ...] = ()
    preset: OptionsPreset | None = None
    preset_problems: tuple[Diagnostic, ...] = ()
    note_types: "tuple[CustomNoteType, ...]" = ()
    is_complete: bool = True
    imported_media: tuple[MediaFile, ...] = ()
    html: bool = False

    @property
    def note_summary(self) -> NoteSummary:
        """What can be said of all notes without reading each."""
        return self.notes.summary if isinstance(self.notes, UnreadNotes) else NoteSummary.of(self.notes)

    @property
    def deck_names(self) -> tuple[DeckName, ...]:
        """As in `NoteSummary`."""
        return self.note_summary.deck_names
