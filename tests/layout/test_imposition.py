"""Where each side of each card goes: laws for any grid on any paper, with every choice there is."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.layout.card_geometry import card_geometry
from cardwright.layout.card_sizes import CARD_SIZES, CardSize
from cardwright.layout.geometry import Box, Flip, Grid, Sheet
from cardwright.layout.imposition import MAX_PILE, Page, PlacedCard, back_grid, cards_per_sheet, impose
from cardwright.layout.plan import UNPRINTABLE, Mode, Order, Plan, default_bleed, pair_grid
from cardwright.record import replace
from tests.layout.test_layout import grids

sheets = st.sampled_from([Sheet("", 460, 600), Sheet("", 600, 560)])
card_sizes = st.builds(CardSize, st.just("custom"), sheets, grids()) | st.sampled_from(CARD_SIZES)


@st.composite
def plans(draw: st.DrawFn, *modes: Mode) -> Plan:
    card_size = draw(card_sizes)
    mode = draw(st.sampled_from(modes or list(Mode)))
    if mode is Mode.FOLD and pair_grid(card_size) is None:
        mode = Mode.DUPLEX
    return Plan(
        card_size,
        draw(st.sampled_from(Flip)),
        mode,
        draw(st.sampled_from(Order)),
        draw(st.booleans()),
        offset_x=draw(st.sampled_from([0.0, 1.5, -2.25])),
        offset_y=draw(st.sampled_from([0.0, 0.75, -3.0])),
        right_to_left=draw(st.booleans()),
    )


@st.composite
def plans_for_used_sheets(draw: st.DrawFn, *modes: Mode) -> Plan:
    plan = draw(plans(*modes))
    return replace(plan, start_at=draw(st.integers(1, cards_per_sheet(plan))))


def counts_near(count: int) -> st.SearchStrategy[int]:
    """Draw a number of cards with which a sheet is just full or just not. count: of the cards on a sheet."""
    return st.sampled_from([1, max(1, count - 1), count, count + 1, 2 * count + 3])


def do_not_overlap(first: Box, second: Box) -> bool:
    """Tell whether boxes lie apart, except for what the lengths of card sizes are rounded by."""
    return (
        first.right <= second.x + 0.05
        or second.right <= first.x + 0.05
        or first.bottom <= second.y + 0.05
        or second.bottom <= first.y + 0.05
    )


def sides(pages: list[Page], *, front: bool) -> dict[int, PlacedCard]:
    cards = [card for page in pages for card in page.cards if card.is_front is front]
    assert len({card.number for card in cards}) == len(cards)
    return {card.number: card for card in cards}


def centre(box: Box) -> tuple[float, float]:
    return box.x + box.width / 2, box.y + box.height / 2


@given(plans_for_used_sheets(), st.data())
def test_every_card_is_printed_once_with_all_its_sides(plan: Plan, data: st.DataObject) -> None:
    count = data.draw(counts_near(cards_per_sheet(plan)))
    pages = list(impose(count, plan))

    assert sorted(sides(pages, front=True)) == list(range(count))
    assert sorted(sides(pages, front=False)) == ([] if plan.mode is Mode.SINGLE else list(range(count)))
    sheets = -(-(count + plan.start_at - 1) // cards_per_sheet(plan))
    assert {page.sheet for page in pages} == set(range(1, sheets + 1))


@given(plans_for_used_sheets(Mode.DUPLEX, Mode.SPLIT), st.data())
def test_every_back_lies_behind_its_front(plan: Plan, data: st.DataObject) -> None:
    """Turn the sheet over the chosen edge and hold it to the light; only the printer's shift is left."""
    pages = list(impose(data.draw(counts_near(cards_per_sheet(plan))), plan))
    sheet = plan.card_size.sheet
    is_portrait = sheet.width <= sheet.height

    for front_page, back_page in zip(pages[::2], pages[1::2], strict=True):
        assert (front_page.sheet, front_page.is_back, back_page.is_back) == (back_page.sheet, False, True)
        assert [card.number for card in front_page.cards] == [card.number for card in back_page.cards]
        for front, back in zip(front_page.cards, back_page.cards, strict=True):
            unshifted = back.trim.moved(-plan.offset_x, -plan.offset_y)
            if is_portrait == (plan.flip is Flip.LONG):  # turned like the page of a book
                expected = (sheet.width - front.trim.right, front.trim.y)
            else:
                expected = (front.trim.x, sheet.height - front.trim.bottom)
            assert (unshifted.x, unshifted.y) == pytest.approx(expected)
            assert (back.trim.width, back.trim.height) == (front.trim.width, front.trim.height)
            assert back.rotated is plan.rotate_backs


