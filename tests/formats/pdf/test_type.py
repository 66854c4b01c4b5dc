"""Font sizes, divided words, right-to-left and grey sheets, margins, and tight cards."""

import io
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.collection.content import BulletList, Content, Image, MediaFile, Paragraph, Text
from cardwright.formats.pdf.pages import TOPIC_GREYS, strip_boxes
from cardwright.formats.pdf.words import is_right_to_left
from cardwright.layout.card_geometry import CardGeometry, card_geometry, font_sizes
from cardwright.layout.card_sizes import CARD_SIZES, CardSize, Material, find_card_sizes
from cardwright.layout.geometry import Box
from cardwright.layout.imposition import PlacedCard
from cardwright.layout.plan import UNPRINTABLE, Plan
from cardwright.record import replace
from tests.support.print_decks import (
    bookmarks,
    by_text,
    deck,
    each_card_size,
    lay_out_cards,
    layout_errors,
    note,
    page_words,
    pdf_text,
    render_sheets,
)
from tests.support.running_text import deck_from_yaml

LONG = "Hinteroberschenkelmuskulatur"


def _card(width: float, height: float) -> CardGeometry:
    return CardGeometry(width, height, bleed=0, blank_x=0, blank_y=0, strip_width=2, padding_x=5, padding_y=5)


def test_the_default_card_keeps_its_font_sizes() -> None:
    """New sheets look like those printed before."""
    sizes = font_sizes(card_geometry(Plan(find_card_sizes("a7-safe")[0])))

    assert (sizes.question, sizes.answer, sizes.extra, sizes.small) == (14.5, 14.5, 10, 7)
    assert sizes.answer * sizes.min_scale == pytest.approx(8.4)


def test_font_sizes_and_strip_grow_with_the_card() -> None:
    """An A5 card with the type of an A7 card looks empty, and an A8 card would hold four words."""
    shapes = [card_geometry(Plan(find_card_sizes(name)[0])) for name in ("a8", "a7", "a6", "a5")]
    sizes = [font_sizes(shape) for shape in shapes]

    assert [font_size.question for font_size in sizes] == sorted({font_size.question for font_size in sizes})
    assert [shape.strip_width for shape in shapes] == sorted({shape.strip_width for shape in shapes})
    assert sizes[0].question < 12
    assert sizes[-1].question > 20


@each_card_size
def test_text_keeps_clear_of_cuts_edges_and_strip(card_size: CardSize) -> None:
    """5 mm from each trim, and clear of what printers can't print and of the strip."""
    shape = card_geometry(Plan(card_size))

    assert min(shape.padding_x, shape.padding_y) >= 5
    margin_x, margin_y = card_size.sheet.margins(card_size.grid.bounds)
    assert shape.padding_x + margin_x >= UNPRINTABLE
    assert shape.padding_y + margin_y >= UNPRINTABLE
    assert shape.padding_x >= shape.blank_x + shape.strip_width + 2
    assert font_sizes(shape).question * 25.4 / 72 * 8 <= shape.text_width


@given(st.floats(30, 600), st.floats(30, 600), st.floats(0.5, 2))
def test_no_type_is_smaller_than_7_pt(width: float, height: float, scale: float) -> None:
    """Whatever the card and the scale; type on a large card may shrink as far as on the default card."""
    sizes = font_sizes(_card(width, height), scale)

    assert min(sizes.question, sizes.answer, sizes.extra, sizes.small, sizes.hint) >= 7
    assert sizes.answer * sizes.min_scale <= 8.4 * max(1, scale) + 0.01


@given(st.floats(30, 600), st.floats(30, 600), st.floats(1, 2))
def test_larger_type_stays_larger_where_a_text_is_long(width: float, height: float, scale: float) -> None:
    """Who asked for it can't read the size to which long texts shrink otherwise."""
    usual, larger = font_sizes(_card(width, height)), font_sizes(_card(width, height), scale)

    assert larger.answer * larger.min_scale == pytest.approx(scale * usual.answer * usual.min_scale, abs=0.01)


def test_scale_font_scales_the_type(tmp_path: Path) -> None:
    usual, large = (
        _height(render_sheets(deck([note("card-1", "words")], scale_font=scale), tmp_path), "words")
        for scale in ("1", "1.5")
    )

    assert large == pytest.approx(1.5 * usual, rel=0.01)


