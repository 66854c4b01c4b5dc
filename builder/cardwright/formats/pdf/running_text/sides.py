"""What is set on pages of running text, as the template sets it: parts of text below each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cardwright.collection.card import Card
from cardwright.collection.content import EMPTY, Content, Text, inlines, plain
from cardwright.collection.reference import Citation
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.pages import Colour
from cardwright.formats.pdf.running_text.entries import TextEntry
from cardwright.formats.pdf.sides import Side
from cardwright.formats.pdf.tree import block_nodes
from cardwright.formats.pdf.words import has_cjk
from cardwright.layout.card_geometry import MIN_FONT_SIZE
from cardwright.layout.geometry import Sheet

# All in mm. More than any office printer leaves white.
MARGIN_X = 16.0
MARGIN_TOP = 23.0
MARGIN_BOTTOM = 17.0


@dataclass(frozen=True, slots=True)
class Part:
    """A text of one size. size: in pt. faint: whether it stands back."""

    content: Content
    size: float
    faint: bool = False


@dataclass(frozen=True, slots=True)
class TextArea:
    """Where sides are set: in columns of a page. All in mm.

    scale: what type sizes are multiplied by.
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

    def size(self, size: float) -> float:
        """A type size in pt as it is to be; none too small to be read."""
        return max(MIN_FONT_SIZE, round(size * self.scale, 2))

    def column(self, columns: int, gutter: float) -> float:
        """The width of one of so many columns with a gutter between them."""
        return (self.width - gutter * (columns - 1)) / columns


def side(entry: TextEntry, name: str, parts: Sequence[Part], width: float, tallest: float = 60.0) -> Side:
    """A side of an entry. name: what it is called in messages. width: of its column; tallest: a picture."""
    said = [part for part in parts if part.content]
    tree: dict[str, Json] = {
        "topic": entry.note.topic,
        "parts": [_part(part) for part in said],
        "width": round(width, 3),
        "tallest": tallest,
    }
    card = Card(entry.note, 0, entry.asked, entry.told)
    return Side(card, name, tuple(part.content for part in said), tree)


def cited(citations: Iterable[Citation], before: str = "") -> Content:
    """Where it comes from, in one paragraph and in few words. before: what stands at its beginning."""
    texts = dict.fromkeys(_brief(citation) for citation in citations)
    return plain(before + "; ".join(texts)) if texts else EMPTY


def _brief(citation: Citation) -> str:
    reference = citation.reference
    title = reference.title + (f" § {citation.locator}" if citation.locator else "")
    parts = (reference.author, title, "" if reference.author else reference.publisher)
    return ", ".join(part for part in parts if part)


# Of one size with what stands around it, it would fill most of a column.
_LONG = 1500


def is_long(*contents: Content) -> bool:
    """Whether a text is better set across the page than in one of several columns."""
    return sum(map(letters, contents)) > _LONG


def letters(content: Content) -> int:
    """How much there is to be read in a content."""
    return sum(len(inline.text) for inline in inlines(content) if isinstance(inline, Text))


def _part(part: Part) -> Json:
    nodes = block_nodes(part.content)
    return {"c": nodes, "z": part.size, "faint": part.faint, "airy": has_cjk(nodes)}
