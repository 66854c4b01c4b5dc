"""Values of CSS that decide how a text looks: lengths in pixels, colours, and shorthands taken apart.

Sources: CSS Values and Units 4, CSS Fonts 4, CSS Text 4, CSS Color 5, and what Chromium takes.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import tinycss2

from cardwright.source.colours import read_colour
from cardwright.source.media_queries import split_at_commas

WIDE_KEYWORDS = frozenset({"inherit", "initial", "unset", "revert", "revert-layer"})
"""What every property can be."""

Rgba = tuple[float, float, float, float]
"""Red, green and blue of sRGB, 0 to 255, and the opacity, 0 to 1."""

VIEWPORT = (800.0, 600.0)
"""Of a window of Anki on a computer, in px."""

ROOT_SIZE = 15.0
"""Of the type of Anki's window, in px. Source: Anki, ts/lib/sass/_root-vars.scss, `font-size`."""
_PIXELS = {
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "q": 96 / 101.6,
    "rem": ROOT_SIZE,
    "rlh": 1.2 * ROOT_SIZE,
    "vw": VIEWPORT[0] / 100,
    "vi": VIEWPORT[0] / 100,
    "vh": VIEWPORT[1] / 100,
    "vb": VIEWPORT[1] / 100,
    "vmin": min(VIEWPORT) / 100,
    "vmax": max(VIEWPORT) / 100,
}
_EMS = {"em": 1.0, "ex": 0.5, "ch": 0.5, "cap": 0.7, "ic": 1.0, "lh": 1.2}
_FONT_SIZES = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
    "xxx-large": 48.0,
}
_FONT_STYLES = frozenset({"normal", "italic", "oblique"})
_FONT_WEIGHTS = frozenset({"normal", "bold", "bolder", "lighter"})
_LINES = frozenset(
    {"none", "underline", "overline", "line-through", "blink", "spelling-error", "grammar-error"}
)
_LINE_STYLES = frozenset({"solid", "double", "dotted", "dashed", "wavy", "auto", "from-font"})
_LIST_STYLE_WORDS = frozenset({"inside", "outside"})

# The properties whose values are one word of a list.
_KEYWORDS: dict[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "display": "none contents inline block inline-block flow-root list-item flex inline-flex grid"
        " inline-grid table inline-table table-row table-cell table-row-group table-header-group"
        " table-footer-group table-caption table-column table-column-group ruby ruby-text -webkit-box"
        " -webkit-inline-box math",
        "visibility": "visible hidden collapse",
        "text-align": "start end left right center justify match-parent -webkit-left -webkit-right"
        " -webkit-center",
        "text-transform": "none capitalize uppercase lowercase full-width full-size-kana",
        "white-space": "normal nowrap pre pre-wrap pre-line break-spaces",
        "position": "static relative absolute fixed sticky -webkit-sticky",
        "content-visibility": "visible hidden auto",
    }.items()
}
_CLIPPING = frozenset({"visible", "hidden", "clip", "scroll", "auto", "overlay"})


def to_pixels(value: str, em: float, whole: float | None = None) -> float | None:
    """Return a length in px; None if it is none.

    em: the size of the type, in px. whole: what a percentage is a part of, in px; None if it has no meaning.
    """
    try:
        return _sum(_significant(tinycss2.parse_component_value_list(value)), em, whole)
    except (IndexError, RecursionError, ZeroDivisionError, OverflowError):
        return None


def font_size(value: str, outer: float) -> float | None:
    """Return the size of type that a value of `font-size` means, in px. outer: that of the element around."""
    if value in ("smaller", "larger"):
        return outer / 1.2 if value == "smaller" else outer * 1.2
    size = _FONT_SIZES.get(value) or to_pixels(value, outer, outer)
    return size if size is not None and size >= 0 else None


def font_weight(value: str, outer: float) -> float:
    """Return the weight that a value of `font-weight` means. outer: that of the element around."""
    if value == "bolder":
        return 400 if outer < 350 else 700 if outer < 550 else 900
    if value == "lighter":
        return 100 if outer < 550 else 400 if outer < 750 else 700
    return {"normal": 400.0, "bold": 700.0}.get(value) or float(value)


def to_rgba(value: str) -> Rgba | None:
    """Return a colour; None for that of the text around it, or if it is none."""
    colour = None if value == "currentcolor" else read_colour(value)
    if colour is None:
        return None
    return 255 * colour.red, 255 * colour.green, 255 * colour.blue, colour.alpha


# What a box's sides are called along the lines, and across; a card's lines are horizontal.
_LOGICAL = {
    f"{prefix}{logical}-size": f"{prefix}{physical}"
    for prefix in ("", "max-")
    for logical, physical in (("inline", "width"), ("block", "height"))
} | {"overflow-inline": "overflow-x", "overflow-block": "overflow-y"}


