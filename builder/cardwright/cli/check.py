"""`cardwright check`."""

import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import click

from cardwright import pipeline
from cardwright.cli import console, project
from cardwright.cli.only import only_option
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Report, Severity
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import closest_match, count_noun, truncate
from cardwright.formats.outputs import OUTPUT_NAMES, Output
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
@only_option("Check for these alone")
@console.all_option
def command(
    decks: tuple[str, ...],
    strict: bool,
    output_format: str,
    explain: str | None,
    only: tuple[str, ...] | None,
    show_all: bool,
) -> None:
    """Report problems in card sources, all of them at once.

    Reads the decks in cards_source/ and writes nothing. DECK is the id of a
    deck, the name of its folder, or a path; without one, all decks are
    checked.

    Whether texts fit on paper is checked for decks that are printed: those
    that have sheets in decks/ or `print:` in deck.yaml. --only pdf checks it
    for any deck, --only anki for none; `print: false` in deck.yaml says once
    and for all that a deck is not printed.

    Besides problems there is advice on writing cards that are easy to learn.
    `allow: [RULE]` on a card, at the top of a topic or in deck.yaml turns it
    off there.

    Exits with 0 when the decks can be built, and with 1 when an error stops
    all or a part of it.

    \b
    Example:
      cardwright check hamstrings
      cardwright check --strict --format github
      cardwright check --only anki
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
    environment = LocalEnvironment(root, os.environ, sys.stderr)
    unused: list[tuple[Output, Deck]] | None = [] if only is None else None
    salt = secrets.token_hex(3)
    outputs = only or OUTPUT_NAMES
    report.extend(pipeline.check(selected, environment, outputs, today, salt=salt, unused=unused))
    console.print_report(report, output_format, show_all=show_all)
    if output_format == "text":
        advice = [diagnostic.code for diagnostic in report if diagnostic.severity is Severity.ADVICE]
        if advice:
            console.print_line(f"Why? cardwright check --explain {advice[0]}")
        deck_count = count_noun(len(selected), "deck")
        console.print_line(f"{deck_count} checked: {console.count_problems(report)}")
        for line in _unchecked(unused or ()):
            console.print_line(line)
    failing = {Severity.ERROR, Severity.WARNING, Severity.ADVICE} if strict else {Severity.ERROR}
    raise SystemExit(1 if any(diagnostic.severity in failing for diagnostic in report) else 0)


def _unchecked(unused: Iterable[tuple[Output, Deck]]) -> Iterator[str]:
    """Yield a line for each output that was not checked for some decks, and how to check it."""
    names_by_output: dict[Output, list[str]] = {}
    for output, deck in unused:
        names_by_output.setdefault(output, []).append(escape_controls(truncate(deck.name or deck.folder)))
    for output, names in names_by_output.items():
        decks = f"{len(names)} decks" if len(names) > 1 else names[0]
        what = f"{output.description} of {decks}, as there are none yet"
        yield f"not checked: {what} (--only {output.name} checks them)"


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
