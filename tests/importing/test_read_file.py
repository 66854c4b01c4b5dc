"""A file is recognised by its content, whatever its name."""

import os
import sqlite3
from pathlib import Path
from zipfile import ZipFile

import pytest

from cardwright.importing.read_file import FileKind, file_kind, open_deck
from cardwright.importing.unreadable import UnreadableDeck
from cardwright.shell.os_errors import ReportedError
from tests.support.plain_packages import plain_package


def test_a_package_is_known_by_its_content(tmp_path: Path) -> None:
    package = plain_package(tmp_path / "deck.csv", {"g": ("one", "eins")})

    assert file_kind("deck.csv", package) is FileKind.PACKAGE
    with open_deck("deck.csv", package) as collection:
        (note,) = collection.notes
        assert (note.guid, note.fields) == ("g", ("one", "eins"))


def test_a_collection_is_known_by_its_content(tmp_path: Path) -> None:
    """Its media lie in the folder of the profile."""
    package = plain_package(tmp_path / "deck.apkg", {"g": ("one", "eins")})
    collection_file = tmp_path / "collection.anki2"
    collection_file.write_bytes(ZipFile(package).read("collection.anki2"))
    (tmp_path / "collection.media").mkdir()
    (tmp_path / "collection.media" / "a.png").write_bytes(b"png")

    with open_deck("collection.anki2", collection_file) as collection:
        assert [note.guid for note in collection.notes] == ["g"]
        assert list(collection.media) == ["a.png"]


def test_a_collection_that_anki_has_open_is_not_read(tmp_path: Path) -> None:
    """Its last changes are in the log beside it."""
    collection_file = tmp_path / "collection.anki2"
    connection = sqlite3.connect(collection_file)
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("CREATE TABLE col (ver)")
    try:
        with pytest.raises(UnreadableDeck), open_deck("c", collection_file):
            pass
    finally:
        connection.close()


def test_a_folder_needs_a_deck_of_crowdanki(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDeck) as error:
        file_kind("legs", tmp_path)
    assert error.value.diagnostic.message == "there is no `deck.json` in this folder"

    (tmp_path / "deck.json").write_text("{}")
    assert file_kind("legs", tmp_path) is FileKind.CROWDANKI
    assert file_kind("deck.json", tmp_path / "deck.json") is FileKind.CROWDANKI


def test_a_folder_may_name_its_deck_after_itself(tmp_path: Path) -> None:
    folder = tmp_path / "legs"
    folder.mkdir()
    (folder / "legs.json").write_text("{}")

    assert file_kind("legs", folder) is FileKind.CROWDANKI


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.apkg")

    for name, reason in (
        ("pipe.apkg", "it is a pipe, a socket or a device"),
        ("x.apkg", "it does not exist any more"),
    ):
        with pytest.raises(ReportedError) as error, open_deck(name, tmp_path / name):
            pass
        assert error.value.diagnostic.message == f"cannot read `{name}`: {reason}"


def test_an_error_of_the_caller_is_not_taken_for_one_of_the_file(tmp_path: Path) -> None:
    package = plain_package(tmp_path / "deck.apkg", {"g": ("one", "eins")})

    with pytest.raises(FileNotFoundError), open_deck("deck.apkg", package):
        (tmp_path / "lost").read_bytes()


def test_a_text_is_left_to_the_reader_of_tables(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("q,a\none,eins\n")

    assert file_kind("a.txt", tmp_path / "a.txt") is FileKind.TABLE


@pytest.mark.parametrize(
    ("files", "message", "help_"),
    [
        (["[Content_Types].xml", "xl/workbook.xml"], "this is a spreadsheet", "as CSV (UTF-8)"),
        (["mimetype"], "this is a spreadsheet", "as CSV (UTF-8)"),
        (["[Content_Types].xml", "word/document.xml"], "this is a text document", "into a spreadsheet"),
        (["METADATA", "cards.xml"], "this is a deck of Mnemosyne", "tab-separated text"),
        (
            ["deck-main/deck.json"],
            "this zip archive is no package of Anki: it holds no collection",
            "unpack it",
        ),
    ],
)
def test_an_archive_of_another_program_is_told(
    tmp_path: Path, files: list[str], message: str, help_: str
) -> None:
    with ZipFile(tmp_path / "deck", "w") as archive:
        for name in files:
            archive.writestr(name, "application/vnd.oasis.opendocument.spreadsheet\n")

    with pytest.raises(UnreadableDeck) as error, open_deck("deck", tmp_path / "deck"):
        pass
    assert error.value.diagnostic.message == message
    assert help_ in error.value.diagnostic.help


def test_a_spreadsheet_among_the_media_makes_no_spreadsheet_of_a_package(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "sheet.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    package = plain_package(
        tmp_path / "a.apkg", {"g": ("[sound:sheet.xlsx]", "a")}, media=[tmp_path / "sheet.xlsx"]
    )

    with open_deck("a.apkg", package) as collection:
        assert list(collection.media) == ["sheet.xlsx"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7", "this is a PDF"),
        (b"\x89PNG\r\n", "this is a picture"),
        (b"{\\rtf1 a", "this is a text document"),
        (b"\xd0\xcf\x11\xe0\xa1", "this is a file of an old Office program"),
        (b"\n<?xml version='1.0'?>", "this is XML"),
        (b"<!DOCTYPE HTML>", "this is a web page"),
        (b"--- Mnemosyne Data Base --- Format Version 1 ---", "this is a deck of Mnemosyne"),
        (b"\x1f\x8b\x08", "this is an archive of the format gzip"),
    ],
)
def test_a_file_that_cannot_be_imported_is_told_with_what_to_do(
    tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "cards.txt").write_bytes(content)

    with pytest.raises(UnreadableDeck) as error:
        file_kind("cards.txt", tmp_path / "cards.txt")
    assert error.value.diagnostic.message == message
    assert error.value.diagnostic.help


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Robotics/deck.json", "Robotics"),
        ("Legs.apkg", "Legs.apkg"),
        ("src/data/main.csv", "src/data/main.csv"),
    ],
)
def test_a_folder_around_decks_says_which_there_are(tmp_path: Path, file: str, name: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).touch()

    with pytest.raises(UnreadableDeck) as error:
        file_kind("decks", tmp_path)
    assert error.value.diagnostic.help == f"name what is in it, such as `{name}`"


def test_a_table_is_no_deck(tmp_path: Path) -> None:
    text = tmp_path / "a.csv"
    text.write_text("q,a")

    with pytest.raises(UnreadableDeck) as error, open_deck("a.csv", text):
        pass
    assert error.value.diagnostic.message == "this is not a package of Anki"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><title>Sign in</title>", "this is a web page"),
        (b"<html>", "this is a web page"),
        (b"anything", "this is not a package of Anki"),
        (b"Rar!\x1a\x07", "this is an archive of the format RAR"),
        (b"7z\xbc\xaf\x27\x1c", "this is an archive of the format 7-Zip"),
        (b"\x1f\x8b\x08", "this is an archive of the format gzip"),
        (b"\x28\xb5\x2f\xfd", "this is an archive of the format Zstandard"),
        (b"PK\x03\x04", "the package is incomplete: its end is missing"),
    ],
)
def test_a_package_that_is_none_is_told(tmp_path: Path, content: bytes, message: str) -> None:
    package = tmp_path / "deck.apkg"
    package.write_bytes(content)

    with pytest.raises(UnreadableDeck) as error, open_deck("deck.apkg", package):
        pass
    assert error.value.diagnostic.message == message
    assert error.value.diagnostic.help
