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
_PLAIN = r"""[^\s,\[\]{}\#&*!|>'"%@`?:-][^\n\t:\#]*+(?:(?::(?![ \n])|(?<![ ])\#)[^\n\t:\#]*+)*+(?<![ ])"""
_WORD = r"\w[\w ./-]*+(?::(?=[\w:])[\w ./-]*+)*+"
_QUOTED_OR_LIST = (
    r"""'[^'\n]*+(?:''[^'\n]*+)*+'|"[^"\\\n]*+(?:\\["\\][^"\\\n]*+)*+"|"""
    rf"\[[ ]*+{_WORD}(?:,[ ]*+{_WORD})*+\]"
)
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

    Groups: the spaces and dash at the beginning; a key; a text without quotes; a text in quotes, or a list in
    brackets; a literal block; its indentation. The last group is the rest of any other line.
    """
    return re.compile(
        rf"""([ ]*+(?:-[ ])?+)
        (?:
            (?:(\w[\w .-]{{0,99}}+(?<![ ])):(?:[ ](?!\n)|(?=\n)))?+
            (?:
                (?:({_PLAIN})|({_QUOTED_OR_LIST})|(?=\n))\n
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
            lead, name, plain, quoted_or_list, block, indentation, rest = line.groups()
            start = line.end(1)
            if lead != lead_of_keys or name is None:
                if lead == item:
                    if stack:
                        is_regular = is_regular and awaiting is None
                        if not self._finish_card(card_start, end, is_regular=is_regular):
                            return False
                    stack[:] = [(Mapping(source, start, start), len(lead))]
                    is_regular, card_start, awaiting = name is not None, start - len(lead), None
                elif lead[-2:] != "- " and (
                    _is_ignored(lead + rest)
                    if rest is not None
                    else not (name or plain or quoted_or_list or block)
                ):
                    continue
                elif not lead:
                    return False  # the list has ended
                elif is_regular:
                    is_regular = self._enter(lead, start, end, awaiting, has_key=name is not None)
                    is_regular = is_regular and bool(name or plain or quoted_or_list or block)
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
            elif quoted_or_list is not None:
                end = value_start + len(quoted_or_list)
                value = _read_quoted_or_list(source, value_start, quoted_or_list)
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


def _read_quoted_or_list(source: Source, start: int, text: str) -> Node:
    """Return the node of a text in quotes or of a list of words in brackets. text: with these signs."""
    end, content = start + len(text), text[1:-1]
    if text[0] == "'":
        return Scalar(source, start, end, content.replace("''", "'"), "'")
    if text[0] == '"':
        return Scalar(source, start, end, _ESCAPED.sub(r"\1", content) if "\\" in content else content, '"')
    words = _words(text)
    return Sequence(
        source, start, end, [Scalar(source, start + a, start + b, word, "") for a, b, word in words]
    )


@lru_cache(maxsize=256)
def _words(text: str) -> list[tuple[int, int, str]]:
    """Return where the words of a list in brackets start and end, and the words; many lists are alike."""
    words, offset = [], 1
    for part in text[1:-1].split(","):
        word = part.strip(" ")
        start = offset + part.index(word)
        words.append((start, start + len(word), word))
        offset += len(part) + 1
    return words


def _block_value(block: str, indentation: str) -> str:
    """Return the text of a literal block. block: from `|` up to the end of its last line or empty line."""
    first_line = block.index("\n") + 1
    value = block[first_line + len(indentation) :].replace("\n" + indentation, "\n").rstrip("\n")
    return value if block[1] == "-" else value + "\n"
