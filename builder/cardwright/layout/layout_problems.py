"""What can't be printed: cards that don't fit on their paper, and choices that don't suit the cards."""

from collections.abc import Iterator

from cardwright.layout.card_sizes import CardSize, Material
from cardwright.layout.plan import CROP_MARK_MARGIN, Marks, Mode, Plan, cut_grid, cut_margins, max_bleed
from cardwright.layout.units import Unit, format_length, format_size
from cardwright.record import Record

# Named card sizes are exact to a tenth of a millimetre or to a hundredth of an inch.
_TOLERANCE = 0.05
# All in mm. A back that lies further off was not printed for the card in front of it.
MAX_OFFSET = 15.0
MIN_CARD_LENGTH = 30.0
MAX_SHEET_LENGTH = 1200.0


class LayoutProblem(Record, frozen=True):
    """Why something can't be printed.

    key: the print setting, or the key of a custom card size, that causes the problem.
    horizontal: of a key with two lengths, whether the problem is the horizontal one or the
        vertical one; None for both.
    """

    code: str
    key: str
    message: str
    horizontal: bool | None = None


def card_size_problems(card_size: CardSize, unit: Unit = Unit.MM) -> Iterator[LayoutProblem]:
    """Find out why a custom card size does not fit on its paper. unit: for lengths in messages."""
    grid, sheet = card_size.grid, card_size.sheet
    paper = format_size(sheet.width, sheet.height, unit)
    if max(sheet.width, sheet.height) > MAX_SHEET_LENGTH:
        limit = format_length(MAX_SHEET_LENGTH, unit)
        yield LayoutProblem("paper-too-large", "paper", f"paper of {paper} is too large; {limit} is the most")
    limit = format_length(MIN_CARD_LENGTH, unit)
    if min(sheet.width, sheet.height) < MIN_CARD_LENGTH:
        message = f"paper of {paper} is too small; {limit} is the least"
        yield LayoutProblem("paper-too-small", "paper", message)
        return
    for count, key in ((grid.columns, "columns"), (grid.rows, "rows")):
        if count < 1:
            yield LayoutProblem("no-cards-on-sheet", key, f"a sheet of {count} {key} has no cards")
    width, height = grid.trim_width, grid.trim_height
    if min(width, height) < MIN_CARD_LENGTH:
        message = f"a card of {format_size(width, height, unit)} is too small; {limit} is the least"
        horizontal = None if max(width, height) < MIN_CARD_LENGTH else width < MIN_CARD_LENGTH
        yield LayoutProblem("card-too-small", "size", message, horizontal)
    elif min(grid.columns, grid.rows) > 0:
        yield from _overlaps(card_size, unit)
        yield from _cards_off_paper(card_size, unit)


def plan_problems(plan: Plan) -> Iterator[LayoutProblem]:
    """Find the choices of a plan that are impossible with its card size."""
    card_size, mode = plan.card_size, plan.mode
    grid = cut_grid(card_size, mode)
    if grid is None:
        size = format_size(card_size.grid.trim_width, card_size.grid.trim_height)
        message = f"no two cards of {size} fit on the paper in one piece"
        yield LayoutProblem("no-room-to-fold", "mode", message)
        return
    if plan.start_at > grid.slots:
        message = f"there is no cell {plan.start_at}; a sheet of these cards has {grid.slots}"
        yield LayoutProblem("no-such-cell", "start-at", message)
    margin = max(cut_margins(card_size, mode))
    if plan.marks is Marks.CROPS and margin < CROP_MARK_MARGIN:
        needed, available = format_length(CROP_MARK_MARGIN), format_length(margin)
        message = f"crop marks need {needed} beside the cards; the paper leaves {available}"
        yield LayoutProblem("no-room-for-marks", "marks", message)
    limit = max_bleed(card_size, mode)
    if not 0 <= plan.bleed <= limit + _TOLERANCE:
        bleed = format_length(plan.bleed)
        message = f"a bleed of {bleed}; these cards have room for 0 to {format_length(limit)}"
        yield LayoutProblem("bleed-too-wide", "bleed", message)
    if (problem := offset_problem(plan.offset_x, plan.offset_y)) is not None:
        yield problem


def offset_problem(x: float, y: float) -> LayoutProblem | None:
    """Return what is wrong with an offset of the backs, given in mm, if anything is."""
    if max(abs(x), abs(y)) <= MAX_OFFSET:
        return None
    message = f"an offset of {x:.6g},{y:.6g} mm; {MAX_OFFSET:g} mm is the most"
    return LayoutProblem("offset-too-far", "offset", message)


def plan_warnings(plan: Plan) -> Iterator[LayoutProblem]:
    """Find the choices of a plan that can be printed but are hardly what the user wants."""
    material, mode = plan.card_size.material, plan.mode
    if material is Material.STICKERS and mode in (Mode.DUPLEX, Mode.SPLIT):
        message = "stickers have no back to print on; `single` is for them"
        yield LayoutProblem("back-of-stickers", "mode", message)
    if material is not Material.PLAIN and mode is Mode.FOLD:
        message = "cards that are cut already do not hang together, so none can be folded"
        yield LayoutProblem("folded-where-cut", "mode", message)


def _overlaps(card_size: CardSize, unit: Unit) -> Iterator[LayoutProblem]:
    grid = card_size.grid
    axes = (
        (True, "wide", grid.columns, grid.trim_width, grid.pitch_x),
        (False, "high", grid.rows, grid.trim_height, grid.pitch_y),
    )
    for horizontal, adjective, count, size, pitch in axes:
        if count > 1 and pitch < size - _TOLERANCE:
            card, interval = format_length(size, unit), format_length(pitch, unit)
            message = f"cards {card} {adjective} overlap when they begin every {interval}"
            yield LayoutProblem("cards-overlap", "pitch", message, horizontal)


def _cards_off_paper(card_size: CardSize, unit: Unit) -> Iterator[LayoutProblem]:
    grid, sheet, bounds = card_size.grid, card_size.sheet, card_size.grid.bounds
    axes = (
        (True, "wide", "columns", grid.columns, bounds.x, bounds.width, sheet.width),
        (False, "high", "rows", grid.rows, bounds.y, bounds.height, sheet.height),
    )
    for horizontal, adjective, count_key, count, start, size, limit in axes:
        paper = f"the paper is {format_length(limit, unit)} {adjective}"
        if size > limit + _TOLERANCE:
            cards = f"{count} {count_key} need" if count > 1 else "a card needs"
            key, message = count_key if count > 1 else "size", f"{cards} {format_length(size, unit)}; {paper}"
        elif start < -_TOLERANCE:
            key, message = "first", f"the first card begins at {format_length(start, unit)}, off the paper"
        elif start + size > limit + _TOLERANCE:
            key, message = "first", f"the cards end at {format_length(start + size, unit)}; {paper}"
        else:
            continue
        yield LayoutProblem("cards-off-paper", key, message, horizontal)
