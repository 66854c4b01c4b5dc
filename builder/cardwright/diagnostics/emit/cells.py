"""How a terminal shows a line: which text, and how many cells of the screen each character takes."""

from unicodedata import category, east_asian_width

TAB_STOP = 4
ZERO_WIDTH_JOINER = "\u200d"
ZERO_WIDTH_NON_JOINER = "\u200c"
EMOJI_PRESENTATION = "\ufe0f"
SKIN_TONES = range(0x1F3FB, 0x1F400)
# Vowels and final consonants of Hangul are drawn into the syllable before them.
HANGUL_JOINED = range(0x1160, 0x1200)


def cells(line: str) -> list[tuple[str, int]]:
    """For each character of a line: the text to show for it, and that text's width in cells.

    line: without a line end. Tabs become spaces. What would act on the screen
        instead of standing on it (control characters, reordering marks) or
        would not be seen at all is shown by its number.

    Returns as many pairs as the line has code points, so that a column in the
    source finds its place on the screen by adding the widths before it.
    """
    shown: list[tuple[str, int]] = []
    column = 0
    for place, char in enumerate(line):
        if char == "\t":
            width = TAB_STOP - column % TAB_STOP
            pair = (" " * width, width)
        elif char.isascii() and char.isprintable():
            pair = (char, 1)
        else:
            pair = _cell(char, line[place - 1] if place else "", shown[-1][1] if shown else 0)
        shown.append(pair)
        column += pair[1]
    return shown


def escape_controls(text: str) -> str:
    """A text on one line, with nothing in it that acts on the screen."""
    return "".join(shown for shown, _ in cells(text))


def _cell(char: str, before: str, width_before: int) -> tuple[str, int]:
    """One character beyond ASCII. before: its neighbour on the left, whose shown width is given."""
    if char in (ZERO_WIDTH_JOINER, ZERO_WIDTH_NON_JOINER):
        return (char, 0)
    if char == EMOJI_PRESENTATION:
        return (char, 1 if width_before == 1 else 0)
    kind = category(char)
    if kind in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        number = f"<U+{ord(char):04X}>"
        return (number, len(number))
    if kind in ("Mn", "Me") or ord(char) in HANGUL_JOINED:
        return (char, 0)
    joined = kind == "So" and before == ZERO_WIDTH_JOINER
    if joined or (ord(char) in SKIN_TONES and width_before == 2):
        # Drawn into the picture before it: families, professions, shades.
        return (char, 0)
    return (char, 2 if east_asian_width(char) in "WF" else 1)
