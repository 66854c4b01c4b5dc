"""Card sizes that go well on each paper."""

from dataclasses import dataclass
from enum import Enum

from builder.layout.grid import Grid
from builder.layout.shapes import INCH
from builder.layout.sheet import A4, LETTER, Sheet


class Cut(Enum):
    """How a sheet shows where to cut: in its margins, or by lines along the cuts where it has none."""

    CROP_MARKS = "crop marks"
    HAIRLINES = "hairlines"


@dataclass(frozen=True, slots=True)
class Preset:
    """A way to fill a sheet with cards.

    card: what the author writes behind `card:`.
    bleed: in mm, how far colour runs over the trim, so that a cut that strays shows no white.
    quiet: in mm, along the trim, left free of colour because the trim may be the
        edge of the paper, where printers have no ink; 0 when it never is.
    padding_x, padding_y: in mm, from the trim to the text; at least 5, for cuts and backs that stray.
    """

    card: str
    sheet: Sheet
    grid: Grid
    cut: Cut
    bleed: float
    quiet: float
    padding_x: float
    padding_y: float


def _safe(sheet: Sheet, left: float, top: float, width: float, height: float) -> Preset:
    grid = Grid(2, 4, left, top, width, height, gutter=2)
    return Preset("a7-safe", sheet, grid, Cut.CROP_MARKS, bleed=1, quiet=0, padding_x=7, padding_y=5)


def _whole(sheet: Sheet) -> Preset:
    grid = Grid(2, 4, 0, 0, sheet.width / 2, sheet.height / 4)
    return Preset("a7", sheet, grid, Cut.HAIRLINES, bleed=0, quiet=6.5, padding_x=12, padding_y=7)


# The first of a paper is what a deck gets that names none. `a7-safe` stays clear of
# the outer 8 mm, more than any office printer leaves white (6.35 mm is common).
# `a7` quarters the sheet: ISO A7 to a quarter of a millimetre on A4, 4.25 x 2.75 in on US Letter.
PRESETS = (
    _safe(A4, 9, 9.5, 95, 68),
    _safe(LETTER, 11.95, 9.7, 95, 2.5 * INCH),
    _whole(A4),
    _whole(LETTER),
)
PAPERS = tuple(dict.fromkeys(preset.sheet.name for preset in PRESETS))
CARD_SIZES = tuple(dict.fromkeys(preset.card for preset in PRESETS))


def find(paper: str, card: str) -> Preset:
    """The preset of a paper of PAPERS and a card size of CARD_SIZES."""
    return next(one for one in PRESETS if one.sheet.name == paper and one.card == card)
