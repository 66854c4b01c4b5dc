"""Layout `quiz`: numbered questions with lines to write on, and the answers on a sheet of their own."""

import math
from collections.abc import Iterable, Sequence
from itertools import islice

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.formats.pdf.fit import Fit
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.running_text import draft
from cardwright.formats.pdf.running_text.columns import Frame, Piece, Section, compose
from cardwright.formats.pdf.running_text.entries import TextEntry, replace_clozes, text_entries
from cardwright.formats.pdf.sides import Side, text_length
from cardwright.formats.pdf.words import has_cjk
from cardwright.formats.translations import PageTexts
from cardwright.layout.units import POINT

# Font sizes in pt.
_QUESTION_SIZE = 11.0
_ANSWER_SIZE = 9.5
# Lengths in mm.
_LINE_HEIGHT = 8.5
_WIDTH_OF_SHORT_QUESTION = 62.0
_ANSWER_GUTTER = 7.0
_ANSWER_GAP = 1.5
_MAX_PICTURE_HEIGHT = 40.0
# The most that a page has besides a question and its lines: title, name and date, and the topic.
_HEIGHT_OF_HEADINGS = 50.0
# Answers with no more letters than this on average go into three columns instead of two.
_SHORT_ANSWER = 24
# Questions with no more letters than this have the line for the answer beside them.
_SHORT_QUESTION = 26

# Handwriting takes so many mm for a letter, and more for a Chinese, Japanese or Korean character.
_LETTER_WIDTH = 2.6
_CJK_WIDTH = 6.5
_MAX_LINES = 12
_LINES_FOR_PICTURE = 4
# A gap in a text is a word of so many underscores, since it must not be broken in two.
_UNDERSCORE_WIDTH = 2.0
_MIN_UNDERSCORES, _MAX_UNDERSCORES = 10, 22
# Somewhat more fits into a gap with small handwriting.
_MAX_GAP_WIDTH = 1.4 * _MAX_UNDERSCORES * _UNDERSCORE_WIDTH


def draft_quiz(
    topics: Sequence[draft.Topic], area: draft.TextArea, texts: PageTexts, *, first: int = 1
) -> draft.Draft:
    """Draft the layout; each entry has two sides, its question with gaps to fill in, and its answer.

    first: the number of the first question.
    """
    entries_by_topic = [list(text_entries(topic.notes, writing_gap)) for topic in topics]
    entries = [entry for topic_entries in entries_by_topic for entry in topic_entries]
    letters = sum(text_length(entry.answer) for entry in entries)
    columns = 3 if letters <= _SHORT_ANSWER * len(entries) else 2
    number_width, answer_number_width = (
        _number_width(first + len(entries), area.font_size(size)) for size in (_QUESTION_SIZE, _ANSWER_SIZE)
    )
    question_width = area.width - number_width
    questions = [_question_side(entry, area, question_width) for entry in entries]
    full_width = [draft.is_long(entry.answer) for entry in entries]
    answer_widths = {
        True: area.width - answer_number_width,
        False: area.column_width(columns, _ANSWER_GUTTER) - answer_number_width,
    }
    answers = [
        _answer_side(entry, area, answer_widths[is_full_width])
        for entry, is_full_width in zip(entries, full_width, strict=True)
    ]
    answers_heading: dict[str, Json] = {"name": texts.answers, "colour": area.palette[0]}

    def template_data(fits: Sequence[Fit], heading_heights: Sequence[float]) -> dict[str, Json]:
        question_fits, answer_fits = fits[: len(entries)], fits[len(entries) :]
        numbered = iter(
            [
                {"number": number, **_question_data(entry, question, fit, area, question_width)}
                for number, (entry, question, fit) in enumerate(
                    zip(entries, questions, question_fits, strict=True), start=first
                )
            ]
        )
        pieces = tuple(
            Piece(index, fit["height"], is_full_width)
            for index, (fit, is_full_width) in enumerate(zip(answer_fits, full_width, strict=True))
        )
        section = Section(heading_heights[1], pieces)
        pages = compose([section], Frame(area.height, columns, _ANSWER_GAP, section_gap=0))
        return {
            "topics": [
                {**topic.heading(area.palette), "questions": list(islice(numbered, len(topic_entries)))}
                for topic, topic_entries in zip(topics, entries_by_topic, strict=True)
            ],
            "answers": {
                **answers_heading,
                "sides": [draft.side_data(side, fit) for side, fit in zip(answers, answer_fits, strict=True)],
                "first": first,
                "pages": draft.page_data(pages),
                "columns": columns,
                "number": [answer_number_width, area.font_size(_ANSWER_SIZE)],
                "gutter": _ANSWER_GUTTER,
                "gap": _ANSWER_GAP,
            },
            "number": [number_width, area.font_size(_QUESTION_SIZE)],
            "name_size": area.font_size(10),
            "line_height": _LINE_HEIGHT,
        }

    return draft.Draft([*questions, *answers], [answers_heading], template_data)


def _number_width(last: int, font_size: float) -> float:
    """Return the width of the last number, its full stop and a space, in mm. font_size: in pt."""
    return round(font_size * POINT * (0.5 * max(2, len(str(last))) + 1.0), 2)


