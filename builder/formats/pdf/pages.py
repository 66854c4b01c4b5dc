"""The pages of a deck: where each side, each strip of colour and each line lies. All in mm."""

from collections.abc import Sequence

from builder.formats.pdf.nodes import Json
from builder.layout import marks
from builder.layout.grid import Grid
from builder.layout.imposition import behind, impose, turned
from builder.layout.preset import Cut, Preset
from builder.layout.shapes import Box

_STRIP = 2.4
_GAP = 5.0
_NOTE_HEIGHT = 2.6
_CLEAR = 2.0  # of crop marks, for what is written between them
# Told apart by eye, and in grey too: their lightness (L* of CIELAB) lies between 22 and 81, at least
# 7 apart, and far apart for those that follow each other.
COLOURS = (
    "#1e4b75", "#e9a73e", "#2a8273", "#9cd0f2", "#572044", "#8c8696", "#a13f27", "#98a543",
)  # fmt: skip
_RULER_NOTE = "100 mm: if not, turn off “fit to page”"


def pages(topics: Sequence[str], preset: Preset, deck_name: str) -> list[Json]:
    """Fronts and backs by turns: what a printer wants for duplex on the long edge.

    topics: of each card, in study order; each gets a colour by first appearance.
    Sides are meant by number: card k's front is 2k, its back 2k + 1.
    """
    sheets = list(impose(len(topics), preset.grid, preset.sheet))
    names = list(dict.fromkeys(topics))
    made: list[Json] = []
    for number, places in enumerate(sheets, start=1):
        strips = [
            coloured
            for place in places
            for coloured in strip(place.front, preset, names.index(topics[place.card]))
        ]
        where = f"sheet {number} of {len(sheets)}"
        made.append(
            {
                "sides": [_text(2 * place.card, place.front, preset) for place in places],
                "strips": [_coloured(box, colour) for box, colour in strips],
                "lines": _lines(preset.grid, preset, front=True),
                "notes": _notes(preset, deck_name, f"{where}, front", front=True),
            }
        )
        made.append(
            {
                "sides": [_text(2 * place.card + 1, place.back, preset) for place in places],
                "strips": [_coloured(turned(box, preset.sheet), colour) for box, colour in strips],
                "lines": _lines(behind(preset.grid, preset.sheet), preset, front=False),
                "notes": _notes(preset, deck_name, f"{where}, back", front=False),
            }
        )
    return made


def strip(trim: Box, preset: Preset, topic: int) -> list[tuple[Box, str]]:
    """The coloured edge of a front; the back's lies behind it, so a pile shows it at one edge only.

    topic: 0-based. When colours run out they come again, the strip cut once more each time.
    """
    again, colour = divmod(topic, len(COLOURS))
    over = preset.bleed - preset.quiet
    height = (trim.height + 2 * over - again * _GAP) / (again + 1)
    return [
        (
            Box(trim.x - over, trim.y - over + piece * (height + _GAP), _STRIP + preset.bleed, height),
            COLOURS[colour],
        )
        for piece in range(again + 1)
    ]


def _text(side: int, trim: Box, preset: Preset) -> Json:
    return [side, _mm(trim.x + preset.padding_x), _mm(trim.y + preset.padding_y)]


def _coloured(box: Box, colour: str) -> Json:
    return [_mm(box.x), _mm(box.y), _mm(box.width), _mm(box.height), colour]


def _lines(grid: Grid, preset: Preset, *, front: bool) -> list[Json]:
    if preset.cut is Cut.CROP_MARKS:
        lines = marks.crop_marks(grid) + (marks.ruler(grid) if front else ())
    else:
        lines = marks.hairlines(grid) if front else ()
    return [[_mm(line.x1), _mm(line.y1), _mm(line.x2), _mm(line.y2)] for line in lines]


def _notes(preset: Preset, deck_name: str, where: str, *, front: bool) -> list[Json]:
    """What is written in the margin, between the crop marks: deck, sheet, and what the ruler is for."""
    if preset.cut is not Cut.CROP_MARKS:
        return []
    grid = preset.grid
    first, last = grid.trim(0), grid.trim(grid.columns - 1)
    above = grid.bounds.y - _NOTE_HEIGHT - _CLEAR / 2
    notes = [
        _note(first.x + _CLEAR, above, first.width - 2 * _CLEAR, deck_name, right=False),
        _note(last.x + _CLEAR, above, last.width - 2 * _CLEAR, where, right=True),
    ]
    if front:
        end = max(line.x2 for line in marks.ruler(grid)) + _CLEAR
        below = grid.bounds.bottom + _CLEAR / 2
        notes.append(_note(end, below, last.right - _CLEAR - end, _RULER_NOTE, right=False))
    return notes


def _note(x: float, y: float, width: float, words: str, *, right: bool) -> Json:
    return {"x": _mm(x), "y": _mm(y), "width": _mm(width), "words": words, "right": right}


def _mm(length: float) -> float:
    """To a thousandth of a millimetre, so that rounding errors of sums do not show in the file."""
    return round(length, 3)
