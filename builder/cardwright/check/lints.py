"""Advice on writing cards that are easy to learn. The command `check` gives it; a build doesn't."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import date

from cardwright.check import IMPACT_WARNINGS, Rule
from cardwright.check.answer_in_question import answer_in_question
from cardwright.check.card_texts import with_texts
from cardwright.check.claim_without_source import claim_without_source
from cardwright.check.enumeration import enumeration
from cardwright.check.interchangeable_answers import interchangeable_answers
from cardwright.check.long_answer import long_answer
from cardwright.check.mostly_hidden import mostly_hidden
from cardwright.check.old_review import old_review
from cardwright.check.question_without_subject import question_without_subject
from cardwright.check.same_question import same_question
from cardwright.check.unused_allow import unused_allow
from cardwright.check.yes_no_question import yes_no_question
from cardwright.collection.deck import Deck
from cardwright.collection.suppression import filter_suppressed
from cardwright.diagnostics import Diagnostic, Span

LINTS: tuple[Rule, ...] = (
    answer_in_question,
    claim_without_source,
    enumeration,
    interchangeable_answers,
    long_answer,
    mostly_hidden,
    question_without_subject,
    same_question,
    yes_no_question,
)
"""The lints that look at nothing but a deck; `old_review` also needs today's date."""


def rule_code(rule: object) -> str:
    """Return the code of a rule's diagnostics: its function name in kebab case."""
    return str(getattr(rule, "__name__", "")).replace("_", "-")


LINT_CODES = tuple(sorted(rule_code(rule) for rule in (*LINTS, old_review)))
"""An `allow:` of a card, a topic or a deck suppresses these."""

IMPACT_CODES = tuple(rule_code(rule) for rule in IMPACT_WARNINGS)
"""Only an `allow:` of the deck suppresses these."""


def run_lints(deck: Deck, used_suppressions: AbstractSet[Span], today: date) -> Iterator[Diagnostic]:
    """Yield the advice for a deck that is not suppressed, and a warning for each unused suppression.

    used_suppressions: places of the suppressions that applied to a diagnostic while the deck was read.
    today: the day from which the age of a review is counted.
    """
    read_deck = with_texts(deck)
    advice = [diagnostic for rule in LINTS for diagnostic in rule(read_deck)]
    advice += old_review(deck, today)
    remaining, used_by_lints = filter_suppressed(advice, deck.suppressions)
    yield from remaining
    yield from unused_allow(deck, used_suppressions | used_by_lints)
