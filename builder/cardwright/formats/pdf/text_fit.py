"""How sides fit that have nothing but plain text, computed from the widths of their words.

The engine takes milliseconds to lay out a side, and does so at several sizes to find the one that fits. Words
recur, so they are measured once, and the rest is addition. This follows `measure-side` of side.typ step
by step; its lengths are in pt, those of words in em. A side with anything but paragraphs and lists of
ordinary words is left to the engine, and so is one where rounding decides what it looks like.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from cardwright.formats.pdf.estimate import Room
from cardwright.formats.pdf.glyphs import PLAIN, StyledText
from cardwright.formats.pdf.line_breaks import TOLERANCE, Lines, break_lines
from cardwright.formats.pdf.nodes import TextStyle
from cardwright.formats.pdf.plain_text import BULLET, Block, PlainSide, Space, Word, head_texts
from cardwright.layout.card_geometry import MIN_FONT_SIZE
from cardwright.layout.units import POINT

# As base.typ, content.typ and side.typ have them; in em.
_LEADING = 0.1
_BLOCK_SPACING = 0.5
_LIST_SPACING = 0.28
_BODY_INDENT = 0.45
_LIST_INDENT = 1.3
_SLACKS = (1.04, 1.1, 1.2, 1.3)
# In pt; of a question of 14.5 pt.
_ROUNDING = 0.01
_QUESTION = 14.5
_CLEARANCE = 5 / _QUESTION
_PART_SPACING = 9 / _QUESTION


class Measure(NamedTuple):
    """How wide and how high a text is on one line, in em."""

    width: float
    height: float


Measures: TypeAlias = Mapping[StyledText, Measure]


class TextWidths:
    """The widths of words and spaces, in em."""

    def __init__(self, measures: Measures) -> None:
        self._measures = measures
        self._spaces: dict[Space, tuple[float, float]] = {}

    def measure(self, style: TextStyle, text: str) -> Measure:
        """Return how wide and how high a text is."""
        return self._measures[style, text] if text else Measure(0.0, 0.0)

    def word(self, word: Word) -> tuple[float, float]:
        """Return how wide and how high a word is."""
        if len(word) == 1:  # as most are
            return self._measures[word[0]]
        measures = [self._measures[piece] for piece in word]
        return sum(measure.width for measure in measures), max(
            (measure.height for measure in measures), default=0.0
        )

    def space(self, space: Space) -> tuple[float, float]:
        """Return how much wider kerning makes the word before a space, and how wide the space is."""
        if space not in self._spaces:
            style, before, after = space
            width = self.measure(style, " ").width
            around = (self.measure(style, f"{before} "), self.measure(style, f" {after}"))
            alone = (self.measure(style, before), self.measure(style, after))
            self._spaces[space] = (
                around[0].width - alone[0].width - width,
                around[1].width - alone[1].width,
            )
        return self._spaces[space]


class _UncertainError(Exception):
    """Raised where the engine has to be asked."""


@dataclass(frozen=True, slots=True)
class _MeasuredParagraph:
    """A paragraph in em: the widths of its words and spaces, of all of it, and of its widest long word."""

    words: list[float]
    spaces: list[float]
    natural: float
    longest: float
    known_lines: dict[float, Lines] = field(default_factory=dict)

    def lines(self, width: float) -> Lines:
        """Return the lines within a width."""
        if width not in self.known_lines:
            lines = break_lines(self.words, self.spaces, width)
            if lines is None:
                raise _UncertainError
            self.known_lines[width] = lines
        return self.known_lines[width]


@dataclass(frozen=True, slots=True)
class _MeasuredBlock:
    """A block in em.

    line_height: of each of its lines. indent: the width of a list's marks with the space behind them.
    natural: the width without any line break. longest: the least one, as `min-width` of content.typ has it.
    """

    paragraphs: list[_MeasuredParagraph]
    line_height: float
    indent: float
    is_list: bool

    @property
    def natural(self) -> float:
        return max(paragraph.natural for paragraph in self.paragraphs) + self.indent

    @property
    def longest(self) -> float:
        longest = max(paragraph.longest for paragraph in self.paragraphs)
        return longest + _LIST_INDENT if self.is_list and longest else longest

    def height(self, width: float) -> float:
        """Return the height within a width."""
        text_width = self._entry_width(width) if self.is_list else width
        total = _LIST_SPACING * (len(self.paragraphs) - 1)
        for paragraph in self.paragraphs:
            count = paragraph.lines(text_width).line_count
            total += count * self.line_height + (count - 1) * _LEADING
        return total

    def _entry_width(self, width: float) -> float:
        """Return the width of a list's entries: of the widest line, but at most what the marks leave."""
        available = width - self.indent
        if self.natural < width - TOLERANCE:
            return available
        # The engine breaks their lines a first time as if there were no marks.
        widest = max(paragraph.lines(width - _BODY_INDENT).widest for paragraph in self.paragraphs)
        if abs(widest - available) < TOLERANCE:
            raise _UncertainError
        return min(available, widest + 2 * TOLERANCE)


