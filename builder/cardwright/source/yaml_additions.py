"""Add entries to mappings and lists of an author's file, and change the texts of a list."""

import re
from collections import abc
from collections.abc import Callable, Collection, Iterator, Sequence

from cardwright.diagnostics import Report, Source
from cardwright.source import nodes
from cardwright.source.nodes import Mapping, Node, Scalar
from cardwright.source.yaml_tree import parse_yaml
from cardwright.source.yaml_writing import (
    Brackets,
    Edit,
    Value,
    apply_edits,
    write_in_line,
    write_item,
    write_list_entry,
    write_mapping,
)

_LINE_END = re.compile("\r\n|\n")
_BEFORE_ITEM = re.compile(r" *- +")
_BEFORE_KEY = re.compile(r" *(?:- +)*")
_SHORT_HTML = 40
"""The most characters of HTML in braces."""

_Plain = str | list["_Plain"] | dict[str, "_Plain"]


def add_entry(source: Source, mapping: Mapping, key: str, value: Value, before: str = "") -> Edit | None:
    """Return the edit that adds a key with a value to a mapping without it; None if that can't be done.

    before: the key above which it stands, if the mapping has that one and is not in braces.
    """
    entries = list(mapping.entries.values())
    if not entries or key in mapping.entries:
        return None
    last, first_key = entries[-1][1], entries[0][0]
    if mapping.flow:
        edits = [Edit(last.end, last.end, f", {write_item(key)}: {write_in_line(value)}")]
    else:
        column, newline = _column(source, mapping), _newline(source)
        lines = write_mapping({key: value}, column).replace("\n", newline)
        # A block ends where the next line begins, and other texts end within their line.
        end = last.end if source.text[last.end - 1 : last.end] == "\n" else _next_line(source, last.end)
        after = lines if source.text[end - 1 : end] == "\n" else f"{newline}{lines.removesuffix(newline)}"
        next_key = mapping.entries[before][0] if before in mapping.entries else first_key
        edits = [
            Edit(end, end, after),
            Edit(next_key.start, next_key.start, lines.lstrip(" ") + " " * column),
        ]
        if next_key is not first_key:
            edits.reverse()
    expected: _Plain = {**_as_dict(mapping), key: _stripped(value)}
    return next((edit for edit in edits if _says(source, [edit], mapping, expected)), None)


def remove_entry(source: Source, mapping: Mapping, key: str) -> Edit | None:
    """Return the edit that takes a key and its value out of a mapping; None if that can't be done."""
    entries = list(mapping.entries.values())
    index = list(mapping.entries).index(key)
    (own_key, value), is_last = entries[index], index + 1 == len(entries)
    if len(entries) < 2:
        return None
    line_start = source.text.rfind("\n", 0, own_key.start) + 1
    if not mapping.flow and not source.text[line_start : own_key.start].strip():
        end = value.end if source.text[value.end - 1 : value.end] == "\n" else _next_line(source, value.end)
        edit = Edit(line_start, end, "")
    elif is_last:
        edit = Edit(entries[index - 1][1].end, value.end, "")
    else:
        edit = Edit(own_key.start, entries[index + 1][0].start, "")
    expected = {name: plain for name, plain in _as_dict(mapping).items() if name != key}
    return edit if _says(source, [edit], mapping, expected) else None


def append_entry(
    source: Source, items: nodes.Sequence, entries: abc.Mapping[str, Value], *, is_known: bool = False
) -> Edit | None:
    """Return the edit that adds a mapping behind the last entry of a list; None if that can't be done.

    is_known: whether it could be done before, with another mapping.
    """
    if not items.items or source.text[items.start : items.start + 1] == "[":
        return None
    last = items.items[-1]
    line_start = source.text.rfind("\n", 0, last.start) + 1
    lead = _BEFORE_ITEM.match(source.text, line_start)
    if lead is None:
        return None
    newline, column = _newline(source), lead[0].index("-")
    end = last.end if source.text[last.end - 1 : last.end] == "\n" else _next_line(source, last.end)
    text = write_list_entry(entries, column).replace("\n", newline)
    if source.text[end - 1 : end] != "\n":
        text = newline + text.removesuffix(newline)
    edit = Edit(end, end, text)
    expected: list[_Plain] = [*map(_as_plain, items.items), _stripped(entries)]
    return edit if is_known or _says(source, [edit], items, expected) else None


