"""From the MathML of formulas to what browsers show of it: MathML Core, with CSS for the rest.

Source: MathML Core (W3C), and how Chromium and Firefox follow it.
"""

import re
from collections.abc import Callable, Mapping
from importlib.resources import files

from cardwright.source.formulas.items import DeepTex, UnreadableTex
from cardwright.source.formulas.letters import mathematical_letter
from cardwright.source.formulas.operators import find_operator
from cardwright.source.formulas.reader import read_formula
from cardwright.source.formulas.tree import Element, write_mathml

# What browsers heed, by the names of elements; the first holds for all.
_KEPT: Mapping[str, frozenset[str]] = {
    "": frozenset({"displaystyle", "scriptlevel", "mathcolor", "mathbackground", "mathsize", "style", "dir"}),
    "math": frozenset({"display"}),
    "mo": frozenset(
        {"stretchy", "largeop", "movablelimits", "symmetric", "minsize", "maxsize", "lspace", "rspace"}
    ),
    "mspace": frozenset({"width", "height", "depth"}),
    "mpadded": frozenset({"width", "height", "depth", "lspace", "voffset"}),
    "mfrac": frozenset({"linethickness"}),
    "mover": frozenset({"accent"}),
    "munder": frozenset({"accentunder"}),
    "munderover": frozenset({"accent", "accentunder"}),
}
_LENGTH = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:em|ex|px|pt|cm|mm|in|%)?")
_LINES = frozenset("\u2015\u00af\u203e\u2013_\u0332\u0305\u2212")
_LINE_STYLES = frozenset({"solid", "dashed"})
# MathJax's own variants, and what they are like. Source: MathJax 3.2.2, ts/output/common/FontData.ts.
_OWN_VARIANTS = {"-tex-mathit": "italic"}
_STRIKE = (
    "linear-gradient(to {},transparent calc(50% - .04em),currentColor 0 calc(50% + .04em),transparent 0)"
)
_STRIKES = {
    "updiagonalstrike": "top left", "downdiagonalstrike": "top right", "horizontalstrike": "top",
    "verticalstrike": "left", "updiagonalarrow": "top left",
}  # fmt: skip
_SIDES = ("left", "right", "top", "bottom")

Paint = Callable[[str, str], str]
"""Takes a colour of a formula and that of its background, either may be empty; returns both as CSS."""


def math_font() -> bytes:
    """Return a font for formulas, as WOFF2. Many phones have none that can stretch brackets."""
    return files(__package__).joinpath("math.woff2").read_bytes()


def formula_mathml(tex: str, *, display: bool, paint: Paint | None = None) -> str | None:
    """Return a formula as MathML for browsers; None if it can't be read. paint: as below."""
    try:
        return write_core_mathml(read_formula(tex, display=display), paint)
    except (DeepTex, UnreadableTex, RecursionError):
        return None


def write_core_mathml(root: Element, paint: Paint | None = None) -> str:
    """Return a formula as MathML for browsers. paint: what becomes of its colours, which stay by default."""
    order, remaining = [], [root]
    while remaining:  # however deep a formula is nested
        element = remaining.pop()
        order.append(element)
        remaining.extend(element.children)
    finished: dict[int, Element] = {}
    for element in reversed(order):
        children = tuple(finished[id(child)] for child in element.children)
        finished[id(element)] = _convert(element, children, paint)
    return write_mathml(finished[id(root)])


def _convert(element: Element, children: tuple[Element, ...], paint: Paint | None) -> Element:
    """Return an element as browsers know it. children: its children, as browsers know them."""
    convert = _CONVERSIONS.get(element.name)
    converted = convert(element, children) if convert else element._replace(children=children)
    kept = {
        name: value
        for name, value in converted.attributes
        if value and (name in _KEPT[""] or name in _KEPT.get(converted.name, ()))
    }
    colours = kept.get("mathcolor", ""), kept.get("mathbackground", "")
    if paint and any(colours):
        for name in ("mathcolor", "mathbackground"):
            kept.pop(name, None)
        kept["style"] = ";".join(filter(None, [kept.get("style", ""), paint(*colours)]))
    if converted.name == "mrow" and not kept and len(converted.children) == 1:
        return converted.children[0]
    return converted._replace(attributes=tuple(kept.items()))


def _with(element: Element, name: str, **attributes: str) -> Element:
    """Return an element of another name, and with further attributes; a style goes on as it was."""
    values = dict(element.attributes)
    if "style" in attributes and "style" in values:
        attributes["style"] = f"{values['style']};{attributes['style']}"
    return element._replace(name=name, attributes=tuple({**values, **attributes}.items()))


