"""How large a picture is, from its first bytes, and an SVG that says so itself."""

import re
import struct
from collections.abc import Mapping

Size = tuple[float, float]

LARGEST = 16_384
"""In px, of a side. Chromium, in which Anki shows cards, draws on no larger canvas."""

_ROOT = re.compile(rb"""<!--.*?-->|<svg\b((?:[^>"']|"[^"]*"|'[^']*')*)>""", re.DOTALL)
_ATTRIBUTE = re.compile(rb"""\s(width|height|viewBox)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NUMBER = rb"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_LENGTH = re.compile(rb"\s*(" + _NUMBER + rb")\s*([a-zA-Z]*)\s*")
_FOUR = re.compile(rb"\s*" + rb"[\s,]+".join([rb"(" + _NUMBER + rb")"] * 4) + rb"\s*")
# Source: CSS Values and Units 3, section 6.2: absolute lengths, in px.
_PIXELS = {b"": 1.0, b"px": 1.0, b"pt": 4 / 3, b"pc": 16.0, b"in": 96.0, b"cm": 96 / 2.54, b"mm": 96 / 25.4}
# Markers of JPEG that begin a frame, in which the size stands. Source: ITU T.81, table B.1.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def picture_size(data: bytes) -> Size | None:
    """Width and height in pixels, of an SVG in CSS's px; None when the picture does not say.

    data: the whole file: PNG, JPEG, GIF, WebP or SVG. Nothing is decoded, so a picture of any
    size costs nothing.
    """
    size: Size | None
    try:
        if data.startswith(b"\x89PNG"):
            size = struct.unpack(">II", data[16:24]) if data[12:16] == b"IHDR" else None
        elif data.startswith(b"GIF8"):
            size = struct.unpack("<HH", data[6:10])
        elif data.startswith(b"\xff\xd8"):
            size = _jpeg(data)
        elif data.startswith(b"RIFF"):
            size = _webp(data)
        else:
            size = _svg(_attributes(data))
    except (struct.error, IndexError):
        return None
    return size if size is not None and min(size) > 0 else None


def sized(svg: bytes) -> bytes:
    """An SVG with its width and height in px at its root; as it was where it says so already.

    Without them every viewer chooses a size of its own, and some choose none.
    """
    root, given = _root(svg), _attributes(svg)
    size = _svg(given)
    lengths = [given.get(name, b"") for name in (b"width", b"height")]
    if root is None or size is None or all(map(_pixels, lengths)):
        return svg
    kept = _ATTRIBUTE.sub(lambda found: found[0] if found[1] == b"viewBox" else b"", root[1])
    added = b' width="%.6g" height="%.6g"' % size
    return svg[: root.start(1)] + added + kept + svg[root.end(1) :]


def _jpeg(data: bytes) -> Size | None:
    """Source: ITU T.81, sections B.1.1.2 and B.2.2."""
    at = 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None


def _webp(data: bytes) -> Size | None:
    """Source: RFC 9649, sections 2.5 to 2.7."""
    match data[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = struct.unpack("<HH", data[26:30])
            return width & 0x3FFF, height & 0x3FFF
        case _:
            return None


def _root(svg: bytes) -> re.Match[bytes] | None:
    return next((found for found in _ROOT.finditer(svg) if found[1] is not None), None)


def _attributes(svg: bytes) -> dict[bytes, bytes]:
    root = _root(svg)
    found = _ATTRIBUTE.finditer(root[1]) if root is not None else ()
    return {one[1]: one[2] if one[2] is not None else one[3] for one in found}


def _svg(given: Mapping[bytes, bytes]) -> Size | None:
    """A length that is missing, or relative to what is around, follows from the view box."""
    width, height = (_pixels(given.get(name, b"")) for name in (b"width", b"height"))
    box = _FOUR.fullmatch(given.get(b"viewBox", b""))
    if box is None or min(float(box[3]), float(box[4])) <= 0:
        return (width, height) if width and height else None
    across, down = float(box[3]), float(box[4])
    if width:
        return width, height or width * down / across
    return (height * across / down, height) if height else (across, down)


def _pixels(length: bytes) -> float:
    """An absolute length in px; 0 for any other."""
    found = _LENGTH.fullmatch(length)
    return float(found[1]) * _PIXELS.get(found[2].lower(), 0.0) if found else 0.0
