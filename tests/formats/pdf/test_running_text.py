"""Pages of running text as printed, whatever their kind: read back from the PDF."""

import io
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardwright.collection.reference import Citation, Reference
from cardwright.formats.pdf.running_text.page_texts import page_texts
from tests.support.print_decks import SYSTEM_FONTS, deck, note, page_words, pdf_text
from tests.support.running_text import (
    LAYOUTS,
    TextLayout,
    deck_from_yaml,
    lay_out,
    layout_errors,
    render_pages,
)

each_kind = pytest.mark.parametrize("kind", LAYOUTS)
CITATION = Citation(Reference("gray", "Anatomy", author="Gray"), "Thigh")

ALL_KINDS = """
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


@each_kind
def test_no_knowledge_is_lost_and_none_is_printed_twice(kind: TextLayout, tmp_path: Path) -> None:
    """Every answer of every kind of card is there; what a reversed card would ask is not asked again."""
    read = pdf_text(render_pages(kind, deck_from_yaml(ALL_KINDS), tmp_path))

    answers = ["Three", "A pulled muscle", "Bruising", "Limping", "mild", "usually", "moderate", "hardly"]
    for answer in [*answers, "knee", "hip"]:
        assert read.count(answer) == 1
    assert "What is a pulled muscle called" not in read


words_of_a_card = st.text("abcdefg", min_size=3, max_size=8)


@given(
    st.lists(st.tuples(words_of_a_card, words_of_a_card), min_size=1, max_size=12), st.sampled_from(LAYOUTS)
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_note_s_answer_is_on_paper(
    tmp_path: Path, cards: list[tuple[str, str]], kind: TextLayout
) -> None:
    """And every question, whatever their lengths, in as many topics as there are."""
    notes = [
        note(f"n{number}", f"Q{number} {asked}?", f"A{number} {told}.", topic=f"Topic {number // 5}")
        for number, (asked, told) in enumerate(cards)
    ]
    read = " ".join(pdf_text(render_pages(kind, deck(notes), tmp_path)).split())

    for number, (asked, told) in enumerate(cards):
        assert f"Q{number} {asked}?" in read
        assert f"A{number} {told}." in read


@each_kind
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_all_pages_keep_clear_of_the_edges_and_of_what_printers_cannot_ink(
    kind: TextLayout, paper: str, tmp_path: Path
) -> None:
    """12 mm are white all around, on every page of many."""
    long = "The hamstrings bend the knee and straighten the hip. " * 4
    notes = [
        note(f"n{number}", long, long, extra=long, hint=long, citations=[CITATION], topic=f"T{number // 9}")
        for number in range(40)
    ]
    width, height = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}[paper]
    pages = list(page_words(render_pages(kind, deck(notes, paper=paper), tmp_path)))

    assert len(pages) > 3
    for page in pages:
        for word in page:
            assert word.left >= 12
            assert word.right <= width - 12
            assert word.top >= 12
            assert word.bottom <= height - 12


@each_kind
def test_pages_are_numbered_and_say_what_they_are_of(kind: TextLayout, tmp_path: Path) -> None:
    """A sheet that falls out of a pile says where it belongs: deck, topic, page and how many there are."""
    notes = [note(f"n{number}", f"Question {number}?", topic="Legs") for number in range(150)]
    flow = lay_out(kind, deck(notes), tmp_path)
    (drawn,) = flow.draw()
    pages = [" ".join(word.text for word in page) for page in page_words(drawn.data)]

    assert len(pages) == flow.pages > 1
    assert flow.sheets == -(-flow.pages // 2)
    for number, page in enumerate(pages, start=1):
        if page:
            assert f"page {number} of {len(pages)}" in page
            assert "Thigh" in page
    assert "Legs" in pages[1]


@each_kind
def test_equal_decks_are_equal_bytes(kind: TextLayout, tmp_path: Path) -> None:
    """A file in version control must not change because it was made again."""
    made = deck_from_yaml(ALL_KINDS)

    assert render_pages(kind, made, tmp_path / "a") == render_pages(kind, made, tmp_path / "b")


@each_kind
def test_the_file_is_tagged_and_asks_for_both_sides_of_the_paper(kind: TextLayout, tmp_path: Path) -> None:
    """
    A screen reader finds language, title and headings; a bookmark leads to each topic; a printer
    is asked to keep the size and turn the paper over its long edge.
    """
    notes = [note("a", "A?", topic="One"), note("b", "B?", topic="Two")]
    with pikepdf.open(io.BytesIO(render_pages(kind, deck(notes), tmp_path))) as pdf:
        root = pdf.Root
        assert str(root.Lang) == "en"
        assert root.MarkInfo.Marked
        assert root.ViewerPreferences.DisplayDocTitle
        assert str(root.ViewerPreferences.PrintScaling) == "/None"
        assert str(root.ViewerPreferences.Duplex) == "/DuplexFlipLongEdge"
        assert str(pdf.docinfo.Title) == "Thigh"
        with pdf.open_outline() as outline:
            assert [entry.title for entry in outline.root][:2] == ["One", "Two"]
        tags = [str(one.S) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
    assert tags.count("/H1") == (3 if kind == "quiz" else 2)
    assert "/P" in tags


@each_kind
def test_what_an_author_writes_is_never_markup(kind: TextLayout, tmp_path: Path) -> None:
    """Neither in a text, nor in a topic, nor in the deck's name."""
    hostile = '#panic("x") $a$ @ref <l> // /* #read("/etc/passwd") = *b* _i_'
    notes = [note("a", hostile, "answer " + hostile, extra="extra " + hostile, topic="topic " + hostile)]
    # Lines end within it, at places that are the layout's.
    read = "".join(pdf_text(render_pages(kind, deck(notes, name="name " + hostile), tmp_path)).split())

    for place in ("answer", "topic", "name"):
        assert "".join(f"{place} {hostile}".split()) in read


