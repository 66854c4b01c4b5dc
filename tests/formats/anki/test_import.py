"""What real Anki does when someone who studies one release of a deck imports the next."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cardwright.collection.content import Image, MediaFile
from cardwright.collection.note import Note
from cardwright.collection.notetype import ANSWER
from cardwright.record import replace
from tests.support.builds import DAY, NOW
from tests.support.notes import Release, cloze, deck, deletion, paragraph, question, release, releases
from tests.support.real_anki import Imported, Learner, new_learner

pytestmark = pytest.mark.anki

PICTURE = MediaFile("thigh-0123456789ab.svg", "media/thigh.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
REDRAWN = MediaFile(
    "thigh-ba9876543210.svg", "media/thigh.svg", b"<svg xmlns='http://www.w3.org/2000/svg'> </svg>"
)

DECK = (
    question("avulsion", "What is pulled off?", "A piece of bone"),
    question("biceps", "Which one?", "Biceps", reverse="Which two heads?", reverse_answer="Biceps"),
    cloze("knee", "They ", deletion(1, "flex"), " the knee and ", deletion(2, "extend"), " the hip."),
    question("typed", "Spell it", "semitendinosus", hint="begins with s", extra="Latin"),
    question("thigh", paragraph("What is this?", Image(PICTURE, "a thigh")), "A thigh"),
)
CARDS = 7


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    """A learner who has studied every card of the first release."""
    with new_learner(tmp_path) as studying:
        studying.study_package(release(deck(*DECK)).package)
        yield studying


def edited(*notes: Note) -> tuple[Note, ...]:
    """Return the notes of the deck with some of them replaced, by key."""
    by_key = {note.key: note for note in notes}
    return tuple(by_key.get(note.key, note) for note in DECK)


def next_release(*notes: Note) -> Release:
    """Build the second release of the deck, with these notes."""
    return releases(DECK, notes)[-1]


def test_the_first_import_brings_every_note_and_card(tmp_path: Path) -> None:
    """In study order, and neither Check Database nor Empty Cards finds anything."""
    with new_learner(tmp_path) as new:
        imported = new.import_package(release(deck(*DECK, name="Thigh::Back")).package)

        assert imported == Imported(new=5, updated=0, duplicate=0, conflicting=0)
        assert new.new_cards() == [
            *(("avulsion", 0), ("biceps", 0), ("biceps", 1), ("knee", 0), ("knee", 1)),
            *(("typed", 0), ("thigh", 0)),
        ]
        assert new.collection.decks.by_name("Thigh::Back") is not None
        assert new.problems() == ""
        assert new.empty_cards() == []
        assert not new.needs_full_sync()


def test_notes_have_the_ids_of_the_lock(learner: Learner) -> None:
    """So other tools can find a note by its id."""
    entries = release(deck(*DECK)).lock.notes

    assert set(learner.collection.find_notes("")) == {entry.id for entry in entries.values()}
    assert learner.card("knee", 1).id == entries["knee"].id + 2


def test_importing_the_same_release_again_does_nothing(learner: Learner) -> None:
    """Neither does a rebuild of unchanged sources a day later."""
    before = learner.progress()

    assert learner.import_package(release(deck(*DECK)).package) == Imported(0, 0, 5, 0)
    assert learner.import_package(next_release(*DECK).package) == Imported(0, 0, 5, 0)
    learner.assert_unchanged(before)


def test_an_edited_answer_updates_one_note_and_keeps_its_schedule(learner: Learner) -> None:
    before = learner.progress()
    imported = learner.import_package(next_release(*edited(question("avulsion", answer="Bone"))).package)

    assert imported == Imported(new=0, updated=1, duplicate=4, conflicting=0)
    assert "Bone" in learner.sides("avulsion").back
    learner.assert_unchanged(before)


@pytest.mark.parametrize(
    ("note", "new_cards"),
    [
        pytest.param(question("avulsion", extra="The tendon tears it away."), set(), id="extra"),
        pytest.param(
            question("avulsion", reverse="And back?", reverse_answer="Q"), {("avulsion", 1)}, id="reverse"
        ),
        pytest.param(replace(question("avulsion"), typed="bone"), set(), id="typed"),
        pytest.param(question("avulsion", hint="hard"), set(), id="hint"),
        pytest.param(replace(question("avulsion"), topic="Grades", tags=("injury",)), set(), id="topic"),
        pytest.param(
            cloze("knee", deletion(1, "flex"), deletion(2, "extend"), deletion(3, "turn")),
            {("knee", 2)},
            id="cloze number",
        ),
    ],
)
def test_content_added_to_a_note_later_arrives(
    learner: Learner, note: Note, new_cards: set[tuple[str, int]]
) -> None:
    """The note type had the field and the template from the start, so nothing conflicts."""
    before = learner.progress()
    imported = learner.import_package(next_release(*edited(note)).package)

    assert imported == Imported(new=0, updated=1, duplicate=4, conflicting=0)
    assert learner.cards() - set(before) == new_cards
    assert learner.empty_cards() == []
    learner.assert_kept(before)


def test_reordering_the_deck_changes_nothing_for_its_learners(learner: Learner) -> None:
    """Positions matter for new cards only; moving a note is not an edit."""
    before = learner.progress()

    assert learner.import_package(next_release(*reversed(DECK)).package) == Imported(0, 0, 5, 0)
    assert learner.progress() == before


def test_a_new_note_between_two_others_is_studied_between_them(tmp_path: Path) -> None:
    """By a new learner, and by one who has imported the first release."""
    added = next_release(DECK[0], question("added"), *DECK[1:])
    with new_learner(tmp_path / "old") as old, new_learner(tmp_path / "new") as new:
        old.import_package(release(deck(*DECK)).package)
        assert old.import_package(added.package) == Imported(new=1, updated=0, duplicate=5, conflicting=0)
        new.import_package(added.package)

        assert [key for key, _ in new.new_cards()[:3]] == ["avulsion", "added", "biceps"]
        assert old.new_cards() == new.new_cards()


def test_learners_keep_a_retired_note(learner: Learner) -> None:
    """A package cannot delete notes, and Anki doesn't touch those that it doesn't contain."""
    before = learner.progress()
    second = next_release(*DECK[1:])

    assert learner.import_package(second.package) == Imported(0, 0, 4, 0)
    assert learner.progress() == before
    assert second.codes == []
    assert second.lock.notes["avulsion"].retired


def test_a_retired_note_that_comes_back_continues_its_schedule(learner: Learner) -> None:
    before = learner.progress()
    *_, back = releases(DECK, DECK[1:], DECK)

    assert learner.import_package(back.package) == Imported(new=0, updated=1, duplicate=4, conflicting=0)
    assert learner.progress() == before


def test_a_removed_cloze_leaves_a_card_for_empty_cards(learner: Learner) -> None:
    """The warning names Empty Cards as the remedy."""
    before = learner.progress()
    second = next_release(*edited(cloze("knee", "They ", deletion(1, "flex"), " the knee.")))
    learner.import_package(second.package)

    assert second.codes == ["cloze-number-removed"]
    assert learner.empty_cards() == [("knee", 1)]
    learner.assert_kept(before)


def test_a_removed_reverse_leaves_a_card_for_empty_cards(learner: Learner) -> None:
    """The topic on its front is no reason for Anki to make a card."""
    second = next_release(*edited(replace(question("biceps"), topic="Names")))
    learner.import_package(second.package)

    assert second.codes == ["reverse-removed"]
    assert learner.empty_cards() == [("biceps", 1)]


def test_a_new_style_updates_the_note_types_and_no_note(learner: Learner) -> None:
    first = release(deck(*DECK))
    before = learner.progress()
    second = release(deck(*DECK), first, NOW + DAY, css=".card { color: teal }")

    assert learner.import_package(second.package) == Imported(0, 0, 5, 0)
    assert all("teal" in learner.card(key).render_output().css for key in ("avulsion", "knee"))
    learner.assert_unchanged(before)


def test_no_release_makes_a_copy_of_a_note_type(learner: Learner) -> None:
    """A copy would have a "+" at the end of its name, and get all new notes."""
    for built in releases(DECK, edited(question("avulsion", extra="x")), DECK[2:], (*DECK, question("new"))):
        learner.import_package(built.package)
    names = [note_type.name for note_type in learner.collection.models.all_names_and_ids()]

    assert [name for name in names if "deck" in name] == ["cardwright deck cloze", "cardwright deck question"]


def test_a_changed_picture_arrives(learner: Learner) -> None:
    """Its name depends on its content, so the note changes too and is updated."""
    before = learner.progress()
    folder = Path(learner.collection.media.dir())
    note = question("thigh", paragraph("What is this?", Image(REDRAWN, "a thigh")), "A thigh")
    imported = learner.import_package(next_release(*edited(note)).package)

    assert imported == Imported(new=0, updated=1, duplicate=4, conflicting=0)
    assert (folder / PICTURE.name).read_bytes() == PICTURE.data
    assert (folder / REDRAWN.name).read_bytes() == REDRAWN.data
    assert REDRAWN.name in learner.sides("thigh").front
    learner.assert_kept(before)


def test_a_learners_own_edit_of_an_untouched_note_stays(learner: Learner) -> None:
    """The author has changed another note."""
    note = learner.card("biceps").note()
    note[ANSWER] = "Biceps femoris, I think"
    note.tags.append("mine")
    learner.collection.update_note(note)
    learner.import_package(next_release(*edited(question("avulsion", answer="Bone"))).package)
    note = learner.card("biceps").note()

    assert (note[ANSWER], note.tags) == ("Biceps femoris, I think", ["mine"])


def test_a_build_without_the_lock_updates_every_note_and_adds_none(learner: Learner) -> None:
    before = learner.progress()
    rebuilt = release(deck(*DECK), None, 1_800_000_000)

    assert learner.import_package(rebuilt.package) == Imported(new=0, updated=5, duplicate=0, conflicting=0)
    learner.assert_unchanged(before)


def test_two_decks_do_not_affect_each_other(learner: Learner) -> None:
    """Notes with the same keys under another deck id are other notes, with other note types."""
    before = learner.progress()
    other = release(deck(*DECK, name="Other", deck_id="other"))

    assert learner.import_package(other.package) == Imported(new=5, updated=0, duplicate=0, conflicting=0)
    assert len(learner.collection.find_cards("")) == 2 * CARDS
    assert len(before) == CARDS


def test_adding_a_field_to_a_note_type_asks_for_a_full_sync(learner: Learner) -> None:
    """The other tests rely on it to notice a change of the schema."""
    models = learner.collection.models
    model = models.by_name("cardwright deck question")
    assert model is not None
    models.add_field(model, models.new_field("Another"))
    models.update_dict(model)

    assert learner.needs_full_sync()
