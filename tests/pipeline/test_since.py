"""What has changed since a release: notes that are new or edited, and cards to take out of the pile."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.diagnostics import Report
from cardwright.pipeline.changes_since import (
    Changes,
    Release,
    ReleaseLock,
    ReleasePackage,
    ReleaseTime,
    find_changes,
)
from cardwright.pipeline.load import LoadedDeck, load_decks
from tests.support import custom_decks
from tests.support.builds import DAY, NOW, DeckBuild, build_deck
from tests.support.custom_decks import BICEPS, MUSCLE, SEMI
from tests.support.memory import FakeEnvironment, deck_files

HEAD = "deck: Legs\nid: legs\ncards:\n"
OUTER = "  - {id: outer, q: Outer?, a: Biceps femoris, reverse: Which side is biceps femoris on?}\n"
PLAIN_OUTER = "  - {id: outer, q: Outer?, a: Biceps femoris}\n"
INNER = "  - {id: inner, q: Inner?, a: Semimembranosus}\n"
EDITED_INNER = INNER.replace("Inner?", "Which lies inside?")
NERVE = "  - {id: nerve, cloze: 'The {{c1::sciatic}} nerve is {{c2::thick}}'}\n"
THIN_NERVE = "  - {id: nerve, cloze: 'The {{c1::sciatic}} nerve is thick'}\n"

LOCK = "cards_source/legs.lock"


def load(text: str, lock: bytes | None) -> LoadedDeck:
    (loaded,) = load_decks(deck_files({"legs.yaml": text}, lock), FakeEnvironment(), Report())
    return loaded


@dataclass
class Author:
    """Someone who releases a deck now and then."""

    now: int = NOW
    last_build: DeckBuild | None = None

    def releases(self, *cards: str) -> list[Release]:
        """Build, a day later. Returns every way to name this release."""
        self.now += DAY
        build = build_deck({"legs.yaml": HEAD + "".join(cards)}, self.last_build, now=self.now)
        assert not build.result.report.has_errors
        self.last_build = build
        return [
            ReleaseTime("yesterday", self.now + 1),
            ReleaseLock("v1", LOCK, build.lock),
            ReleasePackage("legs-1.apkg", build.package),
        ]

    def changes(self, *cards: str, since: Release) -> tuple[Changes | None, list[str]]:
        """Return the changes and messages while the sources have these cards, without a build."""
        report = Report()
        lock = None if self.last_build is None else self.last_build.lock
        changes = find_changes(load(HEAD + "".join(cards), lock), since, report)
        return changes, [diagnostic.message for diagnostic in report]


WAYS = pytest.mark.parametrize("way", [0, 1, 2], ids=["time", "lock", "package"])


@WAYS
def test_nothing_has_changed_since_the_newest_release(way: int) -> None:
    author = Author()
    since = author.releases(OUTER, INNER)[way]

    assert author.changes(OUTER, INNER, since=since) == (Changes(frozenset(), ()), [])


@WAYS
@pytest.mark.parametrize("built", [False, True], ids=["not yet built", "built"])
def test_new_and_edited_notes_are_found(way: int, built: bool) -> None:
    """A build in between makes no difference: paper is printed before a release, to be proofread."""
    author = Author()
    since = author.releases(OUTER, INNER)[way]
    if built:
        author.releases(OUTER, EDITED_INNER, NERVE)

    changes, messages = author.changes(OUTER, EDITED_INNER, NERVE, since=since)
    assert changes == Changes(frozenset({"inner", "nerve"}), ())
    assert messages == []


@WAYS
def test_cards_removed_by_a_build_are_named_as_printed(way: int) -> None:
    """They are in the pile and would still be learned; a note may have had several."""
    author = Author()
    since = author.releases(OUTER, INNER, NERVE)[way]
    author.releases(INNER)

    changes, _ = author.changes(INNER, since=since)
    assert changes == Changes(frozenset(), ("nerve", "nerve#2", "outer", "outer#2"))


@WAYS
def test_cards_removed_since_the_last_build_are_named_too(way: int) -> None:
    author = Author()
    since = author.releases(OUTER, INNER)[way]

    changes, _ = author.changes(INNER, since=since)
    assert changes == Changes(frozenset(), ("outer", "outer#2"))


@WAYS
def test_one_card_of_a_note_that_stays_may_be_removed(way: int) -> None:
    """A reverse or a cloze number is gone: the other card is printed again, this one is to be taken out."""
    author = Author()
    since = author.releases(OUTER, NERVE)[way]

    changes, _ = author.changes(PLAIN_OUTER, THIN_NERVE, since=since)
    assert changes == Changes(frozenset({"outer", "nerve"}), ("nerve#2", "outer#2"))


def test_a_note_that_was_added_and_removed_since_is_no_change() -> None:
    author = Author()
    since = author.releases(INNER)[0]
    author.releases(INNER, OUTER)
    author.releases(INNER)

    assert author.changes(INNER, since=since)[0] == Changes(frozenset(), ())


def test_a_renamed_note_is_the_same_card() -> None:
    """Its GUID stays; the printed card shows the id, so it counts as edited and not as removed."""
    author = Author()
    for since in author.releases(INNER)[1:]:
        changes, _ = author.changes(INNER.replace("id: inner", "id: inmost, was: inner"), since=since)
        assert changes is not None
        assert changes.removed_cards == ()


@pytest.mark.parametrize("way", [0, 1, 2])
def test_every_note_of_a_deck_without_a_lock_is_new(way: int) -> None:
    since = Author().releases(INNER)[way]

    changes, messages = Author().changes(OUTER, INNER, since=since)
    assert changes is not None
    assert changes.keys == {"outer", "inner"}
    assert messages == ["the deck has no lock yet, so all of its cards count as new"]


def test_a_revision_before_the_first_lock_has_none_of_the_cards() -> None:
    """A tag on an early commit is no mistake."""
    author = Author()
    author.releases(INNER)

    changes, messages = author.changes(INNER, since=ReleaseLock("v0", LOCK, None))
    assert changes == Changes(frozenset({"inner"}), ())
    assert messages == ["the deck had no lock at v0, so all of it counts as new"]


def test_a_release_of_another_deck_is_an_error() -> None:
    """All of this deck would be new, and all of the other to be taken out."""
    author = Author()
    _, lock, package = author.releases(INNER)
    for since in (lock, package):
        report = Report()

        assert find_changes(load(HEAD.replace("legs", "arms") + INNER, None), since, report) is None
        assert [diagnostic.code for diagnostic in report] == ["release-of-another-deck"]


@pytest.mark.parametrize(
    ("since", "code"),
    [
        (ReleasePackage("legs.apkg", b"PK\x03\x04 nothing"), "not-a-package"),
        (ReleaseLock("v1", "v1:legs.lock", b"{}\n"), "lock-damaged"),
        (ReleaseLock("v1", "v1:legs.lock", b"\xff\xfe"), "lock-damaged"),
    ],
)
def test_an_unreadable_release_is_an_error(since: Release, code: str) -> None:
    """It must not be taken for a release without cards."""
    report = Report()
    lock = build_deck({"legs.yaml": HEAD + INNER}).lock

    assert find_changes(load(HEAD + INNER, lock), since, report) is None
    assert code in {diagnostic.code for diagnostic in report}


card_lists = st.sets(st.sampled_from([OUTER, INNER, NERVE]), min_size=1).map(sorted)


@given(st.lists(card_lists, min_size=2, max_size=4), card_lists)
def test_the_pile_is_right_after_every_history(releases: list[list[str]], current: list[str]) -> None:
    """Printing what changed and removing what is gone gives the pile that printing everything would."""
    author = Author()
    (time, lock, package), *_ = [author.releases(*cards) for cards in releases]
    names = {OUTER: {"outer", "outer#2"}, INNER: {"inner"}, NERVE: {"nerve", "nerve#2"}}
    before = {name for card in releases[0] for name in names[card]}
    expected = {name for card in current for name in names[card]}
    for since in (time, lock, package):
        changes, _ = author.changes(*current, since=since)
        assert changes is not None
        printed = {name for name in expected if name.split("#")[0] in changes.keys}

        assert (before - set(changes.removed_cards)) | printed == expected


@pytest.mark.parametrize("built", [False, True], ids=["not yet built", "built"])
@pytest.mark.parametrize("way", [0, 1], ids=["lock", "package"])
def test_new_cards_from_a_new_template_of_unchanged_notes_are_found(way: int, built: bool) -> None:
    """A spare template of a custom note type may be filled later."""
    author = custom_decks.Author()
    build = author.build(BICEPS, SEMI)
    since = (ReleaseLock("v1", LOCK, build.lock), ReleasePackage("legs-1.apkg", build.package))[way]
    nerve = {"front": "{{#Insertion}}Which muscle ends at {{Insertion}}?{{/Insertion}}", "back": "{{Name}}"}
    author.types = {"muscle": {**MUSCLE, "templates": {**MUSCLE["templates"], "Spare 1": nerve}}}
    if built:
        build = author.build(BICEPS, SEMI)

    loaded = load(author.deck_text(BICEPS, SEMI), build.lock)
    assert find_changes(loaded, since, Report()) == Changes(frozenset({"semi"}), ())
