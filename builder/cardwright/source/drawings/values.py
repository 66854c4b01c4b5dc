"""The values of properties as the PDF engine reads them, which knows few units and colours.

What the engine understands was tried; see `tests/source/drawings/`.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from cardwright.source.colours import BLACK, Rgba, read_colour
from cardwright.source.css_tokens import WIDE_KEYWORDS
from cardwright.source.drawings import properties
from cardwright.source.lengths import Units

ACROSS = frozenset({"x", "width", "cx", "rx", "dx", "x1", "x2", "fx", "refX", "markerWidth", "startOffset"})
DOWN = frozenset({"y", "height", "cy", "ry", "dy", "y1", "y2", "fy", "refY", "markerHeight"})

_PAINTS = frozenset({"fill", "stroke"})
_COLOURS = frozenset({"stop-color", "flood-color", "lighting-color"})
_LENGTHS = frozenset(
    {"stroke-width", "stroke-dashoffset", "letter-spacing", "word-spacing", "baseline-shift"}
)
_NOT_PLAIN = re.compile(r"[0-9.](?:em|ex|rem|ch|q|v[wh]|vmin|vmax|[sld]v[wh]|r?lh)\b|\(", re.IGNORECASE)
_MIXED_CASE = {
    "srgb": "sRGB", "linearrgb": "linearRGB", "optimizequality": "optimizeQuality",
    "optimizespeed": "optimizeSpeed",
}  # fmt: skip
# Families that look alike, nearly as wide as Arial, which most programs export; the first at hand is taken.
SANS = (
    "Arial", "Helvetica", "Liberation Sans", "Arimo", "Noto Sans", "DejaVu Sans", "Open Sans", "Roboto",
    "Segoe UI", "Lato", "Inter", "Source Sans 3", "Verdana",
)  # fmt: skip
# The engine brings these along. Source: `typst fonts --ignore-system-fonts`.
_SERIF = ("Libertinus Serif",)
_MONO = ("DejaVu Sans Mono",)
# What stands in for generic families, which the engine does not know, and for usual ones.
_NAMES_OF_SANS = (
    "sans-serif", "ui-sans-serif", "system-ui", "-apple-system", "blinkmacsystemfont", "helvetica neue",
    "arialmt", "arial-boldmt", "tahoma", "trebuchet ms", "calibri", "geneva", "myriad pro",
    "myriadpro-regular", "san francisco", "sf pro", "sf pro text", "source sans pro", "ubuntu",
    *(name.lower() for name in SANS),
)  # fmt: skip
_NAMES_OF_SERIF = ("serif", "ui-serif", "times", "times new roman", "georgia", "cambria")
_NAMES_OF_MONO = (
    "monospace", "ui-monospace", "courier", "courier new", "consolas", "menlo", "monaco", "liberation mono",
)  # fmt: skip
_LOOK_ALIKES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_NAMES_OF_SANS, SANS),
    **dict.fromkeys(_NAMES_OF_SERIF, _SERIF),
    **dict.fromkeys(_NAMES_OF_MONO, _MONO),
}
# Source: tried in Chromium; half of a line in a usual font, and the size of its small capitals.
_SHIFT = 0.58
_SMALL_CAPITALS = 0.7


@dataclass(frozen=True, slots=True)
class Context:
    """What an element gets from those around it.

    inherited: the values of inherited properties. own: the other values of the element around.
    scale: of its units, in px of the drawing. is_even: whether it is the same in all directions.
    is_dark: whether the colour scheme is the dark one.
    """

    variables: Mapping[str, str]
    inherited: Mapping[str, str]
    own: Mapping[str, str]
    units: Units
    colour: Rgba = BLACK
    is_dark: bool = False
    scale: float = 1.0
    is_even: bool = True
    is_text: bool = False
    is_drawn: bool = True


def computed_values(declared: Mapping[str, str], outer: Context) -> dict[str, str]:
    """Return values without the keywords that all properties know."""
    values: dict[str, str] = {}
    for name, value in declared.items():
        known = properties.PROPERTIES[name]
        if value not in WIDE_KEYWORDS:
            values[name] = value
        elif value == "initial":
            if known.initial:
                values[name] = known.initial
        elif value == "inherit" and not known.is_inherited and name in outer.own:
            values[name] = outer.own[name]
    return values


def written_value(name: str, value: str, context: Context, ids: Collection[str]) -> str:  # noqa: C901  a case for each kind
    """Return the value of a property as the engine reads it; empty if nothing needs to be written.

    ids: of all elements.
    """
    if name in _PAINTS:
        return _paint(value, context)
    if name in _COLOURS:
        return _colour(value, context)
    match name:
        case "color":
            return context.colour.hex
        case "baseline-shift" if value in ("sub", "super"):
            return f"{(_SHIFT if value == 'super' else -_SHIFT) * context.units.font_size:.6g}"
        case "stroke-dasharray" if value != "none":
            lengths = [context.units.length(part) for part in properties.split_list(value)]
            return " ".join(f"{length or 0:.6g}" for length in lengths)
        case "filter":
            return _filter(value, context, ids)
        case "font-family":
            return ", ".join(f"'{name}'" for name in font_names(value) if "'" not in name)
        case "text-decoration":
            return properties.decoration_lines(value)
        case "display":
            return "none" if value == "none" else ""
        case "overflow":
            return "visible" if value in ("visible", "auto") else "hidden"
        case "color-interpolation" | "color-interpolation-filters" | "image-rendering":
            return _MIXED_CASE.get(value, value)
        case "writing-mode":
            return "tb" if value.startswith(("vertical", "tb")) else "lr"
    return plain_lengths(name, value, context.units) if name in _LENGTHS else value


def plain_lengths(name: str, value: str, units: Units) -> str:
    """Return a length or a list of them as the engine reads them. name: of the attribute."""
    if not _NOT_PLAIN.search(value):
        return value
    axis = "x" if name in ACROSS else "y" if name in DOWN else ""
    lengths = [units.length(part, axis) for part in properties.split_list(value)]
    return " ".join(f"{length:.6g}" for length in lengths if length is not None)


def geometry(tag: str, name: str, value: str, context: Context, outer: Context) -> str:
    """Return a place or a size as the engine reads it; empty for one that needs not be written."""
    if value == "auto" or name == "d":
        return "" if value == "auto" else value
    # The size of a drawing within another is in units of the one around it.
    units = replace(outer.units, font_size=context.units.font_size) if tag == "svg" else context.units
    return plain_lengths(name, value, units)


def type_attributes(
    tag: str, values: Mapping[str, str], context: Context, *, is_root: bool
) -> dict[str, str]:
    """Return the attributes about type that no single property gives."""
    attributes = {}
    if "font-size" in values or is_root:
        attributes["font-size"] = f"{context.units.font_size:.6g}"
    if "white-space" in values:
        attributes["xml:space"] = "preserve" if _keeps_spaces(values["white-space"]) else "default"
    if tag == "text":
        attributes["text-anchor"] = _anchor(context)
    return attributes


def font_names(value: str) -> tuple[str, ...]:
    """Return the names of font families that a text may be set in, the first that is at hand first.

    They are those that are named, and then others that look like them. A browser has a font for each generic
    family, so it reads no further.
    """
    named: dict[str, None] = {}
    alike: dict[str, None] = {}
    for name, is_generic in properties.read_families(value):
        alike.update(dict.fromkeys(_LOOK_ALIKES.get(name.lower(), ())))
        if is_generic:
            break
        named[name] = None
    return tuple({**named, **alike})


def written_text(text: str, inherited: Mapping[str, str], size: float) -> str:
    """Return a text as XML, with the letters that it is shown in. size: of its type."""
    transform = inherited.get("text-transform", "none").lower()
    if "uppercase" in transform:
        text = text.upper()
    elif "lowercase" in transform:
        text = text.lower()
    elif "capitalize" in transform:
        text = re.sub(r"(?<![\w'’])\w", lambda match: match[0].title(), text)
    if "small-caps" not in inherited.get("font-variant", ""):
        return escape(text)
    # As a browser does if a font has no small capitals.
    return "".join(
        f'<tspan font-size="{_SMALL_CAPITALS * size:.6g}">{escape(piece.upper())}</tspan>'
        if piece.upper() != piece
        else escape(piece)
        for piece in re.split(r"([^\W\d_A-Z]+)", text)
    )


def _colour(value: str, context: Context) -> str:
    # Where a part is used decides what is current, which the engine knows.
    if value.lower() == "currentcolor":
        return "currentColor"
    colour = read_colour(value, context.colour, is_dark=context.is_dark)
    return colour.hex if colour else ""


def _paint(value: str, context: Context) -> str:
    if value in ("none", "context-fill", "context-stroke"):
        return value
    if value.startswith("url("):
        reference, _, fallback = value.partition(") ")
        if not fallback or fallback.lower() == "none":
            return value
        return f"{reference}) {_colour(fallback, context)}"
    return _colour(value, context)


def _filter(value: str, context: Context, ids: Collection[str]) -> str:
    """Return a list of filters; none if one of them does not exist, as browsers do."""
    written = []
    for part in properties.split_list(value):
        if match := re.fullmatch(r"url\(\s*[\"']?#([^\"')]*)[\"']?\s*\)", part):
            if match[1] not in ids:
                return ""
            written.append(f"url(#{match[1]})")
        elif part.lower().startswith("drop-shadow("):
            written.append(_drop_shadow(properties.split_list(part[part.index("(") + 1 : -1]), context))
        else:
            written.append(part)
    return " ".join(written)


def _drop_shadow(parts: list[str], context: Context) -> str:
    colour = context.colour
    lengths: list[str] = []
    for part in parts:
        length = context.units.length(part)
        if length is None:
            colour = read_colour(part, context.colour, is_dark=context.is_dark) or colour
        else:
            lengths.append(f"{length:.6g}")
    return f"drop-shadow({' '.join(lengths)} {colour.hex})"


def _anchor(context: Context) -> str:
    """Return where a text is held: the engine begins one from right to left at its left end."""
    anchor = context.inherited.get("text-anchor", "start")
    is_reversed = context.inherited.get("direction") == "rtl"
    return {"start": "end", "end": "start"}.get(anchor, anchor) if is_reversed else anchor


def _keeps_spaces(white_space: str) -> bool:
    words = white_space.lower().split()
    return any(word in ("pre", "pre-wrap", "preserve", "break-spaces", "preserve-spaces") for word in words)
