"""Locks as files: what disks, transfers and git do to them."""

from cardwright import pipeline
from cardwright.pipeline import BuildOptions
from tests.support.memory import FakeEnvironment, deck_files

DECK = {"legs.yaml": "deck: Legs\nid: legs\ncards:\n  - {id: a, q: Outer?, a: Biceps}\n"}
OPTIONS = BuildOptions(now=1_700_000_000, outputs=("anki",))


def test_a_lock_that_is_no_text_is_to_be_taken_back() -> None:
    """Nobody writes it by hand: to save it in another encoding would not bring it back."""
    outcome = pipeline.build(deck_files(DECK, bytes(range(256))), FakeEnvironment(), OPTIONS)

    (finding,) = outcome.report
    assert (finding.code, finding.message) == ("lock-damaged", "the lock is not readable text")
    assert finding.help.startswith("restore the lock from git")
    assert outcome.files == ()


def test_locked_does_not_mind_the_line_ends_that_git_writes() -> None:
    """On Windows it may check the lock out with other ones, and nothing about the deck has changed."""
    lock = pipeline.build(deck_files(DECK), FakeEnvironment(), OPTIONS).files[0].data
    locked = BuildOptions(now=1_800_000_000, outputs=("anki",), locked=True)

    outcome = pipeline.build(deck_files(DECK, lock.replace(b"\n", b"\r\n")), FakeEnvironment(), locked)

    assert list(outcome.report) == []
    assert [one.path for one in outcome.files] == ["decks/legs/legs.apkg", "decks/legs/CHANGES.md"]
