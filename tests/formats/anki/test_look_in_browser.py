"""Cards in a real browser: readable at arm's length, by day and by night, on any screen."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

import pytest

from tests.support.browser import render_page
from tests.support.builds import build_deck
from tests.support.real_anki import new_learner

pytestmark = pytest.mark.anki

DECK = """\
deck: Looks
id: looks
topic: Everything at once
sources: {gray: {title: Anatomy of the Human Body, author: Henry Gray, url: https://example.org/gray}}
source: gray
cards:
  - id: plain
    q: Which muscles bend the knee?
    a: The **hamstrings** and a [link](https://example.org)
    extra: Behind the thigh.
    hint: Look behind you.
    typed: false
  - id: wide
    q: Pneumonoultramicroscopicsilicovolcanoconiosispneumonoultramicroscopicsilicovolcano
    a: |
      | muscle | place | flexes | extends | turns the lower leg |
      |--------|-------|--------|---------|---------------------|
      | biceps femoris | outer side | knee | hip | outwards |

      ```
      a line of code that is longer than any phone is wide, and then some more of it
      ```

      > a quote with `code` in it
  - id: hole
    cloze: The hamstrings {{c1::flex}} the knee.
    typed: true
  - id: symptoms
    list: What may follow an injury?
    items: {bruise: a bruise, limp: a limp}
  - id: html
    q: |
      H<sub>2</sub>O, x<sup>2</sup>, <u>under</u>, <mark>marked</mark>, <kbd>Ctrl</kbd>, <small>small</small>,
      <ruby>漢字<rt>かんじ</rt></ruby>, <span style="background: #336">on a dark ground</span>
    a: |
      <span style="color: navy">navy</span>, <span style="color: #ff0">yellow</span>, <span
      style="color: rgb(0, 0, 0)">black</span>, <span style="background: yellow">on yellow</span>,
      <span style="background: maroon">on maroon</span>, <font color="gray">grey</font>,
      <span style="color: #888; background: #999">hardly</span>,
      <span style="color: red">red <span style="background: #fcc">on pink</span></span>

      <div align="center">

      - centred
      - lines

      </div>
"""
KEYS = ("plain", "wide", "hole", "symptoms/bruise", "html")

# For every text on the page: its size in px, and its contrast against what lies behind it.
# Source of the formula: WCAG 2.2, "relative luminance" and "contrast ratio".
MEASURE = """
const channel = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const colour = text => (text.match(/[\\d.]+/g) || []).map(Number);
const behind = node => { for (let at = node; at; at = at.parentElement) {
  const found = colour(getComputedStyle(at).backgroundColor);
  if (found.length === 3 || found[3] > 0) return found; } return [255, 255, 255]; };
const texts = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const node = walk.currentNode, parent = node.parentElement, style = getComputedStyle(parent);
  if (!node.data.trim() || style.display === "none" || !parent.getClientRects().length) continue;
  const [high, low] = [luminance(colour(style.color)), luminance(behind(parent))].sort((a, b) => b - a);
  const contrast = (high + 0.05) / (low + 0.05);
  texts.push({text: node.data.trim(), size: parseFloat(style.fontSize), contrast});
}
const root = document.documentElement;
const paper = luminance(behind(document.body));
window.result = {texts, width: root.scrollWidth, screen: root.clientWidth, paper};
"""
COLLECT = """
onload = () => { document.body.dataset.result = JSON.stringify(Object.fromEntries(
  [...document.querySelectorAll("iframe")].map(frame => [frame.name, frame.contentWindow.result]))); };
"""


@dataclass(frozen=True)
class Look:
    """A page as a browser shows it.

    width, screen: the widths of the page and of the screen, in px. paper: luminance of the background.
    """

    texts: list[dict[str, float | str]]
    width: int
    screen: int
    paper: float


def rendered_sides(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield name, style and HTML of each side, as Anki's reviewer shows them."""
    with new_learner(folder) as learner:
        learner.import_package(build_deck({"looks.yaml": DECK}).package)
        for key in KEYS:
            card = learner.card(key)
            style = card.note_type()["css"]
            yield f"{key} question", style, card.question()
            yield f"{key} answer", style, card.answer()


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Look]:
    """Return each side as a browser shows it, by its name and the time of day.

    Each has a frame of its own, since no window of a browser is as narrow as a phone; and all
    are in one page, since starting a browser takes longer than all the rest.
    """
    folder = tmp_path_factory.mktemp("looks")
    frames = [
        f'<iframe name="{name} by {time}" width="360" srcdoc="{escape(_page(style, html, mode))}"></iframe>'
        for name, style, html in rendered_sides(folder / "profile")
        for time, mode in (("day", ""), ("night", "nightMode"))
    ]
    page = folder / "page.html"
    page.write_text(f'<!doctype html><meta charset="utf-8">{"".join(frames)}<script>{COLLECT}</script>')
    match = re.search('data-result="([^"]*)"', render_page(page))
    assert match is not None
    return {name: Look(**look) for name, look in json.loads(unescape(match[1])).items()}


def _page(style: str, html: str, mode: str) -> str:
    return (
        f'<!doctype html><html class="{mode}"><style>{style}</style>'
        f'<body class="card {mode}">{html}<script>{MEASURE}</script></body></html>'
    )


@pytest.mark.parametrize("time", ["day", "night"])
@pytest.mark.parametrize("side", [f"{key} {side}" for key in KEYS for side in ("question", "answer")])
def test_a_card_is_readable_on_a_phone(looks: dict[str, Look], side: str, time: str) -> None:
    """WCAG AA requires a contrast of at least 4.5 to 1 for every text."""
    look = looks[f"{side} by {time}"]

    assert look.texts
    assert [text for text in look.texts if float(text["contrast"]) < 4.5] == []
    assert max(float(text["size"]) for text in look.texts) >= 20
    assert min(float(text["size"]) for text in look.texts) >= 12
    assert look.width <= look.screen
    assert look.paper < 0.1 if time == "night" else look.paper > 0.7
