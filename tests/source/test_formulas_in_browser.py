"""Formulas on pages for the browser look as MathJax shows them in Anki: every one is about as large."""

import base64
from pathlib import Path
from statistics import median

from cardwright.formats.anki.escape import tex as escape_tex
from cardwright.source.formulas.core import math_font, write_core_mathml
from cardwright.source.formulas.reader import read_formula
from tests.support.browser import open_browser
from tests.support.mathjax import PAGES

FORMULAS = r"""
\frac{a}{b_{c}} < x^{12} + \sqrt[3]{d}
\mathbb{R}\mathcal{L}\mathfrak{g}\mathbf{x}\mathrm{d}x
\text{a b}\textbf{bold}
\overline{AB}\ \underline{xy}\ \overrightarrow{AB}
\hat x\bar x\dot x\vec v
\underbrace{a+b}_{n}\ \overbrace{c+d}^{m}
\left(\frac12\right]
\Bigl(\bigg[x\bigg]\Bigr)
\begin{pmatrix}1&2\\3&4\end{pmatrix}
\begin{array}{|l|cr|}\hline a&b&c\\ \hline dd&ee&ff\\\hline\end{array}
\begin{aligned}a&=b+c\\ddd&=e\end{aligned}
\begin{cases}x&\text{if }x>0\\-x&\text{else}\end{cases}
\begin{smallmatrix}a&b\\c&d\end{smallmatrix}
\cancel{x}\ \bcancel{yy}\ \xcancel{z}
\boxed{E=mc^2}\ \fbox{ab}
\ce{H2O + 2H+ -> A^{2-}}
\ce{SO4^2- + Ba^2+ -> BaSO4 v}
\color{red}{x}\colorbox{yellow}{z}
\sum_{i=1}^n i^2
\int_0^\infty e^{-x}\,dx
\lim_{x\to0}f(x)
a\!+\!b\quad c
d{+}e
\xrightarrow[b]{abc}
\phantom{x}y\smash{g}
\binom nk\stackrel{?}{=}b
\neq f'(x)\hbar
\pu{1.2e3 kJ/mol}
{}_1^2X\prod_a^b
\dfrac{\partial f}{\partial x}
""".strip().splitlines()
_SIZES = """
[...document.querySelectorAll("p")].map(p => {
    const box = (p.querySelector("mjx-math") ?? p.querySelector("math")).getBoundingClientRect();
    return [box.width, box.height];
})
"""


def test_formulas_are_as_large_as_in_anki(tmp_path: Path) -> None:
    font = base64.b64encode(math_font()).decode()
    scripts = "".join(
        f'<script src="{(PAGES / "js" / name).as_uri()}"></script>{then}'
        for name, then in (
            ("mathjax.js", "<script>window.MathJax.loader = {}</script>"),
            ("vendor/mathjax/tex-chtml-full.js", ""),
        )
    )
    theirs = "".join(rf"<p>\({escape_tex(formula)}\)</p>" for formula in FORMULAS)
    ours = "".join(f"<p>{write_core_mathml(read_formula(tex, display=False))}</p>" for tex in FORMULAS)
    page_file = tmp_path / "formulas.html"
    page_file.write_text(
        f"<!doctype html><meta charset=utf-8>{scripts}<style>@font-face{{font-family:m;"
        f"src:url(data:font/woff2;base64,{font})}}math{{font-family:m}}</style>{theirs}{ours}",
        encoding="utf-8",
    )
    with open_browser() as browser:
        page = browser.new_page()
        page.goto(page_file.as_uri())
        page.evaluate("MathJax.startup.promise.then(() => MathJax.typesetPromise())")
        page.evaluate("document.fonts.ready")
        sizes = page.evaluate(_SIZES)
    scale = median(theirs[0] / own[0] for theirs, own in zip(sizes, sizes[len(FORMULAS) :], strict=False))
    ratios = {
        formula: (round(width * scale / theirs[0], 2), round(height * scale / theirs[1], 2))
        for formula, theirs, (width, height) in zip(
            FORMULAS, sizes[: len(FORMULAS)], sizes[len(FORMULAS) :], strict=True
        )
    }
    assert not {tex: ratio for tex, ratio in ratios.items() if not all(0.7 < part < 1.35 for part in ratio)}
