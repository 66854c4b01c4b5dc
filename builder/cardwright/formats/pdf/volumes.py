"""Into which files the pages of a deck go."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cardwright.formats.pdf.nodes import Json
from cardwright.layout.imposition import MAX_PILE, Page, cards_per_sheet
from cardwright.layout.plan import Mode, Order, Plan

VOLUME_SIZE = 500
"""Cards of a file, about: the engine holds what it draws in memory, half a megabyte a card."""


@dataclass(frozen=True, slots=True)
class Volume:
    """What is drawn into one file.

    part: what the file's name ends with, such as `2-backs`; empty when it is all there is.
    first: the number of its first card in the deck, 0-based.
    cards: how many cards it has.
    pages: on which cards are counted from the volume's first.
    """

    part: str
    first: int
    cards: int
    pages: tuple[Page, ...]


def split_into_volumes(pages: Sequence[Page], plan: Plan) -> list[Volume]:
    """The files that a deck's pages go into, in the order of printing.

    pages: of the whole deck, one card or more.

    A file ends with a whole sheet, and with a whole pile where sheets are cut in piles,
    so that each is printed and cut by itself. The last takes up to a tenth more than
    the others, rather than to leave a few sheets for one more file.
    """
    made = []
    parts = _sheets_of_files(pages[-1].sheet, plan)
    for number, sheets in enumerate(parts, start=1):
        own = [page for page in pages if page.sheet in sheets]
        name = str(number) if len(parts) > 1 else ""
        if plan.mode is Mode.SPLIT:
            for back, side in ((False, "fronts"), (True, "backs")):
                some = [page for page in own if page.is_back is back]
                made.append(_volume(f"{name}-{side}" if name else side, some))
        else:
            made.append(_volume(name, own))
    return made


def volume_sides(volume: Volume, sides: Sequence[Mapping[str, Json]], topics: Sequence[int]) -> list[Json]:
    """A volume's sides as the template is to set them, front and back of each card by turns.

    sides: of the whole deck. topics: as for `pages.pages`.

    A topic is a heading, and a bookmark of the file, where it begins on the pages of this
    file; so is each card, once. What is on no page of the file is None.
    """
    own: list[Json] = [None] * (2 * volume.cards)
    known = set[int]()
    topic = None
    for placed in (placed for page in volume.pages for placed in page.cards):
        here = topics[volume.first + placed.card]
        asks = placed.card not in known
        side = sides[2 * (volume.first + placed.card) + (not placed.is_front)]
        bookmarks = {"topic_bookmark": asks and here != topic, "name_bookmark": asks}
        own[2 * placed.card + (not placed.is_front)] = {**side, **bookmarks}
        if asks:
            known.add(placed.card)
            topic = here
    return own


def _volume(part: str, pages: Sequence[Page]) -> Volume:
    cards = {placed.card for page in pages for placed in page.cards}
    first = min(cards)
    own = tuple(
        replace(page, cards=tuple(replace(placed, card=placed.card - first) for placed in page.cards))
        for page in pages
    )
    return Volume(part, first, len(cards), own)


def _sheets_of_files(sheets: int, plan: Plan) -> list[range]:
    """For each file the numbers of its sheets."""
    pile = MAX_PILE if plan.order is Order.STACKS else 1
    each = max(1, VOLUME_SIZE // (pile * cards_per_sheet(plan))) * pile
    return list(_ranges(sheets, each))


def _ranges(sheets: int, each: int) -> Iterator[range]:
    first = 1
    while sheets - first + 1 > each * 1.1:
        yield range(first, first + each)
        first += each
    yield range(first, sheets + 1)
