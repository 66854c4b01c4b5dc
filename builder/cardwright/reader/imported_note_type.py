"""Read a note type that was imported: its templates and its style may be whatever Anki allows and is safe."""

from collections import abc
from typing import Literal

from cardwright.collection.custom_note_type import CustomNoteType, CustomTemplate, ImportedType
from cardwright.collection.notetype import NoteType
from cardwright.collection.readings import READING_FILTERS
from cardwright.collection.template import fields_with_filter
from cardwright.diagnostics import Diagnostic, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.reader.deck_keys import TEMPLATE_KEYS
from cardwright.reader.note_types import read_styles
from cardwright.source.imported_template import (
    UNSAFE_TEMPLATE,
    ImportedSide,
    read_imported_css,
    read_imported_side,
)
from cardwright.source.mapping_reader import MappingReader, read_mapping
from cardwright.source.unsafe_markup import FieldInTag, find_unfit_names

_SIDES: tuple[Literal["front"], Literal["back"]] = ("front", "back")


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
    is_trusted = note_type.choice("allow", {UNSAFE_TEMPLATE: True}, default=False)
    css_scalar = note_type.scalar("css")
    css = "" if css_scalar is None else read_imported_css(css_scalar, report, is_trusted=is_trusted)
    templates: list[CustomTemplate] = []
    in_tags: list[FieldInTag] = []
    template_names = [] if reader is None else [key.value for key, _ in reader.entries]
    unfit = find_unfit_names({"Card": template_names, "Type": [imported.name]})
    for template_name, sides in (
        () if reader is None else _read_templates(reader, fields, css, unfit, is_trusted=is_trusted)
    ):
        front, back = sides
        templates.append(CustomTemplate(template_name, front.html, back.html, front.nodes, back.nodes))
        if not is_trusted:
            in_tags += (*front.fields_in_tags, *back.fields_in_tags)
    if not note_type.flag("css_only", default=True):
        message, help_ = "the style of an imported note type is all under `css`", "write `css_only: true`"
        report.add(Diagnostic("imported-type-css", message, note_type.value_span("css_only"), help=help_))
    if not fields or not templates:
        return None
    fronts = tuple(node for template in templates for node in template.front_nodes)
    nodes = (*fronts, *(node for template in templates for node in template.back_nodes))
    return CustomNoteType(
        *(name, fields, tuple(templates), css),
        # Without its lock, which has the JSON, a note type is what its templates look like.
        fields_with_filter(fronts, "cloze") if imported.is_cloze or not imported.json else (),
        *(span, fields_with_filter(nodes, *READING_FILTERS)),
        tag_fields=tuple(dict.fromkeys(shown.field for shown in in_tags)),
        file_fields=tuple(dict.fromkeys(shown.field for shown in in_tags if shown.kind == "file")),
        link_fields=tuple(dict.fromkeys(shown.field for shown in in_tags if shown.kind == "link")),
        css_only=True,
        styles=read_styles(css, nodes, css_only=True),
        keys=keys,
        imported=imported,
        is_trusted=is_trusted,
    )


def _read_templates(
    templates: MappingReader,
    fields: abc.Sequence[str],
    css: str,
    unfit: tuple[abc.Collection[str], abc.Collection[str]],
    *,
    is_trusted: bool,
) -> abc.Iterator[tuple[str, list[ImportedSide]]]:
    """Yield name and both sides of each card template without a mistake, in order."""
    for key, value in templates.entries:
        owner = f"the template `{truncate(key.value, 24)}`"
        template = read_mapping(value, owner, templates.report, filled=True)
        if template is None:
            continue
        template.allow_only(TEMPLATE_KEYS, name="a template")
        sides = [
            read_imported_side(
                *(scalar, fields, side, template.report, css), is_trusted=is_trusted, unfit=unfit
            )
            for side in _SIDES
            if template.require(side) and (scalar := template.scalar(side)) is not None
        ]
        if len(sides) == len(_SIDES):
            yield key.value, sides
