"""Rule: same-question."""

from collections.abc import Iterator

from cardwright.check.same_fronts import same_fronts
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Related, Severity


def same_question(deck: Deck) -> Iterator[Diagnostic]:
    """Two cards ask the same question.

    ## Why is this bad?
    If their answers differ, you can't know which one is wanted, and you fail a
    card that you know. If their answers are the same, you study one fact twice,
    and each card upsets the schedule of the other.

    Cards of two topics are only compared if their answers are the same too,
    because every card shows its topic. Items of one list may share a question.

    ## Example
    ```yaml
    # cards_source/leg.yaml
    deck: Leg
    id: leg
    cards:
      - {id: bend, q: What do the hamstrings do?, a: Flex the knee}
      - {id: stretch, q: What do the hamstrings do?, a: Extend the hip}
    ```

    Use instead: questions that show which answer is wanted, such as "What do the
    hamstrings do at the knee?" and "… at the hip?", or a single card.
    """
    for pair in same_fronts(deck):
        if pair.from_one_card or (pair.has_reverse and not pair.has_same_answer):
            continue
        message = "two cards ask the same question but want different answers"
        help_ = "say in each question which answer is wanted"
        if pair.has_same_answer:
            message = "two cards ask the same question and have the same answer"
            help_ = "delete one of them"
        note, related = "asked again here", (Related(pair.first, "first asked here"),)
        yield Diagnostic("same-question", message, pair.second, Severity.ADVICE, note, related, help_)
