"""Paper, always upright: driver settings for duplex mean different things on landscape pages."""

from dataclasses import dataclass

from builder.layout.shapes import INCH


@dataclass(frozen=True, slots=True)
class Sheet:
    """A size of paper. width, height: in mm; the width is the shorter one.

    name: what the author writes behind `paper:`.
    """

    name: str
    width: float
    height: float


# Sources: ISO 216; ANSI/ASME Y14.1.
A4 = Sheet("a4", 210, 297)
LETTER = Sheet("letter", 8.5 * INCH, 11 * INCH)
