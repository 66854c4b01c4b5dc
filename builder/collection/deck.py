"""A deck: its notes in study order, and what is said once for all of them."""

from dataclasses import dataclass, field

from builder.collection.note import Note
from builder.collection.reference import Reference
from builder.diagnostics.span import Span


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """`print:` of deck.yaml.

    paper, card: names that `layout/preset.py` knows; empty for the default.
    fonts: folders with font files, as written, relative to the deck's folder.
    """

    paper: str = ""
    paper_span: Span | None = None
    card: str = ""
    card_span: Span | None = None
    fonts: tuple[str, ...] = ()
    font_spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Deck:
    """One deck.

    name: what Anki shows; `::` makes sub-decks of it.
    id: never changes; every identity hangs on it.
    span: the deck's id as written, or the key `deck` where it has no id yet.
    folder: where its output goes below `decks/`, one path part.
    language: BCP 47, such as `en` or `pt-BR`; hyphenation, fonts, direction.
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
