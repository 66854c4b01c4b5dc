"""Where each side of each card goes: laws for any grid on any paper, with every choice there is."""

from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.layout.card_geometry import card_geometry
from cardwright.layout.card_sizes import CARD_SIZES, CardSize
from cardwright.layout.geometry import Box, Flip, Grid, Sheet
from cardwright.layout.imposition import MAX_PILE, Page, PlacedCard, back_grid, cards_per_sheet, impose
from cardwright.layout.plan import UNPRINTABLE, Mode, Order, Plan, default_bleed, pair_grid
from tests.layout.test_layout import grids

papers = st.sampled_from([Sheet("", 460, 600), Sheet("", 600, 560)])
presets = st.builds(CardSize, st.just("own"), papers, grids()) | st.sampled_from(CARD_SIZES)


@st.composite
def plans(draw: st.DrawFn, *modes: Mode) -> Plan:
    preset = draw(presets)
    mode = draw(st.sampled_from(modes or list(Mode)))
    if mode is Mode.FOLD and pair_grid(preset) is None:
        mode = Mode.DUPLEX
    return Plan(
        preset,
        draw(st.sampled_from(Flip)),
        mode,
        draw(st.sampled_from(Order)),
        draw(st.booleans()),
        offset_x=draw(st.sampled_from([0.0, 1.5, -2.25])),
        offset_y=draw(st.sampled_from([0.0, 0.75, -3.0])),
    )


def _around(count: int) -> st.SearchStrategy[int]:
    """Numbers of cards at which a sheet, or a second one, is just full or just not."""
    return st.sampled_from([1, max(1, count - 1), count, count + 1, 2 * count + 3])


def _apart(one: Box, other: Box) -> bool:
    """But for what lengths of presets are rounded to."""
    return (
        one.right <= other.x + 0.05
        or other.right <= one.x + 0.05
        or one.bottom <= other.y + 0.05
        or other.bottom <= one.y + 0.05
    )


def _sides(pages: list[Page], *, front: bool) -> dict[int, PlacedCard]:
    placed = [one for page in pages for one in page.cards if one.is_front is front]
    assert len({one.card for one in placed}) == len(placed)
    return {one.card: one for one in placed}


def _centre(box: Box) -> tuple[float, float]:
    return box.x + box.width / 2, box.y + box.height / 2


