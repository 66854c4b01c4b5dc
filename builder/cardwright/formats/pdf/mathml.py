"""From TeX to MathML, by latex2mathml, and from MathML to nodes; loaded with the first formula.

The last part of the module rewrites TeX that latex2mathml would misread, before it reads it.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

from cardwright.formats.pdf.nodes import Json, Node, Nodes

_ACCENTS = {
    "^": "\u0302", "\u2192": "\u2192", "\u2190": "\u2190", "\u2194": "\u2194", "\u02d9": "\u0307",
    "\u00a8": "\u0308", "~": "\u0303", "\u00af": "\u0304", "\u02c7": "\u030c", "\u02d8": "\u0306",
    "\u00b4": "\u0301", "`": "\u0300", "\u02da": "\u030a",
}  # fmt: skip
_OVER = {"\u2015": "overline", "\u23de": "overbrace"}
_UNDER = {"\u2015": "underline", "\u23df": "underbrace"}
_STRUCK = {"updiagonalstrike": "cancel", "box": "boxed"}
_FENCES = frozenset("()[]{}|\u2016\u230a\u230b\u2308\u2309\u27e8\u27e9")
_LIMITS = frozenset({"lim", "max", "min", "sup", "inf", "lim sup", "lim inf", "det", "gcd", "Pr"})
_NAMED_SPACES = {"negativethinmathspace": -0.167}
_NEGATION = "\u29f8"


class UnsupportedTex(Exception):
    """Raised for TeX that cannot be printed; its argument names the macro, or says what is wrong."""


def parse_tex(tex: str) -> Nodes:
    """Return the nodes of a formula in reading order. tex: without delimiters.

    Errors: UnsupportedTex, and whatever latex2mathml raises at TeX that it cannot read.
    """
    return _row(list(convert_to_element(_rewrite(tex))))


def _row(elements: list[Element]) -> Nodes:
    """Return the nodes of siblings; some belong together: a negation and its sign, fences around a matrix."""
    nodes: Nodes = []
    remaining = list(elements)
    while remaining:
        element = remaining.pop(0)
        if _is_negation(element) and remaining:
            sign = unicodedata.normalize("NFC", _text(remaining.pop(0)) + "\u0338")
            nodes.append({"t": "symbol", "s": sign})
        elif (
            len(remaining) >= 2 and _is_fence(element) and _is_fence(remaining[1]) and _is_tall(remaining[0])
        ):
            nodes.append(_fenced(element, remaining.pop(0), remaining.pop(0)))
        else:
            nodes.append(_node(element))
    return nodes


def _fenced(opening: Element, inner: Element, closing: Element) -> Node:
    if inner.get("linethickness") == "0" and _text(opening) == "(":
        return {"t": "binom", "a": _node(inner[0]), "b": _node(inner[1])}
    return {"t": "fenced", "c": [_symbol(opening), _node(inner), _symbol(closing)]}


def _node(element: Element) -> Node:
    convert = _CONVERTERS.get(element.tag)
    if convert is None:
        raise UnsupportedTex(f"<{element.tag}>")
    try:
        return convert(element)
    except IndexError:
        raise UnsupportedTex("it is unfinished") from None


def _group(element: Element) -> Node:
    children = list(element)
    if children and children[0].get("form") == "prefix":
        # `cases` closes with nothing at all, `\right.` with an empty fence.
        last = len(children) - 1 if children[-1].get("form") == "postfix" else len(children)
        opening, closing = (
            [_symbol(fence) for fence in fences if _text(fence)] for fences in (children[:1], children[last:])
        )
        return {"t": "fenced", "c": [*opening, *_row(children[1:last]), *closing]}
    if len(children) == 1 and children[0].tag == "mo" and _text(children[0]) == ",":
        return {"t": "text", "s": ","}  # braces around it make it a decimal comma
    return _single_node(children)


def _single_node(elements: list[Element]) -> Node:
    nodes = _row(elements)
    return nodes[0] if len(nodes) == 1 else {"t": "row", "c": nodes}


def _identifier(element: Element) -> Node:
    text = _text(element)
    if text.startswith("\\"):
        raise UnsupportedTex(text)
    if len(text) > 1:
        return {"t": "operator", "s": text, "limits": text in _LIMITS}
    if not text:
        return {"t": "row", "c": []}
    return {"t": _VARIANTS.get(element.get("mathvariant", ""), "symbol"), "s": text}


def _operator(element: Element) -> Node:
    if len(element):
        return _group(element)  # `\mathop`, `\mathrel` and `\mathbin` put others inside
    text = _text(element)
    if text.startswith("\\") and len(text) > 1:
        raise UnsupportedTex(text)
    if element.get("minsize"):
        return {"t": "sized", "s": text, "em": _em(element.get("minsize", ""))}
    if len(text) > 1 and text[0].isalpha():
        return {"t": "operator", "s": text, "limits": text in _LIMITS}
    if len(text) != 1:
        return {"t": "row", "c": [{"t": "symbol", "s": sign} for sign in text]}
    return _symbol(element)


def _symbol(element: Element) -> Node:
    return {"t": "symbol", "s": _text(element)}


def _fraction(element: Element) -> Node:
    form = "stacked" if element.get("linethickness") == "0" else "frac"
    return {"t": form, "a": _node(element[0]), "b": _node(element[1])}


def _scripts(element: Element) -> Node:
    base, scripts = _base_and_scripts(element)
    return {"t": "scripts", "a": base, **scripts}


def _base_and_scripts(element: Element) -> tuple[Node, dict[str, Json]]:
    """Return the base of scripts and the scripts; a matrix with its fences is a base of several children."""
    names = _SCRIPTS[element.tag]
    base, scripts = element[: -len(names)], element[-len(names) :]
    if not base:
        raise UnsupportedTex("it is unfinished")
    return _single_node(base), {name: _node(script) for name, script in zip(names, scripts, strict=True)}


def _limits(element: Element) -> Node:
    sign = _text(element[1])
    marks = _UNDER if element.tag == "munder" else _OVER
    if element.tag != "munderover" and element[1].tag == "mo":
        if sign in marks:
            return {"t": marks[sign], "a": _node(element[0])}
        if element.tag == "mover" and sign in _ACCENTS:
            return {"t": "accent", "a": _node(element[0]), "s": _ACCENTS[sign]}
    base, limits = _base_and_scripts(element)
    return {"t": "limits", "a": base, **limits}


def _table(element: Element) -> Node:
    """Return a matrix; a right-aligned and a left-aligned column become one, joined as in `align`."""
    ruled = element.get("columnlines") or element.get("rowlines")
    edges = _take_outer_rules(element)
    rows: list[list[list[Node]]] = []
    alignment = "center"
    for row in element:
        cells: list[list[Node]] = []
        previous = ""
        for cell in row:
            current = cell.get("columnalign", "")
            if previous == "right" and current == "left" and not ruled:
                cells[-1].append(_group(cell))
            else:
                cells.append([_group(cell)])
            previous = current
            alignment = "left" if current == "left" and len(cells) == 1 else alignment
        rows.append(cells)
    style = "display" if element.get("displaystyle") == "true" else "inline"
    columns = max((len(cells) for cells in rows), default=0)
    horizontal = [*([0] if "T" in edges else []), *_inner_rules(element.get("rowlines"), len(rows))]
    vertical = [*([0] if "L" in edges else []), *_inner_rules(element.get("columnlines"), columns)]
    vertical += [columns] if "R" in edges else []
    return {
        "t": "matrix",
        "align": alignment,
        "style": style,
        "rows": rows,
        "horizontal_rules": horizontal,
        "vertical_rules": vertical,
    }


def _style(element: Element) -> Node:
    inner = _group(element)
    if element.get("displaystyle"):
        return {"t": "display" if element.get("displaystyle") == "true" else "inline", "a": inner}
    if isinstance(inner, dict) and inner["t"] == "matrix" and element.get("scriptlevel") == "1":
        return {**inner, "style": "small"}
    return inner


def _enclosed(element: Element) -> Node:
    notation = element.get("notation", "")
    if notation not in _STRUCK:
        raise UnsupportedTex(notation)
    return {"t": _STRUCK[notation], "a": _group(element)}


def _space(element: Element) -> Node:
    if element.get("linebreak"):
        return {"t": "newline"}
    return {"t": "space", "em": _em(element.get("width", "0em"))}


def _em(length: str) -> float:
    """Return a length of MathML in em; other units, which TeX authors may write, are taken at 10 pt."""
    if length in _NAMED_SPACES:
        return _NAMED_SPACES[length]
    match = re.fullmatch(r"([-+]?[\d.]+)\s*(em|ex|pt|mm|cm|in|mu)", length)
    if match is None:
        raise UnsupportedTex(f"the length {length}")
    unit_in_em = {"em": 1.0, "ex": 0.45, "pt": 0.1, "mm": 0.2845, "cm": 2.845, "in": 7.227, "mu": 1 / 18}
    return round(float(match[1]) * unit_in_em[match[2]], 4)


def _text(element: Element) -> str:
    """Return the text of an element; latex2mathml leaves character references in it."""
    return html.unescape(element.text or "").replace("\u00a0", " ")


def _is_negation(element: Element) -> bool:
    return element.tag == "mpadded" and len(element) == 1 and _text(element[0]) == _NEGATION


def _is_fence(element: Element) -> bool:
    return element.tag == "mo" and not element.get("form") and _text(element) in _FENCES


def _is_tall(element: Element) -> bool:
    return element.tag == "mtable" or element.get("linethickness") == "0"


_VARIANTS = {"normal": "upright", "bold": "bold", "bold-italic": "bold", "script": "script"}
_SCRIPTS = {
    "msub": "b", "msup": "c", "msubsup": "bc", "munder": "b", "mover": "c", "munderover": "bc",
}  # fmt: skip
_CONVERTERS: dict[str, Callable[[Element], Node]] = {
    "mrow": _group,
    "mpadded": _group,
    "mi": _identifier,
    "mo": _operator,
    "mn": lambda element: {"t": "text", "s": _text(element)},
    "mtext": lambda element: {"t": "text", "s": _text(element)},
    "mspace": _space,
    "mfrac": _fraction,
    "msqrt": lambda element: {"t": "sqrt", "a": _group(element)},
    "mroot": lambda element: {"t": "root", "a": _node(element[0]), "b": _node(element[1])},
    "msub": _scripts,
    "msup": _scripts,
    "msubsup": _scripts,
    "munder": _limits,
    "mover": _limits,
    "munderover": _limits,
    "mtable": _table,
    "mstyle": _style,
    "menclose": _enclosed,
    "mphantom": lambda element: {"t": "hidden", "a": _group(element)},
}


# TeX that latex2mathml leaves out or misreads, written in another way.

# A private-use character. It begins the first cell of an array; behind it stands which edges have
# a rule: T, L and R.
_RULES_MARK = "\ue000"
_ARRAY = re.compile(r"\\begin\{array\}\s*(?:\[[tcb]\]\s*)?\{([^{}]*)\}\s*(\\hline\b\s*)?")
# latex2mathml takes a bracket behind any `\begin{…}` for an argument.
_BRACKET_IN_CELL = re.compile(
    r"(\\begin\{(?:[pbBvV]?matrix|smallmatrix|[dr]*cases|align\*?|gather\*?|split)\})(?=\s*\[)"
)
_TAG = re.compile(r"\\tag(\*?)\s*\{([^{}]*)\}")


def _rewrite(tex: str) -> str:
    """Return TeX that latex2mathml reads correctly.

    Equations have no numbers, as in Anki, unless `\\tag` gives them one. The rules around an
    array, which latex2mathml mixes up with those inside, are kept in a mark.
    """
    if _RULES_MARK in tex:
        raise UnsupportedTex("a character for private use")
    if re.search(r"\\hline\s*\\hline\b|\\hdashline\b", tex):
        raise UnsupportedTex("double or dashed rules")
    tex = _BRACKET_IN_CELL.sub(r"\1{}", tex)
    tex = re.sub(r"\\(begin|end)\{(align|aligned|gathered)\}", r"\\\1{align*}", tex)
    tex = re.sub(r"\\(mathrm|operatorname)\{", r"\\\1 {", tex)
    tex = _TAG.sub(lambda match: rf"\qquad\text{{{match[2] if match[1] else f'({match[2]})'}}}", tex)
    return _ARRAY.sub(_rewrite_array, tex)


def _rewrite_array(match: re.Match[str]) -> str:
    columns = re.sub(r"\s", "", match[1])
    inner = columns.removeprefix("|").removesuffix("|")
    if not re.fullmatch(r"[clr](\|?[clr])*", inner):
        raise UnsupportedTex(f"an array of columns {columns}" if columns else "it is unfinished")
    edges = (("T", match[2]), ("L", columns.startswith("|")), ("R", columns.endswith("|")))
    mark = "".join(letter for letter, is_ruled in edges if is_ruled)
    return rf"\begin{{array}}{{{inner}}}" + (rf"\text{{{_RULES_MARK}{mark}}}" if mark else "")


def _take_outer_rules(table: Element) -> str:
    """Remove the mark of the rules around a table, and return its letters: T, L and R."""
    cell = next((cell for row in table for cell in row), None)
    text = cell[0].text or "" if cell is not None and len(cell) else ""
    if cell is None or not text.startswith(_RULES_MARK):
        return ""
    cell.remove(cell[0])
    return text.removeprefix(_RULES_MARK)


def _inner_rules(mathml_lines: str | None, count: int) -> list[int]:
    """Return behind which rows or columns there is a rule, counted from 1. count: of rows or columns."""
    kinds = (mathml_lines or "").split()
    positions = [position for position, kind in enumerate(kinds, start=1) if kind == "solid"]
    if positions and positions[-1] > count:
        raise UnsupportedTex("rules beyond its columns")
    return positions
