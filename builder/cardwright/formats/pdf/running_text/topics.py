"""What of a deck is to be on pages, by topic."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby

from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.pages import Colour

NOTES_PER_FILE = 500
"""Notes of a file, about; see volumes.py."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Notes of one topic that follow each other; one or more.

    name: as printed: the deck's where the notes name no topic.
    number: of the topic in the whole deck, 0-based; it decides the colour.
    """

    name: str
    number: int
    notes: tuple[Note, ...]

    def heading(self, palette: Sequence[Colour]) -> dict[str, Json]:
        """As flow.typ's `topic-heading` takes it."""
        return {"name": self.name, "colour": palette[self.number % len(palette)]}


def topics(deck: Deck, keys: AbstractSet[str] | None) -> list[Topic]:
    """The topics that are to be printed, in study order.

    keys: of the notes; None for all that go on paper.
    """
    printed = [note for note in deck.notes if note.printed]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(note.topic for note in printed))}
    chosen = [note for note in printed if keys is None or note.key in keys]
    return [
        Topic(name or deck.name, numbers[name], tuple(some))
        for name, some in groupby(chosen, key=lambda note: note.topic)
    ]


def volumes(found: Sequence[Topic]) -> list[list[Topic]]:
    """The topics in as many files as keep each of a size that the engine can hold in memory.

    A topic may go on in the next file; the items of a list and the cells of a table do not.
    """
    total = sum(len(topic.notes) for topic in found)
    files = max(1, round(total / NOTES_PER_FILE))
    made: list[list[Topic]] = [[] for _ in range(files)]
    count = 0
    for topic in found:
        parts: dict[int, list[Note]] = {}
        for _, some in groupby(topic.notes, key=lambda note: note.key.partition("/")[0]):
            card = list(some)
            parts.setdefault(count * files // total, []).extend(card)
            count += len(card)
        for place, notes in parts.items():
            made[place].append(Topic(topic.name, topic.number, tuple(notes)))
    return [some for some in made if some]
