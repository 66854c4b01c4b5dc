"""Lines that tell where to cut, and the ruler that tells whether the printer kept the size."""

from builder.layout.grid import Grid
from builder.layout.shapes import Line

# Off the trim by what a careful cut may stray; short enough to stay on most printers' paper.
_OFFSET = 1.0
_LENGTH = 2.5
_RULER_LENGTH = 100.0
_RULER_END = 0.9
_RULER_CLEARANCE = 1.5


def crop_marks(grid: Grid) -> tuple[Line, ...]:
    """Short lines outside the grid, in line with every cut; none of them touches a card."""
    bounds = grid.bounds
    above = bounds.y - _OFFSET
    below = bounds.bottom + _OFFSET
    before = bounds.x - _OFFSET
    behind = bounds.right + _OFFSET
    upright = [Line(x, y, x, y + _LENGTH) for x in _vertical_cuts(grid) for y in (above - _LENGTH, below)]
    level = [Line(x, y, x + _LENGTH, y) for y in _horizontal_cuts(grid) for x in (before - _LENGTH, behind)]
    return (*upright, *level)


def hairlines(grid: Grid) -> tuple[Line, ...]:
    """The cuts between cards as lines from end to end, for grids that leave no margin.

    For fronts only: a printer shifts the back by a millimetre or so, and a card
    cut along one line would show the other.
    """
    bounds = grid.bounds
    upright = [Line(x, bounds.y, x, bounds.bottom) for x in _vertical_cuts(grid)]
    level = [Line(bounds.x, y, bounds.right, y) for y in _horizontal_cuts(grid)]
    inside = [line for line in upright if bounds.x < line.x1 < bounds.right]
    return (*inside, *(line for line in level if bounds.y < line.y1 < bounds.bottom))


def ruler(grid: Grid) -> tuple[Line, ...]:
    """100 mm below the cards, with a small upright line at both ends.

    The line is broken where a crop mark stands, so that neither hides the other.
    """
    start = grid.bounds.x + (grid.bounds.width - _RULER_LENGTH) / 2
    end = start + _RULER_LENGTH
    y = grid.bounds.bottom + _OFFSET + _LENGTH / 2
    ends = [Line(x, y - _RULER_END, x, y + _RULER_END) for x in (start, end)]
    level = []
    for cut in _vertical_cuts(grid):
        if start < cut < end:
            if cut - _RULER_CLEARANCE > start:
                level.append(Line(start, y, cut - _RULER_CLEARANCE, y))
            start = cut + _RULER_CLEARANCE
    if start < end:
        level.append(Line(start, y, end, y))
    return (*ends, *level)


def _vertical_cuts(grid: Grid) -> list[float]:
    trims = [grid.trim(column) for column in range(grid.columns)]
    return sorted({x for trim in trims for x in (trim.x, trim.right)})


def _horizontal_cuts(grid: Grid) -> list[float]:
    trims = [grid.trim(row * grid.columns) for row in range(grid.rows)]
    return sorted({y for trim in trims for y in (trim.y, trim.bottom)})
