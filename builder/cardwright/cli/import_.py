"""`cardwright import`."""

from pathlib import Path
from typing import Any

import click

from cardwright.cli import console
from cardwright.cli.table_options import read_table_options, table_options


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
@click.option("--into", metavar="NAME", default="", help="Name the new folder in cards_source/.")
@click.option("--dry-run", is_flag=True, help="Only report what would be written, and what would be lost.")
@click.option("--by-tag", is_flag=True, help="Write a file for each tag, instead of one for each sub-deck.")
@click.option(
    "--keep-scripts", is_flag=True, help="Keep what card templates run and fetch; you have to trust it."
)
@table_options
@click.option(
    "--media",
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder with the pictures and sounds that a table names.",
)
@console.json_option
@console.all_option
def command(
    files: tuple[Path, ...],
    into: str,
    dry_run: bool,
    by_tag: bool,
    keep_scripts: bool,
    media: Path | None,
    output_format: str,
    show_all: bool,
    **table: Any,
) -> None:
    """Turn decks of Anki, or tables, into sources of your own.

    FILE is an .apkg or .colpkg of any version of Anki, the folder of a
    CrowdAnki export, or a table: CSV, TSV, or what Anki or another program
    exports as text. For each deck in it, the command writes a new folder in
    cards_source/, with its cards and media. Without a cards_source/ in this
    folder or one above, it is made here.

    The command finds out the encoding of a table, what stands between its
    columns and what they mean, and says so; if it is wrong, options tell it.
    KEY is q, a, cloze, extra,
    hint, tags, deck, id, guid, reverse or typed, and `-` for a column to leave
    out.

    The folder of a deck of Anki gets a deck.lock, by which Anki recognises
    the notes: when you build the folder and import the package, only the
    cards that you edited change. Studied cards keep their schedules.

    What can't be carried over is listed by name and number. FILE stays as it
    is, and nothing that is in cards_source/ already is overwritten.

    Exits with 0 when the decks are written, and with 1 when they aren't.

    \b
    Example:
      cardwright import spanish.apkg --dry-run
      cardwright import spanish.apkg
      cardwright import words.csv --columns q,a,tags,-
    """
    from cardwright.cli.importing import import_files
    from cardwright.importing.run import ImportOptions

    options = ImportOptions(
        into=into,
        by_tag=by_tag,
        is_dry_run=dry_run,
        table=read_table_options(**table),
        media_folder=media,
        keeps_scripts=keep_scripts,
    )
    code = import_files(files, options, output_format, show_all=show_all)
    raise SystemExit(code)
