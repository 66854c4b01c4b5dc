"""`cardwright import`."""

from pathlib import Path

import click


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
@click.option("--into", metavar="NAME", default="", help="Name the new folder in cards_source/.")
@click.option("--dry-run", is_flag=True, help="Only report what would be written, and what would be lost.")
@click.option("--by-tag", is_flag=True, help="Write a file for each tag, instead of one for each sub-deck.")
def command(files: tuple[Path, ...], into: str, dry_run: bool, by_tag: bool) -> None:
    """Turn decks of Anki into sources of your own.

    FILE is an .apkg or .colpkg of any version of Anki, or the folder of a
    CrowdAnki export. For each deck in it, the command writes a new folder in
    cards_source/, with its cards, its media and a deck.lock. Without a
    cards_source/ in this folder or one above, it is made here.

    The lock holds by what Anki knows these notes: import a package that you
    build of the folder, and nothing changes but the cards that you edited.
    Studied cards keep their schedules.

    What can't be carried over is listed by name and number. FILE stays as it
    is, and nothing that is in cards_source/ already is overwritten.

    Exits with 0 when the decks are written, and with 1 when they aren't.

    \b
    Example:
      cardwright import spanish.apkg --dry-run
      cardwright import spanish.apkg
    """
    from cardwright.cli.importing import import_files

    raise SystemExit(import_files(files, into=into, dry_run=dry_run, by_tag=by_tag))
