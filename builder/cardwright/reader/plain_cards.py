"""Compiles questions and answers of plain words in one step, since most cards of most decks are no more.

All other cards go their way over `Note`, and so do these as soon as anybody wants their notes.
`tests/reader/test_plain_cards.py` holds both ways together.
"""

from collections import abc
from collections.abc import Iterable
from itertools import chain

from cardwright.collection import notetype
from cardwright.collection.notetype import NoteType
from cardwright.collection.reference import Citation
from cardwright.diagnostics import Report
from cardwright.formats.anki.render import NoteRenderer, PlainNote, RenderedNote
from cardwright.kinds.card_reader import TopicContext
from cardwright.reader.cards import read_more_tags
from cardwright.reader.references import read_citations
from cardwright.record import Record
from cardwright.source.ids import is_ascii_id
from cardwright.source.mapping_reader import NULLS, MappingReader
from cardwright.source.markup import is_plain
from cardwright.source.nodes import Mapping, Node, Scalar

_FIELDS = (
    ("q", notetype.QUESTION),
    ("a", notetype.ANSWER),
    ("extra", notetype.EXTRA),
    ("hint", notetype.HINT),
)
_NEEDED = (notetype.QUESTION, notetype.ANSWER)
_KEYS = frozenset({*(key for key, _ in _FIELDS), "id", "reverse", "source", "tags", "topic"})


class PlainCards(Record, frozen=True):
    """The notes of plain questions among some cards. notes: by the index of the card. cited: as in `Unit`."""

    notes: abc.Mapping[int, RenderedNote]
    cited: frozenset[str]

    def merge(self, notes_of_others: Iterable[Iterable[RenderedNote]], count: int) -> list[RenderedNote]:
        """Return the notes of all cards in order. notes_of_others: by card. count: of all cards."""
        others = iter(notes_of_others)
        cards = ((self.notes[index],) if index in self.notes else next(others) for index in range(count))
        return list(chain.from_iterable(cards))


NO_PLAIN_CARDS = PlainCards({}, frozenset())


def compile_plain_cards(nodes: Iterable[Node], context: TopicContext, renderer: NoteRenderer) -> PlainCards:
    """Compile those cards that are plain questions.

    All other cards can be read without them, unless a card lacks an id or is a diagram: then there are none.
    """
    notes: dict[int, RenderedNote] = {}
    citations: dict[int, tuple[Citation, ...]] = {}
    if context.card_types:
        return NO_PLAIN_CARDS
    for index, node in enumerate(nodes):
        if type(node) is not Mapping or "id" not in node.entries or "diagram" in node.entries:
            return NO_PLAIN_CARDS
        if (note := _read_plain_card(node, context)) is not None:
            notes[index] = renderer.render_plain(note)
            citations[id(note.citations)] = note.citations
    cited = frozenset(citation.reference.key for cited in citations.values() for citation in cited)
    return PlainCards(notes, cited)


def _read_plain_card(node: Mapping, context: TopicContext) -> PlainNote | None:
    """Return the note of a question; None of any other card, and of one that takes a closer look."""
    entries = node.entries
    if node.flow or not entries.keys() <= _KEYS:
        return None
    card_id, texts = entries["id"][1], _read_texts(entries)
    if texts is None or type(card_id) is not Scalar or not is_ascii_id(card_id.value):
        return None
    topic, tags, citations = context.topic, context.tags, context.citations
    if "tags" in entries or "topic" in entries or "source" in entries:
        report = Report()
        values = MappingReader(node, "a card", report)
        if "tags" in entries:
            tags = read_more_tags(values, tags, any_tag=False)
        if "topic" in entries:
            topic = values.line("topic")
        if "source" in entries:
            citations = read_citations(values, context.references) or citations
        if len(report):
            return None
    return PlainNote(
        *(card_id.value, card_id.span, NoteType.QUESTION, texts, topic, context.deck_name, tags, citations),
        context.printed,
    )


def _read_texts(entries: abc.Mapping[str, tuple[Scalar, Node]]) -> dict[str, str] | None:
    """Return the texts of a question card, in the order of `Note.fields`; None if one isn't plain."""
    texts: dict[str, str] = {}
    for key, name in _FIELDS:
        entry = entries.get(key)
        if entry is not None:
            text = entry[1]
            if type(text) is not Scalar or not is_plain(text):
                return None
            if name not in _NEEDED and text.value in NULLS:
                return None
            texts[name] = text.value
        elif name in _NEEDED:
            return None
        if key == "a" and "reverse" in entries:
            reverse = entries["reverse"][1]
            if type(reverse) is not Scalar or reverse.value != "true":
                return None
            texts[notetype.REVERSE] = texts[notetype.ANSWER]
            texts[notetype.REVERSE_ANSWER] = texts[notetype.QUESTION]
    return texts
