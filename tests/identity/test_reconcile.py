"""Identities through any history of edits: the laws that keep a learner's progress."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.diagnostic import Severity
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.span import Source
from cardwright.identity import derive
from cardwright.identity.lock import Lock, read_lock, write_lock
from cardwright.identity.note_state import NoteState, NoteTypeState
from cardwright.identity.reconcile import Reconciliation, reconcile
from tests.support.notes import SPAN

TYPES = (NoteTypeState(NoteType.QUESTION, 7, "schema", "look"),)
NOW = 1_700_000_000

# A deck's sources at one build: its keys in study order, each with what its note says.
sources = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("xyz")), unique_by=lambda one: one[0]
)
# And a history of builds, the clock of which may go anywhere.
histories = st.lists(st.tuples(sources, st.integers(0, 2 * NOW)), min_size=1, max_size=6)


def claim(
    key: str, digest: str = "x", cards: dict[int, str] | None = None, kind: str = "question"
) -> NoteState:
    return NoteState(key, SPAN, NoteType(kind), digest, cards or {1: ""})


def build(claims: list[NoteState], lock: Lock | None = None, now: int = NOW) -> Reconciliation:
    return reconcile("deck", SPAN, claims, TYPES, lock, now, deck_name="Deck")


def codes(settled: Reconciliation) -> list[str]:
    return [finding.code for finding in settled.diagnostics]


@given(histories)
def test_mod_moves_exactly_when_a_note_changes_whatever_the_clock_says(
    history: list[tuple[list[tuple[str, str]], int]],
) -> None:
    """
    Anki drops an update whose mod is not greater, and takes one whose mod is for an edit.

    Leaving the sources and coming back count as changes too.
    """
    lock: Lock | None = None
    for notes, now in history:
        before = {} if lock is None else lock.notes
        lock = build([claim(*note) for note in notes], lock, now).lock
        present = {key for key, _ in notes}
        for key, entry in lock.notes.items():
            old = before.get(key)
            if old is None:
                assert entry.mod == now
                continue
            was_present = not old.retired
            quiet = was_present == (key in present) and (key not in present or old.digest == entry.digest)
            assert (entry.mod > old.mod) is not quiet
            assert quiet or entry.mod >= now
            assert not quiet or entry.mod == old.mod


@given(histories)
def test_nothing_ever_changes_a_guid_or_a_note_id(history: list[tuple[list[tuple[str, str]], int]]) -> None:
    """Rewording, moving, retiring, coming back: the same note with the same history."""
    lock: Lock | None = None
    for notes, now in history:
        before = {} if lock is None else lock.notes
        lock = build([claim(*note) for note in notes], lock, now).lock
        for key, old in before.items():
            assert (lock.notes[key].guid, lock.notes[key].id) == (old.guid, old.id)


@given(histories)
def test_a_second_build_of_the_same_sources_is_silent(
    history: list[tuple[list[tuple[str, str]], int]],
) -> None:
    """The lock comes out to the byte, on any day."""
    lock: Lock | None = None
    for notes, now in history:
        lock = build([claim(*note) for note in notes], lock, now).lock
    again = build([claim(*note) for note in history[-1][0]], lock, 3 * NOW)

    assert lock is not None
    assert write_lock(again.lock) == write_lock(lock)
    assert again.diagnostics == ()


@given(histories)
def test_cards_never_fight_for_an_id(history: list[tuple[list[tuple[str, str]], int]]) -> None:
    """A card's id is its note's id plus its number, up to 500; and ids lie in the past."""
    lock: Lock | None = None
    for notes, now in history:
        lock = build([claim(*note) for note in notes], lock, now).lock
    assert lock is not None
    ids = sorted(entry.id for entry in lock.notes.values())

    assert all(behind - before >= 512 for before, behind in pairwise(ids))
    assert all(1_577_836_800_000 <= one < 1_735_689_600_000 for one in ids)


@given(sources, st.integers(0, NOW))
def test_a_lost_lock_costs_nothing_but_the_quiet(notes: list[tuple[str, str]], later: int) -> None:
    """Guids and note ids are made from the deck's id and the key alone."""
    kept = build([claim(*note) for note in notes])
    anew = build([claim(*note) for note in reversed(notes)], now=later)
    identities = [
        {key: (one.guid, one.id) for key, one in built.lock.notes.items()} for built in (kept, anew)
    ]

    assert identities[0] == identities[1]