@given(plans(), st.data())
def test_every_card_is_printed_once_with_all_its_sides(plan: Plan, data: st.DataObject) -> None:
    """Questions alone where the backs stay white, and both sides everywhere else."""
    cards = data.draw(_around(cards_per_sheet(plan)))
    pages = list(impose(cards, plan))

    assert sorted(_sides(pages, front=True)) == list(range(cards))
    assert sorted(_sides(pages, front=False)) == ([] if plan.mode is Mode.SINGLE else list(range(cards)))
    assert {page.sheet for page in pages} == set(range(1, -(-cards // cards_per_sheet(plan)) + 1))


@given(plans(Mode.DUPLEX, Mode.SPLIT), st.data())
def test_every_back_lies_behind_its_front(plan: Plan, data: st.DataObject) -> None:
    """
    Turn the sheet over the chosen edge and hold it to the light: apart from what the printer shifts,
    each back covers its own front, on full sheets and on the last one.
    """
    pages = list(impose(data.draw(_around(cards_per_sheet(plan))), plan))
    sheet = plan.card_size.sheet
    upright = sheet.width <= sheet.height

    for front, back in zip(pages[::2], pages[1::2], strict=True):
        assert (front.sheet, front.is_back, back.is_back) == (back.sheet, False, True)
        assert [one.card for one in front.cards] == [one.card for one in back.cards]
        for there, here in zip(front.cards, back.cards, strict=True):
            shifted = here.trim.moved(-plan.offset_x, -plan.offset_y)
            if upright == (plan.flip is Flip.LONG):  # turned like the page of a book
                expected = (sheet.width - there.trim.right, there.trim.y)
            else:
                expected = (there.trim.x, sheet.height - there.trim.bottom)
            assert (shifted.x, shifted.y) == pytest.approx(expected)
            assert (here.trim.width, here.trim.height) == (there.trim.width, there.trim.height)
            assert here.rotated is plan.rotate_backs


@given(plans(Mode.FOLD), st.data())
def test_a_folded_pair_has_its_sides_back_to_back(plan: Plan, data: st.DataObject) -> None:
    """
    The fold lies between the two, which are mirror images of each other in it; the answer stands so
    that a card is turned like the page of a book, unless it was asked for otherwise.
    """
    if plan.mode is not Mode.FOLD:
        return
    pages = list(impose(data.draw(_around(cards_per_sheet(plan))), plan))
    fronts, backs = _sides(pages, front=True), _sides(pages, front=False)
    lines = [line for page in pages for line in page.folds]
    order = [one.card for page in pages for one in page.cards if one.is_front]

    for card, line in zip(order, lines, strict=True):
        front, back = fronts[card].trim, backs[card].trim
        upright = line.x1 == line.x2
        (x, y), (back_x, back_y) = _centre(front), _centre(back)
        mirrored = (2 * line.x1 - x, y) if upright else (x, 2 * line.y1 - y)
        assert (back_x, back_y) == pytest.approx(mirrored)
        assert (front.right if upright else front.bottom) == pytest.approx(line.x1 if upright else line.y1)
        assert backs[card].rotated is (upright is plan.rotate_backs)


@given(plans(), st.data())
def test_nothing_overlaps_and_nothing_leaves_the_paper(plan: Plan, data: st.DataObject) -> None:
    """Neither on the front nor on the back, in however small a gutter; but for what the printer shifts."""
    sheet = plan.card_size.sheet
    for page in impose(data.draw(_around(cards_per_sheet(plan))), plan):
        moved = (-plan.offset_x, -plan.offset_y) if page.is_back else (0, 0)
        boxes = [one.trim.moved(*moved) for one in page.cards]
        for number, box in enumerate(boxes):
            assert box.x >= -0.06
            assert box.y >= -0.06
            assert box.right <= sheet.width + 0.06
            assert box.bottom <= sheet.height + 0.06
            assert all(_apart(box, other) for other in boxes[number + 1 :])


@given(plans(), st.data())
def test_what_marks_are_drawn_for_is_what_is_cut(plan: Plan, data: st.DataObject) -> None:
    """Also on the back, where the marks must hit the same cuts."""
    for page in impose(data.draw(_around(cards_per_sheet(plan))), plan):
        pieces = [page.grid.trim(slot) for slot in range(page.grid.slots)]
        for one in page.cards:
            assert any(
                piece.x - 1e-6 <= one.trim.x
                and piece.y - 1e-6 <= one.trim.y
                and one.trim.right <= piece.right + 1e-6
                and one.trim.bottom <= piece.bottom + 1e-6
                for piece in pieces
            )


@given(plans(Mode.DUPLEX, Mode.FOLD, Mode.SINGLE), st.data())
def test_a_last_sheet_half_empty_keeps_its_cards_where_a_full_one_has_them(
    plan: Plan, data: st.DataObject
) -> None:
    """The pile is cut at once, so a card may not move because its neighbours are missing."""
    plan = Plan(plan.card_size, plan.flip, plan.mode)
    cards = data.draw(st.integers(1, cards_per_sheet(plan)))
    full = [one.cards for one in impose(cards_per_sheet(plan), plan)]
    some = [one.cards for one in impose(cards, plan)]

    for all_of_them, those in zip(full, some, strict=True):
        assert [one for one in all_of_them if one.card < cards] == list(those)


@given(plans(), st.integers(1, 700))
def test_stacks_of_a_cut_pile_are_in_order_when_put_on_each_other(plan: Plan, cards: int) -> None:
    """Cut through the pile: each slot gives a stack with the top sheet's card on top."""
    plan = Plan(plan.card_size, plan.flip, plan.mode, Order.STACKS)
    fronts = [page for page in impose(cards, plan) if not page.is_back]
    read: list[int] = []
    for first in range(0, len(fronts), MAX_PILE):
        stacks: dict[tuple[float, float], list[int]] = defaultdict(list)
        for page in fronts[first : first + MAX_PILE]:
            for one in page.cards:
                if one.is_front:
                    stacks[one.trim.y, one.trim.x].append(one.card)
        read += [card for place in sorted(stacks) for card in stacks[place]]

    assert read == list(range(cards))


@given(plans(Mode.DUPLEX, Mode.SPLIT))
def test_the_coloured_edge_of_a_back_is_behind_that_of_its_front(plan: Plan) -> None:
    """A shuffled pile shows its topics at one edge."""
    front, back = impose(1, plan)
    (there,), (here,) = front.cards, back.cards
    sheet = plan.card_size.sheet

    for one, page in ((there, front), (here, back)):
        edge = one.trim.right if one.strip_on_right else one.trim.x
        assert edge in (one.trim.x, one.trim.right), page
    turned = sheet.mirrored(Box(there.trim.x, there.trim.y, 1, there.trim.height), plan.flip)
    on_right = turned.x + plan.offset_x > here.trim.x + here.trim.width / 2
    assert here.strip_on_right is on_right


@given(grids())
def test_the_grid_behind_a_grid_is_that_of_the_backs(grid: Grid) -> None:
    """Slot for slot, though in another order."""
    plan = Plan(CardSize("own", Sheet("", 460, 600), grid), offset_x=1, offset_y=-2)
    mirrored = back_grid(grid, plan)
    backs = [one.trim for page in impose(grid.slots, plan) if page.is_back for one in page.cards]

    for slot in range(grid.slots):
        trim = mirrored.trim(slot)
        assert any((trim.x, trim.y) == pytest.approx((one.x, one.y)) for one in backs)


def test_no_cards_need_no_paper() -> None:
    """A deck whose cards are all kept off paper is no mistake."""
    assert all(list(impose(0, Plan(CARD_SIZES[0], mode=mode))) == [] for mode in Mode)


@given(plans(), st.data())
def test_text_and_colour_of_every_card_lie_where_printers_have_ink(plan: Plan, data: st.DataObject) -> None:
    """
    On any paper, also of pairs to be folded that lie elsewhere than single cards; but for what the
    printer shifts, and for colour beyond the cut.
    """
    sheet = plan.card_size.sheet
    bleed = default_bleed(plan.card_size, plan.mode)
    plan = replace(plan, offset_x=0, offset_y=0, bleed=data.draw(st.sampled_from([0.0, bleed])))
    shape = card_geometry(plan)
    for page in impose(data.draw(_around(cards_per_sheet(plan))), plan):
        for one in page.cards:
            trim = one.trim
            assert trim.x + shape.padding_x >= UNPRINTABLE - 0.06
            assert trim.y + shape.padding_y >= UNPRINTABLE - 0.06
            assert trim.right - shape.padding_x <= sheet.width - UNPRINTABLE + 0.06
            assert trim.bottom - shape.padding_y <= sheet.height - UNPRINTABLE + 0.06
            edge = trim.right - shape.blank_x if one.strip_on_right else trim.x + shape.blank_x
            assert UNPRINTABLE - 0.06 <= edge <= sheet.width - UNPRINTABLE + 0.06
