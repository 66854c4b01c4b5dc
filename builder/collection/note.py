"""A note: what one entry of the sources teaches, and what makes it itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from builder.collection.content import Content
from builder.collection.notetype import NoteType
from builder.collection.reference import Citation
from builder.diagnostics.span import Span


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
    was: keys it had in former releases, the oldest first.
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
    was: tuple[str, ...] = ()
