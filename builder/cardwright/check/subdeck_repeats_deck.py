"""Rule: subdeck-repeats-deck."""

from collections.abc import Iterator

from cardwright.collection.deck import Deck
from cardwright.collection.deck_name import SEPARATOR, DeckName
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.diagnostics.phrases import truncate


def subdeck_repeats_deck(deck: Deck) -> Iterator[Diagnostic]:
    """A sub-deck begins with the name of its own deck.

    ## Why is this bad?
    A sub-deck is named as it is inside the deck. With the deck's own name before
    it, Anki shows `Legs`, inside it a second `Legs`, and the sub-deck in that.

    ## Example
    ```yaml
    # cards_source/legs.yaml
    deck: Legs
    id: legs
    cards:
      - {id: a, subdeck: Legs::Thigh, q: What bends it?, a: The hamstrings}
    ```

    Use instead: `subdeck: Thigh`. If you do mean a deck of the same name inside
    the deck, add `allow: [subdeck-repeats-deck]` to deck.yaml.
    """
    for name in deck.deck_names:
        if count := _repeated_levels(name):
            rest = SEPARATOR.join(name.subdeck.split(SEPARATOR)[count:])
            help_ = f"write `subdeck: {rest}`" if rest else "leave `subdeck` out for cards of the deck itself"
            message = f"Anki would call this deck `{truncate(name.full, 40)}`"
            yield Diagnostic("subdeck-repeats-deck", message, name.span, Severity.WARNING, help=help_)


def _repeated_levels(name: DeckName) -> int:
    """Return the number of levels of the deck's own name with which the sub-deck begins."""
    levels = name.subdeck.casefold().split(SEPARATOR)
    for repeated in (name.deck, name.deck.rpartition(SEPARATOR)[2]):
        deck_levels = repeated.casefold().split(SEPARATOR)
        if repeated and levels[: len(deck_levels)] == deck_levels:
            return len(deck_levels)
    return 0
