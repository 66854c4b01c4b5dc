"""What a file of sheets asks of the printer."""

import io
from pathlib import Path

import pikepdf
import pytest

from cardwright.diagnostics.report import Report
from cardwright.formats.pdf.preferences import add_print_preferences
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.pdf.sheets import DrawnFile
from cardwright.layout.card_sizes import CARD_SIZES
from cardwright.layout.plan import Plan
from tests.support.print_decks import AssetFolder, deck, lay_out_cards, note


def _drawn(folder: Path, **choices: str) -> list[DrawnFile]:
    layout = lay_out_cards(
        deck([note("card-1", "Q?")], **choices), RenderContext(AssetFolder(str(folder))), Report()
    )
    assert layout is not None
    return layout.draw()


@pytest.mark.parametrize(
    ("mode", "flip", "wish"),
    [
        ("duplex", "long", "/DuplexFlipLongEdge"),
        ("duplex", "short", "/DuplexFlipShortEdge"),
        ("split", "short", "/Simplex"),
        ("fold", "long", "/Simplex"),
        ("single", "long", "/Simplex"),
    ],
)
def test_the_printer_is_asked_to_keep_the_size_and_to_turn_as_planned(
    mode: str, flip: str, wish: str, tmp_path: Path
) -> None:
    """The cheapest cure for sheets printed at 97 % or upside down. The file has to stay whole for it."""
    for drawn in _drawn(tmp_path, mode=mode, flip=flip):
        with pikepdf.open(io.BytesIO(drawn.data)) as pdf:
            wishes = pdf.Root.ViewerPreferences

            assert wishes.PrintScaling == "/None"
            assert wishes.Duplex == wish
            assert bool(wishes.PickTrayByPDFSize)
            assert bool(wishes.DisplayDocTitle)
            assert pdf.check_pdf_syntax() == []


def test_a_file_of_another_form_is_not_patched() -> None:
    """
    Were the engine to write its catalog elsewhere, preferences put at the wrong place would break the file.
    """
    with pytest.raises(AssertionError, match="catalog"):
        add_print_preferences(
            b"%PDF-1.7\n/ViewerPreferences<<\n/Type/Catalog\nstartxref\n9\n%%EOF\n", Plan(CARD_SIZES[0])
        )
