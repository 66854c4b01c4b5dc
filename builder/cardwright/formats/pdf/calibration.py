"""The test page: a sheet printed on both sides that shows how far a printer shifts the backs.

The front has plain crosses, the back has a scale where each cross shines through. On a back that
was printed too far to the right, the cross of the front is on the left of the scale, by exactly the
distance that backs have to be moved: the number on the scale is the offset to give.
"""

import re

from cardwright.formats.pdf.engine import AssetDir, Engine
from cardwright.formats.pdf.fonts import FontFamilies
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.preferences import add_print_preferences
from cardwright.layout.geometry import Box, Flip, Sheet
from cardwright.layout.plan import UNPRINTABLE

# In mm: how far the scale extends to each side, and the length of the ruler.
_SCALE_LENGTH = 5.0
_RULER_LENGTH = 100.0
_CODE = re.compile(r"(`[^`]+`)")

# Text in backticks is set as code, because it is typed as it stands.
_PRINT = (
    "Print both pages on the two sides of one sheet, at 100 % or “actual size”, on the paper you will "
    "use for the cards. Let the printer turn the sheet over its {flip} edge."
)
_MEASURE = (
    "Measure the line below: it should be {length:g} mm long. If it is not, turn off “fit to page” "
    "in the print dialog, and start again."
)
_FRONT_STEPS = (_PRINT, _MEASURE, "Turn the sheet over. The back explains the rest.")
_MATCH = (
    "Hold the sheet against a light, this side towards you. The same letter should shine through "
    "beside each letter. If not, the sheet was turned over its {flip} edge: `--flip {flip}`."
)
_READ = (
    "In the middle, the cross of the front shines through. Its vertical line meets the horizontal scale "
    "at the number X, its horizontal line meets the vertical scale at Y, in millimetres."
)
_GIVE = (
    "Give both numbers when you print, as `--offset X,Y`; on a perfect printer that is 0,0. "
    "If it is off the scale, take 5 or −5, print this page again with that offset, and read again."
)
_GIVE_MORE = (
    "This page was printed with the offset `{:g},{:g}` and should read 0. If it does not, add what you "
    "read: X to its first number, Y to its second."
)
_CORNERS = (
    "If a corner differs from the middle by more than 1, the sheet went in at an angle or the page "
    "was scaled: no offset can fix that."
)
_EXAMPLE = (
    "An example, three times as large; what shines through is grey. X is 1.5 and Y is −2. "
    "This printer needs `--offset 1.5,-2`."
)


def render_calibration_page(
    sheet: Sheet, asset_dir: AssetDir, *, flip: Flip = Flip.LONG, offset: tuple[float, float] = (0.0, 0.0)
) -> bytes:
    """Return the test page for a sheet of paper as PDF.

    flip: the edge over which the printer turns the sheet.
    offset: the printer's current offset, in mm as in a Plan. The back is moved by it, so that the
        scales of a printer with the right offset show 0.
    """
    fonts = FontFamilies()
    content: dict[str, Json] = {
        "title": "Test page for backs",
        "fonts": fonts.of("text"),
        "code": fonts.of("code"),
        "paper": {"width": sheet.width, "height": sheet.height},
        "sides": [_front(sheet, flip), _back(sheet, flip, offset)],
    }
    return add_print_preferences(Engine(asset_dir).render_pdf(content, "calibration.typ"), flip)


def _points(sheet: Sheet) -> list[tuple[float, float, str]]:
    """Return where the crosses of the front are, in mm, and their letters; the middle one has none."""
    inset = _corner_inset(sheet)
    right, bottom = sheet.width - inset, sheet.height - inset
    return [
        (sheet.width / 2, sheet.height / 2, ""),
        (inset, inset, "A"),
        (right, inset, "B"),
        (inset, bottom, "C"),
        (right, bottom, "D"),
    ]


def _points_on_back(sheet: Sheet, flip: Flip, offset: tuple[float, float]) -> list[tuple[float, float, str]]:
    """Return where the scales of the back are: behind the crosses, moved by the offset."""
    boxes = [(Box(x, y, 0, 0), letter) for x, y, letter in _points(sheet)]
    behind = [(sheet.mirrored(box, flip).moved(*offset), letter) for box, letter in boxes]
    return [(round(box.x, 4), round(box.y, 4), letter) for box, letter in behind]


def _front(sheet: Sheet, flip: Flip) -> Json:
    has_room = sheet.width - 2 * UNPRINTABLE >= _RULER_LENGTH
    length = _RULER_LENGTH if has_room else _RULER_LENGTH / 2
    return {
        "back": False,
        "arm": _cross_arm(sheet),
        "points": _points(sheet),
        "ruler": length,
        "text_box": _text_box(sheet, upper=True),
        "heading": "Test page for backs: front",
        "steps": [_split_code(step.format(flip=flip.value, length=length)) for step in _FRONT_STEPS],
        "example": None,
    }


def _back(sheet: Sheet, flip: Flip, offset: tuple[float, float]) -> Json:
    other_flip = Flip.SHORT if flip is Flip.LONG else Flip.LONG
    give = _GIVE_MORE if offset != (0.0, 0.0) else _GIVE
    steps = (_MATCH.format(flip=other_flip.value), _READ, give.format(*offset), _CORNERS)
    return {
        "back": True,
        "arm": 0,
        "points": _points_on_back(sheet, flip, offset),
        "ruler": None,
        # Against the light, text of the back could not be read behind text of the front.
        "text_box": _text_box(sheet, upper=not sheet.turns_like_a_book(flip)),
        "heading": "Test page for backs: back",
        "steps": [_split_code(step) for step in steps],
        "example": _split_code(_EXAMPLE),
    }


def _corner_inset(sheet: Sheet) -> float:
    """Return how far the outer crosses are from the edges: as far out as their scales can be printed."""
    return min(25.0, max(UNPRINTABLE + _SCALE_LENGTH + 4, 0.12 * min(sheet.width, sheet.height)))


def _cross_arm(sheet: Sheet) -> float:
    """Return the length of an arm of a cross, in mm: longer than the scales, to be visible beside them."""
    return min(10.0, _corner_inset(sheet) - UNPRINTABLE)


def _text_box(sheet: Sheet, *, upper: bool) -> Json:
    """Return the box for the text, above the middle or below it: left, top, width and height, in mm."""
    clearance = _cross_arm(sheet) + 3
    top = (_corner_inset(sheet) if upper else sheet.height / 2) + clearance
    width = min(150.0, sheet.width - 2 * (UNPRINTABLE + 2))
    height = sheet.height / 2 - _corner_inset(sheet) - 2 * clearance
    return [(sheet.width - width) / 2, top, width, height]


def _split_code(text: str) -> list[Json]:
    """Split a text into pieces, each with whether it is code."""
    return [{"s": piece.strip("`"), "code": piece.startswith("`")} for piece in _CODE.split(text) if piece]
