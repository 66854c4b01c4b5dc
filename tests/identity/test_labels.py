"""The laws of label numbers, on which learners' schedules depend."""

import json
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cardwright.collection.content import MediaFile, Text
from cardwright.collection.diagram import Diagram, Label, Shape
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Report
from cardwright.identity.label_numbers import number_labels
from cardwright.identity.lock import Lock
from cardwright.identity.lock_text import encode_lock
from tests.support.builds import DAY, NOW, DeckBuild
from tests.support.diagram_decks import build_diagrams, card
from tests.support.notes import SPAN, Release, deck, release

LEG = MediaFile("leg-000000000000.svg", "leg.svg", b'<svg width="3" height="4"/>')

label_lists = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6, unique=True)


def diagram(*keys: str, was: dict[str, str] | None = None) -> Note:
    """Return a note with labels of these keys. was: former keys by key."""
    former_keys = was or {}
    labels = tuple(
        Label(key, (Text(key),), (Shape("rect", ((x, 0), (x + 1, 1))),), former_keys.get(key, ""))
        for x, key in enumerate(keys)
    )
    picture = Diagram(LEG, "a leg", hides_all=True, labels=labels)
    return Note("thigh", SPAN, SPAN, NoteType.DIAGRAM, {}, diagram=picture)


def release_diagram(note: Note, lock: Lock | None) -> tuple[dict[str, int], Lock]:
    """Return the numbers of the labels by key, and the lock of the release."""
    numbered = number_labels(deck(note), lock, Report())
    (numbered_note,) = numbered.notes
    assert numbered_note.diagram is not None
    numbers = {label.key: label.cloze_number for label in numbered_note.diagram.labels}
    return numbers, release(numbered, None if lock is None else Release(lock, b"", ())).lock


@given(st.lists(label_lists, min_size=1, max_size=8))
def test_a_label_keeps_its_number_forever_and_shares_it_with_no_other(history: list[list[str]]) -> None:
    """Whatever is added, removed, brought back and reordered."""
    all_numbers: dict[str, int] = {}
    lock: Lock | None = None
    for labels in history:
        numbers, lock = release_diagram(diagram(*labels), lock)

        assert all(all_numbers.setdefault(label, number) == number for label, number in numbers.items())
        assert len(set(all_numbers.values())) == len(all_numbers)
        assert max(all_numbers.values()) == len(all_numbers)


@given(label_lists)
def test_without_a_lock_numbers_follow_the_order_of_the_sources(labels: Sequence[str]) -> None:
    """A lost lock costs nothing as long as the labels have never changed."""
    numbers, _ = release_diagram(diagram(*labels), None)

    assert numbers == {label: number for number, label in enumerate(labels, start=1)}


def test_a_renamed_label_keeps_its_number() -> None:
    was = {"long-head": "biceps"}
    _, lock = release_diagram(diagram("biceps", "semi"), None)
    numbers, lock = release_diagram(diagram("semi", "long-head", was=was), lock)
    later_numbers, _ = release_diagram(diagram("semi", "long-head", "biceps", was=was), lock)

    assert numbers == {"semi": 2, "long-head": 1}
    assert later_numbers == {"semi": 2, "long-head": 1, "biceps": 3}


def test_labels_of_a_note_that_was_written_with_its_fields_keep_its_numbers() -> None:
    """As long as they have the keys that an import gives them; another key is a new label."""
    _, lock = release_diagram(diagram("a"), None)
    entry = lock.notes["thigh"].replace(type=NoteType("occlusion"), cards={1: "0a1b2c3d", 3: "4e5f6a7b"})

    numbered = number_labels(deck(diagram("knee", "mask-3")), replace(lock, notes={"thigh": entry}), Report())

    (note,) = numbered.notes
    assert note.diagram is not None
    assert {label.key: label.cloze_number for label in note.diagram.labels} == {"mask-3": 3, "knee": 4}


def test_was_after_a_release_gives_a_label_its_older_number_back() -> None:
    """No other label ever gets the younger, nor is anything said again, with `was` or without."""
    was = {"calf": "biceps"}
    first = build_diagrams(card(["biceps", "semi"]))
    renamed = build_diagrams(card(["semi", "calf"]), previous=first)
    repaired = build_diagrams(card(["semi", "calf"], was=was), previous=renamed)

    (warning,) = (warning for warning in renamed.result.report if warning.code == "label-removed")
    assert "`was: {calf: biceps}`" in warning.help
    assert locked_cards(repaired) == {"1": "calf", "2": "semi", "3": "~biceps"}
    assert repaired.messages == ["the label `calf` continues the history of `biceps`"]
    for labels in (was, {}):
        assert build_diagrams(card(["semi", "calf"], was=labels), previous=repaired) == repaired
    extended = build_diagrams(card(["semi", "calf", "tuber"], was=was), previous=repaired)
    assert locked_cards(extended) == {"1": "calf", "2": "semi", "3": "~biceps", "4": "tuber"}


