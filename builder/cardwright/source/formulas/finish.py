"""Does what needs the whole formula: sizes by style, forms of operators, relations that belong together.

Attributes that say what would be so anyway are left out. The order of the steps is MathJax's.
"""

from collections.abc import Iterable

from cardwright.source.formulas.inherit import (
    Context,
    class_at,
    find_forms,
    inherit,
    is_raised,
    mark_as_raised,
    usual_value,
    value_of,
)
from cardwright.source.formulas.nodes import LIMITS, ROWS, Node, core, make
from cardwright.source.formulas.operators import Value, find_operator
from cardwright.source.formulas.tree import Element

_BOLD = {
    "normal": "bold", "italic": "bold-italic", "fraktur": "bold-fraktur", "script": "bold-script",
    "sans-serif": "bold-sans-serif", "-tex-calligraphic": "-tex-bold-calligraphic",
    "-tex-oldstyle": "-tex-bold-oldstyle", "-tex-mathit": "bold-italic",
}  # fmt: skip
_VARIANTS = {
    "-tex-calligraphic": "script", "-tex-bold-calligraphic": "bold-script", "-tex-oldstyle": "normal",
    "-tex-bold-oldstyle": "bold", "-tex-mathit": "italic",
}  # fmt: skip


def finish(nodes: list[Node], *, display: bool) -> Element:
    """Return the `math` element with these nodes. display: the formula stands on lines of its own."""
    root = make("math", *nodes, **({"display": "block"} if display else {}))
    contexts: dict[Node, Context] = {}
    inherit(root, Context(display, 0, {}), contexts)
    _remove_spaces_in_scripts(contexts)
    _move_limits(contexts)
    _unstretch(contexts)
    for node in contexts:
        _drop_needless(node)
    _combine_relations(contexts)
    for node in contexts:
        _embolden(node)
    return _freeze(root)


def _remove_spaces_in_scripts(contexts: dict[Node, Context]) -> None:
    for node, context in contexts.items():
        if node.name == "nonscript" and node.parent:
            siblings = node.parent.children
            index = siblings.index(node)
            space = node.children[0]
            siblings[index : index + 1] = [] if context.level > 0 else [space]
            if space:
                space.parent = node.parent


def _move_limits(contexts: dict[Node, Context]) -> None:
    """Put scripts beside what isn't an operator by itself, in running text."""
    beside = {"munderover": "msubsup", "munder": "msub", "mover": "msup"}
    for node, context in contexts.items():
        base = node.child(0)
        if (
            node.name in LIMITS
            and base
            and base.movable_limits
            and not context.display
            and not core(base).attributes.get("movablelimits")
        ):
            node.name = beside[node.name]


def _unstretch(nodes: Iterable[Node]) -> None:
    """Keep signs from stretching that aren't delimiters; put ordinary ones in a group."""
    for parent in nodes:
        for index, node in enumerate(parent.children):
            if node is None or not node.plain:
                continue
            operator = find_operator(node.text, find_forms(node))
            if operator and operator.attributes.get("stretchy"):
                node.attributes["stretchy"] = False
            if class_at(node) == "ORD" and (operator is None or operator.texclass == "ORD"):
                parent.children[index] = _in_group(node)


def _in_group(node: Node) -> Node:
    atom = make("TeXAtom", node)
    atom.parent, node.parent, node.bold = node.parent, atom, False
    if is_raised(node.text):
        mark_as_raised(node)
    return atom


def _drop_needless(node: Node) -> None:
    """Remove attributes that say what would be so without them."""
    if node.keeps_attributes:
        return
    for name, value in list(node.attributes.items()):
        usual = usual_value(node, name)
        if type(value) is type(usual) and value == usual:
            del node.attributes[name]


def _combine_relations(nodes: Iterable[Node]) -> None:
    """Make one operator of relations that follow one another, such as `<` and `=`."""
    for node in nodes:
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
    return node.name == "mo" and class_at(node) == "REL"


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
        variant = str(value_of(node, "mathvariant"))
        node.attributes["mathvariant"] = _BOLD.get(variant, variant)


def _freeze(root: Node) -> Element:
    """Return a node and all that is in it as elements."""
    order, remaining = [], [root]
    while remaining:
        node = remaining.pop()
        order.append(node)
        remaining.extend(filter(None, node.children))
    finished: dict[Node, Element] = {}
    for node in reversed(order):
        children = tuple([finished[child] for child in node.children if child])
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
    if node.table_level:
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
