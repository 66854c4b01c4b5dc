"""How the cards of a deck go on paper: all that whoever prints them can choose."""

from dataclasses import dataclass
from enum import Enum

from cardwright.layout.card_sizes import CardSize, Material
from cardwright.layout.fold import folded
from cardwright.layout.grid import Grid
from cardwright.layout.sheet import Flip


class Mode(Enum):
    """How a question and its answer get on the two sides of a card.

    DUPLEX: one file, fronts and backs by turns. SPLIT: a file of fronts and one of backs, for
    printers that take the paper twice. FOLD: both on one side of the paper, to be folded.
    SINGLE: questions alone; the backs stay white.
    """

    DUPLEX = "duplex"
    SPLIT = "split"
    FOLD = "fold"
    SINGLE = "single"


class Order(Enum):
    """Which card comes after which.

    ROWS: along the rows of a sheet, then on the next sheet. STACKS: through the sheets of a pile,
    then in the next slot, so that the stacks of the cut pile need only be put on each other.
    """

    ROWS = "rows"
    STACKS = "stacks"


class Marks(Enum):
    """How a sheet shows where to cut: in its margins, along the cuts, or not at all."""

    CROPS = "crops"
    LINES = "lines"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Plan:
    """How cards go on paper.

    rotate_backs: turn every back upside down, for cards that are turned the other way than the sheet.
    bleed: in mm, how far colour runs over the trim, so that a cut that strays shows no white.
    offset_x, offset_y: in mm, to the right and down looking at the back: where backs are moved to
        meet their fronts on a printer that shifts them.
    """

    preset: CardSize
    flip: Flip = Flip.LONG
    mode: Mode = Mode.DUPLEX
    order: Order = Order.ROWS
    rotate_backs: bool = False
    marks: Marks = Marks.CROPS
    bleed: float = 0.0
    offset_x: float = 0.0
    offset_y: float = 0.0


# Common office printers leave so much of every edge of the paper white, in mm.
UNPRINTABLE = 6.35
# What crop marks need beside the cards: they begin 1 mm off, and a millimetre of them has to show.
ROOM_FOR_MARKS = UNPRINTABLE + 2


def cuts(preset: CardSize, mode: Mode) -> Grid | None:
    """The grid of what is cut out of a sheet; None when cards are to be folded and no two fit on it."""
    if mode is not Mode.FOLD:
        return preset.grid
    found = folded(preset)
    return None if found is None else found[0]


def usual_mode(preset: CardSize) -> Mode:
    """The mode that a preset wants when nobody chose one."""
    return Mode.SINGLE if preset.stock is Material.STICKERS else Mode.DUPLEX


def usual_marks(preset: CardSize, mode: Mode) -> Marks:
    """The marks that a preset wants when nobody chose any."""
    if preset.stock is not Material.PLAIN:
        return Marks.NONE
    room = max(room_x(preset, mode), room_y(preset, mode))
    return Marks.CROPS if room >= ROOM_FOR_MARKS else Marks.LINES


def usual_bleed(preset: CardSize, mode: Mode) -> float:
    """In mm: a millimetre where there are gutters for it."""
    return min(1.0, most_bleed(preset, mode))


def most_bleed(preset: CardSize, mode: Mode) -> float:
    """In mm: half a gutter, so that two cards do not colour each other, and no more than the margin."""
    grid = cuts(preset, mode) or preset.grid
    room = [room_x(preset, mode), room_y(preset, mode)]
    if grid.columns > 1:
        room.append(grid.gutter_x / 2)
    if grid.rows > 1:
        room.append(grid.gutter_y / 2)
    return max(0.0, round(min(room), 3))


def room_x(preset: CardSize, mode: Mode) -> float:
    """In mm, the paper left of what is cut out or right of it, whichever is less."""
    bounds = (cuts(preset, mode) or preset.grid).bounds
    return max(0.0, min(bounds.x, preset.sheet.width - bounds.right))


def room_y(preset: CardSize, mode: Mode) -> float:
    """In mm, the paper above what is cut out or below it, whichever is less."""
    bounds = (cuts(preset, mode) or preset.grid).bounds
    return max(0.0, min(bounds.y, preset.sheet.height - bounds.bottom))
