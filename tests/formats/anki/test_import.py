"""What real Anki does to someone who studies one release of a deck and imports the next."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cardwright.collection.content import Image, MediaFile
from cardwright.collection.note import Note
from cardwright.collection.notetype import ANSWER
from tests.support.notes import Release, cloze, deck, hole, paragraph, question, release, releases
from tests.support.real_anki import Imported, Learner, learner

pytestmark = pytest.mark.anki

PICTURE = MediaFile("thigh-0123456789ab.svg", "media/thigh.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
REDRAWN = MediaFile(
    "thigh-ba9876543210.svg", "media/thigh.svg", b"<svg xmlns='http://www.w3.org/2000/svg'> </svg>"
)

DECK = (
    question("avulsion", "What is pulled off?", "A piece of bone"),
    question("biceps", "Which one?", "Biceps", reverse="Which two heads?", reverse_answer="Biceps"),
    cloze("knee", "They ", hole(1, "flex"), " the knee and ", hole(2, "extend"), " the hip."),
    question("typed", "Spell it", "semitendinosus", hint="begins with s", extra="Latin"),
    question("thigh", paragraph("What is this?", Image(PICTURE, "a thigh")), "A thigh"),
)
CARDS = 7


@pytest.fixture
def learning(tmp_path: Path) -> Iterator[Learner]:
    """Someone who has studied every card of the deck's first release."""
    with learner(tmp_path) as one:
        one.imports(release(deck(*DECK)).package)
        one.studies_everything()
        yield one


def edited(*notes: Note) -> tuple[Note, ...]:
    """The deck with some of its notes replaced, by key."""
    by_key = {note.key: note for note in notes}
    return tuple(by_key.get(note.key, note) for note in DECK)


def next_release(*notes: Note) -> Release:
    """The second release of the deck, with these notes in it."""
    return releases(DECK, notes)[-1]


def assert_kept(before: dict[tuple[str, int], tuple[object, ...]], learner: Learner) -> None:
    """Every card studied before is there, and nothing that scheduling knows of it has changed."""
    after = learner.progress()

    assert {card: after.get(card) for card in before} == before
    assert not learner.must_sync_in_full()
    assert learner.problems() == ""


def test_the_first_import_brings_every_note_and_card(tmp_path: Path) -> None:
    """In study order, with nothing for Check Database or Empty Cards to say."""
    with learner(tmp_path) as new:
        imported = new.imports(release(deck(*DECK, name="Thigh::Back")).package)

        assert imported == Imported(new=5, updated=0, duplicate=0, conflicting=0)
        assert new.order() == [
            ("avulsion", 0),
            ("biceps", 0),
            ("biceps", 1),
            ("knee", 0),
            ("knee", 1),
            ("typed", 0),
            ("thigh", 0),
        ]
        assert new.collection.decks.by_name("Thigh::Back") is not None
        assert new.problems() == ""
        assert new.empty_cards() == []
        assert not new.must_sync_in_full()


def test_the_ids_in_the_lock_are_the_ids_at_the_learner(learning: Learner) -> None:
    """So that tools beside Anki can find a note again."""
    built = release(deck(*DECK)).lock.notes

    assert set(learning.collection.find_notes("")) == {entry.id for entry in built.values()}
    assert learning.card("knee", 1).id == built["knee"].id + 2


def test_importing_the_same_release_again_does_nothing(learning: Learner) -> None:
    """Nor does a rebuild of unchanged sources a day later."""
    before = learning.progress()

    assert learning.imports(release(deck(*DECK)).package) == Imported(0, 0, 5, 0)
    assert learning.imports(next_release(*DECK).package) == Imported(0, 0, 5, 0)
    assert learning.progress() == before
    assert_kept(before, learning)


def test_an_edited_answer_updates_one_note_and_keeps_its_schedule(learning: Learner) -> None:
    """Interval, due date, ease, count and history of every card stay, those of the edited note too."""
    before = learning.progress()
    imported = learning.imports(next_release(*edited(question("avulsion", answer="Bone"))).package)

    assert imported == Imported(new=0, updated=1, duplicate=4, conflicting=0)
    assert "Bone" in learning.face("avulsion").answer
    assert learning.progress() == before
    assert_kept(before, learning)


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
            cloze("knee", "They ", hole(1, "flex"), " and ", hole(2, "extend"), " and ", hole(3, "turn")),
            {("knee", 2)},
            id="cloze number",
        ),
    ],
)
def test_what_is_added_to_a_note_later_arrives(
    learning: Learner, note: Note, new_cards: set[tuple[str, int]]
) -> None:
    """The note type had the field and the template all along, so nothing conflicts; new cards are new."""
    before = learning.progress()
    imported = learning.imports(next_release(*edited(note)).package)

    assert imported == Imported(new=0, updated=1, duplicate=4, conflicting=0)
    assert learning.cards() - set(before) == new_cards
    assert learning.empty_cards() == []
    assert_kept(before, learning)


def test_reordering_the_deck_does_nothing_to_who_studies_it(learning: Learner) -> None:
    """Position is for new cards; moving a note is no edit of it."""
    before = learning.progress()

    assert learning.imports(next_release(*reversed(DECK)).package) == Imported(0, 0, 5, 0)
    assert learning.progress() == before


