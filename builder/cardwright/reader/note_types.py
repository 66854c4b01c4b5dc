"""Read `note_types:` of deck.yaml: the custom note types of a deck."""

import unicodedata
from collections import abc
from collections.abc import Iterator
from types import MappingProxyType
from typing import Literal

from cardwright.collection import notetype
from cardwright.collection.custom_note_type import (
    CardStyles,
    CustomNoteType,
    CustomTemplate,
    ImportedType,
)
from cardwright.collection.notetype import SPARE_TEMPLATES, NoteType
from cardwright.collection.readings import READING_FILTERS
from cardwright.collection.template import (
    SPECIAL_FIELDS,
    Nodes,
    elements,
    fields_in_tags,
    fields_with_filter,
    replacements,
)
from cardwright.diagnostics import Diagnostic, Related, Report
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.reader.deck_keys import (
    IMPORTED_NOTE_TYPE_KEYS,
    NOTE_TYPE_KEYS,
    PICTURE_CARD_KEYS,
    TEMPLATE_KEYS,
    TEXT_CARD_KEYS,
)
from cardwright.source.ids import read_id
from cardwright.source.mapping_reader import MappingReader, read_mapping
from cardwright.source.media_reader import MediaReader
from cardwright.source.nodes import Node, Scalar
from cardwright.source.note_type_css import NoteTypeCss, read_css
from cardwright.source.template_reader import read_template
from cardwright.source.text import clean_line

# Besides letters and digits, a name may have these. Anki puts names of fields and templates on cards
# unescaped (`[[type:Field]]`, `{{hint:Field}}`, `{{Card}}`), where another sign may begin markup or a script.
# Source: Anki, rslib/src/template.rs and template_filters.rs, qt/aqt/reviewer.py, `typeAnsPat`.
_NAME_SIGNS = frozenset(" -–_.,()'’+/?!%*=")
_NAME_HELP = "use letters, digits, spaces and the signs - _ . , ( ) ' + / ? ! % * ="
# Anki's template language reads these, in front of a name, as its own.
# Source: Anki, rslib/src/notetype/fields.rs and mod.rs, `fix_field_names`, `invalid_char_for_field`.
_NOT_BEFORE_FIELDS = "/!"
_RESERVED = {
    name.casefold()
    for name in (*notetype.AUTOMATIC_FIELDS, *notetype.SPARE_FIELDS, *notetype.RESERVED_FIELDS)
}
_SPECIAL = {name.casefold() for name in SPECIAL_FIELDS}
_SPARE_FIELD_HELP = "leave it out of the list; cards can fill it in, and templates show it, as it is"
_RESERVED_FIELD_HELP = {
    "source": "it holds what `source:` cites, and templates may show it; give yours another name",
    "topic": "it holds the topic, and templates may show it; give yours another name",
    "key": "it holds the note's id, and templates may show it; give yours another name",
    "retired": "it says when the note left the deck; give yours another name",
    **dict.fromkeys(
        map(str.casefold, notetype.RESERVED_FIELDS), "it is for later versions; give yours another name"
    ),
}
_SPARE_TEMPLATES = {name.casefold(): name for name in SPARE_TEMPLATES}


_NOT_IMPORTED_HELP = "bring its line back with git, or with `cardwright build --restore-lock`"


def read_note_types(
    node: Node,
    media: MediaReader,
    report: Report,
    imported: abc.Mapping[str, ImportedType] | None = MappingProxyType({}),
) -> abc.Mapping[str, CustomNoteType | None]:
    """Return the note types by name; None for one with a mistake.

    imported: what the lock has of those that were imported; None if it could not be read.
    """
    reader = read_mapping(node, "`note_types`", report, filled=True)
    if reader is None:
        return {}
    note_types = {}
    first_keys: dict[str, Scalar] = {}
    for key, value in reader.entries:
        problems = Report()
        name = read_id(key, problems, owner="note type")
        if name is not None and (first := first_keys.setdefault(name.casefold(), key)) is not key:
            problems.add(_listed_twice("note-type-twice", f"the note type `{truncate(name)}`", key, first))
        note_type = None if name is None else _read_note_type(name, key, value, media, problems, imported)
        report.extend(problems)
        note_types[name or key.value] = None if problems.has_errors else note_type
    return note_types


