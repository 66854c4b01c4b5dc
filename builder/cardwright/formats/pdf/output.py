"""The PDF output: the default card sheets of a deck."""

import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Report, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.formats.outputs import BuiltOutput, Environment, OutputContext, PrintedCards
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.source.media_formats import PRINTABLE_FONTS, file_extension

if TYPE_CHECKING:
    from cardwright.formats.pdf.settings import Design

# What the names of sheets end with: the number of the volume, and the side where fronts and backs are apart.
_SHEETS_ENDING = r"(-[1-9][0-9]{0,3})?(-fronts|-backs)?\.pdf"


def is_used(context: OutputContext) -> bool:
    """Tell whether the deck seems to be printed: it has sheets already, or says how it is to be printed."""
    return context.deck.print_settings.span is not None or any(_earlier_sheets(context))


def check(context: OutputContext) -> None:
    """Report what does not fit on the sheets, or cannot be printed."""
    with _open(context) as opened:
        if opened is not None:
            from cardwright.formats.pdf.fitting import fit_cards  # noqa: PLC0415  as in _open

            deck = context.deck
            fit_cards(deck, deck.notes, *opened, context.report, only_check=True)


def build(context: OutputContext, *_unused: object) -> BuiltOutput:
    """Draw the sheets, in one file or several; see `Output.build`."""
    files: dict[str, bytes | None] = dict.fromkeys(_earlier_sheets(context))
    with _open(context) as opened:
        layout = None
        if opened is not None:
            from cardwright.formats.pdf.sheets import lay_out_sheets  # noqa: PLC0415  as in _open

            layout = lay_out_sheets(context.deck, context.deck.notes, *opened, context.report)
        if layout is None or context.report.has_errors:
            return BuiltOutput(files, PrintedCards(0, 0))
        files |= {_sheets_path(context, drawn.part): drawn.data for drawn in layout.draw()}
        return BuiltOutput(files, PrintedCards(layout.cards, layout.sheets))


@contextmanager
def open_render_context(
    deck: Deck, folder: str, environment: Environment, report: Report
) -> Iterator[RenderContext]:
    """Open what the PDF engine needs beside the deck: fonts, a folder for pictures, a cache, a progress bar.

    folder: the deck's folder of sources, relative to the project.

    Errors: `missing-font-folder` and `font-outside-deck`, to the report.
    """
    font_folders = []
    named_folders = zip(deck.print_settings.fonts, deck.print_settings.font_spans, strict=True)
    for path, span in dict(chain(_folders_of_style_fonts(deck, folder), named_folders)).items():
        font_folder = environment.font_folder(folder, path)
        if font_folder is None:
            message = f"there is no folder `{truncate(path)}` in the deck"
            report.add(Diagnostic("missing-font-folder", message, span))
        elif font_folder.links_out:
            message = f"`{truncate(font_folder.links_out[0], 32)}` is a link that leads out of the deck"
            help_ = "copy the font into the folder, so that the deck is complete when it is shared"
            report.add(Diagnostic("font-outside-deck", message, span, help=help_))
        else:
            font_folders.append(font_folder.path)
    system_folders = environment.system_font_folders()
    with environment.asset_dir() as asset_dir, environment.progress(f"Laying out {deck.name}") as progress:
        yield RenderContext(asset_dir, font_folders, system_folders, progress, environment.cache())


def _folders_of_style_fonts(deck: Deck, folder: str) -> Iterator[tuple[str, Span]]:
    """Yield the folders of the fonts that styles of note types name, with the span of the note type."""
    for note_type in deck.note_types:
        for file in note_type.files:
            if file_extension(file.name) in PRINTABLE_FONTS:
                yield posixpath.dirname(file.path.removeprefix(f"{folder}/")) or ".", note_type.span


@contextmanager
def _open(context: OutputContext) -> Iterator["tuple[Design, RenderContext] | None"]:
    """Open what sheets are laid out with; None after an error, or without cards."""
    deck = context.deck
    if not deck.name or not deck.note_summary.any_printed:  # a PDF needs a title
        yield None
        return
    # A deck that is not printed does without the engine.
    from cardwright.formats.pdf.settings import make_design  # noqa: PLC0415

    with open_render_context(
        deck, context.source_folder, context.environment, context.report
    ) as render_context:
        design = make_design(deck.print_settings, context.report)
        yield None if design is None else (design, render_context)


def _earlier_sheets(context: OutputContext) -> list[str]:
    """Return the paths of all sheets of earlier builds, whatever the number of volumes and the mode were."""
    names = context.environment.output_names(context.output_folder)
    sheets = re.compile(re.escape(context.deck.folder) + _SHEETS_ENDING)
    return [f"{context.output_folder}/{name}" for name in names if sheets.fullmatch(name)]


def _sheets_path(context: OutputContext, part: str) -> str:
    """Return the path of a file of sheets. part: as in `DrawnFile`."""
    return context.path(f"-{part}.pdf" if part else ".pdf")
