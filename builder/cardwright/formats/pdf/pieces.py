"""A side's text as pieces that may lie on different cards: where it can be divided, and its parts.

A piece is a word, a line of code, a row of a table, or what cannot be divided, such as a picture.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from cardwright.formats.pdf.estimate import EAST_ASIAN, Room
from cardwright.formats.pdf.nodes import strings
from cardwright.formats.pdf.tree import trim
from cardwright.formats.pdf.words import SOFT_HYPHEN, ZERO_WIDTH_SPACE

# A word with the space behind it; or a character of East Asia with signs that must not begin a line.
_CLOSING = "、。，．・：；？！」』）】〕》〉ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_PIECE = re.compile(rf"\s+|[{EAST_ASIAN}][{_CLOSING}\s]*|[^\s{EAST_ASIAN}]+\s*")
_ENDS_SENTENCE = re.compile(r"""(?:[.!?…][)"'’”»]*\s+|[。？！]」?\s*)$""")
_ENDS_WORD = re.compile(rf"(?:\s|[{EAST_ASIAN}][{_CLOSING}]*)$")
_PLACE_TO_BREAK = re.compile(f"(?<=[{ZERO_WIDTH_SPACE}{SOFT_HYPHEN}])")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_WRAPPERS = frozenset({"b", "i", "s", "u", "link", "small", "big", "scale", "colour", "code"})
# About what pieces take: letters in em, the others in lines.
_LETTER = 0.45
_PICTURE, _FORMULA, _LINE_OF_CODE, _SPACING, _REST_OF_LINE = 8.0, 2.0, 0.85, 0.4, 0.5


class End(IntEnum):
    """What ends with a piece, from the best to the worst place to divide a text."""

    BLOCK = 0
    ENTRY = 1
    LINE = 2
    SENTENCE = 3
    WORD = 4
    PART_OF_WORD = 5
    NOTHING = 6


@dataclass(slots=True)
class Piece:
    """A piece of a text. height: about what it takes, in lines. end: what ends with it."""

    height: float
    end: End


def side_pieces(tree: Mapping[str, Any], room: Room) -> list[Piece]:
    """Return the pieces of the text on a side, in reading order."""
    walk = _Walk(None)
    walk.parts(tree, room)
    return walk.pieces


def cut_out(tree: Mapping[str, Any], room: Room, pieces: range) -> list[dict[str, Any]]:
    """Return the parts of a side with only some of its pieces. pieces: their numbers, as in `side_pieces`.

    A table keeps its head, and a numbered list its numbers.
    """
    return _Walk(pieces).parts(tree, room)


