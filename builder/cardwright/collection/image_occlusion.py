"""The masks of Anki's own image occlusion: as text in a field of a note, and over the picture on paper.

Each mask is a cloze deletion such as `{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1}}`,
with lengths in fractions of the picture.

Source: Anki, rslib/src/image_occlusion/imageocclusion.rs; ts/routes/image-occlusion/shapes/.
"""

import re
from collections.abc import Mapping
from typing import Literal

from cardwright.collection import content as c
from cardwright.collection.diagram import Diagram, Mask, MaskedPicture, Shape
from cardwright.record import Record

IMAGE_OCCLUSION = "image-occlusion:"
"""What the text of a mask begins with."""
_DELETION = re.compile(r"\{\{c([0-9]{1,3})::image-occlusion:([^{}<>&]*)\}\}")
_BETWEEN = r"(?:\s|<br>|</?div>|&nbsp;)*"
_FIELD = re.compile(rf"{_BETWEEN}(?:{_DELETION.pattern}{_BETWEEN})+")
_NUMBER = re.compile(r"-?(?:[0-9]{1,4}\.?[0-9]*|\.[0-9]+)")
_PLACES: Mapping[str, tuple[str, ...]] = {
    "rect": ("left", "top", "width", "height"),
    "ellipse": ("left", "top", "rx", "ry"),
    "polygon": ("left", "top", "points"),
}
"""The properties that say where a mask of each shape is. Others turn or colour it."""
_HIDES_ALL = "oi"
_DECIMALS = 2
"""Of percentages: Anki's editor writes fractions with four decimals."""


class OcclusionMasks(Record, frozen=True):
    """The masks of a note.

    shapes: of each cloze number, in percent of the picture. hides_all: as in `Diagram`.
    """

    shapes: Mapping[int, tuple[Shape, ...]]
    hides_all: bool


def read_masks(html: str) -> OcclusionMasks | None:
    """Return the masks in a field; None if there are none, or if any of them can't be one of a diagram.

    Those can't that are texts, that are turned, coloured, on all cards or beside the picture, or that don't
    agree on what they hide.
    """
    if _FIELD.fullmatch(html) is None:
        return None
    shapes: dict[int, list[Shape]] = {}
    choices: set[bool] = set()
    for deletion in _DELETION.finditer(html):
        number, (kind, values) = int(deletion[1]), _split(deletion[2])
        shape = _read_shape(kind, values)
        is_plain = values.keys() - {_HIDES_ALL} == set(_PLACES.get(kind, ()))
        if shape is None or not is_plain or not 0 < number <= c.LAST_CLOZE or _is_outside(shape):
            return None
        shapes.setdefault(number, []).append(shape)
        choices.add(values.get(_HIDES_ALL) == "1")
    if len(choices) != 1:
        return None
    return OcclusionMasks({number: tuple(shapes[number]) for number in sorted(shapes)}, choices.pop())


def write_mask(shape: Shape, *, hides_all: bool) -> str:
    """Return a shape as the text of its deletion. hides_all: as in `Diagram`."""
    left, top, right, bottom = shape.box
    width, height = right - left, bottom - top
    if shape.kind == "rect":
        size = f"width={_fraction(width)}:height={_fraction(height)}"
    elif shape.kind == "ellipse":
        size = f"rx={_fraction(width / 2)}:ry={_fraction(height / 2)}"
    else:
        size = "points=" + " ".join(f"{_fraction(x)},{_fraction(y)}" for x, y in shape.points)
    others = f":{_HIDES_ALL}=1" if hides_all else ""
    return f"{IMAGE_OCCLUSION}{shape.kind}:left={_fraction(left)}:top={_fraction(top)}:{size}{others}"


