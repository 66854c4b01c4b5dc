"""Bring masks that were moved, added or removed in Anki into the labels of a diagram."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cardwright.collection.diagram import Diagram, Shape
from cardwright.collection.image_occlusion import OcclusionMasks, read_masks
from cardwright.identity.label_numbers import label_key
from cardwright.importing.diagram_cards import label_value, number_text, shape_numbers
from cardwright.pulling.three_way import FieldChange
from cardwright.source import nodes
from cardwright.source.nodes import Node, Scalar
from cardwright.source.yaml_additions import add_entry, remove_entry
from cardwright.source.yaml_writing import Edit, replace_scalar, write_in_line


def change_masks(
    card: nodes.Mapping, diagram: Diagram, change: FieldChange, *, may_be_nameless: bool
) -> tuple[Mapping[int, str], list[Edit]] | str:
    """Return the keys of new labels by their numbers, and the edits of a card that change its masks.

    change: of the field with the masks. may_be_nameless: whether labels have no names.

    Returns in a few words why there are no such edits, if that can't be done.
    """
    labels = card.get("labels")
    ours, theirs = read_masks(change.current), read_masks(change.exported)
    if theirs is None:
        return "its masks are more than a diagram can have"
    if ours is None or not isinstance(labels, nodes.Mapping):
        return "the masks can't be changed where they stand"
    keys = {label.cloze_number: label.key for label in diagram.labels}
    new_keys = _new_keys(diagram, labels, theirs.shapes.keys() - keys.keys())
    if new_keys and not may_be_nameless:
        return "a new label needs a name"
    edits = list(_edits_of_labels(labels, keys, ours, theirs))
    for number, key in new_keys.items():
        edits.append(add_entry(labels.source, labels, key, label_value(theirs.shapes[number])))
    if ours.hides_all != theirs.hides_all:
        edits.append(_hide(card, hides_all=theirs.hides_all))
    done = [edit for edit in edits if edit is not None]
    return (new_keys, done) if len(done) == len(edits) else "the masks can't be changed where they stand"


def _new_keys(diagram: Diagram, labels: nodes.Mapping, numbers: Iterable[int]) -> dict[int, str]:
    """Return keys for new labels. A number that a label had before goes to no other one."""
    keys: dict[int, str] = {}
    for number in sorted(numbers):
        key = diagram.retired_labels.get(number, label_key(number))
        while key in labels.entries or key in keys.values():
            key += "-"
        keys[number] = key
    return keys


def _edits_of_labels(
    labels: nodes.Mapping, keys: Mapping[int, str], ours: OcclusionMasks, theirs: OcclusionMasks
) -> Iterator[Edit | None]:
    """Yield the edits of the labels that the sources have; None for one that can't be done."""
    for number, key in keys.items():
        shapes = theirs.shapes.get(number)
        if shapes is None:
            yield remove_entry(labels.source, labels, key)
        elif shapes != ours.shapes[number]:
            yield from _moved(labels.get(key), ours.shapes[number], shapes)


def _hide(card: nodes.Mapping, *, hides_all: bool) -> Edit | None:
    node, value = card.get("hide"), "all" if hides_all else "one"
    if node is None:
        return add_entry(card.source, card, "hide", value)
    return replace_scalar(card.source, node, value) if isinstance(node, Scalar) else None


def _moved(label: Node | None, before: Sequence[Shape], after: Sequence[Shape]) -> Iterator[Edit | None]:
    """Yield the edits of a label whose masks have changed: those of some numbers, if that is enough."""
    if not isinstance(label, nodes.Mapping):
        yield None
        return
    old, new = ([number for shape in shapes for number in shape_numbers(shape)] for shapes in (before, after))
    places = [entry for key, entry in label.entries.items() if key != "name"]
    numbers = [scalar for _, value in places for scalar in _scalars(value)]
    kinds_before, kinds_after = ([shape.kind for shape in shapes] for shapes in (before, after))
    if kinds_before == kinds_after and len(old) == len(new) == len(numbers):
        for scalar, number, changed in zip(numbers, old, new, strict=True):
            if number != changed:
                yield Edit(scalar.start, scalar.end, number_text(changed))
        return
    if len(places) != 1:
        yield None
        return
    key, value = places[0]
    written = label.source.text[value.start : value.end]
    end = value.start + len(written.rstrip())
    ((new_key, new_value),) = label_value(tuple(after)).entries.items()
    yield Edit(key.start, end, f"{new_key}: {write_in_line(new_value)}")


def _scalars(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case nodes.Sequence():
            for item in node.items:
                yield from _scalars(item)
        case nodes.Mapping():
            for _, value in node.entries.values():
                yield from _scalars(value)
