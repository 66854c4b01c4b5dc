"""What is chosen for a deck: paper and card size, places to break, fonts, print preferences."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.collection.content import (
    BulletList,
    Image,
    LineBreak,
    MediaFile,
    Paragraph,
    Table,
    Text,
    plain,
)
from cardwright.diagnostics.report import Report
from cardwright.formats.pdf import settings
from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.fonts import choose_fallback_families
from cardwright.formats.pdf.nodes import Node, strings
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.pdf.tree import block_nodes
from cardwright.formats.pdf.words import (
    SOFT_HYPHEN,
    ZERO_WIDTH_SPACE,
    breakable_code,
    grapheme_clusters,
    text_direction,
    text_nodes,
)
from tests.support.print_decks import SYSTEM_FONTS, AssetFolder, deck, lay_out_cards, layout_errors, note


def test_a_deck_that_asks_for_nothing_gets_safe_cards_on_a4() -> None:
    """A7 cards clear of every printer's margin are what most people can print."""
    report = Report()
    design = settings.make_design(deck([]).print_settings, report)

    assert design is not None
    preset = design.plan.card_size
    assert (preset.sheet.name, preset.name) == ("a4", "a7-safe")
    assert len(report) == 0


def test_unknown_papers_and_card_sizes_are_both_reported_where_they_stand() -> None:
    """With the name that was probably meant."""
    report = Report()

    assert settings.make_design(deck([], paper="leter", card="A7").print_settings, report) is None
    assert [(one.code, one.message, one.help, one.span and one.span.text) for one in report] == [
        ("unknown-paper", "there is no paper called `leter`", "did you mean `letter`?", "leter"),
        ("unknown-card-size", "there is no card size called `A7`", "did you mean `a7`?", "A7"),
    ]


def test_nothing_to_print_is_no_mistake(tmp_path: Path) -> None:
    """A deck whose cards all stay on the screen has no sheets."""
    assert len(layout_errors(deck([note("card-1", "Q?", printed=False)]), tmp_path)) == 0


def test_progress_goes_from_measuring_to_the_end_in_cards(tmp_path: Path) -> None:
    """Each card counts twice, so the bar does not stand at its end while the pages are drawn."""
    told: list[tuple[int, int]] = []
    cards = [note(f"card-{number}", "Q?") for number in range(100)]
    layout = lay_out_cards(
        deck(cards),
        RenderContext(AssetFolder(str(tmp_path)), progress=lambda done, total: told.append((done, total))),
        Report(),
    )
    assert layout is not None
    layout.draw()

    done = [so_far for so_far, _ in told]
    assert {total for _, total in told} == {200}
    assert done == sorted(set(done))
    assert len(done) > 4
    assert done[-2:] == [100, 200]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Z"]), max_size=120))
def test_breaking_adds_nothing_but_places_to_break(word: str) -> None:
    """What is read is what was written."""
    read = "".join(node if isinstance(node, str) else str(node["s"]) for node in text_nodes(word))

    assert _whole(read) == _whole(word)
    assert _whole(breakable_code(word)) == _whole(word)


def _whole(text: str) -> str:
    return text.replace(ZERO_WIDTH_SPACE, "").replace(SOFT_HYPHEN, "")


def test_text_has_white_space_as_a_browser_shows_it() -> None:
    """A line break of the source is a space, so that paper agrees with Anki."""
    assert text_nodes("a\n  b\tc\u00a0 d") == ["a b c\u00a0 d"]


