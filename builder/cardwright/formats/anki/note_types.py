"""The built-in note types of a deck, with every field and template that they will ever need.

Anki stops updating notes, silently and for good, when the fields or templates of their
note type are not the ones it knows. So nothing in the lists below may be added, removed,
moved or renumbered; nor renamed, since only newer importers recognise a renamed field by
its id. Anything that a later version needs goes into a spare field. The HTML and CSS of
templates may change freely.

The spare fields are meant for: two more cards of a question (Spare 1 asks and Spare 2
answers, Spare 3 asks and Spare 4 answers; their templates exist already), and four contents
still unknown, such as a sound for either side or a link to the card's own page. Diagrams have
a note type of their own, in image_occlusion.py, since Anki prescribes its fields.
"""

import json
import re
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from cardwright.collection import notetype
from cardwright.collection.notetype import NoteType
from cardwright.formats.translations import find_translation
from cardwright.identity import derive
from cardwright.identity.note_state import NoteTypeState
from cardwright.record import Record, replace

if TYPE_CHECKING:  # few decks have custom note types
    from cardwright.collection.custom_note_type import CustomNoteType, ImportedType

_NOT_IN_LANGUAGE_TAGS = re.compile(r"[^A-Za-z0-9-]")

TYPED = "Typed"

_NAME_PREFIX = "cardwright "
"""Begins the names of our note types in Anki; the deck's id and the name in the deck follow."""


class Field(Record, frozen=True):
    """A field of a note type.

    id: by which Anki recognises the field when it is renamed.
    description: shown in Anki's editor while the field is empty.
    collapsed: whether the editor shows it collapsed.
    plain: whether the editor opens it as plain text.
    tag: by which Anki recognises a field of image occlusion; None for all others.
    """

    id: int
    name: str
    description: str
    collapsed: bool = False
    plain: bool = False
    tag: int | None = None


class Template(Record, frozen=True):
    """A card template. front, back: Anki's HTML with fields in double braces."""

    id: int
    name: str
    front: str
    back: str


class AnkiNoteType(Record, frozen=True):
    """A deck's own copy of a note type, with a name and an id that no other deck has.

    stock_kind: which of Anki's stock note types it counts as; 0 for none.
    custom: the custom note type that it is made from; None for a built-in one.

    The ids of the fields and templates of an imported note type are those of Anki; 0 for none.
    """

    type: NoteType
    id: int
    name: str
    fields: tuple[Field, ...]
    templates: tuple[Template, ...]
    css: str
    stock_kind: int = 0
    custom: "CustomNoteType | None" = None

    @property
    def field_names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    @property
    def is_cloze(self) -> bool:
        """True if Anki makes a card for each cloze number, instead of for each template."""
        return self.type != NoteType.QUESTION if self.custom is None else bool(self.custom.cloze_fields)

    @property
    def imported(self) -> "ImportedType | None":
        """What Anki has of it and the sources haven't, if it was imported."""
        return None if self.custom is None else self.custom.imported

    @property
    def state(self) -> NoteTypeState:
        """The note type as `reconcile` compares it with the lock."""
        schema = [
            [[field.id, field.name] for field in self.fields],
            [[template.id, template.name] for template in self.templates],
        ]
        rest = [
            self.name,
            [[field.description, field.collapsed, field.plain] for field in self.fields],
            [[template.front, template.back] for template in self.templates],
            self.css,
        ]
        state = NoteTypeState(self.type, self.id, _digest(schema), _digest(rest))
        custom = self.custom
        if custom is None:
            return state
        state = replace(state, fields=custom.fields, templates=custom.template_names, span=custom.span)
        return state if self.imported is None else replace(state, imported=self.imported.json)


def spare_fields(first_id: int, count: int) -> tuple[Field, ...]:
    """Return fields kept for later versions, with ascending ids."""
    return tuple(
        Field(first_id + index, f"Spare {index + 1}", "kept for later versions", collapsed=True)
        for index in range(count)
    )


QUESTION_FIELDS = (
    Field(101, notetype.QUESTION, "asked on the front"),
    Field(102, notetype.ANSWER, "told on the back"),
    Field(103, notetype.REVERSE, "asked by the second card; empty for none"),
    Field(104, notetype.REVERSE_ANSWER, "told by the second card"),
    Field(105, notetype.EXTRA, "shown under the answer"),
    Field(106, notetype.HINT, "shown on request"),
    Field(107, TYPED, "to be typed in; empty for no typing", plain=True),
    Field(108, notetype.SOURCE, "where the fact comes from"),
    Field(109, notetype.TOPIC, "shown above the question"),
    Field(110, notetype.KEY, "the note's id in its sources; leave as it is", collapsed=True, plain=True),
    Field(111, notetype.RETIRED, "why the note is no longer in the deck", collapsed=True),
    *spare_fields(112, 8),
)

