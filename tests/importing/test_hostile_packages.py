"""A package that was made to do harm, or damaged on its way, ends the import with a clear message."""

import sqlite3
import stat
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZipFile, ZipInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cardwright.importing import archive as archive_module
from cardwright.importing.collection import AnkiCollection
from cardwright.importing.read_file import FileKind, file_kind, open_deck
from cardwright.importing.unreadable import UnreadableDeck
from tests.support.crafted_packages import (
    BASIC,
    DECK,
    NOTE,
    TABLES,
    archive,
    database,
    message,
    new_package,
    package,
)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for temporary files, which is empty again after each package."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def read(path: Path) -> AnkiCollection:
    """Read all of a package, its media too."""
    with open_deck(path.name, path) as collection:
        for _ in collection.notes:
            pass
        for medium in collection.media.values():
            with medium.open() as file:
                while file.read(1 << 16):
                    pass
        return collection


def refusal(path: Path) -> str:
    """Return the message with which a package is refused."""
    with pytest.raises(UnreadableDeck) as error:
        read(path)
    assert len(error.value.diagnostic.message) <= 72
    assert error.value.diagnostic.help
    return error.value.diagnostic.message


# Archives


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9, 0.99])
def test_a_download_that_broke_off_is_told(tmp_path: Path, share: float) -> None:
    path = package(tmp_path / "deck.apkg", database())
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])

    assert refusal(path) in ("the package is incomplete: its end is missing", "this is not a package of Anki")


def test_a_package_with_a_password_is_told(tmp_path: Path) -> None:
    path = package(tmp_path / "deck.apkg", database())
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(data)

    assert refusal(path) == "the package has a password"


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA])
def test_an_archive_that_anki_cannot_unpack_is_told(tmp_path: Path, method: int) -> None:
    path = tmp_path / "deck.apkg"
    with ZipFile(path, "w", method) as zip_file:
        zip_file.writestr("collection.anki2", database())

    assert "packed in a way that Anki can't read" in refusal(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["collection.anki2", "media"])
def test_what_is_there_twice_might_be_read_as_either(tmp_path: Path, name: str) -> None:
    path = package(tmp_path / "deck.apkg", database())
    with ZipFile(path, "a") as zip_file:
        zip_file.writestr(name, b"{}")

    assert refusal(path) == f"the package has two files named `{name}`"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_media_file_that_is_there_twice_is_told(tmp_path: Path) -> None:
    path = package(tmp_path / "deck.apkg", database(), {"0": "a.png"}, {"0": b"first"})
    with ZipFile(path, "a") as zip_file:
        zip_file.writestr("0", b"last")

    assert [finding.text for finding in read(path).findings] == ["media files that the package holds twice"]


def test_names_that_differ_in_case_are_not_taken_for_each_other(tmp_path: Path) -> None:
    files = {"Collection.anki21b": b"x", "META": b"x", "MEDIA": b"x", "0": b"png"}

    assert list(read(package(tmp_path / "deck.apkg", database(), {"0": "a.png"}, files)).media) == ["a.png"]


def test_files_that_lie_in_each_other_are_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "deck.apkg"
    with ZipFile(path, "w") as zip_file:
        zip_file.writestr("collection.anki2", database())
        for number in range(3):
            zip_file.writestr(str(number), b"png")
            zip_file.filelist[-1].header_offset = zip_file.filelist[-2].header_offset

    assert refusal(path) == "files in the package overlap, so that it unpacks to far more than it is"


@pytest.mark.parametrize("make", [package, new_package])
@pytest.mark.parametrize("name", ["collection", "media list", "media file"])
def test_a_bomb_is_told_with_its_limit(
    tmp_path: Path, make: Callable[..., Path], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_module, "FREE_SIZE", 1 << 20)
    zeros = bytes(40 << 20)
    media = {package: b'{"0": "a.png"}', new_package: message((1, message((1, "a.png"))))}[make]
    listed: Any = zeros if name == "media list" else media
    content = database() + (zeros if name == "collection" else b"")
    files = {"0": zeros if name == "media file" else b""}
    if make is package:
        listed = listed.decode()

    refused = refusal(make(tmp_path / "deck.apkg", content, listed, files))

    assert "unpacks to more than" in refused
    assert refused.endswith("MB")


