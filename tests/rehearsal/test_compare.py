"""A comparison of snapshots finds what is lost and what is kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.rehearsal.compare import SCHEDULE_PARTS, LossKind, RehearsalResult, compare
from cardwright.rehearsal.snapshot import (
    CardSnapshot,
    DisplayName,
    NoteSnapshot,
    NoteTypeSnapshot,
    Schedule,
    Snapshot,
    note_name,
    plain_text,
)

TYPE = NoteTypeSnapshot(9, "Plain", 100, ("Front", "Back"), (".card {}", "{{Front}}", "{{Back}}"))
STUDIED = Schedule(log=((1, 3, 4, 0, 2500, 900, 1),), due=4, interval=4, ease=2500, reps=1, memory='{"s":3}')


def make_note(number: int, back: str = "A", *, mod: int = 100, front: str = "") -> NoteSnapshot:
    return NoteSnapshot(number, f"guid{number}", TYPE.id, mod, (front or f"Q{number}", back))


def make_snapshot(
    *notes: NoteSnapshot,
    schedule: Schedule = STUDIED,
    types: Iterable[NoteTypeSnapshot] = (TYPE,),
    media: Mapping[str, str] | None = None,
    empty: Iterable[int] = (),
) -> Snapshot:
    """Return a collection in which each note has one card, whose id is 1000 more than the note's."""
    return Snapshot(
        {note.id: note for note in notes},
        {note.id + 1000: CardSnapshot(note.id + 1000, note.id, 0, schedule) for note in notes},
        {note_type.id: note_type for note_type in types},
        media or {},
        frozenset(empty),
    )


def with_cards(snapshot: Snapshot, count: int, empty: Iterable[int] = ()) -> Snapshot:
    """Return the snapshot of a single note with `count` cards."""
    cards = {1001 + ordinal: CardSnapshot(1001 + ordinal, 1, ordinal, STUDIED) for ordinal in range(count)}
    return replace(snapshot, cards=cards, empty=frozenset(empty))


run_compare = partial(compare, conflicting={}, full_sync=False, problems=(), anki="26.09")


def loss_kinds(result: RehearsalResult) -> list[LossKind]:
    return [loss.kind for loss in result.losses]


def guids(names: Iterable[DisplayName]) -> list[str]:
    return [name.guid for name in names]


def test_html_that_shows_the_same_is_no_change_that_gets_lost() -> None:
    old = make_snapshot(make_note(1, "<div>A</div><div>B</div>"), make_note(2, "<b>A</b>"))
    new = make_snapshot(make_note(1, "A<br>B"), make_note(2, "A"))

    result = run_compare(old, new, old, old)

    assert [(loss.kind, loss.name.guid) for loss in result.losses] == [(LossKind.UNSEEN_CHANGE, "guid2")]


@dataclass(frozen=True, slots=True)
class NoteHistory:
    """The history of one note: the release may change its content and its mod, the learner may edit it.

    edited: `early` is before the next release, `late` after it.
    """

    content_changed: bool
    mod_moved: bool
    edited: str

    @property
    def is_lawful(self) -> bool:
        """True if the modification time moves exactly when the content does."""
        return self.content_changed == self.mod_moved


note_histories = st.lists(
    st.builds(NoteHistory, st.booleans(), st.booleans(), st.sampled_from(["", "early", "late"])), max_size=8
)


def rehearse_histories(histories: Sequence[NoteHistory]) -> RehearsalResult:
    """Compare as if Anki had imported the release: it takes the newer version of each note."""
    old, new, before, after = [], [], [], []
    for number, history in enumerate(histories):
        old_note = make_note(number)
        back = "A!" if history.content_changed else "A"
        new_note = make_note(number, back, mod=200 if history.mod_moved else 100)
        edit_mod = {"": 100, "early": 101, "late": 300}[history.edited]
        learner_note = make_note(number, "mine" if history.edited else "A", mod=edit_mod)
        old.append(old_note)
        new.append(new_note)
        before.append(learner_note)
        after.append(new_note if new_note.mod > learner_note.mod else learner_note)
    return run_compare(*(make_snapshot(*notes) for notes in (old, new, before, after)))


