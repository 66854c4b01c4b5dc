"""Positions among the new cards: study order, with as few changes as the sources allow."""

from bisect import bisect_left
from collections.abc import Sequence
from operator import lt

# Anki's database check rewrites greater positions.
# Source: Anki, rslib/src/storage/card/fix_due_new.sql.
POSITION_LIMIT = 1_000_000
"""One more than the greatest position."""

STEP = 100
"""The distance between notes at the end of a deck, so that others fit in between later."""


def assign_positions(old_positions: Sequence[int | None]) -> list[int]:
    """Return a position for each note, ascending in study order.

    old_positions: in study order the position that each note had, None for a new note.

    As many notes as possible keep their positions; new and moved notes are spread evenly
    between their neighbours. Only if they do not fit there, the whole deck is renumbered.
    Only in a deck of a million notes can two positions be equal.

    Returns positions from 0 up to, not including, `POSITION_LIMIT`; a new deck begins at `STEP`.
    """
    positions: list[int] = []
    lower = 0
    for index in [*_longest_ascending(old_positions), len(old_positions)]:
        upper = old_positions[index] if index < len(old_positions) else None
        if upper is None or upper <= lower or index > len(positions):
            spread = _spread(lower, upper, index - len(positions))
            if spread is None:
                return _renumber(len(old_positions))
            positions += spread
        if upper is not None:
            positions.append(upper)
            lower = upper
    return positions


def _spread(lower: int, upper: int | None, count: int) -> list[int] | None:
    """Return `count` evenly spread positions between two others, or None if they do not fit.

    upper: None at the end of the deck.
    """
    gap = (POSITION_LIMIT if upper is None else upper) - lower
    if count >= gap:
        return None
    if upper is None:
        step = min(STEP, gap // (count + 1))
        return [lower + step * number for number in range(1, count + 1)]
    return [lower + gap * number // (count + 1) for number in range(1, count + 1)]


def _renumber(count: int) -> list[int]:
    return _spread(0, None, count) or [
        POSITION_LIMIT * number // (count + 1) for number in range(1, count + 1)
    ]


def _longest_ascending(positions: Sequence[int | None]) -> list[int]:
    """Return the indices of a longest strictly ascending subsequence, leaving out None.

    Patience sorting: among the subsequences of length n + 1 found so far, tails[n] is the least last
    position, and ends[n] is its index.
    """
    indices = [index for index, position in enumerate(positions) if position is not None]
    known = [position for position in positions if position is not None]
    if all(map(lt, known, known[1:])):
        return indices
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = [-1] * len(positions)
    for index, position in zip(indices, known, strict=True):
        length = bisect_left(tails, position)
        previous[index] = ends[length - 1] if length else -1
        if length == len(tails):
            tails.append(position)
            ends.append(index)
        else:
            tails[length] = position
            ends[length] = index
    chosen: list[int] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chosen.append(index)
        index = previous[index]
    return chosen[::-1]
