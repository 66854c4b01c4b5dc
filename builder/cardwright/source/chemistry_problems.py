"""Checks the TeX that mhchem writes for chemistry, which MathJax reads instead of what the author wrote."""

import re
from collections.abc import Iterator

from cardwright.diagnostics.phrases import truncate
from cardwright.source.formulas.chemistry import EXPANSIONS
from cardwright.source.formulas.chemistry_texts import BONDS
from cardwright.source.formulas.items import UnreadableTex
from cardwright.source.tex import TexProblem, closing_brace, find_tex_problems, skip_space

_CHEMISTRY = re.compile(r"\\(?:ce|pu)(?![a-zA-Z])")
_BOND = re.compile(r"\\bond\{([^{}]*)\}")
_BOND_HELP = "bonds are `-`, `=`, `#`, `~`, `~-`, `~=`, `-~-`, `...`, `....`, `->` and `<-`"
_FRACTION_HELP = "write some of them with a single `/`, or as powers such as `s^-2`"
_BRACE_HELP = "leave out `\\}`, or end the `\\ce{…}` before it and begin another"
_STRAY_SIGN = re.compile(r"(?<![\\{])#|(?<!\\)%")  # not the `#` of a colour
_STRAY_SIGNS = {
    "#": ("mhchem takes `#` for a bond only right behind letters", "write `\\bond{#}`"),
    "%": ("`%` begins a comment, so that MathJax leaves out what follows", "write `\\%`"),
}
_MACRO = re.compile(r"\\[a-zA-Z]+")


def find_chemistry_problems(tex: str) -> Iterator[TexProblem]:
    """Yield what is wrong with chemistry in a formula whose own TeX has no problem.

    mhchem leaves out braces, `$` and spaces, so that a macro and letters may become one name.
    """
    end = 0
    for token in _CHEMISTRY.finditer(tex):
        if token.start() < end:
            continue
        start = skip_space(tex, token.end())
        end = closing_brace(tex, start)
        try:
            written = EXPANSIONS[token[0]](tex[start + 1 : end])
        except UnreadableTex as error:
            bonds = (bond for bond in _BOND.finditer(tex, start, end) if bond[1] not in BONDS)
            bond = next(bonds, None)
            help_ = _BOND_HELP if bond else _FRACTION_HELP if "fraction" in str(error) else _BRACE_HELP
            yield TexProblem("unclear-argument", str(error), help_, *(bond or token).span())
            continue
        if _STRAY_SIGN.search(written) and (sign := _STRAY_SIGN.search(tex, start, end)):
            message, help_ = _STRAY_SIGNS[sign[0]]
            yield TexProblem("unclear-argument", message, help_, *sign.span())
            continue
        if tex[end + 1 : end + 2].isalpha():
            written += tex[end + 1]  # without braces around what is written, it runs into a letter
        if problem := next(find_tex_problems(written), None):
            yield _describe(problem, token, written, tex, end)


def _describe(problem: TexProblem, token: re.Match[str], written: str, tex: str, end: int) -> TexProblem:
    """Return a problem of the TeX that was written as one of the chemistry between a macro and `end`."""
    name = written[problem.start : problem.end]
    parts = [part for part in _MACRO.finditer(tex, token.end(), end) if name.startswith(part[0])]
    if problem.code in ("unknown-macro", "math-reaches-out") and parts:
        part = max(parts, key=lambda part: len(part[0]))
        if part[0] == name:
            message = f"`{name}` stands where mhchem doesn't read it"
            return TexProblem("unclear-argument", message, "put it outside `$…$` and braces", *part.span())
        message = f"`{token[0]}{{…}}` makes `{truncate(name, 20)}` of this macro and what follows"
        return TexProblem("unclear-argument", message, f"write `{part[0]}{{}}`", *part.span())
    message = f"mhchem takes the braces in this `{token[0]}{{…}}` apart"
    help_ = f"end the `{token[0]}{{…}}` before what you meant with them, and begin another after it"
    return TexProblem("unclear-argument", message, help_, *token.span())
