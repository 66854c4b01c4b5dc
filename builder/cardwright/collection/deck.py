"""A deck: its notes in study order, and what is said once for all of them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cardwright.collection.note import Note
from cardwright.collection.print_settings import PrintSettings
from cardwright.collection.reference import Reference
from cardwright.collection.suppression import Suppression
from cardwright.diagnostics import Span

if TYPE_CHECKING:  # few decks have note types or deck options of their own
    from cardwright.collection.custom_note_type import CustomNoteType
    from cardwright.collection.options_preset import OptionsPreset


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
    print_settings: PrintSettings = field(default_factory=PrintSettings)
    suppressions: tuple[Suppression, ...] = ()
    preset: "OptionsPreset | None" = None
    note_types: "tuple[CustomNoteType, ...]" = ()
    is_complete: bool = True
