"""Type that suits its card: sizes, places to divide words, and sheets that run leftward or are grey."""

import io
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.collection.content import BulletList, Content, Image, MediaFile, Paragraph, Text
from cardwright.diagnostics.report import Report
from cardwright.formats.pdf.fit import TightSide
from cardwright.formats.pdf.pages import TOPIC_GREYS, strip_boxes
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.pdf.words import is_right_to_left
from cardwright.layout.card_geometry import CardGeometry, card_geometry, font_sizes
from cardwright.layout.card_sizes import CARD_SIZES, CardSize, Material
from cardwright.layout.geometry import Box
from cardwright.layout.imposition import PlacedCard
from cardwright.layout.plan import UNPRINTABLE, Plan
from tests.support.print_decks import (
    AssetFolder,
    Word,
    deck,
    lay_out_cards,
    layout_errors,
    note,
    page_words,
    pdf_text,
    render_sheets,
)

each_preset = pytest.mark.parametrize("preset", CARD_SIZES, ids=lambda one: f"{one.sheet.name}-{one.name}")
LONG = "Hinteroberschenkelmuskulatur"


def _preset(name: str) -> CardSize:
    return next(preset for preset in CARD_SIZES if preset.name == name)


def _card(width: float, height: float) -> CardGeometry:
    return CardGeometry(width, height, bleed=0, blank_x=0, blank_y=0, strip_width=2, padding_x=5, padding_y=5)


def test_the_usual_card_keeps_its_sizes() -> None:
    """Sheets that were printed before look as those that are printed now."""
    found = font_sizes(card_geometry(Plan(_preset("a7-safe"))))

    assert (found.question, found.answer, found.extra, found.small) == (14.5, 14, 10, 7)
    assert found.min_scale == pytest.approx(0.6)


def test_type_strip_and_white_grow_with_the_card() -> None:
    """An A5 card with the type of an A7 card looks empty, and an A8 card with it holds four words."""
    shapes = [card_geometry(Plan(_preset(name))) for name in ("a8", "a7", "a6", "a5")]
    found = [font_sizes(shape) for shape in shapes]

    assert [one.question for one in found] == sorted({one.question for one in found})
    assert [shape.strip_width for shape in shapes] == sorted({shape.strip_width for shape in shapes})
    assert found[0].question < 12
    assert found[-1].question > 20


@each_preset
def test_text_keeps_off_every_cut_and_off_the_edge_of_the_paper(preset: CardSize) -> None:
    """
    5 mm from each trim, what no printer inks where the trim is the paper's edge, and clear of the strip.
    """
    shape = card_geometry(Plan(preset))

    assert min(shape.padding_x, shape.padding_y) >= 5
    assert shape.padding_x + preset.margin_x >= UNPRINTABLE
    assert shape.padding_y + preset.margin_y >= UNPRINTABLE
    assert shape.padding_x >= shape.blank_x + shape.strip_width + 2
    assert font_sizes(shape).question * 25.4 / 72 * 8 <= shape.text_width


@given(st.floats(30, 600), st.floats(30, 600), st.floats(0.5, 2))
def test_no_type_is_ever_smaller_than_can_be_read(width: float, height: float, scale: float) -> None:
    """
    Whatever the card and the wish, 7 pt is the least; and large type may shrink as far as on a usual card.
    """
    found = font_sizes(_card(width, height), scale)

    assert min(found.question, found.answer, found.extra, found.small, found.hint) >= 7
    assert found.answer * found.min_scale <= 8.4 + 1e-9


def test_type_is_scaled_on_request(tmp_path: Path) -> None:
    """For readers who want it larger."""
    usual, large = (
        _height(render_sheets(deck([note("card-1", "words")], scale_font=scale), tmp_path), "words")
        for scale in ("1", "1.5")
    )

    assert large == pytest.approx(1.5 * usual, rel=0.01)


