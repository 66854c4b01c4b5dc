"""The cards of a note: what is asked on the front and told on the back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cardwright.collection import notetype
from cardwright.collection.content import (
    EMPTY,
    Blank,
    Cloze,
    Content,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Strikethrough,
    Strong,
    Text,
    inlines,
    map_runs,
)
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType


@dataclass(frozen=True, slots=True)
class Card:
    """One card, as paper and preview show it.

    ordinal: Anki's: the template's place, or the cloze number less one; 0-based.
    front, back: the question, and the answer alone; a cloze card's back is the
        whole text with what was hidden in strong type.
    """

    note: Note
    ordinal: int
    front: Content
    back: Content

    @property
    def name(self) -> str:
        """How the card is called on paper and in messages: the note's key, and which card of it."""
        return self.note.key if self.ordinal == 0 else f"{self.note.key}#{self.ordinal + 1}"


def cards(note: Note) -> Iterator[Card]:
    """The cards of a note by ascending ordinal; the same ones that Anki makes."""
    fields = note.fields
    if note.type == NoteType.CLOZE:
        text = fields[notetype.TEXT]
        for number in cloze_numbers(text):
            yield Card(note, number - 1, clozed(text, number, hide=True), clozed(text, number, hide=False))
        return
    if note.diagram is not None:
        from cardwright.collection.masks import faces  # noqa: PLC0415  few decks have diagrams

        for number, front, back in faces(note.diagram):
            yield Card(note, number - 1, front, back)
        return
    if note.own is not None:
        from cardwright.collection.custom_cards import faces as own_faces  # noqa: PLC0415  as few have their own types

        for ordinal, front, back in own_faces(note.own, {**fields, **note.given}, note.tags):
            yield Card(note, ordinal, front, back)
        return
    yield Card(note, 0, fields[notetype.QUESTION], fields[notetype.ANSWER])
    if reverse := fields.get(notetype.REVERSE, EMPTY):
        yield Card(note, 1, reverse, fields[notetype.REVERSE_ANSWER])


def cloze_numbers(content: Content) -> list[int]:
    """The cloze numbers that occur in a content, ascending, each once."""
    return sorted({n for inline in inlines(content) if isinstance(inline, Cloze) for n in inline.numbers})


def clozed(content: Content, number: int, *, hide: bool) -> Content:
    """A text as the card of one cloze number shows it. hide: on the front."""
    return map_runs(content, lambda children: _inlines(children, number, hide))


def _inlines(children: Inlines, number: int, hide: bool) -> Inlines:
    return tuple(shown for inline in children for shown in _inline(inline, number, hide))


def _inline(inline: Inline, number: int, hide: bool) -> Inlines:
    match inline:
        case Cloze(numbers, children, hint) if number in numbers:
            if hide:
                return (Text(f"[{hint}]"),) if hint else (Blank(),)
            return (Strong(_inlines(children, number, hide)),)
        case Cloze(_, children, _):
            return _inlines(children, number, hide)
        case Strong(children) | Emphasis(children) | Strikethrough(children) | Link(_, children):
            return (replace(inline, children=_inlines(children, number, hide)),)
        case _:
            return (inline,)
