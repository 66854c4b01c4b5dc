"""What Anki's own collections have that nobody expects is made good, and told."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from cardwright.importing.anki_package import open_package
from cardwright.importing.collection import AnkiCollection, AnkiNote
from tests.support.crafted_packages import (
    BASIC,
    CARD,
    DECK,
    NOTE,
    TABLES,
    archive,
    database,
    message,
    new_package,
    package,
)


def read(path: Path) -> tuple[AnkiCollection, list[AnkiNote]]:
    """Return a collection and its notes, which can be looked at after it is closed."""
    with open_package(path.name, path) as collection:
        notes = list(collection.notes)
        assert list(collection.notes) == notes
        assert collection.note_count == len(notes)
        return collection, notes


def read_database(folder: Path, **content: Any) -> tuple[AnkiCollection, list[AnkiNote]]:
    return read(package(folder / "deck.apkg", database(**content)))


def texts(collection: AnkiCollection) -> list[str]:
    """Return what is told, but for decks that have no cards in these small collections."""
    findings = (finding for finding in collection.findings if finding.text != "decks without cards")
    return [f"{finding.count} {finding.text}" for finding in findings]


def note(id_: int, guid: str, fields: str = "one\x1feins", **columns: object) -> tuple[object, ...]:
    return (id_, guid, columns.get("mid", 10), columns.get("mod", 7), columns.get("tags", ""), fields)


def card(id_: int, note_id: int, ordinal: int = 0, deck: int = 20, **columns: object) -> tuple[object, ...]:
    values = [columns.get(name, 0) for name in ("type", "due", "odue", "odid")]
    return (id_, note_id, deck, ordinal, *values)


def test_a_plain_package_has_nothing_to_tell(tmp_path: Path) -> None:
    collection, (only,) = read_database(tmp_path)

    assert (only.id, only.guid, only.mod, only.fields) == (100, "guid", 7, ("one", "eins"))
    assert [(card.ordinal, card.deck, card.due) for card in only.cards] == [(0, "Legs", 3)]
    assert texts(collection) == []


@pytest.mark.parametrize(
    "files",
    [
        {"collection.anki2": b"a stub", "collection.anki21": database()},
        {"meta": b"\x08\x02", "collection.anki2": b"a stub", "collection.anki21": database()},
        {"meta": b"\x08\x01", "collection.anki2": database(), "collection.anki21": b"not this one"},
    ],
)
def test_the_stub_is_never_read(tmp_path: Path, files: dict[str, bytes]) -> None:
    """Its only note says that Anki has to be updated."""
    _, notes = read(archive(tmp_path / "deck.apkg", {**files, "media": b"{}"}))

    assert [note.guid for note in notes] == ["guid"]


def test_the_schema_is_told_by_the_database_itself(tmp_path: Path) -> None:
    """Anki takes one of schema 11 in a package of the newest form."""
    _, notes = read(new_package(tmp_path / "deck.apkg", database()))

    assert [note.guid for note in notes] == ["guid"]


def test_a_package_may_have_no_list_of_media(tmp_path: Path) -> None:
    """AnkiDroid once left it out if it was empty."""
    collection, _ = read(archive(tmp_path / "deck.apkg", {"collection.anki2": database()}))

    assert collection.media == {}


def test_of_equal_guids_the_newest_note_is_kept(tmp_path: Path) -> None:
    """Anki's imports change that one alone."""
    notes = [
        note(1, "same", "old\x1f"),
        note(3, "same", "new\x1f"),
        note(2, "same", "older\x1f"),
        note(4, "x"),
    ]
    cards = [card(10 + id_, id_) for id_ in (1, 2, 3, 4)]

    collection, kept = read_database(tmp_path, notes=notes, cards=cards)

    assert [(note.id, len(note.cards)) for note in kept] == [(3, 1), (4, 1)]
    (finding,) = collection.findings
    assert finding.text == "notes with the GUID of another one; Anki updates only the newest of them"
    assert (finding.count, finding.names) == (2, ("old", "older"))


def test_cards_without_a_template_or_a_note_are_left_out(tmp_path: Path) -> None:
    cards = [card(1, 100), card(2, 100, 1), card(3, 100, -1), card(4, 99), card(5, 101), card(6, 100, 0)]
    collection, (only,) = read_database(tmp_path, cards=cards)

    assert [card.ordinal for card in only.cards] == [0]
    assert texts(collection) == [
        "1 cards without a note",
        "2 cards without a card template",
        "1 cards that are there twice",
    ]


