"""What an earlier package says of its notes is what the build wrote into it."""

import pytest

from cardwright.diagnostics import Report
from cardwright.formats.anki.released import NO_PACKAGE, read_package
from cardwright.identity.lock import Lock
from cardwright.pipeline.load import read_lock_file
from tests.support.builds import DAY, NOW, build_deck

DECK = """\
deck: Legs
id: legs
subdeck: Thigh
cards:
  - id: knee
    q: What do the hamstrings do at the **knee**?
    a: They flex it
    tags: [action]
  - id: hip
    cloze: They {{c1::extend}} the {{c2::hip}}.
    subdeck: Hip
"""


def read_lock(data: bytes) -> Lock:
    lock = read_lock_file("legs.lock", data, Report())
    assert lock is not None
    return lock


def test_each_note_has_its_texts_and_its_identity() -> None:
    first = build_deck({"legs.yaml": DECK})
    second = build_deck({"legs.yaml": DECK.replace("They flex it", "Flex it")}, first, now=NOW + DAY)
    package, lock = read_package(second.package), read_lock(second.lock)
    assert package.deck_name == "Legs"
    assert {package.values(note)["Key"] for note in package.notes.values()} == {"knee", "hip"}
    for entry in lock.notes.values():
        note = package.notes[entry.guid]
        identity = (note.id, note.mod, note.since, note.due, note.subdeck)
        assert identity == (entry.id, entry.mod, entry.since, entry.due, entry.subdeck)
        assert {ordinal + 1 for ordinal in note.ordinals} == entry.card_numbers
        assert package.types[note.type_id].name == f"cardwright legs {entry.type}"
    knee = package.notes[lock.notes["knee"].guid]
    assert knee.tags == ("action",)
    assert package.values(knee)["Question"] == "What do the hamstrings do at the <strong>knee</strong>?"
    assert (knee.since, knee.mod) == (NOW, NOW + DAY)


def test_note_types_are_those_of_the_build() -> None:
    built = build_deck({"legs.yaml": DECK})
    package, lock = read_package(built.package), read_lock(built.lock)
    assert {id_: note_type.mod for id_, note_type in package.types.items()} == {
        entry.id: entry.mod for entry in lock.types.values()
    }


@pytest.mark.parametrize("damage", [b"", b"PK", b"no package"])
def test_what_is_no_package_is_empty(damage: bytes) -> None:
    assert read_package(damage) == NO_PACKAGE


def test_a_damaged_package_is_empty() -> None:
    package = build_deck({"legs.yaml": DECK}).package
    for length in range(0, len(package), 997):
        assert read_package(package[:length]) == NO_PACKAGE


@pytest.mark.parametrize("value", [0, 0x6C, 0xFF])
def test_a_package_with_a_damaged_byte_is_empty_or_as_it_was(value: int) -> None:
    """The checksum covers the content, and not all of the archive around it."""
    package = build_deck({"legs.yaml": DECK}).package
    content = read_package(package)
    for position in {*range(0, len(package), 97), *range(60), *range(len(package) - 160, len(package))}:
        damaged = package[:position] + bytes([value]) + package[position + 1 :]
        assert read_package(damaged) in (NO_PACKAGE, content)
