"""Changed ids: with `was`, a card under a new id is still the same card, in Anki too."""

import re
from pathlib import Path

import pytest

from cardwright.diagnostics import Severity
from tests.support.builds import DAY, NOW, DeckBuild, build_deck
from tests.support.real_anki import Imported, new_learner

pytestmark = pytest.mark.anki

FIRST = """\
deck: Legs
id: legs
cards:
  - {id: outer, q: Outer?, a: Biceps femoris}
  - id: signs
    list: What may follow?
    items: {bruising: a bruise, limp: a limp}
"""
SECOND = """\
deck: Legs
id: legs
cards:
  - {id: outer-hamstring, was: outer, q: Outer?, a: Biceps femoris}
  - id: symptoms
    was: [signs, {bruise: bruising}]
    list: What may follow?
    items: {bruise: a bruise, limp: a limp}
"""


def build(text: str, previous: DeckBuild | None = None, day: int = 0) -> DeckBuild:
    return build_deck({"legs.yaml": text}, previous, now=NOW + day * DAY)


@pytest.fixture
def first() -> DeckBuild:
    return build(FIRST)


def test_a_card_with_a_new_id_keeps_its_schedule(tmp_path: Path, first: DeckBuild) -> None:
    """The guid stays, so Anki updates the existing note."""
    second = build(SECOND, first, day=1)

    assert second.codes == []
    with new_learner(tmp_path) as learner:
        assert learner.import_package(first.package) == Imported(3, 0, 0, 0)
        learner.study_all_cards()
        before = sorted(learner.progress().values())

        assert learner.import_package(second.package) == Imported(0, 3, 0, 0)

        assert sorted(learner.progress().values()) == before
        assert learner.keys() == {"outer-hamstring", "symptoms/bruise", "symptoms/limp"}


def test_was_may_stay_in_the_sources_forever(first: DeckBuild) -> None:
    second = build(SECOND, first, day=1)

    third = build(SECOND, second, day=2)

    assert third == second
    assert third.codes == []


def test_a_former_id_that_was_never_released_is_a_warning(first: DeckBuild) -> None:
    """Because of a typo the old card would be retired and a new one begun."""
    second = build(SECOND.replace("was: outer", "was: outter"), first, day=1)

    assert second.codes == ["note-retired", "former-id-unknown"]
    assert [diagnostic.help for diagnostic in second.result.report][1] == "did you mean `outer`?"


def test_a_renamed_deck_keeps_all_cards_where_they_are(tmp_path: Path, first: DeckBuild) -> None:
    """Anki finds decks by name and never moves a card; the author gets a warning."""
    second = build(FIRST.replace("deck: Legs", "deck: Limbs"), first, day=1)

    (warning,) = second.result.report
    assert (warning.code, warning.note) == ("deck-renamed", "now `Limbs`")
    with new_learner(tmp_path) as learner:
        before = learner.study_package(first.package)

        assert learner.import_package(second.package) == Imported(0, 0, 3, 0)

        assert learner.progress() == before


def test_a_deck_with_a_new_id_is_refused(first: DeckBuild) -> None:
    """All identities depend on it; under another id all cards would be new."""
    second = build(FIRST.replace("id: legs", "id: limbs"), first, day=1)

    assert second.codes == ["deck-id-changed"]
    assert second.result.files == {}


def test_without_a_lock_identities_are_derived_from_the_oldest_id(first: DeckBuild) -> None:
    def guids(build: DeckBuild) -> set[str]:
        return set(re.findall(r'"guid":"([^"]*)"', build.lock.decode()))

    assert guids(build(SECOND, day=1)) == guids(first)


def test_a_new_item_of_a_renamed_list_is_not_reported_as_a_typo(tmp_path: Path, first: DeckBuild) -> None:
    """Its identity, too, is derived from the oldest id of the list, so a lost lock doesn't change it."""
    second = build(SECOND, first, day=1)
    with_new_item = SECOND.replace("limp: a limp", "limp: a limp, pain: pain")
    third = build(with_new_item, second, day=2)
    without_lock = build(with_new_item, day=3)

    assert third.codes == []
    with new_learner(tmp_path) as learner:
        assert learner.import_package(third.package) == Imported(4, 0, 0, 0)
        assert learner.import_package(without_lock.package) == Imported(0, 4, 0, 0)


def test_a_typo_in_was_cannot_be_corrected_after_a_build(first: DeckBuild) -> None:
    """In the lock the card has a new history by then, and an id has only one."""
    typo = build(SECOND.replace("was: outer", "was: outter"), first, day=1)
    corrected = build(SECOND, typo, day=2)

    assert corrected.codes == ["former-id-too-late"]
    assert build(SECOND, first, day=2).result.files


def test_an_id_that_another_card_had_cannot_be_reused(first: DeckBuild) -> None:
    """The card would continue with the schedule of the other one."""
    two = FIRST.replace("Biceps femoris}", "Biceps femoris}\n  - {id: inner, q: Inner?, a: Semimembranosus}")
    second = build(two, first, day=1)
    third = build(FIRST, second, day=2)
    fourth = build(FIRST.replace("{id: outer,", "{id: inner, was: outer,"), third, day=3)

    errors = [error.message for error in fourth.result.report if error.severity is Severity.ERROR]
    assert errors == ["`inner` already has a history of its own"]
