"""How commands speak: findings in the chosen form, counts, and lines that survive a closed pipe."""

import os
import sys
from collections.abc import Callable, Mapping

import click

from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.emit import github, jsonl, text
from cardwright.diagnostics.phrases import count_noun
from cardwright.diagnostics.report import Report

_COLOURS: Mapping[str, str | None] = {
    "error": "red",
    "warning": "yellow",
    "note": "cyan",
    "advice": "green",
    "headline": None,
    "frame": "blue",
    "label": "blue",
}


def line(said: str = "", *, err: bool = False) -> None:
    """Prints a line. When nobody reads any more (`| head`), the work goes on in silence."""
    try:
        click.echo(said, err=err)
    except BrokenPipeError:
        stream = sys.stderr if err else sys.stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def findings(report: Report, form: str = "text", *, err: bool = False) -> None:
    """Prints all findings. form: `text`, `json` (one object a line) or `github`."""
    renderers: dict[str, Callable[[Diagnostic], str]] = {
        "text": lambda found: text.render(found, _paint()) + "\n",
        "json": jsonl.render,
        "github": github.render,
    }
    for found in report:
        line(renderers[form](found), err=err)


def counts(report: Report) -> str:
    """`2 errors, 1 warning, 3 pieces of advice`, or `no problems`."""
    # A note is what Anki has; findings of that grade are counted under another name.
    nouns = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "remark"}
    severities = [found.severity for found in report]
    told = [count_noun(severities.count(one), noun) for one, noun in nouns.items() if one in severities]
    if pieces := severities.count(Severity.ADVICE):
        told.append(f"{count_noun(pieces, 'piece')} of advice")
    return ", ".join(told) or "no problems"


def _paint() -> text.Paint:
    """Colours, unless the user does not want any; click drops them where no terminal is.

    Source: https://no-color.org/
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text.plain
    return lambda role, part: click.style(part, fg=_COLOURS[role], bold=True)
