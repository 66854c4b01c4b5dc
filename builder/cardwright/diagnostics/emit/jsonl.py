"""A diagnostic for a program: one JSON object on one line."""

import json

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.span import Span


def render(diagnostic: Diagnostic) -> str:
    """The finding as JSON, without a line end.

    Lines and columns are 1-based, columns count code points, and the end is
    just behind the last character; path and places are null where no file is
    to blame. ASCII only: it passes through any pipe.
    """
    return json.dumps(
        {
            "code": diagnostic.code,
            "severity": diagnostic.severity.value,
            **_place(diagnostic.span),
            "message": diagnostic.message,
            "note": diagnostic.note,
            "help": diagnostic.help,
            "labels": [{**_place(label.span), "text": label.text} for label in diagnostic.related],
        }
    )


def _place(span: Span | None) -> dict[str, str | int | None]:
    if span is None:
        return dict.fromkeys(("path", "line", "column", "end_line", "end_column"))
    first, last = span.first, span.last
    return {
        "path": span.source.path,
        "line": first.line,
        "column": first.column,
        "end_line": last.line,
        "end_column": last.column,
    }
