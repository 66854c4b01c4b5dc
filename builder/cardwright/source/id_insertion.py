"""Writing a missing id into the author's file, and touching nothing else."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from cardwright.diagnostics.source import Source
from cardwright.diagnostics.span import Span
from cardwright.source.nodes import Mapping

# Where YAML ends a line. Source: YAML 1.1, productions [22] to [26], which libyaml follows.
_LINE_ENDS = "\n\r\x85\u2028\u2029"
_LINE_END = re.compile(f"\r\n|[{_LINE_ENDS}]")


@dataclass(frozen=True, slots=True)
class Insertion:
    """An id to be put in.

    offset, text: where, in code points of the source's text, and what.
    id: the id alone. owner: what it is for, a card or a deck; owner_span: its first word.
    """

    source: Source
    offset: int
    text: str
    id: str
    owner: str
    owner_span: Span


def for_card(node: Mapping, new_id: str) -> Insertion:
    """In front of the card's first key, laid out as its neighbours are."""
    source = node.source
    first = next(iter(node.entries.values()))[0]
    start = _start(source, first.start)
    behind = ", " if node.flow else f"{_new_line(source)}{_indent(source, start)}"
    return Insertion(source, start, f"id: {new_id}{behind}", new_id, "card", first.span)


def for_deck(node: Mapping, new_id: str) -> Insertion:
    """On the line below the deck's name, or in front of it within braces."""
    source = node.source
    key, name = node.entries["deck"]
    start = _start(source, key.start)
    if node.flow:
        return Insertion(source, start, f"id: {new_id}, ", new_id, "deck", key.span)
    text = f"{_indent(source, start)}id: {new_id}"
    # A name that is an alias has its end where the text stands, further up.
    line_end = _LINE_END.search(source.text, max(name.end, key.end))
    if line_end is None:
        return Insertion(source, len(source.text), f"{_new_line(source)}{text}", new_id, "deck", key.span)
    return Insertion(source, line_end.end(), f"{text}{_new_line(source)}", new_id, "deck", key.span)


def apply(source: Source, original: bytes, insertions: Iterable[Insertion]) -> bytes:
    """The file with the insertions made; every other byte stays, a byte order mark included."""
    mark = b"\xef\xbb\xbf" if original.startswith(b"\xef\xbb\xbf") else b""
    return mark + _applied(source, _in_order(insertions)).encode()


class Move:
    """Takes places in a source to where they are once some insertions are made."""

    def __init__(self, source: Source, insertions: Iterable[Insertion]) -> None:
        ordered = _in_order(insertions)
        self._source = Source(source.path, _applied(source, ordered))
        self._offsets = [insertion.offset for insertion in ordered]
        self._lengths = [0, *accumulate(len(insertion.text) for insertion in ordered)]

    def __call__(self, span: Span) -> Span:
        """The same text at its new place."""
        start = span.start + self._lengths[bisect_right(self._offsets, span.start)]
        return Span(self._source, start, start + span.end - span.start)


def _in_order(insertions: Iterable[Insertion]) -> list[Insertion]:
    return sorted(insertions, key=lambda insertion: insertion.offset)


def _applied(source: Source, ordered: Iterable[Insertion]) -> str:
    pieces = []
    at = 0
    for insertion in ordered:
        pieces += [source.text[at : insertion.offset], insertion.text]
        at = insertion.offset
    return "".join([*pieces, source.text[at:]])


def _start(source: Source, first: int) -> int:
    """Where the first key begins, its `?` and its anchor included."""
    before = re.search(r"(?:\? +)?(?:&\S+ +)?$", source.text[_line_start(source, first) : first])
    return first - len(before[0]) if before else first


def _new_line(source: Source) -> str:
    found = _LINE_END.search(source.text)
    return found[0] if found else "\n"


def _indent(source: Source, start: int) -> str:
    """Spaces up to the column of an offset; YAML indents with nothing else."""
    return " " * (start - _line_start(source, start))


def _line_start(source: Source, at: int) -> int:
    return max(source.text.rfind(end, 0, at) for end in _LINE_ENDS) + 1