def _read_note_type(
    name: str,
    key: Scalar,
    node: Node,
    media: MediaReader,
    report: Report,
    imported_types: abc.Mapping[str, ImportedType] | None,
) -> CustomNoteType | None:
    if name in notetype.BUILT_IN_TYPES:
        message = f"`{name}` is the name of a note type that every deck has"
        report.add(Diagnostic("note-type-of-ours", message, key.span, help="give yours another name"))
    reader = read_mapping(node, f"the note type `{truncate(name, 24)}`", report, filled=True)
    if reader is None:
        return None
    imported = _read_imported(name, reader, imported_types)
    allowed_keys = NOTE_TYPE_KEYS if imported is None else IMPORTED_NOTE_TYPE_KEYS
    reader.allow_only(allowed_keys, name="a note type")
    has_fields = reader.require("fields")
    reader.require("templates")
    fields = _read_fields(reader, imported) if has_fields else ()
    keys = _read_keys(reader, fields, imported)
    if imported is not None:
        from cardwright.reader.imported_note_type import read_imported_note_type  # noqa: PLC0415  few are imported

        return read_imported_note_type(reader, NoteType(name), key.span, fields, keys, imported)
    template_fields = tuple(dict.fromkeys((*fields, *notetype.AUTOMATIC_FIELDS, *notetype.SPARE_FIELDS)))
    help_ = "write each as `Name: {front: …, back: …}`, without the dash"
    templates_reader = reader.mapping("templates", filled=True, help_=help_) if has_fields else None
    css_scalar = reader.scalar("css")
    css = None if css_scalar is None else read_css(css_scalar, media, report)
    is_css_wrong = css is None and css_scalar is not None
    css = css or NoteTypeCss("", ())
    templates: tuple[CustomTemplate, ...] = ()
    if templates_reader is not None:
        templates = _read_templates(templates_reader, template_fields, css.css)
    css_only = reader.flag("css_only", default=False)
    if css_only and css_scalar is None:
        message, help_ = "`css_only` is set, and there is no `css`", "write the whole style under `css`"
        report.add(Diagnostic("css-only-without-css", message, reader.key_span("css_only"), help=help_))
    fronts = tuple(node for template in templates for node in template.front_nodes)
    sides = (*fronts, *(node for template in templates for node in template.back_nodes))
    cloze_fields = fields_with_filter(fronts, "cloze")
    if cloze_fields and len(templates) > 1 and templates_reader is not None:
        report.add(_several_cloze_templates(templates_reader))
    if not fields or not templates or is_css_wrong:
        return None
    reading_fields = fields_with_filter(sides, *READING_FILTERS)
    return CustomNoteType(
        *(NoteType(name), fields, templates, css.css, cloze_fields, key.span, reading_fields),
        tag_fields=fields_in_tags(sides),
        css_only=css_only,
        files=css.files,
        styles=read_styles(css.css, sides, css_only=css_only),
        keys=keys,
    )


def _read_imported(
    name: str, note_type: MappingReader, imported_types: abc.Mapping[str, ImportedType] | None
) -> ImportedType | None:
    """Return what the lock has of a note type, if it was imported; report if it and the sources disagree."""
    is_imported = note_type.flag("imported")
    if imported_types is None:
        return ImportedType(0, {}) if is_imported else None
    imported = imported_types.get(name)
    shown_name, report = truncate(name, 20), note_type.report
    if is_imported and imported is None:
        message = f"the lock has no line of the imported note type `{shown_name}`"
        span = note_type.value_span("imported")
        report.add(Diagnostic("imported-type-not-locked", message, span, help=_NOT_IMPORTED_HELP))
        return ImportedType(0, {})
    if imported is not None and not is_imported:
        message = f"`{shown_name}` was imported, and doesn't say so any more"
        help_ = "write `imported: true`, so that it stays what learners have"
        span = note_type.value_span("imported") if "imported" in note_type else note_type.first_span
        report.add(Diagnostic("imported-type-unmarked", message, span, help=help_))
    return imported


