"""Packages of Anki written by hand, so that they can be odd or hostile in any way."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import zstandard

BASIC: Mapping[str, Any] = {
    "id": 10,
    "name": "Basic",
    "type": 0,
    "mod": 5,
    "usn": -1,
    "sortf": 0,
    "did": None,
    "css": ".card {}",
    "flds": [
        {"name": name, "ord": ordinal, "sticky": False, "rtl": False, "font": "Arial", "size": 20}
        for ordinal, name in enumerate(("Front", "Back"))
    ],
    "tmpls": [{"name": "Card 1", "ord": 0, "qfmt": "{{Front}}", "afmt": "{{Back}}"}],
}
DECK: Mapping[str, Any] = {"id": 20, "name": "Legs", "desc": "", "dyn": 0}
NOTE = (100, "guid", 10, 7, "", "one\x1feins")
"""Id, GUID, note type, mod, tags and fields."""
CARD = (200, 100, 20, 0, 0, 3, 0, 0)
"""Id, note, deck, ordinal, type, due, original due and original deck."""

TABLES = (
    "CREATE TABLE col (id integer primary key, ver integer, models text, decks text)",
    """CREATE TABLE notes (id integer primary key, guid text, mid integer, mod integer, tags text, flds text,
    sfld integer)""",
    """CREATE TABLE cards (id integer primary key, nid integer, did integer, ord integer, type integer,
    due integer, odue integer, odid integer)""",
    "CREATE INDEX ix_cards_nid ON cards (nid)",
)


def database(
    *,
    notes: Iterable[Sequence[object]] = (NOTE,),
    cards: Iterable[Sequence[object]] = (CARD,),
    types: Mapping[str, object] | str = {"10": BASIC},
    decks: Mapping[str, object] | str = {"20": DECK},
    version: object = 11,
    tables: Sequence[str] = TABLES,
    extra: Sequence[str] = (),
) -> bytes:
    """Return a database of schema 11. extra: SQL that is run last."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for sql in tables:
        connection.execute(sql)
    texts = (value if isinstance(value, str) else json.dumps(value) for value in (types, decks))
    connection.execute("INSERT INTO col VALUES (1, ?, ?, ?)", (version, *texts))
    connection.executemany("INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?, 0)", notes)
    connection.executemany("INSERT INTO cards VALUES (?, ?, ?, ?, ?, ?, ?, ?)", cards)
    for sql in extra:
        connection.execute(sql)
    content = connection.serialize()
    connection.close()
    return content


def complete_database(
    base: bytes,
    types: Mapping[str, object],
    decks: Mapping[str, Mapping[str, object]],
    notes: Iterable[Sequence[object]],
    cards: Iterable[Sequence[object]],
) -> bytes:
    """Return a database that Anki takes too. base: one without notes, from another tool."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(base)
    (found,) = connection.execute("SELECT decks FROM col").fetchone()
    (usual, *_) = json.loads(found).values()
    decks = {id_: {**usual, **deck} for id_, deck in decks.items()}
    connection.execute("UPDATE col SET models = ?, decks = ?", (json.dumps(types), json.dumps(decks)))
    connection.executemany("INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, 0, 0, 0, '')", notes)
    columns = "(id, nid, did, ord, type, due, odue, odid, mod, usn, queue, ivl, factor, reps, lapses, left,"
    columns += " flags, data)"
    values = "(?, ?, ?, ?, ?, ?, ?, ?, 0, -1, 0, 0, 0, 0, 0, 0, 0, '')"
    connection.executemany(f"INSERT INTO cards {columns} VALUES {values}", cards)
    content = connection.serialize()
    connection.close()
    return content


def package(
    path: Path,
    content: bytes,
    media: Mapping[str, str] | str = "{}",
    files: Mapping[Any, bytes] = {},
) -> Path:
    """Write a package with a database as old versions of Anki write it.

    media: the list of media, or its text. files: further ones, by name or ZipInfo.
    """
    listed = media if isinstance(media, str) else json.dumps(media)
    return archive(path, {"collection.anki2": content, "media": listed.encode(), **files})


def new_package(
    path: Path,
    content: bytes,
    media: bytes = b"",
    files: Mapping[Any, bytes] = {},
) -> Path:
    """Write a package as new versions of Anki write it. media: the list of media, not yet compressed."""
    packed = {name: zstandard.compress(data) for name, data in {"media": media, **files}.items()}
    new = {"meta": b"\x08\x03", "collection.anki21b": zstandard.compress(content)}
    return archive(path, {**new, "collection.anki2": b"a stub", **packed})


def archive(path: Path, files: Mapping[Any, bytes]) -> Path:
    """Write a zip archive. files: by name or ZipInfo."""
    with ZipFile(path, "w", ZIP_DEFLATED) as zip_file:
        for name, data in files.items():
            zip_file.writestr(name, data)
    return path


def message(*fields: tuple[int, int | bytes | str]) -> bytes:
    """Return a message of Protocol Buffers."""
    data = b""
    for number, value in fields:
        if isinstance(value, int):
            data += _varint(number << 3) + _varint(value)
        else:
            content = value.encode() if isinstance(value, str) else value
            data += _varint(number << 3 | 2) + _varint(len(content)) + content
    return data


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    parts = b""
    while value > 127:
        parts += bytes([value & 127 | 128])
        value >>= 7
    return parts + bytes([value])
