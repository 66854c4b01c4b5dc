"""Tells what a file is that cannot be imported, and what to do instead."""

from collections.abc import Iterable
from pathlib import Path

_TO_TEXT = "export the cards from the program that made it, as CSV or as tab-separated text"
_SPREADSHEET = "this is a spreadsheet", "save each of its sheets as CSV (UTF-8), and import these files"
_DOCUMENT = (
    "this is a text document",
    "put the cards into a spreadsheet, a row for each, save it as CSV (UTF-8), and import that file",
)
_PRESENTATION = "this is a presentation", _DOCUMENT[1]
_PICTURE = "this is a picture", "name the package, or the table, that shows it"
_PAGE = "this is a web page", _TO_TEXT
_MNEMOSYNE = "this is a deck of Mnemosyne", "export it there as tab-separated text, and import that file"

# What only such archives have in them, and what their file `mimetype` says.
_IN_ARCHIVES = {
    "xl/workbook.xml": _SPREADSHEET,
    "xl/workbook.bin": _SPREADSHEET,
    "word/document.xml": _DOCUMENT,
    "ppt/presentation.xml": _PRESENTATION,
    "Index/CalculationEngine.iwa": _SPREADSHEET,
    "Index/Document.iwa": _DOCUMENT,
    "cards.xml": _MNEMOSYNE,
}
_MIME_TYPES = {
    b"application/vnd.oasis.opendocument.spreadsheet": _SPREADSHEET,
    b"application/vnd.oasis.opendocument.text": _DOCUMENT,
    b"application/vnd.oasis.opendocument.presentation": _PRESENTATION,
    b"application/epub+zip": _DOCUMENT,
}
_OTHER_ARCHIVE = (
    "this zip archive is no package of Anki: it holds no collection",
    "unpack it, and import what is in it: a package, a table, or the folder of a deck",
)
# What files begin with.
_STARTS = {
    b"\xd0\xcf\x11\xe0": ("this is a file of an old Office program", _SPREADSHEET[1]),
    b"%PDF": ("this is a PDF", _TO_TEXT),
    b"{\\rtf": _DOCUMENT,
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"--- Mnemosyne Data Base": _MNEMOSYNE,
}
_ARCHIVES = {
    b"Rar!": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\x28\xb5\x2f\xfd": "Zstandard",
}
_STARTS |= {
    start: (f"this is an archive of the format {name}", "unpack it first")
    for start, name in _ARCHIVES.items()
}
# In small letters, after white space and the mark with which some files in UTF-8 begin.
_PAGE_STARTS = {b"<!doctype html": _PAGE, b"<html": _PAGE, b"<?xml": ("this is XML", _TO_TEXT)}
BLANKS = b"\xef\xbb\xbf \t\r\n"

# Where the decks in a folder are, as CrowdAnki, Anki, people and Brain Brew store them.
_DECKS = ("*/deck.json", "*.apkg", "*.colpkg", "*.csv", "*.tsv", "*/*.csv", "*/*/*.csv")


def other_archive(names: Iterable[str], mime_type: bytes) -> tuple[str, str]:
    """Return what is told of a zip archive that is no package, and what to do.

    names: of the files in it. mime_type: what its file `mimetype` says; empty if it has none.
    """
    told = _MIME_TYPES.get(mime_type.strip())
    return told or next((_IN_ARCHIVES[name] for name in names if name in _IN_ARCHIVES), _OTHER_ARCHIVE)


def other_file(head: bytes) -> tuple[str, str] | None:
    """Return what is told of a file, and what to do; None if it may be imported. head: how it begins."""
    told = next((told for start, told in _STARTS.items() if head.startswith(start)), None)
    text = head.lstrip(BLANKS)[:20].lower()
    return told or next((told for start, told in _PAGE_STARTS.items() if text.startswith(start)), None)


def other_folder(folder: Path) -> tuple[str, str]:
    """Return what is told of a folder that is no deck, and what to do."""
    message = "there is no `deck.json` in this folder"
    for pattern in _DECKS:
        for found in sorted(folder.glob(pattern)):
            shown = found.parent if found.name == "deck.json" else found
            return message, f"name what is in it, such as `{shown.relative_to(folder).as_posix()}`"
    return message, "name a package, a text file, or the folder of a CrowdAnki export"
