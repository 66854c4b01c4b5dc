"""The Markdown that authors write: the parser's options, and its rules for math and cloze deletions."""

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from cardwright.source.tex import find_formula_end

# The beginning of a cloze deletion. Numbers with more digits are never meant; Anki's own end at 500.
CLOZE_OPEN = re.compile(r"\{\{c([0-9]{1,9}(?:,[0-9]{1,9})*)::")
_MATH_END = {"\\(": "\\)", "\\[": "\\]"}


@cache
def markdown_parser(*, cloze: bool) -> MarkdownIt:
    """Return the parser of texts. cloze: whether it reads cloze deletions."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # Paths and addresses stay as written, and whoever reads them checks them.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]  # how markdown-it-py is configured
    parser.validateLink = bool  # type: ignore[method-assign, assignment]  # the same
    parser.inline.ruler.before("escape", "math", _parse_math)
    if cloze:
        parser.inline.ruler.before("escape", "cloze", _parse_cloze)
    return parser


def _parse_math(state: StateInline, silent: bool) -> bool:
    r"""Parse `\( … \)` and `\[ … \]`; nothing inside is Markdown."""
    opener = state.src[state.pos : state.pos + 2]
    if opener not in _MATH_END:
        return False
    end = find_formula_end(state.src, state.pos + 2, _MATH_END[opener], state.posMax)
    if end < 0:
        return _mark_unclosed(state, opener, _MATH_END[opener], silent=silent)
    if not silent:
        token = state.push("math", "", 0)
        token.content = state.src[state.pos + 2 : end]
        token.markup = opener
    state.pos = end + 2
    return True


def _parse_cloze(state: StateInline, silent: bool) -> bool:
    """Parse `{{c1::text}}`, `{{c1::text::hint}}` and `{{c1,2::text}}`, also within each other."""
    match = CLOZE_OPEN.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    closing = _find_closing(state, match.end())
    if closing is None:
        return _mark_unclosed(state, match[0], "}}", silent=silent)
    end, hint_start = closing
    if not silent:
        token = state.push("cloze_open", "", 1)
        numbers = sorted({int(number) for number in match[1].split(",")})
        token.info = ",".join(str(number) for number in numbers)
        token.markup = match[0]
        token.content = "" if hint_start is None else state.src[hint_start + 2 : end].strip()
        limit = state.posMax
        state.pos, state.posMax = match.end(), end if hint_start is None else hint_start
        state.md.inline.tokenize(state)
        state.posMax = limit
        state.push("cloze_close", "", -1)
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


_Closing = tuple[int, int | None] | None
"""The end of a deletion and the start of its hint, None for no hint; None for a deletion without an end."""


def _find_closing(state: StateInline, start: int) -> _Closing:
    """Return the end of the deletion whose text begins at `start`."""
    closings: dict[tuple[str, int], _Closing] = state.env.setdefault("closings", {})
    if (state.src, start) not in closings:
        for inner_start, closing in _find_closings(state.src, start, state.posMax):
            closings[state.src, inner_start] = closing
    return closings[state.src, start]


def _find_closings(text: str, start: int, limit: int) -> Iterator[tuple[int, _Closing]]:
    """Yield the ends of a deletion and of all deletions in it, each with the start of its text.

    A formula or code inside may hold any braces and colons. All ends are found in one pass: to look for
    each by itself takes minutes for a few thousand deletions that are never closed.
    """
    # The deletions that are open, the innermost last: where their texts and their hints begin.
    starts = [start]
    hints: list[int | None] = [None]
    position = start
    while position < limit and starts:
        pair = text[position : position + 2]
        if pair in _MATH_END and (end := find_formula_end(text, position + 2, _MATH_END[pair], limit)) >= 0:
            position = end + 2
        elif text[position] == "`" and (end := text.find("`", position + 1, limit)) >= 0:
            position = end + 1
        elif text[position] == "\\":
            position += 2
        elif (inner := CLOZE_OPEN.match(text, position, limit)) is not None:
            position = inner.end()
            starts.append(position)
            hints.append(None)
        elif pair == "}}":
            yield starts.pop(), (position, hints.pop())
            position += 2
        elif pair == "::":
            hints[-1] = position if hints[-1] is None else hints[-1]
            position += 2
        else:
            position += 1
    for unclosed in starts:
        yield unclosed, None
