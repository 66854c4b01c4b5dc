"""The error that ends an import."""

from cardwright.shell.os_errors import ReportedError, file_diagnostic


class UnreadableDeck(ReportedError):
    """A file or folder cannot be imported; the diagnostic says why, and what to do."""

    def __init__(self, path: str, message: str, help_: str = "") -> None:
        """path: of what is imported, as shown to the user. message, help_: as in `Diagnostic`."""
        super().__init__(file_diagnostic(path, "unreadable-deck", message, help=help_))


class DamagedFile(UnreadableDeck):
    """A single file of a package is damaged; all others may be whole."""


EXPORT_AGAIN = "export it again, and copy it again"
"""What to do about a file that was damaged, or has not arrived whole."""
