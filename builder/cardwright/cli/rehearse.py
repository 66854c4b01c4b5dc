"""`cardwright rehearse`."""

from pathlib import Path

import click

from cardwright.cli import console

_PACKAGE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("old", metavar="OLD.apkg", type=_PACKAGE)
@click.argument("new", metavar="NEW.apkg", type=_PACKAGE)
@console.json_option
def command(old: Path, new: Path, output_format: str) -> None:
    """Try a new package on a simulated learner of the old one, in real Anki.

    In a collection that is thrown away, it imports OLD, studies every card
    with mixed grades, flags, suspends, buries and moves some, edits a few
    notes and the styling as a learner would, then imports NEW with the
    default settings of Anki's import dialog. It touches nobody's own
    collection, and reports what is new, updated, untouched or conflicting,
    whether every schedule is as it was, and which edits of the learner stay.
    Packages made by other tools work too.

    Reads only the two packages, not cards_source/, and writes nothing but
    its report. Needs Anki's own importer: `pip install anki`.

    Exits with 0 when nothing is lost, and with 1 when something is, or when
    a package cannot be imported.

    \b
    Example:
      cardwright rehearse hamstrings-1.apkg decks/hamstrings/hamstrings.apkg
      cardwright rehearse --format json old.apkg new.apkg
    """
    from cardwright.cli.rehearsing import rehearse_packages

    raise SystemExit(rehearse_packages(old, new, output_format))
