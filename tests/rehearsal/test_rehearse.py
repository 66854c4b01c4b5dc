"""`cardwright rehearse` with real packages and real Anki: what it says about each kind of release."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from anki.collection import ExportAnkiPackageOptions

from cardwright import record
from cardwright.cli import main
from cardwright.collection.deck_name import DeckName
from cardwright.collection.note import Note
from cardwright.rehearsal.compare import LossKind, RehearsalResult
from cardwright.rehearsal.describe import json_object, text_lines
from cardwright.rehearsal.profile import FRESH_OPTIONS, new_profile
from cardwright.rehearsal.run import rehearse
from cardwright.rehearsal.snapshot import DisplayName, Snapshot
from cardwright.rehearsal.study import study
from tests.support.notes import cloze, deck, deletion, question, release, releases
from tests.support.paths import ROOT
from tests.support.plain_packages import plain_package

pytestmark = pytest.mark.anki

DECK = (
    question("avulsion", "What is pulled off?", "A piece of bone"),
    question("biceps", "Which one?", "Biceps", reverse="Which two heads?", reverse_answer="Biceps"),
    cloze("knee", "They ", deletion(1, "flex"), " the knee and ", deletion(2, "extend"), " the hip."),
    question("typed", "Spell it", "semitendinosus", extra="Latin"),
    question("thigh", "Where?", "Behind"),
    question("grade", "How bad?", "Grade 1"),
)
CARD_COUNT = 8
PLAIN_NOTES = {f"guid{number}": [f"Question {number}", f"Answer {number}"] for number in range(9)}
EDITED_PLAIN_NOTES = {guid: [front, f"{back}!"] for guid, (front, back) in PLAIN_NOTES.items()}

Packages = Callable[..., tuple[Path, Path]]


@pytest.fixture
def packages(tmp_path: Path) -> Packages:
    """Return a function that makes two releases of a deck: one of DECK and one of other notes."""

    def make(*notes: Note, style: str = "") -> tuple[Path, Path]:
        first, second = releases(DECK, notes)
        if style:
            second = release(deck(*notes), first, 1_700_086_400, css=style)
        old, new = tmp_path / "old.apkg", tmp_path / "new.apkg"
        old.write_bytes(first.package)
        new.write_bytes(second.package)
        return old, new

    return make


def run_rehearsal(old: Path, new: Path) -> RehearsalResult:
    result = rehearse(old, new, lambda *_: None, old_name="old.apkg", new_name="new.apkg")
    assert isinstance(result, RehearsalResult)
    return result


def deck_with(*notes: Note) -> tuple[Note, ...]:
    by_key = {note.key: note for note in notes}
    return tuple(by_key.get(note.key, note) for note in DECK)


def keys(names: tuple[DisplayName, ...]) -> list[str]:
    return [name.key for name in names]


def loss_kinds(result: RehearsalResult) -> set[LossKind]:
    return {loss.kind for loss in result.losses}


def test_a_quiet_release_changes_nothing(packages: Packages) -> None:
    """Every schedule stays, and so does every edit of the learner."""
    result = run_rehearsal(*packages(*DECK))

    assert not result.losses
    assert result.note_count == result.untouched_notes == len(DECK)
    assert result.card_count == result.kept_schedules == CARD_COUNT
    assert not result.updated
    assert not result.new
    assert len(result.edits_kept) == 4
    assert [name.text for name in result.looks_kept] == ["cardwright deck cloze", "cardwright deck question"]


def test_one_edit_updates_one_note(packages: Packages) -> None:
    """Of three changed notes, the learner edits one before the author does, and one after."""
    result = run_rehearsal(*packages(*deck_with(question("avulsion", answer="Bone"))))
    assert (keys(result.updated), result.losses, result.kept_schedules) == (["avulsion"], (), CARD_COUNT)
    assert not result.rewritten

    changed_keys = {"avulsion", "grade", "thigh"}
    changed_notes = [question(key, answer="Other") for key in sorted(changed_keys)]
    result = run_rehearsal(*packages(*deck_with(*changed_notes)))
    assert not result.losses
    assert len(result.updated) == 2
    assert len(result.edits_replaced) == 1
    assert len(result.changes_held_back) == 1
    assert {*keys(result.updated), *keys(result.changes_held_back)} == changed_keys


def test_cards_in_another_sub_deck_are_listed_and_stay(packages: Packages) -> None:
    lower = record.replace(DECK[1], deck_name=DeckName("Deck", "Lower"))
    result = run_rehearsal(*packages(*deck_with(lower)))

    assert not result.losses
    assert result.kept_schedules == CARD_COUNT
    assert [(name.key, name.ordinal) for name in result.moved_cards] == [("biceps", 0), ("biceps", 1)]
    lines = list(text_lines(result, "old", "new"))
    assert lines[-3:] == [
        "Cards in another deck than before; learners' cards stay where they are (2):",
        "  biceps  Which one?",
        "  biceps#2  Which one?",
    ]


def test_new_and_retired_notes_are_listed(packages: Packages) -> None:
    """Learners keep a note that left the package."""
    result = run_rehearsal(*packages(*DECK[1:], question("added")))

    assert not result.losses
    assert (keys(result.retired), keys(result.new)) == (["avulsion"], ["added"])
    assert result.new_cards == (replace(result.new[0], ordinal=0),)
    assert result.kept_schedules == CARD_COUNT


def test_a_card_under_another_id_arrives_once_more(packages: Packages) -> None:
    """It is new to Anki, so every learner gets it twice, the new one without a schedule."""
    result = run_rehearsal(*packages(*DECK[1:], record.replace(DECK[0], key="torn-off")))

    assert loss_kinds(result) == {LossKind.CHANGED_GUID}
    assert [loss.name.key for loss in result.losses] == ["torn-off"]


def test_so_do_cards_that_were_edited_or_moved_to_another_topic_too(packages: Packages) -> None:
    """Several of them, some of which the simulated learner edits; a card of another text is a new one."""
    texts = {
        "torn-off": ("What is pulled off here?", "A piece of bone"),
        "outer": ("Which one?", "Biceps"),
        "spelling": ("Spell it", "semitendinosus"),
        "strain": ("How long does a strain hurt?", "For weeks"),
    }
    notes = [record.replace(question(key, *text), topic="Injuries") for key, text in texts.items()]
    biceps = {"reverse": "Which two heads?", "reverse_answer": "Biceps"}
    notes[1] = record.replace(question("outer", *texts["outer"], **biceps), topic="Injuries")
    notes[2] = record.replace(question("spelling", *texts["spelling"], extra="Latin"), topic="Injuries")
    result = run_rehearsal(*packages(DECK[2], *DECK[4:], *notes))

    assert loss_kinds(result) == {LossKind.CHANGED_GUID}
    assert [loss.name.key for loss in result.losses] == ["outer", "spelling", "torn-off"]


def test_the_report_says_that_the_learner_is_simulated_and_what_was_studied(packages: Packages) -> None:
    lines = list(text_lines(run_rehearsal(*packages(*DECK)), "old", "new"))

    assert lines[2].startswith("A simulated learner, in a collection made for this rehearsal by Anki ")
    assert lines[3:7] == [
        "  imported     old",
        "  studied      8 cards with mixed grades; flagged, suspended, moved or buried four fifths of them",
        "  edited       4 notes, and the styling of 2 note types",
        "  imported     new, with the dialog's default settings",
    ]


def test_a_removed_cloze_number_leaves_an_empty_card(packages: Packages) -> None:
    """Its schedule is kept, so nothing is lost."""
    old, new = packages(*deck_with(cloze("knee", "They ", deletion(1, "flex"), " the knee.")))
    result = run_rehearsal(old, new)

    assert [(name.key, name.ordinal) for name in result.empty_cards] == [("knee", 1)]
    assert not result.losses
    assert "  knee#2  They flex the knee." in "\n".join(text_lines(result, "old", "new"))


def test_a_new_look_replaces_the_learners_own(packages: Packages) -> None:
    """This is no loss, because the author changed the look too."""
    result = run_rehearsal(*packages(*DECK, style=".card { color: teal }"))

    assert not result.losses
    assert len(result.looks_replaced) == 2
    assert result.untouched_notes == 6


def test_changed_fields_freeze_every_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the dialog's default settings Anki makes a second note type and never updates the old notes."""
    old = plain_package(tmp_path / "old.apkg", PLAIN_NOTES)
    notes = {guid: [*values, "x"] for guid, values in EDITED_PLAIN_NOTES.items()}
    new = plain_package(tmp_path / "new.apkg", notes, fields=["Front", "Back", "More"], stamp=1_600_086_400)

    assert main.run(["rehearse", str(old), str(new)]) == 1
    output = capsys.readouterr().out
    assert output.startswith("10 things are lost.\n")
    assert "0 new, 0 updated, 0 untouched, 9 conflicting" in output
    assert "  Question 1  [guid guid1]\n" in output
    assert "  Plain+\n" in output


