"""Measures how wide characters are on a terminal, and escapes what controls it or a build server's log."""

import re
from functools import lru_cache
from unicodedata import category, east_asian_width

TAB_STOP = 4
ZERO_WIDTH_JOINER = "\u200d"
ZERO_WIDTH_NON_JOINER = "\u200c"
EMOJI_PRESENTATION = "\ufe0f"
SKIN_TONES = range(0x1F3FB, 0x1F400)
# Vowels and final consonants of Hangul are drawn into the syllable before them.
HANGUL_JOINED = range(0x1160, 0x1200)
# What the log of a build server takes for a command, wherever it stands in a line.
# Source: actions/runner, src/Runner.Common/ActionCommand.cs, TryParse; others put a word before the bracket.
_COMMAND_SIGNS = re.compile(r"##(?=[a-z]*\[)")


def terminal_cells(line: str) -> list[tuple[str, int]]:
    """Return the text to print for each character of a line, with its width in terminal cells.

    line: without a line end. A tab becomes spaces. A character that would control the terminal
        (control characters, reordering marks) or would be invisible becomes its code, `<U+001B>`;
        so does a sign that makes a command of what follows.

    Returns one pair for each code point, so adding up the widths before a column of the source
    gives its column on the screen.
    """
    if _is_plain(line):
        return [(char, 1) for char in line]
    pairs: list[tuple[str, int]] = []
    column = 0
    commands = {match.start() for match in _COMMAND_SIGNS.finditer(line)} if "##" in line else ()
    for index, char in enumerate(line):
        if index in commands:
            pair = _escaped(char)
        elif char == "\t":
            width = TAB_STOP - column % TAB_STOP
            pair = (" " * width, width)
        elif char.isascii() and char.isprintable():
            pair = (char, 1)
        else:
            pair = _cell(char, line[index - 1] if index else "", pairs[-1][1] if pairs else 0)
        pairs.append(pair)
        column += pair[1]
    return pairs


def _is_plain(text: str) -> bool:
    """Return whether a text is printed as it is, with a cell for each character, as nearly all are."""
    return text.isascii() and text.isprintable() and "##" not in text


def escape_controls(text: str) -> str:
    """Return a text on one line in which nothing can control the terminal."""
    return text if _is_plain(text) else "".join(printed for printed, _ in terminal_cells(text))


def escape_line(text: str) -> str:
    """Return a text as a line of its own, which nothing takes for a command. text: may begin with anything.

    Source: actions/runner, src/Runner.Common/ActionCommand.cs, TryParseV2.
    """
    line = escape_controls(text)
    indent = line[: len(line) - len(line.lstrip())]
    return indent + _escaped(":")[0] + line[len(indent) + 1 :] if line.startswith("::", len(indent)) else line


def _escaped(char: str) -> tuple[str, int]:
    escaped = f"<U+{ord(char):04X}>"
    return (escaped, len(escaped))


@lru_cache(maxsize=1024)
def _cell(char: str, previous: str, previous_width: int) -> tuple[str, int]:
    """Return what to print for a character beyond ASCII, and its width in cells.

    previous: the character before it. previous_width: its width in cells.
    """
    if char in (ZERO_WIDTH_JOINER, ZERO_WIDTH_NON_JOINER):
        return (char, 0)
    if char == EMOJI_PRESENTATION:
        return (char, 1 if previous_width == 1 else 0)
    kind = category(char)
    if kind in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return _escaped(char)
    if kind in ("Mn", "Me") or ord(char) in HANGUL_JOINED:
        return (char, 0)
    is_joined = kind == "So" and previous == ZERO_WIDTH_JOINER
    if is_joined or (ord(char) in SKIN_TONES and previous_width == 2):
        # It is drawn into the emoji before it: families, professions, skin tones.
        return (char, 0)
    return (char, 2 if east_asian_width(char) in "WF" else 1)
