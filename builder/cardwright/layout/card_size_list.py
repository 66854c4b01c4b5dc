"""All card sizes that have a name, as text: what they are, and what a sheet of them looks like."""

import textwrap
from collections.abc import Iterator
from itertools import zip_longest

from cardwright.layout.card_sizes import CARD_SIZES, PAPERS, CardSize, Material
from cardwright.layout.grid import Grid
from cardwright.layout.shapes import INCH
from cardwright.layout.sheet import Sheet
from cardwright.layout.units import Unit, said, size_said

_WIDTH = 80
_MARGIN = 2
_PICTURE = 20
# Of a picture, in lines, about; a line of text is about twice as high as a letter is wide.
_HEIGHT = 6
_LINE = 2.0

_STOCK = {Material.PLAIN: "", Material.DIE_CUT: "sold cut", Material.STICKERS: "stickers"}

OWN = """\
Cards of your own measures go into a file, for `--card my-cards.yaml`, or behind
`card:` in deck.yaml. What is left out is the usual:

    paper: a4           # or letter, a3, a5, …, or [width, height]
    unit: mm            # or in
    size: [63, 88]      # of a card: width, height
    columns: 3          # left out: as many as fit
    rows: 3
    first: [10.5, 16.5] # from the paper's corner; left out: in the middle
    pitch: [63, 88]     # from card to card; left out: their size and `gutter`
    stock: plain        # or die-cut, stickers
"""


def listing() -> str:
    """The card sizes by paper, in lines of at most 80 characters, and how to describe others."""
    return "\n".join([*(line for sheet in PAPERS.values() for line in _paper(sheet)), OWN])


def picture(grid: Grid) -> list[str]:
    """A sheet's cards as lines of text, wide and high about as they are."""
    high = max(1, _HEIGHT // grid.rows)
    wide = max(2, round(high * _LINE * grid.trim_width / grid.trim_height))

    def row(ends: str, between: str, fill: str) -> str:
        return between.join([fill * (wide - 1)] * grid.columns).join(ends)

    card = [row("││", "│", " ")] * (high - 1)
    lines = [row("┌┐", "┬", "─"), *card]
    for _ in range(grid.rows - 1):
        lines += [row("├┤", "┼", "─"), *card]
    return [*lines, row("└┘", "┴", "─")]


def _paper(sheet: Sheet) -> Iterator[str]:
    size = size_said(sheet.width, sheet.height, _unit(sheet.width, sheet.height))
    title = f"For {sheet.name} paper, {size}"
    yield from (title, "═" * len(title), "")
    for preset in CARD_SIZES:
        if preset.sheet == sheet:
            for drawn, words in zip_longest(picture(preset.grid), _words(preset), fillvalue=""):
                yield f"{' ' * _MARGIN}{drawn:<{_PICTURE - _MARGIN}}{words}".rstrip()
            yield ""


def _words(preset: CardSize) -> Iterator[str]:
    grid = preset.grid
    width, height = grid.trim_width, grid.trim_height
    size = size_said(width, height)
    if _unit(width, height) is Unit.IN and _unit(preset.sheet.width, preset.sheet.height) is Unit.IN:
        size = f"{size_said(width, height, Unit.IN)} ({size})"
    yield preset.name
    yield ", ".join(words for words in (preset.about, _STOCK[preset.stock]) if words)
    yield size
    yield ", ".join((f"{grid.slots} on a sheet, {grid.columns} × {grid.rows}", *_gutters(grid)))
    if preset.aliases:
        yield from textwrap.wrap(
            "also " + ", ".join(preset.aliases), _WIDTH - _PICTURE, break_on_hyphens=False
        )


def _gutters(grid: Grid) -> Iterator[str]:
    """What lies between cards, where a single cut does not part them."""
    across = round(grid.gutter_x if grid.columns > 1 else 0, 1)
    down = round(grid.gutter_y if grid.rows > 1 else 0, 1)
    if across == down > 0:
        yield f"{said(across)} apart"
    else:
        yield from (f"{what} {said(one)} apart" for what, one in (("columns", across), ("rows", down)) if one)


def _unit(*lengths: float) -> Unit:
    """Inches when all are given to a hundredth of one."""
    hundredths = [length / INCH * 100 for length in lengths]
    return Unit.IN if all(abs(one - round(one)) < 1e-6 for one in hundredths) else Unit.MM
