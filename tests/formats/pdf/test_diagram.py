"""Diagrams on paper: masks in the right places, readable without colour, and every name."""

import io
import re
from itertools import groupby
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from cardwright.collection.card import cards
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Report
from cardwright.pipeline.load import load_decks
from tests.support.diagram_decks import MEDIA, PLACES, build_diagrams, card
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.print_decks import page_lines, page_words, pdf_text
from tests.support.running_text import LAYOUTS, TextLayout, render_pages

# Brightness from 0 to 255: of the picture without a mask, and of the two kinds of masks.
OPEN, HIDDEN, ASKED = 238, 224, 38
# Points on the masks, beside their texts; in percent of the picture.
SPOTS = {"biceps": (8, 18), "tuber": (66, 15), "calf": (63, 58)}


def render_pdf(**more: object) -> bytes:
    return build_diagrams(card(list(SPOTS), **more), outputs=("pdf",)).files["decks/leg/leg.pdf"]


def read_deck(labels: list[str], lock: bytes | None = None) -> Deck:
    """Read the deck of a diagram with some labels."""
    source = f"deck: Leg\nid: leg\ncards: [{card(labels)}]".replace("'", '"')
    files = deck_files({"leg/deck.yaml": source}, lock)
    (loaded,) = load_decks(files, FakeEnvironment(MEDIA), Report())
    return loaded.deck


def brightness(pdf: bytes, page: int) -> list[dict[str, int]]:
    """Return the brightness at each label, for the pictures in the top row of a page from left to right."""
    picture = pypdfium2.PdfDocument(pdf)[page].render(scale=3).to_pil().convert("L")
    top = picture.crop((0, 0, picture.width, picture.height // 4))
    pixels = top.load()
    assert pixels is not None
    across = [x for x in range(top.width) if sum(pixels[x, y] == OPEN for y in range(top.height)) > 20]
    pictures = []
    for _, run in groupby(enumerate(across), key=lambda pair: pair[1] - pair[0]):
        columns = [x for _, x in run]
        left, right = columns[0], columns[-1]
        rows = [y for y in range(top.height) if pixels[left + 2, y] == OPEN]
        height = rows[-1] - rows[0]
        spots = {
            label: (left + x * (right - left) // 100, rows[0] + y * height // 100)
            for label, (x, y) in SPOTS.items()
        }
        pictures.append({label: int(pixels[spot]) for label, spot in spots.items()})
    return pictures


def test_the_asked_mask_is_dark_and_the_others_are_light() -> None:
    """Even on a grey printout one sees which part is asked for, and nothing below the masks."""
    first, second = brightness(render_pdf(), 0)

    assert first == {"biceps": ASKED, "tuber": HIDDEN, "calf": HIDDEN}
    assert second == {"biceps": HIDDEN, "tuber": ASKED, "calf": HIDDEN}


def test_hide_one_leaves_the_other_labels_visible() -> None:
    first, _ = brightness(render_pdf(hide="one"), 0)

    assert first == {"biceps": ASKED, "tuber": OPEN, "calf": OPEN}


def test_the_back_uncovers_what_was_asked() -> None:
    """As in Anki, the other masks stay. Backs are mirrored in their row."""
    second, first = brightness(render_pdf(), 1)

    assert first == {"biceps": OPEN, "tuber": HIDDEN, "calf": HIDDEN}
    assert second == {"biceps": HIDDEN, "tuber": OPEN, "calf": HIDDEN}


def test_every_name_is_on_one_card_only() -> None:
    """On its back, together with the extra text of the whole diagram."""
    text = pdf_text(render_pdf(extra="Seen from behind."))

    for label in SPOTS:
        assert text.count(PLACES[label]["name"]) == 1
    assert text.count("Seen from behind.") == 3


def alternative_texts(pdf: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        figures = (
            item
            for item in file.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
        )
        return sorted(str(figure["/Alt"]) for figure in figures)


def test_alternative_texts_say_what_is_asked_and_what_is_open() -> None:
    """A screen reader can't see the masks."""
    thigh = "The back of a thigh"

    names = [PLACES[label]["name"] for label in SPOTS]
    assert alternative_texts(render_pdf()) == sorted(
        [f"{thigh} (?)"] * 3 + [f"{thigh} ({name})" for name in names]
    )
    assert alternative_texts(render_pdf(hide="one")) == sorted(
        f"{thigh} ({', '.join([shown, *(other for other in names if other != name)])})"
        for name in names
        for shown in ("?", name)
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_running_text_numbers_the_labels_and_has_all_names(layout: TextLayout, tmp_path: Path) -> None:
    """A list, a quiz and a summary show the picture once."""
    text = pdf_text(render_pages(layout, read_deck(list(SPOTS)), tmp_path))

    for number, label in enumerate(SPOTS, start=1):
        assert text.count(PLACES[label]["name"]) == 1
        assert str(number) in text


@pytest.mark.parametrize("count", [3, 14])
def test_each_label_has_a_line_in_the_quiz_with_its_number(
    count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if there are more of them than another answer has lines."""
    labels = [f"label{n}" for n in range(count)]
    for n, label in enumerate(labels):
        monkeypatch.setitem(PLACES, label, {"name": f"Name {n}", "rect": [5, 7 * n, 9, 6]})
    pdf = render_pages("quiz", read_deck(labels), tmp_path)

    (lines, words), *_ = zip(page_lines(pdf), page_words(pdf), strict=True)
    places = sorted(line.y1 for line in lines if line.x2 - line.x1 > 100 and line.y1 > 50)
    numbers = [word for word in words if re.fullmatch(r"[0-9]+\.", word.text)][-count:]
    assert [word.text for word in numbers] == [f"{n}." for n in range(1, count + 1)]
    assert [word.bottom for word in numbers] == pytest.approx(places, abs=1)


def test_paper_and_anki_have_the_same_cards() -> None:
    """A removed label leaves a gap in the numbers of both."""
    first = build_diagrams(card(["biceps", "tuber", "semi"]))
    second = build_diagrams(card(["semi", "biceps"]), previous=first)
    (diagram,) = read_deck(["semi", "biceps"], second.lock).notes

    assert [card.name for card in cards(diagram)] == ["thigh", "thigh#3"]
