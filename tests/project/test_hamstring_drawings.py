"""The drawings of the hamstring deck: legible wherever they are shown, and fit to be masked.

A device that lacks their font takes another with serifs, so letters are measured in several.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import typst as untyped_typst
from playwright.sync_api import Page

from tests.support.browser import open_browser
from tests.support.hamstring_deck import DECK, load_yaml, words
from tests.support.paths import TESTS

typst: Any = untyped_typst

WIDTH, HEIGHT = 800, 520
SERIFS = ("DejaVu Serif", "Liberation Serif", "Noto Serif")
CLEAR = 4  # units between letters and lines
CARDS = [
    card
    for file in load_yaml(DECK / "deck.yaml")["files"]
    for card in load_yaml(DECK / file)["cards"]
    if "diagram" in card
]


class Text(NamedTuple):
    """A `<text>` of a drawing."""

    element: str
    attributes: dict[str, str]
    words: str

    @property
    def size(self) -> float:
        return float(self.attributes["font-size"])


class Box(NamedTuple):
    """A box on a drawing, in its units."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


def mask_of(label: dict[str, Any]) -> Box:
    """Return the mask of a label, which the card gives in per cent of the drawing."""
    left, top, width, height = (float(number) for number in label["rect"])
    return Box(left * 8, top * 5.2, (left + width) * 8, (top + height) * 5.2)


def texts_of(drawing: str) -> list[Text]:
    """Return the texts of a drawing, each of which is one line."""
    matches = re.finditer(r"<text ([^>]*)>([^<]*)</text>", drawing)
    return [Text(match[0], dict(re.findall(r'([\w-]+)="([^"]*)"', match[1])), match[2]) for match in matches]


def widths_in_libertinus(texts: list[Text]) -> list[float]:
    """Return how wide texts are in the font that drawings name, which Typst brings along."""
    lines = [
        f'#context [#metadata(measure(text({text.size}pt, font: "Libertinus Serif", {style_of(text)})'
        f"[#{quoted(text.words)}]).width.pt()) <width>]"
        for text in texts
    ]
    values = typst.query("\n".join(lines).encode(), "<width>", field="value", ignore_system_fonts=True)
    return [float(value) for value in re.findall(r"[\d.]+", values)]


def style_of(text: Text) -> str:
    weight = text.attributes.get("font-weight", "regular")
    return f'weight: "{weight}", style: "{text.attributes.get("font-style", "normal")}"'


def quoted(words: str) -> str:
    return '"' + words.replace('"', '\\"') + '"'


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with open_browser() as browser:
        yield browser.new_page()


def problems_of_file(drawing: str) -> Iterator[str]:
    """Yield what is wrong with a drawing as it is written."""
    if len(drawing) >= 60_000:
        yield "it is too large"
    root = re.search(r"<svg\b[^>]*>", drawing)
    assert root
    if f'viewBox="0 0 {WIDTH} {HEIGHT}"' not in root[0]:
        yield "it has another viewBox"
    if 'font-family="Libertinus Serif, serif"' not in root[0]:
        yield "its root doesn't name the font"
    texts = texts_of(drawing)
    if len(texts) != drawing.count("<text"):
        yield "some of its texts have elements in them"
    for text, width in zip(texts, widths_in_libertinus(texts), strict=True):
        if text.size < 29:  # 8 points on a card, on which a drawing is 80 mm wide
            yield f"{text.words!r} is small"
        if text.attributes.get("lengthAdjust") != "spacingAndGlyphs":
            yield f"the glyphs of {text.words!r} aren't adjusted"
        if abs(float(text.attributes.get("textLength", 0)) / width - 1) > 0.015:
            yield f"the textLength of {text.words!r} isn't {width:.1f}"


