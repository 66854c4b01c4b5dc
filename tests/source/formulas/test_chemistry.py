"""Chemistry stands for the TeX that Anki's mhchem makes of it, to the letter.

What MathJax makes of that TeX is compared in `test_reader.py`, which reads the same corpus.
"""

import random
import re
import time
from pathlib import Path

import pytest

from cardwright.source.formulas.chemistry import chemistry_to_tex, quantity_to_tex
from cardwright.source.formulas.items import UnreadableTex
from cardwright.source.tex import MAX_FORMULA_LENGTH
from tests.source.formulas.test_reader import formulas
from tests.support import mathjax

# Parts of chemistry and of quantities, of which the test puts several together at random.
CHEMISTRY = (
    r"H O Na Cl 2 3 12 n x i e- ^ _ { } {} + - 2+ ^2- _2 ^14_6 _{x} ^{3+} ^{II} ( ) [ ] \{ \} -> <=> <--> <- "
    r"<<=> ->[ ->T[ ->M[ <=>[H+][x] ->[a][b] ->(v) = # < > >> << ~ | / 1/2 n/2 $n$ $2n-1$ $ v (v) (^) (aq) "
    r"(aq,$\infty$) ($c$) \ca \bond{~-} \bond{...} \bond{x} \alpha \mu- \eta^2- \Delta{} \frac{1}{2} \textbf "
    r"\overset{a}{B} \underbrace{a}_{b} \color{red} \color{red}{H2O} \ce{H2O} \pu{m} \, \; \mathrm{x} "
    r"\text{ab} & \\ . .. ... * · , ; ' '' pH iPr 2p sp 1s^2- -d -sp \pm +- \approx \hline 0,5 .5 {text-b} "
    r"{(+)} {a$x$b} ^{.-} _{Li,1-2x} _{(aq)} ^x ^{..} ^* ? @ é μ – … → \circ ^\circ _\alpha ^\text{a} "
    r"${x}$ $-$ (1/2) ^0 ^- _-1 \& \% : IV +II -I \pm0 c D C[ }"
)
QUANTITIES = (
    r"1 2 12345 . 1.5 0.12345 e E e3 E-5 x10^ *10^ \times 10^5 kg m s mol -1 ^ ^2 ^{-1} / // * ( ) [ ] { } "
    r"{a*b} {m//s} \mu \mu~g \Omega °C ^oC ^{o}C +- +/- \pm $\pm$ + - < > = << , 1,5 (12) (0.1) % \% \, N*m "
    r"\mathrm{x} \frac{a}{b} ; –"
)


def made_up(count: int) -> list[tuple[str, str]]:
    """Return chemistry and quantities that nobody would write, the same ones each time."""
    chance = random.Random(1)
    texts = []
    for macro, parts in (
        ("ce", [*CHEMISTRY.split(), *[" "] * 20]),
        ("pu", [*QUANTITIES.split(), *[" "] * 10]),
    ):
        texts += [(macro, "".join(chance.choices(parts, k=chance.randint(1, 8)))) for _ in range(count)]
    return texts


def ours(macro: str, text: str) -> str | None:
    """Return the TeX for an argument; None for an error."""
    try:
        return chemistry_to_tex(text) if macro == "ce" else quantity_to_tex(text)
    except UnreadableTex:
        return None


def test_chemistry_becomes_the_tex_that_mhchem_makes_of_it(tmp_path: Path) -> None:
    lines = [re.fullmatch(r"\\(ce|pu)\{(.*)\}", line) for line in formulas("chemistry")]
    texts = [(match[1], match[2]) for match in lines if match] + made_up(3_000)

    judged = mathjax.chemistry_to_tex(texts, tmp_path)

    different = [
        (text, theirs, ours(*text))
        for text, theirs in zip(texts, judged, strict=True)
        if theirs != ours(*text)
    ]
    assert different == []


@pytest.mark.parametrize("text", ["A\\bond{x}B", "$A}$", "A->[}]"])
def test_what_mhchem_cannot_read_is_an_error(text: str) -> None:
    with pytest.raises(UnreadableTex):
        chemistry_to_tex(text)


@pytest.mark.parametrize("text", ["m" + "//m" * 9, "m" + "/m" * 1_000, "{1//" * 30 + "1" + "}" * 30])
def test_fractions_within_fractions_of_units_come_to_an_end(text: str) -> None:
    """Each is written four times, so that nine of them make a megabyte."""
    with pytest.raises(UnreadableTex, match="too many fractions"):
        quantity_to_tex(text)


@pytest.mark.parametrize(
    "part",
    ["H2O ", "^{14}_6C", "1/2 O2 + ", "(a,", "(a,{}", "->[A][B]", "$", "A-", "[", "->[", "\\mu-", "{}^"],
)
def test_long_chemistry_is_read_in_a_moment(part: str) -> None:
    start = time.process_time()
    ours("ce", part * (MAX_FORMULA_LENGTH // len(part)))

    assert time.process_time() - start < 3
