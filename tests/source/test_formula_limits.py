"""Formulas that cannot be printed: each is reported quickly and in its place."""

import pytest

from cardwright import pipeline
from tests.support.memory import FakeEnvironment, deck_files

TOO_LONG = {
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


def find_problem(card: str) -> tuple[str, str, str]:
    """Build a deck of one card; return code, headline and marked text of its only error.

    card: as YAML, without its id.
    """
    text = f"deck: Legs\nid: legs\ncards:\n- id: a\n{card}"
    files = deck_files({"legs/deck.yaml": text})
    result = pipeline.build(files, FakeEnvironment(), pipeline.BuildOptions(now=1))
    assert not any(path.endswith(".pdf") for path in result.files)
    (problem,) = result.report
    assert problem.span is not None
    return problem.code, problem.message, problem.span.text


@pytest.mark.parametrize("card", ["  q: '\\( {} \\)'\n  a: x\n", "  cloze: 'A {{{{c1::\\( {} \\)}}}}'\n"])
@pytest.mark.parametrize("tex", TOO_LONG.values(), ids=TOO_LONG)
def test_too_long_formula_is_not_parsed(tex: str, card: str) -> None:
    """The TeX parser is recursive, and takes minutes for a long formula."""
    code, message, marked_text = find_problem(card.format(tex))

    assert (code, marked_text) == ("long-formula", r"\(")
    assert len(message) <= 72


@pytest.mark.parametrize("tex", UNFINISHED.values(), ids=UNFINISHED)
def test_deeply_nested_formula_is_reported_as_unfinished(tex: str) -> None:
    code, _, marked_text = find_problem(f"  q: '\\( {tex} \\)'\n  a: x\n")

    assert code in ("broken-formula", "unprintable-math")
    assert marked_text == tex


@pytest.mark.parametrize(
    ("card", "marked"),
    [
        ("  q: How? \\(\\middle/x\\)\n  a: x\n", r"\middle/x"),
        ('  q: "How? \\\\(\\\\middle/x\\\\)"\n  a: x\n', r"\\middle/x"),
        ("  q: 'How''s \\(f''\\middle/x\\)?'\n  a: x\n", r"f''\middle/x"),
        ("  q: |\n    How?\n    \\[\\middle/x\n    y\\]\n  a: x\n", "\\middle/x\n    y"),
        ("  cloze: 'A {{c1::\\(\\middle/x\\)}} and {{c2::b}}'\n", r"\middle/x"),
        ("  q: |\n    | a | b |\n    | - | - |\n    | c | \\(\\middle/x\\) |\n  a: x\n", r"\middle/x"),
        ("  table: {ask: {f: 'f of {row}?'}, rows: {one: {row: 1, f: '\\(\\middle/x\\)'}}}\n", r"\middle/x"),
        ("  list: Which?\n  items: {a: x, b: 'y \\(\\middle/x\\)'}\n", r"\middle/x"),
    ],
)  # fmt: skip
def test_unprintable_formula_is_reported_once_in_its_place(card: str, marked: str) -> None:
    """The style of the YAML scalar and the number of cards that show it make no difference."""
    message = r"a formula is broken: `\middle` stands outside `\left … \right`"

    assert find_problem(card) == ("broken-formula", message, marked)
