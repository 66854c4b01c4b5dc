"""Does what needs the whole formula: sizes by style, forms of operators, relations that belong together.

Attributes that say what would be so anyway are left out. The order of the steps is MathJax's.
"""

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
    make,
)
from cardwright.source.formulas.operators import Value, class_of, find_operator
from cardwright.source.formulas.tree import Element

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
_TOKENS = frozenset({"mi", "mn", "mo", "mtext", "ms", "mspace"})
_INHERITED = frozenset({"mathcolor", "mathbackground", "mathsize", "dir"})
# By element: further attributes that it takes over from an `mstyle` or `mtable` around it.
_INHERITED_BY = {"mtd": frozenset({"columnalign", "rowalign"}), "mtr": frozenset({"columnalign", "rowalign"})}
_INHERITED_BY["mlabeledtr"] = _INHERITED_BY["mtr"]
_BOLD = {
    "normal": "bold", "italic": "bold-italic", "fraktur": "bold-fraktur", "script": "bold-script",
    "sans-serif": "bold-sans-serif", "-tex-calligraphic": "-tex-bold-calligraphic",
    "-tex-oldstyle": "-tex-bold-oldstyle", "-tex-mathit": "bold-italic",
}  # fmt: skip
_VARIANTS = {
    "-tex-calligraphic": "script", "-tex-bold-calligraphic": "bold-script", "-tex-oldstyle": "normal",
    "-tex-bold-oldstyle": "bold", "-tex-mathit": "italic",
}  # fmt: skip
# Signs that are raised by their nature. Source: MathJax 3.2.2, `pseudoScripts`.
_RAISED_SIGNS = frozenset(
    "\"'*`\u00aa\u00b0\u00b2\u00b3\u00b4\u00b9\u00ba\u2057\u2070\u2071"
    + "".join(
        chr(code)
        for first, last in ((0x2018, 0x201F), (0x2032, 0x2037), (0x2074, 0x207F), (0x2080, 0x208E))
        for code in range(first, last + 1)
    )
)
_Attributes = dict[str, Value]


class _Context(NamedTuple):
    """What holds where a node stands. level: how many times scripts are nested."""

    display: bool
    level: int
    attributes: _Attributes


def finish(nodes: list[Node], *, display: bool) -> Element:
    """Return the `math` element with these nodes. display: the formula stands on lines of its own."""
    root = make("math", *nodes, **({"display": "block"} if display else {}))
    _complete_scripts(root)
    contexts: dict[Node, _Context] = {}
    _inherit(root, _Context(display, 0, {}), contexts)
    everything = _walk(root)
    _remove_spaces_in_scripts(everything, contexts)
    _move_limits(everything, contexts)
    _unstretch(everything)
    everything = _walk(root)
    for node in everything:
        _drop_needless(node)
    _combine_relations(everything)
    for node in everything:
        _embolden(node)
    return _freeze(root)


def _walk(root: Node) -> list[Node]:
    """Return a node and all that is in it, in the order of the text."""
    found: list[Node] = []
    remaining: list[Node] = [root]
    while remaining:
        node = remaining.pop()
        found.append(node)
        remaining.extend(child for child in reversed(node.children) if child)
    return found


def _complete_scripts(root: Node) -> None:
    """Name elements by the scripts that they have."""
    for node in _walk(root):
        if node.name in {"msubsup", "munderover"} and not (node.child(1) and node.child(2)):
            below, above = ("sub", "sup") if node.name == "msubsup" else ("under", "over")
            node.name = f"m{below if node.child(1) else above}"
            node.children = [node.children[0], node.child(1) or node.child(2)]


# Inheritance


def _inherit(node: Node, context: _Context, contexts: dict[Node, _Context]) -> None:
    """Set what a node and all in it have from what is around them."""
    contexts[node] = context
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
            _inherit(_choose(node, index, child, inside), inside, contexts)


