"""The package as a file: the same bytes for the same deck, as Anki requires them."""

import json
import sqlite3
from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from cardwright import record
from cardwright.collection.content import Image, MediaFile
from cardwright.collection.deck import Deck
from cardwright.collection.reference import Citation, Reference
from tests.support.commands import run_python
from tests.support.notes import cloze, deck, deletion, paragraph, question, release

PICTURE = MediaFile("thigh-0123456789ab.svg", "media/thigh.svg", b"<svg/>")
CLINIC = Reference(
    "clinic", "Hamstring Muscles", publisher="Cleveland Clinic", url="https://clinic.example/?a&b"
)

DECK = deck(
    record.replace(question("avulsion", "What?", "Bone"), topic="Grades: I & II", tags=("injury",)),
    cloze("knee", deletion(1, "flex"), " and ", deletion(2, "extend")),
    record.replace(
        question("thigh", paragraph(Image(PICTURE, "a thigh")), "A thigh"),
        citations=(Citation(CLINIC, "Anatomy"), Citation(replace(CLINIC, url="javascript:alert(1)"))),
    ),
)


def query(deck: Deck, sql: str) -> list[Any]:
    """Build a deck and return the result of a query on its package's database."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(database(release(deck).package))
    rows = connection.execute(sql).fetchall()
    connection.close()
    return rows


def database(package: bytes) -> bytes:
    return ZipFile(BytesIO(package)).read("collection.anki2")


def digest_in_another_process(seed: str, time_zone: str) -> str:
    """Return the digest of the deck above, built under another hash seed, time zone and locale."""
    code = (
        "import hashlib; from tests.formats.anki.test_package import DECK, release;"
        "from cardwright.identity.lock_text import encode_lock;"
        "built = release(DECK);"
        "print(hashlib.sha256(built.package + encode_lock(built.lock)).hexdigest())"
    )
    result = run_python(code, PYTHONHASHSEED=seed, TZ=time_zone, LC_ALL="C")
    assert result.code == 0, result.err
    return result.out


def test_bytes_depend_on_deck_and_lock_only() -> None:
    """They do not depend on the process, the hash seed or the time zone."""
    first = digest_in_another_process("1", "Pacific/Kiritimati")

    assert digest_in_another_process("2", "America/Los_Angeles") == first


def test_a_rebuild_on_another_day_gives_the_same_bytes() -> None:
    first = release(DECK)

    assert release(DECK, first, 1_999_999_999).package == first.package


def test_the_zip_file_reveals_nothing_about_the_machine() -> None:
    """Dates, modes and the system are fixed, names are Anki's, and everything is deflated."""
    entries = ZipFile(BytesIO(release(DECK).package)).infolist()

    assert [entry.filename for entry in entries] == ["collection.anki2", "media", "0"]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {(entry.create_system, entry.external_attr >> 16) for entry in entries} == {(3, 0o644)}
    assert {entry.compress_type for entry in entries} == {ZIP_DEFLATED}


def test_the_database_does_not_name_the_version_of_sqlite() -> None:
    """Its bytes 96 to 99 would contain it."""
    assert database(release(DECK).package)[96:100] == bytes(4)


def test_each_media_file_is_packed_once_however_often_it_is_used() -> None:
    two_uses = deck(*DECK.notes, question("again", paragraph(Image(PICTURE, "the same thigh"))))
    package = ZipFile(BytesIO(release(two_uses).package))

    assert json.loads(package.read("media")) == {"0": PICTURE.name}
    assert package.read("0") == PICTURE.data


def test_notes_have_the_identities_of_the_lock() -> None:
    rows = query(
        DECK,
        "select n.guid, n.id, n.mod, n.tags, group_concat(c.id - n.id - 1 = c.ord), min(c.due) from notes n"
        " join cards c on c.nid = n.id group by n.id order by c.due",
    )
    entries = release(DECK).lock.notes.values()

    assert rows == [
        (entry.guid, entry.id, entry.mod, tags, ",".join("1" * len(entry.cards)), entry.due)
        for entry, tags in zip(entries, [" deck::grades-i-ii injury ", "", ""], strict=True)
    ]


def test_citations_are_links_only_if_the_address_is_safe() -> None:
    ((fields,),) = query(DECK, "select flds from notes where flds like '%thigh%'")

    assert fields.split("\x1f")[7] == (
        '<p><a href="https://clinic.example/?a&amp;b" rel="noopener noreferrer">'
        "Hamstring Muscles § Anatomy, Cleveland Clinic</a></p><p>Hamstring Muscles, Cleveland Clinic</p>"
    )


def test_only_used_note_types_are_packed() -> None:
    ((models,),) = query(deck(question("a")), "select models from col")

    assert [model["name"] for model in json.loads(models).values()] == ["cardwright deck question"]


@pytest.mark.parametrize(
    ("details", "description"),
    [
        ({}, ""),
        ({"description": "Muscles <3"}, "Muscles &lt;3"),
        (
            {"description": "One\nTwo", "authors": ("A. Author", "B. Author"), "license": "CC-BY-4.0"},
            "One<br>Two<br>A. Author, B. Author · CC-BY-4.0",
        ),
    ],
)
def test_the_deck_has_a_description(details: dict[str, Any], description: str) -> None:
    """Anki shows it as HTML below the deck's name."""
    ((decks,),) = query(record.replace(DECK, **details), "select decks from col")

    assert [deck["desc"] for deck in json.loads(decks).values() if deck["name"] == "Deck"] == [description]


def test_an_empty_deck_is_a_package() -> None:
    """All cards may be retired, or none written yet."""
    assert query(deck(), "select count(*) from notes") == [(0,)]


@pytest.mark.parametrize(
    ("topic", "tag"),
    [
        ("Grades", "deck::grades"),
        ("Two  words\u3000here", "deck::two-words-here"),
        ("a::b: c", "deck::a-b-c"),
        ('"quoted" (x)', "deck::quoted-x"),
        ("Größe हिन्दी", "deck::größe-हिन्दी"),
        ("::", "deck::-"),
    ],
)
def test_a_topic_becomes_a_single_tag(topic: str, tag: str) -> None:
    """A space would divide it into several tags, and `::` into levels."""
    tagged = deck(record.replace(question("a"), topic=topic))

    assert query(tagged, "select tags from notes") == [(f" {tag} ",)]
