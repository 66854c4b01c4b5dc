"""Big decks as pages of running text: several files, each of a size that the engine can hold."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cardwright.formats.pdf.running_text.draft import Topic, split_into_volumes
from cardwright.formats.pdf.volumes import VOLUME_SIZE
from tests.support.print_decks import deck as deck_of
from tests.support.print_decks import note, pdf_text
from tests.support.running_text import lay_out


def _topics(cards: list[tuple[int, int]]) -> list[Topic]:
    """cards: of each card its topic, and how many notes it has."""
    return [
        Topic(f"T{topic}", topic, tuple(note(f"c{number}/{item}", "Q?") for item in range(items)))
        for number, (topic, items) in enumerate(cards)
    ]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 300)), min_size=1, max_size=12))
def test_files_hold_all_notes_in_order_and_no_card_is_torn(cards: list[tuple[int, int]]) -> None:
    """A list goes whole into one file, and no file holds much more than the others."""
    found = _topics(cards)
    files = split_into_volumes(found)
    keys = [[note.key for topic in some for note in topic.notes] for some in files]

    assert [key for some in keys for key in some] == [note.key for topic in found for note in topic.notes]
    owners = [{key.partition("/")[0] for key in some} for some in keys]
    assert sum(map(len, owners)) == len(set().union(*owners))
    assert all(0 < len(some) <= 1.5 * VOLUME_SIZE + 300 for some in keys)


def test_numbers_go_on_from_file_to_file_and_each_says_which_it_is(tmp_path: Path) -> None:
    """The teacher's key and the class must mean the same by question 512."""
    count = VOLUME_SIZE * 3 // 2 + 2
    flow = lay_out("quiz", deck_of([note(f"n{n}", f"Q{n}?", f"A{n}!") for n in range(count)]), tmp_path)
    first, second = flow.draw()

    assert (first.part, second.part) == ("1", "2")
    for drawn, (begin, end) in zip((first, second), ((0, count // 2), (count // 2, count)), strict=True):
        read = " ".join(pdf_text(drawn.data).split())
        assert f"Thigh {drawn.part}/2" in read
        for number in (begin, end - 1):
            assert re.search(rf"\b{number + 1}\. Q{number}\?", read)
            assert re.search(rf"\b{number + 1}\. A{number}!", read)
