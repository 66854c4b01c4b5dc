"""`cardwright check`."""

import os
import sys
from datetime import UTC, datetime

import click

from cardwright import pipeline
from cardwright.cli import console, project
from cardwright.diagnostics import Report, Severity
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import closest_match, count_noun, truncate
from cardwright.shell.environment import LocalEnvironment
from cardwright.source.ambiguities import AMBIGUITY_WARNINGS


@click.command()
@click.argument("decks", metavar="[DECK]...", nargs=-1)
@click.option("--strict", is_flag=True, help="Fail on warnings and advice too.")
@console.format_option(
    "How to print the problems: for reading, as one JSON object a line, "
    "or as remarks beside the lines of a pull request on GitHub.",
    "json",
    "github",
)
@click.option(
    "--explain",
    metavar="[RULE]",
    is_flag=False,
    flag_value="",
    help="Explain why something is advised, and what to do instead; without RULE, list all rules.",
)
def command(decks: tuple[str, ...], strict: bool, output_format: str, explain: str | None) -> None:
    """Report problems in card sources, all of them at once.

    Reads the decks in cards_source/ and writes nothing. DECK is the id of a
    deck, the name of its folder, or a path; without one, all decks are
    checked.

    Besides problems there is advice on writing cards that are easy to learn.
    `allow: [RULE]` on a card, at the top of a topic or in deck.yaml turns it
    off there.

    Exits with 0 when the decks can be built, and with 1 when they can't.

    \b
    Example:
      cardwright check hamstrings
      cardwright check --strict --format github
      cardwright check --explain long-answer
    """
    if explain is not None:
        if decks:
            raise click.UsageError("--explain is about rules, not about decks; leave out one of the two")
        _explain(explain)
        return
    today = datetime.fromtimestamp(console.build_time(), UTC).date()
    root = project.find_root()
    report = Report()
    selected = project.select_decks(root, decks, report)
    report.extend(pipeline.check(selected, LocalEnvironment(root, os.environ, sys.stderr), today=today))
    console.print_report(report, output_format)
    if output_format == "text":
        advice = [diagnostic.code for diagnostic in report if diagnostic.severity is Severity.ADVICE]
        if advice:
            console.print_line(f"Why? cardwright check --explain {advice[0]}")
        deck_count = count_noun(len(selected), "deck")
        console.print_line(f"{deck_count} checked: {console.count_problems(report)}")
    failing = {Severity.ERROR, Severity.WARNING, Severity.ADVICE} if strict else {Severity.ERROR}
    raise SystemExit(1 if any(diagnostic.severity in failing for diagnostic in report) else 0)


def _explain(name: str) -> None:
    """Print the manual page of a rule, or the list of pages for an empty name."""
    from cardwright.check.manual import manual_pages, render_index, render_page

    pages = manual_pages()
    if name and name not in pages:
        near = closest_match(name, pages)
        hint = f"did you mean `{near}`?" if near else "without a name, `--explain` lists the pages"
        raise click.UsageError(f"there is no page about `{escape_controls(truncate(name))}`; {hint}")
    for line in render_page(name, pages[name]) if name else render_index(pages, AMBIGUITY_WARNINGS):
        console.print_line(line)
