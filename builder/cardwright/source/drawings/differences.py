"""What a browser shows of a drawing and paper does not, with a next step for the author."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cardwright.diagnostics.phrases import truncate


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is missing on paper. what: words that can follow "is printed without"."""

    what: str
    help: str


ANIMATION = Difference("its animation", "export it as it looks at one moment")
ANIMATED_STYLE = Difference("its animation (`@keyframes`)", ANIMATION.help)
BACKGROUND = Difference("its background (`background`)", "draw the background as a `<rect>`")
CLIP_SHAPE = Difference("a shape it is clipped to (`clip-path`)", "use a `<clipPath>` instead")
INNER_TEXT = Difference("the text of a drawing within it", "turn that text into paths when you export it")
LINE_STYLE = Difference("a wavy, dotted or double line at text", "draw the line as a path")
MASK_PICTURE = Difference("a gradient as its mask (`mask`)", "use a `<mask>` instead")
PATH_LENGTH = Difference("its lengths of dashes (`pathLength`)", "write `stroke-dasharray` without it")
OFFSET_PATH = Difference("a place along a path (`offset-path`)", "use `transform` instead")
STROKE_WIDTH = Difference(
    "lines of one width (`vector-effect`)", "leave it out, or stretch what it is in equally both ways"
)
TEXT_SHADOW = Difference("a shadow of text (`text-shadow`)", "use a filter, or leave it out")
TRANSFORM = Difference("a transformation (`transform`)", "write it as an attribute: `transform`")
TRANSFORM_BOX = Difference(
    "a turn about its own middle (`transform-box`)", "write where the middle is: `transform-origin`"
)
WEB_PAGE = Difference("a piece of a web page (`<foreignObject>`)", "write its text as `<text>`")

UNLIKE_FILTERS = frozenset({"feDisplacementMap", "feDiffuseLighting", "feSpecularLighting"})
"""The filters that the engine draws otherwise than browsers do; tried."""


def style_differences(values: Mapping[str, str]) -> Iterator[Difference]:
    """Yield what paper does not show of the style of one element, whatever is around it."""
    if values.get("text-shadow", "none").lower() != "none":
        yield TEXT_SHADOW
    if values.get("offset-path", "none").lower() != "none":
        yield OFFSET_PATH
    if re.search(r"\b(wavy|dotted|dashed|double)\b", values.get("text-decoration", "")):
        yield LINE_STYLE


def unlike_filter(tag: str) -> Difference:
    return Difference(f"the exact effect of a filter (`<{tag}>`)", "export a PNG, or leave the filter out")


def unknown_style(written: str) -> Difference:
    return Difference(
        f"a style that isn't understood (`{truncate(written, 16)}`)", "style it with plain attributes instead"
    )


def embedded_font(name: str) -> Difference:
    return Difference(
        f"its own font `{truncate(name, 16)}`",
        "turn its text into paths when you export it, or name a usual font",
    )
