"""Locks after a merge: any union of the lines of two branches is one lock again.

The law behind each: whichever branch learners have, what the sources now say reaches them.
"""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.diagnostic import Severity
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.span import Source
from cardwright.identity.lock import Lock, NoteEntry, read_lock, write_lock
from cardwright.identity.note_state import NoteState, NoteTypeState
from cardwright.identity.reconcile import Reconciliation, reconcile
from tests.support.notes import SPAN

LOOKS = (NoteTypeState(NoteType.QUESTION, 7, "schema", "look"),)
KEYS = "abcdef"
times = st.integers(1, 9)
contents = st.dictionaries(st.sampled_from(KEYS), st.sampled_from("xyz"), min_size=1)


def build(says: dict[str, str], lock: Lock | None, now: int, *, was: str = "") -> Reconciliation:
    """says: by key what each note says. was: pairs of a key and a former one, such as `ba`."""
    former = dict(was.split(":") for was in was.split())
    claims = [
        NoteState(key, SPAN, NoteType.QUESTION, f"{key} {said}", {1: ""}, tuple(former.get(key, "")))
        for key, said in says.items()
    ]
    return reconcile("deck", SPAN, claims, LOOKS, lock, now, deck_name="Deck")


def errors(settled: Reconciliation) -> list[str]:
    return [finding.code for finding in settled.diagnostics if finding.severity is Severity.ERROR]


def merged(*locks: Lock) -> Lock:
    """All lines of several locks, as `merge=union` leaves them at the worst."""
    lines = [line for lock in locks for line in write_lock(lock).splitlines(keepends=True)]
    random.Random("any order").shuffle(lines)
    report = Report()
    lock = read_lock(Source("deck.lock", "".join(lines)), report)
    assert lock is not None, list(report)
    return lock


@given(contents, contents, contents, contents, st.lists(times, min_size=4, max_size=4))
def test_what_the_sources_say_after_a_merge_reaches_whoever_has_either_branch(
    base: dict[str, str], ours: dict[str, str], theirs: dict[str, str], now: dict[str, str], clocks: list[int]
) -> None:
    """
    Every note keeps its guid and its id; and whoever has it with another content has it with a
    smaller mod. The clocks of the three authors may go anywhere.
    """
    common = build(base, None, clocks[0]).lock
    branches = [build(ours, common, clocks[1]).lock, build(theirs, common, clocks[2]).lock]
    settled = build(now, merged(common, *branches), clocks[3])
    again = build(now, settled.lock, 99)

    assert errors(settled) == []
    assert again.lock == settled.lock
    for branch in (common, *branches):
        for key, entry in branch.notes.items():
            after = settled.lock.notes[key]
            assert (after.guid, after.id) == (entry.guid, entry.id)
            assert after.mod >= entry.mod
            if key in now and after.digest != entry.digest:
                assert after.mod > entry.mod


@given(contents, contents, contents, times, times)
def test_lines_that_no_branch_changed_do_not_move(
    base: dict[str, str], ours: dict[str, str], theirs: dict[str, str], first: int, second: int
) -> None:
    """Sources that say what one branch said last are quiet for the notes that the other left alone."""
    common = build(base, None, 1).lock
    branches = [build({**base, **ours}, common, first).lock, build({**base, **theirs}, common, second).lock]
    settled = build({**base, **ours}, merged(common, *branches), 50).lock

    for key, entry in branches[0].notes.items():
        if key not in theirs or theirs.get(key) == base.get(key):
            assert settled.notes[key].mod == entry.mod


def test_a_note_edited_on_both_branches_in_one_second_moves_above_both() -> None:
    """Nothing tells which of the two contents a learner has; so neither counts as known."""
    common = build({"a": "x"}, None, 1).lock
    branches = [build({"a": "ours"}, common, 5).lock, build({"a": "theirs"}, common, 5).lock]

    assert build({"a": "ours"}, merged(*branches), 2).lock.notes["a"].mod == 6