def test_derived_identities_are_the_same_for_ever() -> None:
    """Whoever lost the lock of a deck released today must get them again in ten years."""
    assert derive.guid("hamstrings", "avulsion") == "RuRqKlgCAeQe"
    assert derive.note_id(derive.preferred_slot("hamstrings", "avulsion")) == 1_693_598_426_624
    assert derive.note_type_id("hamstrings", "question") == 1_639_045_947_674
    assert derive.anki_deck_id("hamstrings") == 1_721_142_496_632


def test_two_decks_share_no_identity() -> None:
    """The same key in two decks is two notes, and a learner may study both decks."""
    assert derive.guid("a", "key") != derive.guid("b", "key")
    assert derive.guid("a", "bc") != derive.guid("ab", "c")


def test_a_note_that_took_over_a_guid_keeps_it_from_the_one_it_was_derived_for() -> None:
    """Someone has renamed a note's key in the lock to keep its history, and later reuses the old key."""
    lock = build([claim("old")]).lock
    renamed = replace(lock, notes={"new": replace(lock.notes["old"], key="new")})
    again = build([claim("new"), claim("old")], renamed).lock.notes

    assert again["new"].guid == lock.notes["old"].guid
    assert again["old"].guid != again["new"].guid


def test_two_branches_that_derived_one_note_id_are_told_apart() -> None:
    """Each took the next free slot without knowing of the other; after the merge the later key yields."""
    lock = build([claim("a"), claim("b")]).lock
    merged = replace(lock, notes={**lock.notes, "b": replace(lock.notes["b"], id=lock.notes["a"].id)})
    notes = build([claim("a"), claim("b")], merged).lock.notes

    assert notes["a"].id == lock.notes["a"].id
    assert notes["b"].id == lock.notes["b"].id
    assert notes["b"].mod == lock.notes["b"].mod


def test_a_note_gone_from_the_sources_is_retired_and_comes_back_as_itself() -> None:
    """It keeps its line with the date, and its place, guid and id wait for it."""
    first = build([claim("a"), claim("b"), claim("c")])
    without = build([claim("a"), claim("c")], first.lock, NOW + 86_400)
    back = build([claim("a"), claim("b"), claim("c")], without.lock, NOW + 2 * 86_400)
    gone, again = without.lock.notes["b"], back.lock.notes["b"]

    assert gone.retired == "2023-11-15"
    assert codes(without) == ["note-retired"]
    assert without.diagnostics[0].severity is Severity.NOTE
    assert again == replace(first.lock.notes["b"], mod=again.mod)
    assert first.lock.notes["b"].mod < gone.mod < again.mod
    assert codes(build([claim("a"), claim("c")], without.lock)) == []


def test_several_retired_notes_are_one_finding() -> None:
    """Deleting a file of five hundred cards is one thing to say, not five hundred."""
    first = build([claim(f"card-{number}") for number in range(9)])
    (finding,) = build([], first.lock).diagnostics

    assert finding.message == "9 notes have left the sources and are retired"
    assert finding.note == "`card-0`, `card-1`, `card-2`, `card-3`, `card-4`, …"


def test_a_removed_cloze_number_is_a_warning_that_names_the_learners_remedy() -> None:
    """The card stays at the learner, and says that there is no such cloze on it."""
    first = build([claim("a", "x", {1: "left", 2: "right"}, "cloze")])
    (finding,) = build([claim("a", "y", {1: "left"}, "cloze")], first.lock).diagnostics

    assert (finding.code, finding.severity) == ("cloze-number-removed", Severity.WARNING)
    assert finding.message == "cloze 2 of `a` is gone"
    assert "Tools > Empty Cards" in finding.help


def test_a_removed_reverse_is_a_warning_too() -> None:
    """The second card stays at the learner with an empty front."""
    first = build([claim("a", "x", {1: "", 2: ""})])

    assert codes(build([claim("a", "y")], first.lock)) == ["reverse-removed"]


