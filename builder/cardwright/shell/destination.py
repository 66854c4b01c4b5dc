"""Where a printout goes: files that a user keeps, not part of what is built."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.shell.os_errors import file_diagnostic, os_error_diagnostic
from cardwright.shell.write import write_files

# By the ending of a file's name, what it begins with.
# Sources: ISO 32000-1, 7.5.2; PNG specification, 5.2.
_BEGINNINGS = {".pdf": b"%PDF-", ".png": b"\x89PNG\r\n\x1a\n"}


@dataclass(frozen=True, slots=True)
class Destination:
    """A folder, and how files in it are to be called.

    shown: the folder as the user calls it; empty for the one they are in.
    stem: of the files' names. ending: `.pdf` or `.png`.
    """

    folder: Path
    shown: str
    stem: str
    ending: str

    def name(self, part: str) -> str:
        """Of one file. part: what distinguishes it; empty when it is all there is."""
        return f"{self.stem}-{part}{self.ending}" if part else f"{self.stem}{self.ending}"

    def path(self, part: str) -> str:
        """The same as the user calls it."""
        return os.path.join(self.shown, self.name(part))  # noqa: PTH118 a user's `./` stays as typed

    def put(self, files: Iterable[tuple[str, bytes]]) -> tuple[str, ...] | Diagnostic:
        """Write all files or none; see `write`. files: part and content of each.

        Returns the parts, in order.
        Errors: one finding, also for a file of another kind that has a name already.
        """
        parts: list[str] = []
        try:
            found = write_files(self.folder, self._outputs(files, parts), {})
        except _InTheWay as refusal:
            return refusal.finding
        return found if isinstance(found, Diagnostic) else tuple(parts)

    def _outputs(self, files: Iterable[tuple[str, bytes]], parts: list[str]) -> Iterable[tuple[str, bytes]]:
        for part, data in files:
            if (finding := self._in_the_way(part)) is not None:
                raise _InTheWay(finding)
            parts.append(part)
            yield self.name(part), data

    def _in_the_way(self, part: str) -> Diagnostic | None:
        """A file that was not printed: a slip in a name must not cost anybody's work."""
        path, beginning = self.folder / self.name(part), _BEGINNINGS[self.ending]
        try:
            if not path.exists():
                return None
            if path.is_file():
                with path.open("rb") as file:
                    if file.read(len(beginning)) in (b"", beginning):
                        return None
        except OSError as error:
            return os_error_diagnostic("read", self.path(part), error)
        message = f"`{truncate(self.name(part), 30)}` is there already and is no {self.ending[1:].upper()}"
        return file_diagnostic(
            self.path(part), "not-a-printout", message, help="give another name with `--out`"
        )


class _InTheWay(Exception):
    """Nothing may be written; the finding says why."""

    def __init__(self, finding: Diagnostic) -> None:
        self.finding = finding


def resolve_destination(
    out: str | None, here: Path, usual: str, ending: str, built: Path | None
) -> Destination | Diagnostic:
    """Where files go.

    out: a file or a folder that the user names; None for the folder they are in.
    here: that folder. usual: the stem of a name that the user does not give.
    built: the folder of what builds write, which is not for printouts; None outside of a project.

    Errors: one finding for a folder that is not there, and for `built` and what is below it.
    """
    folder, called, stem = here, "", usual
    if out is not None:
        path = here / out
        if path.is_dir():
            folder, called = path, out
        elif path.suffix.lower() == ending and not out.endswith(("/", os.sep)):
            folder, called, stem = path.parent, os.path.dirname(out), path.stem  # noqa: PTH120 as typed
        else:
            message = f"there is no folder `{truncate(out, 36)}`"
            advice = f"make it first, or end the name in {ending} for a file"
            return Diagnostic("no-such-folder", message, None, help=advice)
        if not folder.is_dir():
            message = f"there is no folder `{truncate(called, 36)}`"
            return Diagnostic("no-such-folder", message, None, help="make it first")
    if built is not None and folder.resolve().is_relative_to(built.resolve()):
        message = f"`{built.name}/` is for what `cardwright build` writes"
        return Diagnostic("not-for-printouts", message, None, help="name another folder with `--out`")
    return Destination(folder, called, stem, ending)
