"""The letters of formulas: those of Unicode's block of mathematical letters, or of a bold or italic font."""

import unicodedata
from dataclasses import dataclass
from itertools import groupby

from cardwright.formats.pdf.nodes import Json
from cardwright.source.formulas.letters import mathematical_letter

# MathJax's own variants, and what they are like. Source: MathJax 3.2.2, ts/output/common/FontData.ts.
_OWN = {
    "-tex-calligraphic": "script", "-tex-bold-calligraphic": "bold-script", "-tex-oldstyle": "normal",
    "-tex-bold-oldstyle": "bold", "-tex-mathit": "italic",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that are set in one way. values: for the step of the template."""

    is_text: bool
    values: dict[str, Json]


def letters(text: str, variant: str, *, is_words: bool) -> list[Run]:
    """Return how the letters of a token are set. is_words: whether it is text, not mathematics."""
    kind = _OWN.get(variant, variant)
    if variant in ("-tex-oldstyle", "-tex-bold-oldstyle"):
        return [Run(is_text=True, values=_text(text, kind, old=True))]
    if not is_words and not any(map(_has_italic, text)) and mathematical_letter(text[0], kind) is None:
        return [Run(is_text=False, values={"s": character}) for character in text]
    if kind == "normal":
        return [Run(is_text=True, values={"s": text})]
    as_words = is_words or variant == "-tex-mathit"
    if as_words and kind in ("bold", "italic", "bold-italic"):
        return [Run(is_text=True, values=_text(text, kind))]
    if kind in ("script", "bold-script"):
        return _script(text, kind, is_calligraphic="calligraphic" in variant)
    runs: list[Run] = []
    for is_mapped, group in groupby(
        text, key=lambda character: mathematical_letter(character, kind) is not None
    ):
        part = "".join(group)
        if not is_mapped:
            runs.append(Run(is_text=True, values=_text(part, kind)))
            continue
        mapped = "".join(mathematical_letter(character, kind) or "" for character in part)
        runs.append(Run(is_text=len(mapped) > 1, values={"s": mapped}))
    return runs


def _script(text: str, kind: str, *, is_calligraphic: bool) -> list[Run]:
    """Return letters of a pen. Those called calligraphic are capitals alone, as in MathJax's font."""
    is_bold = kind == "bold-script"
    runs: list[Run] = []
    for character in text:
        if is_calligraphic and not character.isupper():
            plain, italic = ("bold", "bold-italic") if is_bold else ("normal", "italic")
            runs += letters(character, italic if character.isalpha() else plain, is_words=False)
        elif character.isascii() and character.isalpha():
            values: dict[str, Json] = {"s": character, "style": "cal" if is_calligraphic else "scr"}
            runs.append(Run(is_text=False, values={**values, "bold": True} if is_bold else values))
        else:
            runs += letters(character, "bold" if is_bold else "normal", is_words=False)
    return runs


def _has_italic(character: str) -> bool:
    """Return whether fonts have a character in bold and in italic, unlike signs and Hebrew letters."""
    return character.isdigit() or unicodedata.name(character, "").startswith(("LATIN", "GREEK", "CYRILLIC"))


def _text(text: str, kind: str, *, old: bool = False) -> dict[str, Json]:
    values: dict[str, Json] = {"s": text}
    if "bold" in kind:
        values["bold"] = True
    if "italic" in kind:
        values["italic"] = True
    if old:
        values["old"] = True
    return values
