"""Grids, imposition, marks: laws for any grid, and presets with numbers a printer would recognise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.layout.grid import Grid
from builder.layout.imposition import behind, impose, turned
from builder.layout.marks import crop_marks, hairlines, ruler
from builder.layout.preset import CARD_SIZES, PAPERS, PRESETS, Cut, Preset, find
from builder.layout.shapes import Box, Line
from builder.layout.sheet import Sheet

WIDE = Sheet("wide", 400, 600)
grids = st.builds(
    Grid,
    columns=st.integers(1, 5),
    rows=st.integers(1, 6),
    left=st.floats(5, 30),
    top=st.floats(5, 30),
    trim_width=st.floats(20, 70),
    trim_height=st.floats(20, 80),
    gutter=st.sampled_from([0.0, 2.0, 5.5]),
)
each_preset = pytest.mark.parametrize("preset", PRESETS, ids=lambda one: f"{one.sheet.name}-{one.card}")


def _apart(one: Box, other: Box) -> bool:
    return (
        one.right <= other.x + 1e-9
        or other.right <= one.x + 1e-9
        or one.bottom <= other.y + 1e-9
        or other.bottom <= one.y + 1e-9
    )


def _touches(line: Line, box: Box) -> bool:
    """Whether a line has a point inside a box; one along its edge has none."""
    return (
        line.x1 < box.right
        and box.x < max(line.x2, line.x1 + 1e-9)
        and line.y1 < box.bottom
        and box.y < max(line.y2, line.y1 + 1e-9)
    )


@given(grids, st.data())
def test_every_card_is_printed_once_and_its_back_lies_exactly_behind_its_front(
    grid: Grid, data: st.DataObject
) -> None:
    """
    Hold the sheet to the light: each back covers its own front, on full sheets and on the last one.
    """
    cards = data.draw(st.integers(1, 3 * grid.slots + 2))
    sheets = list(impose(cards, grid, WIDE))

    assert [place.card for sheet in sheets for place in sheet] == list(range(cards))
    for sheet in sheets:
        assert len(sheet) <= grid.slots
        for place in sheet:
            assert place.back.x + place.front.right == pytest.approx(WIDE.width)
            assert (place.back.y, place.back.height) == (place.front.y, place.front.height)


@given(grids)
def test_no_two_cards_of_a_sheet_overlap(grid: Grid) -> None:
    """
    Neither on the front nor on the back, in however small a gutter.
    """
    (places,) = impose(grid.slots, grid, WIDE)
    for side in ([place.front for place in places], [place.back for place in places]):
        for number, box in enumerate(side):
            assert all(_apart(box, other) for other in side[number + 1 :])


@given(grids, st.data())
def test_a_last_sheet_half_empty_keeps_its_cards_where_a_full_one_has_them(
    grid: Grid, data: st.DataObject
) -> None:
    """
    The pile is cut at once, so a card may not move because its neighbours are missing.
    """
    cards = data.draw(st.integers(1, grid.slots))
    (full,) = impose(grid.slots, grid, WIDE)
    (some,) = impose(cards, grid, WIDE)

    assert some == full[:cards]


@given(grids)
def test_the_grid_behind_a_grid_holds_the_backs(grid: Grid) -> None:
    """
    Marks on the back are drawn for that grid, and must hit the same cuts.
    """
    back = behind(grid, WIDE)
    mirrored = [turned(grid.trim(slot), WIDE) for slot in range(grid.slots)]

    for slot in range(grid.slots):
        trim = back.trim(slot)
        assert any(trim.x == pytest.approx(one.x) and trim.y == one.y for one in mirrored)


def test_no_cards_need_no_paper() -> None:
    """
    A deck whose cards are all kept off paper is no mistake.
    """
    assert list(impose(0, PRESETS[0].grid, PRESETS[0].sheet)) == []


@given(grids)
def test_crop_marks_point_at_every_cut_and_touch_no_card(grid: Grid) -> None:
    """
    A mark on a card would stay on it; a cut without two marks cannot be made.
    """
    marks = crop_marks(grid)
    trims = [grid.trim(slot) for slot in range(grid.slots)]

    assert not any(_touches(mark, trim) for mark in marks for trim in trims)
    for trim in trims:
        for x in (trim.x, trim.right):
            assert sum(mark.x1 == mark.x2 == x for mark in marks) >= 2
        for y in (trim.y, trim.bottom):
            assert sum(mark.y1 == mark.y2 == y for mark in marks) >= 2


@given(grids)
def test_hairlines_run_between_cards_never_along_the_edge(grid: Grid) -> None:
    """
    The edge of the grid is the edge of the paper there, where no printer draws.
    """
    bounds = grid.bounds
    for line in hairlines(grid):
        assert bounds.x < line.x1 < bounds.right or bounds.y < line.y1 < bounds.bottom


@each_preset
def test_presets_fit_their_paper(preset: Preset) -> None:
    """
    Cards that hang over the edge would be cut off by the printer.
    """
    bounds = preset.grid.bounds

    assert min(bounds.x, bounds.y) >= 0
    assert bounds.right <= preset.sheet.width + 1e-9
    assert bounds.bottom <= preset.sheet.height + 1e-9
    assert preset.padding_x >= 5
    assert preset.padding_y >= 5


@each_preset
def test_presets_keep_away_from_where_printers_have_no_ink(preset: Preset) -> None:
    """
    Safe cards lie 8 mm inside the paper; cards that fill it keep text and colour as far from every trim.
    """
    bounds, sheet = preset.grid.bounds, preset.sheet
    margin = min(bounds.x, bounds.y, sheet.width - bounds.right, sheet.height - bounds.bottom)

    assert margin + preset.quiet >= 6.35
    assert margin + min(preset.padding_x, preset.padding_y) >= 6.35
    if preset.card == "a7-safe":
        assert margin >= 8


def test_the_sizes_of_the_cards() -> None:
    """
    Numbers to hold against a ruler. A7 is 105 by 74 mm; US Letter in eight is 4.25 by 2.75 inches.
    """
    sizes = {(one.sheet.name, one.card): (one.grid.trim_width, one.grid.trim_height) for one in PRESETS}

    assert sizes == {
        ("a4", "a7-safe"): (95, 68),
        ("letter", "a7-safe"): (95, 63.5),
        ("a4", "a7"): (105, 74.25),
        ("letter", "a7"): (pytest.approx(4.25 * 25.4), pytest.approx(2.75 * 25.4)),
    }


def test_every_paper_takes_every_card_size() -> None:
    """
    The author chooses them independently.
    """
    assert len(PRESETS) == len(PAPERS) * len(CARD_SIZES)
    assert all(find(paper, card).card == card for paper in PAPERS for card in CARD_SIZES)


@each_preset
def test_the_ruler_is_100_mm_long_and_leaves_the_crop_marks_alone(preset: Preset) -> None:
    """
    It tells whether the printer scaled the page, so it has to be right and to be read.
    """
    if preset.cut is not Cut.CROP_MARKS:
        return
    lines = ruler(preset.grid)
    marks = [mark for mark in crop_marks(preset.grid) if mark.x1 == mark.x2]
    ends = [line.x1 for line in lines if line.x1 == line.x2]

    assert max(ends) - min(ends) == pytest.approx(100)
    assert min(line.x1 for line in lines) == min(ends)
    assert max(line.x2 for line in lines) == max(ends)
    assert not any(line.x1 - 1 < mark.x1 < line.x2 + 1 for line in lines for mark in marks)
    assert max(line.y2 for line in lines) <= preset.sheet.height - 6


def test_a_ruler_as_long_as_the_cards_are_wide_is_whole() -> None:
    """
    A cut at its end does not interrupt it.
    """
    lines = ruler(Grid(1, 1, left=10, top=10, trim_width=100, trim_height=50))

    assert [(line.x1, line.x2) for line in lines if line.x1 != line.x2] == [(10, 110)]
