"""What mhchem's two languages, those of `\\ce` and of `\\pu`, have in common: how their parts are found.

Source: mhchemParser 4.1.1, which MathJax 3.2.2 has in it.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from cardwright.source.formulas.items import UnreadableTex


class Part(NamedTuple):
    """A part of a text that has been found. groups: what is of interest in it. end: its offset."""

    groups: tuple[str, ...]
    end: int


Finder = Callable[[str, int], Part | None]
"""Finds a part that begins at an offset of a text."""
Rule = tuple[Finder, Callable[..., str] | None]
"""How to find a part, and what to write for it; the groups of the part are the arguments."""


def pattern(expression: str) -> Finder:
    """Return a finder for a regular expression; if it has no group, the whole is of interest."""
    compiled = re.compile(expression)

    def find(text: str, start: int) -> Part | None:
        match = compiled.match(text, start)
        return Part(match.groups("") or (match[0],), match.end()) if match else None

    return find


def enclosed(opening: str, closing: str, *, keeps_ends: bool = False) -> Finder:
    """Return a finder for what stands between two ends, with braces in pairs.

    opening: a regular expression. keeps_ends: whether the ends are of interest, too.
    """
    opener = re.compile(opening)

    def find(text: str, start: int) -> Part | None:
        match = opener.match(text, start)
        end = -1 if match is None else _find_closer(text, match.end(), closing)
        if match is None or end < 0:
            return None
        after = end + len(closing)
        return Part((text[start:after] if keeps_ends else text[match.end() : end],), after)

    return find


def sequence(*finders: Finder) -> Finder:
    """Return a finder for several parts, each right behind the other."""

    def find(text: str, start: int) -> Part | None:
        groups: tuple[str, ...] = ()
        for finder in finders:
            part = finder(text, start)
            if part is None:
                return None
            groups, start = groups + part.groups, part.end
        return Part(groups, start)

    return find


def either(*finders: Finder) -> Finder:
    """Return a finder for a part of several kinds, of which the first found counts."""

    def find(text: str, start: int) -> Part | None:
        return next((part for finder in finders if (part := finder(text, start))), None)

    return find


def joined(finder: Finder) -> Finder:
    """Return a finder that takes the parts of another together."""

    def find(text: str, start: int) -> Part | None:
        part = finder(text, start)
        return part and Part(("".join(part.groups),), part.end)

    return find


def rewrite(text: str, rules: Iterable[Rule], write_rest: Callable[[str], str] = str) -> str:
    """Return a text in which each part is written as the first rule that finds it says.

    write_rest: how to write what stands between such parts, and parts whose rule writes nothing of its own.
    """
    written: list[str] = []
    position = rest = 0
    while position < len(text):
        found = ((part, write) for find, write in rules if (part := find(text, position)))
        part, write = next(found, (Part((), position + 1), None))
        if write is not None:
            if rest < position:
                written.append(write_rest(text[rest:position]))
            written.append(write(*part.groups))
            rest = part.end
        position = part.end
    if rest < position:
        written.append(write_rest(text[rest:position]))
    return "".join(written)


def unify_signs(text: str) -> str:
    """Return a text with one sign for all hyphens and dashes, and without line breaks."""
    return _DASH.sub("-", text.replace("\n", " ")).replace("\u2026", "...")


_DASH = re.compile("[\u2212\u2013\u2014\u2010]")


def _find_closer(text: str, start: int, closer: str) -> int:
    """Return the offset of the next `closer` that is not in braces, -1 if there is none."""
    depth = 0
    for match in _closer_or_brace(closer).finditer(text, start):
        if depth == 0 and match[0] == closer:
            return match.start()
        depth += {"{": 1, "}": -1}.get(match[0][0], 0)
        if depth < 0:
            raise UnreadableTex("a brace is closed that isn't open")
    return -1


@lru_cache
def _closer_or_brace(closer: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(closer)}|[{{}}]")


BRACED = enclosed(r"\{", "}")
BRACES = enclosed(r"\{", "}", keeps_ends=True)
_WITH_ARGUMENT = enclosed(r"\\[a-zA-Z]+\{", "}", keeps_ends=True)
CALL = either(joined(sequence(_WITH_ARGUMENT, BRACES)), _WITH_ARGUMENT)
MACRO = pattern(r"\\[a-zA-Z]+\s*|\\[_&{}%]")
DECIMAL = pattern(r"[+\-]?(?:[0-9]+(?:[,.][0-9]+)?|[0-9]*\.[0-9]+)")
PLUS_MINUS = pattern(r"\\pm|\$\\pm\$|\+-|\+/-")
OPERATOR = pattern(r"\+|(?:[\-=<>]|<<|>>|\\approx|\$\\approx\$)(?=\s|$|-?[0-9])")
SMALL_GREEK = (
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|omicron|pi|rho|sigma|tau|upsilon"
    "|phi|chi|psi|omega"
)
_CAPITAL_GREEK = "Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
GREEK = rf"\\(?:{SMALL_GREEK}|{_CAPITAL_GREEK})(?:\s+|\{{\}}|(?![a-zA-Z]))"
AT_END = r"(?=$|[\s,;)\]}])"
DOLLARS = enclosed(r"\$", "$", keeps_ends=True)
LETTERS = pattern(rf"(?:[a-zA-Zα-ωΑ-Ω?@]|{GREEK})+")
SPACE_MACRO = pattern(r"\\[, ;:]")
CHEMISTRY = enclosed(r"\\ce\{", "}")
QUANTITY = enclosed(r"\\pu\{", "}")
COLOR = enclosed(r"\\color\{", "}")
COLORED = sequence(COLOR, BRACED)
_STATE = enclosed(r"\([a-z]{1,3}(?=[),])(?=[^)]*\))", ")", keeps_ends=True)
_ENDS_STATE = re.compile(AT_END)
_CRYSTAL_SYSTEM = pattern(r"\((?:\\ca\s?)?\$[amothc]\$\)")


def find_state(text: str, start: int) -> Part | None:
    """Find a state of aggregation, such as `(aq)`, or a crystal system, such as `($c$)`."""
    part = _STATE(text, start)
    if part is not None and _ENDS_STATE.match(text, part.end):
        return part
    return _CRYSTAL_SYSTEM(text, start)


_ARROW_TEXT = either(sequence(pattern("([CMT]?)"), enclosed(r"\[", "]")), pattern(r"([CMT](?=\[))?()"))
ARROW = sequence(pattern("<->|<-->|->|<-|<=>>|<<=>|<=>|[→⟶⇌]"), _ARROW_TEXT, _ARROW_TEXT)
_AMOUNT_SIGNS = pattern(
    r"(?:\([+\-]?[0-9]+/[0-9]+\)|[+\-]?(?:[0-9]+|\$[a-z]\$|[a-z])/[0-9]+|[+\-]?[0-9]+[.,][0-9]+|[+\-]?\.[0-9]+"
    r"|[+\-]?[0-9]+)(?:[a-z](?=\s*[A-Z]))?|[+\-]?[a-z](?=\s*[A-Z])|\+(?!\s)"
)
_MATH_AMOUNT = re.compile(r"\$(?:\(?[+\-]?(?:[0-9]*[a-z]?[+\-])?[0-9]*[a-z](?:[+\-][0-9]*[a-z]?)?\)?|\+|-)\$")
ORBITAL = r"(?:[0-9]{1,2}[spdfgh]|[0-9]{0,2}sp)(?=$|[^a-zA-Z])"

PREFIX = re.compile(
    rf"{ORBITAL}|\$?[α-ω]\$?(?:\s+|\{{\}})?|\$?\\(?:{SMALL_GREEK})\s*\$?(?:\s+|\{{\}})?|\$[a-z][^a-zA-Z]\$"
)


def behind(sign: str, finder: Finder) -> Finder:
    """Return a finder for what stands behind a sign that isn't of interest."""
    return lambda text, start: finder(text, start + 1) if text.startswith(sign, start) else None


def _find_math_amount(text: str, start: int) -> Part | None:
    part = DOLLARS(text, start)
    return part if part is not None and _MATH_AMOUNT.fullmatch(part.groups[0]) else None


AMOUNT = either(_AMOUNT_SIGNS, _find_math_amount)
