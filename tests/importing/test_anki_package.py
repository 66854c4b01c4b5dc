"""Packages that real Anki exports are read as Anki itself has them."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from cardwright.importing.anki_package import open_package
from cardwright.importing.collection import AnkiCollection, AnkiNote
from cardwright.rehearsal.profile import new_profile
from tests.support.anki_exports import FORMATS, add_note, export, export_all, fill
from tests.support.crafted_packages import BASIC, DECK, complete_database, package
from tests.support.plain_packages import plain_package

pytestmark = pytest.mark.anki


@dataclass(frozen=True, slots=True)
class Exports:
    """Packages by format, and the JSON of the note types by id, as Anki has it."""

    packages: Mapping[str, Path]
    types: Mapping[int, Mapping[str, Any]]
    rows: Mapping[int, tuple[object, ...]]


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exports]:
    folder = tmp_path_factory.mktemp("exports")
    with new_profile(folder) as profile:
        fill(profile)
        packages = export_all(profile, folder)
        models = profile.collection.models
        rows = profile.database.all("select id, guid, mid, mod, flds, tags from notes")
        yield Exports(
            packages,
            {model["id"]: model for model in models.all()},
            {
                row[0]: (row[1], row[2], row[3], tuple(row[4].split("\x1f")), tuple(row[5].split()))
                for row in rows
            },
        )


@pytest.fixture(params=FORMATS)
def collection(exports: Exports, request: pytest.FixtureRequest) -> Iterator[AnkiCollection]:
    package = exports.packages[request.param]
    with open_package(package.name, package) as collection:
        yield collection


def note(collection: AnkiCollection, first_field: str) -> AnkiNote:
    return next(note for note in collection.notes if note.fields[0].startswith(first_field))


def test_notes_are_those_of_the_collection(collection: AnkiCollection, exports: Exports) -> None:
    notes = {
        note.id: (note.guid, note.type_id, note.mod, note.fields, note.tags) for note in collection.notes
    }

    assert notes == exports.rows
    assert list(notes) == sorted(notes)
    assert collection.note_count == len(notes)


def test_note_types_are_the_json_that_anki_has(collection: AnkiCollection, exports: Exports) -> None:
    assert len(collection.types) == 7
    for id_, note_type in collection.types.items():
        assert {**note_type.json, "usn": 0, "mod": 0} == {**exports.types[id_], "usn": 0, "mod": 0}
        assert note_type.fields == tuple(field["name"] for field in exports.types[id_]["flds"])
        assert note_type.is_cloze == (note_type.name in ("Cloze", "Image Occlusion"))
        assert list(note_type.json)[:14] == list(exports.types[id_])[:14]


def test_cards_lie_in_their_decks(collection: AnkiCollection) -> None:
    def cards(first_field: str) -> list[tuple[int, str]]:
        return [(card.ordinal, card.deck) for card in note(collection, first_field).cards]

    assert cards("one") == [(0, "Leg::Upper::Thigh")]
    assert cards("two") == [(0, "Leg::Lower"), (1, "Leg::Lower")]
    assert cards("{{c1::five") == [(0, "Arm"), (2, "Arm")]
    assert cards("{{c1::image") == [(0, "Default")]
    assert all(card.due is not None for note in collection.notes for card in note.cards)


def test_decks_come_with_their_parents_and_descriptions(collection: AnkiCollection) -> None:
    decks = {deck.name: deck for deck in collection.decks}

    assert decks.keys() == {"Default", "Arm", "Leg", "Leg::Lower", "Leg::Upper", "Leg::Upper::Thigh"}
    assert (decks["Arm"].description, decks["Arm"].is_markdown) == ("*Arms*", True)
    assert (decks["Leg"].description, decks["Leg"].is_markdown) == ("", False)


def test_media_are_read_from_the_package(collection: AnkiCollection) -> None:
    files = {}
    for name, medium in collection.media.items():
        with medium.open() as file:
            files[name] = file.read()
        assert medium.size == len(files[name])

    assert files == {
        name: f"bytes of {name}".encode() for name in ("kneé.png", "sound one.mp3", "_font.ttf")
    } | ({"_unused.css": b"bytes of _unused.css"} if "_unused.css" in files else {})


def test_nothing_is_odd(collection: AnkiCollection) -> None:
    assert [finding for finding in collection.findings if "no note uses" not in finding.text] == []


@pytest.mark.parametrize("format_", FORMATS)
def test_a_card_in_a_filtered_deck_comes_from_its_home_deck(tmp_path: Path, format_: str) -> None:
    with new_profile(tmp_path) as profile:
        add_note(profile, "Basic", {"Front": "one", "Back": "eins"}, "Home")
        decks = profile.collection.decks
        filtered = decks.new_filtered("Cram")
        profile.collection.sched.rebuild_filtered_deck(filtered)
        assert decks.card_count(filtered, include_subdecks=False) == 1
        package = export(profile, tmp_path, format_)

    with open_package(package.name, package) as collection:
        assert [card.deck for note in collection.notes for card in note.cards] == ["Home"]
        assert "Cram" not in {deck.name for deck in collection.decks}
        assert "isn't there" not in str(collection.findings)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_card_that_was_studied_has_no_position(tmp_path: Path, format_: str) -> None:
    with new_profile(tmp_path) as profile:
        for front in ("studied", "new", "suspended"):
            add_note(profile, "Basic", {"Front": front, "Back": ""})
        scheduler = profile.collection.sched
        for query in ("studied", "suspended"):
            (card_id,) = profile.collection.find_cards(query)
            card = profile.collection.get_card(card_id)
            if query == "studied":
                card.start_timer()
                scheduler.answerCard(card, 3)
            else:
                scheduler.suspend_cards([card_id])
        package = export(profile, tmp_path, format_)

    with open_package(package.name, package) as collection:
        dues = {note.fields[0]: [card.due for card in note.cards] for note in collection.notes}
    assert dues == {"studied": [None], "new": [2], "suspended": [3]}


def test_odd_names_and_texts_are_what_anki_makes_of_them(tmp_path: Path) -> None:
    """Anki's own importer is the judge."""
    field, template = BASIC["flds"][0], BASIC["tmpls"][0]
    types = {
        "10": {
            **BASIC,
            "name": "e\u0301",
            "flds": [{**field, "name": name} for name in ("É", "e\u0301", "É+")],
            "tmpls": [{**template, "name": name} for name in ("a", "A", "a+")],
        }
    }
    names = (" A :: :b\x07::", "a::B::BLANK_", "e\u0301::", ": :", "x::::y", "\u3000z")
    decks = {str(id_): {**DECK, "id": id_, "name": name} for id_, name in enumerate(names, 20)}
    texts = ("\x07a\r\nb\x1fc\x1f", "\x1f\x1f", " x \x1f\u2126\u212b\x1f\ufeff\u2028", "a\x1f\x7f\x1f\t\n")
    tags = ("", " a\u3000b  A ", "x:: e\u0301", "c\x07c")
    notes = [
        (100 + number, f"g\u0301{number}", 10, 7, tag, text)
        for number, (tag, text) in enumerate(zip(tags, texts, strict=True))
    ]
    cards = [(200 + n, 100 + n % 4, 20 + n, n // 4, 0, n, 0, 0) for n in range(len(names))]
    with ZipFile(plain_package(tmp_path / "base.apkg", {})) as base:
        content = complete_database(base.read("collection.anki2"), types, decks, notes, cards)
    path = package(tmp_path / "odd.apkg", content)

    with open_package(path.name, path) as collection, new_profile(tmp_path) as profile:
        profile.import_package(path)
        model = profile.collection.models.get(10)  # type: ignore[arg-type] # a NewType of int
        assert model is not None
        (note_type,) = collection.types.values()
        assert note_type.name == model["name"]
        assert note_type.fields == tuple(field["name"] for field in model["flds"])
        assert [template.name for template in note_type.templates] == [
            part["name"] for part in model["tmpls"]
        ]
        for note in collection.notes:
            (note_id,) = profile.database.list("select id from notes where guid = ?", note.guid)
            as_anki_has_it = profile.collection.get_note(note_id)
            assert [unicodedata.normalize("NFC", field) for field in note.fields] == as_anki_has_it.fields
            rows = profile.database.all("select ord, did from cards where nid = ? order by ord", note_id)
            assert [(card.ordinal, card.deck) for card in note.cards] == [
                (ordinal, profile.collection.decks.name(deck_id)) for ordinal, deck_id in rows
            ]
