"""`diagram`: a picture with labels, each asked for on a card of its own."""

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from cardwright.collection.content import LAST_CLOZE, Image, Inlines, MediaFile, Paragraph
from cardwright.collection.diagram import Diagram, Label, Shape
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Diagnostic, Related, Report, Severity, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.kinds.card_keys import HIDDEN_LABELS, LABEL_KEYS, NUMBER, SHAPE_KEYS, SHAPES
from cardwright.kinds.card_reader import CardReader
from cardwright.record import replace
from cardwright.source.ids import read_id
from cardwright.source.mapping_reader import MappingReader, read_mapping
from cardwright.source.nodes import Node, Scalar, Sequence
from cardwright.source.picture_size import MAX_SIDE, picture_size, with_explicit_size
from cardwright.source.text import clean_line

_HASH = re.compile(r"-[0-9a-f]{12}(?=\.svg$)")

ShapeKind = Literal["rect", "ellipse", "polygon"]
_SHAPE_KINDS: tuple[ShapeKind, ...] = ("rect", "ellipse", "polygon")
_IMPORTED_KEYS = ("header", "comments")
_SHAPE_EXAMPLES = {
    "rect": "`rect: [left, top, width, height]`",
    "ellipse": "`ellipse: [left, top, width, height]`, the box around it",
    "polygon": "`polygon: [[10, 40], [20, 40], [15, 60]]`, three corners or more",
}
_NUMBER = re.compile(NUMBER)
# In percent of the picture.
_PICTURE_SIZE = 100
# Two shapes look like one if this share of each lies in the other;
# then at least the second share of the larger box lies in the other box.
_SAME_SHARE = 0.9
_SAME_BOX_SHARE = 0.7
# How many sample points are taken across a shape, and how many down.
_SAMPLES = 20


def read_diagram_card(card: CardReader) -> Iterator[Note]:
    """Yield the note of a diagram; identity/label_numbers.py numbers its labels later."""
    values, custom = card.values, card.note_type
    has_mistake = custom is None and None in card.context.note_types.values()
    if has_mistake or (custom is not None and not custom.mask_fields):
        return  # of its note type, if it is the one with a mistake, or whose line of the lock can't be read
    scalar = values.scalar("diagram")
    picture = None if scalar is None else _read_picture(card, scalar)
    alt = "" if custom is not None and "alt" not in values else _read_alt(values)
    hides_all = values.choice("hide", HIDDEN_LABELS, default=True)
    labels = _read_labels(card)
    if values.flag("typed"):
        message = "`typed` is for cards of text, not for a diagram"
        span = values.value_span("typed")
        values.report.add(Diagnostic("answer-not-typable", message, span, help="leave it out"))
    for key in _IMPORTED_KEYS if custom is None else ():
        if key in values:
            message = f"`{key}` is for a diagram of an imported note type"
            help_ = "write `topic:`, which stands above the picture" if key == "header" else "leave it out"
            values.report.add(Diagnostic("key-without-field", message, values.key_span(key), help=help_))
    if scalar is None or picture is None or not labels or not (alt or (custom is not None)):
        return
    diagram = Diagram(picture, alt, hides_all, labels)
    if custom is None:
        yield replace(card.note(NoteType.DIAGRAM, {}, {}), diagram=diagram)
        return
    from cardwright.kinds.custom import read_keyed_note  # noqa: PLC0415  few decks have custom note types

    fields = {custom.mask_fields[1]: (Paragraph((Image(picture, alt),)),)}
    yield replace(read_keyed_note(card, custom, scalar, fields), diagram=diagram)


def _read_picture(card: CardReader, scalar: Scalar) -> MediaFile | None:
    """Return the picture if its size is known, which the masks over it need."""
    picture = card.markup.fetch_picture(scalar.value, scalar)
    if picture is None or card.note_type is not None:
        return picture  # an imported one stays as it is in Anki
    is_svg = picture.name.endswith(".svg")
    size = picture_size(picture.data)
    if size is None:
        message = f"`{truncate(scalar.value, 36)}` does not say how large it is"
        help_ = 'give its `<svg>` a `viewBox`, as in `viewBox="0 0 400 300"`' if is_svg else ""
        card.report.add(Diagnostic("picture-without-size", message, scalar.span, help=help_))
        return None
    if max(size) > MAX_SIDE:
        message = f"`{truncate(scalar.value, 20)}` is {size[0]:,.0f} by {size[1]:,.0f} pixels large"
        help_ = f"make it smaller; Anki can draw on at most {MAX_SIDE:,} pixels per side"
        card.report.add(Diagnostic("huge-picture", message, scalar.span, help=help_))
        return None
    if not is_svg:
        return picture
    data = with_explicit_size(picture.data)
    name = _HASH.sub(f"-{hashlib.sha256(data).hexdigest()[:12]}", picture.name)
    return picture if data == picture.data else MediaFile(name, picture.path, data)


