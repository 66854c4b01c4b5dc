"""Folders that the add-on CrowdAnki exports."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cardwright.cli import main
from cardwright.importing.collection import AnkiCollection
from cardwright.importing.crowdanki import read_crowdanki
from cardwright.importing.unreadable import UnreadableDeck

BASIC = {
    "__type__": "NoteModel",
    "crowdanki_uuid": "uuid-basic",
    "name": "Basic",
    "css": ".card {}",
    "type": 0,
    "sortf": 0,
    "flds": [
        {"name": "Front", "ord": 0, "font": "Arial", "size": 20, "rtl": False, "sticky": False},
        {"name": "Back"},
    ],
    "tmpls": [
        {"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{Back}}"},
        {"name": "Card 2", "qfmt": "{{#Back}}{{Back}}{{/Back}}", "afmt": "{{Front}}"},
    ],
}
CLOZE = BASIC | {
    "crowdanki_uuid": "uuid-cloze",
    "name": "Cloze",
    "type": 1,
    "tmpls": [{"name": "Cloze", "qfmt": "{{cloze:Front}}", "afmt": "{{cloze:Front}}"}],
}


def note(guid: str, *fields: str, model: str = "uuid-basic", tags: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"__type__": "Note", "guid": guid, "fields": fields, "note_model_uuid": model, "tags": tags}


def read(folder: Path, **deck: Any) -> AnkiCollection:
    """Read a deck. deck: its keys, beside the usual ones."""
    whole = {"__type__": "Deck", "name": "Legs", "crowdanki_uuid": "x", "note_models": [BASIC, CLOZE]}
    (folder / "deck.json").write_text(json.dumps({**whole, **deck}), encoding="utf-8")
    return read_crowdanki("legs", folder / "deck.json")


def texts(collection: AnkiCollection) -> list[str]:
    return [
        f"{finding.count} {finding.text}"
        for finding in collection.findings
        if "CrowdAnki" not in finding.text
    ]


def test_notes_keep_their_order_and_guids(tmp_path: Path) -> None:
    collection = read(tmp_path, notes=[note("b", "one", "eins", tags=("t",)), note("a", "two", "")])

    notes = list(collection.notes)
    assert [(note.guid, note.fields, note.tags) for note in notes] == [
        ("b", ("one", "eins"), ("t",)),
        ("a", ("two", ""), ()),
    ]
    assert notes[0].id < notes[1].id
    assert collection.note_count == 2


def test_cards_are_those_that_anki_makes(tmp_path: Path) -> None:
    """CrowdAnki doesn't list cards; it lets Anki make them."""
    notes = [
        note("a", "one", "eins"),
        note("b", "two", ""),
        note("c", "{{c1::x}} {{c3::y}}", "", model="uuid-cloze"),
    ]

    cards = [[card.ordinal for card in note.cards] for note in read(tmp_path, notes=notes).notes]

    assert cards == [[0, 1], [0], [0, 2]]


def test_decks_in_decks_have_full_names(tmp_path: Path) -> None:
    child = {"name": "Upper", "notes": [note("a", "one", "")], "desc": "d", "note_models": [], "children": []}
    collection = read(tmp_path, children=[child], notes=[note("b", "two", "")])

    assert {note.guid: note.cards[0].deck for note in collection.notes} == {"a": "Legs::Upper", "b": "Legs"}
    assert {deck.name: deck.description for deck in collection.decks} == {"Legs": "", "Legs::Upper": "d"}


def test_a_note_type_keeps_its_uuid_and_always_gets_the_same_id(tmp_path: Path) -> None:
    """By the UUID CrowdAnki finds the note type again."""
    first, second = (read(tmp_path, notes=[note("a", "one", "")]) for _ in range(2))

    (id_,) = first.types
    assert second.types.keys() == {id_}
    assert first.types[id_].json["crowdanki_uuid"] == "uuid-basic"
    assert [finding.names for finding in first.findings] == [("Basic",)]


def test_options_presets_are_left_out(tmp_path: Path) -> None:
    presets = [{"crowdanki_uuid": "1", "name": "Default"}, {"crowdanki_uuid": "2", "name": "Fast"}]
    child = {"name": "Upper", "deck_config_uuid": "2", "notes": []}

    collection = read(tmp_path, children=[child], deck_config_uuid="1", deck_configurations=presets)

    assert [finding.names for finding in collection.findings] == [("Legs::Upper",)]


def test_media_lie_beside_the_deck(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    (media / "a b?.png").write_bytes(b"png")
    (media / "link.png").symlink_to("/etc/passwd")

    collection = read(tmp_path, notes=[note("a", "", "")], media_files=["a b?.png", "lost.png"])

    (medium,) = collection.media.values()
    assert (medium.name, medium.file_name, medium.size) == ("a b?.png", "a-b.png", 3)
    with medium.open() as file:
        assert file.read() == b"png"
    assert texts(collection) == [
        "1 links or folders among the media, left out",
        "1 media files that the deck lists but doesn't hold",
    ]


def test_a_folder_becomes_a_deck_that_promises_no_schedules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever studies the deck has its note types under ids that the folder doesn't tell."""
    read(tmp_path, notes=[note("a", "one", "eins"), note("b", "{{c1::x}}", "", model="uuid-cloze")])
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)

    assert main.run(["import", str(tmp_path)]) == 0

    out = capsys.readouterr().out
    assert "2 notes with 3 cards, 2 note types" in out
    assert "schedules" not in out
    assert '"guid":"a"' in (project / "cards_source/legs/deck.lock").read_text()
    assert main.run(["build", "--only", "anki"]) == 0


def test_what_is_odd_is_told(tmp_path: Path) -> None:
    notes = [
        note("a", "first"),
        note("a", "last", ""),
        note("b", "x", "y", model="unknown"),
        note("c", "x"),
        {"guid": "d"},
        note("e", "x", "y", "z"),
    ]
    collection = read(tmp_path, notes=notes)

    assert [note.fields for note in collection.notes] == [("last", ""), ("x", ""), ("x", "y; z")]
    assert texts(collection) == [
        "1 notes with the GUID of a later one",
        "1 notes of a note type that isn't there",
        "2 notes with more or fewer fields than their note type",
        "1 notes that are damaged",
    ]


@pytest.mark.parametrize(
    "text",
    ["", "[", '{"name": 3}', "[]", "1", '"\ud800"', "[" * 100_000, '{"note_models": [], "notes": '],
    ids=range(8),
)
def test_a_file_that_is_no_deck_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "deck.json").write_text(text, encoding="utf-8", errors="surrogatepass")

    with pytest.raises(UnreadableDeck):
        read_crowdanki("legs", tmp_path / "deck.json")


def test_decks_that_lie_in_each_other_without_end_are_told(tmp_path: Path) -> None:
    deck: dict[str, Any] = {"name": "x", "notes": []}
    for _ in range(200):
        deck = {"name": "x", "children": [deck]}

    with pytest.raises(UnreadableDeck):
        read(tmp_path, children=[deck])


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, [None], [{}], [[]], True, 1.5])
@pytest.mark.parametrize(
    "key",
    [
        "notes",
        "note_models",
        "children",
        "name",
        "desc",
        "media_files",
        "crowdanki_uuid",
        "md",
        "deck_config_uuid",
    ],
)
def test_keys_may_hold_anything(tmp_path: Path, key: str, value: object) -> None:
    with suppress(UnreadableDeck):
        list(read(tmp_path, **{"notes": [note("a", "one", "two")], key: value}).notes)