def test_a_change_that_reaches_nobody_is_a_loss(tmp_path: Path) -> None:
    """A constant modification time makes builds reproducible, and later edits invisible."""
    old = plain_package(tmp_path / "old.apkg", PLAIN_NOTES)
    new = plain_package(tmp_path / "new.apkg", EDITED_PLAIN_NOTES, style=".card { color: teal }")
    result = run_rehearsal(old, new)

    assert loss_kinds(result) == {LossKind.UNSEEN_CHANGE, LossKind.UNSEEN_LOOK}
    assert sum(loss.kind is LossKind.UNSEEN_CHANGE for loss in result.losses) == 9
    assert not result.updated


def test_a_new_time_for_all_notes_overwrites_learners_edits(tmp_path: Path) -> None:
    """Every release then rewrites every note, although nothing changed."""
    old = plain_package(tmp_path / "old.apkg", PLAIN_NOTES)
    result = run_rehearsal(old, plain_package(tmp_path / "new.apkg", PLAIN_NOTES, stamp=1_600_086_400))

    assert loss_kinds(result) == {LossKind.OVERWRITTEN_EDIT, LossKind.OVERWRITTEN_LOOK}
    assert [loss.name.guid for loss in result.losses[:-1]] == ["guid1", "guid4", "guid7"]
    assert result.rewritten == result.updated
    assert [name.guid for name in result.edits_kept] == ["guid2", "guid5", "guid8"]
    assert result.kept_schedules == result.card_count == 9


