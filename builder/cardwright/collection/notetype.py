"""Which fields a note of each type has.

The Anki package adds reserved and spare fields to these, and the templates
(`formats/anki/`); what is listed here is what a card kind may fill in.
"""

from typing import ClassVar


class NoteType(str):
    """What a note type is called in its deck, which owns a copy of its own in Anki.

    Three are ours, that of diagrams only where a deck has some; any other is the author's own
    (`own.py`).
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

# Fields of all but an author's own. What a diagram shows and asks for stands in `Note.diagram`.
EXTRA = "Extra"
HINT = "Hint"

# Fields that every note type has in Anki, and that no card of the sources fills in itself.
SOURCE = "Source"
TOPIC = "Topic"
KEY = "Key"
RETIRED = "Retired"

SPARE_FIELDS = tuple(f"Spare {number}" for number in range(1, 7))
"""Of every note type of an author from its first release: what an author thinks of later goes into them."""

SPARE_TEMPLATES = ("Spare 1", "Spare 2")
"""Of those without clozes, of which Anki makes all cards from one template."""

RESERVED_FIELDS = ("Reserved 1", "Reserved 2")
"""Of every note type of an author, for what later versions of ours may need."""

AUTOMATIC_FIELDS = (SOURCE, TOPIC, KEY, RETIRED)
"""Filled in by us; a template may show them like any other."""
