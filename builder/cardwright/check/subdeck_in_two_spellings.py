"""Rule: subdeck-in-two-spellings."""

from collections.abc import Iterator, Sequence

from cardwright.collection.deck import Deck
from cardwright.collection.deck_name import with_parents
from cardwright.diagnostics import Diagnostic, Related, Span
from cardwright.diagnostics.phrases import truncate


def subdeck_in_two_spellings(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """Two names of sub-decks differ only in capitals.

    ## Why is this bad?
    To Anki, `Thigh` and `thigh` are one name, and no two decks have the same.
    Of two such decks in a package it gives the second another name, `thigh_`.

    ## Example
    ```yaml
    # cards_source/legs.yaml
    deck: Legs
    id: legs
    cards:
      - {id: a, subdeck: Thigh, q: What bends the knee?, a: The hamstrings}
      - {id: b, subdeck: thigh, q: What stretches it?, a: The quadriceps}
    ```

    Use instead: one spelling.

    Source: measured with Anki 24.11 to 26.09; rslib/src/storage/deck/mod.rs.
    """
    for deck in decks:
        spellings: dict[str, tuple[str, Span]] = {}
        for name in deck.deck_names:
            span = name.span or deck.span
            for subdeck in with_parents(name.subdeck):
                first, first_span = spellings.setdefault(subdeck.casefold(), (subdeck, span))
                if subdeck != first:
                    message = f"Anki takes `{truncate(subdeck, 24)}` and `{truncate(first, 24)}` for one name"
                    related = (Related(first_span, "written so here"),)
                    help_ = f"write `{first}` in both places"
                    yield Diagnostic("subdeck-in-two-spellings", message, span, related=related, help=help_)
                    break