def _height(pdf: bytes, word: str) -> float:
    return max(item.bottom - item.top for page in page_words(pdf) for item in page if item.text == word)


def test_long_words_are_divided_only_in_narrow_columns(tmp_path: Path) -> None:
    """As the deck's language does it; undivided words are easier to read."""
    card = note("card-1", f"Was ist {LONG}?")
    wide, narrow = (
        pdf_text(render_sheets(deck([card], language="de", card=name), tmp_path))
        for name in ("a7-safe", "a8")
    )

    assert LONG in wide
    assert LONG not in narrow
    assert LONG in narrow.replace("-\n", "").replace("\u00ad\n", "").replace("\u00ad", "")


def test_words_that_cannot_be_divided_are_made_smaller(tmp_path: Path) -> None:
    """Capitals would stick out of a small card, where measuring heights doesn't notice them."""
    shape, card_size = card_geometry(Plan(find_card_sizes("mini-euro")[0])), find_card_sizes("mini-euro")[0]
    front, _ = page_words(render_sheets(deck([note("card-1", "WWWWWWWWWWWW")], card="mini-euro"), tmp_path))
    word = next(item for item in front if item.text.startswith("WW"))

    assert word.right - word.left <= shape.text_width + 0.01
    assert word.left >= card_size.grid.left + shape.padding_x - 0.01


def test_a_paragraph_does_not_end_in_a_single_word(tmp_path: Path) -> None:
    """A single word below a question looks forgotten."""
    question = "Which tissue ties the hamstrings to bone?"
    front, _ = page_words(render_sheets(deck([note("card-1", question, topic="T")], card="a8"), tmp_path))
    asked = [word for word in front if word.text in question.split()]
    last = max(word.top for word in asked)

    assert [word.text for word in asked if word.top == last] == ["to", "bone?"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ar", True), ("he", True), ("fa-IR", True), ("ur", True), ("ug", True), ("ckb", True), ("yi", True),
        ("en", False), ("pa", False), ("pa-Arab", True), ("az-Arab-IR", True), ("ks-Deva", False),
        ("sd-Deva-IN", False), ("und", False), ("", False),
    ],
)  # fmt: skip
def test_a_script_decides_the_direction_of_a_language(language: str, *, expected: bool) -> None:
    """Punjabi is written in two scripts, and a deck says which."""
    assert is_right_to_left(language) is expected


def test_a_hebrew_deck_is_mirrored(tmp_path: Path) -> None:
    """The topic is at the right and the number at the left; the deck's name is where reading begins."""
    card = note("card-1", "מהו שריר?", topic="TOPIC")
    left_to_right, right_to_left = (
        [by_text(page) for page in page_words(render_sheets(deck([card], language=language), tmp_path))]
        for language in ("en", "he")
    )

    for page in left_to_right:
        assert page["TOPIC"].left < page["1"].left
    for page in right_to_left:
        assert page["1"].left < page["TOPIC"].left
    assert left_to_right[1]["TOPIC"].left < left_to_right[1]["card-1"].left < left_to_right[1]["1"].left
    assert right_to_left[1]["1"].left < right_to_left[1]["card-1"].left < right_to_left[1]["TOPIC"].left
    front = right_to_left[0]
    captions = [word for word in front.values() if word.top < front["TOPIC"].top - 3]
    assert len(captions) > 2
    assert max(captions, key=lambda word: word.left) is front["Thigh"]


def test_the_strip_of_a_right_to_left_deck_is_on_the_right() -> None:
    """A pile shows it at the edge where reading begins, and at the same edge of the backs."""
    shape = card_geometry(Plan(find_card_sizes("mini-euro")[0]))
    trim = Box(10, 10, shape.width, shape.height)
    front = PlacedCard(0, is_front=True, trim=trim)
    back = PlacedCard(0, is_front=False, trim=trim, strip_on_right=True)

    ((on_front, _),) = strip_boxes(front, shape, 0, right_to_left=True)
    ((on_back, _),) = strip_boxes(back, shape, 0, right_to_left=True)
    assert on_front.right == pytest.approx(trim.right)
    assert on_back.x == pytest.approx(trim.x)