def expand(name: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield the longhands of a declaration that decide how a text looks; nothing if the value is invalid."""
    value = value.strip()
    lower = value.lower()
    name = name.removeprefix("-webkit-") if name in _PREFIXED else _LOGICAL.get(name, name)
    if lower in WIDE_KEYWORDS:
        yield from ((longhand, lower) for longhand in _LONGHANDS.get(name, (name,)))
    elif name in _KEYWORDS:
        if (word := _DISPLAYS.get(lower, lower) if name == "display" else lower) in _KEYWORDS[name]:
            yield name, word
    elif handler := _HANDLERS.get(name):
        yield from handler(value)
    else:
        yield name, lower


def is_valid(name: str, value: str) -> bool:
    """Return whether a browser takes a declaration. Of a property that doesn't matter here it is assumed."""
    return any(True for _ in expand(name, value))


def _font(value: str) -> Iterator[tuple[str, str]]:
    """Take `font` apart. All that it does not say becomes normal."""
    words = _words(value)
    style, weight = "normal", "normal"
    for index, word in enumerate(words):
        size = word.partition("/")[0]
        if word in _FONT_STYLES - {"normal"}:
            style = word
        elif word in _FONT_WEIGHTS - {"normal"} or re.fullmatch(r"\d+(?:\.\d+)?", word):
            weight = word
        elif _is_font_size(size):
            if index + 1 < len(words):
                yield from (("font-style", style), ("font-weight", weight), ("font-size", size))
            return


def _font_weight(value: str) -> Iterator[tuple[str, str]]:
    word = value.lower()
    if word in _FONT_WEIGHTS or (re.fullmatch(r"\d+(?:\.\d+)?", word) and 1 <= float(word) <= 1000):
        yield "font-weight", word


def _font_style(value: str) -> Iterator[tuple[str, str]]:
    if (words := value.lower().split()) and words[0] in _FONT_STYLES:
        yield "font-style", words[0]


def _font_size(value: str) -> Iterator[tuple[str, str]]:
    if _is_font_size(value.lower()):
        yield "font-size", value.lower()


def _is_font_size(word: str) -> bool:
    is_number = re.fullmatch(r"[-+]?\d*\.?\d+", word) is not None and float(word) != 0
    return not is_number and font_size(word, ROOT_SIZE) is not None


def _colour(value: str) -> Iterator[tuple[str, str]]:
    if _is_colour(value):
        yield "color", value.lower()


def _text_fill(value: str) -> Iterator[tuple[str, str]]:
    if _is_colour(value):
        yield "text-fill-color", value.lower()


def _background_colour(value: str) -> Iterator[tuple[str, str]]:
    if _is_colour(value):
        yield "background-color", value.lower()


def _is_colour(value: str) -> bool:
    return read_colour(value) is not None


def _background(value: str) -> Iterator[tuple[str, str]]:
    """Take `background` apart. Its last layer may have a colour."""
    layers = split_at_commas(tinycss2.parse_component_value_list(value, skip_comments=True))
    words = [[tinycss2.serialize([token]) for token in _significant(layer)] for layer in layers]
    colours = [word for word in words[-1] if word != "/" and _is_colour(word)]
    images = [
        word for layer in words for word in layer if re.match(r"(?:[-\w]*gradient|url|image)\w*\(", word)
    ]
    yield "background-color", colours[0].lower() if colours else "transparent"
    yield "background-image", images[0] if images else "none"
    yield "background-clip", "text" if "text" in words[-1] else "border-box"


def _text_decoration(value: str) -> Iterator[tuple[str, str]]:
    words = value.lower().split()
    lines = [word for word in words if word in _LINES]
    others = [word for word in _words(value) if word not in _LINES | _LINE_STYLES]
    if all(_is_colour(word) or to_pixels(word, 16, 16) is not None for word in others):
        yield "text-decoration-line", " ".join(lines) or "none"


def _text_decoration_line(value: str) -> Iterator[tuple[str, str]]:
    if value.split() and all(word in _LINES for word in value.lower().split()):
        yield "text-decoration-line", value.lower()


def _list_style(value: str) -> Iterator[tuple[str, str]]:
    words = _words(value, lower=False)
    types = [
        word
        for word in words
        if word.lower() not in _LIST_STYLE_WORDS and not word.lower().startswith("url(")
    ]
    yield "list-style-type", types[0] if types else "disc"


def _list_style_type(value: str) -> Iterator[tuple[str, str]]:
    yield "list-style-type", value


def _content(value: str) -> Iterator[tuple[str, str]]:
    yield "content", value


def _overflow(value: str) -> Iterator[tuple[str, str]]:
    words = value.lower().split()
    if words and all(word in _CLIPPING for word in words):
        yield from (("overflow-x", words[0]), ("overflow-y", words[-1]))


def _inset(value: str) -> Iterator[tuple[str, str]]:
    return zip(_LONGHANDS["inset"], _four_sides(value), strict=False)


def _margin(value: str) -> Iterator[tuple[str, str]]:
    return zip(_LONGHANDS["margin"], _four_sides(value), strict=False)


def _four_sides(value: str) -> list[str]:
    """Return the values for top, right, bottom and left that one to four words mean."""
    words = _words(value)
    if not 1 <= len(words) <= 4:
        return []
    top, right = words[0], words[1 % len(words)]
    return [top, right, words[2] if len(words) > 2 else top, words[3] if len(words) > 3 else right]


_HANDLERS: dict[str, Callable[[str], Iterator[tuple[str, str]]]] = {
    "font": _font,
    "font-weight": _font_weight,
    "font-style": _font_style,
    "font-size": _font_size,
    "color": _colour,
    "text-fill-color": _text_fill,
    "background-color": _background_colour,
    "background": _background,
    "text-decoration": _text_decoration,
    "text-decoration-line": _text_decoration_line,
    "list-style": _list_style,
    "list-style-type": _list_style_type,
    "content": _content,
    "overflow": _overflow,
    "inset": _inset,
    "margin": _margin,
}
_ALL = (
    *(*_KEYWORDS, "font-style", "font-weight", "font-size", "color", "text-fill-color", "opacity"),
    *("background-color", "background-image", "background-clip", "text-decoration-line", "vertical-align"),
    *(
        "list-style-type",
        "content",
        "overflow-x",
        "overflow-y",
        "transform",
        "filter",
        "clip-path",
        "text-indent",
    ),
)
_LONGHANDS = {
    "font": ("font-style", "font-weight", "font-size"),
    "background": ("background-color", "background-image", "background-clip"),
    "text-decoration": ("text-decoration-line",),
    "list-style": ("list-style-type",),
    "overflow": ("overflow-x", "overflow-y"),
    "all": _ALL,
    "inset": ("top", "right", "bottom", "left"),
    "margin": ("margin-top", "margin-right", "margin-bottom", "margin-left"),
}
_PREFIXED = frozenset(
    f"-webkit-{name}"
    for name in (
        "background-clip",
        "filter",
        "clip-path",
        "mask",
        "text-fill-color",
        "text-security",
        "transform",
    )
)
# What `display` may also say in two words. Source: CSS Display 3, 2.
_DISPLAYS = {
    "block flow": "block",
    "block flow-root": "flow-root",
    "inline flow": "inline",
    "flow": "block",
    "inline flow-root": "inline-block",
    "block flex": "flex",
    "inline flex": "inline-flex",
    "block grid": "grid",
    "inline grid": "inline-grid",
    "block table": "table",
    "inline table": "inline-table",
}


def _words(value: str, *, lower: bool = True) -> list[str]:
    """Return the words of a value, each function as one; a slash joins what is on both sides of it."""
    words: list[str] = []
    joins = False
    for part in tinycss2.parse_component_value_list(value, skip_comments=True):
        text = tinycss2.serialize([part])
        if part.type != "whitespace":
            is_slash = text == "/"
            text = text.lower() if lower else text
            words[-1:] = [f"{words[-1]}{text}"] if words and (joins or is_slash) else [*words[-1:], text]
            joins = is_slash
    return words


def _significant(tokens: Sequence[Any]) -> list[Any]:
    return [token for token in tokens if token.type not in ("whitespace", "comment")]


def _sum(parts: Sequence[Any], em: float, whole: float | None) -> float | None:
    """Return what a sum of products comes to."""
    products: list[tuple[float, list[Any]]] = [(1.0, [])]
    for part in parts:
        if part.type == "literal" and part.value in "+-":
            products.append((-1.0 if part.value == "-" else 1.0, []))
        else:
            products[-1][1].append(part)
    values = [(sign, _product(product, em, whole)) for sign, product in products]
    return (
        math.fsum(sign * value for sign, value in values if value is not None)
        if all(value is not None for _, value in values)
        else None
    )


def _product(tokens: Sequence[Any], em: float, whole: float | None) -> float | None:
    result = _operand(tokens[0], em, whole)
    for operator, token in zip(tokens[1::2], tokens[2::2], strict=False):
        value = _operand(token, em, whole)
        if result is None or value is None or operator not in ("*", "/"):
            return None
        result = result * value if operator == "*" else result / value
    return result if len(tokens) % 2 else None


def _operand(token: Any, em: float, whole: float | None) -> float | None:
    match token.type:
        case "number":
            return float(token.value)
        case "percentage":
            return None if whole is None else whole * token.value / 100
        case "dimension":
            unit = token.lower_unit
            if unit in _EMS:
                return float(token.value * _EMS[unit] * em)
            factor = _PIXELS.get(unit) or _PIXELS.get(unit[1:] if unit[:1] in "sld" else "")
            return None if factor is None else float(token.value * factor)
        case "() block":
            return _sum(_significant(token.content), em, whole)
        case "function":
            return _function(token, em, whole)
        case _:
            return None


def _function(token: Any, em: float, whole: float | None) -> float | None:
    values = [_sum(_significant(part), em, whole) for part in split_at_commas(token.arguments)]
    numbers = [value for value in values if value is not None]
    if len(numbers) < len(values):
        return None
    match token.lower_name:
        case "calc" if len(numbers) == 1:
            return numbers[0]
        case "min":
            return min(numbers)
        case "max":
            return max(numbers)
        case "clamp" if len(numbers) == 3:
            return max(numbers[0], min(numbers[1], numbers[2]))
        case "abs" if len(numbers) == 1:
            return math.fabs(numbers[0])
        case _:
            return None
