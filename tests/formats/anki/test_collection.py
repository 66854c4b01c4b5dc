"""The database of a package, judged by one that genanki writes."""

import json
import sqlite3
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.support.notes import cloze, deck, deletion, question, release
from tests.support.plain_packages import plain_package


def connect(package: bytes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(ZipFile(BytesIO(package)).read("collection.anki2"))
    return connection


@pytest.fixture
def ours() -> sqlite3.Connection:
    return connect(release(deck(question("a"), cloze("b", deletion(1, "hidden")))).package)


@pytest.fixture
def judge(tmp_path: Path) -> sqlite3.Connection:
    return connect(plain_package(tmp_path / "plain.apkg", {"guid": ("Question", "Answer")}).read_bytes())


def schema(connection: sqlite3.Connection) -> dict[str, list[Any]]:
    """Return the columns of each table and each index."""
    names = connection.execute("SELECT type, name FROM sqlite_master").fetchall()
    return {
        name: connection.execute(f"PRAGMA {type_}_info({name})").fetchall()  # type and name of each column
        for type_, name in names
    }


def test_tables_and_indexes_are_those_of_schema_11(
    ours: sqlite3.Connection, judge: sqlite3.Connection
) -> None:
    assert schema(ours) == schema(judge)


@pytest.mark.parametrize("column", ["conf", "models", "decks", "dconf", "tags"])
def test_json_has_every_key_that_other_packages_have(
    ours: sqlite3.Connection, judge: sqlite3.Connection, column: str
) -> None:
    """Anki may read any of them, and their values have the same types."""
    own, other = (json.loads(c.execute(f"SELECT {column} FROM col").fetchone()[0]) for c in (ours, judge))

    assert_has_keys(own, other)


def assert_has_keys(own: Any, other: Any) -> None:
    assert type(own) is type(other)
    if isinstance(own, list) and other and own:
        assert_has_keys(own[0], other[0])
    if isinstance(own, dict):
        # Decks and note types have their ids as keys.
        for key, value in other.items():
            assert_has_keys(own[key] if not key.isdigit() else next(reversed(own.values())), value)


@pytest.mark.parametrize("column", ["crt", "mod", "scm", "ver", "dty", "usn", "ls"])
def test_a_collection_is_as_new_as_those_of_other_packages(
    ours: sqlite3.Connection, judge: sqlite3.Connection, column: str
) -> None:
    own, other = (c.execute(f"SELECT {column} FROM col").fetchone() for c in (ours, judge))

    assert own == other
