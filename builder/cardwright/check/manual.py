"""The manual pages of the rules."""

import inspect
from collections.abc import Callable, Mapping, Sequence

from cardwright.check import DECK_RULES, IMPACT_WARNINGS
from cardwright.check.lints import CODES, LINTS, OF_DECKS, code
from cardwright.check.old_review import old_review
from cardwright.check.unused_allow import unused_allow


def pages() -> Mapping[str, str]:
    """By code, what there is to say about a rule: a line, and behind it why, and an example."""
    rules: tuple[Callable[..., object], ...] = (
        *DECK_RULES,
        *IMPACT_WARNINGS,
        *LINTS,
        old_review,
        unused_allow,
    )
    return {code(rule): inspect.getdoc(rule) or "" for rule in sorted(rules, key=code)}


def page(name: str, text: str) -> list[str]:
    """A manual page for a terminal of 80 columns, line by line; headings end without a full stop or colon.

    name: the code. text: the page in Markdown.
    """
    lines = [f"{name}: {text.partition(chr(10))[0]}"]
    within = False
    for line in text.split("\n")[1:]:
        if line.startswith("```"):
            within = not within
        elif within:
            lines.append(f"    {line}".rstrip())
        else:
            lines.append(line.removeprefix("## "))
    if name in CODES or name in OF_DECKS:
        places = "on a card, at the head of a topic or in deck.yaml" if name in CODES else "in deck.yaml"
        lines += ["", f"To silence it, {places}:", "", f"    allow: [{name}]"]
    return lines


def listing(texts: Mapping[str, str], doubts: Sequence[str]) -> list[str]:
    """What there are pages about, a line each, and what can be allowed.

    texts: as of `pages`. doubts: codes that can be allowed without having a page.
    """
    width = max(len(name) for name in texts)
    lines = {name: f"  {name:<{width}}  {text.partition(chr(10))[0]}" for name, text in texts.items()}
    return [
        "Advice, which `allow:` silences:",
        *(line for name, line in lines.items() if name in CODES),
        "",
        "So it does with doubts about what a text means:",
        f"  {', '.join(doubts)}",
        "",
        "Of what learners will feel, which `allow:` in deck.yaml silences:",
        *(line for name, line in lines.items() if name in OF_DECKS),
        "",
        "Of decks as a whole:",
        *(line for name, line in lines.items() if name not in CODES and name not in OF_DECKS),
    ]
