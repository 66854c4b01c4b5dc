"""Defaults, progress, nodes of text, and the choice of fonts."""

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
from cardwright.diagnostics import Report
from cardwright.formats.pdf import settings
from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.fonts import Placement, choose_fallback_families
from cardwright.formats.pdf.graphemes import grapheme_clusters
from cardwright.formats.pdf.nodes import Node, TextStyle, count_dicts, is_plain, node_types, strings
from cardwright.formats.pdf.tree import block_nodes
from cardwright.formats.pdf.words import (
    SOFT_HYPHEN,
    ZERO_WIDTH_SPACE,
    breakable_code,
    text_direction,
    text_nodes,
)
from cardwright.shell.environment import LocalAssetDir
from tests.support.print_decks import SYSTEM_FONTS, deck, lay_out_cards, layout_errors, note


def test_the_default_is_a7_safe_on_a4() -> None:
    """Most people can print A7 cards that keep clear of every printer's margin."""
    report = Report()
    design = settings.make_design(deck([]).print_settings, report)

    assert design is not None
    card_size = design.plan.card_size
    assert (card_size.sheet.name, card_size.name) == ("a4", "a7-safe")
    assert len(report) == 0


def test_unknown_papers_and_card_sizes_are_both_reported() -> None:
    """With the name that was probably meant."""
    report = Report()

    assert settings.make_design(deck([], paper="leter", card="A7").print_settings, report) is None
    assert [(error.code, error.message, error.help, error.span and error.span.text) for error in report] == [
        ("unknown-paper", "there is no paper called `leter`", "did you mean `letter`?", "leter"),
        ("unknown-card-size", "there is no card size called `A7`", "did you mean `a7`?", "A7"),
    ]


def test_nothing_to_print_is_no_error(tmp_path: Path) -> None:
    """A deck with no printed cards has no sheets."""
    assert len(layout_errors(deck([note("card-1", "Q?", printed=False)]), tmp_path)) == 0


def test_progress_counts_cards_measured_and_rendered(tmp_path: Path) -> None:
    """Each card counts twice, so that the bar isn't full while the pages are still rendered."""
    calls: list[tuple[int, int]] = []
    # Half of the sides have a word that is not plain, so they are laid out to be measured.
    cards = [note(f"card-{number}", "This/that?") for number in range(100)]
    lay_out_cards(deck(cards), tmp_path, progress=lambda done, total: calls.append((done, total))).draw()

    progress = [done for done, _ in calls]
    assert {total for _, total in calls} == {200}
    assert progress == sorted(set(progress))
    assert len(progress) > 4
    assert progress[-2:] == [100, 200]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Z"]), max_size=120))
def test_breaking_adds_nothing_but_places_to_break(word: str) -> None:
    """The text itself stays as it was."""
    text = "".join(node if isinstance(node, str) else str(node["s"]) for node in text_nodes(word))

    assert _without_breaks(text) == _without_breaks(word)
    assert _without_breaks(breakable_code(word)) == _without_breaks(word)


def _without_breaks(text: str) -> str:
    return text.replace(ZERO_WIDTH_SPACE, "").replace(SOFT_HYPHEN, "")


def test_text_has_white_space_as_a_browser_shows_it() -> None:
    """A line break of the source is a space, so that paper agrees with Anki."""
    assert text_nodes("a\n  b\tc\u00a0 d") == ["a b c\u00a0 d"]


def test_short_words_and_scripts_without_spaces_get_no_break() -> None:
    """The engine knows where Japanese and Thai may break; extra characters would disturb it."""
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
def test_grapheme_clusters_are_what_readers_take_for_one_character(text: str, pieces: list[str]) -> None:
    """A font that has the parts of 👩‍🔬 may still lack the whole."""
    assert grapheme_clusters(text) == pieces


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("abc", "ltr"),
        ("שלום abc", "rtl"),
        ("abc שלום", "auto"),
        ("12 שלום", "rtl"),
        ("\u2066abc\u2069 שלום abc", "rtl"),
        ("\u2067שלום\u2069 abc", "ltr"),
        ("\u2068\u2066a\u2069 b\u2069 שלום", "rtl"),
        ("é", "ltr"),
        ("", "ltr"),
    ],
)
def test_the_first_strong_letter_decides_the_direction(text: str, direction: str) -> None:
    """A Latin name at the start of an Arabic sentence leaves it to the deck's language."""
    assert text_direction([text]) == direction


