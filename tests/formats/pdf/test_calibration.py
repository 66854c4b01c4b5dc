"""The test page, read back from the PDF: its scales show the offset that the printer needs."""

import io
from pathlib import Path

import pikepdf
import pytest

from cardwright.formats.pdf.calibration import render_calibration_page
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.translations import ENGLISH
from cardwright.layout.geometry import A4, LETTER, SHEETS, Box, Flip, Sheet
from cardwright.shell.environment import LocalAssetDir
from tests.support.print_decks import SYSTEM_FONTS, Word, page_lines, page_words, pdf_text

SHEET_CASES = [A4, SHEETS["a6"], SHEETS["legal"], Sheet("", 297, 210)]
each_sheet = pytest.mark.parametrize("sheet", SHEET_CASES, ids=lambda sheet: sheet.name or "landscape")
each_flip = pytest.mark.parametrize("flip", list(Flip))


def draw(
    sheet: Sheet,
    folder: Path,
    flip: Flip = Flip.LONG,
    offset: tuple[float, float] = (0, 0),
    language: str = ENGLISH,
) -> bytes:
    context = RenderContext(LocalAssetDir(str(folder)), system_font_folders=SYSTEM_FONTS)
    return render_calibration_page(sheet, context, language=language, flip=flip, offset=offset)


def find_crosses(pdf: bytes, page: int, sheet: Sheet) -> list[tuple[float, float]]:
    """Return the points, in mm, where horizontal and vertical lines of one length cross in their middles."""
    lines = [(line.x1, line.y1, line.x2, line.y2) for line in page_lines(pdf)[page]]
    horizontal = {(round((a + c) / 2, 4), round(b, 4)): c - a for a, b, c, d in lines if abs(b - d) < 0.001}
    vertical = {(round(a, 4), round((b + d) / 2, 4)): d - b for a, b, c, d in lines if abs(a - c) < 0.001}
    return sorted(
        (x, y)
        for (x, y), width in horizontal.items()
        for (other_x, other_y), height in vertical.items()
        if abs(x - other_x) < 0.002 and abs(y - other_y) < 0.002
        if abs(width - height) < 0.01 and 6 < width < 21 and width < sheet.width / 3
    )


@each_sheet
@each_flip
@pytest.mark.parametrize("offset", [(0.0, 0.0), (0.5, -1.25)])
def test_each_scale_lies_behind_its_cross(
    sheet: Sheet, flip: Flip, offset: tuple[float, float], tmp_path: Path
) -> None:
    """Turned over the chosen edge, and moved by the current offset."""
    pdf = draw(sheet, tmp_path, flip, offset)
    fronts = find_crosses(pdf, 0, sheet)
    backs = find_crosses(pdf, 1, sheet)

    expected = sorted(
        (behind.x + offset[0], behind.y + offset[1])
        for behind in (sheet.mirrored(Box(x, y, 0, 0), flip) for x, y in fronts)
    )
    assert len(fronts) == 5
    scales = [point for point in backs if is_near(point, expected)]
    for point, expected_point in zip(scales, expected, strict=True):
        assert point == pytest.approx(expected_point, abs=0.01)


def is_near(point: tuple[float, float], points: list[tuple[float, float]]) -> bool:
    """Tell whether a point is near others, as the cross of the example is not."""
    return any(abs(point[0] - x) < 4 and abs(point[1] - y) < 4 for x, y in points)


@each_flip
@pytest.mark.parametrize("shift", [(1.5, -2.0), (-3.0, 0.5)])
def test_the_number_on_the_scale_is_the_offset_to_give(
    flip: Flip, shift: tuple[float, float], tmp_path: Path
) -> None:
    """A printer shifts the back; the number at the front's cross, given as the offset, undoes it."""
    pdf = draw(A4, tmp_path, flip)
    middle = (105.0, 148.5)
    marks = {
        word.text: ((word.left + word.right) / 2 - middle[0], (word.top + word.bottom) / 2 - middle[1])
        for word in list(page_words(pdf))[1]
        if word.text in ("4", "−4", "X", "Y") and abs(word.left - 105) < 8 and abs(word.top - 147) < 9
    }
    # Numbers grow to the right and down, as seen on this side.
    assert marks["X"][0] > 5
    assert marks["Y"][1] > 5

    ((cross_x, cross_y),) = [point for point in find_crosses(pdf, 0, A4) if is_near(point, [middle])]
    front = A4.mirrored(Box(cross_x, cross_y, 0, 0), flip)
    ((back_x, back_y),) = [point for point in find_crosses(pdf, 1, A4) if is_near(point, [middle])]
    reading = (front.x - (back_x + shift[0]), front.y - (back_y + shift[1]))
    corrected = draw(A4, tmp_path, flip, reading)
    ((moved_x, moved_y),) = [point for point in find_crosses(corrected, 1, A4) if is_near(point, [middle])]

    assert (moved_x + shift[0], moved_y + shift[1]) == pytest.approx((front.x, front.y), abs=0.01)


def test_numbers_grow_to_the_right_and_down(tmp_path: Path) -> None:
    """As `--offset` counts them, as seen from the back."""
    page = list(page_words(draw(A4, tmp_path)))[1]
    near = [word for word in page if abs(word.left - 105) < 7 and abs(word.top - 147.5) < 7]

    def positions(number: str) -> list[tuple[float, float]]:
        words = [word for word in near if word.text == number]
        return [((word.left + word.right) / 2 - 105, (word.top + word.bottom) / 2 - 148.5) for word in words]

    for value in (2, 4):
        for number, distance in ((str(value), value), (f"−{value}", -value)):
            assert any(x == pytest.approx(distance, abs=0.2) for x, _ in positions(number))
            assert any(y == pytest.approx(distance, abs=0.2) for _, y in positions(number))


@each_sheet
@each_flip
def test_no_text_is_behind_text_of_the_other_side(sheet: Sheet, flip: Flip, tmp_path: Path) -> None:
    """Against the light both are seen at once. All of it is within the printable area."""
    front, back = page_words(draw(sheet, tmp_path, flip))
    boxes = [word_box(word) for word in back]

    assert {"Test", "A", "B", "C", "D"} <= {word.text for word in front}
    assert {"Test", "A", "B", "C", "D"} <= {word.text for word in back}
    for word in [*front, *back]:
        assert min(word.left, word.top) > 6.35
        assert word.right < sheet.width - 6.35
        assert word.bottom < sheet.height - 6.35
    for word in front:
        behind = sheet.mirrored(word_box(word), flip)
        for box in boxes:
            is_beside = behind.right <= box.x or box.right <= behind.x
            assert is_beside or behind.bottom <= box.y or box.bottom <= behind.y, word


def word_box(word: Word) -> Box:
    return Box(word.left, word.top, word.right - word.left, word.bottom - word.top)


def test_it_says_how_it_is_printed_and_read(tmp_path: Path) -> None:
    """Nobody has a manual at hand beside a printer."""
    plain = " ".join(pdf_text(draw(A4, tmp_path)).split())
    moved = " ".join(pdf_text(draw(LETTER, tmp_path, Flip.SHORT, (0.5, -1.2))).split())

    for part in ("over its long edge", "100 mm long", "against a light", "--offset X,Y", "--flip short"):
        assert part in plain
    for part in ("over its short edge", "printed with the offset 0.5,-1.2", "--flip long"):
        assert part in moved


@each_flip
def test_the_ruler_is_100_mm_long(flip: Flip, tmp_path: Path) -> None:
    longest = max(line.x2 - line.x1 for line in page_lines(draw(A4, tmp_path, flip))[0])

    assert longest == pytest.approx(100, abs=0.01)


@each_flip
def test_the_file_is_accessible_reproducible_and_asks_for_size_and_flip(flip: Flip, tmp_path: Path) -> None:
    pdf = draw(A4, tmp_path, flip)

    assert pdf == draw(A4, tmp_path, flip)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        preferences = file.Root.ViewerPreferences
        assert preferences.PrintScaling == "/None"
        assert preferences.Duplex == f"/DuplexFlip{flip.value.title()}Edge"
        assert b"pdfuaid:part" in file.Root.Metadata.read_bytes()
        assert len(file.pages) == 2
