"""Tells what a file or folder holds, by its content, and opens decks of other programs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from enum import Enum
from pathlib import Path

from cardwright.importing.anki_package import open_collection_file, open_package
from cardwright.importing.collection import AnkiCollection
from cardwright.importing.crowdanki import find_deck_file, read_crowdanki
from cardwright.importing.unreadable import EXPORT_AGAIN, UnreadableDeck
from cardwright.shell.files import check_regular
from cardwright.shell.os_errors import ReportedError, os_error_diagnostic

_HEAD_SIZE = 4096
_BLANKS = b"\xef\xbb\xbf \t\r\n"
"""White space, and the mark with which some files in UTF-8 begin."""
_TAIL_SIZE = 1 << 16
_OFFICE_FILES = (b"[Content_Types].xml", b"mimetypeapplication/")
_ZIP_FILE, _EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_SQLITE = b"SQLite format 3\0"
_PAGE_STARTS = (b"<!doctype", b"<html", b"<?xml")
_PACKAGE_ENDINGS = (".apkg", ".colpkg")
# Beginnings of archives in other formats, and their names.
_OTHER_ARCHIVES = {
    b"Rar!": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\x28\xb5\x2f\xfd": "Zstandard",
}


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
                help_ = "name a package, a text file, or the folder of a CrowdAnki export"
                raise UnreadableDeck(path, "there is no `deck.json` in this folder", help_)
            return FileKind.CROWDANKI
        check_regular(file.stat())
        with file.open("rb") as opened:
            head = opened.read(_HEAD_SIZE)
            opened.seek(max(0, file.stat().st_size - _TAIL_SIZE))
            tail = opened.read(_TAIL_SIZE)
    if head.startswith((_ZIP_FILE, _EMPTY_ZIP)):
        # A spreadsheet is a zip archive too, whose list of files is at its end.
        return FileKind.TABLE if any(name in head + tail for name in _OFFICE_FILES) else FileKind.PACKAGE
    return _kind_of_head(path, file, head)


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


def _kind_of_head(path: str, file: Path, head: bytes) -> FileKind:
    """Return the kind of a file that is no zip archive. head: how it begins."""
    if head.startswith(_SQLITE):
        return FileKind.COLLECTION
    for start, name in _OTHER_ARCHIVES.items():
        if head.startswith(start):
            raise UnreadableDeck(path, f"this is an archive of the format {name}", "unpack it first")
    if file.suffix.lower() in _PACKAGE_ENDINGS:
        raise _no_package(path, head)
    if file.suffix.lower() == ".json" and head.lstrip(_BLANKS).startswith(b"{"):
        return FileKind.CROWDANKI
    return FileKind.TABLE


def _no_package(path: str, head: bytes) -> UnreadableDeck:
    if not head:
        return UnreadableDeck(path, "the file is empty", EXPORT_AGAIN)
    if head.lstrip(_BLANKS)[:9].lower().startswith(_PAGE_STARTS):
        return UnreadableDeck(path, "this is a web page, not a package", "download the package itself")
    return UnreadableDeck(path, "this is not a package of Anki", EXPORT_AGAIN)
