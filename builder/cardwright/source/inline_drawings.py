"""Reads the drawings that stand in card templates as `<svg>`.

Loaded with the first one. A drawing in a page is part of the page, so it is read more strictly than a file:
of elements that only draw, written as XML, so that a browser that reads it as HTML comes to the same.
"""

import hashlib
import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from cardwright.collection.content import Image, MediaFile
from cardwright.collection.template import Attributes
from cardwright.source.svg import UnreadableSvgError, read_drawing

_NAMESPACE = "http://www.w3.org/2000/svg"
_ELEMENTS = frozenset(
    {"svg", "g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "stop"}
    | {"linearGradient", "radialGradient", "clipPath"}
)
_ATTRIBUTE = re.compile(r"(?!on)[a-zA-Z][a-zA-Z0-9-]*")
_ROOT_START = re.compile(r"<svg\b", re.IGNORECASE)
_ROOT_END = re.compile(r"</svg\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class InlineDrawing:
    """A drawing of a template. attributes: of its root, as a style sheet sees them."""

    picture: Image
    attributes: Attributes


class UnfitDrawingError(Exception):
    """Raised for a drawing that a template can't have. Its text can follow "the drawing has"."""


def find_drawing(piece: str, start: int) -> str:
    """Return the drawing that begins at a place; empty if none begins or it doesn't end."""
    end = _ROOT_END.search(piece, start) if _ROOT_START.match(piece, start) else None
    return piece[start : end.end()] if end else ""


def read_inline_drawing(markup: str, css: str, path: str) -> InlineDrawing:
    """Read a drawing. css: of the note type, which styles it too. path: of the file that it stands in.

    Raises UnfitDrawingError.
    """
    if match := re.search(r"<[!?]|</?[A-Za-z]+:", markup):
        raise UnfitDrawingError(f"`{match[0]}`")
    start_tag = markup[: markup.find(">")]
    if start_tag.count('"') % 2 or start_tag.count("'") % 2:
        raise UnfitDrawingError("`>` in its first tag")
    if "xmlns=" not in start_tag:
        markup = f'{markup[:4]} xmlns="{_NAMESPACE}"{markup[4:]}'
    try:
        root = ET.fromstring(markup)  # noqa: S314  no declarations, see above
        drawing = read_drawing(path, markup.encode())
    except (ET.ParseError, UnreadableSvgError) as error:
        raise UnfitDrawingError("a mistake in its markup") from error
    for element in root.iter():
        name = element.tag.removeprefix(f"{{{_NAMESPACE}}}")
        if name not in _ELEMENTS or (name == "svg" and element is not root):
            raise UnfitDrawingError(f"`<{name.rpartition('}')[2]}>`")
        if unfit := next((name for name in element.attrib if not _ATTRIBUTE.fullmatch(name)), None):
            raise UnfitDrawingError(f"`{unfit.rpartition('}')[2]}`")
        if "".join((element.text or "", *(child.tail or "" for child in element))).strip():
            raise UnfitDrawingError("text")
    if drawing.problems:
        raise UnfitDrawingError(drawing.problems[0].description)
    body = markup.find(">") + 1
    data = f"{markup[:body]}<style>{escape(css)}</style>{markup[body:]}".encode() if css else markup.encode()
    name = f"inline-{hashlib.sha256(data).hexdigest()[:12]}.svg"
    words = root.get("aria-label", "")
    return InlineDrawing(Image(MediaFile(name, path, data), words), tuple(root.attrib.items()))