def test_many_small_bombs_are_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "FREE_TOTAL", 10 << 20)
    media = {str(number): f"{number}.png" for number in range(20)}
    path = package(tmp_path / "deck.apkg", database(), media, dict.fromkeys(media, bytes(1 << 20)))

    assert refusal(path).startswith("the package unpacks to more than 10 MB")
    with open_deck(path.name, path) as collection:
        for _ in range(20):
            collection.media["0.png"].open().read()


def test_damaged_media_are_told_by_their_names(tmp_path: Path) -> None:
    path = package(tmp_path / "deck.apkg", database(), {"0": "knee.png"}, {"0": b"picture" * 100})
    data = bytearray(path.read_bytes())
    with ZipFile(path) as zip_file:
        start = zip_file.getinfo("0").header_offset
    data[start + 33] ^= 255
    path.write_bytes(data)

    assert refusal(path) == "`knee.png` in the package is damaged"


def test_a_package_may_not_have_countless_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "FILE_LIMIT", 20)
    files = {str(number): b"" for number in range(18)}
    allowed = package(tmp_path / "deck.apkg", database(), {}, files)
    path = package(tmp_path / "more.apkg", database(), {}, {**files, "18": b""})

    with open_deck(allowed.name, allowed):
        pass
    assert refusal(path) == "the package has more than 20 files"


def test_a_list_of_files_may_not_be_endless(tmp_path: Path) -> None:
    """Python takes some hundred bytes of memory for each file, before any is asked for."""
    path = package(tmp_path / "deck.apkg", database())
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, data.rindex(b"PK\x05\x06") + 12, 1 << 30)
    path.write_bytes(data)

    assert refusal(path) == "the package lists more files than 16 MB can name"


def test_an_archive_may_be_of_the_large_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    path = package(tmp_path / "deck.apkg", database(), {"0": "a.png"}, {"0": b"png"})
    monkeypatch.undo()
    assert b"PK\x06\x06" in path.read_bytes()

    assert list(read(path).media) == ["a.png"]

    data = bytearray(path.read_bytes())
    struct.pack_into("<Q", data, data.rindex(b"PK\x06\x06") + 40, 1 << 40)
    path.write_bytes(data)
    assert refusal(path) == "the package lists more files than 16 MB can name"


@pytest.mark.parametrize("lying", ["record", "locator"])
def test_the_list_of_files_has_one_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lying: str) -> None:
    """Where a large archive says it twice, Python might believe either."""
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    path = package(tmp_path / "deck.apkg", database())
    data = path.read_bytes()
    start, locator = data.rindex(b"PK\x06\x06"), data.rindex(b"PK\x06\x07")
    honest = data[start:locator]
    hostile = honest[:40] + struct.pack("<Q", 1 << 40) + honest[48:]
    near, far = (hostile, honest) if lying == "record" else (honest, hostile)
    path.write_bytes(
        data[:start]
        + far
        + near
        + data[locator : locator + 8]
        + struct.pack("<Q", start)
        + data[locator + 16 :]
    )

    assert refusal(path) == "the package lists more files than 16 MB can name"


def test_a_link_in_a_package_is_a_file(tmp_path: Path) -> None:
    link = ZipInfo("0")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = package(tmp_path / "deck.apkg", database(), {"0": "a.png"}, {link: b"/etc/passwd"})

    with open_deck(path.name, path) as collection, collection.media["a.png"].open() as file:
        assert file.read() == b"/etc/passwd"


def test_files_that_nothing_names_are_never_looked_at(tmp_path: Path) -> None:
    files = {"../../evil": b"x", "/etc/evil": b"x", "a\\b": b"x", "C:evil": b"x", "nul": b"x", "x/": b""}

    assert read(package(tmp_path / "deck.apkg", database(), files=files)).media == {}


