"""The width of a picture, in braces behind it: `![in words](media/name.png){width=50%}`."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

# As Pandoc writes it; also with spaces, with classes and other attributes.
_VALUE = r"\"[^\"{}\n]*\"|'[^'{}\n]*'|(?:[0-9.]+\s+(?:%|px|cm|mm|in)|[^\s\"'={}]+)(?=[\s}])"
_ATTRIBUTE = re.compile(rf"(?:([\w-]+)\s*=\s*({_VALUE})|[.#][\w-]+)")
_BRACES = re.compile(rf"\{{\s*(?:{_ATTRIBUTE.pattern}\s*)+\}}")
_WIDTH = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,3})?)\s*(%|px|cm|mm|in|)")
_PIXELS = {"px": 1.0, "": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54}
_MAX_PIXELS = 10_000
_MAX_PERCENT = 100


def add_picture_width_rule(parser: MarkdownIt) -> None:
    """Let a parser read the braces behind pictures."""
    parser.inline.ruler.after("image", "picture_width", _parse_picture_width)


def _parse_picture_width(state: StateInline, silent: bool) -> bool:
    """Parse the braces behind a picture, `![…](…){width=50%}`, into the `meta` of its token."""
    match = _BRACES.match(state.src, state.pos, state.posMax)
    if match is None or silent or not state.tokens or state.tokens[-1].type != "image" or state.pending:
        return False
    token = state.tokens[-1]
    for part in _ATTRIBUTE.finditer(match[0]):
        if part[1] == "width":
            token.meta["width"] = part[2].strip("\"'")
        else:
            token.meta.setdefault("dropped", []).append(part[0])
    state.pos = match.end()
    return True


def picture_width(written: str) -> str:
    """Return the width of a picture as CSS has it; empty if it is not a width from 1 to 10,000 pixels.

    Pandoc's units are known, too; a number alone is pixels, of which an inch has 96.
    """
    match = _WIDTH.fullmatch(written)
    if match is None:
        return ""
    number, unit = float(match[1]), match[2]
    if unit == "%":
        return f"{number:g}%" if 1 <= number <= _MAX_PERCENT else ""
    pixels = round(number * _PIXELS[unit])
    return f"{pixels}px" if 1 <= pixels <= _MAX_PIXELS else ""
