"""What the parts of a formula have from what is around them: size, style, colour, the form of an operator."""

from collections.abc import Iterable
from typing import NamedTuple

from cardwright.source.formulas.nodes import (
    LIMITS,
    ROWS,
    SCRIPTS,
    Node,
    core,
    core_operator,
    given_forms,
    is_space,
)
from cardwright.source.formulas.operators import Value, class_of, find_operator

# What an attribute is where nothing says otherwise. Source: MathML 3, as MathJax 3.2.2 has it.
_DEFAULTS: dict[str, dict[str, Value]] = {
    "mo": {
        "form": "infix", "fence": False, "separator": False, "lspace": "thickmathspace",
        "rspace": "thickmathspace", "stretchy": False, "symmetric": False, "maxsize": "infinity",
        "minsize": "0em", "largeop": False, "movablelimits": False, "accent": False, "linebreak": "auto",
    },
    "mstyle": {"displaystyle": "", "scriptlevel": ""},
    "mspace": {"width": "0em", "height": "0ex", "depth": "0ex", "linebreak": "auto"},
    "mfrac": {"linethickness": "medium", "numalign": "center", "denomalign": "center"},
    "munderover": {"accent": False, "accentunder": False, "align": "center"},
    "mtable": {
        "align": "axis", "rowalign": "baseline", "columnalign": "center", "columnwidth": "auto",
        "width": "auto", "rowspacing": "1ex", "columnspacing": ".8em", "rowlines": "none",
        "columnlines": "none", "frame": "none", "framespacing": "0.4em 0.5ex", "equalrows": False,
        "equalcolumns": False, "displaystyle": False, "side": "right", "minlabelspacing": "0.8em",
    },
    "mpadded": {"width": "", "height": "", "depth": "", "lspace": 0, "voffset": 0},
    "menclose": {"notation": "longdiv"},
}  # fmt: skip
_DEFAULTS["munder"] = _DEFAULTS["mover"] = _DEFAULTS["munderover"]
# What holds for every element, too.
_GLOBAL: dict[str, Value] = {
    "mathvariant": "normal", "mathsize": "normal", "mathcolor": "", "mathbackground": "transparent",
    "dir": "ltr", "scriptlevel": 0, "displaystyle": False, "display": "inline", "maxwidth": "",
    "overflow": "linebreak", "alttext": "", "lineleading": "1ex", "indentshift": "auto",
    "indentalign": "auto",
}  # fmt: skip
_INHERITED = frozenset({"mathcolor", "mathbackground", "mathsize", "dir"})
# By element: further attributes that it takes over from an `mstyle` or `mtable` around it.
_ALIGNMENTS = frozenset({"columnalign", "rowalign"})
_INHERITED_BY = dict.fromkeys(("mtable", "mtr", "mlabeledtr", "mtd"), _INHERITED | _ALIGNMENTS)
# Signs that are raised by their nature. Source: MathJax 3.2.2, `pseudoScripts`.
_RAISED_SIGNS = frozenset(
    "\"'*`\u00aa\u00b0\u00b2\u00b3\u00b4\u00b9\u00ba\u2057\u2070\u2071"
    + "".join(
        chr(code)
        for first, last in ((0x2018, 0x201F), (0x2032, 0x2037), (0x2074, 0x207F), (0x2080, 0x208E))
        for code in range(first, last + 1)
    )
)


class Context(NamedTuple):
    """What holds where a node stands. level: how many times scripts are nested."""

    display: bool
    level: int
    attributes: dict[str, Value]


def inherit(node: Node, context: Context, contexts: dict[Node, Context]) -> None:
    """Set what a node and all in it have from what is around them."""
    contexts[node] = context
    _name_by_scripts(node)
    _take_over(node, context)
    if node.name in LIMITS:
        _inherit_around(node, context, contexts)
        return
    if node.name == "mtable":
        _inherit_rows(node, context, contexts)
        return
    inner = _inner_contexts(node, context)
    for index, child in enumerate(node.children):
        if child:
            inside = inner[min(index, len(inner) - 1)]
            inherit(_choose(node, index, child, inside), inside, contexts)


