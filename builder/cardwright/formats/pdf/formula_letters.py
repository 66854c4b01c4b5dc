"""The letters of formulas: those of Unicode's block of mathematical letters, or of a bold or italic font."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from cardwright.formats.pdf.nodes import Json

# Where each alphabet begins: capitals, small letters, capital and small Greek letters, digits.
# Source: Unicode, Mathematical Alphanumeric Symbols (U+1D400).
_STARTS = {
    "bold": (0x1D400, 0x1D41A, 0x1D6A8, 0x1D6C2, 0x1D7CE),
    "italic": (0x1D434, 0x1D44E, 0x1D6E2, 0x1D6FC, 0),
    "bold-italic": (0x1D468, 0x1D482, 0x1D71C, 0x1D736, 0x1D7CE),
    "fraktur": (0x1D504, 0x1D51E, 0, 0, 0),
    "bold-fraktur": (0x1D56C, 0x1D586, 0, 0, 0x1D7CE),
    "double-struck": (0x1D538, 0x1D552, 0, 0, 0x1D7D8),
    "sans-serif": (0x1D5A0, 0x1D5BA, 0, 0, 0x1D7E2),
    "bold-sans-serif": (0x1D5D4, 0x1D5EE, 0x1D756, 0x1D770, 0x1D7EC),
    "sans-serif-italic": (0x1D608, 0x1D622, 0, 0, 0x1D7E2),
    "sans-serif-bold-italic": (0x1D63C, 0x1D656, 0x1D790, 0x1D7AA, 0x1D7EC),
    "monospace": (0x1D670, 0x1D68A, 0, 0, 0x1D7F6),
}
# Letters that Unicode had before that block.
_ELSEWHERE = {
    0x1D455: "\u210e", 0x1D506: "\u212d", 0x1D50B: "\u210c", 0x1D50C: "\u2111", 0x1D515: "\u211c",
    0x1D51D: "\u2128", 0x1D53A: "\u2102", 0x1D53F: "\u210d", 0x1D545: "\u2115", 0x1D547: "\u2119",
    0x1D548: "\u211a", 0x1D549: "\u211d", 0x1D551: "\u2124",
}  # fmt: skip
_GREEK_VARIANTS = "\u03f5\u03d1\u03f0\u03d5\u03f1\u03d6"
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
    if not is_words and not any(map(_has_italic, text)) and _map(text[0], kind) is None:
        return [Run(is_text=False, values={"s": character}) for character in text]
    if kind == "normal":
        return [Run(is_text=True, values={"s": text})]
    as_words = is_words or variant == "-tex-mathit"
    if as_words and kind in ("bold", "italic", "bold-italic"):
        return [Run(is_text=True, values=_text(text, kind))]
    if kind in ("script", "bold-script"):
        return _script(text, kind, is_calligraphic="calligraphic" in variant)
    runs: list[Run] = []
    for is_mapped, group in groupby(text, key=lambda character: _map(character, kind) is not None):
        part = "".join(group)
        if not is_mapped:
            runs.append(Run(is_text=True, values=_text(part, kind)))
            continue
        mapped = "".join(_map(character, kind) or "" for character in part)
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


@cache
def _map(character: str, kind: str) -> str | None:
    """Return the mathematical form of a letter or digit, if Unicode has one."""
    if kind == "italic" and character in "\u0131\u0237":
        return {"\u0131": "\U0001d6a4", "\u0237": "\U0001d6a5"}[character]
    if kind not in _STARTS:
        return None
    capitals, small, capital_greek, small_greek, digits = _STARTS[kind]
    for first, last, start in (
        ("A", "Z", capitals),
        ("a", "z", small),
        ("\u0391", "\u03a9", capital_greek),
        ("\u03b1", "\u03c9", small_greek),
        ("0", "9", digits),
    ):
        if start and first <= character <= last:
            code = start + ord(character) - ord(first)
            return _ELSEWHERE.get(code, chr(code))
    if small_greek and character == "\u2202":
        return chr(small_greek + 25)
    if small_greek and character in _GREEK_VARIANTS:
        return chr(small_greek + 26 + _GREEK_VARIANTS.index(character))
    if capital_greek and character == "\u2207":
        return chr(capital_greek + 25)
    return None
