"""Grids, imposition, marks: laws for any grid, and presets with numbers a printer would recognise."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.layout.card_geometry import card_geometry
from cardwright.layout.card_sizes import CARD_SIZES, CardSize, find_card_sizes
from cardwright.layout.geometry import Box, Grid, Line, Sheet
from cardwright.layout.layout_problems import card_size_problems, plan_problems
from cardwright.layout.marks import caption_boxes, crop_marks, cut_lines, hairlines, ruler
from cardwright.layout.plan import (
    UNPRINTABLE,
    Marks,
    Mode,
    Plan,
    cut_grid,
    default_bleed,
    default_marks,
    default_mode,
)

each_preset = pytest.mark.parametrize("preset", CARD_SIZES, ids=lambda one: f"{one.sheet.name}-{one.name}")


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


def _touches(line: Line, box: Box) -> bool:
    """Whether a line has a point inside a box; one along its edge has none."""
    return (
        line.x1 < box.right
        and box.x < max(line.x2, line.x1 + 1e-9)
        and line.y1 < box.bottom
        and box.y < max(line.y2, line.y1 + 1e-9)
    )


@given(grids())
def test_crop_marks_point_at_every_cut_and_touch_no_card(grid: Grid) -> None:
    """A mark on a card would stay on it; a cut without two marks cannot be made."""
    marks = crop_marks(grid)
    trims = [grid.trim(slot) for slot in range(grid.slots)]

    assert not any(_touches(mark, trim) for mark in marks for trim in trims)
    for trim in trims:
        for x in (trim.x, trim.right):
            assert sum(mark.x1 == mark.x2 == x for mark in marks) >= 2
        for y in (trim.y, trim.bottom):
            assert sum(mark.y1 == mark.y2 == y for mark in marks) >= 2


@given(grids())
def test_hairlines_run_along_every_cut_but_the_edge_of_the_paper(grid: Grid) -> None:
    """Where the cards end with the paper nothing is cut, and no printer draws there."""
    grid = replace(grid, left=grid.left + 5, top=grid.top + 5)
    bounds = grid.bounds
    roomy = hairlines(grid, Sheet("", 600, 700))
    tight = hairlines(replace(grid, left=0, top=0), Sheet("", bounds.width, bounds.height))
    trims = [grid.trim(slot) for slot in range(grid.slots)]

    assert {line.x1 for line in roomy if line.x1 == line.x2} == {x for t in trims for x in (t.x, t.right)}
    assert {line.y1 for line in roomy if line.y1 == line.y2} == {y for t in trims for y in (t.y, t.bottom)}
    for line in tight:
        assert 0 < line.x1 < bounds.width or 0 < line.y1 < bounds.height


@given(grids(), st.sampled_from([Marks.CROPS, Marks.LINES]), st.floats(0, 20), st.floats(0, 20))
def test_every_cut_is_shown_once_where_printers_have_ink(
    grid: Grid, marks: Marks, beside: float, above: float
) -> None:
    """By crop marks of which a millimetre shows at least, or by a line; and by no line on the back."""
    grid = replace(grid, left=beside, top=above)
    bounds = grid.bounds
    sheet = Sheet("", bounds.right + beside, bounds.bottom + above)
    plan = Plan(CardSize("own", sheet, grid), marks=marks)
    lines = cut_lines(grid, plan, back=False)
    printable = Box(UNPRINTABLE, UNPRINTABLE, sheet.width - 2 * UNPRINTABLE, sheet.height - 2 * UNPRINTABLE)
    trims = [grid.trim(slot) for slot in range(grid.slots)]

    for x in {x for trim in trims for x in (trim.x, trim.right) if 0.5 < x < sheet.width - 0.5}:
        there = [line for line in lines if line.x1 == line.x2 == x]
        assert len(there) in (1, 2)
        assert all(min(line.y2, printable.bottom) - max(line.y1, printable.y) >= 0.99 for line in there)
    for y in {y for trim in trims for y in (trim.y, trim.bottom) if 0.5 < y < sheet.height - 0.5}:
        there = [line for line in lines if line.y1 == line.y2 == y]
        assert len(there) in (1, 2)
        assert all(min(line.x2, printable.right) - max(line.x1, printable.x) >= 0.99 for line in there)
    behind = cut_lines(grid, plan, back=True)
    assert not any(_touches(line, trim) for line in behind for trim in trims)
    assert set(behind) <= set(crop_marks(grid))


def _plan(preset: CardSize) -> Plan:
    """What a preset gets when nobody chooses anything else."""
    mode = default_mode(preset)
    return Plan(preset, mode=mode, marks=default_marks(preset, mode), bleed=default_bleed(preset, mode))


@each_preset
def test_presets_fit_their_paper_with_what_they_usually_want(preset: CardSize) -> None:
    """Cards that hang over the edge would be cut off by the printer, and so would marks."""
    assert list(card_size_problems(preset)) == []
    assert list(plan_problems(_plan(preset))) == []


@each_preset
def test_presets_keep_away_from_where_printers_have_no_ink(preset: CardSize) -> None:
    """Cards that reach the edge of the paper keep text and colour as far from every trim."""
    shape = card_geometry(_plan(preset))

    assert preset.margin_x + shape.blank_x >= 6.35 - 1e-9
    assert preset.margin_y + shape.blank_y >= 6.35 - 1e-9
    assert preset.margin_x + shape.padding_x >= 6.35 - 1e-9
    assert preset.margin_y + shape.padding_y >= 6.35 - 1e-9
    assert min(shape.padding_x, shape.padding_y) >= 5
    if preset.name == "a7-safe":
        assert min(preset.margin_x, preset.margin_y) >= 8


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
    """Numbers to hold against a ruler."""
    (preset,) = (one for one in find_card_sizes(card) if one.sheet.name == paper)

    assert (preset.grid.trim_width, preset.grid.trim_height) == pytest.approx((width, height))
    assert preset.grid.slots == slots


def test_a_name_means_one_size_on_each_paper() -> None:
    """So that `card` and `paper` together say which, and neither is needed twice."""
    for name in {name for one in CARD_SIZES for name in (one.name, *one.aliases)}:
        papers = [one.sheet.name for one in find_card_sizes(name)]
        assert len(papers) == len(set(papers))
        assert len({one.name for one in find_card_sizes(name)}) == 1


@pytest.mark.parametrize("mode", list(Mode))
@each_preset
def test_the_ruler_is_100_mm_long_where_it_can_be_printed_and_read(preset: CardSize, mode: Mode) -> None:
    """
    It tells whether the printer scaled the page. It keeps clear of cards and of crop marks, and of
    the white edge, where half a ruler would say that the page was made smaller.
    """
    plan = replace(_plan(preset), mode=mode, marks=default_marks(preset, mode))
    grid, sheet = cut_grid(preset, mode), preset.sheet
    assert grid is not None
    found = ruler(grid, plan)
    if found is None:
        beside = max(sheet.width - grid.bounds.right, sheet.height - grid.bounds.bottom)
        assert beside < 9.5
        return
    ends = [line for line in found.lines if (line.x1 == line.x2) is not found.vertical]
    at = sorted(line.y1 if found.vertical else line.x1 for line in ends)

    assert at[-1] - at[0] == pytest.approx(100)
    assert len(at) == 2
    assert found.caption_box is not None
    for line in found.lines:
        around = Box(line.x1 - 0.5, line.y1 - 0.5, line.x2 - line.x1 + 1, line.y2 - line.y1 + 1)
        assert not any(_touches(mark, around) for mark in cut_lines(grid, plan, back=False))
    drawn = [Box(line.x1, line.y1, line.x2 - line.x1, line.y2 - line.y1) for line in found.lines]
    for box, white in [*((box, 6.35) for box in drawn), (found.caption_box, 5.9)]:
        assert min(box.x, box.y) >= white - 1e-6
        assert box.right <= sheet.width - white + 1e-6
        assert box.bottom <= sheet.height - white + 1e-6
        assert not any(_touches(_diagonal(box), grid.trim(slot)) for slot in range(grid.slots))
        assert not any(_touches(mark, box) for mark in cut_lines(grid, plan, back=False))


def _diagonal(box: Box) -> Line:
    return Line(box.x, box.y, box.right, box.bottom)


def test_letter_poker_cards_have_the_ruler_beside_them() -> None:
    """
    A quarter of an inch above and below is where printers have no ink; half an inch at the sides has room.
    """
    (preset,) = (one for one in find_card_sizes("letter-poker"))
    plan = _plan(preset)
    found = ruler(preset.grid, plan)

    assert plan.marks is Marks.CROPS
    assert found is not None
    assert found.vertical
    # Level cuts have marks in the side margins; upright ones, which would have theirs in the white, lines.
    front, back = (cut_lines(preset.grid, plan, back=back) for back in (False, True))
    assert {round(line.y2 - line.y1, 2) for line in front if line.x1 == line.x2} == {266.7}
    assert {round(line.x2 - line.x1, 2) for line in front if line.y1 == line.y2} == {2.5}
    assert [line for line in back if line.x1 == line.x2] == []


def test_a_ruler_as_long_as_the_cards_are_wide_is_whole() -> None:
    """A cut at its end does not interrupt it."""
    grid = Grid(1, 1, 10, 10, 100, 50, 100, 50)
    found = ruler(grid, Plan(CardSize("own", Sheet("", 120, 70), grid)))

    assert found is not None
    assert [(line.x1, line.x2) for line in found.lines if line.x1 != line.x2] == [(10, 110)]


@pytest.mark.parametrize("mode", list(Mode))
@each_preset
def test_headings_stand_in_a_margin_with_ink_clear_of_marks_and_cards(preset: CardSize, mode: Mode) -> None:
    """Which sheet this is, is read when the pile fell on the floor."""
    plan = replace(_plan(preset), mode=mode, marks=default_marks(preset, mode))
    grid = cut_grid(preset, mode)
    assert grid is not None
    room = caption_boxes(grid, preset.sheet)
    if room is None:
        assert max(grid.left, grid.top) < 9.5
        return
    assert not _touches(_diagonal(room.left), room.right)
    for box in (room.left, room.right):
        assert min(box.x, box.y) >= 5.85  # the letters begin half a millimetre below
        assert max(box.width, box.height) >= 15
        assert not any(_touches(_diagonal(box), grid.trim(slot)) for slot in range(grid.slots))
        assert not any(_touches(mark, box) for mark in cut_lines(grid, plan, back=False))