def _read_alt(values: MappingReader) -> str:
    values.require("alt", "add `alt:` and describe the picture for people who cannot see it")
    scalar = values.scalar("alt")
    if scalar is None:
        return ""
    alt = clean_line(scalar, values.report)
    if not alt:
        message = "a text that the card needs is empty"
        values.report.add(Diagnostic("empty-text", message, values.key_span("alt")))
    return alt


def _read_labels(card: CardReader) -> tuple[Label, ...]:
    """Return the labels in the order of the file; none if one of them has a mistake."""
    card.values.require("labels")
    node = card.values.get("labels")
    if isinstance(node, Sequence):
        message, span = "the labels of a diagram need keys", node.items[0].span if node.items else node.span
        note = "the key is what a label is known by when its name changes"
        help_ = "write `biceps: {name: Biceps femoris, rect: [62, 30, 20, 6]}`, without the dash"
        card.report.add(Diagnostic("labels-without-keys", message, span, note=note, help=help_))
        return ()
    mapping = card.values.mapping("labels", filled=True)
    if mapping is None:
        return ()
    all_labels = [(key, _read_label(card, key, value)) for key, value in mapping.entries]
    if len(all_labels) > LAST_CLOZE:
        message = f"a diagram has at most {LAST_CLOZE} labels; found {len(all_labels)}"
        span = all_labels[LAST_CLOZE][0].span
        card.report.add(Diagnostic("too-many-labels", message, span, help="split it into several diagrams"))
        return ()
    labels = [(key, label) for key, label in all_labels if label is not None]
    if card.note_type is None:
        card.report.extend(_coinciding_labels(labels))
        card.report.extend(_places_as_fractions(card.values.key_span("labels"), labels))
    return tuple(label for _, label in labels) if len(labels) == len(all_labels) else ()


def _read_label(card: CardReader, key: Scalar, value: Node) -> Label | None:
    label_id = read_id(key, card.report)
    label = read_mapping(value, f"the label `{truncate(key.value, 28)}`", card.report)
    if label is None:
        return None
    label.allow_only(LABEL_KEYS, name="a label")
    name = _read_name(card, label)
    reader = _ShapeReader(truncate(key.value, 24), card.report, may_be_cut_off=card.note_type is not None)
    shapes = reader.shapes_of_label(key, label)
    if not label_id or name is None or not shapes:
        return None
    return Label(label_id, name, shapes, card.former_names.parts.get(key.value, ""))


def _read_name(card: CardReader, label: MappingReader) -> Inlines | None:
    """Return the name of a label; None after a mistake. Imported note types have no field for names."""
    if card.note_type is not None:
        if "name" in label:
            message = f"notes of the type `{truncate(card.note_type.type, 24)}` have no field for names"
            help_ = "leave it out, or add `note_type: diagram` to the card, if it is new"
            span = label.key_span("name")
            label.report.add(Diagnostic("key-without-field", message, span, help=help_))
        return ()
    label.require("name")
    scalar = label.scalar("name")
    return None if scalar is None else card.inline_content(scalar) or None


def _coinciding_labels(labels: list[tuple[Scalar, Label]]) -> Iterator[Diagnostic]:
    # A diagram may have many thousand pairs of labels, most of them far from each other.
    boxes = [_box_around(label.shapes) for _, label in labels]
    for index, (key, label) in enumerate(labels):
        left, top, right, bottom = boxes[index]
        near = [
            other
            for other, box in zip(labels[:index], boxes, strict=False)
            if box[0] < right and left < box[2] and box[1] < bottom and top < box[3]
        ]
        earlier_keys = (
            earlier_key for earlier_key, earlier in near if _coincide(earlier.shapes, label.shapes)
        )
        if (first_key := next(earlier_keys, None)) is not None:
            message = f"`{truncate(first_key.value, 24)}` and `{truncate(key.value, 24)}` are in one place"
            note = "nobody can tell which of them is asked for"
            related = (Related(first_key.span, "in the same place"),)
            yield Diagnostic("labels-coincide", message, key.span, note=note, related=related)