def test_labels_that_were_renamed_together_are_one_warning_with_one_line() -> None:
    first = build_diagrams(card(["biceps", "semi", "tuber"]))
    (warning,) = build_diagrams(card(["calf", "tibia", "tuber"]), previous=first).result.report
    was = {"calf": "biceps", "tibia": "semi"}
    mended = build_diagrams(card(["calf", "tibia", "tuber"], was=was), previous=first)

    assert warning.message == "2 labels of `thigh` are gone"
    assert "`was: {calf: biceps, tibia: semi}`" in warning.help
    assert mended.codes == []


def test_an_unknown_former_key_is_a_warning() -> None:
    """A typo would silently cost the history."""
    first = build_diagrams(card(["biceps", "tuber"]))
    second = build_diagrams(card(["tuber", "calf"], was={"calf": "bicep"}), previous=first)

    assert set(second.codes) == {"former-label-unknown", "label-removed"}
    assert any("did you mean `biceps`" in diagnostic.help for diagnostic in second.result.report)


def test_a_renamed_diagram_keeps_the_numbers_of_its_labels() -> None:
    first = build_diagrams(card(["biceps", "tuber", "semi"]))
    second = build_diagrams(card(["semi", "biceps"], id="leg", was="thigh"), previous=first)

    assert locked_cards(second, "leg") == {"1": "biceps", "2": "~tuber", "3": "semi"}
    assert second.codes == ["label-removed"]


def test_the_lock_remembers_removed_labels() -> None:
    """They are marked, stay so through rebuilds, and are reported only once."""
    first = build_diagrams(card(["biceps", "tuber"]))
    second = build_diagrams(card(["tuber", "calf"]), previous=first)
    third = build_diagrams(card(["tuber", "calf"]), previous=second)
    fourth = build_diagrams(card(["calf", "biceps", "tuber"]), previous=third)

    assert locked_cards(first) == {"1": "biceps", "2": "tuber"}
    assert locked_cards(second) == {"1": "~biceps", "2": "tuber", "3": "calf"}
    assert locked_cards(fourth) == {"1": "biceps", "2": "tuber", "3": "calf"}
    assert second.codes == ["label-removed"]
    assert third.codes == []
    assert third == second


def test_the_lock_of_a_deck_without_diagrams_has_no_diagram_type() -> None:
    assert b"diagram" not in build_diagrams({"id": "q", "q": "A question?", "a": "An answer"}).lock


def test_numbers_end_with_the_last_that_anki_knows() -> None:
    """Removed labels keep theirs, so even a small diagram can run out."""
    _, lock = release_diagram(diagram(*(f"label-{n}" for n in range(500))), None)
    report = Report()
    number_labels(deck(diagram("label-7", "another")), lock, report)

    assert [diagnostic.code for diagnostic in report] == ["labels-used-up"]


def test_the_lock_keeps_label_keys_of_any_script() -> None:
    _, lock = release_diagram(diagram("biceps", "膝"), None)
    _, lock = release_diagram(diagram("膝"), lock)

    assert '"cards":{"1":"~biceps","2":"膝"}' in encode_lock(lock).decode()


def locked_cards(build: DeckBuild, key: str = "thigh") -> dict[str, str]:
    lines = [json.loads(line) for line in build.lock.decode().splitlines()]
    (cards,) = (line["cards"] for line in lines if line.get("key") == key)
    assert isinstance(cards, dict)
    return cards


def test_learners_are_told_how_to_delete_the_card_of_a_removed_label() -> None:
    first = build_diagrams(card(["biceps", "tuber"]))
    second = build_diagrams(card(["biceps"]), previous=first, now=NOW + DAY)
    advice = "3. Some pictures have fewer labels than before: *Tools > Empty Cards* removes"

    assert "fewer labels" not in first.changes
    assert advice in second.changes
    assert "Nothing else" not in second.changes


@given(
    st.permutations(["tuber", "semi"]),
    st.lists(st.sampled_from(["tuber", "semi"]), min_size=1, unique=True),
    st.integers(1, 3),
    st.integers(1, 3),
)
def test_labels_of_either_branch_keep_their_numbers_after_a_merge(
    added: Sequence[str], kept: Sequence[str], adding_day: int, editing_day: int
) -> None:
    """Whichever branch is built later: the lock alone holds the number of a label.

    One branch adds labels while the other edits the diagram. kept: labels in the sources after the merge.
    """
    base = build_diagrams(card(["biceps"]))
    edited_alt = "A thigh from behind"
    adding = build_diagrams(card(["biceps", *added]), previous=base, now=NOW + adding_day * DAY)
    editing = build_diagrams(card(["biceps"], alt=edited_alt), previous=base, now=NOW + editing_day * DAY)
    lines = (adding.lock + editing.lock).splitlines(keepends=True)
    union = {**editing.files, "cards_source/leg/deck.lock": b"".join(dict.fromkeys(lines))}

    merged = build_diagrams(
        card(["biceps", *kept], alt=edited_alt), previous=replace(editing, files=union), now=NOW + 9 * DAY
    )
    labels = {number: key.removeprefix("~") for number, key in locked_cards(merged).items()}
    assert labels == locked_cards(adding)
