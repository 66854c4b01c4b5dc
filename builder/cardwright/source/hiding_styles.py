"""Ways in which a style takes an element out of sight, besides `display` and `visibility`.

A question that hides its answer must not show it on paper, so what is doubtful counts as hidden.
"""

import re
from collections.abc import Mapping

from cardwright.source.css_values import VIEWPORT, to_pixels

_SMALLEST_VISIBLE = 2.0  # px
_FAR_AWAY = 300.0  # px
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_FUNCTION = re.compile(r"([a-z0-9-]+)\(((?:[^()]|\([^()]*\))*)\)")
_TURNS = {"deg": 360.0, "grad": 400.0, "rad": 6.2832, "turn": 1.0}
_SIDES = (("left", 0), ("right", 0), ("top", 1), ("bottom", 1))


def is_out_of_sight(values: Mapping[str, str], size: float, display: str) -> bool:
    """Return whether nothing of an element can be seen.

    values: its style. size: of its type, in px. display: how it is laid out.
    """
    return (
        size * _zoom(values) < _SMALLEST_VISIBLE
        or values.get("content-visibility") == "hidden"
        or values.get("text-security", "none") != "none"
        or _is_far_away(values, size)
        or _is_transformed_away(values, size)
        or _is_clipped(values, size)
        or _is_filtered_out(values.get("filter", ""), size)
        or (display not in ("inline", "contents") and _has_no_room(values, size))
    )


def _zoom(values: Mapping[str, str]) -> float:
    number = re.fullmatch(rf"({_NUMBER})(%?)", values.get("zoom", ""))
    factor = float(number[1]) / (100 if number[2] else 1) if number else 1.0
    return factor if factor > 0 else 1.0


def _is_far_away(values: Mapping[str, str], size: float) -> bool:
    position = values.get("position", "static")
    if abs(to_pixels(values.get("text-indent", ""), size, VIEWPORT[0]) or 0) >= _FAR_AWAY:
        return True
    for side, axis in _SIDES:
        margin = to_pixels(values.get(f"margin-{side}", ""), size, VIEWPORT[0]) or 0
        offset = to_pixels(values.get(side, ""), size, VIEWPORT[axis]) or 0
        if position == "static" or abs(offset) < _FAR_AWAY:
            offset = 0
        if min(margin, offset) <= -_FAR_AWAY or offset >= 0.9 * VIEWPORT[axis]:
            return True
    return False


def _is_far(move: float) -> bool:
    """Return whether what is moved so far, in px, is out of a window."""
    return move <= -_FAR_AWAY or move >= 0.9 * max(VIEWPORT)


def _is_transformed_away(values: Mapping[str, str], size: float) -> bool:
    functions = [*_FUNCTION.findall(values.get("transform", ""))]
    functions += [(name, values[name]) for name in ("scale", "translate") if name in values]
    for name, arguments in functions:
        parts = [part for part in re.split(r"[\s,]+", arguments.strip()) if part]
        if name.startswith("scale") and any(
            re.match(rf"{_NUMBER}%?\Z", p) and _is_zero(p) for p in parts[:2]
        ):
            return True
        if name.startswith("translate") and any(_is_far(to_pixels(p, size, 100) or 0) for p in parts):
            return True
        if name == "matrix" and len(parts) == 6 and _is_flat(parts):
            return True
        if name in ("rotatex", "rotatey") and _is_turned_away(parts, values.get("backface-visibility", "")):
            return True
    return False


def _is_zero(number: str) -> bool:
    return abs(float(number.rstrip("%"))) < 0.01


def _is_flat(parts: list[str]) -> bool:
    numbers = [float(part) if re.fullmatch(_NUMBER, part) else 1.0 for part in parts]
    return abs(numbers[0] * numbers[3] - numbers[1] * numbers[2]) < 0.001


def _is_turned_away(parts: list[str], backface: str) -> bool:
    """Return whether something shows its edge, or its back, which is not seen."""
    match = re.fullmatch(rf"({_NUMBER})(deg|grad|rad|turn)", "".join(parts))
    turns = float(match[1]) / _TURNS[match[2]] % 1 if match else 0.0
    is_on_edge = min(abs(turns - 0.25), abs(turns - 0.75)) < 0.01
    return is_on_edge or (backface == "hidden" and 0.25 < turns < 0.75)


def _is_clipped(values: Mapping[str, str], size: float) -> bool:
    """Return whether `clip` or `clip-path` leaves nothing, such as `rect(0 0 0 0)` or `inset(50%)`."""
    clips = [values.get("clip-path", "")]
    if values.get("position") in ("absolute", "fixed"):
        clips.append(values.get("clip", ""))
    for name, arguments in _FUNCTION.findall(" ".join(clips)):
        words = re.split(r"[\s,]+", arguments.strip())
        lengths = [length for word in words if (length := to_pixels(word, size, 100)) is not None]
        if not lengths:
            continue
        match name:
            case "rect" if len(lengths) == 4:
                is_empty = lengths[1] - lengths[3] <= 1 or lengths[2] - lengths[0] <= 1
            case "inset":
                is_empty = max(lengths) >= 50
            case "polygon":
                is_empty = not any(lengths)
            case _:
                is_empty = name in ("circle", "ellipse") and lengths[0] <= 1
        if is_empty:
            return True
    return False


def _is_filtered_out(filters: str, size: float) -> bool:
    for name, argument in _FUNCTION.findall(filters):
        if name == "blur" and (to_pixels(argument, size) or 0) >= _SMALLEST_VISIBLE:
            return True
        if name == "opacity" and (to_pixels(argument or "1", size, 1) or 0) < 0.1:
            return True
    return False


def _has_no_room(values: Mapping[str, str], size: float) -> bool:
    for axis, names in enumerate((("width", "max-width"), ("height", "max-height", "line-height"))):
        lengths = (to_pixels(values.get(name, ""), size, VIEWPORT[axis]) for name in names)
        is_clipping = values.get(f"overflow-{'xy'[axis]}", "visible") != "visible"
        if is_clipping and any(length is not None and length <= _SMALLEST_VISIBLE for length in lengths):
            return True
    return False
