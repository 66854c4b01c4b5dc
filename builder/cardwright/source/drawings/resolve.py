"""Resolves the style of a drawing, as a browser does, to plain attributes of each of its elements.

The PDF engine reads plain attributes well, but little CSS. What neither it nor this module can draw is
listed for the author.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from cssselect2 import ElementWrapper

from cardwright.source.colours import read_colour
from cardwright.source.drawings import differences, properties
from cardwright.source.drawings.differences import Difference
from cardwright.source.drawings.properties import GEOMETRY, GEOMETRY_NAMES, PROPERTIES
from cardwright.source.drawings.shapes import box_of, clip_shape, drawn_dot, view_box
from cardwright.source.drawings.transforms import IDENTITY, Matrix, is_even, read_transforms, scale_of
from cardwright.source.drawings.values import (
    ACROSS,
    DOWN,
    Context,
    computed_values,
    font_names,
    geometry,
    plain_lengths,
    type_attributes,
    written_text,
    written_value,
)
from cardwright.source.lengths import Units, read_font_size
from cardwright.source.media_queries import Medium, media_match
from cardwright.source.picture_size import picture_size
from cardwright.source.style_sheets import Style, StyleSheet, fill_in_variables
from cardwright.source.svg_style import inner_drawing

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_NOT_KEPT = frozenset({"style", "script", "metadata", "title", "desc", "view", "cursor"})
_MAX_COPIES = 500
# Colours that browsers know, but not `read_colour`.
_OTHER_COLOURS = re.compile(
    rb"\b(?:(?:rgba?|hsla?|hwb|(?:ok)?l(?:ab|ch)|color)\(\s*from|color-mix\(\s*in\s+(?:lab|lch|hwb|[a-z]+\s+(?:long|"
    rb"incr|decr))|contrast-color)",
    re.IGNORECASE,
)
_ANIMATIONS = frozenset({"animate", "animateTransform", "animateMotion", "animateColor", "set"})
# What is drawn elsewhere and in another size, or not at all.
_NOT_DRAWN = frozenset({"defs", "symbol", "clipPath", "mask", "pattern", "marker"})
_TEXT_PARTS = frozenset({"text", "tspan", "textPath", "a", "tref"})
# What the engine takes from a style alone, though it is no shorthand.
# Source: usvg, svgtree/parse.rs, where presentation attributes are read; tried.
_IN_STYLE = frozenset({"mix-blend-mode", "isolation", "font-kerning"})
_OTHER_LENGTHS = frozenset({"r", "fr", "textLength"})
_CONSUMED = frozenset(
    {
        "animation-name", "background-color", "background-image", "color-scheme", "font-size", "offset-path",
        "rotate", "scale", "text-shadow", "text-transform", "transform", "transform-box", "transform-origin",
        "translate", "vector-effect", "white-space", "d",
    }
) | GEOMETRY_NAMES  # fmt: skip


@dataclass(frozen=True, slots=True)
class ResolvedDrawing:
    """A drawing whose style is resolved.

    data: the drawing, with plain attributes alone.
    smallest_text: the size of its smallest type as a share of its width; None if it has no text.
    families: lists of font families that its text is to be set in, the wished-for first.
    differences: what a browser shows and paper does not.
    """

    data: bytes
    smallest_text: float | None = None
    families: tuple[tuple[str, ...], ...] = ()
    differences: tuple[Difference, ...] = ()


@lru_cache(maxsize=128)
def resolve_drawing(data: bytes) -> ResolvedDrawing:
    """Resolve the style of a drawing; one that is no XML comes back as it is."""
    try:
        root = ET.fromstring(data)  # noqa: S314  checked before, see source/svg.py
    except (ET.ParseError, ValueError, LookupError):
        return ResolvedDrawing(data)
    resolver = _Resolver(root, picture_size(data))
    if match := _OTHER_COLOURS.search(data):
        resolver.note(differences.unknown_style(match[0].decode()))
    return resolver.write()


@dataclass(slots=True)
class _Resolver:
    """Resolves one drawing. size: its width and height in px, if it says them."""

    root: ET.Element
    size: tuple[float, float] | None
    _sheet: StyleSheet = field(init=False)
    _ids: Mapping[str, ElementWrapper] = field(default_factory=dict)
    _has_keyframes: bool = False
    _smallest: float = 0.0
    _families: dict[tuple[str, ...], None] = field(default_factory=dict)
    _differences: dict[Difference, None] = field(default_factory=dict)
    _variables: Mapping[str, str] = field(default_factory=dict)  # of the whole drawing
    _made_ids: int = 0
    # The ids of the parts that are being copied, each within the one before.
    _copied: list[str] = field(default_factory=list)

    def write(self) -> ResolvedDrawing:
        """Return the drawing with plain attributes."""
        width, height = self.size or (100.0, 100.0)
        medium = Medium(width, height)
        self._sheet = StyleSheet(
            properties.expand,
            medium,
            expand_inline=properties.expand_inline,
            element_count=sum(1 for _ in self.root.iter()),
        )
        for element in self.root.iter(f"{{{_SVG}}}style"):
            css = element.text or ""
            if element.get("type", "text/css").strip().lower() in ("", "text/css") and media_match(
                element.get("media", ""), medium
            ):
                self._sheet.add(css)
                self._has_keyframes |= "keyframes" in css
        whole = ElementWrapper.from_xml_root(self.root)
        self._ids = {part.id: part for part in reversed(list(whole.iter_subtree())) if part.id}
        units = Units(width=width, height=height, view=(width, height))
        text = self._element(whole, Context({}, {}, {}, units), is_root=True)
        for name in self._embedded_fonts():
            if any(name.lower() == families[0].lower() for families in self._families if families):
                self.note(differences.embedded_font(name))
        for unknown in self._sheet.not_understood:
            self.note(differences.unknown_style(unknown))
        return ResolvedDrawing(
            text.encode(),
            self._smallest / width if self._smallest and self.size else None,
            tuple(self._families),
            tuple(self._differences),
        )

    def _embedded_fonts(self) -> Iterator[str]:
        for rule in self._sheet.at_rules:
            match = re.search(r"font-family\s*:\s*[\"']?([^;\"'}]+)", rule.block, re.IGNORECASE)
            if rule.name == "font-face" and match:
                yield match[1].strip()

    def _element(self, wrapper: ElementWrapper, outer: Context, *, is_root: bool = False) -> str:
        """Return an element as text, with all that is in it."""
        element, tag = wrapper.etree_element, wrapper.local_name
        if wrapper.namespace_url != _SVG or tag in _NOT_KEPT or not _is_wanted(element):
            return ""
        if tag in _ANIMATIONS:
            self.note(differences.ANIMATION)
            return ""
        if tag in differences.UNLIKE_FILTERS:
            self.note(differences.unlike_filter(tag))
        if tag == "foreignObject":
            self.note(differences.WEB_PAGE)
            return ""
        style = self._style(wrapper, outer)
        values = computed_values(style.values, outer)
        context = self._context(tag, element, values, style, outer, is_root=is_root)
        if is_root:
            self._variables = context.variables
        attributes, before = self._attributes(tag, element, values, context, outer, is_root=is_root)
        if tag in GEOMETRY and values.get("d") == "none":
            return ""
        if tag == "use" and context.variables != self._variables:
            before += self._copy_with_variables(attributes, context)
        content = self._content(wrapper, tag, context)
        if tag == "text" and "baseline-shift" in attributes:
            # The engine shifts parts of a text alone.
            content = _written_element("tspan", {"baseline-shift": attributes.pop("baseline-shift")}, content)
        if is_root:
            return self._whole(element, values, context, attributes, before + content)
        return before + _written_element("g" if tag == "switch" else tag, attributes, content)

    def _whole(
        self,
        root: ET.Element,
        values: Mapping[str, str],
        context: Context,
        attributes: Mapping[str, str],
        content: str,
    ) -> str:
        """Return the whole drawing, with its size, and a background behind its content."""
        lengths = zip(("width", "height"), self.size or (), strict=False)
        sizes = {name: f"{length:.6g}" for name, length in lengths}
        # A browser shows a drawing even if it is not to be displayed.
        own = {name: value for name, value in attributes.items() if name not in ("display", "transform")}
        if "transform" in attributes:
            self.note(differences.TRANSFORM)
        if values.get("background-image", "none") != "none":
            self.note(differences.BACKGROUND)
        names = {"xmlns": _SVG, "xmlns:xlink": "http://www.w3.org/1999/xlink"}
        content = self._background(root, values, context) + content
        return _written_element("svg", {**names, **sizes, **own}, content)

    def _style(self, wrapper: ElementWrapper, outer: Context) -> Style:
        """Return all that is declared for an element: in attributes, and above them in styles."""
        element = wrapper.etree_element
        inline = element.get("style", "")
        if inline or not self._sheet.is_empty:
            style = self._sheet.style_of(wrapper, inline, outer.variables)[""]
        else:
            style = Style({}, outer.variables)
        values: dict[str, str] = {}
        for name, written in element.attrib.items():
            value: str | None = written
            if "var(" in written:
                value = fill_in_variables(written, style.variables)
            if value is not None:
                values.update(properties.expand_attribute(name, value))
        for name in GEOMETRY.get(wrapper.local_name, ()):
            if name in element.attrib and values.get(name, "auto") == "auto":
                values[name] = "0"
        values.update(style.values)
        return Style(values, style.variables)

    def _context(
        self,
        tag: str,
        element: ET.Element,
        values: dict[str, str],
        style: Style,
        outer: Context,
        *,
        is_root: bool,
    ) -> Context:
        """Return what counts within an element; the values get what depends on what is around it."""
        scheme = values.get("color-scheme", "").lower().split()
        is_dark = ("dark" in scheme and "light" not in scheme) if scheme else outer.is_dark
        colour = outer.colour
        if "color" in values:
            colour = read_colour(values["color"], outer.colour, is_dark=is_dark) or outer.colour
        size = read_font_size(values.get("font-size", "1em"), outer.units)
        size = outer.units.font_size if size is None else size
        units = replace(outer.units, font_size=size)
        if is_root:
            units = replace(units, root_font_size=size)
        inherited = {
            **outer.inherited,
            **{name: value for name, value in values.items() if PROPERTIES[name].is_inherited},
        }
        transform = self._transform(tag, element, values, units, outer)
        scale = outer.scale * scale_of(transform or IDENTITY)
        if tag in ("svg", "symbol"):
            units, scale = self._viewport(tag, element, values, units, scale, is_root=is_root)
        return Context(
            style.variables,
            inherited,
            values,
            units,
            colour,
            is_dark,
            scale,
            outer.is_even
            and is_even(transform or IDENTITY)
            and "none" not in element.get("preserveAspectRatio", ""),
            is_text=tag in _TEXT_PARTS and (outer.is_text or tag == "text"),
            is_drawn=outer.is_drawn and tag not in _NOT_DRAWN and values.get("display") != "none",
        )

    def _transform(
        self, tag: str, element: ET.Element, values: dict[str, str], units: Units, outer: Context
    ) -> Matrix | None:
        """Return the matrix of an element, and write it into its values; None if there is none."""
        names = ("transform", "translate", "rotate", "scale")
        if not any(values.get(name, "none") != "none" for name in names):
            values.pop("transform", None)
            return None
        view = (0.0, 0.0, outer.units.width, outer.units.height)
        box = view
        if values.get("transform-box", "view-box") != "view-box":
            found = box_of(tag, {**element.attrib, **values}, units)
            if found is None:
                self.note(differences.TRANSFORM_BOX)
            box = found or view
        matrix = read_transforms(values, units, box, box)
        if matrix is None:
            values.pop("transform", None)
            if "transform" not in element.attrib:
                self.note(differences.TRANSFORM)
            return None
        values["transform"] = f"matrix({' '.join(f'{number:.6g}' for number in matrix)})"
        return matrix

    def _viewport(
        self,
        tag: str,
        element: ET.Element,
        values: Mapping[str, str],
        units: Units,
        scale: float,
        *,
        is_root: bool,
    ) -> tuple[Units, float]:
        """Return the units within an element that has a view box, and their scale."""
        width, height = units.width, units.height
        if is_root and self.size:
            width, height = self.size
        elif tag == "svg":
            width = units.length(values.get("width", "100%"), "x") or width
            height = units.length(values.get("height", "100%"), "y") or height
        box = view_box(element)
        if box is None:
            return replace(units, width=width, height=height), scale
        across, down = width / box[2], height / box[3]
        if tag == "svg":
            scale *= (
                max(across, down) if "slice" in element.get("preserveAspectRatio", "") else min(across, down)
            )
        return replace(units, width=box[2], height=box[3]), scale

    def _attributes(
        self,
        tag: str,
        element: ET.Element,
        values: Mapping[str, str],
        context: Context,
        outer: Context,
        *,
        is_root: bool,
    ) -> tuple[dict[str, str], str]:
        """Return the attributes of an element, and elements that belong before it."""
        attributes = {
            name: self._with_plain_style(value) if name.endswith("href") else value
            for name, value in self._other_attributes(tag, element, context)
        }
        before = ""
        styles = []
        for name, value in sorted(values.items()):
            if name in GEOMETRY.get(tag, ()):
                if not is_root or (name in ("width", "height") and not value.endswith("%")):
                    attributes[name] = geometry(tag, name, value, context, outer)
            elif name == "clip-path" and "(" in value and not value.startswith("url("):
                described = {**element.attrib, **values}
                before, attributes[name] = self._clip(tag, value, described, context)
            elif name in _IN_STYLE:
                styles.append(f"{name}:{value}")
            elif name not in _CONSUMED:
                attributes[name] = written_value(name, value, context, self._ids)
        attributes["style"] = ";".join(styles)
        attributes["transform"] = values.get("transform", "")
        attributes.update(type_attributes(tag, values, context, is_root=is_root))
        if values.get("vector-effect") == "non-scaling-stroke" and context.scale:
            width = context.units.length(context.inherited.get("stroke-width", "1")) or 0.0
            attributes["stroke-width"] = f"{width / context.scale:.6g}"
            if not context.is_even and context.inherited.get("stroke", "none") != "none":
                self.note(differences.STROKE_WIDTH)
        if context.inherited.get("stroke-linecap", "butt") != "butt" and context.scale:
            attributes.update(drawn_dot(tag, attributes, 0.01 / context.scale))
        self._note_differences(values)
        self._note_missing(attributes, context)
        return {name: value for name, value in attributes.items() if value}, before

    def _other_attributes(self, tag: str, element: ET.Element, context: Context) -> Iterator[tuple[str, str]]:
        """Yield the attributes that are no style."""
        for name, value in element.attrib.items():
            if name == _XLINK:
                if "href" not in element.attrib:
                    yield "xlink:href", value
            elif name in (f"{_XML}space", f"{_XML}lang"):
                yield f"xml:{name.removeprefix(_XML)}", value
            elif name.startswith("{") or name in ("style", "class", "requiredFeatures", "requiredExtensions"):
                pass
            elif name in PROPERTIES and (name not in GEOMETRY_NAMES or name in GEOMETRY.get(tag, ())):
                # An animation of a text or a filter is called like a property, but is an attribute.
                if name in ("rotate", "scale"):
                    yield name, value
            elif name in ACROSS or name in DOWN or name in _OTHER_LENGTHS:
                # The engine takes a percentage of a part of the size for one of the part's own units.
                yield name, plain_lengths(name, f"calc({value})" if tag == "use" else value, context.units)
            elif ":" not in name and not (name == "id" and self._copied and value != self._copied[-1]):
                yield name, value

    def _with_plain_style(self, address: str) -> str:
        """Return the address of a picture; a drawing that it holds gets plain style, too."""
        inner = inner_drawing(address)
        if inner is None:
            return address
        drawing = resolve_drawing(inner)
        for difference in drawing.differences:
            self.note(difference)
        if drawing.families:
            self.note(differences.INNER_TEXT)
        return f"data:image/svg+xml;base64,{b64encode(drawing.data).decode()}"

    def _clip(self, tag: str, value: str, attributes: Mapping[str, str], context: Context) -> tuple[str, str]:
        """Return a `<clipPath>` for a basic shape, and the reference to it."""
        box = box_of(tag, attributes, context.units)
        width = context.units.length(context.inherited.get("stroke-width", "1")) or 0.0
        if box and context.inherited.get("stroke", "none") != "none" and "fill-box" not in value:
            box = (box[0] - width / 2, box[1] - width / 2, box[2] + width, box[3] + width)
        shape = clip_shape(value, box, context.units)
        if shape is None:
            self.note(differences.CLIP_SHAPE)
            return "", "none"
        name = self._new_id("clip")
        units = "userSpaceOnUse" if box else "objectBoundingBox"
        return f'<clipPath id="{name}" clipPathUnits="{units}">{shape}</clipPath>', f"url(#{name})"

    def _copy_with_variables(self, attributes: dict[str, str], context: Context) -> str:
        """Return a copy of what a `<use>` shows, with the variables that count there; let it show that."""
        name = "href" if "href" in attributes else "xlink:href"
        target = attributes.get(name, "").removeprefix("#")
        part = self._ids.get(target)
        if part is None or target in self._copied or self._made_ids > _MAX_COPIES:
            return ""
        self._copied.append(target)
        copied = self._element(part, replace(context, is_drawn=False))
        self._copied.pop()
        new_id = self._new_id("copy")
        attributes[name] = f"#{new_id}"
        return f"<defs>{copied.replace(f'id={quoteattr(target)}', f'id={quoteattr(new_id)}', 1)}</defs>"

    def _new_id(self, what: str) -> str:
        self._made_ids += 1
        return f"{what}-of-style-{self._made_ids}"

    def _background(self, element: ET.Element, values: Mapping[str, str], context: Context) -> str:
        colour = read_colour(
            values.get("background-color", "transparent"), context.colour, is_dark=context.is_dark
        )
        if colour is None or colour.alpha == 0:
            return ""
        left, top, width, height = view_box(element) or (0.0, 0.0, context.units.width, context.units.height)
        # As large as the picture even if that has another shape than its view box.
        left, top, width, height = left - 9 * width, top - 9 * height, 19 * width, 19 * height
        if self.size and abs(self.size[0] * context.units.height - self.size[1] * context.units.width) < 0.01:
            left, top, width, height = view_box(element) or (0.0, 0.0, *self.size)
        return (
            f'<rect x="{left:.6g}" y="{top:.6g}" width="{width:.6g}" height="{height:.6g}"'
            f' fill="{colour.hex}" stroke="none"/>'
        )

    def _content(self, wrapper: ElementWrapper, tag: str, context: Context) -> str:
        """Return what is in an element, as text."""
        pieces = [self._text(wrapper.etree_element.text, context)] if context.is_text else []
        for child in wrapper.iter_children():
            piece = self._element(child, context)
            pieces.append(piece)
            if tag == "switch" and piece:
                break
            if context.is_text:
                pieces.append(self._text(child.etree_element.tail, context))
        return "".join(pieces)

    def _text(self, text: str | None, context: Context) -> str:
        if not text:
            return ""
        if text.strip() and context.is_drawn:
            size = context.units.font_size * context.scale
            self._smallest = min(self._smallest or size, size)
            self._families[font_names(context.inherited.get("font-family", ""))] = None
        return written_text(text, context.inherited, context.units.font_size)

    def note(self, difference: Difference) -> None:
        """Keep what paper does not show."""
        self._differences[difference] = None

    def _note_missing(self, attributes: Mapping[str, str], context: Context) -> None:
        if "pathLength" in attributes and context.inherited.get("stroke-dasharray", "none") != "none":
            self.note(differences.PATH_LENGTH)
        if not attributes.get("mask", "none").startswith(("url(", "none")):
            self.note(differences.MASK_PICTURE)

    def _note_differences(self, values: Mapping[str, str]) -> None:
        if values.get("animation-name", "none").lower() != "none" and self._has_keyframes:
            self.note(differences.ANIMATED_STYLE)
        for difference in differences.style_differences(values):
            self.note(difference)


def _is_wanted(element: ET.Element) -> bool:
    """Return whether the conditions of an element hold. The language is English, as the engine's."""
    languages = element.get("systemLanguage")
    if languages is not None:
        return any(language.strip().lower().partition("-")[0] == "en" for language in languages.split(","))
    return not element.get("requiredExtensions", "").strip()


def _written_element(tag: str, attributes: Mapping[str, str], content: str) -> str:
    """Return an element as text. The engine transforms a drawing within another wrongly, but not a group."""
    transform = attributes.get("transform", "") if tag == "svg" else ""
    if transform:
        attributes = {name: value for name, value in attributes.items() if name != "transform"}
    written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    element = f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>"
    return f"<g transform={quoteattr(transform)}>{element}</g>" if transform else element
