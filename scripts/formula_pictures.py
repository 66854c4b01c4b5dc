"""Draw formulas as MathJax shows them and as they are printed, side by side, to be looked at.

Run it from the project folder: `.venv/bin/python -m scripts.formula_pictures FOLDER FILE…`. The files have
one formula a line, such as those of tests/source/formulas/corpus/; the sheets are written into the folder.
"""

import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw

from tests.support.formula_pictures import CELL, ink_size, printed_pictures, shown_pictures

_PER_SHEET = 20


def main() -> None:
    target = Path(sys.argv[1])
    for name in sys.argv[2:]:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
        formulas = [line for line in lines if line and not line.startswith("#")]
        with tempfile.TemporaryDirectory() as folder:
            shown = shown_pictures(formulas, Path(folder))
        rows = list(zip(formulas, shown, printed_pictures(formulas), strict=True))
        for start in range(0, len(rows), _PER_SHEET):
            draw_sheet(rows[start : start + _PER_SHEET]).save(target / f"{Path(name).stem}-{start}.png")


def draw_sheet(rows: list[tuple[str, Image.Image, Image.Image]]) -> Image.Image:
    """Draw a row for each formula: its TeX, the sizes of both pictures in em, and the pictures."""
    width, height = (size // 2 for size in CELL)
    sheet = Image.new("RGB", (2 * width, height * len(rows)), "white")
    draw = ImageDraw.Draw(sheet)
    for row, (tex, *pictures) in enumerate(rows):
        for column, picture in enumerate(pictures):
            sheet.paste(picture.resize((width, height)), (column * width, row * height))
        sizes = "  ".join("{:.1f} × {:.1f}".format(*ink_size(picture)) for picture in pictures)
        draw.text((4, row * height + 2), f"{tex}   {sizes}", fill="blue")
    return sheet


if __name__ == "__main__":
    main()
