"""Pictures of cards as they are printed, at their own proportions."""

import os
import threading
from collections.abc import Sequence
from dataclasses import replace as replace_design
from pathlib import Path
from typing import NamedTuple

from cardwright.collection.note import Note
from cardwright.collection.suppression import filter_suppressed
from cardwright.diagnostics import Diagnostic, Report
from cardwright.formats.pdf.output import open_render_context
from cardwright.formats.pdf.settings import Design, make_design
from cardwright.formats.pdf.sheets import lay_out_sheets
from cardwright.layout.card_sizes import CardSize
from cardwright.layout.geometry import Flip, Grid
from cardwright.layout.plan import UNPRINTABLE, Marks, Plan, cut_margins
from cardwright.previewing.deck_view import DeckView
from cardwright.record import replace
from cardwright.shell.environment import LocalEnvironment

_PPI = 200
_KEPT = 200
"""Notes of which the pictures are kept."""


_PIXEL = 25.4 / 96
"""In mm, as CSS has it."""


class PrintedSide(NamedTuple):
    """A picture of a side of a card.

    card: its name. side: `front` or `back`.
    width, height: of the card in px of CSS, with which it is as large as on paper.
    margin_x, margin_y: of the picture around the card, the same.
    """

    card: str
    side: str
    data: bytes
    width: float
    height: float
    margin_x: float
    margin_y: float


class PrintedCard(NamedTuple):
    """A card as it is printed. sides: also those on which it goes on. problems: with its note on paper."""

    sides: Sequence[PrintedSide]
    problems: Sequence[Diagnostic]


NOT_PRINTED = PrintedCard((), ())


class PrintedCards:
    """Draws the printed cards of notes when they are asked for, and keeps those that were."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()  # the engine takes all processors
        self._drawn: dict[str, PrintedCard] = {}

    def card(self, deck: DeckView, card_id: str) -> PrintedCard:
        """Return a card as it is printed; without sides if it isn't, or can't be."""
        card = deck.card(card_id)
        if card is None:
            return NOT_PRINTED
        name = f"{deck.folder}/{card.key}/{card.digest}"
        with self._lock:
            if name not in self._drawn:
                note = next((note for note in deck.loaded.deck.notes if note.key == card.key), None)
                drawn = NOT_PRINTED if note is None or not note.printed else self._draw(deck, note)
                while len(self._drawn) >= _KEPT:
                    del self._drawn[next(iter(self._drawn))]
                self._drawn[name] = drawn
            sides, problems = self._drawn[name]
        return PrintedCard([side for side in sides if side.card == card.name], problems)

    def _draw(self, deck: DeckView, note: Note) -> PrintedCard:
        """Draw all cards of a note."""
        report = Report()
        loaded = deck.loaded
        design = make_design(loaded.deck.print_settings, report)
        if design is None:
            return PrintedCard((), tuple(report))
        environment = LocalEnvironment(self._root, os.environ, None)
        sides: list[PrintedSide] = []
        one_card = _one_card_a_page(design)
        grid = one_card.plan.card_size.grid
        measures = [length / _PIXEL for length in (grid.trim_width, grid.trim_height, grid.left, grid.top)]
        with open_render_context(loaded.deck, loaded.files.folder, environment, report) as context:
            sheets = lay_out_sheets(loaded.deck, [note], one_card, context, report)
            if sheets is not None and not report.has_errors:
                for index, picture in enumerate(sheets.draw_png(_PPI)):
                    side = "back" if index % 2 else "front"
                    sides.append(PrintedSide(sheets.placed[index // 2], side, picture, *measures))
        diagnostics, _ = filter_suppressed(report, loaded.deck.suppressions)
        return PrintedCard(sides, tuple(diagnostics))


def _one_card_a_page(design: Design) -> Design:
    """Return a design that has a card on each page, which is hardly larger than the card.

    Its margins are those that the outermost cards have on their sheet, as far as they matter: nearer to the
    edge of the paper, cards have less room for text. The page is turned over as the sheet is.
    """
    plan = design.plan
    size = plan.card_size
    width, height = size.grid.trim_width, size.grid.trim_height
    left, top = (min(margin, UNPRINTABLE) for margin in cut_margins(size, plan.mode))
    page = replace(size.sheet, width=width + 2 * left, height=height + 2 * top)
    card = CardSize(size.name, page, Grid(1, 1, left, top, width, height, width, height))
    like_a_book = size.sheet.turns_like_a_book(plan.flip)
    flip = next(flip for flip in Flip if page.turns_like_a_book(flip) == like_a_book)
    return replace_design(design, plan=Plan(card, flip, marks=Marks.NONE))
