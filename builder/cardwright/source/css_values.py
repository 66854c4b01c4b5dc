"""Values of CSS that decide how a text looks: lengths in pixels, colours, and shorthands taken apart.

Sources: CSS Values and Units 4, CSS Fonts 4, CSS Text 4, CSS Color 5, and what Chromium takes.
"""

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

import tinycss2

from cardwright.source.colours import read_colour
from cardwright.source.css_tokens import WIDE_KEYWORDS, split_at_commas, without_space
from cardwright.source.lengths import Units, read_font_size

_Expand: TypeAlias = Callable[[str], Iterator[tuple[str, str]]]
"""Yields the longhands of a value of one property."""

VIEWPORT = (800.0, 600.0)
"""Of a window of Anki on a computer, in px."""

ROOT_SIZE = 15.0
"""Of the type of Anki's window, in px. Source: Anki, ts/lib/sass/_root-vars.scss, `font-size`."""
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
    if whole is None and "%" in value:
        return None
    return _units(em).with_reference(whole or 0).length(value, "x")


def font_size(value: str, outer: float) -> float | None:
    """Return the size of type that a value of `font-size` means, in px. outer: that of the element around."""
    return read_font_size(value, _units(outer))


def _units(em: float) -> Units:
    return Units(font_size=em, root_font_size=ROOT_SIZE, view=VIEWPORT)


def font_weight(value: str, outer: float) -> float:
    """Return the weight that a value of `font-weight` means. outer: that of the element around."""
    if value == "bolder":
        return 400 if outer < 350 else 700 if outer < 550 else 900
    if value == "lighter":
        return 100 if outer < 550 else 400 if outer < 750 else 700
    return {"normal": 400.0, "bold": 700.0}.get(value) or float(value)


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


def _colour(name: str) -> _Expand:
    return lambda value: iter([(name, value.lower())] if read_colour(value) is not None else [])


def _as_written(name: str) -> _Expand:
    return lambda value: iter([(name, value)])


def _background(value: str) -> Iterator[tuple[str, str]]:
    """Take `background` apart. Its last layer may have a colour."""
    layers = split_at_commas(tinycss2.parse_component_value_list(value, skip_comments=True))
    words = [[tinycss2.serialize([token]) for token in without_space(layer)] for layer in layers]
    colours = [word for word in words[-1] if word != "/" and read_colour(word) is not None]
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
    if all(read_colour(word) is not None or to_pixels(word, 16, 16) is not None for word in others):
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


_HANDLERS: dict[str, _Expand] = {
    "font": _font,
    "font-weight": _font_weight,
    "font-style": _font_style,
    "font-size": _font_size,
    "color": _colour("color"),
    "text-fill-color": _colour("text-fill-color"),
    "background-color": _colour("background-color"),
    "background": _background,
    "text-decoration": _text_decoration,
    "text-decoration-line": _text_decoration_line,
    "list-style": _list_style,
    "list-style-type": _as_written("list-style-type"),
    "content": _as_written("content"),
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
