"""Comments in formulas, which few authors mean; loaded with the first `%` in a formula."""

import re
from collections.abc import Iterator

from cardwright.source.tex import TexProblem, closing_brace, skip_space

# Words, where `%` is a sign (MathJax 3.2.2, ts/input/tex/ParseUtil.ts, `internalMath`), and chemistry, where
# it has an error of its own.
_OTHERWISE_READ = re.compile(r"\\(?:text(?!color|style)[a-z]*|[fhm]box|framebox|tag\*?|ce|pu)(?![a-zA-Z])")
_TOKEN = re.compile(r"\\(?:[a-zA-Z]+\*?|.)|%[^\n]*", re.DOTALL)
_LINE_BEFORE = re.compile(r"\n[ \t]*\Z|\A\s*\Z")


def find_comments(tex: str) -> Iterator[TexProblem]:
    """Yield each `%` that makes MathJax leave out the rest of its line. tex: a formula as written.

    A comment that has a line for itself is meant as one.
    """
    position = 0
    while token := _TOKEN.search(tex, position):
        position = token.end()
        if _OTHERWISE_READ.fullmatch(token[0]):
            start = skip_space(tex, position)
            position = closing_brace(tex, start) if tex.startswith("{", start) else position
            continue
        has_own_line = position < len(tex) and _LINE_BEFORE.search(tex[: token.start()])
        if token[0][0] == "%" and not has_own_line:
            message = "`%` begins a comment, so that MathJax leaves out what follows"
            help_ = "write `\\%` for a percent sign"
            yield TexProblem("formula-comment", message, help_, token.start(), token.start() + 1)
