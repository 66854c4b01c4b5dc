"""The package as a file: the same bytes for the same deck, and what Anki demands of them."""

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from cardwright.collection.content import Image, MediaFile
from cardwright.collection.reference import Citation, Reference
from tests.support.notes import cloze, deck, hole, paragraph, question, release
from tests.support.paths import IMPORT_PATH

PICTURE = MediaFile("thigh-0123456789ab.svg", "media/thigh.svg", b"<svg/>")
CLINIC = Reference(
    "clinic", "Hamstring Muscles", publisher="Cleveland Clinic", url="https://clinic.example/?a&b"
)

DECK = deck(
    replace(question("avulsion", "What?", "Bone"), topic="Grades: I & II", tags=("injury",)),
    cloze("knee", hole(1, "flex"), " and ", hole(2, "extend")),
    replace(
        question("thigh", paragraph(Image(PICTURE, "a thigh")), "A thigh"),
        citations=(Citation(CLINIC, "Anatomy"), Citation(replace(CLINIC, url="javascript:alert(1)"))),
    ),
)


def opened(package: bytes, folder: Path) -> sqlite3.Connection:
    """The package's database."""
    path = folder / "opened.anki2"
    path.write_bytes(ZipFile(BytesIO(package)).read("collection.anki2"))
    return sqlite3.connect(path)


def build_in_another_process(seed: str) -> bytes:
    """The digest of the deck above, built under another hash seed, time zone and locale."""
    code = (
        "import hashlib; from tests.formats.anki.test_package import DECK, release;"
        "from cardwright.identity.lock import write_lock;"
        "built = release(DECK);"
        "print(hashlib.sha256(built.package + write_lock(built.lock).encode()).hexdigest())"
    )
    environment = {
        **os.environ,
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": IMPORT_PATH,
        "TZ": "Pacific/Kiritimati" if seed == "1" else "America/Los_Angeles",
        "LC_ALL": "C",
    }
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=True
    ).stdout


def test_bytes_depend_on_deck_and_lock_alone() -> None:
    """Not on the process, the hash seed or the time zone."""
    assert build_in_another_process("1") == build_in_another_process("2")


def test_a_rebuild_on_another_day_gives_the_same_bytes() -> None:
    """With the lock of the first build, unchanged sources are a quiet build."""
    first = release(DECK)

    assert release(DECK, first, 1_999_999_999).package == first.package


def test_the_zip_says_nothing_of_the_machine() -> None:
    """Dates, modes and the system are fixed, names are Anki's; everything is deflated."""
    entries = ZipFile(BytesIO(release(DECK).package)).infolist()

    assert [one.filename for one in entries] == ["collection.anki2", "media", "0"]
    assert {one.date_time for one in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {(one.create_system, one.external_attr >> 16) for one in entries} == {(3, 0o644)}
    assert {one.compress_type for one in entries} == {ZIP_DEFLATED}


def test_the_database_does_not_say_which_sqlite_wrote_it() -> None:
    """Bytes 96 to 99 hold the number of the library's version."""
    assert ZipFile(BytesIO(release(DECK).package)).read("collection.anki2")[96:100] == bytes(4)


def test_only_media_that_fields_refer_to_travel() -> None:
    """Under numbers, and once each, however often they are used."""
    built = deck(*DECK.notes, question("again", paragraph(Image(PICTURE, "the same thigh"))))
    package = ZipFile(BytesIO(release(built).package))

    assert json.loads(package.read("media")) == {"0": PICTURE.name}
    assert package.read("0") == PICTURE.data


def test_notes_carry_their_identity(tmp_path: Path) -> None:
    """Guid, id, mod and place are the lock's; the topic is a tag, safe for Anki."""
    built = release(DECK)
    rows = opened(built.package, tmp_path).execute(
        "select n.guid, n.id, n.mod, n.tags, group_concat(c.id - n.id - 1 = c.ord), min(c.due) from notes n"
        " join cards c on c.nid = n.id group by n.id order by c.due"
    )
    entries = built.lock.notes.values()

    assert list(rows) == [
        (entry.guid, entry.id, entry.mod, tags, ",".join("1" * len(entry.cards)), entry.due)
        for entry, tags in zip(entries, [" deck::grades-i-ii injury ", "", ""], strict=True)
    ]


def test_sources_are_linked_only_where_a_link_is_safe(tmp_path: Path) -> None:
    """Each is a paragraph of its own."""
    ((fields,),) = opened(release(DECK).package, tmp_path).execute(
        "select flds from notes where flds like '%thigh%'"
    )

    assert fields.split("\x1f")[7] == (
        '<p><a href="https://clinic.example/?a&amp;b" rel="noopener noreferrer">'
        "Hamstring Muscles § Anatomy, Cleveland Clinic</a></p><p>Hamstring Muscles, Cleveland Clinic</p>"
    )


def test_only_note_types_in_use_travel(tmp_path: Path) -> None:
    """A deck without clozes leaves no second note type in a learner's list."""
    models = (
        opened(release(deck(question("a"))).package, tmp_path).execute("select models from col").fetchone()[0]
    )

    assert [model["name"] for model in json.loads(models).values()] == ["cardwright deck question"]


@pytest.mark.parametrize(
    ("about", "shown"),
    [
        ({}, ""),
        ({"description": "Muscles <3"}, "Muscles &lt;3"),
        (
            {"description": "One\nTwo", "authors": ("A. Author", "B. Author"), "license": "CC-BY-4.0"},
            "One<br>Two<br>A. Author, B. Author · CC-BY-4.0",
        ),
    ],
)
def test_the_deck_says_what_it_is_and_whose(tmp_path: Path, about: dict[str, Any], shown: str) -> None:
    """Anki shows it as HTML under the deck's name."""
    built = replace(DECK, **about)
    decks = json.loads(
        opened(release(built).package, tmp_path).execute("select decks from col").fetchone()[0]
    )

    assert [one["desc"] for one in decks.values() if one["name"] == "Deck"] == [shown]


def test_an_empty_deck_is_a_package(tmp_path: Path) -> None:
    """All cards retired, or none written yet."""
    assert opened(release(deck()).package, tmp_path).execute("select count(*) from notes").fetchone() == (0,)


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
def test_a_topic_becomes_a_tag_without_blanks_or_levels_of_its_own(
    topic: str, tag: str, tmp_path: Path
) -> None:
    """Blanks would make several tags of it, and `::` a hierarchy."""
    built = deck(replace(question("a"), topic=topic))
    tags = opened(release(built).package, tmp_path).execute("select tags from notes").fetchone()[0]

    assert tags == f" {tag} "
