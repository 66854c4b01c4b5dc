"""Notes: what the cards of a deck are made from."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from cardwright.collection import notetype
from cardwright.collection.content import EMPTY, Content, Inlines, plain
from cardwright.collection.deck_name import NO_DECK_NAME, DeckName
from cardwright.collection.notetype import NoteType
from cardwright.collection.reference import Citation
from cardwright.diagnostics import Span
from cardwright.record import Record

if TYPE_CHECKING:  # few decks have diagrams, or note types of their own
    from cardwright.collection.custom_note_type import CustomNoteType
    from cardwright.collection.diagram import Diagram


class TableCell(Record, frozen=True):
    """The cell of a table that a note was read from, for outputs that show the table again.

    row: the name of its row.
    question: what its column asks about every row, with `…` in place of the row.
    """

    row: Inlines
    question: Content


class SourceText(Protocol):
    """A text as it was written in a source."""

    @property
    def span(self) -> Span: ...


class Review(Record, frozen=True):
    """When the author last compared a card with its reference. date: ISO. span: the date as written."""

    date: str
    span: Span


class Note(Record, frozen=True):
    """One note.

    key: its identity in the deck: a card's id, or `card/item`, or `table/row/column`.
    key_span: the id as written, or the last part of the key, for diagnostics about the identity.
    span: the whole entry in the source.
    fields: content by field name (`notetype.py`); a field that is left out is empty.
    typed: the answer that the learner types in, plain text; empty if nothing is typed in.
    topic: its subject, or that of the file that has the note; may be empty.
    deck_name: the deck or sub-deck into which Anki puts its cards.
    tags: the author's own, sorted, without duplicates or spaces.
    printed: whether it goes on paper.
    former_keys: the keys it had in earlier releases, the oldest first.
    table_cell: set if the note is a cell of a table.
    diagram: set if its cards ask for the labels of a picture.
    custom_type: set if its note type is the author's own.
    source_texts: the texts that the fields were read from, by field name, for diagnostics about them.
    reviewed: the author's own review; None if there is none.
    key_spans: the id as written, and each further part of the key.
    guid: that the author wants it to have in Anki; empty for one derived from the key.
    """

    key: str
    key_span: Span
    span: Span
    type: NoteType
    fields: Mapping[str, Content]
    typed: str = ""
    topic: str = ""
    deck_name: DeckName = NO_DECK_NAME
    tags: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    printed: bool = True
    former_keys: tuple[str, ...] = ()
    table_cell: TableCell | None = None
    diagram: "Diagram | None" = None
    custom_type: "CustomNoteType | None" = None
    source_texts: Mapping[str, SourceText] = {}
    reviewed: Review | None = None
    key_spans: tuple[Span, ...] = ()
    guid: str = ""

    @property
    def card_id(self) -> str:
        """The id of the card in the sources that this note was read from, alone or with other notes."""
        return self.key.partition("/")[0]

    @property
    def heading(self) -> str:
        """What paper shows as the topic: where a note has none, the last part of its deck's name."""
        return self.topic or self.deck_name.last_part

    @property
    def extra(self) -> Content:
        """The content below every answer; empty for a custom note type, since templates place its fields."""
        return EMPTY if self.custom_type is not None else self.fields.get(notetype.EXTRA, EMPTY)

    @property
    def hint(self) -> Content:
        """The hint beside the question; empty for a custom note type, as `extra` is."""
        return EMPTY if self.custom_type is not None else self.fields.get(notetype.HINT, EMPTY)

    @property
    def answer_citations(self) -> tuple[Citation, ...]:
        """The citations below every answer; none for a custom note type, as for `extra`."""
        return () if self.custom_type is not None else self.citations

    @property
    def automatic_fields(self) -> Mapping[str, Content]:
        """The fields that no card fills in itself and that custom templates may show.

        An imported note type has none of them.
        """
        if self.custom_type is not None and self.custom_type.imported is not None:
            return {}
        fields = {notetype.KEY: plain(self.key)}
        if self.topic:
            fields[notetype.TOPIC] = plain(self.topic)
        if self.citations:
            fields[notetype.SOURCE] = tuple(citation.paragraph for citation in self.citations)
        return fields
