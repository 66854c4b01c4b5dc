"""Diagrams in Anki, as notes of Anki's image occlusion.

Anki recognises the note type by `originalStockKind` and its five fields by their tags, whatever
fields follow; ours follow them. As for the other note types, nothing in the list of fields may be
added, removed, moved or renumbered.
Source: Anki, rslib/src/notetype/stock.rs and rslib/src/image_occlusion/, measured.
"""

from collections.abc import Mapping
from typing import Protocol

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.diagram import Diagram, Label
from cardwright.collection.image_occlusion import write_mask
from cardwright.collection.notetype import NoteType
from cardwright.formats.anki.note_types import (
    AnkiNoteType,
    Field,
    Template,
    make_note_type,
    read_sides,
    read_template,
    spare_fields,
    translate,
)

# Source: Anki, proto/anki/notetypes.proto, `StockNotetype.OriginalStockKind`.
_IMAGE_OCCLUSION = 6

OCCLUSION = "Occlusion"
IMAGE = "Image"
HEADER = "Header"
BACK_EXTRA = "Back Extra"
COMMENTS = "Comments"
NAMES = "Names"

FIELDS = (
    Field(501, OCCLUSION, "the masks, drawn in the editor", tag=0),
    Field(502, IMAGE, "the picture", tag=1),
    Field(503, HEADER, "shown above the picture", tag=2),
    Field(504, BACK_EXTRA, "shown under the answer", tag=3),
    Field(505, COMMENTS, "your own notes", tag=4),
    Field(506, NAMES, "what is under the masks, each name a cloze deletion with the mask's number"),
    Field(507, notetype.HINT, "shown on request"),
    Field(508, notetype.SOURCE, "where the fact comes from"),
    Field(509, notetype.KEY, "the note's id in its sources; leave as it is", collapsed=True, plain=True),
    Field(510, notetype.RETIRED, "why the note is no longer in the deck", collapsed=True),
    *spare_fields(511, 4),
)

RENAMED_FIELDS: Mapping[str, str] = {notetype.TOPIC: HEADER, notetype.EXTRA: BACK_EXTRA}
"""The names that fields of the other note types have in this one."""


def make_image_occlusion_type(deck_id: str, language: str) -> AnkiNoteType:
    """Return the deck's own copy of image occlusion. language: as in `make_built_in_types`."""
    picture = translate(read_template("diagram_picture.html"), language)
    front, back = (html.replace("PICTURE\n", picture) for html in read_sides("diagram", language))
    templates = (Template(601, "Image Occlusion", front, back),)
    css = read_template("card.css") + read_template("diagram.css")
    return make_note_type(deck_id, NoteType.DIAGRAM, FIELDS, templates, css=css, stock_kind=_IMAGE_OCCLUSION)


class HtmlRenderer(Protocol):
    """Renders a content as the HTML of a field. cloze: whether the field has the note's cloze deletions."""

    def __call__(self, content: c.Content, *, cloze: bool = False) -> str: ...


def render_diagram(diagram: Diagram, render_html: HtmlRenderer) -> dict[str, str]:
    """Return the HTML of the fields that a diagram fills, by name."""
    labels = sorted(diagram.labels, key=lambda label: label.cloze_number)
    masks = (
        f"{{{{c{label.cloze_number}::{write_mask(shape, hides_all=diagram.hides_all)}}}}}"
        for label in labels
        for shape in label.shapes
    )
    names: c.Inlines = tuple(part for label in labels for part in _name(label))[:-1]
    picture = c.Image(diagram.file, diagram.alt)
    return {
        OCCLUSION: "<br>".join(masks),
        IMAGE: render_html((c.Paragraph((picture,)),)),
        NAMES: render_html((c.Paragraph(names),), cloze=True),
    }


def _name(label: Label) -> c.Inlines:
    return c.Cloze((label.cloze_number,), label.name), c.LineBreak()
