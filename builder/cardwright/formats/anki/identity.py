"""Gives the notes of a deck their identities in Anki."""

from cardwright.collection.deck import Deck
from cardwright.formats.anki.render import RenderedDeck, render_deck
from cardwright.formats.anki.unnoticed_renames import unnoticed_renames
from cardwright.formats.outputs import OutputContext
from cardwright.identity.lock import Lock
from cardwright.identity.reconcile import Reconciliation, reconcile


def reconcile_deck(deck: Deck, previous_lock: Lock | None, now: int) -> tuple[RenderedDeck, Reconciliation]:
    """Return the notes as Anki will hold them, and their reconciliation with the lock.

    now: seconds since 1970.
    """
    rendered = render_deck(deck, () if previous_lock is None else previous_lock.types)
    return rendered, reconcile(deck, rendered.note_states, rendered.type_states, previous_lock, now)


def check(context: OutputContext) -> None:
    """Report conflicts between the notes and the lock, and ids that seem to have been changed by mistake."""
    rendered, reconciliation = reconcile_deck(context.deck, context.previous_lock, now=0)
    context.report.extend(reconciliation.diagnostics)
    context.report.extend(unnoticed_renames(context, rendered, reconciliation))
