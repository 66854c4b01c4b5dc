"""The scale of the type at which each side fits, and the sides that fit at no scale."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from cardwright.diagnostics import Diagnostic
from cardwright.formats.pdf.checks import side_diagnostic
from cardwright.formats.pdf.engine import Engine, map_parallel
from cardwright.formats.pdf.nodes import Json, node_types
from cardwright.formats.pdf.sides import Side

Fit: TypeAlias = Mapping[str, Any]
"""How a side fits: the answer of `measure-side`, whose keys side.typ explains."""

# Few enough sides to need little memory, and enough of them to be worth a call.
_SIDES_PER_CALL = 32
_MOST_TIGHTEST = 10


def measure_sides(
    engine: Engine,
    data: Mapping[str, Json],
    sides: Sequence[Side],
    progress: Callable[[int], None],
    template: str = "cards.typ",
) -> list[Fit]:
    """Measure how each side fits.

    data: what the template needs beside sides.
    progress: called with how many sides have been measured so far.
    """
    chunks = [sides[start : start + _SIDES_PER_CALL] for start in range(0, len(sides), _SIDES_PER_CALL)]

    def measure_chunk(chunk: Sequence[Side]) -> list[Fit]:
        return engine.measure({**data, "sides": [side.tree for side in chunk]}, template)

    fits: list[Fit] = []
    with map_parallel(measure_chunk, chunks) as results:
        for chunk_fits in results:
            fits.extend(chunk_fits)
            progress(len(fits))
    return fits


@dataclass(frozen=True, slots=True)
class TightSide:
    """A side of a card, and how much of its space the text takes.

    side: "front" or "back".
    font_size: of its smallest text, in pt; hints and citations do not count.
    scale: the factor, at most 1, that the type sizes were multiplied by.
    needed, available: what the text takes and what there is, in mm: the height, or the width
        where that is the tighter of the two.
    """

    card_name: str
    side: str
    font_size: float
    scale: float
    needed: float
    available: float
    is_width: bool = False


def tightest_sides(sides: Sequence[Side], fits: Sequence[Fit]) -> list[TightSide]:
    """Return the cards that a longer text would overflow first, each by its tighter side, tightest first.

    A side with smaller type is tighter; of sides with the same scale, the fuller one is.
    """
    tight_sides: dict[str, TightSide] = {}
    for side, fit in sorted(zip(sides, fits, strict=True), key=lambda pair: _space_left(pair[1])):
        tight = _tight_side(side, fit)
        tight_sides.setdefault(tight.card_name, tight)
    return list(tight_sides.values())[:_MOST_TIGHTEST]


def find_overflows(sides: Sequence[Side], fits: Sequence[Fit]) -> Iterator[Diagnostic]:
    """Yield `card-overflow` for each side whose text does not fit at the smallest size."""
    for side, fit in zip(sides, fits, strict=True):
        if fit["height"] > fit["max_height"] or fit["width"] > fit["max_width"]:
            text = _shortfall(fit, "height" if fit["height"] > fit["max_height"] else "width")
            yield side_diagnostic(side, "card-overflow", text, help_text=_advice(side))


def _tight_side(side: Side, fit: Fit) -> TightSide:
    is_width = fit["width"] * fit["max_height"] > fit["height"] * fit["max_width"]
    key = "width" if is_width else "height"
    measures = (fit["font_size"], fit["scale"], fit[key], fit[f"max_{key}"])
    return TightSide(side.card.name, side.name, *measures, is_width)


def _space_left(fit: Fit) -> tuple[float, float]:
    """Return what sides are sorted by: the scale of the type, and how much of the side is empty."""
    height_filled = fit["height"] / fit["max_height"] if fit["max_height"] > 0 else math.inf
    return round(fit["scale"], 4), -round(max(height_filled, fit["width"] / fit["max_width"]), 4)


def _advice(side: Side) -> str:
    picture = "leave out a picture, " if "img" in node_types(side.tree) else ""
    return f"shorten it, {picture}split it, or keep it off paper with `print: false`"


def _shortfall(fit: Fit, key: str) -> str:
    """Say what is needed and what there is, rounded so that the two never look equal. key: of the measure."""
    needed, available = math.ceil(fit[key]), math.floor(max(fit[f"max_{key}"], 0))
    direction = " across" if key == "width" else ""
    return f"needs {needed} mm{direction}, has {available} mm at {fit['font_size']:.2g} pt"
