"""Prints a deck as `cardwright print` was told to."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from cardwright.cli import console, project
from cardwright.cli.printing import instructions
from cardwright.cli.printing.file_names import file_stem
from cardwright.cli.printing.options import PrintOptions
from cardwright.cli.printing.result import fail, print_result
from cardwright.collection.print_settings import PrintSettings
from cardwright.diagnostics import Diagnostic, Report
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import truncate
from cardwright.formats.registry import OUTPUT_FOLDER
from cardwright.layout.card_sizes import CardSize, find_card_sizes
from cardwright.layout.geometry import SHEETS
from cardwright.pipeline.printing import Printout, PrintRequest, Product, make_printout
from cardwright.pipeline.selection import Conditions
from cardwright.reader.custom_card_size import read_card_size_file
from cardwright.reader.print_settings import parse_setting
from cardwright.record import replace
from cardwright.shell import printers
from cardwright.shell.destination import Destination, resolve_destination
from cardwright.shell.environment import LocalEnvironment
from cardwright.shell.files import SETTINGS_LIMIT, exists, read_regular_file
from cardwright.shell.os_errors import os_error_diagnostic
from cardwright.shell.releases import find_release
from cardwright.shell.user_folders import settings_folder
from cardwright.source.files import DeckFiles


def print_deck(options: PrintOptions, root: Path) -> None:
    """Print a deck, or report everything that is wrong and exit with 1. root: the project folder."""
    here, report = Path.cwd(), Report()
    deck = _select_deck(root, options.deck, report)
    if deck is None:
        fail(options, report)
    product = Product.FIT if options.fit else Product.PICTURES if options.preview else Product.PDF
    destination = None
    if product is not Product.FIT:
        stem, ending = file_stem(deck.name, options), ".png" if options.preview else ".pdf"
        destination = console.value_or_report(
            resolve_destination(options.out, here, stem, ending, root / OUTPUT_FOLDER), report
        )
    since = None if options.changed is None else find_release(options.changed, here, root, deck.lock_path)
    if isinstance(since, Diagnostic):
        report.add(since)
        since = None
    request = PrintRequest(
        layout=options.layout,
        product=product,
        settings=_print_settings(options, report),
        conditions=Conditions(options.topic, options.tag, options.ids),
        since=since,
        typed_options=options.typed_options,
    )
    environment = LocalEnvironment(root, os.environ, sys.stderr)
    with make_printout(deck, environment, request, report) as printout:
        if printout is None or report.has_errors:
            fail(options, report)
        paths = [] if destination is None else _write_files(printout, destination, options, report)
        if report.has_errors:
            fail(options, report)
        steps: Iterator[str] = iter(())
        if product is Product.PDF:
            steps = instructions.how_to_print(options.layout, printout, len(paths), options.printer or "")
        print_result(options, report, printout, paths, steps)


def _select_deck(root: Path, name: str | None, report: Report) -> DeckFiles | None:
    """Return the deck with a name, or the only one.

    Errors: a usage error when there are several.
    """
    decks = project.select_decks(root, [] if name is None else [name], report)
    if len(decks) > 1:
        names = ", ".join(escape_controls(deck.name) for deck in decks)
        raise click.UsageError(f"print one deck at a time; here are {names}")
    return decks[0] if decks else None


def _print_settings(options: PrintOptions, report: Report) -> PrintSettings:
    """Return the settings of the command line, after looking up the paper, the cards and the printer."""
    values: dict[str, Any] = {}
    problems: dict[str, Sequence[Diagnostic]] = {}
    card = None if options.card is None else _card(options, report)
    texts = {"paper": options.paper, "card": card, "scale-font": options.scale_font}
    for key, text in texts.items():
        value = parse_setting(key, text) if isinstance(text, str) else text
        if isinstance(value, Diagnostic):
            problems[key] = (value,)
        else:
            values[key.replace("-", "_")] = value
    if options.settings.offset is None and options.printer is not None:
        offset = printers.read_offset(settings_folder(), options.printer)
        values["offset"] = console.value_or_report(offset, report)
    return replace(options.settings, **values, problems=problems)


def _card(options: PrintOptions, report: Report) -> str | CardSize | None:
    """Return the name of a card size, or the card size in a file; None after an error in the file."""
    assert options.card is not None
    path = Path(options.card)
    is_name = not (path.suffix or path.name != options.card or exists(path))
    if is_name or find_card_sizes(options.card):
        return options.card
    if not exists(path):
        report.add(Diagnostic("no-such-file", f"there is no file `{truncate(options.card, 40)}`", None))
        return None
    try:
        data = read_regular_file(path, SETTINGS_LIMIT)
    except OSError as error:
        report.add(os_error_diagnostic("read", options.card, error))
        return None
    return read_card_size_file(options.card, data, report, SHEETS.get(options.paper or ""))


def _write_files(
    printout: Printout, destination: Destination, options: PrintOptions, report: Report
) -> list[str]:
    """Save the printer's offset and write the files; return their paths.

    The offset is saved first, because it is easier to give again if writing the files fails.
    """
    offset = options.settings.offset
    if options.printer is not None and offset is not None:
        folder = settings_folder()
        if problem := printers.save_offset(folder, options.printer, offset):
            report.add(problem)
            return []
    parts = console.value_or_report(destination.write(printout.files), report) or ()
    return [destination.display_path(part) for part in parts]
