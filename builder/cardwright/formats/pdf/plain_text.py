"""Sides of cards that have nothing but plain text, as words and the spaces between them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from cardwright.formats.pdf.estimate import Room
from cardwright.formats.pdf.glyphs import PLAIN, StyledText
from cardwright.formats.pdf.nodes import TextStyle, style_within

BULLET = "•"
"""What stands before the entries of a list."""

# Lines end only at the spaces between such words; but not before a bracket, for some quotation marks.
# Source: UAX #14, the classes AL, NU, QU, IS, EX, OP, CP and PO.
_LETTERS = "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f"
_WORD = (
    rf"[(\[]?[\"\u201c]?(?:[{_LETTERS}]+(?:['\u2019][{_LETTERS}]+)?|[0-9]+(?:[.,][0-9]+)?%?)"
    rf"[\"\u201d]?[)\]]?[.,;:?!]?[\"\u201d]?"
)
_PLAIN_TEXT = re.compile(rf"(?!.*[\"\u201d] [(\[]){_WORD}(?: {_WORD})*")
# They change neither where lines end nor how high they are; "b" and "i" change the font.
_STYLED = frozenset({"b", "i", "u", "s", "link", "colour"})
_BLANK = "______"
# The most letters that a font may have one sign for, such as "ffi".
_LIGATURE = 3
# A line of fewer em may divide words; see side.typ.
_NARROW_LINE = 13


Word: TypeAlias = tuple[StyledText, ...]
"""A word, which may be in several styles."""


class Space(NamedTuple):
    """A space between two words. before, after: the letters beside it that are set together with it."""

    style: TextStyle
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. spaces: those between its words. long_words: those that content.typ measures."""

    words: list[Word]
    spaces: list[Space]
    long_words: list[StyledText]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a list with a paragraph in each entry."""

    paragraphs: list[Paragraph]
    is_list: bool


@dataclass(frozen=True, slots=True)
class PlainSide:
    """A side with nothing but plain text. parts: the kind of each, whether it is centred, and its blocks."""

    tree: Mapping[str, Any]
    parts: list[tuple[str, bool, list[Block]]]

    @property
    def foot(self) -> dict[str, Any]:
        """What stands below the text."""
        return {name: self.tree[name] for name in ("citations", "hint")}


def read_plain_side(tree: Mapping[str, Any], room: Room) -> PlainSide | None:
    """Return a side as plain text; None if it has anything else."""
    parts = []
    for part in tree["parts"]:
        if part["cjk"] or room.width < _NARROW_LINE * getattr(room.sizes, part["kind"]):
            return None
        blocks = [_block(node, style_within(part, PLAIN)) for node in part["c"]]
        if not all(blocks) or not blocks:
            return None
        parts.append((part["kind"], part["centred"], [block for block in blocks if block]))
    return PlainSide(tree, parts)


def _block(node: Mapping[str, Any], style: TextStyle) -> Block | None:
    if node.get("dir") != "ltr" or node["t"] not in ("p", "ul"):
        return None
    if node["t"] == "p":
        paragraph = _paragraph(node["c"], style)
        return None if paragraph is None else Block([paragraph], is_list=False)
    inner = style_within(node, style)
    paragraphs = []
    for entry in node["c"]:
        block = _block(entry[0], inner) if len(entry) == 1 else None
        if block is None or block.is_list:
            return None
        paragraphs += block.paragraphs
    return Block(paragraphs, is_list=True) if paragraphs else None


def _paragraph(nodes: Sequence[Any], style: TextStyle) -> Paragraph | None:
    runs: list[StyledText] = []
    long_words: list[StyledText] = []
    if not _collect_runs(nodes, style, runs, long_words):
        return None
    if _PLAIN_TEXT.fullmatch("".join([text for _, text in runs])) is None:
        return None
    words: list[Word] = []
    spaces: list[Space] = []
    pieces: Word = ()
    for run_style, text in runs:
        before, *more = text.split(" ")
        if before:
            pieces += ((run_style, before),)
        for word in more:
            words.append(pieces)
            spaces.append(Space(run_style, before[-_LIGATURE:], word[:_LIGATURE]))
            pieces = ((run_style, word),) if word else ()
            before = word
    return Paragraph([*words, pieces], spaces, long_words)


def _collect_runs(
    nodes: Sequence[Any], style: TextStyle, runs: list[StyledText], long_words: list[StyledText]
) -> bool:
    """Collect the texts that are set by themselves, without kerning between them.

    Returns False if there is anything but text.
    """
    previous: Any = None
    for node in nodes:
        if isinstance(node, str):
            if isinstance(previous, str):
                runs[-1] = (style, runs[-1][1] + node)
            else:
                runs.append((style, node))
        elif node["t"] == "word" and not node["hyphenate"]:
            runs.append((style, node["s"]))
            long_words.append(runs[-1])
        elif node["t"] == "blank":
            runs.append((PLAIN, _BLANK))
        elif node["t"] in _STYLED and not (node["t"] == "i" and style.italic):
            if not _collect_runs(node["c"], style_within(node, style), runs, long_words):
                return False
        else:
            return False
        previous = node
    return True


def texts_to_measure(sides: Iterable[PlainSide], digits: int) -> set[StyledText]:
    """Return the texts whose measures `TextFitter` needs. digits: of the numbers of cards."""
    texts: set[StyledText] = {(PLAIN, BULLET)}
    spaces: set[Space] = set()
    for side in sides:
        texts.update(*head_texts(side.tree, digits))
        for _, _, blocks in side.parts:
            for block in blocks:
                for paragraph in block.paragraphs:
                    texts.update(*paragraph.words)
                    spaces.update(paragraph.spaces)
    for style, before, after in spaces:
        texts.update((style, text) for text in (" ", f"{before} ", before, f" {after}", after) if text)
    return texts


def head_texts(tree: Mapping[str, Any], digits: int) -> tuple[Word, Word, Word]:
    """Return the number of a side, as wide as any, its name and its topic. digits: of the number."""
    number = "0" * digits + tree.get("mark", "")
    topic = TextStyle(weight="semibold")
    return ((PLAIN, number),), _texts(tree["name"], PLAIN), _texts(tree["topic"], topic)


def _texts(nodes: Sequence[Any], style: TextStyle) -> Word:
    return tuple((style, node if isinstance(node, str) else node["s"]) for node in nodes)
