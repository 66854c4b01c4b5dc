"""Labels in drawings that are pieces of a web page, and how to write them as plain text.

Programs such as draw.io write a label in HTML, and beside it as `<text>` for other readers, cut off after
its first line. The HTML says how wide the label is and how it is formatted, so its lines can be found again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from unicodedata import east_asian_width, normalize
from xml.sax.saxutils import escape, quoteattr

# Elements that are seen without any text in them.
_PICTURES = frozenset({"img", "image", "svg", "canvas", "video", "iframe", "object", "embed", "input", "hr"})
# Elements whose text is no plain line.
_NOT_PLAIN = frozenset({"sub", "sup", "table", "ul", "ol", "li", "math", "ruby", "pre"}) | _PICTURES
_LINES = frozenset({"br", "div", "p", "h1", "h2", "h3", "h4", "h5", "h6"})
_FORMATS = {
    "b": ("font-weight", "bold"),
    "strong": ("font-weight", "bold"),
    "i": ("font-style", "italic"),
    "em": ("font-style", "italic"),
    "u": ("text-decoration", "underline"),
    "s": ("text-decoration", "line-through"),
}
_FORMATTED = ("color", "font-size", "font-style", "font-weight")
_SEEN = re.compile(r"(?:backdrop-filter|background|border|box-shadow|filter|outline)[\w-]*\Z")
_LINE_HEIGHT = 1.2  # of the font size; what draw.io writes
_BOLD = 1.07  # times as wide, about
# The widths of the characters from U+0020 to U+007E in Helvetica, in thousandths of the font size.
# Source: Adobe, Font Metrics for PDF Core 14 Fonts.
_WIDTHS = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722,
    278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278,
    469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333,
    500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
]  # fmt: skip


@dataclass(slots=True)
class Label:
    """A piece of a web page within a drawing, as far as it can be text.

    has_pictures: whether something is seen that is no text.
    has_style: whether it has colours or lines around it.
    is_plain: whether it can be lines of text.
    width: of its lines, in px; None for lines that are as long as their text.
    """

    has_pictures: bool = False
    has_style: bool = False
    is_plain: bool = True
    width: float | None = None
    _pieces: list[str] = field(default_factory=list)
    _wraps: bool = False
    _place: str = "center"
    _formats: list[dict[str, str]] = field(default_factory=list)
    _open: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return all of its text, with a line break where it has one."""
        return "".join(self._pieces)

    @property
    def is_empty(self) -> bool:
        return not self.text.strip() and not self.has_pictures

    @property
    def has_formats(self) -> bool:
        """Return whether parts of the text look different from others."""
        return len(self._formats) > 1

    def open(self, name: str, attributes: Mapping[str, str]) -> None:
        """Enter an element. name: in lower case."""
        style = _declarations(attributes.get("style", ""))
        self.has_pictures |= name in _PICTURES
        self.is_plain &= name not in _NOT_PLAIN
        self.has_style |= any(_SEEN.match(key) for key in style)
        if self.width is None and style.get("width", "").endswith("px"):
            self.width = _number(style["width"])
        self._wraps |= style.get("white-space") == "normal"
        self._place = style.get("align-items", self._place).rpartition(" ")[2]
        own = dict(self._open[-1][1]) if self._open else {}
        if name in _FORMATS:
            own.update([_FORMATS[name]])
        if name in ("font", "span"):
            own.update({key: style[key] for key in _FORMATTED if key in style})
            if "color" in attributes:
                own["color"] = attributes["color"]
        self._open.append((name, own))
        if name in _LINES:
            self._pieces.append("\n")

    def characters(self, text: str) -> None:
        self._pieces.append(text.replace("\n", " "))
        if text.strip():
            style = self._open[-1][1] if self._open else {}
            if style not in self._formats[-1:]:
                self._formats.append(style)

    def close(self) -> None:
        name, _ = self._open.pop()
        if name in _LINES - {"br"}:
            self._pieces.append("\n")

    def as_text(self, attributes: Mapping[str, str], substitute: str) -> str | None:
        """Return what is to stand in a `<text>` that shows the same; None if none does.

        attributes, substitute: of the `<text>` that the program wrote for other readers, and its text.
        """
        if not self.is_plain:
            return None
        style = self._formats[0] if self._formats and not self.has_formats else {}
        size = _number(style.get("font-size", "")) or _number(attributes.get("font-size", ""))
        is_bold = "bold" in (style.get("font-weight"), attributes.get("font-weight"))
        lines = [" ".join(line.split()) for line in self.text.split("\n") if line.strip()]
        if self._wraps and self.width and size:
            width = self.width / (size * (_BOLD if is_bold else 1))
            lines = [part for line in lines for part in _wrapped(line, width)]
        if lines == [" ".join(substitute.split())] and not style:
            return substitute
        if "x" not in attributes or not size:
            return None
        return _written(lines, attributes["x"], size, self._place, style)


def _written(lines: Sequence[str], left: str, size: float, place: str, style: Mapping[str, str]) -> str:
    """Return the lines of a label. place: of the one line for which the `<text>` has its place."""
    above = {"flex-start": 0.0, "flex-end": len(lines) - 1.0}.get(place, (len(lines) - 1) / 2)
    attributes = {"fill" if key == "color" else key: value for key, value in style.items()}
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    height = _LINE_HEIGHT * size
    steps = [0.0 - above * height] + [height] * (len(lines) - 1)
    return "".join(
        f'<tspan x={quoteattr(left)} dy="{step:.6g}"{written}>{escape(line)}</tspan>'
        for line, step in zip(lines, steps, strict=True)
    )


def _wrapped(line: str, width: float) -> list[str]:
    """Return a line as several ones, as a browser wraps it. width: as a multiple of the font size."""
    lines: list[str] = []
    current = ""
    for word in re.findall(r"[^\s-]+-*\s*|-+\s*", line):
        if current and _width((current + word).rstrip()) > width:
            lines.append(current.rstrip())
            current = ""
        current += word
    return [*lines, current.rstrip()]


def _width(text: str) -> float:
    """Return about how wide a text is, as a multiple of the font size."""
    return sum(map(_character_width, normalize("NFC", text))) / 1000


def _character_width(character: str) -> int:
    base = ord(normalize("NFD", character)[0])
    if 0x20 <= base <= 0x7E:
        return _WIDTHS[base - 0x20]
    return 1000 if east_asian_width(character) in "FW" else 556


def _declarations(style: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return {key.strip().lower(): value.strip() for key, value in pairs}


def _number(length: str) -> float:
    """Return a length in px; 0 for any other."""
    match = re.fullmatch(r"\s*([0-9.]+)(?:px)?\s*", length)
    return float(match[1]) if match else 0.0
