"""Writing a missing id into the author's file, and touching nothing else."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from builder.diagnostics.source import Source
from builder.source.nodes import Mapping


@dataclass(frozen=True, slots=True)
class Insertion:
    """Text to be put in. offset: in code points of the source's text."""

    source: Source
    offset: int
    text: str


def first_key(node: Mapping, key: str, value: str) -> Insertion:
    """`key: value` in front of the first key of a mapping that has one, laid out as its neighbours are."""
    first = next(iter(node.entries.values()))[0]
    start = _start(node, first.start)
    if node.flow:
        return Insertion(node.source, start, f"{key}: {value}, ")
    return Insertion(
        node.source, start, f"{key}: {value}{_new_line(node.source)}{_indent(node.source, start)}"
    )


def below(node: Mapping, after: str, key: str, value: str) -> Insertion:
    """`key: value` on the line below the entry `after` of a block mapping."""
    entry_key, entry_value = node.entries[after]
    source = node.source
    if node.flow:
        return Insertion(source, entry_value.end, f", {key}: {value}")
    end = source.text.find("\n", entry_value.end)
    indent = _indent(source, entry_key.start)
    if end < 0:
        return Insertion(source, len(source.text), f"{_new_line(source)}{indent}{key}: {value}")
    return Insertion(source, end + 1, f"{indent}{key}: {value}{_new_line(source)}")


def apply(source: Source, original: bytes, insertions: Iterable[Insertion]) -> bytes:
    """The file with the insertions made; every other byte stays, a byte order mark included."""
    pieces = []
    at = 0
    for insertion in sorted(insertions, key=lambda one: one.offset):
        pieces += [source.text[at : insertion.offset], insertion.text]
        at = insertion.offset
    pieces.append(source.text[at:])
    mark = b"\xef\xbb\xbf" if original.startswith(b"\xef\xbb\xbf") else b""
    return mark + "".join(pieces).encode()


def _start(node: Mapping, first: int) -> int:
    """Where the first key begins, its `?` and its anchor included."""
    text = node.source.text
    line = text[text.rfind("\n", 0, first) + 1 : first]
    before = re.search(r"(?:\? +)?(?:&\S+ +)?$", line)
    return first - len(before[0]) if before else first


def _new_line(source: Source) -> str:
    at = source.text.find("\n")
    return "\r\n" if at > 0 and source.text[at - 1] == "\r" else "\n"


def _indent(source: Source, start: int) -> str:
    """Spaces up to the column of an offset; YAML indents with nothing else."""
    return " " * (start - source.text.rfind("\n", 0, start) - 1)
