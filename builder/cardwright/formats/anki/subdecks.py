"""Write the decks inside a deck into a package, as collections of schema 11 store them."""

import json
import sqlite3
from collections.abc import Iterable, Mapping

from cardwright.collection.deck import Deck
from cardwright.collection.deck_name import DeckName, with_parents
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


def add_subdecks(cursor: sqlite3.Cursor, deck: Deck, ids: Mapping[str, int]) -> None:
    """Add sub-decks like the deck itself, but without its description.

    cursor: of the package's database, which already contains the deck. ids: see `subdeck_ids`.

    All decks are one text there, so they are added at once. They get the options preset of the deck, if it
    brings one: options such as the desired retention are those of the deck that a card is in.
    """
    decks = json.loads(cursor.execute("SELECT decks FROM col").fetchone()[0])
    parent = decks[str(ids[""])]
    for subdeck, subdeck_id in ids.items():
        if subdeck:
            name = DeckName(deck.name, subdeck).full
            decks[str(subdeck_id)] = {**parent, "id": subdeck_id, "name": name, "desc": ""}
    cursor.execute("UPDATE col SET decks = ?", (json.dumps(decks),))
