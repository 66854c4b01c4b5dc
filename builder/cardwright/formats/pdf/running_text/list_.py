"""`list`: questions beside their answers, to be read through, or folded so that the answers are hidden."""

from collections.abc import Sequence

from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.running_text.draft import Draft, Measured, fitted, height
from cardwright.formats.pdf.running_text.entries import TextEntry, blank, entries
from cardwright.formats.pdf.running_text.sides import Part, TextArea, cited, side
from cardwright.formats.pdf.running_text.topics import Topic
from cardwright.formats.pdf.sides import Side

# In mm. The fold lies in the middle of the gutter, and of the paper; folds stray by a millimetre or two.
GUTTER = 10.0
# What a pair needs besides its text, at most: the title, its topic, and the white around it.
_ABOVE = 32.0


def draft(topics: Sequence[Topic], room: TextArea) -> Draft:
    """Two sides for each entry: its question and its answer."""
    pairs = [[_pair(entry, room) for entry in entries(topic.notes, blank)] for topic in topics]

    def content(measured: Measured) -> dict[str, Json]:
        fits = iter(measured.fits)

        def pair(question: Side, answer: Side) -> Json:
            both = (next(fits), next(fits))
            return {
                "question": fitted(question, both[0]),
                "answer": fitted(answer, both[1]),
                "broken": max(map(height, both)) > room.height - _ABOVE,
            }

        made = [
            {**topic.heading(room.palette), "pairs": [pair(*one) for one in some]}
            for topic, some in zip(topics, pairs, strict=True)
        ]
        return {"topics": made, "gutter": GUTTER}

    return Draft([one for some in pairs for pair in some for one in pair], [], content)


def _pair(entry: TextEntry, room: TextArea) -> tuple[Side, Side]:
    width = room.column(2, GUTTER)
    question = [Part(entry.asked, room.size(10)), Part(entry.hint, room.size(8), faint=True)]
    answer = [
        Part(entry.told, room.size(10)),
        Part(entry.extra, room.size(8.5), faint=True),
        Part(cited(entry.citations), room.size(7), faint=True),
    ]
    return side(entry, "question", question, width), side(entry, "answer", answer, width)
