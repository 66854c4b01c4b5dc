"""`cardwright pull`."""

from pathlib import Path

import click

from cardwright.cli import console, project
from cardwright.cli.completion import complete_decks


@click.command()
@click.argument("export", metavar="EXPORT", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("decks", metavar="[DECK]...", nargs=-1, shell_complete=complete_decks)
@click.option("--no-new", is_flag=True, help="Make no cards of notes that are new in the export.")
@click.option(
    "--release",
    metavar="PACKAGE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The package that the collection had imported last, if pull can't tell.",
)
@click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
@console.json_option
def command(
    export: Path,
    decks: tuple[str, ...],
    no_new: bool,
    release: Path | None,
    dry_run: bool,
    output_format: str,
) -> None:
    """Bring edits that were made in Anki back into the sources.

    EXPORT is an .apkg or .colpkg that Anki has exported: your own, or that of
    a learner who sends corrections. Each note in it is compared with the
    release that was edited and with the sources as they are now. A text or a
    tag that was changed in Anki alone is put into the YAML in place of the old
    one, and no other byte changes. It writes only to cards_source/. What was
    changed on both sides is shown and left to you. A new note of the deck
    becomes a card at the end of the file of its sub-deck; its pictures and
    sounds go to media/, and its note type to deck.yaml if the deck lacks it.
    What was deleted or moved in Anki, or changed in a note type, is reported,
    and stays as it is here. Schedules and flags are not looked at.

    A build after that changes nothing in the collection that the edits came
    from, and brings them to all other learners.

    \b
    Exits with 0 when everything is taken, and with 1 when something is left
    to you or can't be read.

    \b
    Example:
      cardwright pull hamstrings.apkg
      cardwright pull hamstrings.apkg --dry-run
    """
    now = console.build_time()
    root = project.find_root()
    from cardwright.cli.pulling import pull_decks

    pull_decks(
        root,
        export,
        decks,
        now=now,
        takes_new=not no_new,
        release=release,
        dry_run=dry_run,
        output_format=output_format,
    )
