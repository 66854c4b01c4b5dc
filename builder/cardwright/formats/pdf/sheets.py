"""Lays out a deck's card sheets and draws them as PDF."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.diagnostics import Report
from cardwright.formats.pdf.engine import Engine, map_parallel
from cardwright.formats.pdf.fit import TightSide, tightest_sides
from cardwright.formats.pdf.fitting import UNMEASURED, FittedCards, fit_cards
from cardwright.formats.pdf.joining import join_pdfs
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.pages import CardName, SheetInfo, page_node
from cardwright.formats.pdf.preferences import add_print_preferences
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.pdf.settings import Design
from cardwright.formats.pdf.sides import Side, bookmark_text, topic_numbers
from cardwright.formats.pdf.volumes import Volume, cut_into_batches, split_into_volumes, volume_sides
from cardwright.formats.pdf.words import is_right_to_left
from cardwright.layout.card_geometry import card_geometry
from cardwright.layout.imposition import impose
from cardwright.layout.plan import Mode, Plan
from cardwright.record import Record, replace

SIDES_PER_BATCH = 64
"""So few that little is drawn again after an edit, and so many that fonts and templates count little."""


class DrawnFile(NamedTuple):
    """A PDF file. part: what its name ends with, such as `2-backs`; empty when it is the only file."""

    part: str
    data: bytes


class CardSheets(Record, frozen=True):
    """A deck's sheets, measured, without errors, ready to be drawn.

    The asset dir that they were laid out with must still exist when they are drawn.

    cards, sheets: the number of cards, each once however long its text is, and of sheets of paper.
    tightest: the sides with the least room left, the tightest first.
    placed: the name of each card in the order of the sheets; one that goes on comes several times.
    """

    cards: int
    sheets: int
    tightest: Sequence[TightSide]
    placed: Sequence[str]
    _engine: Engine
    _plan: Plan
    _volumes: Sequence[Volume]
    _template_data: Callable[[Volume], dict[str, Json]]
    _report_drawn_pages: Callable[[int], None]

    def draw(self, sides_per_batch: int = SIDES_PER_BATCH) -> list[DrawnFile]:
        """Draw the PDF files, one for each volume, in batches, of which an edit changes only one.

        sides_per_batch: about how many sides of cards are drawn at once.
        """
        files = []
        flip = self._plan.flip if self._plan.mode is Mode.DUPLEX else None
        for volume in self._volumes:
            batches = cut_into_batches(self._template_data(volume), sides_per_batch)
            with map_parallel(self._engine.render_pdf, batches) as drawn:
                pdfs = [add_print_preferences(pdf, flip) for pdf in drawn]
            files.append(DrawnFile(volume.part, pdfs[0] if len(pdfs) == 1 else join_pdfs(pdfs)))
            self._report_drawn_pages(len(volume.pages))
        return files

    def draw_png(self, ppi: int) -> Iterator[bytes]:
        """Draw each page of the files as PNG, in their order. ppi: pixels per inch."""
        for volume in self._volumes:
            for page in volume.pages:
                yield from self._engine.render_png(self._template_data(replace(volume, pages=(page,))), ppi)


def lay_out_sheets(
    deck: Deck, notes: Sequence[Note], design: Design, context: RenderContext, report: Report
) -> CardSheets | None:
    """Lay out the card sheets of some notes of a deck.

    notes: those to be printed; notes that are kept off paper are left out.

    Returns None when nothing is to be printed, or after an error.

    Errors, all of them the author's: see checks.py, prepare.py, glyphs.py and fit.py. As many as
    can be found together go to the report.
    """
    fitted = fit_cards(deck, notes, design, context, report)
    if fitted is None:
        return None
    right_to_left = is_right_to_left(deck.language)
    plan = replace(design.plan, right_to_left=right_to_left)
    geometry, progress = card_geometry(plan), context.progress
    pages = list(impose(len(fitted.cards), plan))
    all_topics = topic_numbers(deck)
    fronts = [front.side for front, _ in fitted.cards]
    topics = [all_topics[side.card.note.heading] for side in fronts]
    names = [_card_name(side, fitted) for side in fronts]
    sheet_info = SheetInfo(deck.name, pages[-1].sheet, right_to_left, fitted.translation, design.grey)
    sides = [side for card in fitted.cards for side in card]
    side_data = [
        {
            **side.tree,
            "fit": measured,
            "number": (number := _card_name(side, fitted).number),
            "bookmark": f"{number} {bookmark_text(side)}",
        }
        for side, measured in sides
    ]
    total = len(sides)  # Each card counts twice, when it is measured and when it is drawn.

    def template_data(volume: Volume) -> dict[str, Json]:
        cards = slice(volume.first, volume.first + volume.cards)
        volume_pages: list[Json] = [
            page_node(page, topics[cards], names[cards], plan, geometry, sheet_info) for page in volume.pages
        ]
        return {
            **fitted.template_data,
            "grey": design.grey,
            "sides": volume_sides(volume, side_data, topics),
            "pages": volume_pages,
        }

    drawn_page_count = 0

    def report_drawn_pages(count: int) -> None:
        nonlocal drawn_page_count
        drawn_page_count += count
        progress(total // 2 + total * drawn_page_count // (2 * len(pages)), total)

    return CardSheets(
        len({side.card.name for side in fronts}),
        pages[-1].sheet,
        tightest_sides([side for side in sides if side.fit is not UNMEASURED]),
        [side.card.name for side in fronts],
        fitted.engine,
        plan,
        split_into_volumes(pages, plan),
        template_data,
        report_drawn_pages,
    )


def _card_name(side: Side, fitted: FittedCards) -> CardName:
    mark = f" ({side.mark})" if side.mark else ""
    return CardName(f"{fitted.numbers[side.card.name]}{mark}", f"{side.card.name}{mark}")
