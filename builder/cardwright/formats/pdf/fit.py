"""The scale of the type at which each side fits, and the sides that fit at no scale."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from cardwright.collection.content import Image, MediaFile
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.formats.pdf.checks import picture_span, side_diagnostic
from cardwright.formats.pdf.engine import Engine, map_parallel
from cardwright.formats.pdf.estimate import (
    AROUND_EAST_ASIAN,
    EastAsianText,
    Room,
    certainly_fits,
    east_asian_characters,
    least_height,
    least_height_around,
    least_width,
    smallest_size,
)
from cardwright.formats.pdf.glyphs import StyledText
from cardwright.formats.pdf.nodes import WEIGHTS, Json, TextStyle, nodes_of_type, to_json
from cardwright.formats.pdf.plain_text import read_plain_side, texts_to_measure
from cardwright.formats.pdf.sides import Side
from cardwright.formats.pdf.text_fit import Measure, TextFitter, TextWidths
from cardwright.formats.pdf.tree import picture_path
from cardwright.layout.card_geometry import MIN_FONT_SIZE
from cardwright.layout.units import POINT

Fit: TypeAlias = Mapping[str, Any]
"""How a side fits: the answer of `measure-side`, whose keys side.typ explains."""

# Few enough sides to need little memory, and enough of them to be worth a call.
_SIDES_PER_CALL = 32
# Their words take 5 kB of memory a side.
_PLAIN_SIDES_AT_ONCE = 1024
_MOST_TIGHTEST = 10
# In pt; sizes of type are told with one decimal place.
_ROUNDING = 0.05


class FittedSide(NamedTuple):
    """A side of a card, and how it fits."""

    side: Side
    fit: Fit


FittedCard: TypeAlias = tuple[FittedSide, FittedSide]
"""The front and the back of a card."""


def fit_sides(
    engine: Engine,
    data: Mapping[str, Json],
    sides: Sequence[Side],
    room: Room,
    progress: Callable[[int], None],
) -> list[Fit]:
    """Return how each side of a card fits. The engine lays out none that certainly does not fit.

    data: what the template needs beside sides.
    progress: called with how many sides have been measured so far.
    """
    trees: list[Json] = list(map(_measured_tree, sides))
    known = engine.recall({**data, "sides": trees})
    fits: dict[int, Fit] = {index: fit for index, fit in enumerate(known) if fit is not None}
    unknown = [index for index in range(len(sides)) if index not in fits]
    for index in unknown:
        if (estimate := estimate_overflow(sides[index], room)) is not None:
            fits[index] = estimate
    remaining = [index for index in unknown if index not in fits]
    for start in range(0, len(remaining), _PLAIN_SIDES_AT_ONCE):
        batch = {index: sides[index] for index in remaining[start : start + _PLAIN_SIDES_AT_ONCE]}
        plain = _fit_plain_sides(engine, data, batch, room)
        engine.remember({**data, "sides": [trees[index] for index in plain]}, list(plain.values()))
        fits |= plain
    remaining = [index for index in unknown if index not in fits]
    fitted_count = len(fits)
    progress(fitted_count)

    def show_progress(done: int) -> None:
        progress(fitted_count + done)

    fits |= zip(
        remaining, measure_sides(engine, data, [sides[i] for i in remaining], show_progress), strict=True
    )
    return [fits[index] for index in range(len(sides))]


def sides_in_doubt(engine: Engine, data: Mapping[str, Json], sides: Sequence[Side], room: Room) -> list[Side]:
    """Return the sides that may not fit, or whose fit has to be known. data: as for `fit_sides`."""
    sides = [side for side in sides if not certainly_fits(side.tree, room)]
    characters = set().union(*(east_asian_characters(side.tree) for side in sides))
    if not characters:
        return list(sides)
    styles = (
        TextStyle(weight=weight, italic=italic)
        for weight in set(WEIGHTS.values())
        for italic in (False, True)
    )
    together = "".join(("g", *sorted(characters)))
    texts = {(style, text) for style in styles for text in (*characters, together)}
    measures = _measure_texts(engine, data, texts)
    widths = dict.fromkeys(characters, 0.0)
    for (_, text), measure in measures.items():
        if text in widths:
            widths[text] = max(widths[text], measure.width + AROUND_EAST_ASIAN)
    east_asian = EastAsianText(widths, max(measure.height for measure in measures.values()))
    return [side for side in sides if not certainly_fits(side.tree, room, east_asian)]


def _fit_plain_sides(
    engine: Engine, data: Mapping[str, Json], sides: Mapping[int, Side], room: Room
) -> dict[int, Fit]:
    """Return how sides fit that have only plain text, if that is certain without laying them out.

    data: as for `fit_sides`. sides: by any numbers, which the result has, too.
    """
    fonts, digits = data["fonts"], data["digits"]
    assert isinstance(fonts, Mapping)
    assert isinstance(digits, int)
    if fonts["whole"] or data["rtl"]:
        return {}
    plain_sides = {
        number: plain
        for number, side in sides.items()
        if side.twin is None and (plain := read_plain_side(side.tree, room)) is not None
    }
    texts = texts_to_measure(plain_sides.values(), digits)
    widths = TextWidths(_measure_texts(engine, data, texts))
    feet = {to_json(plain.foot): plain.foot for plain in plain_sides.values()}
    heights = engine.measure({**data, "feet_only": True, "sides": list(feet.values())})
    foot_heights = dict(zip(feet, heights, strict=True))
    fitter = TextFitter(room, widths, digits)
    fits = {
        number: fitter.fit(plain, foot_heights[to_json(plain.foot)]) for number, plain in plain_sides.items()
    }
    return {number: fit for number, fit in fits.items() if fit is not None}


def _measure_texts(
    engine: Engine, data: Mapping[str, Json], texts: Iterable[StyledText]
) -> dict[StyledText, Measure]:
    """Return how wide and how high texts are. data: as for `fit_sides`."""
    by_style: dict[TextStyle, list[str]] = {}
    for style, text in sorted(texts):
        by_style.setdefault(style, []).append(text)
    measures: dict[StyledText, Measure] = {}
    for style, group in by_style.items():
        slope = "italic" if style.italic else "normal"
        shared = {**{key: data[key] for key in ("fonts", "lang", "region")}, "weight": style.weight}
        answers = engine.measure({**shared, "style": slope, "sides": group}, "measure-words.typ")
        for text, (width, height) in zip(group, answers, strict=True):
            measures[style, text] = Measure(width, height)
    return measures


def estimate_overflow(side: Side, room: Room) -> Fit | None:
    """Return how a side fits that is certainly too high or too wide; None for any other."""
    height, width = least_height(side.tree, room), least_width(side.tree, room)
    around = least_height_around(side.tree, room)
    if max(height, around) <= room.height and width <= room.width:
        return None
    # A part of the room is left out only if what is around the text fills all of it.
    max_height = room.height - around if around > room.height else room.height
    return {
        "scale": room.sizes.min_scale,
        "height": height * POINT,
        "max_height": max_height * POINT,
        "width": width * POINT,
        "max_width": room.width * POINT,
        "font_size": smallest_size(side.tree, room),
        "is_estimate": True,
    }


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
        return engine.measure({**data, "sides": list(map(_measured_tree, chunk))}, template)

    fits: list[Fit] = []
    with map_parallel(measure_chunk, chunks) as results:
        for chunk_fits in results:
            fits.extend(chunk_fits)
            progress(len(fits))
    return fits


def _measured_tree(side: Side) -> Json:
    """Return a side as it is measured: with one mask for all that a picture has, since masks take no room."""
    tree = side.measured_tree
    return tree if side.card.note.diagram is None else _with_one_mask(tree)


def _with_one_mask(tree: Json) -> Json:
    if isinstance(tree, dict):
        return {key: [True] if key == "masks" else _with_one_mask(child) for key, child in tree.items()}
    return list(map(_with_one_mask, tree)) if isinstance(tree, list) else tree


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


def tightest_sides(sides: Sequence[FittedSide]) -> list[TightSide]:
    """Return the cards that a longer text would overflow first, each by its tighter side, tightest first.

    A side with smaller type is tighter; of sides with the same scale, the fuller one is.
    """
    tight_sides: dict[str, TightSide] = {}
    for side, fit in sorted(sides, key=lambda side: _space_left(side.fit)):
        tight = _tight_side(side, fit)
        tight_sides.setdefault(tight.card_name, tight)
    return list(tight_sides.values())[:_MOST_TIGHTEST]


def find_overflows(sides: Sequence[Side], fits: Sequence[Fit]) -> Iterator[Diagnostic]:
    """Yield `card-overflow` for each side whose text does not fit at the smallest size."""
    for side, fit in zip(sides, fits, strict=True):
        if is_overflow(fit):
            yield overflow_diagnostic(side, fit)


def is_overflow(fit: Fit) -> bool:
    """Tell whether a side does not fit even in the smallest type."""
    return bool(fit["height"] > fit["max_height"]) or is_too_wide(fit)


def is_too_wide(fit: Fit) -> bool:
    """Tell whether a side has something that cannot be broken and is wider than the side."""
    return bool(fit["width"] > fit["max_width"])


def overflow_diagnostic(side: Side, fit: Fit, *, can_go_on: bool = False) -> Diagnostic:
    """Make the diagnostic of a side that does not fit. can_go_on: whether it could on further cards."""
    if fit["max_height"] <= 0:
        note = "its topic, name, hint or citations fill the card"
        text, help_ = (
            "has no room for its text",
            "shorten them, or keep the card off paper with `print: false`",
        )
        return side_diagnostic(side, "card-overflow", text, note=note, help_text=help_)
    return side_diagnostic(
        side, "card-overflow", shortfall(fit), help_text=overflow_advice(side, can_go_on=can_go_on)
    )


def find_small_drawings(sides: Sequence[Side], fits: Sequence[Fit]) -> Iterator[Diagnostic]:
    """Yield a warning for each drawing with type too small for paper, once, where it is smallest."""
    smallest: dict[str, tuple[float, float, Side, MediaFile]] = {}
    for side, fit in zip(sides, fits, strict=True):
        size, least = fit.get("picture_text"), fit.get("least_picture_text", MIN_FONT_SIZE)
        if size is None or size >= least - _ROUNDING:
            continue
        file = _smallest_drawing(side)
        if file.path not in smallest or size < smallest[file.path][0]:
            smallest[file.path] = (size, least, side, file)
    for size, least, side, file in smallest.values():
        name = file.path.rpartition("/")[2]
        message = f"the smallest text in `{truncate(name, 24)}` is {size:.1f} pt high on paper"
        note = f"below {least:g} pt it can hardly be read"
        times = math.ceil(20 * least / size) / 20
        help_ = f"make its text {times:g} times as large, perhaps with fewer labels, or choose a larger card"
        span = picture_span(side, file)
        yield Diagnostic("small-picture-text", message, span, Severity.WARNING, note=note, help=help_)


def _smallest_drawing(side: Side) -> MediaFile:
    """Return the drawing with the smallest type on a side that has one."""
    files = {picture_path(inline): inline.file for inline in side.inlines if isinstance(inline, Image)}
    nodes = (node for node in nodes_of_type(side.tree, "img") if "text" in node)
    return files[min(nodes, key=lambda node: float(node["text"]))["src"]]


def _tight_side(side: Side, fit: Fit) -> TightSide:
    is_width = fit["width"] * fit["max_height"] > fit["height"] * fit["max_width"]
    key = "width" if is_width else "height"
    measures = (fit["font_size"], fit["scale"], fit[key], fit[f"max_{key}"])
    return TightSide(side.card.name, side.name, *measures, is_width)


def _space_left(fit: Fit) -> tuple[float, float]:
    """Return what sides are sorted by: the scale of the type, and how much of the side is empty."""
    height_filled = fit["height"] / fit["max_height"] if fit["max_height"] > 0 else math.inf
    return round(fit["scale"], 4), -round(max(height_filled, fit["width"] / fit["max_width"]), 4)


def overflow_advice(side: Side, *, can_go_on: bool) -> str:
    """Say what can be done about a side that does not fit. can_go_on: whether it could on further cards."""
    picture = "leave out a picture, " if "img" in side.types else ""
    if can_go_on:
        off_paper = "keep it off paper with `print: false`"
        further = (
            ", or let it go on on a second card: `cardwright print --overflow continue`,"
            " or `print: {overflow: continue}` for the whole deck"
        )
    else:
        off_paper, further = "or keep it off paper with `print: false`", ""
    return f"shorten it, {picture}split it, {off_paper}{further}"


def shortfall(fit: Fit) -> str:
    """Say what is needed and what there is, rounded so that the two never look equal.

    Of a side both too wide and too high, the width is told, since no further card helps with it.
    """
    key = "width" if is_too_wide(fit) else "height"
    needed, available = math.ceil(fit[key]), math.floor(max(fit[f"max_{key}"], 0))
    direction = " across" if key == "width" else ""
    more_than = "more than " if fit.get("is_estimate") else ""
    return f"needs {more_than}{needed} mm{direction}, has {available} mm at {fit['font_size']:.2g} pt"
