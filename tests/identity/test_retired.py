"""Cards that leave the sources: nobody loses them, and whoever wants to can find them."""

from dataclasses import replace
from pathlib import Path

import pytest

from cardwright.diagnostics import Severity
from cardwright.pipeline import check
from tests.support.builds import DAY, NOW, DeckBuild, build_deck
from tests.support.memory import FakeEnvironment, deck_files
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
    assert second.messages[1] == "the text of `outer` is in no package any more"
    assert not second.has_retired_package


def test_the_message_about_a_retired_note_shows_its_text() -> None:
    """At the deck's id, since the card has no place any more."""
    second = build(NERVE, previous=build(OUTER, NERVE), now=NOW + DAY)

    (diagnostic,) = second.result.report
    assert diagnostic.message == "`outer` has left the sources and is retired"
    assert diagnostic.severity is Severity.NOTE
    assert (diagnostic.span and diagnostic.span.text, diagnostic.note) == ("legs", "Outer?")


def test_many_retired_notes_are_one_message() -> None:
    """It names the first cards, each with the text of its first note."""
    cards = [f"  - {{id: card-{number}, q: Which is {number}?, a: A}}\n" for number in range(8)]
    items = "  - {id: heads, list: Which heads?, items: {long: Long, short: Short}}\n"
    second = build(NERVE, previous=build(*cards, items, NERVE), now=NOW + DAY)

    (diagnostic,) = second.result.report
    assert diagnostic.message == "10 notes have left the sources and are retired"
    assert diagnostic.help.split("\n")[1:] == [
        *(f"`card-{number}`: Which is {number}?" for number in range(5)),
        "and 4 more cards",
    ]
    assert diagnostic.help.startswith("learners keep their cards; if you only changed an id, add `was:`")

    third = build(NERVE, previous=build(items, NERVE), now=NOW + DAY)
    (diagnostic,) = third.result.report
    assert diagnostic.help.split("\n")[1:] == ["`heads` (2 notes): Which heads? / • […] • Short"]


def test_a_check_says_what_a_build_would_retire() -> None:
    first = build(OUTER, NERVE)
    environment = FakeEnvironment(outputs=first.files)
    report = check(deck_files({"legs.yaml": HEAD + NERVE}, first.lock), environment, ["anki"])

    assert [(diagnostic.code, diagnostic.note) for diagnostic in report] == [("note-retired", "Outer?")]