@pytest.mark.parametrize(
    "listed", ["", "[", "[]", "3", '{"0": 1}', "[" * 100_000, '{"0":', "\ud800"], ids=range(8)
)
def test_a_list_of_media_that_is_no_list_is_told(tmp_path: Path, listed: str) -> None:
    path = archive(
        tmp_path / "deck.apkg",
        {"collection.anki2": database(), "media": listed.encode(errors="surrogatepass")},
    )
    if listed == '{"0": 1}':
        assert [finding.text for finding in read(path).findings] == [
            "media files that the package lists but doesn't hold"
        ]
    else:
        assert refusal(path) == "the package's list of media is damaged"


@pytest.mark.parametrize(
    "listed",
    [
        b"\xff",
        b"\x0a\xff",
        message((1, b"\x0a")),
        message((1, message((1, b"\xff")))),
        message((1, message((1, 3)))),
        b"\x0b",
    ],
    ids=range(6),
)
def test_a_message_that_is_none_is_told(tmp_path: Path, listed: bytes) -> None:
    path = new_package(tmp_path / "deck.apkg", database(), listed)

    assert refusal(path) == "the package's list of media is damaged"


@pytest.mark.parametrize("meta", [b"", b"\x08\x04", b"\x08\x00", b"\x08", b"\xff" * 20, b"\x0a\x01x"])
def test_a_version_that_is_unknown_is_told(tmp_path: Path, meta: bytes) -> None:
    path = package(tmp_path / "deck.apkg", database(), files={"meta": meta})

    assert refusal(path) in ("the package is of a newer version of Anki", "`meta` in the package is damaged")


def test_an_archive_without_a_collection_is_told(tmp_path: Path) -> None:
    path = archive(tmp_path / "deck.zip", {"inner.apkg": b""})

    assert refusal(path) == "this zip archive is no package of Anki: it holds no collection"


# Databases


@pytest.mark.parametrize(
    "content",
    [b"", b"SQLite format 3\0", b"no database" * 100, database()[:3000], database()[:4096]],
    ids=range(5),
)
@pytest.mark.parametrize("make", [package, new_package])
def test_a_database_that_is_none_is_told(tmp_path: Path, content: bytes, make: Callable[..., Path]) -> None:
    listed: Any = "{}" if make is package else b""

    assert "collection" in refusal(make(tmp_path / "deck.apkg", content, listed))


COUNT = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
VIEW = "CREATE VIEW notes (id, guid, mid, mod, tags, flds) AS"


@pytest.mark.parametrize(
    "sql",
    [
        f"{VIEW} SELECT 1, 'g', 10, 7, '', 'x'",
        f"{VIEW} {COUNT} SELECT x, 'g', 10, 7, '', 'x' FROM n",
        "CREATE VIRTUAL TABLE notes USING fts5(id, guid, mid, mod, tags, flds, sfld)",
        TABLES[1].replace("flds text", "flds text AS (upper(guid))"),
        TABLES[1].replace("flds text", "flds text AS (hex(zeroblob(999999))) STORED"),
        TABLES[1].replace("integer primary key", "integer"),
        TABLES[1].replace("integer primary key", "text primary key"),
        TABLES[1].replace("flds", "fields"),
        "CREATE TABLE other (x)",
    ],
    ids=range(9),
)
def test_only_plain_tables_are_read(tmp_path: Path, sql: str) -> None:
    path = package(tmp_path / "deck.apkg", database(extra=["DROP TABLE notes", sql]))

    assert refusal(path) == "the collection has no proper table `notes`"


@pytest.mark.parametrize(
    "sql",
    [
        f"{VIEW} {COUNT} SELECT x, 'g', 10, 7, '', 'x' FROM n",
        f"{VIEW} SELECT a.id, a.ver, b.id, c.id, d.id, e.id FROM cards a, col b, col c, col d, col e",
        "CREATE VIRTUAL TABLE notes USING fts5(id, guid, mid, mod, tags, flds, sfld)",
        "CREATE TABLE notes (id)",
        "DROP TABLE col",
        "not SQL",
        "",
    ],
)
def test_a_schema_that_lies_about_itself_gains_nothing(tmp_path: Path, sql: str) -> None:
    """SQLite believes what the schema says, as far as it can parse it."""
    forged = [
        "PRAGMA writable_schema = 1",
        f"UPDATE sqlite_master SET sql = '{sql.replace(chr(39), chr(39) * 2)}' WHERE name = 'notes'",
    ]
    path = package(tmp_path / "deck.apkg", database(extra=forged))

    assert "the collection " in refusal(path)


