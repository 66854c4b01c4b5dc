"""`cardwright preview`."""

import click

from cardwright.cli import console, project
from cardwright.cli.completion import complete_decks


@click.command()
@click.argument("decks", metavar="[DECK]...", nargs=-1, shell_complete=complete_decks)
@click.option("--port", type=click.IntRange(1, 65535), help="Listen on this port; any free one by default.")
@click.option("--no-open", is_flag=True, help="Only print the address; open no browser.")
@click.option(
    "--editor",
    metavar="COMMAND",
    default="",
    help="What opens a card's source, such as 'code --goto {file}:{line}'; $VISUAL by default.",
)
def command(decks: tuple[str, ...], port: int | None, no_open: bool, editor: str) -> None:
    """See every card in the browser while you write.

    Reads the decks in cards_source/ and shows both sides of each card as Anki
    shows them, on a desktop and on a phone, by day and by night, and as they
    are printed; with the problems and advice that concern it. Whenever you
    save a source, the page follows and stays at your card. On a picture you
    can draw a rectangle, and copy its place for a label of a diagram. It
    writes nothing: no ids, no lock, no packages.

    DECK is the id of a deck, the name of its folder, or a path; without one,
    all decks are shown. The pages can be seen on this machine alone.

    Goes on until Ctrl-C.

    \b
    Example:
      cardwright preview
      cardwright preview hamstrings --editor 'code --goto {file}:{line}'
    """
    root = project.find_root()
    now = console.build_time()
    from cardwright.cli.previewing import preview_decks

    preview_decks(root, decks, now=now, port=port or 0, opens_browser=not no_open, editor=editor)