def test_a_cloze_note_has_cards_beyond_its_template(tmp_path: Path) -> None:
    cards = [card(1, 100, 7), card(2, 100, 499), card(3, 100, 500)]
    collection, (only,) = read_database(tmp_path, cards=cards, types={"10": {**BASIC, "type": 1}})

    assert [card.ordinal for card in only.cards] == [7, 499]
    assert texts(collection) == ["1 cards without a card template"]


def test_a_note_may_have_no_cards(tmp_path: Path) -> None:
    collection, (only,) = read_database(tmp_path, cards=[])

    assert only.cards == ()
    assert texts(collection) == []


def test_a_card_of_a_missing_deck_goes_where_another_card_of_its_note_is(tmp_path: Path) -> None:
    types = {"10": {**BASIC, "tmpls": [*BASIC["tmpls"], {"name": "Card 2", "qfmt": "x"}]}}
    decks = {"20": DECK, "30": {**DECK, "name": "Arms"}}
    cards = [card(1, 100, 0, 77), card(2, 100, 1, 30), card(3, 101), card(4, 102), card(5, 103, 0, 77)]
    notes = [note(id_, f"g{id_}") for id_ in (100, 101, 102, 103)]

    collection, found = read_database(tmp_path, types=types, decks=decks, cards=cards, notes=notes)

    assert [[card.deck for card in note.cards] for note in found] == [
        ["Arms", "Arms"],
        ["Legs"],
        ["Legs"],
        ["Legs"],
    ]
    assert texts(collection) == ["2 cards whose deck isn't there, put into another one"]


FILTERED = {"20": DECK, "30": {**DECK, "name": "Cram", "dyn": 1}}


def test_a_card_in_a_filtered_deck_comes_from_its_home_deck(tmp_path: Path) -> None:
    collection, (only,) = read_database(
        tmp_path, decks=FILTERED, cards=[card(1, 100, 0, 30, odid=20, due=-99_999, odue=6)]
    )

    assert [(card.deck, card.due) for card in only.cards] == [("Legs", 6)]
    assert [deck.name for deck in collection.decks] == ["Legs"]
    assert texts(collection) == []


def test_a_card_in_a_filtered_deck_may_have_lost_its_home(tmp_path: Path) -> None:
    cards = [card(1, 100, 0, 30), card(2, 101, 0, 30, odid=88), card(3, 102)]
    notes = [note(id_, f"g{id_}") for id_ in (100, 101, 102)]

    collection, found = read_database(tmp_path, decks=FILTERED, cards=cards, notes=notes)

    assert {card.deck for note in found for card in note.cards} == {"Legs"}
    assert texts(collection) == ["2 cards whose deck isn't there, put into another one"]


def test_without_any_deck_cards_go_to_the_default_deck(tmp_path: Path) -> None:
    _, (only,) = read_database(tmp_path, decks={"1": {"name": "Standard"}}, cards=[card(1, 100, 0, 30)])

    assert [card.deck for card in only.cards] == ["Standard"]


def test_options_presets_are_left_out(tmp_path: Path) -> None:
    """Learners who have them keep them; in packages without presets each deck has the default."""
    decks = {"20": {**DECK, "conf": 99}, "30": {**DECK, "name": "Arms", "conf": 1}}
    cards = [card(1, 100), card(2, 101, 0, 30)]

    collection, _ = read_database(tmp_path, decks=decks, cards=cards, notes=[NOTE, note(101, "h")])

    (finding,) = collection.findings
    assert finding.text == "decks with an options preset, which is left out; who has it in Anki keeps it"
    assert finding.names == ("Legs",)


def test_ids_and_times_may_be_any(tmp_path: Path) -> None:
    notes = [note(-5, "a", mod=0), note(0, "b", mod=9_999_999_999), note((1 << 63) - 1, "c", mod=-1)]
    cards = [card(1, -5, due=-7), card(2, 0, type=2, due=1 << 40)]
    types = {"-9": {**BASIC, "id": "-9", "mod": "12"}}
    notes = [(*note[:2], -9, *note[3:]) for note in notes]

    collection, found = read_database(tmp_path, notes=notes, cards=cards, types=types)

    assert [(note.id, note.mod) for note in found] == [(-5, 0), (0, 9_999_999_999), ((1 << 63) - 1, -1)]
    assert [[card.due for card in note.cards] for note in found] == [[-7], [None], []]
    assert (collection.types[-9].id, collection.types[-9].mod) == (-9, 12)
    assert texts(collection) == []


