"""Questions and answers of a deck as plain words, for the lints."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import normalize

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Span

# Scripts without spaces between words: ideographs and kana.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Source: the average length of a word in running Chinese text is between 1.4 and 1.7 characters, in
# Japanese about two.
_UNSPACED_CHARACTERS_PER_WORD = 2
# What is between two spaces, from its first letter or digit on; punctuation alone is no word.
_SPACED = re.compile(r"\w\S*")
_WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A card with a question and an answer.

    is_reverse: whether it is the second card of its note, which asks the other way round.
    has_own_answer: False on a reverse card whose answer is the question of the first card.
    """

    question: c.Content
    answer: c.Content
    question_span: Span
    answer_span: Span
    is_reverse: bool = False
    has_own_answer: bool = True


def question_cards(deck: Deck) -> Iterator[QuestionCard]:
    """Yield every card of the deck with a question and an answer, in study order."""
    for note in deck.notes:
        if note.type != NoteType.QUESTION:
            continue
        fields = note.fields
        question, answer = fields[notetype.QUESTION], fields[notetype.ANSWER]
        spans = field_span(note, notetype.QUESTION), field_span(note, notetype.ANSWER)
        yield QuestionCard(question, answer, *spans)
        if reverse := fields.get(notetype.REVERSE, c.EMPTY):
            reverse_answer = fields[notetype.REVERSE_ANSWER]
            spans = field_span(note, notetype.REVERSE), field_span(note, notetype.REVERSE_ANSWER)
            has_own_answer = reverse_answer not in (question, (*question, *answer))
            yield QuestionCard(
                reverse, reverse_answer, *spans, is_reverse=True, has_own_answer=has_own_answer
            )


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
    match content:
        case (c.Paragraph((c.Text(text),)),):
            return text
    paragraphs = tuple(block for block in content if isinstance(block, c.Paragraph))
    # Whatever is not text, such as a picture, separates the words around it.
    return c.plain_text(paragraphs, lambda inline: "\n" if isinstance(inline, c.LineBreak) else " ")


def is_prose(content: c.Content) -> bool:
    """Return whether a content is only paragraphs of text: no picture, formula, list or code block."""
    match content:
        case (c.Paragraph((c.Text(),)),):
            return True
    text_inlines = (c.Text, c.Verbatim, c.Code, c.Strong, c.Emphasis, c.Strikethrough, c.Link, c.LineBreak)
    return all(isinstance(block, c.Paragraph) for block in content) and all(
        isinstance(inline, text_inlines) for inline in c.inlines(content)
    )


def count_words(text: str) -> int:
    """Return the number of words in a text of any script; a rough count, low rather than high."""
    unspaced = len(_UNSPACED.findall(text))
    spaced = _UNSPACED.sub(" ", text) if unspaced else text
    return len(_SPACED.findall(spaced)) + unspaced // _UNSPACED_CHARACTERS_PER_WORD


def split_words(text: str) -> list[str]:
    """Return the words of a text, case-folded and without punctuation."""
    return _WORD.findall(normalize("NFC", text).casefold())
