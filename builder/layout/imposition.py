"""Which card lies where on which sheet, so that every back is behind its front."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from builder.layout.grid import Grid
from builder.layout.shapes import Box
from builder.layout.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Place:
    """Where one card is. card: 0-based, in study order; front, back: its trim on either page."""

    card: int
    front: Box
    back: Box


def turned(box: Box, sheet: Sheet) -> Box:
    """Where a box comes to lie when the sheet is turned over like the page of a book.

    That is what a printer does when it flips on the long edge of upright paper:
    left and right change places, heights stay. Margins change sides too, so this
    holds for grids that are not centred.
    """
    return replace(box, x=sheet.width - box.right)


def behind(grid: Grid, sheet: Sheet) -> Grid:
    """The grid that the backs of a grid's slots make, once the sheet is turned."""
    return replace(grid, left=turned(grid.bounds, sheet).x)


def impose(cards: int, grid: Grid, sheet: Sheet) -> Iterator[tuple[Place, ...]]:
    """The sheets of a deck, each with its cards in study order.

    cards: how many there are, 0 or more.

    Slots fill along the rows. Those left empty on the last sheet keep their
    place, so that it lies on the others like any of them.
    """
    for first in range(0, cards, grid.slots):
        yield tuple(
            Place(card, front := grid.trim(card - first), turned(front, sheet))
            for card in range(first, min(first + grid.slots, cards))
        )
