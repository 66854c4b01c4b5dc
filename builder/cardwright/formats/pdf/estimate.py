"""How high a side's text will be, estimated without the engine: at least, and at most.

So what cannot fit is refused before the engine takes long over it, and a check need not lay out what
certainly fits. Heights and widths are in pt; those of characters in em.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from cardwright.formats.pdf.formula_size import Extent, most_extent
from cardwright.formats.pdf.nodes import strings
from cardwright.formats.pdf.words import SOFT_HYPHEN, ZERO_WIDTH_SPACE
from cardwright.layout.card_geometry import MIN_FONT_SIZE, CardGeometry, FontSizes
from cardwright.layout.units import POINT

CODE_WIDTH = 0.6021
"""The width of every character of the bundled font for code, in em."""

EAST_ASIAN = "\u3041-\u30fa\u3400-\u9fff\uac00-\ud7a3"
"""Characters that are about as wide as high and between which lines may be broken."""

# The greatest width that a character of the bundled serif has in any weight and slope.
_WIDE_LETTER = "m"
_MOST_WIDTHS = {
    character: width
    for width, characters in (
        (0.3, " \u00a0.,:;'|!·"),
        (0.41, 'ijlftI/\\()[]{}-"`‘’'),
        (0.52, "0123456789ceszrSJ?*#$_~“”"),
        (0.66, "abdghknopquvxyBEFLPTVYZ+<=>^%ßàáâãäåçèéêëìíîïñòóôõöøùúûü–±×÷µ°§¿¡«»"),
        (0.83, "wACDGHKNOQRUX&ÄÅÀÁÂÇÈÉÊËÖÓÔÜÚæ…—"),
        (1.05, "mMW@œÆ"),
    )
    for character in characters
}
# The least width, by the kind of character. Letters may be moved together or share a glyph, signs may
# hang over the end of a line, so that only a part of their width counts, and a character of East Asia is
# about as wide as high.
_LEAST_WIDTHS = (
    (0.2, re.compile("[fijlrtI]")),
    (0.33, re.compile("[a-eghkmnopqsu-zA-HJ-Z0-9]")),
    (0.5, re.compile(f"[{EAST_ASIAN}]")),
    (0.1, re.compile(rf"[^\W_a-zA-Z0-9{EAST_ASIAN}]")),
    (0.05, re.compile(r"[!-/:-@\[-`{-~]")),
)
# The width of a blank is three.
_LEAST_BLANK = 2.0
# Those of code; spaces may be lost where a line is broken, and other characters may have no width.
_CHARACTER_OF_CODE = re.compile("[!-~]")
_EAST_ASIAN_CHARACTER = re.compile(f"[{EAST_ASIAN}]")
# From the top of a line to that of the next one, in em, of any font that we know.
_LEAST_LINE = 1.0
# The same of the bundled serif and the bundled font for code together, with the space between lines.
_MOST_LINE = 1.28
# Between paragraphs and entries, in em of the largest type that they may be relative to.
_MOST_SPACING = 0.5
_LARGEST_EM = 11.0
_LIST_INDENT = 1.3
_CELL_INSET = 0.42
_NUMBER_AND_GUTTERS = 8.0
# A character of code is no wider than an "n". Spaces are wider in code, and more words end there.
_AS_WIDE_AS_CODE = re.compile("[!-~]")
_SPACE_OF_CODE = "n n"
AROUND_EAST_ASIAN = 0.5
"""What the engine may put beside a character of East Asia, in em, if Latin letters are on both sides."""

# The leading of a part with such characters, and what code on the line may add to its height; in em.
_EAST_ASIAN_LEADING = 0.35 + 0.05
# The greatest height of a picture, as a share of the room at the usual size of type, and the least of this
# height, in pt: pictures in hints and sources are no higher. See side.typ.
_PICTURE_SHARE = 0.6
_SMALL_PICTURE = 8 / POINT
# Stands for a picture; no text has it.
_PICTURE = "\0"
# Nodes that may be set in smaller type than the text around them, and those that never are.
_SMALLER = frozenset({"sub", "sup", "small", "code", "kbd", "scale", "sound"})
_AS_LARGE = frozenset({"b", "i", "s", "u", "link", "colour"})


@dataclass(frozen=True, slots=True)
class Room:
    """What there is for a side: the width and the height within its padding, and the type sizes."""

    width: float
    height: float
    sizes: FontSizes

    def smallest_size(self, kind: str) -> float:
        """Return the size to which the type of a part is shrunk at most. kind: such as "answer"."""
        size: float = getattr(self.sizes, kind)
        return max(MIN_FONT_SIZE, size * self.sizes.min_scale)


def make_room(geometry: CardGeometry, sizes: FontSizes) -> Room:
    """Return the room on each side of a deck's cards."""
    return Room(geometry.text_width / POINT, geometry.text_height / POINT, sizes)


