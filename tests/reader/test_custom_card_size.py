"""Custom card sizes: how a mapping or a file is read, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright import reader
from cardwright.diagnostics import Report
from cardwright.formats.pdf import settings
from cardwright.layout.card_sizes import CARD_SIZES, CardSize, Material
from cardwright.layout.geometry import A4, LETTER, SHEETS
from cardwright.layout.layout_problems import card_size_problems
from cardwright.layout.plan import Mode
from cardwright.layout.units import Unit, format_length, parse_length
from cardwright.reader.custom_card_size import read_card_size_file
from tests.support.memory import FakeEnvironment, deck_files

POKER = "paper: a4\nsize: [63, 88]\ncolumns: 3\nrows: 3\n"


def read_card_size(text: str) -> CardSize:
    report = Report()
    card_size = read_card_size_file("sizes/my-cards.yaml", text.encode(), report)
    assert [diagnostic.message for diagnostic in report] == []
    assert card_size is not None
    return card_size


def read_problems(text: str) -> list[tuple[str, str, str]]:
    """Return the code, the headline and the marked text of each error."""
    report = Report()
    assert read_card_size_file("my-cards.yaml", text.encode(), report) is None
    assert all(len(diagnostic.message) <= 72 for diagnostic in report)
    return [(problem.code, problem.message, problem.span.text if problem.span else "") for problem in report]


def test_defaults_are_the_file_name_and_the_middle_of_the_paper() -> None:
    card_size = read_card_size(POKER)
    (built_in,) = (size for size in CARD_SIZES if size.aliases == ("a4-poker",))

    assert card_size.name == "my-cards"
    assert card_size.grid == built_in.grid
    assert card_size.sheet == A4
    assert card_size.material is Material.PLAIN


def test_lengths_can_be_in_inches() -> None:
    """Card stock from America comes with inches on its box."""
    card_size = read_card_size(
        "paper: letter\nunit: in\nsize: [3.5, 2]\ncolumns: 2\nrows: 4\n"
        "first: [.5, 0.75]\npitch: [4, 63.5 mm]\nstock: die-cut\n"
    )
    (built_in,) = (size for size in CARD_SIZES if size.name == "avery-8373")

    assert (card_size.grid, card_size.sheet, card_size.material) == (built_in.grid, LETTER, Material.DIE_CUT)


def test_default_is_as_many_cards_as_fit() -> None:
    """They leave room for crop marks around them, or the margin that `first` says."""
    grid = read_card_size("paper: a4\nsize: [63, 88]\n").grid
    assert (grid.columns, grid.rows) == (3, 3)
    assert read_card_size("paper: a4\nsize: [105, 74.25]\nfirst: [0, 0]\n").grid.slots == 8
    assert read_card_size("paper: [200, 100]\nsize: [60, 40]\ngutter: [3, 4]\n").grid.slots == 2
    assert read_card_size("paper: [210, 100]\nsize: [200, 90]\n").grid.slots == 1


def test_gutter_lies_between_cards() -> None:
    """One length is used both horizontally and vertically."""
    two_columns = POKER.replace("columns: 3", "columns: 2")
    for gutter, lengths in (("4", (4, 4)), ("[2, 4 mm]", (2, 4))):
        grid = read_card_size(f"{two_columns}gutter: {gutter}\n").grid

        assert (grid.gutter_x, grid.gutter_y) == lengths


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("", ("empty-file", "the file is empty", "")),
        ("[a4]", ("unexpected-value", "a card size needs keys; a list was found", "[a4]")),
        ("paper: a4", ("missing-key", "a card size needs the key `size`", "paper")),
        ("size: [63, 88]", ("missing-key", "a card size needs the key `paper`", "size")),
        (POKER + "colour: red", ("unknown-key", "a card size has no key `colour`", "colour")),
        (POKER + "unit: cm", ("unknown-choice", "`unit` is one of mm, in; found `cm`", "cm")),
        (POKER + "stock: cut",
         ("unknown-choice", "`stock` is one of plain, die-cut, stickers; found `cut`", "cut")),
        (POKER + "gutter: 2\npitch: [65, 90]",
         ("pitch-and-gutter", "`pitch` and `gutter` both say how far cards lie apart; keep one", "gutter")),
        (POKER + "gutter: [2, -1]",
         ("cards-overlap", "a gutter of -1 mm lets the cards overlap", "-1")),
        (POKER + "pitch: [60, 88]",
         ("cards-overlap", "cards 63 mm wide overlap when they begin every 60 mm", "60")),
        (POKER + "first: [10, -1]",
         ("cards-off-paper", "the first card begins at -1 mm, off the paper", "-1")),
        (POKER + "first: [22, 1]",
         ("cards-off-paper", "the cards end at 211 mm; the paper is 210 mm wide", "22")),
        (POKER.replace("rows: 3", "rows: 4"),
         ("cards-off-paper", "4 rows need 352 mm; the paper is 297 mm high", "4")),
        (POKER.replace("rows: 3", "rows: 0"), ("no-cards-on-sheet", "a sheet of 0 rows has no cards", "0")),
        (POKER.replace("rows: 3", "rows: -2"),
         ("no-cards-on-sheet", "a sheet of -2 rows has no cards", "-2")),
        (POKER.replace("rows: 3", "rows: 3.5"),
         ("not-a-count", "`rows` is a number of cards, such as 3; found `3.5`", "3.5")),
        (POKER.replace("rows: 3", "rows: " + "9" * 5000),
         ("not-a-count", "`rows` is a number of cards, such as 3; found `999999999999999…`", "9" * 5000)),
        (POKER.replace("rows: 3", "rows: 9999"),
         ("cards-off-paper", "9999 rows need 879912 mm; the paper is 297 mm high", "9999")),
        (POKER.replace("63", "29"),
         ("card-too-small", "a card of 29 × 88 mm is too small; 30 mm is the least", "29")),
        (POKER.replace("[63, 88]", "[0, -88]"),
         ("card-too-small", "a card of 0 × -88 mm is too small; 30 mm is the least", "[0, -88]")),
        (POKER.replace("63", "211").replace("s: 3", "s: 1"),
         ("cards-off-paper", "a card needs 211 mm; the paper is 210 mm wide", "211")),
        (POKER.replace("63", "1e3"),
         ("not-a-length", "`size` needs lengths such as 63, 63 mm or 2.5 in; found `1e3`", "1e3")),
        (POKER.replace("63", "nan"),
         ("not-a-length", "`size` needs lengths such as 63, 63 mm or 2.5 in; found `nan`", "nan")),
        (POKER.replace("63", "{w: 63}"),
         ("not-a-length", "`size` needs lengths such as 63, 63 mm or 2.5 in; found a mapping", "{w: 63}")),
        (POKER.replace("[63, 88]", "63 x 88"),
         ("not-two-lengths", "`size` is two lengths, such as [63, 88]; found `63 x 88`", "63 x 88")),
        (POKER.replace("[63, 88]", "[63]"),
         ("not-two-lengths", "`size` is two lengths, such as [63, 88]; found 1 of them", "[63]")),
        (POKER.replace("a4", "A4"), ("unknown-paper", "there is no paper called `A4`", "A4")),
        (POKER.replace("a4", "[210, 2970]"),
         ("paper-too-large", "paper of 210 × 2970 mm is too large; 1200 mm is the most", "[210, 2970]")),
        (POKER.replace("a4", "[20, 297]"),
         ("paper-too-small", "paper of 20 × 297 mm is too small; 30 mm is the least", "[20, 297]")),
        (POKER.replace("a4", "letter").replace("63", "3 in") + "unit: in",
         ("cards-off-paper", "3 columns need 9 in; the paper is 8.5 in wide", "3")),
    ],
)  # fmt: skip
def test_mistake_is_reported_where_it_is(change: str, problem: tuple[str, str, str]) -> None:
    """Messages use the author's own unit."""
    text = change.replace("88", "3.4646") if "unit: in" in change else change
    assert read_problems(text)[0] == problem


