"""Which card lies where on which sheet, so that every back is behind its front."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cardwright.layout.fold import fold, folded, halves
from cardwright.layout.grid import Grid
from cardwright.layout.plan import Mode, Order, Plan
from cardwright.layout.shapes import Box, Line

PILE = 25
"""Sheets that are cut at once when cards go in stacks: a guillotine takes so many of heavy paper."""


@dataclass(frozen=True, slots=True)
class PlacedCard:
    """One side of one card on a page.

    card: 0-based, in study order.
    front: whether it is the question.
    trim: on the page that it is printed on.
    rotated: whether it stands upside down on that page.
    strip_right: whether the edge of the card that shows its topic, on the left of a front, is
        on the right of the trim here, once the page is looked at.
    """

    card: int
    front: bool
    trim: Box
    rotated: bool = False
    strip_right: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One side of one sheet of paper.

    sheet: 1-based.
    back: whether it is the side that is printed second.
    placed: the sides on it in study order.
    grid: what is cut out of it: cards, or pairs of them that are folded.
    folds: lines along which to fold.
    """

    sheet: int
    back: bool
    placed: tuple[PlacedCard, ...]
    grid: Grid
    folds: tuple[Line, ...] = ()


def impose(cards: int, plan: Plan) -> Iterator[Page]:
    """The pages of a deck, each front followed by its back if it has one.

    cards: how many there are, 0 or more.

    Slots that stay empty keep their place, so that the last sheet lies on the others
    like any of them.

    Errors: ValueError for a plan to be folded of whose cards no two fit on the paper.
    """
    if plan.mode is Mode.FOLD:
        yield from _folded(cards, plan)
        return
    grid, sheet = plan.preset.grid, plan.preset.sheet
    for number, slots in enumerate(_sheets(cards, grid.slots, plan.order), start=1):
        fronts = tuple(PlacedCard(card, front=True, trim=grid.trim(slot)) for slot, card in slots)
        yield Page(number, back=False, placed=fronts, grid=grid)
        if plan.mode is not Mode.SINGLE:
            book = sheet.turns_like_a_book(plan.flip)
            backs = tuple(
                PlacedCard(
                    one.card,
                    front=False,
                    trim=_behind(one.trim, plan),
                    rotated=plan.rotate_backs,
                    strip_right=book,
                )
                for one in fronts
            )
            yield Page(number, back=True, placed=backs, grid=behind(grid, plan))


def behind(grid: Grid, plan: Plan) -> Grid:
    """The grid that the backs of a grid's slots make, turned over, and the printer's shift undone."""
    bounds = _behind(grid.bounds, plan)
    return replace(grid, left=bounds.x, top=bounds.y)


def slots_of(plan: Plan) -> int:
    """How many cards a sheet takes.

    Errors: as `impose`.
    """
    return (_fold(plan)[0] if plan.mode is Mode.FOLD else plan.preset.grid).slots


def _behind(box: Box, plan: Plan) -> Box:
    return plan.preset.sheet.turned(box, plan.flip).moved(plan.offset_x, plan.offset_y)


def _sheets(cards: int, slots: int, order: Order) -> Iterator[list[tuple[int, int]]]:
    """For each sheet its filled slots, each with its card, by ascending card."""
    pile = 1 if order is Order.ROWS else PILE
    for first in range(0, cards, slots * pile):
        count = min(cards - first, slots * pile)
        sheets = -(-count // slots)
        for sheet in range(sheets):
            if order is Order.ROWS:
                yield [(slot, first + slot) for slot in range(count)]
            else:
                found = ((slot, slot * sheets + sheet) for slot in range(slots))
                yield [(slot, first + card) for slot, card in found if card < count]


def _fold(plan: Plan) -> tuple[Grid, bool]:
    found = folded(plan.preset)
    if found is None:
        raise ValueError("no two of these cards fit beside each other")
    return found


def _folded(cards: int, plan: Plan) -> Iterator[Page]:
    grid, upright = _fold(plan)
    # Across a level fold the answer stands on its head, so that the folded card is turned like a page.
    rotated = plan.rotate_backs is upright
    for number, slots in enumerate(_sheets(cards, grid.slots, plan.order), start=1):
        placed: list[PlacedCard] = []
        folds: list[Line] = []
        for slot, card in slots:
            pair = grid.trim(slot)
            front, back = halves(pair, upright=upright)
            placed.append(PlacedCard(card, front=True, trim=front))
            placed.append(PlacedCard(card, front=False, trim=back, rotated=rotated, strip_right=upright))
            folds.append(fold(pair, upright=upright))
        yield Page(number, back=False, placed=tuple(placed), grid=grid, folds=tuple(folds))
