"""`summary`: each topic on a page or two, what was to be known in strong type."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from cardwright.collection.content import Content, Image, Math, Paragraph, Strong, Text, inlines
from cardwright.collection.note import Note
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.running_text.columns import Frame, Piece, Section, compose
from cardwright.formats.pdf.running_text.draft import Draft, Measured, fitted, height, rows
from cardwright.formats.pdf.running_text.entries import TextEntry, blank, entries
from cardwright.formats.pdf.running_text.sides import Part, TextArea, cited, is_long, letters, side
from cardwright.formats.pdf.running_text.table import is_cell, table_of
from cardwright.formats.pdf.running_text.topics import Topic
from cardwright.formats.pdf.running_text.translations import PageTexts
from cardwright.formats.pdf.sides import Side

# All in mm.
_GUTTER = 7.0
_GAP = 1.7
_BETWEEN = 7.0
_LEAST_COLUMN = 50.0
_TALLEST = 45.0
# Up to so many letters an answer is a term that strong type makes easy to find; beyond, it is a text.
_TERM = 100
# Facts of fewer letters than this, on the average, leave half a line white in two columns.
_SHORT = 45


@dataclass(frozen=True, slots=True)
class _Fact:
    """What stands together. columns: how many its table has; 0 for none."""

    entry: TextEntry
    parts: tuple[Content, ...]
    columns: int = 0


def draft(topics: Sequence[Topic], room: TextArea, labels: PageTexts) -> Draft:
    """A side for each fact and each table, and one for the sources of each topic."""
    facts = [list(_facts(topic.notes)) for topic in topics]
    columns = _columns([fact for some in facts for fact in some], room)
    sections: list[list[tuple[Side, bool]]] = []
    for topic, some in zip(topics, facts, strict=True):
        made = [_set(fact, room, columns) for fact in some]
        sections.append([*made, *_sources(topic, some[-1].entry, room, labels)])

    def content(measured: Measured) -> dict[str, Json]:
        title, *headings = measured.headings
        flat = [one for some in sections for one in some]
        fits = measured.fits
        pieces = iter(
            [Piece(n, height(fit), wide) for n, ((_, wide), fit) in enumerate(zip(flat, fits, strict=True))]
        )
        parts = [
            Section(heading, tuple(next(pieces) for _ in some))
            for heading, some in zip(headings, sections, strict=True)
        ]
        return {
            "topics": [topic.heading(room.palette) for topic in topics],
            "facts": [fitted(one, fit) for (one, _), fit in zip(flat, fits, strict=True)],
            "pages": rows(compose(parts, Frame(room.height, columns, _GAP, _BETWEEN), title)),
            "columns": columns,
            "gutter": _GUTTER,
            "gap": _GAP,
            "between": _BETWEEN,
        }

    sides = [one for some in sections for one, _ in some]
    return Draft(sides, [topic.heading(room.palette) for topic in topics], content)


def _facts(notes: Sequence[Note]) -> Iterator[_Fact]:
    for card, some in groupby(notes, key=lambda note: note.key.partition("/")[0] if is_cell(note) else ""):
        found = tuple(some)
        made = list(entries(found, blank))
        table = table_of(found) if card else None
        if table is None:
            yield from (_Fact(entry, _told(entry)) for entry in made)
        else:
            yield _Fact(made[0], ((table,),), len(table.head))


def _told(entry: TextEntry) -> tuple[Content, ...]:
    """A question and its answer in one line where they are a line each."""
    match entry.question, entry.whole:
        case (), whole:
            return (whole,)
        case (Paragraph(question),), (Paragraph(answer),) if (
            letters(entry.whole) <= _TERM and _runs_in(entry.question) and _runs_in(entry.whole)
        ):
            return ((Paragraph((*question, _join(entry.question), Strong(answer))),),)
    return entry.question, entry.whole


def _join(question: Content) -> Text:
    """What stands between a question and its answer: more than a space behind a mere term."""
    last = [inline.text.rstrip() for inline in inlines(question) if isinstance(inline, Text)]
    return Text(" – " if last and last[-1][-1:].isalnum() else " ")


def _runs_in(content: Content) -> bool:
    return not any(
        isinstance(inline, Image) or (isinstance(inline, Math) and inline.display)
        for inline in inlines(content)
    )


def _columns(facts: Sequence[_Fact], room: TextArea) -> int:
    """As many as suit the length of the lines; at most three."""
    fit = int((room.width + _GUTTER) // (_LEAST_COLUMN * room.scale + _GUTTER))
    told = [sum(letters(part) for part in fact.parts) for fact in facts if not fact.columns]
    wanted = 3 if told and sum(told) <= _SHORT * len(told) else 2
    return max(1, min(fit, wanted))


def _set(fact: _Fact, room: TextArea, columns: int) -> tuple[Side, bool]:
    """The side of a fact, and whether it goes across the page."""
    wide = fact.columns > 2 or is_long(*fact.parts, fact.entry.extra)
    parts = [
        *(Part(part, room.size(9.5)) for part in fact.parts),
        Part(fact.entry.extra, room.size(8), faint=True),
    ]
    width = room.width if wide else room.column(columns, _GUTTER)
    return side(fact.entry, "summary", parts, width, _TALLEST), wide


def _sources(topic: Topic, entry: TextEntry, room: TextArea, labels: PageTexts) -> list[tuple[Side, bool]]:
    """What the topic is drawn from, each source once, below it."""
    cited_once = (replace(one, locator="") for note in topic.notes for one in note.citations)
    content = cited(cited_once, f"{labels.sources}: ")
    if not content:
        return []
    part = Part(content, room.size(7), faint=True)
    return [(side(entry, "summary", [part], room.width, _TALLEST), True)]
