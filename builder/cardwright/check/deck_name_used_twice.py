"""Rule: deck-name-used-twice."""

from collections.abc import Iterator, Sequence

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Related, Severity
from cardwright.diagnostics.phrases import truncate


def deck_name_used_twice(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """Two decks have the same name.

    ## Why is this bad?
    Anki finds decks by their names, in capitals or not. Someone who imports both
    decks gets the cards of both in one deck.

    ## Example
    ```yaml
    # cards_source/nerves.yaml
    deck: Anatomy
    id: nerves
    cards: [{id: a, q: Which nerve serves the hamstrings?, a: The sciatic}]
    ```
    ```yaml
    # cards_source/bones.yaml
    deck: Anatomy
    id: bones
    cards: [{id: a, q: Which bone is the sit bone?, a: The ischium}]
    ```

    Use instead: a different name for each, such as `Anatomy::Nerves` and
    `Anatomy::Bones`. Anki shows these two as decks inside a deck `Anatomy`.
    """
    first_decks: dict[str, Deck] = {}
    for deck in decks:
        first = first_decks.setdefault(deck.name.casefold(), deck)
        if first is not deck and deck.name:
            message, note = f"two decks are called `{truncate(deck.name)}`", "used again for this deck"
            related = (Related(first.span, "first used for this deck"),)
            help_ = "Anki would put the cards of both into one deck"
            yield Diagnostic(
                "deck-name-used-twice", message, deck.span, Severity.WARNING, note, related, help_
            )
