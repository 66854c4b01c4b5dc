"""A formula while it is read: a tree whose nodes still change."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cardwright.source.formulas.operators import FORMS, Operator, Value, find_operator

ROWS = frozenset(
    {"math", "mrow", "TeXAtom", "mstyle", "mpadded", "mphantom", "menclose", "msqrt", "mtd", "merror"}
)
"""Elements whose children form a row, however many they are."""
SCRIPTS = frozenset({"msub", "msup", "msubsup"})
LIMITS = frozenset({"munder", "mover", "munderover"})
# What encloses an operator and is spaced as it is. Source: MathML 3, "Embellished operators"; MathJax.
_TRANSPARENT = frozenset({"math", "mstyle", "mpadded", "mphantom", "TeXAtom", "mtd"})
_FIRST_CHILD = SCRIPTS | LIMITS | {"mfrac", "mmultiscripts", "MathChoice"}
_SPACES = frozenset({"mspace", "mtext"})
_SPACE_ROWS = frozenset({"mrow", "mstyle", "mpadded", "mphantom"})
_PROPERTIES = {
    "texclass": "texclass",
    "move_scripts": "move_scripts",
    "takes_scripts": "takes_scripts",
    "alternate": "alternate",
    "auto_op": "auto_op",
}


@dataclass(slots=True, eq=False)
class Node:
    """An element of MathML, or a `TeXAtom`: a group with a class, which becomes an `mrow`.

    children: None where a script is still to come. texclass: the class that it was given, such as OP.
    move_scripts: scripts may stand above and below it. movable_limits: in running text they stand beside
    it. takes_scripts: it may have scripts although something stands above and below it already.
    alternate: MathJax's font has another shape of the sign. auto_op: False for letters that are no
    function's name. plain: a sign that doesn't stretch. bold: a token within `\\boldsymbol`.
    keeps_attributes: also those that say what would be so anyway. script_align: of scripts before a sign.
    table_level: the size of a small matrix. inherited: attributes that it has from the nodes around it or
    from what MathJax knows of the sign. known_class: the class of a sign where it stands.
    """

    name: str
    children: "list[Node | None]" = field(default_factory=list)
    attributes: dict[str, Value] = field(default_factory=dict)
    text: str = ""
    texclass: str | None = None
    move_scripts: bool | None = None
    movable_limits: bool | None = None
    takes_scripts: bool = False
    alternate: bool = False
    auto_op: bool = True
    plain: bool = False
    bold: bool = False
    keeps_attributes: bool = False
    script_align: str = ""
    table_level: int = 0
    parent: "Node | None" = None
    inherited: dict[str, Value] = field(default_factory=dict)
    known_class: str = "REL"

    def set(self, properties: dict[str, Value]) -> None:
        """Set properties of the node. What is none of its properties is an attribute."""
        for name, value in properties.items():
            if name == "movablelimits":
                self.movable_limits = bool(value)
                if self.name in {"mo", "mstyle"}:
                    self.attributes[name] = value
            elif name in _PROPERTIES:
                setattr(self, name, value)
            else:
                self.attributes[name] = value

    def child(self, index: int) -> "Node | None":
        """Return a child, or None if there is none there."""
        return self.children[index] if index < len(self.children) else None

    def put(self, index: int, child: "Node") -> None:
        """Set a child, whatever other children there are."""
        self.children.extend([None] * (index + 1 - len(self.children)))
        self.children[index] = child


def make(name: str, *children: Node | None, **properties: Value) -> Node:
    """Return a node. properties: see Node; all others are attributes."""
    node = Node(name, list(children))
    if properties:
        node.set(properties)
    if name == "TeXAtom" and node.texclass is None:
        node.texclass = "ORD"
    return node


def row(nodes: Sequence[Node]) -> Node:
    """Return nodes as one: a single one as it is, others in an `mrow`."""
    return nodes[0] if len(nodes) == 1 else Node("mrow", list(nodes))


def is_space(node: Node) -> bool:
    """Return whether a node counts as space, as words do."""
    if node.name in _SPACES:
        return True
    return node.name in _SPACE_ROWS and all(child is None or is_space(child) for child in node.children)


def core_operator(node: Node) -> Node | None:
    """Return the operator that a node is, or has at its heart with something around it, such as scripts."""
    while node.name != "mo":
        if node.name in _FIRST_CHILD:
            first = node.child(0)
        elif node.name == "mrow" or node.name in _TRANSPARENT:
            first = _only_operator(node.children)
        else:
            return None
        if first is None:
            return None
        node = first
    return node


def _only_operator(nodes: "list[Node | None]") -> Node | None:
    """Return the child in a row that is an operator if all others are space."""
    found: Node | None = None
    for node in nodes:
        if node is None:
            continue
        if core_operator(node) is not None:
            if found is not None:
                return None
            found = node
        elif not is_space(node):
            return None
    return found


def core(node: Node) -> Node:
    """Return the operator that a node embellishes, or else what its scripts stand at; nothing for a group."""
    while node.name in _FIRST_CHILD and (first := node.child(0)) is not None:
        node = first
    return core_operator(node) or (Node("mrow") if node.name in _TRANSPARENT else node)


def operator_of(node: Node, forms: tuple[str, ...] = FORMS) -> Operator | None:
    """Return what MathJax knows of an operator; None for everything else."""
    return find_operator(node.text, forms) if node.name == "mo" else None


def given_forms(node: Node, forms: tuple[str, ...]) -> tuple[str, ...]:
    """Return forms of an operator in the order to look them up: the one it was given comes first."""
    form = node.attributes.get("form")
    return (str(form), *(other for other in forms if other != form)) if form else forms


def class_of(node: Node) -> str | None:
    """Return the class of a node while it is read, when it isn't known what stands around it."""
    if node.texclass is not None:
        return node.texclass
    if node.name == "mo":
        operator = find_operator(node.text, given_forms(node, ("infix", "prefix", "postfix")))
        return operator.texclass if operator else "REL"
    return "ORD" if node.name in {"mi", "TeXAtom", "mtable", "msqrt", "menclose"} else None
