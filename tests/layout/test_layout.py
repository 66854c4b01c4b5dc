"""Grids, marks and captions: laws for any grid, and card sizes with numbers a printer would recognise."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.layout.card_geometry import card_geometry
from cardwright.layout.card_sizes import CARD_SIZES, CardSize, Material, find_card_sizes
from cardwright.layout.geometry import Box, Grid, Line, Sheet
from cardwright.layout.layout_problems import card_size_problems, plan_problems
from cardwright.layout.marks import caption_boxes, crop_marks, cut_lines, hairlines, ruler
from cardwright.layout.plan import (
    UNPRINTABLE,
    Marks,
    Mode,
    Order,
    Plan,
    cut_grid,
    default_bleed,
    default_marks,
    default_mode,
)
from cardwright.record import replace
from tests.support.print_decks import each_card_size


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    width, height = draw(st.floats(30, 70)), draw(st.floats(30, 80))
    gutter_x, gutter_y = (draw(st.sampled_from([0.0, 2.0, 5.5])) for _ in "xy")
    return Grid(
        columns=draw(st.integers(1, 5)),
        rows=draw(st.integers(1, 6)),
        left=draw(st.floats(0, 30)),
        top=draw(st.floats(0, 30)),
        trim_width=width,
        trim_height=height,
        pitch_x=width + gutter_x,
        pitch_y=height + gutter_y,
    )


def crosses(line: Line, box: Box) -> bool:
    """Tell whether a line has a point inside a box; a line along its edge has none."""
    inside_x = line.x1 < box.right - 1e-6 and box.x + 1e-6 < line.x2
    return inside_x and line.y1 < box.bottom - 1e-6 and box.y + 1e-6 < line.y2


def is_near(first: float, second: float) -> bool:
    """Tell whether two lengths are the same but for a rounding error."""
    return abs(first - second) < 1e-5


def all_trims(grid: Grid) -> list[Box]:
    return [grid.trim(slot) for slot in range(grid.slots)]


def diagonal(box: Box) -> Line:
    return Line(box.x, box.y, box.right, box.bottom)


def default_plan(card_size: CardSize, mode: Mode | None = None) -> Plan:
    mode = mode or default_mode(card_size)
    marks, bleed = default_marks(card_size, mode, Order.ROWS), default_bleed(card_size, mode)
    return Plan(card_size, mode=mode, marks=marks, bleed=bleed)


@given(grids())
def test_crop_marks_point_at_every_cut_and_touch_no_card(grid: Grid) -> None:
    """A mark on a card would stay on it; a cut without two marks cannot be made."""
    marks, trims = crop_marks(grid), all_trims(grid)

    assert not any(crosses(mark, trim) for mark in marks for trim in trims)
    for trim in trims:
        for x in (trim.x, trim.right):
            assert sum(mark.is_vertical and is_near(mark.x1, x) for mark in marks) == 2
        for y in (trim.y, trim.bottom):
            assert sum(not mark.is_vertical and is_near(mark.y1, y) for mark in marks) == 2


@given(grids())
def test_hairlines_run_along_every_cut_except_the_edge_of_the_paper(grid: Grid) -> None:
    grid = replace(grid, left=grid.left + 5, top=grid.top + 5)
    bounds, trims = grid.bounds, all_trims(grid)
    with_margins = hairlines(grid, Sheet("", 600, 700))
    without_margins = hairlines(replace(grid, left=0, top=0), Sheet("", bounds.width, bounds.height))

    for trim in trims:
        for x in (trim.x, trim.right):
            assert sum(line.is_vertical and is_near(line.x1, x) for line in with_margins) == 1
        for y in (trim.y, trim.bottom):
            assert sum(not line.is_vertical and is_near(line.y1, y) for line in with_margins) == 1
    for line in without_margins:
        assert 0 < line.x1 < bounds.width or 0 < line.y1 < bounds.height


@given(grids(), st.sampled_from([Marks.CROPS, Marks.LINES]), st.floats(0, 20), st.floats(0, 20))
def test_every_cut_is_shown_within_the_printable_area(
    grid: Grid, marks: Marks, margin_x: float, margin_y: float
) -> None:
    """By crop marks of which at least a millimetre shows, or by a line; by no line on the back."""
    grid = replace(grid, left=margin_x, top=margin_y)
    bounds, trims = grid.bounds, all_trims(grid)
    sheet = Sheet("", bounds.right + margin_x, bounds.bottom + margin_y)
    plan = Plan(CardSize("custom", sheet, grid), marks=marks)
    lines = cut_lines(grid, plan, back=False)
    printable = Box(UNPRINTABLE, UNPRINTABLE, sheet.width - 2 * UNPRINTABLE, sheet.height - 2 * UNPRINTABLE)

    for x in {x for trim in trims for x in (trim.x, trim.right) if 0.5 < x < sheet.width - 0.5}:
        cut_marks = [line for line in lines if line.is_vertical and is_near(line.x1, x)]
        assert len(cut_marks) in (1, 2)
        assert all(min(line.y2, printable.bottom) - max(line.y1, printable.y) >= 0.99 for line in cut_marks)
    for y in {y for trim in trims for y in (trim.y, trim.bottom) if 0.5 < y < sheet.height - 0.5}:
        cut_marks = [line for line in lines if not line.is_vertical and is_near(line.y1, y)]
        assert len(cut_marks) in (1, 2)
        assert all(min(line.x2, printable.right) - max(line.x1, printable.x) >= 0.99 for line in cut_marks)
    back_lines = cut_lines(grid, plan, back=True)
    assert not any(crosses(line, trim) for line in back_lines for trim in trims)
    assert set(back_lines) <= set(crop_marks(grid))


@given(grids(), st.sampled_from([0.0, 0.5, 1.0, 2.75]))
def test_scissors_cut_once_where_colour_fills_the_gutter(grid: Grid, bleed: float) -> None:
    """Nothing white stays on a card, no line is left on it, and all cards are of one size."""
    grid = replace(grid, left=grid.left + 5, top=grid.top + 5)
    plan = Plan(CardSize("custom", Sheet("", 600, 700), grid), marks=Marks.LINES, bleed=bleed)
    lines = cut_lines(grid, plan, back=False)
    directions = (
        (
            grid.gutter_x,
            grid.columns,
            [line.x1 for line in lines if line.is_vertical],
            grid.left,
            grid.trim_width,
        ),
        (
            grid.gutter_y,
            grid.rows,
            [line.y1 for line in lines if not line.is_vertical],
            grid.top,
            grid.trim_height,
        ),
    )

    for gutter, count, cuts, start, size in directions:
        cuts_once = count == 1 or gutter <= 2 * bleed + 1e-6
        pieces = list(pairwise(sorted(cuts)))[:: 1 if cuts_once else 2]
        assert len(pieces) == count
        for index, (first, last) in enumerate(pieces):
            trim = start + index * (size + gutter)
            assert first - 1e-6 <= trim <= first + bleed + 1e-6
            assert last - bleed - 1e-6 <= trim + size <= last + 1e-6
            assert is_near(last - first, pieces[0][1] - pieces[0][0])
    assert cut_lines(grid, plan, back=True) == ()


@each_card_size
def test_plain_paper_has_lines_for_scissors_and_marks_for_a_guillotine(card_size: CardSize) -> None:
    """Both are taken for the cuts of other material, which is cut already."""
    by_hand, in_piles = (default_marks(card_size, Mode.DUPLEX, order) for order in (Order.ROWS, Order.STACKS))
    margin = max(card_size.sheet.margins(card_size.grid.bounds))

    if card_size.material is not Material.PLAIN:
        assert by_hand is in_piles is Marks.NONE
    else:
        assert by_hand is Marks.LINES
        assert in_piles is (Marks.CROPS if margin >= 8.35 else Marks.LINES)


@each_card_size
def test_card_sizes_fit_their_paper_with_their_default_plan(card_size: CardSize) -> None:
    assert list(card_size_problems(card_size)) == []
    assert list(plan_problems(default_plan(card_size))) == []


@each_card_size
def test_text_and_colour_of_every_card_size_are_printable(card_size: CardSize) -> None:
    """Cards that reach the edge of the paper keep text and colour as far from every trim."""
    geometry = card_geometry(default_plan(card_size))
    margin_x, margin_y = card_size.sheet.margins(card_size.grid.bounds)

    assert margin_x + min(geometry.blank_x, geometry.padding_x) >= 6.35 - 1e-9
    assert margin_y + min(geometry.blank_y, geometry.padding_y) >= 6.35 - 1e-9
    assert min(geometry.padding_x, geometry.padding_y) >= 5
    if card_size.name == "a7-safe":
        assert min(margin_x, margin_y) >= 8


@pytest.mark.parametrize(
    ("card", "paper", "width", "height", "slots"),
    [
        ("a5", "a4", 210, 148.5, 2),
        ("a6", "a4", 105, 148.5, 4),
        ("a7", "a4", 105, 74.25, 8),
        ("a7", "letter", 4.25 * 25.4, 2.75 * 25.4, 8),
        ("a7-safe", "a4", 95, 68, 8),
        ("a7-safe", "letter", 95, 63.5, 8),
        ("a8", "a4", 52.5, 74.25, 16),
        ("poker", "letter", 63.5, 88.9, 9),
        ("index-3x5", "a4", 127, 76.2, 3),
        ("avery-8371", "letter", 88.9, 50.8, 10),
    ],
)
def test_the_sizes_of_the_cards(card: str, paper: str, width: float, height: float, slots: int) -> None:
    """Numbers to compare with a ruler."""
    (card_size,) = (size for size in find_card_sizes(card) if size.sheet.name == paper)

    assert (card_size.grid.trim_width, card_size.grid.trim_height) == pytest.approx((width, height))
    assert card_size.grid.slots == slots


def test_a_name_means_one_size_on_each_paper() -> None:
    """So that `card` and `paper` together say which."""
    for name in {name for size in CARD_SIZES for name in (size.name, *size.aliases)}:
        papers = [size.sheet.name for size in find_card_sizes(name)]
        assert len(papers) == len(set(papers))
        assert len({size.name for size in find_card_sizes(name)}) == 1


@pytest.mark.parametrize("mode", list(Mode))
@each_card_size
def test_the_ruler_is_100_mm_long_where_it_can_be_printed_and_read(card_size: CardSize, mode: Mode) -> None:
    """It keeps clear of cards, crop marks, and the white edge, where half a ruler would look too short."""
    plan = default_plan(card_size, mode)
    grid, sheet = cut_grid(card_size, mode), card_size.sheet
    assert grid is not None
    drawn = ruler(grid, plan)
    if drawn is None:
        margin = max(sheet.width - grid.bounds.right, sheet.height - grid.bounds.bottom)
        assert margin < 9.5
        return
    ticks = [line for line in drawn.lines if line.is_vertical is not drawn.vertical]
    ends = sorted(line.y1 if drawn.vertical else line.x1 for line in ticks)

    assert ends[-1] - ends[0] == pytest.approx(100)
    assert len(ends) == 2
    assert drawn.caption_box is not None
    for line in drawn.lines:
        clear_box = Box(line.x1 - 0.3, line.y1 - 0.3, line.x2 - line.x1 + 0.6, line.y2 - line.y1 + 0.6)
        assert not any(crosses(mark, clear_box) for mark in cut_lines(grid, plan, back=False))
    boxes = [Box(line.x1, line.y1, line.x2 - line.x1, line.y2 - line.y1) for line in drawn.lines]
    for box, white in [*((box, 6.35) for box in boxes), (drawn.caption_box, 5.9)]:
        assert min(box.x, box.y) >= white - 1e-6
        assert box.right <= sheet.width - white + 1e-6
        assert box.bottom <= sheet.height - white + 1e-6
        assert not any(crosses(diagonal(box), trim) for trim in all_trims(grid))
        assert not any(crosses(mark, box) for mark in cut_lines(grid, plan, back=False))


def test_letter_poker_cards_have_the_ruler_beside_them() -> None:
    """Only the margins at the sides reach into the printable area."""
    (card_size,) = find_card_sizes("letter-poker")
    plan = replace(default_plan(card_size), marks=Marks.CROPS)
    drawn = ruler(card_size.grid, plan)

    assert drawn is not None
    assert drawn.vertical
    # Horizontal cuts have crop marks in the side margins; vertical cuts are drawn as lines instead.
    front, back = (cut_lines(card_size.grid, plan, back=back) for back in (False, True))
    assert {round(line.y2 - line.y1, 2) for line in front if line.is_vertical} == {266.7}
    assert {round(line.x2 - line.x1, 2) for line in front if not line.is_vertical} == {2.5}
    assert [line for line in back if line.is_vertical] == []


def test_a_cut_at_the_end_of_the_ruler_does_not_interrupt_it() -> None:
    grid = Grid(1, 1, 10, 10, 100, 50, 100, 50)
    drawn = ruler(grid, Plan(CardSize("custom", Sheet("", 120, 70), grid)))

    assert drawn is not None
    assert [(line.x1, line.x2) for line in drawn.lines if line.x1 != line.x2] == [(10, 110)]


@pytest.mark.parametrize("mode", list(Mode))
@each_card_size
def test_captions_are_printable_and_clear_of_marks_and_cards(card_size: CardSize, mode: Mode) -> None:
    plan, grid = default_plan(card_size, mode), cut_grid(card_size, mode)
    assert grid is not None
    boxes = caption_boxes(grid, card_size.sheet)
    if boxes is None:
        assert max(grid.left, grid.top) < 9.5
        return
    assert not crosses(diagonal(boxes.left), boxes.right)
    for box in (boxes.left, boxes.right):
        assert min(box.x, box.y) >= 5.85  # the letters begin half a millimetre below
        assert max(box.width, box.height) >= 15
        assert not any(crosses(diagonal(box), trim) for trim in all_trims(grid))
        assert not any(crosses(mark, box) for mark in cut_lines(grid, plan, back=False))
