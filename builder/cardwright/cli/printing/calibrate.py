"""Writes the test page that tells how far a printer shifts backs."""

import shlex
from collections.abc import Iterator
from pathlib import Path

from cardwright.cli import console
from cardwright.cli.printing import words
from cardwright.cli.printing.options import PrintOptions
from cardwright.cli.printing.sheets import fail
from cardwright.collection.deck import Choice
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.report import Report
from cardwright.formats.outputs import OUTPUT_FOLDER
from cardwright.formats.pdf.calibration import render_calibration_page
from cardwright.formats.pdf.stock import is_paper
from cardwright.layout.geometry import A4, SHEETS, Flip
from cardwright.layout.layout_problems import MAX_OFFSET
from cardwright.layout.units import parse_length
from cardwright.shell import printers, project
from cardwright.shell.destination import resolve_destination
from cardwright.shell.environment import temporary_asset_dir
from cardwright.shell.printers import Offset
from cardwright.shell.user_folders import settings_folder


def calibrate(asked: PrintOptions) -> None:
    """Write the page and say how to read it, or what is wrong, and end with 1."""
    report, here = Report(), Path.cwd()
    name = asked.paper or A4.name
    known = is_paper(Choice(name), report)
    offset = _offset(asked, report)
    root = project.find_project(here)
    built = None if root is None else root / OUTPUT_FOLDER
    place = resolve_destination(asked.out, here, f"calibration-{name}", ".pdf", built)
    if isinstance(place, Diagnostic):
        report.add(place)
    if not known or offset is None or isinstance(place, Diagnostic):
        fail(report, asked.form)
    flip = Flip(asked.flip or "long")
    with temporary_asset_dir() as folder:
        page = render_calibration_page(SHEETS[name], folder, flip=flip, offset=offset)
    if asked.printer and asked.offset and (problem := printers.save_offset(_folder(), asked.printer, offset)):
        report.add(problem)
        fail(report, asked.form)
    done = place.put([("", page)])
    if isinstance(done, Diagnostic):
        report.add(done)
        fail(report, asked.form)
    if asked.form == "text":
        for line in (*words.written([place.path("")]), *_how_to_read(asked, offset)):
            console.print_line(line)


def _folder() -> Path:
    return settings_folder()


def _offset(asked: PrintOptions, report: Report) -> Offset | None:
    """What the page is moved by: as given, or as kept of the printer, if anything is."""
    if asked.offset is not None:
        x, y = (parse_length(part) or 0.0 for part in asked.offset.split(","))
        if max(abs(x), abs(y)) <= MAX_OFFSET:
            return x, y
        message = f"an offset of {x:.6g},{y:.6g} mm; {MAX_OFFSET:g} mm is the most"
        report.add(Diagnostic("offset-too-far", message, None))
        return None
    kept = {} if asked.printer is None else printers.read_offsets(_folder())
    if isinstance(kept, Diagnostic):
        report.add(kept)
        return None
    return kept.get(asked.printer or "", (0.0, 0.0))


def _how_to_read(asked: PrintOptions, offset: Offset) -> Iterator[str]:
    name = shlex.quote(escape_controls(asked.printer)) if asked.printer else "NAME"
    yield f"Print both pages on one sheet, flip on the {asked.flip or 'long'} edge, {words.TRUE_SIZE}."
    yield "Hold it against a light, the back towards you: the cross of the front shines through and meets"
    yield "the scales at X (level) and Y (upright), in mm. A letter without its like says: the other flip."
    if offset == (0.0, 0.0):
        yield f"Then `cardwright print --printer {name} --offset X,Y` prints with both and keeps them."
    else:
        moved = f"{offset[0]:g},{offset[1]:g}"
        yield f"The page is moved by {moved} already and should read 0,0. If it does not, add what you read"
        yield f"to {moved} and give the sums: `cardwright print --printer {name} --offset X,Y`."
