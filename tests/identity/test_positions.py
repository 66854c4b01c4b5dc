"""Positions among the new cards change as little as possible."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from cardwright.identity.positions import POSITION_LIMIT, STEP, assign_positions

positions = st.integers(0, POSITION_LIMIT - 1)
old_positions = st.lists(st.none() | positions, max_size=40)
crowded = st.lists(st.none() | st.integers(0, 12), max_size=12)


@given(old_positions | crowded)
def test_study_order_is_ascending_and_within_what_anki_keeps(old: list[int | None]) -> None:
    """Anki shows new cards by position, and its database check rewrites positions of a million and more."""
    assigned = assign_positions(old)

    assert all(first < second for first, second in pairwise(assigned))
    assert all(0 <= position < POSITION_LIMIT for position in assigned)
    assert len(assigned) == len(old)


@given(old_positions | crowded)
def test_a_build_of_the_same_sources_moves_nothing(old: list[int | None]) -> None:
    assigned = assign_positions(old)

    assert assign_positions(assigned) == assigned


@given(st.lists(positions, max_size=8))
def test_as_many_notes_as_possible_stay_where_they_are(old: list[int]) -> None:
    """Moving one note to the front changes one line of the lock, not all."""
    ascending = (
        len(choice)
        for size in range(len(old) + 1)
        for choice in combinations(old, size)
        if all(first < second for first, second in pairwise(choice))
    )
    assigned = assign_positions(old)
    unchanged = sum(before == after for before, after in zip(old, assigned, strict=True))

    assert unchanged >= max(ascending) or assigned == assign_positions([None] * len(old))


def test_a_new_deck_leaves_gaps_for_later_notes() -> None:
    assert assign_positions([None, None, None]) == [STEP, 2 * STEP, 3 * STEP]


def test_new_notes_are_spread_evenly_between_their_neighbours() -> None:
    assert assign_positions([100, None, None, None, 200]) == [100, 125, 150, 175, 200]


def test_only_a_moved_note_gets_a_new_position() -> None:
    assert assign_positions([200, 300, 100]) == [200, 300, 400]


def test_the_deck_is_renumbered_when_a_note_does_not_fit() -> None:
    assert assign_positions([100, None, 101]) == [STEP, 2 * STEP, 3 * STEP]


def test_a_hundred_thousand_notes_fit() -> None:
    assigned = assign_positions([None] * 100_000)
    middle = assign_positions([*assigned[:50_000], None, *assigned[50_000:]])

    assert assigned[-1] < POSITION_LIMIT
    assert middle[:50_000] == assigned[:50_000]
    assert middle[50_001:] == assigned[50_000:]


def test_more_notes_than_positions_share_some() -> None:
    assigned = assign_positions([None] * (POSITION_LIMIT + 10))

    assert assigned == sorted(assigned)
    assert assigned[-1] < POSITION_LIMIT
