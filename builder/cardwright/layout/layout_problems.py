"""What cannot be printed: cards that do not lie on their paper, and wishes that go against the cards."""

from collections.abc import Iterator
from dataclasses import dataclass

from cardwright.layout.card_sizes import CardSize, Material
from cardwright.layout.plan import ROOM_FOR_MARKS, Marks, Mode, Plan, cuts, most_bleed, room_x, room_y
from cardwright.layout.units import Unit, said, size_said

# Presets are given to a tenth of a millimetre or to a hundredth of an inch.
_TOLERANCE = 0.05
# A back that lies further off was not printed for the card in front of it.
MOST_OFFSET = 15.0
LEAST_CARD = 30.0
MOST_SHEET = 1200.0


@dataclass(frozen=True, slots=True)
class LayoutProblem:
    """Why something cannot be printed.

    what: the choice that is to blame, as its option is called, or the key of a preset.
    across: of a key that stands for two lengths, which of them: the one across, the one
        down, or None for both.
    """

    code: str
    what: str
    message: str
    across: bool | None = None


def card_size_problems(preset: CardSize, unit: Unit = Unit.MM) -> Iterator[LayoutProblem]:
    """What keeps cards of an author's own from lying on their paper. unit: that lengths are told in."""
    grid, sheet = preset.grid, preset.sheet
    paper = size_said(sheet.width, sheet.height, unit)
    if max(sheet.width, sheet.height) > MOST_SHEET:
        most = said(MOST_SHEET, unit)
        yield LayoutProblem("paper-too-large", "paper", f"paper of {paper} is too large; {most} is the most")
    if min(sheet.width, sheet.height) < LEAST_CARD:
        least = said(LEAST_CARD, unit)
        yield LayoutProblem(
            "paper-too-small", "paper", f"paper of {paper} is too small; {least} is the least"
        )
        return
    for count, what in ((grid.columns, "columns"), (grid.rows, "rows")):
        if count < 1:
            yield LayoutProblem("no-cards-on-sheet", what, f"a sheet of {count} {what} has no cards")
    if min(grid.trim_width, grid.trim_height) < LEAST_CARD:
        card, least = size_said(grid.trim_width, grid.trim_height, unit), said(LEAST_CARD, unit)
        one = None if max(grid.trim_width, grid.trim_height) < LEAST_CARD else grid.trim_width < LEAST_CARD
        yield LayoutProblem(
            "card-too-small", "size", f"a card of {card} is too small; {least} is the least", one
        )
    elif min(grid.columns, grid.rows) > 0:
        yield from _overlaps(preset, unit)
        yield from _overhangs(preset, unit)


def plan_problems(plan: Plan) -> Iterator[LayoutProblem]:
    """What of a plan goes against its preset."""
    preset, mode = plan.preset, plan.mode
    if cuts(preset, mode) is None:
        size = size_said(preset.grid.trim_width, preset.grid.trim_height)
        yield LayoutProblem(
            "no-room-to-fold", "mode", f"no two cards of {size} fit on the paper in one piece"
        )
        return
    room = max(room_x(preset, mode), room_y(preset, mode))
    if plan.marks is Marks.CROPS and room < ROOM_FOR_MARKS:
        message = f"crop marks need {said(ROOM_FOR_MARKS)} beside the cards; there are {said(room)}"
        yield LayoutProblem("no-room-for-marks", "marks", message)
    most = most_bleed(preset, mode)
    if not 0 <= plan.bleed <= most + _TOLERANCE:
        message = f"a bleed of {said(plan.bleed)}; these cards have room for 0 to {said(most)}"
        yield LayoutProblem("bleed-too-wide", "bleed", message)
    if max(abs(plan.offset_x), abs(plan.offset_y)) > MOST_OFFSET:
        offset = f"{plan.offset_x:.6g},{plan.offset_y:.6g}"
        yield LayoutProblem("offset-too-far", "offset", f"an offset of {offset} mm; 15 mm is the most")


def plan_warnings(plan: Plan) -> Iterator[LayoutProblem]:
    """What of a plan will hardly come out as it was meant, though it can be printed."""
    stock, mode = plan.preset.stock, plan.mode
    if stock is Material.STICKERS and mode in (Mode.DUPLEX, Mode.SPLIT):
        yield LayoutProblem(
            "back-of-stickers", "mode", "stickers have no back to print on; `single` is for them"
        )
    if stock is not Material.PLAIN and mode is Mode.FOLD:
        message = "cards that are cut already do not hang together, so none can be folded"
        yield LayoutProblem("folded-where-cut", "mode", message)


def _overlaps(preset: CardSize, unit: Unit) -> Iterator[LayoutProblem]:
    grid = preset.grid
    axes = (
        (True, "wide", grid.columns, grid.trim_width, grid.pitch_x),
        (False, "high", grid.rows, grid.trim_height, grid.pitch_y),
    )
    for across, way, count, size, pitch in axes:
        if count > 1 and pitch < size - _TOLERANCE:
            message = f"cards {said(size, unit)} {way} overlap when they begin every {said(pitch, unit)}"
            yield LayoutProblem("cards-overlap", "pitch", message, across)


def _overhangs(preset: CardSize, unit: Unit) -> Iterator[LayoutProblem]:
    grid, sheet, bounds = preset.grid, preset.sheet, preset.grid.bounds
    axes = (
        (True, "wide", "columns", grid.columns, bounds.x, bounds.width, sheet.width),
        (False, "high", "rows", grid.rows, bounds.y, bounds.height, sheet.height),
    )
    for across, way, what, count, start, need, have in axes:
        paper = f"the paper is {said(have, unit)} {way}"
        if need > have + _TOLERANCE:
            many = f"{count} {what} need" if count > 1 else "a card needs"
            blame = what if count > 1 else "size"
            yield LayoutProblem("cards-off-paper", blame, f"{many} {said(need, unit)}; {paper}", across)
        elif start < -_TOLERANCE:
            message = f"the first card begins at {said(start, unit)}, off the paper"
            yield LayoutProblem("cards-off-paper", "first", message, across)
        elif start + need > have + _TOLERANCE:
            message = f"the cards end at {said(start + need, unit)}; {paper}"
            yield LayoutProblem("cards-off-paper", "first", message, across)
