"""Layout `quiz`: numbered questions with lines to write on, and the answers, read back from the PDF."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from cardwright.collection import content as c
from cardwright.formats.pdf.running_text.entries import text_entries
from cardwright.formats.pdf.running_text.quiz import writing_gap, writing_lines
from tests.support.print_decks import by_text, deck, note, page_lines, page_texts, page_words, pdf_text
from tests.support.running_text import deck_from_yaml, render_pages


def _split_text(pdf: bytes) -> tuple[str, str]:
    """Return the text of the questions and the text of the answers, without running heads."""
    pages = page_texts(pdf, below=20)
    start = next(index for index, page in enumerate(pages) if page.startswith("Answers"))
    return " ".join(pages[:start]), " ".join(pages[start:])


def _writing_lines(pdf: bytes) -> list[float]:
    """Return the distance from the top of the first page of each line to write on, in mm."""
    return sorted(line.y1 for line in page_lines(pdf)[0] if abs(line.y2 - line.y1) < 0.01 and line.y1 > 50)


def test_answers_have_the_numbers_of_their_questions(tmp_path: Path) -> None:
    """From 1, through all topics, without a gap."""
    notes = [note(f"n{n}", f"Q{n}?", f"A{n}!", topic=f"Topic {n // 7}") for n in range(60)]
    questions, answers = _split_text(render_pages("quiz", deck(notes), tmp_path))

    numbered_questions = re.findall(r"(\d+)\. Q(\d+)\?", questions)
    numbered_answers = {int(number): int(name) for number, name in re.findall(r"(\d+)\. A(\d+)!", answers)}
    assert [int(number) for number, _ in numbered_questions] == list(range(1, 61))
    assert numbered_answers == {int(number): int(name) for number, name in numbered_questions}
    assert "!" not in questions


def test_a_selection_is_numbered_from_one(tmp_path: Path) -> None:
    """The numbers don't depend on where the questions are in the deck."""
    notes = [note(f"n{n}", f"Q{n}?", f"A{n}!") for n in range(9)]
    questions, answers = _split_text(render_pages("quiz", deck(notes), tmp_path, keys={"n4", "n8"}))

    assert re.findall(r"(\d+)\. Q(\d+)", questions) == [("1", "4"), ("2", "8")]
    assert re.findall(r"(\d+)\. A(\d+)", answers) == [("1", "4"), ("2", "8")]


@pytest.mark.parametrize("count", [1, 9, 14, 25, 40])
def test_the_answers_begin_on_a_sheet_of_their_own(count: int, tmp_path: Path) -> None:
    """Printed on both sides, they must not be on the back of a question."""
    notes = [note(f"n{n}", f"Q{n}?", f"A{n}!") for n in range(count)]
    pages = page_texts(render_pages("quiz", deck(notes), tmp_path), below=20)
    (start,) = (index for index, page in enumerate(pages) if page.startswith("Answers"))

    assert start % 2 == 0
    assert all("!" not in page for page in pages[:start])


def test_only_the_first_page_asks_for_name_and_date(tmp_path: Path) -> None:
    notes = [note(f"n{n}", "Question?") for n in range(40)]
    first, *others = page_texts(render_pages("quiz", deck(notes), tmp_path))

    assert {"Name", "Date"} <= set(first.split())
    assert all("Date" not in page for page in others)


def test_longer_answers_get_more_lines(tmp_path: Path) -> None:
    """A word gets one line, a sentence of 200 letters four, and each item of a list one."""
    the_deck = deck_from_yaml(
        "topic: T\ncards:\n"
        "  - {id: word, q: A?, a: bend}\n"
        f"  - {{id: long, q: B?, a: {'letters ' * 25}}}\n"
        "  - {id: three, list: C?, items: {x: one, y: two, z: three}}\n"
        f"  - {{id: huge, q: D?, a: {'letters ' * 900}}}\n"
    )
    line_counts = [writing_lines(entry, 168) for entry in text_entries(the_deck.notes, writing_gap)]

    assert line_counts == [1, 4, 3, 12]
    lines = _writing_lines(render_pages("quiz", the_deck, tmp_path, keys={"word", "long"}))
    assert len(lines) == 5
    assert [round(below - above, 2) for above, below in pairwise(lines[1:])] == [8.5] * 3


def test_cloze_gaps_are_as_wide_as_their_answers(tmp_path: Path) -> None:
    """The hint is behind the gap; an answer longer than any gap gets lines below, too."""
    the_deck = deck_from_yaml(
        "topic: T\ncards:\n"
        '  - {id: gaps, cloze: "The {{c1::semitendinosus}} can {{c2::bend::a verb}} it."}\n'
        f'  - {{id: long, cloze: "It {{{{c1::{"letters " * 30}}}}}."}}\n'
    )
    text = pdf_text(render_pages("quiz", the_deck, tmp_path))
    wide, narrow, *_ = re.findall("_+", text)

    assert re.search(r"The _+ can _+ \(a verb\) it\.", text)
    assert len(wide) > len(narrow)
    assert [writing_lines(entry, 168) for entry in text_entries(the_deck.notes, writing_gap)] == [0, 4]
    assert "semitendinosus · bend" in text


def test_code_and_formulas_have_gaps_and_answers(tmp_path: Path) -> None:
    """A formula has no room to write in, so there is a line below it."""
    the_deck = deck_from_yaml(
        "topic: T\ncards:\n"
        "  - {id: code, cloze: 'It is `x = {{c1::1 + {{c2::2}}}}`.'}\n"
        "  - {id: formula, cloze: 'It is \\({{c1::a {{c2::b}}}} + {{c3::c::letter}}\\).'}\n"
    )
    code, formula = text_entries(the_deck.notes, writing_gap)
    text = pdf_text(render_pages("quiz", the_deck, tmp_path))

    assert [writing_lines(entry, 168) for entry in (code, formula)] == [0, 1]
    assert re.search(r"It is x = _+\.", text)
    assert code.answer == (c.Paragraph((c.Code((c.Verbatim("1 + "), c.Verbatim("2"))),)),)
    assert formula.answer == (c.Paragraph((c.Math("a b"), c.Text(" · "), c.Math("c"))),)


def test_a_hint_is_small_below_its_question(tmp_path: Path) -> None:
    (page, *_) = page_words(render_pages("quiz", deck([note("a", "Which?", hint="Think")]), tmp_path))
    words = by_text(page)

    assert words["Which?"].bottom <= words["Think"].top + 0.1
    assert words["Think"].bottom - words["Think"].top < words["Which?"].bottom - words["Which?"].top


def test_a_question_stays_with_its_lines(tmp_path: Path) -> None:
    """Nobody should turn the page to answer a question."""
    pdf = render_pages("quiz", deck([note(f"n{n}", f"Q{n}?", "letters " * 60) for n in range(30)]), tmp_path)
    for text, lines in zip(page_texts(pdf), page_lines(pdf), strict=True):
        questions = re.findall(r"Q\d+", text)
        assert len([line for line in lines if line.x2 - line.x1 > 160]) == 8 * len(questions)


def test_a_short_question_has_its_line_beside_it(tmp_path: Path) -> None:
    """A vocabulary test would take twice the paper otherwise."""
    long = "Which of the three muscles lies on the outer side?"
    pdf = render_pages("quiz", deck([note("a", "dog", "Hund"), note("b", long, "Biceps")]), tmp_path)
    words = by_text(next(page_words(pdf)))
    beside, below = _writing_lines(pdf)

    assert words["dog"].top < beside <= words["dog"].bottom + 0.1
    assert below > words["Which"].bottom + 3
