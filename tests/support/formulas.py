"""Finds formulas in a page as MathJax does."""

import re
from collections.abc import Iterator

_START = re.compile(r"\\[(\[]")
_ENDS = {r"\(": r"\)", r"\[": r"\]"}
_STEP = re.compile(r"\\.|[{}]")


def find_formulas(text: str) -> Iterator[str]:
    """Yield the TeX of each formula in a run of text. Source: MathJax 3.2.2, ts/input/tex/FindTeX.ts."""
    position = 0
    while start := _START.search(text, position):
        position = start.end()
        depth = 0
        for step in _STEP.finditer(text, position):
            if step[0] == _ENDS[start[0]] and depth == 0:
                yield text[position : step.start()]
                position = step.end()
                break
            depth = max(0, depth + {"{": 1, "}": -1}.get(step[0], 0))
