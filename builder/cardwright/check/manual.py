"""The manual pages of the rules, as `cardwright check --explain` prints them."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap

from cardwright.check import DECK_RULES, IMPACT_WARNINGS
from cardwright.check.lints import IMPACT_CODES, LINT_CODES, LINTS, rule_code
from cardwright.check.old_review import old_review
from cardwright.check.unused_allow import unused_allow
from cardwright.collection.suppression import HISTORY_WARNINGS
from cardwright.record import Record

_ANYWHERE = "If you do this on purpose, allow it on the card, at the top of its file or in deck.yaml:"
_IN_DECK = "If you do this on purpose, allow it in deck.yaml:"
_MEANT = "If it is to stay as it is, allow it on the card, at the top of its file or in deck.yaml:"
_RIGHT = "If all is as you want it, allow it on the card, at the top of its file or in deck.yaml:"


class RuleGroup(Record, frozen=True):
    """Rules that are listed together.

    title: what they have in common.
    pages: the manual page of each in Markdown, by its code; its first line is a summary.
    allowing: how `allow:` turns one off; empty if it doesn't.
    """

    title: str
    pages: Mapping[str, str]
    allowing: str = ""


def rule_groups(ambiguity_warnings: Mapping[str, str]) -> Sequence[RuleGroup]:
    """Return all rules. ambiguity_warnings: the pages of rules that are found while texts are read."""
    pages = manual_pages()
    return (
        RuleGroup("Advice on writing cards", _pages_of(LINT_CODES, pages), _ANYWHERE),
        RuleGroup("Text that may not mean what you want", ambiguity_warnings, _MEANT),
        RuleGroup("Ids that seem lost or mixed up since the last release", HISTORY_WARNINGS, _RIGHT),
        RuleGroup("What learners will notice", _pages_of(IMPACT_CODES, pages), _IN_DECK),
        RuleGroup(
            "Problems that `allow:` does not turn off",
            {code: page for code, page in pages.items() if code not in LINT_CODES + IMPACT_CODES},
        ),
    )


def _pages_of(codes: Sequence[str], pages: Mapping[str, str]) -> Mapping[str, str]:
    return {code: pages[code] for code in codes}


def manual_pages() -> Mapping[str, str]:
    """Return the manual page of every rule in this package in Markdown, by the rule's code."""
    rules: tuple[Callable[..., object], ...] = (
        *DECK_RULES,
        *IMPACT_WARNINGS,
        *LINTS,
        old_review,
        unused_allow,
    )
    return {rule_code(rule): inspect.getdoc(rule) or "" for rule in sorted(rules, key=rule_code)}


def render_page(code: str, groups: Sequence[RuleGroup]) -> list[str]:
    """Return the lines of a rule's manual page for a terminal of 80 columns."""
    (group,) = (group for group in groups if code in group.pages)
    summary, *body = group.pages[code].split("\n")
    lines = [f"{code}: {summary}"]
    in_example = False
    for line in body:
        if line.startswith("```"):
            in_example = not in_example
        elif in_example:
            lines.append(f"    {line}".rstrip())
        else:
            lines.append(line.removeprefix("## "))
    if group.allowing:
        lines += ["", *wrap(group.allowing, 80), "", f"    allow: [{code}]"]
    return lines


def render_index(groups: Sequence[RuleGroup]) -> list[str]:
    """Return the lines of a list of all rules."""
    width = max(len(code) for group in groups for code in group.pages)
    lines = []
    for group in groups:
        how = {_IN_DECK: "; `allow:` in deck.yaml turns this off", "": ""}
        lines += ["", f"{group.title}{how.get(group.allowing, '; `allow:` turns this off')}:"]
        lines += [f"  {code:<{width}}  {page.partition(chr(10))[0]}" for code, page in group.pages.items()]
    return lines[1:]
