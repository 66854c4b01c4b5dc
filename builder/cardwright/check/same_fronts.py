"""Pairs of cards that show the same text on the front."""

from collections.abc import Iterator
from dataclasses import dataclass

from cardwright.check.card_texts import cards_alike, field_span
from cardwright.collection import notetype
from cardwright.collection.card import Card
from cardwright.collection.deck import Deck
from cardwright.collection.notetype import NoteType
from cardwright.collection.template import replacements
from cardwright.diagnostics import Span

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
    first_cards: dict[tuple[str, ...], tuple[Card, str]] = {}
    for card, front, back in cards_alike(deck):
        first, first_back = first_cards.setdefault((card.note.topic, front), (card, back))
        if first is card:
            first, first_back = first_cards.setdefault(("", front, back), (card, back))
        if first.note.key == card.note.key:
            continue
        yield SameFront(
            _front_span(first),
            _front_span(card),
            has_same_answer=first_back == back,
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
