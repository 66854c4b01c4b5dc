"""A deck: its notes in study order, and what is said once for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cardwright.collection.note import Note
from cardwright.collection.reference import Reference
from cardwright.collection.suppression import Suppression
from cardwright.diagnostics.span import Span
from cardwright.layout.card_sizes import CardSize

if TYPE_CHECKING:  # few decks have note types or deck options of their own
    from cardwright.collection.custom_note_type import CustomNoteType
    from cardwright.collection.options_preset import OptionsPreset


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for the sheets, as written. span: where; None for an option of the command line."""

    text: str
    span: Span | None = None


PRINT_KEYS = (
    "paper",
    "card",
    "flip",
    "mode",
    "order",
    "rotate-backs",
    "marks",
    "bleed",
    "scale-font",
    "grey",
)


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """`print:` of deck.yaml, or what the command line says instead.

    choices: by name: those of PRINT_KEYS, and `offset`, which is the printer's and not the deck's.
    stock: cards of the author's own measures, in place of a name behind `card:`.
    fonts: folders with font files, as written, relative to the deck's folder.
    faulty: whether a mistake among them was reported that leaves open how cards are to be laid out.
    """

    choices: Mapping[str, Choice] = field(default_factory=dict)
    stock: CardSize | None = None
    fonts: tuple[str, ...] = ()
    font_spans: tuple[Span, ...] = ()
    faulty: bool = False


@dataclass(frozen=True, slots=True)
class Deck:
    """One deck.

    name: what Anki shows; `::` makes sub-decks of it.
    id: never changes; every identity hangs on it.
    span: the deck's id as written, or the key `deck` where it has no id yet.
    folder: where its output goes below `decks/`, one path part.
    language: BCP 47, such as `en` or `pt-BR`; hyphenation, fonts, direction.
    suppressions: each name under an `allow:` of the deck, its topics and its cards.
    note_types: the author's own.
    preset: deck options that its package brings along; None, as nearly always, for none.
    is_complete: whether nothing was left out because it could not be read; only then can
        be said what is not there.
    """

    name: str
    id: str
    span: Span
    folder: str
    notes: tuple[Note, ...]
    description: str = ""
    language: str = "en"
    license: str = ""
    authors: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    settings: PrintSettings = field(default_factory=PrintSettings)
    suppressions: tuple[Suppression, ...] = ()
    preset: "OptionsPreset | None" = None
    note_types: "tuple[CustomNoteType, ...]" = ()
    is_complete: bool = True
