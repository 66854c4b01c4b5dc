"""From MathML to the steps that formula.typ follows; loaded with the first formula.

Each step makes one piece of the formula of those that were made before it, the `n` last ones, so that neither
this module nor the template calls itself more often however deep a formula is nested.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cardwright.collection.colour import BLACK, WHITE, Colour, make_readable, to_hex
from cardwright.formats.pdf.formula_classes import Part, gaps_between, length_in_em, make_parts, variant_of
from cardwright.formats.pdf.formula_letters import letters
from cardwright.formats.pdf.nodes import Json, Nodes
from cardwright.source.css import parse_colour
from cardwright.source.formulas.tree import Element

# Signs above and below, and the combining ones that Typst sets as accents.
_ACCENTS = {
    "^": "\u0302", "\u02c6": "\u0302", "~": "\u0303", "\u02dc": "\u0303", "\u00af": "\u0304",
    "\u02c9": "\u0304",
    "\u02d8": "\u0306", "\u02d9": "\u0307", "\u00a8": "\u0308", "\u02da": "\u030a", "\u02c7": "\u030c",
    "\u00b4": "\u0301", "\u02ca": "\u0301", "`": "\u0300", "\u02cb": "\u0300", "\u2192": "\u20d7",
    "\u2190": "\u20d6", "\u2194": "\u20e1", "\u20db": "\u20db", "\u20dc": "\u20dc", "\u21c0": "\u20d1",
    "\u21bc": "\u20d0",
}  # fmt: skip
_LINES = frozenset("\u2015\u00af\u203e\u2013_\u0332\u0305\u2212-")
_BRACES = frozenset("\u23de\u23df\u23dc\u23dd\u23b4\u23b5\u23e0\u23e1")
_ARROWS = frozenset(
    "\u2190\u2192\u2194\u21d0\u21d2\u21d4\u21a4\u21a6\u21a9\u21aa\u21bc\u21bd\u21c0\u21c1\u21cb\u21cc\u219e\u21a0"
    "\u21c4\u21c6\u27f5\u27f6\u27f7\u27f8\u27f9\u27fa\u27fb\u27fc=\u2212-\u2261\u21da\u21db"
)
_UPRIGHT = frozenset(
    "()[]{}|/\\\u2016\u2223\u2225\u2191\u2193\u2195\u21d1\u21d3\u21d5\u2308\u2309\u230a\u230b\u23b0\u23b1\u23d0"
    "\u27e6\u27e7\u27e8\u27e9\u27ea\u27eb\u27ee\u27ef\u2329\u232a\u3008\u3009\u231c\u231d\u231e\u231f\u23aa\u2502"
)
_LIKE = {"\u2329": "\u27e8", "\u232a": "\u27e9", "\u3008": "\u27e8", "\u3009": "\u27e9", "\u2502": "\u2223"}
_SIZES = ("inline", "script", "sscript")
# Typst sets what is between fences twice, and follows 64 nested rules.
_MAX_LEVELS = 9
# How large letters of each size are. Source: the font New Computer Modern Math, MathConstants.
_SCALES = (1.0, 0.7, 0.5)
# Typst breaks a line after signs of these classes, which it doesn't find itself where there are our spaces.
_BREAKING = {"BIN": "binary", "REL": "relation"}
# Without: none of these is ink, and a font may lack them.
_INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b\ufeff"))


class UnprintableFormula(Exception):
    """Raised for what paper cannot show; its argument says what it is."""


def formula_steps(root: Element, *, display: bool) -> Nodes:
    """Return the steps that set a formula. root: its `math` element."""
    writer = _Writer()
    part = make_parts(root, display=display)
    writer.row(part)
    writer.styled(part)
    if nested_levels(writer.steps) > _MAX_LEVELS:
        raise UnprintableFormula("it is nested too deeply")
    return writer.steps


def nested_levels(steps: Nodes) -> int:
    """Return how many fences and measured pieces stand in each other at most."""
    pieces: list[int] = []
    for step in steps:
        assert isinstance(step, dict)
        count = len(pieces) - int(str(step["n"]))
        own = step["t"] == "fenced" or "size" in step
        pieces[count:] = [max(pieces[count:], default=0) + own]
    return max(pieces, default=0)


@dataclass(slots=True)
class _Writer:
    steps: Nodes = field(default_factory=list)

    def step(self, kind: str, operands: int = 0, /, **values: Json) -> None:
        """Make one piece of some others."""
        self.steps.append({"t": kind, "n": operands, **values})

    def measured(self, part: Part, kind: str, operands: int, /, **values: Json) -> None:
        """Make one piece of others that have to be measured.

        In the step, `em` and `size` are how large a letter of this size, and one of the main size, are
        in that of the formula.
        """
        em = round(part.size * _SCALES[min(part.level, 2)], 4)
        fill = {"fill": _readable(part.colour, _background(part))} if part.colour else {}
        self.step(kind, operands, em=em, size=part.size, **fill, **values)

    def part(self, part: Part) -> None:
        """Set a part, without the space around it."""
        convert = _WRITERS.get(part.name)
        if convert is None:
            raise UnprintableFormula(f"<{part.name}>")
        convert(self, part)
        if part.size != (part.parent.size if part.parent else 1.0):
            self.step("scaled", 1, ratio=part.size)
        own_colour = part.element.get("mathcolor")
        background = parse_colour(part.element.get("mathbackground")) if part.name != "mspace" else None
        if own_colour:
            self.step("colour", 1, fill=_readable(part.colour, background or _background(part)))
        if background:
            self.styled(part)
            self.measured(part, "background", 1, background=to_hex(make_readable(background, BLACK)))

    def styled(self, part: Part) -> None:
        """Set the last piece in the size that a part has."""
        style = "display" if part.display and part.level == 0 else _SIZES[min(part.level, 2)]
        self.step("style", 1, s=style, cramped=part.cramped)

    def in_style(self, part: Part) -> None:
        """Set a part in its own size."""
        self.part(part)
        self.styled(part)

    def row(self, row: Part) -> None:
        """Set the parts of a row with the spaces between them; fences as high as what is between."""
        parts = [part for part in row.children if not _is_empty(part)]
        fences = [part for part in parts if _is_fence(part)] if len(parts) > 1 else []
        # Spaces become gaps: of several spaces behind a relation, the engine would take the first alone.
        widths = [part.width_of_space if part.level == row.level == 0 else None for part in parts]
        if all(width is not None for width in widths):
            widths = [None] * len(parts)
        pieces = [part for part, width in zip(parts, widths, strict=True) if width is None]
        for part in pieces:
            if part in fences:
                self.fence(part)
            else:
                self.part(part)
                if part.core is not None and part.texclass in _BREAKING:
                    self.step("class", 1, s=_BREAKING[part.texclass])
        gaps = gaps_between(parts, widths)
        if len(pieces) == 1 and not any(gaps):
            return
        self.step("fenced" if fences else "row", len(pieces), gaps=gaps)

    def fence(self, part: Part) -> None:
        """Set a fence that is as high as its row, with what stands around it."""
        core = part.core
        assert core is not None
        text = core.element.text.translate(_INVISIBLE)
        self.step("fence", s=_LIKE.get(text, text))
        if part.colour and part.colour != (part.parent.colour if part.parent else ""):
            self.step("colour", 1, fill=_readable(part.colour, _background(part)))


def _is_empty(part: Part) -> bool:
    return part.name == "mo" and not part.element.text.translate(_INVISIBLE)


def _is_fence(part: Part) -> bool:
    core = part.core
    return (
        core is not None
        and part.name in ("mo", "mrow", "mstyle")
        and core.element.text in _UPRIGHT
        and core.attribute("stretchy") == "true"
        and not core.element.get("minsize")
    )


def _readable(colour: str, background: Colour) -> str:
    """Return a colour as it can be read on another; black for what is no colour, as in a browser."""
    return to_hex(make_readable(parse_colour(colour) or BLACK, background))


def _background(part: Part) -> Colour:
    above: Part | None = part
    while above is not None:
        if above.name != "mspace" and (colour := parse_colour(above.element.get("mathbackground"))):
            return make_readable(colour, BLACK)
        above = above.parent
    return WHITE


def _token(writer: _Writer, part: Part) -> None:
    text = part.element.text.translate(_INVISIBLE).replace("\u00a0", " ")
    if part.name == "mtext" and text.startswith("\\") and part.element.get("mathcolor") == "red":
        raise UnprintableFormula(text)  # MathJax shows a macro that it does not know like this
    if not text.strip():
        writer.step("text", s=text)
        return
    for run in (runs := letters(text, variant_of(part), is_words=part.name == "mtext")):
        writer.step("text" if run.is_text else "glyph", **run.values)
    if len(runs) > 1:
        writer.step("row", len(runs), gaps=[0] * (len(runs) + 1))


def _operator(writer: _Writer, part: Part) -> None:
    text = part.element.text.translate(_INVISIBLE)
    size = part.element.get("minsize")
    variant = part.element.get("mathvariant") or part.variant
    if size and text in _UPRIGHT:
        writer.step("sized", s=_LIKE.get(text, text), em=length_in_em(size, 1.0))
    elif size and text in _ARROWS and part.attribute("stretchy") == "true":
        writer.step("sized", s=text, em=max(length_in_em(size, 1.0), 1.0))
    elif len(text) != 1 or (variant and variant != "normal"):
        _token(writer, part)
    else:
        writer.step("glyph", s=_LIKE.get(text, text))
        if part.display and part.attribute("largeop") != "true" and part.level == 0:
            writer.step("style", 1, s="inline", cramped=part.cramped)


def _group(writer: _Writer, part: Part) -> None:
    writer.row(part)
    if part.name == "mstyle" and (part.element.get("displaystyle") or part.element.get("scriptlevel")):
        writer.styled(part.children[0] if part.children else part)


def _space(writer: _Writer, part: Part) -> None:
    width, height, depth = (length_in_em(part.element.get(name)) for name in ("width", "height", "depth"))
    colour = part.element.get("mathbackground")
    if not (height or depth or colour):
        writer.step("space", em=round(width, 4))
        return
    fill = None
    if colour:
        shown = part.colour if colour == "black" and part.colour else colour
        fill = _readable(shown, WHITE)
    writer.step("rule", w=width, h=height, d=depth, fill=fill)


# Of the line of a fraction, in em. Source: MathJax 3.2.2, ts/util/lengths.ts.
_THICKNESSES = {"thin": 0.04, "medium": 0.06, "thick": 0.1, "": 0.06}


def _fraction(writer: _Writer, part: Part) -> None:
    over, under = part.children
    writer.in_style(over)
    writer.in_style(under)
    element = part.element
    thickness, sides = element.get("linethickness"), [element.get("numalign"), element.get("denomalign")]
    if thickness in ("", "medium") and not any(sides):
        writer.step("frac", 2)
        return
    ratio = {"thin": 0.06 * 0.5, "medium": 0.06, "thick": 0.12, "": 0.06}
    em = ratio.get(thickness, length_in_em(thickness, 0.06) if thickness not in ratio else 0.06)
    writer.measured(
        part,
        "stack",
        2,
        thickness=round(em, 4),
        display=part.display,
        sides=[side or "center" for side in sides],
    )


def _root(writer: _Writer, part: Part) -> None:
    for child in part.children:
        writer.in_style(child)
    writer.step("root", 2)


def _square_root(writer: _Writer, part: Part) -> None:
    writer.row(part)
    writer.step("sqrt", 1)


_CORNERS = {"msub": ["br"], "msup": ["tr"], "msubsup": ["br", "tr"]}
_SIDES = {"munder": ["b"], "mover": ["t"], "munderover": ["b", "t"]}


def _scripts(writer: _Writer, part: Part) -> None:
    base, *scripts = part.children
    writer.part(base)
    for script in scripts:
        writer.in_style(script)
    writer.step("scripts", len(part.children), k=_CORNERS[part.name])


def _multiscripts(writer: _Writer, part: Part) -> None:
    base, *scripts = part.children
    writer.part(base)
    places, remaining = [], ["br", "tr"] * len(scripts)
    for script in scripts:
        if script.name == "mprescripts":
            remaining = ["bl", "tl"] * len(scripts)
            continue
        place = remaining.pop(0)
        if script.element.children or script.element.text:
            writer.in_style(script)
            places.append(place)
    writer.step("scripts", len(places) + 1, k=places)


def _limits(writer: _Writer, part: Part) -> None:
    base, *scripts = part.children
    sides = _SIDES[part.name]
    if not part.display and (core := base.core) and core.attribute("movablelimits") == "true":
        writer.part(base)
        for script in scripts:
            writer.in_style(script)
        writer.step("scripts", len(part.children), k=[f"{side}r" for side in sides])
        return
    if (arrow := _stretched(base)) is not None:
        writer.step("arrow", s=arrow)
    else:
        writer.part(base)
    remaining = []
    for side, script in zip(sides, scripts, strict=True):
        if not _set_mark(writer, script, side):
            remaining.append((side, script))
    for _, script in remaining:
        writer.in_style(script)
    if remaining:
        writer.step("limits", len(remaining) + 1, k=[side for side, _ in remaining])


def _stretched(base: Part) -> str | None:
    """Return an arrow that is as wide as what stands above and below it."""
    core = base.core
    if core is None or base.name not in ("mo", "mrow", "mstyle") or core.element.get("minsize"):
        return None
    stretches = core.attribute("stretchy") == "true" and core.element.text in _ARROWS
    return core.element.text if stretches else None


def _set_mark(writer: _Writer, script: Part, side: str) -> bool:
    """Set a line, a brace, an arrow or an accent above or below the last piece, if the script is one."""
    core = script.core
    if core is None or script.name not in ("mo", "mrow", "mstyle"):
        return False
    sign = core.element.text
    is_wide = core.attribute("stretchy") == "true"
    if sign in _LINES and is_wide:
        writer.step("line", 1, side=side)
    elif sign in _BRACES:
        writer.step("accent", 1, s=sign, wide=True)
    elif side == "t" and sign in _ACCENTS and not (is_wide and sign in _ARROWS):
        writer.step("accent", 1, s=_ACCENTS[sign], wide=is_wide)
    elif sign in _ARROWS and is_wide:
        writer.styled(script.parent or script)
        writer.measured(script.parent or script, "spread", 1, s=sign, side=side)
    else:
        return False
    return True


def _padded(writer: _Writer, part: Part) -> None:
    writer.row(part)
    writer.styled(part)
    size = {name: _dimension(part.element.get(name), name) for name in ("width", "height", "depth")}
    shift = {name: _dimension(part.element.get(name) or "0", "") for name in ("lspace", "voffset")}
    align = part.element.get("data-align") or "left"
    writer.measured(part, "padded", 1, **size, **shift, align=align)


def _dimension(text: str, own: str) -> list[Json]:
    """Return a length of `mpadded`: em, and factors of the width, height and depth of what is in it."""
    names = ("width", "height", "depth")
    factors = [0.0, 0.0, 0.0]
    match = re.search("width|height|depth", text)
    number = re.match(r"\s*([-+]?[\d.]+)", text)
    if own and (not text or text.lstrip()[0] in "+-"):
        factors[names.index(own)] += 1
    if not text:
        return [0.0, *factors]
    if match:
        ratio = float(number[1]) if number else 1.0
        factors[names.index(match[0])] += ratio / 100 if "%" in text else ratio
        return [0.0, *factors]
    if "%" in text and own and number:
        factors[names.index(own)] += float(number[1]) / 100
        return [0.0, *factors]
    return [round(length_in_em(text), 4), *factors]


def _phantom(writer: _Writer, part: Part) -> None:
    writer.row(part)
    writer.step("hidden", 1)


def _enclosed(writer: _Writer, part: Part) -> None:
    writer.row(part)
    writer.styled(part)
    element = part.element
    notations = (element.get("notation") or "longdiv").split()
    if "radical" in notations:
        writer.step("sqrt", 1)
        writer.styled(part)
    writer.measured(
        part,
        "enclosed",
        1,
        notations=notations,
        padding=length_in_em(element.get("data-padding") or "0.2em"),
        thickness=length_in_em(element.get("data-thickness") or "0.067em"),
        dashed="dashed" in element.get("style"),
    )


def _spread_list(text: str, count: int, default: str) -> list[str]:
    """Return `count` entries of an attribute's list; the last one stands for those that are missing."""
    entries = text.split() or [default]
    return [*entries, *[entries[-1]] * max(0, count - len(entries))][: max(count, 0)]