def least_height(tree: Mapping[str, Any], room: Room) -> float:
    """Return a height that the text of a side needs at least in its smallest type."""
    return sum(
        _least_height(part["c"], room.smallest_size(part["kind"]), room.width) for part in _kept_parts(tree)
    )


def least_height_around(tree: Mapping[str, Any], room: Room) -> float:
    """Return a height that topic, name, hint and sources of a side need at least, around its text."""
    head = max(
        _least_block_height({"t": "p", "c": tree[name]}, MIN_FONT_SIZE, room.width)
        for name in ("topic", "name")
    )
    hint, *forms = (
        _least_height(nodes, MIN_FONT_SIZE, room.width) for nodes in (tree["hint"], *tree["citations"])
    )
    return head + hint + min(forms, default=0.0)


def smallest_size(tree: Mapping[str, Any], room: Room) -> float:
    """Return the size of the smallest text of a side once its type is shrunk as far as it may be."""
    return min(room.smallest_size(part["kind"]) for part in _kept_parts(tree))


def _kept_parts(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the parts of a side that stay on it when there is little room."""
    return (part for part in tree["parts"] if part["kind"] != "recall")


def least_width(tree: Mapping[str, Any], room: Room) -> float:
    """Return a width that the tables of a side need at least in their smallest type."""
    return max(
        (
            len(node["align"]) * 2 * _CELL_INSET * room.smallest_size(part["kind"])
            for part in tree["parts"]
            for node in part["c"]
            if isinstance(node, dict) and node["t"] == "table"
        ),
        default=0.0,
    )


class EastAsianText(NamedTuple):
    """Characters of East Asia, as the fonts at hand show them.

    widths: of each, in em; the greatest in any weight and slope.
    line_height: of a line with all of them and with Latin letters, in em.
    """

    widths: Mapping[str, float]
    line_height: float


NO_EAST_ASIAN_TEXT = EastAsianText({}, 0.0)


def east_asian_characters(tree: Mapping[str, Any]) -> set[str]:
    """Return the characters of a side that `certainly_fits` has to know more about."""
    return set(_EAST_ASIAN_CHARACTER.findall("".join(strings(tree))))


def certainly_fits(
    tree: Mapping[str, Any], room: Room, east_asian: EastAsianText = NO_EAST_ASIAN_TEXT
) -> bool:
    """Tell whether a side fits in its smallest type even if each character is as wide as the widest like it.

    Only paragraphs and lists of Latin letters, code, pictures, simple formulas and known characters of East
    Asia are judged; of anything else this is not certain, and never of drawings with text, whose size must
    be known.
    """
    sizes = room.sizes
    picture_height = max(_SMALL_PICTURE, _PICTURE_SHARE * sizes.min_scale * room.height)
    most = _Most(east_asian, picture_height)
    half = (room.width - _NUMBER_AND_GUTTERS * sizes.small) / 2
    head = max(most.height([{"t": "p", "c": tree[name]}], sizes.small, half) for name in ("topic", "name"))
    # Longer forms of citations are only for what room is left.
    foot = most.height(tree["citations"][-1], sizes.small, room.width) if tree["citations"] else 0.0
    hint = most.height(tree["hint"], sizes.hint, room.width)
    kept = list(_kept_parts(tree))
    # Lengths between the parts are relative to the type of a question; see side.typ.
    gaps = (10 + 9 * (len(kept) - 1) * sizes.min_scale) / 14.5 * sizes.question
    parts = sum(most.height(part["c"], room.smallest_size(part["kind"]), room.width) for part in kept)
    return head + foot + hint + gaps + parts <= room.height


def columns_of_code(room: Room) -> int:
    """Return how many characters a line of code has room for in the smallest type."""
    return int(room.width / (MIN_FONT_SIZE * CODE_WIDTH))


def _least_height(nodes: Sequence[Any], size: float, width: float) -> float:
    return sum(_least_block_height(node, size, width) for node in nodes)


def _least_block_height(node: Mapping[str, Any], size: float, width: float) -> float:
    match node["t"]:
        case "p" | "h":
            needed, smallest, breaks = _least_line(node["c"], size)
            return max(math.ceil(needed / width), breaks) * smallest * _LEAST_LINE
        case "ul" | "ol":
            return sum(_least_height(entry, size, width) for entry in node["c"])
        case "quote" | "align":
            return _least_height(node["c"], size, width)
        case "pre":
            columns = width / (MIN_FONT_SIZE * CODE_WIDTH)
            lengths = (len(_CHARACTER_OF_CODE.findall(line)) for line in _text(node["c"]).split("\n"))
            line_count = sum(max(1, math.ceil(length / columns)) for length in lengths)
            return line_count * MIN_FONT_SIZE * _LEAST_LINE
        case "table":
            # Not even a cell that is as wide as the table is higher than its row.
            rows = ([_least_height(cell, size, width) for cell in row] for row in node["rows"])
            return sum(max(heights, default=0.0) for heights in rows)
        case _:
            return 0.0


def _least_line(nodes: Sequence[Any], size: float) -> tuple[float, float, int]:
    """Return for inlines: the width of all text on one line, the smallest type in it, and its line breaks."""
    width, smallest, breaks = 0.0, size, 0
    for node in nodes:
        if isinstance(node, str) or node["t"] == "word":
            text = node if isinstance(node, str) else node["s"]
            width += size * sum(least * len(pattern.findall(text)) for least, pattern in _LEAST_WIDTHS)
        elif node["t"] == "blank":
            width += size * _LEAST_BLANK
        elif node["t"] == "br":
            breaks += 1
        elif node["t"] in _SMALLER or node["t"] in _AS_LARGE:
            inner_size = MIN_FONT_SIZE if node["t"] in _SMALLER else size
            inner_width, inner_smallest, inner_breaks = _least_line(node["c"], inner_size)
            width, smallest = width + inner_width, min(smallest, inner_smallest)
            breaks += inner_breaks
        else:
            smallest = MIN_FONT_SIZE
    return width, smallest, breaks


class _Most(NamedTuple):
    """Computes the most that blocks may take; infinite where that is unknown. picture_height: in pt."""

    east_asian: EastAsianText
    picture_height: float

    def height(self, nodes: Sequence[Any], size: float, width: float) -> float:
        """Return a height that blocks do not exceed. size: of their type. width: of a line."""
        heights = [self._block_height(node, size, width) for node in nodes]
        return sum(heights) + _MOST_SPACING * max(_LARGEST_EM, size) * max(0, len(heights) - 1)

    def _block_height(self, node: Mapping[str, Any], size: float, width: float) -> float:
        match node["t"]:
            case "p":
                extents = list[Extent]()
                text = _text(node["c"], extents)
                formulas = sum(max(0.0, extent.height + extent.depth - 1) for extent in extents)
                lines = self._lines(text, width / size) * self._line_height(text) + formulas
                return size * lines + text.count(_PICTURE) * self.picture_height
            case "ul":
                inner_width = width - _LIST_INDENT * size
                return sum(
                    self.height(entry, size, inner_width) + _MOST_SPACING * size for entry in node["c"]
                )
            case _:
                return math.inf

    def _line_height(self, text: str) -> float:
        if text.isascii() or not _EAST_ASIAN_CHARACTER.search(text):
            return _MOST_LINE
        return max(_MOST_LINE, self.east_asian.line_height + _EAST_ASIAN_LEADING)

    def _lines(self, text: str, width: float) -> int | float:
        """Return a number of lines that a text does not exceed. width: of a line, in em.

        Each line takes all words that it has room for; the engine may use one line more, to even them out.
        A picture has a line of its own.
        """
        stretches = text.split(_PICTURE)
        shown = [stretch for stretch in stretches if stretch.strip() or len(stretches) == 1]
        lines = sum(self._lines_of_text(stretch, width) for stretch in shown)
        pictures = len(stretches) - 1
        return lines + pictures + (pictures if shown else 0)

    def _lines_of_text(self, text: str, width: float) -> int | float:
        lines = 0
        for paragraph in text.split("\n"):
            filled = math.inf
            before = lines
            for word in paragraph.replace(ZERO_WIDTH_SPACE, " ").split(" "):
                word_width = self._word_width(word)
                filled += _MOST_WIDTHS[" "] + word_width
                if filled > width:
                    lines += 1
                    filled = word_width
                    if word_width > width:
                        return math.inf
            lines += lines > before + 1
        return lines

    def _word_width(self, word: str) -> float:
        width = _most_word_width(word)
        if width < math.inf:
            return width
        known = self.east_asian.widths
        return sum(_MOST_WIDTHS.get(character) or known.get(character, math.inf) for character in word)


@lru_cache(maxsize=4096)
def _most_word_width(word: str) -> float:
    return sum(_MOST_WIDTHS.get(character, math.inf) for character in word)


def _text(nodes: Sequence[Any], formulas: list[Extent] | None = None) -> str:
    """Return the text of inlines; with a character of unknown width where there is something else in it.

    formulas: what they take is added here; in the text, each is a word about as wide as itself.
    """
    pieces = []
    for node in nodes:
        if isinstance(node, str):
            pieces.append(node)
        elif node["t"] in ("word", "br"):
            pieces.append(node.get("s", "\n"))
        elif node["t"] in _AS_LARGE:
            pieces.append(_text(node["c"], formulas))
        elif node["t"] == "blank":
            pieces.append("______")
        elif node["t"] == "code":
            pieces.append(_AS_WIDE_AS_CODE.sub("n", _text(node["c"])).replace(" ", _SPACE_OF_CODE))
        elif node["t"] == "math" and formulas is not None and (extent := most_extent(node["c"])):
            formulas.append(extent)
            pieces.append(_WIDE_LETTER * math.ceil(extent.width / _MOST_WIDTHS[_WIDE_LETTER]))
        elif node["t"] == "img" and "text" not in node and "masks" not in node:
            pieces.append(_PICTURE)
        else:
            pieces.append(SOFT_HYPHEN)
    return "".join(pieces)
