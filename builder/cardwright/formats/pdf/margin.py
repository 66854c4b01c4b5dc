"""What is written in the margins of a sheet, outside all cards: deck, sheet and side, and the cards on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cardwright.diagnostics.phrases import truncate
from cardwright.formats.pdf.nodes import Json
from cardwright.layout import marks
from cardwright.layout.geometry import Box
from cardwright.layout.imposition import Page, PlacedCard
from cardwright.layout.plan import UNPRINTABLE, Mode, Plan

_RULER_NOTE = "100 mm: if not, turn off “fit to page”"
_SIZE = 6.0  # of the type, in pt
_SIZE_OF_NAMES = 5.0
# In mm: off the cards and the colour that bleeds from them; the height of a line; and white in that height.
_OFFSET = 0.3
_LINE = 2.0
_WHITE = 0.65
_CLEAR = 2.0  # of the crop marks at both ends of a card
_LETTER = 0.9  # the mean width of one
_TOLERANCE = 0.01
_SHORTEST_NAME = 8
_BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """What is the same on all sheets of a deck.

    deck_name: as Anki shows it.
    sheets: how many there are in all.
    leftward: whether the deck's language runs from right to left.
    grey: whether to do without colour.
    """

    deck_name: str
    sheets: int
    leftward: bool = False
    grey: bool = False


def render_captions(page: Page, names: Sequence[str], plan: Plan, furniture: SheetInfo) -> list[Json]:
    """The notes of a page, as the template takes them. names: of the cards, in study order."""
    found = []
    headings = marks.caption_boxes(page.grid, plan.card_size.sheet)
    ruler = None if page.is_back else marks.ruler(page.grid, plan)
    if headings:
        side = "" if plan.mode is Mode.FOLD else ", back" if page.is_back else ", front"
        where = f"sheet {page.sheet} of {furniture.sheets}{side}"
        boxes = (headings.left, headings.right)
        begin, end = boxes[::-1] if furniture.leftward else boxes
        for box, words, leftward in (
            (begin, furniture.deck_name, furniture.leftward),
            (end, where, False),
        ):
            right = box is headings.right
            found.append(_note(box, words, right=right, turned=headings.vertical, leftward=leftward))
    if ruler and ruler.caption_box:
        found.append(_note(ruler.caption_box, _RULER_NOTE, turned=ruler.vertical))
    taken = (headings is not None and headings.vertical) or (ruler is not None and ruler.vertical)
    if not taken:
        found += [
            _note(box, words, turned=True, size=_SIZE_OF_NAMES) for box, words in _named(page, names, plan)
        ]
    return found


def _named(page: Page, names: Sequence[str], plan: Plan) -> Iterator[tuple[Box, str]]:
    """The names of the cards, up and down beside them: what lies left of the middle on the left."""
    bounds = page.grid.bounds
    middle = bounds.x + bounds.width / 2
    cards = {one.card: one for one in reversed(page.cards)}  # of a pair to be folded, the question
    left = [one for one in cards.values() if one.trim.x < middle - _WHITE]
    right = [one for one in cards.values() if one.trim.x >= middle - _WHITE]
    offset = max(plan.bleed, _OFFSET) + _OFFSET
    need = offset + _LINE + UNPRINTABLE - _WHITE - _TOLERANCE
    if bounds.x >= need:
        yield from _beside(bounds.x - offset - _LINE, left, names)
    if plan.card_size.sheet.width - bounds.right >= need:
        yield from _beside(bounds.right + offset, right, names)


def _beside(x: float, placed: Sequence[PlacedCard], names: Sequence[str]) -> Iterator[tuple[Box, str]]:
    """x: where the line begins, in mm. What lies in one row shares its line, from left to right."""
    rows: dict[float, list[PlacedCard]] = {}
    for one in sorted(placed, key=lambda one: (one.trim.y, one.trim.x)):
        rows.setdefault(round(one.trim.y, 1), []).append(one)
    for row in rows.values():
        trim = row[0].trim
        box = Box(x, trim.y + _CLEAR, _LINE, trim.height - 2 * _CLEAR)
        room = int(box.height / _LETTER / len(row)) - len(_BETWEEN)
        yield box, _BETWEEN.join(truncate(names[one.card], max(room, _SHORTEST_NAME)) for one in row)


def _note(
    box: Box, words: str, *, right: bool = False, turned: bool, leftward: bool = False, size: float = _SIZE
) -> Json:
    """right: whether the words end at the box's right end. turned: whether they run down the page."""
    length, height = (box.height, box.width) if turned else (box.width, box.height)
    return {
        "x": round(box.x, 3),
        "y": round(box.y, 3),
        "width": round(length, 3),
        "height": round(height, 3),
        "words": words,
        "size": size,
        "right": right,
        "turned": turned,
        "rtl": leftward,
    }