def test_a_new_note_between_two_others_is_studied_between_them(tmp_path: Path) -> None:
    """For a new learner; for one who has imported the first release as well."""
    added = next_release(DECK[0], question("added"), *DECK[1:])
    with learner(tmp_path / "old") as old, learner(tmp_path / "new") as new:
        old.imports(release(deck(*DECK)).package)
        assert old.imports(added.package) == Imported(new=1, updated=0, duplicate=5, conflicting=0)
        new.imports(added.package)

        assert [key for key, _ in new.order()[:3]] == ["avulsion", "added", "biceps"]
        assert old.order() == new.order()


def test_a_retired_note_stays_at_who_studies_it_and_is_not_given_to_others(learning: Learner) -> None:
    """A package cannot delete; what is not in it, Anki does not touch."""
    before = learning.progress()
    built = next_release(*DECK[1:])

    assert learning.imports(built.package) == Imported(0, 0, 4, 0)
    assert learning.progress() == before
    assert built.codes == ["note-retired"]
    assert built.lock.notes["avulsion"].retired


def test_a_note_that_comes_back_goes_on_where_it_was(learning: Learner) -> None:
    """Retired in one release, back in the next: the same note, and its schedule."""
    before = learning.progress()
    *_, back = releases(DECK, DECK[1:], DECK)

    assert learning.imports(back.package) == Imported(new=0, updated=1, duplicate=4, conflicting=0)
    assert learning.progress() == before


def test_a_removed_cloze_leaves_a_card_for_empty_cards(learning: Learner) -> None:
    """The remedy that the warning names is the one that works."""
    before = learning.progress()
    built = next_release(*edited(cloze("knee", "They ", hole(1, "flex"), " the knee.")))
    learning.imports(built.package)

    assert built.codes == ["cloze-number-removed"]
    assert learning.empty_cards() == [("knee", 1)]
    assert_kept(before, learning)


def test_a_removed_reverse_leaves_a_card_for_empty_cards(learning: Learner) -> None:
    """Its front shows no field any more: the topic on it does not count for a card of its own."""
    built = next_release(*edited(replace(question("biceps"), topic="Names")))
    learning.imports(built.package)

    assert built.codes == ["reverse-removed"]
    assert learning.empty_cards() == [("biceps", 1)]


def test_a_new_look_updates_the_note_types_and_nothing_else(learning: Learner) -> None:
    """No note is touched and no full sync is asked for."""
    first = release(deck(*DECK))
    before = learning.progress()
    second = release(deck(*DECK), first, 1_700_086_400, style=".card { color: teal }")

    assert learning.imports(second.package) == Imported(0, 0, 5, 0)
    assert all("teal" in learning.card(key).render_output().css for key in ("avulsion", "knee"))
    assert learning.progress() == before
    assert_kept(before, learning)


def test_the_note_types_stay_two_through_all_releases(learning: Learner) -> None:
    """A fork would be called "…+", and hold all notes from then on."""
    for built in releases(DECK, edited(question("avulsion", extra="x")), DECK[2:], (*DECK, question("new"))):
        learning.imports(built.package)
    names = [one.name for one in learning.collection.models.all_names_and_ids()]

    assert [name for name in names if "deck" in name] == ["cardwright deck cloze", "cardwright deck question"]


def test_a_picture_arrives_and_a_changed_one_replaces_it(learning: Learner) -> None:
    """The name tells the content, so another picture is another text, and the note is updated."""
    before = learning.progress()
    folder = Path(learning.collection.media.dir())
    note = question("thigh", paragraph("What is this?", Image(REDRAWN, "a thigh")), "A thigh")
    imported = learning.imports(next_release(*edited(note)).package)

    assert imported == Imported(new=0, updated=1, duplicate=4, conflicting=0)
    assert (folder / PICTURE.name).read_bytes() == PICTURE.data
    assert (folder / REDRAWN.name).read_bytes() == REDRAWN.data
    assert REDRAWN.name in learning.face("thigh").question
    assert_kept(before, learning)


def test_a_learners_own_edit_of_an_untouched_note_stays(learning: Learner) -> None:
    """The author has changed another note; tags and texts of the learner are theirs."""
    own = learning.card("biceps").note()
    own[ANSWER] = "Biceps femoris, I think"
    own.tags.append("mine")
    learning.collection.update_note(own)
    learning.imports(next_release(*edited(question("avulsion", answer="Bone"))).package)
    still = learning.card("biceps").note()

    assert (still[ANSWER], still.tags) == ("Biceps femoris, I think", ["mine"])


def test_a_build_without_its_lock_still_knows_every_note(learning: Learner) -> None:
    """All notes count as changed once, and none is new."""
    before = learning.progress()
    anew = release(deck(*DECK), None, 1_800_000_000)

    assert learning.imports(anew.package) == Imported(new=0, updated=5, duplicate=0, conflicting=0)
    assert learning.progress() == before
    assert_kept(before, learning)


def test_two_decks_of_one_tool_leave_each_other_alone(learning: Learner) -> None:
    """The same keys under another deck id are other notes, with note types of their own."""
    before = learning.progress()
    other = release(deck(*DECK, name="Other", deck_id="other"))

    assert learning.imports(other.package) == Imported(new=5, updated=0, duplicate=0, conflicting=0)
    assert len(learning.collection.find_cards("")) == 2 * CARDS
    assert len(before) == CARDS


def test_this_learner_would_notice_a_full_sync(learning: Learner) -> None:
    """The other tests rest on it: a field added to a note type does ask for one."""
    models = learning.collection.models
    model = models.by_name("cardwright deck question")
    assert model is not None
    models.add_field(model, models.new_field("Another"))
    models.update_dict(model)

    assert learning.must_sync_in_full()
