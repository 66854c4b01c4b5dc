"""The laws of label numbers, by which learners' schedules hang."""

import json
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from cardwright.collection.content import MediaFile, Text
from cardwright.collection.deck import Deck
from cardwright.collection.diagram import Diagram, Label, Shape
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.report import Report
from cardwright.identity.label_numbers import number_labels
from cardwright.identity.lock import Lock, write_lock
from tests.support.diagram_decks import built, card
from tests.support.notes import SPAN, Release, deck, release

LEG = MediaFile("leg-000000000000.svg", "leg.svg", b'<svg width="3" height="4"/>')

some_labels = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6, unique=True)


def diagram(*labels: str, was: dict[str, str] | None = None, key: str = "thigh") -> Note:
    """A note with these labels, each where nobody else is."""
    former = was or {}
    made = tuple(
        Label(one, (Text(one),), Shape("rect", ((place, 0), (place + 1, 1))), former.get(one, ""))
        for place, one in enumerate(labels)
    )
    return Note(
        key, SPAN, SPAN, NoteType.DIAGRAM, {}, diagram=Diagram(LEG, "a leg", hides_all=True, labels=made)
    )


def numbers(made: Deck) -> dict[str, int]:
    (note,) = made.notes
    assert note.diagram is not None
    return {label.key: label.cloze_number for label in note.diagram.labels}


def after(note: Note, lock: Lock | None) -> tuple[dict[str, int], Lock]:
    """The numbers of a diagram's labels, and the lock of that release."""
    made = number_labels(deck(note), lock, Report())
    before = None if lock is None else Release(lock, b"", ())
    return numbers(made), release(made, before).lock


@given(st.lists(some_labels, min_size=1, max_size=8))
def test_a_label_has_one_number_for_ever_and_shares_it_with_nobody(history: list[list[str]]) -> None:
    """Whatever is added, taken out, brought back and put in another order."""
    given_out: dict[str, int] = {}
    lock: Lock | None = None
    for labels in history:
        found, lock = after(diagram(*labels), lock)

        assert all(given_out.setdefault(label, number) == number for label, number in found.items())
        assert len(set(given_out.values())) == len(given_out)
        assert max(given_out.values()) == len(given_out)


@given(some_labels)
def test_without_a_lock_numbers_follow_the_order_of_the_sources(labels: Sequence[str]) -> None:
    """So that a lost lock costs nothing as long as nothing else has happened to the labels."""
    found, _ = after(diagram(*labels), None)

    assert found == {label: number for number, label in enumerate(labels, start=1)}


def test_a_renamed_label_keeps_its_number() -> None:
    """`was: {long-head: biceps}` says that it is the same label."""
    _, lock = after(diagram("biceps", "semi"), None)
    found, lock = after(diagram("semi", "long-head", was={"long-head": "biceps"}), lock)
    later, _ = after(diagram("semi", "long-head", "biceps", was={"long-head": "biceps"}), lock)

    assert found == {"semi": 2, "long-head": 1}
    assert later == {"semi": 2, "long-head": 1, "biceps": 3}


def test_a_former_key_that_no_label_had_is_told() -> None:
    """A slip of the pen would cost the history without a word."""
    first, _ = built(card(["biceps", "tuber"]))
    _, report = built(card(["tuber", "calf"], was={"calf": "bicep"}), before=first)

    assert {one.code for one in report} == {"former-label-unknown", "label-removed"}
    assert any("did you mean `biceps`" in one.help for one in report)


def test_a_renamed_diagram_keeps_the_numbers_of_its_labels() -> None:
    """The lock has them under its former id."""
    first, _ = built(card(["biceps", "tuber", "semi"]))
    second, report = built(card(["semi", "biceps"], id="leg", was="thigh"), before=first)

    assert _cards(second, "leg") == {"1": "biceps", "2": "~tuber", "3": "semi"}
    assert [one.code for one in report] == ["label-removed"]


