"""The names of decks in Anki: a deck of deck.yaml, and the sub-decks inside it."""

from dataclasses import dataclass, field

from cardwright.diagnostics import Span

SEPARATOR = "::"
"""Stands between the names of a deck and of a deck inside it."""


@dataclass(frozen=True, slots=True)
class DeckName:
    """The name of the deck into which Anki puts new cards of a note.

    deck: the name in deck.yaml.
    subdeck: the rest, such as `Upper::Lower`; empty for the deck itself.
    span: the sub-deck as written; None if none is.
    """

    deck: str = ""
    subdeck: str = ""
    span: Span | None = field(default=None, compare=False)

    @property
    def full(self) -> str:
        return f"{self.deck}{SEPARATOR}{self.subdeck}" if self.subdeck else self.deck

    @property
    def last_part(self) -> str:
        return self.full.rpartition(SEPARATOR)[2]


NO_DECK_NAME = DeckName()
"""Of a note that was made without a deck."""


def with_parents(name: str) -> list[str]:
    """Return the name of a deck after the names of all decks around it: `a`, `a::b`, `a::b::c`."""
    parts = name.split(SEPARATOR)
    return [SEPARATOR.join(parts[: index + 1]) for index in range(len(parts))]


def is_same_deck(first: str, second: str) -> bool:
    """Return whether Anki takes two names for one: it ignores upper and lower case.

    Source: Anki, rslib/src/storage/deck/mod.rs and the collation `unicase` of the column.
    """
    return first == second or first.casefold() == second.casefold()
