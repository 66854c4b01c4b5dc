"""Diagnostics about files: what the operating system refused, in plain words."""

import errno
from typing import Literal

from cardwright.diagnostics import Diagnostic, Severity, Source, Span
from cardwright.shell.files import UnsuitableFile

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is larger than this system allows",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EISDIR: "a folder has this name",
    errno.ENOTDIR: "a file is in the place of a folder",
    errno.EEXIST: "a file is in the place of a folder",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ELOOP: "the link leads back to itself",
    errno.EIO: "the disk reports a fault",
    errno.ENOENT: "it does not exist any more",
}


class ReportedError(Exception):
    """Ends what is being done; the diagnostic tells the user why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic


def os_error_diagnostic(action: Literal["read", "write"], path: str, error: OSError) -> Diagnostic:
    """Return `cannot-read` or `cannot-write` with the reason. path: as shown to the user."""
    message = f"cannot {action} `{_short_name(path)}`: {os_error_reason(error)}"
    return file_diagnostic(path, f"cannot-{action}", message)


def os_error_reason(error: OSError) -> str:
    """Return in a few words why something could not be done."""
    if isinstance(error, UnsuitableFile):
        return error.reason
    return _REASONS.get(error.errno or 0) or (error.strerror or "unknown reason").lower()


def file_diagnostic(
    path: str,
    code: str,
    message: str,
    *,
    severity: Severity = Severity.ERROR,
    help: str = "",  # noqa: A002 the field's name
) -> Diagnostic:
    """Return a diagnostic about a whole file, without an excerpt from it."""
    return Diagnostic(code, message, Span(Source(path, ""), 0, 0), severity, help=help)


def _short_name(path: str) -> str:
    """Return the file name of a path, short enough for a headline of 72 characters."""
    name = path.rsplit("/", 1)[-1]
    return name if len(name) <= 24 else f"{name[:12]}…{name[-11:]}"
