"""Lines that show where to cut, a ruler to check the printed size with, and room for captions."""

import math
from itertools import pairwise

from cardwright.layout.geometry import Box, Grid, Line, Sheet
from cardwright.layout.plan import CROP_MARK_MARGIN, UNPRINTABLE, Marks, Plan, cut_margins
from cardwright.record import Record, replace

# All lengths are in mm. The gap keeps crop marks off cards that are cut inexactly.
_GAP = 1.0
_MARK_LENGTH = 2.5
_RULER_LENGTH = 100.0
_RULER_TICK = 0.9  # to each side of the ruler, at both of its ends
_RULER_CLEARANCE = 1.5
_CAPTION_CLEARANCE = 2.0
_CAPTION_HEIGHT = 2.6
_WHITE_ABOVE_CAPTION = 0.5  # within that height
_RULER_CAPTION_LENGTH = 33.0


class CaptionBoxes(Record, frozen=True):
    """Two boxes in the margin for captions about the sheet.

    left, right: the caption in the left box begins at its left end; that in the right box ends at
        its right end.
    vertical: whether captions run down beside the cards, instead of across above them.
    """

    left: Box
    right: Box
    vertical: bool


class Ruler(Record, frozen=True):
    """A line of known length, to be measured by the user.

    vertical: whether it stands beside the cards, instead of below them.
    caption_box: the room for the text that explains it; None when there is none.
    """

    lines: tuple[Line, ...]
    vertical: bool
    caption_box: Box | None


def cut_lines(grid: Grid, plan: Plan, *, back: bool) -> tuple[Line, ...]:
    """Return the lines that show the cuts of a grid on one side of a sheet.

    grid: as it lies on that side.

    Where crop marks would lie outside the printable area, the cuts that they point at are drawn
    instead. Lines along a cut are only for fronts: a printer shifts the back by a millimetre or
    so, and a card cut along one line would show the other.
    """
    if plan.marks is Marks.NONE:
        return ()
    if plan.marks is Marks.LINES:
        return () if back else hairlines(scissor_grid(grid, plan.bleed), plan.card_size.sheet)
    lines: list[Line] = []
    for vertical in (True, False):
        has_crop_marks = _has_crop_marks(plan, vertical=vertical)
        candidates = crop_marks(grid) if has_crop_marks else hairlines(grid, plan.card_size.sheet)
        if has_crop_marks or not back:
            lines += [line for line in candidates if line.is_vertical is vertical]
    return tuple(lines)


def scissor_grid(grid: Grid, bleed: float) -> Grid:
    """Return the pieces that scissors cut: across a gutter that colour fills, one cut in its middle will do.

    The cards around which there is no such gutter are cut along their trims.
    """
    pad_x, pad_y = (
        gutter / 2 if count > 1 and gutter / 2 <= bleed + 1e-6 else 0.0
        for count, gutter in ((grid.columns, grid.gutter_x), (grid.rows, grid.gutter_y))
    )
    return replace(
        grid,
        left=grid.left - pad_x,
        top=grid.top - pad_y,
        trim_width=grid.trim_width + 2 * pad_x,
        trim_height=grid.trim_height + 2 * pad_y,
    )


def _has_crop_marks(plan: Plan, *, vertical: bool) -> bool:
    """Tell whether vertical cuts, or horizontal ones, have crop marks."""
    margin_x, margin_y = cut_margins(plan.card_size, plan.mode)
    return plan.marks is Marks.CROPS and (margin_y if vertical else margin_x) >= CROP_MARK_MARGIN


def crop_marks(grid: Grid) -> tuple[Line, ...]:
    """Return short lines outside the grid, in line with every cut; none of them touches a card."""
    bounds = grid.bounds
    starts_y = (bounds.y - _GAP - _MARK_LENGTH, bounds.bottom + _GAP)
    starts_x = (bounds.x - _GAP - _MARK_LENGTH, bounds.right + _GAP)
    vertical = [Line(x, y, x, y + _MARK_LENGTH) for x in _vertical_cuts(grid) for y in starts_y]
    horizontal = [Line(x, y, x + _MARK_LENGTH, y) for y in _horizontal_cuts(grid) for x in starts_x]
    return (*vertical, *horizontal)


def hairlines(grid: Grid, sheet: Sheet) -> tuple[Line, ...]:
    """Return the cuts as lines from end to end, except those along the edge of the paper."""
    bounds = grid.bounds
    vertical = [Line(x, bounds.y, x, bounds.bottom) for x in _vertical_cuts(grid)]
    horizontal = [Line(bounds.x, y, bounds.right, y) for y in _horizontal_cuts(grid)]
    edge = _GAP / 2
    inner = [line for line in vertical if edge < line.x1 < sheet.width - edge]
    return (*inner, *(line for line in horizontal if edge < line.y1 < sheet.height - edge))


def caption_boxes(grid: Grid, sheet: Sheet) -> CaptionBoxes | None:
    """Find room between the crop marks, above the cards or else left of them.

    Returns None when neither margin reaches into the printable area.
    """
    boxes = _boxes_above(grid, sheet)
    if boxes is not None:
        return boxes
    boxes = _boxes_above(_transpose_grid(grid), _transpose_sheet(sheet))
    if boxes is None:
        return None
    return CaptionBoxes(_transpose_box(boxes.left), _transpose_box(boxes.right), vertical=True)


