"""Volumes of running text: a big deck is several files."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cardwright.formats.pdf.running_text.draft import Topic, split_into_volumes
from cardwright.formats.pdf.volumes import VOLUME_SIZE
from tests.support.print_decks import deck, note, pdf_text
from tests.support.running_text import lay_out


def _topics(cards: list[tuple[int, int]]) -> list[Topic]:
    """cards: for each card the number of its topic, and how many notes it has."""
    return [
        Topic(f"T{topic}", topic, tuple(note(f"c{number}/{item}", "Q?") for item in range(items)))
        for number, (topic, items) in enumerate(cards)
    ]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 300)), min_size=1, max_size=12))
def test_volumes_have_all_notes_in_order_and_keep_cards_together(cards: list[tuple[int, int]]) -> None:
    """No volume is much larger than the others."""
    topics = _topics(cards)
    volumes = split_into_volumes(topics)
    keys = [[note.key for topic in volume for note in topic.notes] for volume in volumes]

    assert [key for volume in keys for key in volume] == [
        note.key for topic in topics for note in topic.notes
    ]
    card_ids = [{key.partition("/")[0] for key in volume} for volume in keys]
    assert sum(map(len, card_ids)) == len(set().union(*card_ids))
    assert all(0 < len(volume) <= 1.5 * VOLUME_SIZE + 300 for volume in keys)


def test_question_numbers_continue_from_volume_to_volume(tmp_path: Path) -> None:
    """Teacher and class mean the same by question 512."""
    count = VOLUME_SIZE * 3 // 2 + 2
    pages = lay_out("quiz", deck([note(f"n{n}", f"Q{n}?", f"A{n}!") for n in range(count)]), tmp_path)
    first, second = pages.draw()

    assert (first.part, second.part) == ("1", "2")
    for file, (begin, end) in zip((first, second), ((0, count // 2), (count // 2, count)), strict=True):
        content = " ".join(pdf_text(file.data).split())
        assert f"Thigh {file.part}/2" in content
        for number in (begin, end - 1):
            assert re.search(rf"\b{number + 1}\. Q{number}\?", content)
            assert re.search(rf"\b{number + 1}\. A{number}!", content)
