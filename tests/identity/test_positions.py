"""Places among the new cards keep still while the sources move."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from cardwright.identity.positions import POSITION_LIMIT, STEP, assign_positions

places = st.integers(0, POSITION_LIMIT - 1)
wanted = st.lists(st.none() | places, max_size=40)
crowded = st.lists(st.none() | st.integers(0, 12), max_size=12)


@given(wanted | crowded)
def test_study_order_is_ascending_and_within_what_anki_keeps(asked: list[int | None]) -> None:
    """Anki shows new cards by their place, and its database check rewrites a million and more."""
    placed = assign_positions(asked)

    assert all(before < behind for before, behind in pairwise(placed))
    assert all(0 <= position < POSITION_LIMIT for position in placed)
    assert len(placed) == len(asked)


@given(wanted | crowded)
def test_a_build_of_the_same_sources_moves_nothing(asked: list[int | None]) -> None:
    """Placing what has been placed is quiet."""
    placed = assign_positions(asked)

    assert assign_positions(placed) == placed


@given(st.lists(places, max_size=8))
def test_as_many_notes_as_possible_stay_where_they_are(asked: list[int]) -> None:
    """One note moved to the front moves one line of the lock, not all of them."""
    ascending = (
        len(choice)
        for size in range(len(asked) + 1)
        for choice in combinations(asked, size)
        if all(before < behind for before, behind in pairwise(choice))
    )
    placed = assign_positions(asked)
    still = sum(before == after for before, after in zip(asked, placed, strict=True))

    assert still >= max(ascending) or placed == assign_positions([None] * len(asked))


def test_a_new_deck_leaves_room_between_its_notes() -> None:
    """Whoever writes a card between two others later must not move either of them."""
    assert assign_positions([None, None, None]) == [STEP, 2 * STEP, 3 * STEP]


def test_new_notes_go_evenly_between_their_neighbours() -> None:
    """Three notes into a gap of a hundred; the neighbours stay."""
    assert assign_positions([100, None, None, None, 200]) == [100, 125, 150, 175, 200]


def test_a_note_moved_to_the_end_leaves_the_others_where_they_are() -> None:
    """The moved one is the only one that gets a new place."""
    assert assign_positions([200, 300, 100]) == [200, 300, 400]


def test_the_deck_is_numbered_anew_only_when_there_is_no_room() -> None:
    """Between 100 and 101 nothing fits."""
    assert assign_positions([100, None, 101]) == [STEP, 2 * STEP, 3 * STEP]


def test_a_hundred_thousand_notes_fit() -> None:
    """A deck of a hundred thousand notes stays below the limit, and takes another one in the middle."""
    placed = assign_positions([None] * 100_000)
    middle = assign_positions([*placed[:50_000], None, *placed[50_000:]])

    assert placed[-1] < POSITION_LIMIT
    assert middle[:50_000] == placed[:50_000]
    assert middle[50_001:] == placed[50_000:]


def test_a_million_notes_share_places_rather_than_exceed_the_limit() -> None:
    """More notes than places: order is kept as far as it goes."""
    placed = assign_positions([None] * (POSITION_LIMIT + 10))

    assert placed == sorted(placed)
    assert placed[-1] < POSITION_LIMIT
