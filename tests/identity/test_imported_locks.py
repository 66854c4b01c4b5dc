"""What a lock says of an imported deck: it stays as it was found, and damage to it is told."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Report, Source
from cardwright.identity.lock import DescriptionEntry, Lock, MediaEntry, NoteEntry, NoteTypeEntry
from cardwright.identity.lock_text import encode_lock, read_lock
from cardwright.identity.note_state import NoteState, NoteTypeState
from cardwright.identity.reconcile import reconcile
from tests.support.notes import SPAN, deck

BASIC = NoteType("basic")
FIELDS = [{"id": -(2**63)}, {"id": None}]
JSON = {"name": 'Basic "+"', "type": 0, "sortf": 1, "x": 1.5, "flds": FIELDS, "tmpls": [{}]}
TYPE = NoteTypeEntry(BASIC, -7, "s", "d", 9, ("Front", "Back"), ("Card 1",), JSON)
STATE = NoteTypeState(BASIC, -7, "s", "d", ("Front", "Back"), ("Card 1",), SPAN, JSON)
NOTE = NoteEntry("a", BASIC, 'g"\\ü', -5, "x", 9, 0, 100, {1: "", 2: ""}, missing=(2,))
MEDIA = MediaEntry("media/knee.png", 'Knee "1".png', "0" * 64)
DESCRIPTION = DescriptionEntry("All *bones*", "All *bones*<br>", md=True)
MEDIA_LINES = {MEDIA.media: MEDIA}
LOCK = Lock("legs", {BASIC: TYPE}, {"a": NOTE}, "Legs", media=MEDIA_LINES, description=DESCRIPTION)


def read(text: str) -> tuple[Lock | None, list[str]]:
    report = Report()
    return read_lock(Source("deck.lock", text), report), [diagnostic.code for diagnostic in report]


def test_what_is_written_is_read_back() -> None:
    text = encode_lock(LOCK).decode()

    assert read(text) == (LOCK, [])
    # Also in another order, as after a merge.
    assert read("\n".join(reversed(text.splitlines()))) == (LOCK, [])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(st.characters(codec="utf-8")),
    lambda values: (
        st.lists(values, max_size=3) | st.dictionaries(st.text("abc", max_size=3), values, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text("xyz", min_size=1), json_values))
def test_whatever_anki_has_of_a_note_type_is_kept(more: dict[str, object]) -> None:
    types = {BASIC: TYPE.replace(imported={**JSON, **more})}
    lock = Lock("legs", types, {}, "Legs")

    assert read(encode_lock(lock).decode()) == (lock, [])


@pytest.mark.parametrize(
    ("part", "other", "code"),
    [
        ('"flds":[{', '"flds":[{},{', "lock-damaged"),
        ('"tmpls":[{}]', '"tmpls":[]', "lock-damaged"),
        ('"tmpls":[{}]', '"tmpls":[1]', "lock-damaged"),
        ('"flds"', '"fields"', "lock-damaged"),
        ('"imported":{', '"imported":3,"x":{', "lock-damaged"),
        ('"missing":[2]', '"missing":[0]', "lock-damaged"),
        (f'"sha256":"{"0" * 64}"', '"sha256":"00"', "lock-damaged"),
        ('"name":"Knee', '"nom":"Knee', "lock-damaged"),
        ('{"type":"basic"', '{"tipe":"basic"', "lock-damaged"),
        ('"md":true', '"md":"yes"', "lock-damaged"),
    ],
)
def test_damage_is_told(part: str, other: str, code: str) -> None:
    text = encode_lock(LOCK).decode()
    lock, codes = read(text.replace(part, other, 1))

    assert part in text
    assert (lock, set(codes)) == (None, {code})


@pytest.mark.parametrize(
    ("part", "other", "code"),
    [
        ('"sortf":1', '"sortf":0', "lock-type-twice"),
        ('"name":"Knee', '"name":"Shin', "lock-media-twice"),
    ],
)
def test_two_branches_that_differ_in_what_never_changes_are_told(part: str, other: str, code: str) -> None:
    (line,) = (line for line in encode_lock(LOCK).decode().splitlines() if part in line)

    assert read(encode_lock(LOCK).decode() + line.replace(part, other))[1] == [code]


def test_a_card_that_one_branch_has_sent_is_missing_no_more() -> None:
    line = json.dumps({**json.loads(encode_lock(LOCK).splitlines()[-1]), "mod": 10, "missing": []})
    lock, codes = read(encode_lock(LOCK).decode() + line)

    assert lock is not None
    assert codes == []
    assert lock.notes["a"].missing == ()


@given(st.lists(st.integers(-3, 3) | st.integers(-(2**62), 2**62), unique=True, min_size=1, max_size=6))
def test_imported_notes_keep_any_id_and_new_ones_get_others(ids: list[int]) -> None:
    notes = {f"n{id_}": NOTE.replace(key=f"n{id_}", id=id_, guid=f"g{id_}") for id_ in ids}
    lock = Lock("legs", {BASIC: TYPE}, notes, "Legs")
    states = [NoteState(key, SPAN, BASIC, "x", {1: "", 2: ""}) for key in notes]
    new = [NoteState(f"new {number}", SPAN, BASIC, "x", {1: ""}) for number in range(3)]
    built = reconcile(deck(deck_id="legs", name="Legs"), [*states, *new], [STATE], lock, 20).lock

    assert {key: entry.id for key, entry in built.notes.items() if key in notes} == dict(
        zip(notes, ids, strict=True)
    )
    assert len({entry.id for entry in built.notes.values()}) == len(ids) + 3
    assert built.types == lock.types


@pytest.mark.parametrize(
    ("cards", "missing"),
    [({1: "", 2: ""}, (2,)), ({1: "", 2: "other"}, ()), ({1: ""}, ())],
    ids=["as before", "asks something else", "gone"],
)
def test_a_card_is_missing_as_long_as_it_would_ask_the_same(
    cards: dict[int, str], missing: tuple[int, ...]
) -> None:
    state = NoteState("a", SPAN, BASIC, "edited", cards)
    built = reconcile(deck(deck_id="legs", name="Legs"), [state], [STATE], LOCK, 20)

    assert built.lock.notes["a"].missing == missing
    assert (built.lock.media, built.lock.description) == (LOCK.media, LOCK.description)
    # Nobody is told that they lose a card which they never had.
    assert not [diagnostic for diagnostic in built.diagnostics if diagnostic.code == "card-removed"]


@pytest.mark.parametrize(
    ("fields", "templates", "headline"),
    [
        (("Front", "Rear"), ("Card 1",), "the field `Back` of `basic` was released by that name"),
        (("Front",), ("Card 1",), "the field `Back` of `basic` was released and is gone"),
        (("Front", "Back", "More"), ("Card 1",), "the field `More` is new in `basic`, which was released"),
        (("Back", "Front"), ("Card 1",), "the fields of `basic` were released in another order"),
        (("Front", "Back"), ("Card 1", "B"), "the template `B` is new in `basic`, which was released"),
    ],
)
def test_the_lists_of_an_imported_type_stay(
    fields: tuple[str, ...], templates: tuple[str, ...], headline: str
) -> None:
    changed = NoteTypeState(BASIC, -7, "other", "d", fields, templates, SPAN, JSON)
    state = NoteState("a", SPAN, BASIC, "x", {1: "", 2: ""})
    (error,) = reconcile(deck(deck_id="legs", name="Legs"), [state], [changed], LOCK, 20).diagnostics

    assert (error.code, error.message) == ("note-type-changed", headline)
    assert "Spare" not in error.help
