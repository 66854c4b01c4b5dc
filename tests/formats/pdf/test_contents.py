"""Random and deep contents on printed cards: all are printed, with the words that Anki shows."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest
from hypothesis import Phase, Verbosity, given, settings
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.formats.pdf.formula import FormulaError, parse_formula
from cardwright.formats.pdf.tree import block_nodes
from cardwright.formats.pdf.words import SOFT_HYPHEN, ZERO_WIDTH_SPACE
from tests.formats.pdf.test_content import SVG, paragraph
from tests.formats.pdf.test_styles import inlines
from tests.support import contents
from tests.support.plain_words import content_words, normalize
from tests.support.print_decks import SYSTEM_FONTS, deck, layout_report, note, render_sheets
from tests.support.shown_sides import block_words

PICTURE = c.MediaFile("thigh.svg", "media/thigh.svg", SVG)


def clean(text: str) -> str:
    """Return a text without what is reported as a character that cannot be printed."""
    return "".join(
        character for character in text if unicodedata.category(character) not in ("Cc", "Cs", "Cf")
    )


def printable(content: c.Content) -> c.Content:
    """Return a content without the characters and formulas that are reported as unprintable."""

    def change(inline: c.Inline) -> c.Inlines | None:
        match inline:
            case c.Text(text):
                return (c.Text(clean(text)),)
            case c.Verbatim(text):
                return (c.Verbatim(clean(text)),)
            case c.Math(tex) if isinstance(parse_formula(tex), FormulaError):
                return (c.Math("x"),)
            case c.Image(_, alt, width):
                return (c.Image(PICTURE, clean(alt), width),)
        return None

    return c.map_runs(content, lambda run: c.map_inlines(run, change))


CONTENTS = contents.contents(clozes=False).map(printable)


@given(CONTENTS)
def test_the_printed_words_are_those_of_the_content(content: c.Content) -> None:
    """A reading stands behind its word here, as in Anki's HTML."""
    printed = block_words(block_nodes(content)).replace("[thigh.svg]", "")
    expected = content_words(content, "[…]")
    # Paper has the signs of entries and places to break words, and makes no difference between formulas.
    brackets = str.maketrans({"[": "(", "]": ")", ZERO_WIDTH_SPACE: "", SOFT_HYPHEN: ""})
    unsigned = re.sub(r"^(•|\d+\.) ", "", printed, flags=re.MULTILINE)

    assert normalize(unsigned).translate(brackets) == expected.translate(brackets)


# Neither a smaller example nor its text would be found in a minute.
@settings(max_examples=2, deadline=None, phases=[Phase.generate], verbosity=Verbosity.quiet)
@given(st.lists(CONTENTS, min_size=10, max_size=10))
def test_all_contents_are_printed(tmp_path_factory: pytest.TempPathFactory, cards: list[c.Content]) -> None:
    """What does not fit is reported; nothing stops the engine."""
    notes = [note(f"card-{number}", content, content) for number, content in enumerate(cards)]
    folder = tmp_path_factory.mktemp("pdf")
    report = layout_report(deck(notes), folder / "all", fonts=SYSTEM_FONTS)
    reported = {diagnostic.span.text for diagnostic in report if diagnostic.span}
    remaining = [card for card in notes if card.span.text not in reported]

    codes = {"card-overflow", "nested-too-deeply", "missing-glyph", "control-character"}
    assert {diagnostic.code for diagnostic in report} <= codes
    if remaining:
        assert render_sheets(deck(remaining), folder / "printable", fonts=SYSTEM_FONTS)


WRAPPERS: Mapping[str, Callable[[c.Inlines], c.Inline]] = {
    **{element: partial(c.Styled, element) for element in sorted(c.STYLE_ELEMENTS)},
    "bold": c.Strong,
    "emphasis": c.Emphasis,
    "strikethrough": c.Strikethrough,
    "colour": lambda run: c.Coloured((200, 0, 0), None, run),
    "background": lambda run: c.Coloured(None, (255, 255, 200), run),
    "larger": partial(c.Scaled, 1.1),
    "link": lambda run: c.Link("https://example.org", run),
    "word": lambda run: c.Ruby(run, inlines("reading")),
    "reading": lambda run: c.Ruby(inlines("word"), run),
}
DEEPEST = 11


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_every_wrapper_is_printed_at_the_greatest_depth(wrapper: str, tmp_path: Path) -> None:
    """The engine counts its calls and rules, and what is measured at each level takes time."""

    def nest(depth: int) -> c.Content:
        run = inlines("x")
        for _ in range(depth):
            run = (WRAPPERS[wrapper](run),)
        return (c.Paragraph(run),)

    in_cells = c.Table(("",), (), (((c.Quote(nest(DEEPEST - 4)),),),))
    cards = [note("inlines", nest(DEEPEST)), note("cells", (in_cells,)),
             note("list", (c.BulletList((nest(DEEPEST - 1),)),))]  # fmt: skip

    assert render_sheets(deck(cards), tmp_path)


def test_lines_under_and_through_the_same_text_are_printed(tmp_path: Path) -> None:
    """PDF/UA refuses a text with two such lines, and a link has one of its own."""
    lines: list[type[c.Strikethrough | c.Styled | c.Link]] = [c.Strikethrough, c.Styled, c.Link]
    run = [wrap(outer, (wrap(inner, inlines("x")),)) for outer in lines for inner in lines]

    assert render_sheets(deck([note("card-1", (c.Paragraph(tuple(run)),))]), tmp_path)


def wrap(wrapper: type[c.Strikethrough | c.Styled | c.Link], run: c.Inlines) -> c.Inline:
    """Return inlines with a line under or through them."""
    if wrapper is c.Styled:
        return c.Styled("u", run)
    return c.Link("https://example.org", run) if wrapper is c.Link else c.Strikethrough(run)


def test_tables_in_tables_are_printed_or_reported(tmp_path: Path) -> None:
    content = paragraph("x")
    codes = []
    for depth in range(1, 7):
        content = (c.Table(("",), (), ((content,),)),)
        report = layout_report(deck([note("card-1", content)]), tmp_path / str(depth))
        codes.append([diagnostic.code for diagnostic in report])

    assert codes[:3] == [[], [], []]
    assert codes[-1] == ["nested-too-deeply"]


def test_a_heading_of_nothing_but_a_picture_or_a_formula_is_printed(tmp_path: Path) -> None:
    """PDF/UA refuses a heading without a text; a screen reader reads the picture as any other."""
    headings = [
        c.Heading(2, run) for run in ((c.Image(PICTURE, "a thigh"),), (c.Math("x^2"),), (c.LineBreak(),), ())
    ]

    assert render_sheets(deck([note("card-1", tuple(headings))]), tmp_path)
