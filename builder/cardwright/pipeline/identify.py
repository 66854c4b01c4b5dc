"""Who the notes of a deck are."""

from typing import TYPE_CHECKING

from cardwright.identity.reconcile import Reconciliation, reconcile
from cardwright.pipeline.load import LoadedDeck

if TYPE_CHECKING:
    from cardwright.formats.anki.render import RenderedDeck


def identify(loaded: LoadedDeck, now: int) -> "tuple[RenderedDeck, Reconciliation]":
    """The notes as Anki will hold them, and who they are. now: in s since 1970."""
    # What a command does not need, it does not import: start-up is what users wait for most.
    from cardwright.formats.anki.render import render  # noqa: PLC0415

    deck = loaded.deck
    rendered = render(deck, () if loaded.lock is None else loaded.lock.types)
    return rendered, reconcile(
        deck.id, deck.span, rendered.claims, rendered.type_claims, loaded.lock, now, deck_name=deck.name
    )
