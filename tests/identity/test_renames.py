"""Changed ids: with `was`, a card under a new id is still the same card, in Anki too."""

import json
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


def _guids(build: DeckBuild) -> set[str]:
    return set(re.findall(r'"guid":"([^"]*)"', build.lock.decode()))


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


APART = """\
deck: Legs
id: legs
cards:
  - {id: outer, q: Outer?, a: Biceps femoris}
  - {id: bruise, was: signs/bruising, q: What may show on the skin?, a: A bruise}
  - {id: limp, was: signs/limp, q: How may one walk?, a: With a limp}
"""


def test_an_item_that_becomes_a_card_of_its_own_keeps_its_schedule(tmp_path: Path, first: DeckBuild) -> None:
    second = build(APART, first, day=1)

    assert second.codes == []
    assert build(APART, second, day=2) == second
    with new_learner(tmp_path) as learner:
        before = learner.study_package(first.package)

        assert learner.import_package(second.package) == Imported(0, 2, 1, 0)

        assert sorted(learner.progress().values()) == sorted(before.values())
        assert learner.keys() == {"outer", "bruise", "limp"}


def test_a_card_is_no_item_that_still_is_in_its_list(first: DeckBuild) -> None:
    second = build(FIRST + "  - {id: bruise, was: signs/bruising, q: Which colour?, a: Blue}\n", first, day=1)

    assert [error.message for error in second.result.report if error.severity is Severity.ERROR] == [
        "`signs/bruising` is still a part of its card"
    ]
    assert second.result.files == {}


def test_a_typo_in_the_former_key_of_a_card_is_told_by_its_name(first: DeckBuild) -> None:
    second = build(APART.replace("signs/bruising", "signs/bruisng"), first, day=1)

    (warning,) = (told for told in second.result.report if told.code == "former-id-unknown")
    assert warning.message == "no released note was called `signs/bruisng`"
    assert warning.help == "did you mean `signs/bruising`?"


def test_without_a_lock_a_card_that_was_an_item_has_its_identity(first: DeckBuild) -> None:
    assert _guids(build(APART)) == _guids(first)


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
    assert _guids(build(SECOND, day=1)) == _guids(first)


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


OUTER = "  - {id: outer, q: Outer?, a: Biceps femoris}\n"
RENAMED = "  - {id: outer-hamstring, q: Outer?, a: Biceps femoris}\n"
REPAIRED = "  - {id: outer-hamstring, was: outer, q: Outer?, a: Biceps femoris}\n"
INNER = "  - {id: inner, q: Inner?, a: Semimembranosus}\n"
HEAD = "deck: Legs\nid: legs\ncards:\n"


def build_in_turn(*texts: str, builds: tuple[DeckBuild, ...] = ()) -> list[DeckBuild]:
    """Build one text after the other, a day apart."""
    all_builds = list(builds)
    for text in texts:
        all_builds.append(build(HEAD + text, all_builds[-1] if all_builds else None, len(all_builds)))
    return all_builds


def locked(build: DeckBuild) -> dict[str, tuple[str, str]]:
    """Return the GUID and the date of retirement of each note in the lock, by key."""
    lines = map(json.loads, build.lock.splitlines())
    return {line["key"]: (line["guid"], line.get("retired", "")) for line in lines if "key" in line}


def guid(build: DeckBuild, key: str) -> str:
    return locked(build)[key][0]


def test_was_after_a_release_takes_the_older_history_back() -> None:
    first, second, third = build_in_turn(OUTER + INNER, RENAMED + INNER, REPAIRED + INNER)

    older, younger = guid(first, "outer"), guid(second, "outer-hamstring")
    assert locked(third) == {
        "inner": (guid(first, "inner"), ""),
        "outer-hamstring": (older, ""),
        f"outer-hamstring~{younger}": (younger, "2023-11-16"),
    }
    (told,) = third.result.report
    assert (told.code, told.severity) == ("history-restored", Severity.NOTE)
    assert told.message == "`outer-hamstring` continues the history of `outer`"
    assert "`tag:retired`" in told.help
    (summary,) = third.result.summaries
    assert (summary.new, summary.changed, summary.unchanged, summary.retired) == (0, 1, 1, 1)


@pytest.mark.parametrize("studied", [(0,), (0, 1), (1,)], ids=["the older", "both", "the younger"])
def test_learners_of_every_release_keep_the_older_schedule(tmp_path: Path, studied: tuple[int, ...]) -> None:
    """Who has the younger note alone gets the older as a new card; nobody loses one."""
    builds = build_in_turn(OUTER + INNER, RENAMED + INNER, REPAIRED + INNER)
    with new_learner(tmp_path) as learner:
        for number in studied:
            learner.import_package(builds[number].package)
        learner.study_all_cards()
        before = learner.schedules()

        new = 0 if 0 in studied else 1
        assert learner.import_package(builds[2].package) == Imported(new, 1 - new, 1, 0)
        learner.import_package(builds[2].retired_package)

        assert before.items() <= learner.schedules().items()
        assert not learner.needs_full_sync()
        assert learner.problems() == ""

        def guids(search: str) -> list[str]:
            return [learner.collection.get_note(note).guid for note in learner.collection.find_notes(search)]

        assert guids("-tag:retired Key:outer-hamstring") == [guid(builds[0], "outer")]
        assert guids("tag:retired") == [guid(builds[1], "outer-hamstring")]


