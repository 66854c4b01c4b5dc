"""The lock: what is written is read back, merges are repaired, and mistakes are explained."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright import pipeline
from cardwright.collection import notetype
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Diagnostic, Report, Source, Span
from cardwright.identity.lock import Lock, NoteEntry, NoteTypeEntry
from cardwright.identity.lock_text import encode_lock, read_lock
from cardwright.identity.positions import POSITION_LIMIT
from cardwright.pipeline import BuildOptions
from tests.support.builds import build_deck
from tests.support.memory import FakeEnvironment, deck_files

digests = st.text("0123456789abcdef", min_size=8, max_size=16)
numbers = st.integers(1, 2**53)
keys = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=12)


@st.composite
def locks(draw: st.DrawFn) -> Lock:
    notes = {
        key: NoteEntry(
            key,
            draw(st.sampled_from(notetype.BUILT_IN_TYPES)),
            f"guid {index}",
            draw(numbers),
            draw(digests),
            mod := draw(numbers),
            draw(st.integers(0, mod)),
            draw(st.integers(0, POSITION_LIMIT - 1)),
            draw(st.just({1: ""}) | st.dictionaries(st.integers(1, 500), digests, max_size=3)),
            draw(st.sampled_from(["", "2026-11-22"])),
            subdeck := draw(st.sampled_from(["", "Upper", "Upper::Lower", '"'])),
            tuple(sorted(draw(st.sets(st.sampled_from(["", "Upper", "x"]))) - {subdeck})),
        )
        for index, key in enumerate(draw(st.sets(keys, max_size=6)))
    }
    types = {
        note_type: NoteTypeEntry(note_type, draw(numbers), draw(digests), draw(digests), draw(numbers))
        for note_type in draw(st.sets(st.sampled_from(notetype.BUILT_IN_TYPES)))
    }
    return Lock(draw(keys), types, notes, draw(keys))


ENTRY = NoteEntry(
    "avulsion", NoteType.QUESTION, "g1", 1_600_000_000_000, "aa", 1_700_000_000, 1_600_000_000, 100
)
LOCK = Lock(
    "hamstrings",
    {NoteType.CLOZE: NoteTypeEntry(NoteType.CLOZE, 5, "ab", "cd", 1_700_000_000)},
    {
        "avulsion": ENTRY,
        "knee-action": ENTRY.replace(
            key="knee-action", type=NoteType.CLOZE, guid="g2", due=200, cards={1: "b1", 2: "b2"}
        ),
        "grade/one": ENTRY.replace(key="grade/one", guid="g3", cards={1: "", 2: ""}, retired="2026-11-22"),
    },
    "Hamstrings",
)
TEXT = """\
{"lock":1,"deck":"hamstrings","name":"Hamstrings"}
{"type":"cloze","id":5,"schema":"ab","digest":"cd","mod":1700000000}
{"key":"avulsion","type":"question","guid":"g1","id":1600000000000,"digest":"aa","mod":1700000000,"since":1600000000,"due":100}
{"key":"grade/one","type":"question","guid":"g3","id":1600000000000,"digest":"aa","mod":1700000000,"since":1600000000,"due":100,\
"cards":{"1":"","2":""},"retired":"2026-11-22"}
{"key":"knee-action","type":"cloze","guid":"g2","id":1600000000000,"digest":"aa","mod":1700000000,"since":1600000000,"due":200,\
"cards":{"1":"b1","2":"b2"}}
"""


def read(text: str) -> tuple[Lock | None, list[Diagnostic]]:
    report = Report()
    return read_lock(Source("deck.lock", text), report), list(report)


def only_error(text: str) -> Diagnostic:
    lock, (error,) = read(text)
    assert lock is None
    assert len(error.message) <= 72
    return error


def line_of(span: Span | None) -> int | None:
    return None if span is None else span.start_position.line


def test_one_note_a_line_sorted_by_key() -> None:
    """Git merges and shows lines, so an edited note is one changed line."""
    assert encode_lock(LOCK) == TEXT.encode()


@given(locks())
def test_what_is_written_is_read(lock: Lock) -> None:
    """Writing it again gives the same text."""
    again, errors = read(encode_lock(lock).decode())

    assert (again, errors) == (lock, [])
    assert again is not None
    assert encode_lock(again) == encode_lock(lock)


@given(locks(), st.randoms(use_true_random=False))
def test_order_and_repetition_of_lines_make_no_difference(lock: Lock, chance: random.Random) -> None:
    """`merge=union` produces such locks when two branches add the same note."""
    lines = encode_lock(lock).decode().split("\n")
    lines += chance.choices(lines, k=3)
    chance.shuffle(lines)

    assert read("\n".join(lines)) == (lock, [])


EDITS = ["", "\n", "\r", " ", ",", '"', "{", "}", "[", "]", "~", "-", "0", ".0", "é", "\\", "null", "true"]
EDITS += ['\n{"key":', '"new":[1,', '"poem"', '"1":"",', '{"lock":1,"deck":"a","name":"A"}\n', "\n=======\n"]


@given(locks(), st.data())
def test_all_lines_at_once_and_one_by_one_read_the_same(lock: Lock, data: st.DataObject) -> None:
    """An empty line, which means nothing, makes the reader take the lines one by one."""
    text = encode_lock(lock).decode()
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.sampled_from([0, 0, 1, 5]))
        text = text[:start] + data.draw(st.sampled_from(EDITS)) + text[end:]
    (at_once, errors), (one_by_one, same_errors) = read(text), read(f"{text}\n")

    assert at_once == one_by_one
    places, same_places = (
        [(error.code, error.span and (error.span.start, error.span.end)) for error in diagnostics]
        for diagnostics in (errors, same_errors)
    )
    assert places == same_places


def test_windows_line_ends_and_empty_lines_are_ignored() -> None:
    assert read(TEXT.replace("\n", "\r\n\r\n")) == (LOCK, [])


@pytest.mark.parametrize("marker", ["<<<<<<< HEAD", "=======", ">>>>>>> theirs", "||||||| base"])
def test_merge_conflict_markers_are_an_error(marker: str) -> None:
    error = only_error(TEXT.replace("\n", f"\n{marker}\n", 1))

    assert (error.code, error.span and error.span.text) == ("lock-conflict", marker)


def test_a_line_that_is_not_json_is_pointed_at() -> None:
    """The other lines are read too, so all bad lines are reported at once."""
    lock, errors = read(TEXT.replace('{"key":"grade/one"', '"key":"grade/one"') + "nonsense\n")

    assert lock is None
    assert [error.code for error in errors] == ["lock-damaged", "lock-damaged"]
    assert [line_of(error.span) for error in errors] == [4, 6]


@pytest.mark.parametrize(
    ("original", "replacement"),
    [
        ('"id":1600000000000', '"id":"1600000000000"'),
        ('"id":1600000000000', '"id":9223372036854775808'),
        ('"due":100', '"due":1000000'),
        ('"due":100', '"due":-1'),
        ('"mod":1700000000,"since":1600000000,"due":100', '"due":100'),
        ('"guid":"g1"', '"guid":""'),
        ('"type":"question"', '"type":"poem"'),
        ('"cards":{"1":"","2":""}', '"cards":{"one":""}'),
        ('"cards":{"1":"","2":""}', '"cards":[1,2]'),
        ('"retired":"2026-11-22"', '"retired":true'),
        ('"schema":"ab"', '"schema":1'),
        ('{"key":"avulsion"', '{"kay":"avulsion"'),
        ('"due":100', '"due":true'),
        ('"schema":"ab","digest":"cd","mod":1700000000', '"schema":"ab","digest":"cd","mod":false'),
        ('"retired":"2026-11-22"', '"retired":"last week"'),
        ('{"key":"avulsion"', '{"key":5'),
    ],
)
def test_a_line_with_a_wrong_value_is_pointed_at(original: str, replacement: str) -> None:
    """If it were skipped, its note would get a new identity."""
    error = only_error(TEXT.replace(original, replacement, 1))

    assert error.code == "lock-damaged"
    assert error.span is not None
    assert replacement in error.span.text


@pytest.mark.parametrize("text", ["", "\n", TEXT.split("\n", 1)[1]])
def test_a_lock_without_its_first_line_is_damaged(text: str) -> None:
    """An empty file is not a first build, but a lock that something has emptied."""
    assert only_error(text).code == "lock-damaged"


@pytest.mark.parametrize(
    "other", [('"guid":"g1"', '"guid":"g9"'), ('"type":"question"', '"type":"cloze"')], ids=["guid", "kind"]
)
def test_two_notes_with_one_key_name_both_lines(other: tuple[str, str]) -> None:
    """Two branches each made a note with that key, and neither can take over the other's history."""
    lines = TEXT.splitlines(keepends=True)
    error = only_error(TEXT + lines[2].replace(*other))

    assert error.code == "lock-note-twice"
    assert (line_of(error.span), line_of(error.related[0].span)) == (6, 3)


