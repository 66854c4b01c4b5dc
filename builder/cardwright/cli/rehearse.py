"""`cardwright rehearse`."""

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

import click

from cardwright.cli import console
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.report import Report
from cardwright.formats.outputs import OutputFile
from cardwright.rehearsal import describe
from cardwright.rehearsal.compare import RehearsalResult
from cardwright.shell import progress
from cardwright.shell.environment import temporary_asset_dir
from cardwright.shell.os_errors import file_diagnostic

Rehearse = Callable[[Path, Path, str, str], RehearsalResult | Diagnostic]
"""Takes two packages, and what the user calls each."""

_PACKAGE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("old", metavar="OLD.apkg", type=_PACKAGE)
@click.argument("new", metavar="NEW.apkg", type=_PACKAGE)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print the report: for reading, or as one JSON object.",
)
def command(old: Path, new: Path, form: str) -> None:
    """Try a new package on someone who studies the old one, in real Anki.

    In a collection that is thrown away: imports OLD, studies every card with
    mixed grades, flags, suspends, buries and moves some, edits a few notes
    and the styling as a learner would, then imports NEW with the settings
    that Anki's import dialog has by itself. Tells what is new, updated,
    untouched or conflicting, whether every schedule is what it was, and
    which edits of learners stay. Packages made by other tools will do.

    Reads the two packages alone, no cards_source/, and writes nothing but
    its report. Needs Anki's own importer: pip install 'cardwright[anki]'

    The JSON object: lost counts the losses; each of these has a kind, a name
    and, of a schedule, the parts that changed. A name is the key, guid and
    text of a note, with the number of the card where one is meant. Lists of
    names are new, updated, rewritten (updated without a change), conflicting,
    retired, new_cards, empty_cards, edits_kept, edits_replaced,
    changes_held_back (by a later edit), looks_kept and looks_replaced.
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
    done = rehearser()(old, new, str(old), str(new))
    if isinstance(done, Diagnostic):
        report = Report()
        report.add(done)
        console.print_report(report, err=True)
        raise SystemExit(1)
    if form == "json":
        console.print_line(json.dumps(describe.to_object(done, str(old), str(new))))
    else:
        for line in describe.text_lines(done, str(old), str(new)):
            console.print_line(line)
    raise SystemExit(1 if done.losses else 0)


def rehearser() -> Rehearse:
    """What makes rehearsals, with a bar while it studies.

    Errors: a usage error when Anki's importer is not there.
    """
    try:
        from cardwright.rehearsal.run import rehearse
    except ImportError as missing:
        if (missing.name or "").split(".")[0] != "anki":
            raise
        raise click.UsageError(
            "a rehearsal needs Anki's own importer, 24.11 or newer: pip install 'cardwright[anki]'"
        ) from missing

    def run(old: Path, new: Path, old_name: str, new_name: str) -> RehearsalResult | Diagnostic:
        with progress.progress_bar("Studying", sys.stderr) as done:
            return rehearse(old, new, done, old_name=old_name, new_name=new_name)

    return run


def against_released(
    root: Path, outputs: Iterable[OutputFile], rehearser: Rehearse, report: Report
) -> list[str]:
    """Rehearse what a build is about to replace: each deck's package, by that of the build before.

    root: the project folder.
    report: takes an error for each package that would lose something, or cannot be imported;
        what would be lost is printed.

    Returns a line for each package.
    """
    told = []
    for file in outputs:
        path = PurePosixPath(file.path)
        if path.suffix != ".apkg" or path.stem != path.parent.name:
            continue
        if not (root / path).is_file():
            told.append(f"{escape_controls(file.path)}: the first one, so there is nothing to rehearse")
            continue
        new_name = f"{file.path} (new)"
        with temporary_asset_dir() as folder:
            folder.put("new.apkg", file.data)
            done = rehearser(root / path, Path(folder.folder) / "new.apkg", file.path, new_name)
        if isinstance(done, Diagnostic):
            report.add(done)
            continue
        if done.losses:
            for line in (*describe.text_lines(done, file.path, new_name), ""):
                console.print_line(line, err=True)
            message = "whoever studies this deck would lose something"
            report.add(
                file_diagnostic(file.path, "rehearsal-lost", message, help="the report above says what")
            )
        summary = f"rehearsed ({describe.note_counts(done)}). {describe.verdict(done)}"
        told.append(f"{escape_controls(file.path)}: {summary}")
    return told
