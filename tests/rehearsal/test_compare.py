"""What is lost and what is kept, told from snapshots of collections that never were."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.rehearsal.compare import PARTS, compare
from cardwright.rehearsal.names import name, plain
from cardwright.rehearsal.outcome import Kind, Named, Rehearsal
from cardwright.rehearsal.snapshot import (
    CardSnapshot,
    NoteSnapshot,
    NoteTypeSnapshot,
    Schedule,
    Snapshot,
)

TYPE = NoteTypeSnapshot(9, "Plain", 100, ("Front", "Back"), (".card {}", "{{Front}}", "{{Back}}"))
STUDIED = Schedule(log=((1, 3, 4, 0, 2500, 900, 1),), due=4, interval=4, ease=2500, reps=1, memory='{"s":3}')


def note(number: int, back: str = "A", *, mod: int = 100, front: str = "") -> NoteSnapshot:
    return NoteSnapshot(number, f"guid{number}", TYPE.id, mod, (front or f"Q{number}", back))


def snapshot(
    *notes: NoteSnapshot,
    schedule: Schedule = STUDIED,
    types: Iterable[NoteTypeSnapshot] = (TYPE,),
    media: Mapping[str, str] | None = None,
    empty: Iterable[int] = (),
) -> Snapshot:
    """A collection in which each note has one card, whose id is the note's and 1000."""
    return Snapshot(
        {one.id: one for one in notes},
        {one.id + 1000: CardSnapshot(one.id + 1000, one.id, 0, schedule) for one in notes},
        {one.id: one for one in types},
        media or {},
        frozenset(empty),
    )


def compared(
    old: Snapshot,
    new: Snapshot,
    before: Snapshot,
    after: Snapshot,
    *,
    conflicting: Mapping[int, str] | None = None,
    full_sync: bool = False,
    problems: Sequence[str] = (),
) -> Rehearsal:
    return compare(
        old,
        new,
        before,
        after,
        conflicting=conflicting or {},
        full_sync=full_sync,
        problems=tuple(problems),
        anki="26.09",
    )


def kinds(done: Rehearsal) -> list[Kind]:
    return [loss.kind for loss in done.losses]


def guids(names: Iterable[Named]) -> list[str]:
    return [one.guid for one in names]


@dataclass(frozen=True, slots=True)
class Story:
    """What happens to one note. edited: by the learner; early is before the next release, late after it."""

    changed: bool
    moved: bool
    edited: str

    @property
    def lawful(self) -> bool:
        """The package's modification time moves exactly when the content does."""
        return self.changed == self.moved


stories = st.lists(
    st.builds(Story, st.booleans(), st.booleans(), st.sampled_from(["", "early", "late"])), max_size=8
)


def told(stories: Sequence[Story]) -> Rehearsal:
    """The stories as Anki ends them: it takes the note that is newer."""
    old, new, before, after = [], [], [], []
    for number, story in enumerate(stories):
        first = note(number)
        second = note(number, "A!" if story.changed else "A", mod=200 if story.moved else 100)
        mod = {"": 100, "early": 101, "late": 300}[story.edited]
        own = note(number, "mine" if story.edited else "A", mod=mod)
        old.append(first)
        new.append(second)
        before.append(own)
        after.append(second if second.mod > own.mod else own)
    return compared(snapshot(*old), snapshot(*new), snapshot(*before), snapshot(*after))


@given(stories)
def test_every_note_is_counted_once(all_of_them: list[Story]) -> None:
    """
    What is neither updated nor refused nor retired was left alone; an edit stays, or is replaced, or is lost.
    """
    done = told(all_of_them)
    lost = kinds(done).count(Kind.OVERWRITTEN_EDIT)

    assert len(done.updated) + done.untouched + len(done.conflicting) + len(done.retired) == done.notes
    edits = sum(bool(story.edited) for story in all_of_them)
    assert len(done.edits_kept) + len(done.edits_replaced) + lost == edits


@given(stories)
def test_a_package_that_keeps_the_law_of_mod_loses_nothing(all_of_them: list[Story]) -> None:
    """However its learners edit: an edit gives way only to the author's own change of that note."""
    lawful = [story for story in all_of_them if story.lawful]
    done = told(lawful)

    assert not done.losses
    assert not done.rewritten
    replaced = [number for number, story in enumerate(lawful) if story.moved and story.edited == "early"]
    assert sorted(guids(done.edits_replaced)) == sorted(f"guid{number}" for number in replaced)
    held = [number for number, story in enumerate(lawful) if story.moved and story.edited == "late"]
    assert sorted(guids(done.changes_held_back)) == sorted(f"guid{number}" for number in held)


@given(stories)
def test_each_breach_of_the_law_is_told(all_of_them: list[Story]) -> None:
    """A change that nobody gets is lost; a move without a change overwrites who edited before it."""
    done = told(all_of_them)
    expected: dict[Kind, list[str]] = {Kind.UNSEEN_CHANGE: [], Kind.OVERWRITTEN_EDIT: []}
    for number, story in enumerate(all_of_them):
        if story.changed and not story.moved:
            expected[Kind.UNSEEN_CHANGE].append(f"guid{number}")
        if story.moved and not story.changed and story.edited == "early":
            expected[Kind.OVERWRITTEN_EDIT].append(f"guid{number}")
    found = {kind: [loss.name.guid for loss in done.losses if loss.kind is kind] for kind in expected}

    assert found == expected
    assert len(done.losses) == sum(map(len, expected.values()))


