"""Locks after a git merge: any union of the lines of two branches is a lock again.

The law behind each test: whichever branch learners have, the content of the sources reaches them.
"""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright import record
from cardwright.collection.deck_name import DeckName
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Report, Severity, Source
from cardwright.identity.lock import Lock, NoteEntry
from cardwright.identity.lock_text import encode_lock, read_lock
from cardwright.identity.note_state import NoteState, NoteTypeState
from cardwright.identity.reconcile import Reconciliation, reconcile
from tests.support.notes import SPAN, deck

TYPES = (NoteTypeState(NoteType.QUESTION, 7, "schema", "look"),)
KEYS = "abcdef"
SUBDECKS = ("", "Lower", "Upper")
times = st.integers(1, 9)
STATE = NoteState("a", SPAN, NoteType.QUESTION, "a x", {1: ""})
contents = st.dictionaries(st.sampled_from(KEYS), st.sampled_from("xyz"), min_size=1)


def build(
    contents: dict[str, str], lock: Lock | None, now: int, *, was: dict[str, str] | None = None
) -> Reconciliation:
    """Build notes of these contents by key. was: former keys by key."""
    former_keys = was or {}
    notes = []
    for key, text in contents.items():
        former = (former_keys[key],) if key in former_keys else ()
        notes.append(NoteState(key, SPAN, NoteType.QUESTION, f"{key} {text}", {1: ""}, former))
    return reconcile(deck(), notes, TYPES, lock, now)


def errors(build: Reconciliation) -> list[str]:
    return [diagnostic.code for diagnostic in build.diagnostics if diagnostic.severity is Severity.ERROR]


def merge(*locks: Lock) -> Lock:
    """Return the lock with all lines of several locks, as `merge=union` leaves them at worst."""
    lines = [line for lock in locks for line in encode_lock(lock).decode().splitlines(keepends=True)]
    random.Random("any order").shuffle(lines)
    report = Report()
    lock = read_lock(Source("deck.lock", "".join(lines)), report)
    assert lock is not None, list(report)
    return lock


@given(contents, contents, contents, contents, st.lists(times, min_size=4, max_size=4))
def test_after_a_merge_the_sources_reach_learners_of_every_branch(
    base: dict[str, str],
    ours: dict[str, str],
    theirs: dict[str, str],
    agreed: dict[str, str],
    clocks: list[int],
) -> None:
    """Whatever the clocks say, new content has a greater `mod` than the content of either branch."""
    base_lock = build(base, None, clocks[0]).lock
    branches = [build(ours, base_lock, clocks[1]).lock, build(theirs, base_lock, clocks[2]).lock]
    merged = build(agreed, merge(base_lock, *branches), clocks[3])
    rebuilt = build(agreed, merged.lock, 99)

    assert errors(merged) == []
    assert rebuilt.lock == merged.lock
    for branch in (base_lock, *branches):
        for key, old in branch.notes.items():
            entry = merged.lock.notes[key]
            assert (entry.guid, entry.id) == (old.guid, old.id)
            assert entry.mod >= old.mod
            if key in agreed and entry.digest != old.digest:
                assert entry.mod > old.mod


@given(contents, contents, contents, times, times)
def test_notes_that_only_one_branch_edited_do_not_move_in_the_merge(
    base: dict[str, str], ours: dict[str, str], theirs: dict[str, str], our_clock: int, their_clock: int
) -> None:
    base_lock = build(base, None, 1).lock
    our_lock = build({**base, **ours}, base_lock, our_clock).lock
    their_lock = build({**base, **theirs}, base_lock, their_clock).lock
    merged = build({**base, **ours}, merge(base_lock, our_lock, their_lock), 50).lock

    for key, entry in our_lock.notes.items():
        if key not in theirs or theirs.get(key) == base.get(key):
            assert merged.notes[key].mod == entry.mod


def test_a_note_edited_on_both_branches_in_one_second_moves_above_both() -> None:
    """Nobody knows which of the two contents a learner has."""
    base = build({"a": "x"}, None, 1).lock
    branches = [build({"a": "ours"}, base, 5).lock, build({"a": "theirs"}, base, 5).lock]

    assert build({"a": "ours"}, merge(*branches), 2).lock.notes["a"].mod == 6


