"""Pages of card sheets as PNG, for a look before printing."""

import io
import struct
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from cardwright.formats.pdf.sheets import CardSheets
from tests.support.print_decks import deck, lay_out_cards, note


def _lay_out(folder: Path, count: int, **choices: str) -> CardSheets:
    cards = [
        note(f"card-{number}", f"Question {number}?", topic=f"T{number // 5}") for number in range(count)
    ]
    return lay_out_cards(deck(cards, **choices), folder)


def _size(png: bytes) -> tuple[int, int]:
    """Return width and height of a picture. Source: PNG specification, 11.2.2, IHDR."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def _pages(pdf: bytes) -> int:
    return len(pypdfium2.PdfDocument(io.BytesIO(pdf)))


@pytest.mark.parametrize("mode", ["duplex", "split", "fold", "single"])
def test_there_is_a_picture_of_each_page_in_the_chosen_size(mode: str, tmp_path: Path) -> None:
    """A4 at 50 pixels per inch."""
    layout = _lay_out(tmp_path, 9, mode=mode)
    pictures = list(layout.draw_png(50))

    assert len(pictures) == sum(_pages(file.data) for file in layout.draw())
    assert {_size(png) for png in pictures} == {(413, 585)}
    assert len(set(pictures)) == len(pictures)


def test_pictures_are_made_one_by_one_and_reproducibly(tmp_path: Path) -> None:
    layout = _lay_out(tmp_path, 20)
    first = next(layout.draw_png(40))

    again = list(layout.draw_png(40))
    assert again[0] == first
    assert len(again) == 6


def test_a_picture_shows_what_the_page_shows(tmp_path: Path) -> None:
    """A page of the PDF, rendered by another program, is about as dark in the same places."""
    layout = _lay_out(tmp_path, 9)
    (file,) = layout.draw()
    document = pypdfium2.PdfDocument(io.BytesIO(file.data))
    for page, png in zip(document, layout.draw_png(72), strict=True):
        expected = page.render(scale=1).to_pil().convert("L").resize((30, 42))
        actual = Image.open(io.BytesIO(png)).convert("L").resize((30, 42))
        differences = [abs(a - b) for a, b in zip(expected.tobytes(), actual.tobytes(), strict=True)]

        assert sum(differences) / len(differences) < 4
        assert min(actual.tobytes()) < 240  # there is something on it
