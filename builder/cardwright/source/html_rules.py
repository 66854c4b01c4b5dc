"""Rules of markdown-it for the HTML in texts; `markdown_html.py` decides which of the tags are markup."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from cardwright.source.html_tags import ATTRIBUTE, CONTAINERS, KNOWN_TO_HTML, TAG

# A line of nothing but one tag of an element that may hold several paragraphs.
_CONTAINER_LINE = re.compile(rf"[ \t>]*(?=</?(?:{'|'.join(CONTAINERS)})\b){TAG.pattern}[ \t]*", re.IGNORECASE)
_ANKI_FORMULA = "anki-mathjax"
# What Word leaves in texts that are copied from it.
_REMNANT = re.compile(r"<(?:/?((?:o|w|v|m|x|st1):[a-z]+)\b|!\[(?:if|endif)\b)[^<>]*>", re.IGNORECASE)
_MAX_CONTAINER_DEPTH = 12
# An attribute without a value that is none of these is a word of `a <b and c> d`.
# Source: HTML Living Standard, "Index: Attributes", "Boolean attribute".
_BOOLEAN_ATTRIBUTES = frozenset(
    """
    allowfullscreen async autofocus autoplay checked controls default defer disabled download formnovalidate
    hidden inert ismap itemscope loop multiple muted nomodule noresize noshade novalidate nowrap open
    playsinline readonly required reversed selected
    """.split()  # noqa: SIM905  a list of one word a line would fill a page
)


def add_html_rules(parser: MarkdownIt) -> None:
    """Let a parser find tags within lines, and blocks between tags on lines of their own."""
    parser.inline.ruler.after("autolink", "tag", _parse_tag)
    interrupted = ["paragraph", "reference", "blockquote", "list"]
    parser.block.ruler.before("paragraph", "container", _parse_container, {"alt": interrupted})


def _parse_container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse blocks between `<div …>` and `</div>` on lines of their own; a block rule of markdown-it."""
    if state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]][:1] != "<":
        return False
    if "container_ends" not in state.env:
        state.env["container_ends"] = _find_container_ends(state.src)
    last = state.env["container_ends"].get(start)
    if last is None or last >= end or state.level >= _MAX_CONTAINER_DEPTH:
        return False
    if silent:
        return True
    match = _CONTAINER_LINE.fullmatch(state.src, state.bMarks[start], state.eMarks[start])
    assert match is not None
    token = state.push("container_open", match[2].lower(), 1)
    token.info, token.content = match[3], match[0].strip(" \t>")
    outer = state.lineMax, state.parentType, state.blkIndent
    # Authors indent what is between the tags; that makes no code of it.
    indents = [state.sCount[line] for line in range(start + 1, last) if not state.isEmpty(line)]
    state.lineMax, state.parentType, state.blkIndent = last, "container", min(indents, default=0)
    state.md.block.tokenize(state, start + 1, last)
    state.lineMax, state.parentType, state.blkIndent = outer
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


def _find_comment_end(state: StateInline) -> int:
    """Return where a comment ends that begins here; -1 for none."""
    if not state.src.startswith("<!--", state.pos) or state.env.get("without_comment_end") is state.src:
        return -1
    end = state.src.find("-->", state.pos + 4, state.posMax)
    if end < 0:
        state.env["without_comment_end"] = state.src  # not to look for it behind every `<!--`
        return -1
    return end + 3


def _parse_tag(state: StateInline, silent: bool) -> bool:
    """Parse a tag of an element that HTML knows, or a comment; an inline rule of markdown-it."""
    start = state.pos
    if state.src[start] != "<":
        return False
    tag = TAG.match(state.src, start, state.posMax)
    if tag is not None:
        name, attributes = tag[2].lower(), tag[3]
        without_value = {key.lower() for key, value in ATTRIBUTE.findall(attributes) if not value}
        is_known = name in KNOWN_TO_HTML or name == _ANKI_FORMULA
        if not is_known or not without_value <= _BOOLEAN_ATTRIBUTES:
            return False
        end, is_end_tag = tag.end(), bool(tag[1])
    elif (remnant := _REMNANT.match(state.src, start, state.posMax)) is not None:
        name, attributes, end, is_end_tag = (
            (remnant[1] or "![").lower(),
            "",
            remnant.end(),
            remnant[0].startswith("</"),
        )
    elif (end := _find_comment_end(state)) >= 0:
        name, attributes, is_end_tag = "<!--", "", False
    else:
        return False
    if not silent:
        token = state.push("tag_close" if is_end_tag else "tag_open", name, 0)
        token.content, token.info = state.src[start:end], attributes
        token.meta["follows_word"] = state.src[start - 1 : start].isalnum()
        state.env["has_tags"] = True
    state.pos = end
    return True
