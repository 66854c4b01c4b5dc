"""`quiz`: numbered questions with lines to write on, and the answers on a sheet of their own."""

from collections.abc import Sequence
from itertools import islice

from cardwright.collection.content import Paragraph
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.running_text.columns import Frame, Piece, Section, compose
from cardwright.formats.pdf.running_text.draft import Draft, Fit, Measured, fitted, height, rows
from cardwright.formats.pdf.running_text.entries import TextEntry, entries
from cardwright.formats.pdf.running_text.sides import Part, TextArea, is_long, letters, side
from cardwright.formats.pdf.running_text.topics import Topic
from cardwright.formats.pdf.running_text.translations import PageTexts
from cardwright.formats.pdf.running_text.writing_space import gap, lines
from cardwright.formats.pdf.sides import Side

_POINT = 25.4 / 72
# In pt.
_SIZE = 11.0
_KEY_SIZE = 9.5
# The rest in mm.
_LINE = 8.5
_BESIDE = 62.0
_KEY_GUTTER = 7.0
_KEY_GAP = 1.5
_TALLEST = 40.0
# What a question needs besides its text and lines, at most: title, name and date, and its topic.
_ABOVE = 50.0
# Answers of a few words go into three columns.
_SHORT = 24
# Questions of a word or two have their answers beside them.
_TERM = 26
_COLUMNS = {True: 3, False: 2}


def draft(topics: Sequence[Topic], room: TextArea, labels: PageTexts, *, first: int = 1) -> Draft:
    """Two sides for each entry: its question with gaps to fill, and its answer for the key.

    first: the number of the first question.
    """
    asked = [list(entries(topic.notes, gap)) for topic in topics]
    flat = [entry for some in asked for entry in some]
    short = sum(letters(entry.told) for entry in flat) <= _SHORT * len(flat)
    columns = _COLUMNS[short]
    number, key_number = (_number_width(first + len(flat), room.size(size)) for size in (_SIZE, _KEY_SIZE))
    widths = {True: room.width - key_number, False: room.column(columns, _KEY_GUTTER) - key_number}
    questions = [_question(entry, room, number) for entry in flat]
    wide = [is_long(entry.told) for entry in flat]
    answers = [
        side(entry, "answer", [Part(entry.told, room.size(_KEY_SIZE))], widths[across], _TALLEST)
        for entry, across in zip(flat, wide, strict=True)
    ]
    key: dict[str, Json] = {"name": labels.answers, "colour": room.palette[0]}

    def content(measured: Measured) -> dict[str, Json]:
        fits = iter(measured.fits)
        numbered = iter(
            [
                _numbered(place, entry, question, next(fits), room, room.width - number)
                for place, (entry, question) in enumerate(zip(flat, questions, strict=True), start=first)
            ]
        )
        told = [(answer, next(fits)) for answer in answers]
        pieces = tuple(
            Piece(place, height(fit), across)
            for place, ((_, fit), across) in enumerate(zip(told, wide, strict=True))
        )
        frame = Frame(room.height, columns, _KEY_GAP, 0)
        return {
            "topics": [
                {**topic.heading(room.palette), "questions": list(islice(numbered, len(some)))}
                for topic, some in zip(topics, asked, strict=True)
            ],
            "key": {
                **key,
                "answers": [fitted(*one) for one in told],
                "first": first,
                "pages": rows(compose([Section(measured.headings[1], pieces)], frame)),
                "columns": columns,
                "number": [key_number, room.size(_KEY_SIZE)],
                "gutter": _KEY_GUTTER,
                "gap": _KEY_GAP,
            },
            "number": [number, room.size(_SIZE)],
            "signed": room.size(10),
            "line": _LINE,
        }

    return Draft([*questions, *answers], [key], content)


def _number_width(last: int, size: float) -> float:
    """Room for the last number, its full stop and a space, in mm. size: in pt."""
    return round(size * _POINT * (0.5 * max(2, len(str(last))) + 1.0), 2)


def _question(entry: TextEntry, room: TextArea, number: float) -> Side:
    hint = Part(entry.hint, room.size(8), faint=True)
    width = _BESIDE if _is_term(entry, room, room.width - number) else room.width - number
    return side(entry, "question", [Part(entry.asked, room.size(_SIZE)), hint], width)


def _is_term(entry: TextEntry, room: TextArea, width: float) -> bool:
    """Whether a question is so short that its answer goes on the same line. width: of both, in mm."""
    match entry.asked:
        case (Paragraph(),) if not entry.is_cloze and not entry.hint:
            short = 0 < letters(entry.asked) * room.scale <= _TERM
            return short and lines(entry, width - _BESIDE) == 1
    return False


def _numbered(place: int, entry: TextEntry, question: Side, fit: Fit, room: TextArea, width: float) -> Json:
    count = lines(entry, width)
    return {
        "number": place,
        "question": fitted(question, fit),
        "gaps": entry.is_cloze,
        "beside": _is_term(entry, room, width),
        "lines": count,
        "broken": height(fit) + _LINE * count > room.height - _ABOVE,
    }