def test_an_edit_of_the_later_branch_that_stays_is_quiet() -> None:
    """Learners of the other branch have a smaller mod, and get it; those of this branch have it already."""
    common = build({"a": "x"}, None, 1).lock
    branches = [build({"a": "ours"}, common, 5).lock, build({"a": "theirs"}, common, 7).lock]

    assert build({"a": "theirs"}, merged(*branches), 9).lock.notes["a"].mod == 7
    assert build({"a": "ours"}, merged(*branches), 9).lock.notes["a"].mod == 9


@pytest.mark.parametrize("present", ["", "a"])
def test_a_note_retired_on_one_branch_and_edited_on_the_other_follows_the_sources(present: str) -> None:
    """Whichever author was right, the last word is newer than what either gave out."""
    common = build({"a": "x", "b": "x"}, None, 1).lock
    branches = [build({"b": "x"}, common, 5).lock, build({"a": "y", "b": "x"}, common, 5).lock]
    after = build({"b": "x"} | dict.fromkeys(present, "y"), merged(*branches), 2).lock.notes["a"]

    assert (bool(after.retired), after.mod) == (not present, 6)


def test_an_id_rewritten_on_one_branch_while_the_other_edits_the_card_is_one_note() -> None:
    """The line under the former key comes back with the merge; both have the guid that learners know."""
    common = build({"a": "x", "b": "x"}, None, 1).lock
    branches = [build({"c": "x", "b": "x"}, common, 5, was="c:a").lock, build({"a": "y"}, common, 7).lock]
    settled = build({"c": "y", "b": "x"}, merged(common, *branches), 2, was="c:a")

    assert errors(settled) == []
    assert settled.lock.notes.keys() == {"b", "c"}
    assert settled.lock.notes["c"].guid == common.notes["a"].guid
    assert settled.lock.notes["c"].mod == 8


def test_a_guid_of_two_notes_in_the_sources_is_refused() -> None:
    """Anki would send every edit of either note to only one of them."""
    common = build({"a": "x", "b": "x"}, None, 1).lock
    stolen = replace(common, notes={**common.notes, "b": replace(common.notes["b"], guid="same")})
    stolen = replace(stolen, notes={**stolen.notes, "a": replace(common.notes["a"], guid="same")})
    settled = build({"a": "x", "b": "x"}, merged(stolen), 2)

    assert [finding.code for finding in settled.diagnostics] == ["lock-guid-twice"]
    assert settled.diagnostics[0].message == "`b` has the guid of another note"
    assert [label.span.text[:10] for label in settled.diagnostics[0].related] == ['{"key":"a"']


def test_two_looks_of_one_note_type_give_way_to_a_newer_one() -> None:
    """Two branches, built by two versions in one second; the build after the merge moves above both."""
    common = build({"a": "x"}, None, 1).lock
    look = common.types[NoteType.QUESTION]
    branches = [
        replace(common, types={NoteType.QUESTION: replace(look, digest=digest, mod=5)})
        for digest in ("ours", "theirs")
    ]

    assert build({"a": "x"}, merged(*branches), 2).lock.types[NoteType.QUESTION].mod == 6


@given(st.lists(st.tuples(times, st.sampled_from("xy"), st.integers(0, 9)), min_size=2, max_size=4))
def test_neither_order_nor_number_of_the_lines_makes_a_difference(lines: list[tuple[int, str, int]]) -> None:
    """Git may leave the line of the common ancestor beside those of both branches."""
    entries = [
        NoteEntry("a", NoteType.QUESTION, "guid", 1_600_000_000_000 + due, digest, mod, due, {1: ""}, mod)
        for mod, digest, due in lines
    ]
    locks = [Lock("deck", {}, {"a": entry}, "Deck") for entry in entries]

    assert merged(*locks) == merged(*reversed(locks)) == merged(*locks, *locks)