def _take_over(node: Node, context: _Context) -> None:
    """Set what a node has from around it, and what is known of its sign."""
    taken = _INHERITED | _INHERITED_BY.get(node.name, frozenset())
    node.inherited.update((name, value) for name, value in context.attributes.items() if name in taken)
    for name, value in (("displaystyle", context.display), ("scriptlevel", context.level)):
        if name not in node.attributes:
            node.inherited[name] = value
    for child in node.children:
        if child:
            child.parent = node
    if node.name == "mi" and _is_single(node.text) and "mathvariant" not in context.attributes:
        node.inherited["mathvariant"] = "italic"
    if node.name == "mo":
        _inherit_operator(node)


def _choose(parent: Node, index: int, child: Node, context: _Context) -> Node:
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


def _inner_contexts(node: Node, context: _Context) -> list[_Context]:
    """Return what holds in the children of a node, in their order; the last for all further ones."""
    script = _Context(display=False, level=context.level + 1, attributes=context.attributes)
    if node.name in SCRIPTS or node.name == "mmultiscripts":
        return [context, script]
    if node.name == "mfrac":
        smaller = context.level > 0 or not context.display
        return [_Context(display=False, level=context.level + smaller, attributes=context.attributes)]
    if node.name == "mroot":
        return [context, _Context(display=False, level=context.level + 2, attributes=context.attributes)]
    if node.name == "mstyle":
        return [_style_context(node, context)]
    return [context]


def _style_context(node: Node, context: _Context) -> _Context:
    display = bool(node.attributes.get("displaystyle", context.display))
    written = str(node.attributes.get("scriptlevel", context.level))
    level = int(written) + (context.level if written[0] in "+-" else 0)
    left_out = {"displaystyle", "scriptlevel", "style"}
    styles = {name: value for name, value in node.attributes.items() if name not in left_out}
    return _Context(display, level, {**context.attributes, **styles})


def _inherit_around(node: Node, context: _Context, contexts: dict[Node, _Context]) -> None:
    """Set what holds in a base and in what stands above and below it: an accent isn't smaller."""
    base = node.child(0) or Node("mrow")
    base = _choose(node, 0, base, context)
    _inherit(base, context, contexts)
    is_moved = not context.display and bool(_value(core(base), "movablelimits"))
    for index in range(1, len(node.children)):
        child = node.child(index)
        if child is None:
            continue
        above = node.name == "mover" or index == 2
        key = "accent" if above else "accentunder"
        level = context.level + (is_moved or not _value(node, key))
        inside = _Context(display=False, level=level, attributes=context.attributes)
        child = _choose(node, index, child, inside)
        _inherit(child, inside, contexts)
        if key not in node.attributes and (operator := core_operator(child)):
            value = _value(operator, "accent")
            node.inherited[key] = value
            if value is not False:
                level = context.level + (is_moved or not value)
                _inherit(child, _Context(context.display, level, {}), contexts)


def _inherit_rows(node: Node, context: _Context, contexts: dict[Node, _Context]) -> None:
    """Set what holds in the cells of a table."""
    display = bool(node.attributes.get("displaystyle", False))
    attributes = {**context.attributes, "columnalign": _value(node, "columnalign"), "rowalign": "center"}
    row_aligns = str(_value(node, "rowalign")).split()
    for index, child in enumerate(node.children):
        if child is None:
            continue
        if index < len(row_aligns):
            attributes["rowalign"] = row_aligns[index]
        row_context = _Context(display, node.table_level or context.level, dict(attributes))
        contexts[child] = row_context
        child.parent = node
        for name in ("columnalign", "rowalign"):
            child.inherited[name] = row_context.attributes[name]
        column_aligns = str(_value(child, "columnalign")).split()
        cells = child.children[1:] if child.name == "mlabeledtr" else child.children
        for number, cell in enumerate(cells):
            if cell is None:
                continue
            align = column_aligns[min(number, len(column_aligns) - 1)] if column_aligns else "center"
            cell.parent = child
            _inherit(
                cell,
                row_context._replace(attributes={**row_context.attributes, "columnalign": align}),
                contexts,
            )
        if child.name == "mlabeledtr" and (label := child.child(0)):
            label.parent = child
            _inherit(label, row_context, contexts)


