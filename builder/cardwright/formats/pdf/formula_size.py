"""The most room that a formula may take, estimated from its steps without the engine.

Only what most formulas are made of is judged: letters, signs, fractions, roots, and scripts beside
their base.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Extent(NamedTuple):
    """How wide a formula is at most, how far above its base line it goes, and how far below; in em."""

    width: float
    height: float
    depth: float


# A letter, or any sign that is not stretched, of the bundled font for formulas; sums are the highest.
_LETTER = Extent(1.2, 1.2, 0.6)
_SIGN = Extent(2.0, 1.2, 0.6)
_SCRIPT_SCALE = {"script": 0.75, "sscript": 0.6}
_NOTHING = Extent(0.0, 0.0, 0.0)


def most_extent(steps: Sequence[Mapping[str, Any]]) -> Extent | None:
    """Return what a formula takes at most; None if that is unknown. steps: see nodes.py."""
    pieces: list[Extent] = []
    for step in steps:
        count = step["n"]
        operands = pieces[len(pieces) - count :]
        piece = _extent(step, operands)
        if piece is None:
            return None
        pieces[len(pieces) - count :] = [piece]
    return _row(pieces)


def _extent(step: Mapping[str, Any], operands: Sequence[Extent]) -> Extent | None:
    """Return what the piece of a step takes. operands: the pieces that it is made of."""
    match step["t"]:
        case "glyph" | "text":
            letters = step["s"]
            return _row([_LETTER if letter.isalnum() else _SIGN for letter in letters])
        case "class":
            return _row(operands)
        case "style":
            scale = _SCRIPT_SCALE.get(step["s"], 1.0)
            width, height, depth = _row(operands)
            return Extent(scale * width, scale * height, scale * depth)
        case "row":
            width, height, depth = _row(operands)
            return Extent(width + sum(map(abs, step["gaps"])), height, depth)
        case "frac":
            above, below = operands
            height, depth = (part.height + part.depth + 0.5 for part in (above, below))
            return Extent(max(above.width, below.width) + 0.5, height, depth)
        case "sqrt":
            (inner,) = operands
            return Extent(inner.width + 1.5, inner.height + 0.5, inner.depth + 0.3)
        case "scripts" if set(step["k"]) <= {"tr", "br"}:
            base, *scripts = operands
            extents = [_NOTHING, *scripts]
            highest = max(script.height + script.depth for script in extents)
            shift = max(base.height, base.depth)
            width = base.width + sum(script.width for script in scripts) + 0.2
            return Extent(width, shift + highest, shift + highest)
    return None


def _row(pieces: Sequence[Extent]) -> Extent:
    """Return what pieces take beside each other."""
    every = [_NOTHING, *pieces]
    return Extent(
        sum(piece.width for piece in every),
        max(piece.height for piece in every),
        max(piece.depth for piece in every),
    )
