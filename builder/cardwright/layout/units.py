"""Lengths as people write them and read them."""

import re
from enum import Enum

from cardwright.layout.shapes import INCH

# Nothing on paper is longer than six digits of anything.
_LENGTH = re.compile(r"([+-]?(?:[0-9]{1,6}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})) ?(mm|in)?", re.ASCII)


class Unit(Enum):
    """What a length is counted in."""

    MM = "mm"
    IN = "in"

    @property
    def size(self) -> float:
        """In mm."""
        return INCH if self is Unit.IN else 1.0


def length(text: str, unit: Unit = Unit.MM) -> float | None:
    """A length in mm: `3`, `3 mm` or `.125 in`; None for what is none.

    unit: what a bare number is counted in.
    """
    found = _LENGTH.fullmatch(text.strip())
    if found is None:
        return None
    return float(found[1]) * (Unit(found[2]) if found[2] else unit).size


def said(length: float, unit: Unit = Unit.MM) -> str:
    """A length with its unit. length: in mm."""
    return f"{_number(length, unit)} {unit.value}"


def size_said(width: float, height: float, unit: Unit = Unit.MM) -> str:
    """A size with its unit. width, height: in mm."""
    return f"{_number(width, unit)} × {said(height, unit)}"


def _number(length: float, unit: Unit) -> str:
    """As few digits as tell it to a hundredth of a millimetre."""
    return f"{round(length / unit.size, 2 if unit is Unit.MM else 4):.10g}"
