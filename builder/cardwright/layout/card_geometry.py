"""Where colour and text lie on a card, and how large the text is."""

import math

from cardwright.layout.plan import UNPRINTABLE, Plan, cut_margins
from cardwright.layout.units import POINT
from cardwright.record import Record

# In mm; cuts and backs are off by a millimetre or two.
MIN_PADDING = 5.0
# In pt; smaller type cannot be read at arm's length.
MIN_FONT_SIZE = 7.0
# In pt. What is written in a picture below an answer need not be read to grade the card.
MIN_PICTURE_TEXT = 5.0
# In pt. The reading above a word is half as large as the word, but no smaller than this, which is usual in
# pocket dictionaries.
MIN_READING_SIZE = 5.0
# The geometric mean of the sides of an `a7-safe` card of A4, from which all other sizes are derived.
_REFERENCE_LENGTH = math.sqrt(95 * 68)


class FontSizes(Record, frozen=True):
    """Font sizes in pt, none below MIN_FONT_SIZE.

    question, answer, extra: the sizes of text that fits without being shrunk. An answer is as large as
        its question.
    text: of a long answer, and of a cloze text that shows what it hid.
    recall: of the question above a short answer.
    small: for the topic and the card's name at the top, and for citations at the bottom.
    hint: for the hint below a question.
    min_scale: the smallest factor, at most 1, by which all but small and hint are shrunk to make a side fit;
        they still stay above MIN_FONT_SIZE.
    """

    question: float
    answer: float
    extra: float
    text: float
    recall: float
    small: float
    hint: float
    min_scale: float


class CardGeometry(Record, frozen=True):
    """The parts of a card as cut, in mm.

    width, height: the size of the trim.
    bleed: how far colour runs over the trim.
    blank_x, blank_y: the band along the trim that stays free of colour where the trim may be the
        edge of the paper; 0 where it never is.
    strip_width: the width of the coloured edge.
    padding_x, padding_y: from the trim to the text.
    """

    width: float
    height: float
    bleed: float
    blank_x: float
    blank_y: float
    strip_width: float
    padding_x: float
    padding_y: float

    @property
    def text_width(self) -> float:
        return self.width - 2 * self.padding_x

    @property
    def text_height(self) -> float:
        return self.height - 2 * self.padding_y


def card_geometry(plan: Plan) -> CardGeometry:
    """Return the geometry of a plan's cards.

    The coloured strip and the white around the text grow with the card: on a small card a
    millimetre of white is a line of text, on a large card the same white looks cramped.
    """
    card_size = plan.card_size
    # Pairs to be folded may lie further from the edges of the paper than single cards do.
    blank_x, blank_y = (max(0.0, UNPRINTABLE - margin) for margin in cut_margins(card_size, plan.mode))
    width, height = card_size.grid.trim_width, card_size.grid.trim_height
    mean_length = math.sqrt(width * height)
    strip_width = _clamp(0.03 * mean_length, 1.6, 5)
    return CardGeometry(
        width=width,
        height=height,
        bleed=plan.bleed,
        blank_x=blank_x,
        blank_y=blank_y,
        strip_width=strip_width,
        padding_x=max(
            _clamp(0.087 * mean_length, MIN_PADDING, 14), blank_x + strip_width + max(2, strip_width)
        ),
        padding_y=max(_clamp(0.062 * mean_length, MIN_PADDING, 10), blank_y + 0.5),
    )


def font_sizes(geometry: CardGeometry, scale: float = 1.0) -> FontSizes:
    """Return the font sizes that suit a card.

    scale: the user's own factor for all sizes.

    A question is set in 14.5 pt on an `a7-safe` card. On other cards its size grows with the root
    of the card's area to the power of 0.6, so that a card twice as wide and twice as high has
    type half as large again and room for more of it: from 10 pt to 26 pt, and at most so large
    that a line holds 8.5 times the size, about 18 letters. The other sizes keep their ratio to it;
    small ones grow only by the root of the factor.

    Text shrinks to 60 % of its size or to the 8.4 pt that this is on an `a7-safe` card,
    whichever is less, so that a larger card never holds less. Where the user asks for larger
    type, these 8.4 pt grow with it: whoever needs it can't read the usual size.
    """
    mean_length = math.sqrt(geometry.width * geometry.height)
    question = 14.5 * (mean_length / _REFERENCE_LENGTH) ** 0.6
    line_length = geometry.text_width / POINT
    factor = _clamp(min(question, line_length / 8.5), 10, 26) / 14.5
    answer = _font_size(14.5 * factor * scale)
    small = math.sqrt(max(1.0, factor)) * scale
    return FontSizes(
        question=answer,
        answer=answer,
        extra=_font_size(10 * factor * scale),
        text=answer,
        recall=_font_size(8 * small),
        small=_font_size(7 * small),
        hint=_font_size(8 * small),
        min_scale=min(0.6, 8.4 * max(1.0, scale) / answer),
    )


def _font_size(size: float) -> float:
    return max(MIN_FONT_SIZE, round(size, 2))


def _clamp(value: float, least: float, most: float) -> float:
    return min(most, max(least, round(value, 1)))
