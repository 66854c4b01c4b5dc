"""Lengths of CSS with their units, percentages and calculations, and sizes of type.

Source: CSS Values and Units 4, sections 6 and 10; CSS Fonts 4, section 2.5.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from tinycss2 import parse_component_value_list

from cardwright.source.css_tokens import split_at_commas, without_space

_ABSOLUTE_UNITS = {
    "": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4,
    "q": 96 / 101.6,
}  # fmt: skip
FONT_SIZES = {
    "xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0,
    "xx-large": 32.0, "xxx-large": 48.0,
}  # fmt: skip
"""In px."""

_ANGLES = {"": 1.0, "deg": 1.0, "grad": 0.9, "rad": 180 / math.pi, "turn": 360.0}
_PLAIN = re.compile(r"\s*([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?)([a-z]*|%)\s*", re.IGNORECASE)
_MAX_DEPTH = 20  # of calculations in each other
_CAPITAL_HEIGHT = 0.7  # of usual fonts
_X_HEIGHT = 0.5  # of a font that does not say; source: CSS Values and Units 4, section 6.1.1.2


@dataclass(frozen=True, slots=True)
class Units:
    """What relative lengths refer to, all in px or in user units of a drawing.

    font_size, root_font_size: for `em` and `rem`.
    width, height: of the nearest viewport, for percentages.
    view: of the window or the whole drawing, for `vw` and `vh`.
    """

    font_size: float = 16.0
    root_font_size: float = 16.0
    width: float = 100.0
    height: float = 100.0
    view: tuple[float, float] = (100.0, 100.0)

    def length(self, text: str, axis: str = "") -> float | None:
        """Return a length; None if it is none. axis: `x`, `y` or neither, for percentages."""
        plain = _PLAIN.fullmatch(text)
        if plain is not None:
            return self._measure(float(plain[1]), plain[2].lower(), axis)
        tokens = without_space(parse_component_value_list(text))
        return self._value(tokens[0], axis, 0) if len(tokens) == 1 and tokens[0].type == "function" else None

    def with_reference(self, size: float) -> "Units":
        """Return the same, with percentages of one length in either direction."""
        return replace(self, width=size, height=size)

    def _measure(self, number: float, unit: str, axis: str) -> float | None:
        if unit in _ABSOLUTE_UNITS:
            factor: float | None = _ABSOLUTE_UNITS[unit]
        else:
            relative = {
                "%": {"x": self.width, "y": self.height}.get(axis, self._diagonal) / 100,
                "em": self.font_size,
                "rem": self.root_font_size,
                "ex": self.font_size * _X_HEIGHT,
                "ch": self.font_size * _X_HEIGHT,
                "cap": self.font_size * _CAPITAL_HEIGHT,
                "ic": self.font_size,
                "lh": self.font_size * 1.2,
                "rlh": self.root_font_size * 1.2,
                "vw": self.view[0] / 100,
                "vh": self.view[1] / 100,
                "vi": self.view[0] / 100,
                "vb": self.view[1] / 100,
                "vmin": min(self.view) / 100,
                "vmax": max(self.view) / 100,
            }
            factor = relative.get(unit.removeprefix("s").removeprefix("l").removeprefix("d"))
            factor = relative.get(unit, factor)
        return None if factor is None or not math.isfinite(number) else number * factor

    @property
    def _diagonal(self) -> float:
        return math.hypot(self.width, self.height) / math.sqrt(2)

    def _value(self, token: Any, axis: str, depth: int) -> float | None:
        """Return what a token or a block stands for, with numbers as they are."""
        match token.type:
            case "number":
                return float(token.value)
            case "percentage":
                return self._measure(token.value, "%", axis)
            case "dimension":
                return self._measure(token.value, token.lower_unit, axis)
            case "ident":
                return {"pi": math.pi, "e": math.e}.get(token.lower_value)
            case "() block" if depth < _MAX_DEPTH:
                return self._sum(token.content, axis, depth + 1)
            case "function" if depth < _MAX_DEPTH:
                parts = split_at_commas(token.arguments)
                values = [self._sum(part, axis, depth + 1) for part in parts]
                known = [value for value in values if value is not None]
                return _call(token.lower_name, known) if len(known) == len(values) else None
        return None

    def _sum(self, tokens: Sequence[Any], axis: str, depth: int) -> float | None:
        """Return the value of terms with signs between them."""
        terms = without_space(tokens)
        total, factors, sign = 0.0, list[float](), 1.0
        operator = ""
        for place, token in enumerate(terms):
            if place % 2 == 0:
                value = self._value(token, axis, depth)
                if value is None or (operator == "/" and value == 0):
                    return None
                factors.append(1 / value if operator == "/" else value)
                continue
            operator = token.value if token.type == "literal" else ""
            if operator in ("+", "-"):
                total += sign * math.prod(factors)
                factors, sign = [], 1.0 if operator == "+" else -1.0
            elif operator not in ("*", "/"):
                return None
        return total + sign * math.prod(factors) if len(terms) % 2 else None


def _call(name: str, values: Sequence[float]) -> float | None:
    match name, len(values):
        case "calc" | "-webkit-calc", 1:
            return values[0]
        case "min", count if count:
            return min(values)
        case "max", count if count:
            return max(values)
        case "clamp", 3:
            return max(values[0], min(values[1], values[2]))
        case "abs", 1:
            return abs(values[0])
        case "hypot", count if count:
            return reduce(math.hypot, values)
    return None


def read_font_size(value: str, units: Units) -> float | None:
    """Return the size of type that a value of `font-size` means; None if it means none.

    units: of the element around.
    """
    if value in FONT_SIZES:
        return FONT_SIZES[value]
    if value in ("larger", "smaller"):
        return units.font_size * (1.2 if value == "larger" else 1 / 1.2)
    size = units.with_reference(units.font_size).length(value, "x")
    return size if size is not None and size >= 0 else None


def angle(text: str) -> float | None:
    """Return an angle in degrees; None if it is none."""
    plain = _PLAIN.fullmatch(text)
    return float(plain[1]) * _ANGLES[plain[2].lower()] if plain and plain[2].lower() in _ANGLES else None
