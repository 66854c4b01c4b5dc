"""Pages of running text, laid out from decks in memory."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, Literal

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Report
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.pdf.running_text import RunningText, lay_out_running_text
from cardwright.formats.pdf.settings import make_page_design
from cardwright.layout.plan import PrintLayout
from cardwright.pipeline.load import load_decks
from cardwright.shell.environment import LocalAssetDir
from tests.support.memory import FakeEnvironment, deck_files

TextLayout = Literal["list", "quiz", "summary"]
LAYOUTS: tuple[TextLayout, ...] = ("list", "quiz", "summary")


def deck_from_yaml(text: str, *, print_: str = "") -> Deck:
    """Read a deck from YAML. text: what is below the header. print_: what is behind `print:`."""
    report = Report()
    choices = f"print: {{{print_}}}\n" if print_ else ""
    (loaded,) = load_decks(
        deck_files({"thigh.yaml": f"deck: Thigh\nid: thigh\n{choices}{text}"}), FakeEnvironment(), report
    )
    assert [diagnostic.message for diagnostic in report if diagnostic.severity.name == "ERROR"] == []
    return loaded.deck


def lay_out(layout: TextLayout, deck: Deck, folder: Path, **selection: Any) -> RunningText:
    """Lay out the pages of a deck that can be printed. selection: `keys` and `fonts`; see `_lay_out`."""
    pages, report = _lay_out(layout, deck, folder, **selection)
    assert [diagnostic.message for diagnostic in report] == []
    assert pages is not None
    return pages


def render_pages(layout: TextLayout, deck: Deck, folder: Path, **selection: Any) -> bytes:
    """Return the pages of a deck that can be printed, as PDF. selection: as in `lay_out`."""
    (drawn,) = lay_out(layout, deck, folder, **selection).draw()
    assert drawn.part == ""
    return drawn.data


def layout_errors(layout: TextLayout, deck: Deck, folder: Path) -> Report:
    """Return what is reported of a deck that cannot be laid out."""
    pages, report = _lay_out(layout, deck, folder)
    assert pages is None
    return report


def _lay_out(
    layout: TextLayout,
    deck: Deck,
    folder: Path,
    *,
    keys: AbstractSet[str] | None = None,
    fonts: Sequence[str] = (),
) -> tuple[RunningText | None, Report]:
    """Lay out a deck. keys: of the notes to be printed; None for all. fonts: folders of the system."""
    report = Report()
    folder.mkdir(exist_ok=True)
    context = RenderContext(LocalAssetDir(str(folder)), system_font_folders=fonts)
    notes = [note for note in deck.notes if keys is None or note.key in keys]
    design = make_page_design(deck.print_settings, report)
    if design is None:
        return None, report
    return lay_out_running_text(PrintLayout(layout), deck, notes, design, context, report), report
