"""The test page: a sheet printed on both sides that tells how far a printer shifts backs.

The front has plain crosses, the back has a scale where each of them shines through. A
back that was printed too far to the right sees the cross of the front on the left of its
scale, by as much as it has to be moved: what is read is the offset to be given.
"""

import re

from cardwright.formats.pdf.engine import AssetDir, Engine
from cardwright.formats.pdf.fonts import FontFamilies
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.preferences import add_print_preferences
from cardwright.layout.card_sizes import CardSize
from cardwright.layout.geometry import Box, Flip, Grid, Sheet
from cardwright.layout.plan import UNPRINTABLE, Plan

# How far the scale reaches to each side.
_REACH = 5.0
_RULER = 100.0
_CODE = re.compile(r"(`[^`]+`)")

# What is in backticks is to be typed as it stands.
_PRINT = (
    "Print both pages on the two sides of one sheet, at 100 % or “actual size”, on the paper that the "
    "cards will be on. Let the printer turn the sheet over its {flip} edge."
)
_MEASURE = (
    "Measure the line below: it is {length:g} mm long. If yours is not, turn off “fit to page” where "
    "you print, and begin again."
)
_TURN = "Turn the sheet over. The back tells the rest."
_MATCH = (
    "Hold the sheet against a light, this side towards you. Beside each letter the same letter shines "
    "through; if not, it was turned over the {flip} edge: `--flip {flip}`."
)
_READ = (
    "In the middle, the cross of the front shines through. Its upright line crosses the level scale at "
    "the number X, its level line crosses the upright scale at Y, in millimetres."
)
_GIVE = (
    "Give both when you print, as `--offset X,Y`; when all lies right, that is 0,0. "
    "Off the scale, take 5 or −5, print this page again with that offset, and read again."
)
_GIVE_MORE = (
    "This page was printed with the offset `{:g},{:g}` and should read 0. If it does not, add what you "
    "read: X to its first number, Y to its second."
)
_CORNERS = (
    "If a corner reads otherwise than the middle by more than 1, the sheet went in askew or the page "
    "was made larger or smaller: no offset cures that."
)
_EXAMPLE = (
    "For example, three times as large, and grey what shines through: X is 1.5, Y is −2. "
    "Cards for this printer come right with `--offset 1.5,-2`."
)


def render_calibration_page(
    sheet: Sheet, stage: AssetDir, *, flip: Flip = Flip.LONG, offset: tuple[float, float] = (0.0, 0.0)
) -> bytes:
    """The test page for a sheet of paper, as PDF.

    flip: the edge that the printer is told to turn the sheet over.
    offset: in mm, as in a Plan; that the printer has already. Its back is moved by it, so a
        printer whose offset is right reads 0.
    """
    fonts = FontFamilies()
    content: dict[str, Json] = {
        "title": "Test page for backs",
        "fonts": fonts.of("text"),
        "code": fonts.of("code"),
        "paper": {"width": sheet.width, "height": sheet.height},
        "sides": [_front(sheet, flip), _back(sheet, flip, offset)],
    }
    page = CardSize("", sheet, Grid(1, 1, 0, 0, sheet.width, sheet.height, sheet.width, sheet.height))
    return add_print_preferences(Engine(stage).render_pdf(content, "calibration.typ"), Plan(page, flip))


def _points(sheet: Sheet) -> list[tuple[float, float, str]]:
    """Where the crosses of the front lie, in mm, each with its letter; that in the middle has none."""
    inset = _inset(sheet)
    right, bottom = sheet.width - inset, sheet.height - inset
    return [
        (sheet.width / 2, sheet.height / 2, ""),
        (inset, inset, "A"),
        (right, inset, "B"),
        (inset, bottom, "C"),
        (right, bottom, "D"),
    ]


def _points_behind(sheet: Sheet, flip: Flip, offset: tuple[float, float]) -> list[tuple[float, float, str]]:
    """Where the scales of the back lie: behind the crosses, moved by the offset."""
    found = []
    for x, y, letter in _points(sheet):
        there = sheet.mirrored(Box(x, y, 0, 0), flip).moved(*offset)
        found.append((round(there.x, 4), round(there.y, 4), letter))
    return found


def _front(sheet: Sheet, flip: Flip) -> Json:
    across = sheet.width - 2 * UNPRINTABLE >= _RULER
    length = _RULER if across else _RULER / 2
    return {
        "back": False,
        "arm": _arm(sheet),
        "points": [list(point) for point in _points(sheet)],
        "ruler": length,
        "room": _room(sheet, upper=True),
        "heading": "Test page for backs: front",
        "steps": [_parts(step.format(flip=flip.value, length=length)) for step in (_PRINT, _MEASURE, _TURN)],
        "example": None,
    }


def _back(sheet: Sheet, flip: Flip, offset: tuple[float, float]) -> Json:
    # Behind the words of the front, words of the back could not be read against the light.
    room = _room(sheet, upper=not sheet.turns_like_a_book(flip))
    other = Flip.SHORT if flip is Flip.LONG else Flip.LONG
    give = _GIVE_MORE if offset != (0.0, 0.0) else _GIVE
    reading = (_MATCH.format(flip=other.value), _READ, give.format(*offset), _CORNERS)
    return {
        "back": True,
        "arm": 0,
        "points": [list(point) for point in _points_behind(sheet, flip, offset)],
        "ruler": None,
        "room": room,
        "heading": "Test page for backs: back",
        "steps": [_parts(step) for step in reading],
        "example": _parts(_EXAMPLE),
    }


def _inset(sheet: Sheet) -> float:
    """Of the outer crosses from the edges of the paper: as far out as their scales can be printed."""
    return min(25.0, max(UNPRINTABLE + _REACH + 4, 0.12 * min(sheet.width, sheet.height)))


def _arm(sheet: Sheet) -> float:
    """Of the crosses, in mm: longer than the scales, so that they show beside them."""
    return min(10.0, _inset(sheet) - UNPRINTABLE)


def _room(sheet: Sheet, *, upper: bool) -> Json:
    """Where words lie, above the middle or below it: left, top, width and height, in mm."""
    clear = _arm(sheet) + 3
    top = (_inset(sheet) if upper else sheet.height / 2) + clear
    width = min(150.0, sheet.width - 2 * (UNPRINTABLE + 2))
    return [(sheet.width - width) / 2, top, width, sheet.height / 2 - _inset(sheet) - 2 * clear]


def _parts(text: str) -> list[Json]:
    """A text in pieces, each with whether it is to be typed as it stands."""
    return [{"s": piece.strip("`"), "code": piece.startswith("`")} for piece in _CODE.split(text) if piece]
