"""Reads cloze deletions within formulas.

A deletion that stands for one argument, as after `^` or a macro, becomes a group, since what Anki shows in
its place has several signs. And no deletion makes one name of a macro and what follows it.
"""

import re
from collections.abc import Sequence

from cardwright.collection import content as c
from cardwright.collection.card import formula_side
from cardwright.source.deletion_scanner import TEX, Deletion, DeletionScanner, changes_of
from cardwright.source.tex import find_tex_problems

# What takes only the next sign, or takes a bracket for more than one.
_TAKES_ONE_SIGN = re.compile(r"(?:[\^_\[]|\\[A-Za-z]+\s*[0-9]?)\s*\Z")
_MACRO_AT_END = re.compile(r"\\[A-Za-z]+\Z")
_LONGEST_MACRO = 80
# What takes a bracket that follows for its argument; the environments left out have one in braces before it.
_TAKES_BRACKET = re.compile(
    r"\\begin\{(?!(?:array|subarray|crampedsubarray|alignedat|x{0,2}alignat\*?)\})[A-Za-z]+\*?\}\s*\Z"
)
_CELL_OR_LINE_END = re.compile(r"(?<!\\)&|\\\\")
_TAKES_DELIMITER = re.compile(r"\\(?:left|right|middle|[Bb]igg?[lrm]?)\s*\{?\Z")
_TEXT_MACRO = re.compile(r"\\(?:text(?!color)[a-z]*|[fhm]box)\s*\Z")
_WORDS = re.compile(r"[^\\^_{}$&#%~]*[^\W\d_]{2}[^\\^_{}$&#%~]*")


def read_formula(scanner: DeletionScanner, tex: str, *, display: bool) -> c.Math:
    """Return a formula with its deletions."""
    deletions = scanner.find(tex, TEX)
    result, position = "", 0
    starts: dict[Deletion, int] = {}
    ends: dict[Deletion, int] = {}
    grouped: set[Deletion] = set()
    for place, length, sign, deletion in changes_of(deletions):
        assert deletion is not None
        result = _join_tex(result, tex[position:place])
        position = place + length
        if sign == "open":
            hidden = tex[deletion.text_start : deletion.end]
            if _TAKES_ONE_SIGN.search(result[-_LONGEST_MACRO:]) and not _CELL_OR_LINE_END.search(hidden):
                grouped.add(deletion)
                result += "{"
            else:
                result += _end_of_arguments(result)
            starts[deletion] = len(result)
        elif sign == "hint":
            ends[deletion] = len(result)
            position = deletion.end or 0
        else:
            ends.setdefault(deletion, len(result))
            result += "}" if deletion in grouped else ""
    result = _join_tex(result, tex[position:])
    for deletion in deletions:
        if not result[starts[deletion] : ends[deletion]].strip():
            scanner.report_hides_nothing(deletion)
    math_deletions = []
    for deletion in deletions:
        start, end, hint = starts[deletion], ends[deletion], deletion.hint(tex)
        if _WORDS.fullmatch(hint) and not _TEXT_MACRO.search(result, 0, _open_brace(result[:start])):
            hint = rf"\text{{{hint}}}"
        math_deletions.append(c.MathDeletion(deletion.numbers, start, end, hint))
    formula = c.Math(result, display, tuple(math_deletions))
    _check_fronts(scanner, formula, deletions)
    return formula


def _end_of_arguments(tex: str) -> str:
    """Return what keeps the bracket of `[...]` behind some TeX from being an argument of its last macro."""
    if tex.endswith("\\\\"):
        return " "  # else it would be the distance to the next line
    return "{}" if _TAKES_BRACKET.search(tex[-_LONGEST_MACRO:]) else ""


def _check_fronts(scanner: DeletionScanner, formula: c.Math, deletions: Sequence[Deletion]) -> None:
    """Report a deletion without which the rest is no formula, unless the whole is none anyway."""
    if any(find_tex_problems(formula.tex)):
        return
    checked: set[tuple[int, ...]] = set()
    for deletion, part in zip(deletions, formula.deletions, strict=True):
        hidden = formula.tex[part.start : part.end]
        is_broken = _TAKES_DELIMITER.search(formula.tex[: part.start]) or any(
            len(re.findall(rf"\\{opening}\b", hidden)) != len(re.findall(rf"\\{closing}\b", hidden))
            for opening, closing in (("left", "right"), ("begin", "end"))
        )
        if part.numbers not in checked and not is_broken:
            checked.add(part.numbers)
            fronts = (formula_side(formula, {number}) for number in part.numbers)
            is_broken = any(problem for front in fronts for problem in find_tex_problems(front.tex))
        if is_broken:
            message = "a formula can't be shown while a part of it is hidden"
            help_ = "hide a part that could be left out, with all that belongs to its braces"
            scanner.add_error("deletion-breaks-formula", message, deletion, help_)
            return


def _join_tex(before: str, after: str) -> str:
    """Return TeX in two parts as one; the name of a macro ends with the first."""
    space = " " if after[:1].isalpha() and _MACRO_AT_END.search(before[-_LONGEST_MACRO:]) else ""
    return f"{before}{space}{after}"


def _open_brace(tex: str) -> int:
    """Return where the innermost open brace of TeX is; 0 if none is open."""
    depth = 0
    for position in range(len(tex) - 1, -1, -1):
        if tex[position] in "{}" and not tex.endswith("\\", 0, position):
            depth += {"{": 1, "}": -1}[tex[position]]
            if depth > 0:
                return position
    return 0
