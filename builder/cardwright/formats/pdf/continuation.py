"""Texts too long for a card, which go on on further cards."""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice
from typing import NamedTuple

from cardwright.diagnostics import Diagnostic
from cardwright.formats.pdf.checks import side_diagnostic
from cardwright.formats.pdf.estimate import Room
from cardwright.formats.pdf.fit import (
    Fit,
    FittedCard,
    FittedSide,
    is_overflow,
    is_too_wide,
    overflow_diagnostic,
    shortfall,
)
from cardwright.formats.pdf.pieces import End, Piece, cut_out, side_pieces
from cardwright.formats.pdf.sides import Side

MAX_CARDS = 30
"""The most cards on which a text goes on; nobody learns a longer one from cards."""

_FEW_CARDS = 4
# Nodes of which parts may be too large for any card.
_INDIVISIBLE = frozenset({"table", "math", "img", "ruby", "kbd"})
# What dividing a text at such a place costs, where 1 is a card that stays empty instead.
_COSTS = {
    End.BLOCK: 0.0,
    End.ENTRY: 0.05,
    End.LINE: 0.15,
    End.SENTENCE: 0.15,
    End.WORD: 0.35,
    End.PART_OF_WORD: 0.7,
}


class _Part(NamedTuple):
    """What one card shows of a side. side_index: 0 for the front. pieces: None for all of the side."""

    side: Side
    side_index: int
    pieces: range | None


@dataclass(slots=True)
class _LongSide:
    """A side whose text is divided. room: the height on each card, in the unit of the pieces' heights."""

    pieces: list[Piece]
    room: float

    def set_height(self, pieces: range, fit: Fit) -> None:
        """Take into account how high some of the pieces are together."""
        estimated = sum(self.pieces[number].height for number in pieces) or 1.0
        for number in pieces:
            self.pieces[number].height *= fit["height"] / estimated
        self.room = min(self.room, max(fit["max_height"], 1.0))

    @property
    def cards_needed(self) -> int:
        return math.ceil(sum(piece.height for piece in self.pieces) / self.room)


@dataclass(slots=True)
class _LongCard:
    """A card with a text too long for it.

    long: the sides whose text is divided, by their index.
    count: the number of cards that it is tried with. tries: how often.
    result: the cards in its place, or why the text can't be divided; None until that is known.
    """

    sides: FittedCard
    room: Room
    long: dict[int, _LongSide] = field(default_factory=dict)
    count: int = 2
    tries: int = 0
    result: list[FittedCard] | Diagnostic | None = None

    def divide(self, index: int, fit: Fit) -> None:
        """Begin to divide the text of a side, which does not fit."""
        if is_too_wide(fit) or fit["max_height"] <= 0 or self.sides[index].side.twin is not None:
            self.result = overflow_diagnostic(self.sides[index].side, fit)
            return
        pieces = side_pieces(self.sides[index].side.tree, self.room)
        self.long[index] = _LongSide(pieces, max(fit["max_height"], 1.0))
        self.long[index].set_height(range(len(pieces)), fit)
        self._set_count(self.long[index].cards_needed)

    def parts(self, indexes: Sequence[int]) -> Iterator[_Part]:
        """Yield the parts of some sides, card by card."""
        ranges = {index: divide_pieces(long.pieces, self.count) for index, long in self.long.items()}
        for number in range(self.count):
            for index in indexes:
                side_ranges = ranges.get(index)
                # What fits on one card is on all of them.
                pieces = side_ranges[min(number, len(side_ranges) - 1)] if side_ranges else None
                is_last = pieces is None or pieces.stop == len(self.long[index].pieces)
                mark = f"{number + 1}/{self.count}"
                side = _part_of_side(self.sides[index].side, self.room, pieces, mark, is_last=is_last)
                yield _Part(side, index, pieces)

    def judge(self, parts: Sequence[_Part], fits: Sequence[Fit]) -> None:
        """Keep the parts if all of them fit; otherwise learn from those that do not."""
        failures = [pair for pair in zip(parts, fits, strict=True) if is_overflow(pair[1])]
        if not failures:
            fitted = [FittedSide(part.side, fit) for part, fit in zip(parts, fits, strict=True)]
            with_backs = len(fitted) > self.count
            backs = fitted[1::2] if with_backs else [self.sides[1]] * self.count
            self.result = list(zip(fitted[:: 2 if with_backs else 1], backs, strict=True))
            return
        # Where a card more is a lot, other places to divide the text are tried first.
        needed = self.count if self.tries == 0 and self.count <= _FEW_CARDS else self.count + 1
        for part, fit in failures:
            if part.pieces is None:
                self.divide(part.side_index, fit)
                continue
            long = self.long[part.side_index]
            inner = long.pieces[part.pieces.start : part.pieces.stop - 1]
            if is_too_wide(fit):
                self.result = overflow_diagnostic(part.side, fit)
                return
            if fit["max_height"] <= 0 or all(piece.end is End.NOTHING for piece in inner):
                self.result = _undividable(part.side, fit)
                return
            long.set_height(part.pieces, fit)
            needed = max(needed, long.cards_needed)
        self._set_count(needed)

    def _set_count(self, count: int) -> None:
        self.tries = self.tries + 1 if count <= self.count else 0
        self.count = max(count, self.count)
        if self.count > MAX_CARDS and self.result is None:
            side = self.sides[next(iter(self.long), 0)].side
            text = f"needs more than {MAX_CARDS} cards"
            self.result = side_diagnostic(
                side, "card-overflow", text, help_text="split it into several cards"
            )


