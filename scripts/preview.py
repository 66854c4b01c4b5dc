"""Draw docs/pictures/preview.png: a card of the hamstring deck as `cardwright preview` shows it.

Run it from the project folder: `.venv/bin/python -m scripts.preview`.
"""

import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect

from scripts.overview import reduce_colours
from tests.support.browser import open_browser

TARGET = Path("docs/pictures/preview.png")
CARD = "hamstrings/act-hip"


def main() -> None:
    cardwright = Path(sys.executable).parent / "cardwright"
    command = [cardwright, "preview", "hamstrings", "--no-open"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    address = next(match[0] for line in server.stdout if (match := re.search(r"http://\S+", line)))
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 1260, "height": 930}, device_scale_factor=1.5)
        page.goto(f"{address}#{CARD.replace('/', '%2F')}", wait_until="domcontentloaded")
        expect(page.locator(".printed img")).to_have_count(2)
        page.wait_for_timeout(500)
        page.screenshot(path=TARGET)
    reduce_colours(TARGET)
    server.terminate()


if __name__ == "__main__":
    main()