def test_all_mistakes_are_reported_at_once() -> None:
    problems = read_problems("size: 63\ncolums: 3\nrows: x\nunit: cm\nfirst: [a, 1]\ngutter: -2\n")

    assert [code for code, _, _ in problems] == [
        *("missing-key", "not-two-lengths", "unknown-key", "not-a-count"),
        *("unknown-choice", "not-a-length", "cards-overlap"),
    ]


def test_decimal_comma_is_explained() -> None:
    """Half of Europe writes it this way."""
    report = Report()
    read_card_size_file("a.yaml", POKER.replace("63", '"63,5"').encode(), report)

    assert [diagnostic.help for diagnostic in report] == ["write `63.5`, with a point"]


@given(st.sampled_from(CARD_SIZES), st.sampled_from(Unit))
def test_every_built_in_card_size_can_be_written_by_hand(built_in: CardSize, unit: Unit) -> None:
    grid = built_in.grid

    def pair(x: float, y: float) -> str:
        return f"[{x / unit.in_mm:.9f}, {y / unit.in_mm:.9f}]"

    card_size = read_card_size(
        f"paper: {built_in.sheet.name}\nunit: {unit.value}\nsize: {pair(grid.trim_width, grid.trim_height)}\n"
        f"first: {pair(grid.left, grid.top)}\npitch: {pair(grid.pitch_x, grid.pitch_y)}\n"
        f"columns: {grid.columns}\nrows: {grid.rows}\nstock: {built_in.material.value}\n"
    )

    expected = (grid, built_in.sheet, built_in.material)
    assert (card_size.grid, card_size.sheet, card_size.material) == expected


