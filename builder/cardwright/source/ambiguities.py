"""Text that Markdown takes otherwise than its author probably meant it: warnings."""

import re
from collections.abc import Iterator

from cardwright.collection import content as c
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.source.markup_rules import CLOZE_OPEN
from cardwright.source.nodes import Scalar

# What may be said here, and silenced with `allow:`.
AMBIGUITY_WARNINGS = ("cloze-outside-cloze", "dollars-as-text", "line-as-markup", "picture-as-text")

# What makes a line a list, a heading or a quotation.
_BEGINNING = re.compile(r"(?:\d+(?=[.)])|)[-+*.)#>]")
# A formula as LaTeX and other tools have it.
_DOLLARS = re.compile(r"\$\$?(?:[A-Za-z]|(?=[^$]*[\\^_])[^$\s](?:[^$]*[^$\s])?)\$\$?")


def unparsed_markup(content: c.Content, written: Scalar, *, cloze: bool) -> Iterator[Diagnostic]:
    """What was meant as a deletion, a picture or a formula and is only text.

    cloze: whether `{{c1::…}}` is a deletion in this text.
    """
    for inline in c.inlines(content):
        if not isinstance(inline, c.Text):
            continue
        if not cloze and (opener := CLOZE_OPEN.search(inline.text)):
            message = f"`{truncate(opener[0])}` is only text on this card"
            advice = "a card with deletions begins with `cloze:`"
            yield _doubt("cloze-outside-cloze", message, written, opener[0], advice)
        if "![" in inline.text and "](" in written.value:
            advice = "a path with spaces in it stands in <angle brackets>"
            yield _doubt("picture-as-text", "a picture was read as text", written, "![", advice)
        if formula := _DOLLARS.search(inline.text):
            advice = "a formula stands between `\\(` and `\\)`"
            yield _doubt("dollars-as-text", f"`{truncate(formula[0])}` is text", written, formula[0], advice)


def accidental_block(content: c.Content, text: str, written: Scalar) -> Iterator[Diagnostic]:
    """A line whose beginning was hardly meant as Markdown. text: the line, without the space around it."""
    match content:
        case (c.BulletList(),) | (c.OrderedList(),):
            what = "a list"
        case (c.Heading(),):
            what = "a heading"
        case (c.Quote(),):
            what = "a quotation"
        case _:
            return
    begins = _BEGINNING.match(text)
    assert begins is not None
    instead = f"{begins[0][:-1]}\\{begins[0][-1]}"
    if written.style == '"':
        instead = instead.replace("\\", "\\\\")
    message = f"`{begins[0]}` at its beginning makes this text {what}"
    yield _doubt("line-as-markup", message, written, begins[0], f"write `{instead}` to have it shown")


def _doubt(code: str, message: str, written: Scalar, part: str, advice: str) -> Diagnostic:
    return Diagnostic(code, message, written.part(part), Severity.WARNING, help=advice)
