"""Rules of markdown-it for the HTML in texts; `markdown_html.py` decides which of the tags are markup."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from cardwright.source.html_tags import ATTRIBUTE, KNOWN_TO_HTML, TAG

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# A line of nothing but one tag of an element that may hold several paragraphs.
_CONTAINER_LINE = re.compile(rf"[ \t>]*(?=</?(?:center|div|section)\b){TAG.pattern}[ \t]*", re.IGNORECASE)
_MAX_CONTAINER_DEPTH = 12


def add_html_rules(parser: MarkdownIt) -> None:
    """Let a parser find tags within lines, and blocks between tags on lines of their own."""
    parser.inline.ruler.after("autolink", "tag", _parse_tag)
    interrupted = ["paragraph", "reference", "blockquote", "list"]
    parser.block.ruler.before("paragraph", "container", _parse_container, {"alt": interrupted})


def _parse_container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse blocks between `<div …>` and `</div>` on lines of their own; a block rule of markdown-it."""
    if state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]][:1] != "<":
        return False
    last = state.env.setdefault("container_ends", _find_container_ends(state.src)).get(start)
    if last is None or last >= end or state.level >= _MAX_CONTAINER_DEPTH:
        return False
    if silent:
        return True
    match = _CONTAINER_LINE.fullmatch(state.src, state.bMarks[start], state.eMarks[start])
    assert match is not None
    token = state.push("container_open", match[2].lower(), 1)
    token.info, token.content = match[3], match[0].strip(" \t>")
    line_max, parent_type = state.lineMax, state.parentType
    state.lineMax, state.parentType = last, "container"
    state.md.block.tokenize(state, start + 1, last)
    state.lineMax, state.parentType = line_max, parent_type
    state.push("container_close", match[2].lower(), -1)
    state.line = last + 1
    return True


def _find_container_ends(text: str) -> dict[int, int]:
    """Return for the line of each container's start tag the line of its end tag; lines count from 0."""
    ends: dict[int, int] = {}
    open_lines: list[tuple[str, int]] = []
    for number, line in enumerate(text.split("\n")):
        match = _CONTAINER_LINE.fullmatch(line)
        if match is None:
            continue
        if not match[1]:
            open_lines.append((match[2].lower(), number))
        elif open_lines and open_lines[-1][0] == match[2].lower():
            ends[open_lines.pop()[1]] = number
    return ends


def _parse_tag(state: StateInline, silent: bool) -> bool:
    """Parse a tag of an element that HTML knows, or a comment; an inline rule of markdown-it."""
    start = state.pos
    if state.src[start] != "<":
        return False
    tag = TAG.match(state.src, start, state.posMax)
    if tag is not None:
        name, attributes = tag[2].lower(), tag[3]
        # An attribute without a value is one of `a <b and c> d`; no element of ours has any.
        if name not in KNOWN_TO_HTML or not all(value for _, value in ATTRIBUTE.findall(attributes)):
            return False
        end, is_end_tag = tag.end(), bool(tag[1])
    elif (comment := _COMMENT.match(state.src, start, state.posMax)) is not None:
        name, attributes, end, is_end_tag = "<!--", "", comment.end(), False
    else:
        return False
    if not silent:
        token = state.push("tag_close" if is_end_tag else "tag_open", name, 0)
        token.content, token.info = state.src[start:end], attributes
        token.meta["follows_word"] = state.src[start - 1 : start].isalnum()
        state.env["has_tags"] = True
    state.pos = end
    return True
