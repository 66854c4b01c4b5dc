"""Finds the size of a picture without decoding it, and writes the size into an SVG that has none."""

import re
import struct
from collections.abc import Mapping

Size = tuple[float, float]

MAX_SIDE = 16_384
"""The longest side in px: Chromium, in which Anki shows cards, draws on no larger canvas."""

_ROOT = re.compile(rb"""<!--.*?-->|<svg\b((?:[^>"']|"[^"]*"|'[^']*')*)>""", re.DOTALL)
_ATTRIBUTE = re.compile(rb"""\s(width|height|viewBox)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NUMBER = rb"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_LENGTH = re.compile(rb"\s*(" + _NUMBER + rb")\s*([a-zA-Z]*)\s*")
_FOUR_NUMBERS = re.compile(rb"\s*" + rb"[\s,]+".join([rb"(" + _NUMBER + rb")"] * 4) + rb"\s*")
# Source: CSS Values and Units 3, section 6.2: absolute lengths, in px.
_PIXELS = {b"": 1.0, b"px": 1.0, b"pt": 4 / 3, b"pc": 16.0, b"in": 96.0, b"cm": 96 / 2.54, b"mm": 96 / 25.4}
# The JPEG markers that begin a frame, which has the size. Source: ITU T.81, table B.1.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# How a photo is to be turned. Source: Exif 2.3, sections 4.5.4 and 4.6.4.
_APP1 = 0xE1
_EXIF = b"Exif\0\0"
_ORIENTATION = 0x112
_TURNED = range(5, 9)


def picture_size(data: bytes) -> Size | None:
    """Return width and height in pixels, of an SVG in CSS px; None if the picture doesn't say.

    Those of a photo that is shown turned are those that it is shown with.

    data: the whole file: PNG, JPEG, GIF, WebP or SVG. Nothing is decoded, so even a huge picture costs
        nothing.
    """
    size: Size | None
    try:
        if data.startswith(b"\x89PNG"):
            size = _png_size(data) if data[12:16] == b"IHDR" else None
        elif data.startswith(b"GIF8"):
            size = struct.unpack("<HH", data[6:10])
        elif data.startswith(b"\xff\xd8"):
            size = _jpeg_size(data)
        elif data.startswith(b"RIFF"):
            size = _webp_size(data)
        else:
            size = _svg_size(_root_attributes(data))
    except (struct.error, IndexError):
        return None
    return size if size is not None and min(size) > 0 else None


def with_explicit_size(svg: bytes) -> bytes:
    """Return an SVG with width and height in px at its root; unchanged if it has them already.

    Without them every viewer chooses a size of its own, and some choose none.
    """
    root, attributes = _root(svg), _root_attributes(svg)
    size = _svg_size(attributes)
    lengths = [attributes.get(name, b"") for name in (b"width", b"height")]
    if root is None or size is None or all(map(_pixels, lengths)):
        return svg
    other_attributes = _ATTRIBUTE.sub(lambda match: match[0] if match[1] == b"viewBox" else b"", root[1])
    size_attributes = b' width="%.6g" height="%.6g"' % size
    return svg[: root.start(1)] + size_attributes + other_attributes + svg[root.end(1) :]


def svg_root_with_size(svg: bytes, width: float, height: float) -> bytes:
    """Return the root element of an SVG, without what is before it, with another size but the same drawing.

    svg: one that says its size.
    """
    root, attributes, size = _root(svg), _root_attributes(svg), _svg_size(_root_attributes(svg))
    assert root is not None
    assert size is not None
    view_box = attributes.get(b"viewBox", b"0 0 %.6g %.6g" % size)
    size_attributes = b' width="%.6g" height="%.6g" viewBox="%b"' % (width, height, view_box)
    others = _ATTRIBUTE.sub(b"", root[1])
    return b"<svg" + others.rstrip(b"/") + size_attributes + svg[root.end(1) - others.endswith(b"/") :]


def _png_size(data: bytes) -> Size:
    """Read the header, and Exif if there is any. Source: PNG 3, sections 5.3 and 11.3.4.6."""
    width, height = struct.unpack(">II", data[16:24])
    offset = 33
    while (chunk := data[offset + 4 : offset + 8]) and chunk != b"IDAT":
        start, length = offset + 8, int.from_bytes(data[offset : offset + 4])
        if chunk == b"eXIf" and _is_shown_turned(data[start : start + length]):
            return height, width
        offset = start + length + 4
    return width, height


def _is_shown_turned(exif: bytes) -> bool:
    """Return whether a picture is shown turned by a quarter. Source: TIFF 6.0, section 2; Exif 2.3, 4.6.4."""
    order = "<" if exif.startswith(b"II") else ">"
    try:
        (directory,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, directory)
        for index in range(count):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", exif, directory + 2 + 12 * index)
            if tag == _ORIENTATION:
                return value in _TURNED
    except struct.error:  # damaged
        pass
    return False


def _jpeg_size(data: bytes) -> Size | None:
    """Read the first frame. Source: ITU T.81, sections B.1.1.2 and B.2.2."""
    offset = 2
    is_turned = False
    while data[offset] == 0xFF:
        marker = data[offset + 1]
        if marker == 0xFF:
            offset += 1
            continue
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", data[offset + 5 : offset + 9])
            return (height, width) if is_turned else (width, height)
        segment = data[offset + 4 : offset + 2 + int.from_bytes(data[offset + 2 : offset + 4])]
        if marker == _APP1 and segment.startswith(_EXIF):
            is_turned = _is_shown_turned(segment.removeprefix(_EXIF))
        offset += 2 + int.from_bytes(data[offset + 2 : offset + 4])
    return None


def _webp_size(data: bytes) -> Size | None:
    """Read the first chunk. Source: RFC 9649, sections 2.5 to 2.7."""
    match data[12:16]:
        case b"VP8X" if len(data) >= 30:
            return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
        case b"VP8L" if len(data) >= 25:
            bits = int.from_bytes(data[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = struct.unpack("<HH", data[26:30])
            return width & 0x3FFF, height & 0x3FFF
        case _:
            return None


def _root(svg: bytes) -> re.Match[bytes] | None:
    """Return the start tag of the root element; its attributes are group 1."""
    return next((match for match in _ROOT.finditer(svg) if match[1] is not None), None)


def _root_attributes(svg: bytes) -> dict[bytes, bytes]:
    root = _root(svg)
    attributes = _ATTRIBUTE.finditer(root[1]) if root is not None else ()
    return {match[1]: match[2] if match[2] is not None else match[3] for match in attributes}


def _svg_size(attributes: Mapping[bytes, bytes]) -> Size | None:
    """Return the size of an SVG. The view box gives a length that is missing or relative."""
    width, height = (_pixels(attributes.get(name, b"")) for name in (b"width", b"height"))
    box = _FOUR_NUMBERS.fullmatch(attributes.get(b"viewBox", b""))
    if box is None or min(float(box[3]), float(box[4])) <= 0:
        return (width, height) if width and height else None
    box_width, box_height = float(box[3]), float(box[4])
    if width:
        return width, height or width * box_height / box_width
    return (height * box_width / box_height, height) if height else (box_width, box_height)


def _pixels(length: bytes) -> float:
    """Return an absolute length in px; 0 for any other."""
    match = _LENGTH.fullmatch(length)
    return float(match[1]) * _PIXELS.get(match[2].lower(), 0.0) if match else 0.0
