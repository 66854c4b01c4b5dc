"""The sheets as printed: where things lie, read back from the PDF, and what the file says of itself."""

import io
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from cardwright.collection.reference import Citation, Reference
from cardwright.formats.pdf.pages import TOPIC_COLOURS, strip_boxes
from cardwright.layout.card_geometry import card_geometry
from cardwright.layout.card_sizes import CARD_SIZES, CardSize
from cardwright.layout.geometry import Box, Flip
from cardwright.layout.imposition import PlacedCard
from cardwright.layout.plan import Plan
from tests.support.print_decks import Word, deck, note, page_words, pdf_text, render_sheets

each_preset = pytest.mark.parametrize("preset", CARD_SIZES, ids=lambda one: f"{one.sheet.name}-{one.name}")
CITATION = Citation(Reference("gray", "Anatomy", author="Gray", date="1918"), "Thigh")


def _named(page: list[Word]) -> dict[str, Word]:
    return {word.text: word for word in page if word.text.startswith("card-")}


@each_preset
def test_nothing_that_is_to_be_read_comes_near_a_cut(preset: CardSize, tmp_path: Path) -> None:
    """
    Cuts and backs stray by a millimetre or two; words of a card stay 5 mm inside its trim, and
    those in the margin outside all trims.
    """
    shape = card_geometry(Plan(preset))
    long = " ".join(["semimembranosus"] * int(shape.text_width * shape.text_height / 400))
    cards = [
        note(f"card-{number}", long, long, extra=long, hint="a hint", citations=[CITATION])
        for number in range(9)
    ]
    made = deck(cards, paper=preset.sheet.name, card=preset.name, mode="duplex")
    pages = list(page_words(render_sheets(made, tmp_path), vertical=True))

    for number, page in enumerate(pages):
        trims = [preset.grid.trim(slot) for slot in range(preset.grid.slots)]
        if number % 2:
            trims = [preset.sheet.mirrored(trim, Flip.LONG) for trim in trims]
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


def test_a_card_has_topic_name_question_answer_extra_citation_and_hint(tmp_path: Path) -> None:
    """All that a learner needs without the computer at hand."""
    card = note("femur", "Which bone?", "The femur", topic="Bones", extra="The longest.", hint="Long!",
                citations=[CITATION])  # fmt: skip
    front, back = (
        " ".join(word.text for word in page) for page in page_words(render_sheets(deck([card]), tmp_path))
    )

    assert all(part in front for part in ("Bones", "femur", "Which bone?"))
    assert "femur" not in front.replace("femur", "", 1)
    assert all(part in back for part in ("Bones", "femur", "The femur", "The longest.", CITATION.text))
    assert "hint" not in back
    assert "Long!" in pdf_text(render_sheets(deck([card]), tmp_path))


def test_the_margin_names_deck_sheet_and_side(tmp_path: Path) -> None:
    """A sheet that fell on the floor finds its place again."""
    cards = [note(f"card-{number}", "Question?") for number in range(9)]
    pages = [
        " ".join(word.text for word in page) for page in page_words(render_sheets(deck(cards), tmp_path))
    ]

    sides = ("sheet 1 of 2, front", "sheet 1 of 2, back", "sheet 2 of 2, front", "sheet 2 of 2, back")
    assert all(where in page and "Thigh" in page for where, page in zip(sides, pages, strict=True))


def test_cards_kept_off_paper_leave_no_gap(tmp_path: Path) -> None:
    """`print: false` takes a card out; the next one takes its place."""
    cards = [note("card-1", "Q?"), note("card-2", "Q?", printed=False), note("card-3", "Q?")]
    front, _ = page_words(render_sheets(deck(cards), tmp_path))

    assert list(_named(front)) == ["card-1", "card-3"]


def test_both_cards_of_a_note_are_printed(tmp_path: Path) -> None:
    """The reversed one is a card of its own, with a name of its own."""
    front, _ = page_words(render_sheets(deck([note("card-1", "Q?", reverse="R?")]), tmp_path))

    assert list(_named(front)) == ["card-1", "card-1#2"]


def test_equal_decks_give_equal_bytes(tmp_path: Path) -> None:
    """Committed sheets change only when their cards do."""
    made = deck([note(f"card-{number}", "Question? " * (number % 9 + 1)) for number in range(40)])

    assert render_sheets(made, tmp_path / "one") == render_sheets(made, tmp_path / "two")


def test_the_printer_is_asked_to_keep_the_size_and_turn_the_long_edge(tmp_path: Path) -> None:
    """The cheapest cure for sheets printed at 97 % or upside down. The file has to stay whole for it."""
    with pikepdf.open(io.BytesIO(render_sheets(deck([note("card-1", "Q?")]), tmp_path))) as pdf:
        wishes = pdf.Root.ViewerPreferences

        assert wishes.PrintScaling == "/None"
        assert wishes.Duplex == "/DuplexFlipLongEdge"
        assert bool(wishes.PickTrayByPDFSize)
        assert pdf.check_pdf_syntax() == []


def test_the_file_says_what_it_is_and_has_a_heading_for_every_card(tmp_path: Path) -> None:
    """
    Title, language, author and structure are what a screen reader has of it; topics and names its bookmarks.
    """
    cards = [note(f"card-{number}", "Q?", topic="Hip" if number < 2 else "Knee") for number in range(3)]
    with pikepdf.open(io.BytesIO(render_sheets(deck(cards, language="pt-BR"), tmp_path))) as pdf:
        assert str(pdf.Root.Lang) == "pt-BR"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.docinfo["/Title"]) == "Thigh"
        assert str(pdf.docinfo["/Author"]) == "A. Author"
        assert b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()

        kinds = [str(one.S) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
        assert kinds.count("/H2") == 2 * len(cards)
        with pdf.open_outline() as outline:
            assert [(topic.title, [card.title for card in topic.children]) for topic in outline.root] == [
                ("Hip", ["card-0", "card-1"]),
                ("Knee", ["card-2"]),
            ]


def test_topics_have_colours_that_grey_printers_keep_apart() -> None:
    """Lightness is all that is left of a colour there. When colours run out, a cut strip tells them apart."""
    lightness = sorted(_lightness(colour) for colour in TOPIC_COLOURS)
    assert all(lighter - darker >= 7 for darker, lighter in pairwise(lightness))

    edge = PlacedCard(0, is_front=True, trim=Box(9, 9.5, 95, 68))
    shape = card_geometry(Plan(CARD_SIZES[0]))
    shown = [tuple(strip_boxes(edge, shape, topic)) for topic in range(3 * len(TOPIC_COLOURS))]
    assert len(set(shown)) == len(shown)


def _lightness(colour: str) -> float:
    """L* of CIELAB. Source: IEC 61966-2-1 for sRGB, CIE 15 for L*; the linear parts near black left out."""
    red, green, blue = (((int(colour[at : at + 2], 16) / 255 + 0.055) / 1.055) ** 2.4 for at in (1, 3, 5))
    return float(116 * (0.2126 * red + 0.7152 * green + 0.0722 * blue) ** (1 / 3) - 16)
