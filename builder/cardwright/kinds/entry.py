"""A card of the sources, while its kind reads it."""

from collections.abc import Mapping as Fields
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.note import Note, Review
from cardwright.collection.notetype import NoteType
from cardwright.collection.reference import Citation
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.span import Span
from cardwright.source import decode
from cardwright.source.former_names import NO_FORMER_NAMES, FormerNames
from cardwright.source.markup import Markup
from cardwright.source.nodes import Mapping, Scalar

if TYPE_CHECKING:  # few decks have note types of their own
    from cardwright.collection.custom_note_type import CustomNoteType

# Keys that every card may have, and those of every card that has its fields from us.
SHARED_KEYS = frozenset({"id", "was", "tags", "source", "print", "reviewed", "allow"})
COMMON_KEYS = SHARED_KEYS | {"extra", "hint", "typed"}


@dataclass(frozen=True, slots=True)
class CardEntry:
    """One card as written, with what its file and its deck say of it already.

    key, key_span: the card's id and where it stands.
    former: what it and its parts were called before.
    tags, citations: those of the file and the card together.
    common: the fields that any kind of card may have, those that are there.
    printed: whether its cards go on paper. reviewed: when the author last held it against its source.
    note_types: the author's own by name; None for one that cannot be used, which was told.
    """

    node: Mapping
    key: str
    key_span: Span
    former: FormerNames
    topic: str
    tags: tuple[str, ...]
    citations: tuple[Citation, ...]
    common: Fields[str, c.Content]
    printed: bool
    markup: Markup
    report: Report
    reviewed: Review | None = None
    note_types: "Fields[str, CustomNoteType | None]" = field(default_factory=dict)

    def text(self, node: Mapping, key: str) -> Scalar | None:
        """The text under a key, or None when there is none or it is something else."""
        value = node.get(key)
        return None if value is None else decode.scalar(value, key, self.report)

    def flag(self, node: Mapping, key: str) -> bool:
        """Whether `true` stands under a key."""
        value = node.get(key)
        return value is not None and decode.flag(value, key, self.report)

    def answer(self, written: Scalar) -> c.Content:
        """What a text says that must not be empty."""
        content = self.markup.content(written)
        if not c.is_visible(content):
            self.report.add(
                Diagnostic(
                    code="empty-text", message="a text is empty that a card needs", span=self._before(written)
                )
            )
        return content

    def line(self, written: Scalar) -> c.Inlines:
        """What a text says that must not be empty and has to stand within a line."""
        content = self.answer(written)
        match content:
            case (c.Paragraph(children),):
                return children
            case ():
                return ()
        self.report.add(
            Diagnostic(
                code="more-than-a-line",
                message=f"`{truncate(written.value, 24)}` has to stand within a line",
                span=written.span,
                note="a list, a table or several paragraphs",
            )
        )
        return ()

    def question_note(
        self,
        fields: dict[str, c.Content],
        *,
        part: str = "",
        part_span: Span | None = None,
        typed: Scalar | None = None,
        written: Fields[str, Scalar],
    ) -> Note:
        """A note of the type that asks and answers.

        part: what tells it from the card's other notes, such as `bruise` or `one/leg`.
        typed: the answer as written, when it is to be typed in.
        written: where the fields come from.
        """
        answer = self._typed(typed, fields)
        return self.note(
            NoteType.QUESTION, fields, part=part, part_span=part_span, typed=answer, written=written
        )

    def note(
        self,
        type_: NoteType,
        fields: dict[str, c.Content],
        *,
        part: str = "",
        part_span: Span | None = None,
        typed: str = "",
        written: Fields[str, Scalar],
    ) -> Note:
        """A note of this card, with the fields that every note may have added."""
        return Note(
            key=f"{self.key}/{part}" if part else self.key,
            key_span=part_span or self.key_span,
            span=self.node.span,
            type=type_,
            fields={**fields, **self.common},
            typed=typed,
            topic=self.topic,
            tags=self.tags,
            citations=self.citations,
            printed=self.printed,
            former_keys=self.former.keys(self.key, part) if self.former is not NO_FORMER_NAMES else (),
            source_texts=written,
            reviewed=self.reviewed,
        )

    def _typed(self, written: Scalar | None, fields: dict[str, c.Content]) -> str:
        if written is None:
            return ""
        match fields[notetype.ANSWER]:
            case (c.Paragraph(children),) if (line := c.text_if_only_text(children)) is not None:
                return line
        self.report.add(
            Diagnostic(
                code="answer-not-typable",
                message="`typed` needs an answer of one line of text",
                span=written.span,
                note="a list, a formula, a picture or a sound cannot be typed in",
            )
        )
        return ""

    def _before(self, written: Scalar) -> Span:
        """A span to point at for an empty text: the text, or the key it belongs to."""
        if written.end > written.start:
            return written.span
        for key, value in self.node.entries.values():
            if value is written:
                return key.span
        return written.span