def _token(element: Element, _children: object) -> Element:
    variant = element.get("mathvariant")
    if not variant or (variant == "normal" and element.name != "mi"):
        return element
    if variant == "normal":  # a single letter is set in italics otherwise
        return _with(element, "mi", style="text-transform:none") if len(element.text) == 1 else element
    if element.name == "mtext":
        styles = {"bold": "font-weight:bold", "italic": "font-style:italic", "mono": "font-family:monospace"}
        style = ";".join(style for name, style in styles.items() if name in variant)
        return _with(element, "mtext", style=style) if style else element
    variant = _OWN_VARIANTS.get(element.get("data-mjx-variant"), variant)
    text = "".join(mathematical_letter(character, variant) or character for character in element.text)
    return element._replace(text=text)


def _row(element: Element, children: tuple[Element, ...]) -> Element:
    """Return a group; a sign alone in it has no space around it unless it is of a class that has."""
    if element.get("data-mjx-texclass") in ("ORD", "OPEN", "CLOSE") and len(children) == 1:
        child = children[0]
        if child.name == "mo":
            return _with(child, "mo", lspace="0", rspace="0")
    return element._replace(children=children)


def _scripts(element: Element, children: tuple[Element, ...]) -> Element:
    """Return what has signs above and below: lines as borders, accents close to what is below them."""
    base, *signs = children
    names = {"mover": ("over",), "munder": ("under",)}.get(element.name, ("under", "over"))
    accents = {}
    for name, sign in zip(names, signs, strict=True):
        if sign.name != "mo":
            continue
        if sign.text in _LINES and sign.get("stretchy") != "false" and len(signs) == 1:
            side = "top" if name == "over" else "bottom"
            style = f"border-{side}:.06em solid;padding-{side}:.12em"
            return Element("mrow", (("style", style),), (base,))
        operator = find_operator(sign.text)
        if operator and operator.attributes.get("accent"):
            accents["accent" if name == "over" else "accentunder"] = "true"
    return _with(element._replace(children=children), element.name, **accents)


def _enclosed(element: Element, children: tuple[Element, ...]) -> Element:
    notations = (element.get("notation") or "longdiv").split()
    padding, thickness = element.get("data-padding") or ".2em", element.get("data-thickness") or ".067em"
    if "radical" in notations:
        children = (Element("msqrt", (), children),)
    kind = "dashed" if "dashed" in element.get("style") else "solid"
    styles = []
    if "box" in notations or "circle" in notations or "roundedbox" in notations:
        styles.append(f"border:{thickness} {kind}")
    if "circle" in notations or "roundedbox" in notations:
        styles.append(f"border-radius:{'50%' if 'circle' in notations else '.4em'}")
    sides = [side for side in _SIDES if side in notations]
    styles += [f"border-{side}:{thickness} {kind}" for side in sides]
    strikes = [_STRIKE.format(way) for name, way in _STRIKES.items() if name in notations]
    if strikes:
        styles.append(f"background:{','.join(strikes)}")
    if padding not in ("0", "0em"):
        styles.append(f"padding:{padding}")
    return Element("mrow", (("style", ";".join(styles)),), children)


def _padded(element: Element, children: tuple[Element, ...]) -> Element:
    attributes = dict(element.attributes)
    sizes = {name: attributes.pop(name, "") for name in ("width", "height", "depth", "lspace", "voffset")}
    if any(value.startswith("+") for value in sizes.values()):  # a box around a text
        room = sizes["lspace"] if _LENGTH.fullmatch(sizes["lspace"]) else sizes["height"].lstrip("+")
        padded = Element("mrow", tuple(attributes.items()), children)
        return _with(padded, "mrow", style=f"padding:{room}")
    if sizes["lspace"] == "-1width":  # what is set to the left of its place
        inner = Element("mrow", (("dir", "ltr"),), children)
        return Element("mpadded", (*attributes.items(), ("dir", "rtl"), ("width", "0")), (inner,))
    own = {
        name: value
        for name, value in sizes.items()
        if _LENGTH.fullmatch(value) and not (value.startswith("-") and name in ("width", "height", "depth"))
    }
    return Element("mpadded", tuple({**attributes, **own}.items()), children)


