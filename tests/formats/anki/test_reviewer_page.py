"""Pages of cards without scripts, beside those of Anki's programs in a browser."""

import io
import wave
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page

from tests.support.browser import open_browser
from tests.support.builds import build_deck
from tests.support.mathjax import PAGES, serve
from tests.support.real_anki import Learner, new_learner
from tests.support.reviewer_pages import MEDIA_FOLDER, anki_page, page_without_anki

pytestmark = pytest.mark.anki

DECK = r"""
deck: Pages
id: pages
topic: Knees
sources: {gray: {title: Anatomy of the Human Body, author: Henry Gray, url: https://example.org/gray}}
source: gray
note_types:
  term:
    fields: [Term, Meaning]
    templates:
      Card 1:
        front: "<h1>{{Term}}</h1><a href='https://example.org'>A link</a>"
        back: "{{FrontSide}}<hr id=answer>{{hint:Meaning}} and {{furigana:Meaning}}<hr>{{tts en_US:Term}}"
    css_only: true
    css: |
      .card { font-family: serif; font-size: 24px; text-align: center; background: url("media/dots.png") }
      .card1 { color: #036 }
      .nightMode.card { color: #9cf }
cards:
  - id: plain
    q: Which muscles bend the **knee**? ![a leg](media/leg.svg){width=120px}
    a: "The *hamstrings* ![they bend it](media/knee.wav)"
    extra: |
      | muscle | place |
      |--------|-------|
      | biceps | outer |
    hint: Look behind you.
  - id: hole
    cloze: The hamstrings {{c1::flex::what?}} the {{c2::knee}}, `{{c1::always}}`.
    typed: true
  - id: formula
    q: Is \(a < \frac{b_1}{2}\)?
    a: \[\sqrt{x} = {{y}}\]
  - id: diagram
    diagram: media/leg.svg
    alt: a leg
    labels:
      femur: {name: Femur, rect: [10, 10, 30, 20]}
      tibia: {name: Tibia, ellipse: [50, 50, 30, 20]}
      fibula: {name: Fibula, polygon: [[10, 90], [30, 50], [40, 95]]}
  - id: term
    type: term
    fields: {Term: Knee, Meaning: "漢字[かんじ]"}
"""
LEG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="800" height="520" viewBox="0 0 800 520">'
    b'<rect x="20" y="20" width="760" height="480" fill="none" stroke="#808"/>'
    b'<text x="100" y="100" font-size="60" fill="#808">Femur</text></svg>'
)
"""A picture that can be seen by day and by night."""
WIDTHS = {False: 700, True: 360}
HEIGHT, COLUMNS = 560, 4


def _sound() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 8_000, 0, "NONE", ""))
        sound.writeframes(bytes(16_000))
    return file.getvalue()


