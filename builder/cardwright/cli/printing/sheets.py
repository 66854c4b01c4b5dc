"""Prints a deck."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from cardwright.cli import console, project
from cardwright.cli.printing import words
from cardwright.cli.printing.options import PrintOptions
from cardwright.collection.deck import Choice
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.report import Report
from cardwright.formats.outputs import OUTPUT_FOLDER
from cardwright.formats.pdf.settings import Design
from cardwright.layout.card_sizes import CardSize, find_card_sizes
from cardwright.layout.geometry import SHEETS
from cardwright.pipeline.changes_since import Release
from cardwright.pipeline.printing import Printout, PrintRequest, Product, make_printout
from cardwright.pipeline.selection import Conditions
from cardwright.reader.custom_card_size import read_card_size_file
from cardwright.shell import printers, releases
from cardwright.shell.destination import Destination, resolve_destination
from cardwright.shell.environment import LocalEnvironment
from cardwright.shell.os_errors import os_error_diagnostic
from cardwright.shell.user_folders import settings_folder
from cardwright.source.files import DeckFiles

_T = TypeVar("_T")


def print_deck(asked: PrintOptions) -> None:
    """Print as asked, or say what is wrong, all of it, and end with 1."""
    root, here, report = project.find_root(), Path.cwd(), Report()
    deck = _deck(root, asked.deck, report)
    if deck is None:
        fail(report, asked.form)
    product = Product.FIT if asked.fit else Product.PICTURES if asked.preview else Product.PDF
    stem, ending = f"{deck.name}-{asked.layout}", ".png" if asked.preview else ".pdf"
    place = None
    if product is not Product.FIT:
        place = _found(resolve_destination(asked.out, here, stem, ending, root / OUTPUT_FOLDER), report)
    choices = {key: Choice(text) for key, text in asked.choices().items()}
    stock = _card(asked, choices, report)
    offset = _offset(asked, report)
    if offset is not None:
        choices["offset"] = Choice(offset)
    request = PrintRequest(
        layout=asked.layout,
        product=product,
        choices=choices,
        stock=stock,
        conditions=Conditions(asked.topic, asked.tag, asked.ids),
        since=_since(asked, here, root, deck, report),
        given=asked.given,
    )
    with make_printout(deck, LocalEnvironment(root, os.environ, sys.stderr), request, report) as made:
        if made is None or report.has_errors:
            fail(report, asked.form)
        paths = [] if place is None else _written(made, place, asked, report)
        if report.has_errors:
            fail(report, asked.form)
        console.print_report(report, asked.form, err=asked.form == "text")
        if asked.form == "text":
            for line in _closing(made, paths, asked, report):
                console.print_line(line)


def fail(report: Report, form: str) -> NoReturn:
    """Say what is wrong; nothing was written."""
    console.print_report(report, form, err=form == "text")
    if form == "text":
        console.print_line(f"{console.count_problems(report)}; nothing was written", err=True)
    raise SystemExit(1)


def _found(found: _T | Diagnostic, report: Report) -> _T | None:
    """What was found, or None after reporting why it was not."""
    if isinstance(found, Diagnostic):
        report.add(found)
        return None
    return found


def _deck(root: Path, wanted: str | None, report: Report) -> DeckFiles | None:
    """The one deck that is meant.

    Errors: a usage error when there are several.
    """
    found = project.select_decks(root, [] if wanted is None else [wanted], report)
    if len(found) > 1:
        names = ", ".join(escape_controls(deck.name) for deck in found)
        raise click.UsageError(f"print one deck at a time; here are {names}")
    return found[0] if found else None


def _card(asked: PrintOptions, choices: dict[str, Choice], report: Report) -> CardSize | None:
    """The user's own cards, if they name a file; the choice of a card either way."""
    if asked.card is None:
        return None
    path = Path(asked.card)
    if find_card_sizes(asked.card) or not (path.suffix or path.name != asked.card or path.is_file()):
        choices["card"] = Choice(asked.card)
        return None
    if not path.exists():
        report.add(Diagnostic("no-such-file", f"there is no file `{truncate(asked.card, 40)}`", None))
        return None
    try:
        data = path.read_bytes()
    except OSError as error:
        report.add(os_error_diagnostic("read", asked.card, error))
        return None
    stock = read_card_size_file(asked.card, data, report, SHEETS.get(asked.paper or ""))
    if stock is not None:
        choices["card"] = Choice(stock.name)
    return stock


def _offset(asked: PrintOptions, report: Report) -> str | None:
    """As given, or as kept of the printer."""
    if asked.offset is not None or asked.printer is None:
        return asked.offset
    found = _found(printers.read_offset(settings_folder(), asked.printer), report)
    return None if found is None else f"{found[0]:.4f},{found[1]:.4f}"


def _since(asked: PrintOptions, here: Path, root: Path, deck: DeckFiles, report: Report) -> Release | None:
    if asked.changed is None:
        return None
    found = releases.find_release(asked.changed, here, root, deck.lock_path)
    if isinstance(found, Diagnostic):
        report.add(found)
        return None
    return found


def _written(made: Printout, place: Destination, asked: PrintOptions, report: Report) -> list[str]:
    """The paths of what was written; the printer's offset is kept first, since it is the smaller loss."""
    if asked.printer is not None and asked.offset is not None and isinstance(made.design, Design):
        plan = made.design.plan
        offset = (plan.offset_x, plan.offset_y)
        if problem := printers.save_offset(settings_folder(), asked.printer, offset):
            report.add(problem)
            return []
    return [place.path(part) for part in _found(place.put(made.files), report) or ()]


def _closing(made: Printout, paths: Sequence[str], asked: PrintOptions, report: Report) -> Iterator[str]:
    if len(report):
        console.print_line(console.count_problems(report), err=True)
    if asked.fit:
        yield from words.tightest(made)
        return
    yield words.headline(made)
    yield from words.written(paths)
    if not asked.preview:
        yield from words.how_to_print(asked.layout, made, len(paths), asked.printer or "")