def _question_side(entry: TextEntry, area: draft.TextArea, full_width: float) -> Side:
    parts = [
        draft.Part(entry.question, area.font_size(_QUESTION_SIZE)),
        draft.Part(entry.note.hint, area.font_size(8), faint=True),
    ]
    width = _WIDTH_OF_SHORT_QUESTION if _has_answer_beside(entry, area, full_width) else full_width
    return draft.text_side(entry, "question", parts, width)


def _answer_side(entry: TextEntry, area: draft.TextArea, width: float) -> Side:
    part = draft.Part(entry.answer, area.font_size(_ANSWER_SIZE))
    return draft.text_side(entry, "answer", [part], width, _MAX_PICTURE_HEIGHT)


def _has_answer_beside(entry: TextEntry, area: draft.TextArea, width: float) -> bool:
    """Tell whether a question is so short that its answer goes on the same line. width: of both, in mm."""
    match entry.question:
        case (c.Paragraph(),) if not entry.is_cloze and not entry.note.hint:
            is_short = 0 < text_length(entry.question) * area.scale <= _SHORT_QUESTION
            return is_short and writing_lines(entry, width - _WIDTH_OF_SHORT_QUESTION) == 1
    return False


def _question_data(
    entry: TextEntry, side: Side, fit: Fit, area: draft.TextArea, width: float
) -> dict[str, Json]:
    lines = _line_numbers(entry, width) or [""] * writing_lines(entry, width)
    return {
        "side": draft.side_data(side, fit),
        "has_gaps": entry.is_cloze,
        "answer_beside": _has_answer_beside(entry, area, width),
        "lines": lines,
        "breakable": fit["height"] + _LINE_HEIGHT * len(lines) > area.height - _HEIGHT_OF_HEADINGS,
    }


def _line_numbers(entry: TextEntry, width: float) -> list[str]:
    """Return the numbers of a picture's masks, one before each line to write on; empty for other answers."""
    match entry.answer:
        case (c.OrderedList(start, items),) if entry.note.diagram:
            numbers: list[str] = []
            for number, item in enumerate(items, start):
                numbers += [f"{number}.", *[""] * (_lines_of_content(item, width) - 1)]
            return numbers
    return []


def writing_lines(entry: TextEntry, width: float) -> int:
    """Return how many lines of a width in mm an answer needs by hand; 0 if the gaps have enough space."""
    if entry.is_cloze:
        widths: list[float] = []

        def collect_width(cloze: c.Cloze) -> c.Inlines:
            widths.append(_handwriting_width(cloze.children))
            return ()

        text = entry.note.fields[notetype.TEXT]
        replace_clozes(text, collect_width)
        # A formula has no room to write in.
        formulas = (inline for inline in c.inlines(text) if isinstance(inline, c.Math) and inline.deletions)
        widths += [_MAX_GAP_WIDTH + _handwriting_width((formula,)) for formula in formulas]
        too_wide = sum(cloze_width for cloze_width in widths if cloze_width > _MAX_GAP_WIDTH)
        return min(_MAX_LINES, math.ceil(too_wide / width))
    return min(_MAX_LINES, max(1, sum(_lines_of_block(block, width) for block in entry.answer)))


def writing_gap(cloze: c.Cloze) -> c.Inlines:
    """Return a gap to write in, and the hint behind it."""
    underscores = math.ceil(_handwriting_width(cloze.children) / _UNDERSCORE_WIDTH)
    line = c.Text("_" * min(_MAX_UNDERSCORES, max(_MIN_UNDERSCORES, underscores)))
    return (line, c.Text(" ("), *cloze.hint, c.Text(")")) if cloze.hint else (line,)


def _lines_of_block(block: c.Block, width: float) -> int:
    match block:
        case c.BulletList(items) | c.OrderedList(_, items):
            return sum(_lines_of_content(item, width) for item in items)
        case c.Quote(children) | c.Aligned(_, children) | c.RawHtml(_, _, children):
            return _lines_of_content(children, width)
        case c.CodeBlock(children):
            return len(c.inlines_text(children).splitlines())
        case c.Table(alignments, head, rows):
            cell_width = width / len(alignments)
            all_rows = (head, *rows) if head else rows
            return sum(max(_lines_of_content(cell, cell_width) for cell in row) for row in all_rows)
        case c.Paragraph() if any(isinstance(inline, c.Image) for inline in c.inlines((block,))):
            return _LINES_FOR_PICTURE
        case _:
            return math.ceil(_width_of_inlines(c.inlines((block,))) / width)


def _lines_of_content(content: c.Content, width: float) -> int:
    return max(1, sum(_lines_of_block(block, width) for block in content))


def _handwriting_width(children: c.Inlines) -> float:
    """Return the width of inlines written by hand, in mm."""
    return _width_of_inlines(c.inlines((c.Paragraph(children),)))


def _width_of_inlines(inlines: Iterable[c.Inline]) -> float:
    width = 0.0
    for inline in inlines:
        match inline:
            case c.Text(text) | c.Verbatim(text):
                width += sum(_CJK_WIDTH if has_cjk([character]) else _LETTER_WIDTH for character in text)
            case c.Math(tex, _):
                width += len(tex) * _LETTER_WIDTH
            case _:
                pass
    return width
