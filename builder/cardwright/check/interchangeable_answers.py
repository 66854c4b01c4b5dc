"""Rule: interchangeable-answers."""

from collections.abc import Iterator, Sequence

from cardwright.check.same_fronts import pairs
from cardwright.collection.deck import Deck
from cardwright.diagnostics.diagnostic import Diagnostic, Related, Severity


def interchangeable_answers(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """A question turned around has two right answers.

    ## Why is this bad?
    Two cards have the same answer, and it is asked backwards from both. Then it
    cannot tell which of the two is wanted: either answer is right, and one of
    them fails. The two facts will be mixed up ever after. (Source: P. Wozniak,
    Twenty rules of formulating knowledge, 1999, rule 11: combat interference.)

    ## Example
    ```yaml
    # cards_source/leg.yaml
    deck: Leg
    id: leg
    cards:
      - id: action
        table:
          ask:
            knee: {q: "{row}: its work at the knee?", reverse: "What {cell}?"}
          rows:
            hamstrings: {knee: flexes it}
            gastrocnemius: {knee: flexes it}
            quadriceps: {knee: extends it}
    ```

    Use instead: the way back only where the answer is one row's alone; or one
    card that asks for what the two have in common.
    """
    for pair in pairs(decks):
        if pair.turned and not pair.same_answer:
            yield Diagnostic(
                code="interchangeable-answers",
                message="asked backwards, this has two different answers",
                span=pair.second,
                severity=Severity.ADVICE,
                note="either answer is right",
                related=(Related(pair.first, "asked backwards from here too"),),
                help="leave out `reverse` here, or tell in the question which one is wanted",
            )
