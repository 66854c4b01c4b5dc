"""Writes the test page that shows how far a printer shifts the backs."""

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from cardwright.cli import console
from cardwright.cli.printing import instructions
from cardwright.cli.printing.options import PrintOptions
from cardwright.cli.printing.result import fail, print_result
from cardwright.diagnostics import Diagnostic, Report
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.formats.pdf.calibration import render_calibration_page
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.registry import OUTPUT_FOLDER
from cardwright.formats.translations import ENGLISH
from cardwright.layout.geometry import A4, Flip
from cardwright.layout.layout_problems import offset_problem
from cardwright.reader.print_settings import find_paper
from cardwright.shell import printers, project
from cardwright.shell.destination import resolve_destination
from cardwright.shell.environment import temporary_asset_dir
from cardwright.shell.font_folders import find_font_folders
from cardwright.shell.printers import Offset
from cardwright.shell.project_folder import find_project
from cardwright.shell.user_folders import settings_folder


def calibrate(options: PrintOptions) -> None:
    """Write the test page and say how to read it, or report what is wrong and exit with 1."""
    report, here = Report(), Path.cwd()
    name = options.paper or A4.name
    project_folder = find_project()
    root = None if project_folder is None else Path(project_folder)
    outputs = None if root is None else root / OUTPUT_FOLDER
    paper = console.value_or_report(find_paper(name), report)
    offset = console.value_or_report(_offset(options), report)
    destination = console.value_or_report(
        resolve_destination(options.out, here, f"calibration-{name}", ".pdf", outputs), report
    )
    if paper is None or offset is None or destination is None:
        fail(options, report)
    flip = options.settings.flip or Flip.LONG
    with temporary_asset_dir() as asset_dir:
        context = RenderContext(asset_dir, system_font_folders=[*map(str, find_font_folders(os.environ))])
        language = ENGLISH if root is None else _common_language(root)
        page = render_calibration_page(paper, context, language=language, flip=flip, offset=offset)
    if options.printer and options.settings.offset is not None:
        console.value_or_report(printers.save_offset(settings_folder(), options.printer, offset), report)
    if not report.has_errors:
        console.value_or_report(destination.write([("", page)]), report)
    if report.has_errors:
        fail(options, report)
    print_result(options, report, None, [destination.display_path("")], _how_to_read(options, offset))


def _common_language(root: Path) -> str:
    """Return the language of all decks of a project, or English if they have several."""
    decks = project.find_decks(root, Report())
    languages = {project.read_deck_key(root, deck, "language") or ENGLISH for deck in decks}
    return languages.pop() if len(languages) == 1 else ENGLISH


def _offset(options: PrintOptions) -> Offset | Diagnostic:
    """Return how far the page is moved: the given offset, or the one saved for the printer, if any."""
    if options.settings.offset is not None:
        problem = offset_problem(*options.settings.offset)
        return options.settings.offset if problem is None else Diagnostic(problem.code, problem.message, None)
    if options.printer is None:
        return 0.0, 0.0
    offsets = printers.read_offsets(settings_folder())
    return offsets if isinstance(offsets, Diagnostic) else offsets.get(options.printer, (0.0, 0.0))


def _how_to_read(options: PrintOptions, offset: Offset) -> Iterator[str]:
    printer = shlex.quote(escape_controls(options.printer)) if options.printer else "NAME"
    flip = options.settings.flip or Flip.LONG
    yield f"Print both pages on one sheet, flip on the {flip.value} edge, {instructions.TRUE_SIZE}."
    yield "Hold it against a light, the back towards you: the cross of the front shines through and meets"
    yield "the scales at X (horizontal) and Y (vertical), in mm. If a letter does not meet its own kind,"
    yield "the printer flips on the other edge."
    if offset == (0.0, 0.0):
        yield f"Then `cardwright print --printer {printer} --offset X,Y` prints with both and saves them."
    else:
        current = f"{offset[0]:g},{offset[1]:g}"
        yield f"The page is moved by {current} already and should read 0,0. If it does not, add what you read"
        yield f"to {current} and give the sums: `cardwright print --printer {printer} --offset X,Y`."
