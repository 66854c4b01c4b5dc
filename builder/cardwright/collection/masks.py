"""A diagram as its cards show it."""

from collections.abc import Iterator
from dataclasses import replace

from cardwright.collection.content import Content, OrderedList, Paragraph
from cardwright.collection.diagram import Diagram, Label, Mask, MaskedPicture


def faces(diagram: Diagram) -> Iterator[tuple[int, Content, Content]]:
    """By ascending number the front and the back of each label's card.

    The front asks for the part under a mask, the back names it. A diagram that hides all keeps
    the other masks on the back, as Anki does: they are asked for on cards of their own.
    """
    for label in sorted(diagram.labels, key=lambda one: one.number):
        others = [
            Mask(other.shape, "hidden")
            for other in diagram.labels
            if other is not label and diagram.hides_all
        ]
        front = _picture(diagram, (*others, Mask(label.shape, "asked", "?")), f"{diagram.alt} (?)")
        back = _picture(diagram, (*others, Mask(label.shape, "told")), diagram.alt)
        yield label.number, (front,), (Paragraph(label.name), back)


def whole(diagram: Diagram) -> tuple[Content, Content]:
    """The diagram with a number on every label, and the names by number, in the order written."""
    masks = tuple(
        Mask(label.shape, "hidden", str(number)) for number, label in enumerate(diagram.labels, start=1)
    )
    numbers = f"{diagram.alt} (1–{len(masks)})" if len(masks) > 1 else f"{diagram.alt} (1)"
    names = OrderedList(1, tuple(map(_name, diagram.labels)))
    return (_picture(diagram, masks, numbers),), (names,)


def outlined(diagram: Diagram) -> Content:
    """The diagram with a numbered outline around every label, and the names by number."""
    (front,), names = whole(diagram)
    assert isinstance(front, Paragraph)
    (picture,) = front.children
    assert isinstance(picture, MaskedPicture)
    masks = tuple(replace(mask, state="told") for mask in picture.masks)
    return (Paragraph((replace(picture, masks=masks),)), *names)


def _name(label: Label) -> Content:
    return (Paragraph(label.name),)


def _picture(diagram: Diagram, masks: tuple[Mask, ...], alt: str) -> Paragraph:
    return Paragraph((MaskedPicture(diagram.medium, alt, masks),))