def _table(writer: _Writer, part: Part) -> None:
    element = part.element
    labels = [row.children[0] for row in part.children if row.name == "mlabeledtr" and row.children]
    rows = [row.children[1:] if row.name == "mlabeledtr" else row.children for row in part.children]
    columns = max((len(row) for row in rows), default=0)
    for cells in rows:
        for cell in cells:
            writer.row(cell)
            writer.styled(cell)
    for label in labels:
        writer.row(label)
        writer.styled(label)
    aligns = [
        [
            cell.element.get("columnalign") or side
            for cell, side in zip(
                cells,
                _spread_list(
                    row.element.get("columnalign") or element.get("columnalign"), len(cells), "center"
                ),
                strict=True,
            )
        ]
        for row, cells in zip(part.children, rows, strict=True)
    ]
    widths = _spread_list(element.get("columnwidth"), columns, "auto")
    lines = {"none": 0, "solid": 1, "dashed": 2}
    align, _, row_number = (element.get("align") or "axis").partition(" ")
    frame = element.get("frame") or "none"
    has_space = frame != "none" or element.get("framespacing")
    frame_space = _spread_list(element.get("framespacing"), 2, "0.4em") if has_space else ["0", "0"]
    if frame != "none" and not element.get("framespacing"):
        frame_space[1] = "0.5ex"
    row_aligns = _spread_list(element.get("rowalign"), len(rows), "baseline")
    writer.measured(
        part,
        "matrix",
        sum(map(len, rows)) + len(labels),
        rows=[len(row) for row in rows],
        labels=[row.name == "mlabeledtr" and bool(row.children) for row in part.children],
        left_labels=element.get("side") == "left",
        aligns=aligns,
        row_aligns=[
            row.element.get("rowalign") or own for row, own in zip(part.children, row_aligns, strict=True)
        ],
        columns=columns,
        column_gaps=_lengths(_spread_list(element.get("columnspacing"), columns - 1, "0.8em")),
        row_gaps=_lengths(_spread_list(element.get("rowspacing"), len(rows) - 1, "1ex")),
        column_rules=[lines[line] for line in _spread_list(element.get("columnlines"), columns - 1, "none")],
        row_rules=[lines[line] for line in _spread_list(element.get("rowlines"), len(rows) - 1, "none")],
        column_widths=[
            None if width in ("auto", "fit") or "%" in width else length_in_em(width) for width in widths
        ],
        equal_columns=element.get("equalcolumns") == "true",
        equal_rows=element.get("equalrows") == "true",
        is_wide="%" in element.get("width"),
        fills=part.is_whole and ("%" in element.get("width") or bool(labels)),
        filling_columns=[number for number, width in enumerate(widths) if width == "fit"],
        centred_beside_labels=element.get("data-width-includes-label") == "true",
        frame=lines.get(frame, 0),
        frame_gaps=_lengths(frame_space),
        strut=not element.get("data-mjx-smallmatrix"),
        align=align,
        row=int(row_number) if row_number.lstrip("-").isdigit() else 0,
    )


def _lengths(texts: Sequence[str]) -> list[Json]:
    return [length_in_em(text) for text in texts]


_WRITERS: dict[str, Callable[[_Writer, Part], None]] = {
    "mrow": _group,
    "mstyle": _group,
    "mi": _token,
    "mn": _token,
    "mtext": _token,
    "mo": _operator,
    "mspace": _space,
    "mfrac": _fraction,
    "msqrt": _square_root,
    "mroot": _root,
    "msub": _scripts,
    "msup": _scripts,
    "msubsup": _scripts,
    "mmultiscripts": _multiscripts,
    "munder": _limits,
    "mover": _limits,
    "munderover": _limits,
    "mtable": _table,
    "mpadded": _padded,
    "mphantom": _phantom,
    "menclose": _enclosed,
}