def _name_by_scripts(node: Node) -> None:
    """Name an element by the scripts that it has."""
    if node.name in {"msubsup", "munderover"} and not (node.child(1) and node.child(2)):
        below, above = ("sub", "sup") if node.name == "msubsup" else ("under", "over")
        node.name = f"m{below if node.child(1) else above}"
        node.children = [node.children[0], node.child(1) or node.child(2)]


def _take_over(node: Node, context: Context) -> None:
    """Set what a node has from around it, and what is known of its sign."""
    inherited, taken = node.inherited, _INHERITED_BY.get(node.name, _INHERITED)
    for name, value in context.attributes.items():
        if name in taken:
            inherited[name] = value
    if "displaystyle" not in node.attributes:
        inherited["displaystyle"] = context.display
    if "scriptlevel" not in node.attributes:
        inherited["scriptlevel"] = context.level
    for child in node.children:
        if child:
            child.parent = node
    if node.name == "mi" and _is_single(node.text) and "mathvariant" not in context.attributes:
        node.inherited["mathvariant"] = "italic"
    if node.name == "mo":
        _inherit_operator(node)


def _choose(parent: Node, index: int, child: Node, context: Context) -> Node:
    """Return a child; in place of a choice by style the one for the style here."""
    while child.name == "MathChoice":
        choice = 0 if context.display else max(0, min(context.level, 2)) + 1
        child = child.child(choice) or Node("mrow")
        parent.children[index] = child
        child.parent = parent
    return child


def _is_single(text: str) -> bool:
    """Return whether a text is one character, perhaps with marks above or below it."""
    marks = text[1:]
    return bool(text) and all(
        "\u0300" <= mark <= "\u036f"
        or "\u1ab0" <= mark <= "\u1abe"
        or "\u1dc0" <= mark <= "\u1dff"
        or "\u20d0" <= mark <= "\u20ef"
        for mark in marks
    )


def _inner_contexts(node: Node, context: Context) -> list[Context]:
    """Return what holds in the children of a node, in their order; the last for all further ones."""
    script = Context(display=False, level=context.level + 1, attributes=context.attributes)
    if node.name in SCRIPTS or node.name == "mmultiscripts":
        return [context, script]
    if node.name == "mfrac":
        smaller = context.level > 0 or not context.display
        return [Context(display=False, level=context.level + smaller, attributes=context.attributes)]
    if node.name == "mroot":
        return [context, Context(display=False, level=context.level + 2, attributes=context.attributes)]
    if node.name == "mstyle":
        return [_style_context(node, context)]
    return [context]


def _style_context(node: Node, context: Context) -> Context:
    display = bool(node.attributes.get("displaystyle", context.display))
    written = str(node.attributes.get("scriptlevel", context.level))
    level = int(written) + (context.level if written[0] in "+-" else 0)
    left_out = {"displaystyle", "scriptlevel", "style"}
    styles = {name: value for name, value in node.attributes.items() if name not in left_out}
    return Context(display, level, {**context.attributes, **styles})


def _inherit_around(node: Node, context: Context, contexts: dict[Node, Context]) -> None:
    """Set what holds in a base and in what stands above and below it: an accent isn't smaller."""
    base = node.child(0) or Node("mrow")
    base = _choose(node, 0, base, context)
    inherit(base, context, contexts)
    is_moved = not context.display and bool(value_of(core(base), "movablelimits"))
    for index in range(1, len(node.children)):
        child = node.child(index)
        if child is None:
            continue
        above = node.name == "mover" or index == 2
        key = "accent" if above else "accentunder"
        level = context.level + (is_moved or not value_of(node, key))
        inside = Context(display=False, level=level, attributes=context.attributes)
        child = _choose(node, index, child, inside)
        inherit(child, inside, contexts)
        if key not in node.attributes and (operator := core_operator(child)):
            value = value_of(operator, "accent")
            node.inherited[key] = value
            if value is not False:
                level = context.level + (is_moved or not value)
                inherit(child, Context(context.display, level, {}), contexts)


