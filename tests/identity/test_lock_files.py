"""Locks as files: what disks, transfers and git do to them."""

from cardwright import pipeline
from cardwright.pipeline import BuildOptions
from tests.support.builds import build_deck
from tests.support.memory import FakeEnvironment, deck_files

DECK = {"legs.yaml": "deck: Legs\nid: legs\ncards:\n  - {id: a, q: Outer?, a: Biceps}\n"}


def test_a_lock_that_is_not_text_has_to_be_restored() -> None:
    """Nobody writes it by hand, so another encoding would not bring it back."""
    options = BuildOptions(now=1_700_000_000, outputs=("anki",))
    result = pipeline.build(deck_files(DECK, bytes(range(256))), FakeEnvironment(), options)

    (error,) = result.report
    assert (error.code, error.message) == ("lock-damaged", "the lock is not readable text")
    assert error.help.startswith("restore the lock from git")
    assert result.files == ()


def test_locked_ignores_the_line_ends_that_git_writes_on_windows() -> None:
    lock = build_deck(DECK).lock.replace(b"\n", b"\r\n")
    options = BuildOptions(now=1_800_000_000, outputs=("anki",), locked=True)
    result = pipeline.build(deck_files(DECK, lock), FakeEnvironment(), options)

    assert list(result.report) == []
    assert [file.path for file in result.files] == ["decks/legs/legs.apkg", "decks/legs/CHANGES.md"]
