"""The offsets of printers: how far each one shifts the backs, saved in the user's folder for settings."""

import json
from collections.abc import Mapping
from pathlib import Path

from cardwright.diagnostics import Diagnostic
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.shell.files import SETTINGS_LIMIT, read_regular_file
from cardwright.shell.os_errors import file_diagnostic, os_error_diagnostic
from cardwright.shell.write import write_files

FILE_NAME = "printers.json"

Offset = tuple[float, float]
"""To the right and down, in mm, as seen from the back."""


def read_offsets(folder: Path) -> dict[str, Offset] | Diagnostic:
    """Return the offset of each printer, by the name its user gave it; none when nothing is saved yet.

    folder: see `settings_folder`.
    Errors: a file that cannot be read or is not as `save_offset` writes it.
    """
    path = folder / FILE_NAME
    data = _read_file(path)
    return data if isinstance(data, Diagnostic) else _parse(path, data)


def read_offset(folder: Path, printer: str) -> Offset | Diagnostic:
    """Return the saved offset of a printer.

    Errors: as `read_offsets`, and a printer without a saved offset.
    """
    offsets = read_offsets(folder)
    if isinstance(offsets, Diagnostic):
        return offsets
    if printer in offsets:
        return offsets[printer]
    help_ = did_you_mean(printer, sorted(offsets)) if offsets else "`--offset X,Y` with it saves one"
    message = f"no offset is saved for a printer called `{truncate(printer, 20)}`"
    return Diagnostic("unknown-printer", message, None, help=help_)


def save_offset(folder: Path, printer: str, offset: Offset) -> Diagnostic | None:
    """Save the offset of a printer, beside those of others.

    Errors: as `read_offsets`, so that a broken file is not overwritten, and those of writing.
    """
    path = folder / FILE_NAME
    data = _read_file(path)
    if isinstance(data, Diagnostic):
        return data
    offsets = _parse(path, data)
    if isinstance(offsets, Diagnostic):
        return offsets
    result = write_files(folder, [(FILE_NAME, _serialize({**offsets, printer: offset}))], {FILE_NAME: data})
    return result if isinstance(result, Diagnostic) else None


def _serialize(offsets: Mapping[str, Offset]) -> bytes:
    """Return the offsets as JSON with a line for each printer, readable by humans."""
    lines = [
        f"  {json.dumps(printer, ensure_ascii=False)}: {json.dumps({'right': x, 'down': y})}"
        for printer, (x, y) in sorted(offsets.items())
    ]
    # A name that came over the command line in another encoding is saved as it came.
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8", "surrogatepass")


def _read_file(path: Path) -> bytes | Diagnostic | None:
    try:
        return read_regular_file(path, SETTINGS_LIMIT)
    except FileNotFoundError:
        return None
    except OSError as error:
        return os_error_diagnostic("read", str(path), error)


def _parse(path: Path, data: bytes | None) -> dict[str, Offset] | Diagnostic:
    try:
        saved = {} if data is None else json.loads(data)
    except (ValueError, RecursionError):
        return _unreadable(path)
    offsets: dict[str, Offset] = {}
    for printer, offset in saved.items() if isinstance(saved, dict) else [("", None)]:
        match offset:
            case {"right": float() | int() as x, "down": float() | int() as y} if _are_lengths(x, y):
                offsets[printer] = (float(x), float(y))
            case _:
                return _unreadable(path)
    return offsets


def _are_lengths(*numbers: float) -> bool:
    """Refuse booleans, which are numbers to Python, NaN and infinity."""
    return all(type(number) is not bool and abs(number) < 1e6 for number in numbers)


def _unreadable(path: Path) -> Diagnostic:
    message = "the saved offsets of your printers can't be read"
    help_ = "fix the file, or delete it and give each printer its offset again"
    return file_diagnostic(str(path), "printers-unreadable", message, help=help_)
