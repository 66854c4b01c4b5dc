"""Fractions, roots, accents, delimiters, functions, and what stands above and below something."""

import re
from dataclasses import replace

from cardwright.source.formulas.items import (
    Closer,
    Dots,
    Function,
    Left,
    Middle,
    Not,
    Over,
    Right,
    UnreadableTex,
    big,
    fixed_fence,
)
from cardwright.source.formulas.nodes import (
    LIMITS,
    SCRIPTS,
    Node,
    class_of,
    core,
    core_operator,
    make,
    operator_of,
    row,
)
from cardwright.source.formulas.operators import Value
from cardwright.source.formulas.reader import Handler, Reader
from cardwright.source.formulas.tex_text import strip_tex

# Functions


def _function(reader: Reader, name: str) -> None:
    item = Function()
    item.nodes.append(reader.token("mi", name[1:], {"texclass": "OP"}))
    reader.push(item)


def _limit_function(text: str) -> Handler:
    def handle(reader: Reader, _name: str) -> None:
        properties: dict[str, Value] = {"movablelimits": True, "move_scripts": True}
        reader.push(reader.token("mo", text, {**properties, "form": "prefix", "texclass": "OP"}))

    return handle


def _operator_name(reader: Reader, name: str) -> None:
    star = reader.has_star()
    environment = replace(reader.environment, font="normal", letters="[-*a-zA-Z]+", operator_letters=True)
    nodes = reader.part(strip_tex(reader.raw_argument(name)), environment)
    node = nodes[0] if len(nodes) == 1 and nodes[0].name == "mi" else make("TeXAtom", *nodes)
    node.set({"move_scripts": star, "movablelimits": True, "texclass": "OP"})
    if not star and reader.next_character() == "\\":
        start = reader.position
        reader.position += 1
        if reader.macro_name() != "\\limits":
            reader.position = start
    reader.push(node)


def _limits(above: bool) -> Handler:
    """Return what decides whether scripts stand above and below an operator, or beside it."""

    def handle(reader: Reader, name: str) -> None:
        nodes = reader.top.nodes
        operator = nodes[-1] if nodes else None
        if operator is None or (class_of(core(operator)) != "OP" and operator.move_scripts is None):
            raise UnreadableTex(f"`{name}` doesn't follow an operator")
        changed = "msubsup" if operator.name in LIMITS and not above else ""
        changed = "munderover" if operator.name in SCRIPTS and above else changed
        if changed:
            # MathJax puts the new one in place of the first node, which is another one in a longer row.
            operator = nodes[0] = Node(changed, list(operator.children))
        operator.move_scripts = above
        core(operator).set({"movablelimits": False})
        if operator.attributes.get("movablelimits") or operator.movable_limits:
            operator.set({"movablelimits": False})

    return handle


def _not(reader: Reader, _name: str) -> None:
    reader.push(Not())


def _dots(reader: Reader, _name: str) -> None:
    reader.push(Dots(bold=reader.environment.bold))


def _integrals(reader: Reader, name: str) -> None:
    """Read `\\idotsint`, which keeps its parts together if limits follow."""
    start, following = reader.position, ""
    if reader.next_character() == "\\":
        following = reader.raw_argument(name)
    reader.position = start
    integrals = "\\int\\cdots\\int"
    reader.expand(f"\\!\\!\\mathop{{\\,\\,{integrals}}} " if following == "\\limits" else f"{integrals} ")


# Fractions and roots


def _fraction(
    opening: str | None = None,
    closing: str | None = None,
    thickness: str | None = None,
    style: str | None = None,
) -> Handler:
    """Return a fraction; what isn't given is an argument. style: empty, or 0 to 3 from display to tiny."""

    def handle(reader: Reader, name: str) -> None:
        left = reader.delimiter_argument(name) if opening is None else opening
        right = reader.delimiter_argument(name) if closing is None else closing
        line = reader.raw_argument(name) if thickness is None else thickness
        level = strip_tex(reader.raw_argument(name)) if style is None else style
        fraction = make("mfrac", row(reader.argument(name)), row(reader.argument(name)))
        if line:
            fraction.attributes["linethickness"] = line
        if left or right:
            fraction = fixed_fence(left, fraction, right)
        if level:
            digit = re.match("[0-3]", level)
            if digit is None:
                raise UnreadableTex(f"`{name}` has a style other than 0 to 3")
            number = int(digit[0])
            fraction = make("mstyle", fraction, displaystyle=number == 0, scriptlevel=max(0, number - 1))
        reader.push(fraction)

    return handle


