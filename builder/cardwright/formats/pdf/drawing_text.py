"""Text in SVG drawings: how large its smallest type is, and how to keep it from being read as text.

Loaded with the first drawing that may have text.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from cardwright.collection.content import MediaFile
from cardwright.source.picture_size import picture_size, svg_root_with_size

# The engine's default, in px. Source: usvg, `Options::font_size`.
_DEFAULT_SIZE = 12.0
# Source: CSS Fonts 4, section 2.5; CSS Values and Units 3, section 6.2. Both in px.
_KEYWORDS = {
    "xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0,
    "xx-large": 32.0,
}  # fmt: skip
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}
_SIZE = re.compile(r"([0-9]*\.?[0-9]+)(px|pt|pc|in|cm|mm|em|rem|ex|%|)")
_IN_FONT = re.compile(
    r"(?:^|\s)((?:[0-9]*\.?[0-9]+(?:px|pt|pc|in|cm|mm|em|rem|ex|%))|(?:xx?-)?(?:small|large)|medium)(?:\s*/|\s)"
)
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
# Only the last part of a selector counts, such as `text`, `.label`, `#title` and `text.label`.
_COMBINATOR = re.compile(r"[\s>+~]+")
_SELECTOR = re.compile(r"(\*|[A-Za-z]\w*)?((?:[.#][\w-]+)*)")
_TRANSFORM = re.compile(r"(matrix|scale|rotate|translate|skewX|skewY)\s*\(([^()]*)\)")
_NUMBER = re.compile(r"[-+]?(?:[0-9]*\.[0-9]+|[0-9]+\.?)(?:[eE][-+]?[0-9]+)?")
# What is drawn elsewhere and in another size, or not at all.
_NOT_DRAWN = frozenset(
    {"defs", "symbol", "clipPath", "mask", "pattern", "marker", "title", "desc", "metadata", "style"}
)
_TEXT_ELEMENTS = frozenset({"text", "tspan", "textPath", "a"})

# Typst draws text in an SVG as text, but what has a filter as a bitmap of four pixels to a unit; in an
# isolated group units are those of the group. So the whole drawing is put into one of so many units, which is
# fine enough for any printer; what is not text keeps its outlines.
# Source: krilla-svg, crates/krilla-svg/src/filter.rs, `raster_scale`, measured.
_UNITS_ACROSS = 500
_BITMAP_STYLE = (
    '<filter id="bitmap-of-text" x="-10%" y="-25%" width="120%" height="150%"'
    ' color-interpolation-filters="sRGB"><feOffset/></filter>'
    "<style>text{filter:url(#bitmap-of-text)}</style>"
)


@lru_cache(maxsize=256)
def smallest_text(file: MediaFile) -> float | None:
    """Return the size of the smallest type in a drawing as a share of its width; None if there is no text.

    What an element or a style says in a way that is not understood here counts as not said.
    """
    size = _size_if_it_has_text(file)
    if size is None:
        return None
    smallest = _TextFinder(file.data.decode("utf-8-sig", "replace"), size).find()
    return smallest / size[0] if smallest < math.inf else None


@lru_cache(maxsize=256)
def without_text_layer(file: MediaFile) -> MediaFile:
    """Return a drawing that looks the same, but whose text nobody can select, search or hear."""
    size = _size_if_it_has_text(file)
    if size is None:
        return file
    width, height = _UNITS_ACROSS, _UNITS_ACROSS * size[1] / size[0]
    root = svg_root_with_size(file.data, width, height).decode("utf-8-sig")
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]:.6g}" height="{size[1]:.6g}"'
        f' viewBox="0 0 {width} {height:.6g}" style="isolation:isolate">{_BITMAP_STYLE}{root}</svg>'
    )
    return MediaFile(f"untold-{file.name}", file.path, drawing.encode())


def _size_if_it_has_text(file: MediaFile) -> tuple[float, float] | None:
    """Return the width and height of a drawing that may have text; None for any other picture."""
    return picture_size(file.data) if file.name.endswith(".svg") and b"text" in file.data else None


@dataclass(frozen=True, slots=True)
class _Element:
    """An element that is open. size: of its type, in its own units. scale: of its units, in px."""

    size: float
    scale: float
    is_text: bool
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of a style. element: empty for any. names: of classes and ids. size: as it is written."""

    element: str
    names: frozenset[str]
    size: str


