"""What docs/comparison.md says was tried with genanki, and with tables that real Anki imports."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import genanki
import pytest
from anki.collection import ImportCsvRequest

from tests.support.builds import build_deck
from tests.support.real_anki import Imported, Learner, new_learner

if TYPE_CHECKING:  # when it runs, anki.notes can only be imported by anki.collection
    from anki.notes import Note

pytestmark = pytest.mark.anki

FIRST, LATER = 1_700_000_000, 4_000_000_000
TABLE = "#separator:Comma\n#notetype:Basic\n"


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with new_learner(tmp_path / "learner") as learner:
        yield learner


def script(
    folder: Path, rows: Sequence[str], now: int, *, has_guids: bool, more: tuple[str, ...] = ()
) -> bytes:
    """Return what a script with genanki makes. rows: questions with `=` and answer. more: further fields."""
    fields = [{"name": name} for name in ("Front", "Back", *more)]
    template = {"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{Back}}"}
    model = genanki.Model(1607392319, "Words", fields=fields, templates=[template])
    deck = genanki.Deck(2059400110, "Words")
    for number, row in enumerate(rows):
        guid = {"guid": genanki.guid_for(number)} if has_guids else {}
        deck.add_note(genanki.Note(model, [*row.split("="), *("" for _ in more)], **guid))
    genanki.Package(deck).write_to_file(str(folder / "words.apkg"), timestamp=now)
    return (folder / "words.apkg").read_bytes()


def note(learner: Learner, text: str) -> "Note":
    (note_id,) = learner.collection.find_notes(f'"{text}"')
    return learner.collection.get_note(note_id)


def questions(learner: Learner) -> list[str]:
    return [learner.collection.get_note(note_id).fields[0] for note_id in learner.collection.find_notes("")]


def edit(learner: Learner, text: str, answer: str) -> "Note":
    """Change the answer of a note, and give it a tag."""
    found = note(learner, text)
    found.fields[1] = answer
    found.tags = [*found.tags, "mine"]
    learner.collection.update_note(found)
    return found


def read_again(learner: Learner, found: "Note") -> tuple[str, list[str]]:
    """Return the answer and the tags that a note has now."""
    now = learner.collection.get_note(found.id)
    return now.fields[1], now.tags


def import_table(learner: Learner, folder: Path, text: str) -> None:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    metadata = learner.collection.get_csv_metadata(str(path), None)
    learner.collection.import_csv(ImportCsvRequest(path=str(path), metadata=metadata))


@pytest.mark.parametrize(
    ("has_guids", "imported"), [(False, Imported(1, 1, 0, 0)), (True, Imported(0, 2, 0, 0))]
)
def test_genanki_updates_every_note_that_anki_recognises(
    learner: Learner, tmp_path: Path, imported: Imported, *, has_guids: bool
) -> None:
    learner.import_package(script(tmp_path, ["one=eins", "two=zwei"], FIRST, has_guids=has_guids))
    learner.study_all_cards()
    schedules = learner.schedules()
    edited = edit(learner, "one", "my own words")

    package = script(tmp_path, ["one=eins", "two!=zwei"], LATER, has_guids=has_guids)

    assert learner.import_package(package) == imported
    assert read_again(learner, edited) == ("eins", [])
    assert {card: learner.schedules()[card] for card in schedules} == schedules
    assert len(learner.collection.find_cards("is:new")) == imported.new


def test_genanki_with_another_field_updates_nothing(learner: Learner, tmp_path: Path) -> None:
    learner.import_package(script(tmp_path, ["one=eins", "two=zwei"], FIRST, has_guids=True))

    package = script(tmp_path, ["one=1", "two=2"], LATER, has_guids=True, more=("Note",))

    assert learner.import_package(package) == Imported(0, 0, 0, 2)


def test_a_table_updates_notes_by_their_first_field_and_overwrites_edits(
    learner: Learner, tmp_path: Path
) -> None:
    import_table(learner, tmp_path, f"{TABLE}one,eins\ntwo,zwei\n")
    learner.study_all_cards()
    schedules = learner.schedules()
    edited = [edit(learner, "one", "my own words"), edit(learner, "two", "mine, too")]

    import_table(learner, tmp_path, f"{TABLE}one,EINS\ntwo,zwei\n")

    assert [read_again(learner, each) for each in edited] == [("EINS", ["mine"]), ("zwei", ["mine"])]
    assert {card: learner.schedules()[card] for card in schedules} == schedules

    import_table(learner, tmp_path, f"{TABLE}one?,EINS\ntwo,zwei\n")

    assert sorted(questions(learner)) == ["one", "one?", "two"]
    assert len(learner.collection.find_cards("is:new")) == 1


def test_a_table_with_guids_may_change_its_questions(learner: Learner, tmp_path: Path) -> None:
    head = f"{TABLE}#guid column:1\n"
    import_table(learner, tmp_path, f"{head}g1,one,eins\n")
    learner.study_all_cards()
    schedules = learner.schedules()

    import_table(learner, tmp_path, f"{head}g1,one?,eins\n")

    assert note(learner, "eins").fields[0] == "one?"
    assert learner.schedules() == schedules


def test_a_deck_of_ours_updates_what_changed_and_leaves_the_rest(learner: Learner) -> None:
    cards = (
        "deck: Words\nid: words\ncards:\n  - {id: one, q: one?, a: eins}\n  - {id: two, q: two?, a: zwei}\n"
    )
    first = build_deck({"words.yaml": cards}, now=FIRST)
    learner.import_package(first.package)
    learner.study_all_cards()
    schedules = learner.schedules()
    edited = edit(learner, "one?", "my own words")

    second = build_deck({"words.yaml": cards.replace("two?", "two!?")}, first, now=LATER)

    assert learner.import_package(second.package) == Imported(0, 1, 1, 0)
    assert read_again(learner, edited) == ("my own words", ["mine"])
    assert learner.schedules() == schedules
