"""Formulas that no card can have: told of in a moment, and where they stand."""

import pytest

from cardwright import pipeline
from cardwright.diagnostics.diagnostic import Diagnostic
from tests.support.memory import FakeEnvironment, deck_files

MOST = {
    "100 KB": "x+" * 50_000,
    "10,000 braces": "{" * 10_000 + "x" + "}" * 10_000,
    "80 braces": "x_{" * 80 + "x" + "}" * 80,
    "nothing but openings": "{" * 100_000,
    "a fraction in a fraction": r"\frac{" * 10_000,
    "a matrix in a matrix": r"\begin{matrix}" * 5_000,
}
UNFINISHED = {
    "fractions": r"\frac" * 780,
    "powers": "x^" * 1_990 + "x",
    "fences": r"\left(" * 600,
    "matrices": r"\begin{matrix}" * 200,
}


def findings(card: str) -> list[Diagnostic]:
    """What is said of a deck of one card. card: as YAML, without its id."""
    text = f"deck: Legs\nid: legs\ncards:\n- id: a\n{card}"
    outcome = pipeline.build(
        deck_files({"legs/deck.yaml": text}), FakeEnvironment(), pipeline.BuildOptions(now=1)
    )
    assert outcome.files == ()
    return list(outcome.report)


@pytest.mark.parametrize("card", ["  q: '\\( {} \\)'\n  a: x\n", "  cloze: 'A {{{{c1::\\( {} \\)}}}}'\n"])
@pytest.mark.parametrize("tex", MOST.values(), ids=MOST)
def test_a_formula_that_is_too_much_is_not_even_read(tex: str, card: str) -> None:
    """What reads TeX calls itself for each brace, and takes minutes for what is long."""
    (found,) = findings(card.format(tex))

    assert found.code == "long-formula"
    assert found.span is not None
    assert found.span.text == r"\("
    assert len(found.message) <= 72


@pytest.mark.parametrize("tex", UNFINISHED.values(), ids=UNFINISHED)
def test_a_formula_that_goes_on_and_on_is_unfinished(tex: str) -> None:
    """It is short enough to be read, and read no further than it can be."""
    (found,) = findings(f"  q: '\\( {tex} \\)'\n  a: x\n")

    assert found.code == "unprintable-math"
    assert found.span is not None
    assert found.span.text == tex


@pytest.mark.parametrize(
    ("card", "written"),
    [
        ("  q: How? \\(\\bad x\\)\n  a: x\n", r"\bad x"),
        ('  q: "How? \\\\(\\\\bad x\\\\)"\n  a: x\n', r"\\bad x"),
        ("  q: 'How''s \\(f''\\bad x\\)?'\n  a: x\n", r"f''\bad x"),
        ("  q: |\n    How?\n    \\[\\bad x\n    y\\]\n  a: x\n", "\\bad x\n    y"),
        ("  cloze: 'A {{c1::\\(\\bad x\\)}} and {{c2::b}}'\n", r"\bad x"),
        ("  q: |\n    | a | b |\n    | - | - |\n    | c | \\(\\bad x\\) |\n  a: x\n", r"\bad x"),
        ("  table: {ask: {f: 'f of {row}?'}, rows: {one: {row: 1, f: '\\(\\bad x\\)'}}}\n", r"\bad x"),
        ("  list: Which?\n  items: {a: x, b: 'y \\(\\bad x\\)'}\n", r"\bad x"),
    ],
)  # fmt: skip
def test_a_formula_that_paper_cannot_have_is_told_of_once_where_it_stands(card: str, written: str) -> None:
    """However YAML writes it, and on however many cards it is shown."""
    (found,) = findings(card)

    assert (found.code, found.message) == ("unprintable-math", r"a formula cannot be printed: \bad")
    assert found.span is not None
    assert found.span.text == written