def test_a_kept_edit_of_the_later_branch_does_not_move() -> None:
    """Learners of the other branch have a smaller `mod`, so they get it anyway."""
    base = build({"a": "x"}, None, 1).lock
    branches = [build({"a": "ours"}, base, 5).lock, build({"a": "theirs"}, base, 7).lock]

    assert build({"a": "theirs"}, merge(*branches), 9).lock.notes["a"].mod == 7
    assert build({"a": "ours"}, merge(*branches), 9).lock.notes["a"].mod == 9


def test_a_pull_of_one_branch_is_taken_out_as_an_update_if_another_has_released_it() -> None:
    """Learners of that branch have what was pulled, which only something newer replaces."""
    old = build({"a": "x"}, None, 1).lock
    pulled_text = build({"a": "y"}, old, 5).lock
    entry = old.notes["a"].replace(digest=pulled_text.notes["a"].digest, mod=5)
    pulled = replace(old, notes={"a": entry.replace(before=(old.notes["a"].digest, 1))})
    released = build({"a": "y"}, pulled, 6).lock

    assert released.notes["a"].replace(printed="", printed_mod=0) == entry
    assert build({"a": "x"}, pulled, 7).lock.notes["a"] == old.notes["a"]
    assert build({"a": "x"}, merge(pulled, released), 7).lock.notes["a"].mod == 7


@pytest.mark.parametrize("present", ["", "a"])
def test_a_note_retired_and_edited_on_two_branches_follows_the_sources(present: str) -> None:
    """In both cases its `mod` is greater than that of either branch."""
    base = build({"a": "x", "b": "x"}, None, 1).lock
    branches = [build({"b": "x"}, base, 5).lock, build({"a": "y", "b": "x"}, base, 5).lock]
    after = build({"b": "x"} | dict.fromkeys(present, "y"), merge(*branches), 2).lock.notes["a"]

    assert (bool(after.retired), after.mod) == (not present, 6)


def test_a_card_renamed_and_edited_on_two_branches_is_one_note() -> None:
    """The merge brings back the line with the former key; both lines have the guid that learners know."""
    base = build({"a": "x", "b": "x"}, None, 1).lock
    branches = [build({"c": "x", "b": "x"}, base, 5, was={"c": "a"}).lock, build({"a": "y"}, base, 7).lock]
    merged = build({"c": "y", "b": "x"}, merge(base, *branches), 2, was={"c": "a"})

    assert errors(merged) == []
    assert merged.lock.notes.keys() == {"b", "c"}
    assert merged.lock.notes["c"].guid == base.notes["a"].guid
    assert merged.lock.notes["c"].mod == 8


@pytest.mark.parametrize(
    "theirs",
    ["edits the younger", "renames it again", "repairs it too", "takes it out", "edits the older"],
)
@given(st.lists(times, min_size=4, max_size=4))
def test_a_rename_repaired_on_one_branch_stays_repaired_after_the_merge(
    theirs: str, clocks: list[int]
) -> None:
    """Whatever the other branch does, each note is in the lock once, and the older one goes on."""
    released = build({"a": "x", "c": "x"}, None, clocks[0]).lock
    renamed = build({"b": "x", "c": "x"}, released, clocks[1]).lock
    repaired = build({"b": "x", "c": "x"}, renamed, clocks[2], was={"b": "a"}).lock
    contents, was = {
        "edits the younger": ({"b": "y", "c": "x"}, {}),
        "renames it again": ({"d": "x", "c": "x"}, {"d": "b"}),
        "repairs it too": ({"b": "y", "c": "x"}, {"b": "a"}),
        "takes it out": ({"c": "x"}, {}),
        "edits the older": ({"a": "y", "c": "x"}, {}),
    }[theirs]
    base = released if theirs == "edits the older" else renamed
    other = build(contents, base, clocks[3], was=was).lock
    lock = merge(released, renamed, repaired, other)
    merged = build({"b": "y", "c": "x"}, lock, 2, was={"b": "a"})
    entries = merged.lock.notes

    assert errors(merged) == []
    assert entries["b"].guid == released.notes["a"].guid
    younger = renamed.notes["b"].guid
    assert {key for key, entry in entries.items() if entry.guid == younger} == {f"b~{younger}"}
    assert entries[f"b~{younger}"].retired
    assert len({entry.guid for entry in entries.values()}) == len(entries)
    for branch in (released, renamed, repaired, other):
        for old in branch.notes.values():
            assert next(entry.mod for entry in entries.values() if entry.guid == old.guid) >= old.mod
    assert build({"b": "y", "c": "x"}, merged.lock, 99, was={"b": "a"}) == Reconciliation(merged.lock, ())


