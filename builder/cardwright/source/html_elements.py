"""Makes elements of the tags that texts and card templates may have.

An element is one of those in `collection/html_layout.py`. Of its attributes only those count that every
output can show: colours, alignment, a few styles, the address of a link, the first number of a list.
"""

import re
from collections.abc import Sequence

from cardwright.collection import content as c
from cardwright.collection import html_layout
from cardwright.collection.colour import BLACK, WHITE, Colour
from cardwright.collection.template import Element
from cardwright.source.css import parse_colour, parse_declarations
from cardwright.source.html_tags import WEB_ADDRESS, read_attributes

_SIDES = frozenset({"left", "center", "right"})
_BOLD_WEIGHTS = frozenset({"600", "700", "800", "900"})
# Values of colours, and of other properties, that leave a text as it is.
_NO_COLOURS = frozenset({"inherit", "initial", "unset", "currentcolor", "transparent", "windowtext", "none"})
_PLAIN_VALUES = frozenset({"normal", "inherit", "initial", "unset", "400", "none", "baseline", "start"})
_STYLES: dict[tuple[str, str], c.Wrapper] = {
    ("font-style", "italic"): c.Emphasis(()),
    ("font-style", "oblique"): c.Emphasis(()),
    ("text-decoration", "underline"): c.Styled("u", ()),
    ("text-decoration", "line-through"): c.Strikethrough(()),
    ("vertical-align", "sub"): c.Styled("sub", ()),
    ("vertical-align", "super"): c.Styled("sup", ()),
}
# Attributes that say what a property of CSS says.
_PROPERTIES = {"align": "text-align", "bgcolor": "background-color", "color": "color"}
# What takes the style of an element away.
_CAN_BE_UNDONE = {
    **dict.fromkeys(("b", "strong"), ("font-weight", "normal")),
    **dict.fromkeys(("i", "em"), ("font-style", "normal")),
    **dict.fromkeys(("u", "ins", "s", "del"), ("text-decoration", "none")),
}
_SHOWN_PROPERTIES = frozenset({name for name, _ in _STYLES} | {"font-weight", "text-align"})


def make_element(name: str, raw_attributes: str) -> tuple[Element, Sequence[str]]:
    """Return an element without its content, and what no output can show of its attributes.

    raw_attributes: what stands in its tag after the name.

    What cannot be shown is returned as it is written, properties of a style without their values.
    """
    looks = _Looks()
    value = ""
    for key, attribute, source in read_attributes(raw_attributes):
        if key == "style":
            for property_, declared in parse_declarations(attribute):
                looks.add(property_, declared, source=property_)
        elif key in _PROPERTIES:
            looks.add(_PROPERTIES[key], attribute.lower(), source=source)
        elif (name, key) == ("a", "href") and WEB_ADDRESS.fullmatch(attribute):
            looks.formats.append(c.Link(attribute, ()))
        elif (name, key) == ("ol", "start") and re.fullmatch("[0-9]{1,9}", attribute):
            value = attribute
        elif name != "a" or key not in ("rel", "target"):  # every output opens links in its own way
            looks.dropped.append(source)
    if name in _CAN_BE_UNDONE and _CAN_BE_UNDONE[name] in looks.undone:
        name = "span"  # such as the `<b style="font-weight: normal">` around what is copied from Google Docs
    if name in html_layout.INLINE:
        looks.drop_alignment()
    return Element(name, value, formats=looks.all_formats, alignment=looks.alignment), looks.dropped


class _Looks:
    """What the attributes of one tag make of its text."""

    def __init__(self) -> None:
        self.formats: list[c.Wrapper] = []
        self.alignment = ""
        self.dropped: list[str] = []
        self.undone: set[tuple[str, str]] = set()
        self._alignment_source = ""
        self._colour: Colour | None = None
        self._background: Colour | None = None

    def add(self, name: str, value: str, *, source: str) -> None:
        """Add a CSS property. value: in lower case. source: how to name it if it cannot be shown."""
        name = {"background": "background-color", "text-decoration-line": "text-decoration"}.get(name, name)
        if name in ("color", "background-color"):
            colour = parse_colour(value)
            if name == "color":
                self._colour = colour or self._colour
            else:
                self._background = colour or self._background
            is_known = colour is not None or value in _NO_COLOURS
        elif name == "text-align" and value in _SIDES:
            self.alignment, self._alignment_source = value, source
            is_known = True
        elif name == "font-weight" and (value in ("bold", "bolder") or value in _BOLD_WEIGHTS):
            self.formats.append(c.Strong(()))
            is_known = True
        elif (name, value) in _STYLES:
            self.formats.append(_STYLES[name, value])
            is_known = True
        else:
            is_known = value in _PLAIN_VALUES and name in _SHOWN_PROPERTIES
            self.undone.add((name, "normal" if value == "400" else value))
        if not is_known:
            self.dropped.append(source)

    def drop_alignment(self) -> None:
        """Drop the alignment, which is none of a part of a line."""
        if self.alignment:
            self.dropped.append(self._alignment_source)

    @property
    def all_formats(self) -> tuple[c.Wrapper, ...]:
        """The formats, the colours among them. Black on white is what every card has."""
        colour, background = self._colour, self._background
        if colour in (None, BLACK) and background in (None, WHITE):
            return tuple(self.formats)
        return (*self.formats, c.Coloured(colour, background, ()))
