"""Lines of code, and drawings made of characters: smaller before they are broken, then a warning."""

import io
from pathlib import Path

import pdfplumber
import pytest

from cardwright.collection import content as c
from cardwright.diagnostics import Severity
from tests.support.print_decks import SYSTEM_FONTS, deck, layout_report, note, pdf_text, render_sheets


def drawing(width: int) -> c.Content:
    """Return a box of three lines, as wide as so many characters."""
    edge, middle = "+" + "-" * (width - 2) + "+", "|" + " " * (width - 2) + "|"
    return (c.code_block(f"{edge}\n{middle}\n{edge}"),)


def corner_sizes(pdf: bytes) -> list[float]:
    """Return the sizes of all `+` in a PDF, in pt."""
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        return [round(char["size"], 1) for page in file.pages for char in page.chars if char["text"] == "+"]


@pytest.mark.parametrize(("width", "size"), [(20, 8.7), (40, 8.7), (48, 7.9), (53, 7.2)])
def test_code_gets_smaller_before_its_lines_are_broken(width: int, size: float, tmp_path: Path) -> None:
    """A drawing that is broken cannot be read. Code that has room is as large as ever."""
    the_deck = deck([note("card-1", "Q?", drawing(width))])
    pdf = render_sheets(the_deck, tmp_path)
    edges = [line for line in pdf_text(pdf).splitlines() if line.startswith("+-")]

    assert [len(edge.replace("\u200b", "")) for edge in edges] == [width] * 2
    assert corner_sizes(pdf) == [size] * 4
    assert list(layout_report(the_deck, tmp_path / "report")) == []


def test_code_in_a_list_gets_smaller_too(tmp_path: Path) -> None:
    entry = (*c.plain("It looks so:"), *drawing(46))
    pdf = render_sheets(deck([note("card-1", "Q?", (c.BulletList((entry,)),))]), tmp_path)

    assert pdf_text(pdf).replace("\u200b", "").count("+" + "-" * 44 + "+\n") == 2


def test_code_too_wide_for_the_card_is_warned_of(tmp_path: Path) -> None:
    report = list(layout_report(deck([note("wide", "Q?", drawing(80))]), tmp_path))

    assert [(warning.code, warning.severity) for warning in report] == [("broken-code", Severity.WARNING)]
    assert report[0].message == "a line of code has 80 characters; 54 fit on a card"
    assert "wider cards" in report[0].help
    assert (
        list(layout_report(deck([note("wide", "Q?", drawing(70))], card="index-3x5"), tmp_path / "index"))
        == []
    )


def test_wide_characters_count_twice(tmp_path: Path) -> None:
    """A character of East Asia is as wide as two letters."""
    report = layout_report(deck([note("wide", "Q?", (c.code_block("猫" * 30),))]), tmp_path)

    assert "a line of code has 60 characters; 54 fit on a card" in [found.message for found in report]


def test_signs_of_several_characters_count_once(tmp_path: Path) -> None:
    """Marks take no room, and an emoji has that of two letters, however many characters it is made of."""
    lines = "\n".join(
        ["x\u0302" * 50, "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 25, "1\ufe0f\u20e3" * 25]
    )
    report = layout_report(deck([note("wide", "Q?", (c.code_block(lines),))]), tmp_path, fonts=SYSTEM_FONTS)

    assert [found.message for found in report] == []
