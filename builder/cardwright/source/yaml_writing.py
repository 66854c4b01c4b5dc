"""Write YAML as a person would, and put another text in place of one in an author's file."""

import re
from collections import abc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from cardwright.diagnostics import Report, Source
from cardwright.source.nodes import Mapping, Node, Scalar, Sequence
from cardwright.source.yaml_tree import parse_yaml

_LINE_WIDTH = 100
"""The most columns of a list or mapping in brackets; longer ones have a line for each entry."""

# What YAML forbids, reads as the end of a line or of the file, or what nobody would see.
# Source: YAML 1.2.2, production [1] c-printable; YAML 1.1, [22] to [26], for libyaml's ends of lines.
_ESCAPED = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff\ufeff\ufffe\uffff"
_FIRST = rf"""(?:[^\s,\[\]{{}}#&*!|>'"%@`?:{_ESCAPED}-]|-(?=[0-9]))"""
_PLAIN = re.compile(
    rf"{_FIRST}[^\t\n:#{_ESCAPED}]*+(?:(?::(?=[^\s{_ESCAPED}])|(?<! )#)[^\t\n:#{_ESCAPED}]*+)*+(?<! )"
)
# In brackets, and as a key, where a text also ends with one of these signs.
_PLAIN_IN_BRACKETS = re.compile(
    rf"{_FIRST}[^\t\n,:#\[\]{{}}{_ESCAPED}]*+(?::(?=[\w:/])[^\t\n,:#\[\]{{}}{_ESCAPED}]*+)*+(?<! )"
)
_KEY_LIMIT = 1000
"""The most characters of a key before its colon. Source: YAML 1.1, section 9.3.1: at most 1024."""
_NOTHING = ("~", "null")
"""Texts that are nothing in other YAML, so that it is asked whether they are meant as a name."""
_NEEDS_ESCAPE = re.compile(rf"[\t\n{_ESCAPED}]")
_NOT_IN_BLOCK = re.compile(rf"[{_ESCAPED}]")
_IN_DOUBLE_QUOTES = re.compile(rf'["\\\t\n{_ESCAPED}]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}

_LINE_LEAD = re.compile(r"[ ]*(?:- +)*")
_BLOCK_HEADER = re.compile(r"[|>][^\r\n]*")
_LINE_END = re.compile("\r\n|\n")
_MOST_WORDS = 4_000
"""More words of a text are not compared."""
_SPACED_WORD = re.compile(r"(\s*)(\S+)")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Brackets:
    """Entries that stand in brackets on one line, if they are short."""

    entries: abc.Mapping[str, "Value"]


Value = str | abc.Sequence["Value"] | abc.Mapping[str, "Value"] | Brackets
"""A list stands in brackets if it is short; an entry of a mapping that isn't `Brackets` has its own line."""


def write_mapping(entries: abc.Mapping[str, Value], column: int = 0) -> str:
    """Return the lines of a mapping, each with its end. column: of its keys, 0-based."""
    indent = " " * column
    # Most values are texts, and a list is faster than a generator here.
    return "".join(
        [
            f"{indent}{_key(key, indent)}: {write_text(value, column)}\n"
            if isinstance(value, str)
            else f"{indent}{_key(key, indent)}:{_value(value, column)}\n"
            for key, value in entries.items()
        ]
    )


def write_list_entry(entries: abc.Mapping[str, Value], column: int) -> str:
    """Return the lines of a mapping that is an entry of a list. column: of its dash, 0-based."""
    return f"{' ' * column}- {write_mapping(entries, column + 2).lstrip(' ')}"


def write_text(text: str, column: int = 0) -> str:
    """Return a text as it stands after its key: plain, in quotes, or as a block if it has several lines.

    column: of the key, 0-based. The lines of a block are indented two columns further.
    """
    if text not in _NOTHING and _PLAIN.fullmatch(text):
        return text
    if "\n" in text and not _NOT_IN_BLOCK.search(text) and text.strip("\n \t"):
        return _block(text, column + 2)
    return _in_quotes(text)


def _block(text: str, indent: int, header: str = "") -> str:
    """Return a text as a literal block. header: its first line; empty for what the text needs."""
    first_line = text[: text.index("\n")] if "\n" in text else text
    # Where the first line is blank or indented itself, the indentation has to be told.
    indicator = "2" if not first_line.strip() or first_line[0] in " \t" else ""
    without_ends = text.rstrip("\n")
    chomping = {0: "-", 1: ""}.get(len(text) - len(without_ends), "+")
    lines = [f"{' ' * indent}{line}" if line else "" for line in text.removesuffix("\n").split("\n")]
    return "\n".join([header or f"|{indicator}{chomping}", *lines])


def _in_quotes(text: str) -> str:
    """Return a text in the quotes in which it needs fewer signs before it."""
    if not _NEEDS_ESCAPE.search(text) and text.count("'") < text.count('"') + text.count("\\"):
        return "'" + text.replace("'", "''") + "'"
    return '"' + _IN_DOUBLE_QUOTES.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char in _ESCAPES:
        return _ESCAPES[char]
    return f"\\x{ord(char):02X}" if ord(char) < 256 else f"\\u{ord(char):04X}"


def write_item(text: str) -> str:
    """Return a text as it stands in brackets, or as a key."""
    return text if _PLAIN_IN_BRACKETS.fullmatch(text) else _in_quotes(text)


@lru_cache(maxsize=1024)
def _key(key: str, indent: str) -> str:
    """Return a key up to its colon, which has a line of its own if the key is long. indent: of that line."""
    written = write_item(key)
    return written if len(written) <= _KEY_LIMIT else f"? {written}\n{indent}"


def _value(value: Value, column: int) -> str:
    """Return a value with what stands between it and the colon."""
    if isinstance(value, str):
        return f" {write_text(value, column)}"
    if isinstance(value, abc.Mapping):
        return f"\n{write_mapping(value, column + 2)}".removesuffix("\n") if value else " {}"
    line = write_in_line(value)
    if column + len(line) - 2 < _LINE_WIDTH - 20:
        return f" {line}"
    if isinstance(value, Brackets):
        return _value(value.entries, column)
    indent = " " * (column + 2)
    items = (write_text(item, column + 2) if isinstance(item, str) else write_in_line(item) for item in value)
    return "".join(f"\n{indent}- {item}" for item in items)


def write_in_line(value: Value) -> str:
    """Return a value as it stands in brackets, itself in brackets unless it is a text."""
    if isinstance(value, str):
        return write_item(value)
    if isinstance(value, Brackets):
        value = value.entries
    if isinstance(value, abc.Mapping):
        entries = (f"{write_item(key)}: {write_in_line(inner)}" for key, inner in value.items())
        return f"{{{', '.join(entries)}}}"
    return f"[{', '.join(map(write_in_line, value))}]"


# Replacing


@dataclass(frozen=True, slots=True)
class Edit:
    """A part of a source that is replaced. start, end: offsets in its text, in code points."""

    start: int
    end: int
    text: str


def replace_scalar(source: Source, scalar: Scalar, text: str) -> Edit | None:
    """Return the edit that puts a text in place of a scalar, and changes nothing else that the file says.

    The style of the scalar stays if it can hold the text. White space around the text may differ, since
    no text of a card has any.

    Returns None if that can't be done: an alias repeats the scalar, or the file can't be read as it is.
    """
    before = _flat_tree(source)
    if before is None or sum(isinstance(entry, tuple) and entry[0] == scalar.start for entry in before) != 1:
        return None
    expected = [
        f"\0{text.strip()}" if isinstance(entry, tuple) and entry[0] == scalar.start else _entry_value(entry)
        for entry in before
    ]
    for candidate in dict.fromkeys(_candidates(source, scalar, text)):
        edit = Edit(scalar.start, scalar.end, candidate)
        after = _flat_tree(Source(source.path, apply_edits(source.text, [edit])))
        if after is not None and [_entry_value(entry) for entry in after] == expected:
            return edit
    return None


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with some edits, which don't overlap."""
    pieces: list[str] = []
    end = 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        pieces += [text[end : edit.start], edit.text]
        end = edit.end
    return "".join([*pieces, text[end:]])


def edit_file(data: bytes, text: str, edits: Iterable[Edit]) -> bytes:
    """Return a file with some edits of its text. data: of the file, perhaps with a byte order mark."""
    mark = _BYTE_ORDER_MARK if data.startswith(_BYTE_ORDER_MARK) else b""
    return mark + apply_edits(text, edits).encode()


def _candidates(source: Source, scalar: Scalar, text: str) -> Iterator[str]:
    """Yield ways to write a text in place of a scalar, the best first; some may not be possible there."""
    text = text.strip()
    if _NOT_IN_BLOCK.search(text):
        yield _in_quotes(text)
        return
    line_end = _LINE_END.search(source.text)
    newline = line_end[0] if line_end else "\n"
    line_start = source.text.rfind("\n", 0, scalar.start) + 1
    lead = _LINE_LEAD.match(source.text, line_start)
    column = len(lead[0]) if lead else 0
    ended = f"{text}\n" if "\n" in text else text
    block = _block(ended, column + 2).replace("\n", newline)
    if "\n" in text and "\n" not in scalar.value.strip():
        yield block
    match scalar.style:
        case "|" | ">":
            old = source.text[scalar.start : scalar.end]
            header, *lines = _LINE_END.split(old)
            indents = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
            indent = min(indents, default=column + 2)
            if scalar.style == ">":
                yield header + _with_words(old[len(header) :], text)
            written = text if scalar.style == "|" else text.replace("\n", "\n\n")
            yield _block(written, indent, header).replace("\n", newline)
        case "'":
            yield "'" + text.replace("'", "''") + "'"
        case '"':
            yield '"' + _IN_DOUBLE_QUOTES.sub(_escape, text) + '"'
        case _ if text:
            yield _with_words(source.text[scalar.start : scalar.end], text)
            yield text
    yield write_text(ended, column).replace("\n", newline)
    yield block
    yield _in_quotes(text)


def _with_words(written: str, text: str) -> str:
    """Return a text over several lines, as it is written, with the words of another that differ."""
    old = _SPACED_WORD.findall(written)
    words, new = [word for _, word in old], text.split()
    if max(len(words), len(new)) > _MOST_WORDS:
        return text
    result = ""
    for operation, start, stop, first, last in SequenceMatcher(
        None, words, new, autojunk=False
    ).get_opcodes():
        if operation == "equal":
            result += "".join(space + word for space, word in old[start:stop])
        elif first < last:
            space = old[start][0] if start < stop else " "
            result += space + " ".join(new[first:last])
    return result + written[len(written.rstrip()) :]


_Entry = str | tuple[int, str]


def _flat_tree(source: Source) -> list[_Entry] | None:
    """Return all of a file in one list: for each scalar where it begins and its value, and all brackets.

    Returns None for a file with a mistake.
    """
    report = Report()
    root = parse_yaml(source, report)
    if root is None or report.has_errors:
        return None
    return list(_flatten(root))


def _flatten(node: Node) -> Iterator[_Entry]:
    match node:
        case Scalar():
            yield node.start, node.value.strip()
        case Sequence():
            yield "["
            for item in node.items:
                yield from _flatten(item)
            yield "]"
        case Mapping():
            yield "{"
            for key, value in node.entries.values():
                yield key.value
                yield from _flatten(value)
            yield "}"


def _entry_value(entry: _Entry) -> str:
    return entry if isinstance(entry, str) else f"\0{entry[1]}"