def test_folded_right_to_left_cards_have_the_question_on_the_right(tmp_path: Path) -> None:
    """So that their strip is not on the fold."""
    folded_deck = deck([note("card-1", "Question", "Answer")], language="ar", mode="fold")
    (page,) = page_words(render_sheets(folded_deck, tmp_path))
    words = by_text(page)

    assert words["Answer"].right < 105 < words["Question"].left


def test_a_grey_sheet_has_no_colour(tmp_path: Path) -> None:
    """A colour printer mixes three inks for a grey that is written as red, green and blue."""
    cards = [note(f"card-{number}", "Q?", topic=f"Topic {number}") for number in range(2 * len(TOPIC_GREYS))]
    with pikepdf.open(io.BytesIO(render_sheets(deck(cards, grey="true"), tmp_path))) as pdf:
        colours = [
            [str(value) for value in part.operands if not isinstance(value, pikepdf.Name)]
            for page in pdf.pages
            for part in pikepdf.parse_content_stream(page)
            if str(part.operator).lower() in ("g", "rg", "k", "sc", "scn")
        ]

    assert colours
    assert all(len(set(values)) == 1 for values in colours)


def test_greys_and_divided_strips_distinguish_many_topics() -> None:
    """Four greys, then the same with the strip in two pieces, in three …"""
    shape = card_geometry(Plan(CARD_SIZES[0]))
    edge = PlacedCard(0, is_front=True, trim=Box(9, 9.5, 95, 68))
    strips = {
        tuple(strip_boxes(edge, shape, topic, palette=TOPIC_GREYS)) for topic in range(5 * len(TOPIC_GREYS))
    }

    assert len(strips) == 5 * len(TOPIC_GREYS)
    assert min(abs(a - b) for a in TOPIC_GREYS for b in TOPIC_GREYS if a != b) >= 15


def test_bookmarks_have_no_invisible_characters(tmp_path: Path) -> None:
    """The list of bookmarks would show places to break a long name as boxes."""
    name = "semimembranosus/innervation/where-from-exactly"
    the_deck = deck([note(name, f"{name}\u200b\u00ad?", topic=name)], mode="split")
    fronts, backs = lay_out_cards(the_deck, tmp_path).draw()

    assert bookmarks(fronts.data) == [(name, [f"1 {name}?"])]
    assert bookmarks(backs.data) == [(name, [f"1 {name}"])]


def test_a_bookmark_is_a_question_in_plain_text(tmp_path: Path) -> None:
    """Formulas, gaps and markup have no place there, and a long question no room."""
    text = (
        "cards:\n"
        "  - {id: sum, q: 'What is **the** sum \\(a + b\\)?', a: c}\n"
        "  - {id: nerve, cloze: 'The {{c1::sciatic}} nerve and the {{c2::tibial::which?}} nerve'}\n"
        f"  - {{id: long, q: '{'Why? ' * 30}', a: c}}\n"
        "  - {id: bones, list: Which bones?, items: {tibia: Tibia, fibula: Fibula}}\n"
    )
    ((_, titles),) = bookmarks(render_sheets(deck_from_yaml(text), tmp_path))

    assert titles[:3] == [
        "1 What is the sum a + b?",
        "2 The ____ nerve and the tibial nerve",
        "3 The sciatic nerve and the [which?] nerve",
    ]
    assert titles[3].startswith("4 Why? Why?")
    assert len(titles[3]) <= 62
    assert titles[4:] == ["5 Which bones? ____ Fibula", "6 Which bones? Tibia ____"]


@pytest.mark.parametrize("name", ["a7-safe", "mini-euro", "poker", "avery-5371", "index-3x5"])
def test_numbers_and_names_are_beside_their_cards_in_the_margin(name: str, tmp_path: Path) -> None:
    """Outside all cards, at the card's height, on its half of the sheet; a name only behind its question."""
    card_size = find_card_sizes(name)[0]
    grid, sheet = card_size.grid, card_size.sheet
    cards = [note(f"card-{number}", "Q?", topic="T") for number in range(grid.slots)]
    pages = list(page_words(render_sheets(deck(cards, card=name, paper=sheet.name), tmp_path), vertical=True))

    for page, turned in zip(pages, (False, True), strict=True):
        trims = [grid.trim(slot) for slot in range(grid.slots)]
        trims = [replace(trim, x=sheet.width - trim.right) if turned else trim for trim in trims]
        outside = [word for word in page if word.right <= grid.bounds.x or word.left >= grid.bounds.right]
        names = by_text(outside)
        assert any(word.text.startswith("card-") for word in outside) is turned
        for number, trim in enumerate(trims):
            word = names[f"card-{number}" if turned else f"{number + 1}"]
            assert trim.y <= word.top
            assert word.bottom <= trim.bottom
            middle = trim.x + trim.width / 2
            assert (word.left < sheet.width / 2) == (middle <= sheet.width / 2 + 0.1)


