"""Anki's own image occlusion, as paper shows it."""

import pytest

from cardwright.collection import content as c
from cardwright.collection.diagram import MaskedPicture
from cardwright.collection.image_occlusion import with_masks

PICTURE = c.Image(c.MediaFile("knee.png", "", b""), "a knee", "50%")


def masks(*shapes: str, number: int = 1, is_front: bool = True) -> list[tuple[str, str, object]]:
    """Return kind, state and points of the masks on the picture. shapes: by ascending cloze number."""
    deletions = [c.Cloze((n,), (c.Text(f"image-occlusion:{shape}"),)) for n, shape in enumerate(shapes, 1)]
    field = (c.Paragraph(tuple(deletions)),)
    ((picture,),) = (
        block.children
        for block in with_masks((c.Paragraph((PICTURE,)),), field, number, is_front=is_front)
        if isinstance(block, c.Paragraph)
    )
    assert isinstance(picture, MaskedPicture)
    assert (picture.file, picture.alt, picture.width) == (PICTURE.file, PICTURE.alt, PICTURE.width)
    return [(mask.shape.kind, mask.state, mask.shape.points) for mask in picture.masks]


def test_a_mask_asks_on_the_front_and_outlines_its_part_on_the_back() -> None:
    rectangle = "rect:left=.1:top=.25:width=.3:height=.5:oi=1"

    assert masks(rectangle) == [("rect", "asked", ((10, 25), (40, 75)))]
    assert masks(rectangle, is_front=False) == [("rect", "outlined", ((10, 25), (40, 75)))]


@pytest.mark.parametrize(
    ("oi", "states"), [("", ["asked"]), (":oi=0", ["asked"]), (":oi=1", ["hidden", "asked"])]
)
def test_masks_of_other_cards_stay_only_if_all_are_hidden(oi: str, states: list[str]) -> None:
    ellipse, polygon = f"ellipse:left=.5:top=.5:rx=.125:ry=.25{oi}", f"polygon:points=0,0 1,0 .5,.5{oi}"

    assert [state for _, state, _ in masks(ellipse, polygon, number=2)] == states
    assert masks(ellipse)[-1] == ("ellipse", "asked", ((50, 50), (75, 100)))
    assert masks(polygon)[-1] == ("polygon", "asked", ((0, 0), (100, 0), (50, 50)))


@pytest.mark.parametrize(
    "shape",
    [
        "",
        "text:left=.1:top=.1:text=A",
        "rect",
        "rect:width=x:height=.1",
        "polygon:points=1,1 2",
        "star:left=1",
    ],
)
def test_what_covers_nothing_is_left_out(shape: str) -> None:
    assert masks(shape) == []