def continue_cards(
    cards: Sequence[FittedCard],
    room: Room,
    measure: Callable[[Sequence[Side]], list[Fit]],
    *,
    with_backs: bool,
) -> list[list[FittedCard] | Diagnostic]:
    """Divide texts that are too long among several cards, as few as are needed and about equally full.

    cards: front and back of cards of which a printed side does not fit.
    measure: returns how sides fit.
    with_backs: whether backs are printed.

    Returns for each card those in its place, or an error when its text cannot be divided.
    """
    indexes = (0, 1) if with_backs else (0,)
    long_cards = [_LongCard((_own(front), _own(back)), room) for front, back in cards]
    for card in long_cards:
        for index in indexes:
            if card.result is None and is_overflow(card.sides[index].fit):
                card.divide(index, card.sides[index].fit)
    while active := [card for card in long_cards if card.result is None]:
        parts = [list(card.parts(indexes)) for card in active]
        fits = iter(measure([part.side for card_parts in parts for part in card_parts]))
        for card, card_parts in zip(active, parts, strict=True):
            card.judge(card_parts, list(islice(fits, len(card_parts))))
    return [card.result for card in long_cards if card.result is not None]


def can_continue(
    cards: Sequence[FittedCard],
    room: Room,
    measure: Callable[[Sequence[Side]], list[Fit]],
    *,
    with_backs: bool,
) -> list[bool]:
    """Tell of each card whether its text could be divided among several. See `continue_cards`."""
    # Words can be divided anywhere, so that only cards with something else need be tried.
    tried = [card for card in cards if not all(_has_words_alone(side.side) for side in card)]
    results = continue_cards(tried, room, measure, with_backs=with_backs)
    outcomes = {id(card): isinstance(result, list) for card, result in zip(tried, results, strict=True)}
    return [outcomes.get(id(card), all(map(_is_divisible, card))) for card in cards]


def _has_words_alone(side: Side) -> bool:
    return _INDIVISIBLE.isdisjoint(side.types)


def _is_divisible(fitted: FittedSide) -> bool:
    """Tell of a side with words alone whether it fits on one card or on several."""
    fit = fitted.fit
    return not is_overflow(fit) or (
        not is_too_wide(fit) and fit["max_height"] > 0 and fit["height"] <= MAX_CARDS * fit["max_height"]
    )


def _own(fitted: FittedSide) -> FittedSide:
    """Return a side without the question that it recalls; a long one has no room for it."""
    return FittedSide(replace(fitted.side, tree=fitted.side.own_tree), fitted.fit)


def divide_pieces(pieces: Sequence[Piece], count: int) -> list[range]:
    """Divide pieces into parts of about the same height, at good places.

    Returns fewer parts where there are too few places.
    """
    heights = [0.0, *accumulate(piece.height for piece in pieces)]
    ranges = []
    start = 0
    for remaining in range(count, 1, -1):
        share = (heights[-1] - heights[start]) / remaining or 1.0
        target = heights[start] + share

        def cost(end: int, target: float = target, share: float = share) -> float:
            return abs(heights[end] - target) / share + _COSTS[pieces[end - 1].end]

        near = range(bisect_left(heights, target - share), bisect_left(heights, target + share) + 1)
        for candidates in (near, range(start + 1, len(pieces))):
            ends = [end for end in candidates if start < end < len(pieces) and pieces[end - 1].end in _COSTS]
            if ends:
                best = min(ends, key=cost)
                ranges.append(range(start, best))
                start = best
                break
    return [*ranges, range(start, len(pieces))]


def _part_of_side(side: Side, room: Room, pieces: range | None, mark: str, *, is_last: bool) -> Side:
    """Return what one of several cards shows of a side. pieces: None for all of it."""
    tree = {**side.tree, "mark": f" ({mark})"}
    if pieces is not None:
        tree["parts"] = cut_out(side.tree, room, pieces)
        if not is_last:
            tree |= {"hint": [], "citations": []}
    return replace(side, tree=tree, mark=mark)


def _undividable(side: Side, fit: Fit) -> Diagnostic:
    help_ = "make it smaller, or keep the card off paper with `print: false`"
    note = "a picture, a formula, a row of a table or a word goes on one card"
    return side_diagnostic(
        side, "card-overflow", f"has a part that {shortfall(fit)}", note=note, help_text=help_
    )
