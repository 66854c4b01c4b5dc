"""Ids that an editor has overwritten, since it saved what it had before a build wrote them."""

import re

import pytest

from cardwright.diagnostics import Severity
from cardwright.formats.anki import lost_ids
from tests.identity.test_unnoticed_renames import (
    ALL,
    CARDS,
    FIRST,
    WITHOUT_PACKAGES,
    release,
    rename_warnings,
)
from tests.identity.test_unnoticed_renames import deck as sources
from tests.support.builds import DeckBuild

CARDS_FILE = "cards_source/legs/thigh.yaml"


def without_id(card: str) -> str:
    return re.sub(r"id: [a-z-]+, ", "", card, count=1)


@pytest.mark.parametrize("previous", [FIRST, WITHOUT_PACKAGES], ids=["packages", "lock alone"])
def test_cards_that_have_lost_their_ids_get_them_again(previous: DeckBuild) -> None:
    """Of every kind. Nothing is new then, and nothing retired."""
    second = release(list(map(without_id, ALL)), previous, 1)

    (note,) = second.result.report
    assert (note.code, note.severity) == ("ids-found-again", Severity.NOTE)
    assert note.message == f"{len(ALL)} cards have lost the ids that the last build wrote"
    assert second.files[CARDS_FILE].decode() == sources(ALL)["legs/thigh.yaml"]
    assert second.lock == previous.lock


@pytest.mark.parametrize("card_id", CARDS)
def test_one_card_gets_its_id_again_beside_new_ones(card_id: str) -> None:
    cards = [without_id(card) if card == CARDS[card_id] else card for card in ALL]
    second = release([*cards, "{q: Which bone is in the thigh?, a: The femur}"], FIRST, 1)

    assert second.codes == ["ids-found-again"]
    assert second.messages == [f"this card has lost its id `{card_id}`"]
    (summary,) = second.result.summaries
    assert (summary.new, summary.retired, summary.ids) == (1, 0, 2)


@pytest.mark.parametrize("card_id", ["signs", "grade"])
def test_a_list_or_a_table_is_known_by_what_has_not_changed(card_id: str) -> None:
    edited = [card.replace("with a limp", "hardly") for card in ALL]
    cards = [without_id(card) if card_id in card[:12] else card for card in edited]

    assert release(cards, FIRST, 1).codes == ["ids-found-again"]


def test_an_edited_card_is_left_to_its_author() -> None:
    """It may be another one that takes its place."""
    cards = [without_id(card).replace("They flex it", "They bend it") for card in ALL]
    second = release(cards, FIRST, 1)

    (warning,) = rename_warnings(second)
    assert "`was: knee`" in warning.help
    assert second.messages[1] == f"{len(ALL) - 1} cards have lost the ids that the last build wrote"


def test_equal_cards_get_an_id_each() -> None:
    cards = [f"{{id: {name}, q: Which bone is in the thigh?, a: The femur}}" for name in ("one", "two")]
    first = release(cards)
    second = release(list(map(without_id, cards)), first, 1)

    assert second.lock == first.lock


def test_a_card_that_says_what_it_was_has_not_lost_its_id() -> None:
    """Nor has one whose id another card has taken over."""
    moved = without_id(CARDS["knee"]).replace("{q", "{was: knee, q")
    assert release([moved, *ALL[2:], ALL[0]], FIRST, 1).codes == []
    taken = CARDS["knee"].replace("id: knee", "id: flexion, was: knee")
    others = [card for card in ALL if card != CARDS["knee"]]
    assert "ids-found-again" not in release([*others, without_id(CARDS["knee"]), taken], FIRST, 1).codes


def test_of_very_many_cards_only_ids_like_their_texts_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost_ids, "_COMPARED", 0)
    by_text = "{id: which-bone-is-in-the-thigh, q: Which bone is in the thigh?, a: The femur}"
    first = release([*ALL, by_text])
    cards = [without_id(CARDS["knee"]) if card == CARDS["knee"] else card for card in ALL]

    assert "ids-found-again" not in release([*cards, by_text], first, 1).codes
    assert release([*ALL, without_id(by_text)], first, 1).codes == ["ids-found-again"]
