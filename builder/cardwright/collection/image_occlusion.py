"""The masks that Anki's own image occlusion puts on a picture, as a note of an imported deck has them.

Source: Anki, rslib/src/image_occlusion/imageocclusion.rs; ts/routes/image-occlusion/shapes/to-cloze.ts.
"""

from collections.abc import Iterator
from typing import Literal

from cardwright.collection import content as c
from cardwright.collection.diagram import Mask, MaskedPicture, Shape

_BEGINNING = "image-occlusion:"


def with_masks(pictures: c.Content, masks: c.Content, number: int, *, is_front: bool) -> c.Content:
    """Return the pictures of a field with the masks of one card.

    masks: the field that has them, each in a cloze deletion. number: of the card's deletions.

    The front asks for what is under the masks of the card, and the back outlines it. The other masks stay
    where the note hides all of them on each card.
    """
    drawn: list[Mask] = []
    for deletion in c.deletions(masks):
        shape, hides_all = _read_shape(c.inlines_text(deletion.children))
        if shape is not None and number in deletion.numbers:
            drawn.append(Mask(shape, "asked", "?") if is_front else Mask(shape, "outlined"))
        elif shape is not None and hides_all:
            drawn.insert(0, Mask(shape, "hidden"))

    def change(inline: c.Inline) -> c.Inlines | None:
        if not isinstance(inline, c.Image):
            return None
        return (MaskedPicture(inline.file, inline.alt, inline.width, masks=tuple(drawn)),)

    return c.map_runs(pictures, lambda run: c.map_inlines(run, change))


def _read_shape(text: str) -> tuple[Shape | None, bool]:
    """Return the shape of a mask, None for what covers nothing, and whether it hides its part on every card.

    text: such as `image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1`, in fractions of the picture.
    """
    if not text.startswith(_BEGINNING):
        return None, False
    kind, *properties = text.removeprefix(_BEGINNING).split(":")
    values = dict(pair.partition("=")[::2] for pair in properties)
    hides_all = values.get("oi") == "1"
    if kind == "polygon":
        corners = [list(_percent(*point.split(","))) for point in values.get("points", "").split()]
        points = tuple((corner[0], corner[1]) for corner in corners if len(corner) == 2)
        return (Shape("polygon", points) if len(points) > 2 else None), hides_all
    scale = 2 if kind == "ellipse" else 1
    sides = ("rx", "ry") if kind == "ellipse" else ("width", "height")
    left, top, width, height = _percent(*(values.get(name, "") for name in ("left", "top", *sides)))
    if kind not in ("rect", "ellipse") or width <= 0 or height <= 0:
        return None, hides_all
    corner = left + scale * width, top + scale * height
    known: Literal["rect", "ellipse"] = "ellipse" if kind == "ellipse" else "rect"
    return Shape(known, ((left, top), corner)), hides_all


def _percent(*fractions: str) -> Iterator[float]:
    """Yield fractions as percentages; 0 for what is no number."""
    for fraction in fractions:
        try:
            yield min(max(100 * float(fraction), -1_000), 1_000)
        except ValueError:
            yield 0
