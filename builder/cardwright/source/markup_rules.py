"""The Markdown that authors write: the parser's options, and its rule for math."""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from cardwright.source.tex import find_formula_end

_MATH_END = {"\\(": "\\)", "\\[": "\\]"}


@cache
def markdown_parser() -> MarkdownIt:
    """Return the parser of texts."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # Paths and addresses stay as written, and whoever reads them checks them.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]  # how markdown-it-py is configured
    parser.validateLink = bool  # type: ignore[method-assign, assignment]  # the same
    parser.inline.ruler.before("escape", "math", _parse_math)
    # An escaped sign stays a token of its own, since it is no part of a cloze deletion's markup.
    return parser.disable("text_join")


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


def _mark_unclosed(state: StateInline, opener: str, closer: str, *, silent: bool) -> bool:
    """Leave an opener as text, in a token that is reported later."""
    if not silent:
        token = state.push("unclosed", "", 0)
        token.content = opener
        token.markup = closer
    state.pos += len(opener)
    return True