def test_a_changed_picture_with_the_same_name_is_a_change(tmp_path: Path) -> None:
    """It arrives only with a newer note, under a name that Anki makes up."""
    notes = {"guid": ['<img src="leg.svg">', "A leg"]}
    picture = tmp_path / "leg.svg"
    picture.write_bytes(b"<svg/>")
    old = plain_package(tmp_path / "old.apkg", notes, media=[picture])
    picture.write_bytes(b"<svg> </svg>")

    result = run_rehearsal(old, plain_package(tmp_path / "new.apkg", notes, media=[picture]))
    assert loss_kinds(result) == {LossKind.UNSEEN_CHANGE}

    newer = plain_package(tmp_path / "newer.apkg", notes, media=[picture], stamp=1_600_086_400)
    result = run_rehearsal(old, newer)
    assert loss_kinds(result) == {LossKind.OVERWRITTEN_LOOK}, "the style sheet did not change"
    assert len(result.updated) == 1
    assert not result.rewritten


def test_a_guid_made_from_the_text_loses_the_schedule(tmp_path: Path) -> None:
    """When the text changes, the note arrives as a new one, and the old one stays."""
    renamed = {"other" if guid == "guid3" else guid: values for guid, values in PLAIN_NOTES.items()}
    old = plain_package(tmp_path / "old.apkg", PLAIN_NOTES)
    result = run_rehearsal(old, plain_package(tmp_path / "new.apkg", renamed))

    assert [(loss.kind, loss.name.guid) for loss in result.losses] == [(LossKind.CHANGED_GUID, "other")]


def test_the_learner_ends_up_with_every_kind_of_schedule(tmp_path: Path) -> None:
    package = plain_package(tmp_path / "old.apkg", {f"{n}": [f"Q{n}", "A"] for n in range(20)})
    with new_profile(tmp_path / "learner") as learner:
        learner.import_package(package)
        old = learner.take_snapshot()
        study(learner, old, old, lambda *_: None)
        studied = learner.take_snapshot()
        assert not learner.needs_full_sync()
        assert learner.check_database() == ()
    schedules = [card.schedule for card in studied.cards.values()]

    assert all(schedule.reps and len(schedule.log) == schedule.reps for schedule in schedules)
    assert {schedule.type for schedule in schedules} == {1, 2, 3}, "learning, review and relearning"
    assert {-3, -1} < {schedule.queue for schedule in schedules}, "buried by hand, and suspended"
    assert any(schedule.lapses for schedule in schedules)
    assert any(schedule.interval > 1 and schedule.ease for schedule in schedules)
    assert {'"s":' in schedule.memory for schedule in schedules} == {True, False}, "with FSRS and without"
    assert any(schedule.flag for schedule in schedules)
    assert len({schedule.deck for schedule in schedules}) == 2
    edited = [note for note in studied.notes.values() if note.content != old.notes[note.id].content]
    assert len(edited) == 6


def test_the_dialogs_settings_are_those_of_a_new_profile(tmp_path: Path) -> None:
    with new_profile(tmp_path) as new:
        assert new.collection._backend.get_import_anki_package_presets() == FRESH_OPTIONS


