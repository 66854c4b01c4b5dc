"""Markdown as it is read here: what is switched on, and math and cloze deletions as rules of our own."""

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

# A number of more digits than these is none; Anki's own end at 500.
CLOZE_OPEN = re.compile(r"\{\{c([0-9]{1,9}(?:,[0-9]{1,9})*)::")
_MATH_END = {"\\(": "\\)", "\\[": "\\]"}


@cache
def parser(*, cloze: bool) -> MarkdownIt:
    """The parser of texts. cloze: whether deletions are read in them."""
    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    made.normalizeLink = lambda url: url  # type: ignore[method-assign]  # paths and links stay as written
    made.validateLink = bool  # type: ignore[method-assign, assignment]  # and are judged by who reads them
    made.inline.ruler.before("escape", "math", _math)
    if cloze:
        made.inline.ruler.before("escape", "cloze", _cloze)
    return made


def _math(state: StateInline, silent: bool) -> bool:
    r"""`\( … \)` and `\[ … \]`; nothing inside is Markdown."""
    opener = state.src[state.pos : state.pos + 2]
    if opener not in _MATH_END:
        return False
    end = state.src.find(_MATH_END[opener], state.pos + 2, state.posMax)
    if end < 0:
        return _unclosed(state, opener, _MATH_END[opener], silent=silent)
    if not silent:
        token = state.push("math", "", 0)
        token.content = state.src[state.pos + 2 : end]
        token.markup = opener
    state.pos = end + 2
    return True


def _cloze(state: StateInline, silent: bool) -> bool:
    """`{{c1::text}}`, `{{c1::text::hint}}` and `{{c1,2::text}}`; they may lie in each other."""
    match = CLOZE_OPEN.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    found = _closing(state, match.end())
    if found is None:
        return _unclosed(state, match[0], "}}", silent=silent)
    end, hint = found
    if not silent:
        opened = state.push("cloze_open", "", 1)
        numbers = sorted({int(number) for number in match[1].split(",")})
        opened.info = ",".join(str(number) for number in numbers)
        opened.markup = match[0]
        opened.content = "" if hint is None else state.src[hint + 2 : end].strip()
        limit = state.posMax
        state.pos, state.posMax = match.end(), end if hint is None else hint
        state.md.inline.tokenize(state)
        state.posMax = limit
        state.push("cloze_close", "", -1)
    state.pos = end + 2
    return True


def _unclosed(state: StateInline, opener: str, closer: str, *, silent: bool) -> bool:
    """Leave an opener as text, marked so that it is reported."""
    if not silent:
        token = state.push("unclosed", "", 0)
        token.content = opener
        token.markup = closer
    state.pos += len(opener)
    return True


_Closing = tuple[int, int | None] | None


def _closing(state: StateInline, start: int) -> _Closing:
    """Where the deletion that begins before `start` ends, and where its hint does begin."""
    known: dict[tuple[str, int], _Closing] = state.env.setdefault("closings", {})
    if (state.src, start) not in known:
        for inner, found in _closings(state.src, start, state.posMax):
            known[state.src, inner] = found
    return known[state.src, start]


def _closings(text: str, start: int, limit: int) -> Iterator[tuple[int, _Closing]]:
    """The ends of a deletion and of all that lie in it, each by where it begins.

    A formula or code inside may hold any braces and colons. All in one go: looking for
    the end of each by itself takes minutes for a few thousand that are never closed.
    """
    # Those that are open, the innermost last, and where the hint of each begins.
    starts = [start]
    hints: list[int | None] = [None]
    at = start
    while at < limit and starts:
        pair = text[at : at + 2]
        if pair in _MATH_END and (end := text.find(_MATH_END[pair], at + 2, limit)) >= 0:
            at = end + 2
        elif text[at] == "`" and (end := text.find("`", at + 1, limit)) >= 0:
            at = end + 1
        elif text[at] == "\\":
            at += 2
        elif (inner := CLOZE_OPEN.match(text, at, limit)) is not None:
            at = inner.end()
            starts.append(at)
            hints.append(None)
        elif pair == "}}":
            yield starts.pop(), (at, hints.pop())
            at += 2
        elif pair == "::":
            hints[-1] = at if hints[-1] is None else hints[-1]
            at += 2
        else:
            at += 1
    for unclosed in starts:
        yield unclosed, None
