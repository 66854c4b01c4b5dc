"""`cardwright print`."""

from typing import Any

import click

from cardwright.cli import console
from cardwright.cli.printing import options
from cardwright.cli.printing.options import PrintOptions
from cardwright.layout.geometry import SHEETS


@click.command()
@click.argument("deck", metavar="[DECK]", required=False)
@click.option("--card", metavar="NAME|FILE", help="Card size: a preset, or a file with your own measures.")
@click.option("--paper", metavar="NAME", help=f"One of {', '.join(SHEETS)}.")
@click.option("--flip", type=click.Choice(["long", "short"]), help="The edge that paper is turned over.")
@click.option(
    "--mode",
    type=click.Choice(["duplex", "split", "fold", "single"]),
    help="Both sides in one file; fronts and backs in two; both on one side, to be folded; fronts alone.",
)
@click.option(
    "--order",
    type=click.Choice(["rows", "stacks"]),
    help="Along the rows of a sheet, or so that the stacks of the cut pile need only be put on each other.",
)
@click.option(
    "--rotate-backs/--no-rotate-backs", default=None, help="Turn backs upside down, for cards turned upwards."
)
@click.option("--marks", type=click.Choice(["crops", "lines", "none"]), help="What shows where to cut.")
@click.option(
    "--bleed",
    metavar="LENGTH",
    callback=options.a_length,
    help="How far colour runs over the cut: 3mm, 0.1in.",
)
@click.option(
    "--offset", metavar="X,Y", callback=options.an_offset, help="Move backs, in mm to the right and down."
)
@click.option(
    "--printer",
    metavar="NAME",
    callback=options.a_name,
    help="Use the offset kept under this name; with --offset, keep it.",
)
@click.option("--scale-font", metavar="NUMBER", callback=options.a_number, help="Make type larger: 0.5 to 2.")
@click.option("--grey/--no-grey", default=None, help="Draw without colour; pictures keep theirs.")
@click.option(
    "--layout",
    type=click.Choice(["cards", "list", "quiz", "summary"]),
    default="cards",
    help="Cards; questions beside answers; questions with lines to write on; topics on a page or two.",
)
@click.option("--topic", metavar="NAME", multiple=True, help="Only cards of this topic.")
@click.option("--tag", metavar="TAG", multiple=True, help="Only cards with this tag, or one below it.")
@click.option(
    "--ids", metavar="ID,…", multiple=True, callback=options.words, help="Only these cards, items, cells."
)
@click.option("--changed", metavar="SINCE", help="Only cards new or edited since a day or a release.")
@click.option("--fit", type=click.Choice(["report"]), help="Show the ten tightest cards; print nothing.")
@click.option("--preview", is_flag=True, help="Write PNG pictures of the pages in place of a PDF.")
@click.option(
    "--out",
    metavar="FILE|FOLDER",
    callback=options.a_name,
    help="Where to write; the folder you are in unless given.",
)
@click.option("--calibrate", is_flag=True, help="Write a test page for --offset; needs no DECK.")
@click.option("--list-presets", is_flag=True, help="Show all card sizes there are; needs no DECK.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How to print problems; see `check`.",
)
@click.pass_context
def command(ctx: click.Context, /, **asked: Any) -> None:
    """Print a deck's cards for one purpose: on your paper, with your printer.

    Reads the deck in cards_source/ and writes <deck>-cards.pdf, or -list,
    -quiz or -summary.pdf, into the folder you are in, and nothing else:
    sources, locks and decks/ stay as they are. --mode split writes two files,
    -fronts and -backs; of a big deck there are several, -1, -2 and so on.
    What you do not choose is as `print:` in deck.yaml says. DECK may be left
    out when there is one.

    --topic, --tag and --ids can be given several times, for all that meet
    one of them; --topic with --tag means cards that meet both. SINCE is a day
    (2026-11-01, also with a time), a package or a lock of an earlier build,
    or a revision in git such as v1.0. A PDF is written over; what else has
    the name of one is not.

    Exits with 0 when all is written, and with 1 when there is something to
    mend or nothing to print.

    \b
    Example:
      cardwright print hamstrings --card poker --paper letter
      cardwright print --mode split --order stacks --out ~/Desktop
      cardwright print --changed v1.0 --printer office
      cardwright print --calibrate --paper a4
    """
    names = {one.name or "": one.opts[0] for one in ctx.command.params if isinstance(one, click.Option)}
    names["deck"] = "a DECK"
    default = click.core.ParameterSource.DEFAULT
    given = {name: typed for name, typed in names.items() if ctx.get_parameter_source(name) is not default}
    request = PrintOptions(given=tuple(given.values()), **asked)
    options.refuse_conflicts(request, given, names)
    if request.list_presets:
        from cardwright.layout.card_size_list import list_card_sizes

        console.print_line(list_card_sizes().rstrip())
        return
    if request.calibrate:
        from cardwright.cli.printing.calibrate import calibrate

        calibrate(request)
        return
    from cardwright.cli.printing.sheets import print_deck

    print_deck(request)
