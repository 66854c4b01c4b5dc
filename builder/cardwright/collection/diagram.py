"""Pictures with labels: each card of a diagram asks for one label, and masks hide what it asks for."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Literal

from cardwright.collection.content import (
    Content,
    Image,
    Inlines,
    MediaFile,
    OrderedList,
    Paragraph,
    spoken_text,
)
from cardwright.record import Record, field


class Shape(Record, frozen=True):
    """The part of a picture that a label names, in percent from the picture's left and top edges.

    points: the upper left and lower right corners of the box of a rectangle or an ellipse; every corner
        of a polygon, three or more.
    """

    kind: Literal["rect", "ellipse", "polygon"]
    points: tuple[tuple[float, float], ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The smallest rectangle around the shape: left, top, right, bottom, in percent."""
        across, down = zip(*self.points, strict=True)
        return min(across), min(down), max(across), max(down)

    @property
    def area(self) -> float:
        """The area that a polygon encloses, in square percent; the shorter side of a box."""
        if self.kind == "polygon":
            outline = (*self.points, self.points[0])
            return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(outline))) / 2
        (left, top), (right, bottom) = self.points
        return min(right - left, bottom - top)

    def contains(self, x: float, y: float) -> bool:
        """Return whether a point, in percent, lies within the shape."""
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


class Label(Record, frozen=True):
    """A part of the picture that a card asks for.

    key: its identity in the diagram.
    name: empty if the note type has no field for it.
    shapes: where it is, in one place or more.
    former_key: its key in an earlier release; empty if it has always had this one.
    cloze_number: 1 to 500; 0 until `identity/label_numbers.py` gives it one.
    """

    key: str
    name: Inlines
    shapes: tuple[Shape, ...]
    former_key: str = ""
    cloze_number: int = 0


class Diagram(Record, frozen=True):
    """A picture with labels, in the order of the source.

    alt: what the picture shows, in words, for anybody who can't see it.
    hides_all: whether each card hides all labels, or only the one it asks for.
    retired_labels: keys of labels that earlier releases had, by cloze number; no other label may get
        these numbers.
    """

    file: MediaFile
    alt: str
    hides_all: bool
    labels: tuple[Label, ...]
    retired_labels: Mapping[int, str] = field(default_factory=dict)


class Mask(Record, frozen=True):
    """A shape drawn over the picture.

    state: `asked`, a mask that asks for the part under it; `hidden`, one that only hides it;
        `outlined`, an outline around the part.
    text: written on the mask, such as a number that an answer refers to; may be empty.
    """

    shape: Shape
    state: Literal["asked", "hidden", "outlined"]
    text: str = ""


class MaskedPicture(Image, frozen=True):
    """A picture with masks over it."""

    masks: tuple[Mask, ...] = ()


def diagram_cards(diagram: Diagram) -> Iterator[tuple[int, Content, Content]]:
    """Yield cloze number, front and back of each label's card, by ascending number.

    The front asks for the part under a mask, and the back names it. If a diagram hides all labels, their
    masks stay on the back as well, as they do in Anki, since other cards ask for them.
    """
    for label in sorted(diagram.labels, key=lambda label: label.cloze_number):
        other_masks = [
            Mask(shape, "hidden")
            for other in diagram.labels
            if other is not label and diagram.hides_all
            for shape in other.shapes
        ]
        # Masks can't be seen by everybody: the words say what they leave open.
        others = (
            ()
            if diagram.hides_all
            else (spoken_text(other.name) for other in diagram.labels if other is not label)
        )
        open_labels = "".join(f", {name}" for name in others)
        front_alt, back_alt = (
            f"{diagram.alt} ({asked}{open_labels})" for asked in ("?", spoken_text(label.name))
        )
        asked, outlined = (
            [Mask(shape, "asked", "?") for shape in label.shapes],
            [Mask(shape, "outlined") for shape in label.shapes],
        )
        front = _picture(diagram, (*other_masks, *asked), front_alt)
        back = _picture(diagram, (*other_masks, *outlined), back_alt)
        yield label.cloze_number, (front,), (Paragraph(label.name), back)


def numbered_diagram(
    diagram: Diagram, state: Literal["hidden", "outlined"] = "hidden"
) -> tuple[Content, Content]:
    """Return the picture with a numbered mask on every label, and the numbered list of their names."""
    masks = tuple(
        Mask(shape, state, str(number))
        for number, label in enumerate(diagram.labels, start=1)
        for shape in label.shapes
    )
    count = len(diagram.labels)
    numbers = f"{diagram.alt} (1–{count})" if count > 1 else f"{diagram.alt} (1)"
    names = OrderedList(1, tuple((Paragraph(label.name),) for label in diagram.labels))
    return (_picture(diagram, masks, numbers),), (names,)


def outlined_diagram(diagram: Diagram) -> Content:
    """Return the picture with a numbered outline around every label, and the numbered list of their names."""
    picture, names = numbered_diagram(diagram, "outlined")
    return (*picture, *names)


def _picture(diagram: Diagram, masks: tuple[Mask, ...], alt: str) -> Paragraph:
    return Paragraph((MaskedPicture(diagram.file, alt, masks=masks),))
