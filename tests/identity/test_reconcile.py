"""The laws of identities through any history of edits, which keep learners' progress."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cardwright import record
from cardwright.collection.deck_name import DeckName
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Report, Severity, Source
from cardwright.identity import derive
from cardwright.identity.lock import Lock, NoteEntry
from cardwright.identity.lock_text import encode_lock, read_lock
from cardwright.identity.note_state import NoteState, NoteTypeState
from cardwright.identity.reconcile import Reconciliation, reconcile
from tests.support.notes import SPAN, deck

TYPES = (NoteTypeState(NoteType.QUESTION, 7, "schema", "style"),)
NOW = 1_700_000_000

Contents = list[tuple[str, str]]
"""The notes of a build in study order: their keys, each with a content."""

contents = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("xyz")), unique_by=lambda note: note[0]
)
# Builds, one after the other, each with the time on its clock.
histories = st.lists(st.tuples(contents, st.integers(0, 2 * NOW)), min_size=1, max_size=6)


def note(
    key: str, digest: str = "x", cards: dict[int, str] | None = None, note_type: str = "question"
) -> NoteState:
    return NoteState(key, SPAN, NoteType(note_type), digest, cards or {1: ""})


def cloze(key: str, digest: str, cards: dict[int, str]) -> NoteState:
    return note(key, digest, cards, "cloze")


def build(notes: list[NoteState], lock: Lock | None = None, now: int = NOW) -> Reconciliation:
    return reconcile(deck(), notes, TYPES, lock, now)


def build_history(history: list[tuple[Contents, int]]) -> Iterator[tuple[Mapping[str, NoteEntry], Lock]]:
    """Yield the entries before each build, and the lock after it."""
    lock: Lock | None = None
    for notes, now in history:
        before = {} if lock is None else lock.notes
        lock = build([note(*content) for content in notes], lock, now).lock
        yield before, lock


def codes(build: Reconciliation) -> list[str]:
    return [diagnostic.code for diagnostic in build.diagnostics]


@given(histories)
def test_mod_moves_exactly_when_a_note_changes_whatever_the_clock_says(
    history: list[tuple[Contents, int]],
) -> None:
    """Anki drops an update whose mod is not greater. Leaving the sources and coming back are changes too."""
    for (notes, now), (before, lock) in zip(history, build_history(history), strict=True):
        present = {key for key, _ in notes}
        for key, entry in lock.notes.items():
            old = before.get(key)
            if old is None:
                assert entry.mod == now
                continue
            was_present = not old.retired
            same = was_present == (key in present) and (key not in present or old.digest == entry.digest)
            assert (entry.mod > old.mod) is not same
            assert same or entry.mod >= now
            assert not same or entry.mod == old.mod


@given(histories)
def test_nothing_ever_changes_a_guid_or_a_note_id(history: list[tuple[Contents, int]]) -> None:
    """Neither rewording nor moving, retiring or coming back."""
    for before, lock in build_history(history):
        for key, old in before.items():
            assert (lock.notes[key].guid, lock.notes[key].id) == (old.guid, old.id)


@given(histories)
def test_a_rebuild_of_the_same_sources_changes_nothing(history: list[tuple[Contents, int]]) -> None:
    """The lock is the same to the byte, on any day."""
    *_, (_, lock) = build_history(history)
    again = build([note(*content) for content in history[-1][0]], lock, 3 * NOW)

    assert encode_lock(again.lock) == encode_lock(lock)
    assert again.diagnostics == ()


@given(histories)
def test_the_ids_of_cards_never_collide(history: list[tuple[Contents, int]]) -> None:
    """A card's id is its note's id plus its number, up to 500; all ids lie in the past."""
    *_, (_, lock) = build_history(history)
    ids = sorted(entry.id for entry in lock.notes.values())

    assert all(second - first >= 512 for first, second in pairwise(ids))
    assert all(1_577_836_800_000 <= note_id < 1_735_689_600_000 for note_id in ids)


@given(contents, st.integers(0, NOW))
def test_a_lost_lock_changes_no_identity(notes: Contents, later: int) -> None:
    """Guids and note ids are derived from the deck's id and the key alone."""
    with_lock = build([note(*content) for content in notes]).lock
    without_lock = build([note(*content) for content in reversed(notes)], now=later).lock
    first, second = (
        {key: (entry.guid, entry.id) for key, entry in lock.notes.items()}
        for lock in (with_lock, without_lock)
    )

    assert first == second


def test_derived_identities_stay_the_same_forever() -> None:
    """Authors who lose their lock must get the same ones in ten years."""
    assert derive.guid("hamstrings", "avulsion") == "RuRqKlgCAeQe"
    assert derive.note_id(derive.preferred_slot("hamstrings", "avulsion")) == 1_693_598_426_624
    assert derive.note_type_id("hamstrings", "question") == 1_639_045_947_674
    assert derive.anki_deck_id("hamstrings") == 1_721_142_496_632


def test_two_decks_share_no_identity() -> None:
    """The same key in two decks is two notes, and a learner may study both decks."""
    assert derive.guid("a", "key") != derive.guid("b", "key")
    assert derive.guid("a", "bc") != derive.guid("ab", "c")


