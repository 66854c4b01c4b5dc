"""Pages of running text in every layout, read back from the PDF."""

import io
import re
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.formats.pdf.running_text.draft import Topic, split_into_volumes
from cardwright.formats.pdf.volumes import VOLUME_SIZE
from cardwright.formats.translations import find_translation
from tests.support.print_decks import (
    CITATION,
    SYSTEM_FONTS,
    bookmarks,
    deck,
    note,
    page_texts,
    page_words,
    pdf_text,
    structure_types,
)
from tests.support.running_text import (
    LAYOUTS,
    TextLayout,
    deck_from_yaml,
    lay_out,
    layout_errors,
    render_pages,
)

each_layout = pytest.mark.parametrize("layout", LAYOUTS)

CARDS_OF_ALL_KINDS = """
sources: {gray: {title: Anatomy, author: Gray}}
topic: Muscles
source: gray
cards:
  - {id: count, q: How many hamstrings are there?, a: Three, extra: Count them., hint: Not four.}
  - id: turned
    q: What is a strain?
    a: A pulled muscle
    reverse: {q: What is a pulled muscle called?, a: Strain}
  - {id: joints, cloze: "They bend the {{c1::knee}} and straighten the {{c2::hip::a joint}}."}
  - {id: signs, list: What may follow?, items: {bruise: Bruising, limp: Limping}}
  - id: grade
    table:
      ask: {pain: "{row}: how strong is the pain?", leg: "Can the leg be used with {row}?"}
      rows:
        one: {row: Grade 1, pain: mild, leg: usually}
        two: {row: Grade 2, pain: moderate, leg: hardly}
"""


@each_layout
def test_every_answer_is_printed_once(layout: TextLayout, tmp_path: Path) -> None:
    """For every kind of card; what a reversed card would ask is not asked again."""
    text = pdf_text(render_pages(layout, deck_from_yaml(CARDS_OF_ALL_KINDS), tmp_path))

    answers = ["Three", "A pulled muscle", "Bruising", "Limping", "mild", "usually", "moderate", "hardly"]
    for answer in [*answers, "knee", "hip"]:
        assert text.count(answer) == 1
    assert "What is a pulled muscle called" not in text


words = st.text("abcdefg", min_size=3, max_size=8)


@given(st.lists(st.tuples(words, words), min_size=1, max_size=12), st.sampled_from(LAYOUTS))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_question_and_answer_is_printed(
    tmp_path: Path, cards: list[tuple[str, str]], layout: TextLayout
) -> None:
    """Whatever their lengths, and however many topics there are."""
    notes = [
        note(f"n{number}", f"Q{number} {question}?", f"A{number} {answer}.", topic=f"Topic {number // 5}")
        for number, (question, answer) in enumerate(cards)
    ]
    text = " ".join(pdf_text(render_pages(layout, deck(notes), tmp_path)).split())

    for number, (question, answer) in enumerate(cards):
        assert f"Q{number} {question}?" in text
        assert f"A{number} {answer}." in text


@each_layout
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_every_page_has_margins_that_printers_need(layout: TextLayout, paper: str, tmp_path: Path) -> None:
    """12 mm are blank at every edge."""
    long = "The hamstrings bend the knee and straighten the hip. " * 4
    notes = [
        note(f"n{number}", long, long, extra=long, hint=long, citations=[CITATION], topic=f"T{number // 9}")
        for number in range(40)
    ]
    width, height = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}[paper]
    pages = list(page_words(render_pages(layout, deck(notes, paper=paper), tmp_path)))

    assert len(pages) > 3
    for page in pages:
        for word in page:
            assert word.left >= 12
            assert word.right <= width - 12
            assert word.top >= 12
            assert word.bottom <= height - 12


