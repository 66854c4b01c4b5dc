"""Masks over a picture, as the template draws them; loaded with the first diagram."""

from functools import lru_cache

from cardwright.collection.content import Image, Inline
from cardwright.collection.diagram import Mask, MaskedPicture, Shape
from cardwright.formats.pdf.nodes import Json

_STEPS = 24


def mask_nodes(picture: Inline) -> list[Json]:
    """Return the masks of a picture in drawing order, with lengths in percent of the picture."""
    return [_mask_node(mask) for mask in picture.masks] if isinstance(picture, MaskedPicture) else []


def hides_parts(picture: Image) -> bool:
    """Return whether masks hide a part of a picture, so that nobody may search its text."""
    return isinstance(picture, MaskedPicture) and any(mask.state != "outlined" for mask in picture.masks)


@lru_cache(maxsize=4096)  # a diagram has the same masks on all of its sides
def _mask_node(mask: Mask) -> dict[str, Json]:
    left, top, right, bottom = mask.shape.box
    return {
        "kind": mask.shape.kind,
        "state": mask.state,
        "box": [left, top, right - left, bottom - top],
        "points": mask.shape.points,
        "text": mask.text,
        # On an outline the text must not cover what the outline is drawn around.
        "text_at": (left, top) if mask.state == "outlined" else _text_position(mask.shape),
    }


def _text_position(shape: Shape) -> tuple[float, float]:
    """Return where a text on a shape is seen best: in its middle, or near it where a polygon is widest."""
    left, top, right, bottom = shape.box
    if shape.kind != "polygon":
        return (left + right) / 2, (top + bottom) / 2
    best = (0.0, (left + right) / 2, (top + bottom) / 2)
    for step in range(1, _STEPS):
        y = top + (bottom - top) * step / _STEPS
        crossings = sorted(_crossings(shape, y))
        for start, end in zip(crossings[::2], crossings[1::2], strict=False):
            # The farther from the middle, the less the width counts.
            weight = 1 - abs(2 * step / _STEPS - 1)
            best = max(best, ((end - start) * (0.3 + weight), (start + end) / 2, y))
    return best[1], best[2]


def _crossings(shape: Shape, y: float) -> list[float]:
    """Return where a horizontal line meets the edges of a polygon."""
    edges = zip(shape.points, (*shape.points[1:], shape.points[0]), strict=True)
    return [(x2 - x1) * (y - y1) / (y2 - y1) + x1 for (x1, y1), (x2, y2) in edges if (y1 > y) != (y2 > y)]
