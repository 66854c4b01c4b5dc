"""The slots that cards take on a sheet."""

from dataclasses import dataclass

from builder.layout.shapes import Box


@dataclass(frozen=True, slots=True)
class Grid:
    """Equal cards in columns and rows.

    left, top: in mm, where the trim of the first card begins.
    trim_width, trim_height: in mm, a card as cut.
    gutter: in mm, what falls between two neighbours' trims; 0 when one cut parts them.
    """

    columns: int
    rows: int
    left: float
    top: float
    trim_width: float
    trim_height: float
    gutter: float = 0.0

    @property
    def slots(self) -> int:
        """How many cards a sheet takes."""
        return self.columns * self.rows

    @property
    def bounds(self) -> Box:
        """All trims together."""
        last = self.trim(self.slots - 1)
        return Box(self.left, self.top, last.right - self.left, last.bottom - self.top)

    def trim(self, slot: int) -> Box:
        """The trim box of a slot. slot: 0-based, counted along the rows."""
        row, column = divmod(slot, self.columns)
        return Box(
            self.left + column * (self.trim_width + self.gutter),
            self.top + row * (self.trim_height + self.gutter),
            self.trim_width,
            self.trim_height,
        )
