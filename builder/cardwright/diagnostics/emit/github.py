"""A diagnostic for GitHub Actions: a workflow command that becomes a remark beside the changed line."""

from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.span import Span

# Source: GitHub documentation, "Workflow commands for GitHub Actions".
COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
    Severity.ADVICE: "notice",
}


def render(diagnostic: Diagnostic) -> str:
    """The finding as one workflow command, without a line end.

    A stretch over several lines is given by its beginning alone: GitHub drops
    the columns of a remark that spans lines.
    """
    properties: dict[str, str | int] = {}
    if (span := diagnostic.span) is not None:
        properties |= {"file": span.source.path, "line": span.first.line, "col": span.first.column}
        if span.last.line == span.first.line:
            properties["endColumn"] = span.last.column
    properties["title"] = diagnostic.code
    told = [diagnostic.message]
    told += [diagnostic.note] if diagnostic.note else []
    told += [f"{_place(label.span)}: {label.text}" for label in diagnostic.related]
    told += [f"help: {diagnostic.help}"] if diagnostic.help else []
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{COMMANDS[diagnostic.severity]} {listed}::" + _data("\n".join(told))


def _place(span: Span) -> str:
    return f"{span.source.path}:{span.first.line}:{span.first.column}"


def _data(text: str) -> str:
    """Escapes a message. Source: actions/toolkit, packages/core/src/command.ts, escapeData."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escapes a property. Source: the same file, escapeProperty."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