@each_layout
def test_a_page_shows_deck_topic_and_page_number(layout: TextLayout, tmp_path: Path) -> None:
    """So that a sheet that falls out of a pile can be put back."""
    notes = [note(f"n{number}", f"Question {number}?", topic="Legs") for number in range(150)]
    laid_out = lay_out(layout, deck(notes), tmp_path)
    (file,) = laid_out.draw()
    pages = page_texts(file.data)

    assert len(pages) == laid_out.pages > 1
    assert laid_out.sheets == -(-len(pages) // 2)
    for number, page in enumerate(pages, start=1):
        if page:
            assert f"page {number} of {len(pages)}" in page
            assert "Thigh" in page
    assert "Legs" in pages[1]


@each_layout
def test_equal_decks_are_equal_bytes(layout: TextLayout, tmp_path: Path) -> None:
    """A file in version control must not change when it is built again."""
    cards = deck_from_yaml(CARDS_OF_ALL_KINDS)

    assert render_pages(layout, cards, tmp_path / "a") == render_pages(layout, cards, tmp_path / "b")


@each_layout
def test_the_file_is_tagged_and_has_bookmarks_and_print_preferences(
    layout: TextLayout, tmp_path: Path
) -> None:
    """For screen readers, for finding a topic, and for printing at 100 % on both sides."""
    notes = [note("a", "A?", topic="One"), note("b", "B?", topic="Two")]
    pdf = render_pages(layout, deck(notes), tmp_path)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        root = opened.Root
        assert str(root.Lang) == "en"
        assert root.MarkInfo.Marked
        assert root.ViewerPreferences.DisplayDocTitle
        assert str(root.ViewerPreferences.PrintScaling) == "/None"
        assert str(root.ViewerPreferences.Duplex) == "/DuplexFlipLongEdge"
        assert str(opened.docinfo.Title) == "Thigh"
    assert [title for title, _ in bookmarks(pdf)][:2] == ["One", "Two"]
    tags = structure_types(pdf)
    assert tags.count("/H1") == (3 if layout == "quiz" else 2)
    assert "/P" in tags


@each_layout
def test_what_an_author_writes_is_never_markup(layout: TextLayout, tmp_path: Path) -> None:
    """Neither in a text, nor in a topic, nor in the deck's name."""
    hostile = '#panic("x") $a$ @ref <l> // /* #read("/etc/passwd") = *b* _i_'
    notes = [note("a", hostile, "answer " + hostile, extra="extra " + hostile, topic="topic " + hostile)]
    # Lines end within it, at places that are the layout's.
    text = "".join(pdf_text(render_pages(layout, deck(notes, name="name " + hostile), tmp_path)).split())

    for prefix in ("answer", "topic", "name"):
        assert "".join(f"{prefix} {hostile}".split()) in text


@each_layout
def test_a_right_to_left_deck_is_mirrored(layout: TextLayout, tmp_path: Path) -> None:
    """The topic begins at the right margin, and the page number is at the left."""
    hebrew_deck = deck([note("a", "שאלה", "תשובה", topic="נושא")], name="שם", language="he")
    (page, *_) = page_words(render_pages(layout, hebrew_deck, tmp_path, fonts=SYSTEM_FONTS))
    number = next(word for word in page if word.text == "/")
    topic = next(word for word in page if set(word.text) == set("נושא"))

    assert number.right < 60
    assert topic.right > 180


def test_page_texts_are_in_the_decks_language(tmp_path: Path) -> None:
    """A class that learns in German gets a sheet in German."""
    text = pdf_text(render_pages("quiz", deck([note("a", "Frage?")], language="de-AT"), tmp_path))

    for word in ("Name", "Datum", "Antworten", "Seite 1 von 3"):
        assert word in text


def test_page_texts_are_english_if_no_font_has_the_language(tmp_path: Path) -> None:
    """An author gets no error for texts that are ours."""
    text = pdf_text(render_pages("quiz", deck([note("a", "Question?")], language="ja"), tmp_path))

    assert find_translation("ja").pages.answers not in text
    assert "Answers" in text


@each_layout
def test_a_missing_glyph_is_reported_with_its_card(layout: TextLayout, tmp_path: Path) -> None:
    (error, *_) = layout_errors(layout, deck([note("cat", "What is 猫?")]), tmp_path)

    assert error.code == "missing-glyph"
    assert "猫 (U+732B)" in error.message


@each_layout
def test_a_formula_wider_than_its_column_is_reported(layout: TextLayout, tmp_path: Path) -> None:
    """It can't be broken, so its author has to shorten it."""
    formula = "+".join(["x_{1234567890}^{1234567890}"] * 30)
    wide_deck = deck_from_yaml(f"topic: T\ncards:\n  - id: sum\n    q: What?\n    a: '\\[ {formula} \\]'\n")
    (error, *_) = layout_errors(layout, wide_deck, tmp_path)

    assert error.code == "card-overflow"
    assert error.message.startswith("`sum` ")
    assert "mm across" in error.message


def test_a_table_too_wide_for_its_column_is_reported(tmp_path: Path) -> None:
    """Four columns of words fit into half a page, ten don't."""

    def table_card(columns: int) -> str:
        row = "| " + " | ".join(["tuberosity"] * columns) + " |"
        lines = "".join(f"      {line}\n" for line in (row, "|---" * columns + "|", row))
        return f"topic: T\ncards:\n  - id: wide\n    q: What?\n    a: |\n{lines}"

    assert pdf_text(render_pages("list", deck_from_yaml(table_card(4)), tmp_path)).count("tuberosity") == 8
    (error,) = layout_errors("list", deck_from_yaml(table_card(10)), tmp_path / "b")
    assert error.code == "card-overflow"
    assert error.message.startswith("`wide` answer needs")


@each_layout
def test_a_huge_answer_continues_on_the_next_pages(layout: TextLayout, tmp_path: Path) -> None:
    """Nothing is cut off, and what comes after it is there."""
    huge = " ".join(f"word{number}" for number in range(4000))
    text = pdf_text(
        render_pages(layout, deck([note("a", "Huge?", huge), note("b", "After?", "Afterwards.")]), tmp_path)
    )

    assert all(f"word{number}" in text.split() for number in (0, 1000, 2000, 3999))
    assert "Afterwards." in text


@each_layout
def test_a_selection_keeps_the_topics_colours(layout: TextLayout, tmp_path: Path) -> None:
    """The second topic keeps its colour without the first, so that pages match the cards."""
    notes = [note("a", "A?", topic="One"), note("b", "B?", topic="Two")]
    pdf = render_pages(layout, deck(notes), tmp_path, keys={"b"})
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        drawing = opened.pages[0].Contents.read_bytes()

    assert "B?" in pdf_text(pdf)
    assert "A?" not in pdf_text(pdf)
    # e9a73e, the second of the palette.
    assert b"0.9137255 0.654902 0.24313726" in drawing


@each_layout
def test_grey_pages_have_no_colour(layout: TextLayout, tmp_path: Path) -> None:
    """For printers that mix grey from expensive inks."""
    pdf = render_pages(layout, deck([note("a", "A?", topic="One")], grey="true"), tmp_path)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        drawing = opened.pages[0].Contents.read_bytes()

    assert b"0.11764706 0.29411766 0.45882353" not in drawing


@each_layout
def test_notes_that_are_not_for_paper_are_left_out(layout: TextLayout, tmp_path: Path) -> None:
    """`print: false` applies to every layout; it is no error if nothing is left."""
    notes = [note("a", "Shown?"), note("b", "Hidden?", printed=False)]

    assert "Hidden" not in pdf_text(render_pages(layout, deck(notes), tmp_path))
    assert list(layout_errors(layout, deck(notes[1:]), tmp_path / "b")) == []


@each_layout
def test_scale_font_scales_the_type(layout: TextLayout, tmp_path: Path) -> None:
    """With factor 2 a word is twice as wide."""
    widths = []
    for scale in ("1", "2"):
        scaled_deck = deck([note("a", "Semitendinosus?")], scale_font=scale)
        page = next(iter(page_words(render_pages(layout, scaled_deck, tmp_path / scale))))
        word = next(word for word in page if word.text == "Semitendinosus?")
        widths.append(word.right - word.left)

    assert widths[1] == pytest.approx(2 * widths[0], rel=0.02)


@each_layout
def test_there_is_a_picture_of_each_page(layout: TextLayout, tmp_path: Path) -> None:
    pages = lay_out(layout, deck([note(f"n{n}", "A question?") for n in range(40)]), tmp_path)
    pictures = list(pages.draw_png(20))

    assert len(pictures) == pages.pages
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_paper_too_small_for_columns_is_refused(tmp_path: Path) -> None:
    """On a postcard two columns hold one word each."""
    (error,) = layout_errors("list", deck([note("a", "A?")], paper="a6"), tmp_path)

    assert error.code == "paper-too-small"


def _topics(cards: list[tuple[int, int]]) -> list[Topic]:
    """cards: for each card the number of its topic, and how many notes it has."""
    return [
        Topic(f"T{topic}", topic, tuple(note(f"c{number}/{item}", "Q?") for item in range(items)))
        for number, (topic, items) in enumerate(cards)
    ]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 300)), min_size=1, max_size=12))
