"""Questions and answers of a deck as plain words, for the lints."""

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from unicodedata import normalize

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.card import Card, cards
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Span
from cardwright.record import replace

# Scripts without spaces between words: ideographs and kana.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Source: the average length of a word in running Chinese text is between 1.4 and 1.7 characters, in
# Japanese about two.
_UNSPACED_CHARACTERS_PER_WORD = 2
# What is between two spaces, from its first letter or digit on; punctuation alone is no word.
_SPACED = re.compile(r"\w\S*")
_ARTICLES = frozenset({"a", "an", "the"})
_WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(slots=True, eq=False)
class QuestionCard:
    """A card with a question and an answer.

    question_prose, answer_prose: their text as `prose` returns it.
    is_reverse: whether it is the second card of its note, which asks the other way round.
    has_own_answer: False on a reverse card whose answer is the question of the first card.
    """

    note: Note
    question: c.Content
    answer: c.Content
    question_prose: str
    answer_prose: str
    is_reverse: bool = False
    has_own_answer: bool = True

    @property
    def question_span(self) -> Span:
        return field_span(self.note, notetype.REVERSE if self.is_reverse else notetype.QUESTION)

    @property
    def answer_span(self) -> Span:
        return field_span(self.note, notetype.REVERSE_ANSWER if self.is_reverse else notetype.ANSWER)


class NotesWithTexts(tuple[Note, ...]):  # noqa: SLOT001  for the cached properties
    """The notes of a deck, with what all lints need of their texts, which is found once.

    ignored_words: those that don't count when texts are compared.
    """

    ignored_words: AbstractSet[str] = frozenset()

    @cached_property
    def question_cards(self) -> list[QuestionCard]:
        """See the function of this name."""
        found: list[QuestionCard] = []
        for note in self:
            if note.type != NoteType.QUESTION:
                continue
            fields = note.fields
            question, answer = fields[notetype.QUESTION], fields[notetype.ANSWER]
            found.append(QuestionCard(note, question, answer, prose(question), prose(answer)))
            if reverse := fields.get(notetype.REVERSE, c.EMPTY):
                back = fields[notetype.REVERSE_ANSWER]
                has_own = back not in (question, (*question, *answer))
                texts = prose(reverse), prose(back)
                found.append(QuestionCard(note, reverse, back, *texts, True, has_own))  # noqa: FBT003  fields
        return found

    @cached_property
    def cards(self) -> list[Card]:
        """See `all_cards`."""
        return [card for note in self if note.diagram is None for card in cards(note)]

    @cached_property
    def cloze_cards(self) -> list[tuple[Card, str]]:
        """See the function of this name."""
        return [(card, prose(card.front)) for card in self.cards if card.note.type == NoteType.CLOZE]

    @cached_property
    def cards_alike(self) -> list[tuple[Card, str, str]]:
        """See the function of this name."""
        fronts = [comparable_text(card.front, self.ignored_words) for card in self.cards]
        counts = Counter(fronts)
        return [
            (card, front, comparable_text(card.back, self.ignored_words))
            for card, front in zip(self.cards, fronts, strict=True)
            if counts[front] > 1
        ]


def with_texts(deck: Deck) -> Deck:
    """Return a deck whose texts are looked at once, however many lints there are."""
    return replace(deck, notes=_notes_with_texts(deck))


def question_cards(deck: Deck) -> Sequence[QuestionCard]:
    """Return every card of the deck with a question and an answer, in study order."""
    return _notes_with_texts(deck).question_cards


def all_cards(deck: Deck) -> Sequence[Card]:
    """Return every card of the deck but those of diagrams, in study order."""
    return _notes_with_texts(deck).cards


def cloze_cards(deck: Deck) -> Sequence[tuple[Card, str]]:
    """Return every cloze card of the deck with the text of its front as `prose`, in study order."""
    return _notes_with_texts(deck).cloze_cards


def cards_alike(deck: Deck) -> Sequence[tuple[Card, str, str]]:
    """Return those of these cards whose front others have, too, with both sides as `comparable_text`."""
    return _notes_with_texts(deck).cards_alike


def _notes_with_texts(deck: Deck) -> NotesWithTexts:
    if isinstance(deck.notes, NotesWithTexts):
        return deck.notes
    notes = NotesWithTexts(deck.notes)
    notes.ignored_words = _ARTICLES if is_english(deck) else frozenset()
    return notes


def field_span(note: Note, field: str) -> Span:
    """Return where the text of a field is written, or the note's key if an alias brings it from elsewhere."""
    source_text = note.source_texts.get(field)
    if source_text is None:
        return note.key_span
    span, card = source_text.span, note.span
    is_inside = span.source is card.source and card.start <= span.start < card.end
    return span if is_inside else note.key_span


def is_english(deck: Deck) -> bool:
    return base_language(deck) == "en"


def base_language(deck: Deck) -> str:
    """Return the deck's language without country or script, in lower case."""
    return deck.language.lower().partition("-")[0]


def prose(content: c.Content) -> str:
    """Return the text of all paragraphs; lists, tables and code blocks are left out."""
    if (text := c.sole_text(content)) is not None:
        return text
    paragraphs = tuple(block for block in content if isinstance(block, c.Paragraph))
    # Whatever is not text, such as a picture, separates the words around it.
    return c.plain_text(paragraphs, lambda inline: "\n" if isinstance(inline, c.LineBreak) else " ")


def is_prose(content: c.Content) -> bool:
    """Return whether a content is only paragraphs of text: no picture, formula, list or code block."""
    if c.sole_text(content) is not None:
        return True
    text_inlines = (c.Text, c.Verbatim, c.Code, c.Strong, c.Emphasis, c.Strikethrough, c.Link, c.LineBreak)
    return all(isinstance(block, c.Paragraph) for block in content) and all(
        isinstance(inline, text_inlines) for inline in c.inlines(content)
    )


def comparable_text(content: c.Content, ignored_words: AbstractSet[str]) -> str:
    """Return the text of a content without emphasis, capitals and the punctuation at its end.

    Anything but text, such as a picture, is kept as its Python representation.
    """
    text = c.sole_text(content)
    if text is None:
        whole = "".join(map(_comparable_part, c.inlines(content)))
    else:
        whole = text.lower() if text.isascii() else fold(text)
    words = " ".join([word for word in whole.split() if word not in ignored_words])
    return words.rstrip(" .?!:…。？！")


def _comparable_part(inline: c.Inline) -> str:
    match inline:
        case c.Text(text):
            return fold(text)
        case c.LineBreak():
            return " "
    return "" if isinstance(inline, c.Wrapper) else repr(inline)


def count_words(text: str) -> int:
    """Return the number of words in a text of any script; a rough count, low rather than high."""
    unspaced = 0 if text.isascii() else len(_UNSPACED.findall(text))
    spaced = _UNSPACED.sub(" ", text) if unspaced else text
    return len(_SPACED.findall(spaced)) + unspaced // _UNSPACED_CHARACTERS_PER_WORD


def split_words(text: str) -> list[str]:
    """Return the words of a text, case-folded and without punctuation."""
    return _WORD.findall(fold(text))


def fold(text: str) -> str:
    """Return a text in which equal words are equal characters, whatever their capitals."""
    return normalize("NFC", text).casefold()
