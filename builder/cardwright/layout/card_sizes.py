"""The card sizes that have a name, each with the paper it is for."""

from enum import Enum
from functools import partial

from cardwright.layout.geometry import A4, LETTER, Grid, Sheet
from cardwright.layout.units import INCH
from cardwright.record import Record


class Material(Enum):
    """What cards are cut from.

    PLAIN: paper that the user cuts. DIE_CUT: paper sold with the cuts in it, so that no cut needs a
    mark. STICKERS: the same, with a back that cannot be printed on.
    """

    PLAIN = "plain"
    DIE_CUT = "die-cut"
    STICKERS = "stickers"


class CardSize(Record, frozen=True):
    """A way to fill a sheet with cards.

    name: what authors write after `card:`; one name may stand for a size on several papers.
    aliases: other names of it, such as article numbers of paper that is cut alike.
    description: a few words for the user who chooses a size.
    """

    name: str
    sheet: Sheet
    grid: Grid
    description: str = ""
    aliases: tuple[str, ...] = ()
    material: Material = Material.PLAIN


_Pair = tuple[float, float]


def _card_size(
    name: str,
    columns_rows: tuple[int, int],
    size: _Pair,
    first: _Pair,
    pitch: _Pair | None = None,
    *,
    sheet: Sheet = A4,
    description: str = "",
    aliases: tuple[str, ...] = (),
    material: Material = Material.PLAIN,
    unit: float = 1.0,
) -> CardSize:
    """Build a card size. size, first, pitch: horizontal and vertical, in units of `unit` mm."""
    (width, height), (left, top) = size, first
    pitch_x, pitch_y = pitch or size
    lengths = (left, top, width, height, pitch_x, pitch_y)
    grid = Grid(*columns_rows, *(round(length * unit, 4) for length in lengths))
    return CardSize(name, sheet, grid, description, aliases, material)


# US Letter is measured in inches, and most card paper for it is sold cut.
_letter_size = partial(_card_size, sheet=LETTER, unit=INCH, material=Material.DIE_CUT)


# A deck that names no card size gets the first one for its paper. `a7-safe` keeps the outer 8 mm
# free, more than any office printer leaves white (6.35 mm is common).
# Sources: ISO 216 (a5 to a8); glabels-data 3.4.1, only the numbers of its templates (Rayfilm,
# Avery, Sigel, Southworth); the usual sizes of playing cards; the rest is arithmetic.
CARD_SIZES = (
    _card_size("a7-safe", (2, 4), (95, 68), (9, 9.5), (97, 70),
        description="near A7, clear of every printer's margin", aliases=("a4-8-safe",)),
    _card_size("a7-safe", (2, 4), (95, 2.5 * INCH), (11.95, 9.7), (97, 2.5 * INCH + 2), sheet=LETTER,
        description="near A7, clear of every printer's margin", aliases=("letter-8-safe",)),
    _card_size("a5", (1, 2), (210, 148.5), (0, 0), description="A5", aliases=("a4-2",)),
    _card_size("a6", (2, 2), (105, 148.5), (0, 0), description="A6", aliases=("a4-4",)),
    _card_size("a7", (2, 4), (105, 74.25), (0, 0), description="A7", aliases=("a4-8",)),
    _letter_size("a7", (2, 4), (4.25, 2.75), (0, 0), description="near A7", aliases=("letter-8",),
        material=Material.PLAIN),
    _card_size("a8", (4, 4), (52.5, 74.25), (0, 0), description="A8", aliases=("a4-16",)),
    _card_size("a4-9", (3, 3), (70, 99), (0, 0), description="nine on A4"),
    _card_size("a4-10", (2, 5), (105, 59.4), (0, 0), description="ten on A4"),
    _card_size("a4-12", (3, 4), (70, 74.25), (0, 0), description="twelve on A4"),
    _card_size("poker", (3, 3), (63, 88), (10.5, 16.5), description="poker cards", aliases=("a4-poker",)),
    _letter_size("poker", (3, 3), (2.5, 3.5), (0.5, 0.25), description="poker cards",
        aliases=("letter-poker",), material=Material.PLAIN),
    _card_size("bridge", (3, 3), (57, 89), (19.5, 15), description="bridge cards", aliases=("a4-bridge",)),
    _card_size("mini-euro", (4, 4), (44, 68), (17, 12.5), description="small game cards",
        aliases=("a4-mini-euro",)),
    _card_size("tarot", (2, 2), (70, 120), (35, 28.5), description="tarot cards", aliases=("a4-tarot",)),
    _card_size("index-3x5", (1, 3), (127, 76.2), (41.5, 34.2), description="index cards, 5 in wide",
        aliases=("a4-index-3x5",)),
    _card_size("index-3x5-upright", (2, 2), (76.2, 127), (28.8, 21.5), description="index cards, 3 in wide",
        aliases=("a4-index-5x3-portrait",)),
    _letter_size("index-3x5-upright", (2, 2), (3, 5), (1.25, 0.5), description="index cards, 3 in wide",
        aliases=("letter-3x5-4up",), material=Material.PLAIN),
    _card_size("avery-c32011", (2, 5), (85, 54), (15, 13.5), (95, 54), description="business cards",
        aliases=("avery-c32011-10", "decadry-occ-3342", "geha-p70"), material=Material.DIE_CUT),
    _card_size("avery-32010", (2, 5), (85, 54), (14.11, 14.11), (94.9, 53.98), description="business cards",
        aliases=("zweckform-32010",), material=Material.DIE_CUT),
    _card_size("avery-c32015", (2, 4), (85, 54), (17, 31.5), (91, 60), description="business cards",
        material=Material.DIE_CUT),
    _card_size("avery-l7414", (2, 5), (90, 52), (15, 18.5), description="business cards",
        material=Material.DIE_CUT),
    _card_size("avery-l4785", (2, 5), (80, 50), (18, 13), (95, 55),
        description="name badges, one side only", aliases=("avery-l4784",), material=Material.STICKERS),
    _card_size("sigel-lp795", (2, 5), (85, 55), (14, 10.5), (95, 55), description="business cards",
        material=Material.DIE_CUT),
    _letter_size("avery-5371", (2, 5), (3.5, 2), (0.75, 0.5), description="business cards",
        aliases=("avery-8371", "avery-5911", "avery-5876", "avery-8471", "avery-8877",
            "avery-28371", "avery-28877")),
    _letter_size("avery-8373", (2, 4), (3.5, 2), (0.5, 0.75), (4, 2.5), description="business cards",
        aliases=("avery-3612",)),
    _letter_size("avery-5388", (1, 3), (5, 3), (1.75, 1), description="index cards, 5 in wide",
        aliases=("avery-8388",)),
    _letter_size("avery-5389", (1, 2), (6, 4), (1.25, 1.25), (6, 4.5), description="post cards"),
    _letter_size("southworth-bc554", (2, 5), (3.5, 2), (0.5, 0.5), (4, 2), description="business cards"),
)  # fmt: skip
PAPERS = {card_size.sheet.name: card_size.sheet for card_size in CARD_SIZES}


def find_card_sizes(name: str) -> tuple[CardSize, ...]:
    """Return the card sizes with this name or alias, one for each paper; none for an unknown name."""
    return tuple(size for size in CARD_SIZES if name == size.name or name in size.aliases)
