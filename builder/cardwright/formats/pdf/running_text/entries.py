"""Questions with their answers for pages of running text: each note once, the items of a list as one."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.card import cards, cloze_blank, formula_side
from cardwright.collection.item_list import BLANK_ITEM, OMITTED_ITEMS
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType

_SEPARATOR = c.Text(" · ")

ClozeReplacement = Callable[[c.Cloze], c.Inlines]


@dataclass(frozen=True, slots=True)
class TextEntry:
    """A question and its answer.

    notes: one, or several items of one list.
    question: of a cloze note the text with all its gaps.
    answer: of a cloze note only what was hidden.
    summary_question, summary_answer: the same for those who are not asked. A list has all its
        items then, and a cloze note has no question but its text, with what was hidden in bold.
    extra: what stands below the answer.
    """

    notes: tuple[Note, ...]
    question: c.Content
    answer: c.Content
    summary_question: c.Content
    summary_answer: c.Content
    extra: c.Content = c.EMPTY

    @property
    def note(self) -> Note:
        """The note that the entry is named after."""
        return self.notes[0]

    @property
    def is_cloze(self) -> bool:
        return self.note.type == NoteType.CLOZE


def text_entries(
    notes: Iterable[Note], replacement: ClozeReplacement, shown: set[c.MediaFile] | None = None
) -> Iterator[TextEntry]:
    """Yield the entries of notes, in study order. replacement: for cloze deletions in questions.

    A note has one entry, although it may have a reversed card or several cloze cards: asked beside
    each other, they would give each other's answer away. And a picture that many cards have at the end of
    their extra is there once: cards are far from each other, entries are not.

    shown: the pictures that stand above the entries; those in them are added.
    """
    shown = set() if shown is None else shown
    for entry in _entries(notes, replacement):
        extra = _without_shown_picture(entry.note.extra, shown)
        contents = (entry.question, entry.answer, extra)
        pictures = (inline for content in contents for inline in c.inlines(content))
        shown.update(picture.file for picture in pictures if isinstance(picture, c.Image))
        yield replace(entry, extra=extra)


def _without_shown_picture(extra: c.Content, shown: Collection[c.MediaFile]) -> c.Content:
    match extra:
        case (*above, c.Paragraph((c.Image(file),))) if file in shown:
            return tuple(above)
    return extra


def _entries(notes: Iterable[Note], replacement: ClozeReplacement) -> Iterator[TextEntry]:
    for (_, question), group in groupby(notes, key=_list_of_item):
        if question:
            yield _list_entry(tuple(group), question)
        else:
            yield from (entry for note in group for entry in _note_entries(note, replacement))


def _note_entries(note: Note, replacement: ClozeReplacement) -> Iterator[TextEntry]:
    if note.custom_type is None:
        yield _note_entry(note, replacement)
        return
    # We do not know how the cards of a custom note type are related.
    for card in cards(note):
        yield TextEntry((note,), card.front, card.back, card.front, card.back)


def _note_entry(note: Note, replacement: ClozeReplacement) -> TextEntry:
    if note.type == NoteType.CLOZE:
        text = note.fields[notetype.TEXT]
        question, revealed = replace_clozes(text, replacement), replace_clozes(text, _bold, hide=False)
        return TextEntry((note,), question, _hidden_texts(text), c.EMPTY, revealed)
    if note.diagram is not None:
        # Loaded with the first diagram, since few decks have any.
        from cardwright.collection.diagram import numbered_diagram, outlined_diagram  # noqa: PLC0415

        question, answer = numbered_diagram(note.diagram)
        return TextEntry((note,), question, answer, c.EMPTY, outlined_diagram(note.diagram))
    question, answer = note.fields[notetype.QUESTION], note.fields[notetype.ANSWER]
    return TextEntry((note,), question, answer, question, answer)


def _list_of_item(note: Note) -> tuple[str, c.Content]:
    """Return an item's card, and its question without the other items; empty if the note is no item."""
    card, _, item = note.key.partition("/")
    if note.type != NoteType.QUESTION or note.table_cell is not None or not item or "/" in item:
        return note.key, c.EMPTY
    return card, _split_item(note)[0]