def ruler(grid: Grid, plan: Plan) -> Ruler | None:
    """Return a ruler of 100 mm below the cards or else beside them, within the printable area.

    It has a tick at both ends. The ruler and crop marks must not hide each other, so it is
    interrupted at each mark. Returns None when there is no room for it.
    """
    sheet = plan.card_size.sheet
    below = _ruler_below(grid, sheet, interrupted=_has_crop_marks(plan, vertical=True))
    if below is not None:
        return below
    interrupted = _has_crop_marks(plan, vertical=False)
    beside = _ruler_below(_transpose_grid(grid), _transpose_sheet(sheet), interrupted=interrupted)
    if beside is None:
        return None
    return Ruler(
        tuple(Line(line.y1, line.x1, line.y2, line.x2) for line in beside.lines),
        vertical=True,
        caption_box=None if beside.caption_box is None else _transpose_box(beside.caption_box),
    )


def _boxes_above(grid: Grid, sheet: Sheet) -> CaptionBoxes | None:
    y = grid.bounds.y - _GAP - _CAPTION_HEIGHT
    if y < UNPRINTABLE - _WHITE_ABOVE_CAPTION:
        return None
    first, last = grid.trim(0), grid.trim(grid.columns - 1)
    start = max(UNPRINTABLE, first.x + _CAPTION_CLEARANCE)
    end = min(sheet.width - UNPRINTABLE, last.right - _CAPTION_CLEARANCE)
    left, right = first.right - _CAPTION_CLEARANCE - start, end - last.x - _CAPTION_CLEARANCE
    if grid.columns == 1:
        left, right = 0.55 * left, 0.4 * right
    return CaptionBoxes(
        Box(start, y, left, _CAPTION_HEIGHT), Box(end - right, y, right, _CAPTION_HEIGHT), vertical=False
    )


def _ruler_below(grid: Grid, sheet: Sheet, *, interrupted: bool) -> Ruler | None:
    bounds = grid.bounds
    y = bounds.bottom + _GAP + _MARK_LENGTH / 2
    if y + _RULER_TICK > sheet.height - UNPRINTABLE + 1e-6:
        return None
    cuts = _vertical_cuts(grid) if interrupted else []
    # In the middle; or further left if that leaves room for the caption.
    preferred = (bounds.x + (bounds.width - _RULER_LENGTH) / 2, bounds.x + _CAPTION_CLEARANCE)
    starts = [_avoid_cuts(cuts, start) for start in preferred]
    last_end = sheet.width - UNPRINTABLE
    starts = [start for start in starts if start >= UNPRINTABLE and start + _RULER_LENGTH <= last_end]
    if not starts:
        return None
    captions = {start: _caption_after(start + _RULER_LENGTH, cuts, sheet) for start in starts}
    start = next((start for start in starts if captions[start] is not None), starts[0])
    end, caption = start + _RULER_LENGTH, captions[start]
    pieces = _gaps_between(start, end, [cut for cut in cuts if start < cut < end], _RULER_CLEARANCE)
    ticks = [Line(x, y - _RULER_TICK, x, y + _RULER_TICK) for x in (start, end)]
    horizontal = [Line(left, y, right, y) for left, right in pieces]
    box = caption and Box(caption[0], bounds.bottom + _GAP, caption[1] - caption[0], _CAPTION_HEIGHT)
    return Ruler((*ticks, *horizontal), vertical=False, caption_box=box)


def _caption_after(end: float, cuts: list[float], sheet: Sheet) -> tuple[float, float] | None:
    """Return where a caption after a ruler's end begins and ends, if need be after a crop mark."""
    last = sheet.width - UNPRINTABLE
    gaps = _gaps_between(end, last, [cut for cut in cuts if end < cut < last], _CAPTION_CLEARANCE)
    ranges = [(max(left, end + _CAPTION_CLEARANCE), right) for left, right in gaps]
    return next(((left, right) for left, right in ranges if right - left >= _RULER_CAPTION_LENGTH), None)


def _avoid_cuts(cuts: list[float], preferred: float) -> float:
    """Find the nearest start of a ruler whose ends cannot be mistaken for crop marks near them."""

    def is_clear(start: float) -> bool:
        distances = [abs(cut - end) for cut in cuts for end in (start, start + _RULER_LENGTH)]
        return all(distance < 1e-6 or distance > _RULER_CLEARANCE for distance in distances)

    steps = (sign * step for step in range(20) for sign in (1, -1))
    return next((preferred + step for step in steps if is_clear(preferred + step)), preferred)


def _gaps_between(start: float, end: float, cuts: list[float], clearance: float) -> list[tuple[float, float]]:
    """Return the parts of a line from start to end that keep clear of the cuts."""
    stops = [start, *(edge for cut in cuts for edge in (cut - clearance, cut + clearance)), end]
    return [(left, right) for left, right in list(pairwise(stops))[::2] if left < right]


def _transpose_box(box: Box) -> Box:
    return Box(box.y, box.x, box.height, box.width)


def _transpose_grid(grid: Grid) -> Grid:
    trim_and_pitch = (grid.trim_height, grid.trim_width, grid.pitch_y, grid.pitch_x)
    return Grid(grid.rows, grid.columns, grid.top, grid.left, *trim_and_pitch)


def _transpose_sheet(sheet: Sheet) -> Sheet:
    return replace(sheet, width=sheet.height, height=sheet.width)


def _vertical_cuts(grid: Grid) -> list[float]:
    trims = [grid.trim(column) for column in range(grid.columns)]
    edges = sorted({x for trim in trims for x in (trim.x, trim.right)})
    # The edges of neighbours without a gutter between them may differ by a rounding error.
    return [x for x, before in zip(edges, [-math.inf, *edges], strict=False) if x - before > 1e-6]


def _horizontal_cuts(grid: Grid) -> list[float]:
    return _vertical_cuts(_transpose_grid(grid))