def _read_keys(
    note_type: MappingReader, fields: abc.Sequence[str], imported: ImportedType | None
) -> abc.Mapping[str, str]:
    """Return the fields that the keys of a card fill, by key."""
    reader = note_type.mapping("keys", filled=True)
    if reader is None:
        return {}
    keys = PICTURE_CARD_KEYS if "diagram" in reader else TEXT_CARD_KEYS
    reader.allow_only(keys)
    if "diagram" in reader and not _is_picture(reader, fields, imported):
        message = "`diagram` needs the field for the picture of Anki's image occlusion"
        help_ = "only an imported note type can be one; other types have `q` or `cloze` cards"
        reader.report.add(
            Diagnostic("diagram-without-occlusion", message, reader.key_span("diagram"), help=help_)
        )
    scalars: dict[str, Scalar] = {}
    for key in keys:
        scalar = reader.scalar(key)
        if scalar is None:
            continue
        if scalar.value not in fields:
            message = f"{note_type.name} has no field `{truncate(scalar.value, 20)}`"
            help_ = did_you_mean(scalar.value, fields)
            reader.report.add(Diagnostic("unknown-field", message, scalar.span, help=help_))
        elif same := [other for other, first in scalars.items() if first.value == scalar.value]:
            message = f"`{same[0]}` and `{key}` fill the same field"
            reader.report.add(Diagnostic("field-twice", message, scalar.span))
        else:
            scalars[key] = scalar
    if sum(kind in reader for kind in ("q", "cloze", "diagram")) != 1:
        message = "`keys` needs either `q` or `cloze`"
        help_ = "name the field that such a key of a card fills, such as `q: Front`"
        reader.report.add(Diagnostic("keys-without-kind", message, note_type.key_span("keys"), help=help_))
    return {key: scalar.value for key, scalar in scalars.items()}


def _is_picture(keys: MappingReader, fields: abc.Sequence[str], imported: ImportedType | None) -> bool:
    """Return whether `diagram` names the field for the picture, and no other key the one for the masks."""
    if imported is None:
        return False
    named = {key.value: value.value for key, value in keys.entries if isinstance(value, Scalar)}
    indexes = imported.occlusion_fields[:2] if imported.is_cloze else ()
    occlusion = [fields[index] for index in indexes if index < len(fields)]
    if len(occlusion) < 2:
        return not imported.json  # what the lock has of it could not be read
    return named.get("diagram") == occlusion[1] and occlusion[0] not in named.values()


def read_styles(css: str, sides: Nodes, *, css_only: bool) -> CardStyles | None:
    """Return what the style of a note type, and the styles in its templates, make of a page."""
    if not css and not any("style" in dict(element.attributes) for element in elements(sides)):
        return None
    from cardwright.formats.anki.note_types import read_template  # noqa: PLC0415  few decks have styles
    from cardwright.source import card_styles  # noqa: PLC0415  the same

    return card_styles.CardStyles(css, "" if css_only else read_template("card.css"))


def _read_fields(note_type: MappingReader, imported: ImportedType | None) -> tuple[str, ...]:
    """Return the names of the fields, also those with a mistake, so that templates may show them.

    Those of an imported note type may be any that Anki allows.
    """
    report = note_type.report
    scalars = note_type.scalars("fields")
    if not scalars:
        span = note_type.value_span("fields")
        report.add(Diagnostic("note-type-without-fields", f"{note_type.name} has no fields", span))
    if imported is not None:
        return tuple(scalar.value for scalar in scalars)
    names = [clean_line(scalar, report) for scalar in scalars]
    first_scalars: dict[str, Scalar] = {}
    for name, scalar in zip(names, scalars, strict=True):
        first = first_scalars.setdefault(name.casefold(), scalar)
        if problem := _field_name_problem(name, scalar):
            report.add(problem)
        elif first is not scalar:
            report.add(_listed_twice("field-twice", f"the field `{truncate(name)}`", scalar, first))
    return tuple(filter(None, names))


def _field_name_problem(name: str, scalar: Scalar) -> Diagnostic | None:
    """Return why a field cannot have this name; None if it can."""
    if not name:
        return Diagnostic("unfit-field", "the name of a field is empty", scalar.span)
    if problem := _unfit_sign("field", name, scalar):
        return problem
    if name[0] in _NOT_BEFORE_FIELDS:
        message = f"the name of the field `{truncate(name, 24)}` begins with `{name[0]}`"
        return Diagnostic("unfit-field", message, scalar.span, help="a template could not name it")
    if name.casefold() in _SPECIAL:
        message = f"Anki uses `{truncate(name)}` for something else"
        return Diagnostic("reserved-field", message, scalar.span, help="give the field another name")
    if name.casefold() in _RESERVED:
        message = f"every note type has a field `{truncate(name)}` already"
        help_ = _RESERVED_FIELD_HELP.get(name.casefold(), _SPARE_FIELD_HELP)
        return Diagnostic("reserved-field", message, scalar.span, help=help_)
    return None


def _unfit_sign(owner: Literal["field", "template"], name: str, scalar: Scalar) -> Diagnostic | None:
    """Return an error for the first character that no name may have; combining marks belong to letters."""
    for char in name:
        if not (char.isalnum() or char in _NAME_SIGNS or unicodedata.category(char).startswith("M")):
            message = f"the {owner} `{truncate(name, 24)}` has `{truncate(char)}` in its name"
            return Diagnostic(f"unfit-{owner}", message, scalar.part(char), help=_NAME_HELP)
    return None


