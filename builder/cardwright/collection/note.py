"""A note: what one entry of the sources teaches, and what makes it itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from cardwright.collection import notetype
from cardwright.collection.content import EMPTY, Content, Inlines, plain
from cardwright.collection.notetype import NoteType
from cardwright.collection.reference import Citation
from cardwright.diagnostics.span import Span

if TYPE_CHECKING:  # few decks have diagrams, or note types of their own
    from cardwright.collection.custom_note_type import CustomNoteType
    from cardwright.collection.diagram import Diagram


@dataclass(frozen=True, slots=True)
class TableCell:
    """Where in a table of the sources a note stands, for outputs that show the table again.

    row: what its row is called.
    question: what its column asks of every row, with `…` in the row's place.
    """

    row: Inlines
    question: Content


class SourceText(Protocol):
    """A text as it stands in a source."""

    @property
    def span(self) -> Span: ...


@dataclass(frozen=True, slots=True)
class Review:
    """When a card was last held against its source. day: ISO date. span: the date as written."""

    date: str
    span: Span


@dataclass(frozen=True, slots=True)
class Note:
    """One note.

    key: its identity in the deck: a card's id, or `card/item`, or `table/row/column`.
    key_span: the id as written, for what is to be said about the identity.
    span: the whole entry in the source.
    fields: content by field name (`notetype.py`); a field left out is empty.
    typed: the answer the learner types in, plain text; empty for no typing.
    topic: the subject of the file it stands in; may be empty.
    tags: the author's own, sorted, without duplicates or spaces.
    printed: whether it goes on paper.
    former_keys: keys it had in former releases, the oldest first.
    table_cell: of a note that is a cell of a table.
    diagram: of a note whose cards ask for its labels.
    custom_type: the author's own note type, if it is of one.
    source_texts: the texts that fields were read from, by field name; for what is to be said about them.
    reviewed: by its author, as written; None when it is not said.
    """

    key: str
    key_span: Span
    span: Span
    type: NoteType
    fields: Mapping[str, Content]
    typed: str = ""
    topic: str = ""
    tags: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    printed: bool = True
    former_keys: tuple[str, ...] = ()
    table_cell: TableCell | None = None
    diagram: "Diagram | None" = None
    custom_type: "CustomNoteType | None" = None
    source_texts: Mapping[str, SourceText] = field(default_factory=dict, compare=False)
    reviewed: Review | None = field(default=None, compare=False)

    @property
    def card_id(self) -> str:
        """The id of the card of the sources that it comes from, alone or with others."""
        return self.key.partition("/")[0]

    @property
    def extra(self) -> Content:
        """What stands below every answer. In a note type of the author's own only its templates say that."""
        return EMPTY if self.custom_type is not None else self.fields.get(notetype.EXTRA, EMPTY)

    @property
    def hint(self) -> Content:
        """What helps with the question; see `extra`."""
        return EMPTY if self.custom_type is not None else self.fields.get(notetype.HINT, EMPTY)

    @property
    def answer_citations(self) -> tuple[Citation, ...]:
        """The sources that stand below every answer; see `extra`."""
        return () if self.custom_type is not None else self.citations

    @property
    def automatic_fields(self) -> Mapping[str, Content]:
        """The fields that no card fills in itself, and that the templates of an author may show."""
        fields = {notetype.KEY: plain(self.key)}
        if self.topic:
            fields[notetype.TOPIC] = plain(self.topic)
        if self.citations:
            fields[notetype.SOURCE] = tuple(citation.line for citation in self.citations)
        return fields
