"""Lengths in TeX, as MathJax reads and writes them."""

import re

# How many em a unit is. Source: MathJax 3.2.2.
_UNITS = {
    "em": 1, "ex": 0.43, "pt": 0.1, "pc": 1.2, "px": 0.1, "in": 7.2,
    "cm": 7.2 / 2.54, "mm": 7.2 / 25.4, "mu": 1 / 18,
}  # fmt: skip
_LENGTH = re.compile(r"\s*([-+]?(?:[.,]\d+|\d+(?:[.,]\d*)?))\s*(pt|em|ex|mu|px|mm|cm|in|pc) ?", re.ASCII)


def match_length(text: str, position: int = 0) -> tuple[str, int] | None:
    """Return the length that begins at an offset and the offset of its end; mu is turned into em."""
    match = _LENGTH.match(text, position)
    if match is None:
        return None
    number, unit = match[1].replace(",", "."), match[2]
    return (em(float(number) * _UNITS["mu"]) if unit == "mu" else number + unit), match.end()


def whole_length(text: str) -> str | None:
    """Return the length that a text is, or None."""
    found = match_length(text)
    return found[0] if found and not text[found[1] :].strip() else None


def in_em(length: str) -> float:
    """Return how many em a length is; 0 if it is none."""
    match = _LENGTH.match(length)
    return float(match[1].replace(",", ".")) * _UNITS[match[2]] if match else 0


def em(number: float) -> str:
    """Return a number of em as an attribute, with three decimals at most."""
    if abs(number) < 0.0006:
        return "0em"
    return f"{number:.3f}".rstrip("0").rstrip(".") + "em"
