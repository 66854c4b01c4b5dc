"""Spaces, rules, and boxes that take up another size than what is in them."""

from cardwright.source.formulas.items import Nonscript, Position
from cardwright.source.formulas.lengths import em
from cardwright.source.formulas.nodes import Node, make
from cardwright.source.formulas.operators import Value
from cardwright.source.formulas.reader import Handler, Reader
from cardwright.source.formulas.tex_text import strip_tex

# In em.
_SPACES = {
    ",": 3 / 18, ":": 4 / 18, ">": 4 / 18, ";": 5 / 18, "!": -3 / 18, "thinspace": 3 / 18,
    "negthinspace": -3 / 18, "negmedspace": -4 / 18, "negthickspace": -5 / 18, "enspace": 0.5, "quad": 1,
    "qquad": 2,
}  # fmt: skip


def _space(width: float) -> Handler:
    def handle(reader: Reader, _name: str) -> None:
        reader.push(make("mstyle", make("mspace", width=em(width)), scriptlevel=0))

    return handle


def _tie(reader: Reader, _name: str) -> None:
    reader.push(reader.token("mtext", "\u00a0"))


def _skip(reader: Reader, name: str) -> None:
    reader.push(make("mspace", width=reader.length(name)))


def _nonscript(reader: Reader, _name: str) -> None:
    reader.push(Nonscript())


def _rule(reader: Reader, name: str) -> None:
    raised = reader.brackets()
    width, height = reader.length(name), reader.length(name)
    node = make("mspace", width=width, height=height, mathbackground=reader.environment.color or "black")
    if raised:
        node = make("mpadded", node, voffset=raised)
        if raised.startswith("-"):
            node.set({"height": raised, "depth": f"+{raised[1:]}"})
        else:
            node.set({"height": f"+{raised}"})
    reader.push(node)


def _rule_with_depth(reader: Reader, name: str) -> None:
    width, height, depth = (reader.length(name) for _ in range(3))
    node = make("mspace", width=width, height=height, depth=depth)
    if name == "\\Rule":
        node.attributes["mathbackground"] = reader.environment.color or "black"
    reader.push(node)


def _strut(reader: Reader, _name: str) -> None:
    reader.push(make("mpadded", Node("mrow"), height="8.6pt", depth="3pt", width=0))


def _phantom(**size: Value) -> Handler:
    """Return what takes up room without being seen. size: what of it counts as nothing."""

    def handle(reader: Reader, name: str) -> None:
        node = make("mphantom", *reader.argument(name))
        reader.push(make("TeXAtom", make("mpadded", node, **size) if size else node))

    return handle


def _smash(reader: Reader, name: str) -> None:
    side = strip_tex(reader.brackets("") or "")
    node = make("mpadded", *reader.argument(name))
    if side != "b":
        node.attributes["height"] = 0
    if side != "t":
        node.attributes["depth"] = 0
    reader.push(make("TeXAtom", node))


def _lap(**shift: Value) -> Handler:
    def handle(reader: Reader, name: str) -> None:
        reader.push(make("TeXAtom", make("mpadded", *reader.argument(name), width=0, **shift)))

    return handle


def _raise(reader: Reader, name: str) -> None:
    length = reader.length(name)
    rises = (name == "\\raise") != length.startswith("-")
    length = length.removeprefix("-")
    up, down = (f"+{length}", f"-{length}") if rises else (f"-{length}", f"+{length}")
    reader.push(Position(name=name, up=up, down=down))


def _move(reader: Reader, name: str) -> None:
    there = reader.length(name)
    back = there[1:] if there.startswith("-") else f"-{there}"
    if name == "\\moveleft":
        there, back = back, there
    reader.push(Position(name=name, spaces=(make("mspace", width=there), make("mspace", width=back))))


HANDLERS: dict[str, Handler] = {
    **{f"\\{name}": _space(width) for name, width in _SPACES.items()},
    **dict.fromkeys(("\\space", "\\nobreakspace", "\\\u00a0"), _tie),
    **dict.fromkeys(("\\hskip", "\\hspace", "\\kern", "\\mskip", "\\mspace", "\\mkern"), _skip),
    "\\nonscript": _nonscript,
    "\\rule": _rule,
    "\\Rule": _rule_with_depth,
    "\\Space": _rule_with_depth,
    "\\strut": _strut,
    "\\phantom": _phantom(),
    "\\vphantom": _phantom(width=0),
    "\\hphantom": _phantom(height=0, depth=0),
    "\\smash": _smash,
    "\\llap": _lap(lspace="-1width"),
    "\\rlap": _lap(),
    "\\raise": _raise,
    "\\lower": _raise,
    "\\moveleft": _move,
    "\\moveright": _move,
}
