"""What is kept of printers: how far each one shifts the backs, in the user's own folder for settings."""

import json
from collections.abc import Mapping
from pathlib import Path

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.shell.os_errors import file_diagnostic, os_error_diagnostic
from cardwright.shell.write import write_files

FILE_NAME = "printers.json"

Offset = tuple[float, float]
"""To the right and down, in mm, looking at the back."""


def read_offsets(folder: Path) -> dict[str, Offset] | Diagnostic:
    """The offset of each printer, by the name its user gave it; none when nothing is kept yet.

    folder: as `settings_folder` returns it.
    Errors: one finding for a file that cannot be read or is not as `keep` writes it.
    """
    path = folder / FILE_NAME
    data = _content(path)
    return data if isinstance(data, Diagnostic) else _read(path, data)


def read_offset(folder: Path, name: str) -> Offset | Diagnostic:
    """What is kept of a printer.

    Errors: as `known`, and one finding for a printer of which nothing is kept.
    """
    found = read_offsets(folder)
    if isinstance(found, Diagnostic):
        return found
    if name in found:
        return found[name]
    advice = did_you_mean(name, sorted(found)) if found else "`--offset X,Y` with it keeps one"
    message = f"no offset is kept of a printer called `{truncate(name, 20)}`"
    return Diagnostic("unknown-printer", message, None, help=advice)


def save_offset(folder: Path, name: str, offset: Offset) -> Diagnostic | None:
    """Keep the offset of a printer, beside those of others.

    Errors: one finding; a file that cannot be read is not written over.
    """
    path = folder / FILE_NAME
    data = _content(path)
    if isinstance(data, Diagnostic):
        return data
    before = _read(path, data)
    if isinstance(before, Diagnostic):
        return before
    done = write_files(folder, [(FILE_NAME, _text({**before, name: offset}))], {FILE_NAME: data})
    return done if isinstance(done, Diagnostic) else None


def _text(offsets: Mapping[str, Offset]) -> bytes:
    """A line for each printer, for who looks into the file."""
    lines = [
        f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps({'right': x, 'down': y})}"
        for name, (x, y) in sorted(offsets.items())
    ]
    # A name that came over the command line in another encoding is kept as it came.
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8", "surrogatepass")


def _content(path: Path) -> bytes | Diagnostic | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        return os_error_diagnostic("read", str(path), error)


def _read(path: Path, data: bytes | None) -> dict[str, Offset] | Diagnostic:
    try:
        kept = {} if data is None else json.loads(data)
    except (ValueError, RecursionError):
        return _broken(path)
    found: dict[str, Offset] = {}
    for name, one in kept.items() if isinstance(kept, dict) else [("", None)]:
        match one:
            case {"right": float() | int() as x, "down": float() | int() as y} if _is_length(x, y):
                found[name] = (float(x), float(y))
            case _:
                return _broken(path)
    return found


def _is_length(*numbers: float) -> bool:
    """Not so of truth values, which are numbers to Python, nor of what is none or without end."""
    return all(type(one) is not bool and abs(one) < 1e6 for one in numbers)


def _broken(path: Path) -> Diagnostic:
    return file_diagnostic(
        str(path),
        "printers-unreadable",
        "what is kept of your printers cannot be read",
        help="mend the file, or delete it and give each printer its offset anew",
    )