def test_screen_readers_skip_the_margin(tmp_path: Path) -> None:
    """Numbers, rulers and strips in it are no part of a card."""
    with pikepdf.open(io.BytesIO(render_sheets(deck([note("card-1", "Q?")]), tmp_path))) as pdf:
        inside: list[str] = []
        counts = {"/Artifact": 0, "other": 0}
        for part in pikepdf.parse_content_stream(pdf.pages[0]):
            if str(part.operator) in ("BMC", "BDC"):
                inside.append(str(part.operands[0]))
            elif str(part.operator) == "EMC":
                inside.pop()
            elif str(part.operator) in ("Tj", "TJ", "f", "S"):
                assert inside, "neither an artifact nor a part of the structure"
                counts["/Artifact" if "/Artifact" in inside else "other"] += 1

    assert counts["other"] == len(("topic", "number", "question"))
    assert counts["/Artifact"] > len(("deck", "sheet", "ruler", "number", "strip"))


@pytest.mark.parametrize("name", ["a7", "a8", "a6"])
def test_sheets_without_a_margin_have_names_only_on_cards(name: str, tmp_path: Path) -> None:
    front, back = page_words(render_sheets(deck([note("card-1", "Q?")], card=name), tmp_path), vertical=True)

    assert [word.text for word in front].count("1") == 1
    assert [word.text for word in back].count("card-1") == 1


def test_the_tightest_cards_come_first(tmp_path: Path) -> None:
    """Smaller type comes first, then fuller cards; each card once, by its tighter side, ten at most."""
    cards = [note(f"card-{number}", "Question?") for number in range(20)]
    cards += [
        note("long", "Q?", "words " * 90),
        note("longer", "words " * 110, "Answer"),
        note("some", "words " * 20),
    ]
    tightest = lay_out_cards(deck(cards), tmp_path).tightest

    assert [(tight.card_name, tight.side) for tight in tightest[:3]] == [
        ("longer", "front"),
        ("long", "back"),
        ("some", "front"),
    ]
    assert len(tightest) == 10
    assert len({tight.card_name for tight in tightest}) == 10
    assert tightest[0].scale < tightest[1].scale < tightest[2].scale == 1
    assert all(tight.needed <= tight.available for tight in tightest)
    assert tightest[2].font_size == 14.5


def test_a_wide_word_is_tight_in_width(tmp_path: Path) -> None:
    wide: Content = (BulletList(((Paragraph((Text("W" * 24),)),),)),)
    (tight,) = lay_out_cards(deck([note("wide", wide)]), tmp_path).tightest

    assert tight.is_width
    assert tight.available == pytest.approx(81)


def test_the_help_for_a_full_card_with_pictures_names_them(tmp_path: Path) -> None:
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 90"><circle cx="45" cy="45" r="40"/></svg>'
    )
    picture = Paragraph((Image(MediaFile("a.svg", "media/a.svg", svg), "a"),))
    errors = list(
        layout_errors(deck([note("pictures", (picture,) * 9), note("text", "words " * 900)]), tmp_path)
    )

    assert ["leave out a picture" in error.help for error in errors] == [True, False]


@each_card_size
def test_a_usual_card_fits_every_card_size(card_size: CardSize, tmp_path: Path) -> None:
    """A question of a line or two, an answer, an explanation and a hint."""
    card = note(
        "hamstrings/where", "On which side of the thigh do the hamstrings lie?", "At the back",
        extra="They begin at the sit bone and end below the knee.", hint="Not in front.",
    )  # fmt: skip
    mode = "single" if card_size.material is Material.STICKERS else "duplex"

    assert render_sheets(deck([card], paper=card_size.sheet.name, card=card_size.name, mode=mode), tmp_path)
