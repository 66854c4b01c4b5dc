"""What is asked and answered in a deck, as words: what the advice on the writing of cards looks at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import normalize

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.span import Span

# Scripts that put no space between words: ideographs and kana.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Of them, about so many make a word. Source: the average length of a word in running Chinese text is
# between 1.4 and 1.7 characters, in Japanese about two.
_CHARACTERS_A_WORD = 2
# What stands between two spaces, if there is more to it than punctuation.
_SPACED = re.compile(r"\S*\w\S*")
_WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True)
class Asked:
    """One card that asks and answers.

    question_place, answer_place: the texts as written.
    turned: whether it is the way back of a note.
    own: whether its answer is a text of its own; that of a way back may be the question turned around.
    """

    note: Note
    question: c.Content
    answer: c.Content
    question_place: Span
    answer_place: Span
    turned: bool = False
    own: bool = True


def asked(deck: Deck) -> Iterator[Asked]:
    """Every card of the deck that asks and answers, in study order."""
    for note in deck.notes:
        if note.type != NoteType.QUESTION:
            continue
        fields = note.fields
        question, answer = fields[notetype.QUESTION], fields[notetype.ANSWER]
        first, second = place(note, notetype.QUESTION), place(note, notetype.ANSWER)
        yield Asked(note, question, answer, first, second)
        if reverse := fields.get(notetype.REVERSE, c.EMPTY):
            back = fields[notetype.REVERSE_ANSWER]
            places = place(note, notetype.REVERSE), place(note, notetype.REVERSE_ANSWER)
            own = back not in (question, (*question, *answer))
            yield Asked(note, reverse, back, *places, turned=True, own=own)


def place(note: Note, field: str) -> Span:
    """Where the text of a field is written; the note's key when that is elsewhere, through an alias."""
    written = note.source_texts.get(field)
    if written is None:
        return note.key_span
    span, card = written.span, note.span
    within = span.source is card.source and card.start <= span.start < card.end
    return span if within else note.key_span


def english(deck: Deck) -> bool:
    """Whether the deck is in English, of whatever country."""
    return language(deck) == "en"


def language(deck: Deck) -> str:
    """The deck's language without country or script, in small letters."""
    return deck.language.lower().partition("-")[0]


def prose(content: c.Content) -> str:
    """The words of a content outside of lists, tables and code, its paragraphs one behind the other."""
    match content:
        case (c.Paragraph((c.Text(text),)),):
            return text
    paragraphs = tuple(block for block in content if isinstance(block, c.Paragraph))
    # What is no text, such as a picture, separates the words around it.
    return c.plain_text(paragraphs, lambda inline: "\n" if isinstance(inline, c.LineBreak) else " ")


def nothing_but_prose(content: c.Content) -> bool:
    """Whether a content is paragraphs of text and nothing else: no picture, formula, list or code block."""
    match content:
        case (c.Paragraph((c.Text(),)),):
            return True
    texts = (c.Text, c.Code, c.Strong, c.Emphasis, c.Strikethrough, c.Link, c.LineBreak)
    return all(isinstance(block, c.Paragraph) for block in content) and all(
        isinstance(inline, texts) for inline in c.inlines(content)
    )


def length(text: str) -> int:
    """How many words a text has, in whatever script; rather too few than too many."""
    unspaced = len(_UNSPACED.findall(text))
    spaced = _UNSPACED.sub(" ", text) if unspaced else text
    return len(_SPACED.findall(spaced)) + unspaced // _CHARACTERS_A_WORD


def words(text: str) -> list[str]:
    """The words of a text, whatever the case of their letters, without punctuation."""
    return _WORD.findall(normalize("NFC", text).casefold())
