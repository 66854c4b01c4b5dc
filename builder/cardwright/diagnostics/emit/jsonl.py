"""Diagnostics for a program: each is one JSON object on one line."""

import json

from cardwright.diagnostics import Diagnostic, Span


def render(diagnostic: Diagnostic) -> str:
    """Return the diagnostic as a JSON object, without a line end.

    Lines and columns are 1-based and columns count code points; the end is just after the last
    character. Without a span, path, lines and columns are null. Only ASCII is used, so that the
    text passes through any pipe.
    """
    return json.dumps(
        {
            "code": diagnostic.code,
            "severity": diagnostic.severity.value,
            **_location(diagnostic.span),
            "message": diagnostic.message,
            "note": diagnostic.note,
            "help": diagnostic.help,
            "labels": [{**_location(related.span), "text": related.text} for related in diagnostic.related],
        }
    )


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