def _space(element: Element, _children: object) -> Element:
    """Return a space; one that takes room away is a margin, and a black one a line as dark as the text."""
    width = element.get("width")
    if width.startswith("-"):
        return Element("mspace", (("style", f"margin-inline-start:{width}"),))
    if element.get("mathbackground") == "black":
        return _with(element, "mspace", mathbackground="", style="background:currentColor")
    return element


def _fraction(element: Element, children: tuple[Element, ...]) -> Element:
    """Return a fraction with the space that TeX leaves beside it."""
    thickness = element.get("linethickness")
    thickness = {"thin": ".03em", "thick": ".12em"}.get(thickness, thickness)
    beside = {} if thickness == "0" else {"style": "padding:0 .1em"}
    return _with(element._replace(children=children), "mfrac", linethickness=thickness, **beside)


def _list(text: str, count: int, default: str) -> list[str]:
    """Return `count` entries of an attribute's list; the last one stands for those that are missing."""
    entries = text.split() or [default]
    return [*entries, *[entries[-1]] * count][: max(count, 0)]


def _table(element: Element, rows: tuple[Element, ...]) -> Element:
    """Return a table whose cells have their alignment, the space between them and lines as CSS."""
    count = max((len(row.children) for row in rows), default=0)
    frame = element.get("frame") or ("" if "frame" in dict(element.attributes) else "none")
    beyond, beside = (".4em", ".5ex") if frame != "none" else ("0em", "0em")
    gaps = [beyond, *map(_half, _list(element.get("columnspacing"), count - 1, "0.8em")), beyond]
    heights = [beside, *map(_half, _list(element.get("rowspacing"), len(rows) - 1, "1ex")), beside]
    column_lines = [*_list(element.get("columnlines"), count - 1, "none"), ""]
    row_lines = [*_list(element.get("rowlines"), len(rows) - 1, "none"), ""]
    is_small = element.get("data-mjx-smallmatrix") == "true"
    above, below = (".05em", ".05em") if is_small else (".1em", ".2em")  # a line of text has that at least
    new_rows = []
    for number, row in enumerate(rows):
        top, bottom = f"calc({heights[number]} + {above})", f"calc({heights[number + 1]} + {below})"
        aligns = _list(row.get("columnalign") or element.get("columnalign"), count, "center")
        cells = [
            _cell(
                cell,
                f"{top} {gaps[column + 1]} {bottom} {gaps[column]}",
                cell.get("columnalign") or aligns[column],
                column_lines[column],
                row_lines[number],
            )
            for column, cell in enumerate(row.children)
        ]
        new_rows.append(Element("mtr", (), tuple(cells)))
    styles = [f"border:.06em {frame}"] if frame in _LINE_STYLES else []
    if not _LINE_STYLES.isdisjoint((*column_lines, *row_lines)):
        styles.append("border-collapse:collapse")
    style = {"style": ";".join(styles)} if styles else {}
    level = {"scriptlevel": "1"} if is_small else {}
    return _with(element._replace(children=tuple(new_rows)), "mtable", **style, **level)


def _cell(cell: Element, padding: str, align: str, line: str, line_below: str) -> Element:
    """Return a cell of a table. line, line_below: behind it and below it, such as `solid`."""
    styles = [f"padding:{padding}"]
    if align in ("left", "right"):
        styles.append(f"text-align:{align};text-align:-webkit-{align}")  # Chromium heeds the second alone
    if line in _LINE_STYLES:
        styles.append(f"border-right:.06em {line}")
    if line_below in _LINE_STYLES:
        styles.append(f"border-bottom:.06em {line_below}")
    return _with(cell, "mtd", style=";".join(styles))


def _half(length: str) -> str:
    """Return half of a space between two cells."""
    match = re.fullmatch(r"(-?[\d.]+)([a-z]*)", length)
    return f"{float(match[1]) / 2:g}{match[2]}" if match and float(match[1]) > 0 else "0em"


def _labelled_row(element: Element, children: tuple[Element, ...]) -> Element:
    """Return a row of a table with its label behind it."""
    label, *cells = children
    return Element("mtr", element.attributes, (*cells, label))


_CONVERSIONS: Mapping[str, Callable[[Element, tuple[Element, ...]], Element]] = {
    **dict.fromkeys(("mi", "mn", "mo", "mtext", "ms"), _token),
    **dict.fromkeys(("mover", "munder", "munderover"), _scripts),
    "mrow": _row,
    "menclose": _enclosed,
    "mpadded": _padded,
    "mspace": _space,
    "mfrac": _fraction,
    "mtable": _table,
    "mlabeledtr": _labelled_row,
}