def _height(pdf: bytes, word: str) -> float:
    return max(one.bottom - one.top for page in page_words(pdf) for one in page if one.text == word)


def test_long_words_are_divided_in_narrow_columns_alone(tmp_path: Path) -> None:
    """As the deck's language does it; where there is room a word is known best undivided."""
    card = note("card-1", f"Was ist {LONG}?")
    wide, narrow = (
        pdf_text(render_sheets(deck([card], language="de", card=name), tmp_path))
        for name in ("a7-safe", "a8")
    )

    assert LONG in wide
    assert LONG not in narrow
    assert LONG in narrow.replace("-\n", "").replace("\u00ad\n", "").replace("\u00ad", "")


def test_words_that_no_language_divides_are_made_smaller_until_they_fit(tmp_path: Path) -> None:
    """Capitals on a small card would stick out of it, where measuring heights does not see them."""
    shape, preset = card_geometry(Plan(_preset("mini-euro"))), _preset("mini-euro")
    front, _ = page_words(render_sheets(deck([note("card-1", "WWWWWWWWWWWW")], card="mini-euro"), tmp_path))
    word = next(one for one in front if one.text.startswith("WW"))

    assert word.right - word.left <= shape.text_width + 0.01
    assert word.left >= preset.grid.left + shape.padding_x - 0.01


def test_a_paragraph_does_not_end_in_a_single_word(tmp_path: Path) -> None:
    """A lone word below a question looks forgotten; the line before gives it company."""
    question = "Which tissue ties the hamstrings to bone?"
    front, _ = page_words(render_sheets(deck([note("card-1", question, topic="T")], card="a8"), tmp_path))
    asked = [word for word in front if word.text in question.split()]
    last = max(word.top for word in asked)

    assert [word.text for word in asked if word.top == last] == ["to", "bone?"]


@pytest.mark.parametrize(
    ("language", "leftward"),
    [
        ("ar", True), ("he", True), ("fa-IR", True), ("ur", True), ("ug", True), ("ckb", True), ("yi", True),
        ("en", False), ("pa", False), ("pa-Arab", True), ("az-Arab-IR", True), ("ks-Deva", False),
        ("sd-Deva-IN", False), ("und", False), ("", False),
    ],
)  # fmt: skip
def test_languages_run_as_their_scripts_do(language: str, *, leftward: bool) -> None:
    """Punjabi is written in two scripts, and a deck says which."""
    assert is_right_to_left(language) is leftward


def test_a_hebrew_deck_is_mirrored(tmp_path: Path) -> None:
    """Topic at the right, name at the left, the deck's name where reading begins, citations too."""
    card = note("card-1", "מהו שריר?", topic="TOPIC")
    rightward, leftward = (
        _places(next(page_words(render_sheets(deck([card], language=language), tmp_path))))
        for language in ("en", "he")
    )

    assert rightward["TOPIC"].left < rightward["card-1"].left
    assert leftward["card-1"].left < leftward["TOPIC"].left
    assert leftward["sheet"].left < leftward["Thigh"].left


def _places(page: list[Word]) -> dict[str, Word]:
    return {word.text: word for word in page}


def test_the_strip_of_a_leftward_deck_is_at_the_right_of_its_questions() -> None:
    """A pile shows it at the edge where its readers begin, and its backs at the same edge of the card."""
    shape = card_geometry(Plan(_preset("mini-euro")))
    trim = Box(10, 10, shape.width, shape.height)
    front, back = (
        PlacedCard(0, is_front=True, trim=trim),
        PlacedCard(0, is_front=False, trim=trim, strip_on_right=True),
    )

    ((on_front, _),) = strip_boxes(front, shape, 0, right_to_left=True)
    ((on_back, _),) = strip_boxes(back, shape, 0, right_to_left=True)
    assert on_front.right == pytest.approx(trim.right)
    assert on_back.x == pytest.approx(trim.x)


