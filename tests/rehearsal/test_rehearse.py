"""`cardwright rehearse` with real packages and real Anki: what it says of each kind of release."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from anki.collection import ExportAnkiPackageOptions

from cardwright.cli import main
from cardwright.collection.note import Note
from cardwright.rehearsal.outcome import Kind, Named, Rehearsal
from cardwright.rehearsal.profile import FRESH_OPTIONS, profile
from cardwright.rehearsal.run import rehearse
from cardwright.rehearsal.snapshot import Snapshot
from cardwright.rehearsal.study import study
from cardwright.rehearsal.tell import as_object, text
from tests.support.notes import cloze, deck, hole, question, release, releases
from tests.support.plain_packages import plain_package

pytestmark = pytest.mark.anki

DECK = (
    question("avulsion", "What is pulled off?", "A piece of bone"),
    question("biceps", "Which one?", "Biceps", reverse="Which two heads?", reverse_answer="Biceps"),
    cloze("knee", "They ", hole(1, "flex"), " the knee and ", hole(2, "extend"), " the hip."),
    question("typed", "Spell it", "semitendinosus", extra="Latin"),
    question("thigh", "Where?", "Behind"),
    question("grade", "How bad?", "Grade 1"),
)
CARDS = 8
PLAIN = {f"guid{number}": [f"Question {number}", f"Answer {number}"] for number in range(9)}
EDITED = {guid: [front, f"{back}!"] for guid, (front, back) in PLAIN.items()}

Packages = Callable[..., tuple[Path, Path]]


@pytest.fixture
def packages(tmp_path: Path) -> Packages:
    """Makes two releases of a deck: that of DECK, and one of other notes."""

    def make(*notes: Note, style: str = "") -> tuple[Path, Path]:
        first, second = releases(DECK, notes)
        if style:
            second = release(deck(*notes), first, 1_700_086_400, style=style)
        old, new = tmp_path / "old.apkg", tmp_path / "new.apkg"
        old.write_bytes(first.package)
        new.write_bytes(second.package)
        return old, new

    return make


def rehearsed(old: Path, new: Path) -> Rehearsal:
    done = rehearse(old, new, lambda *_: None, old_name="old.apkg", new_name="new.apkg")
    assert isinstance(done, Rehearsal)
    return done


def edited(*notes: Note) -> tuple[Note, ...]:
    by_key = {note.key: note for note in notes}
    return tuple(by_key.get(note.key, note) for note in DECK)


def keys(names: tuple[Named, ...]) -> list[str]:
    return [one.key for one in names]


def kinds(done: Rehearsal) -> set[Kind]:
    return {loss.kind for loss in done.losses}


def test_a_quiet_release_changes_nothing(packages: Packages) -> None:
    """Every schedule stays, and every edit of the learner's."""
    done = rehearsed(*packages(*DECK))

    assert not done.losses
    assert (done.notes, done.untouched, done.cards, done.kept) == (6, 6, CARDS, CARDS)
    assert not done.updated
    assert not done.new
    assert len(done.edits_kept) == 4
    assert [one.text for one in done.looks_kept] == ["cardwright deck cloze", "cardwright deck question"]


def test_one_edit_updates_one_note(packages: Packages) -> None:
    """With a note whose learner edited it before, and one whose learner did after."""
    done = rehearsed(*packages(*edited(question("avulsion", answer="Bone"))))
    assert (keys(done.updated), done.losses, done.kept) == (["avulsion"], (), CARDS)
    assert not done.rewritten

    three = [question(key, answer="Other") for key in ("avulsion", "grade", "thigh")]
    done = rehearsed(*packages(*edited(*three)))
    assert not done.losses
    assert len(done.updated) == 2
    assert len(done.edits_replaced) == 1
    assert len(done.changes_held_back) == 1
    changed = {*keys(done.updated), *keys(done.changes_held_back)}
    assert changed == {"avulsion", "grade", "thigh"}


def test_new_and_retired_notes_are_named(packages: Packages) -> None:
    """What left the package stays with its learners."""
    done = rehearsed(*packages(*DECK[1:], question("added")))

    assert not done.losses
    assert (keys(done.retired), keys(done.new)) == (["avulsion"], ["added"])
    assert done.new_cards == (replace(done.new[0], ordinal=0),)
    assert done.kept == CARDS


def test_a_cloze_number_taken_out_leaves_an_empty_card(packages: Packages) -> None:
    """Its schedule is kept all the same, so nothing is lost."""
    old, new = packages(*edited(cloze("knee", "They ", hole(1, "flex"), " the knee.")))
    done = rehearsed(old, new)

    assert [(one.key, one.ordinal) for one in done.empty_cards] == [("knee", 1)]
    assert not done.losses
    assert "  knee#2  They flex the knee." in "\n".join(text(done, "old", "new"))


def test_a_new_look_replaces_the_learners_own(packages: Packages) -> None:
    """The author changed it too, so that is no loss; it is told."""
    done = rehearsed(*packages(*DECK, style=".card { color: teal }"))

    assert not done.losses
    assert len(done.looks_replaced) == 2
    assert done.untouched == 6


