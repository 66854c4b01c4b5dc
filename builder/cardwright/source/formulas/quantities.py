"""Quantities: what mhchem reads in `\\pu{…}`, a number with its units, as the TeX that it writes.

Source: mhchemParser 4.1.1, which MathJax 3.2.2 has in it.
"""

import re
from collections.abc import Callable

from cardwright.source.formulas.chemistry_patterns import (
    BRACED,
    BRACES,
    DECIMAL,
    MACRO,
    OPERATOR,
    PLUS_MINUS,
    Finder,
    either,
    enclosed,
    pattern,
)
from cardwright.source.formulas.items import UnreadableTex

_SIGN = r"(\+-|\+/-|\+|-|\\pm\s?)?"
_DIGITS = r"[0-9]+(?:[,.][0-9]+)?|[0-9]*\.[0-9]+"
_INTEGER = r"[+\-]?[0-9]+|\{[+\-]?[0-9]+\}"
_NUMBER = pattern(
    rf"{_SIGN}({_DIGITS})?(\((?:{_DIGITS})\))?(?:(?:([eE])|\s*(\*|x|\\times|×)\s*10\^)({_INTEGER}))?"
)
_POWER = pattern(rf"{_SIGN}([0-9]+(?:[,.][0-9]+)?|[0-9]*(?:\.[0-9]+)?)\^({_INTEGER})")
_BRACKET = pattern(r"\\[{}]|[\[\]()]")
_SPACE = pattern(r"\s")
_BRACES_OR_SIGN = either(BRACES, pattern("(?s:.)"))
_SPACES_WITHIN = pattern(r"\s+(?=.)")
_BRACES_OR_SIGNS = either(BRACES, _SPACES_WITHIN, pattern("(?s:.)"))
_DIVISION = pattern(r"\s*(//?)\s*")
_PRODUCT = pattern(r"\s*[*.]\s*")
_EXPONENT = either(enclosed(r"\^\{", "}"), pattern(r"\^(-?[0-9]+)"))
_MARK = re.compile("([,;.])")
_DEGREES = re.compile(r"(?:°|\^o|\^\{o\})([CF])")
_THIN_SPACE = "\\mkern2mu "
_MAX_UNGROUPED = 4
_MAX_WRITTEN = 20_000
"""How long the TeX of a quantity may get. A fraction is written four times, and so is one within it."""
_MAX_DIVISIONS = 20


def write_quantity(text: str) -> str:
    """Return the TeX of a quantity, in braces."""
    if text.count("/") > _MAX_DIVISIONS:
        raise UnreadableTex("a quantity has too many fractions in one another")
    return f"{{{''.join(_read_quantity(text))}}}"


def _read_quantity(text: str) -> list[str]:
    """Return the TeX of a quantity, in parts: how many there are decides about the space around a `/`."""
    parts: list[str] = []
    position, is_behind_number = 0, False
    while position < len(text):
        found = (
            (part, write, becomes_number)
            for find, write, becomes_number in _NUMBER_PARTS
            if not (becomes_number and is_behind_number)
            and (part := find(text, position)) is not None
            and part.end > position
        )
        part, write, becomes_number = next(found, (None, None, None))
        if part is None or write is None:
            break
        parts += write(*part.groups)
        is_behind_number = is_behind_number if becomes_number is None else becomes_number
        position = part.end
    has_units = bool(text[position:].strip())
    return [*parts, *(["~"] if has_units and is_behind_number else []), *_read_units(text[position:])]


def _read_units(text: str) -> list[str]:
    """Return the TeX of units, and of a space at the end."""
    units = divisor = division = ""
    position = 0
    while position < len(text):
        if position == len(text) - 1 and text[position].isspace():
            return [*_write_units(units, division, divisor), "~"]
        part = _DIVISION(text, position) if units and not division else None
        if part is not None:
            division = part.groups[0]
        else:
            part = _BRACES_OR_SIGNS(text, position)
            assert part is not None
            units, divisor = (
                (units, divisor + part.groups[0]) if division else (units + part.groups[0], divisor)
            )
        position = part.end
    return _write_units(units, division, divisor)


