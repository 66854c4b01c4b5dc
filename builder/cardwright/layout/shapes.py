"""What a sheet is made of: boxes and lines, in mm, x to the right, y down."""

from dataclasses import dataclass

INCH = 25.4


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle. x, y: its top left corner from that of the sheet."""

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

    def moved(self, x: float, y: float) -> "Box":
        """The same box, so much to the right and down."""
        return Box(self.x + x, self.y + y, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line, upright or level; the end is never left of or above the start."""

    x1: float
    y1: float
    x2: float
    y2: float

    def moved(self, x: float, y: float) -> "Line":
        """The same line, so much to the right and down."""
        return Line(self.x1 + x, self.y1 + y, self.x2 + x, self.y2 + y)