class _Walk:
    """A way through all pieces of a side, on which they are collected, and those not wanted are left out.

    wanted: the numbers of the pieces; None for all.
    line_length: of the part that is walked through, in em.
    """

    def __init__(self, wanted: range | None) -> None:
        self.pieces: list[Piece] = []
        self._wanted = wanted
        self._line_length = 1.0

    def parts(self, tree: Mapping[str, Any], room: Room) -> list[dict[str, Any]]:
        kept: list[dict[str, Any]] = []
        for part in tree["parts"]:
            self._line_length = room.width / room.smallest_size(part["kind"])
            kept.append({**part, "c": self._blocks(part["c"], End.BLOCK)})
        return [part for part in kept if part["c"]]

    def _add(self, height: float, end: End = End.NOTHING) -> bool:
        """Add a piece. Return whether it is wanted."""
        self.pieces.append(Piece(height, end))
        return self._wanted is None or len(self.pieces) - 1 in self._wanted

    def _end(self, end: End, height: float) -> None:
        """Tell that something more ends with the last piece. height: what it takes below it."""
        if self.pieces:
            self.pieces[-1].end = end
            self.pieces[-1].height += height

    def _blocks(self, nodes: Sequence[Any], end: End) -> list[Any]:
        kept: list[Any] = []
        for node in nodes:
            kept += self._block(node)
            # A heading stays with what is below it.
            self._end(End.PART_OF_WORD if node["t"] == "h" else end, _SPACING)
        return kept

    def _block(self, node: Mapping[str, Any]) -> Iterator[Any]:
        """Yield a block without what is not wanted, unless nothing is left of it."""
        match node["t"]:
            case "p" | "pre":
                inlines = trim(self._inlines(node["c"])) if node["t"] == "p" else self._code(node["c"])
                self._end(End.NOTHING, _REST_OF_LINE)
                if inlines:
                    yield {**node, "c": inlines}
            case "ul" | "ol":
                if any(entries := [self._entry(entry) for entry in node["c"]]):
                    yield {**node, **_kept_marks(node, entries), "c": [entry for entry in entries if entry]}
            case "quote" | "align":
                if children := self._blocks(node["c"], End.ENTRY):
                    yield {**node, "c": children}
            case "table" if node["rows"]:
                if rows := [row for row in node["rows"] if self._row(row)]:
                    yield {**node, "rows": rows}
            case kind:
                if self._add(_FORMULA if kind == "math" else 1.0):
                    yield node

    def _entry(self, nodes: Sequence[Any]) -> list[Any]:
        kept = self._blocks(nodes, End.ENTRY)
        self._end(End.ENTRY, 0)
        return kept

    def _row(self, cells: Sequence[Sequence[Any]]) -> bool:
        lengths = [sum(map(len, strings(cell))) for cell in cells]
        column = self._line_length / len(cells)
        return self._add(max(1.0, *(length * _LETTER / column for length in lengths)) + _SPACING, End.ENTRY)

    def _code(self, nodes: Sequence[Any]) -> list[Any]:
        """Return what is wanted of some lines of code, without the end of the last line."""
        kept = self._inlines(nodes, in_lines=True)
        if kept and isinstance(kept[-1], str):
            kept[-1] = kept[-1].removesuffix("\n")
        return kept

    def _inlines(self, nodes: Sequence[Any], *, in_lines: bool = False) -> list[Any]:
        kept: list[Any] = []
        for node in nodes:
            if isinstance(node, str):
                if text := "".join(self._lines(node) if in_lines else self._words(node)):
                    kept.append(text)
            elif node["t"] == "word":
                if text := "".join(self._parts_of_word(node["s"])):
                    kept.append({**node, "s": text})
            elif node["t"] in _WRAPPERS:
                if children := self._inlines(node["c"], in_lines=in_lines):
                    kept.append({**node, "c": children})
            elif self._leaf(node):
                kept.append(node)
        return kept

    def _leaf(self, node: Mapping[str, Any]) -> bool:
        if node["t"] == "br":
            return self._add(_REST_OF_LINE, End.LINE)
        height = {"img": _PICTURE, "math": _FORMULA}.get(node["t"], 0.0)
        return self._add(height or sum(map(len, strings(node))) * _LETTER / self._line_length)

    def _lines(self, text: str) -> Iterator[str]:
        for line in _LINE.findall(text):
            end = End.ENTRY if line == "\n" else End.LINE if line.endswith("\n") else End.NOTHING
            if self._add(_LINE_OF_CODE if line.endswith("\n") else 0.0, end):
                yield line

    def _words(self, text: str) -> Iterator[str]:
        for word in _PIECE.findall(text):
            if word[0] in _CLOSING:
                self._end(End.NOTHING, 0)
            end = End.SENTENCE if _ENDS_SENTENCE.search(word) else End.NOTHING
            if end is End.NOTHING and _ENDS_WORD.search(word):
                end = End.WORD
            if self._add(len(word) * _LETTER / self._line_length, end):
                yield word

    def _parts_of_word(self, word: str) -> Iterator[str]:
        parts = _PLACE_TO_BREAK.split(word)
        for part in parts:
            if self._add(len(part) * _LETTER / self._line_length, End.PART_OF_WORD):
                yield part
        self._end(End.NOTHING, 0)


def _kept_marks(node: Mapping[str, Any], entries: Sequence[Any]) -> dict[str, Any]:
    """Return the marks of the entries of a list that are not empty, or the number of the first of them."""
    if "marks" in node:
        return {"marks": [mark for mark, entry in zip(node["marks"], entries, strict=True) if entry]}
    first = next(index for index, entry in enumerate(entries) if entry)
    return {"start": node["start"] + first} if "start" in node else {}