@given(note_histories)
def test_every_note_and_every_edit_is_counted_once(histories: list[NoteHistory]) -> None:
    result = rehearse_histories(histories)
    counts = len(result.updated), result.untouched_notes, len(result.conflicting), len(result.retired)
    lost_edits = loss_kinds(result).count(LossKind.OVERWRITTEN_EDIT)

    assert sum(counts) == result.note_count
    edits = sum(bool(history.edited) for history in histories)
    assert len(result.edits_kept) + len(result.edits_replaced) + lost_edits == edits


@given(note_histories)
def test_a_package_that_moves_mod_with_the_content_loses_nothing(histories: list[NoteHistory]) -> None:
    """However learners edit: only the author's own change of a note replaces an edit."""
    lawful = [history for history in histories if history.is_lawful]
    result = rehearse_histories(lawful)

    def changed_and_edited(edited: str) -> list[str]:
        return [f"guid{n}" for n, each in enumerate(lawful) if each.mod_moved and each.edited == edited]

    assert not result.losses
    assert not result.rewritten
    assert sorted(guids(result.edits_replaced)) == changed_and_edited("early")
    assert sorted(guids(result.changes_held_back)) == changed_and_edited("late")


@given(note_histories)
def test_a_package_that_does_not_loses_changes_or_edits(histories: list[NoteHistory]) -> None:
    """A change without a new mod reaches nobody; a new mod without a change overwrites earlier edits."""
    result = rehearse_histories(histories)
    expected: dict[LossKind, list[str]] = {LossKind.UNSEEN_CHANGE: [], LossKind.OVERWRITTEN_EDIT: []}
    for number, history in enumerate(histories):
        if history.content_changed and not history.mod_moved:
            expected[LossKind.UNSEEN_CHANGE].append(f"guid{number}")
        if history.mod_moved and not history.content_changed and history.edited == "early":
            expected[LossKind.OVERWRITTEN_EDIT].append(f"guid{number}")
    lost = {kind: [loss.name.guid for loss in result.losses if loss.kind is kind] for kind in expected}

    assert lost == expected
    assert len(result.losses) == sum(map(len, expected.values()))


@pytest.mark.parametrize("attribute", [field.name for field in fields(Schedule)])
def test_a_change_of_any_part_of_a_schedule_is_a_loss(attribute: str) -> None:
    before = make_snapshot(make_note(1), make_note(2))
    value = getattr(STUDIED, attribute)
    other: Any = (*value, (2,)) if isinstance(value, tuple) else value + type(value)(1)
    card = replace(before.cards[1001], schedule=replace(STUDIED, **{attribute: other}))
    result = run_compare(before, before, before, replace(before, cards={**before.cards, 1001: card}))

    assert [(loss.kind, loss.name.guid, loss.parts) for loss in result.losses] == [
        (LossKind.CHANGED_SCHEDULE, "guid1", (SCHEDULE_PARTS[attribute],))
    ]
    assert (result.kept_schedules, result.card_count) == (1, 2)


def test_a_card_or_note_that_is_gone_is_lost() -> None:
    """Anki's import deletes nothing; if one day it does, this shows it."""
    before = make_snapshot(make_note(1), make_note(2))
    without_card = replace(before, cards={1002: before.cards[1002]})
    without_note = make_snapshot(make_note(2))

    assert loss_kinds(run_compare(before, before, before, without_card)) == [LossKind.MISSING_CARD]
    assert loss_kinds(run_compare(before, before, before, without_note)) == [
        LossKind.MISSING_NOTE,
        LossKind.MISSING_CARD,
    ]


def test_a_note_that_left_the_package_is_retired_and_stays() -> None:
    """The learner's edit of it stays too."""
    old = make_snapshot(make_note(1), make_note(2))
    learner = make_snapshot(make_note(1, "mine"), make_note(2))
    result = run_compare(old, make_snapshot(make_note(2)), learner, learner)

    assert not result.losses
    assert guids(result.retired) == guids(result.edits_kept) == ["guid1"]
    assert result.untouched_notes == 1


