"""The ids of the decks inside a deck."""

from collections.abc import Iterable

from cardwright.collection.deck import Deck
from cardwright.collection.deck_name import is_same_deck, with_parents
from cardwright.identity import derive

# The deck that every collection has. Source: Anki, rslib/src/decks/mod.rs, `DeckId(1)`.
_DEFAULT_DECK = 1


def anki_deck_ids(deck: Deck, subdecks: Iterable[str]) -> dict[str, int]:
    """Return Anki's ids of the deck, by an empty name, and of some sub-decks with all those around them.

    A deck called like the one that every collection has is that one: Anki would rename a second one.
    """
    ids = {"": _DEFAULT_DECK if is_same_deck(deck.name, "Default") else derive.anki_deck_id(deck.id)}
    taken = set(ids.values())
    for subdeck in sorted({level for name in subdecks for level in with_parents(name)} - {""}):
        ids[subdeck] = derive.anki_deck_id(deck.id, subdeck)
        while ids[subdeck] in taken:
            ids[subdeck] += 1
        taken.add(ids[subdeck])
    return ids
