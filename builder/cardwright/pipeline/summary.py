"""What a build did with a deck, told from the locks before and after."""

from cardwright.identity.lock import Lock
from cardwright.pipeline.interface import DeckSummary
from cardwright.pipeline.load import LoadedDeck


def summary(loaded: LoadedDeck, lock: Lock, sheets: int) -> DeckSummary:
    """lock: as it is now. sheets: how many were laid out."""
    before = {} if loaded.lock is None else loaded.lock.notes
    present = [entry for entry in lock.notes.values() if not entry.retired]
    known = [entry for entry in present if entry.key in before and not before[entry.key].retired]
    changed = sum(entry.mod != before[entry.key].mod for entry in known)
    gone = sum(
        bool(entry.retired) and not before[entry.key].retired
        for entry in lock.notes.values()
        if entry.key in before
    )
    return DeckSummary(
        deck=loaded.deck,
        new=len(present) - len(known),
        changed=changed,
        unchanged=len(known) - changed,
        retired=gone,
        cards=sum(len(entry.numbers) for entry in present),
        sheets=sheets,
        ids=len(loaded.ids),
    )