def _inherit_rows(node: Node, context: Context, contexts: dict[Node, Context]) -> None:
    """Set what holds in the cells of a table."""
    display = bool(node.attributes.get("displaystyle", False))
    attributes = {**context.attributes, "columnalign": value_of(node, "columnalign"), "rowalign": "center"}
    row_aligns = str(value_of(node, "rowalign")).split()
    for index, child in enumerate(node.children):
        if child is None:
            continue
        if index < len(row_aligns):
            attributes["rowalign"] = row_aligns[index]
        row_context = Context(display, node.table_level or context.level, dict(attributes))
        contexts[child] = row_context
        child.parent = node
        for name in ("columnalign", "rowalign"):
            child.inherited[name] = row_context.attributes[name]
        column_aligns = str(value_of(child, "columnalign")).split()
        cells = child.children[1:] if child.name == "mlabeledtr" else child.children
        for number, cell in enumerate(cells):
            if cell is None:
                continue
            align = column_aligns[min(number, len(column_aligns) - 1)] if column_aligns else "center"
            cell.parent = child
            inherit(
                cell,
                row_context._replace(attributes={**row_context.attributes, "columnalign": align}),
                contexts,
            )
        if child.name == "mlabeledtr" and (label := child.child(0)):
            label.parent = child
            inherit(label, row_context, contexts)


def value_of(node: Node, name: str) -> Value:
    """Return an attribute as it is given, inherited or by default."""
    return node.attributes[name] if name in node.attributes else usual_value(node, name)


def usual_value(node: Node, name: str) -> Value:
    """Return an attribute as it is inherited or by default; `_none` for one without a default."""
    for values in (node.inherited, _DEFAULTS.get(node.name, {}), _GLOBAL):
        if name in values:
            return values[name]
    return "_none"


# Operators


def _inherit_operator(node: Node) -> None:
    """Set what MathJax knows of an operator, which depends on where it stands."""
    forms = given_forms(node, find_forms(node))
    node.inherited["form"] = forms[0]
    operator = find_operator(node.text, forms)
    if operator:
        node.inherited.update(operator.attributes)
    node.known_class = (operator.texclass if operator else class_of(node.text)) or "REL"
    if is_raised(node.text):
        outer = _outermost(node)
        parent = _real_parent(outer)
        if parent is None or parent.name not in {"msup", "msubsup"}:
            mark_as_raised(node)


def is_raised(text: str) -> bool:
    """Return whether signs are raised by their nature."""
    return bool(text) and _RAISED_SIGNS.issuperset(text)


def mark_as_raised(node: Node) -> None:
    node.attributes["data-mjx-pseudoscript"] = "true"
    node.inherited.update(lspace=0, rspace=0)


def class_at(node: Node) -> str:
    """Return how TeX spaces an operator, which was set by `inherit`."""
    return node.texclass or node.known_class


def _outermost(node: Node) -> Node:
    """Return what is an operator by having this one at its heart."""
    operator, outer = node, node
    parent = node.parent
    while parent and parent.name != "math" and core_operator(parent) is operator:
        outer, parent = parent, parent.parent
    return outer


def _real_parent(node: Node) -> Node | None:
    """Return what a node stands in, leaving out groups that hold nothing else."""
    parent = node.parent
    while parent and parent.name in {"TeXAtom", "mstyle"} and len(parent.children) == 1:
        parent = parent.parent
    return parent


def find_forms(node: Node) -> tuple[str, str, str]:
    """Return the forms of an operator, likeliest first: one at the beginning of a row is a prefix."""
    place: Node | None = node
    parent, real = node.parent, _real_parent(node)
    while parent and real and core_operator(real) is not None:
        place = parent if parent.name == "mrow" or parent.name not in ROWS else None
        parent, real = real.parent, _real_parent(real)
    if parent and parent.name in ROWS:
        first, last = _first_sign(parent.children), _first_sign(reversed(parent.children))
        if first is not last and first is place:
            return "prefix", "infix", "postfix"
        if first is not last and last is place:
            return "postfix", "infix", "prefix"
    return "infix", "prefix", "postfix"


def _first_sign(nodes: Iterable[Node | None]) -> Node | None:
    """Return the first node that isn't space."""
    return next((node for node in nodes if node and not is_space(node)), None)
