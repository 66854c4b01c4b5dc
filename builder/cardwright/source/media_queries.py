"""Media queries, as a browser answers them for a medium.

Source: Media Queries 4.
"""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import tinycss2

from cardwright.source.css_tokens import split_at_commas, without_space
from cardwright.source.lengths import Units

_RESOLUTIONS = {"dppx": 1.0, "x": 1.0, "dpi": 1 / 96, "dpcm": 2.54 / 96}
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq,
}  # fmt: skip
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}


@dataclass(frozen=True, slots=True)
class Medium:
    """Where something is shown. width, height: of the page, in px."""

    width: float = 800
    height: float = 600
    colour_scheme: str = "light"

    @property
    def words(self) -> dict[str, str]:
        """The features whose values are words."""
        return {
            "prefers-color-scheme": self.colour_scheme,
            "orientation": "landscape" if self.width > self.height else "portrait",
            "prefers-reduced-motion": "no-preference",
            "prefers-contrast": "no-preference",
            "forced-colors": "none",
            "inverted-colors": "none",
            "scripting": "enabled",
            "hover": "hover",
            "any-hover": "hover",
            "pointer": "fine",
            "any-pointer": "fine",
            "update": "fast",
            "display-mode": "browser",
            "color-gamut": "srgb",
            "overflow-block": "scroll",
            "overflow-inline": "scroll",
        }

    @property
    def numbers(self) -> dict[str, float]:
        """The features whose values are numbers: in px, dots to the px, bits, or none."""
        return {
            "width": self.width,
            "height": self.height,
            "device-width": self.width,
            "device-height": self.height,
            "aspect-ratio": self.width / self.height,
            "resolution": 1,
            "color": 8,
            "color-index": 0,
            "monochrome": 0,
            "grid": 0,
        }


def media_match(queries: str, medium: Medium) -> bool:
    """Return whether a list of media queries holds. A query that is not understood does not hold."""
    values = split_at_commas(tinycss2.parse_component_value_list(queries, skip_comments=True))
    parts = [without_space(part) for part in values]
    return parts == [[]] or any(_query(part, medium) is True for part in parts)


def _query(tokens: Sequence[Any], medium: Medium) -> bool | None:
    """Return whether a query holds; None if it is not understood."""
    words = [token.lower_value if token.type == "ident" else "" for token in tokens]
    if not tokens:
        return None
    is_negated = words[0] == "not" and len(tokens) > 1 and bool(words[1])
    rest = words[1:] if words[0] in ("not", "only") and len(words) > 1 and words[1] else words
    if not rest[0] or rest[0] == "not":
        return _condition(tokens, medium)
    holds: bool | None = rest[0] in ("all", "screen")
    conditions = tokens[len(tokens) - len(rest) + 1 :]
    if conditions:
        if rest[1] != "and" or len(conditions) < 2:
            return None
        inner = _condition(conditions[1:], medium)
        holds = None if inner is None else bool(holds) and inner
    return (not holds) if is_negated and holds is not None else holds


def _condition(tokens: Sequence[Any], medium: Medium) -> bool | None:
    """Return whether conditions joined by `and`, `or` or `not` hold; None if they are not understood."""
    if tokens and tokens[0].type == "ident" and tokens[0].lower_value == "not":
        inner = _condition(tokens[1:], medium) if len(tokens) == 2 else None
        return None if inner is None else not inner
    values = [_in_brackets(token, medium) for token in tokens[::2]]
    joints = {token.lower_value if token.type == "ident" else "" for token in tokens[1::2]}
    if len(tokens) % 2 == 0 or (not joints <= {"and"} and not joints <= {"or"}):
        return None
    if joints == {"or"}:
        return True if True in values else None if None in values else False
    return False if False in values else None if None in values else True


def _in_brackets(token: Any, medium: Medium) -> bool | None:
    if token.type != "() block":
        return None
    inner = without_space(token.content)
    if inner and (
        inner[0].type == "() block" or (inner[0].type == "ident" and inner[0].lower_value == "not")
    ):
        return _condition(inner, medium)
    return _feature(tinycss2.serialize(token.content).strip().lower(), medium)


def _feature(text: str, medium: Medium) -> bool | None:
    """Return whether a feature such as `min-width: 30em` or `400px <= width` holds."""
    name, colon, value = (part.strip() for part in text.partition(":"))
    if not colon and text in medium.words:
        return medium.words[text] not in ("none", "no-preference")
    if not colon and text in medium.numbers:
        return medium.numbers[text] != 0
    if colon and name in medium.words:
        return medium.words[name] == value
    if colon:
        sign = {"min-": ">=", "max-": "<="}.get(name[:4], "=")
        return _compare(name[4:] if sign != "=" else name, sign, value, medium)
    parts = re.split(r"\s*(<=|>=|<|>|=)\s*", text)
    if len(parts) == 3 and parts[0] in medium.numbers:
        return _compare(parts[0], parts[1], parts[2], medium)
    if len(parts) == 3:
        return _compare(parts[2], _MIRRORED[parts[1]], parts[0], medium)
    if len(parts) == 5:
        low = _compare(parts[2], _MIRRORED[parts[1]], parts[0], medium)
        high = _compare(parts[2], parts[3], parts[4], medium)
        return None if low is None or high is None else low and high
    return None


def _compare(name: str, sign: str, value: str, medium: Medium) -> bool | None:
    number = _number(value)
    if number is None or name not in medium.numbers:
        return None
    return _COMPARISONS[sign](medium.numbers[name], number)


def _number(text: str) -> float | None:
    if ratio := re.fullmatch(r"(\d+\.?\d*|\.\d+)\s*/\s*(\d+\.?\d*|\.\d+)", text):
        return float(ratio[1]) / float(ratio[2]) if float(ratio[2]) else None
    if match := re.fullmatch(r"(\d+\.?\d*|\.\d+)(dppx|x|dpi|dpcm)", text):
        return float(match[1]) * _RESOLUTIONS[match[2]]
    return None if "%" in text else Units().length(text)
