"""`diagram`: a picture with labels, each asked for on a card of its own."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace

from cardwright.collection.content import LAST_CLOZE
from cardwright.collection.diagram import Diagram, Label, Shape
from cardwright.collection.media import MediaFile
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.diagnostic import Related as Pointer
from cardwright.diagnostics.phrases import truncate
from cardwright.kinds import shapes
from cardwright.kinds.entry import CardEntry
from cardwright.source import decode, ids
from cardwright.source.nodes import Mapping, Scalar, Sequence
from cardwright.source.picture_size import LARGEST, picture_size, sized
from cardwright.source.text import clean_line

_HASH = re.compile(r"-[0-9a-f]{12}(?=\.svg$)")


def read_diagram_card(entry: CardEntry) -> Iterator[Note]:
    """One note, with a card for each label. Their numbers are given later; see identity/labels.py."""
    written = entry.text(entry.node, "diagram")
    picture = None if written is None else _picture(entry, written)
    alt = _alt(entry)
    hides_all = _hides_all(entry)
    labels = _labels(entry)
    typed = entry.node.get("typed")
    if typed is not None and entry.flag(entry.node, "typed"):
        message = "`typed` is for cards of text, not for a diagram"
        entry.report.add(Diagnostic("answer-not-typable", message, typed.span, help="leave it out"))
    if picture is None or not alt or not labels:
        return
    note = entry.note(NoteType.DIAGRAM, {}, written={})
    yield replace(note, diagram=Diagram(picture, alt, hides_all, labels))


def _picture(entry: CardEntry, written: Scalar) -> MediaFile | None:
    """The picture, of which it is known how large it is: masks are laid over it by its size."""
    picture = entry.markup.pictures(written.value, written)
    if picture is None:
        return None
    size = picture_size(picture.data)
    if size is None:
        is_drawing = picture.name.endswith(".svg")
        entry.report.add(
            Diagnostic(
                code="picture-without-size",
                message=f"`{truncate(written.value, 36)}` does not say how large it is",
                span=written.span,
                help='give its `<svg>` a `viewBox`, as in `viewBox="0 0 400 300"`' if is_drawing else "",
            )
        )
        return None
    if max(size) > LARGEST:
        entry.report.add(
            Diagnostic(
                code="huge-picture",
                message=f"`{truncate(written.value, 20)}` is {size[0]:,.0f} by {size[1]:,.0f} pixels large",
                span=written.span,
                help=f"make it smaller: {LARGEST:,} pixels on a side are the most that Anki can draw on",
            )
        )
        return None
    if not picture.name.endswith(".svg"):
        return picture
    data = sized(picture.data)
    name = _HASH.sub(f"-{hashlib.sha256(data).hexdigest()[:12]}", picture.name)
    return picture if data == picture.data else MediaFile(name, picture.path, data)


def _alt(entry: CardEntry) -> str:
    node = decode.required(
        entry.node,
        "alt",
        "a diagram",
        entry.report,
        "add `alt:` and say in words what the picture shows, for who cannot see it",
    )
    written = None if node is None else decode.scalar(node, "alt", entry.report)
    if written is None:
        return ""
    alt = clean_line(written, entry.report)
    if not alt:
        key = entry.node.entries["alt"][0]
        entry.report.add(Diagnostic("empty-text", "a text is empty that a card needs", key.span))
    return alt


def _hides_all(entry: CardEntry) -> bool:
    written = entry.text(entry.node, "hide")
    if written is None or written.value in ("all", "one"):
        return written is None or written.value == "all"
    message = f"`hide` is `all` or `one`; found `{truncate(written.value, 24)}`"
    entry.report.add(Diagnostic("unknown-choice", message, written.span))
    return True


def _labels(entry: CardEntry) -> tuple[Label, ...]:
    """The labels, in the order written; none when one of them cannot be read."""
    node = decode.required(entry.node, "labels", "a diagram", entry.report)
    if isinstance(node, Sequence):
        first = node.items[0].span if node.items else node.span
        entry.report.add(
            Diagnostic(
                code="labels-without-keys",
                message="the labels of a diagram need keys",
                span=first,
                note="the key is what a label is known by when its name changes",
                help="write `biceps: {name: Biceps femoris, rect: [62, 30, 20, 6]}`, without the dash",
            )
        )
        return ()
    given = None if node is None else decode.filled(node, "`labels`", entry.report)
    if given is None:
        return ()
    found = [(key, _label(entry, key, value)) for key, value in given.entries.values()]
    if len(found) > LAST_CLOZE:
        message = f"a diagram has at most {LAST_CLOZE} labels; found {len(found)}"
        advice = "make several diagrams of it"
        entry.report.add(Diagnostic("too-many-labels", message, found[LAST_CLOZE][0].span, help=advice))
        return ()
    there = [(key, label) for key, label in found if label is not None]
    _coinciding(entry, there)
    return tuple(label for _, label in there) if len(there) == len(found) else ()


def _label(entry: CardEntry, key: Scalar, value: Mapping | Scalar | Sequence) -> Label | None:
    name = ids.read_id(key, entry.report)
    what = f"the label `{truncate(key.value, 28)}`"
    given = decode.mapping(value, what, entry.report)
    if given is None:
        return None
    decode.only(given, ("name", *shapes.SHAPE_KINDS), "a label", entry.report)
    node = decode.required(given, "name", what, entry.report)
    written = None if node is None else decode.scalar(node, "name", entry.report)
    line = () if written is None else entry.line(written)
    shape = _shape(entry, key, given)
    if not name or not line or shape is None:
        return None
    return Label(name, line, shape, entry.former.parts.get(key.value, ""))


def _shape(entry: CardEntry, key: Scalar, given: Mapping) -> Shape | None:
    kinds = [kind for kind in shapes.SHAPE_KINDS if kind in given.entries]
    if not kinds:
        if not any(decode.misspelt(given, kind) for kind in shapes.SHAPE_KINDS):
            entry.report.add(
                Diagnostic(
                    code="label-without-place",
                    message=f"the label `{truncate(key.value, 36)}` has no place",
                    span=key.span,
                    help="say in percent of the picture where it is: `rect: [left, top, width, height]`",
                )
            )
        return None
    if len(kinds) > 1:
        first, second = (given.entries[kind][0] for kind in kinds[:2])
        entry.report.add(
            Diagnostic(
                code="label-with-two-places",
                message=f"the label `{truncate(key.value, 28)}` is in two places at once",
                span=second.span,
                related=(Pointer(first.span, "here already"),),
                help="make two labels of it, or keep one of its shapes",
            )
        )
        return None
    return shapes.read_shape(kinds[0], given.entries[kinds[0]][1], truncate(key.value, 24), entry.report)


def _coinciding(entry: CardEntry, labels: list[tuple[Scalar, Label]]) -> None:
    for place, (second, other) in enumerate(labels):
        same = (key for key, one in labels[:place] if shapes.coincide(one.shape, other.shape))
        first = next(same, None)
        if first is not None:
            names = [f"`{truncate(key.value, 24)}`" for key in (first, second)]
            entry.report.add(
                Diagnostic(
                    code="labels-coincide",
                    message=f"{names[0]} and {names[1]} are in one place",
                    span=second.span,
                    note="nobody can tell which of them is asked for",
                    related=(Pointer(first.span, "in the same place"),),
                )
            )