def _write_number(sign: str, digits: str, error: str, e: str, times: str, exponent: str) -> list[str]:
    """Return the TeX of a number. error: of its last digits. e, times: before the exponent."""
    parts = _write_sign(sign)
    if digits:
        parts += _group_digits(digits)
        parts += _group_digits(error) if set(",.").intersection(error) else [error] if error else []
        if exponent:
            parts.append("\\cdot " if e == "e" or times == "*" else "\\times ")
    return [*parts, f"10^{{{exponent}}}"] if exponent else parts


def _write_power(sign: str, digits: str, exponent: str) -> list[str]:
    return [*_write_sign(sign), *_group_digits(digits), f"^{{{exponent}}}"]


def _write_sign(sign: str) -> list[str]:
    return ["\\pm " if sign in ("+-", "+/-") else sign] if sign else []


def _group_digits(number: str) -> list[str]:
    """Return a number whose digits are in groups of three where more than four stand together."""
    if not number:
        return []
    whole, mark, decimals = _MARK.split(number, maxsplit=1) if _MARK.search(number) else (number, "", "")
    groups = [whole]
    if len(whole) > _MAX_UNGROUPED:
        first = len(whole) % 3 or 3
        groups = [whole[:first], *_threes(whole[first:])]
    parts = _with_thin_spaces(groups)
    if mark:
        groups = _threes(decimals) if len(decimals) > _MAX_UNGROUPED else [decimals]
        parts += ["." if mark == "." else "{,}", *_with_thin_spaces(groups)]
    return parts


def _threes(digits: str) -> list[str]:
    return [digits[start : start + 3] for start in range(0, len(digits), 3)]


def _with_thin_spaces(groups: list[str]) -> list[str]:
    return [part for group in groups for part in (_THIN_SPACE, group)][1:]


def _write_units(units: str, division: str, divisor: str) -> list[str]:
    """Return the TeX of units, or of a fraction of units."""
    units, divisor = (_DEGREES.sub(r"{}^{\\circ}\1", _without_braces(part)) for part in (units, divisor))
    if not divisor:
        return _write_product(units)
    over, under = _read_quantity(units), _read_quantity(divisor)
    if division == "/":
        return [*over, "\\,/\\," if len(over) > 1 or len(under) > 1 else "/", *under]
    fraction = f"\\frac{{{''.join(over)}}}{{{''.join(under)}}}"
    if len(fraction) > _MAX_WRITTEN:
        raise UnreadableTex("a quantity has too many fractions in one another")
    return [f"\\mathchoice{{\\textstyle{fraction}}}" + f"{{{fraction}}}" * 3]


def _without_braces(text: str) -> str:
    part = BRACED(text, 0)
    return part.groups[0] if part and part.end == len(text) else text


def _write_product(units: str) -> list[str]:
    """Return the TeX of units that are multiplied: by a dot, or by a space."""
    parts: list[str] = []
    unit, has_letters, position = "", False, 0

    def end_unit(between: str) -> None:
        nonlocal unit, has_letters
        inner = _without_braces(unit)
        parts.extend(_read_quantity(inner) if inner != unit else [f"\\mathrm{{{unit}}}"] if unit else [])
        parts.extend([between] if between else [])
        unit, has_letters = "", False

    while position < len(units):
        if part := _PRODUCT(units, position):
            end_unit("\\mkern1mu{\\cdot}\\mkern1mu ")
        elif part := MACRO(units, position):
            unit += part.groups[0]
        elif part := _SPACE(units, position):
            end_unit("\\mkern3mu ")
        elif has_letters and (part := _EXPONENT(units, position)):
            unit += f"^{{{part.groups[0]}}}"
        elif part := DECIMAL(units, position):
            unit += f"^{{{part.groups[0]}}}" if has_letters else part.groups[0]
            has_letters = False
        else:
            part = _BRACES_OR_SIGN(units, position)
            assert part is not None
            unit += part.groups[0]
            has_letters = True
        position = part.end
    end_unit("")
    return parts


# How to find a part of a number, what to write for it, and whether the number is complete then; None if
# that doesn't change.
_NUMBER_PARTS: tuple[tuple[Finder, Callable[..., list[str]], bool | None], ...] = (
    (_BRACKET, lambda sign: [sign], None),
    (_POWER, _write_power, True),
    (_NUMBER, _write_number, True),
    (_SPACES_WITHIN, lambda _space: [], None),
    (PLUS_MINUS, lambda _sign: [" {}\\pm{} "], False),
    (OPERATOR, lambda sign: [sign], False),
)
