"""Makes TeX at random: formulas as authors write them, nested and mixed, and text that is hardly TeX."""

from random import Random

from cardwright.source.tex import ENVIRONMENTS, MACROS

_LETTERS = "abcxyzNRP"
_NUMBERS = ("0", "1", "12", "3.5", "1{,}000", ".5")
_SIGNS = (*"+-=<>*/,.:;!?|()[]`~", "'", "''", '"', r"\{", r"\}", r"\,", r"\!", r"\quad ", r"\not ", r"\dots ")
_SYMBOLS = (
    r"\alpha \Gamma \times \leq \to \sum \int \partial \infty \cdots \Vert \nabla \cup \neq \vdots \ell"
)
_FUNCTIONS = r"\sin \log \lim \max \limsup \det"
_DELIMITERS = (
    "(",
    ")",
    "[",
    "]",
    "|",
    r"\{",
    r"\}",
    r"\langle ",
    r"\rangle ",
    ".",
    r"\|",
    "/",
    r"\uparrow ",
    "<",
)
_ONE = """
    mathrm mathbf mathbb mathcal mathit mathsf hat vec bar widehat mathring overline underline overbrace
    underbrace overrightarrow sqrt phantom vphantom smash rlap llap mathop mathrel mathbin mathinner text
    textbf fbox boxed operatorname operatorname* boldsymbol pmod pmb substack cancel xrightarrow colorbox{red}
    textcolor{blue} not cramped mathclap braket Braket Set ket centernot enclose{box} xcancel xmapsto
"""
_TWO = "frac dfrac tfrac binom overset underset stackrel cfrac sqrt[3] textcolor[rgb]{0,1,0} splitfrac"
_TO_THE_END = r"\displaystyle \scriptstyle \rm \bf \it \cal \large \color{red}"
# By environment: what may stand after its name.
_ARGUMENTS = {
    "array": ["{cc}", "{l|r}", "[t]{|c|c|}", "{c:c}"],
    "alignedat": ["{2}", "[t]{2}"],
    **{name: ["{2}"] for name in ("alignat", "alignat*", "xalignat", "xalignat*", "xxalignat")},
    **{name: ["{c}", "{l}"] for name in ("subarray", "crampedsubarray")},
    **{name: ["", "[t]", "[b]"] for name in ("aligned", "gathered", "lgathered", "rgathered", "multlined")},
}
_ENVIRONMENTS = sorted(ENVIRONMENTS - {"CD"})
_IN_CELLS = ("", "", "", r"\hline ", r"\tag{1}", r"\notag ", r"\hfill ", r"\shoveleft ", r"\rm ")


class RandomTex:
    """Makes formulas, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._macros = sorted(MACROS - {r"\ce", r"\pu"})  # chemistry has tests of its own

    def formula(self, depth: int = 3) -> str:
        """Return a formula; nearly all of these are without errors. depth: of nesting, at most."""
        return "".join(self._with_scripts(depth) for _ in range(self._random.randint(1, 3)))

    def fragments(self) -> str:
        """Return pieces of TeX in a row that needn't fit together."""
        pieces = [
            lambda: self._pick(list("{}{}{}^_^_&#%$ \n")),
            lambda: self._pick(_SIGNS),
            lambda: self._pick(
                [*_DELIMITERS, r"\left", r"\right", r"\middle", r"\\", "1em", "[1ex]", "é", "ʋ", "𝕏"]
            ),
            lambda: self._pick(self._macros),
            lambda: rf"\begin{{{self._pick(sorted(ENVIRONMENTS))}}}",
            lambda: rf"\end{{{self._pick(sorted(ENVIRONMENTS))}}}",
            lambda: self._pick(_LETTERS) + " ",
        ]
        return "".join(self._random.choice(pieces)() for _ in range(self._random.randint(1, 12)))

    def _pick(self, values: "list[str] | tuple[str, ...] | str") -> str:
        return self._random.choice(values)

    def _with_scripts(self, depth: int) -> str:
        base = self._atom(depth)
        form = self._pick(
            ["{}", "{}", "{}", "{}_{}", "{}^{}", "{}_{}^{}", r"{}\limits_{}", r"{}\nolimits^{}"]
        )
        if "limits" in form and not base.startswith((r"\sum", r"\int", r"\lim", r"\max")):
            form = "{}"
        return form.format(base, *(self._script(depth) for _ in range(form.count("{}") - 1)))

    def _script(self, depth: int) -> str:
        return self._pick([f"{{{self.formula(depth - 1)}}}" if depth > 0 else "i", "n", "2", r"\beta "])

    def _atom(self, depth: int) -> str:
        forms = [
            lambda: self._pick(_LETTERS),
            lambda: self._pick(_NUMBERS),
            lambda: self._pick(_SIGNS),
            lambda: self._pick(_SYMBOLS.split()) + " ",
            lambda: self._pick(_FUNCTIONS.split()) + " ",
            lambda: rf"\{self._pick(['big', 'Bigl', 'biggr', 'Biggm'])}{self._pick(_DELIMITERS)}",
        ]
        inner = [
            lambda: f"{{{self.formula(depth - 1)}}}",
            lambda: rf"\{self._pick(_ONE.split())}{{{self.formula(depth - 1)}}}",
            lambda: rf"\{self._pick(_TWO.split())}{{{self.formula(depth - 1)}}}{{{self.formula(depth - 1)}}}",
            lambda: (
                rf"\left{self._pick(_DELIMITERS)}{self.formula(depth - 1)}\right{self._pick(_DELIMITERS)}"
            ),
            lambda: rf"{{{self.formula(depth - 1)}\{self._pick(['over', 'choose', 'atop'])} x}}",
            lambda: f"{{{self._pick(_TO_THE_END.split())} {self.formula(depth - 1)}}}",
            lambda: rf"\text{{if ${self.formula(depth - 1)}$ \$5}}",
            lambda: self._table(depth),
        ]
        return self._random.choice(forms if depth == 0 or self._random.random() < 0.5 else inner)()

    def _table(self, depth: int) -> str:
        if self._random.random() < 0.2:
            return rf"\{self._pick(['matrix', 'pmatrix', 'cases', 'eqalign'])}{{{self._rows(depth)}}}"
        name = self._pick(_ENVIRONMENTS)
        arguments = self._pick(_ARGUMENTS.get(name, [""]))
        return rf"\begin{{{name}}}{arguments} {self._rows(depth)} \end{{{name}}}"

    def _rows(self, depth: int) -> str:
        ends = self._pick([r" \\ ", r" \\[1ex] ", r" \cr ", r" \\ \hline "])
        rows = self._random.randint(1, 3)
        cells = (self._pick(_IN_CELLS) + self.formula(depth - 1) for _ in range(rows * 2))
        return ends.join(" & ".join(row) for row in zip(cells, cells, strict=True))
