"""Boxes of shapes, and the basic shapes of CSS that elements are clipped to.

Source: CSS Shapes 1, section 3; SVG 2, chapter 10.
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from tinycss2 import parse_one_component_value, serialize

from cardwright.source.css_tokens import split_at_commas, without_space
from cardwright.source.drawings.properties import split_list
from cardwright.source.drawings.transforms import Box
from cardwright.source.lengths import Units

_NUMBER = re.compile(r"[-+]?(?:[0-9]*\.[0-9]+|[0-9]+\.?)(?:[eE][-+]?[0-9]+)?")

# Paths that have no length: closed where they begin, and one line to where it begins.
_N = _NUMBER.pattern
_CLOSED_AT_ONCE = re.compile(rf"([Mm]\s*(?:{_N})[\s,]*(?:{_N})\s*)[zZ]")
_ONE_LINE = re.compile(rf"\s*[Mm]\s*({_N})[\s,]*({_N})\s*([hHvVlL])\s*({_N})(?:[\s,]*({_N}))?\s*[zZ]?\s*")


def box_of(tag: str, attributes: Mapping[str, str], units: Units) -> Box | None:
    """Return the box around a basic shape, without its stroke; None for anything else."""

    def get(name: str, axis: str) -> float:
        return units.length(attributes.get(name, "0"), axis) or 0.0

    match tag:
        case "rect" | "image":
            return get("x", "x"), get("y", "y"), get("width", "x"), get("height", "y")
        case "circle" | "ellipse":
            rx = get("r", "") if tag == "circle" else get("rx", "x")
            ry = get("r", "") if tag == "circle" else get("ry", "y")
            return get("cx", "x") - rx, get("cy", "y") - ry, 2 * rx, 2 * ry
        case "line":
            numbers = [get("x1", "x"), get("y1", "y"), get("x2", "x"), get("y2", "y")]
        case "polygon" | "polyline":
            numbers = [float(number) for number in _NUMBER.findall(attributes.get("points", ""))]
        case _:
            return None
    if len(numbers) < 2:
        return None
    xs, ys = numbers[0 : len(numbers) // 2 * 2 : 2], numbers[1::2]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def drawn_dot(tag: str, attributes: Mapping[str, str], step: float) -> dict[str, str]:
    """Return attributes that give a line without length a tiny one: the engine draws no others.

    A browser shows such a line as a dot if its ends are round or square. step: the tiny length.
    """
    get = attributes.get
    match tag:
        case "line" if all(get(f"{axis}1", "0") == get(f"{axis}2", "0") for axis in "xy"):
            x = get("x1", "0")
            return {"x2": f"{float(x) + step:.6g}"} if _NUMBER.fullmatch(x) else {}
        case "polyline" | "polygon":
            numbers = [float(number) for number in _NUMBER.findall(get("points", ""))]
            if len(numbers) > 3 and len({*numbers[::2]}) == len({*numbers[1::2]}) == 1:
                return {"points": f"{numbers[0]},{numbers[1]} {numbers[0] + step:.6g},{numbers[1]}"}
        case "path":
            data = _CLOSED_AT_ONCE.sub(rf"\1h{step:.6g}z", get("d", ""))
            if match := _ONE_LINE.fullmatch(data):
                x, y, command, *ends = match.groups()
                here = {"h": ["0", None], "v": ["0", None], "l": ["0", "0"]}
                here |= {"H": [x, None], "V": [y, None], "L": [x, y]}
                if ends == here[command]:
                    data = f"M{x} {y}h{step:.6g}"
            return {"d": data}
    return {}


def clip_shape(value: str, box: Box | None, units: Units) -> str | None:
    """Return the content of a `<clipPath>` for a basic shape of CSS; None if it is not understood.

    box: of what is clipped. None if it is not known: then the shape is in units of that box, and
        lengths that are no percentages are not understood.
    """
    name, tokens = _function(value)
    read = _SHAPES.get(name)
    # Other boxes, and corners that differ, are not drawn.
    if "view-box" in value or re.search(r"round\s+\S+\s+\S", value):
        return None
    if read is None or (box is None and re.search(r"[0-9.](?:px|pt|em|rem|cm|mm|in|q|v[wh])\b", value)):
        return None
    left, top, width, height = box or (0.0, 0.0, 1.0, 1.0)
    return read(tokens, left, top, units.with_reference(width), units.with_reference(height))


def _function(value: str) -> tuple[str, list[Any]]:
    # What follows the function is the box that it refers to.
    token = parse_one_component_value(split_list(value)[0] if "(" in value else value, skip_comments=True)
    if token.type != "function":
        return "", []
    return token.lower_name, token.arguments


def _words(tokens: list[Any]) -> list[str]:
    return [token.serialize() for token in without_space(tokens)]


def _position(words: list[str], left: float, top: float, across: Units, down: Units) -> tuple[float, float]:
    names = {"center": "50%", "left": "0%", "top": "0%", "right": "100%", "bottom": "100%"}
    if words and words[0] in ("top", "bottom"):
        words = [*words[1::-1]] if len(words) > 1 else ["center", words[0]]
    x, y = (*(names.get(word.lower(), word) for word in words[:2]), "50%", "50%")[:2]
    return left + (across.length(x, "x") or 0.0), top + (down.length(y, "x") or 0.0)


def _ellipse(tokens: list[Any], left: float, top: float, across: Units, down: Units) -> str:
    words = [word.lower() for word in _words(tokens)]
    at = words.index("at") if "at" in words else len(words)
    x, y = _position(words[at + 1 :], left, top, across, down)
    width, height = across.width, down.width
    sides = {
        "closest-side": (min(x - left, left + width - x), min(y - top, top + height - y)),
        "farthest-side": (max(x - left, left + width - x), max(y - top, top + height - y)),
    }
    radii = words[:at] or ["closest-side"]
    if len(radii) == 1:
        diagonal = across.with_reference(math.hypot(width, height) / math.sqrt(2))
        choose = min if radii[0] == "closest-side" else max
        named = sides.get(radii[0])
        radius = choose(named) if named else diagonal.length(radii[0], "x") or 0.0
        rx = ry = radius
    else:
        rx = sides[radii[0]][0] if radii[0] in sides else across.length(radii[0], "x") or 0.0
        ry = sides[radii[1]][1] if radii[1] in sides else down.length(radii[1], "x") or 0.0
    return f'<ellipse cx="{x:.6g}" cy="{y:.6g}" rx="{rx:.6g}" ry="{ry:.6g}"/>'


def _inset(tokens: list[Any], left: float, top: float, across: Units, down: Units) -> str:
    words = [word.lower() for word in _words(tokens)]
    at = words.index("round") if "round" in words else len(words)
    edges = words[:at] or ["0"]
    upper, right, lower, start = (edges * 4)[:4] if len(edges) != 3 else (*edges, edges[1])
    x, y = across.length(start, "x") or 0.0, down.length(upper, "x") or 0.0
    width = across.width - x - (across.length(right, "x") or 0.0)
    height = down.width - y - (down.length(lower, "x") or 0.0)
    radius = (across.length(words[at + 1], "x") or 0.0) if at + 1 < len(words) else 0.0
    return (
        f'<rect x="{left + x:.6g}" y="{top + y:.6g}" width="{max(width, 0):.6g}"'
        f' height="{max(height, 0):.6g}" rx="{radius:.6g}"/>'
    )


def _polygon(tokens: list[Any], left: float, top: float, across: Units, down: Units) -> str | None:
    parts = [_words(part) for part in split_at_commas(tokens)]
    rule = parts.pop(0)[0] if parts and parts[0] in (["evenodd"], ["nonzero"]) else "nonzero"
    points = [(across.length(part[0], "x"), down.length(part[1], "x")) for part in parts if len(part) == 2]
    if not points or len(points) < len(parts):
        return None
    written = " ".join(f"{left + (x or 0):.6g},{top + (y or 0):.6g}" for x, y in points)
    return f'<polygon points="{written}" clip-rule="{rule}"/>'


def _path(tokens: list[Any], left: float, top: float, across: Units, _down: Units) -> str | None:
    strings = [token.value for token in tokens if token.type == "string"]
    if len(strings) != 1 or across.width == 1.0:
        return None
    rule = "evenodd" if "evenodd" in serialize(tokens).lower() else "nonzero"
    data = strings[0].replace("&", "").replace('"', "").replace("<", "")
    return f'<path d="{data}" transform="translate({left:.6g} {top:.6g})" clip-rule="{rule}"/>'


_SHAPES: Mapping[str, Callable[[list[Any], float, float, Units, Units], str | None]] = {
    "circle": _ellipse,
    "ellipse": _ellipse,
    "inset": _inset,
    "polygon": _polygon,
    "path": _path,
}


def view_box(element: ET.Element) -> tuple[float, float, float, float] | None:
    """Return left, top, width and height of what an element shows; None if it does not say."""
    try:
        numbers = [float(number) for number in element.get("viewBox", "").replace(",", " ").split()]
    except ValueError:
        return None
    if len(numbers) != 4 or min(numbers[2:]) <= 0:
        return None
    return numbers[0], numbers[1], numbers[2], numbers[3]
