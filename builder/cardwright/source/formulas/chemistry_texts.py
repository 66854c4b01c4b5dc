"""Texts within chemistry, which have rules of their own: amounts, symbols, scripts, words, formulas, arrows.

Source: mhchemParser 4.1.1, which MathJax 3.2.2 has in it.
"""

import re
from dataclasses import dataclass

from cardwright.source.formulas.chemistry_patterns import (
    BRACED,
    BRACES,
    CALL,
    CHEMISTRY,
    COLOR,
    COLORED,
    DECIMAL,
    GREEK,
    LETTERS,
    MACRO,
    QUANTITY,
    SPACE_MACRO,
    Rule,
    either,
    enclosed,
    find_state,
    pattern,
    rewrite,
)
from cardwright.source.formulas.quantities import write_quantity


@dataclass(slots=True)
class Entity:
    """A substance as far as it has been read: its amount, its symbol, and what stands around it."""

    amount: str = ""
    left_super: str = ""
    left_sub: str = ""
    symbol: str = ""
    sub: str = ""
    super: str = ""
    is_stacked: bool = False  # whether a superscript that was written first stands above the subscript
    has_space_before: bool = False


def write_entity(entity: Entity) -> str:
    """Return the TeX of an entity. A sign before it is in braces, so that it has no spaces of an operator."""
    parts: list[str] = []
    if amount := _write_amount(entity.amount):
        parts += [_without_operator(amount), "\\,"]
    left_super, left_sub = _write_superscript(entity.left_super), _write_subscript(entity.left_sub)
    if left_super or left_sub:
        parts += [
            f"{{\\vphantom{{A}}}}^{{\\hphantom{{{left_super}}}}}_{{\\hphantom{{{left_sub}}}}}\\mkern-1.5mu",
            f"{{\\vphantom{{A}}}}^{{\\smash[t]{{\\vphantom{{2}}}}\\llap{{{left_super}}}}}",
            f"_{{\\vphantom{{2}}\\llap{{\\smash[t]{{{left_sub}}}}}}}",
        ]
    parts.append(_without_operator(write_symbol(entity.symbol)))
    is_oxidation = (
        bool(entity.symbol) and entity.is_stacked and _OXIDATION.fullmatch(entity.super) is not None
    )
    write_super = write_oxidation if is_oxidation else _write_superscript
    super_, sub = write_super(entity.super), _write_subscript(entity.sub)
    is_stacked = entity.is_stacked and not is_oxidation and bool(super_ and sub)
    scripts = [f"^{{{super_}}}" if super_ else "", f"_{{\\smash[t]{{{sub}}}}}" if sub else ""]
    if not entity.is_stacked:
        scripts.reverse()
    for script in filter(None, ["".join(scripts)] if is_stacked else scripts):
        parts += ["{\\vphantom{A}}", script]
    return "".join(parts)


def _without_operator(tex: str) -> str:
    return f"{{{tex}}}" if tex.startswith(("+", "-")) else tex


def write_arrow(arrow: str, above_kind: str, above: str, below_kind: str, below: str) -> str:
    name = _ARROWS[arrow]
    over, under = _write_arrow_text(above_kind, above), _write_arrow_text(below_kind, below)
    if not (over or under):
        tex = f"\\long{name}"
    elif arrow in _RIGID_ARROWS:
        tex = f"\\long{name}"
        if over:
            tex = f"\\overset{{{over}}}{{{tex}}}"
        if under:
            lower = "\\lower2mu" if arrow == "<-->" else "\\lower6mu"
            tex = f"\\underset{{{lower}{{{under}}}}}{{{tex}}}"
    else:
        tex = f"\\x{name}" + (f"[{{{under}}}]" if under else "") + f"{{{over}}}"
    return f" {{}}\\mathrel{{{tex}}}{{}} "


def _write_arrow_text(kind: str, text: str) -> str:
    if kind == "M":
        return _write_math(text)
    return _write_plain_words(text) if kind == "T" else write_chemistry(text)


def write_chemistry(text: str) -> str:
    """Return the TeX of chemistry within chemistry."""
    from cardwright.source.formulas.chemistry_reader import Reader  # noqa: PLC0415  it writes these texts

    return Reader(text).read()


# Texts within an entity, which have rules of their own


def _copy(text: str) -> str:
    return text


def _upright(letters: str) -> str:
    return f"\\mathrm{{{letters}}}"


def _italic(tex: str) -> str:
    return f"{tex} "


def _write_amount(text: str) -> str:
    return _write_fraction(text) or rewrite(text, _AMOUNT_RULES)


