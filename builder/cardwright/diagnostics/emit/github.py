"""Diagnostics as GitHub Actions workflow commands, which GitHub shows next to the changed lines."""

from cardwright.diagnostics import Diagnostic, Severity
from cardwright.diagnostics.emit.terminal import escape_controls

# Source: GitHub documentation, "Workflow commands for GitHub Actions".
COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
    Severity.ADVICE: "notice",
}


def render(diagnostic: Diagnostic) -> str:
    """Return the diagnostic as one workflow command, without a line end.

    A span over several lines is given by its start alone, because GitHub ignores the columns of
    an annotation that covers several lines.
    """
    properties: dict[str, str | int] = {}
    if (span := diagnostic.span) is not None:
        start, end = span.start_position, span.end_position
        properties |= {"file": span.source.path, "line": start.line, "col": start.column}
        if start.line == end.line:
            properties["endColumn"] = end.column
    properties["title"] = diagnostic.code
    lines = [diagnostic.message]
    lines += [diagnostic.note] if diagnostic.note else []
    lines += [f"{related.span.location}: {related.text}" for related in diagnostic.related]
    lines += [f"help: {diagnostic.help}"] if diagnostic.help else []
    listed = ",".join(f"{name}={_escape_property(str(value))}" for name, value in properties.items())
    return f"::{COMMANDS[diagnostic.severity]} {listed}::" + "%0A".join(
        map(_escape_message, "\n".join(lines).split("\n"))
    )


def _escape_message(line: str) -> str:
    """Source: actions/toolkit, packages/core/src/command.ts, escapeData; line ends are escaped before."""
    return escape_controls(line).replace("%", "%25")


def _escape_property(text: str) -> str:
    """Source: the same file, escapeProperty."""
    return _escape_message(text).replace(":", "%3A").replace(",", "%2C")
