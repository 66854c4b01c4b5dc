"""A picture at the end of `extra` on paper: as large as the answer, its text and citations leave room for."""

import io
from pathlib import Path

import pikepdf
import pytest

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Report, Severity
from cardwright.pipeline.load import load_decks
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.print_decks import layout_report, page_texts, render_sheets
from tests.support.printed_text import Area, areas

GREEN = (0.0, 0.6, 0.4)
LETTERS = '<text x="20" y="60" font-size="{size}">Femur</text>'
ONE_CARD = "card: {size: [95, 68], columns: 1, rows: 1, paper: a4}"
POINT = 72 / 25.4


def leg_deck(cards: str, *, print_: str = ONE_CARD, letters: str = LETTERS.format(size=29)) -> Deck:
    """Read a deck with the picture `leg.svg`, a green rectangle with some letters."""
    leg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="520" viewBox="0 0 800 520">'
        f'<rect width="800" height="520" fill="#009966"/>{letters}</svg>'
    )
    header = f"deck: Leg\nid: leg\nsources: {{gray: {{title: Anatomy, author: Gray}}}}\nprint: {{{print_}}}\n"
    report = Report()
    environment = FakeEnvironment({"cards_source/leg/media/leg.svg": leg.encode()})
    (loaded,) = load_decks(deck_files({"leg/deck.yaml": f"{header}cards:\n{cards}"}), environment, report)
    assert [diagnostic.message for diagnostic in report if diagnostic.severity is Severity.ERROR] == []
    return loaded.deck


def card(
    answer: str = "Femur", text: str = "", name: str = "leg", picture: str = "![A leg](media/leg.svg)"
) -> str:
    paragraphs = [paragraph for paragraph in (text, picture) if paragraph]
    extra = "\\n\\n".join(paragraphs)
    return f'  - {{id: {name}, q: Which bone?, a: "{answer}", extra: "{extra}", source: gray}}\n'


def picture_on(pdf: bytes, page: int = 1) -> Area:
    (picture,) = (area for area in areas(pdf, page) if area.colour == pytest.approx(GREEN, abs=0.01))
    return picture


def width_of(cards: str, folder: Path) -> float:
    picture = picture_on(render_sheets(leg_deck(cards), folder))
    return (picture.right - picture.left) / POINT


def test_the_picture_takes_what_the_answer_leaves(tmp_path: Path) -> None:
    """Its letters of 29 units are no smaller than 5 pt beside an answer and a sentence."""
    widths = [
        width_of(card(), tmp_path / "alone"),
        width_of(card(text="It is the longest of all."), tmp_path / "sentence"),
        width_of(card(answer="The femur, which is the longest bone of the body"), tmp_path / "two lines"),
        width_of(card(text="It is the longest of all bones, and no other bears as much."), tmp_path / "four"),
    ]

    assert widths[0] == max(widths) > 60
    assert min(widths) >= 5 / POINT / 29 * 800 - 0.1


def test_the_picture_is_no_larger_than_the_card_or_itself(tmp_path: Path) -> None:
    wide = "card: {size: [60, 200], columns: 1, rows: 1, paper: a4}"
    picture = picture_on(render_sheets(leg_deck(card(), print_=wide), tmp_path / "wide"))
    assert (picture.right - picture.left) / POINT <= 60 - 2 * 5

    large = "card: {size: [190, 260], columns: 1, rows: 1, paper: a4}"
    picture = picture_on(render_sheets(leg_deck(card(), print_=large), tmp_path / "large"))
    assert (picture.right - picture.left) <= 600 + 0.1


def test_the_author_chooses_the_width(tmp_path: Path) -> None:
    assert width_of(card(picture="![A leg](media/leg.svg){width=30%}"), tmp_path) == pytest.approx(25, abs=2)


def test_letters_that_become_too_small_are_told(tmp_path: Path) -> None:
    """A label to be learned is no smaller than 7 pt; what only illustrates an answer may have 5 pt."""

    def warnings(cards: str, size: int) -> list[str]:
        deck = leg_deck(cards, letters=LETTERS.format(size=size))
        return [diagnostic.message for diagnostic in layout_report(deck, tmp_path)]

    long = card(text="The longest bone of the body, and the strongest one, too. " * 5)
    assert warnings(card(), 29) == []
    (warning,) = warnings(long, 29)
    assert warning.startswith("the smallest text in `leg.svg` is 4.")
    assert warnings(long, 60) == []
    assert warnings(card(), 12) == ["the smallest text in `leg.svg` is 2.8 pt high on paper"]


def test_a_picture_never_pushes_the_answer_off_the_card(tmp_path: Path) -> None:
    """Long before, it is small, and the author is told."""
    long = card(answer="The femur is the longest bone of the body. " * 6)
    _, back = page_texts(render_sheets(leg_deck(long), tmp_path))

    assert back.count("longest") == 6
    assert "Gray, Anatomy" in back


@pytest.mark.parametrize(
    "kind",
    [
        'cloze: "It is the {{c1::femur}}."',
        "list: Which?, items: {a: Femur}",
        'table: {ask: {bone: "{row}?"}, rows: {a: {bone: Femur}}}',
    ],
    ids=["cloze", "list", "table"],
)
def test_cards_of_every_kind_have_it(kind: str, tmp_path: Path) -> None:
    assert width_of(f'  - {{id: leg, {kind}, extra: "![A leg](media/leg.svg)"}}\n', tmp_path) > 50


def test_a_picture_on_many_cards_is_once_in_the_file(tmp_path: Path) -> None:
    """Drawn line by line on each page, the pictures of a deck took three times as much as all else."""
    lines = "".join(f'<path d="M {n} {n * 7 % 520} L {n * 11 % 800} 9" stroke="black"/>' for n in range(3000))
    sizes = []
    for count in (2, 40):
        cards = "".join(card(name=f"leg-{number}") for number in range(count))
        pdf = render_sheets(leg_deck(cards, print_="card: a7-safe", letters=lines), tmp_path / str(count))
        sizes.append(len(pdf))
        with pikepdf.open(io.BytesIO(pdf)) as file:
            streams = [item for item in file.objects if isinstance(item, pikepdf.Stream)]
            large = [stream for stream in streams if len(stream.read_bytes()) > 40_000]
        assert len(large) == 1

    assert sizes[1] < 2.5 * sizes[0]
