"""What MathML leaves to who sets it: the size of each part of a formula, its class, and the space before it.

TeX spaces the parts of a formula by their classes (The TeXbook, chapter 18). MathJax computes them from
MathML again, with rules of its own for functions and for signs at the end of a row; so does this module.
Source: MathJax 3.2.2, ts/core/MmlTree/.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cardwright.source.formulas.operators import FORMS, class_of, find_operator
from cardwright.source.formulas.tree import Element

_THIN, _MEDIUM, _THICK = 3 / 18, 4 / 18, 5 / 18
_CLASSES = ("ORD", "OP", "BIN", "REL", "OPEN", "CLOSE", "PUNCT", "INNER")
# The spaces between two classes, in rows by the first; those in capitals also in scripts.
_SPACES = (
    ".Tmh...t",
    "TT.h...t",
    "mm..m..m",
    "hh..h..h",
    "........",
    ".Tmh...t",
    "tt.ttttt",
    "tTmht.tt",
)
_WIDTHS = {".": 0.0, "t": _THIN, "T": _THIN, "m": _MEDIUM, "h": _THICK}
_FUNCTION = re.compile(r"[a-zA-Z][a-zA-Z0-9]*")
_LETTER = re.compile("[\ud800-\udbff]?.[\u0300-\u036f\u1ab0-\u1abe\u1dc0-\u1dff\u20d0-\u20ef]*", re.DOTALL)
# Elements that stand for what is in them, so that their class is its class.
_TRANSPARENT = frozenset({"mstyle", "mphantom", "mpadded", "menclose"})
_SPACE_ROWS = frozenset({"mrow", *_TRANSPARENT})
_ROWS = frozenset({"math", "mrow", "mtd", "msqrt", *_TRANSPARENT})
_SCRIPTS = frozenset({"msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts"})
_NAMED_LENGTHS = {
    f"{sign}{name}mathspace": factor * eighteenths / 18
    for sign, factor in (("", 1), ("negative", -1))
    for eighteenths, name in enumerate(
        ("veryverythin", "verythin", "thin", "medium", "thick", "verythick", "veryverythick"), start=1
    )
}
# MathJax takes an em for 16 pixels. Source: MathJax 3.2.2, ts/util/lengths.ts.
_EM_BY_UNIT = {
    "em": 1.0, "ex": 0.431, "mu": 1 / 18, "px": 1 / 16, "pt": 1 / 12, "pc": 1.0, "in": 6.0, "cm": 6 / 2.54,
    "mm": 6 / 25.4,
}  # fmt: skip
_LENGTH = re.compile(r"\s*([-+]?(?:\.\d+|\d+(?:\.\d*)?))(pt|em|ex|mu|px|mm|cm|in|pc|%)?\s*")


def length_in_em(text: str, default: float = 0.0) -> float:
    """Return a length of MathML in em. default: if there is none; a factor or a percentage is of it."""
    if text in _NAMED_LENGTHS:
        return _NAMED_LENGTHS[text]
    match = _LENGTH.match(text)
    if match is None:
        return default
    number = float(match[1])
    if match[2] is None:
        return number * default
    return number * default / 100 if match[2] == "%" else number * _EM_BY_UNIT[match[2]]


@dataclass(slots=True, eq=False)
class Part:
    """An element of a formula with what holds there.

    display: whether it is in displaystyle. level: 0 for text, 1 for scripts, 2 for scripts of scripts.
    cramped: whether superscripts are lower. size, colour, variant: as set by elements around it.
    texclass, previous, previous_level: its class, and that of what is before it; None if unknown.
    is_complete: whether all around it is known, so that `is_spacelike` and `core` are kept.
    """

    element: Element
    name: str
    parent: "Part | None"
    display: bool
    level: int
    cramped: bool
    size: float
    colour: str
    variant: str
    table: "Part | None" = None
    children: list["Part"] = field(default_factory=list)
    texclass: str | None = None
    previous: str | None = None
    previous_level: int = 0
    is_function: bool = False
    is_complete: bool = False
    _is_spacelike: bool = False
    _core: "Part | None" = None

    @property
    def is_atom(self) -> bool:
        """Return whether what is in it is spaced by itself."""
        return self.name == "mrow" and bool(self.element.get("data-mjx-texclass"))

    @property
    def is_whole(self) -> bool:
        """Return whether it is all of its formula."""
        above = self.parent
        return above is None or (len(above.children) == 1 and above.is_whole)

    @property
    def is_spacelike(self) -> bool:
        """Return whether MathML takes it for space."""
        if self.is_complete:
            return self._is_spacelike
        if self.name in _SPACE_ROWS:
            return all(child.is_spacelike for child in self.children)
        return self.name in ("mtext", "mspace")

    @property
    def width_of_space(self) -> float | None:
        """Return the width in em of a space without height and colour; None if it is something else."""
        if self.name == "mstyle" and len(self.children) == 1 and len(self.element.attributes) == 1:
            return self.children[0].width_of_space if self.element.get("scriptlevel") else None
        is_plain = self.name == "mspace" and [name for name, _ in self.element.attributes] == ["width"]
        return length_in_em(self.element.get("width")) if is_plain else None

    @property
    def core(self) -> "Part | None":
        """Return the operator that it is, with whatever stands around; None if it is something else."""
        if self.is_complete:
            return self._core
        if self.name == "mo":
            return self
        if (self.name in _SCRIPTS or self.name == "mfrac") and self.children:
            return self.children[0].core
        if self.name in _ROWS and self.name != "msqrt":
            solid = [child for child in self.children if not child.is_spacelike]
            return solid[0].core if len(solid) == 1 else None
        return None

    def attribute(self, name: str) -> str:
        """Return an attribute of an operator, also one that it has by its sign."""
        value = self.element.get(name)
        if value or self.name != "mo":
            return value
        operator = find_operator(self.element.text, _forms(self))
        if operator is None or name not in operator.attributes:
            return ""
        return str(operator.attributes[name]).lower()

    def complete(self) -> None:
        """Keep what it is for itself and all in it, whose children are known now."""
        for child in self.children:
            child.complete()
        self._is_spacelike, self._core, self.is_complete = self.is_spacelike, self.core, True


def make_parts(root: Element, *, display: bool) -> Part:
    """Return the parts of a formula. root: its `math` element."""
    part = Part(root, root.name, None, display, 0, cramped=False, size=1.0, colour="", variant="")
    _add_children(part)
    part.complete()
    _classify_row(part, None)
    return part


def _add_children(part: Part) -> None:
    for index, child in enumerate(part.element.children):
        display, level, cramped = _style_of_child(part, index)
        size, colour, variant = part.size, part.colour, part.variant
        if child.name == "mstyle":
            size = length_in_em(child.get("mathsize"), 1.0) if child.get("mathsize") else size
            variant = child.get("mathvariant") or variant
            if script := child.get("scriptlevel"):
                level = level + int(script) if script[0] in "+-" else int(script)
            if style := child.get("displaystyle"):
                display, cramped = style == "true", False
        elif child.get("mathsize"):
            size = length_in_em(child.get("mathsize"), 1.0)
        elif child.name == "mtable":
            display = child.get("displaystyle") == "true"
            level = max(level, 1) if child.get("data-mjx-smallmatrix") else level
        colour = child.get("mathcolor") or colour
        table = part if part.name == "mtable" else part.table
        inner = Part(child, child.name, part, display, level, cramped, size, colour, variant, table)
        part.children.append(inner)
        _add_children(inner)
        if part.name in _SCRIPTS and index > 0 and _is_accent(part, inner):
            _restyle(inner, part.display, part.level)


def _style_of_child(part: Part, index: int) -> tuple[bool, int, bool]:
    if part.name == "mfrac":
        return False, part.level + (not part.display or part.level > 0), part.cramped or index == 1
    if part.name == "mroot" and index == 1:
        return False, part.level + 2, part.cramped
    if part.name in _SCRIPTS and index > 0:
        is_sub = index % 2 == 1 and part.name not in ("msup", "mover")
        is_accent = part.element.get("accentunder" if is_sub else "accent") == "true"
        return False, part.level + (not is_accent), part.cramped or is_sub
    if part.name in ("msqrt", "mroot", "mover", "munderover"):
        return part.display, part.level, True
    return part.display, part.level, part.cramped


def _is_accent(scripts: Part, script: Part) -> bool:
    return (
        scripts.name in ("mover", "munder", "munderover")
        and (core := script.core) is not None
        and core.attribute("accent") == "true"
    )


def _restyle(part: Part, display: bool, level: int) -> None:
    part.display, part.level = display, level
    part.children.clear()
    _add_children(part)


def _classify_row(row: Part, previous: Part | None) -> Part | None:
    for child in row.children:
        previous = _classify(child, previous)
    return previous


def _classify(part: Part, previous: Part | None) -> Part | None:
    """Find the class of a part and of all within; return what the next part is spaced from."""
    own = part.element.get("data-mjx-texclass")
    if part.name == "mspace":
        part.texclass = "NONE"
        return previous
    if part.name == "mo":
        return _classify_operator(part, previous, own)
    if part.is_atom:
        _classify_row(part, None)
        part.texclass = "ORD" if own == "VCENTER" else own
        return _adjust(part, previous)
    if part.name == "mrow" or part.name in _TRANSPARENT:
        last = _classify_row(part, previous)
        if part.children:
            _take_over(part, part.children[0])
        return last
    _take_previous(part, previous)
    if part.name in _SCRIPTS and part.children:
        return _classify_scripts(part, previous)
    part.texclass = own or "ORD"
    if not own and _is_function_name(part) and part.element.get("data-mjx-auto-op") != "false":
        part.texclass, part.is_function = "OP", True
    if part.name in ("msqrt", "mtd"):
        _classify_row(part, None)
    else:
        for child in part.children:
            _classify(child, None)
    return part


def _classify_scripts(part: Part, previous: Part | None) -> Part | None:
    """Find the classes of a base and its scripts; a sign or a letter keeps its own."""
    base, *scripts = part.children
    result: Part | None = part
    part.texclass = "ORD"
    if part.core is not None or base.name == "mi":
        result = _classify(base, previous)
        _take_over(part, base)
    else:
        _classify(base, None)
    for script in scripts:
        _classify(script, None)
    return result


def _classify_operator(part: Part, previous: Part | None, own: str) -> Part | None:
    operator = find_operator(part.element.text, _forms(part))
    part.texclass = own or (operator.texclass if operator else class_of(part.element.text) or "REL")
    if part.texclass == "VCENTER":
        part.texclass = "ORD"
    if not own and (part.element.get("lspace") or part.element.get("rspace")):
        return None
    return _adjust(part, previous)


def _adjust(part: Part, previous: Part | None) -> Part | None:
    """Turn a binary sign that has nothing to bind into an ordinary one."""
    if part.texclass == "NONE":
        return previous
    if previous is None:
        part.previous = "NONE"
    else:
        if previous.is_function and part.texclass in ("BIN", "REL"):
            previous.texclass = "ORD"
        part.previous, part.previous_level = previous.texclass or "ORD", part.level
    if part.texclass == "BIN" and part.previous in ("NONE", "BIN", "OP", "REL", "OPEN", "PUNCT"):
        part.texclass = "ORD"
    elif part.previous == "BIN" and part.texclass in ("REL", "CLOSE", "PUNCT"):
        assert previous is not None
        previous.texclass = part.previous = "ORD"
    elif part.texclass == "BIN" and _is_last(part):
        part.texclass = "ORD"
    return part


def _is_last(part: Part) -> bool:
    child, parent = part, part.parent
    while (
        parent is not None
        and parent.parent is not None
        and parent.core is not None
        and (len(parent.children) == 1 or (parent.name in _SCRIPTS and parent.children[0] is child))
    ):
        child, parent = parent, parent.parent
    return parent is not None and parent.children[-1] is child


def _take_previous(part: Part, previous: Part | None) -> None:
    if previous is not None:
        part.previous, part.previous_level = previous.texclass, previous.level


def _take_over(part: Part, core: Part) -> None:
    """Let an element have the space that its core would have."""
    part.texclass, part.previous, part.previous_level = core.texclass, core.previous, core.previous_level
    core.previous = None


def _is_function_name(part: Part) -> bool:
    text = part.element.text
    return (
        part.name == "mi"
        and len(text) > 1
        and _FUNCTION.fullmatch(text) is not None
        and (part.element.get("mathvariant") or part.variant or "normal") == "normal"
    )


def variant_of(part: Part) -> str:
    """Return in what letters a token is set: MathML's words for them, or MathJax's."""
    variant = part.element.get("data-mjx-variant") or part.element.get("mathvariant") or part.variant
    if not variant and part.name == "mi" and _LETTER.fullmatch(part.element.text):
        return "italic"
    return variant or "normal"


def _forms(part: Part) -> tuple[str, ...]:
    """Return the forms of an operator, the likeliest first. Source: MathML 3, 3.2.5.7."""
    core, parent = part, part.parent
    while parent is not None and parent.core is not None and parent.name != "math":
        core, parent = parent, parent.parent
    forms: tuple[str, ...] = ("infix", "prefix", "postfix")
    if parent is not None and parent.name in _ROWS:
        solid = [child for child in parent.children if not child.is_spacelike] or [core]
        if len(parent.element.children) > 1 and solid[0] is core:
            forms = ("prefix", "infix", "postfix")
        elif len(parent.element.children) > 1 and solid[-1] is core:
            forms = ("postfix", "infix", "prefix")
    own = part.element.get("form")
    return (own, *(form for form in forms if form != own)) if own in FORMS else forms


def _spaces(part: Part) -> tuple[float, float]:
    """Return the space before and after a part, in em."""
    core = part.core
    is_top = core is not None and (part.parent is None or part.parent.core is None)
    if core is not None and (core.element.get("lspace") or core.element.get("rspace")):
        if not is_top:
            return 0.0, 0.0
        before, after = (
            max(0.0, length_in_em(core.element.get(name), 0.0)) if core.element.get(name) else _THICK
            for name in ("lspace", "rspace")
        )
        return before, after
    if part.previous in (None, "NONE") or part.texclass in (None, "NONE"):
        return 0.0, 0.0
    code = _SPACES[_CLASSES.index(part.previous or "")][_CLASSES.index(part.texclass or "")]
    if (part.previous_level > 0 or part.level > 0) and code.islower():
        return 0.0, 0.0
    return _WIDTHS[code], 0.0


def gaps_between(parts: Sequence[Part], widths: Sequence[float | None]) -> list[float]:
    """Return the spaces before, between and after the parts of a row that aren't spaces themselves, in em.

    widths: of each part if it is a space, which is added to those that the signs beside it have.
    """
    spaces = [(0.0, 0.0), *map(_spaces, parts), (0.0, 0.0)]
    gaps = [0.0]
    for (_, after), (before, _), width in zip(spaces[:-1], spaces[1:], [None, *widths], strict=True):
        gap = max(after, before)
        gaps[-1:] = [gaps[-1], gap] if width is None else [gaps[-1] + width + gap]
    return [round(gap, 4) for gap in gaps[1:]]