def _continued_fraction(reader: Reader, name: str) -> None:
    align = {"l": "left", "r": "right", "": ""}.get(strip_tex(reader.brackets("") or ""))
    parts = [f"\\strut\\textstyle{{{reader.raw_argument(name)}}}" for _ in range(2)]
    fraction = make("mfrac", *(row(reader.part(part)) for part in parts))
    if align is None:
        raise UnreadableTex(f"`{name}` is aligned by l or r")
    if align:
        fraction.set({"numalign": align, "denomalign": align})
    reader.push(fraction)


def _over(delimiters: tuple[str, str] | None = None) -> Handler:
    def handle(reader: Reader, name: str) -> None:
        around = delimiters
        if name.endswith("withdelims"):
            around = reader.delimiter(name), reader.delimiter(name)
        thickness: str | int | None = 0 if delimiters or name.startswith("\\atop") else None
        if name.startswith("\\above"):
            thickness = reader.length(name)
        reader.push(Over(name=name, thickness=thickness, delimiters=around))

    return handle


def _root(reader: Reader, name: str) -> None:
    index = reader.brackets() if name == "\\sqrt" else reader.up_to(name, "\\of")
    argument = reader.raw_argument(name)
    if name == "\\sqrt" and argument == "\\frac":
        argument += f"{{{reader.raw_argument(argument)}}}{{{reader.raw_argument(argument)}}}"
    nodes = reader.part(argument)
    if name == "\\sqrt" and not index:
        reader.push(make("msqrt", *nodes))
    else:
        reader.push(make("mroot", row(nodes), _root_index(reader, index or "")))


def _root_index(reader: Reader, text: str) -> Node:
    environment = replace(reader.environment, in_root=True)
    nodes, shifts = reader.part_with_shifts(text, environment)
    if not shifts:
        return row(nodes)
    size: dict[str, Value] = {}
    if left := shifts.get("\\leftroot"):
        size["width"] = left
    if up := shifts.get("\\uproot"):
        size.update(voffset=up, height=up)
    return make("mpadded", *nodes, **size)


def _shift_root(reader: Reader, name: str) -> None:
    if not reader.environment.in_root or name in reader.shifts:
        raise UnreadableTex(f"`{name}` stands once within the index of a root")
    number = re.match(r"\s*([-+]?\d+)", reader.raw_argument(name))
    if number is None:
        raise UnreadableTex(f"`{name}` needs a whole number")
    shift = f"{int(number[1]) / 15!r}em".replace(".0em", "em")
    reader.shifts[name] = shift if shift.startswith("-") else f"+{shift}"


# Above and below


def _accent(character: str, *, wide: bool = False) -> Handler:
    def handle(reader: Reader, name: str) -> None:
        base = row(reader.argument(name))
        accent = reader.token("mo", character, {**reader.font_attributes(), "accent": True, "stretchy": wide})
        inner = core_operator(base) or base
        if inner.name == "mo" or inner.movable_limits:
            inner.set({"movablelimits": False})
        reader.push(make("TeXAtom", make("munderover", base, None, accent)))

    return handle


def _stretched(character: str, *, is_operator: bool = False) -> Handler:
    def handle(reader: Reader, name: str) -> None:
        script = reader.token("mo", character, {"stretchy": True, "accent": True})
        base = row(reader.argument(name))
        reader.push(above_or_below(base, script, above=name[1] == "o", is_operator=is_operator))

    return handle


def above_or_below(base: Node, script: Node, *, above: bool, is_operator: bool = False) -> Node:
    """Return a node with another above or below it. is_operator: scripts will stand above and below both."""
    keep_limits(base)
    if base.name in LIMITS and (operator := core_operator(base)):
        operator.set({"lspace": 0, "rspace": 0})
        base = make("mrow", make("mo", rspace=0), base)
    node = make("munderover", base)
    node.put(2 if above else 1, script)
    if is_operator:
        node = make("TeXAtom", node, texclass="OP", move_scripts=True)
    node.takes_scripts = True
    return node


