"""Rule: unused-source."""

from collections.abc import Iterator, Sequence

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.diagnostics.phrases import truncate


def unused_source(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """No card cites a source that the deck lists.

    ## Why is this bad?
    Either cards have lost their citation, or the source is no longer used.

    ## Example
    ```yaml
    # cards_source/bones.yaml
    deck: Bones
    id: bones
    sources:
      gray: {title: Anatomy of the Human Body, author: Henry Gray, date: 1918}
    cards: [{id: sit, q: Which bone is the sit bone?, a: The ischium}]
    ```

    Use instead: `source: gray` on the cards that come from it, or at
    the top of their file.
    """
    for deck in decks:
        if not deck.is_complete:
            continue  # a card that couldn't be read may cite it
        cited_keys = deck.note_summary.cited_keys
        for reference in deck.references:
            if reference.key not in cited_keys:
                message = f"no card cites the source `{truncate(reference.key)}`"
                help_ = f"cite it with `source: {reference.key}`, or delete it"
                yield Diagnostic("unused-source", message, reference.span, Severity.WARNING, help=help_)
