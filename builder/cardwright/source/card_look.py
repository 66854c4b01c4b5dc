"""The look of an element of a card's page: what its style means, and what the elements around it pass on."""

import re
from collections.abc import Mapping

from cardwright.collection import content as c
from cardwright.collection.colour import BLACK, WHITE, Colour, contrast
from cardwright.collection.html_layout import HEADINGS, ROW_GROUPS, SECTIONS
from cardwright.collection.template import Element
from cardwright.record import Record, replace
from cardwright.source.colours import BLACK as INK
from cardwright.source.colours import Rgba, read_colour
from cardwright.source.css_tokens import WIDE_KEYWORDS
from cardwright.source.css_values import ROOT_SIZE, font_size, font_weight, to_pixels
from cardwright.source.hiding_styles import is_out_of_sight

_BLOCKS = (
    *("html", "body", "div", "p", "center", "blockquote", "pre", "hr", "caption", *SECTIONS),
    *("ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"),
)
_DISPLAYS = {
    **dict.fromkeys(_BLOCKS, "block"),
    "li": "list-item",
    "table": "table",
    "tr": "table-row",
    "td": "table-cell",
    "th": "table-cell",
    **dict.fromkeys(("thead", "tbody", "tfoot"), "table-row-group"),
}
# What browsers make of an element without any style; what only paper shows in its own way is left out.
# Source: HTML Living Standard, "Rendering".
_DEFAULTS: dict[str, dict[str, str]] = {
    "b": {"font-weight": "bolder"},
    "strong": {"font-weight": "bolder"},
    "th": {"font-weight": "bold", "text-align": "center"},
    "i": {"font-style": "italic"},
    "em": {"font-style": "italic"},
    "u": {"text-decoration-line": "underline"},
    "ins": {"text-decoration-line": "underline"},
    "s": {"text-decoration-line": "line-through"},
    "del": {"text-decoration-line": "line-through"},
    "strike": {"text-decoration-line": "line-through"},
    "sub": {"vertical-align": "sub"},
    "sup": {"vertical-align": "super"},
    "center": {"text-align": "center"},
    "pre": {"white-space": "pre"},
    "style": {"display": "none"},
    "ul": {"list-style-type": ""},
    "ol": {"list-style-type": ""},
    **{
        f"h{level}": {"font-weight": "bold", "font-size": size}
        for level, size in enumerate(("2em", "1.5em", "1.17em", "1em", "0.83em", "0.67em"), 1)
    },
}
_INHERITED = {
    "font-weight": "weight",
    "font-style": "italic",
    "font-size": "size",
    "color": "colour",
    "text-align": "align",
    "text-transform": "transform",
    "visibility": "visible",
    "white-space": "white_space",
    "list-style-type": "list_type",
}
# The size of type by the attribute `size` of `<font>`. Source: HTML Living Standard, "Phrasing content".
_FONT_ELEMENT_SIZES = ("x-small", "x-small", "small", "medium", "large", "x-large", "xx-large", "xxx-large")
_LIST_TYPES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman", "1": "decimal"}
_CODE = frozenset({"code", "samp", "tt"})
# Elements that paper shows in a size of its own.
_OWN_SIZE = frozenset({"kbd", "small", "big", "mark"})
_SIDES = {
    "left": "left",
    "right": "right",
    "end": "right",
    "center": "center",
    "-webkit-left": "left",
    "-webkit-right": "right",
    "-webkit-center": "center",
}
_ROWS = ROW_GROUPS | {"tr"}
_BOLD = 600
LEAST_OPACITY = 0.1
_LEAST_CONTRAST = 1.12  # of white on Anki's window, whose paper is #f5f5f5, it is 1.09
_GREYEST = 40
"""How different red, green and blue are in what still looks grey."""
_MAX_FACTOR = 2.5
"""Type in Anki may be as large as a screen; a card has room for less."""


class Look(Record, frozen=True):
    """How the text of an element looks.

    display: as CSS has it.
    visible: False where only the place of the text is seen.
    cut_off: whether nothing is seen of the element, not even its place.
    colour: None for that of the card. background: a colour that the author gave; None for that of the card.
    ground: what is behind the text in Anki; None if that is a picture.
    opacity: of the element and all around it.
    size: of the type, in px.
    list_type: empty for what every list has.
    script: "sub", "sup" or empty.
    lines: `underline`, `line-through` or `overline`.
    formats: of the elements that paper shows in its own way.
    is_fitted: whether a block is as wide as what is in it and stands where a line would, as code does.
    is_code: whether the element is in a `<pre>`. is_rtl: whether it is read from right to left.
    """

    display: str = "block"
    visible: bool = True
    cut_off: bool = False
    colour: Rgba | None = None
    background: Colour | None = None
    ground: Colour | None = WHITE
    opacity: float = 1.0
    size: float = ROOT_SIZE
    weight: float = 400.0
    italic: bool = False
    align: str = ""
    transform: str = "none"
    white_space: str = "normal"
    list_type: str = ""
    script: str = ""
    lines: frozenset[str] = frozenset()
    formats: tuple[c.Wrapper, ...] = ()
    is_heading: bool = False
    is_fitted: bool = False
    is_code: bool = False
    is_rtl: bool = False

    @property
    def is_bold(self) -> bool:
        return self.weight >= _BOLD