@pytest.mark.parametrize("days", [[0, 0, 0, 0], [0, -400, 400, -1], [0, 1, 2, 3]])
def test_a_repaired_rename_stays_repaired_whatever_the_clock_says(days: list[int]) -> None:
    """Also when `was` goes again."""
    first, renamed, repaired = OUTER + INNER, RENAMED + INNER, REPAIRED + INNER
    builds = [build(HEAD + first, day=days[0])]
    for day, text in zip(days[1:], [renamed, repaired, repaired], strict=True):
        builds.append(build(HEAD + text, builds[-1], day))
    older, built = guid(builds[0], "outer"), builds[-1]
    assert built == builds[-2]
    assert built.codes == []
    without_was = build(HEAD + RENAMED + INNER, built, 9)

    assert guid(built, "outer-hamstring") == guid(without_was, "outer-hamstring") == older
    assert without_was.lock == built.lock
    assert without_was.codes == []


def test_a_rename_can_be_repaired_again_and_again() -> None:
    """The note that was released first is continued; each of the others is retired under a key of its own."""
    third_id = RENAMED.replace("outer-hamstring", "biceps")
    both = third_id.replace("biceps,", "biceps, was: [outer, outer-hamstring],")
    builds = build_in_turn(OUTER + INNER, RENAMED + INNER, REPAIRED + INNER, third_id + INNER, both + INNER)
    skipped = build_in_turn(OUTER + INNER, RENAMED + INNER, third_id + INNER, both + INNER)

    for built in (builds[-1], skipped[-1]):
        entries = locked(built)
        assert entries["biceps"] == (guid(builds[0], "outer"), "")
        assert len({guid for guid, _ in entries.values()}) == len(entries) == 4
        again = build(HEAD + both + INNER, built, 99)
        assert again == built
        assert again.codes == []


def test_the_former_id_itself_may_come_back_instead() -> None:
    """That is the other way to repair a rename: nothing has to be said about it."""
    first, _, third = build_in_turn(OUTER + INNER, RENAMED + INNER, OUTER + INNER)

    assert locked(third)["outer"] == locked(first)["outer"]
    assert third.codes == ["note-retired"]


def test_after_a_repair_the_former_id_is_free_for_another_card() -> None:
    other = "  - {id: outer, q: Which one is outside?, a: The lateral}\n"
    without_was = RENAMED + INNER + other
    builds = build_in_turn(OUTER + INNER, RENAMED + INNER, REPAIRED + INNER, without_was)

    assert guid(builds[-1], "outer-hamstring") == guid(builds[0], "outer")
    assert guid(builds[-1], "outer") not in {
        guid(build, key) for build in builds[:3] for key in locked(build)
    }


def test_a_list_repaired_after_a_release_is_told_of_once() -> None:
    """Items that came with the younger list stay as they are."""
    short = "items: {bruise: a bruise, limp: a limp}}\n"
    long = short.replace("limp}}", "limp, pain: pain}}")
    first = "  - {id: signs, list: What may follow?, " + short
    second = "  - {id: symptoms, list: What may follow?, " + long
    builds = build_in_turn(first, second, second.replace("symptoms,", "symptoms, was: signs,"))
    entries = locked(builds[2])

    assert entries["symptoms/bruise"] == (guid(builds[0], "signs/bruise"), "")
    assert entries["symptoms/pain"] == locked(builds[1])["symptoms/pain"]
    (told,) = builds[2].result.report
    assert (told.code, told.note) == ("history-restored", "with 2 notes")
    assert told.message == "`symptoms` continues the history of `signs`"


def test_a_typo_in_was_can_be_corrected_after_a_build(first: DeckBuild) -> None:
    typo = build(SECOND.replace("was: outer", "was: outter"), first, day=1)
    corrected = build(SECOND, typo, day=2)

    assert corrected.codes == ["history-restored"]
    assert guid(corrected, "outer-hamstring") == guid(first, "outer")


def test_an_id_that_another_card_once_had_can_be_used_again() -> None:
    """The card keeps its own history, and the other one that of its own."""
    reused = OUTER.replace("outer,", "inner, was: outer,")
    builds = build_in_turn(OUTER + INNER, OUTER, reused)

    assert guid(builds[2], "inner") == guid(builds[0], "outer")
    inner = guid(builds[0], "inner")
    assert locked(builds[2])[f"inner~{inner}"] == locked(builds[1])["inner"]
    assert builds[2].codes == []


def test_was_cannot_turn_a_card_into_another_kind() -> None:
    cloze = "  - {id: outer-hamstring, was: outer, cloze: 'Outer: {{c1::biceps}}'}\n"
    builds = build_in_turn(OUTER + INNER, RENAMED + INNER, cloze + INNER)

    (error,) = (error for error in builds[2].result.report if error.severity is Severity.ERROR)
    assert (error.code, error.note) == ("card-kind-changed", "leave out `was`")


def test_a_typo_in_the_former_name_of_an_item_is_told_by_its_name(first: DeckBuild) -> None:
    second = build(SECOND.replace("bruise: bruising", "bruise: bruisng"), first, day=1)

    (warning,) = (told for told in second.result.report if told.code == "former-id-unknown")
    assert warning.message == "no part of `symptoms` was released as `bruisng`"
    assert warning.help == "did you mean `bruising`?"


def test_many_restored_histories_are_one_note() -> None:
    names = [f"card-{number}" for number in range(60)]
    texts = [f"q: What is {number} times two?, a: It is {2 * number}}}\n" for number in range(60)]
    old, new, repaired = (
        "".join(f"  - {{{start.format(name)}, {text}" for name, text in zip(names, texts, strict=True))
        for start in ("id: {0}", "id: new-{0}", "id: new-{0}, was: {0}")
    )
    builds = build_in_turn(old, new, repaired)

    (told,) = builds[2].result.report
    assert (told.code, told.message) == ("history-restored", "60 cards continue the histories of older ones")