def test_a_schema_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    rows = "SELECT 'view', 'v' || x, 'v' || x, 0, 'CREATE VIEW v' || x || ' AS SELECT 1' FROM n LIMIT 100000"
    forged = ["PRAGMA writable_schema = 1", f"INSERT INTO sqlite_master {COUNT} {rows}"]
    path = package(tmp_path / "deck.apkg", database(extra=forged))

    assert refusal(path) == "the collection is damaged"


def test_triggers_and_views_beside_the_tables_do_nothing(tmp_path: Path) -> None:
    extra = [
        "CREATE TRIGGER evil AFTER INSERT ON notes BEGIN DELETE FROM notes; END",
        "CREATE VIEW evil2 AS SELECT load_extension('x')",
        "CREATE TABLE evil3 (x CHECK (x > abs(-9)), y DEFAULT (random()))",
        "CREATE INDEX evil4 ON notes (abs(mid)) WHERE mid > 3",
    ]

    assert read(package(tmp_path / "deck.apkg", database(extra=extra))).note_count == 1


def test_a_text_without_measure_is_told(tmp_path: Path) -> None:
    extra = ["UPDATE notes SET flds = hex(zeroblob(17000000))"]
    path = package(tmp_path / "deck.apkg", database(extra=extra))

    assert refusal(path) == "a text in the collection is larger than 32 MB"


def test_a_long_text_is_read(tmp_path: Path) -> None:
    """Anki takes a field of 20 MB."""
    extra = ["UPDATE notes SET flds = hex(zeroblob(10000000)) || char(31)"]
    path = package(tmp_path / "deck.apkg", database(extra=extra))

    with open_deck(path.name, path) as collection:
        assert [len(note.fields[0]) for note in collection.notes] == [20_000_000]


