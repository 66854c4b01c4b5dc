"""Writes printouts where the user wants them: files to keep, unlike the outputs of a build."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cardwright.diagnostics import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.shell.files import is_folder
from cardwright.shell.os_errors import ReportedError, file_diagnostic, os_error_diagnostic
from cardwright.shell.write import write_files

# The first bytes of a file, by the ending of its name.
# Sources: ISO 32000-1, 7.5.2; PNG specification, 5.2.
_FIRST_BYTES = {".pdf": b"%PDF-", ".png": b"\x89PNG\r\n\x1a\n"}


@dataclass(frozen=True, slots=True)
class Destination:
    """A folder, and the names of the files in it.

    display_folder: the folder as the user calls it; empty for the current one.
    stem: what all names begin with. ending: `.pdf` or `.png`.
    """

    folder: Path
    display_folder: str
    stem: str
    ending: str

    def file_name(self, part: str) -> str:
        """Return the name of a file. part: distinguishes it from others; empty for the only file."""
        return f"{self.stem}-{part}{self.ending}" if part else f"{self.stem}{self.ending}"

    def display_path(self, part: str) -> str:
        """Return the path of a file as the user calls it."""
        return os.path.join(self.display_folder, self.file_name(part))  # noqa: PTH118 a user's `./` stays as typed

    def write(self, files: Iterable[tuple[str, bytes]]) -> tuple[str, ...] | Diagnostic:
        """Write all files or none. files: the part and the content of each.

        Returns the parts, in order.

        Errors: those of `write_files`, or that a name is taken by a file of another kind.
        """
        parts: list[str] = []
        result = write_files(self.folder, self._named_files(files, parts), {})
        return result if isinstance(result, Diagnostic) else tuple(parts)

    def _named_files(
        self, files: Iterable[tuple[str, bytes]], parts: list[str]
    ) -> Iterable[tuple[str, bytes]]:
        for part, data in files:
            if (diagnostic := self._check_not_taken(part)) is not None:
                raise ReportedError(diagnostic)
            parts.append(part)
            yield self.file_name(part), data

    def _check_not_taken(self, part: str) -> Diagnostic | None:
        """Return a diagnostic if a file of this name isn't a printout: a typo must not destroy any work."""
        path, first_bytes = self.folder / self.file_name(part), _FIRST_BYTES[self.ending]
        try:
            if not path.exists():
                return None
            if path.is_file():
                with path.open("rb") as file:
                    if file.read(len(first_bytes)) in (b"", first_bytes):
                        return None
        except OSError as error:
            return os_error_diagnostic("read", self.display_path(part), error)
        kind = self.ending[1:].upper()
        message = f"`{truncate(self.file_name(part), 30)}` exists already and is not a {kind}"
        help_ = "give another name with `--out`"
        return file_diagnostic(self.display_path(part), "not-a-printout", message, help=help_)


def resolve_destination(
    out: str | None, here: Path, default_stem: str, ending: str, outputs: Path | None
) -> Destination | Diagnostic:
    """Return where the files of a printout go.

    out: a file or a folder that the user names; None for the current folder.
    here: the current folder. default_stem: of the names, unless the user names a file.
    outputs: the folder of built files, which is not for printouts; None outside of a project.

    Errors: a folder that does not exist, or that is `outputs` or below it.
    """
    folder, display_folder, stem = here, "", default_stem
    if out is not None:
        path = here / out
        if is_folder(path):
            folder, display_folder = path, out
        elif path.suffix.lower() == ending and not out.endswith(("/", os.sep)):
            folder, display_folder, stem = path.parent, os.path.dirname(out), path.stem  # noqa: PTH120 as typed
        else:
            message = f"there is no folder `{truncate(out, 36)}`"
            help_ = f"make it first, or end the name in {ending} for a file"
            return Diagnostic("no-such-folder", message, None, help=help_)
        if not is_folder(folder):
            message = f"there is no folder `{truncate(display_folder, 36)}`"
            return Diagnostic("no-such-folder", message, None, help="make it first")
    if outputs is not None and folder.resolve().is_relative_to(outputs.resolve()):
        message = f"`{outputs.name}/` is for what `cardwright build` writes"
        return Diagnostic("not-for-printouts", message, None, help="name another folder with `--out`")
    return Destination(folder, display_folder, stem, ending)
