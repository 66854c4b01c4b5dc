"""Pictures of cards as they are printed, at their own proportions."""

import os
import threading
from dataclasses import replace as replace_design
from pathlib import Path

from cardwright.collection.note import Note
from cardwright.diagnostics import Report
from cardwright.formats.pdf.output import open_render_context
from cardwright.formats.pdf.settings import Design, make_design
from cardwright.formats.pdf.sheets import lay_out_sheets
from cardwright.layout.card_sizes import CardSize
from cardwright.layout.geometry import Grid
from cardwright.layout.plan import Marks, Plan
from cardwright.previewing.deck_view import DeckView
from cardwright.record import replace
from cardwright.shell.environment import LocalEnvironment

_PPI = 200
_KEPT = 200
"""Notes of which the pictures are kept."""


class PrintedCards:
    """Draws the printed cards of notes when they are asked for, and keeps those that were."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()  # the engine takes all processors
        self._pictures: dict[str, tuple[bytes, ...]] = {}

    def pictures(self, deck: DeckView, card_id: str) -> tuple[bytes, ...]:
        """Return a PNG of each side of all cards of a note: front, back, front, …

        None of a note that isn't printed or can't be.
        """
        found = deck.note(card_id)
        if found is None:
            return ()
        key = found[0].state.key
        digest = next(card.digest for card in deck.cards if card.id == card_id)
        name = f"{deck.folder}/{key}/{digest}"
        with self._lock:
            if name not in self._pictures:
                note = next((note for note in deck.loaded.deck.notes if note.key == key), None)
                drawn = () if note is None or not note.printed else self._draw(deck, note)
                while len(self._pictures) >= _KEPT:
                    del self._pictures[next(iter(self._pictures))]
                self._pictures[name] = drawn
            return self._pictures[name]

    def _draw(self, deck: DeckView, note: Note) -> tuple[bytes, ...]:
        report = Report()
        loaded = deck.loaded
        design = make_design(loaded.deck.print_settings, report)
        if design is None:
            return ()
        environment = LocalEnvironment(self._root, os.environ, None)
        with open_render_context(loaded.deck, loaded.files.folder, environment, report) as context:
            sheets = lay_out_sheets(loaded.deck, [note], _one_card_a_page(design), context, report)
            return () if sheets is None or report.has_errors else tuple(sheets.draw_png(_PPI))


def _one_card_a_page(design: Design) -> Design:
    """Return a design that has a card on each page, which is as large as the card."""
    size = design.plan.card_size
    width, height = size.grid.trim_width, size.grid.trim_height
    page = replace(size.sheet, width=width, height=height)
    card = CardSize(size.name, page, Grid(1, 1, 0, 0, width, height, width, height))
    return replace_design(design, plan=Plan(card, marks=Marks.NONE))
