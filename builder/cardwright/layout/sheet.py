"""Paper, and how a printer turns it over."""

from dataclasses import dataclass, replace
from enum import Enum

from cardwright.layout.shapes import INCH, Box


class Flip(Enum):
    """The edge of the paper that stays where it is when a printer turns the sheet over."""

    LONG = "long"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A size of paper. width, height: in mm, as the page stands in the file.

    name: what the author writes behind `paper:`; empty for a size of the author's own.
    """

    name: str
    width: float
    height: float

    def turned(self, box: Box, flip: Flip) -> Box:
        """Where a box comes to lie, looking at the other side of the sheet once it is turned over.

        Upright paper that is turned over its long edge is turned like the page of a
        book: left and right change places, heights stay. Over its short edge it is
        turned like the page of a wall calendar. On a page that lies wider than high
        it is the other way about. Margins change sides too, so this holds for cards
        that do not lie in the middle of the sheet.
        """
        if self.turns_like_a_book(flip):
            return replace(box, x=self.width - box.right)
        return replace(box, y=self.height - box.bottom)

    def turns_like_a_book(self, flip: Flip) -> bool:
        """Whether left and right change places when the sheet is turned over, not top and bottom."""
        return (self.width <= self.height) == (flip is Flip.LONG)


# Sources: ISO 216; ANSI/ASME Y14.1. Upright, because the settings of printers for both sides mean
# different things on pages that lie wider than high.
A4 = Sheet("a4", 210, 297)
LETTER = Sheet("letter", 8.5 * INCH, 11 * INCH)
# What an author's own cards can be for by name.
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
