"""Draw docs/pictures/page.png: the page of the hamstring deck on a desktop, and on a phone by night."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from scripts.pictures.drawing import CARDWRIGHT, PICTURES, take_screenshot
from tests.support.browser import open_browser

TARGET = PICTURES / "page.png"
WIDTH, HEIGHT = 1240, 740

PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #cfd6dc; display: flex; gap: 20px; padding: 20px; box-sizing: border-box; }}
img {{ display: block; height: 700px; border-radius: 10px; box-shadow: 0 2px 10px #0003; }}
</style><img src="{0}"><img src="{1}"><img src="{2}">"""


def draw() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree("cards_source", folder / "cards_source")
        command = [CARDWRIGHT, "build", "hamstrings", "--only", "html"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        address = (folder / "decks" / "hamstrings" / "hamstrings.html").as_uri()
        pictures = [folder / f"{number}.png" for number in range(3)]
        with open_browser() as browser:
            page = browser.new_page(viewport={"width": 510, "height": 700}, device_scale_factor=2)
            page.goto(address)
            for question in ("Where on the thigh", "Where at the back of the thigh does semitendinosus"):
                page.get_by_role("heading", name=question).first.click()
            page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
            page.screenshot(path=pictures[0])
            page = browser.new_page(
                viewport={"width": 325, "height": 700}, device_scale_factor=2, color_scheme="dark"
            )
            page.goto(address)
            page.get_by_role("searchbox").fill("deep layer")
            page.evaluate("filter(); scrollTo(0, 0)")
            page.get_by_role("button", name="hidden 1", exact=True).first.click()
            page.screenshot(path=pictures[1])
            page.get_by_role("searchbox").fill("cord-like")
            page.evaluate("filter(); studyButton.click(); showAnswer()")
            page.screenshot(path=pictures[2])
        sheet = folder / "page.html"
        sheet.write_text(PAGE.format(*(picture.as_uri() for picture in pictures)))
        take_screenshot(sheet, TARGET, folder, WIDTH, HEIGHT)
