"""What the PDF engine needs around a deck: its fonts, a stage, and someone to tell how far it has come."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.report import Report
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.pipeline.interface import Environment
from cardwright.pipeline.load import LoadedDeck

if TYPE_CHECKING:
    from cardwright.formats.pdf.sheets import CardSheets


@contextmanager
def surroundings(loaded: LoadedDeck, workshop: Environment, report: Report) -> Iterator[RenderContext]:
    """What a deck is laid out with.

    Errors: `missing-font-folder`, to the report.
    """
    deck = loaded.deck
    folders = []
    for path, span in zip(deck.settings.fonts, deck.settings.font_spans, strict=True):
        folder = workshop.font_folder(loaded.files.folder, path)
        if folder is None:
            message = f"there is no folder `{truncate(path)}` in the deck"
            report.add(Diagnostic("missing-font-folder", message, span))
        else:
            folders.append(folder)
    with workshop.stage() as stage, workshop.progress(f"Laying out {deck.name}") as tell:
        yield RenderContext(stage, folders, workshop.system_font_folders(), tell, workshop.cache())


@contextmanager
def cards(loaded: LoadedDeck, workshop: Environment, report: Report) -> "Iterator[CardSheets | None]":
    """The default card sheets of a deck, good until the block is left; None for none, or with an error."""
    from cardwright.formats.pdf.sheets import lay_out_sheets  # noqa: PLC0415  see identify.py

    deck = loaded.deck
    if not deck.name:
        yield None  # a PDF has a title
        return
    with surroundings(loaded, workshop, report) as around:
        yield lay_out_sheets(deck, around, report)
