"""Cards that are printed on one side and folded: each pair of question and answer is one piece of paper."""

from dataclasses import replace

from cardwright.layout.card_sizes import CardSize
from cardwright.layout.grid import Grid
from cardwright.layout.shapes import Box, Line


def folded(preset: CardSize) -> tuple[Grid, bool] | None:
    """The grid of pairs that a preset's cards make, and whether the fold is upright.

    An upright fold has the answer to the right of the question, a level one below it. Of
    both, the one with more pairs on a sheet is taken; the pairs lie in the middle of the
    paper, no nearer to its edge than the preset's own cards.

    Returns None when no pair fits.
    """
    best: tuple[Grid, bool] | None = None
    for upright in (True, False):
        grid = _pairs(preset, 2 if upright else 1, 1 if upright else 2)
        if grid is not None and (best is None or grid.slots > best[0].slots):
            best = grid, upright
    return best


def halves(pair: Box, *, upright: bool) -> tuple[Box, Box]:
    """The front and the back of a pair, as printed."""
    if upright:
        front = replace(pair, width=pair.width / 2)
        return front, front.moved(front.width, 0)
    front = replace(pair, height=pair.height / 2)
    return front, front.moved(0, front.height)


def fold(pair: Box, *, upright: bool) -> Line:
    """Where a pair is folded."""
    if upright:
        middle = pair.x + pair.width / 2
        return Line(middle, pair.y, middle, pair.bottom)
    middle = pair.y + pair.height / 2
    return Line(pair.x, middle, pair.right, middle)


def _pairs(preset: CardSize, across: int, down: int) -> Grid | None:
    """across, down: how many cards wide and high a pair is."""
    own, sheet = preset.grid, preset.sheet
    width, height = across * own.trim_width, down * own.trim_height
    gutter_x, gutter_y = max(0.0, own.gutter_x), max(0.0, own.gutter_y)
    columns = _fit(sheet.width - 2 * preset.margin_x, width, gutter_x)
    rows = _fit(sheet.height - 2 * preset.margin_y, height, gutter_y)
    if min(columns, rows) < 1:
        # Index cards lie in wide margins, in which there is room for a second half.
        columns = columns or _fit(sheet.width, width, gutter_x)
        rows = rows or _fit(sheet.height, height, gutter_y)
    if min(columns, rows) < 1:
        return None
    all_width = columns * width + (columns - 1) * gutter_x
    all_height = rows * height + (rows - 1) * gutter_y
    return Grid(
        columns,
        rows,
        (sheet.width - all_width) / 2,
        (sheet.height - all_height) / 2,
        width,
        height,
        width + gutter_x,
        height + gutter_y,
    )


def _fit(room: float, size: float, gutter: float) -> int:
    """How many pieces of a size fit into a room."""
    return int((room + gutter + 0.01) / (size + gutter))
