"""The ids of the decks inside a deck."""

from collections.abc import Iterable

from cardwright.collection.deck import Deck
from cardwright.collection.deck_name import with_parents
from cardwright.identity import derive


def subdeck_ids(deck: Deck, subdecks: Iterable[str]) -> dict[str, int]:
    """Return Anki's ids of the deck, by an empty name, and of some sub-decks with all those around them."""
    ids = {"": derive.anki_deck_id(deck.id)}
    taken = set(ids.values())
    for subdeck in sorted({level for name in subdecks for level in with_parents(name)} - {""}):
        ids[subdeck] = derive.anki_deck_id(deck.id, subdeck)
        while ids[subdeck] in taken:
            ids[subdeck] += 1
        taken.add(ids[subdeck])
    return ids