def _value(node: Node, name: str) -> Value:
    """Return an attribute as it is given, inherited or by default."""
    if name in node.attributes:
        return node.attributes[name]
    if name in node.inherited:
        return node.inherited[name]
    return _default(node.name, name)


def _default(element: str, name: str) -> Value:
    if name in _DEFAULTS.get(element, {}):
        return _DEFAULTS[element][name]
    return _GLOBAL.get(name, "") if name in _GLOBAL else "_none"


# Operators


def _inherit_operator(node: Node) -> None:
    """Set what MathJax knows of an operator, which depends on where it stands."""
    forms = given_forms(node, _forms(node))
    node.inherited["form"] = forms[0]
    operator = find_operator(node.text, forms)
    if operator:
        node.inherited.update(operator.attributes)
    if node.text and _RAISED_SIGNS.issuperset(node.text):
        outer = _outermost(node)
        parent = _real_parent(outer)
        if parent is None or parent.name not in {"msup", "msubsup"}:
            _mark_as_raised(node)


def _mark_as_raised(node: Node) -> None:
    node.attributes["data-mjx-pseudoscript"] = "true"
    node.inherited.update(lspace=0, rspace=0)


def _class_of(node: Node) -> str:
    if node.texclass is not None:
        return node.texclass
    operator = find_operator(node.text, given_forms(node, _forms(node)))
    if operator:
        return operator.texclass
    return class_of(node.text) or "REL"


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


def _forms(node: Node) -> tuple[str, str, str]:
    """Return the forms of an operator, likeliest first: one at the beginning of a row is a prefix."""
    place: Node | None = node
    parent, real = node.parent, _real_parent(node)
    while parent and real and core_operator(real) is not None:
        place = parent if parent.name == "mrow" or parent.name not in ROWS else None
        parent, real = real.parent, _real_parent(real)
    if parent and parent.name in ROWS:
        first, last, count = _ends(parent)
        if count != 1 and first is place:
            return "prefix", "infix", "postfix"
        if count != 1 and last is place:
            return "postfix", "infix", "prefix"
    return "infix", "prefix", "postfix"


def _ends(parent: Node) -> tuple[Node | None, Node | None, int]:
    """Return the first and the last child that isn't space, and how many there are."""
    children = [child for child in parent.children if child and not is_space(child)]
    return (children[0], children[-1], len(children)) if children else (None, None, 0)


# The formula as a whole


def _remove_spaces_in_scripts(everything: list[Node], contexts: dict[Node, _Context]) -> None:
    for node in everything:
        if node.name == "nonscript" and node.parent:
            siblings = node.parent.children
            index = siblings.index(node)
            space = node.children[0]
            siblings[index : index + 1] = [] if contexts[node].level > 0 else [space]
            if space:
                space.parent = node.parent


def _move_limits(everything: list[Node], contexts: dict[Node, _Context]) -> None:
    """Put scripts beside what isn't an operator by itself, in running text."""
    beside = {"munderover": "msubsup", "munder": "msub", "mover": "msup"}
    for node in everything:
        base = node.child(0)
        if (
            node.name in LIMITS
            and base
            and base.movable_limits
            and not contexts[node].display
            and not core(base).attributes.get("movablelimits")
        ):
            node.name = beside[node.name]


def _unstretch(everything: list[Node]) -> None:
    """Keep signs from stretching that aren't delimiters; put ordinary ones in a group."""
    for node in everything:
        if not node.plain:
            continue
        operator = find_operator(node.text, _forms(node))
        if operator and operator.attributes.get("stretchy"):
            node.attributes["stretchy"] = False
        if _class_of(node) == "ORD" and (operator is None or operator.texclass == "ORD") and node.parent:
            siblings = node.parent.children
            atom = make("TeXAtom", node)
            atom.parent, node.parent, node.bold = node.parent, atom, False
            siblings[siblings.index(node)] = atom
            if node.text and _RAISED_SIGNS.issuperset(node.text):
                _mark_as_raised(node)


