"""A text as it may be shown: in one form of Unicode, and nothing in it that cannot be seen."""

import re
import unicodedata

from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.span import Span
from cardwright.source.nodes import Scalar

# Allowed by YAML's escapes, and never meant: they print nothing or turn the text around.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
# What one writes as a comment has two spaces in front and one behind it; what has not may be
# meant as text. Source: the defaults of yamllint, rule `comments`.
_CLOSE_COMMENT = re.compile(r"[ \t](?:#|[ \t]+#(?=[^\s#]))[^\r\n]*")


def clean(written: Scalar, report: Report) -> str:
    """The text of a scalar in NFC, without the white space around it.

    Errors: `control-character`, at its place if the source has it as it is; a
    warning for a comment that may be meant as text.
    """
    text = written.value.strip()
    if not written.style and (comment := _CLOSE_COMMENT.match(written.source.text, written.end)):
        start = comment.start() + comment[0].index("#")
        report.add(
            Diagnostic(
                code="comment-in-text",
                message="`#` behind a space begins a comment, which is no part of the text",
                span=Span(written.source, start, comment.end()),
                severity=Severity.WARNING,
                help="quote the whole text; or, for a comment, write two spaces before `#` and one behind",
            )
        )
    if text.isascii() and text.isprintable():
        return text
    for match in _UNPRINTABLE.finditer(text):
        report.add(
            Diagnostic(
                code="control-character",
                message=f"a character that cannot be shown: U+{ord(match[0]):04X}",
                span=written.part(match[0]),
                help="delete it",
            )
        )
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text))


def clean_line(written: Scalar, report: Report) -> str:
    """The same as one line: a name, a title."""
    return " ".join(clean(written, report).split())
