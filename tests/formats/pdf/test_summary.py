"""`summary`: each topic on a page or two; read back from the PDF."""

import io
from pathlib import Path

import pdfplumber
import pikepdf
import pytest

from cardwright.collection.reference import Citation, Reference
from tests.support.print_decks import deck, note, page_words, pdf_text
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


def test_a_question_runs_into_its_answer_in_strong_type(tmp_path: Path) -> None:
    """On one line, so that a sheet holds much; what was to be known is easy to find."""
    pdf = render_pages("summary", deck([note("a", "How many?", "Three"), note("b", "Dog", "Hund")]), tmp_path)

    assert "How many? Three" in pdf_text(pdf)
    assert "Dog – Hund" in pdf_text(pdf)
    assert "Bold" in _font(pdf, "Three")
    assert "Bold" not in _font(pdf, "many?")


def _font(pdf: bytes, word: str) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        (found,) = (
            one for one in opened.pages[0].extract_words(extra_attrs=["fontname"]) if one["text"] == word
        )
    return str(found["fontname"])


def test_a_cloze_is_its_whole_text_once_with_what_was_hidden_in_strong_type(tmp_path: Path) -> None:
    """However many cards it has."""
    made = deck_from_yaml('topic: T\ncards:\n  - {id: a, cloze: "They {{c1::bend}} and {{c2::turn}} it."}\n')
    pdf = render_pages("summary", made, tmp_path)

    assert pdf_text(pdf).count("They bend and turn it.") == 1
    assert "Bold" in _font(pdf, "bend")
    assert "Bold" not in _font(pdf, "They")


def test_the_cells_of_a_table_are_a_table_again(tmp_path: Path) -> None:
    """Rows by name, columns by what they ask, a cell that is not there left empty."""
    pdf = render_pages("summary", deck_from_yaml(TABLE), tmp_path)
    (page,) = page_words(pdf)
    found = {word.text: word for word in page}
    read = " ".join(pdf_text(pdf).split())

    assert "how strong is the pain?" in read
    assert "Can the leg be used with …?" in read
    assert "Grade 1: " not in read
    assert read.count("By the clinic.") == 1
    assert found["mild"].top == pytest.approx(found["usually"].top, abs=0.5)
    assert found["mild"].left == pytest.approx(found["moderate"].left, abs=0.5)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        tags = [str(one.S) for one in opened.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
    assert tags.count("/Table") == 1
    assert tags.count("/TH") == 3


def test_some_cells_of_a_table_are_a_smaller_table(tmp_path: Path) -> None:
    """Rows and columns of which nothing is printed are left out."""
    read = pdf_text(render_pages("summary", deck_from_yaml(TABLE), tmp_path, keys={"grade/two/pain"}))

    assert "moderate" in read
    assert "Grade 1" not in read
    assert "Can the leg" not in read


def test_a_list_is_a_list_with_all_its_items(tmp_path: Path) -> None:
    """Those that are not printed are no secret here: their siblings' cards show them, too."""
    made = deck_from_yaml("topic: T\ncards:\n  - {id: l, list: What follows?, items: {x: Bruise, y: Limp}}\n")
    for keys in ({"l/x", "l/y"}, {"l/y"}):
        read = pdf_text(render_pages("summary", made, tmp_path, keys=keys))
        assert "• Bruise\n" in read
        assert "• Limp\n" in read
        assert "____" not in read


@pytest.mark.parametrize("count", [2, 7, 30])
def test_columns_are_of_about_the_same_height(count: int, tmp_path: Path) -> None:
    """A topic ends as a block, not with one long column and one that is short."""
    long = "Which of the three muscles at the back of the thigh lies on the outer side of the leg?"
    notes = [note(f"n{n}", f"Begin{n} {long}", "Biceps femoris") for n in range(count)]
    page = next(iter(page_words(render_pages("summary", deck(notes), tmp_path))))
    found = [word for word in page if word.text == "Which"]
    left, right = ([word.bottom for word in found if (word.left < 105) is side] for side in (True, False))

    assert len(left) - len(right) in (0, 1)


def test_short_facts_go_into_three_columns(tmp_path: Path) -> None:
    """A list of words would leave the half of two columns white."""
    (page,) = page_words(
        render_pages("summary", deck([note(f"n{n}", f"dog{n}", "Hund") for n in range(30)]), tmp_path)
    )

    assert len({round(word.left) for word in page if word.text.startswith("dog")}) == 3


def test_a_topic_that_fits_on_a_page_is_on_two_at_most(tmp_path: Path) -> None:
    """It begins below another one only where half a page is left or all of it fits."""
    long = "Which of the three muscles at the back of the thigh lies on the outer side of the leg?"
    notes = [note(f"n{n}", long, f"Topic{n // 20}x", topic=f"T{n // 20}") for n in range(200)]
    pages = [
        " ".join(word.text for word in page)
        for page in page_words(render_pages("summary", deck(notes), tmp_path))
    ]

    for topic in range(10):
        assert 1 <= sum(f"Topic{topic}x" in page for page in pages) <= 2


def test_sources_are_told_once_a_topic(tmp_path: Path) -> None:
    """Below each fact they would take as much room as the facts."""
    cited = [Citation(Reference("gray", "Anatomy", author="Gray"), place) for place in ("Hip", "Knee")]
    notes = [note("a", "A?", citations=cited[:1]), note("b", "B?", citations=cited[1:])]
    read = pdf_text(render_pages("summary", deck(notes), tmp_path))

    assert read.count("Gray") == 1
    assert "Sources: Gray, Anatomy" in read
