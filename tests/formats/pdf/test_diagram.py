"""Diagrams on paper: masks where they belong, legible without colour, and every name told."""

import io
from itertools import groupby

import pikepdf
import pypdfium2
import pytest

from cardwright.collection.card import cards
from cardwright.diagnostics.report import Report
from cardwright.pipeline.load import load_decks
from tests.support.diagram_decks import MEDIA, PLACES, built, card
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.print_decks import pdf_text
from tests.support.running_text import LAYOUTS, TextLayout, lay_out

# What the picture of the tests is filled with, and what masks are, in grey of 255.
OPEN, HIDDEN, ASKED = 238, 224, 38
# Within the masks, beside their signs; in percent of the picture.
SPOTS = {"biceps": (8, 18), "tuber": (66, 15), "calf": (63, 58)}


def sheet(**more: object) -> bytes:
    return built(card(list(SPOTS), **more), outputs=("pdf",))[0]["leg.pdf"]


def greys(pdf: bytes, page: int) -> list[dict[str, int]]:
    """Of the pictures in the top row of a page from left to right, how bright they are at each label."""
    picture = pypdfium2.PdfDocument(pdf)[page].render(scale=3).to_pil().convert("L")
    top = picture.crop((0, 0, picture.width, picture.height // 4))
    pixels = top.load()
    assert pixels is not None
    across = [x for x in range(top.width) if sum(pixels[x, y] == OPEN for y in range(top.height)) > 20]
    found = []
    for _, run in groupby(enumerate(across), key=lambda one: one[1] - one[0]):
        columns = [x for _, x in run]
        left, right = columns[0], columns[-1]
        rows = [y for y in range(top.height) if pixels[left + 2, y] == OPEN]
        high = rows[-1] - rows[0]
        spots = {
            label: (left + x * (right - left) // 100, rows[0] + y * high // 100)
            for label, (x, y) in SPOTS.items()
        }
        found.append({label: int(pixels[spot]) for label, spot in spots.items()})
    return found


def test_the_asked_mask_is_dark_and_the_others_are_light() -> None:
    """Whoever prints in grey sees at once which part is asked for, and nothing of any."""
    first, second = greys(sheet(), 0)

    assert first == {"biceps": ASKED, "tuber": HIDDEN, "calf": HIDDEN}
    assert second == {"biceps": HIDDEN, "tuber": ASKED, "calf": HIDDEN}


def test_hide_one_leaves_the_others_to_be_seen() -> None:
    """They help to find one's way."""
    first, _ = greys(sheet(hide="one"), 0)

    assert first == {"biceps": ASKED, "tuber": OPEN, "calf": OPEN}


def test_the_back_uncovers_what_was_asked() -> None:
    """And, as in Anki, keeps the other masks, which other cards ask for. Backs are mirrored in their row."""
    second, first = greys(sheet(), 1)

    assert first == {"biceps": OPEN, "tuber": HIDDEN, "calf": HIDDEN}
    assert second == {"biceps": HIDDEN, "tuber": OPEN, "calf": HIDDEN}


def test_every_name_is_told_once_on_a_card() -> None:
    """On its back, beside what is said of the diagram as a whole."""
    read = pdf_text(sheet(extra="Seen from behind."))

    for label in SPOTS:
        assert read.count(PLACES[label]["name"]) == 1
    assert read.count("Seen from behind.") == 3


def test_a_screen_reader_hears_what_the_picture_shows_and_that_it_asks() -> None:
    """Masks are drawn, so they are told in the picture's own words."""
    with pikepdf.open(io.BytesIO(sheet())) as pdf:
        told = [
            str(one["/Alt"])
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and "/Alt" in one and one.get("/S") == "/Figure"
        ]

    assert sorted(told) == ["The back of a thigh"] * 3 + ["The back of a thigh (?)"] * 3


@pytest.mark.parametrize("kind", LAYOUTS)
def test_pages_of_text_number_the_labels_and_lose_no_name(
    kind: TextLayout, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A list, a quiz and a summary show the picture once, and all of its names."""
    source = f"deck: Leg\nid: leg\ncards: [{card(list(SPOTS))}]".replace("'", '"')
    (loaded,) = load_decks(deck_files({"leg/deck.yaml": source}), FakeEnvironment(MEDIA), Report())
    (drawn,) = lay_out(kind, loaded.deck, tmp_path_factory.mktemp("stage")).draw()
    read = pdf_text(drawn.data)

    for number, label in enumerate(SPOTS, start=1):
        assert read.count(PLACES[label]["name"]) == 1
        assert str(number) in read


def test_paper_and_anki_have_the_same_cards() -> None:
    """A label that was taken out leaves a gap in the numbers of both."""
    first, _ = built(card(["biceps", "tuber", "semi"]))
    second, _ = built(card(["semi", "biceps"]), before=first)
    source = f"deck: Leg\nid: leg\ncards: [{card(['semi', 'biceps'])}]".replace("'", '"')
    files = deck_files({"leg/deck.yaml": source}, second["deck.lock"])
    (loaded,) = load_decks(files, FakeEnvironment(MEDIA), Report())

    assert [one.name for one in cards(loaded.deck.notes[0])] == ["thigh", "thigh#3"]
