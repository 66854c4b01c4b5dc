"""Formulas are checked before MathJax reads them: names, arguments, braces, and where they end."""

import pytest

from cardwright.source.tex import find_formula_end, find_tex_problems, strip_formula


def problems(tex: str) -> list[tuple[str, str]]:
    """Return the code of each problem, and the part of the formula that it is about."""
    found = list(find_tex_problems(tex))
    assert all(len(problem.message) <= 72 and problem.help for problem in found)
    return [(problem.code, tex[problem.start : problem.end]) for problem in found]


@pytest.mark.parametrize(
    "tex",
    [
        "",
        "x^2 + y_1' < 3 & z",
        r"\bigl\{ x \bigr\} \backslash \arg \xcancel{x}",
        r"\operatorname*{arg\,max}_\theta \overparen{AB} \underbrace{x}_{y}",
        r"\begin{pmatrix} 1 \\[1ex] 2 \end{pmatrix} \begin {cases} x & y \\ z \end{cases}",
        r"\begin{array}{c|c} x & y \\ \hline z \end{array}",
        r"\ce{CH4 + 2 O2 -> CO2 + 2 H2O} \ce{SO4^2-} \ce{NO_{$x$}} \ce{$\alpha$-D} \ce{A ->[\Delta] B}",
        r"\ce{A_{$\frac{x_{1}}{2}$}} \ce{Fe^{II}Fe^{III}2O4} \ce{^{227}_{90}Th+} \ce{A\bond{...}B}",
        r"\ce{[\{(X2)3\}2]^3+} \ce{A ->[H2O] B} \ce{\Delta_{f}H \mu_e {\alpha}t}",
        r"\ce{A_{\pi$t$}} \ce{$n$ A ->[\Delta] B} \ce{\eta^n} \ce{2 $\left( \ce{O2} \right)$} \ce{\pi$x$}",
        r"\ce{$K = \frac{[\ce{H+}]}{[\ce{HA}]}$} \ce{A ->[\pu{5 bar}] B} \ce{A \ce{B}}",
        r"m_{\ce{H2O}} x^{\pu{5 m}} \mathbf{\ce{A & B}} \ce{A}x \ce{C#C}",
        r"\begin{aligned} \ce{A &-> B \\ C &->[\Delta][$y$] D} \end{aligned}",
        r"\begin{array}{c} \ce{A \\ \hline B} \end{array} \ce{A ->[\mathrm{x}][$y$] B}",
        r"\begin{align} \ce{A} &-> \ce{B} \\ \ce{C} &-> \ce{D} \end{align}",
        r"\pu{12000 mm} \text{12000 mm} 12000\,\mathrm{mm}",
        r"\text{if \(x\) or $y$} \boxed{x} \pmb{x}\pmb{y}\pmb{z}\pmb{a}\pmb{b}",
        r"\color{red} x \color{#abc} y \textcolor[rgb]{0.1,0.2,1}{z}",
        r"\enclose{circle longdiv}{x} \cancel{y}",
        r"\hspace{1cm} \rule{3cm}{0.4pt} \kern-2mu \raise 2pt {x} \genfrac{(}{)}{0pt}{}{n}{k}",
        "\\{ \\} \\| \\, \\: \\; \\! \\_ \\# \\$ \\% \\& \\\n\\ ",
    ],
)
def test_formulas_of_real_decks_are_accepted(tex: str) -> None:
    assert problems(tex) == []


