"""Warn of text that Markdown probably reads differently from what its author meant."""

import re
from collections.abc import Iterator

from cardwright.collection import content as c
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.source.cloze_deletions import CLOZE_OPEN
from cardwright.source.nodes import Scalar

# The codes of the warnings, which `allow:` can suppress.
AMBIGUITY_WARNINGS = (
    "cloze-outside-cloze",
    "code-as-hint",
    "dollars-as-text",
    "line-as-markup",
    "picture-as-text",
)

# The beginning of a line that is a list, a heading or a quotation.
_BLOCK_MARKER = re.compile(r"(?:\d+(?=[.)])|)[-+*.)#>]")
# A formula as LaTeX and other tools write it.
_DOLLAR_FORMULA = re.compile(r"\$\$?(?:[A-Za-z]|(?=[^$]*[\\^_])[^$\s](?:[^$]*[^$\s])?)\$\$?")


def unparsed_markup(content: c.Content, scalar: Scalar, *, cloze: bool) -> Iterator[Diagnostic]:
    """Yield a warning for each cloze deletion, picture or formula that was read as text.

    cloze: whether `{{c1::…}}` is a deletion in this text.
    """
    for inline in c.inlines(content):
        if not isinstance(inline, c.Text):
            continue
        if not cloze and (match := CLOZE_OPEN.search(inline.text)):
            message = f"`{truncate(match[0])}` is only text on this card"
            help_ = "a card with deletions begins with `cloze:`"
            yield _warning("cloze-outside-cloze", message, scalar, match[0], help_)
        if "![" in inline.text and "](" in scalar.value:
            help_ = "put a path with spaces in it in <angle brackets>"
            yield _warning("picture-as-text", "a picture was read as text", scalar, "![", help_)
        if match := _DOLLAR_FORMULA.search(inline.text):
            message = f"`{truncate(match[0])}` is text"
            help_ = "put a formula between `\\(` and `\\)`"
            yield _warning("dollars-as-text", message, scalar, match[0], help_)


def accidental_block(content: c.Content, line: str, scalar: Scalar) -> Iterator[Diagnostic]:
    """Yield a warning if a text of one line became a list, a heading or a quotation.

    line: the text without the white space around it.
    """
    match content:
        case (c.BulletList(),) | (c.OrderedList(),):
            block = "a list"
        case (c.Heading(),):
            block = "a heading"
        case (c.Quote(),):
            block = "a quotation"
        case _:
            return
    marker = _BLOCK_MARKER.match(line)
    assert marker is not None
    backslash = "\\\\" if scalar.style == '"' else "\\"
    message = f"`{marker[0]}` at the beginning makes this text {block}"
    help_ = f"write `{marker[0][:-1]}{backslash}{marker[0][-1]}` to show it as text"
    yield _warning("line-as-markup", message, scalar, marker[0], help_)


def _warning(code: str, message: str, scalar: Scalar, part: str, help_: str) -> Diagnostic:
    return Diagnostic(code, message, scalar.part(part), Severity.WARNING, help=help_)
