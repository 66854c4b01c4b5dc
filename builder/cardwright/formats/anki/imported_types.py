"""Imported note types: what the lock keeps of them, and what a package has of them again.

Anki takes a note type for the one that a learner has if its id is the same, and the number, the order and the
ids of its fields and templates. So all that is emitted as it was found.
Source: measured with Anki 24.11 to 26.09; Anki, rslib/src/import_export/package/apkg/import/notes.rs,
`equal_schema`.
"""

from collections.abc import Mapping
from itertools import chain, repeat
from typing import Any

from cardwright.collection.custom_note_type import CustomNoteType, ImportedType
from cardwright.formats.anki.collection import read_field, read_template
from cardwright.formats.anki.note_types import AnkiNoteType

Json = Mapping[str, Any]

_PARTS = ("flds", "tmpls")
_TOLD_BY_SOURCES = frozenset({"id", "mod", "css", *_PARTS})
_TOLD_OF_PARTS = frozenset({"name", "qfmt", "afmt"})


def read_imported_type(model: Json) -> ImportedType:
    """Return what the lock keeps of a note type. model: its JSON of schema 11."""
    kept = {key: value for key, value in model.items() if key not in _TOLD_BY_SOURCES}
    parts = {key: [_without_told(part) for part in model[key]] for key in _PARTS}
    return ImportedType(int(model["id"]), {**kept, **parts})


def _without_told(part: Json) -> Json:
    return {key: value for key, value in part.items() if key not in _TOLD_OF_PARTS}


def make_imported_type(custom: CustomNoteType, imported: ImportedType) -> AnkiNoteType:
    """Return an imported note type with the templates and the style that the sources have now."""
    # The sources may have more parts than Anki, which is reported where they are compared with the lock.
    stored_fields, stored_templates = (chain(imported.json.get(key, ()), repeat({})) for key in _PARTS)
    fields = tuple(
        read_field({**stored, "name": name})
        for name, stored in zip(custom.fields, stored_fields, strict=False)
    )
    templates = tuple(
        read_template({**stored, "name": template.name, "qfmt": template.front, "afmt": template.back})
        for template, stored in zip(custom.templates, stored_templates, strict=False)
    )
    return AnkiNoteType(custom.type, imported.id, imported.name, fields, templates, custom.css, 0, custom)


def imported_type_json(note_type: AnkiNoteType, imported: ImportedType, mod: int) -> dict[str, Any]:
    """Return the JSON of schema 11 of an imported note type. mod: as in `note_type_json`."""
    fields = [
        {**stored, "name": field.name}
        for field, stored in zip(note_type.fields, imported.json["flds"], strict=True)
    ]
    templates = [
        {**stored, "name": template.name, "qfmt": template.front, "afmt": template.back}
        for template, stored in zip(note_type.templates, imported.json["tmpls"], strict=True)
    ]
    told = {"id": imported.id, "mod": mod, "flds": fields, "tmpls": templates, "css": note_type.css}
    return {**imported.json, **told}
