"""Read a note type that was imported: its templates and its style may be whatever Anki allows and is safe."""

from collections import abc

from cardwright.collection.custom_note_type import CustomNoteType, CustomTemplate, ImportedType
from cardwright.collection.notetype import NoteType
from cardwright.collection.readings import READING_FILTERS
from cardwright.collection.template import fields_in_tags, fields_with_filter
from cardwright.diagnostics import Diagnostic, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.reader.note_types import read_styles
from cardwright.source.imported_template import read_imported_template
from cardwright.source.mapping_reader import MappingReader, read_mapping


def read_imported_note_type(
    note_type: MappingReader,
    name: NoteType,
    span: Span,
    fields: tuple[str, ...],
    keys: abc.Mapping[str, str],
    imported: ImportedType,
) -> CustomNoteType | None:
    """Return an imported note type; None after a mistake. span: of its name."""
    report = note_type.report
    reader = note_type.mapping("templates", filled=True)
    css_scalar = note_type.scalar("css")
    css = "" if css_scalar is None else css_scalar.value
    templates = [] if reader is None else list(_read_templates(reader, fields, css))
    if not note_type.flag("css_only", default=True):
        message, help_ = "the style of an imported note type is all under `css`", "write `css_only: true`"
        report.add(Diagnostic("imported-type-css", message, note_type.value_span("css_only"), help=help_))
    if not fields or not templates:
        return None
    fronts = tuple(node for template in templates for node in template.front_nodes)
    sides = (*fronts, *(node for template in templates for node in template.back_nodes))
    return CustomNoteType(
        *(name, fields, tuple(templates), css),
        fields_with_filter(fronts, "cloze") if imported.is_cloze else (),
        *(span, fields_with_filter(sides, *READING_FILTERS)),
        tag_fields=fields_in_tags(sides),
        css_only=True,
        styles=read_styles(css, sides, css_only=True),
        keys=keys,
        imported=imported,
    )


def _read_templates(
    templates: MappingReader, fields: abc.Sequence[str], css: str
) -> abc.Iterator[CustomTemplate]:
    """Yield the card templates without a mistake, in order."""
    for key, value in templates.entries:
        owner = f"the template `{truncate(key.value, 24)}`"
        template = read_mapping(value, owner, templates.report, filled=True)
        if template is None:
            continue
        template.allow_only(("front", "back"), name="a template")
        sides = []
        for side in ("front", "back"):
            scalar = template.scalar(side) if template.require(side) else None
            if scalar is not None:
                sides.append(read_imported_template(scalar, fields, side, css))
        if len(sides) == 2:
            (front, front_nodes), (back, back_nodes) = sides
            yield CustomTemplate(key.value, front, back, front_nodes, back_nodes)
