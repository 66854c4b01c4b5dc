"""What the operating system refused, in plain words."""

import errno

from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.span import Source, Span

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is larger than this system allows",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EISDIR: "a folder has this name",
    errno.ENOTDIR: "a file lies where a folder is needed",
    errno.EEXIST: "a file lies where a folder is needed",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ELOOP: "the link leads back to itself",
    errno.EIO: "the disk reports a fault",
    errno.ENOENT: "it is not there any more",
}


def os_error_diagnostic(deed: str, path: str, error: OSError) -> Diagnostic:
    """A finding about a file that could not be had or made.

    deed: `read` or `write`; the code becomes `cannot-read` or `cannot-write`.
    path: relative to the project folder.
    """
    reason = _REASONS.get(error.errno or 0) or (error.strerror or "unknown reason").lower()
    return file_diagnostic(path, f"cannot-{deed}", f"cannot {deed} `{_short(path)}`: {reason}")


def file_diagnostic(
    path: str,
    code: str,
    message: str,
    *,
    severity: Severity = Severity.ERROR,
    help: str = "",  # noqa: A002 the field's name
) -> Diagnostic:
    """A finding about a file as a whole, whose content does not matter or is not known."""
    return Diagnostic(code, message, Span(Source(path, ""), 0, 0), severity, help=help)


def _short(path: str) -> str:
    """The name at the end of a path, fit for a headline of 72 characters."""
    name = path.rsplit("/", 1)[-1]
    return name if len(name) <= 24 else f"{name[:12]}…{name[-11:]}"
