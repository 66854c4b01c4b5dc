"""Where colour and text lie on a card, measured from its trim, and how large the text is."""

import math
from dataclasses import dataclass

from cardwright.layout.plan import UNPRINTABLE, Plan, room_x, room_y

# Cuts and backs stray by a millimetre or two.
LEAST_PADDING = 5.0
# Type smaller than this is not read at arm's length.
LEAST_SIZE = 7.0
_POINT = 25.4 / 72
# Of the `a7-safe` card of A4, whose sizes those of all others follow.
_USUAL_MEASURE = math.sqrt(95 * 68)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Type sizes in pt, none below LEAST_SIZE.

    question, answer, extra: of the text, where it need not be made smaller to fit.
    small: of the topic and the card's name above it, and of the citations below.
    hint: of the hint below a question.
    least_scale: what the first three are multiplied by at most to make a side fit, itself at most 1;
        LEAST_SIZE holds all the same.
    """

    question: float
    answer: float
    extra: float
    small: float
    hint: float
    least_scale: float


@dataclass(frozen=True, slots=True)
class CardGeometry:
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


def card_geometry(plan: Plan) -> CardGeometry:
    """The face of a plan's cards.

    The strip and the white around the text follow the card: on a small one a millimetre of
    white is a line of text, on a large one the same white looks cramped.
    """
    preset = plan.preset
    # Pairs to be folded may lie further from the edges of the paper than single cards do.
    quiet_x = max(0.0, UNPRINTABLE - room_x(preset, plan.mode))
    quiet_y = max(0.0, UNPRINTABLE - room_y(preset, plan.mode))
    width, height = preset.grid.trim_width, preset.grid.trim_height
    measure = math.sqrt(width * height)
    strip = _within(0.03 * measure, 1.6, 5)
    return CardGeometry(
        width=width,
        height=height,
        bleed=plan.bleed,
        quiet_x=quiet_x,
        quiet_y=quiet_y,
        strip=strip,
        padding_x=max(_within(0.087 * measure, LEAST_PADDING, 14), quiet_x + strip + max(2, strip)),
        padding_y=max(_within(0.062 * measure, LEAST_PADDING, 10), quiet_y + 0.5),
    )


def sizes(shape: CardGeometry, scale: float = 1.0) -> Sizes:
    """The type sizes that suit a card.

    scale: what they are multiplied by on top, as whoever prints the cards wishes.

    A question is set in 14.5 pt on an `a7-safe` card. Elsewhere it goes with the card's
    measure, the root of its area, to the power of 0.6, so that a card twice as wide and twice
    as high has type half as large again and room for more of it: from 10 pt to 26 pt, and so
    that a line holds 8.5 times its size, some 18 letters. The rest keep their ratio to it;
    what is small grows by the root alone.

    Answers shrink to 60 % of their size or to the 8.4 pt that this is on an `a7-safe` card,
    whichever is less, so that a larger card never holds less.
    """
    measure = math.sqrt(shape.width * shape.height)
    question = 14.5 * (measure / _USUAL_MEASURE) ** 0.6
    line = shape.text_width / _POINT
    factor = _within(min(question, line / 8.5), 10, 26) / 14.5
    answer = _at_least(14 * factor * scale)
    small = math.sqrt(max(1.0, factor)) * scale
    return Sizes(
        question=_at_least(14.5 * factor * scale),
        answer=answer,
        extra=_at_least(10 * factor * scale),
        small=_at_least(7 * small),
        hint=_at_least(8 * small),
        least_scale=min(0.6, 8.4 / answer),
    )


def _at_least(size: float) -> float:
    return max(LEAST_SIZE, round(size, 2))


def _within(length: float, least: float, most: float) -> float:
    return min(most, max(least, round(length, 1)))