def test_the_lock_remembers_labels_that_are_gone() -> None:
    """Their numbers are marked, stay so through quiet rebuilds, and are told only once."""
    first, _ = built(card(["biceps", "tuber"]))
    second, told = built(card(["tuber", "calf"]), before=first)
    third, quiet = built(card(["tuber", "calf"]), before=second)
    fourth, _ = built(card(["calf", "biceps", "tuber"]), before=third)

    assert _cards(first) == {"1": "biceps", "2": "tuber"}
    assert _cards(second) == {"1": "~biceps", "2": "tuber", "3": "calf"}
    assert _cards(fourth) == {"1": "biceps", "2": "tuber", "3": "calf"}
    assert [one.code for one in told] == ["label-removed"]
    assert not list(quiet)
    assert third == second


def test_a_deck_without_diagrams_knows_nothing_of_them() -> None:
    """Neither its lock nor its package has the note type."""
    made, _ = built({"id": "q", "q": "A question?", "a": "An answer"})

    assert b"diagram" not in made["deck.lock"]


def test_no_number_is_given_beyond_the_last_that_anki_knows() -> None:
    """Labels that are gone keep theirs, so that even a small diagram can run out."""
    _, lock = after(diagram(*(f"label-{n}" for n in range(500))), None)
    report = Report()
    number_labels(deck(diagram("label-7", "another")), lock, report)

    assert [one.code for one in report] == ["labels-used-up"]


def test_a_lock_with_labels_reads_back_as_it_was_written() -> None:
    """A key may be of any script; the mark before one that is gone belongs to no key."""
    _, lock = after(diagram("biceps", "膝"), None)
    _, lock = after(diagram("膝"), lock)

    assert '"cards":{"1":"~biceps","2":"膝"}' in write_lock(lock)


def _cards(made: dict[str, bytes], key: str = "thigh") -> dict[str, str]:
    lines = [json.loads(line) for line in made["deck.lock"].decode().splitlines()]
    (cards,) = (line["cards"] for line in lines if line.get("key") == key)
    assert isinstance(cards, dict)
    return cards


def test_learners_are_told_how_to_get_rid_of_the_card_of_a_label_that_is_gone() -> None:
    """It stays with them, and asks for nothing."""
    first, _ = built(card(["biceps", "tuber"]))
    second, _ = built(card(["biceps"]), before=first, now=1_700_086_400)
    advice = "3. Some pictures have fewer labels than before: *Tools > Empty Cards* removes"

    assert b"3. Nothing else" in first["CHANGES.md"]
    assert advice in second["CHANGES.md"].decode()
    assert b"Nothing else" not in second["CHANGES.md"]


@given(
    st.permutations(["tuber", "semi"]),
    st.lists(st.sampled_from(["tuber", "semi"]), min_size=1, unique=True),
    st.integers(1, 3),
    st.integers(1, 3),
)
def test_labels_of_either_branch_keep_their_numbers_after_a_merge(
    added: Sequence[str], kept: Sequence[str], adds: int, edits: int
) -> None:
    """
    One branch adds labels while the other edits the diagram. Whichever is built later, the number of a
    label stands in the lock alone.

    kept: labels that are in the sources after the merge. adds, edits: days after which a branch is built.
    """
    day, start = 86_400, 1_700_000_000
    common, _ = built(card(["biceps"]), now=start)
    branches = [
        built(card(["biceps", *added]), before=common, now=start + adds * day)[0],
        built(card(["biceps"], alt="A thigh from behind"), before=common, now=start + edits * day)[0],
    ]
    lines = b"".join(one["deck.lock"] for one in branches).splitlines(keepends=True)
    union = {**branches[1], "deck.lock": b"".join(dict.fromkeys(lines))}

    settled, _ = built(card(["biceps", *kept], alt="A thigh from behind"), before=union, now=start + 9 * day)
    given, now = (json.loads(one["deck.lock"].splitlines()[-1])["cards"] for one in (branches[0], settled))
    assert {number: label.removeprefix("~") for number, label in now.items()} == given
