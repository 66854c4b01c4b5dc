"""Layout `summary`: each topic on a page or two, with what is to be known in bold."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.card import cloze_blank
from cardwright.collection.note import Note
from cardwright.formats.pdf.fit import Fit
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.running_text import draft
from cardwright.formats.pdf.running_text.columns import Frame, Piece, Section, compose
from cardwright.formats.pdf.running_text.entries import TextEntry, text_entries
from cardwright.formats.pdf.sides import Side, text_length
from cardwright.formats.translations import PageTexts
from cardwright.record import replace

# Lengths in mm.
_GUTTER = 7.0
_GAP = 1.7
_SECTION_GAP = 7.0
_MIN_COLUMN_WIDTH = 50.0
_MAX_PICTURE_HEIGHT = 45.0
# Up to this many letters an answer is a term, which is easy to find in bold; beyond, it is a text.
_MAX_TERM = 100
# Facts with no more letters than this on average would leave half of each line empty in two columns.
_SHORT_FACT = 45
# A column asks about each row: `…: how strong is the pain?`
_ROW_PLACEHOLDER = re.compile(r"^…\s*(?:[:,;.،؛：，、–—-]\s*|\s)(?=\S)")


@dataclass(frozen=True, slots=True)
class _Fact:
    """Contents that stand together. table_columns: of its table; 0 for no table."""

    entry: TextEntry
    contents: tuple[c.Content, ...]
    table_columns: int = 0


@dataclass(frozen=True, slots=True)
class _FactSide:
    """The side of a fact. full_width: whether it goes across all columns."""

    side: Side
    full_width: bool


def draft_summary(topics: Sequence[draft.Topic], area: draft.TextArea, texts: PageTexts) -> draft.Draft:
    """Draft the layout; each fact and each table has a side, and so have the sources of each topic."""
    facts_by_topic = [list(_facts(topic.notes)) for topic in topics]
    columns = _column_count([fact for facts in facts_by_topic for fact in facts], area)
    sides_by_topic = [
        [*(_fact_side(fact, area, columns) for fact in facts), *_sources(topic, facts[-1].entry, area, texts)]
        for topic, facts in zip(topics, facts_by_topic, strict=True)
    ]
    sides = [fact_side for topic_sides in sides_by_topic for fact_side in topic_sides]

    def template_data(fits: Sequence[Fit], heading_heights: Sequence[float]) -> dict[str, Json]:
        title_height, *topic_heights = heading_heights
        pieces = iter(
            [
                Piece(number, fit["height"], fact_side.full_width)
                for number, (fact_side, fit) in enumerate(zip(sides, fits, strict=True))
            ]
        )
        sections = [
            Section(height, tuple(next(pieces) for _ in topic_sides))
            for height, topic_sides in zip(topic_heights, sides_by_topic, strict=True)
        ]
        pages = compose(sections, Frame(area.height, columns, _GAP, _SECTION_GAP), title_height)
        return {
            "topics": [topic.heading(area.palette) for topic in topics],
            "facts": [
                draft.side_data(fact_side.side, fit) for fact_side, fit in zip(sides, fits, strict=True)
            ],
            "pages": draft.page_data(pages),
            "columns": columns,
            "gutter": _GUTTER,
            "gap": _GAP,
            "section_gap": _SECTION_GAP,
        }

    headings: list[Json] = [topic.heading(area.palette) for topic in topics]
    return draft.Draft([fact_side.side for fact_side in sides], headings, template_data)


def _facts(notes: Sequence[Note]) -> Iterator[_Fact]:
    def table_id(note: Note) -> str:
        is_cell = note.table_cell is not None and note.key.count("/") == 2
        return note.card_id if is_cell else ""

    shown: set[c.MediaFile] = set()
    for card_id, group in groupby(notes, key=table_id):
        group_notes = tuple(group)
        entries = list(text_entries(group_notes, cloze_blank, shown))
        table = rebuild_table(group_notes) if card_id else None
        if table is None:
            yield from (_Fact(entry, _fact_contents(entry)) for entry in entries)
        else:
            yield _Fact(entries[0], ((table,),), len(table.head))


def _fact_contents(entry: TextEntry) -> tuple[c.Content, ...]:
    """Return question and answer, on one line if each of them is a line."""
    question, answer = entry.summary_question, entry.summary_answer
    match question, answer:
        case (), _:
            return (answer,)
        case (c.Paragraph(question_inlines),), (c.Paragraph(answer_inlines),) if (
            text_length(answer) <= _MAX_TERM and _fits_in_line(question) and _fits_in_line(answer)
        ):
            line = (*question_inlines, _separator(question), c.Strong(answer_inlines))
            return ((c.Paragraph(line),),)
    return question, answer


def _separator(question: c.Content) -> c.Text:
    """Return what stands between a question and its answer: a dash if the question is a mere term."""
    texts = [inline.text.rstrip() for inline in c.inlines(question) if isinstance(inline, c.Text)]
    return c.Text(" – " if texts and texts[-1][-1:].isalnum() else " ")


def _fits_in_line(content: c.Content) -> bool:
    return not any(
        isinstance(inline, c.Image) or (isinstance(inline, c.Math) and inline.display)
        for inline in c.inlines(content)
    )


def _column_count(facts: Sequence[_Fact], area: draft.TextArea) -> int:
    """Return how many columns suit the length of the facts, three at most."""
    possible = int((area.width + _GUTTER) // (_MIN_COLUMN_WIDTH * area.scale + _GUTTER))
    letters = [sum(map(text_length, fact.contents)) for fact in facts if not fact.table_columns]
    preferred = 3 if letters and sum(letters) <= _SHORT_FACT * len(letters) else 2
    return max(1, min(possible, preferred))


def _fact_side(fact: _Fact, area: draft.TextArea, columns: int) -> _FactSide:
    full_width = fact.table_columns > 2 or draft.is_long(*fact.contents, fact.entry.extra)
    parts = [
        *(draft.Part(content, area.font_size(9.5)) for content in fact.contents),
        draft.Part(fact.entry.extra, area.font_size(8), faint=True),
    ]
    width = area.width if full_width else area.column_width(columns, _GUTTER)
    return _FactSide(draft.text_side(fact.entry, "summary", parts, width, _MAX_PICTURE_HEIGHT), full_width)


def _sources(topic: draft.Topic, entry: TextEntry, area: draft.TextArea, texts: PageTexts) -> list[_FactSide]:
    """Return a side with all sources of a topic, each named once; none without sources."""
    citations = (replace(citation, locator="") for note in topic.notes for citation in note.citations)
    content = draft.brief_citations(citations, f"{texts.sources} ")
    if not content:
        return []
    part = draft.Part(content, area.font_size(7), faint=True)
    return [
        _FactSide(draft.text_side(entry, "summary", [part], area.width, _MAX_PICTURE_HEIGHT), full_width=True)
    ]


def rebuild_table(notes: Sequence[Note]) -> c.Table | None:
    """Return the table whose cells are the notes; None if a cell is more than a line.

    The notes may be some of the cells; rows and columns without any of them are left out.
    """
    heads: dict[str, c.Content] = {}
    row_names: dict[str, c.Inlines] = {}
    cells: dict[tuple[str, str], c.Content] = {}
    for note in notes:
        _, row, column = note.key.split("/")
        assert note.table_cell is not None
        match note.table_cell.question, note.fields[notetype.ANSWER]:
            case (c.Paragraph(question),), (c.Paragraph(),) as answer:
                heads.setdefault(column, c.in_paragraph(_column_head(question)))
                row_names.setdefault(row, note.table_cell.row)
                cells[row, column] = answer
            case _:
                return None
    return c.Table(
        ("",) * (len(heads) + 1),
        (c.EMPTY, *heads.values()),
        tuple(
            (c.in_paragraph((c.Strong(name),)), *(cells.get((row, column), c.EMPTY) for column in heads))
            for row, name in row_names.items()
        ),
    )


def _column_head(question: c.Inlines) -> c.Inlines:
    """Return a column's question without the row's name in front of it."""
    match question:
        case (c.Text("…"), c.Text(text), *rest) if match := _ROW_PLACEHOLDER.match(f"…{text}"):
            return (c.Text(text[match.end() - 1 :]), *rest)
    return question