@pytest.mark.parametrize("attribute", [one.name for one in fields(Schedule)])
def test_whatever_scheduling_knows_is_watched(attribute: str) -> None:
    """Each part has its own name in the report."""
    now = snapshot(note(1), note(2))
    value = getattr(STUDIED, attribute)
    other: Any = (*value, (2,)) if isinstance(value, tuple) else value + type(value)(1)
    card = now.cards[1001]
    changed = replace(
        now, cards={**now.cards, 1001: replace(card, schedule=replace(STUDIED, **{attribute: other}))}
    )
    done = compared(now, now, now, changed)

    assert [(loss.kind, loss.name.guid, loss.parts) for loss in done.losses] == [
        (Kind.CHANGED_SCHEDULE, "guid1", (PARTS[attribute],))
    ]
    assert (done.kept, done.cards) == (1, 2)


def test_a_card_or_a_note_that_is_gone_is_lost() -> None:
    """Anki's import deletes nothing; if one day it does, here it shows."""
    now = snapshot(note(1), note(2))
    without_card = replace(now, cards={1002: now.cards[1002]})

    assert kinds(compared(now, now, now, without_card)) == [Kind.MISSING_CARD]
    assert kinds(compared(now, now, now, snapshot(note(2)))) == [Kind.MISSING_NOTE, Kind.MISSING_CARD]


def test_what_the_package_no_longer_has_is_retired_and_stays() -> None:
    """With the learner's own edit of it."""
    old = snapshot(note(1), note(2))
    mine = snapshot(note(1, "mine"), note(2))
    done = compared(old, snapshot(note(2)), mine, mine)

    assert not done.losses
    assert guids(done.retired) == guids(done.edits_kept) == ["guid1"]
    assert done.untouched == 1


def test_a_note_under_another_guid_leaves_its_schedule_behind() -> None:
    """
    By its key, or without one by its first field; a note that merely left, and another that came, is no loss.
    """
    old = snapshot(note(1))
    again = replace(note(2), fields=note(1).fields)
    done = compared(old, snapshot(again), old, snapshot(note(1), again))
    assert [(loss.kind, loss.name.guid) for loss in done.losses] == [(Kind.CHANGED_GUID, "guid2")]

    assert not compared(old, snapshot(note(2)), old, snapshot(note(1), note(2))).losses

    keyed = replace(TYPE, fields=("Front", "Key"))
    first, second = note(1, "owl"), note(2, "owl", front="Reworded?")
    mine = snapshot(first, types=[keyed])
    done = compared(mine, snapshot(second, types=[keyed]), mine, snapshot(first, second, types=[keyed]))
    assert kinds(done) == [Kind.CHANGED_GUID]


def test_a_refused_note_is_named_even_if_the_package_knows_it_by_another_id() -> None:
    """Anki gives ids of its own to notes from the future."""
    now = snapshot(note(1, front="<b>What?</b>"))

    known = compared(now, now, now, now, conflicting={1: "<b>What?</b>"})
    assert known.conflicting == (Named("", "What?", "guid1"),)
    assert kinds(known) == [Kind.CONFLICTING_NOTE]
    assert known.untouched == 0

    unknown = compared(now, now, now, now, conflicting={77: "<b>What?</b>"})
    assert unknown.conflicting == (Named("", "What?"),)
    assert kinds(unknown) == [Kind.CONFLICTING_NOTE]


def test_a_note_type_that_nobody_had_is_a_fork() -> None:
    """One that the package brings is none."""
    fork = replace(TYPE, id=10, name="Plain+")
    now = snapshot(note(1))
    forked = replace(now, types={TYPE.id: TYPE, fork.id: fork})

    done = compared(now, now, now, forked)
    assert [(loss.kind, loss.name.text) for loss in done.losses] == [(Kind.FORKED_NOTE_TYPE, "Plain+")]
    assert not compared(now, forked, now, forked).losses


@pytest.mark.parametrize(
    ("look", "mod", "own", "kept", "replaced", "lost"),
    [
        pytest.param("", 100, True, 1, 0, [], id="left alone"),
        pytest.param("new", 200, True, 0, 1, [], id="changed by both"),
        pytest.param("new", 200, False, 0, 0, [], id="changed by the author"),
        pytest.param("", 200, True, 0, 0, [Kind.OVERWRITTEN_LOOK], id="stamped anew"),
        pytest.param("new", 100, True, 1, 0, [Kind.UNSEEN_LOOK], id="not stamped"),
        pytest.param("new", 100, False, 0, 0, [Kind.UNSEEN_LOOK], id="not stamped, no edit"),
    ],
)
def test_styling_obeys_the_same_law(
    *, look: str, mod: int, own: bool, kept: int, replaced: int, lost: list[Kind]
) -> None:
    """A learner's style sheet gives way only to the author's next one."""
    old = snapshot(note(1))
    coming = replace(TYPE, mod=mod, look=(*TYPE.look, look) if look else TYPE.look)
    mine = replace(TYPE, mod=101, look=(*TYPE.look, "mine")) if own else TYPE
    then = coming if coming.mod > mine.mod else mine
    done = compared(
        old,
        snapshot(note(1), types=[coming]),
        snapshot(note(1), types=[mine]),
        snapshot(note(1), types=[then]),
    )

    assert (len(done.looks_kept), len(done.looks_replaced), kinds(done)) == (kept, replaced, lost)