def write_symbol(text: str) -> str:
    return _write_fraction(text) or rewrite(text, _SYMBOL_RULES)


def _write_fraction(text: str) -> str:
    """Return the TeX of a fraction such as `n/2`; nothing if the text isn't one."""
    match = _FRACTION.fullmatch(text)
    if match is None:
        return ""
    sign, over, under, letter = (group.replace("$", "") for group in match.groups(""))
    fraction = f"\\frac{{{over}}}{{{under}}}"
    choice = f"\\mathchoice{{\\textstyle{fraction}}}" + f"{{{fraction}}}" * 3
    return sign + choice + (_italic(letter) if letter else "")


def _write_superscript(text: str) -> str:
    is_formula = text != "x" and _is_formula(text)
    return rewrite(
        text, [*_NUMBER_AND_DOT_RULES, *([_VARIABLE_RULE] if is_formula else []), *_SUPERSCRIPT_RULES]
    )


def _write_subscript(text: str) -> str:
    written: list[str] = []
    position = 0
    while part := find_state(text, position) or _SITE_LETTERS(text, position):
        is_state = text[position] == "("
        written.append(f"\\mskip1mu {write_symbol(part.groups[0])}" if is_state else _upright(part.groups[0]))
        position = part.end
    rest = text[position:]
    is_formula = rest != "i" and _is_formula(rest)
    fraction = "" if is_formula else _write_fraction(rest)
    rules = [*_SUBSCRIPT_RULES[:3], *([_VARIABLE_RULE] if is_formula else []), *_SUBSCRIPT_RULES[3:]]
    return "".join(written) + (fraction or rewrite(rest, rules))


def _is_formula(text: str) -> bool:
    return not _STATE_LETTERS.fullmatch(text) and _FORMULA.fullmatch(text) is not None


def write_oxidation(text: str) -> str:
    return rewrite(text, _OXIDATION_RULES)


def _write_words(text: str) -> str:
    return rewrite(text, _WORD_RULES, _write_words_behind_formulas)


def _write_words_behind_formulas(text: str) -> str:
    """Return words; mhchem puts formulas between them first, so that `{all $x$ words}` is `x all words`."""
    formulas = rewrite(text, _FORMULAS_OF_WORDS, lambda _words: "")
    words = rewrite(text, _WORDS_WITHOUT_FORMULAS)
    return formulas + (_write_plain_words(words) if words else "")


def _write_plain_words(text: str) -> str:
    if "^" in text or "_" in text:
        return _upright(text.replace(" ", "~", 1).replace("-", "\\text{-}", 1))
    return f"\\text{{{text}}}"


def _write_math(tex: str) -> str:
    return rewrite(tex, _MATH_RULES, _italic)


def _write_tight_math(tex: str) -> str:
    return _write_math(rewrite(tex, _TIGHT_RULES))


def _write_decimal(number: str) -> str:
    return number.replace(",", "{,}")


def _write_colored_subscript(color: str, text: str) -> str:
    return f"{{\\color{{{color}}}{{{_write_subscript(text)}}}}}"


def _write_colored_superscript(color: str, text: str) -> str:
    return f"{{\\color{{{color}}}{{{_write_superscript(text)}}}}}"


_ARROWS = {
    **dict.fromkeys(("->", "→", "⟶"), "rightarrow"),
    "<-": "leftarrow",
    "<->": "leftrightarrow",
    "<-->": "leftrightarrows",
    **dict.fromkeys(("<=>", "⇌"), "rightleftharpoons"),
    "<=>>": "Rightleftharpoons",
    "<<=>": "Leftrightharpoons",
}
_RIGID_ARROWS = frozenset({"<=>", "<=>>", "<<=>", "<-->"})

