"""The rules' manual pages: every rule has one, and its example shows what it says."""

import re
from datetime import date
from pathlib import Path

import pytest

from cardwright import check, pipeline
from cardwright.check.lints import LINT_CODES
from cardwright.check.manual import manual_pages, render_index, render_page
from cardwright.diagnostics.diagnostic import Severity
from cardwright.diagnostics.report import Report
from cardwright.pipeline.load import load_decks
from cardwright.source.ambiguities import AMBIGUITY_WARNINGS
from tests.support.memory import FakeEnvironment, deck_files

_EXAMPLE = re.compile(r"```yaml\n# cards_source/(?P<path>\S+)\n(?P<text>.*?)```", re.DOTALL)
PAGES = manual_pages()


@pytest.mark.parametrize("code", PAGES)
def test_the_example_of_a_rule_breaks_it_and_no_other(code: str) -> None:
    """A manual page whose example is not a mistake explains nothing, and one with two mistakes confuses."""
    decks = deck_files({match["path"]: match["text"] for match in _EXAMPLE.finditer(PAGES[code])})

    found = pipeline.check(decks, FakeEnvironment(), (), date(2026, 11, 22))

    assert {diagnostic.code for diagnostic in found} == {code}


@pytest.mark.parametrize("code", PAGES)
def test_a_rule_has_a_manual_page_for_a_terminal(code: str) -> None:
    """An author who is told off may ask why, and what to do instead."""
    shown = render_page(code, PAGES[code])

    assert shown[0].startswith(f"{code}: ")
    assert {"Why is this bad?", "Example"} <= set(shown)
    assert any(line.startswith("Use instead: ") for line in shown)
    assert not [line for line in shown if len(line) > 80 or line != line.rstrip() or "```" in line]


def test_the_list_of_pages_is_as_wide_as_a_terminal() -> None:
    assert not [line for line in render_index(PAGES, AMBIGUITY_WARNINGS) if len(line) > 80]


def test_every_rule_is_in_use() -> None:
    """A file that begins with `Rule:` and is in no list finds nothing."""
    files = Path(check.__file__).parent.glob("*.py")
    rules = {found[1] for file in files if (found := re.match(r'"""Rule: (\S+)\.', file.read_text()))}

    assert rules == PAGES.keys()


def test_what_can_be_allowed_is_advice_and_nothing_else_is() -> None:
    """A mistake cannot be wished away, and a build says nothing of what can."""
    for code, text in PAGES.items():
        decks = deck_files({match["path"]: match["text"] for match in _EXAMPLE.finditer(text)})
        built = Report()
        load_decks(decks, FakeEnvironment(), built)
        found = pipeline.check(decks, FakeEnvironment(), (), date(2026, 11, 22))

        assert (code in LINT_CODES) == any(one.severity is Severity.ADVICE for one in found), code
        assert not any(one.severity is Severity.ADVICE for one in built), code
