"""Finds, trims and joins pieces of TeX as MathJax does."""

import re

from cardwright.source.formulas.items import UnreadableTex


def closing_brace(text: str, start: int) -> int:
    """Return the offset after the brace that closes one that was opened before `start`."""
    depth, position = 1, start
    while position < len(text):
        character = text[position]
        position += 2 if character == "\\" else 1
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return position
    raise UnreadableTex("a brace has no closing brace")


def strip_tex(text: str) -> str:
    """Return TeX without the white space around it, except in a `\\ ` at its end."""
    stripped = text.strip()
    return stripped + " " if stripped.endswith("\\") and text.endswith(" ") else stripped


def join_tex(first: str, second: str) -> str:
    """Return two texts as one, so that no letter becomes part of a macro's name."""
    space = (
        " " if re.match("[a-zA-Z]", second) and re.search(r"(?:^|[^\\])(?:\\\\)*\\[a-zA-Z]+$", first) else ""
    )
    return first + space + second
