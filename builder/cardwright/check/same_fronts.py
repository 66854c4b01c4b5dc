"""Cards whose fronts say the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from cardwright.check.card_texts import english, place
from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.card import Card, cards
from cardwright.collection.deck import Deck
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.span import Span

_ARTICLES = {"a", "an", "the"}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cards with the same front, in study order. first, second: where that is written."""

    first: Span
    second: Span
    same_answer: bool
    turned: bool
    siblings: bool


def pairs(decks: Sequence[Deck]) -> Iterator[Pair]:
    """Each card that asks what an earlier one of its deck has asked, with that one.

    Cards of other topics count only if the answer is the same too, since the
    topic stands on the card. Cards of one note are no pair.
    """
    for deck in decks:
        articles = _ARTICLES if english(deck) else frozenset[str]()
        first: dict[tuple[str, ...], Card] = {}
        for card in (card for note in deck.notes if note.type in _FRONTS for card in cards(note)):
            front, back = _said(card.front, articles), _said(card.back, articles)
            here = first.setdefault((card.note.topic, front), card)
            earlier = here if here is not card else first.setdefault(("", front, back), card)
            if earlier.note.key == card.note.key:
                continue
            yield Pair(
                _place(earlier),
                _place(card),
                same_answer=_said(earlier.back, articles) == back,
                turned=_turned(earlier) or _turned(card),
                siblings=earlier.note.card_id == card.note.card_id,
            )


_FRONTS = {
    NoteType.QUESTION: (notetype.QUESTION, notetype.REVERSE),
    NoteType.CLOZE: (notetype.TEXT,),
}


def _place(card: Card) -> Span:
    fields = _FRONTS[card.note.type]
    return place(card.note, fields[min(card.ordinal, len(fields) - 1)])


def _turned(card: Card) -> bool:
    return card.note.type == NoteType.QUESTION and card.ordinal == 1


def _said(content: c.Content, articles: frozenset[str] | set[str]) -> str:
    """What a content says, whatever its emphasis, capitals and last sign.

    What is no text, such as a picture, stands for itself.
    """
    parts: list[str] = []
    for inline in c.inlines(content):
        match inline:
            case c.Text(text):
                parts.append(normalize("NFC", text).casefold())
            case c.LineBreak():
                parts.append(" ")
            case _ if not isinstance(inline, c.Wrapper):
                parts.append(repr(inline))
    parts += [repr(block) for block in content if isinstance(block, c.CodeBlock)]
    return " ".join(word for word in "".join(parts).split() if word not in articles).rstrip(" .?!:…。？！")
