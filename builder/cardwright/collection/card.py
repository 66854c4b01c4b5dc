"""The cards of a note: what each shows on its front and on its back."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.record import Record


class Card(Record, frozen=True):
    """One card, as paper and preview show it.

    ordinal: Anki's, 0-based: the position of the card's template, or its cloze number minus one.
    front, back: the question, and the answer alone; the back of a cloze card is the whole text, with
        what was hidden in strong type.
    """

    note: Note
    ordinal: int
    front: c.Content
    back: c.Content

    @property
    def name(self) -> str:
        """The card's name on paper and in messages: the note's key, and which of its cards this is."""
        return self.note.key if self.ordinal == 0 else f"{self.note.key}#{self.ordinal + 1}"


def cards(note: Note) -> Iterator[Card]:
    """Yield the cards that Anki makes of a note, by ascending ordinal."""
    fields = note.fields
    if note.type == NoteType.CLOZE:
        text = fields[notetype.TEXT]
        for number in cloze_numbers(text):
            front, back = cloze_side(text, number, hide=True), cloze_side(text, number, hide=False)
            yield Card(note, number - 1, front, back)
    elif note.custom_type is not None:
        from cardwright.collection.custom_note_type import custom_cards  # noqa: PLC0415  few have custom note types

        all_fields = {**fields, **note.automatic_fields}
        for ordinal, front, back in custom_cards(note.custom_type, all_fields, note.tags, note.deck_name):
            yield Card(note, ordinal, front, back)
    elif note.diagram is not None:
        from cardwright.collection.diagram import diagram_cards  # noqa: PLC0415  few decks have diagrams

        for number, front, back in diagram_cards(note.diagram):
            yield Card(note, number - 1, front, back)
    else:
        yield Card(note, 0, fields[notetype.QUESTION], fields[notetype.ANSWER])
        if reverse := fields.get(notetype.REVERSE, c.EMPTY):
            yield Card(note, 1, reverse, fields[notetype.REVERSE_ANSWER])


def cloze_numbers(content: c.Content) -> list[int]:
    """Return the cloze numbers that occur in a content, ascending, each once."""
    return sorted({number for deletion in c.deletions(content) for number in deletion.numbers})


def cloze_blank(cloze: c.Cloze) -> c.Inlines:
    """Return what is shown in place of a deletion: its hint in brackets, or a blank."""
    return (c.Text("["), *cloze.hint, c.Text("]")) if cloze.hint else (c.Blank(),)


def formula_side(formula: c.Math, numbers: AbstractSet[int]) -> c.Math:
    """Return a formula as Anki shows it, with the deletions of these numbers hidden."""

    def write(deletion: c.MathDeletion, hidden: str) -> str:
        return hidden if numbers.isdisjoint(deletion.numbers) else f"[{deletion.hint or '...'}]"

    return c.Math(c.write_tex(formula, write), formula.display)


def cloze_side(content: c.Content, number: int, *, hide: bool) -> c.Content:
    """Return a text as one side of the card of one cloze number shows it. hide: True for the front."""

    def change(inline: c.Inline) -> c.Inlines | None:
        if isinstance(inline, c.Math) and inline.deletions:
            return (formula_side(inline, {number} if hide else set()),)
        if not isinstance(inline, c.Cloze):
            return None
        if hide and number in inline.numbers:
            return cloze_blank(inline)
        children = c.map_inlines(inline.children, change)
        return (c.Strong(children),) if number in inline.numbers else children

    return c.map_runs(content, lambda run: c.map_inlines(run, change))
