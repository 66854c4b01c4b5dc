"""Rule: deck-name-used-twice."""

from collections.abc import Iterator, Sequence

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Related, Severity, Span
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
    The names of sub-decks count too.
    """
    first_uses: dict[str, tuple[Deck, Span]] = {}
    for deck in decks:
        spans = {deck.name: deck.span}
        for name in deck.deck_names:
            spans.setdefault(name.full, name.span or deck.span)
        for full_name, span in spans.items():
            first, first_span = first_uses.setdefault(full_name.casefold(), (deck, span))
            if first is not deck and full_name:
                yield _used_twice(full_name, span, first_span)


def _used_twice(name: str, span: Span, first_span: Span) -> Diagnostic:
    message, note = f"two decks are called `{truncate(name)}`", "used again for this deck"
    related = (Related(first_span, "first used for this deck"),)
    help_ = "Anki would put the cards of both into one deck"
    return Diagnostic("deck-name-used-twice", message, span, Severity.WARNING, note, related, help_)
