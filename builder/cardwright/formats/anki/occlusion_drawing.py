"""The masks of image occlusion, drawn as SVG, as Anki's script draws them on its canvas.

Source: Anki, ts/routes/image-occlusion/review.ts and shapes/; rslib/src/image_occlusion/.
"""

import math
import re
from collections.abc import Mapping, Sequence
from html import escape

from cardwright.source.html_parsing import HtmlElement, HtmlNode, elements

CANVAS_ID = "image-occlusion-canvas"

# In the order in which they are drawn. The names of states are those of `MaskedPicture`.
_STATES = {"cloze": "asked", "cloze-inactive": "hidden", "cloze-highlight": "outlined"}
_TURN = 10_000  # what Anki stores a full turn as
_DEFAULT_FILL = "#ffeba2"
_COLOUR = re.compile(r"#[0-9A-Fa-f]{3,8}|[A-Za-z]+|rgba?\([0-9., %]+\)")
_BORDER = re.compile(r"--(active|inactive|highlight)-shape-border\s*:\s*([^\s;}]+)\s+([^;}]+)")
_FONT_SIZE = 40  # px; of a text that doesn't say

STYLE = """\
#image-occlusion-canvas { overflow: visible; }
#image-occlusion-canvas .mask { vector-effect: non-scaling-stroke; }
""" + "".join(
    f"#image-occlusion-canvas .{state} {{\n"
    f"  fill: var(--mask-fill, var(--{name}-shape-color, {fill}));\n"
    f"  stroke: var(--{name}-shape-stroke, {stroke});\n"
    f"  stroke-width: var(--{name}-shape-stroke-width, 1px);\n"
    "}\n"
    for state, name, fill, stroke in (
        ("asked", "active", "#ff8e8e", "#212121"),
        ("hidden", "inactive", _DEFAULT_FILL, "#212121"),
        ("outlined", "highlight", "#ff8e8e00", "#ff8e8e"),
    )
)
"""CSS for the masks; a card's own gives them other colours by Anki's variables."""


def with_split_borders(css: str) -> str:
    """Return a card's CSS in which width and colour of masks' borders are variables of their own."""

    def split(match: re.Match[str]) -> str:
        name = f"--{match[1]}-shape-stroke"
        return f"{match[0]}; {name}-width: {match[2]}; {name}: {match[3]}"

    return _BORDER.sub(split, css)


def find_masks(nodes: Sequence[HtmlNode]) -> list[HtmlElement]:
    """Return the elements that stand for masks, in the order in which Anki draws them."""
    masks = [element for element in elements(nodes) if element.name == "div" and _state(element)]
    order = list(_STATES.values())
    return sorted(masks, key=lambda mask: order.index(_state(mask)))


def hides_all(masks: Sequence[HtmlElement]) -> bool:
    """Return whether the other masks of a picture are hidden with the one that is asked for."""
    return any(mask.attributes.get("data-occludeinactive") == "1" for mask in masks)


def _state(element: HtmlElement) -> str:
    classes = element.attributes.get("class", "").split()
    if "data-shape" not in element.attributes:
        return ""
    return next((state for name, state in _STATES.items() if name in classes), "")


def drawing(masks: Sequence[HtmlElement], width: float, height: float) -> str:
    """Return masks as an SVG that lies over a picture. width, height: of the picture, in px."""
    drawn = "".join(_drawn(mask, width, height) for mask in masks)
    return (
        f'<svg id="{CANVAS_ID}" viewBox="0 0 {width:g} {height:g}" preserveAspectRatio="none"'
        f' xmlns="http://www.w3.org/2000/svg" aria-hidden="true">{drawn}</svg>'
    )


def _drawn(mask: HtmlElement, width: float, height: float) -> str:
    state = _state(mask)
    shape = {key.removeprefix("data-"): value for key, value in mask.attributes.items()}
    if state == "hidden" and shape.get("occludeinactive") != "1":
        return ""
    left, top = width * _number(shape, "left"), height * _number(shape, "top")
    turn = _turn(shape, left, top)
    if shape["shape"] == "text":
        return _text(shape, left, top, height, turn)
    look = f'class="mask {state}"{turn}{_fill(shape) if state == "hidden" else ""}'
    match shape["shape"]:
        case "rect":
            size = f'width="{width * _size(shape, "width"):g}" height="{height * _size(shape, "height"):g}"'
            return f'<rect {look} x="{left:g}" y="{top:g}" {size}/>'
        case "ellipse":
            rx, ry = width * _size(shape, "rx"), height * _size(shape, "ry")
            return f'<ellipse {look} cx="{left + rx:g}" cy="{top + ry:g}" rx="{rx:g}" ry="{ry:g}"/>'
        case "polygon":
            return f'<polygon {look} points="{_points(shape, left, top, width, height)}"/>'
        case _:
            return ""


def _points(shape: Mapping[str, str], left: float, top: float, width: float, height: float) -> str:
    """Return the corners of a polygon, which are moved until their box begins at left and top."""
    pairs = (point.partition(",") for point in shape.get("points", "0,0").split())
    corners = [(width * _float(x), height * _float(y)) for x, _, y in pairs]
    if not corners:
        return ""
    right, down = left - min(x for x, _ in corners), top - min(y for _, y in corners)
    return " ".join(f"{x + right:g},{y + down:g}" for x, y in corners)


def _text(shape: Mapping[str, str], left: float, top: float, height: float, turn: str) -> str:
    """Return a text on a picture: black on white, if it doesn't say otherwise."""
    scale = _number(shape, "scale") or 1
    size = scale * (height * _number(shape, "font-size") or _FONT_SIZE)
    colour = shape.get("fill", "")
    style = (
        f"font: {size:g}px/1 Arial; padding: 0 {5 * scale:g}px {5 * scale + 0.08 * size:g}px 0;"
        " display: inline-block; white-space: pre; background: #fff;"
        f" color: {colour if _COLOUR.fullmatch(colour) else '#000'}"
    )
    words = escape(shape.get("text", ""), quote=False)
    return (
        f'<foreignObject{turn} x="{left:g}" y="{top:g}" width="1" height="1" style="overflow: visible">'
        f'<div style="{style}">{words}</div></foreignObject>'
    )


def _turn(shape: Mapping[str, str], left: float, top: float) -> str:
    """Return the attribute that turns a shape around its upper left corner."""
    angle = math.fmod(_number(shape, "angle"), _TURN) / _TURN * 360
    return f' transform="rotate({angle:g} {left:g} {top:g})"' if angle and shape["shape"] != "polygon" else ""


def _fill(shape: Mapping[str, str]) -> str:
    """Return the style of a hidden mask that has a colour of its own."""
    colour = shape.get("fill", _DEFAULT_FILL)
    own = colour.lower() != _DEFAULT_FILL and _COLOUR.fullmatch(colour)
    return f' style="--mask-fill: {colour}"' if own else ""


def _size(shape: Mapping[str, str], name: str) -> float:
    return max(_number(shape, name), 0)


def _number(shape: Mapping[str, str], name: str) -> float:
    return _float(shape.get(name, ""))


def _float(text: str) -> float:
    """Return a number, between -100,000 and 100,000; 0 for what is none."""
    try:
        value = float(text)
    except ValueError:
        return 0
    return min(max(value, -100_000), 100_000) if math.isfinite(value) else 0
