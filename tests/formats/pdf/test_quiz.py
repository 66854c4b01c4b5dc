"""`quiz`: numbered questions with lines to write on and a key to them, read back from the PDF."""

import io
import re
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pytest

from cardwright.formats.pdf.running_text.entries import text_entries
from cardwright.formats.pdf.running_text.quiz import writing_gap, writing_lines
from tests.support.print_decks import MM_PER_POINT, deck, note, page_words, pdf_text
from tests.support.running_text import deck_from_yaml, render_pages


def _halves(pdf: bytes) -> tuple[str, str]:
    """The text of the questions and that of the key, without running heads."""
    pages = [" ".join(word.text for word in page if word.top > 20) for page in page_words(pdf)]
    first = next(place for place, page in enumerate(pages) if page.startswith("Answers"))
    return " ".join(pages[:first]), " ".join(pages[first:])


def _ruled(pdf: bytes) -> list[float]:
    """How far down on the first page there are lines to write on below the name, in mm."""
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        level = [line for line in opened.pages[0].lines if abs(line["top"] - line["bottom"]) < 0.01]
    return sorted(line["top"] * MM_PER_POINT for line in level if line["top"] * MM_PER_POINT > 50)


def test_the_key_has_the_numbers_of_the_questions(tmp_path: Path) -> None:
    """Through all topics, without a gap, beginning with 1; each beside its own answer."""
    notes = [note(f"n{n}", f"Q{n}?", f"A{n}!", topic=f"Topic {n // 7}") for n in range(60)]
    questions, key = _halves(render_pages("quiz", deck(notes), tmp_path))

    asked = re.findall(r"(\d+)\. Q(\d+)\?", questions)
    told = {int(place): int(number) for place, number in re.findall(r"(\d+)\. A(\d+)!", key)}
    assert [int(place) for place, _ in asked] == list(range(1, 61))
    assert told == {int(place): int(number) for place, number in asked}
    assert "!" not in questions


def test_a_selection_is_numbered_from_one(tmp_path: Path) -> None:
    """A test of twenty questions has numbers up to twenty, wherever they stand in the deck."""
    notes = [note(f"n{n}", f"Q{n}?", f"A{n}!") for n in range(9)]
    questions, key = _halves(render_pages("quiz", deck(notes), tmp_path, keys={"n4", "n8"}))

    assert re.findall(r"(\d+)\. Q(\d+)", questions) == [("1", "4"), ("2", "8")]
    assert re.findall(r"(\d+)\. A(\d+)", key) == [("1", "4"), ("2", "8")]


@pytest.mark.parametrize("count", [1, 9, 14, 25, 40])
def test_the_key_begins_on_a_sheet_of_its_own(count: int, tmp_path: Path) -> None:
    """Printed on both sides, it must not be the back of a question that is handed out."""
    notes = [note(f"n{n}", f"Q{n}?", f"A{n}!") for n in range(count)]
    pages = [
        " ".join(word.text for word in page if word.top > 20)
        for page in page_words(render_pages("quiz", deck(notes), tmp_path))
    ]
    (key,) = (place for place, page in enumerate(pages) if page.startswith("Answers"))

    assert key % 2 == 0
    assert all("!" not in page for page in pages[:key])


def test_there_is_room_for_name_and_date_on_the_first_page_alone(tmp_path: Path) -> None:
    """Whoever collects the sheets wants to know whose they are."""
    notes = [note(f"n{n}", "Question?") for n in range(40)]
    first, *others = (
        [word.text for word in page] for page in page_words(render_pages("quiz", deck(notes), tmp_path))
    )

    assert {"Name", "Date"} <= set(first)
    assert all("Date" not in page for page in others)


def test_lines_to_write_on_follow_the_length_of_the_answer(tmp_path: Path) -> None:
    """
    A word gets one line, a sentence of 200 letters the four that a hand needs, an item of a list one each.
    """
    made = deck_from_yaml(
        "topic: T\ncards:\n"
        "  - {id: word, q: A?, a: bend}\n"
        f"  - {{id: long, q: B?, a: {'letters ' * 25}}}\n"
        "  - {id: three, list: C?, items: {x: one, y: two, z: three}}\n"
        f"  - {{id: huge, q: D?, a: {'letters ' * 900}}}\n"
    )
    found = [writing_lines(entry, 168) for entry in text_entries(made.notes, writing_gap)]

    assert found == [1, 4, 3, 12]
    ruled = _ruled(render_pages("quiz", made, tmp_path, keys={"word", "long"}))
    assert len(ruled) == 5
    assert [round(below - above, 2) for above, below in pairwise(ruled[1:])] == [8.5] * 3


def test_a_cloze_is_filled_in_its_text(tmp_path: Path) -> None:
    """
    A gap is as wide as what a hand writes there, with its hint behind it; what is longer than
    any gap gets lines below as well.
    """
    made = deck_from_yaml(
        "topic: T\ncards:\n"
        '  - {id: gaps, cloze: "The {{c1::semitendinosus}} can {{c2::bend::a verb}} it."}\n'
        f'  - {{id: long, cloze: "It {{{{c1::{"letters " * 30}}}}}."}}\n'
    )
    read = pdf_text(render_pages("quiz", made, tmp_path))
    wide, narrow, *_ = re.findall("_+", read)

    assert re.search(r"The _+ can _+ \(a verb\) it\.", read)
    assert len(wide) > len(narrow)
    assert [writing_lines(entry, 168) for entry in text_entries(made.notes, writing_gap)] == [0, 4]
    assert "semitendinosus · bend" in read


def test_a_hint_is_small_below_its_question(tmp_path: Path) -> None:
    """It helps those who look for it."""
    (page, *_) = page_words(render_pages("quiz", deck([note("a", "Which?", hint="Think")]), tmp_path))
    found = {word.text: word for word in page}

    assert found["Which?"].bottom <= found["Think"].top + 0.1
    assert found["Think"].bottom - found["Think"].top < found["Which?"].bottom - found["Which?"].top


def test_a_question_stays_with_its_lines(tmp_path: Path) -> None:
    """Nobody turns the page to answer what was asked overleaf."""
    pdf = render_pages("quiz", deck([note(f"n{n}", f"Q{n}?", "letters " * 60) for n in range(30)]), tmp_path)
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        for page in opened.pages:
            shown = re.findall(r"Q\d+", page.extract_text())
            ruled = [line for line in page.lines if (line["x1"] - line["x0"]) * MM_PER_POINT > 160]
            assert len(ruled) == 8 * len(shown)


def test_a_term_has_its_answer_on_the_same_line(tmp_path: Path) -> None:
    """A test of words would take twice the paper otherwise; a question of a sentence has its line below."""
    long = "Which of the three muscles lies on the outer side?"
    pdf = render_pages("quiz", deck([note("a", "dog", "Hund"), note("b", long, "Biceps")]), tmp_path)
    found = {word.text: word for word in next(iter(page_words(pdf)))}
    beside, below = _ruled(pdf)

    assert found["dog"].top < beside <= found["dog"].bottom + 0.1
    assert below > found["Which"].bottom + 3