def test_volumes_have_all_notes_in_order_and_keep_cards_together(cards: list[tuple[int, int]]) -> None:
    """No volume is much larger than the others."""
    topics = _topics(cards)
    volumes = split_into_volumes(topics)
    keys = [[note.key for topic in volume for note in topic.notes] for volume in volumes]

    assert [key for volume in keys for key in volume] == [
        note.key for topic in topics for note in topic.notes
    ]
    card_ids = [{key.partition("/")[0] for key in volume} for volume in keys]
    assert sum(map(len, card_ids)) == len(set().union(*card_ids))
    assert all(0 < len(volume) <= 1.5 * VOLUME_SIZE + 300 for volume in keys)


def test_question_numbers_continue_from_volume_to_volume(tmp_path: Path) -> None:
    """Teacher and class mean the same by question 512."""
    count = VOLUME_SIZE * 3 // 2 + 2
    pages = lay_out("quiz", deck([note(f"n{n}", f"Q{n}?", f"A{n}!") for n in range(count)]), tmp_path)
    first, second = pages.draw()

    assert (first.part, second.part) == ("1", "2")
    for file, (begin, end) in zip((first, second), ((0, count // 2), (count // 2, count)), strict=True):
        content = " ".join(pdf_text(file.data).split())
        assert f"Thigh {file.part}/2" in content
        for number in (begin, end - 1):
            assert re.search(rf"\b{number + 1}\. Q{number}\?", content)
            assert re.search(rf"\b{number + 1}\. A{number}!", content)


@each_layout
def test_cards_of_one_topic_stand_together_wherever_they_are_written(
    layout: TextLayout, tmp_path: Path
) -> None:
    """A card's own topic moves it to the others of that topic; the topics keep their order."""
    notes = [note(key, f"{key}?", topic=topic) for key, topic in (("a", "One"), ("b", "Two"), ("c", "One"))]
    titles = [title for title, _ in bookmarks(render_pages(layout, deck(notes), tmp_path))]

    assert titles[:2] == ["One", "Two"]
    assert titles.count("One") == 1


@pytest.mark.parametrize("layout", ["list", "summary"])
def test_a_picture_below_many_answers_is_once_in_a_topic(layout: TextLayout, tmp_path: Path) -> None:
    """On cards each answer has it; on pages it would stand below itself."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><text y="20">Leg</text></svg>'
    leg = c.Paragraph((c.Image(c.MediaFile("leg.svg", "media/leg.svg", svg), "A leg"),))
    notes = [
        note(f"n{number}", "Which?", "This.", topic=f"T{number // 3}", extra=(*c.plain(f"Fact{number}"), leg))
        for number in range(6)
    ]

    text = pdf_text(render_pages(layout, deck(notes), tmp_path))

    assert text.count("Leg") == 2
    assert all(f"Fact{number}" in text for number in range(6))
