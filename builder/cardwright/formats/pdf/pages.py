"""The pages of a deck: where each side, each strip of colour and each line lies. All in mm."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from cardwright.formats.pdf.margin import SheetInfo, render_captions
from cardwright.formats.pdf.nodes import Json
from cardwright.layout import marks
from cardwright.layout.card_geometry import CardGeometry
from cardwright.layout.geometry import Box, Line
from cardwright.layout.imposition import Page, PlacedCard
from cardwright.layout.plan import Plan

_GAP = 5.0
# Told apart by eye, and in grey too: their lightness (L* of CIELAB) lies between 22 and 81, at least
# 7 apart, and far apart for those that follow each other.
TOPIC_COLOURS = (
    "#1e4b75", "#e9a73e", "#2a8273", "#9cd0f2", "#572044", "#8c8696", "#a13f27", "#98a543",
)  # fmt: skip
# In percent of white. So few that no printer and no eye takes one for another; cut strips tell the rest.
TOPIC_GREYS = (20, 68, 45, 85)

Colour: TypeAlias = str | int
"""As in COLOURS, or one of GREYS, which is printed with black alone."""


def render_pages(
    topics: Sequence[int],
    names: Sequence[str],
    imposed: Iterable[Page],
    plan: Plan,
    face: CardGeometry,
    furniture: SheetInfo,
) -> list[Json]:
    """What the template draws on each page.

    topics: of each card, in study order, the number of its topic; each topic has a colour.
    names: of each card.
    imposed: the pages, which may be some of all.
    Sides are meant by number: card k's front is 2k, its back 2k + 1.
    """
    return [_page(page, topics, names, plan, face, furniture) for page in imposed]


def _page(
    page: Page,
    topics: Sequence[int],
    names: Sequence[str],
    plan: Plan,
    face: CardGeometry,
    furniture: SheetInfo,
) -> Json:
    leftward, palette = furniture.leftward, TOPIC_GREYS if furniture.grey else TOPIC_COLOURS
    page = _mirrored(page) if leftward else page
    strips = [
        piece
        for one in page.cards
        for piece in strip_boxes(one, face, topics[one.card], leftward=leftward, palette=palette)
    ]
    return {
        "sides": [_side(one, face) for one in page.cards],
        "strips": [_coloured(box, colour) for box, colour in strips],
        "lines": [_line(line) for line in _lines(page, plan)],
        "folds": [_line(line) for line in page.folds],
        "notes": render_captions(page, names, plan, furniture),
    }


def _mirrored(page: Page) -> Page:
    """A page with the answers left of their questions, if they would be right of them, to be folded there.

    So the coloured edge, on the right of a question in such a language, is not the fold.
    """
    if not any(fold.x1 == fold.x2 for fold in page.folds):
        return page
    other = {(one.card, not one.is_front): one.trim for one in page.cards}
    return replace(page, cards=tuple(replace(one, trim=other[one.card, one.is_front]) for one in page.cards))


def strip_boxes(
    placed: PlacedCard,
    face: CardGeometry,
    topic: int,
    *,
    leftward: bool = False,
    palette: Sequence[Colour] = TOPIC_COLOURS,
) -> list[tuple[Box, Colour]]:
    """The coloured edge of a card; the back's lies behind the front's, so a pile shows it at one edge only.

    topic: 0-based. When colours run out they come again, the strip cut once more each time.
    leftward: whether reading begins at the right, where the edge is then.
    """
    again, colour = divmod(topic, len(palette))
    trim, width = placed.trim, face.strip_width + face.bleed
    over_x, over_y = face.bleed - face.blank_x, face.bleed - face.blank_y
    on_the_right = placed.strip_on_right != leftward
    left = trim.right + over_x - width if on_the_right else trim.x - over_x
    height = (trim.height + 2 * over_y - again * _GAP) / (again + 1)
    return [
        (Box(left, trim.y - over_y + piece * (height + _GAP), width, height), palette[colour])
        for piece in range(again + 1)
    ]


def _side(placed: PlacedCard, face: CardGeometry) -> Json:
    trim = placed.trim
    number = 2 * placed.card + (not placed.is_front)
    return [number, _mm(trim.x + face.padding_x), _mm(trim.y + face.padding_y), placed.rotated]


def _coloured(box: Box, colour: Colour) -> Json:
    return [_mm(box.x), _mm(box.y), _mm(box.width), _mm(box.height), colour]


def _line(line: Line) -> Json:
    return [_mm(line.x1), _mm(line.y1), _mm(line.x2), _mm(line.y2)]


def _lines(page: Page, plan: Plan) -> Sequence[Line]:
    ruler = None if page.is_back else marks.ruler(page.grid, plan)
    return (*marks.cut_lines(page.grid, plan, back=page.is_back), *(ruler.lines if ruler else ()))


def _mm(length: float) -> float:
    """To a thousandth of a millimetre, so that rounding errors of sums do not show in the file."""
    return round(length, 3)