def test_a_new_note_never_gets_the_guid_of_a_renamed_one() -> None:
    """An author renames a key in the lock to keep its history, and later reuses the old key."""
    lock = build([note("old")]).lock
    renamed = replace(lock, notes={"new": lock.notes["old"].replace(key="new")})
    again = build([note("new"), note("old")], renamed).lock.notes

    assert again["new"].guid == lock.notes["old"].guid
    assert again["old"].guid != again["new"].guid


def test_after_a_merge_two_notes_with_one_note_id_are_separated() -> None:
    """Each branch took the next free slot; the later key gets a new one."""
    lock = build([note("a"), note("b")]).lock
    merged = replace(lock, notes={**lock.notes, "b": lock.notes["b"].replace(id=lock.notes["a"].id)})
    notes = build([note("a"), note("b")], merged).lock.notes

    assert notes["a"].id == lock.notes["a"].id
    assert notes["b"].id == lock.notes["b"].id
    assert notes["b"].mod == lock.notes["b"].mod


def test_a_removed_note_is_retired_and_comes_back_as_itself() -> None:
    """Its line stays in the lock, with its position, guid and id."""
    first = build([note("a"), note("b"), note("c")])
    without = build([note("a"), note("c")], first.lock, NOW + 86_400)
    back = build([note("a"), note("b"), note("c")], without.lock, NOW + 2 * 86_400)
    gone, again = without.lock.notes["b"], back.lock.notes["b"]

    assert gone.retired == "2023-11-15"
    assert without.newly_retired == ("b",)
    assert again == first.lock.notes["b"].replace(mod=again.mod)
    assert first.lock.notes["b"].mod < gone.mod < again.mod
    assert build([note("a"), note("c")], without.lock).newly_retired == ()


def test_a_removed_cloze_number_is_a_warning() -> None:
    """Learners keep the card, which says that there is no such cloze."""
    first = build([cloze("a", "x", {1: "left", 2: "right"})])
    (diagnostic,) = build([cloze("a", "y", {1: "left"})], first.lock).diagnostics

    assert (diagnostic.code, diagnostic.severity) == ("cloze-number-removed", Severity.WARNING)
    assert diagnostic.message == "cloze 2 of `a` is gone"
    assert "Tools > Empty Cards" in diagnostic.help


def test_a_removed_reverse_is_a_warning() -> None:
    """Learners keep the second card, with an empty front."""
    first = build([note("a", "x", {1: "", 2: ""})])

    assert codes(build([note("a", "y")], first.lock)) == ["reverse-removed"]


def test_cloze_texts_that_swap_their_numbers_are_refused() -> None:
    """Each would continue with the schedule of the other."""
    first = build([cloze("a", "x", {1: "left", 2: "right"})])
    swapped = build([cloze("a", "y", {1: "right", 2: "left"})], first.lock)

    assert codes(swapped) == ["cloze-renumbered", "cloze-renumbered"]
    assert [diagnostic.message for diagnostic in swapped.diagnostics] == [
        "cloze 1 of `a` is now cloze 2",
        "cloze 2 of `a` is now cloze 1",
    ]


def test_a_cloze_that_moves_up_into_a_removed_number_is_refused() -> None:
    """It would continue with the schedule of the removed one."""
    first = build([cloze("a", "x", {1: "left", 2: "right"})])

    assert codes(build([cloze("a", "y", {1: "right"})], first.lock)) == ["cloze-renumbered"]


def test_editing_and_adding_clozes_is_no_renumbering() -> None:
    first = build([cloze("a", "x", {1: "left", 2: "right"})])
    edited = cloze("a", "y", {1: "the left", 2: "right", 3: "up", 4: "right"})

    assert codes(build([edited], first.lock)) == []


def test_a_card_that_changes_its_kind_is_refused() -> None:
    """Anki reports a conflict and never updates the note again."""
    first = build([note("a")])
    (diagnostic,) = build([cloze("a", "y", {1: "left"})], first.lock).diagnostics

    assert diagnostic.code == "card-kind-changed"
    assert diagnostic.message == "`a` was a question card, now a cloze card"


def test_a_note_type_with_other_fields_is_refused() -> None:
    """Anki would put new notes on a copy of the note type, and silently freeze the old ones."""
    changed = (record.replace(TYPES[0], schema="other"),)
    refused = reconcile(deck(), [note("a")], changed, build([note("a")]).lock, NOW)

    assert codes(refused) == ["note-type-changed"]


def test_a_note_type_is_in_the_lock_from_its_first_note_on() -> None:
    """Nobody has it before; retired notes still need it."""
    types = (*TYPES, NoteTypeState(NoteType.CLOZE, 8, "schema", "style"))
    first = reconcile(deck(), [note("a")], types, None, NOW)
    second = reconcile(deck(), [cloze("b", "x", {1: "left"})], types, first.lock, NOW)

    assert set(first.lock.types) == {NoteType.QUESTION}
    assert set(second.lock.types) == {NoteType.QUESTION, NoteType.CLOZE}


