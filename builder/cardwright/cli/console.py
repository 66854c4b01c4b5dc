"""Prints reports in the chosen format, and lines that survive a closed pipe."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NoReturn, TypeVar

import click

from cardwright.shell import clock

# What prints diagnostics is imported with its first use, since usage errors and help do without.
if TYPE_CHECKING:
    from cardwright.diagnostics import Diagnostic, Report
    from cardwright.diagnostics.emit import text
    from cardwright.shell.replay import Printed

_Function = TypeVar("_Function", bound=Callable[..., object])
_T = TypeVar("_T")

_COLOURS: Mapping[str, str | None] = {
    "error": "red",
    "warning": "yellow",
    "note": "cyan",
    "advice": "green",
    "headline": None,
    "frame": "blue",
    "label": "blue",
}


def format_option(explanation: str, *formats: str) -> Callable[[_Function], _Function]:
    """Return the option `--format`, whose value is `text` or one of these formats."""
    choice = click.Choice(["text", *formats])
    return click.option(
        "--format", "output_format", type=choice, default="text", show_default=True, help=explanation
    )


def json_option(function: _Function) -> _Function:
    """Add the option `--format` of a command that says what it did to a person or to a program."""
    explanation = (
        "How to print the result: for reading, or as a line of JSON for a program; see docs/json.md."
    )
    return format_option(explanation, "json")(function)


def all_option(function: _Function) -> _Function:
    """Add the option `--all`, for reports that are not abridged; its value is `show_all`."""
    help_ = "Show every problem, even if there are very many of a kind."
    return click.option("--all", "show_all", is_flag=True, help=help_)(function)


def print_line(line: str = "", *, err: bool = False) -> None:
    """Print a line, or several. None acts on the terminal or passes for a command of a build server.

    If the other end of the pipe is closed (`| head`), print nothing from now on.
    """
    print_escaped(escape_lines(line), err=err)


def escape_lines(lines: str) -> str:
    """Return a line, or several, as `print_line` prints them."""
    return "\n".join(map(_escape_line, lines.split("\n")))


def print_rendered(printed: "Printed") -> None:
    """Print what was rendered before."""
    for texts, err in ((printed.err, True), (printed.out, False)):
        if texts:
            print_escaped("\n".join(texts), err=err)


def _escape_line(line: str) -> str:
    if line.isascii() and line.isprintable() and "##" not in line and "::" not in line:
        return line
    from cardwright.diagnostics.emit.terminal import escape_line

    return escape_line(line)


def print_escaped(text: str, *, err: bool = False) -> None:
    """Print a text in which nothing has to be escaped any more; see `print_line`."""
    try:
        click.echo(text, err=err)
    except BrokenPipeError:
        stream = sys.stderr if err else sys.stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def print_report(
    report: "Iterable[Diagnostic]", output_format: str = "text", *, err: bool = False, show_all: bool = True
) -> None:
    """Print diagnostics; see `render_report`."""
    for text in render_report(report, output_format, show_all=show_all):
        print_escaped(text, err=err)


def render_report(
    report: "Iterable[Diagnostic]", output_format: str = "text", *, show_all: bool = True
) -> list[str]:
    """Return diagnostics as they are printed. output_format: `text`, `json` (one object a line) or `github`.

    show_all: whether people get to see all of them, when there are very many; programs always do.
    """
    from cardwright.diagnostics.emit import abridged, github, jsonl, text

    diagnostics = list(report)
    if output_format != "json":
        diagnostics = abridged.sort_by_severity(diagnostics)
    summary = abridged.summarize_rules(diagnostics) if output_format == "text" else []
    if not show_all and output_format != "json":
        diagnostics = abridged.abridge(diagnostics)
    renderers: dict[str, Callable[[Diagnostic], str]] = {
        "text": lambda diagnostic: text.render(diagnostic, _paint()) + "\n",
        "json": jsonl.render,
        "github": github.render,
    }
    texts = [renderers[output_format](diagnostic) for diagnostic in diagnostics]
    return [*texts, *map(escape_lines, summary)]


def fail(report: "Report", output_format: str = "text", *, show_all: bool = True) -> NoReturn:
    """Print the diagnostics, say that nothing was written, and exit with 1. show_all: see `print_report`."""
    print_failure(report, output_format, show_all=show_all)
    raise SystemExit(1)


def print_failure(report: "Report", output_format: str = "text", *, show_all: bool = True) -> None:
    """Print the diagnostics, and say that nothing was written. show_all: see `print_report`."""
    is_text = output_format == "text"
    print_report(report, output_format, err=is_text, show_all=show_all)
    if is_text:
        print_line(f"{count_problems(report)}; nothing was written", err=True)


def value_or_report(value: "_T | Diagnostic", report: "Report") -> _T | None:
    """Return a value; if it is a diagnostic in place of one, report it and return None."""
    from cardwright.diagnostics import Diagnostic

    if isinstance(value, Diagnostic):
        report.add(value)
        return None
    return value


def count_problems(report: "Report") -> str:
    """Return such as `2 errors, 1 warning, 3 pieces of advice`, or `no problems`."""
    from cardwright.diagnostics import Severity
    from cardwright.diagnostics.phrases import count_noun

    # Anki's notes are counted as notes, so diagnostics of that severity get another name.
    nouns = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "remark"}
    severities = [diagnostic.severity for diagnostic in report]
    counts = [
        count_noun(severities.count(severity), noun)
        for severity, noun in nouns.items()
        if severity in severities
    ]
    if advice_count := severities.count(Severity.ADVICE):
        counts.append(f"{count_noun(advice_count, 'piece')} of advice")
    return ", ".join(counts) or "no problems"


def build_time() -> int:
    """Return the time of the build in seconds since 1970; see `clock.build_time`.

    Errors: a usage error when SOURCE_DATE_EPOCH is not a time.
    """
    try:
        return clock.build_time(os.environ)
    except clock.InvalidBuildTime as error:
        raise click.UsageError(str(error)) from error


def _paint() -> "text.Paint":
    """Return colours, unless the user does not want any; click drops them where there is no terminal.

    Source: https://no-color.org/
    """
    from cardwright.diagnostics.emit import text

    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text.plain
    return lambda role, part: click.style(part, fg=_COLOURS[role], bold=True)
