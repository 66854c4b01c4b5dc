"""What is said about a printout: how it is printed, cut and put together."""

from collections.abc import Iterator, Sequence

from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import count_noun
from cardwright.formats.pdf.settings import Design, PageDesign
from cardwright.layout.card_sizes import Material
from cardwright.layout.geometry import Flip, Sheet
from cardwright.layout.imposition import MAX_PILE, cards_per_sheet
from cardwright.layout.plan import Mode, Order, Plan
from cardwright.layout.units import format_size
from cardwright.pipeline.printing import Printout

_PAPERS = {"letter": "US Letter", "legal": "US Legal", "tabloid": "Tabloid"}
TRUE_SIZE = "at 100 % (not “fit to page”)"


def paper(sheet: Sheet) -> str:
    """`A4`, `US Letter`, or what it measures."""
    name = _PAPERS.get(sheet.name, sheet.name.upper())
    return name or f"{format_size(sheet.width, sheet.height)} paper"


def headline(made: Printout) -> str:
    """`Hamstrings: 12 of 143 cards on 2 sheets of A4`."""
    design = made.design
    if isinstance(design, Design):
        extent, sheet = count_noun(made.sheets, "sheet"), design.plan.card_size.sheet
    else:
        extent, sheet = count_noun(made.pages, "page"), design.sheet
    of = f"{made.cards} of " if made.cards < made.all_cards else ""
    cards = count_noun(made.all_cards, "card")
    return f"{escape_controls(made.deck.name)}: {of}{cards} on {extent} of {paper(sheet)}"


def written(paths: Sequence[str]) -> Iterator[str]:
    """The files, one a line; of many pictures the first and the last."""
    if len(paths) > 2 and paths[0].endswith(".png"):
        first, last = escape_controls(paths[0]), escape_controls(paths[-1])
        yield f"  written    {len(paths)} pictures, {first} to {last}"
    else:
        yield from (f"  written    {escape_controls(path)}" for path in paths)


def how_to_print(layout: str, made: Printout, files: int, printer: str) -> Iterator[str]:
    """What to do with the files, a step a line.

    layout: as in `Request`. files: how many there are. printer: whose offset is used; empty for none.
    """
    design, sheets = made.design, made.sheets
    if isinstance(design, PageDesign):
        if made.pages > 1:
            yield "Print on one side or on both."
        if layout in _PAGES:
            yield _PAGES[layout]
        return
    plan = design.plan
    if plan.mode is Mode.SPLIT and files > 2:
        yield "Do this with each pair of files by itself:"
    yield from _printing(plan)
    if plan.card_size.material is not Material.PLAIN:
        yield "Try it on plain paper first, and hold that against the stock."
    if (plan.offset_x or plan.offset_y) and plan.mode in (Mode.DUPLEX, Mode.SPLIT):
        kept = f", as kept of {escape_controls(printer)}" if printer else ""
        yield f"Backs are moved {_moved(plan.offset_x, plan.offset_y)}{kept}."
    stacked = plan.order is Order.STACKS and sheets > 1 and cards_per_sheet(plan) > 1
    if stacked:
        yield from _stacking(sheets)
    if plan.mode is Mode.FOLD:
        first = "Fold each pair" if stacked else "Cut out each pair, fold it"
        yield f"{first} along the dashed line, and glue the white sides together."
    if plan.mode is not Mode.SINGLE and _like_a_calendar(plan):
        yield "Turn each card over its top edge, like a page of a wall calendar."


def tightest(made: Printout) -> Iterator[str]:
    """A small table of the cards that a longer text would overflow first."""
    which = "the room on its card"
    if len(made.tightest) > 1:
        which = f"of {made.cards} cards the {len(made.tightest)} with the least room left"
    yield f"{escape_controls(made.deck.name)}: {which}"
    yield f"  {'type':<17}{'takes':<22}card"
    for one in made.tightest:
        size = f"{one.font_size:.1f} pt" + (f" ({100 * one.scale:.0f} %)" if one.scale < 1 else "")
        takes = f"{one.needed:.1f} of {one.available:.1f} mm {'wide' if one.is_width else 'high'}"
        yield f"  {size:<17}{takes:<22}{escape_controls(one.card_name)}, {one.side}"


_PAGES = {
    "list": "Fold it along the middle to hide the answers.",
    "quiz": "The answers are at the end.",
}


def _printing(plan: Plan) -> Iterator[str]:
    edge = "long" if plan.flip is Flip.LONG else "short"
    match plan.mode:
        case Mode.DUPLEX:
            yield f"Print on both sides, flip on the {edge} edge, {TRUE_SIZE}."
        case Mode.SPLIT:
            yield f"Print the fronts on one side, {TRUE_SIZE}. Turn the pile over its {edge} edge, put it"
            yield "back in so that sheet 1 is printed first and on its white side, and print the backs."
            yield "Try it with one sheet: its margin says which sheet it is, and which side."
        case Mode.FOLD:
            yield f"Print on one side, {TRUE_SIZE}."
        case Mode.SINGLE:
            yield f"Print on one side, {TRUE_SIZE}; the backs stay white."


def _stacking(sheets: int) -> Iterator[str]:
    piles = sheets > MAX_PILE
    many = f"{MAX_PILE} sheets at a time" if piles else "all sheets at once"
    stacks = "the stacks of each pile" if piles else "the stacks"
    yield f"Cut {many}, the first one on top. Put {stacks} on each other"
    yield "in the order of reading, that from the top left corner on top: the cards are in order."


def _like_a_calendar(plan: Plan) -> bool:
    """Whether a card's back is upright when it is turned over its top edge, not its left one."""
    book = plan.mode is Mode.FOLD or plan.card_size.sheet.turns_like_a_book(plan.flip)
    return book is plan.rotate_backs


def _moved(x: float, y: float) -> str:
    """`0.5 mm to the right and 1 mm up`."""
    parts = []
    if x:
        parts.append(f"{abs(x):g} mm to the {'right' if x > 0 else 'left'}")
    if y:
        parts.append(f"{abs(y):g} mm {'down' if y > 0 else 'up'}")
    return " and ".join(parts)
