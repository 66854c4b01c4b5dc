"""A picture with labels, of which each card asks for one; and the picture as a card shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cardwright.collection.content import Image, Inlines
from cardwright.collection.media import MediaFile


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a label is, in percent of the picture from its left and top edges.

    points: of a rectangle or an ellipse the upper left and the lower right corner of its box;
        of a polygon all corners, three or more.
    """

    kind: Literal["rect", "ellipse", "polygon"]
    points: tuple[tuple[float, float], ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The rectangle around it: left, top, right, bottom, in percent."""
        across, down = zip(*self.points, strict=True)
        return min(across), min(down), max(across), max(down)

    def holds(self, x: float, y: float) -> bool:
        """Whether a point, in percent, lies within it."""
        left, top, right, bottom = self.box
        if not (left <= x <= right and top <= y <= bottom):
            return False
        if self.kind == "rect":
            return True
        if self.kind == "ellipse":
            across = (2 * x - left - right) / (right - left)
            down = (2 * y - top - bottom) / (bottom - top)
            return across * across + down * down <= 1
        inside = False
        for (x1, y1), (x2, y2) in zip(self.points, (*self.points[1:], self.points[0]), strict=True):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                inside = not inside
        return inside


@dataclass(frozen=True, slots=True)
class Label:
    """A part of the picture that has a name.

    key: its identity in the diagram.
    was: what the key was in a former release; empty for nothing else.
    number: its cloze number, 1 to 500; 0 while it has none, see identity/labels.py.
    """

    key: str
    name: Inlines
    shape: Shape
    was: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Diagram:
    """A picture with its labels, in the order written.

    alt: what it shows, in words; for who cannot see it.
    hides_all: whether a card hides all labels, or only the one it asks for.
    gone: keys of labels it had in former releases, by the numbers that nobody else may get.
    """

    medium: MediaFile
    alt: str
    hides_all: bool
    labels: tuple[Label, ...]
    gone: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mask:
    """What is drawn over a part of a picture.

    state: `asked`, a mask that asks for the part; `hidden`, one that only hides it;
        `told`, an outline around the part.
    text: stands on the mask, as a number does that an answer refers to; empty for nothing.
    """

    shape: Shape
    state: Literal["asked", "hidden", "told"]
    text: str = ""


@dataclass(frozen=True, slots=True)
class MaskedPicture(Image):
    """A picture with masks over it."""

    masks: tuple[Mask, ...]
