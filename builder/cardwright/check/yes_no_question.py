"""Rule: yes-no-question."""

import re
from collections.abc import Iterator, Sequence

from cardwright.check.card_texts import asked, english, prose
from cardwright.collection.deck import Deck
from cardwright.diagnostics.diagnostic import Diagnostic, Severity

_ASKS = re.compile(
    r"(?:is|are|was|were|am|do|does|did|can|could|will|would|shall|should|has|have|had|may|might|must)"
    r"(?:n['’]t)?\s",
    re.IGNORECASE,
)
_TRUE_OR_FALSE = re.compile(r"\b(?:true or false|yes or no|right or wrong)\b", re.IGNORECASE)
_ANSWERS = re.compile(r"(?:yes|no|true|false)(?:[.!]?$|\s*[,;:–—]\s)", re.IGNORECASE)
# What may stand before the question itself: `Grade 1:`, `According to the clinic,`, a sentence.
_BEFORE = re.compile(r"[:,.!?]\s+")


def yes_no_question(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """A question that is answered by yes or no.

    ## Why is this bad?
    A guess is right half of the time, so such a card is passed long before it is
    known. And the answer teaches one word: "no" does not say what is so instead.

    This advice is given for decks in English.

    ## Example
    ```yaml
    # cards_source/whales.yaml
    deck: Whales
    id: whales
    cards:
      - {id: fish, q: Is a whale a fish?, a: "No"}
    ```

    Use instead: a question that asks for the fact itself, such as "Which class of
    animals do whales belong to?", or the choice, "A whale: fish or mammal?"
    """
    for deck in decks:
        if not english(deck):
            continue
        for one in asked(deck):
            if one.own and _ANSWERS.match(prose(one.answer).strip()) and _asks(prose(one.question).strip()):
                yield Diagnostic(
                    code="yes-no-question",
                    message="a question that a guess answers half of the time",
                    span=one.question_place,
                    severity=Severity.ADVICE,
                    help="ask what, which, where, how or why, so that the fact itself is the answer",
                )


def _asks(question: str) -> bool:
    """Whether a text asks for yes or no, behind a few words that may lead to the question."""
    if _TRUE_OR_FALSE.search(question):
        return True
    starts = [0, *(before.end() for before in _BEFORE.finditer(question))]
    return question.endswith("?") and any(_ASKS.match(question, start) for start in starts)
