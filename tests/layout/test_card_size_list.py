"""The list of card sizes that have a name."""

import textwrap

import pytest
from hypothesis import given

from cardwright.diagnostics import Report
from cardwright.layout.card_size_list import CUSTOM_SIZE_HELP, draw_sheet, list_card_sizes
from cardwright.layout.card_sizes import CARD_SIZES, find_card_sizes
from cardwright.layout.geometry import Grid
from cardwright.reader.custom_card_size import read_card_size_file
from cardwright.reader.deck_keys import CARD_SIZE_KEYS
from tests.layout.test_layout import grids


def test_every_name_is_in_the_list_of_lines_of_80_characters() -> None:
    text = list_card_sizes()
    names = text.replace(",", " ").split()

    assert all(name in names for size in CARD_SIZES for name in (size.name, *size.aliases))
    assert max(len(line) for line in text.splitlines()) <= 80
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize(
    ("card", "lines"),
    [
        (
            "avery-8371",
            [
                "  ┌───┬───┐         avery-5371",
                "  ├───┼───┤         business cards, sold cut",
                "  ├───┼───┤         3.5 × 2 in (88.9 × 50.8 mm)",
                "  ├───┼───┤         10 on a sheet, 2 × 5",
                "  ├───┼───┤         also avery-8371, avery-5911, avery-5876, avery-8471,",
                "  └───┴───┘         avery-8877, avery-28371, avery-28877",
            ],
        ),
        (
            "avery-l4784",
            [
                "  ┌──┬──┐           avery-l4785",
                "  ├──┼──┤           name badges, one side only, stickers",
                "  ├──┼──┤           80 × 50 mm",
                "  ├──┼──┤           10 on a sheet, 2 × 5, columns 15 mm apart, rows 5 mm apart",
                "  ├──┼──┤           also avery-l4784",
                "  └──┴──┘",
            ],
        ),
        (
            "a4-9",
            [
                "  ┌──┬──┬──┐        a4-9",
                "  │  │  │  │        nine on A4",
                "  ├──┼──┼──┤        70 × 99 mm",
                "  │  │  │  │        9 on a sheet, 3 × 3",
                "  ├──┼──┼──┤",
                "  │  │  │  │",
                "  └──┴──┴──┘",
            ],
        ),
    ],
)
def test_a_size_is_listed_with_its_sheet(card: str, lines: list[str]) -> None:
    """Name, purpose, size in the unit on its box, how many there are, and other names."""
    assert "\n".join(lines) in list_card_sizes()
    assert find_card_sizes(card)


def test_sizes_are_listed_by_paper() -> None:
    a4, letter = list_card_sizes().split("For letter paper, 8.5 × 11 in")

    assert a4.startswith("For a4 paper, 210 × 297 mm\n══════════════════════════\n")
    assert " tarot" in a4
    assert " tarot" not in letter
    assert " avery-5388" in letter


@given(grids())
def test_a_picture_of_any_grid_has_all_cards_and_straight_edges(grid: Grid) -> None:
    lines = draw_sheet(grid)

    assert len({len(line) for line in lines}) == 1
    assert lines[0].count("┬") == grid.columns - 1
    assert sum(line[0] == "├" for line in lines) == grid.rows - 1
    card_width = (len(lines[0]) - 1) / grid.columns
    card_height = (len(lines) - 1) / grid.rows
    assert card_width == max(2, round(2 * card_height * grid.trim_width / grid.trim_height))


def test_the_example_of_a_custom_card_size_can_be_read() -> None:
    """It describes poker cards, with every key but the two that are for others."""
    report = Report()
    text = textwrap.dedent(
        "".join(line for line in CUSTOM_SIZE_HELP.splitlines(keepends=True) if line.startswith("    "))
    )
    card_size = read_card_size_file("my-cards.yaml", text.encode(), report)

    assert len(report) == 0
    assert card_size is not None
    assert card_size.grid == find_card_sizes("a4-poker")[0].grid
    assert {line.split(":")[0] for line in text.splitlines()} == set(CARD_SIZE_KEYS) - {"name", "gutter"}