@given(st.lists(times, min_size=3, max_size=3))
def test_a_rename_on_one_branch_can_be_repaired_after_the_merge_with_an_edit_on_the_other(
    clocks: list[int],
) -> None:
    """The lock then has both notes as if they were in the sources."""
    released = build({"a": "x", "c": "x"}, None, clocks[0]).lock
    renamed = build({"b": "x", "c": "x"}, released, clocks[1]).lock
    edited = build({"a": "y", "c": "x"}, released, clocks[2]).lock
    merged = build({"b": "y", "c": "x"}, merge(released, renamed, edited), 2, was={"b": "a"}).lock

    assert merged.notes["b"].guid == released.notes["a"].guid
    assert merged.notes["b"].mod > max(edited.notes["a"].mod, renamed.notes["a"].mod)
    younger = renamed.notes["b"].guid
    assert merged.notes[f"b~{younger}"].retired
    assert build({"b": "y", "c": "x"}, merged, 99, was={"b": "a"}).lock == merged


@given(st.lists(st.sampled_from(SUBDECKS), min_size=4, max_size=4))
def test_after_a_merge_the_sub_deck_is_that_of_the_sources(subdecks: list[str]) -> None:
    """Learners may have the cards in the sub-deck of either branch."""
    states = [record.replace(STATE, deck_name=DeckName("Deck", subdeck)) for subdeck in subdecks]
    base, ours, theirs, merged = states
    base_lock = reconcile(deck(), [base], TYPES, None, 1).lock
    branches = [reconcile(deck(), [state], TYPES, base_lock, 2).lock for state in (ours, theirs)]
    after = reconcile(deck(), [merged], TYPES, merge(base_lock, *branches), 3)
    entry = after.lock.notes["a"]

    assert entry.subdeck == merged.deck_name.subdeck
    assert {entry.subdeck, *entry.former_subdecks} == set(subdecks)
    assert entry.mod == 1
    assert reconcile(deck(), [merged], TYPES, after.lock, 4) == Reconciliation(after.lock, ())


def test_two_notes_with_one_guid_are_refused() -> None:
    """Anki would send every edit of either note to only one of them."""
    base = build({"a": "x", "b": "x"}, None, 1).lock
    same_guid = {key: entry.replace(guid="same") for key, entry in base.notes.items()}
    merged = build({"a": "x", "b": "x"}, merge(replace(base, notes=same_guid)), 2)

    (error,) = merged.diagnostics
    assert (error.code, error.message) == ("lock-guid-twice", "`b` has the guid of another note")
    assert [related.span.text[:10] for related in error.related] == ['{"key":"a"']


def test_a_note_type_changed_twice_in_one_second_moves_above_both() -> None:
    base = build({"a": "x"}, None, 1).lock
    entry = base.types[NoteType.QUESTION]
    branches = [
        replace(base, types={NoteType.QUESTION: entry.replace(digest=digest, mod=5)})
        for digest in ("ours", "theirs")
    ]

    assert build({"a": "x"}, merge(*branches), 2).lock.types[NoteType.QUESTION].mod == 6


@given(st.lists(st.tuples(times, st.sampled_from("xy"), st.integers(0, 9)), min_size=2, max_size=4))
def test_neither_order_nor_number_of_the_lines_makes_a_difference(lines: list[tuple[int, str, int]]) -> None:
    """Git may keep the line of the common ancestor beside those of both branches."""
    entries = [
        NoteEntry(
            *("a", NoteType.QUESTION, "guid", 1_600_000_000_000 + due, digest, mod, mod, due),
            subdeck=SUBDECKS[due % 3],
            former_subdecks=SUBDECKS[: due % 3],
            printed=("", "p1", "p2")[due % 3],
            printed_mod=mod // 2 if due % 3 and due > 4 else 0,
        )
        for mod, digest, due in lines
    ]
    locks = [Lock("deck", {}, {"a": entry}, "Deck") for entry in entries]

    assert merge(*locks) == merge(*reversed(locks)) == merge(*locks, *locks)
