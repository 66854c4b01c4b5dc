"""Citations at the foot of a back: as whole as there is room for, but the answer comes first."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from cardwright.collection.reference import Citation, Reference
from cardwright.formats.pdf.citations import citation_forms
from tests.support.print_decks import deck, note, page_texts, page_words, render_sheets

THIGH = Reference("thigh", "The Thigh", author="Gray", publisher="Lea", date="1918", note="a plate")
KNEE = Reference("knee", "The Knee", publisher="Clinic", reviewed="2025-03-23")
CITATIONS = (Citation(THIGH, "Muscles"), Citation(THIGH, "Nerves"), Citation(KNEE, "Joints"))
WHOLE = "Gray, The Thigh § Muscles, Lea, 1918, a plate"
ONE_CARD = "{size: [95, 68], columns: 1, rows: 1, paper: a4}"


def back_of(answer: str, folder: Path, citations: Sequence[Citation] = CITATIONS) -> str:
    the_note = note("leg", "Which?", answer, citations=citations)
    return page_texts(render_sheets(deck([the_note], card=ONE_CARD), folder))[1].replace("\u00a0", " ")


def size_of_first_word(answer: str, folder: Path, citations: Sequence[Citation]) -> float:
    the_note = note("leg", "Which?", answer, citations=citations)
    _, back = page_words(render_sheets(deck([the_note], card=ONE_CARD), folder))
    word = next(word for word in back if word.text == answer.split(maxsplit=1)[0])
    return word.bottom - word.top


def test_citations_get_shorter_step_by_step() -> None:
    """Dates of review and remarks go first, then publishers of works with an author, places, and the rest."""
    assert citation_forms(CITATIONS) == [
        [citation.text for citation in CITATIONS],
        [
            *(f"Gray, The Thigh § {part}, Lea, 1918" for part in ("Muscles", "Nerves")),
            "The Knee § Joints, Clinic",
        ],
        ["Gray, The Thigh § Muscles", "Gray, The Thigh § Nerves", "The Knee § Joints, Clinic"],
        ["Gray, The Thigh", "The Knee, Clinic"],
        ["Gray, The Thigh", "The Knee"],
    ]


def test_forms_that_are_no_shorter_are_left_out() -> None:
    assert citation_forms([Citation(Reference("leg", "The Leg"))]) == [["The Leg"]]
    assert citation_forms([]) == [[]]


def test_several_citations_are_whole_below_a_short_answer(tmp_path: Path) -> None:
    """A back that is mostly empty once said only titles."""
    back = back_of("The femur", tmp_path)

    assert all(citation.text in back for citation in CITATIONS)


def test_long_answers_have_shorter_citations_in_several_steps(tmp_path: Path) -> None:
    seen = []
    for words in range(4, 120, 4):
        back = back_of("femur " * words, tmp_path / str(words))
        forms = (WHOLE, "Lea, 1918", "The Knee § Joints, Clinic", "The Knee, Clinic", "The Knee")
        seen.append(next(form for form in forms if form in back))

    assert seen[0] == WHOLE
    assert seen[-1] == "The Knee"
    assert len(set(seen)) > 2


@pytest.mark.parametrize("words", [10, 40, 60, 75, 90, 110])
def test_no_answer_is_smaller_for_the_sake_of_whole_citations(words: int, tmp_path: Path) -> None:
    titles = [Citation(Reference("a", "The Thigh", author="Gray")), Citation(Reference("b", "The Knee"))]
    answer = "femur " * words

    sizes = [
        size_of_first_word(answer, tmp_path / str(len(citations)), citations)
        for citations in (CITATIONS, titles)
    ]
    assert sizes[0] == pytest.approx(sizes[1], abs=0.01)