CARD = Look()
"""The look of what is around a card."""


def make_look(element: Element, declared: Mapping[str, str], outer: Look) -> Look:
    """Return the look of an element. declared: its values. outer: the look of the element around it."""
    defaults = {**_DEFAULTS.get(element.name, {}), **_hints(element)}
    values = _resolve_keywords(declared, defaults, outer)
    if values.get("visibility") == "collapse" and element.name in _ROWS:
        values["display"] = "none"
    own_size = values.get("font-size", "1em")
    size = font_size("medium", outer.size) if own_size == "initial" else font_size(own_size, outer.size)
    look = replace(
        outer,
        display=values.get("display", _DISPLAYS.get(element.name, "inline")),
        is_rtl=values["direction"] == "rtl" if "direction" in values else outer.is_rtl,
        size=outer.size if size is None else size,
    )
    look = replace(
        _inherited(look, values),
        is_fitted=element.name == "pre" or values.get("width", "").endswith("-content"),
        is_code=outer.is_code or element.name == "pre",
    )
    look = replace(look, is_heading=outer.is_heading or (element.name in HEADINGS and look.is_bold))
    look = _decorated(look, element, values, declared, outer)
    look = _coloured(look, element, values)
    return replace(look, cut_off=is_out_of_sight(values, look.size, look.display))


def _hints(element: Element) -> dict[str, str]:
    """Return what the attributes of an element say of its look."""
    hints = {}
    for name, value in element.attributes:
        match name:
            case "align" if element.name != "table":
                hints["text-align"] = value.lower()
            case "dir":
                hints["direction"] = value.lower()
            case "bgcolor":
                hints["background-color"] = value.lower()
            case "color":
                hints["color"] = value.lower()
            case "type" if element.name in ("ol", "ul"):
                hints["list-style-type"] = _LIST_TYPES.get(value, value.lower())
            case "size" if element.name == "font" and re.fullmatch(r"[+-]?\d", value.strip()):
                number = int(value) + (3 if value.strip()[0] in "+-" else 0)
                hints["font-size"] = _FONT_ELEMENT_SIZES[min(max(number, 1), 7)]
    return hints


def _resolve_keywords(
    declared: Mapping[str, str], defaults: Mapping[str, str], outer: Look
) -> dict[str, str]:
    """Return the values that count; of those that any property may have only `inherit` and `initial` remain.

    These two remain for the properties that are passed on.

    defaults: without any style. outer: the look of the element around it.
    """
    values = dict(defaults)
    for name, value in declared.items():
        if value not in WIDE_KEYWORDS:
            values[name] = value
        elif name in _INHERITED and not value.startswith("revert"):
            values[name] = "initial" if value == "initial" else "inherit"
        elif value in ("initial", "unset"):
            values.pop(name, None)
            if name == "display":
                values[name] = "inline"
        elif value == "inherit" and name == "display":
            values[name] = outer.display
    return values


def _inherited(look: Look, values: Mapping[str, str]) -> Look:
    """Return a look with the properties that an element passes on."""
    changes: dict[str, object] = {}
    for name, attribute in _INHERITED.items():
        value = values.get(name, "inherit")
        if name == "font-size" or value == "inherit":
            continue
        if value == "initial":
            changes[attribute] = getattr(CARD, attribute)
            continue
        match name:
            case "font-weight":
                changes[attribute] = font_weight(value, look.weight)
            case "font-style":
                changes[attribute] = value != "normal"
            case "text-align":
                changes[attribute] = "left" if look.is_rtl and value == "end" else _SIDES.get(value, "")
            case "visibility":
                changes[attribute] = value == "visible"
            case "color":
                changes[attribute] = look.colour if value == "currentcolor" else read_colour(value)
            case _:
                changes[attribute] = value
    return replace(look, **changes)


