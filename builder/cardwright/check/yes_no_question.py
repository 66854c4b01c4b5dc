"""Rule: yes-no-question."""

import re
from collections.abc import Iterator

from cardwright.check.card_texts import is_english, question_cards
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Severity

_AUXILIARY = re.compile(
    r"(?:is|are|was|were|am|do|does|did|can|could|will|would|shall|should|has|have|had|may|might|must)"
    r"(?:n['’]t)?\s",
    re.IGNORECASE,
)
_TRUE_OR_FALSE = re.compile(r"\b(?:true or false|yes or no|right or wrong)\b", re.IGNORECASE)
_YES_OR_NO = re.compile(r"(?:yes|no|true|false)(?:[.!]?$|\s*[,;:–—]\s)", re.IGNORECASE)
# The question itself can follow a few words: `Grade 1:`, `According to the clinic,`, a sentence.
_LEAD_IN_END = re.compile(r"[:,.!?]\s+")


def yes_no_question(deck: Deck) -> Iterator[Diagnostic]:
    """A question asks for yes or no.

    ## Why is this bad?
    Every second guess is right, so you pass such a card long before you know the
    answer. And it teaches you a single word: "no" doesn't say what is true
    instead.

    You get this advice for decks in English.

    ## Example
    ```yaml
    # cards_source/whales.yaml
    deck: Whales
    id: whales
    cards:
      - {id: fish, q: Is a whale a fish?, a: "No"}
    ```

    Use instead: a question that asks for the fact itself, such as "Which class of
    animals do whales belong to?", or a choice, "A whale: fish or mammal?"
    """
    if not is_english(deck):
        return
    for card in question_cards(deck):
        if (
            card.has_own_answer
            and _YES_OR_NO.match(card.answer_prose.strip())
            and _asks_yes_or_no(card.question_prose.strip())
        ):
            message = "a guess answers this question half of the time"
            help_ = "ask what, which, where, how or why, so that the answer is the fact itself"
            yield Diagnostic("yes-no-question", message, card.question_span, Severity.ADVICE, help=help_)


def _asks_yes_or_no(question: str) -> bool:
    """Return whether a text asks for yes or no, possibly after a few words that lead to the question."""
    if _TRUE_OR_FALSE.search(question):
        return True
    starts = [0, *(lead_in.end() for lead_in in _LEAD_IN_END.finditer(question))]
    return question.endswith("?") and any(_AUXILIARY.match(question, start) for start in starts)
