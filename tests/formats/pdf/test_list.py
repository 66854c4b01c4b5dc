"""Layout `list`: questions beside their answers, read back from the PDF."""

from pathlib import Path

import pytest

from cardwright.formats.pdf.running_text.list_ import GUTTER
from tests.support.print_decks import (
    CITATION,
    SYSTEM_FONTS,
    by_text,
    deck,
    note,
    page_lines,
    page_words,
    pdf_text,
)
from tests.support.running_text import deck_from_yaml, render_pages

SIZES = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
each_paper = pytest.mark.parametrize("paper", SIZES)


@each_paper
def test_the_gutter_is_in_the_middle_of_the_paper(paper: str, tmp_path: Path) -> None:
    """Folded there, the sheet hides all answers and no part of a question."""
    long = " ".join(["question"] * 60), " ".join(["answer"] * 60)
    middle = SIZES[paper][0] / 2
    notes = [note(f"n{number}", *long) for number in range(20)]
    for page in list(page_words(render_pages("list", deck(notes, paper=paper), tmp_path)))[1:]:
        for word in page:
            if word.text == "question":
                assert word.right <= middle - GUTTER / 2 + 0.01
            elif word.text == "answer":
                assert word.left >= middle + GUTTER / 2 - 0.01
        assert min(word.left for word in page if word.text == "answer") == pytest.approx(
            middle + GUTTER / 2, abs=0.5
        )


@each_paper
def test_two_marks_show_where_to_fold(paper: str, tmp_path: Path) -> None:
    """Short, exactly in the middle, where every printer can print, and clear of the text."""
    width, height = SIZES[paper]
    (lines,) = page_lines(render_pages("list", deck([note("a", "A?")], paper=paper), tmp_path))
    vertical = [line for line in lines if abs(line.x2 - line.x1) < 0.01]
    marks = sorted((line.y1, line.y2) for line in vertical)

    assert [line.x1 for line in vertical] == pytest.approx([width / 2] * 2, abs=0.01)
    assert marks[0] == pytest.approx((12, 16), abs=0.01)
    assert marks[1] == pytest.approx((height - 16, height - 12), abs=0.01)


def test_a_question_stands_beside_its_answer(tmp_path: Path) -> None:
    """What is added to the answer is below it, in smaller type."""
    the_deck = deck([note("a", "Which?", "This.", extra="Besides", hint="Hint", citations=[CITATION])])
    page = by_text(next(page_words(render_pages("list", the_deck, tmp_path))))

    assert page["Which?"].top == pytest.approx(page["This."].top, abs=0.01)
    assert page["Hint"].left == pytest.approx(page["Which?"].left, abs=0.5)
    assert page["This."].bottom <= page["Besides"].top <= page["Gray,"].top
    heights = [page[word].bottom - page[word].top for word in ("This.", "Besides", "Gray,")]
    assert heights == sorted(heights, reverse=True)


def test_no_pair_is_broken_between_two_pages(tmp_path: Path) -> None:
    """An answer of twelve lines moves to the next page as a whole."""
    pages = page_words(
        render_pages(
            "list",
            deck([note(f"n{n}", f"Question{n}", " ".join([f"word{n}"] * 60)) for n in range(30)]),
            tmp_path,
        )
    )
    for page in pages:
        texts = [word.text for word in page]
        for number in range(30):
            assert texts.count(f"word{number}") in (0, 60)
            assert (f"Question{number}" in texts) == (f"word{number}" in texts)


def test_a_topic_is_never_the_last_on_its_page(tmp_path: Path) -> None:
    """A heading at the foot of a page would be apart from its questions."""
    notes = [note(f"n{n}", f"Question{n} " * 12, "Answer", topic=f"Topic{n // 2}") for n in range(40)]
    for page in page_words(render_pages("list", deck(notes), tmp_path)):
        body = [word for word in page if word.top > 20]
        last = max(body, key=lambda word: word.top)
        assert not last.text.startswith("Topic")


def test_a_cloze_text_shows_all_its_gaps_at_once(tmp_path: Path) -> None:
    """A text with only one gap would give away the answers of the other cards."""
    the_deck = deck_from_yaml(
        'topic: T\ncards:\n  - {id: a, cloze: "They {{c1::bend}} it and {{c2::turn::a verb}} it."}\n'
    )
    text = pdf_text(render_pages("list", the_deck, tmp_path))

    assert "They ______ it and [a verb] it." in text
    assert "bend · turn" in text


def test_a_list_is_one_question_with_all_its_answers(tmp_path: Path) -> None:
    """Each single item would give away the answers of the others."""
    the_deck = deck_from_yaml(
        "topic: T\ncards:\n  - {id: l, list: What follows?, items: {x: Bruise, y: Limp, z: Pain}}\n"
    )
    all_items = pdf_text(render_pages("list", the_deck, tmp_path))
    one_item = pdf_text(render_pages("list", the_deck, tmp_path / "one", keys={"l/y"}))

    assert all_items.count("What follows?") == 1
    assert "______" not in all_items
    assert "Bruise" in one_item
    assert one_item.count("______") == 1
    assert one_item.count("Limp") == 1


def test_columns_are_swapped_in_a_right_to_left_deck(tmp_path: Path) -> None:
    """Questions are on the right, where reading begins."""
    the_deck = deck([note("a", "שאלה", "תשובה")], language="he", name="שם")
    (page,) = page_words(render_pages("list", the_deck, tmp_path, fonts=SYSTEM_FONTS))
    question = next(word for word in page if set(word.text) == set("שאלה"))
    answer = next(word for word in page if set(word.text) == set("תשובה"))

    assert question.left > 105 + GUTTER / 2
    assert answer.right < 105 - GUTTER / 2
