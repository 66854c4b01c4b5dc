"""Layout `list`: questions beside their answers, to read through, or to fold so that answers are hidden."""

from collections.abc import Sequence

from cardwright.collection.card import cloze_blank
from cardwright.formats.pdf.fit import Fit
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.running_text import draft
from cardwright.formats.pdf.running_text.entries import TextEntry, text_entries
from cardwright.formats.pdf.sides import Side

# In mm. The fold is in the middle of the gutter and of the paper; folds are off by a millimetre or two.
GUTTER = 10.0
# The most that a page has besides a pair: the title, the topic, and white space.
_HEIGHT_OF_HEADINGS = 32.0


def draft_list(topics: Sequence[draft.Topic], area: draft.TextArea) -> draft.Draft:
    """Draft the layout; each entry has two sides, its question and its answer."""
    pairs_by_topic = [
        [_pair(entry, area) for entry in text_entries(topic.notes, cloze_blank)] for topic in topics
    ]

    def template_data(fits: Sequence[Fit], _heading_heights: Sequence[float]) -> dict[str, Json]:
        remaining_fits = iter(fits)

        def pair_data(question: Side, answer: Side) -> Json:
            question_fit, answer_fit = next(remaining_fits), next(remaining_fits)
            return {
                "question": draft.side_data(question, question_fit),
                "answer": draft.side_data(answer, answer_fit),
                "breakable": max(question_fit["height"], answer_fit["height"])
                > area.height - _HEIGHT_OF_HEADINGS,
            }

        topics_data = [
            {**topic.heading(area.palette), "pairs": [pair_data(*pair) for pair in pairs]}
            for topic, pairs in zip(topics, pairs_by_topic, strict=True)
        ]
        return {"topics": topics_data, "gutter": GUTTER}

    sides = [side for pairs in pairs_by_topic for pair in pairs for side in pair]
    return draft.Draft(sides, [], template_data)


def _pair(entry: TextEntry, area: draft.TextArea) -> tuple[Side, Side]:
    width = area.column_width(2, GUTTER)
    question = [
        draft.Part(entry.question, area.font_size(10)),
        draft.Part(entry.note.hint, area.font_size(8), faint=True),
    ]
    answer = [
        draft.Part(entry.answer, area.font_size(10)),
        draft.Part(entry.extra, area.font_size(8.5), faint=True),
        draft.Part(draft.brief_citations(entry.note.answer_citations), area.font_size(7), faint=True),
    ]
    question_side = draft.text_side(entry, "question", question, width)
    return question_side, draft.text_side(entry, "answer", answer, width)
