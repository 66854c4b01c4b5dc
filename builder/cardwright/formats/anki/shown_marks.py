"""Reads the marks and the formulas in a field as what they show."""

import re

from cardwright.formats.anki import escape
from cardwright.formats.anki.shown import Command, Formats, Formula, Mark, Run, Sound
from cardwright.source.field_marks import HINT, MARK
from cardwright.source.html_formulas import HtmlFormula


def shown_formula(formula: HtmlFormula) -> Formula:
    """Return a formula as we would write it; white space that TeX ignores makes no difference."""
    tex = MARK.sub(_tex_sign, formula.tex)
    written = escape.tex(tex.replace("\xa0", " "))
    return Formula(" ".join(written.split()), formula.display)


def _tex_sign(match: re.Match[str]) -> str:
    if match[1]:
        return f"{escape.DELETION_START}{match[1]}{escape.DELETION_PART}"
    if match[2]:
        return escape.DELETION_PART if match[2] == HINT else escape.DELETION_END
    return match[0]


def shown_mark(match: re.Match[str], formats: Formats) -> Run:
    """Return what a mark shows. match: of `MARK`. formats: of the text in which it stands."""
    if match[1]:
        return formats, Mark("open", int(match[1]))
    if match[2]:
        return formats, Mark("hint" if match[2] == HINT else "close")
    if match[3] is not None:
        return (), Sound(match[3])
    return (), Command(match[4])
