"""How the cards of a deck go on paper: all that whoever prints them can choose."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from builder.layout.fold import folded
from builder.layout.grid import Grid
from builder.layout.preset import Preset, Stock
from builder.layout.sheet import Flip


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

    preset: Preset
    flip: Flip = Flip.LONG
    mode: Mode = Mode.DUPLEX
    order: Order = Order.ROWS
    rotate_backs: bool = False
    marks: Marks = Marks.CROPS
    bleed: float = 0.0
    offset_x: float = 0.0
    offset_y: float = 0.0


# What crop marks take beside the cards: 1 mm off the trim, 2.5 mm long.
ROOM_FOR_MARKS = 3.5
# Presets are given to a tenth of a millimetre or to a hundredth of an inch.
_TOLERANCE = 0.05
# A back that lies further off was not printed for the card in front of it.
MOST_OFFSET = 15.0
LEAST_CARD = 30.0
MOST_SHEET = 1200.0


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a plan cannot be printed. what: the part of the plan that is to blame, as its option is called."""

    code: str
    what: str
    message: str


def cuts(preset: Preset, mode: Mode) -> Grid | None:
    """The grid of what is cut out of a sheet; None when cards are to be folded and no two fit on it."""
    if mode is not Mode.FOLD:
        return preset.grid
    found = folded(preset)
    return None if found is None else found[0]


def usual_mode(preset: Preset) -> Mode:
    """The mode that a preset wants when nobody chose one."""
    return Mode.SINGLE if preset.stock is Stock.STICKERS else Mode.DUPLEX


def usual_marks(preset: Preset, mode: Mode) -> Marks:
    """The marks that a preset wants when nobody chose any."""
    if preset.stock is not Stock.PLAIN:
        return Marks.NONE
    return Marks.CROPS if _room(preset, mode) >= ROOM_FOR_MARKS else Marks.LINES


def usual_bleed(preset: Preset, mode: Mode) -> float:
    """In mm: a millimetre where there are gutters for it."""
    return min(1.0, most_bleed(preset, mode))


def most_bleed(preset: Preset, mode: Mode) -> float:
    """In mm: half a gutter, so that two cards do not colour each other, and no more than the margin."""
    grid = cuts(preset, mode) or preset.grid
    room = [_room(preset, mode)]
    if grid.columns > 1:
        room.append(grid.gutter_x / 2)
    if grid.rows > 1:
        room.append(grid.gutter_y / 2)
    return max(0.0, round(min(room), 3))


def _room(preset: Preset, mode: Mode) -> float:
    """In mm, the least paper around what is cut out."""
    grid = cuts(preset, mode) or preset.grid
    bounds, sheet = grid.bounds, preset.sheet
    return max(0.0, min(bounds.x, bounds.y, sheet.width - bounds.right, sheet.height - bounds.bottom))


def misfits(preset: Preset) -> Iterator[Misfit]:
    """What keeps cards of an author's own from lying on their paper."""
    grid, sheet = preset.grid, preset.sheet
    if max(sheet.width, sheet.height) > MOST_SHEET:
        yield Misfit("paper-too-large", "paper", f"paper of {_size(sheet.width, sheet.height)} is too large")
    if min(grid.columns, grid.rows) < 1:
        yield Misfit("no-cards-on-sheet", "card", f"{grid.columns} by {grid.rows} cards are none")
        return
    if min(grid.trim_width, grid.trim_height) < LEAST_CARD:
        size = _size(grid.trim_width, grid.trim_height)
        yield Misfit("card-too-small", "card", f"a card of {size} is too small; 30 mm is the least")
    if min(grid.gutter_x, grid.gutter_y) < -_TOLERANCE:
        yield Misfit("cards-overlap", "card", "the cards overlap: the pitch is less than the size")
    bounds = grid.bounds
    if min(preset.margin_x, preset.margin_y, bounds.x, bounds.y) < -_TOLERANCE:
        need = _size(bounds.right, bounds.bottom)
        have = _size(sheet.width, sheet.height)
        yield Misfit("cards-off-paper", "card", f"the cards reach {need}, and the paper ends at {have}")


def refusals(plan: Plan) -> Iterator[Misfit]:
    """What of a plan goes against its preset."""
    preset, mode = plan.preset, plan.mode
    if cuts(preset, mode) is None:
        size = _size(preset.grid.trim_width, preset.grid.trim_height)
        yield Misfit("no-room-to-fold", "mode", f"no two cards of {size} fit on the paper in one piece")
        return
    room = _room(preset, mode)
    if plan.marks is Marks.CROPS and room < ROOM_FOR_MARKS:
        message = f"crop marks need 3.5 mm around the cards; there are {room:.3g}"
        yield Misfit("no-room-for-marks", "marks", message)
    most = most_bleed(preset, mode)
    if not 0 <= plan.bleed <= most + _TOLERANCE:
        message = f"a bleed of {plan.bleed:g} mm; these cards have room for 0 to {most:g}"
        yield Misfit("bleed-too-wide", "bleed", message)
    if not max(abs(plan.offset_x), abs(plan.offset_y)) <= MOST_OFFSET:
        message = f"{plan.offset_x:g}, {plan.offset_y:g} mm is too far; 15 mm is the most"
        yield Misfit("offset-too-far", "offset", message)


def _size(width: float, height: float) -> str:
    return f"{width:g} × {height:g} mm"
