"""The main promise: no edit of an author, in any order, over many releases, costs a learner anything.

Random histories, judged by real Anki, and by name those that once failed. `make histories` tries
many more of them.
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
    """Anki tags the note the first time only, so a release under a clock that is ahead stays newer."""
    with History() as history:
        history.begin(["question"])
        history.publish(drift=3600)
        history.import_release()
        history.make_leech(0)
        history.wait(86_400)
        history.make_leech(0)


def test_a_card_deleted_when_the_lock_was_lost_comes_back_as_itself() -> None:
    """Its identity is derived again and its schedule is still there; only its `mod` is forgotten."""
    with History() as history:
        history.begin(["question", "cloze"])
        history.publish()
        history.import_release()
        history.study([0, 1], [3, 4])
        history.delete_card(0)
        history.publish()
        history.lose_lock()
        history.wait(60)
        history.publish()
        history.restore_card(0, 0, 0)
        history.wait(60)
        history.publish()


def test_a_release_under_a_clock_a_year_behind_still_arrives() -> None:
    """Even for learners of the previous release, made under a clock a year ahead."""
    with History() as history:
        history.begin(["question"])
        history.publish(drift=YEAR)
        history.import_release()
        history.reword_answer(0, 0)
        history.publish(drift=-YEAR)


def test_renames_and_retirements_in_skipped_releases_are_recognised() -> None:
    """The package of retired notes, too, refers to the notes that this learner has."""
    with History() as history:
        history.begin(["list", "table"])
        history.publish()
        history.import_release()
        history.study([0, 1, 2, 3], [3])
        history.change_id(0)
        history.change_key(0, 0, 0)
        history.publish()
        history.delete_part(0, 0, 0)
        history.delete_card(1)
        history.publish()
        history.import_retired()
        history.restore_card(0, 0, 0)
        history.restore_part(0, 0, 0)
        history.publish()


def test_a_card_from_a_spare_template_is_no_edit_of_its_note() -> None:
    """Fields and `mod` of the note stay as they are, so a learner's later leech tag stays too."""
    with History() as history:
        history.begin(["custom"])
        history.reverse_card(0)
        history.publish()
        history.import_release()
        history.make_leech(0)
        history.wait(1)
        history.use_spare_template()
        history.publish()
        history.import_release()


def test_cards_stay_where_learners_have_them_and_new_ones_go_to_their_sub_deck() -> None:
    """Whether the author moves them, or the learner renames the sub-deck."""
    with History() as history:
        history.begin(["question", "list"])
        history.put_topic_into_subdeck(0, "Upper")
        history.publish()
        history.import_release()
        history.study([0, 1, 2], [3])
        history.put_topic_into_subdeck(0, "Upper::Lower")
        history.put_card_into_subdeck(1, "")
        history.add_item(1, 0)
        history.add_card(0, 0, "cloze")
        history.publish()
        history.import_release()
        history.rename_learners_deck("My deck")
        history.delete_card(1)
        history.add_card(0, 0, "table")
        history.publish()
        history.import_release()
        history.import_retired()


def test_was_two_releases_late_costs_no_learner_anything() -> None:
    """Neither one who has both cards, nor one who skipped releases; new items stay what they are."""
    for skipped in (False, True):
        with History() as history:
            history.begin(["question", "list", "table"])
            history.publish()
            history.import_release()
            history.study([0, 1, 2, 3], [3, 4])
            for card in (0, 1, 2):
                history.change_id_without_was(card)
            history.publish()
            if not skipped:
                history.import_release()
                history.study([4, 5, 6, 7, 8, 9], [1, 4])
            history.add_item(1, 0)
            history.add_row(2, 1)
            history.reword_answer(0, 0)
            history.change_id(0)
            history.publish(drift=-YEAR)
            if not skipped:
                history.import_release()
                history.import_retired()
            for card in (0, 1, 2):
                history.add_was(card)
            history.publish()
            history.import_release()
            history.import_retired()
            history.change_id_without_was(1)
            history.publish()
            history.restore_lock(0)
            history.add_was(1)
            history.publish()


def test_keys_of_items_rows_and_columns_can_be_repaired_as_well() -> None:
    with History() as history:
        history.begin(["list", "table"])
        history.publish()
        history.import_release()
        history.study([0, 1, 2, 3, 4, 5], [3])
        history.change_key_without_was(0, 0, 1)
        history.change_key_without_was(1, 0, 0)
        history.publish()
        history.import_release()
        history.add_row(1, 0)
        history.publish()
        history.add_was_to_part(0)
        history.add_was_to_part(1)
        history.publish(drift=3600)
        history.import_release()
        history.import_retired()
        history.change_key_without_was(1, 1, 0)
        history.publish()
        history.add_was_to_part(1)
        history.lose_lock()
        history.publish()


def test_a_note_that_left_keeps_its_text_when_a_spare_template_comes() -> None:
    """Anki makes a card of it, as of every note with the field; nothing else of it changes."""
    with History() as history:
        history.begin(["question", "custom"])
        history.reverse_card(1)
        history.publish()
        history.import_release()
        history.change_id_without_was(1)
        history.use_spare_template()
        history.wait(60)
        history.publish()
        history.import_release()


def test_the_card_of_a_spare_template_is_beside_the_others_where_the_learner_has_them() -> None:
    """Anki makes it; a card that comes with the package is in the deck that the release names."""
    with History() as history:
        history.begin(["custom", "question"])
        history.reverse_card(0)
        history.publish()
        history.import_release()
        history.rename_learners_deck("My deck")
        history.reverse_card(1)
        history.use_spare_template()
        history.wait(60)
        history.publish()
        history.import_release()


def test_a_note_type_that_was_not_in_use_when_the_lock_was_lost_is_no_older_than_the_others() -> None:
    """The clock was a year ahead at the release after the loss, and a year behind when it came back."""
    with History() as history:
        history.begin(["custom", "question"])
        history.publish()
        history.import_release()
        history.delete_card(1)
        history.change_language("de")
        history.lose_lock()
        history.wait(60)
        history.publish(drift=YEAR)
        history.add_card(0, 0, "question")
        history.publish(drift=-YEAR)
        history.import_release()