@given(plans_for_used_sheets(Mode.FOLD), st.data())
def test_a_folded_pair_has_its_sides_back_to_back(plan: Plan, data: st.DataObject) -> None:
    """They mirror each other in the fold; the card turns like the page of a book unless backs are rotated."""
    if plan.mode is not Mode.FOLD:
        return
    pages = list(impose(data.draw(counts_near(cards_per_sheet(plan))), plan))
    fronts, backs = sides(pages, front=True), sides(pages, front=False)
    folds = [fold for page in pages for fold in page.folds]
    order = [card.number for page in pages for card in page.cards if card.is_front]

    for card, fold in zip(order, folds, strict=True):
        front, back = fronts[card].trim, backs[card].trim
        (x, y), back_centre = centre(front), centre(back)
        mirrored = (2 * fold.x1 - x, y) if fold.is_vertical else (x, 2 * fold.y1 - y)
        assert back_centre == pytest.approx(mirrored)
        if fold.is_vertical:
            assert (front.x if plan.right_to_left else front.right) == pytest.approx(fold.x1)
        else:
            assert front.bottom == pytest.approx(fold.y1)
        assert backs[card].rotated is (fold.is_vertical is plan.rotate_backs)


@given(plans_for_used_sheets(), st.data())
def test_nothing_overlaps_and_nothing_leaves_the_paper(plan: Plan, data: st.DataObject) -> None:
    """On either side, in however small a gutter, except for the printer's shift."""
    sheet = plan.card_size.sheet
    for page in impose(data.draw(counts_near(cards_per_sheet(plan))), plan):
        shift = (-plan.offset_x, -plan.offset_y) if page.is_back else (0, 0)
        boxes = [card.trim.moved(*shift) for card in page.cards]
        for index, box in enumerate(boxes):
            assert box.x >= -0.06
            assert box.y >= -0.06
            assert box.right <= sheet.width + 0.06
            assert box.bottom <= sheet.height + 0.06
            assert all(do_not_overlap(box, other) for other in boxes[index + 1 :])


@given(plans_for_used_sheets(), st.data())
def test_every_card_lies_within_a_piece_that_is_cut(plan: Plan, data: st.DataObject) -> None:
    """Also on the back, where the marks must point at the same cuts."""
    for page in impose(data.draw(counts_near(cards_per_sheet(plan))), plan):
        pieces = [page.grid.trim(slot) for slot in range(page.grid.slots)]
        for card in page.cards:
            assert any(
                piece.x - 1e-6 <= card.trim.x
                and piece.y - 1e-6 <= card.trim.y
                and card.trim.right <= piece.right + 1e-6
                and card.trim.bottom <= piece.bottom + 1e-6
                for piece in pieces
            )


@given(plans(Mode.DUPLEX, Mode.FOLD, Mode.SINGLE), st.data())
def test_a_half_empty_sheet_has_its_cards_where_a_full_one_has_them(plan: Plan, data: st.DataObject) -> None:
    """The pile is cut at once, so a card may not move because its neighbours are missing."""
    plan = replace(plan, order=Order.ROWS)
    count = data.draw(st.integers(1, cards_per_sheet(plan)))
    full_pages = list(impose(cards_per_sheet(plan), plan))

    for full, page in zip(full_pages, impose(count, plan), strict=True):
        assert [card for card in full.cards if card.number < count] == list(page.cards)


@given(plans_for_used_sheets(), st.integers(1, 700))
def test_stacks_of_a_cut_pile_are_in_order_when_put_together(plan: Plan, count: int) -> None:
    """Cut through the pile: each slot gives a stack with the top sheet's card on top."""
    plan = replace(plan, order=Order.STACKS)
    fronts = [page for page in impose(count, plan) if not page.is_back]
    order: list[int] = []
    for first in range(0, len(fronts), MAX_PILE):
        stacks: dict[tuple[float, float], list[int]] = defaultdict(list)
        for page in fronts[first : first + MAX_PILE]:
            for card in page.cards:
                if card.is_front:
                    x = -card.trim.x if plan.right_to_left else card.trim.x
                    stacks[card.trim.y, x].append(card.number)
        order += [card for slot in sorted(stacks) for card in stacks[slot]]

    assert order == list(range(count))


