"""Cards in a real browser, in the pages of Anki's programs: readable, by day and by night, on any screen."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest

from cardwright.formats.anki.note_types import read_template
from tests.support.anki_programs import all_programs
from tests.support.browser import render_page
from tests.support.builds import DAY, NOW, build_deck
from tests.support.mathjax import PAGES
from tests.support.real_anki import Learner, new_learner

pytestmark = pytest.mark.anki

DECK = r"""
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
  - id: coloured-hole
    cloze: |
      <span style="background: #7f9f7f">They {{c1::flex}}</span> <mark>the {{c1::knee}}</mark>
      `{{c1::joint}}`.
  - id: spelling
    q: Spell it
    a: Semitendinosus
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
      <span style="color: red">red <span style="background: #fcc">on pink</span></span>, <span
      style="background: #8c8c8c">a [link](https://example.org)</span>, <mark>a [link](https://example.org)</mark>,
      <mark>in <span style="color: red">red</span></mark>, <kbd>in <font color="gray">grey</font></kbd>

      <div align="center">

      - centred
      - lines

      </div>
  - id: formula
    q: |
      Long in a line: \(a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9 + a_{10} + a_{11} + a_{12}\)
    a: |
      \[\frac{a_1}{\sqrt{b_g}} + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9 + a_{10} + a_{11} + a_{12}\]
"""
# What may be wider than a phone, in places where it is held by something else than the card.
WIDE = r"""
  - id: odd
    q: |
      - - ![a leg](media/leg.svg){width=900px}
        - \(a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9 + a_{10} + a_{11} + a_{12}\)

      <ruby>antidisestablishmentarianism<rt>anti-dis-establish-ment-arian-ism-and-more</rt></ruby>
      <kbd>Control+Shift+Alternate+Option+Command+Escape</kbd>
      <big><big>antidisestablishmentarianism</big></big>
    a: |
      > \[a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9 + a_{10} + a_{11} + a_{12}\]

      | formula | code |
      |---------|------|
      | \(a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9\) | `pneumonoultramicroscopicsilicovolcano` |

      <div align="center">

      | muscle | place | flexes | extends | turns the lower leg |
      |--------|-------|--------|---------|---------------------|
      | biceps femoris | outer side | knee | hip | outwards |

      </div>
    hint: pneumonoultramicroscopicsilicovolcanoconiosispneumonoultramicroscopicsilicovolcano
    extra: |
      ```
      pneumonoultramicroscopicsilicovolcanoconiosispneumonoultramicroscopicsilicovolcano
      ```
"""
# This card is no longer in the next release, so a package marks it as retired.
RETIRED = """\
  - id: gone
    q: Which bone?
    a: The femur
"""
PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="800" height="520" viewBox="0 0 800 520">'
    b'<text x="100" y="100" font-size="27">Femur</text></svg>'
)
PICTURES = """\
  - id: diagram
    diagram: media/leg.svg
    alt: a leg
    labels:
      femur: {name: Femur, rect: [10, 10, 30, 20]}
      tibia: {name: Tibia, rect: [10, 60, 30, 20]}
  - id: picture
    q: What is this? ![a leg](media/leg.svg)
    a: A leg
"""
KEYS = (
    *("plain", "wide", "hole", "coloured-hole", "spelling", "symptoms/bruise", "html", "formula"),
    *("gone", "diagram", "picture", "odd"),
)
SIDES = [f"{key} {side}" for key in KEYS for side in ("question", "answer")]
PROGRAMS = {program.name: program for program in all_programs()}
PHONE, SMALL_PHONE = 360, 320  # widths in CSS pixels
ON_SMALL_PHONES = [f"{program} by day on {SMALL_PHONE}" for program in ("isLin", "droid", "old droid")]

# Colours of the palette by the selector of what has them: the text's, and what lies behind it.
PALETTE_OF_PARTS = {
    ".card": ("ink", "paper"),
    ".topic": ("soft", "paper"),
    ".front .question": ("ink", "paper"),
    ".back .question:not(.whole)": ("soft", "paper"),
    ".back .whole": ("ink", "paper"),
    ".answer": ("ink", "paper"),
    ".extra": ("ink", "paper"),
    ".source": ("soft", "paper"),
    ".source a": ("soft", "paper"),
    ".answer a:not(mark *)": ("accent", "paper"),
    "a.hint": ("accent", "paper"),
    ".retired": ("warning", "paper"),
    ".cloze:not(mark *, code *)": ("accent", "paper"),
    ".blank": ("accent", "paper"),
    ".answer code": ("ink", "fill"),
    ".answer pre": ("ink", "fill"),
    ".front kbd": ("ink", "fill"),
    "mark": ("ink", "highlight"),
    "td": ("ink", "paper"),
    "#typeans": ("ink", "fill"),
    ".typeGood": ("ink", "right"),
    ".typeBad": ("ink", "wrong"),
    ".typeMissed": ("ink", "missed"),
    "button#toggle": ("ink", "fill"),
}
RULES = ("hr", "td", "blockquote", ".extra", "kbd", "input#typeans")
"""What has a line in the colour `line` of the palette."""

# For every text on the page: its size in px, and its contrast against what lies behind it; and the colours of
# every part. Source of the formula: WCAG 2.2, "relative luminance" and "contrast ratio".
MEASURE = """
const channel = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const colour = text => (text.match(/[\\d.]+/g) || []).map(Number);
const behind = node => { for (let at = node; at; at = at.parentElement) {
  const found = colour(getComputedStyle(at).backgroundColor);
  if (found.length === 3 || found[3] > 0) return found; } return [255, 255, 255]; };
const hex = rgb => rgb.map(c => c.toString(16).padStart(2, "0")).join("");
const measure = () => {
  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, parent = node.parentElement, style = getComputedStyle(parent);
    if (!node.data.trim() || style.display === "none" || !parent.getClientRects().length) continue;
    const [high, low] = [luminance(colour(style.color)), luminance(behind(parent))].sort((a, b) => b - a);
    const contrast = (high + 0.05) / (low + 0.05);
    texts.push({text: node.data.trim(), size: parseFloat(style.fontSize), contrast});
  }
  const parts = {}, rules = {};
  for (const selector of SELECTORS) for (const node of document.querySelectorAll(selector))
    if (!node.closest("[style*=color]") && node.getClientRects().length)
      (parts[selector] ??= []).push([hex(colour(getComputedStyle(node).color)), hex(behind(node))]);
  for (const selector of RULES) for (const node of document.querySelectorAll(selector)) {
    const style = getComputedStyle(node), edges = ["Top", "Right", "Bottom", "Left"];
    for (const edge of edges) if (parseFloat(style[`border${edge}Width`]) > 0)
      (rules[selector] ??= []).push(hex(colour(style[`border${edge}Color`])));
    if (node.localName === "hr") rules.height = node.offsetHeight;
  }
  const root = document.documentElement;
  const filters = [...document.querySelectorAll("img, canvas")].map(node => getComputedStyle(node).filter);
  const boxes = [...document.querySelectorAll("img, canvas")].map(node => {
    const {x, y, width, height} = node.getBoundingClientRect(); return [x, y, width, height]; });
  const link = document.querySelector("a.hint"), hint = link?.nextElementSibling;
  const heights = () => link && [link.offsetHeight > 0, hint.offsetHeight > 0];
  const before = heights();
  link?.click();
  window.result = {hint: [before, heights()],
    texts, parts, rules, boxes, filters, formulas: document.querySelectorAll("mjx-container").length,
    width: root.scrollWidth, screen: root.clientWidth};
};
addEventListener("load", async () => {
  await window.MathJax?.startup?.promise.then(() => MathJax.typesetPromise());
  // Anki gives the box its shape before it draws the masks.
  const box = window.anki && document.querySelector("#image-occlusion-container");
  while (box && !box.style.aspectRatio) await new Promise(done => setTimeout(done, 20));
  measure();
});
"""
COLLECT = """
onload = async () => {
  const frames = [...document.querySelectorAll("iframe")];
  while (frames.some(frame => !frame.contentWindow.result)) await new Promise(done => setTimeout(done, 20));
  const results = frames.map(frame => [frame.name, frame.contentWindow.result]);
  document.body.dataset.result = JSON.stringify(Object.fromEntries(results)); };
