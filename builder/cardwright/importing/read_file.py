"""Tells what a file or folder holds, by its content, and opens decks of other programs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from enum import Enum
from pathlib import Path

from cardwright.importing.anki_package import open_collection_file, open_package
from cardwright.importing.collection import AnkiCollection
from cardwright.importing.crowdanki import find_deck_file, read_crowdanki
from cardwright.importing.other_files import BLANKS, other_file, other_folder
from cardwright.importing.unreadable import EXPORT_AGAIN, UnreadableDeck
from cardwright.shell.files import check_regular
from cardwright.shell.os_errors import ReportedError, os_error_diagnostic

_HEAD_SIZE = 4096
_ZIP_FILE, _EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_SQLITE = b"SQLite format 3\0"
_PACKAGE_ENDINGS = (".apkg", ".colpkg")


class FileKind(Enum):
    """What a file or folder holds. A table is anything else: its own reader tells whether it is a text."""

    PACKAGE = "package"
    COLLECTION = "collection"
    CROWDANKI = "CrowdAnki"
    TABLE = "table"


def file_kind(path: str, file: Path) -> FileKind:
    """Return what a file or folder holds. path: as shown to the user.

    Errors: ReportedError if it can't be read, or is plainly nothing that can be imported.
    """
    with _reported_os_errors(path):
        if file.is_dir():
            if find_deck_file(file) is None:
                raise UnreadableDeck(path, *other_folder(file))
            return FileKind.CROWDANKI
        check_regular(file.stat())
        with file.open("rb") as opened:
            head = opened.read(_HEAD_SIZE)
    is_package = file.suffix.lower() in _PACKAGE_ENDINGS
    if told := other_file(head):
        message, help_ = told
        raise UnreadableDeck(path, message, "download the package itself" if is_package else help_)
    if head.startswith((_ZIP_FILE, _EMPTY_ZIP)):
        return FileKind.PACKAGE
    if head.startswith(_SQLITE):
        return FileKind.COLLECTION
    if is_package:
        raise UnreadableDeck(
            path, "this is not a package of Anki" if head else "the file is empty", EXPORT_AGAIN
        )
    if file.suffix.lower() == ".json" and head.lstrip(BLANKS).startswith(b"{"):
        return FileKind.CROWDANKI
    return FileKind.TABLE


@contextmanager
def open_deck(path: str, file: Path) -> Iterator[AnkiCollection]:
    """Open a package, a collection or a CrowdAnki folder; not a table. path: as shown to the user.

    Errors: ReportedError, then and while it is read.
    """
    kind = file_kind(path, file)
    if kind is FileKind.TABLE:
        raise UnreadableDeck(path, "this is not a package of Anki", EXPORT_AGAIN)
    with ExitStack() as stack:
        # What goes wrong inside the caller's block is none of ours.
        with _reported_os_errors(path):
            if kind is FileKind.CROWDANKI:
                deck_file = find_deck_file(file) if file.is_dir() else file
                assert deck_file is not None
                collection = read_crowdanki(path, deck_file)
            else:
                open_file = open_package if kind is FileKind.PACKAGE else open_collection_file
                collection = stack.enter_context(open_file(path, file))
        yield collection


@contextmanager
def _reported_os_errors(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReportedError(os_error_diagnostic("read", path, error)) from error
