"""Long and deep formulas are read in time that grows with their length, or refused."""

from time import process_time

import pytest

from cardwright.source.formulas.items import UnreadableTex
from cardwright.source.formulas.reader import MAX_DEPTH, read_formula
from cardwright.source.formulas.tree import Element, write_mathml
from cardwright.source.tex import MAX_FORMULA_DEPTH, MAX_FORMULA_LENGTH
from tests.support.random_tex import RandomTex

REPEATED = (
    "x", "+", "=", "=<", "x_1", r"\sum_1^2", "'", '"', "/", r"\,", r"\not", r"\sin", r"\dots", r"\bigl(",
    r"\pmod{x}", r"\frac12", r"\hat x", r"\text{a}", r"\mathchoice{a}{a}{a}{a}", r"\boldsymbol+",
    r"\sum\limits", r"\left(\right)",
)  # fmt: skip
NESTED = (
    ("{", "}"), (r"\frac{1}{", "}"), (r"\sqrt{", "}"), (r"\hat{", "}"), (r"\text{$", "$}"), (r"\boxed{", "}"),
    (r"\stackrel{a}{", "}"), (r"\overset{", "}{a}"), (r"\underset{a}{", "}"), (r"\cfrac{1}{1+", "}"),
    (r"\skew{1}{\hat}{", "}"), (r"\mathchoice{", "}{}{}{}"), (r"\underbrace{\sum_", "}"), ("x^{", "}"),
    (r"{\left(\displaystyle\sum_", r"\right)}"), (r"\sideset{}{}{", "}"), ("{", r"\over y}"),
    (r"\phantom{=", "}"),
    (r"\operatorname{", "}"), (r"\color{red}{", "}"), (r"\begin{matrix}{", r"}\end{matrix}"),
    (r"\cancel{", "}"),
)  # fmt: skip


def depth(root: Element) -> int:
    """Return how deep the elements are nested."""
    level, found = [root], 0
    while level:
        level, found = [child for element in level for child in element.children], found + 1
    return found


@pytest.mark.parametrize("piece", REPEATED)
def test_the_time_for_a_formula_grows_with_its_length(piece: str) -> None:
    """A formula of ten times the length takes some ten times as long, not a hundred times."""

    def seconds(length: int) -> float:
        tex, fastest = piece * (length // len(piece)), float("inf")
        for _ in range(3):
            start = process_time()
            read_formula(tex, display=True)
            fastest = min(fastest, process_time() - start)
        return fastest

    assert seconds(MAX_FORMULA_LENGTH) < 40 * seconds(MAX_FORMULA_LENGTH // 10) + 0.01


@pytest.mark.parametrize(("opening", "closing"), NESTED)
def test_formulas_may_be_as_deep_as_formulas_may_be(opening: str, closing: str) -> None:
    braces = MAX_FORMULA_DEPTH // opening.count("{") if opening.count("{") > opening.count("}") else 40

    root = read_formula(opening * braces + "x" + closing * braces, display=True)

    assert "x" in write_mathml(root)
    assert depth(root) <= 8 * MAX_FORMULA_DEPTH


@pytest.mark.parametrize(
    "tex",
    [
        r"\left(" * 300 + "x" + r"\right)" * 300,
        r"\displaystyle" * 300,
        r"\raise1pt" * 400 + "x",
        r"\begin{matrix}" * MAX_DEPTH + r"\end{matrix}" * MAX_DEPTH,
        r"\iff" * 1_001,
    ],
    ids=["fences", "styles", "shifts", "tables", "macros"],
)
def test_what_is_beyond_the_limits_is_refused(tex: str) -> None:
    with pytest.raises(UnreadableTex, match=r"nested too deeply|stand for too much"):
        read_formula(tex)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_written_is_read_or_refused(seed: int) -> None:
    """There is no third way, and what is read can be written."""
    made = RandomTex(seed)
    for _ in range(500):
        try:
            written = write_mathml(read_formula(made.fragments(), display=bool(seed % 2)))
        except UnreadableTex:
            continue
        assert written.startswith("<math")


@pytest.mark.parametrize("sign", ["ʋ", "ə", "\ue000", "᪘"])
def test_signs_that_mathjax_fails_at_are_refused(sign: str) -> None:
    """Outside `\\text`, MathJax 3.2.2 knows no element for them, and Anki shows none of the formula."""
    with pytest.raises(UnreadableTex, match=r"can stand in `\\text"):
        read_formula(f"x + {sign}")

    assert sign in write_mathml(read_formula(rf"x + \text{{{sign}}}"))
