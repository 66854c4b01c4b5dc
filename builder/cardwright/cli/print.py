"""The command `cardwright print`."""

from typing import Any

import click

from cardwright.cli import completion, console, project
from cardwright.cli.printing import options as o
from cardwright.cli.printing.options import enum_option
from cardwright.layout.geometry import SHEETS, Flip
from cardwright.layout.plan import Marks, Mode, Order, Overflow, PrintLayout


@click.command()
@click.argument("deck", metavar="[DECK]", required=False, shell_complete=completion.complete_decks)
@click.option(
    "--card",
    metavar="NAME|FILE",
    shell_complete=completion.complete_card_sizes,
    help="Card size: see --list-presets; or a file with your own measures.",
)
@click.option(
    "--paper", metavar="NAME", shell_complete=completion.complete_papers, help=f"One of {', '.join(SHEETS)}."
)
@enum_option("--flip", Flip, help="The edge of the paper over which the printer turns it.")
@enum_option(
    "--mode",
    Mode,
    help="`duplex`: both sides in one file; `split`: fronts and backs in two; "
    "`fold`: both on one side of the paper, to be folded; `single`: only fronts.",
)
@enum_option(
    "--order",
    Order,
    help="How cards fill the sheets: along the `rows` of each; or in `stacks`, so that a cut pile only has "
    "to be put together.",
)
@click.option(
    "--rotate-backs/--no-rotate-backs",
    default=None,
    help="Print backs upside down, for cards that are turned over their top edge.",
)
@enum_option(
    "--marks",
    Marks,
    help="What shows where to cut: `lines` for scissors; `crops`, marks in the margins for a guillotine; or "
    "`none`. If left out, lines, or crops for stacks.",
)
@click.option(
    "--bleed", metavar="LENGTH", callback=o.to_length, help="How far colour runs over the cut: 3mm, 0.1in."
)
@click.option(
    "--offset",
    metavar="X,Y",
    callback=o.to_offset,
    help="Move backs, in mm to the right and down, such as `0.5,-1`.",
)
@click.option(
    "--printer",
    metavar="NAME",
    callback=o.check_not_blank,
    help="Use the offset saved under this name; with --offset, save it.",
)
@click.option(
    "--start-at",
    metavar="CELL",
    callback=o.to_cell,
    help="Begin in this cell of the first sheet, counted as one reads; for a sheet that is partly used.",
)
@click.option("--scale-font", metavar="NUMBER", callback=o.check_number, help="Make type larger: 0.5 to 2.")
@click.option("--grey/--no-grey", default=None, help="Draw without colour; pictures keep theirs.")
@enum_option(
    "--overflow",
    Overflow,
    help="What becomes of texts too long for a card: `error` prints nothing; `continue` goes on on further "
    "cards; `skip` leaves these cards out.",
)
@enum_option(
    "--layout",
    PrintLayout,
    default="cards",
    show_default=True,
    help="`cards`; a `list` of questions beside answers; a `quiz`, questions with lines to write on; "
    "a `summary` of the topics on a page or two.",
)
@click.option(
    "--topic",
    metavar="NAME",
    shell_complete=completion.complete_topics,
    multiple=True,
    help="Only cards of this topic.",
)
@click.option(
    "--tag",
    metavar="TAG",
    shell_complete=completion.complete_tags,
    multiple=True,
    help="Only cards with this tag, or one below it.",
)
@click.option(
    "--ids",
    metavar="ID,…",
    shell_complete=completion.complete_ids,
    multiple=True,
    callback=o.split_at_commas,
    help="Only these cards, items or cells, by their ids.",
)
@click.option("--changed", metavar="SINCE", help="Only cards that are new or look different since then.")
@click.option(
    "--fit",
    type=click.Choice(["report"]),
    metavar="report",
    help="Show the ten tightest cards; print nothing.",
)
@click.option("--preview", is_flag=True, help="Write PNG pictures of the pages instead of a PDF.")
@click.option(
    "--out",
    metavar="FILE|FOLDER",
    callback=o.check_not_blank,
    help="Where to write; by default the folder you are in.",
)
@click.option("--calibrate", is_flag=True, help="Write a test page for --offset; needs no DECK.")
@click.option("--list-presets", is_flag=True, help="Show all card sizes; needs no DECK.")
@console.format_option(
    "How to print what was done: for reading, as a line of JSON for a program (see docs/json.md), "
    "or only the problems, as `check` does.",
    "json",
    "github",
)
@click.pass_context
def command(ctx: click.Context, /, **values: Any) -> None:
    """Print a deck's cards for one purpose: on your paper, with your printer.

    Reads the deck in cards_source/ and writes <deck>-cards.pdf, or -list,
    -quiz or -summary.pdf, into the folder you are in, and nothing else:
    sources, locks and decks/ stay as they are. What you choose is part of
    the name, as in <deck>-cards-poker-tag-exam.pdf, so only the same choices
    overwrite a file, and only a PDF; --out gives it another name.
    `--mode split` writes two files, -fronts and -backs; of a big deck there
    are several, -1, -2 and so on. What you do not choose is as `print:` in
    deck.yaml says. You can leave out DECK when there is only one.

    --topic, --tag, --ids and --changed narrow the choice together: with
    `--tag exam --ids knee`, the card knee is printed only if it has the tag.
    The first three can be given several times; `--tag exam --tag hard` is for
    cards that have one of the tags, or both.

    SINCE is a day (2026-11-01, also with a time), a package or a lock of an
    earlier build, or a revision in git such as v1.0. What counts is what
    cards show: texts, pictures, sources, topic and id, also where a template
    of yours shows them in another way. Tags, typed answers, addresses of
    links, deck options, the cards' numbers and how sheets are laid out do not
    count. With a day or a package, an edit that was taken back counts
    too, and so does every edit before the first build with this version.

    Exits with 0 when everything is written, and with 1 when there is
    something to fix or nothing to print.

    \b
    Example:
      cardwright print hamstrings --card poker --paper letter
      cardwright print --mode split --order stacks --out ~/Desktop
      cardwright print --changed v1.0 --printer office
      cardwright print --calibrate --paper a4
    """
    params = ctx.command.params
    option_names = {
        option.name or "": option.opts[0] for option in params if isinstance(option, click.Option)
    }
    option_names["deck"] = "a DECK"
    default = click.core.ParameterSource.DEFAULT
    typed = [name for name in option_names if ctx.get_parameter_source(name) is not default]
    o.refuse_conflicts(values, set(typed), option_names)
    if values["list_presets"]:
        from cardwright.layout.card_size_list import list_card_sizes

        console.print_escaped(list_card_sizes().rstrip())
        return
    root = None if values["calibrate"] else project.find_root()
    from cardwright.collection.print_settings import PrintSettings

    settings = PrintSettings(**{name: values.pop(name) for name in o.SETTING_OPTIONS})
    typed_options = tuple(option_names[name] for name in typed)
    options = o.PrintOptions(settings=settings, typed_options=typed_options, **values)
    if root is None:
        from cardwright.cli.printing.calibrate import calibrate

        calibrate(options)
        return
    from cardwright.cli.printing.print_deck import print_deck

    print_deck(options, root)
