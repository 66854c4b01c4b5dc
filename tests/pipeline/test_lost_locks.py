"""A lock that is lost is noticed, and made anew from the packages of the last build when asked."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from cardwright import pipeline
from tests.support.builds import DAY, NOW, DeckBuild, build_deck
from tests.support.custom_decks import BICEPS, GAP, GAPS, MUSCLE, SEMI
from tests.support.diagram_decks import build_diagrams
from tests.support.diagram_decks import card as diagram_card
from tests.support.leg_builds import build_legs, legs_text
from tests.support.memory import FakeEnvironment, deck_files

KNEE = {"id": "knee", "q": "What do they do at the knee?", "a": "Flex it", "tags": ["action"]}
HIP = {
    "id": "hip",
    "cloze": "They {{c1::**extend** the}} {{c2::hip\\(^2\\)::which joint}}, {{c1::too}}.",
    "hint": "a",
}
LIST = {"id": "names", "list": "Which are they?", "items": {"biceps": "Biceps", "semi": "Semis"}}


def check(build: DeckBuild, *cards: Mapping[str, Any]) -> list[str]:
    """Return the messages of a check of these cards, with what a build has written and lost."""
    decks = deck_files({"legs.yaml": legs_text(*cards)})
    return [diagnostic.code for diagnostic in pipeline.check(decks, FakeEnvironment(outputs=build.files))]


def test_a_lost_lock_is_an_error_of_check_and_build() -> None:
    lost = build_legs(KNEE, HIP).without(".lock")
    assert check(lost, KNEE, HIP) == ["lock-lost"]
    again = build_legs(KNEE, HIP, previous=lost)
    assert again.codes == ["lock-lost"]
    assert again.files == lost.files


def test_a_note_that_another_one_has_superseded_is_restored_beside_it() -> None:
    """Both have the same key on their cards."""
    first = build_legs(KNEE, HIP)
    renamed = build_legs({**KNEE, "id": "flexion"}, HIP, previous=first, days=1)
    repaired = build_legs({**KNEE, "id": "flexion", "was": "knee"}, HIP, previous=renamed, days=2)
    lost = repaired.without(".lock")
    restored = build_legs(
        {**KNEE, "id": "flexion", "was": "knee"}, HIP, previous=lost, days=3, restore_lock=True
    )

    assert restored.lock == repaired.lock
    assert restored.retired_package == repaired.retired_package


def test_the_error_says_how_to_get_the_lock_back() -> None:
    (diagnostic,) = build_legs(KNEE, previous=build_legs(KNEE).without(".lock")).result.report
    assert diagnostic.message == "the deck was built before, and its lock is gone"
    assert diagnostic.note == "decks/legs/legs.apkg has 1 note of it"
    assert "git" in diagnostic.help
    assert "`cardwright build --restore-lock`" in diagnostic.help


def test_a_package_of_another_deck_is_no_lost_lock() -> None:
    """Such as that of a folder copied for a new deck."""
    lost = build_legs(KNEE).without(".lock")
    other = build_deck({"legs.yaml": legs_text(KNEE, id="arms")}, lost)
    assert other.codes == []


@pytest.mark.parametrize("restore_lock", [False, True])
def test_a_damaged_package_shows_that_the_lock_is_lost(restore_lock: bool) -> None:
    """Nothing can be made anew from it; a new beginning would overwrite the only trace."""
    lost = build_legs(KNEE).without(".lock")
    damaged = DeckBuild(lost.result, {**lost.files, "decks/legs/legs.apkg": lost.package[:2000]})
    again = build_legs(KNEE, previous=damaged, restore_lock=restore_lock)
    assert again.codes == ["lock-lost"]
    assert again.files == damaged.files


def restored_equals_kept(
    *cards: Mapping[str, Any], previous: DeckBuild, days: int = 9, **header: Any
) -> DeckBuild:
    """Build with the lock and without it, and return the latter build once both are equal."""
    kept = build_legs(*cards, previous=previous, days=days, **header)
    restored = build_legs(*cards, previous=previous.without(".lock"), days=days, restore_lock=True, **header)
    assert restored.files_known_from_packages == kept.files_known_from_packages
    assert restored.codes == ["lock-restored", *kept.codes]
    return restored


def test_the_restored_lock_is_the_lost_one() -> None:
    first = build_legs(KNEE, HIP, LIST)
    second = build_legs({**KNEE, "a": "They flex it"}, HIP, previous=first, days=1)
    restored = restored_equals_kept({**KNEE, "a": "They flex it"}, HIP, previous=second)
    assert restored.files_known_from_packages == second.files_known_from_packages


def test_edits_since_the_last_build_are_edits() -> None:
    restored = restored_equals_kept({**KNEE, "a": "Bend it"}, HIP, previous=build_legs(KNEE, HIP))
    (summary,) = restored.result.summaries
    assert (summary.new, summary.changed, summary.unchanged) == (0, 1, 1)


def test_a_renamed_card_keeps_its_history() -> None:
    first = build_legs(KNEE, HIP)
    renamed = {**KNEE, "id": "knee-action", "was": "knee"}
    second = build_legs(renamed, HIP, previous=first, days=1)
    restored_equals_kept(renamed, HIP, previous=first)
    restored_equals_kept({**KNEE, "id": "knee-action"}, HIP, previous=second)


def test_retired_notes_stay_retired_and_come_back_as_themselves() -> None:
    second = build_legs(KNEE, previous=build_legs(KNEE, HIP, LIST), days=1)
    restored = restored_equals_kept(KNEE, previous=second)
    assert restored.has_retired_package
    restored_equals_kept(KNEE, HIP, LIST, previous=second)


def test_moves_between_sub_decks_are_remembered() -> None:
    first = build_legs({**KNEE, "subdeck": "Thigh"}, HIP)
    second = build_legs({**KNEE, "subdeck": "Knee"}, HIP, previous=first, days=1)
    restored = restored_equals_kept({**KNEE, "subdeck": "Knee"}, HIP, previous=second)
    assert "In other sub-decks" in restored.changes


def test_released_note_types_stay_frozen() -> None:
    types = {"muscle": MUSCLE, "gaps": GAPS}
    first = build_legs(BICEPS, SEMI, GAP, note_types=types)
    restored_equals_kept(BICEPS, SEMI, GAP, previous=first, note_types=types)
    grown = {**types, "muscle": {**MUSCLE, "fields": [*MUSCLE["fields"], "Nerve"]}}
    lost = build_legs(BICEPS, previous=first.without(".lock"), note_types=grown, restore_lock=True)
    assert "note-type-changed" in lost.codes


@pytest.mark.parametrize(
    "edited",
    [
        "They {{c1::**extend** the}} {{c2::hip\\(^2\\)}}, {{c1::too}}, of course.",
        "They {{c2::**extend** the}} {{c1::hip\\(^2\\)::which joint}}, {{c2::too}}.",
        "They {{c1::**extend** the}} hip, {{c1::too}}.",
    ],
)
def test_cloze_numbers_are_compared_with_those_of_the_package(edited: str) -> None:
    """Also on a card that has been edited since, whose own text no longer says what they hid."""
    first = build_legs(KNEE, HIP)
    kept = build_legs(KNEE, {**HIP, "cloze": edited}, previous=first)
    lost = build_legs(KNEE, {**HIP, "cloze": edited}, previous=first.without(".lock"), restore_lock=True)
    assert (
        lost.codes == [*(["lock-restored"] if kept.result.files else []), *kept.codes]
        or not kept.result.files
    )
    assert lost.result.files == kept.result.files


def test_labels_keep_their_numbers_and_removed_ones_leave_theirs_unused() -> None:
    first = build_diagrams(diagram_card(["biceps", "tuber", "semi"]))
    second = build_diagrams(diagram_card(["semi", "biceps"]), previous=first, now=NOW + DAY)
    for labels in (["semi", "biceps"], ["calf", "biceps", "semi"], ["calf", "tuber", "biceps"]):
        card = diagram_card(labels)
        kept = build_diagrams(card, previous=second, now=NOW + 2 * DAY)
        restored = build_diagrams(
            card, previous=second.without(".lock"), now=NOW + 2 * DAY, restore_lock=True
        )
        assert restored.files_known_from_packages == kept.files_known_from_packages


def test_a_deck_without_an_id_in_its_sources_gets_the_id_of_its_package() -> None:
    source = {"legs.yaml": legs_text(KNEE).replace("id: legs\n", "", 1)}
    lost = build_legs(KNEE).without(".lock")
    assert build_deck(source, lost).codes == ["lock-lost"]
    restored = build_deck(source, lost, restore_lock=True)
    assert b"id: legs\n" in restored.files["cards_source/legs.yaml"]


def test_a_damaged_lock_is_made_anew_too() -> None:
    first = build_legs(KNEE, HIP)
    path = "cards_source/legs.lock"
    damaged = first.without(".lock")
    damaged = DeckBuild(damaged.result, {**damaged.files, path: first.lock[:100]})
    assert build_legs(KNEE, HIP, previous=damaged).codes == ["lock-damaged"]
    restored = build_legs(KNEE, HIP, previous=damaged, restore_lock=True)
    assert restored.files == first.files


def test_a_lock_that_is_there_is_left_alone() -> None:
    first = build_legs(KNEE, HIP)
    again = build_legs(KNEE, HIP, previous=first, restore_lock=True)
    assert again.codes == []
    assert again.files == first.files


def test_the_lock_knows_again_when_cards_changed_their_looks_on_paper() -> None:
    """A tag is no such change, so that the note and its looks are of different ages."""
    first = build_legs(KNEE, HIP)
    second = build_legs({**KNEE, "tags": ["flexion"]}, HIP, previous=first, days=1)
    restored = build_legs(
        {**KNEE, "tags": ["flexion"]}, HIP, previous=second.without(".lock"), days=2, restore_lock=True
    )
    assert b'"printed_mod":' in second.lock
    assert restored.lock == second.lock


def test_a_retired_note_comes_back_to_the_sub_deck_that_it_had() -> None:
    second = build_legs(KNEE, previous=build_legs(KNEE, {**HIP, "subdeck": "Hip"}), days=1)
    restored_equals_kept(KNEE, {**HIP, "subdeck": "Hip"}, previous=second)


def without_line(build: DeckBuild, key: str) -> DeckBuild:
    """Return a build whose lock has lost the line of a note, as after a bad merge."""
    lines = [line for line in build.lock.splitlines(keepends=True) if f'"key":"{key}"'.encode() not in line]
    return DeckBuild(build.result, {**build.files, "cards_source/legs.lock": b"".join(lines)})


def test_lines_that_the_lock_has_lost_are_noticed_and_taken_from_the_package() -> None:
    """Without the former id nothing in the sources tells which identity the card has."""
    first = build_legs(KNEE, HIP)
    second = build_legs({**KNEE, "id": "flexion", "was": "knee"}, HIP, previous=first, days=1)
    cards = ({**KNEE, "id": "flexion"}, HIP)
    cut = without_line(second, "flexion")
    refused = build_legs(*cards, previous=cut, days=2)
    assert refused.codes == ["lock-incomplete"]
    assert refused.files == cut.files
    restored = build_legs(*cards, previous=cut, days=2, restore_lock=True)
    assert restored.codes == ["lock-restored"]
    assert restored.lock == second.lock


def test_a_new_card_is_no_lost_line() -> None:
    assert build_legs(KNEE, HIP, previous=build_legs(KNEE), days=1).codes == []


def test_a_card_that_comes_back_after_it_was_retired_is_no_lost_line() -> None:
    retired = build_legs(KNEE, previous=build_legs(KNEE, HIP), days=1)
    assert "lock-incomplete" not in build_legs(KNEE, HIP, previous=retired, days=2).codes


def package_of_another_tool(package: bytes) -> bytes:
    """Return a package with the same notes as notes of other note types, with other GUIDs."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(ZipFile(BytesIO(package)).read("collection.anki2"))
        (models,) = connection.execute("SELECT models FROM col").fetchone()
        models = models.replace("cardwright legs", "Basic").replace('"Key"', '"Number"')
        connection.execute("UPDATE col SET models = ?", (models,))
        connection.execute("UPDATE notes SET guid = 'other ' || guid")
        connection.commit()
        database = connection.serialize()
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("collection.anki2", database)
        archive.writestr("media", "{}")
    return buffer.getvalue()


def test_a_package_that_anki_exported_has_no_notes_of_the_deck() -> None:
    """Whoever put it there: its note types have no keys."""
    first = build_legs(KNEE)
    foreign = package_of_another_tool(first.package)
    with_foreign = DeckBuild(first.result, {**first.files, "decks/legs/legs.apkg": foreign})
    assert build_legs(KNEE, HIP, previous=with_foreign, days=1).codes == []
    assert build_legs(KNEE, HIP, previous=with_foreign, days=1, restore_lock=True).codes == []