def keep_limits(base: Node) -> None:
    """Let the limits of an operator stand above and below it although something else does, too."""
    operator = operator_of(base)
    if base.movable_limits or (operator and operator.attributes.get("movablelimits")):
        base.set({"movablelimits": False})


def _set(reader: Reader, name: str) -> None:
    """Read `\\overset`, `\\underset` and `\\overunderset`."""
    scripts = [row(reader.argument(name)) for _ in range(2 if name == "\\overunderset" else 1)]
    base = row(reader.argument(name))
    keep_limits(base)
    for script in scripts:
        if script.name == "mo":
            script.attributes["accent"] = False
    if name == "\\overset":
        reader.push(make("mover", base, *scripts))
    elif name == "\\underset":
        reader.push(make("munder", base, *scripts, accentunder=False))
    else:
        reader.push(make("munderover", base, *reversed(scripts), accent=False, accentunder=False))


def _build_relation(reader: Reader, name: str) -> None:
    above = row(reader.part(reader.up_to(name, "\\over")))
    base = row(reader.argument(name))
    reader.push(make("TeXAtom", make("munderover", base, None, above), texclass="REL"))


def _side_set(reader: Reader, name: str) -> None:
    """Put scripts around an operator whose limits stand above and below it."""
    before, rest_before = _split_scripts(reader.argument(name))
    after, rest_after = _split_scripts(reader.argument(name))
    nodes = reader.argument(name)
    base = node = row(nodes)
    if before and rest_before:
        before.put(0, make("mphantom", make("mpadded", copy_node(base), width=0)))
    elif before:
        node = make("mmultiscripts", base)
        if after:
            node.children += _both_scripts(after)
        node.script_align = "left"
        node.children += [Node("mprescripts"), *_both_scripts(before)]
    if after and node is base:
        after.put(0, base)
        node = after
    inner = nodes if node is base else [node]
    parts = [*([before] if before and rest_before else []), *rest_before, *inner, *rest_after]
    reader.push(make("TeXAtom", *parts, texclass="OP", move_scripts=True, movablelimits=True))


def _split_scripts(nodes: list[Node]) -> tuple[Node | None, list[Node]]:
    """Return scripts that stand at nothing, and what follows them."""
    if nodes and nodes[0].name in SCRIPTS and (base := nodes[0].child(0)) and base.name == "mi":
        return (nodes[0], nodes[1:]) if base.text == "" else (None, nodes)
    return None, nodes


def _both_scripts(node: Node) -> list[Node | None]:
    return [node.child(1) or Node("none"), node.child(2) or Node("none")]


def copy_node(node: Node) -> Node:
    """Return a node and all that is in it once more."""
    children = [copy_node(child) if child else None for child in node.children]
    return replace(node, children=children, attributes=dict(node.attributes), inherited={})


# Delimiters and classes


def _left(reader: Reader, name: str) -> None:
    reader.push(Left(delimiter=reader.delimiter(name)))


def _close_fence(kind: type[Right] | type[Middle]) -> Handler:
    def handle(reader: Reader, name: str) -> None:
        item: Closer = kind(delimiter=reader.delimiter(name), color=reader.environment.color)
        reader.push(item)

    return handle


def _big(size: str, texclass: str) -> Handler:
    def handle(reader: Reader, name: str) -> None:
        node = big(reader.delimiter(name, braces=True), size, texclass)
        if operator := core_operator(node):
            operator.bold = reader.environment.bold
        reader.push(node)

    return handle


def _atom(texclass: str) -> Handler:
    def handle(reader: Reader, name: str) -> None:
        reader.push(make("TeXAtom", *reader.argument(name), texclass=texclass))

    return handle