"""
MATHJAX = ("mathjax.js", "vendor/mathjax/tex-chtml-full.js")


@dataclass(frozen=True)
class Look:
    """A page as a browser shows it.

    parts: colours of text and background, and rules: colours of borders, in hex digits, by selector.
    width, screen: the widths of the page and of the screen, in px. formulas: how many there are.
    hint: whether its link and its text can be seen, before and after a click on the link.
    boxes: of pictures and masks: left, top, width and height, in px. filters: what dims them.
    """

    texts: list[dict[str, float | str]]
    parts: Mapping[str, list[tuple[str, str]]]
    rules: Mapping[str, Any]
    width: int
    screen: int
    formulas: int
    hint: tuple[list[bool] | None, list[bool] | None]
    boxes: list[tuple[float, float, float, float]]
    filters: list[str]


def rendered_sides(learner: Learner) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, style, scripts and HTML of each side, as Anki's reviewer shows them."""
    media = {"cards_source/looks/media/leg.svg": PICTURE}
    first = build_deck({"looks/deck.yaml": DECK + PICTURES + WIDE + RETIRED}, media=media)
    second = build_deck({"looks/deck.yaml": DECK + PICTURES + WIDE}, first, now=NOW + DAY, media=media)
    for package in (first.package, second.package, second.retired_package):
        learner.import_package(package)
    for key in KEYS:
        sides = learner.sides(key)
        style = learner.card(key).note_type()["css"]
        for name, side in (("question", sides.front), ("answer", sides.back)):
            html = _typed_answer(learner, name).join(re.split(r"\[\[type:.+?]]", side))
            yield f"{key} {name}", style, _scripts(html), html


