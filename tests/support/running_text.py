"""Pages of running text for tests, made of decks in memory."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Literal

from cardwright.collection.deck import Deck
from cardwright.diagnostics.report import Report
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.pdf.running_text import RunningText, lay_out_running_text
from cardwright.formats.pdf.settings import make_page_design
from cardwright.layout.plan import PrintLayout
from cardwright.pipeline.load import load_decks
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.print_decks import AssetFolder

TextLayout = Literal["list", "quiz", "summary"]
LAYOUTS: tuple[TextLayout, ...] = ("list", "quiz", "summary")


def deck_from_yaml(text: str, *, print_: str = "") -> Deck:
    """A deck as an author writes it. text: below `deck:`. print_: what stands behind `print:`."""
    report = Report()
    choices = f"print: {{{print_}}}\n" if print_ else ""
    (loaded,) = load_decks(
        deck_files({"thigh.yaml": f"deck: Thigh\nid: thigh\n{choices}{text}"}), FakeEnvironment(), report
    )
    assert [finding.message for finding in report if finding.severity.name == "ERROR"] == []
    return loaded.deck


def lay_out(
    kind: TextLayout,
    deck: Deck,
    folder: Path,
    *,
    keys: AbstractSet[str] | None = None,
    fonts: Sequence[str] = (),
) -> RunningText:
    """The pages of a deck without a mistake in it."""
    report = Report()
    flow = _lay_out(kind, deck, folder, report, keys=keys, fonts=fonts)
    assert [finding.message for finding in report] == []
    assert flow is not None
    return flow


def render_pages(
    kind: TextLayout,
    deck: Deck,
    folder: Path,
    *,
    keys: AbstractSet[str] | None = None,
    fonts: Sequence[str] = (),
) -> bytes:
    """The PDF of those pages."""
    (drawn,) = lay_out(kind, deck, folder, keys=keys, fonts=fonts).draw()
    assert drawn.part == ""
    return drawn.data


def layout_errors(kind: TextLayout, deck: Deck, folder: Path) -> Report:
    """What is said of a deck that cannot be laid out."""
    report = Report()
    assert _lay_out(kind, deck, folder, report) is None
    return report


def _lay_out(
    kind: TextLayout,
    deck: Deck,
    folder: Path,
    report: Report,
    *,
    keys: AbstractSet[str] | None = None,
    fonts: Sequence[str] = (),
) -> RunningText | None:
    folder.mkdir(exist_ok=True)
    context = RenderContext(AssetFolder(str(folder)), system_font_folders=fonts)
    notes = None if keys is None else [note for note in deck.notes if note.key in keys]
    design = make_page_design(deck.print_settings, report)
    if design is None:
        return None
    return lay_out_running_text(PrintLayout(kind), deck, design, context, report, notes=notes)
