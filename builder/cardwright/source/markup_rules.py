"""The Markdown that authors write: the parser's options, and its rule for math."""

import re
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from cardwright.source.emphasis import InlineParser, is_unspaced
from cardwright.source.html_rules import add_html_rules
from cardwright.source.picture_width import add_picture_width_rule
from cardwright.source.tex import find_formula_end

_MATH_END = {"\\(": "\\)", "\\[": "\\]"}


# What stands in the brackets of a link or a picture: a web address or the name of a file.
_ADDRESS = re.compile(r"\s*<?(?:https?://|mailto:|[^\s)]*\.[a-z0-9]{2,4}\b)", re.IGNORECASE)


# A line that begins with none of these is a paragraph, and needs no parser of blocks.
_BLOCK_START = re.compile(r"[#>=+\-\[<|]|\d{1,9}[.)]|```|~~~|([*_])(?:[ \t]|\Z|\1(?:[ \t]|\1|\Z))")


def parse_markdown(text: str, env: dict[str, Any], *, readings: bool) -> list[Token]:
    """Return the tokens of a text without white space around it; see `markdown_parser`."""
    parser = markdown_parser(readings=readings)
    is_paragraph = "\n" not in text and _BLOCK_START.match(text) is None
    return parser.parseInline(text, env) if is_paragraph else parser.parse(text, env)


@cache
def markdown_parser(*, readings: bool = False) -> MarkdownIt:
    """Return the parser of texts.

    readings: whether `便利[べんり](な)` is a word with its reading, and no link.
    """
    parser = MarkdownIt("zero")
    parser.inline = InlineParser()
    parser.configure("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # Paths and addresses stay as written, and whoever reads them checks them.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]  # how markdown-it-py is configured
    is_link = (lambda url: _ADDRESS.match(url) is not None) if readings else bool
    parser.validateLink = is_link  # type: ignore[method-assign, assignment]  # the same
    parser.block.ruler.at("reference", _parse_reference, {"alt": []})
    parser.inline.ruler.before("escape", "math", _parse_math)
    add_html_rules(parser)
    add_picture_width_rule(parser)
    parser.inline.ruler.before("newline", "unspaced_line_break", _parse_unspaced_line_break)
    # An escaped sign stays a token of its own, since it is no part of a cloze deletion's markup.
    return parser.disable("text_join")


def _parse_reference(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Parse `[words]: https://…`; what has no address behind the colon is text, such as `[Anna]: Hello`."""
    line = state.src[state.bMarks[start_line] + state.tShift[start_line] : state.eMarks[start_line]]
    _, colon, address = line.partition("]:")
    if colon and address.strip() and not _ADDRESS.match(address):
        return False
    return reference(state, start_line, end_line, silent)


def _parse_unspaced_line_break(state: StateInline, silent: bool) -> bool:
    """Parse a line's end between Chinese or Japanese characters, which stands for no space.

    Source: CSS Text Module Level 3, "Segment Break Transformation Rules".
    """
    if state.src[state.pos] != "\n":
        return False
    end = state.pos + 1
    while end < state.posMax and state.src[end] in " \t":
        end += 1
    # Signs of emphasis may stand between.
    before = state.src[max(0, state.pos - 4) : state.pos].rstrip("*_~")[-1:]
    after = state.src[end : end + 4].lstrip("*_~")[:1]
    if not (before and after and is_unspaced(before) and is_unspaced(after)):
        return False
    if not silent:
        state.push("softbreak", "br", 0).hidden = True
    state.pos = end
    return True


def _parse_math(state: StateInline, silent: bool) -> bool:
    r"""Parse `\( … \)` and `\[ … \]`; nothing inside is Markdown."""
    opener = state.src[state.pos : state.pos + 2]
    if opener not in _MATH_END:
        return False
    # Behind one without an end there is none for the next either; a search for each would take long.
    first_unclosed: dict[tuple[str, str], int] = state.env.setdefault("unclosed_formulas", {})
    if state.pos > first_unclosed.get((state.src, opener), len(state.src)):
        end = -1
    else:
        end = find_formula_end(state.src, state.pos + 2, _MATH_END[opener], state.posMax)
    if end < 0:
        if state.posMax == len(state.src):
            first_unclosed.setdefault((state.src, opener), state.pos)
        return _mark_unclosed(state, opener, _MATH_END[opener], silent=silent)
    if not silent:
        token = state.push("math", "", 0)
        token.content = state.src[state.pos + 2 : end]
        token.markup = opener
    state.pos = end + 2
    return True


def _mark_unclosed(state: StateInline, opener: str, closer: str, *, silent: bool) -> bool:
    """Leave an opener as text, in a token that is reported later."""
    if not silent:
        token = state.push("unclosed", "", 0)
        token.content = opener
        token.markup = closer
    state.pos += len(opener)
    return True