def test_cloze_texts_that_swap_their_numbers_are_refused() -> None:
    """The schedule of either would go on with the other."""
    first = build([claim("a", "x", {1: "left", 2: "right"}, "cloze")])
    swapped = build([claim("a", "y", {1: "right", 2: "left"}, "cloze")], first.lock)

    assert codes(swapped) == ["cloze-renumbered", "cloze-renumbered"]
    assert [one.message for one in swapped.diagnostics] == [
        "cloze 1 of `a` is now cloze 2",
        "cloze 2 of `a` is now cloze 1",
    ]


def test_a_cloze_that_moves_up_into_a_removed_number_is_refused() -> None:
    """The second hole has become the first: the schedule of the first would go on with it."""
    first = build([claim("a", "x", {1: "left", 2: "right"}, "cloze")])

    assert codes(build([claim("a", "y", {1: "right"}, "cloze")], first.lock)) == ["cloze-renumbered"]


def test_editing_and_adding_clozes_is_no_renumbering() -> None:
    """
    A corrected text keeps its number; a new number beside it is a new card; a text may have two numbers.
    """
    first = build([claim("a", "x", {1: "left", 2: "right"}, "cloze")])
    edited = claim("a", "y", {1: "the left", 2: "right", 3: "up", 4: "right"}, "cloze")

    assert codes(build([edited], first.lock)) == []


def test_a_card_that_becomes_another_kind_is_refused() -> None:
    """Anki answers "conflicting" and never updates the note again."""
    first = build([claim("a")])
    (finding,) = build([claim("a", "y", {1: "left"}, "cloze")], first.lock).diagnostics

    assert finding.code == "card-kind-changed"
    assert finding.message == "`a` was a question card, now a cloze card"


def test_a_note_type_with_other_fields_is_refused() -> None:
    """Anki would put new notes on a copy of the note type, and silently freeze the old ones."""
    lock = build([]).lock
    changed = (replace(TYPES[0], schema="other"),)
    settled = reconcile("deck", SPAN, [], changed, lock, NOW, deck_name="Deck")

    assert codes(settled) == ["note-type-changed"]


def test_a_note_types_mod_moves_with_its_look_alone() -> None:
    """A new style sheet reaches the learner, and no note is touched by it."""
    first = build([claim("a")])
    restyled = (replace(TYPES[0], digest="new look"),)
    later = reconcile("deck", SPAN, [claim("a")], restyled, first.lock, 0, deck_name="Deck").lock

    assert later.types[NoteType.QUESTION].mod == NOW + 1
    assert later.notes == first.lock.notes


def test_the_lock_of_another_deck_is_refused() -> None:
    """Someone has changed the deck's id, on which every identity in it hangs; or copied its folder."""
    text = write_lock(build([claim("a")]).lock)
    lock = read_lock(Source("deck.lock", text), Report())
    (finding,) = reconcile("other", SPAN, [claim("a")], TYPES, lock, NOW, deck_name="Deck").diagnostics

    assert (finding.code, finding.severity) == ("deck-id-changed", Severity.ERROR)
    assert finding.message == "the deck's lock belongs to the deck `deck`"
    assert finding.related[0].span.text == '{"lock":1,"deck":"deck","name":"Deck"}'


def test_headlines_stay_within_their_width_for_any_key() -> None:
    """A headline is one line of at most 72 characters, however long an id is."""
    key = "k" * 200
    first = build([claim(key, "x", {1: "l", 2: "r", 3: "s"}, "cloze"), claim("q" * 200, "x", {1: "", 2: ""})])
    edits = [claim(key, "y", {2: "l"}, "cloze"), claim("q" * 200)]
    turned = [claim(key), claim("q" * 200, "y", {1: "a"}, "cloze")]
    findings = [
        *build(edits, first.lock).diagnostics,
        *build(turned, first.lock).diagnostics,
        *build([claim(key, "x", {1: "l"}, "cloze")], first.lock).diagnostics,
    ]

    assert {one.code for one in findings} >= {
        "cloze-renumbered",
        "cloze-number-removed",
        "reverse-removed",
        "card-kind-changed",
        "note-retired",
    }
    assert all(len(finding.message) <= 72 for finding in findings)
