"""The letters of formulas in Unicode's block of mathematical letters."""

from functools import cache

# Where each alphabet begins: capitals, small letters, capital and small Greek letters, digits.
# Source: Unicode, Mathematical Alphanumeric Symbols (U+1D400).
_STARTS = {
    "bold": (0x1D400, 0x1D41A, 0x1D6A8, 0x1D6C2, 0x1D7CE),
    "italic": (0x1D434, 0x1D44E, 0x1D6E2, 0x1D6FC, 0),
    "bold-italic": (0x1D468, 0x1D482, 0x1D71C, 0x1D736, 0x1D7CE),
    "script": (0x1D49C, 0x1D4B6, 0, 0, 0),
    "bold-script": (0x1D4D0, 0x1D4EA, 0, 0, 0x1D7CE),
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
    0x1D455: "\u210e", 0x1D49D: "\u212c", 0x1D4A0: "\u2130", 0x1D4A1: "\u2131", 0x1D4A3: "\u210b",
    0x1D4A4: "\u2110", 0x1D4A7: "\u2112", 0x1D4A8: "\u2133", 0x1D4AD: "\u211b", 0x1D4BA: "\u212f",
    0x1D4BC: "\u210a", 0x1D4C4: "\u2134", 0x1D506: "\u212d", 0x1D50B: "\u210c", 0x1D50C: "\u2111",
    0x1D515: "\u211c", 0x1D51D: "\u2128", 0x1D53A: "\u2102", 0x1D53F: "\u210d", 0x1D545: "\u2115",
    0x1D547: "\u2119", 0x1D548: "\u211a", 0x1D549: "\u211d", 0x1D551: "\u2124",
}  # fmt: skip
_GREEK_VARIANTS = "\u03f5\u03d1\u03f0\u03d5\u03f1\u03d6"


@cache
def mathematical_letter(character: str, variant: str) -> str | None:
    """Return the mathematical form of a letter or digit, if Unicode has one. variant: as in MathML."""
    if variant == "italic" and character in "\u0131\u0237":
        return {"\u0131": "\U0001d6a4", "\u0237": "\U0001d6a5"}[character]
    if variant not in _STARTS:
        return None
    capitals, small, capital_greek, small_greek, digits = _STARTS[variant]
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