def _decorated(
    look: Look, element: Element, values: Mapping[str, str], declared: Mapping[str, str], outer: Look
) -> Look:
    """Return a look with what isn't passed on as a property, but is seen on all that is in an element."""
    lines = look.lines | set(values.get("text-decoration-line", "none").split()) - {
        "none",
        "initial",
        "inherit",
    }
    script = {"sub": "sub", "super": "sup", "text-top": "sup"}.get(
        values.get("vertical-align", ""), look.script
    )
    formats = look.formats
    own_format: c.Wrapper | None = c.Styled(element.name, ()) if element.name in _OWN_SIZE else None
    if element.name in _CODE and not look.white_space.startswith("pre"):
        own_format = c.Code(())
    own_property = "background-color" if element.name == "mark" else "font-size"
    if (
        own_format is not None
        and own_format not in formats
        and (element.name == "kbd" or own_property not in declared)
    ):
        formats = (*formats, own_format)
    # Paper has one size for all indices.
    size = outer.size if script != outer.script else look.size
    return replace(look, lines=lines, script=script, formats=formats, size=size)


def _coloured(look: Look, element: Element, values: Mapping[str, str]) -> Look:
    """Return a look with its background and its opacity."""
    opacity = look.opacity * _opacity(values.get("opacity", "1"))
    fill = values.get("text-fill-color", "currentcolor")
    colour = look.colour if fill == "currentcolor" else read_colour(fill) or look.colour
    is_clipped = values.get("background-clip") == "text"
    if is_clipped:  # the text is seen in the background's colours
        return replace(look, opacity=opacity, colour=None, ground=None)
    paint = values.get("background-color", "transparent")
    own = None if paint == "currentcolor" else read_colour(paint)
    background, ground = look.background, look.ground
    if values.get("background-image", "none") not in ("none", "initial"):
        ground = None
    if own is not None and own.alpha > 0:
        ground = own.seen_on(ground or WHITE)
        if element.name not in ("html", "body"):
            background = ground
    shadow = values.get("text-shadow", "none")
    if shadow != "none" and (colour is None or colour.alpha > LEAST_OPACITY):
        ground = None  # a light text may be readable for its shadow
    return replace(look, opacity=opacity, colour=colour, background=background, ground=ground)


def _opacity(value: str) -> float:
    opacity = to_pixels(value, 1.0, 1.0)
    return 1.0 if opacity is None else min(max(opacity, 0.0), 1.0)


def is_seen(look: Look, ink: Rgba) -> bool:
    """Return whether the text of a look can be read in Anki, or only its place is seen. ink: the card's."""
    colour = look.colour or ink
    if not look.visible or look.opacity < LEAST_OPACITY or colour.alpha < LEAST_OPACITY:
        return False
    if look.ground is None:
        return True
    return contrast(colour.seen_on(look.ground, look.opacity), look.ground) >= _LEAST_CONTRAST


def formats_of(look: Look, card: Look) -> tuple[c.Wrapper, ...]:
    """Return the formats of a text but for links, outermost first. card: the look of the card itself."""
    formats: list[c.Wrapper] = []
    factor = round(min(look.size / card.size, _MAX_FACTOR), 2) if card.size else 1.0
    if not 0.97 < factor < 1.03:
        formats.append(c.Scaled(factor, ()))
    if coloured := _colours(look, card):
        formats.append(coloured)
    if look.is_bold and not look.is_heading:
        formats.append(c.Strong(()))
    if look.italic:
        formats.append(c.Emphasis(()))
    if "line-through" in look.lines:
        formats.append(c.Strikethrough(()))
    if "underline" in look.lines:
        formats.append(c.Styled("u", ()))
    if look.script:
        formats.append(c.Styled(look.script, ()))
    return (*formats, *sorted(look.formats, key=lambda each: isinstance(each, c.Code)))


def _colours(look: Look, card: Look) -> c.Coloured | None:
    """Return the colours of a text on white paper. What the card itself has is black on white there."""
    ground = look.ground or WHITE
    colour: Colour | None = None
    own = look.colour if look.colour != card.colour or _is_colourful(card) else None
    if own is not None:
        colour = own.seen_on(ground, look.opacity)
    elif look.opacity < 1:
        colour = (look.colour or INK).seen_on(ground, look.opacity)
    background = look.background if look.background != card.ground else None
    if background == WHITE and (colour is None or contrast(colour, WHITE) > 3):
        background = None
    if colour == BLACK and background is None:
        colour = None
    return None if colour is None and background is None else c.Coloured(colour, background, ())


def _is_colourful(card: Look) -> bool:
    """Return whether a card has a colour of text for paper, too: no grey, and none that is for the dark."""
    colour, ground = card.colour, card.ground
    if colour is None or ground is None or contrast(ground, WHITE) > contrast(ground, BLACK):
        return False
    channels = (colour.red, colour.green, colour.blue)
    return 255 * (max(channels) - min(channels)) > _GREYEST