def test_changed_fields_freeze_every_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Under the import dialog's own settings Anki makes a second note type and leaves the notes of the first.
    """
    old = plain_package(tmp_path / "old.apkg", PLAIN)
    notes = {guid: [*values, "x"] for guid, values in EDITED.items()}
    new = plain_package(tmp_path / "new.apkg", notes, fields=["Front", "Back", "More"], stamp=1_600_086_400)

    assert main.run(["rehearse", str(old), str(new)]) == 1
    told = capsys.readouterr().out
    assert told.startswith("10 things are lost.\n")
    assert "0 new, 0 updated, 0 untouched, 9 conflicting" in told
    assert "  Question 1  [guid guid1]\n" in told
    assert "  Plain+\n" in told


def test_a_change_that_reaches_nobody_is_a_loss(tmp_path: Path) -> None:
    """A constant time makes builds repeatable, and every later edit invisible."""
    old = plain_package(tmp_path / "old.apkg", PLAIN)
    done = rehearsed(old, plain_package(tmp_path / "new.apkg", EDITED, style=".card { color: teal }"))

    assert kinds(done) == {Kind.UNSEEN_CHANGE, Kind.UNSEEN_LOOK}
    assert sum(loss.kind is Kind.UNSEEN_CHANGE for loss in done.losses) == 9
    assert not done.updated


def test_one_time_for_all_notes_overwrites_what_learners_wrote(tmp_path: Path) -> None:
    """Every release then rewrites every note, tags and all, though nothing changed."""
    old = plain_package(tmp_path / "old.apkg", PLAIN)
    done = rehearsed(old, plain_package(tmp_path / "new.apkg", PLAIN, stamp=1_600_086_400))

    assert kinds(done) == {Kind.OVERWRITTEN_EDIT, Kind.OVERWRITTEN_LOOK}
    assert [loss.name.guid for loss in done.losses[:-1]] == ["guid1", "guid4", "guid7"]
    assert done.rewritten == done.updated
    assert [one.guid for one in done.edits_kept] == ["guid2", "guid5", "guid8"]
    assert done.kept == done.cards == 9


def test_a_picture_redrawn_under_its_name_counts_as_a_change(tmp_path: Path) -> None:
    """It arrives with a note that is newer, under a name that Anki makes up; else not at all."""
    notes = {"guid": ['<img src="leg.svg">', "A leg"]}
    picture = tmp_path / "leg.svg"
    picture.write_bytes(b"<svg/>")
    old = plain_package(tmp_path / "old.apkg", notes, media=[picture])
    picture.write_bytes(b"<svg> </svg>")

    done = rehearsed(old, plain_package(tmp_path / "new.apkg", notes, media=[picture]))
    assert kinds(done) == {Kind.UNSEEN_CHANGE}

    newer = plain_package(tmp_path / "newer.apkg", notes, media=[picture], stamp=1_600_086_400)
    done = rehearsed(old, newer)
    assert kinds(done) == {Kind.OVERWRITTEN_LOOK}, "the style sheet did not change"
    assert len(done.updated) == 1
    assert not done.rewritten


def test_a_guid_made_of_the_text_loses_the_schedule_with_the_text(tmp_path: Path) -> None:
    """The note comes again as another one, and the old one stays behind."""
    again = {"other" if guid == "guid3" else guid: values for guid, values in PLAIN.items()}
    old = plain_package(tmp_path / "old.apkg", PLAIN)
    done = rehearsed(old, plain_package(tmp_path / "new.apkg", again))

    assert [(loss.kind, loss.name.guid) for loss in done.losses] == [(Kind.CHANGED_GUID, "other")]


def test_every_sort_of_schedule_is_rehearsed(tmp_path: Path) -> None:
    """What no card has, no comparison can miss."""
    package = plain_package(tmp_path / "old.apkg", {f"{n}": [f"Q{n}", "A"] for n in range(20)})
    with profile(tmp_path / "learner") as learner:
        learner.imports(package)
        old = learner.snapshot()
        study(learner, old, old, lambda *_: None)
        studied = learner.snapshot()
        assert not learner.must_sync_in_full()
        assert learner.problems() == ()
    schedules = [card.schedule for card in studied.cards.values()]

    assert all(one.reps and len(one.log) == one.reps for one in schedules)
    assert {one.type for one in schedules} == {1, 2, 3}, "learning, review and relearning"
    assert {-3, -1} < {one.queue for one in schedules}, "buried by hand, and suspended"
    for seen in (
        any(one.lapses for one in schedules),
        any(one.interval > 1 and one.ease for one in schedules),
        any('"s":' in one.memory for one in schedules),
        any('"s":' not in one.memory for one in schedules),
        any(one.flag for one in schedules),
        len({one.deck for one in schedules}) == 2,
    ):
        assert seen
    own = [note for note in studied.notes.values() if note.content != old.notes[note.id].content]
    assert len(own) == 6


def test_the_dialogs_settings_are_those_of_a_new_profile(tmp_path: Path) -> None:
    """As Anki itself has them."""
    with profile(tmp_path) as new:
        assert new.collection._backend.get_import_anki_package_presets() == FRESH_OPTIONS


def test_the_object_and_the_text_agree(
    tmp_path: Path, packages: Packages, capsys: pytest.CaptureFixture[str]
) -> None:
    """One is for programs, the other for people; both tell the same numbers."""
    old, new = packages(*edited(question("avulsion", answer="Bone"))[:-1], question("added"))
    plain_old = plain_package(tmp_path / "1.apkg", PLAIN)
    plain_new = plain_package(tmp_path / "2.apkg", EDITED)
    for pair in ((old, new), (plain_old, plain_new)):
        words = [str(path) for path in pair]
        code = main.run(["rehearse", *words])
        told = capsys.readouterr().out
        assert main.run(["rehearse", "--format", "json", *words]) == code
        found: dict[str, Any] = json.loads(capsys.readouterr().out)

        assert code == bool(found["lost"])
        assert found["lost"] == len(found["losses"])
        assert told.startswith(f"{found['lost'] or 'Nothing'} ".replace("Nothing ", "Nothing is lost."))
        fates = [f"{len(found[fate])} {fate}" for fate in ("new", "updated", "conflicting", "retired")]
        for number in (
            *fates,
            f"{found['untouched']} untouched",
            f"{found['kept']} of {found['cards']} kept",
        ):
            assert re.search(rf"\b{number}\b", told)
        for name in (*found["losses"], *found["new"], *found["updated"], *found["retired"]):
            assert f"  {name['key'] or name['text']}  " in told


def test_the_help_names_every_key_of_the_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Scripts rely on them."""
    package = plain_package(tmp_path / "old.apkg", {"guid": ["Q", "A"]})
    found = as_object(rehearsed(package, package), "old", "new")
    assert main.run(["rehearse", "--help"]) == 0
    help_text = capsys.readouterr().out

    assert [key for key in found if not re.search(rf"\b{key}\b", help_text)] == []


