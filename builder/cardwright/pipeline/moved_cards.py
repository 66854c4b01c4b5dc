"""Notice cards that went from one deck to another, where Anki takes them for new ones."""

from collections.abc import Iterable, Iterator, Sequence

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.identity.lock import Lock
from cardwright.pipeline.load import LoadedDeck


def moved_card_diagnostics(loaded_decks: Sequence[LoadedDeck]) -> Iterator[Diagnostic]:
    """Yield a warning for each deck to which released cards of another deck went with this build.

    Their notes would be of another note type there, whose history Anki can't take over.
    """
    if len(loaded_decks) < 2:
        return
    left: dict[str, LoadedDeck] = {}
    for loaded in loaded_decks:
        released = _card_ids(() if loaded.lock is None else _active_keys(loaded.lock))
        left |= dict.fromkeys(released - _present_ids(loaded.deck), loaded)
    for loaded in loaded_decks if left else ():
        known = _card_ids(() if loaded.lock is None else loaded.lock.notes)
        moved = sorted((_present_ids(loaded.deck) - known) & left.keys())
        if moved:
            first, old = moved[0], left[moved[0]].deck
            subject = f"`{truncate(first, 30)}` was" if len(moved) == 1 else f"{len(moved)} cards were"
            message = f"{subject} released in the deck `{truncate(old.name, 24)}`"
            note = (
                "learners get it again, without their progress" if len(moved) == 1 else f"such as `{first}`"
            )
            help_ = (
                "Anki can't move progress to another deck's notes: put them back, and divide that deck with "
                "`subdeck:`; or go on, and learners have them twice"
            )
            yield Diagnostic(
                "card-of-another-deck", message, loaded.deck.span, Severity.WARNING, note, help=help_
            )


def _present_ids(deck: Deck) -> set[str]:
    return _card_ids(deck.note_summary.keys)


def _active_keys(lock: Lock) -> Iterator[str]:
    return (entry.key for entry in lock.notes.values() if not entry.retired)


def _card_ids(keys: Iterable[str]) -> set[str]:
    return {key.partition("/")[0] for key in keys}
