"""`cardwright check`."""

import os
import sys

import click

from builder import pipeline
from builder.cli import project, say
from builder.diagnostics.diagnostic import Severity
from builder.diagnostics.report import Report
from builder.shell.workshop import LocalWorkshop


@click.command(short_help="Report problems in card sources.")
@click.argument("decks", metavar="[DECK]...", nargs=-1)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How to print the problems: for reading, as one JSON object a line, "
    "or as remarks beside the lines of a pull request on GitHub.",
)
def command(decks: tuple[str, ...], strict: bool, form: str) -> None:
    """Report problems in card sources, all of them at once.

    Reads the decks in cards_source/ and writes nothing. DECK is the id of a
    deck, the name of its folder, or a path; without one, all decks are
    checked.

    Exits with 0 when the decks can be built, and with 1 when they cannot.

    \b
    Example:
      cardwright check hamstrings
      cardwright check --strict --format github
    """
    root = project.root()
    report = Report()
    chosen = project.chosen(root, decks, report)
    report.extend(pipeline.check(chosen, LocalWorkshop(root, os.environ, sys.stderr)))
    say.findings(report, form)
    if form == "text":
        say.line(f"{say.number(len(chosen), 'deck')} checked: {say.counts(report)}")
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    raise SystemExit(1 if any(found.severity in failing for found in report) else 0)
