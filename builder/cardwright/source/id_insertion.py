"""Write missing ids into the author's files without touching anything else."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from cardwright.diagnostics import Source, Span
from cardwright.record import Record
from cardwright.source.nodes import Mapping, Scalar

# The characters that end a line in YAML.
# Source: YAML 1.1, productions [22] to [26], which libyaml follows.
_LINE_ENDS = "\n\r\x85\u2028\u2029"
_LINE_END = re.compile(f"\r\n|[{_LINE_ENDS}]")
_KEY_PREFIX = re.compile(r"(?:\? +)?(?:&\S+ +)?$")


class IdInsertion(Record, frozen=True):
    """A new id, and where to insert it.

    new_id: of the card or the deck.
    offset: in code points of the source's text.
    text: the whole text to insert, with the key `id` and the layout.
    owner: what gets the id: "card" or "deck". owner_span: its first word.
    """

    source: Source
    new_id: str
    offset: int
    text: str
    owner: str
    owner_span: Span


def card_id_insertion(card: Mapping, new_id: str) -> IdInsertion:
    """Return the insertion before the card's first key, on its own line unless the card is in braces."""
    source = card.source
    first_key = next(iter(card.entries.values()))[0]
    offset = _entry_start(source, first_key.start)
    text = f"{_flow_entry(first_key, new_id)}, "
    if not card.flow:
        text = f"id: {new_id}{_first_line_end(source)}{_indent(source, offset)}"
    return IdInsertion(source, new_id, offset, text, "card", first_key.span)


def deck_id_insertion(main: Mapping, new_id: str) -> IdInsertion:
    """Return the insertion on the line below the deck's name, or before it if the deck is in braces."""
    source = main.source
    key, name = main.entries["deck"]
    start = _entry_start(source, key.start)
    if main.flow:
        return IdInsertion(source, new_id, start, f"{_flow_entry(key, new_id)}, ", "deck", key.span)
    text, separator = f"{_indent(source, start)}id: {new_id}", _first_line_end(source)
    # A name that is an alias ends where its anchor is, further up.
    line_end = _LINE_END.search(source.text, max(name.end, key.end))
    if line_end is None:
        return IdInsertion(source, new_id, len(source.text), separator + text, "deck", key.span)
    return IdInsertion(source, new_id, line_end.end(), text + separator, "deck", key.span)


def _flow_entry(next_key: Scalar, new_id: str) -> str:
    """Return an id within braces, in quotes if the key after it is, so that JSON stays JSON."""
    return f'"id": "{new_id}"' if next_key.style == '"' else f"id: {new_id}"


def insert_ids(source: Source, original: bytes, insertions: Iterable[IdInsertion]) -> bytes:
    """Return the file with the ids inserted; every other byte stays, a byte order mark included."""
    mark = b"\xef\xbb\xbf" if original.startswith(b"\xef\xbb\xbf") else b""
    return mark + _insert(source, _sorted(insertions)).encode()


class SpanShifter:
    """Moves spans of a source to where their text is after some insertions."""

    def __init__(self, source: Source, insertions: Iterable[IdInsertion]) -> None:
        ordered = _sorted(insertions)
        self._source = Source(source.path, _insert(source, ordered))
        self._offsets = [insertion.offset for insertion in ordered]
        self._lengths = [0, *accumulate(len(insertion.text) for insertion in ordered)]

    def __call__(self, span: Span) -> Span:
        start = span.start + self._lengths[bisect_right(self._offsets, span.start)]
        return Span(self._source, start, start + span.end - span.start)


def _sorted(insertions: Iterable[IdInsertion]) -> list[IdInsertion]:
    return sorted(insertions, key=lambda insertion: insertion.offset)


def _insert(source: Source, ordered: Iterable[IdInsertion]) -> str:
    pieces = []
    end = 0
    for insertion in ordered:
        pieces += [source.text[end : insertion.offset], insertion.text]
        end = insertion.offset
    return "".join([*pieces, source.text[end:]])


def _entry_start(source: Source, key_start: int) -> int:
    """Return where an entry begins, including a `?` and an anchor before its key."""
    # Both are single words; a search of the whole line would take long where all cards stand in one.
    words_start = _word_start(source.text, _word_start(source.text, key_start))
    prefix = _KEY_PREFIX.search(source.text, words_start, key_start)
    return prefix.start() if prefix else key_start


def _word_start(text: str, end: int) -> int:
    """Return where the word before an offset and before the spaces there begins."""
    start = end
    while start and text[start - 1] == " ":
        start -= 1
    while start and not text[start - 1].isspace():
        start -= 1
    return start


def _first_line_end(source: Source) -> str:
    match = _LINE_END.search(source.text)
    return match[0] if match else "\n"


def _indent(source: Source, offset: int) -> str:
    """Return spaces up to the column of an offset; YAML allows nothing else for indentation."""
    return " " * (offset - _line_start(source, offset))


def _line_start(source: Source, offset: int) -> int:
    """Return where the line of YAML begins, which may be a part of a line of an editor."""
    start = source.line_starts[source.position(offset).line - 1]
    return max(start, *(source.text.rfind(end, start, offset) + 1 for end in _LINE_ENDS))
