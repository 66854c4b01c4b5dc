"""Pictures of formulas: as Anki's MathJax shows them in a browser, and as they are printed."""

import io
import json
import shutil
import subprocess
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import typst
from PIL import Image, ImageChops

from cardwright.formats.pdf.formula import FormulaError, parse_formula
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.templates import source_files
from tests.support.mathjax import PAGES, serve

EM = 40
"""How many pixels are an em in all pictures."""
CELL = (26 * EM, 6 * EM)
_PER_PAGE = 30
_PAGE = """<!doctype html><meta charset="utf-8"><style>
    body {{ margin: 0; background: white }}
    div {{ height: {height}px; width: {width}px; overflow: hidden; font-size: {em}px; box-sizing: border-box;
        padding-left: {em}px; display: flex; align-items: center }}
    mjx-container {{ margin: 0 !important; text-align: left !important }}
</style><script src="/_anki/js/mathjax.js"></script><script>
    MathJax.startup.typeset = true;
    MathJax.chtml = {{matchFontHeight: false, displayAlign: "left"}};
</script><script src="/_anki/js/vendor/mathjax/tex-chtml-full.js"></script><body>{cells}"""
_TEMPLATE = """
#import "formula.typ": equation
#let fonts = ("New Computer Modern Math", "Libertinus Serif", "DejaVu Sans Mono")
#set page(width: {width}pt, height: {height}pt, margin: 0pt)
#set text(font: fonts, fallback: false, size: {em}pt, top-edge: "ascender", bottom-edge: "descender")
#set par(leading: 0.1em)
#show math.equation: set text(font: fonts)
#show math.equation.where(block: true): set align(left)
#for formula in json("deck.json") {{
  let whole = equation(formula, block: true)
  page(align(left + horizon, pad(left: {em}pt, context block(width: measure(whole).width, whole))))
}}
"""


def shown_pictures(formulas: Sequence[str], folder: Path) -> list[Image.Image]:
    """Return a picture of each formula as MathJax shows it in a display. folder: an empty one."""
    pictures = []
    for start in range(0, len(formulas), _PER_PAGE):
        part = formulas[start : start + _PER_PAGE]
        cells = "".join(rf"<div>\[{escape(tex)}\]</div>" for tex in part)
        width, height = (size // 2 for size in CELL)
        site, target = folder / f"site-{start}", folder / f"{start}.png"
        (site / "_anki").mkdir(parents=True)
        (site / "_anki" / "js").symlink_to(PAGES / "js")
        page = _PAGE.format(width=width, height=height, em=EM // 2, cells=cells)
        (site / "card.html").write_text(page, encoding="utf-8")
        with serve(site) as (server, _requests):
            _take_screenshot(f"http://{server}/card.html", target, (width, height * len(part)))
        with Image.open(target) as whole:
            rows = whole.convert("RGB")
        pictures += [rows.crop((0, row * CELL[1], CELL[0], (row + 1) * CELL[1])) for row in range(len(part))]
    return pictures


def _take_screenshot(address: str, target: Path, size: tuple[int, int]) -> None:
    """Take a picture of a page at two pixels to the CSS pixel."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    options = (
        *(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--force-device-scale-factor=2",
        ),
        *("--virtual-time-budget=60000", f"--user-data-dir={target.with_suffix('.browser')}"),
    )
    window = f"--window-size={size[0]},{size[1]}"
    command = [browser, *options, window, f"--screenshot={target}", address]
    subprocess.run(command, capture_output=True, check=True)


def printed_pictures(formulas: Sequence[str]) -> list[Image.Image]:
    """Return a picture of each formula as it is printed; one that cannot be printed is empty."""
    nodes: list[Json] = []
    for tex in formulas:
        formula = parse_formula(tex, display=True)
        steps = {"c": []} if isinstance(formula, FormulaError) else formula
        nodes.append({"t": "math", "tex": tex, **steps})
    width, height = (size // 2 for size in CELL)
    template = _TEMPLATE.format(width=width, height=height, em=EM // 2)
    files = {
        **source_files("cards.typ", json.dumps(nodes, separators=(",", ":")).encode()),
        "main.typ": template.encode(),
    }
    untyped_typst: Any = typst  # its types don't know files in memory
    pages = untyped_typst.compile(files, format="png", ppi=144.0, ignore_system_fonts=True)
    return [
        Image.open(io.BytesIO(page)).convert("RGB") for page in ([pages] if len(formulas) == 1 else pages)
    ]


def ink_size(picture: Image.Image) -> tuple[float, float]:
    """Return how wide and high the ink of a picture is, in em."""
    dark = ImageChops.invert(picture.convert("L")).point(lambda value: 255 * (value > 60))
    left, top, right, bottom = dark.getbbox() or (0, 0, 0, 0)
    return (right - left) / EM, (bottom - top) / EM
