"""Lists of many items: each front shows a part of the list, so that decks grow no faster than their lists."""

import pytest

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.item_list import (
    BLANK_ITEM,
    LONGEST_WHOLE_LIST,
    NEIGHBOURS,
    OMITTED_ITEMS,
    items_with_blank,
)
from cardwright.formats.pdf.running_text.entries import text_entries
from tests.support.running_text import deck_from_yaml

ITEMS = [c.plain(f"item {number}") for number in range(200)]


def list_deck(item_count: int, more: str = "") -> str:
    items = "".join(f"      i{number}: item {number}\n" for number in range(item_count))
    return f"cards:\n  - id: all\n    list: Which are they?\n{more}    items:\n{items}"


@pytest.mark.parametrize("count", [1, 2, 20, LONGEST_WHOLE_LIST])
def test_a_list_of_ordinary_length_is_shown_whole(count: int) -> None:
    """Its notes must not change, because every learner would get them again."""
    for index in range(count):
        shown = items_with_blank(ITEMS[:count], index)

        assert shown == (*ITEMS[:index], BLANK_ITEM, *ITEMS[index + 1 : count])


def test_a_long_list_is_shown_around_its_blank() -> None:
    count = LONGEST_WHOLE_LIST + 1

    assert items_with_blank(ITEMS[:count], 0) == (BLANK_ITEM, *ITEMS[1 : NEIGHBOURS + 1], OMITTED_ITEMS)
    assert items_with_blank(ITEMS[:count], 20) == (
        OMITTED_ITEMS, *ITEMS[20 - NEIGHBOURS : 20], BLANK_ITEM, *ITEMS[21 : 21 + NEIGHBOURS], OMITTED_ITEMS
    )  # fmt: skip
    assert items_with_blank(ITEMS[:count], count - 2)[-2:] == (BLANK_ITEM, ITEMS[count - 1])
    assert items_with_blank(ITEMS[:count], count - 1)[-1] == BLANK_ITEM


def test_fronts_of_a_long_list_are_short_however_long_it_is() -> None:
    notes = deck_from_yaml(list_deck(1000)).notes

    sizes = [len(c.plain_text(note.fields[notetype.QUESTION])) for note in notes]
    assert len(notes) == 1000
    assert max(sizes) < 100


def test_pages_of_text_show_all_of_a_long_list() -> None:
    """A quiz asks for all items at once, and a summary has all of them."""
    count = LONGEST_WHOLE_LIST + 1
    (entry,) = text_entries(deck_from_yaml(list_deck(count)).notes, lambda _: ())

    assert entry.question == entry.summary_question == c.plain("Which are they?")
    assert entry.answer == entry.summary_answer == (c.BulletList(tuple(ITEMS[:count])),)