def test_the_first_letter_counts_wherever_it_is_in_the_paragraph() -> None:
    """In bold or in code, but not in a formula."""
    hebrew: Node = {"t": "b", "c": ["שלום"]}

    assert text_direction(["The word ", hebrew]) == "auto"
    assert text_direction([{"t": "code", "s": "x"}, " הוא"]) == "auto"
    assert text_direction([{"t": "math", "tex": "x", "c": [{"t": "symbol", "s": "x"}]}, " הוא"]) == "rtl"


def test_lists_and_tables_have_a_direction_too() -> None:
    """Bullets and first columns are where reading begins."""
    hebrew = plain("שריר")
    nodes = block_nodes((BulletList((hebrew,)), Table(("",), (plain("שריר"),), ())))

    assert [node["dir"] for node in nodes if not isinstance(node, str)] == ["rtl", "rtl"]


def test_a_picture_in_a_sentence_has_a_line_of_its_own() -> None:
    """As in Anki; two pictures to be compared stay beside each other."""
    picture_node = {"t": "img", "src": "media/a.png", "alt": "a"}
    picture = Image(MediaFile("a.png", "media/a.png", b""), "a")
    content = (Paragraph((Text("Which? "), picture, Text(" "), picture, LineBreak(), Text("And why?"))),)

    assert [node["c"] for node in block_nodes(content) if not isinstance(node, str)] == [
        ["Which?"],
        [picture_node, " ", picture_node],
        ["And why?"],
    ]


def test_fonts_are_chosen_by_script_and_with_serifs_first(tmp_path: Path) -> None:
    """No more than needed, and the same on every machine that has them."""
    engine = Engine(LocalAssetDir(str(tmp_path)), SYSTEM_FONTS)

    assert choose_fallback_families(engine, {TextStyle(): dict.fromkeys("กक日ひ", Placement())}, "en") == (
        "Noto Serif Devanagari",
        "Noto Serif Thai",
        "Noto Serif CJK JP",
    )
    assert choose_fallback_families(engine, {TextStyle(): {"\U0010fffd": Placement()}}, "en") == ()


def test_fonts_of_the_deck_come_before_those_of_the_system(tmp_path: Path) -> None:
    """A font in the deck's folder prints the same everywhere."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    installed = next(
        file for system in SYSTEM_FONTS for file in Path(system).rglob("NotoLoopedThai-Regular.ttf")
    )
    (folder / "thai.ttf").write_bytes(installed.read_bytes())
    thai_deck = deck([note("card-1", "กล้ามเนื้อ")])
    layout = lay_out_cards(thai_deck, tmp_path, font_folders=[str(folder)], system_font_folders=SYSTEM_FONTS)

    assert set(re.findall(rb"Noto\w+", layout.draw()[0].data)) == {b"NotoLoopedThai"}


def test_strings_finds_every_text_of_a_tree() -> None:
    """Checks of characters look at everything that is printed."""
    assert list(strings({"t": "p", "c": ["a", {"t": "b", "c": ["b"]}], "n": 1})) == ["p", "a", "b", "b"]


def test_a_tree_with_half_of_a_surrogate_pair_can_be_looked_at() -> None:
    """An address may have one. Only what is printed has to be UTF-8."""
    tree: Node = {"t": "link", "url": "https://a.b/?c=\ud800", "c": [{"t": "b", "c": ["b"]}]}

    assert not is_plain(tree)
    assert count_dicts(tree) == 2
    assert node_types(tree) == {"link", "b"}
