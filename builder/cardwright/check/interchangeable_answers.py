"""Rule: interchangeable-answers."""

from collections.abc import Iterator

from cardwright.check.same_fronts import same_fronts
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Related, Severity


def interchangeable_answers(deck: Deck) -> Iterator[Diagnostic]:
    """A question asked in reverse has two right answers.

    ## Why is this bad?
    Two cards have the same answer, and both are also asked in reverse. The
    reverse card can't say which of the two it wants: both are right, but one of
    them counts as wrong. From then on, you confuse the two facts. (Source: P.
    Wozniak, Twenty rules of formulating knowledge, 1999, rule 11: combat
    interference.)

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

    Use instead: `reverse` only where an answer belongs to a single row, or one
    card that asks what the two have in common.
    """
    for pair in same_fronts(deck):
        if pair.has_reverse and not pair.has_same_answer:
            message, note = "asked in reverse, this has two different answers", "either answer is right"
            related = (Related(pair.first, "this is asked in reverse too"),)
            help_ = "leave out `reverse` here, or make clear in the question which answer you want"
            yield Diagnostic(
                "interchangeable-answers", message, pair.second, Severity.ADVICE, note, related, help_
            )
