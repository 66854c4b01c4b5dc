"""Packages that real Anki exports are read as Anki itself has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cardwright.importing.anki_package import open_package
from cardwright.importing.collection import AnkiCollection, AnkiNote
from cardwright.rehearsal.profile import new_profile
from tests.support.anki_exports import FORMATS, add_note, export, export_all, fill

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