def test_short_words_stay_whole_and_scripts_without_spaces_break_by_themselves() -> None:
    """The engine knows where Japanese and Thai may break; a sign put in there would break the rules."""
    assert text_nodes("Semitendinosis") == [
        {"t": "word", "s": "Semitendinosis", "widest": "Semitendinosis", "hyphenate": False}
    ]
    assert text_nodes("太ももの裏側の筋肉は何と呼ばれますか") == ["太ももの裏側の筋肉は何と呼ばれますか"]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("abc", ["a", "b", "c"]),
        ("e\u0301x", ["e\u0301", "x"]),
        ("👩\u200d🔬!", ["👩\u200d🔬", "!"]),
        ("🇩🇪🇫🇷", ["🇩🇪", "🇫🇷"]),
        ("👍🏽", ["👍🏽"]),
        ("कि", ["कि"]),
    ],
)
def test_characters_are_what_readers_take_for_one(text: str, pieces: list[str]) -> None:
    """A font that has the parts of 👩‍🔬 may still lack the whole."""
    assert grapheme_clusters(text) == pieces


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("abc", "ltr"),
        ("שלום abc", "rtl"),
        ("abc שלום", "auto"),
        ("12 שלום", "rtl"),
        ("é", "ltr"),
        ("", "ltr"),
    ],
)
def test_paragraphs_run_as_their_letters_do(text: str, way: str) -> None:
    """A Latin name at the start of an Arabic sentence leaves it to the deck's language."""
    assert text_direction([text]) == way


def test_a_word_in_strong_type_does_not_turn_the_sentence_around_it() -> None:
    """The first letter decides, in whatever piece of the paragraph it stands; but a formula has none."""
    hebrew: Node = {"t": "b", "c": ["שלום"]}

    assert text_direction(["The word ", hebrew]) == "auto"
    assert text_direction([{"t": "code", "s": "x"}, " הוא"]) == "auto"
    assert text_direction([{"t": "math", "tex": "x", "c": [{"t": "symbol", "s": "x"}]}, " הוא"]) == "rtl"


def test_lists_and_tables_run_as_their_letters_do() -> None:
    """Their bullets and their first columns stand where reading begins."""
    hebrew = plain("שריר")
    made = block_nodes((BulletList((hebrew,)), Table(("",), ((Text("שריר"),),), ())))

    assert [node["dir"] for node in made if not isinstance(node, str)] == ["rtl", "rtl"]


def test_a_picture_in_a_sentence_has_a_line_of_its_own() -> None:
    """
    As in Anki; else the text beside it would stand at its foot. Two to be compared stay beside each other.
    """
    drawn = {"t": "img", "src": "media/a.png", "alt": "a"}
    picture = Image(MediaFile("a.png", "media/a.png", b""), "a")
    content = (Paragraph((Text("Which? "), picture, Text(" "), picture, LineBreak(), Text("And why?"))),)

    assert [node["c"] for node in block_nodes(content) if not isinstance(node, str)] == [
        ["Which?"],
        [drawn, " ", drawn],
        ["And why?"],
    ]


def test_fonts_are_chosen_by_script_with_serifs_first_and_no_more_than_needed(tmp_path: Path) -> None:
    """The same on every machine that has them, whatever else it has."""
    engine = Engine(AssetFolder(str(tmp_path)), SYSTEM_FONTS)

    assert choose_fallback_families(engine, ["ก", "क", "日", "ひ"], "en") == (
        "Noto Serif Devanagari",
        "Noto Serif Thai",
        "Noto Serif CJK JP",
    )
    assert choose_fallback_families(engine, ["\U0010fffd"], "en") == ()


def test_fonts_of_the_deck_are_preferred_to_those_of_the_system(tmp_path: Path) -> None:
    """Who puts a font into the deck's folder means it to be used, and to print the same everywhere."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    installed = next(
        file for place in SYSTEM_FONTS for file in Path(place).rglob("NotoLoopedThai-Regular.ttf")
    )
    (folder / "thai.ttf").write_bytes(installed.read_bytes())
    report = Report()
    layout = lay_out_cards(
        deck([note("card-1", "กล้ามเนื้อ")]),
        RenderContext(
            AssetFolder(str(tmp_path)), font_folders=[str(folder)], system_font_folders=SYSTEM_FONTS
        ),
        report,
    )

    assert layout is not None
    assert set(re.findall(rb"Noto\w+", layout.draw()[0].data)) == {b"NotoLoopedThai"}


def test_every_text_of_a_tree_is_found() -> None:
    """Checks of characters look at all that is printed."""
    assert list(strings({"t": "p", "c": ["a", {"t": "b", "c": ["b"]}], "n": 1})) == ["p", "a", "b", "b"]
