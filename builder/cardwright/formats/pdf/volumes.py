"""Splits the pages of a big deck into volumes, one PDF file each."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cardwright.formats.pdf.nodes import Json
from cardwright.layout.imposition import MAX_PILE, Page, cards_per_sheet
from cardwright.layout.plan import Mode, Order, Plan
from cardwright.record import Record, replace

VOLUME_SIZE = 500
"""The approximate number of cards or notes in a file; of running text, the engine holds all in memory."""


class Volume(Record, frozen=True):
    """What is drawn into one file.

    part: what the file's name ends with, such as `2-backs`; empty when it is the only file.
    first: the 0-based number of its first card in the deck.
    cards: how many cards it has.
    pages: its pages, on which cards are counted from the volume's first one.
    """

    part: str
    first: int
    cards: int
    pages: tuple[Page, ...]


def split_into_volumes(pages: Sequence[Page], plan: Plan) -> list[Volume]:
    """Split all pages of a deck, which has one card or more, into volumes in the order of printing.

    A volume ends with a whole sheet, and with a whole pile where sheets are cut in piles, so that
    each is printed and cut by itself. The last one may have up to a tenth more than the others,
    to save another file with only a few sheets.
    """
    volumes = []
    sheet_ranges = list(_sheet_ranges(pages[-1].sheet, plan))
    for number, sheets in enumerate(sheet_ranges, start=1):
        volume_pages = [page for page in pages if page.sheet in sheets]
        name = str(number) if len(sheet_ranges) > 1 else ""
        if plan.mode is Mode.SPLIT:
            for is_back, side in ((False, "fronts"), (True, "backs")):
                one_side = [page for page in volume_pages if page.is_back is is_back]
                volumes.append(_make_volume(f"{name}-{side}" if name else side, one_side))
        else:
            volumes.append(_make_volume(name, volume_pages))
    return volumes


def volume_sides(volume: Volume, sides: Sequence[Mapping[str, Json]], topics: Sequence[int]) -> list[Json]:
    """Return a volume's sides for the template, the front and the back of each card in turn.

    sides: those of the whole deck, as if each began its card.
    topics: for each card of the deck, the number of its topic.

    A topic is a heading, and a bookmark of the file, where it begins on the pages of this file;
    so is each card, once. A side that is on no page of the file is None.
    """
    nodes: list[Json] = [None] * (2 * volume.cards)
    seen = set[int]()
    current_topic = None
    for card in (card for page in volume.pages for card in page.cards):
        topic = topics[volume.first + card.number]
        is_first_side = card.number not in seen
        side = sides[2 * (volume.first + card.number) + (not card.is_front)]
        nodes[2 * card.number + (not card.is_front)] = {
            **side,
            "topic_bookmark": is_first_side and topic != current_topic,
            "bookmark": side["bookmark"] if is_first_side else "",
        }
        if is_first_side:
            seen.add(card.number)
            current_topic = topic
    return nodes


def cut_into_batches(data: Mapping[str, Any], sides_per_batch: int) -> list[Json]:
    """Return what the template draws of a volume, page after page in batches.

    data: for the template, with the volume's `pages` and `sides`.
    sides_per_batch: about how many sides of cards are in one.

    A batch begins with a heading for its topic, as PDF/UA wants it; `join_pdfs` knows which of them to keep.
    """
    pages, sides = data["pages"], data["sides"]
    largest_page = max(len(page["sides"]) for page in pages)
    pages_per_batch = 2 * max(1, round(sides_per_batch / 2 / largest_page))
    batches: list[Json] = []
    for start in range(0, len(pages), pages_per_batch):
        own_sides: list[dict[str, Json]] = []
        own_pages: list[Json] = []
        for page in pages[start : start + pages_per_batch]:
            placed = [[len(own_sides) + index, *place] for index, (_, *place) in enumerate(page["sides"])]
            own_sides += [sides[number] for number, *_ in page["sides"]]
            own_pages.append({**page, "sides": placed})
        own_sides[0] = {**own_sides[0], "topic_bookmark": True}
        batches.append({**data, "pages": own_pages, "sides": own_sides})
    return batches


def _make_volume(part: str, pages: Sequence[Page]) -> Volume:
    cards = {card.number for page in pages for card in page.cards}
    first = min(cards)
    renumbered = tuple(
        replace(page, cards=tuple(replace(card, number=card.number - first) for card in page.cards))
        for page in pages
    )
    return Volume(part, first, len(cards), renumbered)


def _sheet_ranges(sheets: int, plan: Plan) -> Iterator[range]:
    """Yield for each volume the numbers of its sheets."""
    pile = MAX_PILE if plan.order is Order.STACKS else 1
    sheets_per_file = max(1, VOLUME_SIZE // (pile * cards_per_sheet(plan))) * pile
    first = 1
    while sheets - first + 1 > sheets_per_file * 1.1:
        yield range(first, first + sheets_per_file)
        first += sheets_per_file
    yield range(first, sheets + 1)
