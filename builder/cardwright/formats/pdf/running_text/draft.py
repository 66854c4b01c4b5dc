"""What the layouts of running text are made of: topics, sides of text in columns, and drafts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

from cardwright.collection.card import Card
from cardwright.collection.content import EMPTY, Content, plain
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.reference import Citation
from cardwright.formats.pdf.citations import brief_citation
from cardwright.formats.pdf.fit import Fit
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.pages import Colour
from cardwright.formats.pdf.running_text.columns import Row
from cardwright.formats.pdf.running_text.entries import TextEntry
from cardwright.formats.pdf.sides import Side, text_length, topic_numbers
from cardwright.formats.pdf.tree import block_nodes
from cardwright.formats.pdf.volumes import VOLUME_SIZE
from cardwright.formats.pdf.words import has_cjk
from cardwright.layout.card_geometry import MIN_FONT_SIZE
from cardwright.layout.geometry import Sheet

# In mm; larger than what any office printer cannot print on.
MARGIN_X = 16.0
MARGIN_TOP = 23.0
MARGIN_BOTTOM = 17.0
# A text of more letters would fill most of a column.
_MAX_LETTERS_IN_COLUMN = 1500


@dataclass(frozen=True, slots=True)
class Topic:
    """The notes of one topic, in study order; one or more.

    name: as printed; see `Note.heading`.
    number: of the topic in the whole deck, from 0; it decides the colour.
    """

    name: str
    number: int
    notes: tuple[Note, ...]

    def heading(self, palette: Sequence[Colour]) -> dict[str, Json]:
        """Return the data for `topic-heading` in running-text.typ."""
        return {"name": self.name, "colour": palette[self.number % len(palette)]}


def deck_topics(deck: Deck, notes: Sequence[Note]) -> list[Topic]:
    """Return the topics of those notes of a deck that go on paper, each once, where it first occurs."""
    numbers = topic_numbers(deck)
    notes_by_topic: dict[str, list[Note]] = {}
    for note in notes:
        if note.printed:
            notes_by_topic.setdefault(note.heading, []).append(note)
    return [Topic(name, numbers[name], tuple(topic_notes)) for name, topic_notes in notes_by_topic.items()]


def split_into_volumes(topics: Sequence[Topic]) -> list[list[Topic]]:
    """Split the topics into volumes of about VOLUME_SIZE notes.

    A topic may continue in the next volume; the items of a list and the cells of a table stay together.
    """
    total = sum(len(topic.notes) for topic in topics)
    count = max(1, round(total / VOLUME_SIZE))
    volumes: list[list[Topic]] = [[] for _ in range(count)]
    notes_before = 0
    for topic in topics:
        parts: dict[int, list[Note]] = {}
        for _, group in groupby(topic.notes, key=lambda note: note.card_id):
            card_notes = list(group)
            parts.setdefault(notes_before * count // total, []).extend(card_notes)
            notes_before += len(card_notes)
        for index, notes in parts.items():
            volumes[index].append(Topic(topic.name, topic.number, tuple(notes)))
    return [volume for volume in volumes if volume]


@dataclass(frozen=True, slots=True)
class TextArea:
    """The area between the margins of a page. Lengths in mm.

    scale: what font sizes are multiplied by.
    palette: the colours of topics.
    """

    sheet: Sheet
    scale: float
    palette: Sequence[Colour]

    @property
    def width(self) -> float:
        return self.sheet.width - 2 * MARGIN_X

    @property
    def height(self) -> float:
        return self.sheet.height - MARGIN_TOP - MARGIN_BOTTOM

    def font_size(self, size: float) -> float:
        """Return a font size in pt, scaled but large enough to be read. size: in pt, before scaling."""
        return max(MIN_FONT_SIZE, round(size * self.scale, 2))

    def column_width(self, columns: int, gutter: float) -> float:
        """Return the width of each of several columns with gutters between them."""
        return (self.width - gutter * (columns - 1)) / columns


@dataclass(frozen=True, slots=True)
class Part:
    """A text of one font size. size: in pt. faint: whether it is printed in grey."""

    content: Content
    size: float
    faint: bool = False


def text_side(
    entry: TextEntry, name: str, parts: Sequence[Part], width: float, max_picture_height: float = 60.0
) -> Side:
    """Make a side from an entry: one text in a column. name: for messages. Lengths in mm."""
    parts = [part for part in parts if part.content]
    content_nodes = [block_nodes(part.content) for part in parts]
    tree: dict[str, Json] = {
        "topic": entry.note.topic,
        "parts": [
            {"c": nodes, "size": part.size, "faint": part.faint, "cjk": has_cjk(nodes)}
            for part, nodes in zip(parts, content_nodes, strict=True)
        ],
        "width": round(width, 3),
        "max_picture_height": max_picture_height,
    }
    card = Card(entry.note, 0, entry.question, entry.answer)
    return Side(card, name, tuple(part.content for part in parts), tree)


def brief_citations(citations: Iterable[Citation], prefix: str = "") -> Content:
    """Return citations in brief, as one paragraph; empty without citations."""
    texts = dict.fromkeys(map(brief_citation, citations))
    return plain(prefix + "; ".join(texts)) if texts else EMPTY


def is_long(*contents: Content) -> bool:
    """Tell whether contents are easier to read across the page than in one of several columns."""
    return sum(map(text_length, contents)) > _MAX_LETTERS_IN_COLUMN


@dataclass(frozen=True, slots=True)
class Draft:
    """One volume of a layout, before it is measured.

    sides: all that is to be set.
    headings: the headings whose heights the layout needs, as data for `topic-heading`.
    template_data: makes the data for the layout's own template from the fits of the sides and the
        heights of the headings in mm, that of the title first.
    """

    sides: list[Side]
    headings: list[Json]
    template_data: Callable[[Sequence[Fit], Sequence[float]], dict[str, Json]]


def side_data(side: Side, fit: Fit) -> dict[str, Json]:
    """Return the data for `set-side` in running-text.typ."""
    return {**side.tree, "fit": fit}


def page_data(pages: Sequence[Sequence[Row]]) -> list[Json]:
    """Return the data for `set-rows` in rows.typ, page by page."""
    return [[asdict(row) for row in page] for page in pages]
