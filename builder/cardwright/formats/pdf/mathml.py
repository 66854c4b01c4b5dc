"""MathML, as latex2mathml makes it of TeX, to the tree of a formula; loaded with the first formula."""

import html
import re
import unicodedata
from collections.abc import Callable
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

from cardwright.formats.pdf.nodes import Json, Node, Nodes
from cardwright.formats.pdf.tex_fixups import Unspellable, outer_rules, respelled, rules

__all__ = ["Unknown", "Unspellable", "parse_tex"]

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


class Unknown(Exception):
    """Raised where the tree holds something that has no form on paper; its argument says what."""


def parse_tex(tex: str) -> Nodes:
    """The parts of a formula in reading order. tex: without delimiters.

    Errors: Unknown and Unspellable, and whatever latex2mathml raises at TeX that it cannot read.
    """
    return _row(list(convert_to_element(respelled(tex))))


def _row(elements: list[Element]) -> Nodes:
    """Siblings, with what only siblings tell: a negated sign, and fences around a matrix."""
    nodes: Nodes = []
    rest = list(elements)
    while rest:
        element = rest.pop(0)
        if _is_negation(element) and rest:
            sign = unicodedata.normalize("NFC", _text(rest.pop(0)) + "\u0338")
            nodes.append({"t": "symbol", "s": sign})
        elif len(rest) >= 2 and _is_fence(element) and _is_fence(rest[1]) and _is_tall(rest[0]):
            nodes.append(_between(element, rest.pop(0), rest.pop(0)))
        else:
            nodes.append(_node(element))
    return nodes


def _between(before: Element, inner: Element, after: Element) -> Node:
    if inner.get("linethickness") == "0" and _text(before) == "(":
        return {"t": "binom", "a": _node(inner[0]), "b": _node(inner[1])}
    return {"t": "fenced", "c": [_symbol(before), _node(inner), _symbol(after)]}


def _node(element: Element) -> Node:
    read = _READERS.get(element.tag)
    if read is None:
        raise Unknown(f"<{element.tag}>")
    try:
        return read(element)
    except IndexError:
        raise Unknown("it is unfinished") from None


def _group(element: Element) -> Node:
    children = list(element)
    if children and children[0].get("form") == "prefix":
        # `cases` closes with nothing at all, `\right.` with an empty fence.
        last = len(children) - 1 if children[-1].get("form") == "postfix" else len(children)
        opening, closing = (
            [_symbol(one) for one in some if _text(one)] for some in (children[:1], children[last:])
        )
        return {"t": "fenced", "c": [*opening, *_row(children[1:last]), *closing]}
    if len(children) == 1 and children[0].tag == "mo" and _text(children[0]) == ",":
        return {"t": "text", "s": ","}  # braces around it make it a decimal comma
    return _together(children)


def _together(elements: list[Element]) -> Node:
    nodes = _row(elements)
    return nodes[0] if len(nodes) == 1 else {"t": "row", "c": nodes}


def _identifier(element: Element) -> Node:
    text = _text(element)
    if text.startswith("\\"):
        raise Unknown(text)
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
        raise Unknown(text)
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
    base, parts = _base_and_scripts(element)
    return {"t": "scripts", "a": base, **parts}


def _base_and_scripts(element: Element) -> tuple[Node, dict[str, Json]]:
    """What scripts stand at, which is several children when it is a matrix with its fences, and they."""
    names = _SCRIPTS[element.tag]
    base, scripts = element[: -len(names)], element[-len(names) :]
    if not base:
        raise Unknown("it is unfinished")
    return _together(base), {name: _node(one) for name, one in zip(names, scripts, strict=True)}


def _limits(element: Element) -> Node:
    sign = _text(element[1])
    marks = _UNDER if element.tag == "munder" else _OVER
    if element.tag != "munderover" and element[1].tag == "mo":
        if sign in marks:
            return {"t": marks[sign], "a": _node(element[0])}
        if element.tag == "mover" and sign in _ACCENTS:
            return {"t": "accent", "a": _node(element[0]), "s": _ACCENTS[sign]}
    base, parts = _base_and_scripts(element)
    return {"t": "limits", "a": base, **parts}


def _table(element: Element) -> Node:
    """Right-and-left pairs of columns become one whose lines meet at the join, as in `align`."""
    ruled = element.get("columnlines") or element.get("rowlines")
    edges = outer_rules(element)
    rows: list[list[list[Node]]] = []
    alignment = "center"
    for row in element:
        cells: list[list[Node]] = []
        before = ""
        for cell in row:
            here = cell.get("columnalign", "")
            if before == "right" and here == "left" and not ruled:
                cells[-1].append(_group(cell))
            else:
                cells.append([_group(cell)])
            before = here
            alignment = "left" if here == "left" and len(cells) == 1 else alignment
        rows.append(cells)
    style = "display" if element.get("displaystyle") == "true" else "inline"
    width = max((len(cells) for cells in rows), default=0)
    across = [*([0] if "T" in edges else []), *rules(element.get("rowlines"), len(rows))]
    down = [*([0] if "L" in edges else []), *rules(element.get("columnlines"), width)]
    down += [width] if "R" in edges else []
    return {"t": "matrix", "align": alignment, "style": style, "rows": rows, "across": across, "down": down}


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
        raise Unknown(notation)
    return {"t": _STRUCK[notation], "a": _group(element)}


def _space(element: Element) -> Node:
    if element.get("linebreak"):
        return {"t": "newline"}
    return {"t": "space", "em": _em(element.get("width", "0em"))}


def _em(length: str) -> float:
    """A length of MathML in em; those in other units, which TeX authors may write, at 10 pt."""
    if length in _NAMED_SPACES:
        return _NAMED_SPACES[length]
    found = re.fullmatch(r"([-+]?[\d.]+)\s*(em|ex|pt|mm|cm|in|mu)", length)
    if found is None:
        raise Unknown(f"the length {length}")
    per_em = {"em": 1.0, "ex": 0.45, "pt": 0.1, "mm": 0.2845, "cm": 2.845, "in": 7.227, "mu": 1 / 18}
    return round(float(found[1]) * per_em[found[2]], 4)


def _text(element: Element) -> str:
    """What an element says; latex2mathml leaves character references in it."""
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
_READERS: dict[str, Callable[[Element], Node]] = {
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
