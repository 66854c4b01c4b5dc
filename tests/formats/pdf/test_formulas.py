"""TeX that becomes a formula on paper, and TeX that becomes a diagnostic."""

import io
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pdfplumber
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cardwright.collection.content import LineBreak, Math, Paragraph, Strong, Text
from cardwright.formats.pdf.formula import FormulaError, add_steps, formula_node, parse_formula
from cardwright.formats.pdf.nodes import Json
from cardwright.source.cache import NullCache
from tests.support.memory import WriteOnceCache
from tests.support.print_decks import deck, layout_errors, note, pdf_text, render_sheets

PRINTABLE = [
    r"\frac{a}{b} + \dfrac12 - \tfrac{1}{2}",
    r"x^2_i + x' + x'' + {}_2^3X",
    r"\sqrt{x} + \sqrt[3]{y}",
    r"\sum_{i=1}^n i \quad \prod\limits_a^b \quad \int_0^1 f(x)\,dx \quad \oint",
    r"\lim_{x\to 0} \sin x \quad \operatorname{rank} A \quad \max_x",
    r"\begin{pmatrix}a&b\\c&d\end{pmatrix} \begin{bmatrix}1\end{bmatrix} \begin{vmatrix}1\end{vmatrix}",
    r"\begin{cases}a & x<0\\ b & x\ge 0\end{cases}",
    r"\begin{aligned}a&=b\\c&=d\end{aligned}",
    r"\begin{array}{cc}1&2\\3&4\end{array}",
    r"\left( \frac12 \right) \left\{ x \right. \left[x\right]_0^1 \Bigl( x \Bigr)",
    r"\hat{x}\vec{v}\dot x\ddot x\tilde x\bar x\check x",
    r"\overline{ab} \underline{ab} \overbrace{ab} \underbrace{ab}_{n}",
    r"\mathbb{R} \mathbf{x} \mathrm{d}x \mathcal{L} \mathfrak{g}",
    r"\mathsf{a} \mathtt{a} \boldsymbol{\alpha} \mathscr{L}",
    r"\text{if } x \ne y, \text{Öl & Wasser}",
    r"\not= \not\in \notin \neq",
    r"\binom{n}{k} \stackrel{a}{=} \overset{a}{b} \underset{a}{b} \substack{a\\b}",
    r"\xrightarrow{k} \xleftarrow[a]{b} \rightleftharpoons \overrightarrow{AB}",
    r"\cancel{x} \boxed{x} \phantom{x} \color{red}{x}",
    r"10^{-3}\,\mathrm{mol\,L^{-1}} \; 5\% \; 30^\circ \; 3{,}14",
    r"a \\ b",
    r"\begin{array}{|c|c|c|}\hline p & q & r\\\hline 1 & 0 & 1\\\hline\end{array}",
    r"\left[\begin{array}{cc|c}1&2&3\\\hline 4&5&6\end{array}\right] \begin{array}{|rl}1&2\end{array}",
    r"\begin{align*}a&=b\tag{2}\\c&=d\end{align*} \tag{*}",
    r"\langle x \rangle \lvert x \rvert \|x\| \lfloor x \rfloor",
    r"\mathscr{AB} \mathcal{Ab1} \mathbfscr{Ab} \blacksquare \bigstar \gimel \oldstyle 12",
    r"x^\prime x'' + '' \colorbox{yellow}{a} \cfrac12 \begin{CD}A @>a>> B\end{CD} \enclose{circle}{x}",
    r"\alpha\beta\gamma\Delta\Omega \pm\times\cdot\leq\geq\approx\infty\partial\nabla\ldots\cdots",
]


TEX_FRAGMENTS = [
    "{", "}", "^", "_", "&", "\\", " ", "x", "1", "+", "(", r"\frac", r"\left(", r"\right)", r"\sqrt",
    r"\begin{cases}", r"\end{cases}", r"\text{", r"\\", "\x00", "é", "#", '"',
]  # fmt: skip


@pytest.mark.parametrize("tex", PRINTABLE)
def test_formulas_are_printed_inline_and_as_blocks(tex: str, tmp_path: Path) -> None:
    """The engine refuses missing glyphs, so a file means that there are none."""
    card = note("card-1", (Paragraph((Math(tex),)), Paragraph((Math(tex, display=True),))))

    assert not isinstance(parse_formula(tex), FormulaError)
    assert render_sheets(deck([card]), tmp_path)


def test_a_formula_can_be_read_back_as_text(tmp_path: Path) -> None:
    """Letters in their mathematical form, digits and operators, in reading order."""
    text = pdf_text(
        render_sheets(deck([note("card-1", (Paragraph((Math(r"E = m c^2 + \sin 30"),)),))]), tmp_path)
    )

    assert "𝐸=𝑚𝑐2+sin30" in text.replace(" ", "").replace("\n", "")