@each_kind
def test_a_language_written_leftward_is_mirrored(kind: TextLayout, tmp_path: Path) -> None:
    """Topic and title begin at the right margin, the number of the page stands at the left."""
    made = deck([note("a", "שאלה", "תשובה", topic="נושא")], name="שם", language="he")
    (page, *_) = page_words(render_pages(kind, made, tmp_path, fonts=SYSTEM_FONTS))
    number = next(word for word in page if word.text == "/")
    topic = next(word for word in page if set(word.text) == set("נושא"))

    assert number.right < 60
    assert topic.right > 180


def test_our_words_are_in_the_deck_s_language(tmp_path: Path) -> None:
    """A class that learns in German is handed a sheet in German."""
    read = pdf_text(render_pages("quiz", deck([note("a", "Frage?")], language="de-AT"), tmp_path))

    for word in ("Name", "Datum", "Antworten", "Seite 1 von 3"):
        assert word in read


def test_our_words_are_english_where_no_font_has_the_language(tmp_path: Path) -> None:
    """What is not in the author's text must not be the author's mistake."""
    read = pdf_text(render_pages("quiz", deck([note("a", "Question?")], language="ja"), tmp_path))

    assert page_texts("ja").answers not in read
    assert "Answers" in read


@each_kind
def test_a_font_that_is_missing_is_reported_by_card(kind: TextLayout, tmp_path: Path) -> None:
    """As on cards; a sheet of little boxes teaches nothing."""
    (finding, *_) = layout_errors(kind, deck([note("cat", "What is 猫?")]), tmp_path)

    assert finding.code == "missing-glyph"
    assert "猫 (U+732B)" in finding.message


@each_kind
def test_a_word_wider_than_the_page_is_reported_when_it_cannot_be_broken(
    kind: TextLayout, tmp_path: Path
) -> None:
    """A formula is not divided; one that leaves its column even in small type is the author's to shorten."""
    formula = "+".join(["x_{1234567890}^{1234567890}"] * 30)
    made = deck_from_yaml(f"topic: T\ncards:\n  - id: sum\n    q: What?\n    a: '\\[ {formula} \\]'\n")
    (finding, *_) = layout_errors(kind, made, tmp_path)

    assert finding.code == "card-overflow"
    assert finding.message.startswith("`sum` ")
    assert "mm across" in finding.message