def _scripts(html: str) -> str:
    """Return the scripts of Anki's that a card needs."""
    needed = [
        *(MATHJAX if "\\(" in html or "\\[" in html else ()),
        *(["reviewer.js"] if "<canvas" in html else ()),
    ]
    return "".join(f'<script src="{(PAGES / "js" / name).as_uri()}"></script>' for name in needed)


def _typed_answer(learner: Learner, side: str) -> str:
    """Return what the reviewer puts in the place of a field to type in. Source: Anki, qt/aqt/reviewer.py."""
    if side == "question":
        return (
            '<center><input type="text" id="typeans" style="font-family: Arial; font-size: 20px;"></center>'
        )
    return (
        '<div style="font-family: Arial; font-size: 20px">'
        + learner.collection.compare_answer("semitendinosus", "semytendnosuss")
        + "</div>"
    )


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Look]:
    """Return each side as a browser shows it, by side, program, time of day and width.

    Each has a frame of its own, since no window of a browser is as narrow as a phone; and all
    are in one page, since starting a browser takes longer than all the rest. What Anki's scripts draw has its
    place and size by day as by night, so they run only by day: MathJax takes longest of all.
    """
    folder = tmp_path_factory.mktemp("looks")
    script = f"const SELECTORS = {json.dumps([*PALETTE_OF_PARTS])}, RULES = {json.dumps(RULES)};{MEASURE}"
    with new_learner(folder / "profile") as learner:
        base = f"{Path(learner.collection.media.dir()).as_uri()}/"
        frames = [
            f'<iframe name="{side} in {name}" width="{width}" height="2000" srcdoc="{escape(page)}"></iframe>'
            for side, style, scripts, html in rendered_sides(learner)
            for program in PROGRAMS.values()
            for time in ("day", "night")
            for width in (PHONE, SMALL_PHONE)
            for name in (f"{program.name} by {time} on {width}",)
            if width == PHONE or name in ON_SMALL_PHONES
            for is_night in (time == "night",)
            for card in (html if is_night else scripts + html,)
            for page in (program.page(style, card, script, base, night=is_night),)
        ]
    page = folder / "page.html"
    page.write_text(f'<!doctype html><meta charset="utf-8">{"".join(frames)}<script>{COLLECT}</script>')
    match = re.search('data-result="([^"]*)"', render_page(page))
    assert match is not None
    return {name: Look(**look) for name, look in json.loads(unescape(match[1])).items()}