@pytest.mark.parametrize(
    ("tex", "characters"),
    [
        (r"\begin{pmatrix}1\\[1ex] 2\end{pmatrix}^T", "(12)T"),
        (r"\begin{bmatrix}1\end{bmatrix}_{ij}^{-1}", "[1]\u22121ij"),
        (r"\binom{n}{k}^2", "(nk)2"),
        (r"\mathop{\mathrm{argmax}}_x f", "argmaxxf"),
        (r"a \mathrel{R} b", "aRb"),
        (r"\begin{align}a&=b\end{align}", "a=b"),
        (r"\begin{cases} [a] & b\\c & d\end{cases}", "{[a]bcd"),
        (r"\begin{pmatrix}[a]\end{pmatrix} \begin{aligned} {}[b] &= c\end{aligned}", "([a])[b]=c"),
        (r"a=b \tag{1}", "a=b(1)"),
        (r"\begin{array}{|c|}\hline a\\\hline b\\\hline\end{array} \tag*{x}", "abx"),
        (r"\operatorname{arg\,max}_\theta \mathbb{1}", "argmax\u03b81"),
    ],
)
def test_nothing_of_a_formula_is_lost_or_added(tex: str, characters: str) -> None:
    """A transposed matrix printed without its T would be learnt like that."""
    written = "".join(
        str(step["s"]) for step in _steps(tex) if step["t"] in ("glyph", "text", "fence", "sized")
    )
    arrows = "".join(str(step["s"]) for step in _steps(tex) if step["t"] == "arrow")

    assert sorted(unicodedata.normalize("NFKC", (written + arrows).replace(" ", ""))) == sorted(characters)


def _steps(tex: str) -> list[Mapping[str, Json]]:
    formula = parse_formula(tex, display=True)
    assert not isinstance(formula, FormulaError)
    steps = formula["c"]
    assert isinstance(steps, list)
    return steps


def test_the_rules_of_an_array_are_where_its_author_put_them() -> None:
    """Around it and inside; a truth table without its rules is read wrongly."""
    tables = r"""
        \begin{array}{|c|c|}\hline p&q\\\hline 1&0\\ 0&1\\\hline\end{array}
        \begin{array}{cc|c}1&2&3\\4&5&6\\\hdashline 7&8&9\end{array}
        \begin{matrix}1&2\end{matrix}
    """
    outlined, inner, none = (step for step in _steps(tables) if step["t"] == "matrix")

    assert (outlined["frame"], outlined["row_rules"], outlined["column_rules"]) == (1, [1, 0], [1])
    assert (inner["frame"], inner["row_rules"], inner["column_rules"]) == (0, [0, 2], [0, 1])
    assert (none["frame"], none["row_rules"], none["column_rules"]) == (0, [], [0])


@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"\frac{a}", r"`\frac` needs an argument"),
        ("{", "a brace has no closing brace"),
        (r"\left( x", r"`\left` has no `\right`"),
        ("x^2^3", "a script follows another of its kind; use braces"),
        ("ə", r"`ə` can stand in `\text{…}` alone"),
    ],
)
def test_tex_that_anki_shows_as_an_error_is_called_broken(tex: str, reason: str, tmp_path: Path) -> None:
    """Leaving it off paper would be no help."""
    (error,) = layout_errors(deck([note("card-1", (Paragraph((Math(tex),)),))]), tmp_path)

    assert error.code == "broken-formula"
    assert error.message == f"a formula is broken: {reason}"
    assert error.help == "mend it; Anki shows an error in its place, too"


def test_tex_that_cannot_be_printed_is_named(tmp_path: Path) -> None:
    tex = r"\left(" * 20 + r"\right)" * 20
    (error,) = layout_errors(deck([note("card-1", (Paragraph((Math(tex),)),))]), tmp_path)

    assert error.code == "unprintable-math"
    assert error.message == "a formula cannot be printed: it is nested too deeply"


def test_letters_that_are_bold_by_themselves_are_printed(tmp_path: Path) -> None:
    """They are in the font of formulas, not in that of words; without them, a build would end in a crash."""
    tex = r"𝕏^𝐱 \mathbf{𝕏} \textbf{𝐱} \textit{𝕏}"

    assert render_sheets(deck([note("card-1", (Paragraph((Math(tex),)),))]), tmp_path)


@pytest.mark.parametrize("tex", [r"\boxed{" * 9 + "x" + "}" * 9, r"\sqrt{" * 39 + "x" + "}" * 39])
def test_deep_formulas_are_printed(tex: str, tmp_path: Path) -> None:
    """What the engine cannot follow would end a build without a place."""
    assert render_sheets(deck([note("card-1", (Paragraph((Math(rf"\tiny {tex}"),)),))]), tmp_path)


