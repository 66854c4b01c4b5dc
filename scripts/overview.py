"""Draw docs/pictures/overview.png: one card as YAML, as Anki shows it, and printed.

Run it after a build, from the project folder: `.venv/bin/python -m scripts.overview`. The card
comes from the sources, real Anki renders it, and Chromium takes the picture; `cardwright print`
draws the sheet.
"""

import html
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from tests.support.anki_programs import all_programs
from tests.support.real_anki import new_learner

KEY, NEIGHBOUR = "origin-group", "place-on-top"
SOURCE = Path("cards_source/hamstrings/anatomy.yaml")
OUTPUT = Path("decks/hamstrings")
TARGET = Path("docs/pictures/overview.png")
WIDTH, HEIGHT = 1280, 640

PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #e9edf0; font: 15px/1.5 "DejaVu Sans", sans-serif; color: #37424a; }}
main {{ display: flex; gap: 32px; padding: 24px 32px; align-items: flex-start; }}
h2 {{ font-size: 15px; font-weight: 600; margin: 0 0 10px; }}
.sheet {{ background: #fff; border-radius: 8px; box-shadow: 0 2px 10px #0002; overflow: hidden; }}
pre {{ margin: 0; padding: 14px 18px; font: 13.5px/1.6 "DejaVu Sans Mono", monospace; color: #24292e; }}
pre b {{ color: #0b6077; font-weight: 600; }}
iframe {{ display: block; border: 0; }}
.phones {{ display: flex; gap: 16px; }}
.printed {{ width: 600px; height: 236px; margin-bottom: 24px; }}
img {{ display: block; width: 100%; }}
</style><main>
<section><h2>You write</h2><div class="sheet"><pre>{yaml}</pre></div>
<br><h2>The printer prints</h2><div class="sheet printed"><img src="{sheet}"></div></section>
<section><h2>Anki shows, by day and by night</h2><div class="phones">
<div class="sheet"><iframe width="290" height="550" srcdoc="{day}"></iframe></div>
<div class="sheet"><iframe width="290" height="550" srcdoc="{night}"></iframe></div></div></section>
</main>"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        day, night = _card_backs(folder)
        page = folder / "page.html"
        page.write_text(
            PAGE.format(
                yaml=_highlight_keys(_card_source()),
                day=html.escape(day),
                night=html.escape(night),
                sheet=_draw_sheet(folder).as_uri(),
            )
        )
        TARGET.parent.mkdir(exist_ok=True)
        take_screenshot(page, TARGET, folder, WIDTH, HEIGHT)


def _card_source() -> str:
    """Return the YAML of the card, without its indentation."""
    text = SOURCE.read_text()
    start = text.index(f"  - id: {KEY}\n")
    end = text.index("\n  - id:", start)
    return re.sub(r"^  ", "", text[start:end], flags=re.MULTILINE)


def _highlight_keys(yaml: str) -> str:
    return re.sub(r"^(\s*(?:- )?)(\w+):", r"\1<b>\2</b>:", html.escape(yaml, quote=False), flags=re.MULTILINE)


def _card_backs(folder: Path) -> tuple[str, str]:
    """Return the back of the card as Anki's window shows it, as a light and a dark HTML page."""
    with new_learner(folder) as student:
        student.import_package((OUTPUT / "hamstrings.apkg").read_bytes())
        css, back = student.card(KEY).note_type()["css"], student.sides(KEY).back
    for picture in folder.rglob("*.svg"):
        picture.replace(folder / picture.name)  # beside the page, where both cards look for it
    window, *_ = all_programs()
    return window.page(css, back), window.page(css, back, night=True)


def _draw_sheet(folder: Path) -> Path:
    """Draw the backs of a sheet on which the card is the first. Returns the path of the picture."""
    cardwright = Path(sys.executable).parent / "cardwright"
    command = [cardwright, "print", "hamstrings", "--ids", f"{KEY},{NEIGHBOUR}", "--preview", "--out", folder]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    _, back, *_ = sorted(folder.glob("*.png"))
    return back


def take_screenshot(
    page: Path, target: Path, folder: Path, width: int, height: int, density: int = 1
) -> None:
    """Save a picture of an HTML page as Chromium shows it.

    folder: holds the browser's profile. width, height: in CSS pixels. density: pixels of the picture to each.
    """
    subprocess.run(
        [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--hide-scrollbars",
            f"--user-data-dir={folder / 'profile'}",
            f"--window-size={width},{height}",
            f"--force-device-scale-factor={density}",
            f"--screenshot={target.resolve()}",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
    )
    reduce_colours(target)


def reduce_colours(picture: Path) -> None:
    """Make the file of a picture half as big, so that the eye can't tell."""
    Image.open(picture).convert("RGB").quantize(200).save(picture, optimize=True)


if __name__ == "__main__":
    main()
