"""The size at which each side's text fits, and the sides for which there is none."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from builder.diagnostics.diagnostic import Diagnostic
from builder.formats.pdf.checks import about
from builder.formats.pdf.engine import Engine
from builder.formats.pdf.faces import Side
from builder.formats.pdf.nodes import Json

# Sides measured at a time: small enough to show progress, large enough to pay for a call.
_CHUNK = 128
# The engine measures on one core, and lets Python run meanwhile.
_THREADS = 2
# Chunks between two clean-ups; each side measured holds half a megabyte until then.
_ROUND = 4


def measure(
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
    with ThreadPoolExecutor(_THREADS) as pool:
        for first in range(0, len(chunks), _ROUND):
            for found in pool.map(one, chunks[first : first + _ROUND]):
                fits.extend(found)
                progress(len(fits))
            engine.forget()
    return fits


def overflows(sides: Sequence[Side], fits: Sequence[Mapping[str, Json]]) -> Iterator[Diagnostic]:
    """An error for each side whose text does not fit at the smallest size."""
    for side, fit in zip(sides, fits, strict=True):
        need, have, wide, width, size = (
            _number(fit[key]) for key in ("need", "have", "wide", "width", "size")
        )
        if need > have or wide > width:
            measures = (need, have, "") if need > have else (wide, width, " across")
            yield about(
                side,
                "card-overflow",
                _shortfall(*measures, size),
                advice="shorten it, split it, or keep it off paper with `print: false`",
            )


def _shortfall(need: float, have: float, way: str, size: float) -> str:
    """Rounded so that what is needed never reads as what there is."""
    return f"needs {math.ceil(need)} mm{way}, has {math.floor(max(have, 0))} mm at {size:.2g} pt"


def _number(value: Json) -> float:
    assert isinstance(value, int | float)
    return float(value)
