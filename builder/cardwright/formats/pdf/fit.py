"""The size at which each side's text fits, and the sides for which there is none."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.formats.pdf.checks import side_diagnostic
from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.nodes import Json, node_types
from cardwright.formats.pdf.parallel import map_parallel
from cardwright.formats.pdf.sides import Side

# Sides measured at a time: few enough for little memory, many enough to pay for a call.
_CHUNK = 32
# Cards that are named as the tightest.
_MOST_TOLD = 10


def measure_sides(
    engine: Engine,
    deck: Mapping[str, Json],
    sides: Sequence[Side],
    progress: Callable[[int], None],
    main: str = "cards.typ",
) -> list[Mapping[str, Json]]:
    """How each side fits, as the template answers it.

    deck: what the template needs besides sides.
    progress: is told how many sides were measured so far.
    main: the template's file that measures them.
    """
    chunks = [sides[start : start + _CHUNK] for start in range(0, len(sides), _CHUNK)]

    def one(chunk: Sequence[Side]) -> list[Mapping[str, Json]]:
        return engine.measure({**deck, "sides": [side.tree for side in chunk]}, main)

    fits: list[Mapping[str, Json]] = []
    with map_parallel(one, chunks) as results:
        for found in results:
            fits.extend(found)
            progress(len(fits))
    return fits


@dataclass(frozen=True, slots=True)
class TightSide:
    """A side of a card and the room on it.

    name: of the card. side: "front" or "back".
    size: of its smallest text in pt, hints and citations aside.
    scale: what its text was multiplied by to fit, at most 1.
    need, have: in mm, what its text takes at that size and what there is for it, down the card,
        or across it where that is the tighter of the two.
    """

    card_name: str
    side: str
    type_size: float
    scale: float
    needed: float
    available: float
    is_width: bool = False


def tightest_sides(sides: Sequence[Side], fits: Sequence[Mapping[str, Json]]) -> list[TightSide]:
    """The cards that a longer text would first overflow, each by its tighter side, the tightest first.

    What was made smaller has less room left than what was not, and the less the smaller it is;
    of what has the same size, that which fills more of its card.
    """
    found: dict[str, TightSide] = {}
    for side, fit in sorted(zip(sides, fits, strict=True), key=lambda pair: _room(pair[1])):
        tight = _tight(side, fit)
        found.setdefault(tight.card_name, tight)
    return list(found.values())[:_MOST_TOLD]


def find_overflows(sides: Sequence[Side], fits: Sequence[Mapping[str, Json]]) -> Iterator[Diagnostic]:
    """An error for each side whose text does not fit at the smallest size."""
    for side, fit in zip(sides, fits, strict=True):
        need, have, wide, width, size = _measures(fit)
        if need > have or wide > width:
            measures = (need, have, "") if need > have else (wide, width, " across")
            yield side_diagnostic(side, "card-overflow", _shortfall(*measures, size), advice=_advice(side))


def _tight(side: Side, fit: Mapping[str, Json]) -> TightSide:
    need, have, wide, width, size = _measures(fit)
    across = wide * have > need * width
    room = (wide, width) if across else (need, have)
    return TightSide(side.card.name, side.name, size, _number(fit["scale"]), *room, across)


def _room(fit: Mapping[str, Json]) -> tuple[float, float]:
    """How little room a side has left, to be compared with others."""
    need, have, wide, width, _ = _measures(fit)
    filled = max(need / have if have > 0 else math.inf, wide / width)
    return round(_number(fit["scale"]), 4), -round(filled, 4)


def _measures(fit: Mapping[str, Json]) -> tuple[float, float, float, float, float]:
    need, have, wide, width, size = (_number(fit[key]) for key in ("need", "have", "wide", "width", "size"))
    return need, have, wide, width, size


def _advice(side: Side) -> str:
    what = "leave out a picture, " if any(kind == "img" for kind in node_types(side.tree)) else ""
    return f"shorten it, {what}split it, or keep it off paper with `print: false`"


def _shortfall(need: float, have: float, way: str, size: float) -> str:
    """Rounded so that what is needed never reads as what there is."""
    return f"needs {math.ceil(need)} mm{way}, has {math.floor(max(have, 0))} mm at {size:.2g} pt"


def _number(value: Json) -> float:
    assert isinstance(value, int | float)
    return float(value)
