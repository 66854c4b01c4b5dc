"""The manual pages of the rules: every rule has one, and its example breaks the rule."""

import re
from datetime import date
from pathlib import Path

import pytest

from cardwright import check, pipeline
from cardwright.check.lints import LINT_CODES
from cardwright.check.manual import manual_pages, render_index, render_page, rule_groups
from cardwright.diagnostics import Report, Severity
from cardwright.pipeline.load import load_decks
from cardwright.source.ambiguity_warnings import AMBIGUITY_WARNINGS
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.pages import SOUND

_EXAMPLE = re.compile(r"```yaml\n# cards_source/(?P<path>\S+)\n(?P<text>.*?)```", re.DOTALL)
PAGES = manual_pages()
GROUPS = rule_groups(AMBIGUITY_WARNINGS)
CODES = [code for group in GROUPS for code in group.pages]
_ANY_EXAMPLE = re.compile(r"^```yaml\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 40"/>'
MEDIA = {
    "cards_source/media/thigh.svg": _DRAWING,
    "cards_source/media/femur.svg": _DRAWING,
    "cards_source/media/femur.mp3": SOUND,
}


@pytest.mark.parametrize("code", PAGES)
def test_the_example_of_a_rule_breaks_it_and_no_other(code: str) -> None:
    """Only a lint gives advice, and a build gives none."""
    decks = deck_files({match["path"]: match["text"] for match in _EXAMPLE.finditer(PAGES[code])})
    build_report = Report()
    load_decks(decks, FakeEnvironment(), build_report)
    check_report = pipeline.check(decks, FakeEnvironment(), (), date(2026, 11, 22))

    assert {diagnostic.code for diagnostic in check_report} == {code}
    gives_advice = any(diagnostic.severity is Severity.ADVICE for diagnostic in check_report)
    assert gives_advice == (code in LINT_CODES)
    assert not any(diagnostic.severity is Severity.ADVICE for diagnostic in build_report)


@pytest.mark.parametrize("code", AMBIGUITY_WARNINGS)
def test_the_example_of_doubtful_text_has_a_warning_and_what_is_better_has_none(code: str) -> None:
    found = []
    for match in _ANY_EXAMPLE.finditer(AMBIGUITY_WARNINGS[code]):
        text = match["text"]
        is_deck = text.startswith("# cards_source/")
        deck = text if is_deck else f"deck: Example\nid: example\nprint: false\ncards:\n{text}"
        report = Report()
        load_decks(deck_files({"example.yaml": deck}), FakeEnvironment(MEDIA), report)
        found.append({diagnostic.code for diagnostic in report} - {"missing-id", "unused-media"})

    assert found == [{code}, set()]


@pytest.mark.parametrize("code", CODES)
def test_every_manual_page_is_complete_and_fits_a_terminal(code: str) -> None:
    lines = render_page(code, GROUPS)

    assert lines[0].startswith(f"{code}: ")
    assert {"Example"} <= set(lines)
    assert "Why is this bad?" in lines or code in AMBIGUITY_WARNINGS
    assert any(line.startswith("Use instead: ") for line in lines)
    assert not [line for line in lines if len(line) > 80 or line != line.rstrip() or line.startswith("```")]


def test_the_list_of_rules_fits_a_terminal() -> None:
    assert not [line for line in render_index(GROUPS) if len(line) > 80]


def test_every_rule_is_in_a_table() -> None:
    """A rule that is in no table never runs."""
    modules = Path(check.__file__).parent.glob("*.py")
    rules = {match[1] for path in modules if (match := re.match(r'"""Rule: (\S+)\.', path.read_text()))}

    assert rules == PAGES.keys()