def palette(time: str) -> dict[str, str]:
    """Return the hex digits of the colours by name."""
    colours = re.findall(r"--([a-z]+): #([0-9a-f]{6});", read_template("card.css"))
    half = len(colours) // 2
    return dict(colours[:half] if time == "day" else colours[half:])


each_program = pytest.mark.parametrize("program", PROGRAMS)
each_time = pytest.mark.parametrize("time", ["day", "night"])


@each_time
@each_program
def test_all_colours_are_the_palettes(looks: dict[str, Look], program: str, time: str) -> None:
    """Anki's own style, which is for the night more specific than `.card`, must not shine through."""
    colours, missing = palette(time), {*PALETTE_OF_PARTS, *RULES}
    for side in SIDES:
        look = looks[f"{side} in {program} by {time} on {PHONE}"]
        expected = {
            part: [tuple(colours[name] for name in PALETTE_OF_PARTS[part])] * len(found)
            for part, found in look.parts.items()
        }
        assert {part: [*map(tuple, found)] for part, found in look.parts.items()} == expected, side
        assert {*(colour for part in RULES for colour in look.rules.get(part, ()))} <= {colours["line"]}, side
        assert look.rules.get("height", 1) == 1
        missing -= {*look.parts, *look.rules}
    assert missing == set()


@each_time
@each_program
def test_cards_are_readable_on_a_phone(looks: dict[str, Look], program: str, time: str) -> None:
    """WCAG AA requires a contrast of at least 4.5 to 1 for every text."""
    for side in SIDES:
        look = looks[f"{side} in {program} by {time} on {PHONE}"]

        assert look.texts
        assert [text for text in look.texts if float(text["contrast"]) < 4.5] == [], side
        assert min(float(text["size"]) for text in look.texts) >= 12, side
        assert max(float(text["size"]) for text in look.texts) >= 20 or side == "diagram question"


@pytest.mark.parametrize("name", [f"{program} by day on {PHONE}" for program in PROGRAMS] + ON_SMALL_PHONES)
def test_no_card_scrolls_sideways(looks: dict[str, Look], name: str) -> None:
    for side in SIDES:
        look = looks[f"{side} in {name}"]

        assert look.screen == int(name.rpartition(" ")[2])
        assert look.width <= look.screen, side
        assert bool(look.formulas) == side.startswith(("formula", "odd"))


@each_program
def test_a_hint_is_shown_on_request(looks: dict[str, Look], program: str) -> None:
    look = looks[f"plain question in {program} by day on {PHONE}"]

    assert [*look.hint] == [[True, False], [False, True]]


@each_program
@pytest.mark.parametrize("side", ["diagram question", "diagram answer"])
def test_a_diagram_is_as_wide_as_a_phone_under_its_masks(
    looks: dict[str, Look], side: str, program: str
) -> None:
    """Labels drawn at a thirtieth of the picture's width are then set in 12 px."""
    look = looks[f"{side} in {program} by day on {PHONE}"]
    picture, masks = look.boxes

    assert masks == pytest.approx(picture, abs=0.5)
    assert picture[2] >= (0.94 if "old" in program else 1) * PHONE
    assert picture[3] == pytest.approx(picture[2] * 520 / 800, abs=1)


@each_program
@pytest.mark.parametrize("side", ["diagram question", "diagram answer", "picture question"])
def test_pictures_and_masks_glare_less_at_night(looks: dict[str, Look], side: str, program: str) -> None:
    """The light paper behind a drawing once was the brightest thing on a dark screen."""
    by_day, by_night = (
        looks[f"{side} in {program} by {time} on {PHONE}"].filters for time in ("day", "night")
    )

    assert {*by_day} == {"none"}
    assert {*by_night} == {"brightness(0.88)"}
    assert len(by_night) == len(by_day) == (1 if side.startswith("picture") else 2)