def _stripped(value: Value) -> _Plain:
    """Return a value as `_as_plain` has it."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Brackets):
        value = value.entries
    if isinstance(value, abc.Mapping):
        return {key: _stripped(inner) for key, inner in value.items()}
    return list(map(_stripped, value))


def replace_with_html(source: Source, scalar: Scalar, html: str) -> Edit | None:
    """Return the edit that puts `html: …` in place of a text, on lines of their own unless it is short.

    Returns None if that can't be done.
    """
    # A block ends where the next line begins.
    newline, is_block = _newline(source), source.text[scalar.end - 1 : scalar.end] == "\n"
    end = newline if is_block else ""
    line_start = source.text.rfind("\n", 0, scalar.start) + 1
    column = len(_BEFORE_KEY.match(source.text, line_start)[0])  # type: ignore[index]  # it matches anything
    lines = write_mapping({"html": f"{html}\n" if "\n" in html else html}, column + 2)
    key_end = len(source.text[: scalar.start].rstrip(" "))
    edits = [Edit(scalar.start, scalar.end, f"{{html: {write_item(html)}}}{end}")]
    if len(html) > _SHORT_HTML:
        text = f"\n{lines}".removesuffix("\n").replace("\n", newline)
        edits.insert(0, Edit(key_end, scalar.end, text + end))
    return next((edit for edit in edits if _says(source, [edit], scalar, {"html": html.strip()})), None)


def change_list(
    source: Source, node: Node, added: Sequence[str], removed: Collection[str]
) -> list[Edit] | None:
    """Return the edits that add texts to the end of a list, and remove others; None if that can't be done.

    node: the list, or a text that stands for a list of itself.
    """
    if isinstance(node, Mapping):
        return None
    items = [node] if isinstance(node, Scalar) else node.items
    texts = [item for item in items if isinstance(item, Scalar)]
    kept = [item for item in texts if item.value.strip() not in removed]
    expected: list[_Plain] = [*(item.value.strip() for item in kept), *added]
    if len(texts) < len(items):
        return None
    for edits in _list_edits(source, node, texts, kept, added):
        if _says(source, edits, node, expected):
            return edits
    return None


def _list_edits(
    source: Source, node: Node, items: Sequence[Scalar], kept: Sequence[Scalar], added: Sequence[str]
) -> Iterator[list[Edit]]:
    """Yield ways to write a list anew."""
    is_flow = source.text[node.start : node.start + 1] == "["
    written = [write_item(text) for text in added]
    if isinstance(node, Scalar) or not kept:
        end = node.end
        if not isinstance(node, Scalar) and not is_flow:
            return
        texts = [*(source.text[item.start : item.end] for item in kept), *written]
        yield [Edit(node.start, end, f"[{', '.join(texts)}]")]
        return
    if is_flow:
        yield [
            *(_flow_removal(items, index) for index, item in enumerate(items) if item not in kept),
            Edit(items[-1].end, items[-1].end, "".join(f", {text}" for text in written)),
        ]
        return
    newline = _newline(source)
    edits = []
    for item in items:
        start = source.text.rfind("\n", 0, item.start) + 1
        if item not in kept:
            edits.append(Edit(start, _next_line(source, item.end), ""))
    lead = source.text[source.text.rfind("\n", 0, items[-1].start) + 1 : items[-1].start]
    if written and not _BEFORE_ITEM.fullmatch(lead):
        return
    if written:
        end = _next_line(source, items[-1].end)
        is_last = source.text[end - 1 : end] != "\n"
        lines = "".join(f"{lead}{text}{newline}" for text in written)
        edits.append(Edit(end, end, f"{newline}{lines.removesuffix(newline)}" if is_last else lines))
    yield edits


def _flow_removal(items: Sequence[Scalar], index: int) -> Edit:
    if index + 1 < len(items):
        return Edit(items[index].start, items[index + 1].start, "")
    return Edit(items[index - 1].end, items[index].end, "")


def _says(source: Source, edits: Sequence[Edit], node: Node, value: _Plain) -> bool:
    """Return whether a file with some edits says what it said, with another value in place of one node."""
    before, after = _parse(source), _parse(Source(source.path, apply_edits(source.text, edits)))
    if before is None or after is None:
        return False
    count = 0

    def plain(other: Node) -> _Plain:
        nonlocal count
        if (type(other), other.start, other.end) == (type(node), node.start, node.end):
            count += 1
            return value
        return _plain(other, plain)

    expected = plain(before)
    return count == 1 and _as_plain(after) == expected


def _parse(source: Source) -> Node | None:
    report = Report()
    root = parse_yaml(source, report)
    return None if report.has_errors else root


def _as_plain(node: Node) -> _Plain:
    return _plain(node, _as_plain)


def _plain(node: Node, inner: "Callable[[Node], _Plain]") -> _Plain:
    match node:
        case Scalar():
            return node.value.strip()
        case nodes.Sequence():
            return [inner(item) for item in node.items]
        case Mapping():
            return {key: inner(value) for key, (_, value) in node.entries.items()}


def _as_dict(mapping: Mapping) -> dict[str, _Plain]:
    return {key: _as_plain(value) for key, (_, value) in mapping.entries.items()}


def _newline(source: Source) -> str:
    line_end = _LINE_END.search(source.text)
    return line_end[0] if line_end else "\n"


def _next_line(source: Source, offset: int) -> int:
    """Return where the line after an offset begins, or where the file ends."""
    line_end = _LINE_END.search(source.text, offset)
    return line_end.end() if line_end else len(source.text)


def _column(source: Source, mapping: Mapping) -> int:
    """Return the column of a mapping's keys, 0-based."""
    key = next(iter(mapping.entries.values()))[0]
    return key.start - (source.text.rfind("\n", 0, key.start) + 1)