@given(st.lists(st.sampled_from(TEX_FRAGMENTS)).map("".join))
@example(r"\frac" * 500)
@example("{" * 2000)
def test_any_tex_is_read_or_explained(tex: str) -> None:
    """Whatever is between the delimiters, no exception reaches the author."""
    formula = parse_formula(tex)

    assert not isinstance(formula, FormulaError) or formula.reason


@pytest.mark.parametrize(
    ("tex", "gaps"),
    [
        (r"{\leftharpoondown}\!\!{-}", [0.0, -0.334, 0.0]),
        (r"a =\! b", [0.0, 0.2778, 0.1108, 0.0]),
        (r"\quad a\,\,", [1.0, 0.334]),
    ],
)
def test_spaces_are_added_to_those_of_signs(tex: str, gaps: list[float]) -> None:
    """The engine takes only the first of several spaces behind a relation: the arrows of `<=>` fell apart."""
    formula = parse_formula(tex)

    assert not isinstance(formula, FormulaError)
    steps = formula["c"]
    assert isinstance(steps, list)
    assert [step["gaps"] for step in steps if step["t"] == "row"] == [gaps]


def test_a_formula_in_bold_text_is_not_bold(tmp_path: Path) -> None:
    """As MathJax, which has letters of its own for what is bold in a formula."""
    card = note("card-1", (Paragraph((Strong((Text("why "), Math("x^2"))),)),))
    with pdfplumber.open(io.BytesIO(render_sheets(deck([card]), tmp_path))) as pdf:
        fonts = {char["fontname"] for char in pdf.pages[0].chars if char["text"] in "w𝑥"}

    assert sorted(("Math" in font, "Bold" in font) for font in fonts) == [(False, True), (True, False)]


def test_high_formulas_leave_room_between_lines(tmp_path: Path) -> None:
    """Each formula is a bar, higher than a line of text."""
    bar = Math(r"\rule[-1.5em]{1em}{4em}")
    card = note("card-1", (Paragraph((bar, LineBreak(), bar)),))
    with pdfplumber.open(io.BytesIO(render_sheets(deck([card]), tmp_path))) as pdf:
        upper, lower = (area for area in pdf.pages[0].rects if 10 < area["width"] < 25 < area["height"])

    assert lower["top"] - upper["bottom"] > 0.2 * upper["width"]


def test_a_line_is_not_broken_within_a_formula(tmp_path: Path) -> None:
    """MathJax never does, either."""
    card = note("card-1", (Paragraph((Text("word " * 3), Math("a = b = c = d = e = f"))),))
    with pdfplumber.open(io.BytesIO(render_sheets(deck([card]), tmp_path))) as pdf:
        lines = {char["bottom"] for char in pdf.pages[0].chars if char["text"] in "𝑎𝑏𝑐𝑑𝑒𝑓"}

    assert len(lines) == 1


def test_wide_formulas_and_tags_take_the_width_of_the_card(tmp_path: Path) -> None:
    """The tag stands at its edge and the equation in its middle, as in Anki."""
    formulas = r"\begin{flalign} a &= b & c &= d \end{flalign}", r"x = y \tag{1}"
    card = note("card-1", tuple(Paragraph((Math(tex, display=True),)) for tex in formulas))
    with pdfplumber.open(io.BytesIO(render_sheets(deck([card]), tmp_path))) as pdf:
        chars = {char["text"]: char for char in pdf.pages[0].chars}
    start, end = chars["𝑎"]["x0"], chars["𝑑"]["x1"]

    assert end - start > 130
    assert abs(chars[")"]["x1"] - end) < 2
    assert abs(chars["𝑥"]["x0"] + chars["𝑦"]["x1"] - start - end) < 4


def test_the_steps_of_formulas_are_kept_from_one_build_to_the_next() -> None:
    """Each formula is converted once, and what is known of it is the same as what would be found again."""
    texts = [r"\sum_i x_i", r"\sum_i x_i", r"\frac{a", r"\badmacro", "\ud800"]

    def trees() -> list[dict[str, Json]]:
        return [formula_node(Math(tex, display)) for tex in texts for display in (False, True)]

    cache = WriteOnceCache()
    (clean, cold, warm) = (trees(), trees(), trees())
    errors = [
        add_steps(nodes, store) for nodes, store in ((clean, NullCache()), (cold, cache), (warm, cache))
    ]

    assert clean == cold == warm
    assert errors[0] == errors[1] == errors[2]
    assert errors[0][r"\frac{a", True] == FormulaError("a brace has no closing brace", is_broken=True)
    assert len(cache.answers) == 8
    assert clean[0]["c"] != clean[1]["c"]
