"""What a font makes of a text: which glyphs, and where they are. Tells whether a sign is shown whole."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from cardwright.formats.pdf.graphemes import (
    grapheme_clusters,
    has_double_mark,
    has_variation,
    is_emoji,
    visible_characters,
)
from cardwright.formats.pdf.nodes import Json

Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right and top in pt, at 10 pt type; the base line is at the bottom of a line, or y = 0."""

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_NUMBER = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
_PATH_PART = re.compile(rf"([a-zA-Z])((?:[ ,]*{_NUMBER})*)")
_JOINER = "\u200d"
_CONJOINING_JAMO = re.compile("[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]")
# Our own judgement, from looking at many signs in many fonts.
_MAX_WIDENING = 1.3
_MAX_OVERLAP = 0.4
_MAX_OVERHANG = 2.5  # in pt, at 10 pt type
_MIN_SPAN = 1.0  # the same; of a mark over two letters, on either of them
_MAX_OFFSET = 1.5  # the same; of the middle of a mark from the letter


@dataclass(frozen=True, slots=True)
class Shape:
    """A text as a font shows it. width: its advance in pt. glyphs: with their ink, if it has an outline."""

    width: float
    glyphs: tuple[tuple[str, Box | None], ...]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.glyphs]


def parts_to_compare(piece: str) -> list[str]:
    """Return the parts of a sign that show whether it is whole; empty if having its characters is enough."""
    if len(piece) == 1:
        return []
    if is_emoji(piece):
        elements = piece.split(_JOINER)
        return elements if len(elements) > 1 else list(piece)
    if has_variation(piece) and len(visible_characters(piece)) == 1:
        return [piece[0]]
    if _CONJOINING_JAMO.search(piece):
        return list(piece)
    if has_double_mark(piece):
        clusters = grapheme_clusters(piece)
        return [clusters[0][0], *clusters[1:]] if len(clusters) > 1 else []
    is_marked = all(unicodedata.category(character) in ("Mn", "Me") for character in piece[1:])
    return [piece[0]] if is_marked and _is_plain(piece[0]) else []


def is_whole(piece: str, shape: Shape, parts: Sequence[Shape]) -> bool:
    """Tell whether a sign is shown as one, not as its parts beside or on each other.

    parts: the shapes of `parts_to_compare`, each of which is whole by itself.
    """
    if has_double_mark(piece):
        return _spans_both(shape, parts)
    widest = max(part.width for part in parts)
    if is_emoji(piece) or has_variation(piece):
        unchanged = shape.names == [name for part in parts for name in part.names]
        only_selects = len(piece) == 2 and piece.endswith("\ufe0f")
        return (not unchanged or only_selects) and shape.width <= _MAX_WIDENING * widest
    if shape.width > _MAX_WIDENING * widest:
        return False
    boxes = [box for _, box in shape.glyphs if box]
    if _CONJOINING_JAMO.search(piece) or not boxes:
        return True
    if (
        min(box[0] for box in boxes) < -_MAX_OVERHANG
        or max(box[2] for box in boxes) > shape.width + _MAX_OVERHANG
    ):
        return False
    base = max(boxes, key=_area)
    marks = [box for box in boxes if box is not base]
    is_beside = any(
        not base[0] - _MAX_OFFSET <= (mark[0] + mark[2]) / 2 <= base[2] + _MAX_OFFSET for mark in marks
    )
    return not is_beside and not any(
        _overlap(mark, other) > _MAX_OVERLAP * min(_area(mark), _area(other))
        for index, mark in enumerate(marks)
        for other in marks[:index]
    )


def _spans_both(shape: Shape, letters: Sequence[Shape]) -> bool:
    """Tell whether a mark extends over two letters, which are as near to each other as without it."""
    end_of_first = letters[0].width
    width = sum(letter.width for letter in letters)
    return shape.width <= _MAX_WIDENING * width and any(
        box and box[0] < end_of_first - _MIN_SPAN and box[2] > end_of_first + _MIN_SPAN
        for _, box in shape.glyphs
    )


def _is_plain(character: str) -> bool:
    """Tell whether marks on a character are placed as on Latin letters, so that boxes can be compared."""
    return character < "\u0600" or "\u1e00" <= character < "\u3000"


def read_shape(page: bytes) -> Json:
    """Return the shape on a page that the engine wrote as SVG, as JSON."""
    from xml.etree import ElementTree as ET  # noqa: PLC0415  few decks have such signs

    root = ET.fromstring(page)  # noqa: S314  the engine wrote it
    outlines = {
        f"#{symbol.get('id')}": " ".join(path.get("d", "") for path in symbol.iter(f"{_SVG}path"))
        for symbol in root.iter(f"{_SVG}symbol")
    }
    height = float(root.get("height", "0pt").removesuffix("pt"))
    glyphs: list[Json] = []
    for group in root.findall(f"{_SVG}g"):
        *_, dx, dy = (float(number) for number in re.findall(_NUMBER, group.get("transform", "")))
        for use in group.iter(f"{_SVG}use"):
            name = use.get(_HREF, "")
            x, y = dx + float(use.get("x", "0")), height - dy + float(use.get("y", "0"))
            box = _box(outlines.get(name, ""))
            ink = None if box is None else [box[0] + x, box[1] + y, box[2] + x, box[3] + y]
            glyphs.append([name, ink])
    return {"width": float(root.get("width", "0pt").removesuffix("pt")), "glyphs": glyphs}


def to_shape(data: Mapping[str, Any]) -> Shape:
    """Return a shape from its JSON."""
    glyphs = ((name, None if ink is None else tuple(ink)) for name, ink in data["glyphs"])
    return Shape(data["width"], tuple(glyphs))


def _box(path: str) -> Box | None:
    """Return the box around the points of an outline, control points included."""
    points = list(_points(path))
    if not points:
        return None
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _points(path: str) -> Iterator[tuple[float, float]]:
    """Yield the points of an outline; the engine begins each with a move to the origin, which is none."""
    x = y = 0.0
    start = (x, y)
    for command, text in _PATH_PART.findall(path):
        numbers = [float(number) for number in re.findall(_NUMBER, text)]
        if command in "zZ":
            x, y = start
        if command in "hH":
            pairs = [(numbers[0], 0.0 if command == "h" else y)]
        elif command in "vV":
            pairs = [(0.0 if command == "v" else x, numbers[0])]
        else:
            pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command.islower():
            pairs = [(x + dx, y + dy) for dx, dy in pairs]
        if pairs:
            x, y = pairs[-1]
        if command in "mM":
            start = (x, y)
        if command != "M":
            yield from pairs


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _overlap(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0) * max(height, 0)
