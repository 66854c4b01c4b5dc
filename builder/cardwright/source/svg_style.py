"""Addresses in drawings, and fonts in their styles."""

import re
from base64 import b64decode
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

from cardwright.diagnostics.phrases import truncate
from cardwright.source.css import disallowed_parts

_ALLOWED_ADDRESS = re.compile(
    r"#|data:(?:image/(?:png|jpe?g|gif|webp)|font/|application/(?:x-)?font|application/vnd\.ms-fontobject"
    r"|application/octet-stream)",
    re.IGNORECASE,
)
_INNER_DRAWING = re.compile(r"data:image/svg\+xml([^,]*),", re.IGNORECASE)


def allowed_address(address: str) -> bool:
    """Return whether an address is a part of the drawing itself, or a bitmap or a font within it."""
    return not address or _ALLOWED_ADDRESS.match(address) is not None


def inner_drawing(address: str) -> bytes | None:
    """Return the drawing that an address holds; None if it holds none."""
    address = re.sub(r"[\t\n\r]", "", address).strip()  # as browsers do
    match = _INNER_DRAWING.match(address)
    if match is None:
        return None
    data = unquote_to_bytes(address[match.end() :])
    if not match[1].lower().endswith(";base64"):
        return data
    try:
        return b64decode(data)
    except ValueError:
        return None


def without_web_fonts(css: str) -> tuple[str, list[str]]:
    """Return a style without the fonts and style sheets that it would fetch, and what they are.

    A browser fetches nothing for a picture, so they change nothing of what is seen.
    Source: SVG Integration, section 3.5, "Secure static mode".
    """
    if "@" not in css and "\\" not in css:
        return css, []
    import tinycss2  # noqa: PLC0415  few drawings have such styles

    kept: list[Any] = []
    omitted: list[str] = []
    for node in tinycss2.parse_stylesheet(css):
        name = node.lower_at_keyword if node.type == "at-rule" else ""
        if name == "import":
            omitted.append("a style sheet from elsewhere (`@import`)")
        elif name == "font-face" and any(
            not allowed_address(address) for address in _addresses(node.content)
        ):
            omitted.append(f"a font from elsewhere (`{truncate(_family(node.content), 20)}`)")
        else:
            kept.append(node)
    return (tinycss2.serialize(kept) if omitted else css), omitted


def _addresses(content: Iterable[Any] | None) -> list[str]:
    from tinycss2 import serialize  # noqa: PLC0415  few drawings have such styles

    return [text for kind, text in disallowed_parts(serialize(content or ())) if kind == "address"]


def _family(content: Iterable[Any] | None) -> str:
    """Return the name of the font in a `@font-face`, as it is written."""
    from tinycss2 import parse_blocks_contents, serialize  # noqa: PLC0415  few drawings have such styles

    for declaration in parse_blocks_contents(content or ()):
        if declaration.type == "declaration" and declaration.lower_name == "font-family":
            return str(serialize(declaration.value)).strip("\"' \n")
    return "@font-face"
