"""Write notes of Anki's image occlusion as `diagram` cards."""

from collections.abc import Mapping

from cardwright.collection import content as c
from cardwright.collection.diagram import Shape
from cardwright.collection.image_occlusion import OcclusionMasks
from cardwright.diagnostics import Report, Source
from cardwright.identity.label_numbers import label_key
from cardwright.source.markup import MarkupReader
from cardwright.source.nodes import Scalar
from cardwright.source.yaml_writing import Brackets, Value


def diagram_entries(
    picture: str, masks: OcclusionMasks, texts: Mapping[str, Value]
) -> dict[str, Value] | None:
    """Return what a card says; None if it can't say what the field with the picture has.

    picture: the text of that field. texts: the other texts, by the keys of the card.
    """
    image = _only_picture(picture)
    if image is None:
        return None
    entries: dict[str, Value] = {"diagram": image.file.path}
    if image.alt:
        entries["alt"] = image.alt
    if not masks.hides_all:
        entries["hide"] = "one"
    if "header" in texts:
        entries["header"] = texts["header"]
    labels = {label_key(number): label_value(shapes) for number, shapes in masks.shapes.items()}
    return {**entries, "labels": labels, **texts}


def label_value(shapes: tuple[Shape, ...]) -> Brackets:
    """Return what a label says of its places."""
    places = [Brackets({shape.kind: _shape_value(shape)}) for shape in shapes]
    return places[0] if len(places) == 1 else Brackets({"shapes": places})


def _shape_value(shape: Shape) -> Value:
    texts = [number_text(number) for number in shape_numbers(shape)]
    return texts if shape.kind != "polygon" else list(zip(texts[::2], texts[1::2], strict=True))


def shape_numbers(shape: Shape) -> list[float]:
    """Return the numbers of a shape as the sources have them, in percent: of a polygon, its corners."""
    if shape.kind == "polygon":
        return [number for corner in shape.points for number in corner]
    left, top, right, bottom = shape.box
    return [left, top, round(right - left, 2), round(bottom - top, 2)]


def number_text(percent: float) -> str:
    """Return a percentage as short as it can be written."""
    text = f"{percent:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _only_picture(text: str) -> c.Image | None:
    """Return the picture that is all of a text; None if it has anything else, or says how wide it is."""

    def fetch(path: str, _scalar: Scalar) -> c.MediaFile:
        return c.MediaFile("", path, b"")

    scalar = Scalar(Source("", text), 0, len(text), text, "")
    match MarkupReader(fetch, fetch, Report()).read(scalar):
        case (c.Paragraph((c.Image() as image,)),) if not image.width:
            return image
        case _:
            return None
