"""`cardwright check`."""

import click

from cardwright.cli import console, project
from cardwright.cli.completion import complete_decks, complete_rules
from cardwright.cli.only import only_option

_DAY = 24 * 60 * 60


@click.command()
@click.argument("decks", metavar="[DECK]...", nargs=-1, shell_complete=complete_decks)
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
    shell_complete=complete_rules,
    help="Explain a rule: why something is bad, and what to write instead; without RULE, list all rules.",
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
    that have sheets in decks/ or `print:` in deck.yaml. `--only pdf` checks it
    for any deck, `--only anki` for none; `print: false` in deck.yaml says once
    and for all that a deck is not printed.

    Besides problems there is advice on writing cards that are easy to learn.
    `allow: [RULE]` on a card, at the top of a file of cards or in deck.yaml
    turns it off there.

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
    time = console.build_time()
    root = project.find_root()
    # Some advice depends on the day.
    arguments = (only, strict, output_format, show_all, time // _DAY)
    run = project.replay_or_begin_run(root, "check", decks, *arguments)
    # A run that is replayed does without the compiler and its libraries.
    from cardwright.cli.checking import check_decks

    printed = check_decks(
        root, decks, only=only, time=time, strict=strict, output_format=output_format, show_all=show_all
    )
    run.keep(printed, {})
    raise SystemExit(printed.code)


# Codes of different messages are at most as similar; 1 is equal.
_SIMILAR_CODES = 0.8


def _explain(name: str) -> None:
    """Print the manual page of a rule, or the list of pages for an empty name."""
    from difflib import SequenceMatcher

    from cardwright.check.manual import render_index, render_page, rule_groups
    from cardwright.diagnostics.emit.terminal import escape_controls
    from cardwright.diagnostics.phrases import closest_match, truncate
    from cardwright.source.ambiguity_warnings import AMBIGUITY_WARNINGS

    groups = rule_groups(AMBIGUITY_WARNINGS)
    codes = [code for group in groups for code in group.pages]
    if name and name not in codes:
        near = closest_match(name, codes)
        # It may be the code of a message without a page, which is not to lead to another's page.
        if SequenceMatcher(None, name.lower(), near).ratio() <= _SIMILAR_CODES:
            near = ""
        others = "messages with other codes say all there is to know; "
        hint = f"did you mean `{near}`?" if near else f"{others}without a name, `--explain` lists the pages"
        raise click.UsageError(f"there is no page about `{escape_controls(truncate(name))}`; {hint}")
    for line in render_page(name, groups) if name else render_index(groups):
        console.print_line(line)
