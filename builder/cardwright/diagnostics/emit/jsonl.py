"""Diagnostics for a program: each is one JSON object on one line."""

import json
import re

from cardwright.diagnostics import Diagnostic, Span


def render(diagnostic: Diagnostic) -> str:
    """Return the diagnostic as a JSON object, without a line end; see `to_object`."""
    return to_line(to_object(diagnostic))


def to_object(diagnostic: Diagnostic) -> dict[str, object]:
    """Return the diagnostic as an object for JSON.

    Lines and columns are 1-based and columns count code points; the end is just after the last
    character. Without a span, path, lines and columns are null.
    """
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        **_location(diagnostic.span),
        "message": diagnostic.message,
        "note": diagnostic.note,
        "help": diagnostic.help,
        "labels": [{**_location(related.span), "text": related.text} for related in diagnostic.related],
    }


def to_line(value: object) -> str:
    """Return a value as JSON on one line, exactly, and in characters that no pipe, terminal or log acts on.

    What is not ASCII is written as an escape, and so are the characters that `escape_line` replaces.
    """
    return re.sub(r"#(?=#)|\x7f", lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value))


def _location(span: Span | None) -> dict[str, str | int | None]:
    if span is None:
        return dict.fromkeys(("path", "line", "column", "end_line", "end_column"))
    start, end = span.start_position, span.end_position
    return {
        "path": span.source.path,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }
