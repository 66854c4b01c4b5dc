"""Our words on paper, in every language that we have them in."""

import io
import unicodedata
from collections import Counter
from pathlib import Path

import pdfplumber
import pytest

from cardwright.formats.pdf.calibration import render_calibration_page
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.translations import find_translation
from cardwright.layout.geometry import A4, SHEETS
from cardwright.shell.environment import LocalAssetDir
from tests.formats.test_translations import each_file
from tests.support.print_decks import (
    MM_PER_POINT,
    SYSTEM_FONTS,
    deck,
    layout_report,
    note,
    page_words,
    pdf_text,
    render_sheets,
)

UNPRINTABLE = 5.0  # mm
BEYOND_BUNDLED_FONTS = {"ar", "fa", "ja", "ko", "ur", "zh-hans", "zh-hant"}
CARDS = [note(f"card-{number}", "1 + 1", "2") for number in range(9)]


def letters(text: str) -> str:
    """Return the letters and digits of a text, sorted: readers of PDF change the order of what runs right.

    Arabic is left out: its letters are printed in their joined forms.
    """
    found = unicodedata.normalize("NFKC", text)
    return "".join(sorted(filter(lambda char: char.isalnum() and not "؀" <= char <= "ۿ", found)))


def captions(pdf: bytes) -> list[str]:
    """Return the letters of the horizontal captions on each page, after a look at their places."""
    pages = []
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            chars = [char for char in page.chars if 4.49 < char["size"] < 6.01]
            assert min(char["x0"] for char in chars) * MM_PER_POINT >= UNPRINTABLE
            assert max(char["x1"] for char in chars) * MM_PER_POINT <= A4.width - UNPRINTABLE
            pages.append(letters("".join(char["text"] for char in chars)))
    return pages


@each_file
def test_captions_are_in_the_decks_language(file: Path, tmp_path: Path) -> None:
    """None is cut off. The bundled fonts have all European letters."""
    texts = find_translation(file.stem).sheets
    fonts = SYSTEM_FONTS if file.stem in BEYOND_BUNDLED_FONTS else ()
    pdf = render_sheets(deck(CARDS, name="#", language=file.stem), tmp_path, fonts=fonts)

    front, back = (text.format(n=1, m=2) for text in (texts.front, texts.back))
    assert captions(pdf)[:2] == [letters(front + texts.ruler), letters(back)]


def test_a_sheet_to_be_folded_has_no_sides(tmp_path: Path) -> None:
    texts = find_translation("ru").sheets
    pdf = render_sheets(deck(CARDS[:3], name="#", language="ru-RU", mode="fold"), tmp_path)

    assert captions(pdf) == [letters(texts.sheet.format(n=1, m=1) + texts.ruler)]


def test_hebrew_captions_run_right(tmp_path: Path) -> None:
    """The deck's name is on the right; the caption on the left begins with its word for a sheet."""
    pdf = render_sheets(deck(CARDS, name="אבג", language="he"), tmp_path, fonts=SYSTEM_FONTS)
    front = next(page_words(pdf))
    (name,) = [word for word in front if set(word.text) == set("אבג")]
    (sheet,) = [word for word in front if set(word.text) == set("גיליון")]
    (number,) = [word for word in front if word.text == "1" and abs(word.top - sheet.top) < 1]

    assert name.right > 150
    assert number.right < sheet.left < 60


def test_captions_are_english_if_no_font_has_the_language(tmp_path: Path) -> None:
    """An author gets no error for words that are ours."""
    japanese_deck = deck(CARDS, language="ja")

    assert "sheet 1 of 2, front" in pdf_text(render_sheets(japanese_deck, tmp_path))
    assert not layout_report(japanese_deck, tmp_path / "again").has_errors


@each_file
def test_the_test_page_has_room_for_every_language(file: Path, tmp_path: Path) -> None:
    """On small paper, too, though without the example."""
    texts = find_translation(file.stem).calibration
    shown = calibration_page(file.stem, "a6", tmp_path)

    front = (texts.front, texts.print_both.format(edge=texts.long_edge), texts.measure.format(length="50"))
    back = (texts.back, texts.match.format(edge=texts.short_edge, flip="short"), texts.read, texts.give)
    expected = Counter(letters("".join((*front, texts.turn_over, *back, texts.corners))))
    assert not expected - Counter(shown)


@pytest.mark.parametrize("language", ["ar", "de", "ja"])
def test_the_test_page_is_in_the_decks_language(language: str, tmp_path: Path) -> None:
    texts = find_translation(language).calibration

    assert not Counter(letters(texts.example)) - Counter(calibration_page(language, "a4", tmp_path))


def calibration_page(language: str, paper: str, folder: Path) -> str:
    fonts = SYSTEM_FONTS if language in BEYOND_BUNDLED_FONTS else ()
    context = RenderContext(LocalAssetDir(str(folder)), system_font_folders=fonts)
    return letters(pdf_text(render_calibration_page(SHEETS[paper], context, language=language)))
