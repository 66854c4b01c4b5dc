"""Colours, and how to make one readable on another."""

Colour = tuple[int, int, int]
"""Red, green and blue of sRGB, each 0 to 255."""

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)

READABLE_CONTRAST = 4.5
"""The contrast that text needs. Source: WCAG 2.2, success criterion 1.4.3."""

_STEPS = 64


def make_readable(colour: Colour, other: Colour) -> Colour:
    """Return the colour, mixed with as much black or white as it needs to be readable on another one.

    It may as well be the background of a text in the other colour.
    """
    target = max(BLACK, WHITE, key=lambda extreme: contrast(extreme, other))
    mixtures = (_mix(colour, target, step / _STEPS) for step in range(_STEPS + 1))
    return next((mixed for mixed in mixtures if contrast(mixed, other) >= READABLE_CONTRAST), target)


def contrast(colour: Colour, other: Colour) -> float:
    """Return the contrast of two colours: 1 for equal ones to 21 for black and white.

    Source: WCAG 2.2, "contrast ratio".
    """
    darker, lighter = sorted((_luminance(colour), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def to_hex(colour: Colour) -> str:
    """Return a colour as CSS and Typst write it, such as `#0b6077`."""
    return "#" + bytes(colour).hex()


def _mix(colour: Colour, target: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, target, strict=True))
    return red, green, blue


def _luminance(colour: Colour) -> float:
    """Return the relative luminance. Source: WCAG 2.2, "relative luminance"."""
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