def test_folded_cards_of_a_leftward_deck_have_the_question_at_the_right(tmp_path: Path) -> None:
    """So that their strip is not the fold."""
    made = deck([note("card-1", "Question", "Answer")], language="ar", mode="fold")
    (page,) = page_words(render_sheets(made, tmp_path))
    found = _places(page)

    assert found["Answer"].right < 105 < found["Question"].left


def test_a_grey_sheet_has_no_colour(tmp_path: Path) -> None:
    """A colour printer mixes three inks for a grey that is written as red, green and blue."""
    cards = [note(f"card-{number}", "Q?", topic=f"Topic {number}") for number in range(2 * len(TOPIC_GREYS))]
    with pikepdf.open(io.BytesIO(render_sheets(deck(cards, grey="true"), tmp_path))) as pdf:
        drawn = [
            [str(value) for value in part.operands if not isinstance(value, pikepdf.Name)]
            for page in pdf.pages
            for part in pikepdf.parse_content_stream(page)
            if str(part.operator).lower() in ("g", "rg", "k", "sc", "scn")
        ]

    assert drawn
    assert all(len(set(values)) == 1 for values in drawn)


def test_greys_and_cuts_tell_many_topics_apart() -> None:
    """Four greys that no printer confuses, then the same with the strip in two pieces, in three."""
    shape = card_geometry(Plan(CARD_SIZES[0]))
    edge = PlacedCard(0, is_front=True, trim=Box(9, 9.5, 95, 68))
    shown = {
        tuple(strip_boxes(edge, shape, topic, palette=TOPIC_GREYS)) for topic in range(5 * len(TOPIC_GREYS))
    }

    assert len(shown) == 5 * len(TOPIC_GREYS)
    assert min(abs(one - other) for one in TOPIC_GREYS for other in TOPIC_GREYS if one != other) >= 15


def test_bookmarks_are_plain(tmp_path: Path) -> None:
    """
    Places to break a long name are for the eye on paper; a reader's list of bookmarks shows them as boxes.
    """
    name = "semimembranosus/innervation/where-from-exactly"
    made = io.BytesIO(render_sheets(deck([note(name, "Q?", topic=name)]), tmp_path))
    with pikepdf.open(made) as pdf, pdf.open_outline() as outline:
        (topic,) = outline.root

    assert topic.title == name
    assert [card.title for card in topic.children] == [name]


@pytest.mark.parametrize("name", ["a7-safe", "mini-euro", "poker", "avery-5371", "index-3x5"])
def test_names_stand_beside_their_cards_in_the_margin(name: str, tmp_path: Path) -> None:
    """
    In the half of the sheet where the card is, at its height, outside all cards, on both sides of the paper.
    """
    preset = _preset(name)
    grid, sheet = preset.grid, preset.sheet
    cards = [note(f"card-{number}", "Q?", topic="T") for number in range(grid.slots)]
    pages = list(page_words(render_sheets(deck(cards, card=name, paper=sheet.name), tmp_path), turned=True))

    for page, turned in zip(pages, (False, True), strict=True):
        trims = [grid.trim(slot) for slot in range(grid.slots)]
        trims = [
            Box(sheet.width - trim.right, trim.y, trim.width, trim.height) if turned else trim
            for trim in trims
        ]
        outside = [word for word in page if word.right <= grid.bounds.x or word.left >= grid.bounds.right]
        found = {word.text: word for word in outside if word.text.startswith("card-")}
        assert len(found) == grid.slots
        for number, trim in enumerate(trims):
            word = found[f"card-{number}"]
            assert trim.y <= word.top
            assert word.bottom <= trim.bottom
            middle = trim.x + trim.width / 2
            assert (word.left < sheet.width / 2) == (middle <= sheet.width / 2 + 0.1)