def test_the_json_object_and_the_text_agree(
    tmp_path: Path, packages: Packages, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = packages(*deck_with(question("avulsion", answer="Bone"))[:-1], question("added"))
    plain_old = plain_package(tmp_path / "1.apkg", PLAIN_NOTES)
    plain_new = plain_package(tmp_path / "2.apkg", EDITED_PLAIN_NOTES)
    for packages_to_compare in ((old, new), (plain_old, plain_new)):
        arguments = [str(path) for path in packages_to_compare]
        exit_code = main.run(["rehearse", *arguments])
        text = capsys.readouterr().out
        assert main.run(["rehearse", "--format", "json", *arguments]) == exit_code
        result: dict[str, Any] = json.loads(capsys.readouterr().out)["rehearsal"]

        assert exit_code == bool(result["lost"])
        assert result["lost"] == len(result["losses"])
        assert text.startswith(f"{result['lost']} things are lost." if result["lost"] else "Nothing is lost.")
        statuses = ("new", "updated", "conflicting", "retired")
        for number in (
            *(f"{len(result[status])} {status}" for status in statuses),
            f"{result['untouched']} untouched",
            f"{result['kept']} of {result['cards']} kept",
        ):
            assert re.search(rf"\b{number}\b", text)
        for name in (*result["losses"], *result["new"], *result["updated"], *result["retired"]):
            assert f"  {name['key'] or name['text']}  " in text


def test_the_guide_explains_every_json_key(tmp_path: Path) -> None:
    package = plain_package(tmp_path / "old.apkg", {"guid": ["Q", "A"]})
    report = json_object(run_rehearsal(package, package), "old", "new")
    section = (ROOT / "docs/json.md").read_text().partition("## `rehearse`")[2].partition("\n## ")[0]

    assert [key for key in report if f"`{key}`" not in section] == []


def test_packages_that_anki_exported_can_be_rehearsed(tmp_path: Path) -> None:
    """They have another compression, and note types whose names every profile has."""
    paths = tmp_path / "1.apkg", tmp_path / "2.apkg"
    with new_profile(tmp_path / "author") as author:
        anki = author.collection
        basic = anki.models.by_name("Basic")
        deck_id = anki.decks.id("Made in Anki")
        assert basic
        assert deck_id
        for number in range(3):
            note = anki.new_note(basic)
            note.fields = [f"Q{number}", "A"]
            anki.add_note(note, deck_id)
        author.database.execute("update notes set mod = 1600000000")
        author.database.execute("update notetypes set mtime_secs = 1600000000")
        author.take_snapshot()  # makes Anki read what was written directly to the database
        anki.export_anki_package(out_path=str(paths[0]), options=ExportAnkiPackageOptions(), limit=None)
        first = anki.get_note(anki.find_notes("Q0")[0])
        first.fields[1] = "Another"
        anki.update_note(first)
        basic = anki.models.by_name("Basic")
        assert basic
        basic["css"] += ".card { color: teal }"
        anki.models.update_dict(basic)
        anki.export_anki_package(out_path=str(paths[1]), options=ExportAnkiPackageOptions(), limit=None)
    result = run_rehearsal(*paths)

    assert not result.losses
    assert [name.text for name in result.updated] == ["Q0"]
    assert [name.text for name in result.looks_replaced] == ["Basic"]


def test_a_repeated_rehearsal_has_the_same_result(packages: Packages) -> None:
    old, new = packages(*deck_with(question("grade", answer="Other"))[1:], question("added"))
    first, second = (json_object(run_rehearsal(old, new), "old", "new") for _ in range(2))

    assert first == second


def test_the_text_shows_only_the_start_of_a_long_list(tmp_path: Path) -> None:
    old = plain_package(tmp_path / "old.apkg", {"guid": ["Q", "A"]})
    added = {f"{number:02}": [f"<i>Q{number:02}</i> \x1b " + "word " * 20, "A"] for number in range(25)}
    result = run_rehearsal(old, plain_package(tmp_path / "new.apkg", {"guid": ["Q", "A"], **added}))
    lines = list(text_lines(result, "old", "new"))

    heading = lines.index("New notes (25):")
    assert lines[heading + 20].startswith("  Q19 ")
    assert lines[heading + 21] == "  and 5 more"
    assert all(len(line) < 100 and "\x1b" not in line for line in lines)


def test_a_learner_edits_neither_the_question_nor_the_key(tmp_path: Path) -> None:
    """With a changed key, the report would show another note."""
    path = tmp_path / "deck.apkg"
    path.write_bytes(release(deck(*DECK)).package)
    with new_profile(tmp_path / "learner") as learner:
        learner.import_package(path)
        old = learner.take_snapshot()
        study(learner, old, old, lambda *_: None)
        after: Snapshot = learner.take_snapshot()
    changed_fields = {
        old.types[note.type_id].fields[index]
        for note in after.notes.values()
        for index, value in enumerate(note.fields)
        if value != old.notes[note.id].fields[index]
    }

    assert changed_fields
    assert changed_fields <= {"Answer", "Extra", "Text"}
