"""Lengths as people write them and read them."""

import re
from enum import Enum

# In mm.
INCH = 25.4
POINT = INCH / 72
# Nothing on paper is longer than six digits of any unit.
LENGTH = r"([+-]?(?:[0-9]{1,6}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})) ?(mm|in)?"
_LENGTH = re.compile(LENGTH, re.ASCII)


class Unit(Enum):
    """A unit of length."""

    MM = "mm"
    IN = "in"

    @property
    def in_mm(self) -> float:
        return INCH if self is Unit.IN else 1.0


def parse_length(text: str, unit: Unit = Unit.MM) -> float | None:
    """Return a length such as `3`, `3 mm` or `.125 in` in mm, or None when the text is not a length.

    unit: the unit of a bare number.
    """
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        return None
    return float(match[1]) * (Unit(match[2]) if match[2] else unit).in_mm


def format_length(length: float, unit: Unit = Unit.MM) -> str:
    """Return a length with its unit. length: in mm. unit: to be written in."""
    return f"{_format_number(length, unit)} {unit.value}"


def format_size(width: float, height: float, unit: Unit = Unit.MM) -> str:
    """Return a width and a height with their unit. width, height: in mm. unit: to be written in."""
    return f"{_format_number(width, unit)} × {format_length(height, unit)}"


def _format_number(length: float, unit: Unit) -> str:
    """Return a length in mm as a number of a unit, rounded to a hundredth of a millimetre."""
    return f"{round(length / unit.in_mm, 2 if unit is Unit.MM else 4):.10g}"
