"""Draw the pictures of docs/first-deck.md: the deck of `cardwright new` in the preview, and on its sheets."""

import subprocess
import tempfile
from pathlib import Path

from scripts.pictures.drawing import CARDWRIGHT, PICTURES, draw_preview, take_screenshot

CARD = "months/every-has-30-or-days-except"

SHEETS = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #e9edf0; display: flex; gap: 20px; padding: 20px; box-sizing: border-box; }}
img {{ display: block; height: 826px; background: #fff; box-shadow: 0 2px 10px #0002; }}
</style><img src="{front}"><img src="{back}">"""


def draw() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for command in (["new", "Months"], ["build"], ["print", "--preview"]):
            subprocess.run([CARDWRIGHT, *command], check=True, cwd=folder, stdout=subprocess.DEVNULL)
        draw_preview(folder, CARD, PICTURES / "first-preview.png", 1180, 980, 1)
        front, back, *_ = sorted(folder.glob("*.png"))
        page = folder / "page.html"
        page.write_text(SHEETS.format(front=front.as_uri(), back=back.as_uri()))
        take_screenshot(page, PICTURES / "first-sheet.png", folder, 1240, 866)
