"""The note types, and the fields that a note of each type has.

These are the fields that a card kind may fill in. The Anki package adds reserved and spare fields and
the templates (`formats/anki/`).
"""

from typing import ClassVar


class NoteType(str):
    """The name of a note type in its deck; in Anki every deck has a copy of its own.

    Three are built in. Any other is the author's own (`custom_note_type.py`).
    """

    __slots__ = ()

    QUESTION: ClassVar["NoteType"]
    CLOZE: ClassVar["NoteType"]
    DIAGRAM: ClassVar["NoteType"]


NoteType.QUESTION = NoteType("question")
NoteType.CLOZE = NoteType("cloze")
NoteType.DIAGRAM = NoteType("diagram")
BUILT_IN_TYPES = (NoteType.QUESTION, NoteType.CLOZE, NoteType.DIAGRAM)

# Fields of NoteType.QUESTION. Card 1 asks QUESTION and answers ANSWER; when REVERSE
# has content there is card 2, which asks REVERSE and answers REVERSE_ANSWER.
QUESTION = "Question"
ANSWER = "Answer"
REVERSE = "Reverse"
REVERSE_ANSWER = "Reverse Answer"

# Fields of NoteType.CLOZE. One card per cloze number in TEXT.
TEXT = "Text"

# Fields of all built-in note types. What a diagram shows and asks for is in `Note.diagram`.
EXTRA = "Extra"
HINT = "Hint"

# Fields that every note type has in Anki and that no card of the sources fills in itself.
SOURCE = "Source"
TOPIC = "Topic"
KEY = "Key"
RETIRED = "Retired"

SPARE_FIELDS = tuple(f"Spare {number}" for number in range(1, 7))
"""Every custom note type has these from its first release on, for what its author adds later."""

SPARE_TEMPLATES = ("Spare 1", "Spare 2")
"""Every custom note type without cloze deletions has these; with deletions, Anki allows only one template."""

RESERVED_FIELDS = ("Reserved 1", "Reserved 2")
"""Every custom note type has these, for what later versions of cardwright may need."""

AUTOMATIC_FIELDS = (SOURCE, TOPIC, KEY, RETIRED)
"""The fields that cardwright fills in itself; a template may show them like any other."""
