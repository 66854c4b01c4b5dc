"""Lines that tell where to cut, and the ruler that tells whether the printer kept the size."""

from dataclasses import dataclass, replace
from itertools import pairwise

from cardwright.layout.grid import Grid
from cardwright.layout.plan import ROOM_FOR_MARKS, UNPRINTABLE, Marks, Plan, room_x, room_y
from cardwright.layout.shapes import Box, Line
from cardwright.layout.sheet import Sheet

# Off the trim by what a careful cut may stray; short enough to stay on most printers' paper.
_OFFSET = 1.0
_LENGTH = 2.5
_RULER_LENGTH = 100.0
_RULER_END = 0.9
_RULER_CLEARANCE = 1.5
_WORDS_CLEARANCE = 2.0
_WORDS_HEIGHT = 2.6
_WHITE_ABOVE = 0.5  # within that height
_WORDS_LENGTH = 33.0  # of what is said about the ruler


@dataclass(frozen=True, slots=True)
class Headings:
    """Room in a margin for what sheet this is.

    left, right: for words that begin at the one's left end, and for those that end at the other's
        right end. upright: whether lines run down beside the cards, not across above them.
    """

    left: Box
    right: Box
    upright: bool


@dataclass(frozen=True, slots=True)
class Ruler:
    """A length to hold against a ruler of one's own.

    upright: whether it stands beside the cards, not below them.
    words: where there is room to say what it is for; None when there is none.
    """

    lines: tuple[Line, ...]
    upright: bool
    words: Box | None


def cutting(grid: Grid, plan: Plan, *, back: bool) -> tuple[Line, ...]:
    """The lines that show the cuts of a grid on one side of a sheet.

    grid: as it lies on that side.

    Where crop marks were asked for but would lie where printers have no ink, the cuts
    that they would point at are drawn instead. Lines along a cut are for fronts only: a
    printer shifts the back by a millimetre or so, and a card cut along one line would
    show the other.
    """
    if plan.marks is Marks.NONE:
        return ()
    if plan.marks is Marks.LINES:
        return () if back else hairlines(grid, plan.preset.sheet)
    lines: list[Line] = []
    for upright in (True, False):
        marked = _has_crops(plan, upright=upright)
        drawn = crop_marks(grid) if marked else hairlines(grid, plan.preset.sheet)
        if marked or not back:
            lines += [line for line in drawn if (line.x1 == line.x2) is upright]
    return tuple(lines)


def _has_crops(plan: Plan, *, upright: bool) -> bool:
    """Whether there are crop marks for the upright cuts, or for the level ones."""
    room = (room_y if upright else room_x)(plan.preset, plan.mode)
    return plan.marks is Marks.CROPS and room >= ROOM_FOR_MARKS


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


def hairlines(grid: Grid, sheet: Sheet) -> tuple[Line, ...]:
    """The cuts as lines from end to end; none where the cards end with the paper."""
    bounds = grid.bounds
    upright = [Line(x, bounds.y, x, bounds.bottom) for x in _vertical_cuts(grid)]
    level = [Line(bounds.x, y, bounds.right, y) for y in _horizontal_cuts(grid)]
    edge = _OFFSET / 2
    inside = [line for line in upright if edge < line.x1 < sheet.width - edge]
    return (*inside, *(line for line in level if edge < line.y1 < sheet.height - edge))


def headings(grid: Grid, sheet: Sheet) -> Headings | None:
    """Room above the cards or else left of them, between crop marks; None when printers have no ink there."""
    above = _above(grid, sheet)
    if above is not None:
        return above
    turned = _above(_transposed(grid), _lying(sheet))
    if turned is None:
        return None
    return Headings(_flipped(turned.left), _flipped(turned.right), upright=True)


def ruler(grid: Grid, plan: Plan) -> Ruler | None:
    """100 mm below the cards or beside them, where printers have ink; None when there is no such place.

    A small line stands across both ends. The line is broken where a crop mark stands, so
    that neither hides the other.
    """
    sheet = plan.preset.sheet
    below = _below(grid, sheet, broken=_has_crops(plan, upright=True))
    if below is not None:
        return below
    turned = _below(_transposed(grid), _lying(sheet), broken=_has_crops(plan, upright=False))
    if turned is None:
        return None
    return Ruler(
        tuple(Line(line.y1, line.x1, line.y2, line.x2) for line in turned.lines),
        upright=True,
        words=None if turned.words is None else _flipped(turned.words),
    )


