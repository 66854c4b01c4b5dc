"""Formulas are read as Anki's MathJax reads them: each gets the MathML that MathJax makes of it."""

import re
from difflib import unified_diff
from pathlib import Path

import pytest

from cardwright.source.formulas import environments, operators
from cardwright.source.formulas.items import UnreadableTex
from cardwright.source.formulas.reader import handlers, read_formula
from cardwright.source.tex import ENVIRONMENTS, MACROS
from scripts.formula_tables import FOLDER, make_tables
from tests.support.mathjax import to_mathml
from tests.support.mathml import outline, read_mathml
from tests.support.random_tex import RandomTex

CORPUS = Path(__file__).parent / "corpus"


def formulas(name: str) -> list[str]:
    """Return the formulas of a file of the corpus: one in a line, without the headings."""
    lines = (CORPUS / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line and not line.startswith("# ")]


def with_every_macro() -> list[str]:
    """Return each macro without its arguments: between letters, with scripts, in a font, as a delimiter."""
    forms = (r"a {} b", r"{0}_1^2 + {{{0}}}", r"\mathbf{{{0} x}} \boldsymbol{{{0}}}", r"\left{} x \right.")
    names = sorted(MACROS - {r"\ce", r"\pu"})  # chemistry has tests of its own
    return [form.format(name) for name in names for form in forms]


def difference(tex: str, mathml: str, *, display: bool) -> str:
    """Return how our MathML of a formula differs from MathJax's; nothing if it doesn't."""
    try:
        ours = list(outline(read_formula(tex, display=display)))
    except UnreadableTex as error:
        ours = [f"unreadable: {error}"]
    if 'data-mjx-error="TypeError"' in mathml:  # a fault of MathJax itself
        return ""
    if '<mtext mathcolor="red">' in mathml:  # a macro of the list that has no meaning in this place
        return ""
    if found := re.search('data-mjx-error="(.*?)"', mathml):
        return "" if ours[0].startswith("unreadable") else f"{tex}\n  should be an error: {found[1]}"
    theirs = list(outline(read_mathml(mathml)))
    lines = unified_diff(theirs, ours, "MathJax", "cardwright", lineterm="", n=3)
    return "\n".join([tex, *lines]) if ours != theirs else ""


@pytest.mark.parametrize("display", [True, False], ids=["display", "inline"])
def test_formulas_are_read_as_mathjax_reads_them(tmp_path: Path, *, display: bool) -> None:
    """Every macro of the list and every environment, in each form it takes, and formulas of all sciences."""
    texts = [tex for path in sorted(CORPUS.glob("*.txt")) for tex in formulas(path.stem)]
    texts += with_every_macro()

    judged = to_mathml(texts, tmp_path, display=display)

    different = [difference(tex, mathml, display=display) for tex, mathml in zip(texts, judged, strict=True)]
    assert [found for found in different if found] == []


def test_random_formulas_are_read_as_mathjax_reads_them(tmp_path: Path) -> None:
    """Whatever is nested in whatever, and what is hardly TeX: that is an error for both."""
    made = RandomTex(seed=1)
    texts = [made.formula() for _ in range(600)] + [made.fragments() for _ in range(600)]

    judged = to_mathml(texts, tmp_path)

    different = [difference(tex, mathml, display=True) for tex, mathml in zip(texts, judged, strict=True)]
    assert [found for found in different if found] == []


def test_the_reader_knows_the_macros_that_formulas_may_use_and_no_others() -> None:
    """`\\of`, `\\bond` and `\\ca` are read by others; `\\word` stands in what a macro stands for."""
    known = {name for name in (*handlers(), *operators._symbols()) if name.startswith("\\")}

    assert MACROS - known == {r"\of", r"\bond", r"\ca", r"\(", r"\)", "\\\n"}
    assert known - MACROS == {r"\word"}
    assert environments._ENVIRONMENTS.keys() == ENVIRONMENTS


def test_tables_of_signs_are_those_of_mathjax(tmp_path: Path) -> None:
    """`.venv/bin/python -m scripts.formula_tables` fills them again."""
    for name, text in make_tables(tmp_path).items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text


def test_what_is_wrong_is_said_in_few_words() -> None:
    """The headline of the message has room for 50 characters of it."""
    texts = [tex for path in sorted(CORPUS.glob("*.txt")) for tex in formulas(path.stem)]
    reasons = set()
    for tex in texts:
        try:
            read_formula(tex)
        except UnreadableTex as error:
            reasons.add(str(error))

    assert len(reasons) > 20
    assert [reason for reason in reasons if len(reason) > 50] == []
