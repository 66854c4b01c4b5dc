"""Draw the pictures of docs/first-deck.md: the deck of `cardwright new` in the preview, and on its sheets.

Run it from the project folder: `.venv/bin/python -m scripts.first_deck`.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from scripts.overview import take_screenshot
from scripts.sheet import PAGE
from tests.support.browser import open_browser

CARDWRIGHT = Path(sys.executable).parent / "cardwright"
PREVIEW = Path("docs/pictures/first-preview.png")
SHEET = Path("docs/pictures/first-sheet.png")
COLOURS = 256
"""As many as look like all, in a file that is half as large."""
CARD = "months/every-has-30-or-days-except"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for command in (["new", "Months"], ["build"]):
            subprocess.run([CARDWRIGHT, *command], check=True, cwd=folder, stdout=subprocess.DEVNULL)
        _draw_preview(folder)
        _draw_sheet(folder)
    for picture in (PREVIEW, SHEET):
        Image.open(picture).convert("RGB").quantize(COLOURS).save(picture, optimize=True)


def _draw_preview(folder: Path) -> None:
    command = [CARDWRIGHT, "preview", "--no-open"]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    address = next(match[0] for line in server.stdout if (match := re.search(r"http://\S+", line)))
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 1180, "height": 980})
        page.goto(f"{address}#{CARD.replace('/', '%2F')}", wait_until="domcontentloaded")
        expect(page.locator(".printed img")).to_have_count(2)
        page.wait_for_timeout(500)
        page.screenshot(path=PREVIEW)
    server.terminate()


def _draw_sheet(folder: Path) -> None:
    command = [CARDWRIGHT, "print", "--preview", "--out", folder]
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    front, back, *_ = sorted(folder.glob("*.png"))
    page = folder / "page.html"
    page.write_text(PAGE.format(front=front.as_uri(), back=back.as_uri()))
    take_screenshot(page, SHEET, folder, 1240, 866)


if __name__ == "__main__":
    main()
