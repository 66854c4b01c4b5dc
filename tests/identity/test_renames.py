"""Rewritten ids: with `was`, a card under a new name is the card it was, to Anki too."""

import re
from pathlib import Path

import pytest

from cardwright import pipeline
from cardwright.diagnostics.diagnostic import Severity
from cardwright.pipeline import BuildResult
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.real_anki import Imported, learner

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


def release(text: str, lock: bytes | None, now: int, package: bytes = b"") -> BuildResult:
    """A build. package: of the last one."""
    options = pipeline.BuildOptions(now=now, outputs=("anki",))
    shelf = FakeEnvironment(outputs={"decks/legs/legs.apkg": package})
    return pipeline.build(deck_files({"legs.yaml": text}, lock), shelf, options)


def outputs(outcome: BuildResult) -> dict[str, bytes]:
    return {output.path.rsplit(".", 1)[1]: output.data for output in outcome.files}


def test_a_card_with_a_new_id_keeps_its_schedule(tmp_path: Path) -> None:
    """The guid stays, so Anki updates the note it has; nothing is new, nothing is lost."""
    first = outputs(release(FIRST, None, 1_700_000_000))
    second = release(SECOND, first["lock"], 1_700_000_100)

    assert [finding.message for finding in second.report] == []
    with learner(tmp_path) as student:
        assert student.imports(first["apkg"]) == Imported(3, 0, 0, 0)
        student.studies_everything()
        before = sorted(student.progress().values())

        assert student.imports(outputs(second)["apkg"]) == Imported(0, 3, 0, 0)

        assert sorted(student.progress().values()) == before
        assert student.keys() == {"outer-hamstring", "symptoms/bruise", "symptoms/limp"}


def test_a_rename_is_told_once_and_then_quiet() -> None:
    """`was` may stay in the sources for good."""
    first = outputs(release(FIRST, None, 1_700_000_000))
    second = outputs(release(SECOND, first["lock"], 1_700_000_100))

    third = release(SECOND, second["lock"], 1_700_000_200)

    assert outputs(third) == second
    assert len(third.report) == 0


def test_a_former_id_that_was_never_released_is_warned_of() -> None:
    """A slip of the pen would retire the old card and begin a new one."""
    first = outputs(release(FIRST, None, 1_700_000_000))

    slip = SECOND.replace("was: outer", "was: outter")
    second = release(slip, first["lock"], 1_700_000_100, first["apkg"])

    assert [finding.code for finding in second.report] == ["note-retired", "former-id-unknown"]
    assert [finding.help for finding in second.report][1] == "did you mean `outer`?"


def test_a_deck_with_a_new_name_is_the_deck_it_was(tmp_path: Path) -> None:
    """Anki finds decks by name and never moves a card: the author is told, and nobody loses anything."""
    first = outputs(release(FIRST, None, 1_700_000_000))
    second = release(FIRST.replace("deck: Legs", "deck: Limbs"), first["lock"], 1_700_000_100)

    assert [(finding.code, finding.note) for finding in second.report] == [("deck-renamed", "now `Limbs`")]
    with learner(tmp_path) as student:
        student.imports(first["apkg"])
        student.studies_everything()
        before = student.progress()

        assert student.imports(outputs(second)["apkg"]) == Imported(0, 0, 3, 0)

        assert student.progress() == before


def test_a_deck_with_a_new_id_is_refused() -> None:
    """Every identity hangs on it; under another one all cards would be new."""
    first = outputs(release(FIRST, None, 1_700_000_000))

    second = release(FIRST.replace("id: legs", "id: limbs"), first["lock"], 1_700_000_100)

    assert [finding.code for finding in second.report] == ["deck-id-changed"]
    assert second.files == ()


def test_without_a_lock_the_oldest_id_counts() -> None:
    """A lost lock loses no identity: it is derived again from what learners have."""
    first = release(FIRST, None, 1_700_000_000)
    again = release(SECOND, None, 1_700_000_100)

    def guids(outcome: BuildResult) -> set[str]:
        return set(re.findall(r'"guid":"([^"]*)"', outputs(outcome)["lock"].decode()))

    assert guids(again) == guids(first)


def test_a_new_item_of_a_renamed_list_is_no_slip_of_the_pen(tmp_path: Path) -> None:
    """
    `was` stays in the sources; what is new since is made from the oldest names, so that a lost lock
    gives it the same identity again.
    """
    first = outputs(release(FIRST, None, 1_700_000_000))
    second = outputs(release(SECOND, first["lock"], 1_700_000_100))
    grown = SECOND.replace("limp: a limp", "limp: a limp, pain: pain")
    third = release(grown, second["lock"], 1_700_000_200)
    anew = outputs(release(grown, None, 1_700_000_300))

    assert len(third.report) == 0
    with learner(tmp_path) as student:
        assert student.imports(outputs(third)["apkg"]) == Imported(4, 0, 0, 0)
        assert student.imports(anew["apkg"]) == Imported(0, 4, 0, 0)


def test_a_slip_of_the_pen_that_was_built_cannot_be_mended_behind_the_lock() -> None:
    """The card has begun anew in the lock, and one id has one history."""
    first = outputs(release(FIRST, None, 1_700_000_000))
    slip = SECOND.replace("was: outer", "was: outter")
    second = outputs(release(slip, first["lock"], 1_700_000_100, first["apkg"]))
    mended = release(SECOND, second["lock"], 1_700_000_200, second["apkg"])

    assert [finding.code for finding in mended.report] == ["former-id-too-late"]
    assert release(SECOND, first["lock"], 1_700_000_200, first["apkg"]).files


def test_an_id_that_another_card_has_had_cannot_be_taken() -> None:
    """The card would go on with the schedule of that one."""
    first = outputs(release(FIRST, None, 1_700_000_000))
    two = FIRST.replace("Biceps femoris}", "Biceps femoris}\n  - {id: inner, q: Inner?, a: Semimembranosus}")
    second = outputs(release(two, first["lock"], 1_700_000_100, first["apkg"]))
    third = outputs(release(FIRST, second["lock"], 1_700_000_200, second["apkg"]))
    taken = FIRST.replace("{id: outer,", "{id: inner, was: outer,")
    fourth = release(taken, third["lock"], 1_700_000_300, third["apkg"])

    errors = [finding.message for finding in fourth.report if finding.severity is Severity.ERROR]
    assert errors == ["`inner` already has a history of its own"]
