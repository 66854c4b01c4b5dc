"""TeX spelt so that latex2mathml reads it rightly: what it leaves out or mistakes, said in another way."""

import re
from xml.etree.ElementTree import Element

# Private use; begins the first cell of an array, and its rules are told behind it: T, L and R for the edges.
_MARK = "\ue000"
_ARRAY = re.compile(r"\\begin\{array\}\s*(?:\[[tcb]\]\s*)?\{([^{}]*)\}\s*(\\hline\b\s*)?")
_TAG = re.compile(r"\\tag(\*?)\s*\{([^{}]*)\}")


class Unspellable(Exception):
    """Raised for what has no other spelling; its argument says what."""


def respelled(tex: str) -> str:
    """tex: a formula without delimiters.

    Equations are numbered by nobody, as in Anki, unless a tag says so. The rules around an
    array, which latex2mathml mixes up with those within, are told by a mark.

    Errors: Unspellable.
    """
    if _MARK in tex:
        raise Unspellable("a character for private use")
    if re.search(r"\\hline\s*\\hline\b|\\hdashline\b", tex):
        raise Unspellable("double or dashed rules")
    tex = re.sub(r"\\(begin|end)\{(align|aligned|gathered)\}", r"\\\1{align*}", tex)
    tex = re.sub(r"\\(mathrm|operatorname)\{", r"\\\1 {", tex)
    tex = _TAG.sub(lambda found: rf"\qquad\text{{{found[2] if found[1] else f'({found[2]})'}}}", tex)
    return _ARRAY.sub(_array, tex)


def outer_rules(table: Element) -> str:
    """Which edges of a table have a rule, as letters: T, L and R. Takes their mark out of it."""
    cell = next((cell for row in table for cell in row), None)
    text = cell[0].text or "" if cell is not None and len(cell) else ""
    if cell is None or not text.startswith(_MARK):
        return ""
    cell.remove(cell[0])
    return text.removeprefix(_MARK)


def rules(written: str | None, most: int) -> list[int]:
    """Behind which rows or columns there is a rule, counted from 1.

    written: what MathML says of them. most: how many rows or columns there are.

    Errors: Unspellable.
    """
    found = [place for place, kind in enumerate((written or "").split(), start=1) if kind == "solid"]
    if found and found[-1] > most:
        raise Unspellable("rules beyond its columns")
    return found


def _array(found: re.Match[str]) -> str:
    columns = re.sub(r"\s", "", found[1])
    inner = columns.removeprefix("|").removesuffix("|")
    if not re.fullmatch(r"[clr](\|?[clr])*", inner):
        raise Unspellable(f"an array of columns {columns}" if columns else "it is unfinished")
    edges = (("T", found[2]), ("L", columns.startswith("|")), ("R", columns.endswith("|")))
    mark = "".join(letter for letter, there in edges if there)
    return rf"\begin{{array}}{{{inner}}}" + (rf"\text{{{_MARK}{mark}}}" if mark else "")