def test_another_picture_under_the_same_name_is_a_change() -> None:
    """The text is the same, so only the file tells that the note should have moved."""
    old = replace(note(1), media=(("leg.png", "aaaa"),))
    new = replace(note(1), media=(("leg.png", "bbbb"),))

    done = compared(snapshot(old), snapshot(new), snapshot(old), snapshot(old))
    assert kinds(done) == [Kind.UNSEEN_CHANGE]


def test_a_static_file_that_keeps_its_name_reaches_nobody() -> None:
    """Anki never writes over fonts and scripts; other files come with the notes that name them."""
    old, new = {"_font.woff2": "aaaa", "leg.png": "aaaa"}, {"_font.woff2": "bbbb", "leg.png": "bbbb"}
    mine = snapshot(note(1), media=old)

    done = compared(mine, snapshot(note(1), media=new), mine, mine)
    assert [(loss.kind, loss.name.text) for loss in done.losses] == [(Kind.UNSEEN_FILE, "_font.woff2")]


def test_cards_that_were_empty_before_are_not_told() -> None:
    """Only those which the new release empties."""
    before = snapshot(note(1), note(2), empty=[1001])
    after = replace(before, empty=frozenset({1001, 1002}))

    done = compared(before, before, before, after)
    assert done.empty_cards == (Named("", "Q2", "guid2", 0),)
    assert not done.losses


def test_a_full_sync_and_a_damaged_collection_are_losses() -> None:
    """The worst comes first, whatever was found first."""
    now = snapshot(note(1))
    done = compared(now, now, now, snapshot(), full_sync=True, problems=["Fixed 1 card."])

    assert kinds(done) == [Kind.MISSING_NOTE, Kind.MISSING_CARD, Kind.FULL_SYNC, Kind.DATABASE_PROBLEM]
    assert (done.full_sync, done.problems) == (True, ("Fixed 1 card.",))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("What is <b>this</b>?<br>\n<img src='a.png'> &lt;here&gt;", "What is this? <here>"),
        ("They {{c1::flex::what}} the {{c2::knee}}.", "They flex the knee."),
    ],
)
def test_a_question_is_told_in_plain_text(html: str, text: str) -> None:
    """On one line, since it stands in a list."""
    assert plain(html) == text


def test_a_diagram_is_told_by_the_words_for_its_picture() -> None:
    """Its first field holds masks, which say nothing to a person."""
    masks = "{{c1::image-occlusion:rect:left=.1:top=.1:width=.1:height=.1:oi=1}}"
    diagram = replace(note(1), fields=(masks, '<img src="leg.svg" alt="A leg &amp; a foot">'))

    assert name(diagram, {}).text == "A leg & a foot"


def diagram(*names: str) -> NoteSnapshot:
    """One that asks for parts of a picture by name; those without one are gone."""
    masks = "".join(
        f"{{{{c{n}::image-occlusion:rect:left=.{n}}}}}" for n, part in enumerate(names, 1) if part
    )
    told = "<br>".join(f"{{{{c{n}::{part}}}}}" for n, part in enumerate(names, 1) if part)
    return replace(note(1), fields=(masks, '<img src="leg.svg" alt="A leg">', told))


def test_a_card_of_a_diagram_is_told_by_the_part_it_asks_for() -> None:
    """A number would leave its author to count; and of a part that is gone only the old note has the name."""
    before = with_cards(snapshot(diagram("Biceps", "Sit <i>bone</i>")), 2)
    after = with_cards(snapshot(diagram("Biceps", "", "Tibia")), 3, empty=[1002])

    done = compared(before, after, before, after)
    assert [(one.text, one.ordinal) for one in done.empty_cards] == [("Sit bone", 1)]
    assert [(one.text, one.ordinal) for one in done.added_cards] == [("Tibia", 2)]
    assert [one.text for one in done.updated] == ["A leg"]


def test_new_cards_of_new_notes_are_not_told_twice() -> None:
    """Their notes are in the list of new ones."""
    before, after = snapshot(note(1)), snapshot(note(1), note(2))

    done = compared(before, after, before, after)
    assert guids(done.new_cards) == guids(done.new) == ["guid2"]
    assert done.added_cards == ()


def with_cards(one: Snapshot, count: int, empty: Iterable[int] = ()) -> Snapshot:
    """The snapshot of one note with so many cards."""
    cards = {1001 + ordinal: CardSnapshot(1001 + ordinal, 1, ordinal, STUDIED) for ordinal in range(count)}
    return replace(one, cards=cards, empty=frozenset(empty))
