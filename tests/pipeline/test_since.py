"""What is printed anew after a release: what is new or edited, and what to take out of the pile."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright import pipeline
from cardwright.diagnostics.report import Report
from cardwright.pipeline.changes_since import (
    Changes,
    Release,
    ReleaseLock,
    ReleasePackage,
    ReleaseTime,
    find_changes,
)
from cardwright.pipeline.load import load_decks
from tests.support.custom_decks import BICEPS, MUSCLE, SEMI
from tests.support.custom_decks import Author as OwnAuthor
from tests.support.memory import FakeEnvironment, deck_files

HEAD = "deck: Legs\nid: legs\ncards:\n"
OUTER = "  - {id: outer, q: Outer?, a: Biceps femoris, reverse: Which side is biceps femoris on?}\n"
PLAIN_OUTER = "  - {id: outer, q: Outer?, a: Biceps femoris}\n"
INNER = "  - {id: inner, q: Inner?, a: Semimembranosus}\n"
EDITED_INNER = INNER.replace("Inner?", "Which lies inside?")
NERVE = "  - {id: nerve, cloze: 'The {{c1::sciatic}} nerve is {{c2::thick}}'}\n"
THIN_NERVE = "  - {id: nerve, cloze: 'The {{c1::sciatic}} nerve is thick'}\n"

LOCK = "cards_source/legs.lock"
DAY = 86_400


@dataclass
class Author:
    """Someone who releases a deck now and then; each release is kept."""

    now: int = 1_700_000_000
    lock: bytes | None = None

    def releases(self, *cards: str) -> list[Release]:
        """Build, a day later. Returns every way to speak of this release."""
        self.now += DAY
        options = pipeline.BuildOptions(self.now, outputs=("anki",))
        outcome = pipeline.build(
            deck_files({"legs.yaml": HEAD + "".join(cards)}, self.lock), FakeEnvironment(), options
        )
        assert not outcome.report.has_errors
        built = {output.path: output.data for output in outcome.files}
        self.lock = built[LOCK]
        return [
            ReleaseTime("yesterday", self.now + 1),
            ReleaseLock("v1", LOCK, self.lock),
            ReleasePackage("legs-1.apkg", built["decks/legs/legs.apkg"]),
        ]

    def has(self, *cards: str, since: Release) -> tuple[Changes | None, list[str]]:
        """What is said while the sources hold these cards, without a build."""
        report = Report()
        (loaded,) = load_decks(
            deck_files({"legs.yaml": HEAD + "".join(cards)}, self.lock), FakeEnvironment(), report
        )
        found = find_changes(loaded, since, report)
        return found, [one.message for one in report]


WAYS = pytest.mark.parametrize("way", [0, 1, 2], ids=["moment", "lock", "package"])


@WAYS
def test_nothing_has_changed_since_a_release_that_is_the_newest(way: int) -> None:
    """Whatever it is called by."""
    author = Author()
    since = author.releases(OUTER, INNER)[way]

    assert author.has(OUTER, INNER, since=since) == (Changes(frozenset(), ()), [])


@WAYS
@pytest.mark.parametrize("built", [False, True], ids=["not yet built", "built"])
def test_new_and_edited_notes_are_found(way: int, built: bool) -> None:
    """A build in between makes no difference: paper is printed before a release, to read it once more."""
    author = Author()
    since = author.releases(OUTER, INNER)[way]
    if built:
        author.releases(OUTER, EDITED_INNER, NERVE)

    found, told = author.has(OUTER, EDITED_INNER, NERVE, since=since)
    assert found == Changes(frozenset({"inner", "nerve"}), ())
    assert told == []


@WAYS
def test_cards_that_left_with_a_build_are_named_as_printed(way: int) -> None:
    """They lie in the pile and would be learned on; a note may have had several."""
    author = Author()
    since = author.releases(OUTER, INNER, NERVE)[way]
    author.releases(INNER)

    found, _ = author.has(INNER, since=since)
    assert found == Changes(frozenset(), ("nerve", "nerve#2", "outer", "outer#2"))


@WAYS
def test_cards_that_no_build_has_missed_yet_are_named_too(way: int) -> None:
    """The sources count, as with what is new."""
    author = Author()
    since = author.releases(OUTER, INNER)[way]

    found, _ = author.has(INNER, since=since)
    assert found == Changes(frozenset(), ("outer", "outer#2"))


@WAYS
def test_one_card_of_a_note_that_stays_may_leave_too(way: int) -> None:
    """A reverse taken away, a cloze number given up: the other card is printed anew, this one is to go."""
    author = Author()
    since = author.releases(OUTER, NERVE)[way]

    found, _ = author.has(PLAIN_OUTER, THIN_NERVE, since=since)
    assert found == Changes(frozenset({"outer", "nerve"}), ("nerve#2", "outer#2"))


def test_what_came_and_went_since_was_never_on_that_paper() -> None:
    """So there is nothing to take out."""
    author = Author()
    since = author.releases(INNER)[0]
    author.releases(INNER, OUTER)
    author.releases(INNER)

    assert author.has(INNER, since=since)[0] == Changes(frozenset(), ())


def test_a_renamed_note_is_the_same_card() -> None:
    """Its guid is, and the printed card shows the id, so it counts as edited and as nothing that left."""
    author = Author()
    for since in author.releases(INNER)[1:]:
        found, _ = author.has(INNER.replace("id: inner", "id: inmost, was: inner"), since=since)
        assert found is not None
        assert found.removed_cards == ()


@pytest.mark.parametrize("way", [0, 1, 2])
def test_a_deck_without_a_lock_is_new_as_a_whole(way: int) -> None:
    """Nothing tells what was released when; the user hears that."""
    since = Author().releases(INNER)[way]

    found, told = Author().has(OUTER, INNER, since=since)
    assert found is not None
    assert found.keys == {"outer", "inner"}
    assert told == ["the deck has no lock yet, so all of its cards count as new"]


def test_a_revision_before_the_first_lock_has_none_of_the_cards() -> None:
    """A tag on an early commit is no mistake."""
    author = Author()
    author.releases(INNER)

    found, told = author.has(INNER, since=ReleaseLock("v0", LOCK, None))
    assert found == Changes(frozenset({"inner"}), ())
    assert told == ["the deck had no lock at v0, so all of it counts as new"]


def test_a_release_of_another_deck_says_nothing_of_this_one() -> None:
    """All of it would be new, and all of the other to be taken out."""
    author = Author()
    _, lock, package = author.releases(INNER)
    for since in (lock, package):
        report = Report()
        files = deck_files({"arms.yaml": HEAD.replace("legs", "arms") + INNER})
        (loaded,) = load_decks(files, FakeEnvironment(), report)

        assert find_changes(loaded, since, report) is None
        assert [one.code for one in report] == ["release-of-another-deck"]


@pytest.mark.parametrize(
    ("since", "code"),
    [
        (ReleasePackage("legs.apkg", b"PK\x03\x04 nothing"), "not-a-package"),
        (ReleaseLock("v1", "v1:legs.lock", b"{}\n"), "lock-damaged"),
        (ReleaseLock("v1", "v1:legs.lock", b"\xff\xfe"), "lock-damaged"),
    ],
)
def test_a_release_that_cannot_be_read_is_told(since: Release, code: str) -> None:
    """And is not taken for one that had no cards."""
    author = Author()
    author.releases(INNER)
    report = Report()
    (loaded,) = load_decks(deck_files({"legs.yaml": HEAD + INNER}, author.lock), FakeEnvironment(), report)

    assert find_changes(loaded, since, report) is None
    assert code in {one.code for one in report}


cards = st.sets(st.sampled_from([OUTER, INNER, NERVE]), min_size=1).map(sorted)


@given(st.lists(cards, min_size=2, max_size=4), cards)
def test_the_pile_is_right_after_every_history(releases: list[list[str]], now: list[str]) -> None:
    """Printing what changed, and taking out what left, gives the pile that printing all of it would."""
    author = Author()
    (moment, lock, package), *_ = [author.releases(*one) for one in releases]
    names = {OUTER: {"outer", "outer#2"}, INNER: {"inner"}, NERVE: {"nerve", "nerve#2"}}
    before = {name for card in releases[0] for name in names[card]}
    wanted = {name for card in now for name in names[card]}
    for since in (moment, lock, package):
        found, _ = author.has(*now, since=since)
        assert found is not None
        printed = {name for name in wanted if name.split("#")[0] in found.keys}

        assert (before - set(found.removed_cards)) | printed == wanted


@pytest.mark.parametrize("built", [False, True], ids=["not yet built", "built"])
@pytest.mark.parametrize("way", [0, 1], ids=["lock", "package"])
def test_cards_that_a_template_makes_of_notes_as_they_were_are_found(way: int, built: bool) -> None:
    """
    A spare template of an author's own note type may be filled later. No note moves then, and yet a card
    is new.
    """
    author = OwnAuthor()
    build = author.build(BICEPS, SEMI)
    since = (ReleaseLock("v1", LOCK, build.lock), ReleasePackage("legs-1.apkg", build.package))[way]
    nerve = {"front": "{{#Insertion}}Which muscle ends at {{Insertion}}?{{/Insertion}}", "back": "{{Name}}"}
    author.types = {"muscle": {**MUSCLE, "templates": {**MUSCLE["templates"], "Spare 1": nerve}}}
    if built:
        build = author.build(BICEPS, SEMI)

    files = deck_files({"legs.yaml": author.deck_text(BICEPS, SEMI)}, build.lock)
    (loaded,) = load_decks(files, FakeEnvironment(), Report())
    assert find_changes(loaded, since, Report()) == Changes(frozenset({"semi"}), ())
