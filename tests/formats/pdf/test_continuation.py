"""Texts too long for a card: they go on on further cards, or their cards are left out."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.diagnostics import Severity
from cardwright.formats.pdf.continuation import MAX_CARDS, divide_pieces
from cardwright.formats.pdf.estimate import make_room
from cardwright.formats.pdf.pieces import cut_out, side_pieces
from cardwright.formats.pdf.sides import card_sides
from cardwright.layout.card_geometry import card_geometry, font_sizes
from cardwright.layout.card_sizes import CARD_SIZES, CardSize
from cardwright.layout.plan import Plan
from tests.formats.pdf.test_contents import CONTENTS
from tests.support.print_decks import (
    CITATION,
    Word,
    deck,
    each_card_size,
    lay_out_cards,
    layout_errors,
    layout_report,
    note,
    page_texts,
    page_words,
    pdf_text,
    render_sheets,
)
from tests.support.shown_sides import block_words

GEOMETRY = card_geometry(Plan(CARD_SIZES[0]))
ROOM = make_room(GEOMETRY, font_sizes(GEOMETRY))
SENTENCES = " ".join(f"Sentence number {number} of a long text about muscles." for number in range(60))


@given(CONTENTS, CONTENTS, st.integers(1, 6))
def test_nothing_is_lost_or_doubled(answer: c.Content, extra: c.Content, count: int) -> None:
    """The words of all parts are those of the side, in their order; only the heads of tables are repeated."""
    tree: Any = card_sides([note("card", "Q?", answer, extra=extra)], "Asked?")[1].tree
    without_heads = {
        **tree,
        "parts": [{**part, "c": without_table_heads(part["c"])} for part in tree["parts"]],
    }
    ranges = divide_pieces(side_pieces(without_heads, ROOM), count)
    parts = [part for pieces in ranges for part in cut_out(without_heads, ROOM, pieces)]

    assert [number for pieces in ranges for number in pieces] == list(range(len(side_pieces(tree, ROOM))))
    assert words(parts) == words(without_heads["parts"])


def without_table_heads(nodes: Any) -> Any:
    if isinstance(nodes, list):
        return [without_table_heads(node) for node in nodes]
    if isinstance(nodes, dict):
        return {key: [] if key == "head" else without_table_heads(child) for key, child in nodes.items()}
    return nodes


def words(parts: list[Any]) -> str:
    """Return the words of parts without white space and without the signs of entries."""
    text = "\n".join(block_words(part["c"]) for part in parts)
    return "".join(re.sub(r"^(•|\d+\.) ", "", text, flags=re.MULTILINE).split())


def long_list(count: int) -> c.Content:
    return (
        c.OrderedList(1, tuple(c.plain(f"entry {number} of the list") for number in range(1, count + 1))),
    )


def test_an_answer_goes_on_behind_the_same_question(tmp_path: Path) -> None:
    cards = [note("first", "Which?"), note("long", "What is long?", SENTENCES), note("last", "And?")]
    fronts, backs = page_texts(render_sheets(deck(cards, overflow="continue"), tmp_path))
    numbers = [int(number) for number in re.findall(r"Sentence number (\d+)", backs)]

    assert fronts.count("What is long?") == 4
    assert sorted(numbers) == list(range(60))
    assert all(
        f"2 ({part}/4)" in page and "(5/4)" not in page for page in (fronts, backs) for part in range(1, 5)
    )


def is_mark(word: Word) -> bool:
    """Tell whether a word is the mark of a part in the corner of a card, not in the margin."""
    is_horizontal = word.right - word.left > word.bottom - word.top
    return is_horizontal and re.fullmatch(r"\(\d+/\d+\)", word.text) is not None


@each_card_size
def test_each_part_lies_behind_its_own_front(card_size: CardSize, tmp_path: Path) -> None:
    """A long question and a longer answer are divided among the same cards."""
    geometry = card_geometry(Plan(card_size))
    count = int(geometry.text_width * geometry.text_height / 100)
    cards = [note("long", "question " * 4 * count, "answer " * 5 * count), note("short", "Q?")]
    the_deck = deck(
        cards, paper=card_size.sheet.name, card=card_size.name, overflow="continue", mode="duplex"
    )
    pages = list(page_words(render_sheets(the_deck, tmp_path)))
    for front, back in zip(pages[::2], pages[1::2], strict=True):
        tops = [{word.text: word.top for word in page if is_mark(word)} for page in (front, back)]

        assert tops[0] == pytest.approx(tops[1], abs=0.1)
    text = " ".join(word.text for page in pages for word in page)
    assert (text.count("question"), text.count("answer")) == (4 * count, 5 * count)


def test_a_table_goes_on_with_its_head_and_a_list_with_its_numbers(tmp_path: Path) -> None:
    rows = tuple((c.plain(f"muscle {number}"), c.plain("nerve")) for number in range(30))
    table: c.Content = (c.Table(("", ""), (c.plain("Name"), c.plain("Innervation")), rows),)
    pages = page_texts(
        render_sheets(
            deck([note("t", "T?", table), note("l", "L?", long_list(40))], overflow="continue"), tmp_path
        )
    )
    backs = " ".join(pages[1::2])

    assert "(4/4)" in backs
    assert backs.count("Innervation") == 4
    assert sorted(map(int, re.findall(r"muscle (\d+)", backs))) == list(range(30))
    assert all(f"{number}. entry {number} of" in backs for number in range(1, 41))


@pytest.mark.parametrize(
    ("blocks", "first_part"),
    [
        ((*c.plain("Some words. " * 8), *c.plain("More words. " * 9)), "words."),
        (c.plain("Some words. " * 40 + "These are more than half of them. " * 10), "words."),
        (c.plain("words " * 90), "words"),
        (
            (c.BulletList(tuple(c.plain(f"entry {number} of four") for number in range(4))),),
            "entry 1 of four",
        ),
        ((c.code_block("a = 1\nb = 2\n\nc = 3\nd = 4"),), "b = 2"),
        ((c.code_block("a = 1\nb = 2\nc = 3\nd = 4"),), "b = 2"),
        (c.plain("これは長い文です。" * 6), "文です。"),
    ],
    ids=["paragraphs", "sentences", "words", "entries", "blank line", "lines of code", "Japanese"],
)
def test_a_text_is_divided_at_the_best_place_near_its_middle(blocks: c.Content, first_part: str) -> None:
    tree = card_sides([note("card", "Q?", blocks)], "Asked?")[1].tree
    first, _ = (cut_out(tree, ROOM, pieces) for pieces in divide_pieces(side_pieces(tree, ROOM), 2))

    assert block_words(first[0]["c"]).rstrip().endswith(first_part)


def test_what_cannot_be_divided_is_reported(tmp_path: Path) -> None:
    """With its size, so that the author knows how much too large it is."""
    row = (c.plain("word " * 400), c.plain("x"))
    (error,) = layout_errors(
        deck([note("t", "T?", (c.Table(("", ""), (), (row, row)),))], overflow="continue"), tmp_path
    )

    assert error.code == "card-overflow"
    assert "has a part that needs" in error.message
    assert "a row of a table" in error.note


def wide_table(rows: int) -> c.Content:
    """A table with words too long for three columns on the smallest card."""
    cell = c.plain("sternocleidomastoid")
    return (c.Table(("",) * 3, (cell,) * 3, ((cell,) * 3,) * rows),)


@pytest.mark.parametrize("rows", [1, 8, 25])
def test_a_table_too_wide_is_reported_with_its_width(rows: int, tmp_path: Path) -> None:
    """However high it is: its rows could go on on further cards, but it would be as wide there."""
    the_deck = deck([note("t", "T?", wide_table(rows))], card="mini-euro", overflow="continue")
    (error,) = layout_errors(the_deck, tmp_path)

    assert re.fullmatch(r"`t` back needs \d+ mm across, has \d+ mm at 7 pt", error.message)
    assert "row" not in (error.note or "")


WIDE_FORMULA = (*c.plain("The sum is "), c.Paragraph((c.Math("+".join(f"a_{{{n}}}" for n in range(50))),)))
TALL_ROW = (c.Table(("", ""), (), ((c.plain("word " * 400), c.plain("x")),) * 2),)


@pytest.mark.parametrize("choice", ["error", "skip"])
@pytest.mark.parametrize(
    ("answer", "helps"),
    [
        (SENTENCES, True),
        (long_list(40), True),
        (WIDE_FORMULA, False),
        (wide_table(2), False),
        (wide_table(25), False),
        (TALL_ROW, False),
        (SENTENCES * 20, False),
    ],
    ids=["text", "list", "formula", "wide table", "wide and high table", "high row", "too many cards"],
)
def test_further_cards_are_advised_where_they_help(
    choice: str, answer: str | c.Content, helps: bool, tmp_path: Path
) -> None:
    cards = [note("card", "Q?", answer), note("other", "Q?")]
    continued = layout_report(deck(cards, card="mini-euro", overflow="continue"), tmp_path / "continued")
    (found,) = layout_report(deck(cards, card="mini-euro", overflow=choice), tmp_path / "found")

    assert [diagnostic.code for diagnostic in continued] == ["card-continued" if helps else "card-overflow"]
    assert ("overflow: continue" in (found.help or "")) is helps


def test_a_text_for_too_many_cards_is_reported(tmp_path: Path) -> None:
    errors = layout_errors(deck([note("long", "Q?", SENTENCES * 20)], overflow="continue"), tmp_path)

    assert [error.message for error in errors] == [f"`long` back needs more than {MAX_CARDS} cards"]


def test_citations_and_hints_are_where_the_text_ends(tmp_path: Path) -> None:
    card = note("long", SENTENCES[:1500], SENTENCES[:1500], hint="a hint", citations=[CITATION])
    text = pdf_text(render_sheets(deck([card], overflow="continue"), tmp_path))

    assert text.count("hint") == text.count(CITATION.text) == 1


def test_too_long_cards_can_be_left_out(tmp_path: Path) -> None:
    """The report names them, and the sheets are those of the others."""
    cards = [note(f"card-{number}", "Q?", SENTENCES if number in (2, 5) else "A") for number in range(10)]
    the_deck = deck(cards, overflow="skip")
    report = layout_report(the_deck, tmp_path / "report")

    assert [(found.code, found.severity) for found in report] == [("card-left-out", Severity.NOTE)] * 2
    assert [found.message.split("`")[1] for found in report] == ["card-2", "card-5"]
    sheets = lay_out_cards(the_deck, tmp_path / "sheets")
    assert sheets.sheets == 1
    assert "card-2 " not in (backs := page_texts(sheets.draw()[0].data)[1])
    assert "card-3 " in backs


def test_other_mistakes_stop_a_deck_that_leaves_cards_out(tmp_path: Path) -> None:
    cards = [note("long", "Q?", SENTENCES), note("reversed", "a\u202eb")]

    assert "control-character" in [
        error.code for error in layout_errors(deck(cards, overflow="skip"), tmp_path)
    ]


def test_answers_that_are_not_printed_do_not_matter(tmp_path: Path) -> None:
    cards = [note("long", "Q?", SENTENCES)]

    assert list(layout_report(deck(cards, overflow="continue", mode="single"), tmp_path)) == []


@pytest.mark.parametrize("choice", ["continue", "skip"])
def test_cards_that_fit_are_printed_as_ever(choice: str, tmp_path: Path) -> None:
    cards = [note(f"card-{number}", "Question? " * (number + 1)) for number in range(9)]
    usual, other = (
        render_sheets(deck(cards, overflow=overflow), tmp_path / overflow) for overflow in ("error", choice)
    )

    assert usual == other


def test_equal_decks_go_on_in_equal_bytes(tmp_path: Path) -> None:
    the_deck = deck([note("long", SENTENCES, SENTENCES)], overflow="continue", mode="fold")

    assert render_sheets(the_deck, tmp_path / "one") == render_sheets(the_deck, tmp_path / "two")


@pytest.mark.parametrize("choice", ["error", "continue"])
def test_a_hint_as_long_as_the_card_leaves_no_room(choice: str, tmp_path: Path) -> None:
    """Hints are measured as they are set: on as many lines as they need, upside down."""
    (error,) = layout_errors(
        deck([note("card-1", "Q?", hint="a long hint " * 200)], overflow=choice), tmp_path
    )

    assert error.message == "`card-1` front has no room for its text"
    assert "hint" in error.note


def test_a_hint_of_several_lines_lies_below_its_question(tmp_path: Path) -> None:
    question = "A question that takes some lines of its card, since it has many words. " * 6
    front = next(page_words(render_sheets(deck([note("card-1", question, hint="hint " * 80)]), tmp_path)))
    hints = [word for word in front if word.text == "hint"]
    words = [word for word in front if word.text in question.split()]

    assert len({round(word.top) for word in hints}) > 3
    assert max(word.bottom for word in words) <= min(word.top for word in hints) + 0.5
