"""The rules' manual pages: every rule has one, and its example shows what it says."""

import inspect
import re

import pytest

from builder import reader
from builder.check import RULES, Rule
from builder.diagnostics.report import Report
from tests.memory import Shelf, deck_files

_EXAMPLE = re.compile(r"```yaml\n# cards_source/(?P<path>\S+)\n(?P<text>.*?)```", re.DOTALL)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_the_example_of_a_rule_breaks_it(rule: Rule) -> None:
    """
    A manual page whose example is not a mistake explains nothing.
    """
    page = inspect.getdoc(rule) or ""
    report = Report()
    decks = deck_files({match["path"]: match["text"] for match in _EXAMPLE.finditer(page)})
    readings = [reader.read(deck, Shelf(), report) for deck in decks]

    found = list(rule([reading.deck for reading in readings if reading is not None]))

    assert not report.has_errors
    assert {diagnostic.code for diagnostic in found} == {rule.__name__.replace("_", "-")}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_a_rule_has_a_manual_page(rule: Rule) -> None:
    """
    An author who is told off may ask why, and what to do instead.
    """
    page = inspect.getdoc(rule) or ""

    assert "## Why is this bad?" in page
    assert "## Example" in page
    assert "Use instead:" in page