def test_a_new_style_moves_the_mod_of_the_note_type_only() -> None:
    first = build([note("a")])
    restyled = (record.replace(TYPES[0], digest="new style"),)
    later = reconcile(deck(), [note("a")], restyled, first.lock, 0).lock

    assert later.types[NoteType.QUESTION].mod == NOW + 1
    assert later.notes == first.lock.notes


def test_the_lock_of_another_deck_is_refused() -> None:
    """The author has changed the deck's id, on which all identities depend, or copied its folder."""
    text = encode_lock(build([note("a")]).lock).decode()
    lock = read_lock(Source("deck.lock", text), Report())
    (diagnostic,) = reconcile(deck(deck_id="other"), [note("a")], TYPES, lock, NOW).diagnostics

    assert (diagnostic.code, diagnostic.severity) == ("deck-id-changed", Severity.ERROR)
    assert diagnostic.message == "the deck's lock belongs to the deck `deck`"
    assert diagnostic.related[0].span.text == '{"lock":1,"deck":"deck"'


def test_headlines_stay_within_their_width_for_any_key() -> None:
    key = "k" * 200
    first = build([cloze(key, "x", {1: "l", 2: "r", 3: "s"}), note("q" * 200, "x", {1: "", 2: ""})])
    edits = [cloze(key, "y", {2: "l"}), note("q" * 200)]
    turned = [note(key), cloze("q" * 200, "y", {1: "a"})]
    diagnostics = [
        *build(edits, first.lock).diagnostics,
        *build(turned, first.lock).diagnostics,
        *build([cloze(key, "x", {1: "l"})], first.lock).diagnostics,
    ]

    assert {diagnostic.code for diagnostic in diagnostics} >= {
        "cloze-renumbered",
        "cloze-number-removed",
        "reverse-removed",
        "card-kind-changed",
    }
    assert all(len(diagnostic.message) <= 72 for diagnostic in diagnostics)


# Sub-decks.

subdecks = st.sampled_from(["", "Upper", "UPPER", "Upper::Lower", "Other"])


def in_subdeck(subdeck: str, key: str = "a", digest: str = "x") -> NoteState:
    return record.replace(note(key, digest), deck_name=DeckName("Deck", subdeck))


@given(st.lists(subdecks, min_size=2, max_size=6))
def test_a_move_to_another_sub_deck_is_told_once_and_moves_nothing(history: list[str]) -> None:
    """An update would move no card. Learners may have the card in any earlier sub-deck."""
    lock = build([in_subdeck(history[0])]).lock
    for old, new in pairwise(history):
        moved = build([in_subdeck(new)], lock, NOW + 1)

        assert codes(moved) == ([] if old.lower() == new.lower() else ["moved-to-subdeck"])
        assert codes(build([in_subdeck(new)], moved.lock)) == []
        entry = moved.lock.notes["a"]
        assert (entry.subdeck, entry.mod) == (new, NOW)
        lock = moved.lock
    earlier = {subdeck.lower() for subdeck in history} - {history[-1].lower()}
    assert {subdeck.lower() for subdeck in lock.notes["a"].former_subdecks} == earlier


def test_a_moved_topic_is_one_warning() -> None:
    notes = [in_subdeck("Upper", key) for key in "abc"]
    first = build([*notes, note("d")])
    (one,) = build([in_subdeck("", "a"), *notes[1:], note("d")], first.lock).diagnostics
    (all_three,) = build([*(in_subdeck("Lower", key) for key in "abc"), note("d")], first.lock).diagnostics

    assert one.message == "`a` was released in another sub-deck"
    assert f"`nid:{first.lock.notes['a'].id}`" in one.help
    assert all_three.message == "3 notes were released in other sub-decks"
    assert all_three.note == "were in `Upper`"


def test_a_level_of_the_decks_name_that_becomes_a_sub_deck_moves_no_card() -> None:
    """Anki looks at the whole name."""
    before = record.replace(note("a"), deck_name=DeckName("Legs::Thigh"))
    after = record.replace(note("a"), deck_name=DeckName("Legs", "Thigh"))
    first = reconcile(deck(name="Legs::Thigh"), [before], TYPES, None, NOW)
    second = reconcile(deck(name="Legs"), [after], TYPES, first.lock, NOW)

    assert codes(second) == ["deck-renamed"]
    assert (second.lock.notes["a"].subdeck, second.lock.notes["a"].former_subdecks) == ("Thigh", ())


def test_a_renamed_note_in_another_sub_deck_is_moved() -> None:
    first = build([in_subdeck("Upper")])
    renamed = record.replace(in_subdeck("Lower", "b", "y"), former_keys=("a",))

    assert codes(build([renamed], first.lock)) == ["moved-to-subdeck"]


def test_a_retired_note_keeps_its_sub_deck() -> None:
    first = build([in_subdeck("Upper"), note("b")])
    second = build([note("b")], first.lock)

    assert second.lock.notes["a"].subdeck == "Upper"
    assert codes(build([in_subdeck("Upper"), note("b")], second.lock)) == []
