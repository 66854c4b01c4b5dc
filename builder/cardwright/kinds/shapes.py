"""Where a label is: a rectangle, an ellipse or a polygon, in percent of its picture."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from cardwright.collection.diagram import Shape
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.report import Report
from cardwright.source.nodes import Node, Scalar, Sequence

ShapeKind = Literal["rect", "ellipse", "polygon"]
SHAPE_KINDS: tuple[ShapeKind, ...] = ("rect", "ellipse", "polygon")

_NUMBER = re.compile(r"-?(?:[0-9]{1,6}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})")
_WHOLE = 100
_NEEDED = {
    "rect": "`rect: [left, top, width, height]`",
    "ellipse": "`ellipse: [left, top, width, height]`, the box around it",
    "polygon": "`polygon: [[10, 40], [20, 40], [15, 60]]`, three corners or more",
}
# So much in common makes two shapes one to the eye, and needs at least so much of their boxes in common.
_SAME = 0.9
_SAME_BOX = 0.7
_STEPS = 20


def read_shape(kind: ShapeKind, node: Node, label: str, report: Report) -> Shape | None:
    """The shape of a label; None after saying what is wrong with it.

    Errors: `unfit-shape` for other numbers than are needed, `mask-outside-picture`,
    `mask-without-area`.
    """
    points = _corners(node) if kind == "polygon" else _box(node)
    if points is None:
        odd = next((one for one in _scalars(node) if _number(one) is None), None)
        message = f"the {kind} of `{label}` needs numbers, in percent of the picture"
        note = "" if odd is None else f"`{truncate(odd.value, 20)}` is no number"
        span = (odd or node).span
        report.add(Diagnostic("unfit-shape", message, span, note=note, help=f"write {_NEEDED[kind]}"))
        return None
    shape = Shape(kind, points)
    left, top, right, bottom = shape.box
    if _area(shape) <= 0:
        message = f"the mask of `{label}` covers nothing"
        report.add(Diagnostic("mask-without-area", message, node.span, help=f"write {_NEEDED[kind]}"))
        return None
    if min(left, top) < 0 or max(right, bottom) > _WHOLE:
        whole = left >= _WHOLE or top >= _WHOLE or right <= 0 or bottom <= 0
        message = f"the mask of `{label}` lies {'' if whole else 'partly '}outside the picture"
        reach = f"it reaches from {left:g} to {right:g} across and from {top:g} to {bottom:g} down"
        advice = "0 is the left or top edge of the picture, 100 the right or bottom one"
        report.add(Diagnostic("mask-outside-picture", message, node.span, note=reach, help=advice))
        return None
    return shape


def coincide(one: Shape, other: Shape) -> bool:
    """Whether nine tenths of each of two shapes lie within the other."""
    sides = [
        (min(right, other_right) - max(left, other_left))
        for left, right, other_left, other_right in (
            (one.box[0], one.box[2], other.box[0], other.box[2]),
            (one.box[1], one.box[3], other.box[1], other.box[3]),
        )
    ]
    small, large = sorted((one, other), key=_box_area)
    # The boxes are looked at first, since a diagram may have many thousand pairs of labels.
    if min(sides) <= 0 or sides[0] * sides[1] < _SAME_BOX * _box_area(large):
        return False
    # Most of what is larger lies outside, so that pairs that do not coincide are soon found out.
    return _is_within(large, small) and _is_within(small, large)


def _is_within(one: Shape, other: Shape) -> bool:
    """Whether nine tenths of a shape lie within another."""
    held = _points(one)
    allowed = (1 - _SAME) * len(held)
    missed = 0
    for x, y in held:
        missed += not other.contains(x, y)
        if missed > allowed:
            return False
    return True


@lru_cache(maxsize=512)
def _points(shape: Shape) -> tuple[tuple[float, float], ...]:
    """Points spread evenly over a shape. Kept, since it is held against many others."""
    left, top, right, bottom = shape.box
    points = (
        (left + (across + 0.5) * (right - left) / _STEPS, top + (down + 0.5) * (bottom - top) / _STEPS)
        for down in range(_STEPS)
        for across in range(_STEPS)
    )
    return tuple(point for point in points if shape.contains(*point))


def _box_area(shape: Shape) -> float:
    left, top, right, bottom = shape.box
    return (right - left) * (bottom - top)


def _box(node: Node) -> tuple[tuple[float, float], ...] | None:
    numbers = _numbers(node)
    if numbers is None or len(numbers) != 4:
        return None
    left, top, width, height = numbers
    # Sums of decimal fractions are off by a little, which must not push a mask over the edge.
    return (left, top), (round(left + width, 6), round(top + height, 6))


def _corners(node: Node) -> tuple[tuple[float, float], ...] | None:
    if not isinstance(node, Sequence) or len(node.items) < 3:
        return None
    corners = [numbers for item in node.items if (numbers := _numbers(item)) is not None]
    if len(corners) != len(node.items) or any(len(corner) != 2 for corner in corners):
        return None
    return tuple((x, y) for x, y in corners)


def _numbers(node: Node) -> list[float] | None:
    if not isinstance(node, Sequence):
        return None
    numbers = [_number(item) for item in node.items]
    return None if None in numbers else [number for number in numbers if number is not None]


def _number(node: Node) -> float | None:
    fits = isinstance(node, Scalar) and _NUMBER.fullmatch(node.value)
    return float(node.value) if isinstance(node, Scalar) and fits else None


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)


def _area(shape: Shape) -> float:
    """In square percent; 0 or less for a box that has none."""
    if shape.kind == "polygon":
        closed = (*shape.points, shape.points[0])
        return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(closed))) / 2
    (left, top), (right, bottom) = shape.points
    return min(right - left, bottom - top)
