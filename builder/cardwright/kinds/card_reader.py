"""A card while its kind reads its texts and makes its notes."""

import re
from collections import abc
from typing import TYPE_CHECKING

from cardwright.collection import content as c
from cardwright.collection.deck_name import DeckName
from cardwright.collection.note import Note, Review
from cardwright.collection.notetype import NoteType
from cardwright.collection.reference import Citation, Reference
from cardwright.diagnostics import Diagnostic, Report, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.record import Record, field
from cardwright.source.ids import NO_FORMER_NAMES, FormerNames
from cardwright.source.mapping_reader import MappingReader
from cardwright.source.markup import MarkupReader, is_plain
from cardwright.source.nodes import Scalar

if TYPE_CHECKING:  # few decks have custom note types
    from cardwright.collection.custom_note_type import CustomNoteType

# Marks and isolates, which keyboards don't have.
_DIRECTION_SIGNS = str.maketrans("", "", "\u061c\u200e\u200f\u2066\u2067\u2068\u2069")
# A text that emphasises a word, unless it is a name that has to be typed with its underscores.
_NAME_IN_UNDERSCORES = re.compile(r"(__?)[a-z][A-Za-z0-9_]*\1")


class TopicContext(Record, frozen=True):
    """The data that a file and its deck provide for every card of the file.

    topic: the subject of every card that doesn't have its own; may be empty.
    deck_name: of the deck or sub-deck for every card that doesn't have its own.
    tags: every card gets them. citations: every card gets them unless it has its own.
    references: those of the deck, by key.
    note_types: the deck's custom note types by name; None for one with a mistake, already reported.
    printed: whether every card that doesn't say so itself is printed.
    card_types: the note types of the cards that name none, by their kind, such as `q`; None for ours.
    """

    topic: str
    deck_name: DeckName
    tags: tuple[str, ...]
    citations: tuple[Citation, ...]
    references: abc.Mapping[str, Reference]
    note_types: "abc.Mapping[str, CustomNoteType | None]" = field(default_factory=dict)
    printed: bool = True
    card_types: "abc.Mapping[str, CustomNoteType | None]" = field(default_factory=dict)


class CardReader(Record, frozen=True):
    """Reads the texts of one card and makes its notes.

    values: the keys of the card.
    id_span: the span of the id, or of the key that says the card's kind if there is no id yet.
    topic: its subject; may be empty.
    deck_name: of the deck or sub-deck for its cards.
    tags, citations: those of the card and its file together.
    common_fields: the fields that a card of any kind may have, as far as this card has them.
    printed: whether its cards are printed.
    note_type: the deck's own that a `q`, `cloze` or `diagram` card is a note of; None for one of ours.
    guid: as in `Note`.
    """

    values: MappingReader
    context: TopicContext
    id: str
    id_span: Span
    former_names: FormerNames
    topic: str
    deck_name: DeckName
    tags: tuple[str, ...]
    citations: tuple[Citation, ...]
    common_fields: abc.Mapping[str, c.Content]
    printed: bool
    reviewed: Review | None
    markup: MarkupReader
    note_type: "CustomNoteType | None" = None
    guid: str = ""

    @property
    def report(self) -> Report:
        return self.values.report

    def content(self, scalar: Scalar) -> c.Content:
        """Parse a text, and report it if it is empty."""
        if is_plain(scalar):
            return c.plain(scalar.value)
        content = self.markup.read(scalar)
        if not c.is_visible(content):
            span = self._visible_span(scalar)
            self.report.add(Diagnostic("empty-text", "a text that the card needs is empty", span))
        return content

    def inline_content(self, scalar: Scalar) -> c.Inlines:
        """Parse a text of one paragraph, and report it if it is empty or anything more."""
        match self.content(scalar):
            case (c.Paragraph(children),):
                return children
            case ():
                return ()
        message = f"`{truncate(scalar.value, 24)}` has to fit on one line"
        note = "a list, a table or several paragraphs"
        self.report.add(Diagnostic("more-than-a-line", message, scalar.span, note=note))
        return ()

    def note(
        self,
        type_: NoteType,
        fields: dict[str, c.Content],
        scalars: abc.Mapping[str, Scalar],
        *,
        part: str = "",
        part_spans: tuple[Span, ...] = (),
        typed: str = "",
    ) -> Note:
        """Make a note with these fields and those common to all kinds.

        scalars: what the fields were read from, by field name.
        part: the item or cell that the note is about, such as `bruise` or `one/leg`; empty for the only note.
        part_spans: that of the item, or those of row and column.
        typed: the answer that the learner types in; empty for none.
        """
        has_former_names = self.former_names is not NO_FORMER_NAMES
        return Note(
            key=f"{self.id}/{part}" if part else self.id,
            key_span=part_spans[-1] if part_spans else self.id_span,
            span=self.values.node.span,
            type=type_,
            fields={**fields, **self.common_fields},
            typed=typed,
            topic=self.topic,
            deck_name=self.deck_name,
            tags=self.tags,
            citations=self.citations,
            printed=self.printed,
            former_keys=self.former_names.former_keys(self.id, part) if has_former_names else (),
            source_texts=scalars,
            reviewed=self.reviewed,
            key_spans=(self.id_span, *part_spans),
            guid=self.guid,
        )

    def typed_answer(self, scalar: Scalar, answer: c.Content) -> str:
        """Return the answer as plain text to be typed in, and report one that cannot be typed."""
        match answer:
            case (c.Paragraph(children),) if (line := c.text_if_only_text(children)) is not None:
                if line != scalar.value and _NAME_IN_UNDERSCORES.fullmatch(scalar.value):
                    from cardwright.source.ambiguous_signs import shown_without_signs  # noqa: PLC0415  rare

                    self.report.add(shown_without_signs(scalar.value, scalar))
                return line.translate(_DIRECTION_SIGNS)
        message = "`typed` needs an answer of one line of text"
        note = "lists, line breaks, formulas, readings, pictures and sounds cannot be typed in"
        self.report.add(Diagnostic("answer-not-typable", message, scalar.span, note=note))
        return ""

    def _visible_span(self, scalar: Scalar) -> Span:
        """Return the span of a text, or of its key if the text has no characters to point at."""
        if scalar.end > scalar.start:
            return scalar.span
        keys = (key.span for key, value in self.values.entries if value is scalar)
        return next(keys, scalar.span)