@given(plans_for_used_sheets(), st.data())
def test_on_a_used_sheet_the_cards_begin_in_the_cell_that_was_named(plan: Plan, data: st.DataObject) -> None:
    """Counted as one reads; the other sheets are as full as ever, and not one of them is wasted."""
    slots, used = cards_per_sheet(plan), plan.start_at - 1
    count = data.draw(counts_near(slots))
    fronts = [page for page in impose(count, plan) if not page.is_back]

    def cell(page: Page, card: PlacedCard) -> int:
        x, y = centre(card.trim)
        column = int((x - page.grid.left) / page.grid.pitch_x)
        column = page.grid.columns - 1 - column if plan.right_to_left else column
        return int((y - page.grid.top) / page.grid.pitch_y) * page.grid.columns + column + 1

    cells = [[cell(page, card) for card in page.cards if card.is_front] for page in fronts]
    full = [list(range(plan.start_at, slots + 1)), *[list(range(1, slots + 1)) for _ in cells[1:]]]
    assert cells[:-1] == full[:-1]
    assert cells[-1] == full[-1][: len(cells[-1])] != []
    assert len(cells) == -(-(count + used) // slots)
    if plan.order is Order.ROWS:
        numbers = [card.number for page in fronts for card in page.cards if card.is_front]
        assert numbers == list(range(count))


@given(plans(), st.integers(1, 9))
def test_only_the_first_sheet_changes_when_part_of_it_is_used(plan: Plan, more: int) -> None:
    """What follows is printed as if the cards on the first sheet weren't there."""
    plan = replace(plan, order=Order.ROWS)
    slots = cards_per_sheet(plan)
    start_at = 1 + more % slots
    pages = list(impose(slots + more, replace(plan, start_at=start_at)))
    on_first = {card.number for page in pages if page.sheet == 1 for card in page.cards}
    others = [page for page in pages if page.sheet > 1]
    whole = list(impose(slots + more - len(on_first), plan))

    assert [
        [(card.number - len(on_first), card.is_front, card.trim) for card in page.cards] for page in others
    ] == [[(card.number, card.is_front, card.trim) for card in page.cards] for page in whole]


@given(plans(Mode.DUPLEX, Mode.SPLIT))
def test_the_coloured_edge_of_a_back_is_behind_that_of_its_front(plan: Plan) -> None:
    """A shuffled pile shows its topics at one edge."""
    front_page, back_page = impose(1, plan)
    (front,), (back,) = front_page.cards, back_page.cards
    edge = Box(front.trim.x, front.trim.y, 1, front.trim.height)
    mirrored = plan.card_size.sheet.mirrored(edge, plan.flip)

    assert not front.strip_on_right
    assert back.strip_on_right is (mirrored.x + plan.offset_x > centre(back.trim)[0])


@given(grids())
def test_the_back_of_a_grid_has_its_slots_where_the_backs_are(grid: Grid) -> None:
    """Slot for slot, though in another order."""
    plan = Plan(CardSize("custom", Sheet("", 460, 600), grid), offset_x=1, offset_y=-2)
    mirrored = back_grid(grid, plan)
    backs = [card.trim for page in impose(grid.slots, plan) if page.is_back for card in page.cards]

    for slot in range(grid.slots):
        trim = mirrored.trim(slot)
        assert any((trim.x, trim.y) == pytest.approx((back.x, back.y)) for back in backs)


def test_no_cards_need_no_paper() -> None:
    assert all(list(impose(0, Plan(CARD_SIZES[0], mode=mode))) == [] for mode in Mode)


@given(plans(), st.data())
def test_text_and_colour_of_every_card_are_printable(plan: Plan, data: st.DataObject) -> None:
    """Also of pairs to be folded; except for the printer's shift, and for colour beyond the cut."""
    sheet = plan.card_size.sheet
    bleed = default_bleed(plan.card_size, plan.mode)
    plan = replace(plan, offset_x=0, offset_y=0, bleed=data.draw(st.sampled_from([0.0, bleed])))
    geometry = card_geometry(plan)
    for page in impose(data.draw(counts_near(cards_per_sheet(plan))), plan):
        for card in page.cards:
            trim = card.trim
            assert trim.x + geometry.padding_x >= UNPRINTABLE - 0.06
            assert trim.y + geometry.padding_y >= UNPRINTABLE - 0.06
            assert trim.right - geometry.padding_x <= sheet.width - UNPRINTABLE + 0.06
            assert trim.bottom - geometry.padding_y <= sheet.height - UNPRINTABLE + 0.06
            edge = trim.right - geometry.blank_x if card.strip_on_right else trim.x + geometry.blank_x
            assert UNPRINTABLE - 0.06 <= edge <= sheet.width - UNPRINTABLE + 0.06
