"""Rule: reserved-name."""

from collections.abc import Iterator, Sequence

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic
from cardwright.diagnostics.phrases import truncate


def reserved_name(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """A package gets a name that Anki takes for a backup.

    ## Why is this bad?
    A package is named after the folder or file of its deck. If its name is
    `collection.apkg` or `backup-….apkg`, Anki doesn't add a deck: it offers to
    replace everything the learner has with the package.

    ## Example
    ```yaml
    # cards_source/collection.yaml
    deck: Stamps
    id: stamps
    cards: [{id: penny, q: Which stamp was the first?, a: The Penny Black}]
    ```

    Use instead: another name for the folder or file. The deck's id can stay.

    Source: Anki, qt/aqt/import_export/importing.py.
    """
    for deck in decks:
        if is_reserved(deck.folder):
            message = f"Anki would take `{truncate(deck.folder)}.apkg` for a backup"
            help_ = f"rename the folder or file `{deck.folder}`; the deck's id can stay"
            yield Diagnostic("reserved-name", message, deck.span, help=help_)


def is_reserved(folder: str) -> bool:
    """Return whether Anki takes the package of a deck for a backup. folder: of the deck below decks/."""
    name = folder.lower()
    return name == "collection" or name.startswith("backup-")