def test_packages_that_anki_wrote_itself_will_do(tmp_path: Path) -> None:
    """
    In its present form, compressed in another way, and of note types that every profile has by the same name.
    """
    paths = tmp_path / "1.apkg", tmp_path / "2.apkg"
    with profile(tmp_path / "author") as author:
        anki = author.collection
        basic = anki.models.by_name("Basic")
        deck_id = anki.decks.id("Made in Anki")
        assert basic
        assert deck_id
        for number in range(3):
            added = anki.new_note(basic)
            added.fields = [f"Q{number}", "A"]
            anki.add_note(added, deck_id)
        author.database.execute("update notes set mod = 1600000000")
        author.database.execute("update notetypes set mtime_secs = 1600000000")
        author.snapshot()  # reads what was written past Anki
        anki.export_anki_package(out_path=str(paths[0]), options=ExportAnkiPackageOptions(), limit=None)
        first = anki.get_note(anki.find_notes("Q0")[0])
        first.fields[1] = "Another"
        anki.update_note(first)
        basic = anki.models.by_name("Basic")
        assert basic
        basic["css"] += ".card { color: teal }"
        anki.models.update_dict(basic)
        anki.export_anki_package(out_path=str(paths[1]), options=ExportAnkiPackageOptions(), limit=None)
    done = rehearsed(*paths)

    assert not done.losses
    assert [one.text for one in done.updated] == ["Q0"]
    assert [one.text for one in done.looks_replaced] == ["Basic"]


def test_a_rehearsal_can_be_repeated(packages: Packages) -> None:
    """Nothing in it is left to chance, and no time of day shows in its report."""
    old, new = packages(*edited(question("grade", answer="Other"))[1:], question("added"))
    first, second = (as_object(rehearsed(old, new), "old", "new") for _ in range(2))

    assert first == second


def test_a_long_list_is_cut_and_says_so(tmp_path: Path) -> None:
    """The verdict is to stay on the screen; the object has all of them."""
    old = plain_package(tmp_path / "old.apkg", {"guid": ["Q", "A"]})
    more = {f"{number:02}": [f"<i>Q{number:02}</i> \x1b " + "word " * 20, "A"] for number in range(25)}
    done = rehearsed(old, plain_package(tmp_path / "new.apkg", {"guid": ["Q", "A"], **more}))
    lines = list(text(done, "old", "new"))

    heading = lines.index("New notes (25):")
    assert lines[heading + 20].startswith("  Q19 ")
    assert lines[heading + 21] == "  and 5 more"
    assert all(len(line) < 100 and "\x1b" not in line for line in lines)


def test_a_learner_writes_behind_the_question_and_never_into_the_key(tmp_path: Path) -> None:
    """As a learner would; a changed key would be another note in the report."""
    path = tmp_path / "deck.apkg"
    path.write_bytes(release(deck(*DECK)).package)
    with profile(tmp_path / "learner") as learner:
        learner.imports(path)
        old = learner.snapshot()
        study(learner, old, old, lambda *_: None)
        now: Snapshot = learner.snapshot()
    changed = {
        (old.types[note.type_id].fields[place])
        for note in now.notes.values()
        for place, value in enumerate(note.fields)
        if value != old.notes[note.id].fields[place]
    }

    assert changed
    assert changed <= {"Answer", "Extra", "Text"}
