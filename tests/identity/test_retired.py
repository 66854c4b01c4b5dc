"""Cards that leave the sources: nobody loses them, and whoever wants to can find them."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.builds import DAY, NOW, DeckBuild, build_deck
from tests.support.real_anki import AFTER_AN_IMPORT, Imported, new_learner

pytestmark = pytest.mark.anki

HEAD = "deck: Legs\nid: legs\ncards:\n"
OUTER = "  - {id: outer, q: Outer?, a: Biceps femoris, reverse: Which side is biceps femoris on?}\n"
INNER = "  - {id: inner, q: Inner?, a: Semimembranosus, tags: [exam]}\n"
NERVE = "  - {id: nerve, cloze: 'The {{c1::sciatic}} nerve'}\n"


def build(*cards: str, previous: DeckBuild | None = None, now: int = NOW) -> DeckBuild:
    built = build_deck({"legs.yaml": HEAD + "".join(cards)}, previous, now=now)
    assert not built.result.report.has_errors
    return built


def test_a_retired_note_is_tagged_for_those_who_want_to_find_it(tmp_path: Path) -> None:
    """The second package gives it a tag and says so on the card; texts and schedule stay."""
    first = build(OUTER, INNER, NERVE)
    with new_learner(tmp_path) as learner:
        before = learner.study_package(first.package)

        second = build(NERVE, previous=first, now=NOW + DAY)
        assert learner.import_package(second.package) == Imported(0, 0, 1, 0)
        assert learner.import_package(second.retired_package) == Imported(0, 2, 0, 0)

        learner.assert_unchanged(before)
        retired = {learner.key(note) for note in learner.collection.find_notes("tag:retired")}
        assert retired == {"outer", "inner"}
        assert set(learner.card("inner").note().tags) == {"exam", "retired"}
        sides = learner.sides("outer")
        assert "Taken out of the deck on 2023-11-15." in sides.front
        assert "Biceps femoris" in sides.back
        assert learner.empty_cards() == []


def test_a_note_that_comes_back_has_its_history(tmp_path: Path) -> None:
    """Its tag goes, its schedule stays, and the empty package of retired notes is removed."""
    first = build(OUTER, NERVE)
    with new_learner(tmp_path) as learner:
        before = learner.study_package(first.package)
        second = build(NERVE, previous=first, now=NOW + DAY)
        learner.import_package(second.retired_package)

        third = build(OUTER, NERVE, previous=second, now=AFTER_AN_IMPORT)

        assert third.result.removals == ("decks/legs/legs-retired.apkg",)
        assert learner.import_package(third.package) == Imported(0, 1, 1, 0)
        assert learner.progress() == before
        assert learner.collection.find_notes("tag:retired") == []
        assert "Taken out" not in learner.sides("outer").front


def test_a_retired_note_keeps_its_text_for_good() -> None:
    """It is copied from package to package, and a build without changes changes no byte."""
    first = build(OUTER, INNER, NERVE)
    second = build(INNER, NERVE, previous=first, now=NOW + DAY)
    third = build(NERVE, previous=second, now=NOW + 2 * DAY)

    assert build(NERVE, previous=third, now=NOW + 3 * DAY) == third


def test_a_retired_note_that_is_in_no_package_is_a_warning() -> None:
    """Without decks/ it cannot be marked."""
    first = build(OUTER, NERVE)
    lock_only = {path: data for path, data in first.files.items() if path.endswith(".lock")}

    second = build(NERVE, previous=replace(first, files=lock_only), now=NOW + DAY)

    assert second.codes == ["note-retired", "retired-text-lost"]
    assert not second.has_retired_package
