"""The manual pages of the rules, as `cardwright check --explain` prints them."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap

from cardwright.check import DECK_RULES, IMPACT_WARNINGS
from cardwright.check.lints import IMPACT_CODES, LINT_CODES, LINTS, rule_code
from cardwright.check.old_review import old_review
from cardwright.check.unused_allow import unused_allow
from cardwright.collection.suppression import HISTORY_WARNINGS


def manual_pages() -> Mapping[str, str]:
    """Return the manual page of every rule in Markdown, by the rule's code."""
    rules: tuple[Callable[..., object], ...] = (
        *DECK_RULES,
        *IMPACT_WARNINGS,
        *LINTS,
        old_review,
        unused_allow,
    )
    return {rule_code(rule): inspect.getdoc(rule) or "" for rule in sorted(rules, key=rule_code)}


def render_page(code: str, page: str) -> list[str]:
    """Return the lines of a rule's manual page for a terminal of 80 columns. page: in Markdown."""
    summary, *body = page.split("\n")
    lines = [f"{code}: {summary}"]
    in_example = False
    for line in body:
        if line.startswith("```"):
            in_example = not in_example
        elif in_example:
            lines.append(f"    {line}".rstrip())
        else:
            lines.append(line.removeprefix("## "))
    if code in LINT_CODES:
        lines += ["", "If you do this on purpose, allow it on the card, at the top of its topic or in"]
        lines += ["deck.yaml:", "", f"    allow: [{code}]"]
    if code in IMPACT_CODES:
        lines += ["", "If you do this on purpose, allow it in deck.yaml:", "", f"    allow: [{code}]"]
    return lines


def render_index(pages: Mapping[str, str], ambiguity_warnings: Sequence[str]) -> list[str]:
    """Return the lines of a list of all rules.

    pages: as returned by `manual_pages`. ambiguity_warnings: codes that can be allowed but have no page.
    """
    width = max(map(len, pages))
    entries = {code: f"  {code:<{width}}  {page.partition(chr(10))[0]}" for code, page in pages.items()}
    return [
        "Advice on writing cards; `allow:` on a card, a topic or a deck turns it off:",
        *(entry for code, entry in entries.items() if code in LINT_CODES),
        "",
        "Text that may not mean what you want; `allow:` turns this off as well:",
        *wrap(", ".join(ambiguity_warnings), 80, initial_indent="  ", subsequent_indent="  "),
        "",
        "Ids that went astray since the last release; `allow:` turns this off as well:",
        f"  {', '.join(HISTORY_WARNINGS)}",
        "",
        "What learners will notice; `allow:` in deck.yaml turns this off:",
        *(entry for code, entry in entries.items() if code in IMPACT_CODES),
        "",
        "Problems that `allow:` does not turn off:",
        *(entry for code, entry in entries.items() if code not in LINT_CODES and code not in IMPACT_CODES),
    ]
