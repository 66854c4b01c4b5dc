"""Formulas on paper have the size that MathJax gives them in Anki."""

from pathlib import Path

import pytest

from tests.support.formula_pictures import ink_size, printed_pictures, shown_pictures

FORMULAS = [
    r"\begin{pmatrix} 1 \\[1ex] 2 \end{pmatrix}",
    r"\begin{aligned} a &= b \\[2ex] &= c + d \end{aligned}",
    r"\begin{array}{|r|l|} \hline 1 & 2 \\[1em] \hline 345 & 6 \\ \hline \end{array}",
    r"\begin{array}{c:c} 1 & 2 \\ \hdashline 3 & 4 \end{array}",
    r"\begin{cases} a & x < 0 \\ b & x \ge 0 \end{cases}",
    r"\begin{CD} A @>a>> B \\ @VbVV @VVcV \\ C @= D \end{CD}",
    r"\operatorname{arg\,max}_\theta L",
    r"\textbf{bold} \textit{slanted} \mathsf{sans} \mathtt{type} \mathbf{b} \mathit{diff}",
    r"\mathbb{R1} \mathcal{ABab1} \mathscr{AB} \mathfrak{Ag} \boldsymbol{\alpha + 1}",
    r"\rule{1em}{2em} \rule[-1ex]{2em}{.5ex} \overparen{abc}",
    r"a + b = c \quad -d \times -e \quad (-f) \quad \sin x \quad \log_2 n \quad x \mathrel{R} y",
    r"\sum_{i=1}^n i \quad \textstyle\sum_{i=1}^n i \quad \int_0^1 f \, dx \quad \lim_{x \to 0} x",
    r"\dfrac12 \tfrac12 \binom{n}{k} {a \atop b} {a \above 2pt b} \genfrac{[}{]}{0pt}{}{n}{k}",
    r"\sqrt{x} \sqrt[3]{\frac{a}{b}} x_i^2 {}_2^3 X f'(x) e^{-\frac{x^2}{2}}",
    r"\sqrt{1 + \sqrt{1 - v^2 / c^2}} \quad \frac{1}{\sqrt{1 - a = b}} \quad e^{1 - x} \quad \sqrt[n]{a + b}",
    r"\bigl( \Bigl( \biggl( \Biggl( \big| \Bigg/ \left( \frac12 \right) \left. x \right|_0",
    r"\boxed{x} \cancel{x} \bcancel{ab} \xcancel{abc} \enclose{circle}{x} \enclose{roundedbox}{ab}",
    r"\hat x \vec v \widehat{abc} \overline{ab} \underline{ab} \overrightarrow{ABC} \underleftarrow{ABC}",
    r"\raise 1em x \lower 1em y \llap{/}x \hphantom{abc} z \smash{\frac12} \vphantom{\frac12}",
    r"\ce{2 H2 + O2 -> 2 H2O} \quad \ce{SO4^2-} \quad \ce{^{227}_{90}Th+}",
    r"\pu{1.2e3 kJ//mol}",
    r"\large x \small y \Huge z \normalsize w",
    r"\color{red}{x} \textcolor{blue}{y^2} \sum_{\substack{a \\ b}}^n",
]


def test_formulas_are_as_large_as_in_anki(tmp_path: Path) -> None:
    """A rule, a script or a space that is lost would show in the size of the picture."""
    shown = [ink_size(picture) for picture in shown_pictures(FORMULAS, tmp_path)]
    printed = [ink_size(picture) for picture in printed_pictures(FORMULAS)]

    for tex, (width, height), expected in zip(FORMULAS, printed, shown, strict=True):
        assert width == pytest.approx(expected[0], rel=0.08, abs=0.3), tex
        assert height == pytest.approx(expected[1], rel=0.15, abs=0.3), tex
