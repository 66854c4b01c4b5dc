"""Pages of running text for tests, made of decks in memory."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from cardwright.collection.deck import Deck
from cardwright.diagnostics.report import Report
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.pdf.running_text import RunningText, TextLayout, lay_out_running_text
from cardwright.pipeline.load import load_decks
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.print_decks import AssetFolder

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
    folder.mkdir(exist_ok=True)
    flow = lay_out_running_text(
        kind, deck, RenderContext(AssetFolder(str(folder)), system_font_folders=fonts), report, keys=keys
    )
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
    folder.mkdir(exist_ok=True)
    assert lay_out_running_text(kind, deck, RenderContext(AssetFolder(str(folder))), report) is None
    return report
