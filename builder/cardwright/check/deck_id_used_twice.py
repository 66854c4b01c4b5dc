"""Rule: deck-id-used-twice."""

from collections.abc import Iterator, Sequence

from cardwright.collection.deck import Deck
from cardwright.diagnostics.diagnostic import Diagnostic, Related
from cardwright.diagnostics.phrases import truncate


def deck_id_used_twice(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """Two decks have the same id.

    ## Why is this bad?
    Every identity in Anki is made from the deck's id. Two decks with one id
    share their note types, and cards of the one overwrite cards of the other
    in the collection of whoever studies both.

    ## Example
    ```yaml
    # cards_source/nerves.yaml
    deck: Nerves
    id: anatomy
    cards: [{id: a, q: Which nerve serves the hamstrings?, a: The sciatic}]
    ```
    ```yaml
    # cards_source/bones.yaml
    deck: Bones
    id: anatomy
    cards: [{id: a, q: Which bone is the sit bone?, a: The ischium}]
    ```

    Use instead: an id of its own for the deck that nobody studies yet.
    """
    first: dict[str, Deck] = {}
    for deck in decks:
        earlier = first.setdefault(deck.id, deck)
        if earlier is not deck and deck.id:
            yield Diagnostic(
                code="deck-id-used-twice",
                message=f"two decks have the id `{truncate(deck.id, 40)}`",
                span=deck.span,
                note="used again here",
                related=(Related(earlier.span, "first used here"),),
                help="give one of them a new id; the one already studied keeps the old",
            )
