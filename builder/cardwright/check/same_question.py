"""Rule: same-question."""

from collections.abc import Iterator, Sequence

from cardwright.check.same_fronts import pairs
from cardwright.collection.deck import Deck
from cardwright.diagnostics.diagnostic import Diagnostic, Related, Severity


def same_question(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """Two cards ask the same question.

    ## Why is this bad?
    If the answers differ, you cannot know which one is wanted, and fail a card
    that you know. If they are the same, you study one fact twice, and each card
    disturbs the schedule of the other.

    Cards of two topics are told only if their answers are the same too, since
    the topic stands on the card. Items of one list share their question.

    ## Example
    ```yaml
    # cards_source/leg.yaml
    deck: Leg
    id: leg
    cards:
      - {id: bend, q: What do the hamstrings do?, a: Flex the knee}
      - {id: stretch, q: What do the hamstrings do?, a: Extend the hip}
    ```

    Use instead: questions that tell which, such as "What do the hamstrings do at
    the knee?" and "… at the hip?"; or one card.
    """
    for pair in pairs(decks):
        if not pair.siblings and (pair.same_answer or not pair.turned):
            yield Diagnostic(
                code="same-question",
                message="two cards ask the same and have the same answer"
                if pair.same_answer
                else "two cards ask the same and want different answers",
                span=pair.second,
                severity=Severity.ADVICE,
                note="asked again here",
                related=(Related(pair.first, "first asked here"),),
                help="delete one of them" if pair.same_answer else "say in each question what tells it apart",
            )