def test_fields_come_from_the_column_that_keeps_their_text(tmp_path: Path) -> None:
    """`sfld` would turn 007 into a number."""
    _, (only,) = read_database(tmp_path, notes=[note(100, "g", "007\x1f1e5")])

    assert only.fields == ("007", "1e5")


def test_a_note_gets_as_many_fields_as_its_type_has(tmp_path: Path) -> None:
    notes = [note(1, "a", "x"), note(2, "b", "x\x1fy\x1fz\x1f"), note(3, "c", "")]
    collection, found = read_database(tmp_path, notes=notes, cards=[])

    assert [note.fields for note in found] == [("x", ""), ("x", "y; z; "), ("", "")]
    assert texts(collection) == ["3 notes with more or fewer fields than their note type"]


def test_notes_of_a_missing_type_are_left_out(tmp_path: Path) -> None:
    collection, found = read_database(tmp_path, notes=[note(1, "a", mid=99), note(2, "b")], cards=[])

    assert [note.guid for note in found] == ["b"]
    assert texts(collection) == ["1 notes of a note type that isn't there"]


def test_names_are_as_different_as_anki_makes_them(tmp_path: Path) -> None:
    """Anki ignores upper and lower case, and the way in which an accent is written."""
    field = BASIC["flds"][0]
    names = ["É", "e\u0301", "É+", "", "\x07"]
    types = {"10": {**BASIC, "flds": [{**field, "name": name} for name in names]}}
    decks = {
        "20": {**DECK, "name": " A :: :b\x07::"},
        "21": {**DECK, "name": "a::B::BLANK"},
        "22": {**DECK, "name": ""},
    }
    cards = [card(1, 100), card(2, 101, 0, 21), card(3, 102, 0, 22)]
    notes = [note(id_, f"g{id_}", "\x1f" * 4) for id_ in (100, 101, 102)]

    collection, found = read_database(tmp_path, types=types, decks=decks, cards=cards, notes=notes)

    assert collection.types[10].fields == ("É", "é+", "É++", "blank", "blank+")
    assert [note.cards[0].deck for note in found] == ["A::b::blank", "A::b::BLANK_", "blank"]


@pytest.mark.parametrize(
    ("stored", "fields"),
    [
        ("a\x00b\x07\x1fc\r\nd\te\x7f", ("ab", "c\nd\te")),
        (b"caf\xe9\x1f\xed\xa0\x80!", ("caf\ufffd", "\ufffd\ufffd\ufffd!")),
        (b"\xff\xfeo\x00n\x00e\x00", ("\ufffd\ufffdone", "")),
    ],
)
def test_what_no_text_can_hold_is_left_out(tmp_path: Path, stored: Any, fields: Sequence[str]) -> None:
    """Anki leaves out control characters itself, whenever it imports a note."""
    _, (only,) = read_database(tmp_path, notes=[note(100, "g", stored)])

    assert only.fields == fields


def test_a_text_that_is_not_in_utf_8_is_told(tmp_path: Path) -> None:
    collection, _ = read_database(tmp_path, notes=[note(100, "g", b"caf\xe9\x1f")])  # type: ignore[arg-type] # any

    assert texts(collection) == ["1 notes with a text that is not in UTF-8"]


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_a_database_may_be_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    tables = [f"PRAGMA encoding = '{encoding}'", *TABLES]
    _, (only,) = read_database(tmp_path, tables=tables, notes=[note(100, "ä", "größe 漢\x1f")])

    assert (only.guid, only.fields) == ("ä", ("größe 漢", ""))


ODD_VALUES = [None, b"\xff", 1.5, "x", 1e300, "9" * 30]


@pytest.mark.parametrize("column", range(1, 6))
def test_columns_may_hold_anything(tmp_path: Path, column: int) -> None:
    """A note that makes no sense is left out, and the others are read."""
    for value in ODD_VALUES:
        odd = [*note(100, "g")]
        odd[column] = value
        also_odd = [99, *odd[1:]]
        _, notes = read_database(tmp_path, notes=[odd, also_odd, note(101, "h")], cards=[card(1, 100)])

        assert notes[-1].guid == "h"


@pytest.mark.parametrize("column", range(1, 8))
def test_columns_of_cards_may_hold_anything(tmp_path: Path, column: int) -> None:
    for value in ODD_VALUES:
        odd: list[object] = [*CARD]
        odd[column] = value
        _, notes = read_database(tmp_path, notes=[NOTE, note(101, "h")], cards=[odd, card(2, 101)])

        assert len(notes[1].cards) == 1


