"""Pairs of cards that show the same text on the front."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from unicodedata import normalize

from cardwright.check.card_texts import field_span, is_english
from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.card import Card, cards
from cardwright.collection.deck import Deck
from cardwright.collection.notetype import NoteType
from cardwright.collection.template import replacements
from cardwright.diagnostics import Span

_ARTICLES = frozenset({"a", "an", "the"})

_FRONT_FIELDS = {NoteType.QUESTION: (notetype.QUESTION, notetype.REVERSE), NoteType.CLOZE: (notetype.TEXT,)}


@dataclass(frozen=True, slots=True)
class SameFront:
    """Two cards of a deck with the same front, in study order.

    first, second: where their fronts are written.
    has_reverse: whether one of them is the reverse card of its note.
    from_one_card: whether both come from one card of the sources, such as items of a list.
    """

    first: Span
    second: Span
    has_same_answer: bool
    has_reverse: bool
    from_one_card: bool


def same_fronts(deck: Deck) -> Iterator[SameFront]:
    """Yield each card whose front an earlier card of its deck has too, together with that card.

    Cards of different topics must also have the same answer, because a card shows its topic.
    Two cards of one note are not a pair.
    """
    ignored_words = _ARTICLES if is_english(deck) else frozenset[str]()
    first_cards: dict[tuple[str, ...], Card] = {}
    for card in (card for note in deck.notes if note.diagram is None for card in cards(note)):
        front, back = (_normalize(side, ignored_words) for side in (card.front, card.back))
        first_in_topic = first_cards.setdefault((card.note.topic, front), card)
        first = (
            first_in_topic if first_in_topic is not card else first_cards.setdefault(("", front, back), card)
        )
        if first.note.key == card.note.key:
            continue
        yield SameFront(
            _front_span(first),
            _front_span(card),
            has_same_answer=_normalize(first.back, ignored_words) == back,
            has_reverse=_is_reverse(first) or _is_reverse(card),
            from_one_card=first.note.card_id == card.note.card_id,
        )


def _front_span(card: Card) -> Span:
    custom_type = card.note.custom_type
    if custom_type is None:
        fields = _FRONT_FIELDS[card.note.type]
        return field_span(card.note, fields[min(card.ordinal, len(fields) - 1)])
    # A cloze type has one template for all its cards.
    front = custom_type.templates[0 if custom_type.cloze_fields else card.ordinal].front_nodes
    shown = (shown.field for shown in replacements(front) if shown.field in card.note.source_texts)
    return field_span(card.note, next(shown, ""))


def _is_reverse(card: Card) -> bool:
    return card.note.type == NoteType.QUESTION and card.ordinal == 1


def _normalize(content: c.Content, ignored_words: AbstractSet[str]) -> str:
    """Return the text of a content without emphasis, capitals and the punctuation at its end.

    Anything but text, such as a picture, is kept as its Python representation.
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
    words = "".join(parts).split()
    return " ".join(word for word in words if word not in ignored_words).rstrip(" .?!:…。？！")
