"""The sheets as printed: where things lie, read back from the PDF, and what the file says of itself."""

import io
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pikepdf
import pytest

from cardwright.formats.pdf.pages import TOPIC_COLOURS, strip_boxes
from cardwright.layout.card_geometry import card_geometry
from cardwright.layout.card_sizes import CARD_SIZES, CardSize
from cardwright.layout.geometry import Box, Flip
from cardwright.layout.imposition import PlacedCard
from cardwright.layout.plan import Plan
from tests.support.print_decks import (
    CITATION,
    Word,
    bookmarks,
    deck,
    each_card_size,
    note,
    page_texts,
    page_words,
    pdf_text,
    render_sheets,
    structure_types,
)


def card_names(page: list[Word]) -> set[str]:
    return {word.text for word in page if word.text.startswith("card-")}


@each_card_size
def test_no_text_comes_near_a_cut(card_size: CardSize, tmp_path: Path) -> None:
    """Text of a card stays 5 mm inside its trim, since cuts are inexact; captions are outside all trims."""
    geometry = card_geometry(Plan(card_size))
    long = " ".join(["semimembranosus"] * int(geometry.text_width * geometry.text_height / 400))
    cards = [
        note(f"card-{number}", long, long, extra=long, hint="a hint", citations=[CITATION])
        for number in range(9)
    ]
    the_deck = deck(cards, paper=card_size.sheet.name, card=card_size.name, mode="duplex")
    pages = list(page_words(render_sheets(the_deck, tmp_path), vertical=True))

    for number, page in enumerate(pages):
        trims = [card_size.grid.trim(slot) for slot in range(card_size.grid.slots)]
        if number % 2:
            trims = [card_size.sheet.mirrored(trim, Flip.LONG) for trim in trims]
        for word in page:
            inside = [
                trim.x + 4.99 <= word.left and word.right <= trim.right - 4.99 and
                trim.y + 4.9 <= word.top and word.bottom <= trim.bottom - 4.9
                for trim in trims
            ]  # fmt: skip
            outside = [
                word.right <= trim.x
                or trim.right <= word.left
                or word.bottom <= trim.y
                or trim.bottom <= word.top
                for trim in trims
            ]
            assert any(inside) or all(outside), word


def test_a_card_has_topic_number_question_answer_name_extra_citation_and_hint(tmp_path: Path) -> None:
    card = note("femur", "Which bone?", "The femur", topic="Bones", extra="The longest.", hint="Long!",
                citations=[CITATION])  # fmt: skip
    pdf = render_sheets(deck([card]), tmp_path)
    front, back = page_texts(pdf)

    assert all(part in front for part in ("Bones", "1", "Which bone?"))
    assert "femur" not in front
    assert all(part in back for part in ("Bones", "femur", "The femur", "The longest.", CITATION.text))
    assert "hint" not in back
    assert "Long!" in pdf_text(pdf)


def test_captions_name_deck_sheet_and_side(tmp_path: Path) -> None:
    """A sheet that fell on the floor finds its place again."""
    cards = [note(f"card-{number}", "Question?") for number in range(9)]
    pages = page_texts(render_sheets(deck(cards), tmp_path))

    sides = ("sheet 1 of 2, front", "sheet 1 of 2, back", "sheet 2 of 2, front", "sheet 2 of 2, back")
    assert all(where in page and "Thigh" in page for where, page in zip(sides, pages, strict=True))


def test_cards_kept_off_paper_leave_no_gap(tmp_path: Path) -> None:
    cards = [note("card-1", "Q?"), note("card-2", "Q?", printed=False), note("card-3", "Q?")]
    front, back = page_words(render_sheets(deck(cards), tmp_path))

    assert [word.text for word in front].count("Q?") == 2
    assert card_names(back) == {"card-1", "card-3"}


def test_both_cards_of_a_note_are_printed(tmp_path: Path) -> None:
    """The reversed card has a name of its own."""
    _, back = page_words(render_sheets(deck([note("card-1", "Q?", reverse="R?")]), tmp_path))

    assert card_names(back) == {"card-1", "card-1#2"}


def test_equal_decks_give_equal_bytes(tmp_path: Path) -> None:
    """Committed sheets change only when their cards do."""
    the_deck = deck([note(f"card-{number}", "Question? " * (number % 9 + 1)) for number in range(40)])

    assert render_sheets(the_deck, tmp_path / "one") == render_sheets(the_deck, tmp_path / "two")