def test_a_note_with_another_guid_loses_its_schedule() -> None:
    """It is recognised by its key or its first field; one note leaving and another coming is no loss."""
    old = make_snapshot(make_note(1))
    recreated = replace(make_note(2), fields=make_note(1).fields)
    result = run_compare(old, make_snapshot(recreated), old, make_snapshot(make_note(1), recreated))
    assert [(loss.kind, loss.name.guid) for loss in result.losses] == [(LossKind.CHANGED_GUID, "guid2")]

    replaced = run_compare(old, make_snapshot(make_note(2)), old, make_snapshot(make_note(1), make_note(2)))
    assert not replaced.losses

    keyed = replace(TYPE, fields=("Front", "Key"))
    first, second = make_note(1, "owl"), make_note(2, "owl", front="Reworded?")
    before, new, after = (
        make_snapshot(*notes, types=[keyed]) for notes in ([first], [second], [first, second])
    )
    assert loss_kinds(run_compare(before, new, before, after)) == [LossKind.CHANGED_GUID]


def test_a_conflicting_note_is_named_even_if_its_id_is_unknown() -> None:
    """Anki gives new ids to notes from the future."""
    snapshot = make_snapshot(make_note(1, front="<b>What?</b>"))

    known = run_compare(*[snapshot] * 4, conflicting={1: "<b>What?</b>"})
    assert known.conflicting == (DisplayName("", "What?", "guid1"),)
    assert loss_kinds(known) == [LossKind.CONFLICTING_NOTE]
    assert known.untouched_notes == 0

    unknown = run_compare(*[snapshot] * 4, conflicting={77: "<b>What?</b>"})
    assert unknown.conflicting == (DisplayName("", "What?"),)
    assert loss_kinds(unknown) == [LossKind.CONFLICTING_NOTE]


def test_a_note_type_that_nobody_had_is_a_fork() -> None:
    fork = replace(TYPE, id=10, name="Plain+")
    before = make_snapshot(make_note(1))
    forked = replace(before, types={TYPE.id: TYPE, fork.id: fork})

    result = run_compare(before, before, before, forked)
    assert [(loss.kind, loss.name.text) for loss in result.losses] == [(LossKind.FORKED_NOTE_TYPE, "Plain+")]
    assert not run_compare(before, forked, before, forked).losses, "the package has this note type"


@pytest.mark.parametrize(
    ("look", "mod", "own", "kept", "replaced", "lost"),
    [
        pytest.param("", 100, True, 1, 0, [], id="not changed by the author"),
        pytest.param("new", 200, True, 0, 1, [], id="changed by both"),
        pytest.param("new", 200, False, 0, 0, [], id="changed by the author"),
        pytest.param("", 200, True, 0, 0, [LossKind.OVERWRITTEN_LOOK], id="new mod, same look"),
        pytest.param("new", 100, True, 1, 0, [LossKind.UNSEEN_LOOK], id="same mod, new look"),
        pytest.param("new", 100, False, 0, 0, [LossKind.UNSEEN_LOOK], id="same mod, new look, no edit"),
    ],
)
def test_only_the_authors_change_of_a_look_replaces_the_learners(
    *, look: str, mod: int, own: bool, kept: int, replaced: int, lost: list[LossKind]
) -> None:
    new = replace(TYPE, mod=mod, look=(*TYPE.look, look) if look else TYPE.look)
    learner = replace(TYPE, mod=101, look=(*TYPE.look, "mine")) if own else TYPE
    after = new if new.mod > learner.mod else learner
    result = run_compare(
        *(make_snapshot(make_note(1), types=[note_type]) for note_type in (TYPE, new, learner, after))
    )

    assert (len(result.looks_kept), len(result.looks_replaced), loss_kinds(result)) == (kept, replaced, lost)


