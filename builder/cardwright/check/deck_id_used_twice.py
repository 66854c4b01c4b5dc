"""Rule: deck-id-used-twice."""

from collections.abc import Iterator, Sequence

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Related
from cardwright.diagnostics.phrases import truncate


def deck_id_used_twice(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """Two decks have the same id.

    ## Why is this bad?
    Anki recognises notes by ids that are made from the deck's id. Two decks with
    the same id share their note types, and when someone studies both, cards of
    one deck overwrite cards of the other.

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

    Use instead: a new id for the deck that nobody studies yet.
    """
    first_decks: dict[str, Deck] = {}
    for deck in decks:
        first = first_decks.setdefault(deck.id, deck)
        if first is not deck and deck.id:
            message = f"two decks have the id `{truncate(deck.id, 40)}`"
            note, related = "used again here", (Related(first.span, "first used here"),)
            help_ = "give a new id to the deck that nobody studies yet, or move a copy out of cards_source/"
            yield Diagnostic("deck-id-used-twice", message, deck.span, note=note, related=related, help=help_)