def _dots() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((20, 20), 50).convert("RGB").point(lambda value: 100 + value // 4).save(file, "PNG")
    return file.getvalue()


@dataclass
class Site:
    """Pages, served to a browser. address: of their folder."""

    learner: Learner
    folder: Path
    address: str
    browser: Browser

    def page(self, key: str, ordinal: int = 0, *, is_back: bool = False) -> Page:
        """Open cardwright's page of a card, by day on the desktop."""
        html = page_without_anki(
            self.learner.card(key, ordinal), is_back=is_back, night=False, phone=False, site=self.address
        )
        return self.open(html)

    def open(self, html: str, window: tuple[int, int] = (WIDTHS[False], HEIGHT)) -> Page:
        (self.folder / "page.html").write_text(html, encoding="utf-8")
        page = self.browser.new_page(viewport={"width": window[0], "height": window[1]})
        page.goto(f"{self.address}/page.html")
        return page


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("pages")
    media = {"leg.svg": LEG, "knee.wav": _sound(), "dots.png": _dots()}
    build = build_deck(
        {"pages/deck.yaml": DECK},
        media={f"cards_source/pages/media/{name}": data for name, data in media.items()},
    )
    assert build.messages == []
    served = folder / "site"
    (served / "_anki").mkdir(parents=True)
    (served / "_anki" / "js").symlink_to(PAGES / "js")
    with new_learner(folder / "profile") as learner, serve(served) as (server, _), open_browser() as browser:
        learner.import_package(build.package)
        (served / MEDIA_FOLDER).symlink_to(Path(learner.collection.media.dir()).resolve())
        yield Site(learner, served, f"http://{server}", browser)


def frames(pages: Mapping[str, tuple[str, int]], site: Site, *, sandbox: str) -> Mapping[str, Image.Image]:
    """Return what pages look like, each in a frame. pages: by name, each with its width in px."""
    elements = ""
    for number, (html, width) in enumerate(pages.values()):
        (site.folder / f"{number}.html").write_text(html, encoding="utf-8")
        left, top = _corner(number)
        elements += (
            f'<iframe {sandbox} src="{number}.html" width="{width}" height="{HEIGHT}"'
            f' style="position: absolute; left: {left}px; top: {top}px; border: 0"></iframe>'
        )
    # Frames of other origins are drawn only within the window.
    window = COLUMNS * WIDTHS[False], _corner(len(pages) + COLUMNS - 1)[1]
    page = site.open(f'<!doctype html><meta charset="utf-8">{elements}', window)
    if not sandbox:
        for frame in page.frames[1:]:
            frame.wait_for_selector("html[data-done]")
    picture = Image.open(io.BytesIO(page.screenshot(caret="hide"))).convert("RGB")
    page.close()
    corners = {name: (*_corner(number), width) for number, (name, (_, width)) in enumerate(pages.items())}
    return {
        name: picture.crop((left, top, left + width, top + HEIGHT))
        for name, (left, top, width) in corners.items()
    }


def _corner(number: int) -> tuple[int, int]:
    """Return left and top of a frame, in px."""
    return number % COLUMNS * WIDTHS[False], number // COLUMNS * HEIGHT


def differing_pixels(first: Image.Image, second: Image.Image) -> int:
    difference = ImageChops.difference(first, second).convert("L")
    return sum(difference.histogram()[40:])


def test_pages_look_like_those_of_anki(site: Site) -> None:
    """By day and by night, on the desktop and on phones. Formulas have other letters, masks sharper edges."""
    anki: dict[str, tuple[str, int]] = {}
    ours: dict[str, tuple[str, int]] = {}
    for key, ordinal in (("plain", 0), ("hole", 0), ("formula", 0), ("diagram", 2), ("term", 0)):
        card = site.learner.card(key, ordinal)
        for is_back, night, phone in ((False, False, False), (True, False, True), (True, True, False)):
            name = f"{key} {is_back=} {night=} {phone=}"
            page = anki_page(card, is_back=is_back, night=night, phone=phone)
            anki[name] = page, WIDTHS[phone]
            page = page_without_anki(card, is_back=is_back, night=night, phone=phone, site=site.address)
            ours[name] = page, WIDTHS[phone]

    expected = frames(anki, site, sandbox="")
    shown = frames(ours, site, sandbox='sandbox=""')

    limits = {"diagram": 4_000, "formula": 6_000}
    differences = {name: differing_pixels(picture, shown[name]) for name, picture in expected.items()}
    too_many = {name for name, count in differences.items() if count > limits.get(name.split()[0], 0)}
    assert too_many == set()


@pytest.mark.parametrize(
    ("key", "hint", "is_back"), [("plain", "Look behind you.", False), ("term", "かんじ", True)]
)
def test_hints_open_without_a_script(site: Site, key: str, hint: str, *, is_back: bool) -> None:
    """Ours by a click, those of the filter `hint` by a key; after that the link is gone, as in Anki."""
    page = site.page(key, is_back=is_back)
    text, link = page.locator("details").get_by_text(hint), page.locator("a.hint")
    assert (link.is_visible(), text.is_visible()) == (True, False)

    if is_back:
        page.locator("summary").focus()
        page.keyboard.press("Enter")
    else:
        page.locator("summary").click()

    assert (link.is_visible(), text.is_visible()) == (False, True)


def test_masks_can_be_taken_off(site: Site) -> None:
    page = site.page("diagram", is_back=True)
    masks = page.locator(".mask")
    assert [mask.is_visible() for mask in masks.all()] == [True, True, True]

    page.get_by_text("Toggle Masks").locator("..").click()

    assert [mask.is_visible() for mask in masks.all()] == [False, False, False]


def test_sounds_play_by_a_click_on_ankis_button(site: Site) -> None:
    """They are loaded only then."""
    page = site.page("plain", is_back=True)

    with page.expect_response("**/*.wav") as response:
        page.locator(".replay-button").click()

    assert response.value.ok