def test_one_note_type_twice_with_different_fields_names_both_lines() -> None:
    """One branch was built by a version with other fields."""
    lines = TEXT.splitlines(keepends=True)
    reversed_text = "".join(reversed(lines))
    error = only_error(reversed_text + lines[1].replace('"schema":"', '"schema":"f'))

    assert error.code == "lock-type-twice"
    assert (line_of(error.span), line_of(error.related[0].span)) == (6, 4)


def test_a_lock_of_a_newer_version_is_refused() -> None:
    """An older version would drop what it doesn't know."""
    error = only_error(TEXT.replace('"lock":1', '"lock":2').replace('"guid"', '"uid"'))

    assert error.code == "lock-newer"


def test_two_decks_in_one_lock_are_refused() -> None:
    """Two locks that don't belong together have been merged."""
    error = only_error(TEXT + '{"lock":1,"deck":"quads"}\n')

    assert (error.code, line_of(error.span)) == ("lock-damaged", 6)


def test_deeply_nested_brackets_are_a_damaged_line() -> None:
    """A recursive parser raises an exception of its own."""
    assert only_error(TEXT + "[" * 100_000 + "\n").code == "lock-damaged"


def test_diagnostics_can_point_at_the_lines_of_a_lock() -> None:
    lock, _ = read(TEXT)
    assert lock is not None
    spans = [lock.header_span(), lock.note_span("knee-action"), lock.type_span(NoteType.CLOZE)]

    assert [line_of(span) for span in spans] == [1, 5, 2]
    assert lock.note_span("nobody") is None
    assert LOCK.header_span() is None


# The lock as a file.

DECK = {"legs.yaml": "deck: Legs\nid: legs\ncards:\n  - {id: a, q: Outer?, a: Biceps}\n"}


def test_a_lock_that_is_not_text_has_to_be_restored() -> None:
    """Nobody writes it by hand, so another encoding would not bring it back."""
    options = BuildOptions(now=1_700_000_000, outputs=("anki",))
    result = pipeline.build(deck_files(DECK, bytes(range(256))), FakeEnvironment(), options)

    (error,) = result.report
    assert (error.code, error.message) == ("lock-damaged", "the lock is not readable text")
    assert error.help.startswith("restore the lock from git")
    assert result.files == {}


def test_locked_ignores_the_line_ends_that_git_writes_on_windows() -> None:
    lock = build_deck(DECK).lock.replace(b"\n", b"\r\n")
    options = BuildOptions(now=1_800_000_000, outputs=("anki",), locked=True)
    result = pipeline.build(deck_files(DECK, lock), FakeEnvironment(), options)

    assert list(result.report) == []
    assert list(result.files) == ["decks/legs/legs.apkg", "decks/legs/CHANGES.md"]
