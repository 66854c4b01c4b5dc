"""Draw the pictures of docs/writing-cards.md, each from the example above it on the page.

`cardwright preview` shows the cards, as Anki's phones do and as they are printed, and Chromium takes the
pictures.

A picture knows its example by a digest, so that a test can tell which pictures are of an older one.
"""

import base64
import hashlib
import json
import math
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Browser, FloatRect

from scripts.pictures.drawing import PICTURES, run_preview
from tests.support.browser import open_browser

PAGE = Path("docs/writing-cards.md")
MEDIA = Path("cards_source/hamstrings/media")
DIGEST = "example"
"""The key of a picture's text that holds the digest of its example."""

# Cards that show what an example is about, counted from 1; of the others the first.
_SHOWN = {
    "card-reverse": (1, 2),
    "card-cloze": (1, 2),
    "card-cloze-formula": (1, 3),
    "card-table": (1, 2),
    "card-note-type": (1, 2),
    "card-readings-type": (1, 2),
}
_COLOURS = 128
_WIDTH = 760
_PHONE_WIDTH, _PHONE_HEIGHT, _PHONE_ZOOM = 290, 560, 0.8
_MARGIN = 12
_PRINTED_WIDTH = 250
_DENSITY = 2
_FENCE = re.compile(
    r"^```(\w*)\n(.*?)^```$|^!\[[^\]]*\]\(pictures/(card-[\w-]+)\.png\)", re.MULTILINE | re.DOTALL
)
_SILENCE = b"ID3\x03\x00\x00\x00\x00\x00\x00"