def measure(page: Page, drawing: str, masks: list[Box]) -> Any:
    """Return what a browser shows: see the script."""
    root = re.search(r"<svg\b[^>]*>", drawing)
    assert root
    texts = [
        {"element": text.element, "base": float(text.attributes["y"]), "size": text.size}
        for text in texts_of(drawing)
    ]
    without_texts = re.sub(r"<text\b.*?</text>", "", drawing, flags=re.DOTALL)
    script = (TESTS / "support" / "lettering.js").read_text(encoding="utf-8")
    return page.evaluate(
        script,
        {
            "bare": without_texts,
            "head": root[0],
            "texts": texts,
            "families": SERIFS,
            "boxes": masks,
            "width": WIDTH,
            "height": HEIGHT,
        },
    )


def problems_of_letters(texts: list[Text], shown: Any) -> Iterator[str]:
    """Yield what letters touch, in any of the fonts."""
    if shown["corners"]:
        yield "it has a panel of its own"
    picture = Box(CLEAR, CLEAR, WIDTH - CLEAR, HEIGHT - CLEAR)
    for letters in shown["letters"]:
        name = f"{texts[letters['text']].words!r} in {letters['family']}"
        if letters["clearance"] < CLEAR:
            yield f"{name} is {letters['clearance']:.1f} units from what is drawn"
        if not letters["alone"]:
            yield f"{name} touches other letters"
        if not picture.holds(Box(*letters["bounds"])):
            yield f"{name} reaches the edge"


def problems_of_mask(mask: Box, name: str, texts: list[Text], shown: Any) -> Iterator[str]:
    """Yield what the mask of a label doesn't hide, or hides besides. name: the label's."""
    hidden = [letters for letters in shown["letters"] if mask.overlaps(Box(*letters["bounds"]))]
    lines = {letters["text"] for letters in hidden}
    hidden_words = {word for line in lines for word in words(texts[line].words)}
    if not Box(0, 0, WIDTH, HEIGHT).holds(mask):
        yield f"the mask of {name!r} leaves the drawing"
    if not all(mask.holds(Box(*letters["bounds"])) for letters in hidden):
        yield f"letters look out from the mask of {name!r}"
    if not hidden_words or not hidden_words <= set(words(name)):
        yield f"the mask of {name!r} hides other words: {sorted(hidden_words)}"


def problems_of_masks(labels: list[dict[str, Any]], texts: list[Text], shown: Any) -> Iterator[str]:
    """Yield what masks hide besides their labels, and what about them hints at a label."""
    sizes: set[tuple[int, float, float]] = set()
    for label, covers_lines in zip(labels, shown["covered"], strict=True):
        name, mask = label["name"], mask_of(label)
        yield from problems_of_mask(mask, name, texts, shown)
        if covers_lines:
            yield f"the mask of {name!r} hides some of what is drawn"
        lines = {letters["text"] for letters in shown["letters"] if mask.overlaps(Box(*letters["bounds"]))}
        sizes.add((len(lines), round(mask.right - mask.left, 1), round(mask.bottom - mask.top, 1)))
    if len({width for _, width, _ in sizes}) > 1:
        yield "its masks aren't equally wide"
    if len({(lines, height) for lines, _, height in sizes}) > len({lines for lines, _, _ in sizes}):
        yield "its masks of as many lines aren't equally high"


def test_every_picture_has_a_card_that_asks_of_it() -> None:
    assert {DECK / card["diagram"] for card in CARDS} == set((DECK / "media").iterdir())


@pytest.mark.parametrize("card", CARDS, ids=[card["id"] for card in CARDS])
def test_a_drawing_is_legible_and_can_be_masked(page: Page, card: dict[str, Any]) -> None:
    drawing = (DECK / card["diagram"]).read_text(encoding="utf-8")
    texts, labels = texts_of(drawing), list(card["labels"].values())
    shown = measure(page, drawing, [mask_of(label) for label in labels])
    assert not shown["missing"], "scripts/install-system-packages installs these fonts"
    problems = [
        *problems_of_file(drawing),
        *problems_of_letters(texts, shown),
        *problems_of_masks(labels, texts, shown),
    ]
    assert not problems, "\n".join(problems)
