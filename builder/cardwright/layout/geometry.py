"""Boxes, lines, grids of cards and sheets of paper, in mm; x runs to the right and y down."""

from enum import Enum

from cardwright.layout.units import INCH
from cardwright.record import Record, replace


class Box(Record, frozen=True):
    """A rectangle. x, y: its top left corner, measured from that of the sheet."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def moved(self, dx: float, dy: float) -> "Box":
        """Return the box moved to the right by dx and down by dy."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)


class Line(Record, frozen=True):
    """A vertical or horizontal line; its end is never left of its start or above it."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def is_vertical(self) -> bool:
        return self.x1 == self.x2


class Grid(Record, frozen=True):
    """Cards of one size in columns and rows.

    left, top: in mm, where the trim of the first card begins.
    trim_width, trim_height: in mm, the size of a card once it is cut.
    pitch_x, pitch_y: in mm, from the start of one card to the start of the next; at least the
        width or height of a card.
    """

    columns: int
    rows: int
    left: float
    top: float
    trim_width: float
    trim_height: float
    pitch_x: float
    pitch_y: float

    @property
    def slots(self) -> int:
        """The number of cards that fit on a sheet."""
        return self.columns * self.rows

    @property
    def gutter_x(self) -> float:
        """The paper between two columns, in mm; 0 when a single cut separates them."""
        return self.pitch_x - self.trim_width

    @property
    def gutter_y(self) -> float:
        """The paper between two rows, in mm; 0 when a single cut separates them."""
        return self.pitch_y - self.trim_height

    @property
    def bounds(self) -> Box:
        """The box around the trims of all cards."""
        width = (self.columns - 1) * self.pitch_x + self.trim_width
        height = (self.rows - 1) * self.pitch_y + self.trim_height
        return Box(self.left, self.top, width, height)

    def trim(self, slot: int) -> Box:
        """Return the trim box of a slot. slot: 0-based, counted along the rows."""
        row, column = divmod(slot, self.columns)
        x, y = self.left + column * self.pitch_x, self.top + row * self.pitch_y
        return Box(x, y, self.trim_width, self.trim_height)


class Flip(Enum):
    """The edge of the paper over which a printer turns the sheet."""

    LONG = "long"
    SHORT = "short"


class Sheet(Record, frozen=True):
    """A size of paper. width, height: in mm, as the page stands in the PDF.

    name: what authors write after `paper:`; empty for a custom size.
    """

    name: str
    width: float
    height: float

    def margins(self, box: Box) -> tuple[float, float]:
        """Return the narrower margin beside a box, and that above or below it, in mm."""
        return min(box.x, self.width - box.right), min(box.y, self.height - box.bottom)

    def mirrored(self, box: Box, flip: Flip) -> Box:
        """Return where a box of the front lies when the sheet is turned over and seen from the back.

        Portrait paper that is turned over its long edge turns like the page of a book: left and
        right swap, heights stay. Over its short edge it turns like the page of a wall calendar.
        On a landscape page it is the other way round. Margins swap sides too, so this also
        holds for cards that are not centred on the sheet.
        """
        if self.turns_like_a_book(flip):
            return replace(box, x=self.width - box.right)
        return replace(box, y=self.height - box.bottom)

    def turns_like_a_book(self, flip: Flip) -> bool:
        """Tell whether turning the sheet over swaps left and right, rather than top and bottom."""
        return (self.width <= self.height) == (flip is Flip.LONG)


# Sources: ISO 216; ANSI/ASME Y14.1. All are portrait, because the duplex settings of printers mean
# different things on landscape pages.
A4 = Sheet("a4", 210, 297)
LETTER = Sheet("letter", 8.5 * INCH, 11 * INCH)
# All paper sizes that an author can name.
SHEETS = {
    sheet.name: sheet
    for sheet in (
        A4,
        LETTER,
        Sheet("a3", 297, 420),
        Sheet("a5", 148, 210),
        Sheet("a6", 105, 148),
        Sheet("legal", 8.5 * INCH, 14 * INCH),
        Sheet("tabloid", 11 * INCH, 17 * INCH),
    )
}