def _operator_atom(reader: Reader, name: str) -> None:
    argument = reader.raw_argument(name)
    properties: dict[str, Value] = {"texclass": "OP", "move_scripts": True, "movablelimits": True}
    if upright := re.match(r"\s*\\rm\s+([a-zA-Z0-9 ]+)$", argument):
        node = reader.token("mi", upright[1], {**properties, "mathvariant": "normal"})
    else:
        node = make("TeXAtom", *reader.part(argument), **properties)
    item = Function()
    item.nodes.append(node)
    reader.push(item)


def _by_style(reader: Reader, name: str) -> None:
    reader.push(make("MathChoice", *(row(reader.argument(name)) for _ in range(4))))


_FUNCTIONS = """
    arcsin arccos arctan arg cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin sinh tan tanh
"""
_LIMIT_FUNCTIONS = {
    **{name: name for name in ("det", "gcd", "inf", "lim", "max", "min", "Pr", "sup")},
    "liminf": "lim\u2006inf",
    "limsup": "lim\u2006sup",
    "injlim": "inj\u2006lim",
    "projlim": "proj\u2006lim",
}
_ACCENTS = {
    "acute": "\u00b4", "grave": "`", "ddot": "\u00a8", "tilde": "~", "bar": "\u00af", "breve": "\u02d8",
    "check": "\u02c7", "hat": "^", "vec": "\u2192", "dot": "\u02d9", "mathring": "\u02da",
    "dddot": "\u20db", "ddddot": "\u20dc",
}  # fmt: skip
_STRETCHED = {
    "line": "\u2015", "paren": "", "rightarrow": "\u2192", "leftarrow": "\u2190",
    "leftrightarrow": "\u2194",
}  # fmt: skip
_CLASSES = ("ord", "open", "close", "bin", "rel", "punct", "inner")
_SIZES = ("big", "Big", "bigg", "Bigg")
_SIDES = {"": "ORD", "l": "OPEN", "r": "CLOSE", "m": "REL"}

HANDLERS: dict[str, Handler] = {
    **{f"\\{name}": _function for name in _FUNCTIONS.split()},
    **{f"\\{name}": _limit_function(text) for name, text in _LIMIT_FUNCTIONS.items()},
    "\\operatorname": _operator_name,
    "\\limits": _limits(above=True),
    "\\nolimits": _limits(above=False),
    "\\not": _not,
    "\\dots": _dots,
    "\\idotsint": _integrals,
    "\\frac": _fraction("", "", "", ""),
    "\\dfrac": _fraction("", "", "", "0"),
    "\\tfrac": _fraction("", "", "", "1"),
    "\\binom": _fraction("(", ")", "0", ""),
    "\\dbinom": _fraction("(", ")", "0", "0"),
    "\\tbinom": _fraction("(", ")", "0", "1"),
    "\\genfrac": _fraction(),
    "\\cfrac": _continued_fraction,
    **{f"\\{name}{end}": _over() for name in ("over", "atop", "above") for end in ("", "withdelims")},
    "\\brace": _over(("{", "}")),
    "\\brack": _over(("[", "]")),
    "\\choose": _over(("(", ")")),
    "\\sqrt": _root,
    "\\root": _root,
    "\\uproot": _shift_root,
    "\\leftroot": _shift_root,
    **{f"\\{name}": _accent(character) for name, character in _ACCENTS.items()},
    "\\widetilde": _accent("~", wide=True),
    "\\widehat": _accent("^", wide=True),
    **{
        f"\\{side}{name}": _stretched(character or ("\u23dc" if side == "over" else "\u23dd"))
        for side in ("over", "under")
        for name, character in _STRETCHED.items()
    },
    "\\overbrace": _stretched("\u23de", is_operator=True),
    "\\underbrace": _stretched("\u23df", is_operator=True),
    "\\overset": _set,
    "\\underset": _set,
    "\\overunderset": _set,
    "\\buildrel": _build_relation,
    "\\sideset": _side_set,
    "\\left": _left,
    "\\middle": _close_fence(Middle),
    "\\right": _close_fence(Right),
    **{f"\\{size}{end}": _big(size, texclass) for size in _SIZES for end, texclass in _SIDES.items()},
    **{f"\\math{name}": _atom(name.upper()) for name in _CLASSES},
    "\\vcenter": _atom("VCENTER"),
    "\\mathop": _operator_atom,
    "\\mathchoice": _by_style,
}
