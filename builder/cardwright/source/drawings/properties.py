"""The properties of drawings: which values are valid, what shorthands stand for, and what is inherited.

A value that a browser takes for invalid counts as not written, so that what is written before it counts.

Sources: SVG 2; CSS Fonts 4; CSS Masking 1; CSS Values and Units 4; tried in Chromium.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tinycss2 import parse_component_value_list

from cardwright.source.colours import read_colour
from cardwright.source.css_tokens import WIDE_KEYWORDS, split_at_commas, without_space
from cardwright.source.lengths import FONT_SIZES, Units

_UNITS = Units()
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?", re.IGNORECASE)
_URL = re.compile(
    r"url\(\s*(?:\"#([^\"]*)\"|'#([^']*)'|#([^)\"'\s]*))\s*\)\s*(.*)", re.IGNORECASE | re.DOTALL
)

# What has lengths or angles as arguments, and numbers without a unit.
_MEASURED = re.compile(r"\b(?:translate|rotate|skew)[XYZ]?\(([^()]*)\)", re.IGNORECASE)
_BARE = re.compile(r"(?<![-+.\w])[-+]?[0-9]*\.?[0-9]+(?![.\w%])")

Parse = Callable[[str, bool], str | None]
"""Returns a value in its normal form, or None if it is invalid. The flag: whether an attribute has it."""

_IN_CSS = False


@dataclass(frozen=True, slots=True)
class Property:
    """A property. initial: empty if nothing has to be written for it."""

    parse: Parse
    is_inherited: bool = False
    initial: str = ""


def _words(words: str) -> Parse:
    known = frozenset(words.split())
    return lambda value, _: value.strip().lower() if value.strip().lower() in known else None


def _colour(value: str, _is_attribute: bool) -> str | None:
    return value.strip() if read_colour(value) is not None else None


def _paint(value: str, is_attribute: bool) -> str | None:
    text = value.strip()
    if text.lower() in ("none", "context-fill", "context-stroke"):
        return text.lower()
    if match := _URL.fullmatch(text):
        fallback = match[4].strip()
        if fallback and fallback.lower() != "none" and read_colour(fallback) is None:
            return None
        return f"url(#{_target(match)}) {fallback}".strip()
    return _colour(text, is_attribute)


def _reference(value: str, _is_attribute: bool) -> str | None:
    """Parse a reference to an element, or a list of functions."""
    text = value.strip()
    if text.lower() == "none":
        return "none"
    match = _URL.fullmatch(text)
    if match and not match[4].strip():
        return f"url(#{_target(match)})"
    return text if re.match(r"[-a-z]+\(", text, re.IGNORECASE) else None


def _alpha(value: str, _is_attribute: bool) -> str | None:
    number = _UNITS.with_reference(1).length(value.strip(), "x")
    return None if number is None or re.search(r"[a-z]$", value.strip()) else f"{min(max(number, 0), 1):.6g}"


def _number(value: str, _is_attribute: bool) -> str | None:
    return value.strip() if _NUMBER.fullmatch(value.strip()) else None


def _length(words: str = "", *, is_bare: bool = False, is_signed: bool = True) -> Parse:
    """Return the parser of a length or one of some words. is_bare: whether CSS allows it without a unit."""
    known = frozenset(words.split())

    def parse(value: str, is_attribute: bool) -> str | None:
        text = value.strip().lower()
        if text in known:
            return text
        length = _UNITS.length(text)
        if length is None or (length < 0 and not is_signed):
            return None
        needs_unit = not (is_attribute or is_bare or length == 0)
        return None if needs_unit and _NUMBER.fullmatch(text) else text

    return parse


def _list(parse: Parse) -> Parse:
    def parse_list(value: str, is_attribute: bool) -> str | None:
        if value.strip().lower() == "none":
            return "none"
        parts = [parse(part, is_attribute) for part in split_list(value)]
        return " ".join(part for part in parts if part) if parts and None not in parts else None

    return parse_list


def _any(value: str, _is_attribute: bool) -> str | None:
    return value.strip() or None


def _path(value: str, is_attribute: bool) -> str | None:
    if value.strip().lower() == "none" or (is_attribute and "(" not in value):
        return value
    match = re.fullmatch(
        r"path\(\s*(?:\"([^\"]*)\"|'([^']*)')\s*\)", value.strip(), re.IGNORECASE | re.DOTALL
    )
    return (match[1] or match[2]) if match else None


def _transform(value: str, is_attribute: bool) -> str | None:
    """Parse transformations: in CSS, lengths and angles have units."""
    bare = not is_attribute and any(
        float(number) for arguments in _MEASURED.findall(value) for number in _BARE.findall(arguments)
    )
    return None if bare else value.strip()


def _origin(value: str, is_attribute: bool) -> str | None:
    bare = not is_attribute and any(float(number) for number in _BARE.findall(value))
    return None if bare else value.strip()


def _font_weight(value: str, _is_attribute: bool) -> str | None:
    text = value.strip().lower()
    if text in ("normal", "bold", "bolder", "lighter"):
        return text
    return f"{float(text):g}" if _NUMBER.fullmatch(text) and 1 <= float(text) <= 1000 else None


def _font_style(value: str, _is_attribute: bool) -> str | None:
    word = value.strip().lower().partition(" ")[0]
    return word if word in ("normal", "italic", "oblique") else None


def _font_stretch(value: str, is_attribute: bool) -> str | None:
    text = value.strip().lower()
    if text.endswith("%") and _NUMBER.fullmatch(text[:-1]):
        return min(_STRETCHES, key=lambda name: abs(_STRETCHES[name] - float(text[:-1])))
    return _words(" ".join(_STRETCHES))(text, is_attribute)


_STRETCHES = {
    "ultra-condensed": 50.0, "extra-condensed": 62.5, "condensed": 75.0, "semi-condensed": 87.5,
    "normal": 100.0, "semi-expanded": 112.5, "expanded": 125.0, "extra-expanded": 150.0,
    "ultra-expanded": 200.0,
}  # fmt: skip
_DECORATIONS = ("underline", "overline", "line-through")
_STROKE_WIDTH = _length(is_bare=True, is_signed=False)
_SIZE = _length("auto", is_signed=False)
_TRANSFORM_BOXES = "content-box border-box fill-box stroke-box view-box"

PROPERTIES: Mapping[str, Property] = {
    "alignment-baseline": Property(
        _words(
            "auto baseline before-edge text-before-edge middle central after-edge text-after-edge ideographic"
            " alphabetic hanging mathematical"
        )
    ),
    "animation-name": Property(_any),
    "background-color": Property(_colour),
    "background-image": Property(_any),
    "baseline-shift": Property(_length("baseline sub super")),
    "clip-path": Property(_reference),
    "clip-rule": Property(_words("nonzero evenodd"), is_inherited=True, initial="nonzero"),
    "color": Property(_colour, is_inherited=True, initial="#000000"),
    "color-interpolation": Property(_words("auto srgb linearrgb"), is_inherited=True, initial="sRGB"),
    "color-interpolation-filters": Property(
        _words("auto srgb linearrgb"), is_inherited=True, initial="linearRGB"
    ),
    "color-scheme": Property(_any, is_inherited=True, initial="normal"),
    "cx": Property(_length()),
    "cy": Property(_length()),
    "d": Property(_path),
    "direction": Property(_words("ltr rtl"), is_inherited=True, initial="ltr"),
    "display": Property(
        _words(
            "none inline block inline-block contents flex grid inline-flex inline-grid list-item table"
            " flow-root table-row table-cell run-in"
        )
    ),
    "dominant-baseline": Property(
        _words(
            "auto use-script no-change reset-size ideographic alphabetic hanging mathematical central middle"
            " text-after-edge text-before-edge text-top text-bottom"
        ),
        is_inherited=True,
        initial="auto",
    ),
    "fill": Property(_paint, is_inherited=True, initial="#000000"),
    "fill-opacity": Property(_alpha, is_inherited=True, initial="1"),
    "fill-rule": Property(_words("nonzero evenodd"), is_inherited=True, initial="nonzero"),
    "filter": Property(_any),
    "flood-color": Property(_colour),
    "flood-opacity": Property(_alpha),
    "font-family": Property(_any, is_inherited=True, initial="serif"),
    "font-kerning": Property(_words("auto normal none"), is_inherited=True, initial="auto"),
    "font-size": Property(
        _length(" ".join((*FONT_SIZES, "larger", "smaller")), is_signed=False),
        is_inherited=True,
        initial="16",
    ),
    "font-stretch": Property(_font_stretch, is_inherited=True, initial="normal"),
    "font-style": Property(_font_style, is_inherited=True, initial="normal"),
    "font-variant": Property(_any, is_inherited=True, initial="normal"),
    "font-weight": Property(_font_weight, is_inherited=True, initial="normal"),
    "height": Property(_SIZE),
    "image-rendering": Property(
        _words("auto optimizequality optimizespeed smooth pixelated crisp-edges -webkit-optimize-contrast"),
        is_inherited=True,
        initial="auto",
    ),
    "isolation": Property(_words("auto isolate")),
    "letter-spacing": Property(_length("normal"), is_inherited=True, initial="normal"),
    "lighting-color": Property(_colour),
    "marker-end": Property(_reference, is_inherited=True, initial="none"),
    "marker-mid": Property(_reference, is_inherited=True, initial="none"),
    "marker-start": Property(_reference, is_inherited=True, initial="none"),
    "mask": Property(_reference),
    "mask-type": Property(_words("luminance alpha")),
    "mix-blend-mode": Property(
        _words(
            "normal multiply screen overlay darken lighten color-dodge color-burn hard-light soft-light"
            " difference exclusion hue saturation color luminosity plus-lighter"
        )
    ),
    "offset-path": Property(_any),
    "opacity": Property(_alpha),
    "overflow": Property(_words("visible hidden scroll auto clip")),
    "paint-order": Property(_any, is_inherited=True, initial="normal"),
    "r": Property(_length(is_signed=False)),
    "rotate": Property(_any),
    "rx": Property(_SIZE),
    "ry": Property(_SIZE),
    "scale": Property(_any),
    "shape-rendering": Property(_any, is_inherited=True, initial="auto"),
    "stop-color": Property(_colour),
    "stop-opacity": Property(_alpha),
    "stroke": Property(_paint, is_inherited=True, initial="none"),
    "stroke-dasharray": Property(_list(_STROKE_WIDTH), is_inherited=True, initial="none"),
    "stroke-dashoffset": Property(_length(is_bare=True), is_inherited=True, initial="0"),
    "stroke-linecap": Property(_words("butt round square"), is_inherited=True, initial="butt"),
    "stroke-linejoin": Property(
        _words("miter round bevel miter-clip arcs"), is_inherited=True, initial="miter"
    ),
    "stroke-miterlimit": Property(_number, is_inherited=True, initial="4"),
    "stroke-opacity": Property(_alpha, is_inherited=True, initial="1"),
    "stroke-width": Property(_STROKE_WIDTH, is_inherited=True, initial="1"),
    "text-anchor": Property(_words("start middle end"), is_inherited=True, initial="start"),
    "text-decoration": Property(_any),
    "text-rendering": Property(_any, is_inherited=True, initial="auto"),
    "text-shadow": Property(_any, is_inherited=True, initial="none"),
    "text-transform": Property(_any, is_inherited=True, initial="none"),
    "transform": Property(_transform),
    "transform-box": Property(_words(_TRANSFORM_BOXES)),
    "transform-origin": Property(_origin),
    "translate": Property(_any),
    "unicode-bidi": Property(_any),
    "vector-effect": Property(_words("none non-scaling-stroke")),
    "visibility": Property(_words("visible hidden collapse"), is_inherited=True, initial="visible"),
    "white-space": Property(_any, is_inherited=True, initial="normal"),
    "width": Property(_SIZE),
    "word-spacing": Property(_length("normal"), is_inherited=True, initial="normal"),
    "writing-mode": Property(_any, is_inherited=True, initial="horizontal-tb"),
    "x": Property(_length()),
    "y": Property(_length()),
}
GEOMETRY: Mapping[str, frozenset[str]] = {
    "rect": frozenset({"x", "y", "width", "height", "rx", "ry"}),
    "image": frozenset({"x", "y", "width", "height"}),
    "svg": frozenset({"x", "y", "width", "height"}),
    "use": frozenset({"x", "y"}),
    "circle": frozenset({"cx", "cy", "r"}),
    "ellipse": frozenset({"cx", "cy", "rx", "ry"}),
    "path": frozenset({"d"}),
}
"""The properties of each element that say where it is. Source: SVG 2, section 8.10; in Chromium."""

GEOMETRY_NAMES = frozenset().union(*GEOMETRY.values())
# What no attribute says; `rotate` of a text and `scale` of a filter are something else.
_CSS_ALONE = frozenset(
    {
        "animation-name", "background-color", "background-image", "color-scheme", "offset-path", "rotate",
        "scale", "text-shadow", "text-transform", "transform-box", "translate",
    }
)  # fmt: skip
_OTHER_NAMES = {
    "-webkit-clip-path": "clip-path", "-webkit-filter": "filter", "-webkit-mask": "mask",
    "-webkit-opacity": "opacity", "-webkit-transform": "transform", "mask-image": "mask",
    "-webkit-mask-image": "mask", "-webkit-transform-origin": "transform-origin",
    "font-variant-caps": "font-variant", "text-decoration-line": "text-decoration",
    "white-space-collapse": "white-space", "overflow-x": "overflow",
    "-webkit-animation-name": "animation-name",
}  # fmt: skip


@lru_cache(maxsize=8192)
def expand(name: str, value: str) -> tuple[tuple[str, str], ...]:
    """Return what a declaration of CSS says, in longhands; nothing if it is unknown or invalid."""
    return tuple(_expand(_OTHER_NAMES.get(name, name), value, is_attribute=False))


@lru_cache(maxsize=8192)
def expand_inline(name: str, value: str) -> tuple[tuple[str, str], ...]:
    """Return the same for a `style` attribute, where lengths need no units; tried in Chromium."""
    name = _OTHER_NAMES.get(name, name)
    needs_units = name in _SHORTHANDS or name in ("transform", "transform-origin")
    return tuple(_expand(name, value, is_attribute=not needs_units))


@lru_cache(maxsize=8192)
def expand_attribute(name: str, value: str) -> tuple[tuple[str, str], ...]:
    """Return what an attribute says about style; nothing if it says nothing about it, or is invalid."""
    if name in _CSS_ALONE or name not in PROPERTIES:
        return ()
    return tuple(_expand(name, value, is_attribute=True))


def _expand(name: str, value: str, *, is_attribute: bool) -> Iterator[tuple[str, str]]:
    keyword = value.strip().lower()
    if name in PROPERTIES:
        if keyword in WIDE_KEYWORDS:
            yield name, keyword
        elif (parsed := PROPERTIES[name].parse(value, is_attribute)) is not None:
            yield name, parsed
        return
    shorthand = _SHORTHANDS.get(name)
    if shorthand is None:
        return
    names, read = shorthand
    if keyword in WIDE_KEYWORDS:
        yield from ((longhand, keyword) for longhand in names)
    else:
        yield from read(value)


def _read_marker(value: str) -> Iterable[tuple[str, str]]:
    parsed = _reference(value, _IN_CSS)
    return [(name, parsed) for name in _MARKERS] if parsed else []


def _read_background(value: str) -> Iterable[tuple[str, str]]:
    tokens = parse_component_value_list(value, skip_comments=True)
    colours = [text for token in tokens if read_colour(text := token.serialize()) is not None]
    functions = [token.serialize() for token in tokens if token.type == "function"]
    if functions and not colours:
        yield "background-image", functions[0]
    if colours or functions or value.strip().lower() == "none":
        yield "background-color", colours[0] if colours else "transparent"


def _read_animation(value: str) -> Iterable[tuple[str, str]]:
    yield "animation-name", value


def _read_font(value: str) -> Iterable[tuple[str, str]]:
    """Read a shorthand such as `italic bold 14px/1.2 "Noto Sans", serif`."""
    tokens = without_space(parse_component_value_list(value))
    longhands = {name: PROPERTIES[name].initial for name in _FONT}
    for place, token in enumerate(tokens):
        text = token.serialize()
        size = PROPERTIES["font-size"].parse(text, _IN_CSS)
        if size is not None and (token.type != "number" or token.value == 0):
            rest = tokens[place + 1 :]
            if rest and rest[0] == "/":
                rest = rest[2:]
            family = _families(rest)
            return {**longhands, "font-size": size, "font-family": family}.items() if family else ()
        name = next((name for name in _FONT[:4] if _font_word(name, text)), "")
        if not name:
            return ()
        longhands[name] = text.lower()
    return ()


def _font_word(name: str, text: str) -> bool:
    if name == "font-variant":
        return text.lower() in ("normal", "small-caps")
    return not text.endswith("%") and PROPERTIES[name].parse(text, _IN_CSS) is not None


def _families(tokens: list[Any]) -> str:
    return " ".join(token.serialize() for token in tokens).replace(" ,", ",")


_FONT = ("font-style", "font-variant", "font-weight", "font-stretch", "font-size", "font-family")
_MARKERS = ("marker-start", "marker-mid", "marker-end")
_SHORTHANDS: Mapping[str, tuple[tuple[str, ...], Callable[[str], Iterable[tuple[str, str]]]]] = {
    "animation": (("animation-name",), _read_animation),
    "-webkit-animation": (("animation-name",), _read_animation),
    "background": (("background-color", "background-image"), _read_background),
    "font": (_FONT, _read_font),
    "marker": (_MARKERS, _read_marker),
}


def split_list(value: str) -> list[str]:
    """Return the parts of a list with commas or white space between them; functions stay whole."""
    if "(" not in value:
        return value.replace(",", " ").split()
    tokens = without_space(parse_component_value_list(value))
    return [token.serialize() for token in tokens if token != ","]  # noqa: S105  no password


def decoration_lines(value: str) -> str:
    """Return the lines of a text decoration that are drawn, without what they look like."""
    words = value.lower().split()
    return " ".join(line for line in _DECORATIONS if line in words) or "none"


def read_families(value: str) -> list[tuple[str, bool]]:
    """Return the names of a list of font families, and whether each is a generic one."""
    families = []
    for tokens in split_at_commas(parse_component_value_list(value, skip_comments=True)):
        words = without_space(tokens)
        if len(words) == 1 and words[0].type == "string":
            families.append((str(words[0].value), False))
        elif words and all(word.type == "ident" for word in words):
            name = " ".join(str(word.value) for word in words)
            families.append((name, name.lower() in GENERIC_FAMILIES))
    return families


GENERIC_FAMILIES = frozenset(
    {
        "serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "ui-serif", "ui-sans-serif",
        "ui-monospace", "ui-rounded", "math", "emoji", "fangsong", "-apple-system", "blinkmacsystemfont",
    }
)  # fmt: skip


def _target(match: re.Match[str]) -> str:
    """Return the id that a reference names."""
    return next(part for part in match.groups()[:3] if part is not None)