@pytest.mark.parametrize(
    ("tex", "code", "part"),
    [
        (r"\mmlToken{mi}[href=x]{x}", "math-reaches-out", r"\mmlToken"),
        (r"\alpha\href {x}{y}", "math-reaches-out", r"\href"),
        (r"\let\x\alpha", "math-reaches-out", r"\let"),
        (r"\eqref{x}", "math-reaches-out", r"\eqref"),
        (r"\fracc12", "unknown-macro", r"\fracc"),
        (r"\Alpha", "unknown-macro", r"\Alpha"),
        (r"\alphax", "unknown-macro", r"\alphax"),
        (r"\é", "unknown-macro", r"\é"),
        (r"\@x", "unknown-macro", r"\@"),
        (r"\'e", "unknown-macro", r"\'"),
        ("\\alpha\u200b\\hr\u00adef", "unknown-macro", r"\hr"),
        ("x\\", "unfinished-macro", "\\"),
        (r"\begin{tabular}{c}\end{tabular}", "unknown-environment", "tabular"),
        (r"\begin{ align }\end{ align }", "unknown-environment", " align "),
        (r"\begin{Align}\end{Align}", "unknown-environment", "Align"),
        (r"\begin{align}\end{alig}", "unknown-environment", "alig"),
        (r"\begin x", "unknown-environment", r"\begin"),
        (r"\begin\alpha", "unknown-environment", r"\begin"),
        (r"\matrix\\href", "unclear-argument", r"\matrix"),
        (r"\mod{\cases}\\href", "unclear-argument", r"\cases"),
        (r"\ce{A^{\$x$}}", "unclear-argument", r"\$"),
        (r"\ce{A\\B}", "unclear-argument", r"\\"),
        (r"\ce{A \le B}", "unclear-argument", r"\le"),
        (r"\ce{\ce{\}n A}}", "unclear-argument", r"\}"),
        (r"\ce{A^\pi^t}", "unclear-argument", r"\pi"),
        (r"\ce{A^\pi_^t}", "unclear-argument", r"\pi"),
        (r"\ce{A^{\pi}^t}", "unclear-argument", r"\pi"),
        (r"\ce{\circ$x$}", "unclear-argument", r"\circ"),
        (r"\ce{\circ$\ce{$x$}$}", "unclear-argument", r"\circ"),
        (r"\ce{A & \circ}x", "unclear-argument", r"\circ"),
        (r"\ce{A\\$x$}", "unclear-argument", r"\\"),
        (r"\ce{\{A\} + $n$ B}", "unclear-argument", r"\{"),
        (r"\ce{A\bond{x}B}", "unclear-argument", r"\bond{x}"),
        (r"\ce{C6#C7}", "unclear-argument", "#"),
        (r"\pu{5 %} \ce{B}", "unclear-argument", "%"),
        (r"\ce{5% HCl}", "unclear-argument", "%"),
        (r"\ce{$A \bond{~} B$}", "unclear-argument", r"\bond"),
        (r"\ce{A} \bond{~} \ce{B}", "unknown-macro", r"\bond"),
        (r"\ca A", "unknown-macro", r"\ca"),
        (r"\pu{m//m//m//m//m//m//m//m}", "unclear-argument", r"\pu"),
        (r"\ce{A^{\}^h^r^e^f^x^y}", "unclear-argument", r"\}^h"),
        (r"\ce{{\}$x$}", "unclear-argument", r"\}"),
        (r"\ce\\x", "unclear-argument", r"\ce"),
        (r"\cancel [mathcolor=red]{x}", "unclear-argument", r"\cancel"),
        (r"\enclose{circle}[mathcolor=red]{x}", "unclear-argument", r"\enclose"),
        (r"\enclose{a;b}{x}", "unclear-argument", r"\enclose"),
        (r"\color{url(x)}", "unclear-argument", r"\color"),
        (r"\color red", "unclear-argument", r"\color"),
        (r"\textcolor[x]{red}{x}", "unclear-argument", r"\textcolor"),
        (r"\hspace{101em}", "huge-length", "101em"),
        (r"\kern-99999999pt", "huge-length", "99999999pt"),
        (r"\rule[1em]{2em}{9999,5 mm}", "huge-length", "9999,5 mm"),
        (r"x \\[500cm]", "huge-length", "500cm"),
        (r"\genfrac(){9999pt}{}{x}{y}", "huge-length", "9999pt"),
        (r"\skew{9999}{x}{y}", "huge-length", "9999"),
        (r"\begin{xalignat*}{9999999}x\end{xalignat*}", "huge-length", "9999999"),
        (r"\begin{alignedat} [t] {100} x\end{alignedat}", "huge-length", "100"),
        (r"\frac{x}{y", "unbalanced-braces", "{"),
        (r"x}", "unbalanced-braces", "}"),
        (r"}{", "unbalanced-braces", "}"),
        (r"\\{", "unbalanced-braces", "{"),
        (r"\pmb{\pmb{\sideset{}{}{\pmb{x}}}}", "deep-formula", r"\pmb"),
        (r"\centernot{\centernot{\centernot{\centernot{=}}}}", "deep-formula", r"\centernot"),
    ],
)
def test_what_is_refused_is_named(tex: str, code: str, part: str) -> None:
    assert problems(tex)[0] == (code, part)


@pytest.mark.parametrize(
    ("tex", "help_"),
    [
        (r"\fracc", r"did you mean `\frac`?"),
        (r"\colim", r"write `\operatorname{colim}` for a name, or write out what it stands for"),
        (r"\+", "leave it out"),
        (r"\Beta", r"write the Latin letter, which looks the same: `\mathrm{A}`"),
        (r"\begin{proof}", "use `aligned`, `array`, `cases` or `matrix`"),
        (r"\lamda", r"did you mean `\lambda`?"),
        (r"\newcommand", "write out in each formula what it stands for"),
        (r"\begin{aligend}", "did you mean `aligned`?"),
        (r"\begin{ matrix }", "write its name without spaces"),
    ],
)
def test_what_to_write_instead_is_said(tex: str, help_: str) -> None:
    assert next(find_tex_problems(tex)).help == help_


def test_a_name_is_reported_once() -> None:
    assert problems(r"\x \y \x") == [("unknown-macro", r"\x"), ("unknown-macro", r"\y")]


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        (r"x\) y\)", "x"),
        (r"x \\) y\)", r"x \\) y"),
        (r"x \\\)", r"x \\"),
        (r"\text{\(x\) \(y\)} z\)", r"\text{\(x\) \(y\)} z"),
        (r"\{ x\)", r"\{ x"),
        (r"{ x\) y", "{ x"),
        ("x", None),
    ],
)
def test_a_formula_ends_where_mathjax_ends_it(text: str, tex: str | None) -> None:
    end = find_formula_end(text, 0, r"\)")

    assert (None if end < 0 else text[:end]) == tex


def test_a_line_end_of_a_formula_is_not_joined_with_its_end() -> None:
    r"""Without the space, `\ ` and `\)` would be `\\` and `)`."""
    assert strip_formula("\n x\\ \n") == "x\\ "
    assert strip_formula(" x\\\\ ") == "x\\\\"
