"""Gives the notes of a deck their identities in Anki."""

from cardwright.collection.deck import Deck
from cardwright.formats.anki.render import RenderedDeck, RenderedNote, RenderedNotes, render_deck
from cardwright.formats.outputs import OutputContext
from cardwright.identity.lock import Lock
from cardwright.identity.reconcile import Reconciliation, reconcile
from cardwright.record import replace


def reconcile_deck(
    deck: Deck, previous_lock: Lock | None, now: int, notes: RenderedNotes | None = None
) -> tuple[RenderedDeck, Reconciliation]:
    """Return the notes as Anki will hold them, and their reconciliation with the lock.

    now: seconds since 1970. notes: as in `OutputContext.rendered`.
    """
    rendered = render_deck(deck, () if previous_lock is None else previous_lock.types, notes)
    reconciliation = reconcile(deck, rendered.note_states, rendered.type_states, previous_lock, now)
    if any(note_type.imported for note_type in rendered.types):
        rendered = _without_missing_cards(rendered, reconciliation.lock)
    return rendered, reconciliation


def _without_missing_cards(rendered: RenderedDeck, lock: Lock) -> RenderedDeck:
    """Return a deck without the cards that its imported notes lack in Anki."""

    def left_out(note: RenderedNote) -> RenderedNote:
        missing = lock.notes[note.state.key].missing
        if not missing:
            return note
        return replace(note, ordinals=tuple(n for n in note.ordinals if n + 1 not in missing))

    return replace(rendered, notes=[left_out(note) for note in rendered.notes])


def compare_with_release(context: OutputContext, now: int) -> tuple[RenderedDeck, Reconciliation]:
    """Return what `reconcile_deck` does, with what the packages of the last build say of retired notes."""
    rendered, reconciliation = reconcile_deck(context.deck, context.previous_lock, now, context.rendered)
    if not reconciliation.newly_retired:
        return rendered, reconciliation
    from cardwright.formats.anki.retirement_messages import retirement_messages  # noqa: PLC0415  few builds retire notes

    messages = retirement_messages(context, rendered.types, reconciliation)
    return rendered, replace(reconciliation, diagnostics=(*reconciliation.diagnostics, *messages))


def check(context: OutputContext) -> None:
    """Report what is wrong with the preset and, of a sound deck, conflicts with the lock and doubtful ids."""
    context.report.extend(context.deck.preset_problems)
    if not context.is_sound:
        return
    rendered, reconciliation = compare_with_release(context, now=0)
    context.report.extend(reconciliation.diagnostics)
    if context.previous_lock is None:
        return
    from cardwright.formats.anki.unnoticed_renames import unnoticed_renames  # noqa: PLC0415  a first build has none

    context.report.extend(unnoticed_renames(context, rendered, reconciliation))
