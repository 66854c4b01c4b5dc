"""All choices for the sheets of a deck: how its cards go on paper."""

from enum import Enum

from cardwright.layout.card_sizes import CardSize, Material
from cardwright.layout.geometry import Flip, Grid
from cardwright.record import Record

# Common office printers leave this much of every edge of the paper white, in mm.
UNPRINTABLE = 6.35
# The margin that crop marks need, in mm: they begin 1 mm off the cards, and at least 1 mm of them must show.
CROP_MARK_MARGIN = UNPRINTABLE + 2


class Mode(Enum):
    """How a question and its answer get on the two sides of a card.

    DUPLEX: one file, in which each front page is followed by its back page.
    SPLIT: a file of fronts and a file of backs, for printers that take the paper twice.
    FOLD: both on one side of the paper, to be folded.
    SINGLE: only questions; the backs stay white.
    """

    DUPLEX = "duplex"
    SPLIT = "split"
    FOLD = "fold"
    SINGLE = "single"


class Order(Enum):
    """The order in which cards fill the slots.

    ROWS: along the rows of a sheet, then on the next sheet.
    STACKS: through the sheets of a pile, then in the next slot. Once the pile is cut, its stacks
        only need to be put on top of each other.
    """

    ROWS = "rows"
    STACKS = "stacks"


class Marks(Enum):
    """How a sheet shows where to cut: crop marks in its margins, lines along the cuts, or not at all."""

    CROPS = "crops"
    LINES = "lines"
    NONE = "none"


class Overflow(Enum):
    """What becomes of a card with a text that is too long for it even in the smallest type.

    ERROR: nothing is printed.
    CONTINUE: the text goes on on further cards.
    SKIP: the card is not printed.
    """

    ERROR = "error"
    CONTINUE = "continue"
    SKIP = "skip"


class PrintLayout(Enum):
    """What is printed of a deck: card sheets, or pages of running text."""

    CARDS = "cards"
    LIST = "list"
    QUIZ = "quiz"
    SUMMARY = "summary"


class Plan(Record, frozen=True):
    """All choices for card sheets.

    rotate_backs: whether backs are upside down, for cards that are turned the other way than the sheet.
    bleed: how far colour runs over the trim, in mm, so that an inexact cut shows no white.
    offset_x, offset_y: how far backs are moved to the right and down, in mm and as seen from the
        back, to meet their fronts on a printer that shifts them.
    start_at: the 1-based slot of the first card on the first sheet, part of which is used up already.
    right_to_left: whether cards fill rows from the right, as their language is read.
    """

    card_size: CardSize
    flip: Flip = Flip.LONG
    mode: Mode = Mode.DUPLEX
    order: Order = Order.ROWS
    rotate_backs: bool = False
    marks: Marks = Marks.CROPS
    bleed: float = 0.0
    offset_x: float = 0.0
    offset_y: float = 0.0
    start_at: int = 1
    right_to_left: bool = False


def cut_grid(card_size: CardSize, mode: Mode) -> Grid | None:
    """Return the grid of the pieces that are cut out of a sheet: cards, or pairs of sides to be folded.

    Returns None when cards are to be folded and no pair fits on the sheet.
    """
    if mode is not Mode.FOLD:
        return card_size.grid
    pairs = pair_grid(card_size)
    return None if pairs is None else pairs[0]


def pair_grid(card_size: CardSize) -> tuple[Grid, bool] | None:
    """Return the grid of the pairs that are cut out and folded, and whether their folds are vertical.

    A vertical fold has the answer to the right of the question, a horizontal fold below it. The
    direction with more pairs on a sheet is chosen; the pairs are centred on the paper, and no
    nearer to its edge than single cards of this size.

    Returns None when no pair fits.
    """
    best: tuple[Grid, bool] | None = None
    for vertical in (True, False):
        grid = _centred_pairs(card_size, *((2, 1) if vertical else (1, 2)))
        if grid is not None and (best is None or grid.slots > best[0].slots):
            best = grid, vertical
    return best


def _centred_pairs(card_size: CardSize, cards_wide: int, cards_high: int) -> Grid | None:
    cards, sheet = card_size.grid, card_size.sheet
    width, height = cards_wide * cards.trim_width, cards_high * cards.trim_height
    gutter_x, gutter_y = max(0.0, cards.gutter_x), max(0.0, cards.gutter_y)
    margin_x, margin_y = sheet.margins(cards.bounds)
    columns = _count_fitting(sheet.width - 2 * margin_x, width, gutter_x)
    rows = _count_fitting(sheet.height - 2 * margin_y, height, gutter_y)
    if min(columns, rows) < 1:
        # Index cards have margins wide enough for a second half.
        columns = columns or _count_fitting(sheet.width, width, gutter_x)
        rows = rows or _count_fitting(sheet.height, height, gutter_y)
    if min(columns, rows) < 1:
        return None
    left = (sheet.width - (columns * width + (columns - 1) * gutter_x)) / 2
    top = (sheet.height - (rows * height + (rows - 1) * gutter_y)) / 2
    return Grid(columns, rows, left, top, width, height, width + gutter_x, height + gutter_y)


def _count_fitting(available: float, size: float, gutter: float) -> int:
    return int((available + gutter + 0.01) / (size + gutter))


def default_mode(card_size: CardSize) -> Mode:
    """Return the mode that suits a card size when nobody chose one."""
    return Mode.SINGLE if card_size.material is Material.STICKERS else Mode.DUPLEX


def default_marks(card_size: CardSize, mode: Mode, order: Order) -> Marks:
    """Return the marks that suit a card size when nobody chose any.

    Stacks are for a guillotine, which cuts a whole pile by its crop marks; else scissors follow lines.
    """
    if card_size.material is not Material.PLAIN:
        return Marks.NONE
    if order is Order.ROWS:
        return Marks.LINES
    wider_margin = max(cut_margins(card_size, mode))
    return Marks.CROPS if wider_margin >= CROP_MARK_MARGIN else Marks.LINES


def default_bleed(card_size: CardSize, mode: Mode) -> float:
    """Return the bleed that suits a card size, in mm: 1 mm where the gutters have room for it."""
    return min(1.0, max_bleed(card_size, mode))


def max_bleed(card_size: CardSize, mode: Mode) -> float:
    """Return the widest bleed in mm: half a gutter, so that neighbours stay clean, and within the margin."""
    grid = cut_grid(card_size, mode) or card_size.grid
    limits = [*cut_margins(card_size, mode)]
    if grid.columns > 1:
        limits.append(grid.gutter_x / 2)
    if grid.rows > 1:
        limits.append(grid.gutter_y / 2)
    return max(0.0, round(min(limits), 3))


def cut_margins(card_size: CardSize, mode: Mode) -> tuple[float, float]:
    """Return the narrower margin beside the pieces that are cut out, and that above or below, in mm."""
    margin_x, margin_y = card_size.sheet.margins((cut_grid(card_size, mode) or card_size.grid).bounds)
    return max(0.0, margin_x), max(0.0, margin_y)
