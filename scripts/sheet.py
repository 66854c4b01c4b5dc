"""Draw docs/pictures/sheet.png: the front and back of one sheet, as `cardwright print --preview` writes them.

Run it from the project folder: `.venv/bin/python -m scripts.sheet`.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.overview import take_screenshot

TARGET = Path("docs/pictures/sheet.png")
WIDTH, HEIGHT = 1240, 866
COMMAND = ("print", "hamstrings", "--topic", "Injury and its grades", "--preview", "--out")

PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #e9edf0; display: flex; gap: 20px; padding: 20px; box-sizing: border-box; }}
img {{ display: block; height: 826px; background: #fff; box-shadow: 0 2px 10px #0002; }}
</style><img src="{front}"><img src="{back}">"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cardwright = Path(sys.executable).parent / "cardwright"
        subprocess.run([cardwright, *COMMAND, folder], check=True, stdout=subprocess.DEVNULL)
        front, back, *_ = sorted(folder.glob("*.png"))
        page = folder / "page.html"
        page.write_text(PAGE.format(front=front.as_uri(), back=back.as_uri()))
        take_screenshot(page, TARGET, folder, WIDTH, HEIGHT)


if __name__ == "__main__":
    main()
