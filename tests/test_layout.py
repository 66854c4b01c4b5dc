"""Grids, imposition, marks: laws for any grid, and presets with numbers a printer would recognise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.layout.face import face
from builder.layout.grid import Grid
from builder.layout.marks import crop_marks, hairlines, ruler
from builder.layout.plan import Marks, Mode, Plan, misfits, refusals, usual_bleed, usual_marks, usual_mode
from builder.layout.preset import PRESETS, Preset, named
from builder.layout.shapes import Box, Line

each_preset = pytest.mark.parametrize("preset", PRESETS, ids=lambda one: f"{one.sheet.name}-{one.name}")


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    width, height = draw(st.floats(30, 70)), draw(st.floats(30, 80))
    gutter_x, gutter_y = (draw(st.sampled_from([0.0, 2.0, 5.5])) for _ in "xy")
    return Grid(
        columns=draw(st.integers(1, 5)),
        rows=draw(st.integers(1, 6)),
        left=draw(st.floats(5, 30)),
        top=draw(st.floats(5, 30)),
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


@given(grids())
def test_hairlines_run_between_cards_never_along_the_edge(grid: Grid) -> None:
    """
    The edge of the grid is the edge of the paper there, where no printer draws.
    """
    bounds = grid.bounds
    for line in hairlines(grid):
        assert bounds.x < line.x1 < bounds.right or bounds.y < line.y1 < bounds.bottom


def _plan(preset: Preset) -> Plan:
    """What a preset gets when nobody chooses anything else."""
    mode = usual_mode(preset)
    return Plan(preset, mode=mode, marks=usual_marks(preset, mode), bleed=usual_bleed(preset, mode))


@each_preset
def test_presets_fit_their_paper_with_what_they_usually_want(preset: Preset) -> None:
    """
    Cards that hang over the edge would be cut off by the printer, and so would marks.
    """
    assert list(misfits(preset)) == []
    assert list(refusals(_plan(preset))) == []


@each_preset
def test_presets_keep_away_from_where_printers_have_no_ink(preset: Preset) -> None:
    """
    Cards that reach the edge of the paper keep text and colour as far from every trim.
    """
    shape = face(_plan(preset))

    assert preset.margin_x + shape.quiet_x >= 6.35
    assert preset.margin_y + shape.quiet_y >= 6.35
    assert preset.margin_x + shape.padding_x >= 6.35
    assert preset.margin_y + shape.padding_y >= 6.35
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
    """
    Numbers to hold against a ruler.
    """
    (preset,) = (one for one in named(card) if one.sheet.name == paper)

    assert (preset.grid.trim_width, preset.grid.trim_height) == pytest.approx((width, height))
    assert preset.grid.slots == slots


def test_a_name_means_one_size_on_each_paper() -> None:
    """
    So that `card` and `paper` together say which, and neither is needed twice.
    """
    for name in {name for one in PRESETS for name in (one.name, *one.aliases)}:
        papers = [one.sheet.name for one in named(name)]
        assert len(papers) == len(set(papers))
        assert len({one.name for one in named(name)}) == 1


@each_preset
def test_the_ruler_is_100_mm_long_and_leaves_the_crop_marks_alone(preset: Preset) -> None:
    """
    It tells whether the printer scaled the page, so it has to be right and to be read.
    """
    if usual_marks(preset, Mode.DUPLEX) is not Marks.CROPS:
        return
    lines = ruler(preset.grid)
    marks = [mark for mark in crop_marks(preset.grid) if mark.x1 == mark.x2]
    ends = [line.x1 for line in lines if line.x1 == line.x2]

    assert max(ends) - min(ends) == pytest.approx(100)
    assert min(line.x1 for line in lines) == min(ends)
    assert max(line.x2 for line in lines) == max(ends)
    assert not any(line.x1 - 1 < mark.x1 < line.x2 + 1 for line in lines for mark in marks)
    assert max(line.y2 for line in lines) <= preset.sheet.height - min(6, preset.margin_y - 3.5)


def test_a_ruler_as_long_as_the_cards_are_wide_is_whole() -> None:
    """
    A cut at its end does not interrupt it.
    """
    lines = ruler(Grid(1, 1, 10, 10, 100, 50, 100, 50))

    assert [(line.x1, line.x2) for line in lines if line.x1 != line.x2] == [(10, 110)]