def _places_as_fractions(span: Span, labels: list[tuple[Scalar, Label]]) -> Iterator[Diagnostic]:
    """Yield a warning if all labels are in a corner of the picture, as where 0.5 was meant as a half."""
    boxes = [_box_around(label.shapes) for _, label in labels]
    if boxes and all(right <= 1 and bottom <= 1 for _, _, right, bottom in boxes):
        message = "all labels lie within a hundredth of the picture"
        help_ = "places are in percent: write 50 for the middle, not 0.5"
        yield Diagnostic("places-as-fractions", message, span, Severity.WARNING, help=help_)


class _ShapeReader:
    """Reads the shapes of one label, in percent of the picture."""

    def __init__(self, label: str, report: Report, *, may_be_cut_off: bool) -> None:
        """label: its key, short enough for a message.

        may_be_cut_off: whether a part of a shape may lie outside the picture, as Anki allows.
        """
        self._label = label
        self._report = report
        self._may_be_cut_off = may_be_cut_off

    def shapes_of_label(self, key: Scalar, label: MappingReader) -> tuple[Shape, ...]:
        """Return the shapes; none after a mistake. key, label: the entry of the label."""
        if SHAPES not in label or any(kind in label for kind in _SHAPE_KINDS):
            shape = self._only_shape(label, key.span)
            return () if shape is None else (shape,)
        node = label.sequence(SHAPES)
        if node is None:
            return ()
        if not node.items:
            self._report_no_place(label.value_span(SHAPES))
        shapes: list[Shape | None] = []
        for item in node.items:
            reader = read_mapping(item, f"a shape of `{self._label}`", self._report)
            if reader is not None:
                reader.allow_only(SHAPE_KEYS)
            shapes.append(None if reader is None else self._only_shape(reader, item.span))
        known = tuple(shape for shape in shapes if shape is not None)
        return known if len(known) == len(shapes) else ()

    def _only_shape(self, mapping: MappingReader, span: Span) -> Shape | None:
        """Return the shape that a mapping gives. span: where it is reported that there is none."""
        kinds = [kind for kind in _SHAPE_KINDS if kind in mapping]
        places = [*kinds, SHAPES] if SHAPES in mapping else kinds
        if len(places) > 1:
            first, second = (mapping.key_span(kind) for kind in places[:2])
            message = f"the label `{self._label}` is in two places at once"
            related = (Related(first, "already here"),)
            help_ = "split it into two labels, or list all shapes of it: `shapes: [{rect: …}, {ellipse: …}]`"
            self._report.add(
                Diagnostic("label-with-two-places", message, second, related=related, help=help_)
            )
        elif kinds:
            return self._read_shape(kinds[0], mapping.node.entries[kinds[0]][1])
        elif not any(mapping.has_similar(kind) for kind in (*_SHAPE_KINDS, SHAPES)):
            self._report_no_place(span)
        return None

    def _report_no_place(self, span: Span) -> None:
        message = f"the label `{self._label}` has no place"
        help_ = "give its place in percent of the picture: `rect: [left, top, width, height]`"
        self._report.add(Diagnostic("label-without-place", message, span, help=help_))

    def _read_shape(self, kind: ShapeKind, node: Node) -> Shape | None:
        """Read a shape, and report one that is not usable as a mask."""
        points = _read_corners(node) if kind == "polygon" else _read_box(node)
        help_ = f"write {_SHAPE_EXAMPLES[kind]}"
        if points is None:
            text = next((scalar for scalar in _scalars(node) if _read_number(scalar) is None), None)
            message = f"the {kind} of `{self._label}` needs numbers, in percent of the picture"
            note = "" if text is None else f"`{truncate(text.value, 20)}` is not a number"
            self._report.add(Diagnostic("unfit-shape", message, (text or node).span, note=note, help=help_))
            return None
        shape = Shape(kind, points)
        left, top, right, bottom = shape.box
        if shape.area <= 0:
            message = f"the mask of `{self._label}` covers nothing"
            self._report.add(Diagnostic("mask-without-area", message, node.span, help=help_))
            return None
        is_outside = left >= _PICTURE_SIZE or top >= _PICTURE_SIZE or right <= 0 or bottom <= 0
        is_cut_off = min(left, top) < 0 or max(right, bottom) > _PICTURE_SIZE
        if is_outside or (is_cut_off and not self._may_be_cut_off):
            message = f"the mask of `{self._label}` is {'' if is_outside else 'partly '}outside the picture"
            note = f"it reaches from {left:g} to {right:g} across and from {top:g} to {bottom:g} down"
            help_ = "0 is the left or top edge of the picture, 100 the right or bottom one"
            self._report.add(Diagnostic("mask-outside-picture", message, node.span, note=note, help=help_))
            return None
        return shape


