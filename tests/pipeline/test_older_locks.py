"""A lock that is older than the packages in decks/ is noticed, and caught up with them when asked."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cardwright import pipeline
from tests.support.builds import DAY, NOW, DeckBuild, build_deck
from tests.support.custom_decks import BICEPS, MUSCLE
from tests.support.diagram_decks import build_diagrams
from tests.support.diagram_decks import card as diagram_card
from tests.support.leg_builds import build_legs, legs_text
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.real_anki import new_learner

KNEE = {"id": "knee", "q": "What do they do at the knee?", "a": "Flex it"}
HIP = {"id": "hip", "q": "What do they do at the hip?", "a": "Extend it"}
SIT = {"id": "sit", "q": "Where do they begin?", "a": "At the sit bone"}


def with_files(build: DeckBuild, other: DeckBuild, *endings: str) -> DeckBuild:
    """Return a build with some files of another one in place of its own."""
    files = build.without(*endings).files
    return DeckBuild(
        build.result, {**files, **{p: data for p, data in other.files.items() if p.endswith(endings)}}
    )


def with_lock_of(build: DeckBuild, older: DeckBuild) -> DeckBuild:
    return with_files(build, older, ".lock")


def check(build: DeckBuild, *cards: Mapping[str, Any]) -> list[str]:
    decks = deck_files({"legs.yaml": legs_text(*cards)}, build.lock)
    return [diagnostic.code for diagnostic in pipeline.check(decks, FakeEnvironment(outputs=build.files))]


FIRST = build_legs(KNEE, HIP)
BENT = {**KNEE, "a": "Bend it"}
# By what was released with the lock that is no longer there: the cards of that release.
RELEASES: dict[str, tuple[Mapping[str, Any], ...]] = {
    "another text": (BENT, HIP),
    "a further card": (KNEE, HIP, SIT),
    "a card less": (KNEE,),
    "another id": ({**KNEE, "id": "flexion", "was": "knee"}, HIP),
    "another tag": ({**KNEE, "tags": ["exam"]}, HIP),
}


@pytest.mark.parametrize("release", RELEASES)
def test_a_lock_from_before_a_release_is_an_error_whatever_the_sources_say(release: str) -> None:
    second = build_legs(*RELEASES[release], previous=FIRST, days=1)
    old = with_lock_of(second, FIRST)
    for cards in ((KNEE, HIP), RELEASES[release], (KNEE, {**HIP, "a": "Stretch it"})):
        refused = build_legs(*cards, previous=old, days=2)
        assert set(refused.codes) & {"lock-older", "lock-incomplete"}
        assert refused.files == old.files


@pytest.mark.parametrize("release", RELEASES)
def test_a_lock_that_is_caught_up_is_as_if_it_had_never_been_older(release: str) -> None:
    second = build_legs(*RELEASES[release], previous=FIRST, days=1)
    old = with_lock_of(second, FIRST)
    third = [{key: value for key, value in card.items() if key != "was"} for card in RELEASES[release]]
    for cards in (RELEASES[release], third, [*third, {**SIT, "id": "seat"}]):
        kept = build_legs(*cards, previous=second, days=2)
        restored = build_legs(*cards, previous=old, days=2, restore_lock=True)
        assert restored.codes == ["lock-restored", *kept.codes]
        assert restored.lock == kept.lock
        assert restored.files == kept.files


def test_an_id_that_another_card_has_got_since_is_no_mistake() -> None:
    second = build_legs({**KNEE, "id": "flexion", "was": "knee"}, HIP, previous=FIRST, days=1)
    cards = {**KNEE, "id": "flexion"}, {**HIP, "id": "knee", "was": "hip"}
    third = build_legs(*cards, previous=second, days=2)
    old = with_lock_of(third, FIRST)
    assert build_legs(*cards, previous=old, days=3).codes == ["lock-older"]
    assert build_legs(*cards, previous=old, days=3, restore_lock=True).files == third.files


def test_the_error_says_what_is_newer_and_how_to_go_on() -> None:
    second = build_legs(BENT, {**HIP, "a": "Stretch it"}, previous=FIRST, days=1)
    (diagnostic,) = build_legs(KNEE, HIP, previous=with_lock_of(second, FIRST), days=2).result.report
    assert diagnostic.message == "the lock is older than the package of the deck"
    assert diagnostic.note == "decks/legs/legs.apkg has `hip` of a later release, and 1 more"
    assert "from git or a backup" in diagnostic.help
    assert "`cardwright build --restore-lock`" in diagnostic.help


def test_a_check_tells_it_too() -> None:
    second = build_legs(BENT, HIP, previous=FIRST, days=1)
    assert check(with_lock_of(second, FIRST), BENT, HIP) == ["lock-older"]
    assert check(second, BENT, HIP) == []


def test_a_retired_note_that_only_its_package_still_has_is_not_forgotten() -> None:
    second = build_legs(KNEE, HIP, SIT, previous=FIRST, days=1)
    third = build_legs(KNEE, HIP, previous=second, days=2)
    old = with_lock_of(third, FIRST)
    refused = build_legs(KNEE, HIP, previous=old, days=3)
    assert refused.codes == ["lock-incomplete"]
    (diagnostic,) = refused.result.report
    assert diagnostic.note == "decks/legs/legs-retired.apkg has `sit`"
    assert build_legs(KNEE, HIP, previous=old, days=3, restore_lock=True).files == third.files


def test_a_changed_style_is_newer_too() -> None:
    first = build_legs(BICEPS, note_types={"muscle": MUSCLE})
    grown = {"muscle": {**MUSCLE, "css": ".card { color: green }"}}
    second = build_legs(BICEPS, previous=first, days=1, note_types=grown)
    old = with_lock_of(second, first)
    refused = build_legs(BICEPS, previous=old, days=2, note_types={"muscle": MUSCLE})
    assert refused.codes == ["lock-older"]
    (diagnostic,) = refused.result.report
    assert diagnostic.note == "decks/legs/legs.apkg has the note type `muscle` of a later release"
    restored = build_legs(BICEPS, previous=old, days=2, note_types=grown, restore_lock=True)
    assert restored.files == second.files


def test_labels_keep_their_numbers_after_a_lock_was_caught_up() -> None:
    first = build_diagrams(diagram_card(["biceps"]))
    second = build_diagrams(diagram_card(["biceps", "tuber"]), previous=first, now=NOW + DAY)
    third = build_diagrams(diagram_card(["biceps", "semi"]), previous=second, now=NOW + 2 * DAY)
    old = with_lock_of(third, first)
    cards = diagram_card(["biceps", "semi", "calf"])
    assert build_diagrams(cards, previous=old, now=NOW + 3 * DAY).codes == ["lock-older"]
    kept = build_diagrams(cards, previous=third, now=NOW + 3 * DAY)
    restored = build_diagrams(cards, previous=old, now=NOW + 3 * DAY, restore_lock=True)
    assert restored.files == kept.files


def test_a_lock_that_is_newer_than_the_package_is_none() -> None:
    """As after a build without the package, or with the decks/ of an earlier commit."""
    second = build_legs(BENT, HIP, SIT, previous=FIRST, days=1)
    for old_decks in ((".apkg",), (".apkg", "CHANGES.md"), ("CHANGES.md",)):
        earlier = with_files(second, FIRST, *old_decks)
        assert build_legs(BENT, HIP, SIT, previous=earlier, days=2).codes == []
        assert build_legs(KNEE, HIP, SIT, previous=earlier, days=2).codes == []
        assert check(earlier, BENT, HIP, SIT) == []
    on_paper = build_legs(BENT, HIP, previous=FIRST, days=1, outputs=("html",))
    assert on_paper.lock != FIRST.lock
    assert build_legs(BENT, HIP, previous=on_paper, days=2).codes == []


def test_without_its_package_a_lock_is_not_older_than_anything() -> None:
    """decks/ need not be kept, and a package that nobody has may be deleted; then the next build goes on."""
    second = build_legs(KNEE, previous=FIRST, days=1)
    for endings in ((".apkg", "CHANGES.md"), ("legs.apkg",)):
        lost = with_lock_of(second, FIRST).without(*endings)
        again = build_legs(KNEE, HIP, previous=lost, days=2)
        assert again.codes == []
        assert build_legs(KNEE, HIP, previous=again, days=3).codes == []


@pytest.mark.parametrize("ending", [".lock", ".apkg", "CHANGES.md"])
def test_the_page_or_the_package_alone_may_be_older_as_well(ending: str) -> None:
    """A lock is compared with the package itself unless the page is of the same release."""
    second = build_legs(BENT, HIP, previous=FIRST, days=1)
    old = with_files(second, FIRST, ".lock", ending)
    for cards in ((BENT, HIP), (BENT, {**HIP, "a": "Stretch it"})):
        assert ("lock-older" in build_legs(*cards, previous=old, days=2).codes) == (ending != ".apkg")


def test_locks_of_two_branches_that_git_has_merged_are_newer_than_either_package() -> None:
    ours = build_legs(BENT, HIP, previous=FIRST, days=1)
    theirs = build_legs(KNEE, {**HIP, "a": "Stretch it"}, SIT, previous=FIRST, days=2)
    lines = dict.fromkeys([*ours.lock.splitlines(), *theirs.lock.splitlines()])
    for side in (ours, theirs):
        merged = {**side.files, "cards_source/legs.lock": b"".join(line + b"\n" for line in lines)}
        cards = (BENT, {**HIP, "a": "Stretch it"}, SIT)
        assert build_legs(*cards, previous=DeckBuild(side.result, merged), days=3).codes == []


def test_a_merge_that_took_the_lock_of_one_side_and_the_package_of_the_other() -> None:
    ours = build_legs(BENT, HIP, previous=FIRST, days=1)
    theirs = build_legs(KNEE, {**HIP, "a": "Stretch it"}, SIT, previous=FIRST, days=2)
    cards = (BENT, {**HIP, "a": "Stretch it"})
    mixed = with_lock_of(theirs, ours)
    assert build_legs(*cards, previous=mixed, days=3).codes == ["lock-older"]
    restored = build_legs(*cards, previous=mixed, days=3, restore_lock=True)
    assert restored.codes == ["lock-restored", "note-retired"]
    assert build_legs(*cards, previous=restored, days=4).files == restored.files


def test_a_package_of_another_deck_says_nothing_about_the_lock() -> None:
    other = build_deck({"legs.yaml": legs_text(KNEE, HIP, id="arms")}, now=NOW + DAY)
    assert build_legs(BENT, HIP, previous=with_files(FIRST, other, ".apkg"), days=2).codes == []


def test_a_clock_that_is_behind_makes_no_older_lock_as_new_as_the_package() -> None:
    """Both releases get the same `mod`, and Anki would take neither text for newer."""
    second = build_legs(BENT, HIP, previous=FIRST, days=-1)
    for knee in (BENT, {**KNEE, "a": "Fold it"}):
        again = build_legs(knee, HIP, previous=with_lock_of(second, FIRST), days=-1)
        assert again.codes == ["lock-older"]


def test_what_was_pulled_with_an_older_lock_is_not_taken_back_to_its_release() -> None:
    """As a lock keeps it: the digest and `mod` from before the pull."""
    second = build_legs(BENT, HIP, previous=FIRST, days=1)
    lines = [json.loads(line) for line in FIRST.lock.splitlines()]
    (knee,) = (line for line in lines if line.get("key") == "knee")
    knee |= {"before": [knee["digest"], knee["mod"]], "digest": "", "mod": NOW + 3 * DAY}
    pulled = second.with_lock(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    assert build_legs(KNEE, HIP, previous=pulled, days=2).codes == ["lock-older"]
    restored = build_legs(KNEE, HIP, previous=pulled, days=2, restore_lock=True)
    assert restored.codes == ["lock-restored"]
    assert f'"mod":{NOW + 3 * DAY + 1},'.encode() in restored.lock
    assert build_legs(KNEE, HIP, previous=restored, days=4).files == restored.files


@pytest.mark.anki
def test_learners_get_every_update_after_a_lock_was_caught_up(tmp_path: Path) -> None:
    """With the old lock Anki would take neither of the texts that are as they were once more."""
    second = build_legs(BENT, {**HIP, "id": "upper", "was": "hip"}, SIT, previous=FIRST, days=1)
    old = with_lock_of(second, FIRST)
    cards = (KNEE, {**HIP, "id": "upper"})
    restored = build_legs(*cards, previous=old, days=2, restore_lock=True)
    with new_learner(tmp_path) as learner:
        learner.import_package(FIRST.package)
        learner.import_package(second.package)
        learner.study_all_cards()
        progress = learner.progress()
        learner.import_package(restored.package)
        learner.import_package(restored.retired_package)
        learner.assert_unchanged(progress)
        assert "Flex it" in learner.sides("knee").back
        assert learner.collection.find_notes("tag:retired") == learner.collection.find_notes("Key:sit")
