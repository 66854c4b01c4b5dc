"""What is looked at before anything is set: the text of the sides, their pictures, and fonts for it all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cardwright.collection.deck import Deck
from cardwright.diagnostics.report import Report
from cardwright.formats.pdf import checks, fonts, glyphs, pictures
from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.fonts import FontFamilies
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.pdf.sides import Side
from cardwright.formats.pdf.words import is_right_to_left


@dataclass(frozen=True, slots=True)
class Prepared:
    """Sides that can be set, and what sets them.

    printable_sides: those of the sides whose text and pictures can be set, if with characters missing.
    template_data: what every template needs to know besides the sides.
    absent: what no font at hand can show.
    faulty: whether there was an error.
    """

    engine: Engine
    printable_sides: list[Side]
    template_data: dict[str, Json]
    missing_glyphs: glyphs.MissingGlyphs
    has_errors: bool


def prepare(
    sides: Sequence[Side],
    deck: Deck,
    around: RenderContext,
    report: Report,
    *,
    margin: str = "",
) -> Prepared:
    """Make sides ready to be set.

    margin: what is printed besides the sides and the deck's name.

    Errors: see checks.py, pictures.py and glyphs.py. What is wrong with some sides does
    not keep the others from being looked at.
    """
    engine = Engine(around.asset_dir, around.font_folders, around.cache)
    findings = [(side, problem) for side in sides for problem in checks.check_side(side)]
    findings += pictures.place(sides, around.asset_dir, engine)
    faulty = {id(side) for side, _ in findings}
    sound = [side for side in sides if id(side) not in faulty]
    everywhere = [*around.font_folders, *around.system_font_folders]
    engine, families, absent = _fonts(engine, sound, deck, deck.name + margin, everywhere)
    problems = [*(problem for _, problem in findings), *glyphs.missing_glyph_diagnostics(sound, deck, absent)]
    report.extend(problems)
    return Prepared(engine, sound, _setting(deck, families), absent, bool(problems))


def _fonts(
    engine: Engine, sides: Sequence[Side], deck: Deck, margin: str, folders: Sequence[str]
) -> tuple[Engine, FontFamilies, glyphs.MissingGlyphs]:
    """The fonts that the sides need, from as few places as will do, and what is missing even so."""
    families = FontFamilies()
    absent = glyphs.find_missing_glyphs(engine, sides, margin, families)
    for last in (False, True):
        signs = sorted({sign for signs in absent.values() for sign in signs})
        if not signs:
            break
        engine = engine.with_fonts(folders) if last else engine
        families = FontFamilies(
            (*families.more, *fonts.choose_fallback_families(engine, signs, deck.language))
        )
        absent = glyphs.find_missing_glyphs(engine, sides, margin, families)
    return engine, families, absent


def _setting(deck: Deck, families: FontFamilies) -> dict[str, Json]:
    language, _, rest = deck.language.partition("-")
    region = next((part for part in rest.split("-") if re.fullmatch("[A-Za-z]{2}", part)), None)
    return {
        "title": deck.name,
        "author": list(deck.authors),
        "lang": language.lower() if re.fullmatch("[A-Za-z]{2,3}", language) else "und",
        "region": region,
        "rtl": is_right_to_left(deck.language),
        "fonts": {kind: families.of(kind) for kind in ("text", "math", "code")},
    }