def _read_box(node: Node) -> tuple[tuple[float, float], ...] | None:
    numbers = _read_numbers(node)
    if numbers is None or len(numbers) != 4:
        return None
    left, top, width, height = numbers
    # Sums of decimal fractions are slightly off, which must not push a mask over the edge.
    return (left, top), (round(left + width, 6), round(top + height, 6))


def _read_corners(node: Node) -> tuple[tuple[float, float], ...] | None:
    if not isinstance(node, Sequence) or len(node.items) < 3:
        return None
    corners = [numbers for item in node.items if (numbers := _read_numbers(item)) is not None]
    if len(corners) != len(node.items) or any(len(corner) != 2 for corner in corners):
        return None
    return tuple((x, y) for x, y in corners)


def _read_numbers(node: Node) -> list[float] | None:
    if not isinstance(node, Sequence):
        return None
    numbers = [number for item in node.items if (number := _read_number(item)) is not None]
    return numbers if len(numbers) == len(node.items) else None


def _read_number(node: Node) -> float | None:
    return float(node.value) if isinstance(node, Scalar) and _NUMBER.fullmatch(node.value) else None


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)


def _coincide(first: tuple[Shape, ...], second: tuple[Shape, ...]) -> bool:
    """Return whether the shapes of two labels are the same but for a tenth."""
    return len(first) == len(second) and all(
        any(_look_alike(one, other) for other in second) for one in first
    )


def _look_alike(first: Shape, second: Shape) -> bool:
    """Return whether nine tenths of each shape lie within the other."""
    left, top, right, bottom = first.box
    other_left, other_top, other_right, other_bottom = second.box
    width = min(right, other_right) - max(left, other_left)
    height = min(bottom, other_bottom) - max(top, other_top)
    smaller, larger = sorted((first, second), key=_box_area)
    # Boxes are compared first, since that is fast.
    if min(width, height) <= 0 or width * height < _SAME_BOX_SHARE * _box_area(larger):
        return False
    # Most of a larger shape lies outside, so starting with it rules out most pairs early.
    return _is_within(larger, smaller) and _is_within(smaller, larger)


def _is_within(inner: Shape, outer: Shape) -> bool:
    """Return whether nine tenths of a shape lie within another."""
    points = _sample_points(inner)
    max_outside = (1 - _SAME_SHARE) * len(points)
    outside_count = 0
    for x, y in points:
        outside_count += not outer.contains(x, y)
        if outside_count > max_outside:
            return False
    return True


@lru_cache(maxsize=512)
def _sample_points(shape: Shape) -> tuple[tuple[float, float], ...]:
    """Return points spread evenly over a shape. Cached, since a shape is compared with many others."""
    left, top, right, bottom = shape.box
    points = (
        (left + (column + 0.5) * (right - left) / _SAMPLES, top + (row + 0.5) * (bottom - top) / _SAMPLES)
        for row in range(_SAMPLES)
        for column in range(_SAMPLES)
    )
    return tuple(point for point in points if shape.contains(*point))


def _box_around(shapes: tuple[Shape, ...]) -> tuple[float, float, float, float]:
    """Return the smallest rectangle around some shapes, as in `Shape.box`."""
    lefts, tops, rights, bottoms = zip(*(shape.box for shape in shapes), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _box_area(shape: Shape) -> float:
    left, top, right, bottom = shape.box
    return (right - left) * (bottom - top)
