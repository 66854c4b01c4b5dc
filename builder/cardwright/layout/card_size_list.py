"""The list of all card sizes that have a name, as text with a picture of each sheet."""

import textwrap
from collections.abc import Iterator
from itertools import zip_longest

from cardwright.layout.card_sizes import CARD_SIZES, PAPERS, CardSize, Material
from cardwright.layout.geometry import Grid, Sheet
from cardwright.layout.units import INCH, Unit, format_length, format_size

_WIDTH = 80
_INDENT = 2
_PICTURE_WIDTH = 20
# The approximate height of a picture in lines; a line of text is about twice as high as a letter is wide.
_PICTURE_HEIGHT = 6
_LINE_HEIGHT = 2.0

_MATERIALS = {Material.PLAIN: "", Material.DIE_CUT: "sold cut", Material.STICKERS: "stickers"}

CUSTOM_SIZE_HELP = """\
Cards with your own measures go into a file, for `--card my-cards.yaml`, or
after `card:` in deck.yaml. Everything except `paper` and `size` is optional:

    paper: a4           # or letter, a3, a5, …, or [width, height]
    unit: mm            # or in
    size: [63, 88]      # of a card: width, height
    columns: 3          # left out: as many as fit
    rows: 3
    first: [10.5, 16.5] # from the paper's corner; left out: in the middle
    pitch: [63, 88]     # from card to card; left out: their size and `gutter`
    stock: plain        # or die-cut, stickers
"""


def list_card_sizes() -> str:
    """Return the card sizes by paper, in lines of at most 80 characters, and how to describe others."""
    return "\n".join([*(line for sheet in PAPERS.values() for line in _list_paper(sheet)), CUSTOM_SIZE_HELP])


def draw_sheet(grid: Grid) -> list[str]:
    """Return a sheet's cards as lines of text, with about their real proportions."""
    lines_per_card = max(1, _PICTURE_HEIGHT // grid.rows)
    card_width = max(2, round(lines_per_card * _LINE_HEIGHT * grid.trim_width / grid.trim_height))

    def row(ends: str, separator: str, fill: str) -> str:
        return separator.join([fill * (card_width - 1)] * grid.columns).join(ends)

    card = [row("││", "│", " ")] * (lines_per_card - 1)
    lines = [row("┌┐", "┬", "─"), *card]
    for _ in range(grid.rows - 1):
        lines += [row("├┤", "┼", "─"), *card]
    return [*lines, row("└┘", "┴", "─")]


def _list_paper(sheet: Sheet) -> Iterator[str]:
    size = format_size(sheet.width, sheet.height, _usual_unit(sheet.width, sheet.height))
    title = f"For {sheet.name} paper, {size}"
    yield from (title, "═" * len(title), "")
    for card_size in CARD_SIZES:
        if card_size.sheet == sheet:
            rows = zip_longest(draw_sheet(card_size.grid), _describe(card_size), fillvalue="")
            for picture, text in rows:
                yield f"{' ' * _INDENT}{picture:<{_PICTURE_WIDTH - _INDENT}}{text}".rstrip()
            yield ""


def _describe(card_size: CardSize) -> Iterator[str]:
    grid, sheet = card_size.grid, card_size.sheet
    width, height = grid.trim_width, grid.trim_height
    size = format_size(width, height)
    if _usual_unit(width, height) is Unit.IN and _usual_unit(sheet.width, sheet.height) is Unit.IN:
        size = f"{format_size(width, height, Unit.IN)} ({size})"
    yield card_size.name
    yield ", ".join(text for text in (card_size.description, _MATERIALS[card_size.material]) if text)
    yield size
    yield ", ".join((f"{grid.slots} on a sheet, {grid.columns} × {grid.rows}", *_describe_gutters(grid)))
    if card_size.aliases:
        yield from textwrap.wrap(
            "also " + ", ".join(card_size.aliases), _WIDTH - _PICTURE_WIDTH, break_on_hyphens=False
        )


def _describe_gutters(grid: Grid) -> Iterator[str]:
    gutter_x = round(grid.gutter_x if grid.columns > 1 else 0, 1)
    gutter_y = round(grid.gutter_y if grid.rows > 1 else 0, 1)
    if gutter_x == gutter_y > 0:
        yield f"{format_length(gutter_x)} apart"
    else:
        gutters = (("columns", gutter_x), ("rows", gutter_y))
        yield from (f"{name} {format_length(gutter)} apart" for name, gutter in gutters if gutter)


def _usual_unit(*lengths: float) -> Unit:
    """Return inches when each length is a whole number of hundredths of an inch."""
    hundredths = [length / INCH * 100 for length in lengths]
    return Unit.IN if all(abs(number - round(number)) < 1e-6 for number in hundredths) else Unit.MM
