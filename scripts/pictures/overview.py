"""Draw docs/pictures/overview.png: one card as YAML, as Anki shows it, and printed.

The card comes from the sources, real Anki renders what a build has made of it, `cardwright print` draws the
sheets, and Chromium takes the picture.
"""

import html
import re
import subprocess
import tempfile
from pathlib import Path

from scripts.pictures.drawing import CARDWRIGHT, PICTURES, take_screenshot
from tests.support.anki_programs import all_programs
from tests.support.real_anki import new_learner

KEY = "origin-group"
SOURCE = Path("cards_source/hamstrings/anatomy.yaml")
OUTPUT = Path("decks/hamstrings")
TARGET = PICTURES / "overview.png"
WIDTH, HEIGHT, DENSITY = 860, 956, 2
# Where the card lies on the front and on the back of its sheet, left and top, in mm; width and height of a
# card; width of the paper. Source: `cardwright print --list-presets`, a7-safe.
FRONT, BACK, CARD, PAPER_WIDTH = (9, 9.5), (106, 9.5), (95, 68), 210

PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #e9edf0; font: 16px/1.5 "DejaVu Sans", sans-serif; color: #37424a; }}
main {{ padding: 20px 28px; display: grid; grid-template: auto auto / 356px 1fr; gap: 20px 28px; }}
h2 {{ font-size: 16px; font-weight: 600; margin: 0 0 8px; }}
.written {{ grid-column: span 2; }}
.sheet {{ background: #fff; border-radius: 8px; box-shadow: 0 2px 10px #0002; overflow: hidden; }}
pre {{ margin: 0; padding: 12px 18px; font: 15px/1.55 "DejaVu Sans Mono", monospace; color: #24292e; }}
pre b {{ color: #0b6077; font-weight: 600; }}
iframe {{ display: block; border: 0; }}
.printed {{ aspect-ratio: {card[0]} / {card[1]}; width: 420px; margin-bottom: 16px; }}
.printed img {{ display: block; width: calc(100% * {paper_width} / {card[0]}); }}
</style><main>
<section class="written"><h2>You write</h2><div class="sheet"><pre>{yaml}</pre></div></section>
<section><h2>Anki shows</h2>
<div class="sheet"><iframe width="356" height="618" srcdoc="{back}"></iframe></div></section>
<section><h2>The printer prints</h2>{printed}</section>
</main>"""
PRINTED = """<div class="sheet printed">
<img src="{sheet}" style="margin: calc(-100% * {top} / {width}) 0 0 calc(-100% * {left} / {width})"></div>"""


def draw() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page = folder / "page.html"
        printed = "".join(
            PRINTED.format(sheet=sheet.as_uri(), left=left, top=top, width=CARD[0])
            for sheet, (left, top) in zip(_draw_sheet(folder), (FRONT, BACK), strict=True)
        )
        yaml, back = _highlight_keys(_card_source()), html.escape(_card_back(folder))
        page.write_text(
            PAGE.format(yaml=yaml, back=back, printed=printed, card=CARD, paper_width=PAPER_WIDTH)
        )
        take_screenshot(page, TARGET, folder, WIDTH, HEIGHT, DENSITY)


def _card_source() -> str:
    """Return the YAML of the card, without its indentation."""
    text = SOURCE.read_text()
    start = text.index(f"  - id: {KEY}\n")
    end = text.index("\n  - id:", start)
    return re.sub(r"^  ", "", text[start:end], flags=re.MULTILINE)


def _highlight_keys(yaml: str) -> str:
    return re.sub(r"^(\s*(?:- )?)(\w+):", r"\1<b>\2</b>:", html.escape(yaml, quote=False), flags=re.MULTILINE)


def _card_back(folder: Path) -> str:
    """Return the back of the card as Anki's window shows it, as an HTML page."""
    with new_learner(folder) as student:
        student.import_package((OUTPUT / "hamstrings.apkg").read_bytes())
        css, back = student.card(KEY).note_type()["css"], student.sides(KEY).back
    for picture in folder.rglob("*.svg"):
        picture.replace(folder / picture.name)  # beside the page, where the card looks for it
    window, *_ = all_programs()
    return window.page(css, back)


def _draw_sheet(folder: Path) -> list[Path]:
    """Draw the sheet of the card, in whose first cell it lies. Returns the pictures of front and back."""
    command = [CARDWRIGHT, "print", "hamstrings", "--ids", KEY, "--preview", "--out", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return sorted(folder.glob("*.png"))
