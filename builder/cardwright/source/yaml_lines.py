"""Read lists of cards that are written line by line, without libyaml.

Nearly all lines of a deck have one of a few simple shapes, such as `    q: What is it?`. One regular
expression reads them in less time than it takes to get libyaml's events. It knows only what libyaml reads
in the same way wherever it stands. A card with any other line is read by libyaml, and so is the whole file
if that isn't certain to give the same. `tests/source/test_yaml_lines.py` holds both together.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from cardwright.diagnostics import Source
from cardwright.source.nodes import Mapping, Node, Scalar, Sequence

ReadPart = Callable[[str, int], Node | None]
"""Reads a part of a source with libyaml. Arguments: the text, and what is added to the offsets in it.

It returns None for an empty text, and also if there is something to report or an alias.
"""

_FlowValue = tuple[int, int, "str | list[_FlowValue] | dict[str, tuple[int, _FlowValue]]", str]
"""What is in brackets, or all of that: its start and end in their text; its content; the style of a text.

A list has its values as content, a mapping by key the start of the key and the value.
"""

# Characters besides LF that break lines for libyaml, or that it skips at the beginning of one.
_UNUSUAL = ("\r", "\x85", "\u2028", "\u2029", "\ufeff")
# The key of the list of cards, and how its first entry begins. Without a key, the list is the whole text.
_LIST_START = re.compile(
    r"(?:\A|^(?P<key>cards):[ ]*(?:#[^\n]*)?\n(?:[ ]*+(?:#[^\n]*+)?\n)*+)(?P<item>[ ]*-[ ])", re.MULTILINE
)
_ITEM_START = re.compile(r"(?:[ ]*+(?:#[^\n]*+)?\n)*+(?P<item>[ ]*-[ ])")
# Less deep than what `yaml_tree` refuses.
_MAX_DEPTH = 32

# A text without quotes, all on one line: no sign of YAML begins it, and no `: ` or ` #` ends it.
_FIRST = r"""[^\s,\[\]{}\#&*!|>'"%@`?:-]"""
_PLAIN = rf"{_FIRST}[^\n\t:\#]*+(?:(?::(?![ \n])|(?<![ ])\#)[^\n\t:\#]*+)*+(?<![ ])"
_QUOTED = r"""'[^'\n]*+(?:''[^'\n]*+)*+'|"[^"\\\n]*+(?:\\["\\][^"\\\n]*+)*+\""""
_IN_BRACKETS = r"[\[{][^\n]*+(?<=[\]}])"
# What is in brackets: a key, if they are braces; another bracket, a text without quotes, or one in quotes.
_FLOW_PLAIN = rf"{_FIRST}[^\t:\#,\[\]{{}}]*+(?:(?::(?=[\w:/])|(?<![ ])\#)[^\t:\#,\[\]{{}}]*+)*+"
_FLOW_VALUE = re.compile(
    rf"""[ ]*+(?:(\w[\w .-]{{0,99}}+(?<![ ])):[ ]++)?+(?:([\[{{])|({_FLOW_PLAIN})|({_QUOTED}))""",
    re.VERBOSE,
)
_FLOW_END = re.compile(r"[ ]*+([,\]}])")
_ESCAPED = re.compile(r'\\(["\\])')


def read_card_list(source: Source, read_part: ReadPart) -> Node | None:
    """Return the root node of a file that has a list of cards; None if libyaml has to read all of it."""
    text = source.text
    if (start := _LIST_START.search(text)) is None or any(char in text for char in _UNUSUAL):
        return None
    key = start["key"]
    head = f"{key}:\n" if key else ""
    reader = _CardListReader(source, start.start("item"), len(text), start["item"], head, read_part)
    if not key:
        return reader.cards if reader.read() else None
    root = read_part(text[: start.start("item")], 0)
    if not isinstance(root, Mapping) or key not in root.entries:
        return None
    key_scalar, value = root.entries[key]
    if key_scalar.start != start.start("key") or not isinstance(value, Scalar) or not reader.read():
        return None
    root.entries[key] = key_scalar, reader.cards
    root.end = reader.cards.end
    return root


def read_cards(source: Source, start: int, end: int, read_part: ReadPart) -> Sequence | None:
    """Return some entries of the list of cards with which a file ends; None if libyaml has to read them.

    start, end: the offsets at which an entry and the one after the last begin.
    """
    first = _ITEM_START.match(source.text, start, end)
    if first is None or any(source.text.find(char, start, end) >= 0 for char in _UNUSUAL):
        return None
    reader = _CardListReader(source, first.start("item"), end, first["item"], "cards:\n", read_part)
    return reader.cards if reader.read() else None


@lru_cache(maxsize=8)
def _line_pattern(item_width: int) -> re.Pattern[str]:
    """Return a pattern that matches any line; if it begins a literal block, together with the lines of that.

    item_width: how wide the beginning of a card is, `  - `. The lines of a block are indented by more.

    Groups: the spaces and dash at the beginning; a key; a text without quotes; a text in quotes or in
    brackets; a literal block; its indentation. The last group is the rest of any other line.
    """
    return re.compile(
        rf"""([ ]*+(?:-[ ])?+)
        (?:
            (?:(\w[\w .-]{{0,99}}+(?<![ ])):(?:[ ](?!\n)|(?=\n)))?+
            (?:
                (?:({_PLAIN})|({_QUOTED}|{_IN_BRACKETS})|(?=\n))\n
                | (\|-?\n([ ]{{{item_width + 1},}}+)(?=[^\n\t])[^\n]*+\n(?:\6[^\n]*+\n|\n)*+)
            )
            | ([^\n]*+\n?)
        )""",
        re.VERBOSE,
    )


class _CardListReader:
    """Reads the list of cards, or some of them.

    cards: the list, as far as it has been read.
    """

    def __init__(
        self, source: Source, start: int, end: int, item: str, head: str, read_part: ReadPart
    ) -> None:
        """start, end: offsets of the first card to be read, and of the end of the text or of another card.

        item: how the line of a card begins. head: the line of the key of the list; may be empty.
        """
        self._source = source
        self._start, self._end = start, end
        self._item = item
        self._head = head
        self._read_part = read_part
        list_start = start + len(item) - 2
        self.cards = Sequence(source, list_start, list_start)
        # The collections that are open in the card, from outside to inside, with their columns.
        self._stack: list[tuple[Sequence | Mapping, int]] = []
        # Where the cards begin that libyaml has to read; negative if there are none.
        self._unread = -1

    def read(self) -> bool:  # noqa: C901, PLR0912, PLR0915  hot: a call per line would double its time
        """Read all cards and return whether that was possible."""
        source, item, stack = self._source, self._item, self._stack
        is_regular = False  # whether libyaml doesn't have to read the card
        card_start, end = self._start, 0  # where the card's first line begins, and where its last value ends
        awaiting: Scalar | None = None  # a key whose value is on the lines below
        lead_of_keys = None  # how the next line of the innermost mapping begins
        entries: dict[str, tuple[Scalar, Node]] = {}  # of that mapping
        items: list[Node] = []  # of the innermost list
        key = Scalar(source, 0, 0, "", "")  # of the line
        names: dict[str, str] = {}  # so that equal keys are one object
        value: Node
        for line in _line_pattern(len(item)).finditer(source.text, self._start, self._end):
            lead, name, plain, delimited, block, indentation, rest = line.groups()
            start = line.end(1)
            if lead != lead_of_keys or name is None:
                if lead == item:
                    if stack:
                        is_regular = is_regular and awaiting is None
                        if not self._finish_card(card_start, end, is_regular=is_regular):
                            return False
                    stack[:] = [(Mapping(source, start, start), len(lead))]
                    is_regular, card_start, awaiting = name is not None, start - len(lead), None
                    if delimited is not None and not is_regular:
                        card = _read_delimited(source, start, delimited)
                        if type(card) is Mapping:
                            # No other line is as little indented as this one.
                            stack[:] = [(card, -1)]
                            is_regular, lead_of_keys, end = True, None, card.end
                            continue
                elif lead[-2:] != "- " and (
                    _is_ignored(lead + rest)
                    if rest is not None
                    else not (name or plain or delimited or block)
                ):
                    continue
                elif not lead:
                    return False  # the list has ended
                elif is_regular:
                    is_regular = self._enter(lead, start, end, awaiting, has_key=name is not None)
                    is_regular = is_regular and bool(name or plain or delimited or block)
                    awaiting = None
                lead_of_keys = None
                if not is_regular:
                    continue
                opened, column = stack[-1]
                if type(opened) is Mapping:
                    lead_of_keys, entries = " " * column, opened.entries
                elif type(opened) is Sequence:
                    items = opened.items
            value_start = start
            if name is not None:
                value_start += len(name) + 2
                key = Scalar(source, start, value_start - 2, names.setdefault(name, name), "")
                if name in entries:
                    is_regular, lead_of_keys = False, None
                    continue
            if plain is not None:
                end = value_start + len(plain)
                value = Scalar(source, value_start, end, plain, "")
            elif delimited is not None:
                end = value_start + len(delimited)
                delimited_value = _read_delimited(source, value_start, delimited)
                if delimited_value is None:
                    is_regular, lead_of_keys = False, None
                    continue
                value = delimited_value
            elif block is not None:
                end = value_start + len(block.rstrip())
                value = Scalar(source, value_start, end, _block_value(block, indentation), "|")
                if len(indentation) <= len(lead):
                    is_regular, lead_of_keys = False, None
            else:
                awaiting, lead_of_keys = key, None
                continue
            if name is not None:
                entries[name] = (key, value)
            else:
                items.append(value)
        is_regular = is_regular and awaiting is None
        is_read = self._finish_card(card_start, end, is_regular=is_regular) and self._read_unread(self._end)
        self.cards.end = self.cards.items[-1].end if self.cards.items else self.cards.start
        return is_read

    def _enter(self, lead: str, start: int, end: int, awaiting: Scalar | None, *, has_key: bool) -> bool:
        """Close the collections that have ended, and open those that begin on a line.

        lead: the spaces and dash of the line, which isn't the first of a card. start: the offset after them.
        end: where the last value ends. awaiting: a key before this line that has no value yet.

        Returns whether the line goes on with the innermost collection; if not, libyaml has to read the card.
        """
        stack, has_dash = self._stack, lead[-2:] == "- "
        column = len(lead) - 2 if has_dash else len(lead)
        opened, opened_column = stack[-1]
        if awaiting is not None:
            if column <= opened_column or len(stack) >= _MAX_DEPTH or type(opened) is not Mapping:
                return False
            value_start = start - 2 if has_dash else start
            value = (Sequence if has_dash else Mapping)(self._source, value_start, value_start)
            opened.entries[awaiting.value] = (awaiting, value)
            stack.append((value, column))
        elif column < stack[0][1]:
            return False
        else:
            while stack[-1][1] > column:
                stack.pop()[0].end = end
        opened, opened_column = stack[-1]
        if opened_column != column or (type(opened) is Sequence) != has_dash:
            return False
        if type(opened) is Sequence and has_key:
            mapping = Mapping(self._source, start, start)
            opened.items.append(mapping)
            stack.append((mapping, len(lead)))
        return has_key or has_dash

    def _finish_card(self, start: int, end: int, *, is_regular: bool) -> bool:
        """Add the card to the list, or leave it to libyaml; return whether all cards can be read.

        start: the offset of its first line. end: where its last value ends.
        """
        if not is_regular:
            self._unread = start if self._unread < 0 else self._unread
            return True
        for collection, _ in self._stack:
            collection.end = end
        is_read = self._read_unread(start)
        self.cards.items.append(self._stack[0][0])
        return is_read

    def _read_unread(self, end: int) -> bool:
        """Let libyaml read the cards that were left to it; return whether it could. end: where they end."""
        if self._unread < 0:
            return True
        start, self._unread = self._unread, -1
        # With the dash of the next card, since libyaml puts a missing value in front of what comes next.
        has_next = end < len(self._source.text)
        text = self._source.text[start : end + len(self._item) * has_next]
        root = self._read_part(self._head + text, start - len(self._head))
        if self._head and isinstance(root, Mapping) and len(root.entries) == 1:
            root = next(iter(root.entries.values()))[1]
        if not isinstance(root, Sequence) or root.start != start + len(self._item) - 2:
            return False
        self.cards.items += root.items[: -1 if has_next else None]
        return True


def _is_ignored(line: str) -> bool:
    """Return whether a line is a comment, or what a pattern finds behind the last line.

    A comment in the last line may be part of a literal block, if the line has no end.
    """
    return line[-1:] == "\n" and line.lstrip(" ")[0] == "#" if line else True


def _read_delimited(source: Source, start: int, text: str) -> Node | None:
    """Return the node of a text in quotes, or of a list or mapping in brackets if all in it is simple."""
    if text[0] in "[{":
        value = _parse_brackets(text)
        return None if value is None else _place(value, source, start)
    return Scalar(source, start, start + len(text), _unquote(text), text[0])


def _unquote(text: str) -> str:
    """Return what a text in quotes stands for."""
    if text[0] == "'":
        return text[1:-1].replace("''", "'")
    return _ESCAPED.sub(r"\1", text[1:-1]) if "\\" in text else text[1:-1]


@lru_cache(maxsize=256)
def _parse_brackets(text: str) -> _FlowValue | None:
    """Return the list or mapping that a text in brackets is, as `_parse_inner_brackets` does.

    Some are remembered, because many cards have the same tags.
    """
    value = _parse_inner_brackets(text, 0, 1)
    return value if value is not None and value[1] == len(text) else None


def _parse_inner_brackets(text: str, start: int, depth: int) -> _FlowValue | None:
    """Return the list or mapping whose bracket is at an offset of the text; None if libyaml has to read it.

    depth: how many brackets are open, with this one.
    """
    items: list[_FlowValue] = []
    entries: dict[str, tuple[int, _FlowValue]] = {}
    is_mapping = text[start] == "{"
    position = start
    while depth < _MAX_DEPTH and (match := _FLOW_VALUE.match(text, position + 1)) is not None:
        name, bracket, plain, quoted = match.groups()
        value: _FlowValue | None
        if bracket:
            value = _parse_inner_brackets(text, match.start(2), depth + 1)
        elif plain:
            plain = plain.rstrip(" ")
            value = (match.start(3), match.start(3) + len(plain), plain, "")
        else:
            value = (match.start(4), match.end(), _unquote(quoted), quoted[0])
        if value is None or is_mapping != (name is not None) or name in entries:
            return None
        if is_mapping:
            entries[name] = match.start(1), value
        else:
            items.append(value)
        if (end := _FLOW_END.match(text, value[1])) is None:
            return None
        position = end.start(1)
        if end[1] != ",":
            is_closed = end[1] == ("}" if is_mapping else "]")
            return (start, position + 1, entries if is_mapping else items, "") if is_closed else None
    return None


def _place(value: _FlowValue, source: Source, offset: int) -> Node:
    """Return the node of a value in a text that begins at an offset of the source."""
    start, end, content, style = value
    start, end = start + offset, end + offset
    if isinstance(content, str):
        return Scalar(source, start, end, content, style)
    if isinstance(content, list):
        return Sequence(source, start, end, [_place(item, source, offset) for item in content])
    entries = {}
    for name, (key_start, entry) in content.items():
        key = Scalar(source, key_start + offset, key_start + offset + len(name), name, "")
        entries[name] = key, _place(entry, source, offset)
    return Mapping(source, start, end, flow=True, entries=entries)


def _block_value(block: str, indentation: str) -> str:
    """Return the text of a literal block. block: from `|` up to the end of its last line or empty line."""
    first_line = block.index("\n") + 1
    value = block[first_line + len(indentation) :].replace("\n" + indentation, "\n").rstrip("\n")
    return value if block[1] == "-" else value + "\n"
