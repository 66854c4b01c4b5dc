"""Layout `summary`: each topic on a page or two, read back from the PDF."""

import io
from pathlib import Path

import pdfplumber
import pytest

from cardwright.collection.reference import Citation, Reference
from tests.support.print_decks import by_text, deck, note, page_texts, page_words, pdf_text, structure_types
from tests.support.running_text import deck_from_yaml, render_pages

TABLE = """
topic: Grades
cards:
  - id: grade
    table:
      ask: {pain: "{row}: how strong is the pain?", leg: "Can the leg be used with {row}?"}
      rows:
        one: {row: Grade 1, pain: mild, leg: usually}
        two: {row: Grade 2, pain: moderate}
    extra: By the clinic.
"""
LONG = "Which of the three muscles at the back of the thigh lies on the outer side of the leg?"


def test_an_answer_follows_its_question_in_bold(tmp_path: Path) -> None:
    """On one line, so that much fits on a sheet and answers are easy to find."""
    pdf = render_pages("summary", deck([note("a", "How many?", "Three"), note("b", "Dog", "Hund")]), tmp_path)

    assert "How many? Three" in pdf_text(pdf)
    assert "Dog – Hund" in pdf_text(pdf)
    assert "Bold" in _font(pdf, "Three")
    assert "Bold" not in _font(pdf, "many?")


def _font(pdf: bytes, word: str) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        (match,) = (
            item for item in opened.pages[0].extract_words(extra_attrs=["fontname"]) if item["text"] == word
        )
    return str(match["fontname"])


def test_a_cloze_text_is_printed_once_with_its_deletions_in_bold(tmp_path: Path) -> None:
    """However many cards it has."""
    the_deck = deck_from_yaml(
        'topic: T\ncards:\n  - {id: a, cloze: "They {{c1::bend}} and {{c2::turn}} it."}\n'
    )
    pdf = render_pages("summary", the_deck, tmp_path)

    assert pdf_text(pdf).count("They bend and turn it.") == 1
    assert "Bold" in _font(pdf, "bend")
    assert "Bold" not in _font(pdf, "They")


def test_the_cells_of_a_table_are_a_table_again(tmp_path: Path) -> None:
    """Rows have their names, columns what they ask; a missing cell is empty."""
    pdf = render_pages("summary", deck_from_yaml(TABLE), tmp_path)
    (page,) = page_words(pdf)
    words = by_text(page)
    text = " ".join(pdf_text(pdf).split())

    assert "how strong is the pain?" in text
    assert "Can the leg be used with …?" in text
    assert "Grade 1: " not in text
    assert text.count("By the clinic.") == 1
    assert words["mild"].top == pytest.approx(words["usually"].top, abs=0.5)
    assert words["mild"].left == pytest.approx(words["moderate"].left, abs=0.5)
    tags = structure_types(pdf)
    assert tags.count("/Table") == 1
    assert tags.count("/TH") == 3


def test_some_cells_of_a_table_are_a_smaller_table(tmp_path: Path) -> None:
    """Rows and columns without a printed cell are left out."""
    text = pdf_text(render_pages("summary", deck_from_yaml(TABLE), tmp_path, keys={"grade/two/pain"}))

    assert "moderate" in text
    assert "Grade 1" not in text
    assert "Can the leg" not in text


def test_a_list_is_a_list_with_all_its_items(tmp_path: Path) -> None:
    """Items that are not selected are there too, as on the cards of the other items."""
    the_deck = deck_from_yaml(
        "topic: T\ncards:\n  - {id: l, list: What follows?, items: {x: Bruise, y: Limp}}\n"
    )
    for keys in ({"l/x", "l/y"}, {"l/y"}):
        text = pdf_text(render_pages("summary", the_deck, tmp_path, keys=keys))
        assert "• Bruise\n" in text
        assert "• Limp\n" in text
        assert "____" not in text


@pytest.mark.parametrize("count", [2, 7, 30])
def test_columns_are_of_about_the_same_height(count: int, tmp_path: Path) -> None:
    """A topic doesn't end with one long column and a short one."""
    notes = [note(f"n{n}", f"Begin{n} {LONG}", "Biceps femoris") for n in range(count)]
    page = next(page_words(render_pages("summary", deck(notes), tmp_path)))
    starts = [word for word in page if word.text == "Which"]
    left, right = ([word.bottom for word in starts if (word.left < 105) is side] for side in (True, False))

    assert len(left) - len(right) in (0, 1)


def test_short_facts_go_into_three_columns(tmp_path: Path) -> None:
    """In two columns, half of each line would be empty."""
    (page,) = page_words(
        render_pages("summary", deck([note(f"n{n}", f"dog{n}", "Hund") for n in range(30)]), tmp_path)
    )

    assert len({round(word.left) for word in page if word.text.startswith("dog")}) == 3


def test_a_topic_that_fits_on_a_page_is_on_two_at_most(tmp_path: Path) -> None:
    """It begins below another one only if half a page is free or all of it fits."""
    notes = [note(f"n{n}", LONG, f"Topic{n // 20}x", topic=f"T{n // 20}") for n in range(200)]
    pages = page_texts(render_pages("summary", deck(notes), tmp_path))

    for topic in range(10):
        assert 1 <= sum(f"Topic{topic}x" in page for page in pages) <= 2


def test_a_topic_names_each_source_once(tmp_path: Path) -> None:
    """Below each fact, sources would take as much space as the facts."""
    citations = [
        Citation(Reference("gray", "Anatomy", author="Gray"), locator) for locator in ("Hip", "Knee")
    ]
    notes = [note("a", "A?", citations=citations[:1]), note("b", "B?", citations=citations[1:])]
    text = pdf_text(render_pages("summary", deck(notes), tmp_path))

    assert text.count("Gray") == 1
    assert "Sources: Gray, Anatomy" in text