def _list_entry(notes: tuple[Note, ...], question: c.Content) -> TextEntry:
    if len(notes) == 1 and not _split_item(notes[0])[1]:
        return _note_entry(notes[0], cloze_blank)
    answers = [note.fields[notetype.ANSWER] for note in notes]
    lists = [_split_item(note)[1] for note in notes]
    positions = [items.index(BLANK_ITEM) if BLANK_ITEM in items else None for items in lists]
    all_items = list(answers)
    asked_question = question
    if None not in positions and len({len(items) for items in lists}) == 1 and OMITTED_ITEMS not in lists[0]:
        # Of a list that shows all its items, those stay that are not asked for.
        all_items = list(lists[0])
        for position, answer in zip(positions, answers, strict=True):
            if position is not None:
                all_items[position] = answer
        items = [BLANK_ITEM if index in positions else item for index, item in enumerate(all_items)]
        if any(item != BLANK_ITEM for item in items):
            asked_question = (*question, c.BulletList(tuple(items)))
    answer = answers[0] if len(answers) == 1 else (c.BulletList(tuple(answers)),)
    return TextEntry(notes, asked_question, answer, question, (c.BulletList(tuple(all_items)),))


def _split_item(note: Note) -> tuple[c.Content, Sequence[c.Content]]:
    """Return the question of an item, and the list below it in which the item is blank."""
    question = note.fields[notetype.QUESTION]
    match question:
        case (*above, c.BulletList(items)) if BLANK_ITEM in items:
            return tuple(above), items
    return question, ()


def _bold(cloze: c.Cloze) -> c.Inlines:
    return (c.Strong(_reveal(cloze)),)


def _hidden_texts(text: c.Content) -> c.Content:
    """Return what a cloze text hides, one deletion after the other; nested ones belong to the outer one."""
    hidden: list[c.Inline] = []

    def collect(cloze: c.Cloze) -> c.Inlines:
        part = c.part_alone(_reveal(cloze))
        hidden.extend((_SEPARATOR, *part) if hidden else part)
        return ()

    replace_clozes(text, collect)
    return (c.Paragraph(tuple(hidden)),)


def replace_clozes(text: c.Content, replacement: ClozeReplacement, *, hide: bool = True) -> c.Content:
    """Return a text with something else in place of its outermost cloze deletions.

    hide: whether formulas show their deletions as on the fronts of cards; otherwise they hide nothing.
    """
    return c.map_runs(text, lambda run: _replace_in_run(run, replacement, hide=hide))


def _reveal(cloze: c.Cloze) -> c.Inlines:
    """Return what a cloze deletion hides, without the marks of nested deletions."""
    return _replace_in_run(cloze.children, lambda inner: inner.children, hide=False)


def _replace_in_run(run: c.Inlines, replacement: ClozeReplacement, *, hide: bool) -> c.Inlines:
    def change(inline: c.Inline) -> c.Inlines | None:
        if isinstance(inline, c.Cloze):
            return replacement(inline)
        if isinstance(inline, c.Math) and inline.deletions:
            for deletion in _outermost_deletions(inline):
                replacement(deletion)  # for those that only collect what they replace
            numbers = {number for deletion in inline.deletions for number in deletion.numbers}
            return (formula_side(inline, numbers if hide else frozenset()),)
        return None

    return c.map_inlines(run, change)


def _outermost_deletions(formula: c.Math) -> Iterator[c.Cloze]:
    end = 0
    for deletion in formula.deletions:
        if deletion.start >= end:
            yield c.Cloze(deletion.numbers, (c.Math(formula.tex[deletion.start : deletion.end]),))
            end = deletion.end
