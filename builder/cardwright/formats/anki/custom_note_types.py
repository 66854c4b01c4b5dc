"""Custom note types as Anki has them, with spare fields and templates for what the author thinks of later.

The fields and templates of a released note type can never change (see note_types.py). So each has
spare ones from the start, which an author may fill but not rename.
"""

from cardwright.collection import notetype
from cardwright.collection.custom_note_type import CustomNoteType
from cardwright.collection.notetype import RESERVED_FIELDS, SPARE_FIELDS, SPARE_TEMPLATES
from cardwright.formats.anki.note_types import AnkiNoteType, Field, Template, make_note_type, read_template

# The ids of the author's fields and templates; our own have lower ones, which never change.
_FIRST_FIELD_ID = 1001
_FIRST_TEMPLATE_ID = 2001
_FIRST_SPARE_ID = 1901

_OUR_FIELDS = (
    Field(901, notetype.SOURCE, "where the fact comes from"),
    Field(902, notetype.TOPIC, "what the note is about"),
    Field(903, notetype.KEY, "the note's id in its sources; leave as it is", collapsed=True, plain=True),
    Field(904, notetype.RETIRED, "why the note is no longer in the deck", collapsed=True),
    *(
        Field(number, name, "kept for later versions", collapsed=True)
        for number, name in enumerate((*SPARE_FIELDS, *RESERVED_FIELDS), 905)
    ),
)

# On the back, since on a front it would make cards of notes that have none there.
_RETIRED = '{{#Retired}}<div class="retired" dir="auto">{{Retired}}</div>{{/Retired}}\n'


def make_custom_type(deck_id: str, custom: CustomNoteType) -> AnkiNoteType:
    """Return the deck's own copy of a custom note type; an imported one stays as Anki has it."""
    if custom.imported is not None:
        from cardwright.formats.anki.imported_types import make_imported_type  # noqa: PLC0415  few decks are imported

        return make_imported_type(custom, custom.imported)
    fields = tuple(Field(number, name, "") for number, name in enumerate(custom.fields, _FIRST_FIELD_ID))
    sides = {template.name: (template.front, _RETIRED + template.back) for template in custom.templates}
    templates = [
        Template(number, name, *sides[name])
        for number, name in enumerate(custom.template_names, _FIRST_TEMPLATE_ID)
    ]
    if not custom.cloze_fields:
        templates += (
            Template(number, name, *sides.get(name, (_unused_side(name), _unused_side(name))))
            for number, name in enumerate(SPARE_TEMPLATES, _FIRST_SPARE_ID)
        )
    css = custom.css if custom.css_only else f"{read_template('card.css')}\n{custom.css}".rstrip() + "\n"
    return make_note_type(
        deck_id, custom.type, (*fields, *_OUR_FIELDS), tuple(templates), css=css, custom=custom
    )


def authors_names(note_type: AnkiNoteType) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the author's own fields and templates in a custom note type as Anki has it."""
    fields = tuple(field.name for field in note_type.fields if field.id >= _FIRST_FIELD_ID)
    templates = tuple(template.name for template in note_type.templates if template.id >= _FIRST_TEMPLATE_ID)
    return fields, templates


def _unused_side(template_name: str) -> str:
    """Return a side that never shows anything, since every note has a key; so Anki makes no card of it.

    It names the spare field of the same name, because no two fronts may be equal: otherwise learners
    could save no change of the note type, not even of its style.
    Source: Anki, rslib/src/notetype/mod.rs, `ensure_template_fronts_unique`.
    """
    return f"{{{{^Key}}}}{{{{{template_name}}}}}{{{{/Key}}}}"
