"""Measures how wide characters are on a terminal, and escapes those that would control it."""

from unicodedata import category, east_asian_width

TAB_STOP = 4
ZERO_WIDTH_JOINER = "\u200d"
ZERO_WIDTH_NON_JOINER = "\u200c"
EMOJI_PRESENTATION = "\ufe0f"
SKIN_TONES = range(0x1F3FB, 0x1F400)
# Vowels and final consonants of Hangul are drawn into the syllable before them.
HANGUL_JOINED = range(0x1160, 0x1200)


def terminal_cells(line: str) -> list[tuple[str, int]]:
    """Return the text to print for each character of a line, with its width in terminal cells.

    line: without a line end. A tab becomes spaces. A character that would control the terminal
        (control characters, reordering marks) or would be invisible becomes its code, `<U+001B>`.

    Returns one pair for each code point, so adding up the widths before a column of the source
    gives its column on the screen.
    """
    pairs: list[tuple[str, int]] = []
    column = 0
    for index, char in enumerate(line):
        if char == "\t":
            width = TAB_STOP - column % TAB_STOP
            pair = (" " * width, width)
        elif char.isascii() and char.isprintable():
            pair = (char, 1)
        else:
            pair = _cell(char, line[index - 1] if index else "", pairs[-1][1] if pairs else 0)
        pairs.append(pair)
        column += pair[1]
    return pairs


def escape_controls(text: str) -> str:
    """Return a text on one line in which nothing can control the terminal."""
    return "".join(printed for printed, _ in terminal_cells(text))


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
        escaped = f"<U+{ord(char):04X}>"
        return (escaped, len(escaped))
    if kind in ("Mn", "Me") or ord(char) in HANGUL_JOINED:
        return (char, 0)
    is_joined = kind == "So" and previous == ZERO_WIDTH_JOINER
    if is_joined or (ord(char) in SKIN_TONES and previous_width == 2):
        # It is drawn into the emoji before it: families, professions, skin tones.
        return (char, 0)
    return (char, 2 if east_asian_width(char) in "WF" else 1)
