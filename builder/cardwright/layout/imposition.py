"""Imposition: which card lies where on which sheet, so that every back is behind its front."""

from collections.abc import Iterator

from cardwright.layout.geometry import Box, Grid, Line
from cardwright.layout.plan import Mode, Order, Plan, pair_grid
from cardwright.record import Record, replace

MAX_PILE = 25
"""The sheets that are cut at once when cards go in stacks: as many of heavy paper as a guillotine takes."""


class PlacedCard(Record, frozen=True):
    """One side of one card on a page.

    number: the 0-based number of the card, in study order.
    is_front: whether it is the question.
    trim: on the page that it is printed on.
    rotated: whether it is upside down on that page.
    strip_on_right: whether the coloured edge of the card, which is on the left of a front, is on
        the right of the trim on this page.
    """

    number: int
    is_front: bool
    trim: Box
    rotated: bool = False
    strip_on_right: bool = False


class Page(Record, frozen=True):
    """One side of one sheet of paper.

    sheet: its 1-based number.
    is_back: whether it is the side that is printed second.
    cards: the sides of cards on it, in study order.
    grid: the pieces that are cut out: cards, or pairs of sides that are folded.
    folds: the lines along which to fold.
    """

    sheet: int
    is_back: bool
    cards: tuple[PlacedCard, ...]
    grid: Grid
    folds: tuple[Line, ...] = ()


def impose(card_count: int, plan: Plan) -> Iterator[Page]:
    """Yield the pages of a deck, each front followed by its back if it has one.

    Empty slots keep their place, so that the last sheet lies in the pile like every other.

    Errors: ValueError for a plan to be folded when no pair fits on the paper.
    """
    if plan.mode is Mode.FOLD:
        yield from _impose_pairs(card_count, plan)
        return
    grid, sheet = plan.card_size.grid, plan.card_size.sheet
    for number, slots in enumerate(_fill_sheets(card_count, grid.slots, plan), start=1):
        fronts = tuple(PlacedCard(card, is_front=True, trim=_trim(grid, slot, plan)) for slot, card in slots)
        yield Page(number, is_back=False, cards=fronts, grid=grid)
        if plan.mode is not Mode.SINGLE:
            backs = tuple(
                PlacedCard(
                    front.number,
                    is_front=False,
                    trim=_box_on_back(front.trim, plan),
                    rotated=plan.rotate_backs,
                    strip_on_right=sheet.turns_like_a_book(plan.flip),
                )
                for front in fronts
            )
            yield Page(number, is_back=True, cards=backs, grid=back_grid(grid, plan))


def back_grid(grid: Grid, plan: Plan) -> Grid:
    """Return the grid of the backs of a grid's slots, moved by the printer's offset."""
    bounds = _box_on_back(grid.bounds, plan)
    return replace(grid, left=bounds.x, top=bounds.y)


def cards_per_sheet(plan: Plan) -> int:
    """Return how many cards fit on a sheet.

    Errors: as `impose`.
    """
    return (_pair_grid(plan)[0] if plan.mode is Mode.FOLD else plan.card_size.grid).slots


def _box_on_back(box: Box, plan: Plan) -> Box:
    return plan.card_size.sheet.mirrored(box, plan.flip).moved(plan.offset_x, plan.offset_y)


def _trim(grid: Grid, slot: int, plan: Plan) -> Box:
    """Return the trim box of a slot; slots are counted as the cards' language is read."""
    column = slot % grid.columns
    return grid.trim(slot + grid.columns - 1 - 2 * column if plan.right_to_left else slot)


def _fill_sheets(cards: int, slots: int, plan: Plan) -> Iterator[list[tuple[int, int]]]:
    """Yield for each sheet its filled slots, each with its card, by ascending card.

    All sheets are full but the first, as far as it is used already, and the last.
    """
    first, used = 0, plan.start_at - 1
    while first < cards:
        sheets = min(-(-(cards - first + used) // slots), 1 if plan.order is Order.ROWS else MAX_PILE)
        empty = max(0, sheets * slots - used - (cards - first))
        pile: list[list[tuple[int, int]]] = [[] for _ in range(sheets)]
        for slot in range(slots):
            is_on_first, is_on_last = slot >= used, slot < slots - empty
            for sheet in range(not is_on_first, sheets - (not is_on_last)):
                pile[sheet].append((slot, first))
                first += 1
        yield from pile
        used = 0


def _pair_grid(plan: Plan) -> tuple[Grid, bool]:
    pairs = pair_grid(plan.card_size)
    if pairs is None:
        raise ValueError("no two of these cards fit beside each other")
    return pairs


def _impose_pairs(card_count: int, plan: Plan) -> Iterator[Page]:
    grid, vertical = _pair_grid(plan)
    # Across a horizontal fold the answer is upside down, so that the folded card turns like a book page.
    rotated = plan.rotate_backs is vertical
    for number, slots in enumerate(_fill_sheets(card_count, grid.slots, plan), start=1):
        cards: list[PlacedCard] = []
        folds: list[Line] = []
        for slot, card in slots:
            front, back, fold = _split_pair(_trim(grid, slot, plan), vertical=vertical)
            if vertical and plan.right_to_left:
                # The coloured edge, which is on the right of the question there, is then not the fold.
                front, back = back, front
            cards.append(PlacedCard(card, is_front=True, trim=front))
            cards.append(
                PlacedCard(card, is_front=False, trim=back, rotated=rotated, strip_on_right=vertical)
            )
            folds.append(fold)
        yield Page(number, is_back=False, cards=tuple(cards), grid=grid, folds=tuple(folds))


def _split_pair(pair: Box, *, vertical: bool) -> tuple[Box, Box, Line]:
    """Return the front and the back of a pair as printed, and the fold between them."""
    if vertical:
        front = replace(pair, width=pair.width / 2)
        return front, front.moved(front.width, 0), Line(front.right, pair.y, front.right, pair.bottom)
    front = replace(pair, height=pair.height / 2)
    return front, front.moved(0, front.height), Line(pair.x, front.bottom, pair.right, front.bottom)
