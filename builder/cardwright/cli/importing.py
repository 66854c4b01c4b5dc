"""Imports decks as `cardwright import` was told to, and prints the report."""

import re
import secrets
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import click

from cardwright.cli import console, json_output
from cardwright.diagnostics import Report
from cardwright.diagnostics.phrases import count_noun
from cardwright.importing.collection import Finding
from cardwright.importing.field_texts import field_converter
from cardwright.importing.media_names import safe_file_name
from cardwright.importing.run import ImportedFile, ImportOptions, WrittenDeck, import_decks
from cardwright.shell.os_errors import ReportedError
from cardwright.shell.progress import progress_bar
from cardwright.shell.project_folder import SOURCE_FOLDER, find_project

_MAX_NAMES = 8
"""The most names that are listed with what was found, unless all are."""
_LONGEST_NAME_IN_LINE = 40
_WORD = re.compile(r"[\w./:-]+")


def import_files(files: Sequence[Path], options: ImportOptions, output_format: str, *, show_all: bool) -> int:
    """Import files into the project and print a report. Return the exit code.

    output_format: `text` or `json`. show_all: see `console.render_report`; it concerns text.

    Errors: a usage error for a name that no folder can have.
    """
    into = options.into
    if into and safe_file_name(into, set()) != into:
        raise click.UsageError(f"`--into` needs a name of letters, digits, `-` and `_`; found `{into}`")
    if len({file.resolve() for file in files}) < len(files):
        raise click.UsageError("a FILE is named twice, and would become two decks")
    project = find_project()
    root = Path.cwd() if project is None else Path(project)
    options = replace(options, salt=secrets.token_hex(3))
    report = Report()
    imported_files: list[ImportedFile] = []
    try:
        with progress_bar("Importing", sys.stderr) as progress:
            imported_files = import_decks(root, files, options, field_converter, progress, report)
    except ReportedError as error:
        report.add(error.diagnostic)
    made_project = project is None and not options.is_dry_run and not report.has_errors
    if output_format == "json":
        code = 1 if report.has_errors else 0
        imported = [] if report.has_errors else list(map(_file_object, imported_files))
        line = json_output.render("import", code, report, imported=imported, project_made=made_project)
        console.print_escaped(line)
        return code
    if report.has_errors:
        console.fail(report, show_all=show_all)
    console.print_report(report, err=True, show_all=show_all)
    for line in report_lines(imported_files, dry_run=options.is_dry_run, show_all=show_all):
        console.print_line(line)
    if made_project:
        console.print_line(f"{SOURCE_FOLDER}/ was made in {root}, which is your project now.")
    return 0


def report_lines(
    imported_files: Sequence[ImportedFile], *, dry_run: bool, show_all: bool = False
) -> Iterator[str]:
    """Yield what was read and written, what could not be carried over, and what to do next.

    show_all: whether all names are listed that are known of what was found, not some.
    """
    written: list[WrittenDeck] = []
    for imported in imported_files:
        yield f"{imported.path}: {_what_was_read(imported)}"
        yield ""
        for deck in imported.written:
            yield from _deck_lines(deck, dry_run=dry_run)
            yield ""
        if imported.findings:
            yield "What is not quite as it was:"
            for finding in imported.findings:
                yield from _finding_lines(finding, len(finding.names) if show_all else _MAX_NAMES)
            yield ""
        written += imported.written
    if dry_run:
        yield "This was a dry run: nothing was written."
        return
    names = " ".join(PurePosixPath(deck.folder).name for deck in written)
    yield f"Next: run `cardwright build {names}`, and import into Anki what it writes."
    if all(imported.has_ids and not imported.is_table for imported in imported_files):
        yield "All of your schedules stay; from then on, what you edit in the text is updated there,"
        yield "and nothing else. For card sheets, take `print: false` out of deck.yaml."


def _file_object(imported: ImportedFile) -> dict[str, object]:
    """Return what a program gets to know of a file."""
    decks = [
        {
            "folder": f"{SOURCE_FOLDER}/{deck.folder}",
            "name": deck.name,
            "notes": deck.notes,
            "kinds": dict(deck.kinds),
            "files": deck.files,
            "media": deck.media,
        }
        for deck in imported.written
    ]
    findings = [
        {"text": finding.text, "count": finding.count, "names": list(finding.names)}
        for finding in imported.findings
    ]
    return {
        "path": imported.path,
        "notes": imported.notes,
        "cards": None if imported.is_table else imported.cards,
        "note_types": None if imported.is_table else imported.types,
        "media": imported.media,
        "decks": decks,
        "findings": findings,
    }


def _what_was_read(imported: ImportedFile) -> str:
    if imported.is_table:
        return count_noun(imported.notes, "row")
    notes, cards = count_noun(imported.notes, "note"), count_noun(imported.cards, "card")
    types, media = count_noun(imported.types, "note type"), count_noun(imported.media, "media file")
    return f"{notes} with {cards}, {types}, {media}"


def _deck_lines(deck: WrittenDeck, *, dry_run: bool) -> Iterator[str]:
    verb = "would be" if dry_run else "is"
    yield f"{SOURCE_FOLDER}/{deck.folder}/ {verb} the deck “{deck.name}”:"
    words = {
        "q": "with question and answer",
        "cloze": "with deletions",
        "diagram": "with a picture and its labels",
        "type": "with other fields",
    }
    kinds = ", ".join(f"{deck.kinds[kind]:,} {word}" for kind, word in words.items() if deck.kinds[kind])
    yield f"  {count_noun(deck.notes, 'note')} in {count_noun(deck.files, 'file')}: {kinds}"
    if deck.media:
        yield f"  {count_noun(deck.media, 'media file')}, {max(deck.media_size / 1e6, 0.1):,.1f} MB"


def _finding_lines(finding: Finding, limit: int) -> Iterator[str]:
    """Yield what was found, and the first names, in quotes if they are more than a word. limit: of names."""
    yield f"  {finding.count:,} × {finding.text}"
    if finding.names:
        names = [name if _WORD.fullmatch(name) else f"“{name}”" for name in finding.names[:limit]]
        if len(finding.names) > limit:
            names.append("and more (see `--all`)")
        line = ", ".join(names).replace(", and", " and")
        # Long names are easier to tell apart below each other.
        is_short = max(map(len, names)) <= _LONGEST_NAME_IN_LINE
        yield from (f"      {line}" for line in ([line] if is_short else names))
