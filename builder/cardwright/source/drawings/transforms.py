"""Transformations of CSS, as a matrix.

Source: CSS Transforms 1 and 2.
"""

import math
import re
from collections.abc import Mapping
from typing import TypeAlias

from cardwright.source.lengths import Units, angle

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f: a point (x, y) goes to (ax + cy + e, bx + dy + f)."""

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, width and height."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

_FUNCTION = re.compile(r"\s*,?\s*([a-zA-Z0-9]+)\s*\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)")
_NUMBER = re.compile(r"[-+]?(?:[0-9]*\.[0-9]+|[0-9]+\.?)(?:[eE][-+]?[0-9]+)?")
_BARE_NUMBERS = re.compile(r"[-+0-9.eE\s,]+")
_SEPARATOR = re.compile(r"\s*,\s*|\s+(?![^()]*\))")


def multiply(outer: Matrix, inner: Matrix) -> Matrix:
    """Return the matrix of the inner transformation followed by the outer one."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return (
        a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f,
    )  # fmt: skip


def scale_of(matrix: Matrix) -> float:
    """Return by how much a matrix makes things larger, the mean of both directions."""
    a, b, c, d, *_ = matrix
    return math.sqrt(abs(a * d - b * c))


def is_even(matrix: Matrix) -> bool:
    """Return whether a matrix makes things larger by the same in all directions."""
    a, b, c, d, *_ = matrix
    size = math.hypot(a, b)
    return abs(size - math.hypot(c, d)) < size / 100 and abs(a * c + b * d) < size**2 / 100


def read_transform(text: str, units: Units, box: Box) -> Matrix | None:
    """Return the matrix of a list of functions; None if it is not understood.

    text: of the attribute or the property. box: what percentages refer to.
    """
    if text.strip().lower() in ("", "none"):
        return IDENTITY
    matrix, end = IDENTITY, 0
    while end < len(text.rstrip()):
        match = _FUNCTION.match(text, end)
        function = _function(match[1].lower(), match[2], units, box) if match else None
        if match is None or function is None:
            return None
        matrix, end = multiply(matrix, function), match.end()
    return matrix


def read_transforms(values: Mapping[str, str], units: Units, box: Box, origin_box: Box) -> Matrix | None:
    """Return the matrix of all properties that transform an element; None if one is not understood.

    box: what percentages refer to. origin_box: where the origin is counted from.
    """
    parts = {
        "translate": re.sub(r"\s+", ",", values.get("translate", "none").strip()),
        "rotate": values.get("rotate", "none").strip(),
        "scale": re.sub(r"\s+", ",", values.get("scale", "none").strip()),
    }
    written = [f"{name}({value})" for name, value in parts.items() if value.lower() != "none"]
    own = values.get("transform", "none")
    matrix = read_transform(f"{' '.join(written)} {'' if own.strip().lower() == 'none' else own}", units, box)
    origin = _origin(values.get("transform-origin", "0 0"), units, origin_box)
    if matrix is None or origin is None:
        return None
    x, y = origin
    return multiply(multiply((1, 0, 0, 1, x, y), matrix), (1, 0, 0, 1, -x, -y))


def _origin(text: str, units: Units, box: Box) -> tuple[float, float] | None:
    words = text.lower().split() if "(" not in text else _SEPARATOR.split(text.lower().strip())
    if len(words) == 1:
        words = ["center", words[0]] if words[0] in ("top", "bottom") else [words[0], "center"]
    if words[0] in ("top", "bottom") or words[1] in ("left", "right"):
        words[:2] = words[1::-1]
    names = {"left": "0%", "top": "0%", "center": "50%", "right": "100%", "bottom": "100%"}
    sizes = units.with_reference(box[2]), units.with_reference(box[3])
    x, y = (size.length(names.get(word, word), "x") for size, word in zip(sizes, words[:2], strict=True))
    return None if x is None or y is None else (box[0] + x, box[1] + y)


def _function(name: str, arguments: str, units: Units, box: Box) -> Matrix | None:
    # Of plain numbers the attribute may have no separators, as in `translate(3-4.5.2)`.
    is_bare = _BARE_NUMBERS.fullmatch(arguments) is not None
    texts = _NUMBER.findall(arguments) if is_bare else _SEPARATOR.split(arguments.strip())
    widths, heights = units.with_reference(box[2]), units.with_reference(box[3])
    match name, len(texts):
        case (("translatex" | "translatey"), 1):
            is_x = name == "translatex"
            moved = (widths if is_x else heights).length(texts[0], "x")
            return None if moved is None else (1, 0, 0, 1, moved if is_x else 0, 0 if is_x else moved)
        case ("translate", 1 | 2) | ("translate3d", 3):
            x = widths.length(texts[0], "x")
            y = heights.length(texts[1] if len(texts) > 1 else "0", "x")
            return None if x is None or y is None else (1, 0, 0, 1, x, y)
        case (("rotate" | "rotatez"), 1 | 3):
            return _rotation(texts, units)
        case (("skewx" | "skewy" | "skew"), 1 | 2):
            angles = [angle(text) for text in texts]
            if None in angles:
                return None
            first, second = (*(math.tan(math.radians(each or 0)) for each in angles), 0.0)[:2]
            return (1, first, 0, 1, 0, 0) if name == "skewy" else (1, second, first, 1, 0, 0)
    numbers = [_number(text) for text in texts]
    known = [number for number in numbers if number is not None]
    return _numeric_function(name, known) if len(known) == len(numbers) else None


def _rotation(texts: list[str], units: Units) -> Matrix | None:
    turn = angle(texts[0])
    centre = [units.length(text) for text in texts[1:]] or [0.0, 0.0]
    if turn is None or centre[0] is None or centre[1] is None:
        return None
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    rotation = (cosine, sine, -sine, cosine, 0.0, 0.0)
    x, y = centre[0], centre[1]
    return multiply(multiply((1, 0, 0, 1, x, y), rotation), (1, 0, 0, 1, -x, -y))


def _numeric_function(name: str, numbers: list[float]) -> Matrix | None:
    match name, numbers:
        case "matrix", [a, b, c, d, e, f]:
            return a, b, c, d, e, f
        case (("scale" | "scale3d"), [x, *more]):
            return x, 0, 0, more[0] if more else x, 0, 0
        case "scalex", [x]:
            return x, 0, 0, 1, 0, 0
        case "scaley", [y]:
            return 1, 0, 0, y, 0, 0
        case (("translatez" | "scalez" | "perspective"), [_]):
            return IDENTITY
    return None


def _number(text: str) -> float | None:
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text.removesuffix("px"))
    except ValueError:
        return None
