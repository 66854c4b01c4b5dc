"""Rule: unused-allow."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from cardwright.collection.deck import Deck
from cardwright.collection.suppression import HISTORY_WARNINGS
from cardwright.diagnostics import Diagnostic, Severity, Span
from cardwright.diagnostics.phrases import truncate


def unused_allow(deck: Deck, used_suppressions: AbstractSet[Span]) -> Iterator[Diagnostic]:
    """An `allow:` isn't needed.

    ## Why is this bad?
    Maybe the card was reworded and no longer needs it, or it is on the wrong
    card. If it stays, it will hide the next mistake of this kind.

    ## Example
    ```yaml
    # cards_source/bones.yaml
    deck: Bones
    id: bones
    cards:
      - id: sit
        q: Which bone is the sit bone?
        a: The ischium
        allow: [long-answer]
    ```

    Use instead: the card without `allow:`.
    """
    if not deck.is_complete:
        return  # a card that couldn't be read may need it
    for suppression in deck.suppressions:
        # Whether a warning about ids is needed depends on the last release.
        if suppression.span not in used_suppressions and suppression.rule not in HISTORY_WARNINGS:
            message = f"nothing here needs `{truncate(suppression.rule)}` to be allowed"
            yield Diagnostic("unused-allow", message, suppression.span, Severity.WARNING, help="delete it")
