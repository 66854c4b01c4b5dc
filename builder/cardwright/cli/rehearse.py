"""`cardwright rehearse`."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

import click

from cardwright.cli import console
from cardwright.diagnostics import Diagnostic, Report
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.rehearsal import describe
from cardwright.rehearsal.compare import RehearsalResult
from cardwright.shell.environment import temporary_asset_dir
from cardwright.shell.os_errors import file_diagnostic
from cardwright.shell.progress import progress_bar

RehearseFunction = Callable[[Path, Path, str, str], RehearsalResult | Diagnostic]
"""Takes the old and the new package, and what the user calls each."""

_PACKAGE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("old", metavar="OLD.apkg", type=_PACKAGE)
@click.argument("new", metavar="NEW.apkg", type=_PACKAGE)
@console.format_option("How to print the report: for reading, or as one JSON object.", "json")
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
    its report. Needs Anki's own importer: pip install 'cardwright[anki]'

    The JSON object: lost counts the losses; each of these has a kind, a name
    and, for a schedule, the parts that changed. A name is the key, guid and
    text of a note, with the number of the card if it is about one. Lists of
    names are new, updated, rewritten (updated without a change), conflicting,
    retired, new_cards, empty_cards, moved_cards (to another deck), edits_kept,
    edits_replaced, changes_held_back (by a later edit), looks_kept and
    looks_replaced.
    Counts are notes, cards, kept (schedules) and untouched (notes). full_sync
    is whether Anki asks for one, problems what its Check Database finds;
    anki, old_package and new_package say what was rehearsed.

    Exits with 0 when nothing is lost, and with 1 when something is, or when
    a package cannot be imported.

    \b
    Example:
      cardwright rehearse hamstrings-1.apkg decks/hamstrings/hamstrings.apkg
      cardwright rehearse --format json old.apkg new.apkg
    """
    result = load_rehearse()(old, new, str(old), str(new))
    if isinstance(result, Diagnostic):
        console.print_report([result], err=True)
        raise SystemExit(1)
    if output_format == "json":
        console.print_json(describe.json_object(result, str(old), str(new)))
    else:
        for line in describe.text_lines(result, str(old), str(new)):
            console.print_line(line)
    raise SystemExit(1 if result.losses else 0)


def load_rehearse() -> RehearseFunction:
    """Return a function that rehearses, and shows a progress bar while it studies.

    Errors: a usage error when Anki's importer is not installed.
    """
    try:
        from cardwright.rehearsal.run import rehearse
    except ImportError as error:
        if (error.name or "").split(".")[0] != "anki":
            raise
        raise click.UsageError(
            "a rehearsal needs Anki's own importer, 24.11 or newer: pip install 'cardwright[anki]'"
        ) from error

    def rehearse_with_progress(
        old: Path, new: Path, old_name: str, new_name: str
    ) -> RehearsalResult | Diagnostic:
        with progress_bar("Studying", sys.stderr) as progress:
            return rehearse(old, new, progress, old_name=old_name, new_name=new_name)

    return rehearse_with_progress


def rehearse_build(
    root: Path, files: Mapping[str, bytes], report: Report, rehearse: RehearseFunction
) -> list[str]:
    """Rehearse the packages that a build is about to write, each against the one of the build before.

    root: the project folder.
    report: takes an error for each package that would lose something, or can't be imported;
        what would be lost is printed.

    Returns a line for each package.
    """
    lines = []
    for name, data in files.items():
        path = PurePosixPath(name)
        if path.suffix != ".apkg" or path.stem != path.parent.name:
            continue
        if not (root / path).is_file():
            lines.append(f"{escape_controls(name)}: the first one, so there is nothing to rehearse")
            continue
        new_name = f"{name} (new)"
        with temporary_asset_dir() as folder:
            folder.put("new.apkg", data)
            result = rehearse(root / path, Path(folder.folder) / "new.apkg", name, new_name)
        if isinstance(result, Diagnostic):
            report.add(result)
            continue
        if result.losses:
            for line in (*describe.text_lines(result, name, new_name), ""):
                console.print_line(line, err=True)
            message = "a learner who studies this deck would lose something"
            help_ = "the report above says what"
            report.add(file_diagnostic(name, "rehearsal-lost", message, help=help_))
        verdict = (
            f"rehearsed on a simulated learner ({describe.note_counts(result)}). {describe.verdict(result)}"
        )
        lines.append(f"{escape_controls(name)}: {verdict}")
    return lines
