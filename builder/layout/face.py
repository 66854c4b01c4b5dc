"""Where colour and text lie on a card, measured from its trim."""

from dataclasses import dataclass

from builder.layout.plan import Plan

# Office printers leave 6.35 mm of the paper white; text keeps as far from every edge that may be the paper's.
UNPRINTABLE = 6.5
# Cuts and backs stray by a millimetre or two.
LEAST_PADDING = 5.0


@dataclass(frozen=True, slots=True)
class Face:
    """The parts of a card as cut, in mm.

    width, height: of the trim.
    bleed: how far colour runs over the trim.
    quiet_x, quiet_y: along the trim, left free of colour because the trim may be the edge of
        the paper; 0 when it never is.
    strip: the width of the coloured edge.
    padding_x, padding_y: from the trim to the text.
    """

    width: float
    height: float
    bleed: float
    quiet_x: float
    quiet_y: float
    strip: float
    padding_x: float
    padding_y: float

    @property
    def text_width(self) -> float:
        return self.width - 2 * self.padding_x

    @property
    def text_height(self) -> float:
        return self.height - 2 * self.padding_y


def face(plan: Plan) -> Face:
    """The face of a plan's cards."""
    preset = plan.preset
    quiet_x = max(0.0, UNPRINTABLE - preset.margin_x)
    quiet_y = max(0.0, UNPRINTABLE - preset.margin_y)
    width, height = preset.grid.trim_width, preset.grid.trim_height
    strip = 2.4
    return Face(
        width=width,
        height=height,
        bleed=plan.bleed,
        quiet_x=quiet_x,
        quiet_y=quiet_y,
        strip=strip,
        padding_x=max(7.0, quiet_x + strip + 3),
        padding_y=max(LEAST_PADDING, quiet_y + 0.5),
    )