JUNK: list[object] = [None, 3, -1, 1.5, "x", "\ud800", [], {}, [None], [{}], {"a": None}, True, 10**40]


@pytest.mark.parametrize(
    "key", [*BASIC, "latexPre", "req", "originalStockKind", "flds.id", "tmpls.qfmt", "tmpls.did"]
)
def test_keys_of_note_types_may_hold_anything(tmp_path: Path, key: str) -> None:
    """Whatever comes of it, it can be written as JSON which Anki takes."""
    outer, _, inner = key.partition(".")
    for value in JUNK:
        broken: dict[str, Any] = json.loads(json.dumps(BASIC))
        (broken[outer][0] if inner else broken)[inner or outer] = value
        collection, _ = read_database(tmp_path, types={"10": broken})
        for note_type in collection.types.values():
            json.dumps(note_type.json, ensure_ascii=False, allow_nan=False).encode()
            assert note_type.json["id"] == 10
            assert isinstance(note_type.json["css"], str)
            assert all(isinstance(template["qfmt"], str) for template in note_type.json["tmpls"])
            assert all(isinstance(field["size"], int) for field in note_type.json["flds"])


def test_media_names_are_safe_on_any_system(tmp_path: Path) -> None:
    """Fields refer to media by the name in Anki, so each file is found by that."""
    names = [
        "../../etc/passwd",
        "/etc/passwd",
        "C:\\x.png",
        "..",
        ".hidden",
        "con.png",
        "a.",
        "A.PNG",
        "a.png",
        "x" * 300 + ".jpeg",
        "e\u0301.png",
        "nul\0.png",
        "a\nb.png",
        "\u202egnp.exe",
        "-",
        "",
        "日本 語.mp3",
        "_x.ttf",
    ]
    files: dict[Any, bytes] = {str(number): name.encode() for number, name in enumerate(names)}
    media = {str(number): name for number, name in enumerate(names)}

    collection, _ = read(package(tmp_path / "deck.apkg", database(), media, files))

    safe = {name: medium.file_name for name, medium in collection.media.items()}
    assert safe == {
        "../../etc/passwd": "etc-passwd",
        "/etc/passwd": "etc-passwd-2",
        "C:\\x.png": "C-x.png",
        "..": "file",
        ".hidden": "hidden",
        "con.png": "con_.png",
        "a.": "a",
        "A.PNG": "A.PNG",
        "a.png": "a-2.png",
        "x" * 300 + ".jpeg": "x" * 107 + ".jpeg",
        "é.png": "é.png",
        "nul.png": "nul_.png",
        "a\nb.png": "a-b.png",
        "\u202egnp.exe": "gnp.exe",
        "-": "file-2",
        "": "file-3",
        "日本 語.mp3": "日本-語.mp3",
        "_x.ttf": "_x.ttf",
    }
    assert texts(collection) == ["6 media files with names that no file can have, stored under others"]


def test_thousands_of_media_may_have_no_letter_in_their_names(tmp_path: Path) -> None:
    media = {str(number): f"{'!' * (number % 50)}?{'.' * (number // 50)}" for number in range(5000)}
    files: dict[Any, bytes] = dict.fromkeys(media, b"")

    collection, _ = read(package(tmp_path / "deck.apkg", database(), media, files))

    assert len({medium.file_name.casefold() for medium in collection.media.values()}) == len(collection.media)


def test_a_list_of_media_that_lies_is_told(tmp_path: Path) -> None:
    media = {
        "0": "a.png",
        "1": "a.png",
        "2": "lost.png",
        "03": "b.png",
        "media": "c.png",
        "-1": "d",
        "x": "e",
    }
    files = {"0": b"0", "1": b"1", "3": b"3"}
    collection, _ = read(package(tmp_path / "deck.apkg", database(), media, files))

    assert list(collection.media) == ["a.png", "b.png"]
    assert texts(collection) == [
        "1 media files with the name of another one",
        "1 media files that the package lists but doesn't hold",
    ]


def test_sizes_and_digests_in_the_list_of_media_are_not_believed(tmp_path: Path) -> None:
    listed = message((1, message((1, "a.png"), (2, 1), (3, b"not its digest"))))
    path = new_package(tmp_path / "deck.apkg", database(), listed, {"0": b"more than nothing"})

    with open_package(path.name, path) as collection, collection.media["a.png"].open() as file:
        assert file.read() == b"more than nothing"