CLOZE_FIELDS = (
    Field(301, notetype.TEXT, "the text with its cloze deletions"),
    Field(302, notetype.EXTRA, "shown under the answer"),
    Field(303, notetype.HINT, "shown on request"),
    Field(304, TYPED, "anything here asks for the hidden text to be typed in", plain=True),
    Field(305, notetype.SOURCE, "where the fact comes from"),
    Field(306, notetype.TOPIC, "shown above the question"),
    Field(307, notetype.KEY, "the note's id in its sources; leave as it is", collapsed=True, plain=True),
    Field(308, notetype.RETIRED, "why the note is no longer in the deck", collapsed=True),
    *spare_fields(309, 8),
)


def make_built_in_types(deck_id: str, language: str) -> tuple[AnkiNoteType, ...]:
    """Return the deck's own copies of the note types for questions and clozes.

    language: BCP 47; our words are in it, and browsers choose fonts and hyphenation by it.
    """
    question_templates = (
        Template(201, "Question", *read_sides("question", language)),
        _conditional_template(202, "Reverse", notetype.REVERSE, notetype.REVERSE_ANSWER, language),
        _conditional_template(203, "Spare 1", "Spare 1", "Spare 2", language),
        _conditional_template(204, "Spare 2", "Spare 3", "Spare 4", language),
    )
    cloze_templates = (Template(401, "Cloze", *read_sides("cloze", language)),)
    return (
        make_note_type(deck_id, NoteType.QUESTION, QUESTION_FIELDS, question_templates),
        make_note_type(deck_id, NoteType.CLOZE, CLOZE_FIELDS, cloze_templates),
    )


def make_note_type(
    deck_id: str,
    note_type: NoteType,
    fields: tuple[Field, ...],
    templates: tuple[Template, ...],
    *,
    css: str = "",
    stock_kind: int = 0,
    custom: "CustomNoteType | None" = None,
) -> AnkiNoteType:
    """Return a deck's own copy of a note type. css: empty for the common style of our cards."""
    # Two decks that shared a note type would overwrite each other's style, and Anki changes a name
    # that a learner's own note type has. So the name contains the deck's id and our name.
    name = f"{_NAME_PREFIX}{deck_id} {note_type}"
    id_ = derive.note_type_id(deck_id, note_type)
    css = css or read_template("card.css")
    return AnkiNoteType(note_type, id_, name, fields, templates, css, stock_kind, custom)


def split_name(name: str) -> tuple[str, str]:
    """Return the deck's id and our name of a note type by its name in Anki; both empty if it is not ours."""
    deck_id, _, note_type = name.removeprefix(_NAME_PREFIX).partition(" ")
    return (deck_id, note_type) if name.startswith(_NAME_PREFIX) and note_type else ("", "")


def _conditional_template(id_: int, name: str, question: str, answer: str, language: str) -> Template:
    """Return a template whose card exists only if its question field is filled. question, answer: fields."""
    front, back = (
        html.replace("QUESTION", question).replace("ANSWER", answer)
        for html in read_sides("conditional", language)
    )
    return Template(id_, name, front, back)


def read_sides(name: str, language: str) -> tuple[str, str]:
    """Return the front and the back of a card template of ours. language: BCP 47."""
    front, back = (translate(read_template(f"{name}_{side}.html"), language) for side in ("front", "back"))
    return front, back


def translate(html: str, language: str) -> str:
    """Put our words in a language into the HTML of a card template, and the language's tag."""
    texts = find_translation(language).cards
    words = {
        "LANGUAGE": _NOT_IN_LANGUAGE_TAGS.sub("", language),
        "HINT\n": read_template("hint.html").replace("HINT", texts.hint),
        "TOGGLE_MASKS": texts.toggle_masks,
        "OLD_ANKI": texts.old_anki.replace("{error}", "${exc}"),
    }
    for placeholder, word in words.items():
        html = html.replace(placeholder, word)
    return html


@cache
def read_template(file_name: str) -> str:
    """Return a file of the folder `templates`."""
    return files(__package__).joinpath("templates", file_name).read_text("utf-8")


def _digest(content: object) -> str:
    return sha256(json.dumps(content).encode()).hexdigest()[:16]