def _read_templates(reader: MappingReader, fields: abc.Sequence[str], css: str) -> tuple[CustomTemplate, ...]:
    """Return the card templates without a mistake; those that use a spare template come last, as in Anki.

    fields: what templates may show.
    """
    report = reader.report
    templates: list[CustomTemplate] = []
    first_names: dict[str, Scalar] = {}
    first_fronts: dict[str, Scalar] = {}
    for key, value in reader.entries:
        name = clean_line(key, report)
        if problem := _template_name_problem(name, key, first_names.setdefault(name.casefold(), key)):
            report.add(problem)
        template = read_mapping(value, f"the template `{truncate(name, 24)}`", report, filled=True)
        if template is None:
            continue
        template.allow_only(TEMPLATE_KEYS, name="a template")
        front = _read_side(template, "front", fields, css)
        back = _read_side(template, "back", fields, css)
        if front is not None and (first := first_fronts.setdefault(front[0], key)) is not key:
            report.extend(_same_front(front[1], key, first))
        if front is not None and back is not None:
            templates.append(CustomTemplate(name, front[0], back[0], front[1], back[1]))
    used_spares = [name for name in SPARE_TEMPLATES if name in reader]
    if used_spares == [SPARE_TEMPLATES[1]]:
        message = f"`{SPARE_TEMPLATES[1]}` is used and `{SPARE_TEMPLATES[0]}` is still free"
        report.add(Diagnostic("spare-skipped", message, reader.key_span(used_spares[0])))
    return tuple(
        sorted(templates, key=lambda template: template.name if template.name in SPARE_TEMPLATES else "")
    )


def _template_name_problem(name: str, key: Scalar, first: Scalar) -> Diagnostic | None:
    """Return why a template cannot have this name; None if it can. first: the first key with this name."""
    if not name:
        return Diagnostic("unfit-template", "the name of a template is empty", key.span)
    if problem := _unfit_sign("template", name, key):
        return problem
    if first is not key:
        return _listed_twice("template-twice", f"the template `{truncate(name)}`", key, first)
    spare_name = _SPARE_TEMPLATES.get(name.casefold(), name)
    if name != spare_name:
        message = f"the spare template is called `{spare_name}`; found `{truncate(name)}`"
        return Diagnostic("unfit-template", message, key.span)
    return None


def _listed_twice(code: str, name: str, second: Scalar, first: Scalar) -> Diagnostic:
    """Return an error for two names that differ only in capitals: Anki takes them for one and changes it.

    Source: Anki, rslib/src/notetype/mod.rs, `ensure_names_unique`; measured with Anki 24.11 to 26.09.
    """
    related = (Related(first.span, "first listed here"),)
    help_ = "give it another name; to Anki, capitals make no difference"
    return Diagnostic(code, f"{name} is listed twice", second.span, related=related, help=help_)


def _same_front(front: Nodes, second: Scalar, first: Scalar) -> Iterator[Diagnostic]:
    """Yield an error for two templates with one front: Anki's editor saves no such note type.

    Source: Anki, rslib/src/notetype/mod.rs, `ensure_template_fronts_unique`.
    """
    if not any(replacement.field == "Card" for replacement in replacements(front)):
        message = f"the template `{truncate(second.value, 24)}` has the same front as another"
        related = (Related(first.span, "this one"),)
        help_ = "ask something else, or show `{{Card}}`; a learner could not change the note type in Anki"
        yield Diagnostic("same-front", message, second.span, related=related, help=help_)


def _read_side(
    template: MappingReader, side: Literal["front", "back"], fields: abc.Sequence[str], css: str
) -> tuple[str, Nodes] | None:
    template.require(side)
    scalar = template.scalar(side)
    return None if scalar is None else read_template(scalar, fields, side, template.report, css)


def _several_cloze_templates(templates: MappingReader) -> Diagnostic:
    """Return an error for a cloze note type with several templates.

    Source: Anki, rslib/src/notetype/mod.rs: the cards of a cloze note type come from its one template.
    """
    second_key = list(templates.entries)[1][0]
    message, note = "a note type with cloze deletions can have only one template", "one too many"
    help_ = "move it to a note type of its own; Anki makes a card for each cloze number"
    return Diagnostic("cloze-with-templates", message, second_key.span, note=note, help=help_)