@pytest.mark.parametrize("table", ["notes", "cards"])
def test_pages_that_are_read_again_and_again_are_told(tmp_path: Path, table: str) -> None:
    """A page of a table names further ones, and a hostile page always the same."""
    count = 3000
    content = bytearray(
        database(
            notes=[(id_, f"guid{id_}", 10, 7, "", f"text of the note {id_}\x1f") for id_ in range(1, count)],
            cards=[(id_, id_, 20, 0, 0, 3, 0, 0) for id_ in range(1, count)],
        )
    )
    connection = sqlite3.connect(":memory:")
    connection.deserialize(bytes(content))
    (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    connection.close()
    start = (root - 1) * 4096
    kind, _, cells = struct.unpack_from(">BHH", content, start)
    assert kind == 5
    pointers = struct.unpack_from(f">{cells}H", content, start + 12)
    first = content[start + pointers[0] : start + pointers[0] + 4]
    for pointer in pointers:
        content[start + pointer : start + pointer + 4] = first

    path = package(tmp_path / "deck.apkg", bytes(content))

    if table == "notes":
        assert refusal(path) == "the collection is damaged"
    else:
        assert any(finding.text == "cards that are there twice" for finding in read(path).findings)


@pytest.mark.parametrize(
    "text", ["", "[]", "3", "null", "{", "[" * 100_000, '{"x": {}}', '{"10": 3}'], ids=range(8)
)
@pytest.mark.parametrize("column", ["types", "decks"])
def test_json_in_the_database_may_be_anything(tmp_path: Path, column: str, text: str) -> None:
    path = package(tmp_path / "deck.apkg", database(**{column: text}))
    if text == '{"10": 3}':
        assert read(path).note_count == (column == "decks")
    else:
        assert refusal(path) == "the collection is damaged"


@pytest.mark.parametrize(
    ("version", "text"),
    [
        (10, "the collection is of a version of Anki before 2.0"),
        (19, "the collection is of a newer version of Anki"),
        (18, "the collection has no proper table `notetypes`"),
        ("x", "the collection is damaged"),
        (None, "the collection is damaged"),
        (b"\xff", "the collection is damaged"),
    ],
)
def test_a_version_of_the_database_that_is_unknown_is_told(
    tmp_path: Path, version: object, text: str
) -> None:
    assert refusal(package(tmp_path / "deck.apkg", database(version=version))) == text


def test_a_database_of_something_else_is_told(tmp_path: Path) -> None:
    """Packages of Anki 1 are named `.anki`, and hold other tables."""
    path = package(tmp_path / "deck.apkg", database(extra=["DROP TABLE col"]))

    assert refusal(path) == "this is no collection of Anki, or one from before Anki 2.0"


def test_names_by_the_thousand_take_no_time(tmp_path: Path) -> None:
    decks = {str(id_): {**DECK, "name": "Legs"} for id_ in range(3000)} | {
        "20": {"name": "::".join("ab" * 50_000)}
    }
    field = BASIC["flds"][0]
    types = {"10": {**BASIC, "flds": [field] * 1000}, "11": {**BASIC, "flds": [field] * 1001}}

    collection = read(package(tmp_path / "deck.apkg", database(decks=decks, types=types, notes=[NOTE])))

    assert len(set(collection.types[10].fields)) == 1000
    assert "note types with more than 1,000 fields or card templates" in {f.text for f in collection.findings}


def test_a_note_may_have_any_number_of_fields_and_tags(tmp_path: Path) -> None:
    notes = [(100, "g", 10, 7, "", "\x1f" * 2_000_000), (101, "h", 10, 7, "a " * 2_000_000, "\x1f")]
    path = package(tmp_path / "deck.apkg", database(notes=notes))

    with open_deck(path.name, path) as collection:
        assert [(note.guid, len(note.fields)) for note in collection.notes] == [("g", 2)]


# Anything


def _parts() -> dict[str, bytes]:
    listed = message((1, message((1, "a.png"), (2, 3))))
    return {"database": database(), "listed": listed, "json": b'{"0": "a.png"}', "meta": b"\x08\x03"}


PARTS = _parts()
KINDS = ("change", "cut", "repeat", "zero")
Damage = tuple[str, float, int, int]
damage = st.tuples(
    st.sampled_from(KINDS),
    st.floats(0, 1),
    st.integers(0, 255),
    st.integers(1, 600),
)


def _damaged(data: bytes, kind: str, share: float, value: int, size: int) -> bytes:
    place = int(share * len(data))
    match kind:
        case "change":
            return data[:place] + bytes([value]) + data[place + 1 :]
        case "cut":
            return data[:place] + data[place + size :]
        case "repeat":
            return data[: place + size] + data[place:]
        case _:
            return data[:place] + bytes(size) + data[place + size :]


@given(
    part=st.sampled_from([*PARTS, "archive"]),
    damages=st.lists(damage, min_size=1, max_size=4),
    is_new=st.booleans(),
)
@example(part="database", damages=[("change", 0.0021, 0, 1)], is_new=True)
def test_a_damaged_package_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    part: str,
    damages: list[Damage],
    *,
    is_new: bool,
) -> None:
    """Never is there another error, whatever bytes have been lost or changed."""
    parts = dict(PARTS)
    if part in parts:
        for kind, share, value, size in damages:
            parts[part] = _damaged(parts[part], kind, share, value, size)
    path = tmp_path_factory.getbasetemp() / "damaged.apkg"
    files = {"0": b"png", "meta": parts["meta"]}
    if is_new:
        new_package(path, parts["database"], parts["listed"], {"0": b"png"})
    else:
        archive(path, {"collection.anki2": parts["database"], "media": parts["json"], "0": b"png"})
    if part == "meta":
        archive(path, {"collection.anki2": parts["database"], "media": b"{}", **files})
    if part == "archive":
        for kind, share, value, size in damages:
            path.write_bytes(_damaged(path.read_bytes(), kind, share, value, size))
    with suppress(UnreadableDeck):
        if file_kind(path.name, path) is not FileKind.TABLE:
            read(path)