def _drop_needless(node: Node) -> None:
    """Remove attributes that say what would be so without them."""
    if node.keeps_attributes:
        return
    for name, value in list(node.attributes.items()):
        usual = node.inherited[name] if name in node.inherited else _default(node.name, name)
        if type(value) is type(usual) and value == usual:
            del node.attributes[name]


def _combine_relations(everything: list[Node]) -> None:
    """Make one operator of relations that follow one another, such as `<` and `=`."""
    for node in everything:
        children = node.children
        if node.name not in ROWS or len(children) < 2:
            continue
        index = 0
        while index < len(children):
            child = children[index]
            if child and _is_relation(child):
                _combine_following(children, index, child)
            index += 1


def _combine_following(children: list[Node | None], index: int, relation: Node) -> None:
    while index + 1 < len(children):
        other = children[index + 1]
        if other is None or not _is_relation(other):
            return
        if relation.alternate != other.alternate or not _are_alike(relation, other):
            relation.attributes.setdefault("rspace", "0pt")
            other.attributes.setdefault("lspace", "0pt")
            return
        relation.text += other.text
        for name in ("stretchy", "rspace"):
            if name in other.attributes:
                relation.attributes[name] = other.attributes[name]
        relation.texclass = other.texclass or relation.texclass
        relation.movable_limits = other.movable_limits
        del children[index + 1]


def _is_relation(node: Node) -> bool:
    return node.name == "mo" and _class_of(node) == "REL"


def _are_alike(first: Node, second: Node) -> bool:
    """Return whether two relations differ at most in the space around both."""
    left = [name for name in first.attributes if name != "lspace" and _counts(first, name)]
    right = [name for name in second.attributes if name != "rspace" and _counts(second, name)]
    same = all(first.attributes[name] == second.attributes.get(name) for name in left)
    return same and len(left) == len(right)


def _counts(node: Node, name: str) -> bool:
    return name != "stretchy" or bool(node.attributes[name])


def _embolden(node: Node) -> None:
    if node.bold:
        variant = str(_value(node, "mathvariant"))
        node.attributes["mathvariant"] = _BOLD.get(variant, variant)


def _freeze(root: Node) -> Element:
    """Return a node and all that is in it as elements."""
    finished: dict[Node, Element] = {}
    for node in reversed(_walk(root)):
        children = tuple(finished[child] for child in node.children if child)
        name = "mrow" if node.name == "TeXAtom" else node.name
        finished[node] = Element(name, tuple(sorted(_final_attributes(node).items())), children, node.text)
    return finished[root]


def _final_attributes(node: Node) -> dict[str, str]:
    attributes = {name: _written(value) for name, value in node.attributes.items()}
    variant = attributes.get("mathvariant", "")
    if variant in _VARIANTS:
        attributes["data-mjx-variant"] = variant
        attributes["mathvariant"] = _VARIANTS[variant]
    if node.alternate:
        attributes["data-mjx-alternate"] = "1"
    if not node.auto_op:
        attributes["data-mjx-auto-op"] = "false"
    if node.script_align:
        attributes["data-mjx-script-align"] = node.script_align
    if node.table_level and node.attributes.get("data-smallmatrix"):
        attributes["data-mjx-smallmatrix"] = "true"
    if node.texclass is not None and not _is_function(node):
        attributes["data-mjx-texclass"] = node.texclass
    return attributes


def _is_function(node: Node) -> bool:
    """Return whether a node is known for a function by its name."""
    return (
        node.name == "mi"
        and node.texclass == "OP"
        and len(node.text) > 1
        and node.text.isascii()
        and node.text.isalnum()
        and node.text[0].isalpha()
    )


def _written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