def _above(grid: Grid, sheet: Sheet) -> Headings | None:
    y = grid.bounds.y - _OFFSET - _WORDS_HEIGHT
    if y < UNPRINTABLE - _WHITE_ABOVE:
        return None
    first, last = grid.trim(0), grid.trim(grid.columns - 1)
    start = max(UNPRINTABLE, first.x + _WORDS_CLEARANCE)
    end = min(sheet.width - UNPRINTABLE, last.right - _WORDS_CLEARANCE)
    left, right = first.right - _WORDS_CLEARANCE - start, end - last.x - _WORDS_CLEARANCE
    if grid.columns == 1:
        left, right = 0.55 * left, 0.4 * right
    return Headings(
        Box(start, y, left, _WORDS_HEIGHT), Box(end - right, y, right, _WORDS_HEIGHT), upright=False
    )


def _below(grid: Grid, sheet: Sheet, *, broken: bool) -> Ruler | None:
    bounds = grid.bounds
    y = bounds.bottom + _OFFSET + _LENGTH / 2
    if y + _RULER_END > sheet.height - UNPRINTABLE + 1e-6:
        return None
    cuts = _vertical_cuts(grid) if broken else []
    # In the middle; or further left if that leaves room for the words.
    tried = (bounds.x + (bounds.width - _RULER_LENGTH) / 2, bounds.x + _WORDS_CLEARANCE)
    starts = [_clear_of(cuts, start) for start in tried]
    starts = [start for start in starts if _printable(start, start + _RULER_LENGTH, sheet)]
    if not starts:
        return None
    rooms = {start: _words(start + _RULER_LENGTH, cuts, sheet) for start in starts}
    start = next((start for start in starts if rooms[start] is not None), starts[0])
    end, room = start + _RULER_LENGTH, rooms[start]
    pieces = _between(start, end, [cut for cut in cuts if start < cut < end], _RULER_CLEARANCE)
    ends = [Line(x, y - _RULER_END, x, y + _RULER_END) for x in (start, end)]
    level = [Line(left, y, right, y) for left, right in pieces]
    words = room and Box(room[0], bounds.bottom + _OFFSET, room[1] - room[0], _WORDS_HEIGHT)
    return Ruler((*ends, *level), upright=False, words=words)


def _words(end: float, cuts: list[float], sheet: Sheet) -> tuple[float, float] | None:
    """From where to where words may stand behind a ruler's end: at once, or behind a crop mark."""
    last = sheet.width - UNPRINTABLE
    behind = _between(end, last, [cut for cut in cuts if end < cut < last], _WORDS_CLEARANCE)
    rooms = [(max(left, end + _WORDS_CLEARANCE), right) for left, right in behind]
    return next((room for room in rooms if room[1] - room[0] >= _WORDS_LENGTH), None)


def _clear_of(cuts: list[float], start: float) -> float:
    """Where the ruler begins, near to a place, so that its ends are not taken for crop marks near them."""

    def clear(start: float) -> bool:
        gaps = [abs(cut - end) for cut in cuts for end in (start, start + _RULER_LENGTH)]
        return all(gap < 1e-6 or gap > _RULER_CLEARANCE for gap in gaps)

    steps = (way * step for step in range(20) for way in (1, -1))
    return next((start + step for step in steps if clear(start + step)), start)


def _printable(start: float, end: float, sheet: Sheet) -> bool:
    return start >= UNPRINTABLE and end <= sheet.width - UNPRINTABLE


def _between(start: float, end: float, breaks: list[float], clearance: float) -> list[tuple[float, float]]:
    """The stretches from start to end that keep clear of the breaks."""
    stops = [start, *(edge for one in breaks for edge in (one - clearance, one + clearance)), end]
    return [(left, right) for left, right in list(pairwise(stops))[::2] if left < right]


def _flipped(box: Box) -> Box:
    return Box(box.y, box.x, box.height, box.width)


def _transposed(grid: Grid) -> Grid:
    """Rows as columns."""
    return Grid(
        grid.rows,
        grid.columns,
        grid.top,
        grid.left,
        grid.trim_height,
        grid.trim_width,
        grid.pitch_y,
        grid.pitch_x,
    )


def _lying(sheet: Sheet) -> Sheet:
    return replace(sheet, width=sheet.height, height=sheet.width)


def _vertical_cuts(grid: Grid) -> list[float]:
    trims = [grid.trim(column) for column in range(grid.columns)]
    return sorted({x for trim in trims for x in (trim.x, trim.right)})


def _horizontal_cuts(grid: Grid) -> list[float]:
    trims = [grid.trim(row * grid.columns) for row in range(grid.rows)]
    return sorted({y for trim in trims for y in (trim.y, trim.bottom)})