def test_a_table_wider_than_its_column_is_made_smaller_and_then_reported(tmp_path: Path) -> None:
    """Ten columns of words do not go into half a page, four do."""

    def made(columns: int) -> str:
        row = "| " + " | ".join(["tuberosity"] * columns) + " |"
        lines = "".join(f"      {line}\n" for line in (row, "|---" * columns + "|", row))
        return f"topic: T\ncards:\n  - id: wide\n    q: What?\n    a: |\n{lines}"

    assert pdf_text(render_pages("list", deck_from_yaml(made(4)), tmp_path)).count("tuberosity") == 8
    (finding,) = layout_errors("list", deck_from_yaml(made(10)), tmp_path / "b")
    assert finding.code == "card-overflow"
    assert finding.message.startswith("`wide` answer needs")


@each_kind
def test_a_huge_answer_runs_on_to_the_next_pages(kind: TextLayout, tmp_path: Path) -> None:
    """Nothing is cut off, and what comes after it is there."""
    huge = " ".join(f"word{number}" for number in range(4000))
    read = pdf_text(
        render_pages(kind, deck([note("a", "Huge?", huge), note("b", "After?", "Afterwards.")]), tmp_path)
    )

    assert all(f"word{number}" in read.split() for number in (0, 1000, 2000, 3999))
    assert "Afterwards." in read


@each_kind
def test_a_selection_keeps_the_topics_colours(kind: TextLayout, tmp_path: Path) -> None:
    """The second topic keeps its colour when the first is not printed, so that sheets match cards."""
    notes = [note("a", "A?", topic="One"), note("b", "B?", topic="Two")]
    some = render_pages(kind, deck(notes), tmp_path, keys={"b"})
    with pikepdf.open(io.BytesIO(some)) as pdf:
        drawn = pdf.pages[0].Contents.read_bytes()

    assert "B?" in pdf_text(some)
    assert "A?" not in pdf_text(some)
    # e9a73e, the second of the palette.
    assert b"0.9137255 0.654902 0.24313726" in drawn


@each_kind
def test_grey_pages_have_no_colour(kind: TextLayout, tmp_path: Path) -> None:
    """For printers that mix grey from their dearest inks."""
    pdf = render_pages(kind, deck([note("a", "A?", topic="One")], grey="true"), tmp_path)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        drawn = opened.pages[0].Contents.read_bytes()

    assert b"0.11764706 0.29411766 0.45882353" not in drawn


@each_kind
def test_notes_that_are_not_for_paper_are_left_out(kind: TextLayout, tmp_path: Path) -> None:
    """`print: false` holds for every layout; nothing at all to print is no mistake."""
    notes = [note("a", "Shown?"), note("b", "Hidden?", printed=False)]

    assert "Hidden" not in pdf_text(render_pages(kind, deck(notes), tmp_path))
    assert list(layout_errors(kind, deck(notes[1:]), tmp_path / "b")) == []


@each_kind
def test_type_grows_with_its_scale(kind: TextLayout, tmp_path: Path) -> None:
    """`scale-font` multiplies sizes, here so that a word is twice as wide."""
    widths = []
    for scale in ("1", "2"):
        made = deck([note("a", "Semitendinosus?")], scale_font=scale)
        page = next(iter(page_words(render_pages(kind, made, tmp_path / scale))))
        word = next(word for word in page if word.text == "Semitendinosus?")
        widths.append(word.right - word.left)

    assert widths[1] == pytest.approx(2 * widths[0], rel=0.02)


@each_kind
def test_pages_are_drawn_as_pictures_too(kind: TextLayout, tmp_path: Path) -> None:
    """One PNG a page, for a look before printing."""
    flow = lay_out(kind, deck([note(f"n{n}", "A question?") for n in range(40)]), tmp_path)
    pictures = list(flow.draw_png(20))

    assert len(pictures) == flow.pages
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_paper_too_small_for_columns_is_refused(tmp_path: Path) -> None:
    """Two columns on a post card hold a word each."""
    (finding,) = layout_errors("list", deck([note("a", "A?")], paper="a6"), tmp_path)

    assert finding.code == "paper-too-small"