_lengths = st.floats(-50, 1500).map(lambda length: f"{length:.3f}") | st.sampled_from(
    ["0", "-1", "63 mm", "x", "1e9"]
)


@given(_lengths, _lengths, st.integers(-2, 50), st.integers(-2, 50), st.sampled_from([*SHEETS, "a2"]))
def test_accepted_cards_lie_on_their_paper(
    width: str, height: str, columns: int, rows: int, paper: str
) -> None:
    """Whatever the numbers are, the cards can be printed, or an error says why not."""
    report = Report()
    text = f"paper: {paper}\nsize: [{width}, {height}]\ncolumns: {columns}\nrows: {rows}\n"
    card_size = read_card_size_file("a.yaml", text.encode(), report)

    assert (card_size is None) is report.has_errors
    assert all(len(diagnostic.message) <= 72 for diagnostic in report)
    if card_size is not None:
        assert list(card_size_problems(card_size)) == []
        bounds = card_size.grid.bounds
        assert min(bounds.x, bounds.y) >= -0.05
        assert bounds.right <= card_size.sheet.width + 0.05
        assert bounds.bottom <= card_size.sheet.height + 0.05


@given(st.floats(0, 999).map(lambda length: round(length, 2)), st.sampled_from(Unit))
def test_formatted_length_can_be_parsed(value: float, unit: Unit) -> None:
    """An author can copy a length from a message into the file."""
    assert parse_length(format_length(value * unit.in_mm, unit)) == pytest.approx(value * unit.in_mm)


def print_settings(text: str) -> tuple[list[str], settings.Design | None]:
    """Return the problems in a deck's `print:`, and the design."""
    report = Report()
    (files,) = deck_files({"deck.yaml": f"deck: D\nid: d\nprint:\n{text}cards:\n  - {{id: a, q: b, a: c}}\n"})
    parsed = reader.read_deck(files, FakeEnvironment(), report)
    assert parsed is not None
    design = settings.make_design(parsed.deck.print_settings, report)
    return [f"{problem.code}: {problem.span.text if problem.span else '-'}" for problem in report], design


def test_deck_may_have_a_custom_card_size() -> None:
    """It uses the paper beside it, unless it has its own."""
    beside = "  paper: letter\n  card: {size: [63, 88], columns: 3, rows: 3}\n"
    inside = "  card: {paper: letter, size: [63, 88], columns: 3, rows: 3, stock: stickers}\n"
    for text, mode in ((beside, Mode.DUPLEX), (inside, Mode.SINGLE)):
        problems, design = print_settings(text)
        assert problems == []
        assert design is not None
        assert (design.plan.card_size.name, design.plan.card_size.sheet) == ("own cards", LETTER)
        assert design.plan.mode is mode


def test_two_different_papers_are_refused() -> None:
    problems, design = print_settings("  paper: a4\n  card: {paper: letter, size: [63, 88]}\n")
    assert problems == ["not-on-this-paper: a4"]
    assert design is None
    assert print_settings("  paper: a4\n  card: {paper: [210, 297], size: [63, 88]}\n")[0] == []


def test_mistake_in_a_card_size_causes_no_other_errors() -> None:
    """Only choices that are wrong whatever the cards are like are reported too."""
    card = "  card: {size: [63, x]}\n"

    assert print_settings(card + "  paper: a4\n  bleed: 3\n  marks: crops\n")[0] == ["not-a-length: x"]
    assert print_settings(card + "  paper: a9\n  flip: over\n")[0] == [
        "not-a-length: x",
        "unknown-paper: a9",
        "unknown-choice: over",
    ]
    assert print_settings("  paper: a9\n  card: {size: [500, 600]}\n")[0] == ["unknown-paper: a9"]
