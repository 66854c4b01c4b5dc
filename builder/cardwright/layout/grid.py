"""The slots that cards take on a sheet."""

from dataclasses import dataclass

from cardwright.layout.shapes import Box


@dataclass(frozen=True, slots=True)
class Grid:
    """Equal cards in columns and rows.

    left, top: in mm, where the trim of the first card begins.
    trim_width, trim_height: in mm, a card as cut.
    pitch_x, pitch_y: in mm, from where one card begins to where the next one does; at least
        as much as a card is wide or high.
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
        """How many cards a sheet takes."""
        return self.columns * self.rows

    @property
    def gutter_x(self) -> float:
        """In mm, what falls between the trims of two cards beside each other; 0 when one cut parts them."""
        return self.pitch_x - self.trim_width

    @property
    def gutter_y(self) -> float:
        """In mm, what falls between the trims of two cards above each other; 0 when one cut parts them."""
        return self.pitch_y - self.trim_height

    @property
    def bounds(self) -> Box:
        """All trims together."""
        return Box(
            self.left,
            self.top,
            (self.columns - 1) * self.pitch_x + self.trim_width,
            (self.rows - 1) * self.pitch_y + self.trim_height,
        )

    def trim(self, slot: int) -> Box:
        """The trim box of a slot. slot: 0-based, counted along the rows."""
        row, column = divmod(slot, self.columns)
        return Box(
            self.left + column * self.pitch_x,
            self.top + row * self.pitch_y,
            self.trim_width,
            self.trim_height,
        )