def test_what_stands_in_the_margin_is_passed_over_by_screen_readers(tmp_path: Path) -> None:
    """
    Names, rulers and strips are no part of a card; what stands on a card has its place in the structure.
    """
    with pikepdf.open(io.BytesIO(render_sheets(deck([note("card-1", "Q?")]), tmp_path))) as pdf:
        inside: list[str] = []
        shown = {"/Artifact": 0, "other": 0}
        for part in pikepdf.parse_content_stream(pdf.pages[0]):
            if str(part.operator) in ("BMC", "BDC"):
                inside.append(str(part.operands[0]))
            elif str(part.operator) == "EMC":
                inside.pop()
            elif str(part.operator) in ("Tj", "TJ", "f", "S"):
                assert inside, "neither an artifact nor a part of the structure"
                shown["/Artifact" if "/Artifact" in inside else "other"] += 1

    assert shown["other"] == len(("topic", "name", "question"))
    assert shown["/Artifact"] > len(("deck", "sheet", "ruler", "name", "strip"))


@pytest.mark.parametrize("name", ["a7", "a8", "a6"])
def test_sheets_without_a_margin_have_names_on_their_cards_alone(name: str, tmp_path: Path) -> None:
    """There is no waste to write them in."""
    front, _ = page_words(render_sheets(deck([note("card-1", "Q?")], card=name), tmp_path), turned=True)

    assert [word.text for word in front].count("card-1") == 1


def _laid_out(notes: list[object], folder: Path) -> list[TightSide]:
    layout = lay_out_cards(deck(notes), RenderContext(AssetFolder(str(folder))), Report())  # type: ignore[arg-type]
    assert layout is not None
    return list(layout.tightest)


def test_the_tightest_cards_come_first(tmp_path: Path) -> None:
    """What had to shrink before what did not, each card once, by the side that is tighter, ten at most."""
    cards: list[object] = [note(f"card-{number}", "Question?") for number in range(20)]
    cards += [
        note("long", "Q?", "words " * 90),
        note("longer", "words " * 110, "Answer"),
        note("some", "words " * 20),
    ]
    found = _laid_out(cards, tmp_path)

    assert [(one.card_name, one.side) for one in found[:3]] == [
        ("longer", "front"),
        ("long", "back"),
        ("some", "front"),
    ]
    assert len(found) == 10
    assert len({one.card_name for one in found}) == 10
    assert found[0].scale < found[1].scale < found[2].scale == 1
    assert all(one.needed <= one.available for one in found)
    assert found[2].font_size == 14.5


def test_a_wide_word_is_tight_across(tmp_path: Path) -> None:
    """What it needs and has is told in the direction that counts."""
    wide: Content = (BulletList(((Paragraph((Text("W" * 24),)),),)),)
    (found,) = _laid_out([note("wide", wide)], tmp_path)

    assert found.is_width
    assert found.available == pytest.approx(81)


def test_the_advice_on_a_card_with_pictures_names_them(tmp_path: Path) -> None:
    """They take most of the room on a card that has none left."""
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 90"><circle cx="45" cy="45" r="40"/></svg>'
    )
    shown = Paragraph((Image(MediaFile("a.svg", "media/a.svg", svg), "a"),))
    pictures: Content = (shown,) * 9
    found = list(layout_errors(deck([note("drawn", pictures), note("told", "words " * 900)]), tmp_path))

    assert ["leave out a picture" in one.help for one in found] == [True, False]


@each_preset
def test_a_deck_of_usual_cards_fits_every_preset(preset: CardSize, tmp_path: Path) -> None:
    """A question of a line or two, an answer, an explanation and a source are what cards are made of."""
    card = note(
        "hamstrings/where", "On which side of the thigh do the hamstrings lie?", "At the back",
        extra="They begin at the sit bone and end below the knee.", hint="Not in front.",
    )  # fmt: skip
    mode = "single" if preset.material is Material.STICKERS else "duplex"

    assert render_sheets(deck([card], paper=preset.sheet.name, card=preset.name, mode=mode), tmp_path)
