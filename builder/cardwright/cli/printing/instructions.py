"""What the user is told about a printout: how to print, cut and assemble it."""

from collections.abc import Iterator, Sequence

from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import count_noun
from cardwright.formats.pdf.settings import Design, PageDesign
from cardwright.formats.pdf.words import is_right_to_left
from cardwright.layout.card_sizes import Material
from cardwright.layout.geometry import Sheet
from cardwright.layout.imposition import MAX_PILE, cards_per_sheet
from cardwright.layout.marks import caption_boxes
from cardwright.layout.plan import Mode, Order, Plan, PrintLayout
from cardwright.layout.units import format_size
from cardwright.pipeline.printing import Printout

_PAPERS = {"letter": "US Letter", "legal": "US Legal", "tabloid": "Tabloid"}
TRUE_SIZE = "at 100 % (not “fit to page”)"


def paper_name(sheet: Sheet) -> str:
    """Return the name of a paper, such as `A4` or `US Letter`, or the size of a custom one."""
    name = _PAPERS.get(sheet.name, sheet.name.upper())
    return name or f"{format_size(sheet.width, sheet.height)} paper"


def headline(printout: Printout) -> str:
    """Return a line that sums a printout up: `Hamstrings: 12 of 143 cards on 2 sheets of A4`."""
    design = printout.design
    if isinstance(design, Design):
        extent, sheet = count_noun(printout.sheets, "sheet"), design.plan.card_size.sheet
    else:
        extent, sheet = count_noun(printout.pages, "page"), design.sheet
    selected = f"{printout.cards} of " if printout.cards < printout.all_cards else ""
    cards = count_noun(printout.all_cards, "card")
    return f"{escape_controls(printout.deck.name)}: {selected}{cards} on {extent} of {paper_name(sheet)}"


def written_files(paths: Sequence[str]) -> Iterator[str]:
    """Yield a line for each file, or for many pictures a line with the first and the last."""
    if len(paths) > 2 and paths[0].endswith(".png"):
        first, last = escape_controls(paths[0]), escape_controls(paths[-1])
        yield f"  written    {len(paths)} pictures, {first} to {last}"
    else:
        yield from (f"  written    {escape_controls(path)}" for path in paths)


def how_to_print(layout: PrintLayout, printout: Printout, file_count: int, printer: str) -> Iterator[str]:
    """Yield what to do with the files, step by step.

    printer: the name of the printer whose saved offset is used; empty for none.
    """
    design, sheets = printout.design, printout.sheets
    if isinstance(design, PageDesign):
        yield from _page_steps(layout, printout)
        return
    plan = design.plan
    if plan.mode is Mode.SPLIT and file_count > 2:
        yield "Do this with each pair of files by itself:"
    yield from _print_steps(plan)
    if plan.card_size.material is not Material.PLAIN:
        yield "Try it on plain paper first, and hold that against your sheet of cards."
    if (plan.offset_x or plan.offset_y) and plan.mode in (Mode.DUPLEX, Mode.SPLIT):
        saved = f", as saved for {escape_controls(printer)}" if printer else ""
        yield f"Backs are moved {_describe_offset(plan.offset_x, plan.offset_y)}{saved}."
    in_stacks = plan.order is Order.STACKS and sheets > 1 and cards_per_sheet(plan) > 1
    if in_stacks:
        yield from _stack_steps(sheets, "right" if is_right_to_left(printout.deck.language) else "left")
    if plan.mode is Mode.FOLD:
        first_step = "Fold each pair" if in_stacks else "Cut out each pair, fold it"
        yield f"{first_step} along the dashed line, and glue the white sides together."
    if plan.mode is not Mode.SINGLE and _turns_like_a_calendar(plan):
        yield "Turn each card over its top edge, like a page of a wall calendar."


def tightest_cards(printout: Printout) -> Iterator[str]:
    """Yield a table of the cards that a longer text would overflow first."""
    title = "the room on its card"
    if len(printout.tightest) > 1:
        title = f"of {printout.cards} cards the {len(printout.tightest)} with the least room left"
    yield f"{escape_controls(printout.deck.name)}: {title}"
    yield f"  {'type':<17}{'takes':<22}card"
    for side in printout.tightest:
        size = f"{side.font_size:.1f} pt" + (f" ({100 * side.scale:.0f} %)" if side.scale < 1 else "")
        direction = "wide" if side.is_width else "high"
        takes = f"{side.needed:.1f} of {side.available:.1f} mm {direction}"
        yield f"  {size:<17}{takes:<22}{escape_controls(side.card_name)}, {side.side}"


def _page_steps(layout: PrintLayout, printout: Printout) -> Iterator[str]:
    if printout.pages > 1:
        yield "Print on one side or on both."
    if layout is PrintLayout.LIST:
        yield "Fold it along the middle to hide the answers."
    if layout is PrintLayout.QUIZ:
        page = printout.first_answer_page
        yield f"The answers begin on page {page}." if page else "The answers are at the end of each file."


def _print_steps(plan: Plan) -> Iterator[str]:
    edge = plan.flip.value
    match plan.mode:
        case Mode.DUPLEX:
            yield f"Print on both sides, flip on the {edge} edge, {TRUE_SIZE}."
        case Mode.SPLIT:
            yield f"Print the fronts on one side, {TRUE_SIZE}. Turn the pile over its {edge} edge, put it"
            yield "back in so that sheet 1 is printed first and on its white side, and print the backs."
            if caption_boxes(plan.card_size.grid, plan.card_size.sheet):
                yield "Try it with one sheet: its margin says which sheet it is, and which side."
            else:
                yield "Try it with one sheet: a card has the same number on both sides."
        case Mode.FOLD:
            yield f"Print on one side, {TRUE_SIZE}."
        case Mode.SINGLE:
            yield f"Print on one side, {TRUE_SIZE}; the backs stay white."
    if plan.start_at > 1:
        yield f"Sheet 1 is your used one: its cards begin in cell {plan.start_at}, counted as one reads."


def _stack_steps(sheets: int, first_side: str) -> Iterator[str]:
    """Yield how to cut and put together. first_side: where reading begins, "left" or "right"."""
    several_piles = sheets > MAX_PILE
    amount = f"{MAX_PILE} sheets at a time" if several_piles else "all sheets at once"
    stacks = "the stacks of each pile" if several_piles else "the stacks"
    yield f"Cut {amount}, the first one on top. Put {stacks} on each other"
    yield f"in reading order, the one from the top {first_side} corner on top: the cards are in order."


def _turns_like_a_calendar(plan: Plan) -> bool:
    """Tell whether a card's back is upright when the card is turned over its top edge, not its left one."""
    like_a_book = plan.mode is Mode.FOLD or plan.card_size.sheet.turns_like_a_book(plan.flip)
    return like_a_book is plan.rotate_backs


def _describe_offset(x: float, y: float) -> str:
    """Return an offset in words, such as `0.5 mm to the right and 1 mm up`. x, y: in mm."""
    parts = []
    if x:
        parts.append(f"{abs(x):g} mm to the {'right' if x > 0 else 'left'}")
    if y:
        parts.append(f"{abs(y):g} mm {'down' if y > 0 else 'up'}")
    return " and ".join(parts)