_MATH = either(enclosed(r"\$\{", "}$"), enclosed(r"\$", "$"))
_FRACTION = re.compile(r"([+\-]?)([0-9]+|\$[a-z]\$|[a-z])/([0-9]+)(\$[a-z]\$|[a-z])?")
_FORMULA = re.compile(r"[a-z]|(?:[0-9 +\-,.()]+[a-z])+[0-9 +\-,.()]*|(?:[a-z][0-9 +\-,.()]+)+[a-z]?")
_STATE_LETTERS = re.compile(r"\([a-z]+\)")
_OXIDATION = re.compile(r"[+-]?\s?[IVX]+|\\pm\s*0|\$\\pm\$\s*0")
_SITE_LETTERS = pattern(r"(?:[A-Z][a-z]{0,2}|i)(?=,)")
_MACRO_IN_TEXT = either(SPACE_MACRO, CALL, MACRO)
_QUANTITY_RULE: Rule = (QUANTITY, write_quantity)
_MATH_RULE: Rule = (_MATH, _write_math)
_VARIABLE_RULE: Rule = (pattern("[a-z]"), _italic)
_AMOUNT_RULES: list[Rule] = [(_MATH, _write_tight_math), (pattern("[,;]"), lambda _sign: "{,}")]
_SYMBOL_RULES: list[Rule] = [
    (LETTERS, _upright),
    (pattern(r"\\ca(?:\s+|(?![a-zA-Z]))"), lambda _macro: "{\\sim}"),
    _QUANTITY_RULE,
    (either(CALL, MACRO), _copy),
    _MATH_RULE,
    (BRACED, lambda text: f"{{{_write_words(text)}}}"),
]
_SCRIPT_END_RULES: list[Rule] = [
    (CHEMISTRY, write_chemistry),
    _QUANTITY_RULE,
    (_MACRO_IN_TEXT, _copy),
]
_NUMBER_AND_DOT_RULES: list[Rule] = [
    (pattern(r"[+\-]?[0-9]+(?:[.,][0-9]+)?"), _write_decimal),
    (pattern(r"\."), lambda _sign: "\\mkern1mu \\bullet\\mkern1mu "),
]
_SUPERSCRIPT_RULES: list[Rule] = [
    (pattern("x"), lambda _sign: "{\\times}"),
    (LETTERS, _upright),
    (pattern("'"), lambda _sign: "\\prime "),
    _MATH_RULE,
    (BRACED, _write_words),
    (COLORED, _write_colored_superscript),
    (COLOR, lambda color: f"\\color{{{color}}}"),
    *_SCRIPT_END_RULES,
]
_SUBSCRIPT_RULES: list[Rule] = [
    (find_state, lambda state: f"\\mskip1mu {write_symbol(state)}"),
    _MATH_RULE,
    (BRACED, _write_words),
    (LETTERS, _upright),
    (DECIMAL, _write_decimal),
    (pattern("[,;]"), lambda sign: f"{{{sign}}}\\mkern1mu "),
    (COLORED, _write_colored_subscript),
    (COLOR, lambda color: f"\\color{{{color}}}"),
    *_SCRIPT_END_RULES,
]
_OXIDATION_RULES: list[Rule] = [(pattern("[IVX]+"), _upright), _MATH_RULE]
_FORMULAS_OF_WORDS: list[Rule] = [(BRACES, lambda _words: ""), _MATH_RULE]
_WORDS_WITHOUT_FORMULAS: list[Rule] = [(BRACES, None), (_MATH, lambda _tex: "")]
_WORD_RULES: list[Rule] = [
    (either(BRACES, _MATH), None),
    (pattern(GREEK), _upright),
    _QUANTITY_RULE,
    (_MACRO_IN_TEXT, _copy),
]
_MATH_RULES: list[Rule] = [
    (CHEMISTRY, write_chemistry),
    _QUANTITY_RULE,
    (either(BRACES, _MACRO_IN_TEXT), None),
]
_TIGHT_RULES: list[Rule] = [
    (either(BRACES, _MACRO_IN_TEXT), None),
    (pattern(r"[+\-]"), lambda sign: f"{{{sign}}}"),
]
HYPHEN = "\\text{-}"
OPERATORS = {
    **dict(zip("+-=<>", "+-=<>", strict=True)),
    "<<": "\\ll",
    ">>": "\\gg",
    "\\approx": "\\approx",
    "$\\approx$": "\\approx",
}
BONDS = {
    **dict.fromkeys(("-", "1"), "{-}"),
    **dict.fromkeys(("=", "2"), "{=}"),
    **dict.fromkeys(("#", "3"), "{\\equiv}"),
    "~": "{\\tripledash}",
    "~-": "{\\rlap{\\lower.1em{-}}\\raise.1em{\\tripledash}}",
    **dict.fromkeys(("~=", "~--"), "{\\rlap{\\lower.2em{-}}\\rlap{\\raise.2em{\\tripledash}}-}"),
    "-~-": "{\\rlap{\\lower.2em{-}}\\rlap{\\raise.2em{-}}\\tripledash}",
    "...": "{{\\cdot}{\\cdot}{\\cdot}}",
    "....": "{{\\cdot}{\\cdot}{\\cdot}{\\cdot}}",
    "->": "{\\rightarrow}",
    "<-": "{\\leftarrow}",
    "<": "{<}",
    ">": "{>}",
}
