"""`cardwright new`."""

import click


@click.command()
@click.argument("words", metavar="NAME", nargs=-1)
@click.option(
    "--folder",
    "is_folder",
    is_flag=True,
    help="Make a folder of files, for a big deck, and what a project on GitHub needs beside it.",
)
def command(words: tuple[str, ...], *, is_folder: bool) -> None:
    """Make a deck of examples, to be replaced by your own cards.

    NAME is what learners will see, in any script; it may be several words. The
    command writes a YAML file into cards_source/, named after the deck. It has
    questions, texts with gaps, a list and a table, with comments that explain
    how to write them, and can be built at once. Without a cards_source/ in
    this folder or one above, it is made here. With cardwright.schema.json
    beside it, editors explain and complete what you write.

    With --folder, the deck gets a folder with a file for each topic. The
    project gets a .gitattributes that merges the locks of branches, a workflow
    for GitHub that checks and builds all decks and releases what is tagged,
    and settings for pre-commit, which then checks them before every commit.

    Nothing that is there already is overwritten.

    Exits with 0 when the deck is written, and with 1 when it isn't.

    \b
    Example:
      cardwright new Spanish verbs
      cardwright new --folder Anatomy
    """
    from cardwright.cli.creating.create_deck import create_deck

    create_deck(" ".join(words), is_folder=is_folder)
