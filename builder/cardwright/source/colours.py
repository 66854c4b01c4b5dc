"""Colours of CSS Color 4 in all spaces, `light-dark()` and `color-mix()`, as a screen shows them.

Sources of the numbers: CSS Color 4, sections 6.2, 10 and 16 (sample code); CSS Color 5, section 3.
"""

import colorsys
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from tinycss2 import color4, parse_one_component_value

from cardwright.collection.colour import Colour
from cardwright.source.css_tokens import split_at_commas, without_space
from cardwright.source.lengths import Units

_Triple: TypeAlias = tuple[float, float, float]
_Matrix: TypeAlias = tuple[_Triple, _Triple, _Triple]

_MAX_DEPTH = 12  # of colours within colours
_XYZ_TO_SRGB: _Matrix = (
    (12831 / 3959, -329 / 214, -1974 / 3959),
    (-851781 / 878810, 1648619 / 878810, 36519 / 878810),
    (705 / 12673, -2585 / 12673, 705 / 667),
)
_SRGB_TO_XYZ: _Matrix = (
    (506752 / 1228815, 87881 / 245763, 12673 / 70218),
    (87098 / 409605, 175762 / 245763, 12673 / 175545),
    (7918 / 409605, 87881 / 737289, 1001167 / 1053270),
)
_D50_TO_D65: _Matrix = (
    (0.9554734527042182, -0.023098536874261423, 0.0632593086610217),
    (-0.028369706963208136, 1.0099954580058226, 0.021041398966943008),
    (0.012314001688319899, -0.020507696433477912, 1.3303659366080753),
)
_RGB_TO_XYZ: Mapping[str, _Matrix] = {
    "srgb": _SRGB_TO_XYZ,
    "srgb-linear": _SRGB_TO_XYZ,
    "display-p3": (
        (608311 / 1250200, 189793 / 714400, 198249 / 1000160),
        (35783 / 156275, 247089 / 357200, 198249 / 2500400),
        (0.0, 32229 / 714400, 5220557 / 5000800),
    ),
    "a98-rgb": (
        (573536 / 994567, 263643 / 1420810, 187206 / 994567),
        (591459 / 1989134, 6239551 / 9945670, 374412 / 4972835),
        (53769 / 1989134, 351524 / 4972835, 4929758 / 4972835),
    ),
    "rec2020": (
        (63426534 / 99577255, 20160776 / 139408157, 47086771 / 278816314),
        (26158966 / 99577255, 472592308 / 697040785, 8267143 / 139408157),
        (0.0, 19567812 / 697040785, 295819943 / 278816314),
    ),
    "prophoto-rgb": (
        (0.7977666449006423, 0.13518129740053308, 0.0313477341283922),
        (0.2880748288194013, 0.711835234241873, 0.00008993693872564),
        (0.0, 0.0, 0.8251046025104602),
    ),
}
_LMS_TO_OKLAB: _Matrix = (
    (0.210454268309314, 0.7936177747023054, -0.0040720430116193),
    (1.9779985324311684, -2.4285922420485799, 0.450593709617411),
    (0.0259040424655478, 0.7827717124575296, -0.8086757549230774),
)
_XYZ_TO_LMS: _Matrix = (
    (0.819022437996703, 0.3619062600528904, -0.1288737815209879),
    (0.0329836539323885, 0.9292868615863434, 0.0361446663506424),
    (0.0481771893596242, 0.2642395317527308, 0.6335478284694309),
)
# As Chromium has them with a light colour scheme. Source: CSS Color 4, section 6.2; read in Chromium.
_SYSTEM_COLOURS = {
    "canvas": "#fff", "canvastext": "#000", "linktext": "#0000ee", "visitedtext": "#551a8b",
    "activetext": "#ff0000", "buttonface": "#efefef", "buttontext": "#000", "buttonborder": "#000",
    "field": "#fff", "fieldtext": "#000", "highlighttext": "#000", "graytext": "#808080", "mark": "#ff0",
    "marktext": "#000", "accentcolortext": "#fff",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rgba:
    """A colour of sRGB. All four are from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def seen_on(self, ground: Colour, opacity: float = 1.0) -> Colour:
        """Return the colour as it is seen on a ground. opacity: of what has the colour."""
        alpha = self.alpha * opacity
        channels = zip((self.red, self.green, self.blue), ground, strict=True)
        red, green, blue = (round(255 * own * alpha + other * (1 - alpha)) for own, other in channels)
        return red, green, blue

    @property
    def hex(self) -> str:
        """The colour as CSS has it, with eight digits if light shines through."""
        digits = "".join(f"{round(255 * value):02x}" for value in (self.red, self.green, self.blue))
        alpha = round(255 * self.alpha)
        return f"#{digits}" if alpha == 255 else f"#{digits}{alpha:02x}"


BLACK = Rgba(0.0, 0.0, 0.0)


@lru_cache(maxsize=4096)
def read_colour(value: str, current: Rgba = BLACK, *, is_dark: bool = False) -> Rgba | None:
    """Return a colour; None if it is none.

    current: what `currentColor` is. is_dark: whether the colour scheme is the dark one, for `light-dark()`.
    """
    return _read(parse_one_component_value(value, skip_comments=True), current, is_dark, 0)


def _read(token: Any, current: Rgba, is_dark: bool, depth: int) -> Rgba | None:
    if token.type == "error" or depth > _MAX_DEPTH:
        return None
    if token.type == "ident" and token.lower_value == "currentcolor":
        return current
    if token.type == "ident" and token.lower_value in _SYSTEM_COLOURS:
        token = parse_one_component_value(_SYSTEM_COLOURS[token.lower_value])
    if token.type == "function" and token.lower_name in ("light-dark", "color-mix"):
        parts = [without_space(part) for part in split_at_commas(token.arguments)]

        def read(inner: Any) -> Rgba | None:
            return _read(inner, current, is_dark, depth + 1)

        if token.lower_name == "color-mix":
            return _mix(parts, read)
        both = [read(part[0]) if len(part) == 1 else None for part in parts]
        return both[is_dark] if len(both) == 2 and None not in both else None
    if token.type == "function":
        token = _with_plain_numbers(token)
    try:
        colour = color4.parse_color(token)
    except (TypeError, ValueError, IndexError):  # tinycss2 checks the types of few arguments
        return None
    return None if colour is None or isinstance(colour, str) else _to_srgb(colour)


def _with_plain_numbers(token: Any) -> Any:
    """Return a function with its calculations done, and of `rgb()` with all channels as numbers."""
    is_rgb = token.lower_name in ("rgb", "rgba")
    types = {argument.type for argument in token.arguments}
    if "function" not in types and not (is_rgb and {"number", "percentage"} <= types):
        return token
    units = Units().with_reference(255 if is_rgb else 100)
    slash = next((place for place, argument in enumerate(token.arguments) if argument == "/"), 99)
    written = []
    for place, argument in enumerate(token.arguments):
        text = argument.serialize()
        if argument.type == "function" or (argument.type == "percentage" and is_rgb and place < slash):
            number = (units if place < slash else units.with_reference(1)).length(text, "x")
            text = text if number is None else f"{number:.6g}"
        written.append(text)
    return parse_one_component_value(f"{token.name}({''.join(written)})")


def _to_srgb(colour: Any) -> Rgba:
    """Convert a colour of tinycss2."""
    space = colour.space
    coordinates: _Triple = tuple(value or 0.0 for value in colour.coordinates)  # type: ignore[assignment]  # there are three
    if space in ("srgb", "hsl", "hwb"):
        return _clipped(colour.to("srgb").coordinates, colour.alpha)
    if space in ("lab", "lch"):
        xyz = _times(_D50_TO_D65, colour.to("xyz-d50").coordinates)
    elif space == "xyz-d50":
        xyz = _times(_D50_TO_D65, coordinates)
    elif space in ("oklab", "oklch"):
        xyz = _oklab_to_xyz(_from_polar(coordinates) if space == "oklch" else coordinates)
    elif space in _RGB_TO_XYZ:
        linear = _each(_TO_LINEAR.get(space, _srgb_to_linear), coordinates)
        xyz = _times(_RGB_TO_XYZ[space], linear)
        if space == "prophoto-rgb":
            xyz = _times(_D50_TO_D65, xyz)
    else:
        xyz = coordinates
    return _clipped(_each(_srgb_from_linear, _times(_XYZ_TO_SRGB, xyz)), colour.alpha)


def _clipped(channels: Sequence[float], alpha: float) -> Rgba:
    red, green, blue = (min(max(channel or 0.0, 0.0), 1.0) for channel in channels)
    return Rgba(red, green, blue, alpha)


def _mix(parts: Sequence[Sequence[Any]], read: Callable[[Any], Rgba | None]) -> Rgba | None:
    """Mix two colours. parts: the arguments of `color-mix()`, without white space."""
    words = [token.lower_value if token.type == "ident" else "" for token in parts[0]]
    if words[:1] != ["in"]:
        parts, words = [[], *parts], ["in", "oklab"]
    if len(parts) != 3 or len(words) != 2 or words[1] not in _MIXING_SPACES:
        return None
    space = words[1]
    colours: list[Rgba] = []
    shares: list[float | None] = []
    for part in parts[1:]:
        percentages = [token.value / 100 for token in part if token.type == "percentage"]
        others = [token for token in part if token.type != "percentage"]
        colour = read(others[0]) if len(others) == 1 and len(percentages) <= 1 else None
        if colour is None:
            return None
        colours.append(colour)
        shares.append(percentages[0] if percentages else None)
    first, second = shares
    first = (0.5 if second is None else 1 - second) if first is None else first
    second = 1 - first if second is None else second
    total = first + second
    if not 0 < total <= 2 or min(first, second) < 0:
        return None
    mixed = _mix_in(space, colours[0], colours[1], second / total)
    return Rgba(mixed.red, mixed.green, mixed.blue, mixed.alpha * min(total, 1.0))


def _mix_in(space: str, first: Rgba, second: Rgba, share: float) -> Rgba:
    """Mix two colours. share: of the second, from 0 to 1."""
    into, back, hue = _MIXING_SPACES[space]
    alpha = first.alpha * (1 - share) + second.alpha * share
    values = [into((colour.red, colour.green, colour.blue)) for colour in (first, second)]
    mixed: list[float] = []
    for place, (one, other) in enumerate(zip(*values, strict=True)):
        if place == hue:
            mixed.append(one + share * ((other - one + 180) % 360 - 180))
        else:
            weighted = one * first.alpha * (1 - share) + other * second.alpha * share
            mixed.append(weighted / alpha if alpha else 0.0)
    return _clipped(back((mixed[0], mixed[1], mixed[2])), alpha)


def _times(matrix: _Matrix, vector: Sequence[float]) -> _Triple:
    first, second, third = (
        sum(factor * value for factor, value in zip(row, vector, strict=True)) for row in matrix
    )
    return first, second, third


def _each(function: Callable[[float], float], vector: Sequence[float]) -> _Triple:
    first, second, third = map(function, vector)
    return first, second, third


def _power(exponent: float) -> Callable[[float], float]:
    return lambda value: math.copysign(abs(value) ** exponent, value)


def _srgb_to_linear(value: float) -> float:
    size = abs(value)
    return math.copysign(size / 12.92 if size <= 0.04045 else ((size + 0.055) / 1.055) ** 2.4, value)


def _srgb_from_linear(value: float) -> float:
    size = abs(value)
    return math.copysign(12.92 * size if size <= 0.0031308 else 1.055 * size ** (1 / 2.4) - 0.055, value)


def _rec2020_to_linear(value: float) -> float:
    alpha, beta = 1.09929682680944, 0.018053968510807
    size = abs(value)
    linear = size / 4.5 if size < beta * 4.5 else ((size + alpha - 1) / alpha) ** (1 / 0.45)
    return math.copysign(linear, value)


def _prophoto_to_linear(value: float) -> float:
    size = abs(value)
    return math.copysign(size / 16 if size <= 16 / 512 else size**1.8, value)


def _xyz_of(rgb: _Triple) -> _Triple:
    return _times(_SRGB_TO_XYZ, _each(_srgb_to_linear, rgb))


def _srgb_of(xyz: _Triple) -> _Triple:
    return _each(_srgb_from_linear, _times(_XYZ_TO_SRGB, xyz))


def _hsl_of(rgb: _Triple) -> _Triple:
    hue, lightness, saturation = colorsys.rgb_to_hls(*rgb)
    return 360 * hue, lightness, saturation


def _rgb_of_hsl(hsl: _Triple) -> _Triple:
    return colorsys.hls_to_rgb(hsl[0] / 360 % 1, hsl[1], hsl[2])


def _oklab_to_xyz(oklab: _Triple) -> _Triple:
    rgb = color4.Color("oklab", oklab, 1).to("xyz-d65").coordinates
    return rgb[0], rgb[1], rgb[2]


def _xyz_to_oklab(xyz: _Triple) -> _Triple:
    return _times(_LMS_TO_OKLAB, _each(_power(1 / 3), _times(_XYZ_TO_LMS, xyz)))


def _from_polar(lch: _Triple) -> _Triple:
    lightness, chroma, hue = lch
    return lightness, chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))


def _to_polar(lab: _Triple) -> _Triple:
    lightness, first, second = lab
    return lightness, math.hypot(first, second), math.degrees(math.atan2(second, first)) % 360


_TO_LINEAR: Mapping[str, Callable[[float], float]] = {
    "srgb-linear": lambda value: value,
    "a98-rgb": _power(563 / 256),
    "rec2020": _rec2020_to_linear,
    "prophoto-rgb": _prophoto_to_linear,
}
_Conversion: TypeAlias = Callable[[_Triple], _Triple]
# From sRGB and back, and the place of the hue if there is one.
_MIXING_SPACES: Mapping[str, tuple[_Conversion, _Conversion, int | None]] = {
    "srgb": (lambda rgb: rgb, lambda rgb: rgb, None),
    "srgb-linear": (
        lambda rgb: _each(_srgb_to_linear, rgb),
        lambda linear: _each(_srgb_from_linear, linear),
        None,
    ),
    "hsl": (_hsl_of, _rgb_of_hsl, 0),
    "xyz": (_xyz_of, _srgb_of, None),
    "xyz-d65": (_xyz_of, _srgb_of, None),
    "oklab": (
        lambda rgb: _xyz_to_oklab(_xyz_of(rgb)),
        lambda oklab: _srgb_of(_oklab_to_xyz(oklab)),
        None,
    ),
    "oklch": (
        lambda rgb: _to_polar(_xyz_to_oklab(_xyz_of(rgb))),
        lambda oklch: _srgb_of(_oklab_to_xyz(_from_polar(oklch))),
        2,
    ),
}