def test_the_file_has_metadata_and_a_heading_for_every_card(tmp_path: Path) -> None:
    """Screen readers need title, language, author and structure; topics and questions are its bookmarks."""
    cards = [note(f"card-{number}", "Q?", topic="Hip" if number < 2 else "Knee") for number in range(3)]
    pdf = render_sheets(deck(cards, language="pt-BR"), tmp_path)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert str(file.Root.Lang) == "pt-BR"
        assert bool(file.Root.MarkInfo.Marked)
        assert str(file.docinfo["/Title"]) == "Thigh"
        assert str(file.docinfo["/Author"]) == "A. Author"
        assert b"pdfuaid:part" in file.Root.Metadata.read_bytes()

    assert structure_types(pdf).count("/H2") == 2 * len(cards)
    assert bookmarks(pdf) == [("Hip", ["1 Q?", "2 Q?"]), ("Knee", ["3 Q?"])]


def test_topics_differ_in_lightness_or_in_the_gaps_of_their_strips() -> None:
    """Lightness is all that is left of a colour on a grey printer."""
    lightness = sorted(lightness_of(colour) for colour in TOPIC_COLOURS)
    assert all(lighter - darker >= 7 for darker, lighter in pairwise(lightness))

    edge = PlacedCard(0, is_front=True, trim=Box(9, 9.5, 95, 68))
    geometry = card_geometry(Plan(CARD_SIZES[0]))
    strips = [tuple(strip_boxes(edge, geometry, topic)) for topic in range(3 * len(TOPIC_COLOURS))]
    assert len(set(strips)) == len(strips)


def test_the_strips_of_very_many_topics_stay_on_the_card() -> None:
    trim = Box(9, 9.5, 95, 68)
    edge, geometry = PlacedCard(0, is_front=True, trim=trim), card_geometry(Plan(CARD_SIZES[0]))
    for topic in range(1000):
        boxes = sorted((box for box, _ in strip_boxes(edge, geometry, topic)), key=lambda box: box.y)
        assert all(box.height >= 2 for box in boxes)
        assert all(upper.bottom <= lower.y - 1 for upper, lower in pairwise(boxes))
        assert boxes[-1].bottom - boxes[0].y == pytest.approx(trim.height, abs=5)


def test_a_gap_in_a_strip_has_a_square_in_its_middle() -> None:
    """So that it doesn't look like a fault of the printer."""
    edge = PlacedCard(0, is_front=True, trim=Box(9, 9.5, 95, 68))
    boxes = [box for box, _ in strip_boxes(edge, card_geometry(Plan(CARD_SIZES[0])), 2 * len(TOPIC_COLOURS))]
    first, square, second, *_ = sorted(boxes, key=lambda box: box.y)

    assert len(boxes) == 5
    assert square.height == pytest.approx(2)
    assert square.y - first.bottom == pytest.approx(second.y - square.bottom) == pytest.approx(2)


def test_every_card_has_the_colour_and_the_name_of_its_topic(tmp_path: Path) -> None:
    """Also a card between others of another topic."""
    topics = ["Bones", "Joints", "Bones", "Muscles", "Joints"]
    cards = [note(f"card-{number}", "Q?", topic=topic) for number, topic in enumerate(topics)]
    pdf = render_sheets(deck(cards), tmp_path)

    with pdfplumber.open(io.BytesIO(pdf)) as file:
        page = file.pages[0]
        strips = sorted(page.rects, key=lambda rect: (round(rect["top"]), rect["x0"]))
        colours = [
            "#" + "".join(f"{round(255 * part):02x}" for part in rect["non_stroking_color"])
            for rect in strips
        ]
        words = [word["text"] for word in page.extract_words()]
    assert colours == [TOPIC_COLOURS[sorted(set(topics)).index(topic)] for topic in topics]
    assert [word for word in words if word in topics] == topics


def lightness_of(colour: str) -> float:
    """L* of CIELAB. Source: IEC 61966-2-1 for sRGB, CIE 15 for L*; the linear parts near black left out."""
    red, green, blue = (((int(colour[at : at + 2], 16) / 255 + 0.055) / 1.055) ** 2.4 for at in (1, 3, 5))
    return float(116 * (0.2126 * red + 0.7152 * green + 0.0722 * blue) ** (1 / 3) - 16)