class _TextFinder:
    """Finds the smallest type in one drawing."""

    def __init__(self, text: str, size: tuple[float, float]) -> None:
        self._data = text.encode()
        self._picture_size = size
        self._rules: list[_Rule] = []
        self._open_elements = [_Element(_DEFAULT_SIZE, 1.0, is_text=False, is_drawn=True)]
        self._smallest = math.inf

    def find(self) -> float:
        """Return the size of the smallest type in px; infinite if there is no text."""
        self._rules = list(_read_rules(self._read_styles()))
        self._parse(self._open, lambda _name: self._open_elements.pop(), self._characters)
        return self._smallest

    def _parse(
        self,
        start: Callable[[str, dict[str, str]], object],
        end: Callable[[str], object],
        characters: Callable[[str], object],
    ) -> None:
        from xml.parsers import expat  # noqa: PLC0415  few decks have drawings

        parser = expat.ParserCreate("utf-8", " ")
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = characters
        # One that is no XML is reported by whoever draws it.
        with suppress(expat.ExpatError):
            parser.ParseFile(BytesIO(self._data))

    def _read_styles(self) -> str:
        """Return the style sheets of the drawing."""
        pieces: list[str] = []
        open_elements: list[str] = []

        def add(text: str) -> None:
            if open_elements and open_elements[-1].rpartition(" ")[2] == "style":
                pieces.append(text)

        if b"style" in self._data:
            self._parse(lambda name, _: open_elements.append(name), lambda _: open_elements.pop(), add)
        return "".join(pieces)

    def _open(self, full_name: str, attributes: Mapping[str, str]) -> None:
        name, outer = full_name.rpartition(" ")[2], self._open_elements[-1]
        style = _declarations(attributes.get("style", ""))
        size = outer.size
        styled_sizes = self._styled_sizes(name, attributes)
        for value in (attributes.get("font-size", ""), *styled_sizes, _font_size(style)):
            size = _parse_size(value, outer.size) or size
        is_hidden = "none" in (attributes.get("display"), style.get("display"))
        self._open_elements.append(
            _Element(
                size,
                outer.scale * self._scale(name, attributes),
                is_text=name in _TEXT_ELEMENTS and (outer.is_text or name == "text"),
                is_drawn=outer.is_drawn and name not in _NOT_DRAWN and not is_hidden,
            )
        )

    def _characters(self, text: str) -> None:
        element = self._open_elements[-1]
        if element.is_text and element.is_drawn and text.strip():
            self._smallest = min(self._smallest, element.size * element.scale)

    def _styled_sizes(self, name: str, attributes: Mapping[str, str]) -> list[str]:
        names = {
            f"#{attributes.get('id', '')}",
            *(f".{word}" for word in attributes.get("class", "").split()),
        }
        rules = (rule for rule in self._rules if rule.element in ("", "*", name))
        return [rule.size for rule in rules if names.issuperset(rule.names)]

    def _scale(self, name: str, attributes: Mapping[str, str]) -> float:
        """Return how many of the units around an element one of its own units is long."""
        scale = _transform_scale(attributes.get("transform", ""))
        if name != "svg":
            return scale
        box = [float(number) for number in _NUMBER.findall(attributes.get("viewBox", ""))]
        if len(box) != 4 or min(box[2:]) <= 0:
            return scale
        if len(self._open_elements) == 1:
            width, height = self._picture_size
        else:
            width, height = (
                _parse_size(attributes.get(key, ""), 0) or box[n] for n, key in ((2, "width"), (3, "height"))
            )
        return scale * min(width / box[2], height / box[3])


def _read_rules(css: str) -> Iterator[_Rule]:
    """Yield the rules of a style sheet that are about type."""
    for rule in _CSS_COMMENT.sub("", css).split("}"):
        selectors, _, style = rule.rpartition("{")
        if size := _font_size(_declarations(style)):
            for selector in selectors.split(","):
                match = _SELECTOR.fullmatch(_COMBINATOR.split(selector.strip())[-1])
                if match and match[0]:
                    yield _Rule(match[1] or "", frozenset(re.findall(r"[.#][\w-]+", match[2])), size)


def _declarations(style: str) -> dict[str, str]:
    pairs = (declaration.partition(":") for declaration in style.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _font_size(declarations: Mapping[str, str]) -> str:
    """Return the size that a style gives to type; empty if it gives none."""
    if size := declarations.get("font-size"):
        return size
    match = _IN_FONT.search(declarations.get("font", ""))
    return match[1] if match else ""


def _parse_size(text: str, outer: float) -> float:
    """Return a size of type, in units of the drawing; 0 if it is none. outer: the size around it."""
    text = text.partition("!")[0].strip().lower()
    if text in _KEYWORDS:
        return _KEYWORDS[text]
    match = _SIZE.fullmatch(text)
    if not match:
        return 0.0
    number, unit = float(match[1]), match[2]
    relative = {"em": outer, "rem": _DEFAULT_SIZE, "ex": outer / 2, "%": outer / 100}
    return number * (relative[unit] if unit in relative else _UNITS[unit])


def _transform_scale(transform: str) -> float:
    """Return by how much a transformation makes things larger, the mean of both directions."""
    scale = 1.0
    for function, text in _TRANSFORM.findall(transform):
        numbers = [float(number) for number in _NUMBER.findall(text)]
        if function == "scale" and numbers:
            scale *= math.sqrt(abs(numbers[0] * numbers[-1]))
        elif function == "matrix" and len(numbers) == 6:
            scale *= math.sqrt(abs(numbers[0] * numbers[3] - numbers[1] * numbers[2]))
    return scale
