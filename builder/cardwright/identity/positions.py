"""Places among the new cards: study order, kept as still as the sources allow."""

from bisect import bisect_left
from collections.abc import Sequence

# Anki's database check rewrites greater positions.
# Source: Anki, rslib/src/storage/card/fix_due_new.sql.
LIMIT = 1_000_000
"""One more than the greatest position."""

STEP = 100
"""How far apart notes are placed at the end of a deck, so that others fit in between."""


def assign_positions(wanted: Sequence[int | None]) -> list[int]:
    """A position for each note, ascending in study order.

    wanted: in study order the position that each note has had, None for a new note.

    As many as possible stay where they are; new notes, and those that were moved, go
    evenly between their neighbours. Only when they do not fit there is the whole deck
    numbered anew. Only a deck of a million notes gets equal positions.

    Returns positions from 0 up to, not including, `LIMIT`; a new deck begins at `STEP`.
    """
    kept = _longest_ascending(wanted)
    placed: list[int] = []
    before = 0
    for index in [*kept, len(wanted)]:
        count = index - len(placed)
        behind = wanted[index] if index < len(wanted) else None
        gap = _between(before, behind, count)
        if gap is None:
            return _anew(len(wanted))
        placed += gap
        if behind is not None:
            placed.append(behind)
            before = behind
    return placed


def _between(before: int, behind: int | None, count: int) -> list[int] | None:
    """Even places for `count` notes, or None if there are too few. behind: None at the deck's end."""
    room = (LIMIT if behind is None else behind) - before
    if count >= room:
        return None
    if behind is None:
        step = min(STEP, room // (count + 1))
        return [before + step * number for number in range(1, count + 1)]
    return [before + room * number // (count + 1) for number in range(1, count + 1)]


def _anew(count: int) -> list[int]:
    return _between(0, None, count) or [LIMIT * number // (count + 1) for number in range(1, count + 1)]


def _longest_ascending(positions: Sequence[int | None]) -> list[int]:
    """Indices of a longest strictly ascending choice among the positions that are there.

    Patience sorting: tails[n] ends the choice of n + 1 positions whose end is least.
    """
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = [-1] * len(positions)
    for index, position in enumerate(positions):
        if position is None:
            continue
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
