"""The test page: a sheet printed on both sides that shows how far a printer shifts the backs.

The front has plain crosses, the back has a scale where each cross shines through. On a back that
was printed too far to the right, the cross of the front is on the left of the scale, by exactly the
distance that backs have to be moved: the number on the scale is the offset to give.
"""

import re

from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.glyphs import PLAIN
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.preferences import add_print_preferences
from cardwright.formats.pdf.prepare import choose_fonts, choose_translation, language_data
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.translations import ENGLISH, CalibrationTexts
from cardwright.layout.geometry import Box, Flip, Sheet
from cardwright.layout.plan import UNPRINTABLE

# In mm: how far the scale extends to each side, and the length of the ruler.
_SCALE_LENGTH = 5.0
_RULER_LENGTH = 100.0
_CODE = re.compile(r"(`[^`]+`)")


def render_calibration_page(
    sheet: Sheet,
    context: RenderContext,
    *,
    language: str = ENGLISH,
    flip: Flip = Flip.LONG,
    offset: tuple[float, float] = (0.0, 0.0),
) -> bytes:
    """Return the test page for a sheet of paper as PDF.

    language: a BCP 47 tag.
    flip: the edge over which the printer turns the sheet.
    offset: the printer's current offset, in mm as in a Plan. The back is moved by it, so that the
        scales of a printer with the right offset show 0.
    """
    translation, text = choose_translation(language, lambda translation: translation.calibration, context)
    texts = translation.calibration
    engine = Engine(context.asset_dir, context.font_folders, context.cache)
    engine, fonts, _ = choose_fonts(engine, (), [(PLAIN, text)], translation.language, context)
    content: dict[str, Json] = {
        "title": texts.title,
        **language_data(translation.language),
        "fonts": fonts.of("text"),
        "code": fonts.of("code"),
        "paper": {"width": sheet.width, "height": sheet.height},
        "sides": [_front(sheet, flip, texts), _back(sheet, flip, offset, texts)],
    }
    return add_print_preferences(engine.render_pdf(content, "calibration.typ"), flip)


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


def _front(sheet: Sheet, flip: Flip, texts: CalibrationTexts) -> Json:
    has_room = sheet.width - 2 * UNPRINTABLE >= _RULER_LENGTH
    length = _RULER_LENGTH if has_room else _RULER_LENGTH / 2
    return {
        "back": False,
        "arm": _cross_arm(sheet),
        "points": _points(sheet),
        "ruler": length,
        "text_box": _text_box(sheet, upper=True),
        "heading": texts.front,
        "steps": [
            _split_code(texts.print_both.format(edge=_edge(flip, texts))),
            _split_code(texts.measure.format(length=f"{length:g}")),
            _split_code(texts.turn_over),
        ],
        "example": None,
    }


def _back(sheet: Sheet, flip: Flip, offset: tuple[float, float], texts: CalibrationTexts) -> Json:
    other_flip = Flip.SHORT if flip is Flip.LONG else Flip.LONG
    give = texts.give_more if offset != (0.0, 0.0) else texts.give
    steps = (
        texts.match.format(edge=_edge(other_flip, texts), flip=other_flip.value),
        texts.read,
        give.format(offset=f"{offset[0]:g},{offset[1]:g}"),
        texts.corners,
    )
    return {
        "back": True,
        "arm": 0,
        "points": _points_on_back(sheet, flip, offset),
        "ruler": None,
        # Against the light, text of the back could not be read behind text of the front.
        "text_box": _text_box(sheet, upper=not sheet.turns_like_a_book(flip)),
        "heading": texts.back,
        "steps": [_split_code(step) for step in steps],
        "example": _split_code(texts.example),
    }


def _edge(flip: Flip, texts: CalibrationTexts) -> str:
    return texts.long_edge if flip is Flip.LONG else texts.short_edge


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
    """Split a text into pieces, each with whether it is code, which is typed as it stands."""
    return [{"s": piece.strip("`"), "code": piece.startswith("`")} for piece in _CODE.split(text) if piece]
