"""What a PDF file of sheets asks of the printer."""

import io
from pathlib import Path

import pikepdf
import pytest

from cardwright.formats.pdf.preferences import add_print_preferences
from cardwright.layout.geometry import Flip
from tests.support.print_decks import deck, lay_out_cards, note


@pytest.mark.parametrize(
    ("mode", "flip", "duplex"),
    [
        ("duplex", "long", "/DuplexFlipLongEdge"),
        ("duplex", "short", "/DuplexFlipShortEdge"),
        ("split", "short", "/Simplex"),
        ("fold", "long", "/Simplex"),
        ("single", "long", "/Simplex"),
    ],
)
def test_the_printer_is_asked_for_true_size_and_the_planned_flip(
    mode: str, flip: str, duplex: str, tmp_path: Path
) -> None:
    """The cheapest cure for sheets printed at 97 % or upside down. The file stays valid."""
    for file in lay_out_cards(deck([note("card-1", "Q?")], mode=mode, flip=flip), tmp_path).draw():
        with pikepdf.open(io.BytesIO(file.data)) as pdf:
            preferences = pdf.Root.ViewerPreferences

            assert preferences.PrintScaling == "/None"
            assert preferences.Duplex == duplex
            assert bool(preferences.PickTrayByPDFSize)
            assert bool(preferences.DisplayDocTitle)
            assert pdf.check_pdf_syntax() == []


def test_a_file_of_another_form_is_not_patched() -> None:
    """Should the engine write its catalog elsewhere, a patch would break the file."""
    with pytest.raises(AssertionError, match="catalog"):
        add_print_preferences(
            b"%PDF-1.7\n/ViewerPreferences<<\n/Type/Catalog\nstartxref\n9\n%%EOF\n", Flip.LONG
        )
