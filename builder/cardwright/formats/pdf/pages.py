"""What is on each page of the card sheets: sides, coloured strips, lines, and captions; all lengths in mm."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from cardwright.diagnostics.phrases import truncate
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.words import is_right_to_left
from cardwright.formats.translations import Translation
from cardwright.layout import marks
from cardwright.layout.card_geometry import CardGeometry
from cardwright.layout.geometry import Box, Line
from cardwright.layout.imposition import Page, PlacedCard
from cardwright.layout.plan import UNPRINTABLE, Mode, Plan

# The gap within the strip of a topic that shares its colour with an earlier one. A square in its middle
# shows that it is no fault of the printer.
_STRIP_GAP = 6.0
_STRIP_SQUARE = 2.0
_MIN_STRIP_PIECE = 3.0
# The eye tells these apart, even in grey: their lightness (L* of CIELAB) lies between 22 and 81, at least
# 7 apart, and far apart for those that follow each other.
TOPIC_COLOURS = (
    "#1e4b75", "#e9a73e", "#2a8273", "#9cd0f2", "#572044", "#8c8696", "#a13f27", "#98a543",
)  # fmt: skip
# In percent of white. So few that neither printers nor eyes mix them up; gaps in strips do the rest.
TOPIC_GREYS = (20, 68, 45, 85)

# Font sizes in pt.
_CAPTION_SIZE = 6.0
_CARD_NAME_SIZE = 5.0
# The gap between a caption and the cards with their bleed, the height of a line, and the white in it.
_CAPTION_GAP = 0.3
_LINE_HEIGHT = 2.0
_WHITE_IN_LINE = 0.65
_CROP_MARK_CLEARANCE = 2.0
_MEAN_LETTER_WIDTH = 0.9
_TOLERANCE = 0.01
_MIN_NAME_LENGTH = 8
_SEPARATOR = " · "

Colour: TypeAlias = str | int
"""One of TOPIC_COLOURS, or one of TOPIC_GREYS, which are printed with black alone."""


class CardName(NamedTuple):
    """What a card is known by on paper: its number in the deck on both sides, its name on the back alone."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """What all sheets of a deck have in common.

    deck_name: as Anki shows it.
    sheets: the number of sheets.
    right_to_left: whether the deck's language is written so.
    translation: the language of the captions, which may be another one.
    grey: whether topics are shown without colour.
    """

    deck_name: str
    sheets: int
    right_to_left: bool
    translation: Translation
    grey: bool


def page_node(
    page: Page,
    topics: Sequence[int],
    names: Sequence[CardName],
    plan: Plan,
    geometry: CardGeometry,
    info: SheetInfo,
) -> Json:
    """Return what the template draws on a page.

    topics: for each card, in study order, the number of its topic, which decides its colour.
    names: of the cards, in study order.

    Sides are numbered: the front of card k is 2k, its back 2k + 1.
    """
    palette = TOPIC_GREYS if info.grey else TOPIC_COLOURS
    strips = [
        strip
        for card in page.cards
        for strip in strip_boxes(
            card, geometry, topics[card.number], right_to_left=info.right_to_left, palette=palette
        )
    ]
    ruler = None if page.is_back else marks.ruler(page.grid, plan)
    lines = (*marks.cut_lines(page.grid, plan, back=page.is_back), *(ruler.lines if ruler else ()))
    return {
        "sides": [_side_node(card, geometry) for card in page.cards],
        "strips": [[*_rounded(box.x, box.y, box.width, box.height), colour] for box, colour in strips],
        "lines": [_line_node(line) for line in lines],
        "folds": [_line_node(line) for line in page.folds],
        "captions": _captions(page, ruler, names, plan, info),
    }


def strip_boxes(
    card: PlacedCard,
    geometry: CardGeometry,
    topic: int,
    *,
    right_to_left: bool = False,
    palette: Sequence[Colour] = TOPIC_COLOURS,
) -> list[tuple[Box, Colour]]:
    """Return the coloured edge of a card; the back's lies behind the front's, so that a pile shows one edge.

    topic: its 0-based number. When all colours are used they are repeated, each time with one more
        gap in the strip, and a square in the gap. When the strip has no room for more gaps, it is repeated.
    right_to_left: puts the edge of fronts on the right, where reading begins.
    """
    gaps, colour = divmod(topic, len(palette))
    trim, width = card.trim, geometry.strip_width + geometry.bleed
    outside_x, outside_y = geometry.bleed - geometry.blank_x, geometry.bleed - geometry.blank_y
    on_right = card.strip_on_right != right_to_left
    left = trim.right + outside_x - width if on_right else trim.x - outside_x
    whole_height = trim.height + 2 * outside_y
    gaps %= int((whole_height - _MIN_STRIP_PIECE) / (_STRIP_GAP + _MIN_STRIP_PIECE)) + 1
    height = (whole_height - gaps * _STRIP_GAP) / (gaps + 1)
    pieces = [(trim.y - outside_y + piece * (height + _STRIP_GAP), height) for piece in range(gaps + 1)]
    white = (_STRIP_GAP - _STRIP_SQUARE) / 2
    pieces += [(y - white - _STRIP_SQUARE, _STRIP_SQUARE) for y, _ in pieces[1:]]
    return [(Box(left, y, width, piece_height), palette[colour]) for y, piece_height in pieces]


def _side_node(card: PlacedCard, geometry: CardGeometry) -> Json:
    number = 2 * card.number + (not card.is_front)
    x, y = card.trim.x + geometry.padding_x, card.trim.y + geometry.padding_y
    return [number, *_rounded(x, y), card.rotated]


def _line_node(line: Line) -> Json:
    return _rounded(line.x1, line.y1, line.x2, line.y2)


def _captions(
    page: Page, ruler: marks.Ruler | None, names: Sequence[CardName], plan: Plan, info: SheetInfo
) -> list[Json]:
    """Return the captions of a page: the deck, the sheet and its side, the ruler, the names of the cards."""
    captions = []
    texts, texts_rtl = info.translation.sheets, is_right_to_left(info.translation.language)
    boxes = marks.caption_boxes(page.grid, plan.card_size.sheet)
    if boxes:
        sheet_caption = texts.sheet if plan.mode is Mode.FOLD else texts.back if page.is_back else texts.front
        sheet_caption = sheet_caption.format(n=page.sheet, m=info.sheets)
        first, last = (boxes.right, boxes.left) if info.right_to_left else (boxes.left, boxes.right)
        for box, text, rtl in ((first, info.deck_name, info.right_to_left), (last, sheet_caption, texts_rtl)):
            captions.append(
                _caption(box, text, right_aligned=box is boxes.right, vertical=boxes.vertical, rtl=rtl)
            )
    if ruler and ruler.caption_box:
        captions.append(_caption(ruler.caption_box, texts.ruler, vertical=ruler.vertical, rtl=texts_rtl))
    beside_cards = (boxes is not None and boxes.vertical) or (ruler is not None and ruler.vertical)
    if not beside_cards:
        captions += [
            _caption(box, text, vertical=True, size=_CARD_NAME_SIZE)
            for box, text in _card_names(page, names, plan)
        ]
    return captions


def _card_names(page: Page, names: Sequence[CardName], plan: Plan) -> Iterator[tuple[Box, str]]:
    """Yield the vertical captions that say which card is where: each card's in the margin nearer to it.

    Beside a question this is the card's number, since its name may say the answer.
    """
    texts = [name if page.is_back else number for number, name in names]
    bounds = page.grid.bounds
    middle = bounds.x + bounds.width / 2
    cards = {card.number: card for card in reversed(page.cards)}  # the question of a pair to be folded
    left = [card for card in cards.values() if card.trim.x < middle - _WHITE_IN_LINE]
    right = [card for card in cards.values() if card.trim.x >= middle - _WHITE_IN_LINE]
    gap = max(plan.bleed, _CAPTION_GAP) + _CAPTION_GAP
    needed = gap + _LINE_HEIGHT + UNPRINTABLE - _WHITE_IN_LINE - _TOLERANCE
    if bounds.x >= needed:
        yield from _name_line(bounds.x - gap - _LINE_HEIGHT, left, texts)
    if plan.card_size.sheet.width - bounds.right >= needed:
        yield from _name_line(bounds.right + gap, right, texts)


def _name_line(x: float, cards: Sequence[PlacedCard], texts: Sequence[str]) -> Iterator[tuple[Box, str]]:
    """Yield the captions at x; cards in one row share a caption, from left to right."""
    rows: dict[float, list[PlacedCard]] = {}
    for card in sorted(cards, key=lambda card: (card.trim.y, card.trim.x)):
        rows.setdefault(round(card.trim.y, 1), []).append(card)
    for row in rows.values():
        trim = row[0].trim
        box = Box(x, trim.y + _CROP_MARK_CLEARANCE, _LINE_HEIGHT, trim.height - 2 * _CROP_MARK_CLEARANCE)
        limit = int(box.height / _MEAN_LETTER_WIDTH / len(row)) - len(_SEPARATOR)
        yield box, _SEPARATOR.join(truncate(texts[card.number], max(limit, _MIN_NAME_LENGTH)) for card in row)


def _caption(
    box: Box,
    text: str,
    *,
    vertical: bool,
    right_aligned: bool = False,
    rtl: bool = False,
    size: float = _CAPTION_SIZE,
) -> Json:
    """Return a caption for the template. vertical: whether it runs down the page."""
    size_of_text = (box.height, box.width) if vertical else (box.width, box.height)
    x, y, width, height = _rounded(box.x, box.y, *size_of_text)
    return {
        "x": x,
        "y": y,
        "width": width,
        "height": height,
        "text": text,
        "size": size,
        "right-aligned": right_aligned,
        "vertical": vertical,
        "rtl": rtl,
    }


def _rounded(*lengths: float) -> list[float]:
    """Round lengths to a thousandth of a millimetre, so that rounding errors don't show in the file."""
    return [round(length, 3) for length in lengths]