_SHEET = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #e9edf0; font: 13px/1.4 "DejaVu Sans", sans-serif; color: #37424a; }
main { padding: 10px 14px 14px; display: grid; grid-template-columns: 473px 250px; gap: 9px; }
.names, .phones { display: grid; grid-template-columns: 232px 232px; gap: 9px; align-content: start; }
b { font-weight: 600; margin-bottom: -4px; }
.phone { display: flex; align-items: flex-start; }
.phone, .printed img { border-radius: 6px; background: #fff; box-shadow: 0 1px 5px #0002; overflow: hidden; }
.printed { display: flex; flex-direction: column; gap: 9px; }
img { display: block; width: 100%; }
p { margin: 0; grid-column: span 2; }
</style><main><div class="names"><b>Anki: question</b><b>Anki: answer</b></div><b>On paper</b>
"""


@dataclass(frozen=True)
class Example:
    """A picture of the page, and the YAML from which it is drawn."""

    name: str
    yaml: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.yaml.encode()).hexdigest()[:16]

    @property
    def picture(self) -> Path:
        return PICTURES / f"{self.name}.png"

    def deck(self) -> str:
        """Return the example as a whole deck; on the page it may be a list of cards, or keys of a deck."""
        if self.yaml.startswith("- "):
            return "deck: Legs\ncards:\n" + self.yaml
        return self.yaml if re.search(r"^deck:", self.yaml, re.MULTILINE) else "deck: Legs\n" + self.yaml


def examples(page: str) -> list[Example]:
    """Return the pictures of a page in Markdown, each with the YAML block nearest above it."""
    found: list[Example] = []
    nearest = ""
    for language, block, name in _FENCE.findall(page):
        if name:
            found.append(Example(name, nearest))
        elif language == "yaml":
            nearest = block
    return found


def draw(wanted: Collection[str] = ()) -> None:
    """Draw some of the pictures, or all."""
    with open_browser() as browser:
        for example in examples(PAGE.read_text("utf-8")):
            if wanted and example.name not in wanted:
                continue
            with tempfile.TemporaryDirectory() as root:
                _write_deck(example, Path(root) / "cards_source" / "legs")
                with run_preview(Path(root)) as address:
                    picture = _draw(browser, address, example)
            example.picture.parent.mkdir(exist_ok=True)
            example.picture.write_bytes(picture)
            print(f"{example.picture}: {len(picture) // 1000} KB")


def _write_deck(example: Example, folder: Path) -> None:
    (folder / "media").mkdir(parents=True)
    (folder / "deck.yaml").write_text(example.deck(), "utf-8")
    for name in set(re.findall(r"media/([\w.-]+)", example.yaml)):
        if name.endswith(".mp3"):
            (folder / "media" / name).write_bytes(_SILENCE)
        else:
            shutil.copy(MEDIA / name, folder / "media")


def _draw(browser: Browser, address: str, example: Example) -> bytes:
    """Return the picture of an example as PNG."""
    with urlopen(f"{address}/cards.json") as answer:
        state: dict[str, Any] = json.load(answer)
    problems = [each["message"] for each in state["problems"] if each["severity"] in ("error", "warning")]
    assert not problems, f"{example.name}: {problems}"
    cards = [card["id"] for card in state["cards"]]
    shown = _SHOWN.get(example.name, (1,))
    phones = "".join(
        _phone(browser, address, cards[number - 1], back=back) for number in shown for back in (False, True)
    )
    printed = "".join(map(_image, _printed(address, cards[shown[0] - 1])))
    told = f"<p>{_told(shown, len(cards))}</p>" if len(cards) > 1 else ""
    page = browser.new_page(viewport={"width": _WIDTH, "height": 100}, device_scale_factor=_DENSITY)
    page.set_content(
        f"{_SHEET}<div class=phones>{phones}</div><div class=printed>{printed}</div>{told}</main>"
    )
    picture = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    page.close()
    text = PngInfo()
    text.add_text(DIGEST, example.digest)
    small = picture.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    written = BytesIO()
    small.save(written, "PNG", optimize=True, pnginfo=text)
    return written.getvalue()


def _told(shown: Sequence[int], count: int) -> str:
    cards = f"The example makes {count} cards"
    if len(shown) == 1:
        return f"{cards}; this is number {shown[0]}."
    which = "" if len(shown) == count else f"; these are numbers {' and '.join(map(str, shown))}"
    return f"{cards}{which}. On paper you see number {shown[0]}."


def _printed(address: str, card: str) -> Iterator[bytes]:
    """Yield pictures of front and back of a card as they are printed."""
    with urlopen(f"{address}/printed?card={quote(card)}") as answer:
        sides = json.load(answer)["sides"]
    for side in sides:
        with urlopen(f"{address}/printed?card={quote(card)}&side={side['number']}") as answer:
            yield _trimmed(answer.read(), side)


def _phone(browser: Browser, address: str, card: str, *, back: bool) -> str:
    """Return the HTML of a side as a phone shows it."""
    page = browser.new_page(
        viewport={"width": _PHONE_WIDTH, "height": _PHONE_HEIGHT},
        device_scale_factor=_DENSITY * _PHONE_ZOOM,
    )
    page.goto(f"{address}/card?card={quote(card)}&phone=1{'&back=1' if back else ''}")
    page.wait_for_timeout(200)
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    height = page.evaluate("document.querySelector('#qa').getBoundingClientRect().bottom")
    clip: FloatRect = {"x": 0, "y": 0, "width": _PHONE_WIDTH, "height": math.ceil(height) + _MARGIN}
    picture = page.screenshot(full_page=True, clip=clip)
    page.close()
    return f'<div class="phone" style="background: {colour}">{_image(picture)}</div>'


def _trimmed(picture: bytes, side: dict[str, float]) -> bytes:
    """Return a picture of a printed side without the paper around the card."""
    image = Image.open(BytesIO(picture))
    scale = image.width / (side["width"] + 2 * side["margin_x"])
    left, top = side["margin_x"] * scale, side["margin_y"] * scale
    card = image.crop(
        (round(left), round(top), round(left + side["width"] * scale), round(top + side["height"] * scale))
    )
    width = _PRINTED_WIDTH * _DENSITY
    card = card.resize((width, round(width * card.height / card.width)), Image.Resampling.LANCZOS)
    written = BytesIO()
    card.save(written, "PNG")
    return written.getvalue()


def _image(picture: bytes) -> str:
    return f'<img src="data:image/png;base64,{base64.b64encode(picture).decode()}">'
