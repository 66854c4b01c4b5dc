"""The tables of docs/printing.md name all that the program has: each option, and each card size."""

import re
from collections.abc import Iterator

import click
import pytest

from cardwright.cli.print import command
from cardwright.layout.card_sizes import CARD_SIZES, PAPERS, CardSize, Material
from cardwright.layout.units import INCH, Unit, format_size
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "printing.md").read_text(encoding="utf-8")
_MATERIALS = {Material.PLAIN: "", Material.DIE_CUT: ", sold cut", Material.STICKERS: ", stickers"}


def test_the_table_of_options_has_each_option_once() -> None:
    rows = re.findall(r"^\| (`--.+?) \|", _section("Options"), re.MULTILINE)
    listed = [name for row in rows for name in re.findall(r"--[a-z-]+", row)]
    options = [
        name
        for option in command.params
        if isinstance(option, click.Option)
        for name in (*option.opts, *option.secondary_opts)
    ]
    assert sorted(listed) == sorted(options)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_table_of_card_sizes_is_as_the_program_has_them(paper: str) -> None:
    rows = [_row(size) for size in CARD_SIZES if size.sheet.name == paper]
    assert "\n".join(rows) in _section("Card sizes"), "\n" + "\n".join(rows)


def test_each_size_of_the_table_is_in_the_program() -> None:
    rows = re.findall(r"^\| `.*", _section("Card sizes"), re.MULTILINE)
    assert sorted(rows) == sorted(_row(size) for size in CARD_SIZES)


def _section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def _row(size: CardSize) -> str:
    grid = size.grid
    measures = format_size(grid.trim_width, grid.trim_height, next(_inches(size), Unit.MM))
    cells = (
        f"`{size.name}`",
        f"{grid.slots} ({grid.columns} × {grid.rows})",
        measures,
        f"{size.description}{_MATERIALS[size.material]}",
        ", ".join(f"`{alias}`" for alias in size.aliases),
    )
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def _inches(size: CardSize) -> Iterator[Unit]:
    """Yield inches if the cards are measured in them."""
    hundredths = [length / INCH * 100 for length in (size.grid.trim_width, size.grid.trim_height)]
    if size.sheet.name == "letter" and all(abs(number - round(number)) < 1e-3 for number in hundredths):
        yield Unit.IN
