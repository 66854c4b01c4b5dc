"""Layout `list`: questions beside their answers, to read through, or to fold so that answers are hidden."""

from collections.abc import Sequence

from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.running_text.draft import (
    Draft,
    Measures,
    Part,
    TextArea,
    Topic,
    brief_citations,
    fit_height,
    side_data,
    text_side,
)
from cardwright.formats.pdf.running_text.entries import TextEntry, cloze_blank, text_entries
from cardwright.formats.pdf.sides import Side

# In mm. The fold is in the middle of the gutter and of the paper; folds are off by a millimetre or two.
GUTTER = 10.0
# The most that a page has besides a pair: the title, the topic, and white space.
_HEIGHT_OF_HEADINGS = 32.0


def draft_list(topics: Sequence[Topic], area: TextArea) -> Draft:
    """Draft the layout; each entry has two sides, its question and its answer."""
    pairs_by_topic = [
        [_pair(entry, area) for entry in text_entries(topic.notes, cloze_blank)] for topic in topics
    ]

    def template_data(measures: Measures) -> dict[str, Json]:
        fits = iter(measures.fits)

        def pair_data(question: Side, answer: Side) -> Json:
            question_fit, answer_fit = next(fits), next(fits)
            height = max(fit_height(question_fit), fit_height(answer_fit))
            return {
                "question": side_data(question, question_fit),
                "answer": side_data(answer, answer_fit),
                "breakable": height > area.height - _HEIGHT_OF_HEADINGS,
            }

        topics_data = [
            {**topic.heading(area.palette), "pairs": [pair_data(*pair) for pair in pairs]}
            for topic, pairs in zip(topics, pairs_by_topic, strict=True)
        ]
        return {"topics": topics_data, "gutter": GUTTER}

    sides = [side for pairs in pairs_by_topic for pair in pairs for side in pair]
    return Draft(sides, [], template_data)


def _pair(entry: TextEntry, area: TextArea) -> tuple[Side, Side]:
    width = area.column_width(2, GUTTER)
    question = [
        Part(entry.question, area.font_size(10)),
        Part(entry.hint, area.font_size(8), faint=True),
    ]
    answer = [
        Part(entry.answer, area.font_size(10)),
        Part(entry.extra, area.font_size(8.5), faint=True),
        Part(brief_citations(entry.citations), area.font_size(7), faint=True),
    ]
    return text_side(entry, "question", question, width), text_side(entry, "answer", answer, width)
