"""Anki's own image occlusion, as paper shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.collection.diagram import MaskedPicture, Shape
from cardwright.collection.image_occlusion import read_masks, with_masks, write_mask

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


def test_masks_with_the_number_0_are_on_all_cards() -> None:
    deletion = c.Cloze((0,), (c.Text("image-occlusion:rect:left=.1:top=.1:width=.1:height=.1"),))

    masked = with_masks((c.Paragraph((PICTURE,)),), (c.Paragraph((deletion,)),), 1, is_front=False)

    (picture,) = c.inlines(masked)
    assert isinstance(picture, MaskedPicture)
    assert [mask.state for mask in picture.masks] == ["hidden"]


def test_a_polygon_is_where_it_was_moved_to() -> None:
    """Source: Anki, ts/routes/image-occlusion/review.ts, `getPolygonOffset`."""
    moved = "polygon:left=.2:top=.1:points=.5,.5 .7,.5 .6,.9"

    assert masks(moved) == [("polygon", "asked", ((20, 10), (40, 10), (30, 50)))]


percentages = st.integers(1, 9_999).map(lambda number: number / 100)
sizes = st.integers(1, 5_000).map(lambda number: number / 50)
boxes = st.builds(
    lambda kind, left, top, width, height: Shape(kind, ((left, top), (left + width, top + height))),
    *(st.sampled_from(["rect", "ellipse"]), percentages, percentages, sizes, sizes),
)
polygons = (
    st.lists(st.tuples(percentages, percentages), min_size=3, max_size=6)
    .map(lambda corners: Shape("polygon", tuple(corners)))
    .filter(lambda shape: shape.area > 0.01)
)
labels = st.lists(st.lists(boxes | polygons, min_size=1, max_size=3).map(tuple), min_size=1, max_size=4)


@given(labels, st.booleans())
def test_masks_are_read_as_they_were_written(shapes: list[tuple[Shape, ...]], hides_all: bool) -> None:
    numbered = dict(enumerate(shapes, start=2))
    texts = [
        f"{{{{c{number}::{write_mask(shape, hides_all=hides_all)}}}}}"
        for number, own in numbered.items()
        for shape in own
    ]

    read = read_masks("<br>".join([*texts, ""]))

    assert read is not None
    assert read.hides_all == hides_all
    assert {number: [shape.box for shape in own] for number, own in read.shapes.items()} == {
        number: [pytest.approx(shape.box) for shape in own] for number, own in numbered.items()
    }


def test_what_nobody_sees_between_masks_makes_no_difference() -> None:
    deletion = f"{{{{c1::image-occlusion:{PLAIN}}}}}"

    assert read_masks(f"<div>{deletion}</div>\n<br>&nbsp;{deletion}") == read_masks(deletion + deletion)


PLAIN = "rect:left=.1:top=.1:width=.1:height=.1"


@pytest.mark.parametrize(
    "field",
    [
        "",
        "words",
        f"{{{{c1::image-occlusion:{PLAIN}}}}} and words",
        f"{{{{c0::image-occlusion:{PLAIN}}}}}",
        f"{{{{c501::image-occlusion:{PLAIN}}}}}",
        f"{{{{c1,2::image-occlusion:{PLAIN}}}}}",
        f"{{{{c1::image-occlusion:{PLAIN}::hint}}}}",
        f"{{{{c1::image-occlusion:{PLAIN}:angle=500}}}}",
        f"{{{{c1::image-occlusion:{PLAIN}:fill=#ff0000}}}}",
        f"{{{{c1::image-occlusion:{PLAIN}}}}}{{{{c2::image-occlusion:{PLAIN}:oi=1}}}}",
        "{{c1::image-occlusion:text:left=.1:top=.1:text=Femur:scale=1}}",
        "{{c1::image-occlusion:rect:left=1:top=.1:width=.1:height=.1}}",
        "{{c1::image-occlusion:rect:left=.1:top=.1:width=0:height=.1}}",
        "{{c1::image-occlusion:rect:left=nan:top=.1:width=inf:height=1e3}}",
        "{{c1::image-occlusion:rect:left=.1:width=.1:height=.1}}",
        "{{c1::image-occlusion:polygon:left=.1:top=.1:points=.1,.1 .2,.2}}",
        "{{c1::image-occlusion:polygon:left=.1:top=.1:points=.1,.1 .2,.2 .3,.3}}",
        "{{c1::image-occlusion:polygon:left=.1:top=.1:points=.1,.1 .2 .2,.3 .4,.5}}",
        "{{c1::image-occlusion:star:left=.1:top=.1}}",
    ],
)
def test_no_diagram_has_masks_like_these(field: str) -> None:
    assert read_masks(field) is None
