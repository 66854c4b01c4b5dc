"""Note types of an author's own as Anki has them: with room for what the author thinks of later.

The fields and templates of a released note type can never change (see note_types.py). So each
brings spare ones from the start, which an author fills under the names they have.
"""

from cardwright.collection import notetype
from cardwright.collection.custom_note_type import CustomNoteType
from cardwright.collection.notetype import RESERVED_FIELDS, SPARE_FIELDS, SPARE_TEMPLATES
from cardwright.formats.anki.note_types import AnkiNoteType, Field, Template, note_type

# Ids of an author's own; ours lie below them, where they stay.
_FIRST_FIELD = 1001
_FIRST_TEMPLATE = 2001
_FIRST_SPARE = 1901

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

# On the back, since a front that showed it would make cards of notes that have none there.
_RETIRED = '{{#Retired}}<div class="retired" dir="auto">{{Retired}}</div>{{/Retired}}\n'


def own_type(deck_id: str, own: CustomNoteType) -> AnkiNoteType:
    """The deck's own copy."""
    fields = tuple(Field(number, name, "") for number, name in enumerate(own.fields, _FIRST_FIELD))
    filled = {one.name: (one.front, _RETIRED + one.back) for one in own.templates}
    templates = [
        Template(number, name, *filled[name])
        for number, name in enumerate(own.template_names, _FIRST_TEMPLATE)
    ]
    if not own.cloze_fields:
        templates += (
            Template(number, name, *filled.get(name, (_nothing(name), _nothing(name))))
            for number, name in enumerate(SPARE_TEMPLATES, _FIRST_SPARE)
        )
    return note_type(deck_id, own.type, (*fields, *_OUR_FIELDS), tuple(templates), css=own.css, own=own)


def _nothing(name: str) -> str:
    """A template that never shows anything, since every note has a key; Anki makes no card of it.

    It names the spare field called as it is: no two fronts may be the same, or a learner could save no
    change of the note type, not even of its style.
    Source: Anki, rslib/src/notetype/mod.rs, `ensure_template_fronts_unique`.
    """
    return f"{{{{^Key}}}}{{{{{name}}}}}{{{{/Key}}}}"
