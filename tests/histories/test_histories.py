"""No edit of an author, in any order, over many releases, costs a learner anything.

Random histories, judged by real Anki; and those that once went wrong, by name. `make
histories` tries many more of them.
"""

import os

import pytest
from hypothesis import Phase, settings

from tests.support.histories import YEAR, History

pytestmark = pytest.mark.anki

EXAMPLES = int(os.environ.get("HISTORIES", "60"))

TestHistories = History.TestCase
TestHistories.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=10,
    report_multiple_bugs=False,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)


def test_failing_a_leech_once_more_is_no_edit_of_the_learner() -> None:
    """
    Anki tags the note the first time only. What an author released under a clock that is ahead
    then counts as newer than the tag, however late the second failure.
    """
    with History() as history:
        history.begins(["question"])
        history.releases_deck(drift=3600)
        history.imports()
        history.fails_a_card(0)
        history.passes(86_400)
        history.fails_a_card(0)


def test_a_card_that_was_out_when_the_lock_was_lost_comes_back_as_itself() -> None:
    """Its identity is derived anew, and its schedule is still there; nobody remembers its `mod`."""
    with History() as history:
        history.begins(["question", "cloze"])
        history.releases_deck()
        history.imports()
        history.studies([0, 1], [3, 4])
        history.deletes_card(0)
        history.releases_deck()
        history.loses_lock()
        history.passes(60)
        history.releases_deck()
        history.brings_card_back(0, 0, 0)
        history.passes(60)
        history.releases_deck()


def test_a_release_under_a_clock_a_year_behind_still_arrives() -> None:
    """Whoever took the release before it under a clock a year ahead gets the edit all the same."""
    with History() as history:
        history.begins(["question"])
        history.releases_deck(drift=YEAR)
        history.imports()
        history.rewords_answer(0, 0)
        history.releases_deck(drift=-YEAR)


def test_what_was_renamed_and_retired_in_releases_that_a_learner_skipped_is_known_again() -> None:
    """The package that marks what is gone, too, speaks of the notes that this learner has."""
    with History() as history:
        history.begins(["list", "table"])
        history.releases_deck()
        history.imports()
        history.studies([0, 1, 2, 3], [3])
        history.rewrites_id(0)
        history.rewrites_key(0, 0, 0)
        history.releases_deck()
        history.removes_part(0, 0, 0)
        history.deletes_card(1)
        history.releases_deck()
        history.imports_retired()
        history.brings_card_back(0, 0, 0)
        history.brings_part_back(0, 0, 0)
        history.releases_deck()
