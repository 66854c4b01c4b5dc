"""Macros of further packages: arrows with words, strikes, bras and kets, laps, relations with colons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from cardwright.source.formulas.expansions import expansion
from cardwright.source.formulas.items import KEPT, Close, Item, Over, UnreadableTex, fence, sign, token
from cardwright.source.formulas.lengths import em
from cardwright.source.formulas.nodes import Node, class_of, make
from cardwright.source.formulas.operators import Value
from cardwright.source.formulas.reader import Handler, Reader
from cardwright.source.formulas.structures import copy_node
from cardwright.source.formulas.text import read_words

# Arrows with words


def _arrow(character: str, left: int, right: int) -> Handler:
    """Return an arrow as long as what stands above and below it. left, right: what it is longer by, in mu."""
    size: dict[str, Value] = {"width": f"+{em((left + right) / 18)}", "lspace": em(left / 18)}

    def handle(reader: Reader, name: str) -> None:
        below = reader.brackets()
        above = reader.argument(name)
        arrow = make("mstyle", sign(character, stretchy=True, texclass="REL"), scriptlevel=0)
        node = make("munderover", arrow, takes_scripts=True)
        strut = make("mspace", depth=".25em")
        node.put(2, make("mpadded", *above, strut, voffset="-.2em", height="-.2em", **size))
        if below:
            strut = make("mspace", height=".75em")
            padded = make("mpadded", *reader.part(below), strut, voffset=".15em", depth="-.15em", **size)
            node.put(1, padded)
        reader.push(node)

    return handle


# By name: the sign, and what it is longer by at its left and right, in mu. Source: MathJax 3.2.2.
_ARROWS = {
    "xrightarrow": ("\u2192", 5, 10),
    "xleftarrow": ("\u2190", 10, 5),
    "xleftrightarrow": ("\u2194", 10, 10),
    "xLeftarrow": ("\u21d0", 12, 7),
    "xRightarrow": ("\u21d2", 7, 12),
    "xLeftrightarrow": ("\u21d4", 12, 12),
    "xhookleftarrow": ("\u21a9", 10, 5),
    "xhookrightarrow": ("\u21aa", 5, 10),
    "xmapsto": ("\u21a6", 10, 10),
    "xrightharpoondown": ("\u21c1", 5, 10),
    "xleftharpoondown": ("\u21bd", 10, 5),
    "xrightharpoonup": ("\u21c0", 5, 10),
    "xleftharpoonup": ("\u21bc", 10, 5),
    "xrightleftharpoons": ("\u21cc", 10, 10),
    "xleftrightharpoons": ("\u21cb", 10, 10),
    "xRightleftharpoons": ("\u21cc", 5, 7),
    "xLeftrightharpoons": ("\u21cc", 5, 7),
    "xtwoheadrightarrow": ("\u21a0", 12, 16),
    "xtwoheadleftarrow": ("\u219e", 17, 13),
    "xlongequal": ("=", 7, 7),
    "xtofrom": ("\u21c4", 12, 12),
}

# Strikes and frames


def _strike(notation: str) -> Handler:
    def handle(reader: Reader, name: str) -> None:
        reader.push(make("menclose", *reader.argument(name), notation=notation))

    return handle


def _cancel_to(reader: Reader, name: str) -> None:
    value = make("mpadded", *reader.argument(name), depth="-.1em", height="+.1em", voffset=".1em")
    notation = "updiagonalstrike updiagonalarrow northeastarrow"
    reader.push(make("msup", make("menclose", *reader.argument(name), notation=notation), value))


def _enclose(reader: Reader, name: str) -> None:
    notation = reader.raw_argument(name).replace(",", " ")
    reader.push(make("menclose", *reader.argument(name), notation=notation))


def _center_not(reader: Reader, name: str) -> None:
    """Strike a sign through its middle."""
    base = make("TeXAtom", *reader.argument(name))
    first = base.child(0)
    slash = make("mpadded", *reader.part("{\u29f8}"), width=0, lspace="-.5width")
    over = make("mpadded", slash, make("mphantom", copy_node(base)), width=0, lspace="-.5width")
    reader.push(make("TeXAtom", base, over, texclass=(class_of(first) if first else None) or "ORD"))


def _struck_arrow(character: str, raised: str) -> Handler:
    """Return a vertical arrow with a stroke. raised: by how much the stroke is."""

    def handle(reader: Reader, _name: str) -> None:
        stroke = make("mspace", height=".2em", depth=0, width=".4em")
        look: dict[str, Value] = {"data-thickness": ".05em", "data-padding": 0}
        struck = make("menclose", stroke, notation="updiagonalstrike", **look)
        struck = make("mpadded", struck, width=0, lspace="-.5width", voffset=raised)
        hidden = make("mphantom", token("mtext", character))
        over = make("mpadded", struck, hidden, width=0, lspace="-.5width")
        reader.push(make("TeXAtom", token("mtext", character), over, texclass="REL"))

    return handle


# Bras and kets


@dataclass(eq=False)
class Braket(Item):
    """What stands between two delimiters, with bars in it. bars: how many of them may stretch yet."""

    kind: ClassVar[str] = "braket"
    opens: ClassVar[bool] = True
    opening: str = ""
    closing: str = ""
    stretches: bool = False
    bars: float = 0
    is_single: bool = False

    def receive(self, arrival: Node | Item) -> Sequence[Node | Item] | None:
        """See Item."""
        if isinstance(arrival, Close):
            return [self._finished()]
        if isinstance(arrival, Node):
            self.nodes.append(arrival)
            return [self._finished()] if self.is_single else KEPT
        if isinstance(arrival, Over):
            arrival.numerator, self.nodes = self._finished(), []
            return None
        return super().receive(arrival)

    def _finished(self) -> Node:
        if self.stretches:
            return fence(self.opening, self.nodes, self.closing)
        look: dict[str, Value] = {"fence": True, "stretchy": False, "symmetric": True}
        first = sign(self.opening, texclass="OPEN", **look)
        return make(
            "mrow", first, *self.nodes, sign(self.closing, texclass="CLOSE", **look), texclass="INNER"
        )


def _braket(opening: str, closing: str, *, stretches: bool, bars: float) -> Handler:
    def handle(reader: Reader, name: str) -> None:
        first = reader.next_character()
        if not first:
            raise UnreadableTex(f"`{name}` needs an argument")
        reader.position += first == "{"
        reader.push(Braket([], opening, closing, stretches, bars, first != "{"))

    return handle


def _bar(reader: Reader, name: str) -> None:
    """Read `|` or `\\|`, which stretches between bras and kets."""
    bar = "|" if name == "|" else "\u2225"
    braket = reader.top
    if not isinstance(braket, Braket) or not braket.bars:
        reader.push(reader.token("mo", bar, {"texclass": "ORD", "stretchy": False}))
        return
    if bar == "|" and reader.next_character() == "|":
        reader.position += 1
        bar = "\u2225"
    if not braket.stretches:
        reader.push(reader.token("mo", bar, {"stretchy": False, "braketbar": True}))
        return
    braket.bars -= 1
    stretched = reader.token("mo", bar, {"stretchy": True, "braketbar": True})
    reader.push(make("TeXAtom", texclass="CLOSE"), stretched, make("TeXAtom", texclass="OPEN"))


# Laps and cramped styles

_STYLES: dict[str, tuple[bool, int]] = {
    "\\displaystyle": (True, 0),
    "\\textstyle": (False, 0),
    "\\scriptstyle": (False, 1),
    "\\scriptscriptstyle": (False, 2),
}
_LAPS: dict[str, dict[str, Value]] = {
    "l": {"width": 0, "lspace": "-1width"},
    "c": {"width": 0, "lspace": "-.5width"},
    "r": {"width": 0},
}


def _styled(nodes: Sequence[Node], style: str, *, is_cramped: bool) -> Node:
    node = make("mstyle", *nodes, **{"data-cramped": is_cramped})
    if style in _STYLES:
        node.attributes["displaystyle"], node.attributes["scriptlevel"] = _STYLES[style]
    return node


def _lap(side: str, *, is_cramped: bool = False) -> Handler:
    def handle(reader: Reader, name: str) -> None:
        style = (reader.brackets("") or "").strip()
        padded = make("mpadded", *reader.argument(name), **_LAPS[side])
        reader.push(make("TeXAtom", _styled([padded], style, is_cramped=is_cramped)))

    return handle


def _lap_words(side: str) -> Handler:
    def handle(reader: Reader, name: str) -> None:
        reader.push(make("mpadded", *read_words(reader, reader.raw_argument(name), level=0), **_LAPS[side]))

    return handle


def _cramped(reader: Reader, name: str) -> None:
    style = (reader.brackets("") or "").strip()
    reader.push(_styled(reader.argument(name), style, is_cramped=True))


# Relations with colons, and fractions over two lines


def _relation(*parts: str) -> Handler:
    """Return signs that are one relation; a colon is raised to the height of the others."""

    def handle(reader: Reader, _name: str) -> None:
        nodes: list[Node] = []
        for part in parts:
            if part == ":":
                size: dict[str, Value] = {"height": "+.04em", "depth": "-.04em", "width": "-.08em"}
                nodes.append(
                    make("mpadded", reader.token("mo", ":"), voffset=".04em", lspace="-.04em", **size)
                )
            elif part == "-":
                nodes.append(make("TeXAtom", *reader.part("-"), texclass="REL"))
            else:
                nodes += reader.part(part)
        reader.push(make("TeXAtom", *nodes, texclass="REL"))

    return handle


def _split_fraction(*, display: bool) -> Handler:
    def handle(reader: Reader, name: str) -> None:
        first, second = reader.argument(name), reader.argument(name)
        nothing, space = reader.token("mi", ""), reader.token("mspace", "", {"width": "1em"})
        above = make("mstyle", *first, nothing, space, scriptlevel=0)
        below = make("mstyle", copy_node(space), copy_node(nothing), *second, scriptlevel=0)
        fraction = make("mfrac", above, below, linethickness=0, numalign="left", denomalign="right")
        reader.push(make("mstyle", fraction, displaystyle=display, scriptlevel=0))

    return handle


_ANY = float("inf")

HANDLERS: dict[str, Handler] = {
    **{f"\\{name}": _arrow(*arrow) for name, arrow in _ARROWS.items()},
    "\\cancel": _strike("updiagonalstrike"),
    "\\bcancel": _strike("downdiagonalstrike"),
    "\\xcancel": _strike("updiagonalstrike downdiagonalstrike"),
    "\\cancelto": _cancel_to,
    "\\enclose": _enclose,
    "\\centernot": _center_not,
    "\\nuparrow": _struck_arrow("\u2191", ".06em"),
    "\\ndownarrow": _struck_arrow("\u2193", ".25em"),
    "\\bra": expansion("{\\langle {#1} \\vert}"),
    "\\ket": expansion("{\\vert {#1} \\rangle}"),
    "\\Bra": expansion("{\\left\\langle {#1} \\right\\vert}"),
    "\\Ket": expansion("{\\left\\vert {#1} \\right\\rangle}"),
    "\\ketbra": expansion("{\\vert {#1} \\rangle\\langle {#2} \\vert}"),
    "\\Ketbra": expansion("{\\left\\vert {#1} \\right\\rangle\\left\\langle {#2} \\right\\vert}"),
    "\\braket": _braket("\u27e8", "\u27e9", stretches=False, bars=_ANY),
    "\\Braket": _braket("\u27e8", "\u27e9", stretches=True, bars=_ANY),
    "\\set": _braket("{", "}", stretches=False, bars=1),
    "\\Set": _braket("{", "}", stretches=True, bars=1),
    "|": _bar,
    "\\|": _bar,
    **{f"\\math{side}lap": _lap(side) for side in _LAPS},
    **{f"\\cramped{side}lap": _lap(side, is_cramped=True) for side in _LAPS},
    **{f"\\text{side}lap": _lap_words(side) for side in _LAPS},
    "\\clap": _lap_words("c"),
    "\\cramped": _cramped,
    "\\coloneqq": _relation(":", "="),
    "\\Coloneqq": _relation(":", ":", "="),
    "\\coloneq": _relation(":", "-"),
    "\\Coloneq": _relation(":", ":", "-"),
    "\\eqqcolon": _relation("=", ":"),
    "\\Eqqcolon": _relation("=", ":", ":"),
    "\\eqcolon": _relation("-", ":"),
    "\\Eqcolon": _relation("-", ":", ":"),
    "\\colonapprox": _relation(":", "\\approx"),
    "\\Colonapprox": _relation(":", ":", "\\approx"),
    "\\colonsim": _relation(":", "\\sim"),
    "\\Colonsim": _relation(":", ":", "\\sim"),
    "\\dblcolon": _relation(":", ":"),
    "\\bigtimes": expansion("\\mathop{\\Large\\kern-.1em\\boldsymbol{\\times}\\kern-.1em}"),
    "\\splitfrac": _split_fraction(display=False),
    "\\splitdfrac": _split_fraction(display=True),
}
