"""Which fields a note of each type has.

The Anki package adds reserved and spare fields to these, and the templates
(`formats/anki/`); what is listed here is what a card kind may fill in.
"""

from enum import Enum


class NoteType(Enum):
    """The note types of a deck, which owns its own copies in Anki; that of diagrams only if it has some."""

    QUESTION = "question"
    CLOZE = "cloze"
    DIAGRAM = "diagram"


# Fields of NoteType.QUESTION. Card 1 asks QUESTION and answers ANSWER; when REVERSE
# has content there is card 2, which asks REVERSE and answers REVERSE_ANSWER.
QUESTION = "Question"
ANSWER = "Answer"
REVERSE = "Reverse"
REVERSE_ANSWER = "Reverse Answer"

# Fields of NoteType.CLOZE. One card per cloze number in TEXT.
TEXT = "Text"

# Fields of all. What a diagram shows and asks for stands in `Note.diagram`.
EXTRA = "Extra"
HINT = "Hint"