def write_masks(diagram: Diagram) -> c.Content:
    """Return the masks of a diagram as the content of the field that has them."""
    inlines: list[c.Inline] = []
    for label in sorted(diagram.labels, key=lambda label: label.cloze_number):
        for shape in label.shapes:
            text = c.Text(write_mask(shape, hides_all=diagram.hides_all))
            inlines += (c.Cloze((label.cloze_number,), (text,)), c.LineBreak())
    return (c.Paragraph(tuple(inlines[:-1])),)


def with_masks(pictures: c.Content, masks: c.Content, number: int, *, is_front: bool) -> c.Content:
    """Return the pictures of a field with the masks of one card.

    masks: the field that has them, each in a cloze deletion. number: of the card's deletions.

    The front asks for what is under the masks of the card, and the back outlines it. The other masks stay
    where the note hides all of them on each card, and so do those with the number 0.
    """
    drawn: list[Mask] = []
    for deletion in c.deletions(masks):
        text = c.inlines_text(deletion.children)
        if not text.startswith(IMAGE_OCCLUSION):
            continue
        kind, values = _split(text.removeprefix(IMAGE_OCCLUSION))
        shape = _read_shape(kind, values)
        if shape is not None and number in deletion.numbers:
            drawn.append(Mask(shape, "asked", "?") if is_front else Mask(shape, "outlined"))
        elif shape is not None and (values.get(_HIDES_ALL) == "1" or 0 in deletion.numbers):
            drawn.insert(0, Mask(shape, "hidden"))

    def change(inline: c.Inline) -> c.Inlines | None:
        if not isinstance(inline, c.Image):
            return None
        return (MaskedPicture(inline.file, inline.alt, inline.width, masks=tuple(drawn)),)

    return c.map_runs(pictures, lambda run: c.map_inlines(run, change))


def _split(text: str) -> tuple[str, Mapping[str, str]]:
    """Return the kind of a mask's shape, and its properties. text: such as `rect:left=.1:top=.2`."""
    kind, *properties = text.split(":")
    return kind, dict(pair.partition("=")[::2] for pair in properties)


def _read_shape(kind: str, values: Mapping[str, str]) -> Shape | None:
    """Return the shape of a mask; None for what covers nothing, such as a text."""
    left, top = _percent(values.get("left", "")), _percent(values.get("top", ""))
    if kind == "polygon":
        pairs = [point.split(",") for point in values.get("points", "").split(" ")]
        corners = [(_percent(pair[0]), _percent(pair[1])) for pair in pairs if len(pair) == 2]
        if len(corners) < 3 or len(corners) < len(pairs):
            return None
        # Where it was moved to, its corners don't say.
        move_x, move_y = left - min(x for x, _ in corners), top - min(y for _, y in corners)
        shape = Shape("polygon", tuple((_rounded(x + move_x), _rounded(y + move_y)) for x, y in corners))
        return shape if shape.area > 0 else None
    scale = 2 if kind == "ellipse" else 1
    sides = ("rx", "ry") if kind == "ellipse" else ("width", "height")
    width, height = (scale * _percent(values.get(name, "")) for name in sides)
    if kind not in ("rect", "ellipse") or width <= 0 or height <= 0:
        return None
    known: Literal["rect", "ellipse"] = "ellipse" if kind == "ellipse" else "rect"
    return Shape(known, ((left, top), (_rounded(left + width), _rounded(top + height))))


def _is_outside(shape: Shape) -> bool:
    left, top, right, bottom = shape.box
    return left >= 100 or top >= 100 or right <= 0 or bottom <= 0


def _percent(fraction: str) -> float:
    """Return a fraction as a percentage; 0 for what is no number."""
    if _NUMBER.fullmatch(fraction) is None:
        return 0
    return _rounded(min(max(100 * float(fraction), -1_000), 1_000))


def _rounded(percent: float) -> float:
    return round(percent, _DECIMALS) + 0.0  # no -0.0


def _fraction(percent: float) -> str:
    """Return a percentage as a fraction, as Anki writes it."""
    return f"{percent / 100:.6f}".rstrip("0").rstrip(".").removeprefix("0") or "0"