@dataclass(frozen=True, slots=True)
class _MeasuredPart:
    """A part of a side."""

    kind: str
    is_centred: bool
    blocks: list[_MeasuredBlock]


class _Head(NamedTuple):
    """The columns of the line above the text, and its height; see `head-columns` of side.typ."""

    name: float
    number: float
    height: float
    is_plain: bool


@dataclass(frozen=True, slots=True)
class TextFitter:
    """Fits plain sides. widths: of all `texts_to_measure`. digits: of the numbers of cards."""

    room: Room
    widths: TextWidths
    digits: int

    def fit(self, side: PlainSide, foot_heights: Sequence[float]) -> dict[str, Any] | None:
        """Return how a side fits, as `measure-side` does; None if the engine has to be asked.

        foot_heights: with the citations in each of their forms.
        """
        try:
            return self._fit(side, foot_heights)
        except _UncertainError:
            return None

    def _fit(self, side: PlainSide, foot_heights: Sequence[float]) -> dict[str, Any]:
        room, sizes = self.room, self.room.sizes
        head = self._head(side.tree)
        max_height = room.height - head.height - foot_heights[-1] - 2 * _CLEARANCE * sizes.question
        all_parts = [
            _MeasuredPart(kind, is_centred, list(map(self._measure_block, blocks)))
            for kind, is_centred, blocks in side.parts
        ]
        parts = [part for part in all_parts if part.kind != "recall"]
        scale = 1.0
        width, height = self._extent(all_parts, scale)
        recall = self._fits(width, height, max_height)
        if recall:
            parts = all_parts
        elif len(parts) < len(all_parts):
            width, height = self._extent(parts, scale)
        while not self._fits(width, height, max_height):
            if scale <= sizes.min_scale:
                raise _UncertainError  # It is too long: how much, the engine tells.
            guess = min(math.sqrt(max(0, max_height / max(1, height))), room.width / max(1, width))
            scale = max(sizes.min_scale, min(scale * guess, scale - 0.02))
            width, height = self._extent(parts, scale)
        return {
            "scale": scale,
            "recall": recall,
            "form": self._form(height, max_height, foot_heights),
            "name": head.name,
            "number": head.number,
            "plain_head": head.is_plain,
            "widths": [self._column_widths(part, scale, width) for part in parts],
            "height": height * POINT,
            "max_height": max_height * POINT,
            "width": width * POINT,
            "max_width": room.width * POINT,
            "font_size": min(self._size(part, scale) for part in parts if part.kind != "recall"),
            "picture": None,
            "picture_text": None,
            "least_picture_text": None,
        }

    def _form(self, height: float, max_height: float, foot_heights: Sequence[float]) -> int:
        """Return the first form of the citations that the text leaves room for."""
        clearance = _CLEARANCE * self.room.sizes.question
        for form, foot_height in enumerate(foot_heights[:-1]):
            excess = height + foot_height - foot_heights[-1] + clearance - max_height
            if abs(excess) < TOLERANCE:
                raise _UncertainError
            if excess < 0:
                return form
        return len(foot_heights) - 1

    def _fits(self, width: float, height: float, max_height: float) -> bool:
        if abs(height - max_height) < TOLERANCE or abs(width - self.room.width) < TOLERANCE:
            raise _UncertainError
        return height < max_height and width < self.room.width

    def _size(self, part: _MeasuredPart, scale: float) -> float:
        size: float = getattr(self.room.sizes, part.kind)
        return max(MIN_FONT_SIZE, size * scale)

    def _extent(self, parts: Sequence[_MeasuredPart], scale: float) -> tuple[float, float]:
        """Return the width of the longest word of some parts, and the height of all."""
        longest, total = 0.0, _PART_SPACING * self.room.sizes.question * scale * (len(parts) - 1)
        for part in parts:
            size = self._size(part, scale)
            longest = max(longest, size * max(block.longest for block in part.blocks))
            heights = sum(block.height(self.room.width / size) for block in part.blocks)
            total += size * (heights + _BLOCK_SPACING * (len(part.blocks) - 1))
        return longest, total

    def _column_widths(self, part: _MeasuredPart, scale: float, least: float) -> list[float]:
        """See `column-widths` of side.typ. least: the width of the longest word."""
        size = self._size(part, scale)
        if part.is_centred:
            widths = [self._column_width(block, size, least) for block in part.blocks]
        else:
            widest = size * max(block.natural for block in part.blocks)
            widths = [min(self.room.width, widest)] * len(part.blocks)
        return [width + _ROUNDING for width in widths]

    def _column_width(self, block: _MeasuredBlock, size: float, least: float) -> float:
        natural, available = size * block.natural, self.room.width
        if natural <= available or block.is_list:
            return min(natural, available)
        height = block.height(available / size)
        lines = max(1, _round(height * size / max(1, block.line_height * size)))
        for slack in _SLACKS:
            width = max(natural / lines * slack, least) + _ROUNDING
            if width < available and block.height(width / size) <= height:
                return width
        return available

    def _head(self, tree: Mapping[str, Any]) -> _Head:
        small = self.room.sizes.small
        measures = [self.widths.word(word) for word in head_texts(tree, self.digits)]
        number, name, topic = (width * small for width, _ in measures)
        gutters = 2 if name else 1
        available = self.room.width - number - _ROUNDING - gutters * small
        widest_name = max(available / 2, available - topic - 2 * _ROUNDING)
        name_width = min(name, widest_name) + _ROUNDING if name else 0.0
        if name > name_width or topic + _ROUNDING > available - name_width - TOLERANCE:
            raise _UncertainError  # It takes more lines than one.
        height = max(height for _, height in measures)
        is_plain = measures[-1][1] >= height
        return _Head(name_width, number + _ROUNDING, height * small, is_plain)

    def _measure_block(self, block: Block) -> _MeasuredBlock:
        widths = self.widths
        heights: set[float] = set()
        paragraphs = []
        for paragraph in block.paragraphs:
            around = list(map(widths.space, paragraph.spaces))
            measures = list(map(widths.word, paragraph.words))
            words = [width + kerning for (width, _), (kerning, _) in zip(measures, around, strict=False)]
            words.append(measures[-1][0])
            spaces = [space for _, space in around]
            longest = max((widths.word((word,))[0] for word in paragraph.long_words), default=0.0)
            paragraphs.append(_MeasuredParagraph(words, spaces, sum(words) + sum(spaces), longest))
            heights.update([height for _, height in measures])
            heights.update(
                [widths.measure(style, " ").height for style in {space.style for space in paragraph.spaces}]
            )
        indent = 0.0
        if block.is_list:
            marker = widths.measure(PLAIN, BULLET)
            heights.add(marker.height)
            indent = marker.width + _BODY_INDENT
        if len(heights) > 1:  # such as of letters from another font
            raise _UncertainError
        return _MeasuredBlock(paragraphs, heights.pop(), indent, block.is_list)


def _round(number: float) -> int:
    """Round as the engine does: a half up."""
    return math.floor(number + 0.5)
