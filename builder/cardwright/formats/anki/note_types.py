"""The note types of a deck, with every field and template they will ever need.

Anki stops updating notes, silently and for good, when the fields or templates of their
note type are not the ones it knows. So nothing in the lists below may be added, removed,
moved or renumbered; nor renamed, since only newer importers know a renamed field by its
id. What a later version needs goes into a spare. How templates look may change freely.

The spares are meant for: two more cards of a question (Spare 1 asks and Spare 2 answers,
Spare 3 asks and Spare 4 answers; their templates are there), and four contents still
unknown, such as a sound for either side or a link to the card's own page. Image occlusion
is a note type of its own, in occlusion.py, since Anki fixes its fields.
"""

import json
import re
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from cardwright.collection import notetype
from cardwright.collection.notetype import NoteType
from cardwright.identity import derive
from cardwright.identity.note_state import NoteTypeState

if TYPE_CHECKING:  # few decks have note types of their own
    from cardwright.collection.custom_note_type import CustomNoteType

_UNKNOWN_TO_BCP_47 = re.compile(r"[^A-Za-z0-9-]")

TYPED = "Typed"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a note type.

    id: by which Anki knows the field again when it is renamed.
    description: shown in Anki's editor while the field is empty.
    collapsed: whether the editor folds it away.
    plain: whether the editor opens it as plain text.
    tag: by which Anki knows a field of its own image occlusion; None for any other.
    """

    id: int
    name: str
    description: str
    collapsed: bool = False
    plain: bool = False
    tag: int | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A card template. front, back: Anki's HTML with fields in double braces."""

    id: int
    name: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class AnkiNoteType:
    """A note type as one deck has it; name and id are the deck's own.

    stock_kind: which of Anki's own note types it counts as; 0 for none.
    own: the author's note type that it is made from, if it is none of ours.
    """

    type: NoteType
    id: int
    name: str
    fields: tuple[Field, ...]
    templates: tuple[Template, ...]
    css: str
    stock_kind: int = 0
    own: "CustomNoteType | None" = None

    @property
    def is_cloze(self) -> bool:
        """Whether Anki makes its cards from cloze numbers, and not from templates."""
        return self.type != NoteType.QUESTION if self.own is None else bool(self.own.cloze_fields)

    @property
    def claim(self) -> NoteTypeState:
        """What the lock is to remember of it."""
        schema = [
            [[one.id, one.name] for one in self.fields],
            [[one.id, one.name] for one in self.templates],
        ]
        rest = [
            self.name,
            [[one.description, one.collapsed, one.plain] for one in self.fields],
            [[one.front, one.back] for one in self.templates],
            self.css,
        ]
        claim = NoteTypeState(self.type, self.id, _digest(schema), _digest(rest))
        if self.own is None:
            return claim
        return replace(claim, fields=self.own.fields, templates=self.own.template_names, span=self.own.span)


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
    Field(112, "Spare 1", "kept for later versions", collapsed=True),
    Field(113, "Spare 2", "kept for later versions", collapsed=True),
    Field(114, "Spare 3", "kept for later versions", collapsed=True),
    Field(115, "Spare 4", "kept for later versions", collapsed=True),
    Field(116, "Spare 5", "kept for later versions", collapsed=True),
    Field(117, "Spare 6", "kept for later versions", collapsed=True),
    Field(118, "Spare 7", "kept for later versions", collapsed=True),
    Field(119, "Spare 8", "kept for later versions", collapsed=True),
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
    Field(309, "Spare 1", "kept for later versions", collapsed=True),
    Field(310, "Spare 2", "kept for later versions", collapsed=True),
    Field(311, "Spare 3", "kept for later versions", collapsed=True),
    Field(312, "Spare 4", "kept for later versions", collapsed=True),
    Field(313, "Spare 5", "kept for later versions", collapsed=True),
    Field(314, "Spare 6", "kept for later versions", collapsed=True),
    Field(315, "Spare 7", "kept for later versions", collapsed=True),
    Field(316, "Spare 8", "kept for later versions", collapsed=True),
)


def note_types(deck_id: str, language: str) -> tuple[AnkiNoteType, ...]:
    """The deck's own copy of the family.

    language: BCP 47; by it a browser chooses fonts and hyphenation.
    """
    return (
        note_type(deck_id, NoteType.QUESTION, QUESTION_FIELDS, _question_templates(language)),
        note_type(deck_id, NoteType.CLOZE, CLOZE_FIELDS, _cloze_templates(language)),
    )


def note_type(
    deck_id: str,
    kind: NoteType,
    fields: tuple[Field, ...],
    templates: tuple[Template, ...],
    *,
    css: str = "",
    stock_kind: int = 0,
    own: "CustomNoteType | None" = None,
) -> AnkiNoteType:
    """A deck's own note type. css: its look; empty for that of every card."""
    # Two decks that shared a note type would overwrite each other's look, and a name that a
    # learner may have chosen would be changed by Anki; so both name the deck, and us.
    name = f"cardwright {deck_id} {kind}"
    number = derive.type_id(deck_id, kind)
    return AnkiNoteType(kind, number, name, fields, templates, css or look("card.css"), stock_kind, own)


def _question_templates(language: str) -> tuple[Template, ...]:
    return (
        Template(201, "Question", face("question_front", language), face("question_back", language)),
        _another(202, "Reverse", notetype.REVERSE, notetype.REVERSE_ANSWER, language),
        _another(203, "Spare 1", "Spare 1", "Spare 2", language),
        _another(204, "Spare 2", "Spare 3", "Spare 4", language),
    )


def _cloze_templates(language: str) -> tuple[Template, ...]:
    return (Template(401, "Cloze", face("cloze_front", language), face("cloze_back", language)),)


def _another(number: int, called: str, question: str, answer: str, language: str) -> Template:
    """A template whose card exists only when its own question is there."""
    front, back = (
        face(name, language).replace("QUESTION", question).replace("ANSWER", answer)
        for name in ("another_front", "another_back")
    )
    return Template(number, called, front, back)


def face(name: str, language: str) -> str:
    """A template's front or back from the folder `look`. language: BCP 47."""
    return look(f"{name}.html").replace("LANGUAGE", _UNKNOWN_TO_BCP_47.sub("", language))


@cache
def look(name: str) -> str:
    """A file of the folder `look`."""
    return files(__package__).joinpath("look", name).read_text("utf-8")


def _digest(content: object) -> str:
    return sha256(json.dumps(content).encode()).hexdigest()[:16]
