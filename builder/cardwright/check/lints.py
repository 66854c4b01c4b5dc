"""Advice on the writing of cards: what a learner will stumble over. `check` gives it, `build` does not."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import date

from cardwright.check import IMPACT_WARNINGS, Rule
from cardwright.check.answer_in_question import answer_in_question
from cardwright.check.claim_without_source import claim_without_source
from cardwright.check.enumeration import enumeration
from cardwright.check.interchangeable_answers import interchangeable_answers
from cardwright.check.long_answer import long_answer
from cardwright.check.mostly_hidden import mostly_hidden
from cardwright.check.old_review import old_review
from cardwright.check.question_without_subject import question_without_subject
from cardwright.check.same_question import same_question
from cardwright.check.suppression import filter_suppressed
from cardwright.check.unused_allow import unused_allow
from cardwright.check.yes_no_question import yes_no_question
from cardwright.collection.deck import Deck
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.span import Span

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
"""What a deck alone shows."""


def code(rule: object) -> str:
    """The code of what a rule finds: its name, in kebab case."""
    return str(getattr(rule, "__name__", "")).replace("_", "-")


CODES = tuple(sorted(code(rule) for rule in (*LINTS, old_review)))
"""What is advised, which can be silenced with `allow:`."""

OF_DECKS = tuple(code(rule) for rule in IMPACT_WARNINGS)
"""What can be silenced besides, with `allow:` of the deck."""


def run_lints(deck: Deck, silenced: AbstractSet[Span], today: date) -> Iterator[Diagnostic]:
    """The advice there is for the author of a deck, less what is allowed, and what is allowed for nothing.

    silenced: places of allowances that were of use in reading the deck.
    today: what the age of a review is counted from.
    """
    found = [advice for rule in LINTS for advice in rule([deck])]
    found += old_review([deck], today)
    told, more = filter_suppressed(found, deck.allowances)
    yield from told
    yield from unused_allow(deck, silenced | more)
