"""What pages of running text ask and tell: each note once, the items of a list as one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from cardwright.collection import notetype
from cardwright.collection.card import cards
from cardwright.collection.content import (
    EMPTY,
    Blank,
    BulletList,
    Cloze,
    Content,
    Inline,
    Inlines,
    Paragraph,
    Strong,
    Text,
    map_inlines,
    map_runs,
)
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.collection.reference import Citation

_BLANK: Content = (Paragraph((Blank(),)),)
_AND = Text(" · ")

Put = Callable[[Cloze], Inlines]


@dataclass(frozen=True, slots=True)
class TextEntry:
    """A question and its answer, as pages of running text show them.

    notes: one, or several items of one list.
    asked: what is asked; of a cloze the text with all its gaps.
    told: the answer alone; of a cloze what was hidden.
    whole: the answer for those who are not to be asked: a list with all its items, a cloze
        with what was hidden in strong type; then `question` is empty.
    """

    notes: tuple[Note, ...]
    asked: Content
    told: Content
    question: Content
    whole: Content

    @property
    def note(self) -> Note:
        """That by whose name the entry goes."""
        return self.notes[0]

    @property
    def is_cloze(self) -> bool:
        return self.note.type == NoteType.CLOZE

    @property
    def extra(self) -> Content:
        return self.note.extra

    @property
    def hint(self) -> Content:
        return self.note.hint

    @property
    def citations(self) -> tuple[Citation, ...]:
        return self.note.answer_citations


def entries(notes: Iterable[Note], gap: Put) -> Iterator[TextEntry]:
    """The entries of notes, in study order.

    gap: what stands in the place of what a cloze hides.

    The card that asks a note the other way round is the same knowledge, and so are the
    cards of one cloze: asked side by side, they would give each other away.
    """
    for (_, question), some in groupby(notes, key=_list_of):
        if question:
            yield _list(tuple(some), question)
        else:
            yield from (entry for note in some for entry in _alone(note, gap))


def blank(cloze: Cloze) -> Inlines:
    """What stands in a gap on cards, too: the hint, or a line."""
    return (Text(f"[{cloze.hint}]"),) if cloze.hint else (Blank(),)


def _alone(note: Note, gap: Put) -> Iterator[TextEntry]:
    if note.custom_type is None:
        yield _single(note, gap)
        return
    # What the cards of an author's own note type have to do with each other is not known.
    for card in cards(note):
        yield TextEntry((note,), card.front, card.back, card.front, card.back)


def _single(note: Note, gap: Put) -> TextEntry:
    if note.type == NoteType.CLOZE:
        text = note.fields[notetype.TEXT]
        return TextEntry((note,), filled(text, gap), _hidden(text), EMPTY, filled(text, _revealed))
    if note.diagram is not None:
        from cardwright.collection.diagram import numbered_diagram, outlined_diagram  # noqa: PLC0415  few decks have diagrams

        asked, told = numbered_diagram(note.diagram)
        return TextEntry((note,), asked, told, EMPTY, outlined_diagram(note.diagram))
    question, answer = note.fields[notetype.QUESTION], note.fields[notetype.ANSWER]
    return TextEntry((note,), question, answer, question, answer)


def _list_of(note: Note) -> tuple[str, Content]:
    """The card that an item belongs to, and its question without the other items; empty for no item."""
    card, _, item = note.key.partition("/")
    if note.type != NoteType.QUESTION or note.table_cell is not None or not item or "/" in item:
        return note.key, EMPTY
    return card, _parted(note)[0]


def _list(notes: tuple[Note, ...], question: Content) -> TextEntry:
    if len(notes) == 1 and not _parted(notes[0])[1]:
        return _single(notes[0], blank)
    answers = [note.fields[notetype.ANSWER] for note in notes]
    shown = [_parted(note)[1] for note in notes]
    places = [items.index(_BLANK) if _BLANK in items else None for items in shown]
    whole = list(answers)
    asked = question
    if None not in places and len({len(items) for items in shown}) == 1:
        # Of a list that shows its items those stay that are not asked for.
        whole = list(shown[0])
        for place, answer in zip(places, answers, strict=True):
            if place is not None:
                whole[place] = answer
        left = [_BLANK if place in places else item for place, item in enumerate(whole)]
        if any(item != _BLANK for item in left):
            asked = (*question, BulletList(tuple(left)))
    told = answers[0] if len(answers) == 1 else (BulletList(tuple(answers)),)
    return TextEntry(notes, asked, told, question, (BulletList(tuple(whole)),))


def _parted(note: Note) -> tuple[Content, Sequence[Content]]:
    """The question of an item, and the list below it in which the item is blank."""
    question = note.fields[notetype.QUESTION]
    match question:
        case (*above, BulletList(items)) if _BLANK in items:
            return tuple(above), items
    return question, ()


def _revealed(cloze: Cloze) -> Inlines:
    return (Strong(_filled(cloze.children, lambda inner: inner.children)),)


def _hidden(text: Content) -> Content:
    """What a cloze hides, one behind the other; a deletion within another is a part of it."""
    found: list[Inlines] = []

    def take(cloze: Cloze) -> Inlines:
        found.append(_filled(cloze.children, lambda inner: inner.children))
        return ()

    filled(text, take)
    joined: list[Inline] = []
    for some in found:
        joined += [_AND, *some] if joined else some
    return (Paragraph(tuple(joined)),)


def filled(text: Content, put: Put) -> Content:
    """A cloze's text with something in the place of its outermost deletions."""
    return map_runs(text, lambda children: _filled(children, put))


def _filled(children: Inlines, put: Put) -> Inlines:
    return map_inlines(children, lambda inline: put(inline) if isinstance(inline, Cloze) else None)