def test_another_picture_under_the_same_name_is_a_change() -> None:
    old = make_snapshot(replace(make_note(1), media=(("leg.png", "aaaa"),)))
    new = make_snapshot(replace(make_note(1), media=(("leg.png", "bbbb"),)))

    assert loss_kinds(run_compare(old, new, old, old)) == [LossKind.UNSEEN_CHANGE]


def test_a_changed_static_file_reaches_nobody() -> None:
    """Anki never overwrites fonts and scripts; other files come with the notes that refer to them."""
    old_media = {"_font.woff2": "aaaa", "leg.png": "aaaa"}
    new_media = {"_font.woff2": "bbbb", "leg.png": "bbbb"}
    old, new = (make_snapshot(make_note(1), media=media) for media in (old_media, new_media))

    result = run_compare(old, new, old, old)
    assert [(loss.kind, loss.name.text) for loss in result.losses] == [(LossKind.UNSEEN_FILE, "_font.woff2")]


def test_only_cards_that_became_empty_are_listed() -> None:
    before = make_snapshot(make_note(1), make_note(2), empty=[1001])
    after = replace(before, empty=frozenset({1001, 1002}))

    result = run_compare(before, before, before, after)
    assert result.empty_cards == (DisplayName("", "Q2", "guid2", 0),)
    assert not result.losses


def test_a_full_sync_and_a_damaged_collection_are_losses() -> None:
    """The worst loss comes first."""
    before = make_snapshot(make_note(1))
    result = run_compare(before, before, before, make_snapshot(), full_sync=True, problems=("Fixed 1 card.",))

    missing = [LossKind.MISSING_NOTE, LossKind.MISSING_CARD]
    assert loss_kinds(result) == [*missing, LossKind.FULL_SYNC, LossKind.DATABASE_PROBLEM]
    assert (result.full_sync, result.problems) == (True, ("Fixed 1 card.",))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("What is <b>this</b>?<br>\n<img src='a.png'> &lt;here&gt;", "What is this? <here>"),
        ("They {{c1::flex::what}} the {{c2::knee}}.", "They flex the knee."),
    ],
)
def test_a_field_becomes_plain_text_on_one_line(html: str, text: str) -> None:
    assert plain_text(html) == text


def make_diagram(*labels: str) -> NoteSnapshot:
    """Return a diagram that asks for labels of a picture; an empty one has been removed."""
    numbered = [(number, label) for number, label in enumerate(labels, 1) if label]
    masks = "".join(f"{{{{c{number}::image-occlusion:rect:left=.{number}}}}}" for number, _ in numbered)
    names = "<br>".join(f"{{{{c{number}::{label}}}}}" for number, label in numbered)
    picture = '<img src="leg.svg" alt="A leg &amp; a foot">'
    return replace(make_note(1), fields=(masks, picture, names))


def test_a_diagram_is_named_by_the_text_for_its_picture() -> None:
    assert note_name(make_diagram("Biceps"), {}).text == "A leg & a foot"


def test_a_card_of_a_diagram_is_named_by_its_label() -> None:
    """Only the old note has the label of a card that became empty."""
    before = with_cards(make_snapshot(make_diagram("Biceps", "Sit <i>bone</i>")), 2)
    after = with_cards(make_snapshot(make_diagram("Biceps", "", "Tibia")), 3, empty=[1002])

    result = run_compare(before, after, before, after)
    assert [(name.text, name.ordinal) for name in result.empty_cards] == [("Sit bone", 1)]
    assert [(name.text, name.ordinal) for name in result.added_cards] == [("Tibia", 2)]
    assert [name.text for name in result.updated] == ["A leg & a foot"]


def test_new_cards_of_new_notes_are_not_listed_twice() -> None:
    before, after = make_snapshot(make_note(1)), make_snapshot(make_note(1), make_note(2))

    result = run_compare(before, after, before, after)
    assert guids(result.new_cards) == guids(result.new) == ["guid2"]
    assert result.added_cards == ()
