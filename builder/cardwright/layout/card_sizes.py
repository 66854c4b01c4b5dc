"""Stock and card sizes that people print on, each with the paper it is for."""

from dataclasses import dataclass
from enum import Enum
from functools import partial

from cardwright.layout.grid import Grid
from cardwright.layout.shapes import INCH
from cardwright.layout.sheet import A4, LETTER, Sheet


class Material(Enum):
    """What the cards are cut from.

    PLAIN: paper that whoever prints it cuts. DIE_CUT: sold with the cuts in it, so that nothing
    need show where they are. STICKERS: the same, and the back cannot be printed on.
    """

    PLAIN = "plain"
    DIE_CUT = "die-cut"
    STICKERS = "stickers"


@dataclass(frozen=True, slots=True)
class CardSize:
    """A way to fill a sheet with cards.

    name: what the author writes behind `card:`; one name for one size on several papers.
    aliases: what it goes by as well: article numbers of stock that is cut alike.
    about: in a few words, for who chooses.
    """

    name: str
    sheet: Sheet
    grid: Grid
    about: str = ""
    aliases: tuple[str, ...] = ()
    stock: Material = Material.PLAIN

    @property
    def margin_x(self) -> float:
        """In mm, the paper left of the cards or right of them, whichever is less."""
        return min(self.grid.left, self.sheet.width - self.grid.bounds.right)

    @property
    def margin_y(self) -> float:
        """In mm, the paper above the cards or below them, whichever is less."""
        return min(self.grid.top, self.sheet.height - self.grid.bounds.bottom)


_Pair = tuple[float, float]


def _cards(
    name: str,
    shape: tuple[int, int],
    size: _Pair,
    first: _Pair,
    pitch: _Pair | None = None,
    *,
    sheet: Sheet = A4,
    about: str = "",
    aliases: tuple[str, ...] = (),
    stock: Material = Material.PLAIN,
    unit: float = 1.0,
) -> CardSize:
    """shape: columns, rows. size, first, pitch: across and down, in units of so many mm."""
    (width, height), (left, top) = size, first
    pitch_x, pitch_y = pitch or size
    lengths = (left, top, width, height, pitch_x, pitch_y)
    grid = Grid(*shape, *(round(length * unit, 4) for length in lengths))
    return CardSize(name, sheet, grid, about, aliases, stock)


# US Letter is measured in inches, and most stock for it is bought.
_inches = partial(_cards, sheet=LETTER, unit=INCH, stock=Material.DIE_CUT)


# The first of a paper is what a deck gets that names none. `a7-safe` stays clear of the outer
# 8 mm, more than any office printer leaves white (6.35 mm is common).
# Sources: ISO 216 (a5 to a8); glabels-data 3.4.1, the numbers of its templates alone (Rayfilm,
# Avery, Sigel, Southworth); the usual sizes of playing cards; the rest is arithmetic.
CARD_SIZES = (
    _cards("a7-safe", (2, 4), (95, 68), (9, 9.5), (97, 70),
           about="near A7, clear of every printer's margin", aliases=("a4-8-safe",)),
    _cards("a7-safe", (2, 4), (95, 2.5 * INCH), (11.95, 9.7), (97, 2.5 * INCH + 2), sheet=LETTER,
           about="near A7, clear of every printer's margin", aliases=("letter-8-safe",)),
    _cards("a5", (1, 2), (210, 148.5), (0, 0), about="A5", aliases=("a4-2",)),
    _cards("a6", (2, 2), (105, 148.5), (0, 0), about="A6", aliases=("a4-4",)),
    _cards("a7", (2, 4), (105, 74.25), (0, 0), about="A7", aliases=("a4-8",)),
    _inches("a7", (2, 4), (4.25, 2.75), (0, 0), about="near A7", aliases=("letter-8",), stock=Material.PLAIN),
    _cards("a8", (4, 4), (52.5, 74.25), (0, 0), about="A8", aliases=("a4-16",)),
    _cards("a4-9", (3, 3), (70, 99), (0, 0), about="nine on A4"),
    _cards("a4-10", (2, 5), (105, 59.4), (0, 0), about="ten on A4"),
    _cards("a4-12", (3, 4), (70, 74.25), (0, 0), about="twelve on A4"),
    _cards("poker", (3, 3), (63, 88), (10.5, 16.5), about="poker cards", aliases=("a4-poker",)),
    _inches("poker", (3, 3), (2.5, 3.5), (0.5, 0.25), about="poker cards", aliases=("letter-poker",),
            stock=Material.PLAIN),
    _cards("bridge", (3, 3), (57, 89), (19.5, 15), about="bridge cards", aliases=("a4-bridge",)),
    _cards("mini-euro", (4, 4), (44, 68), (17, 12.5), about="small game cards",
           aliases=("a4-mini-euro",)),
    _cards("tarot", (2, 2), (70, 120), (35, 28.5), about="tarot cards", aliases=("a4-tarot",)),
    _cards("index-3x5", (1, 3), (127, 76.2), (41.5, 34.2), about="index cards, 5 in wide",
           aliases=("a4-index-3x5",)),
    _cards("index-3x5-upright", (2, 2), (76.2, 127), (28.8, 21.5), about="index cards, 3 in wide",
           aliases=("a4-index-5x3-portrait",)),
    _inches("index-3x5-upright", (2, 2), (3, 5), (1.25, 0.5), about="index cards, 3 in wide",
            aliases=("letter-3x5-4up",), stock=Material.PLAIN),
    _cards("avery-c32011", (2, 5), (85, 54), (15, 13.5), (95, 54), about="business cards",
           aliases=("avery-c32011-10", "decadry-occ-3342", "geha-p70"), stock=Material.DIE_CUT),
    _cards("avery-32010", (2, 5), (85, 54), (14.11, 14.11), (94.9, 53.98), about="business cards",
           aliases=("zweckform-32010",), stock=Material.DIE_CUT),
    _cards("avery-c32015", (2, 4), (85, 54), (17, 31.5), (91, 60), about="business cards",
           stock=Material.DIE_CUT),
    _cards("avery-l7414", (2, 5), (90, 52), (15, 18.5), about="business cards", stock=Material.DIE_CUT),
    _cards("avery-l4785", (2, 5), (80, 50), (18, 13), (95, 55), about="name badges, one side only",
           aliases=("avery-l4784",), stock=Material.STICKERS),
    _cards("sigel-lp795", (2, 5), (85, 55), (14, 10.5), (95, 55), about="business cards",
           stock=Material.DIE_CUT),
    _inches("avery-5371", (2, 5), (3.5, 2), (0.75, 0.5), about="business cards",
            aliases=("avery-8371", "avery-5911", "avery-5876", "avery-8471", "avery-8877",
                     "avery-28371", "avery-28877")),
    _inches("avery-8373", (2, 4), (3.5, 2), (0.5, 0.75), (4, 2.5), about="business cards",
            aliases=("avery-3612",)),
    _inches("avery-5388", (1, 3), (5, 3), (1.75, 1), about="index cards, 5 in wide",
            aliases=("avery-8388",)),
    _inches("avery-5389", (1, 2), (6, 4), (1.25, 1.25), (6, 4.5), about="post cards"),
    _inches("southworth-bc554", (2, 5), (3.5, 2), (0.5, 0.5), (4, 2), about="business cards"),
)  # fmt: skip
PAPERS = {preset.sheet.name: preset.sheet for preset in CARD_SIZES}


def named(card: str) -> tuple[CardSize, ...]:
    """The presets that go by a name, one for each paper; none when there is no such name."""
    return tuple(preset for preset in CARD_SIZES if card == preset.name or card in preset.aliases)
