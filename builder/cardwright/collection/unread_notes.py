"""The notes of a deck that nobody needs yet: a build that changes little reads few of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import overload

from cardwright.collection.deck_name import DeckName
from cardwright.collection.note import Note
from cardwright.record import Record


class NoteSummary(Record, frozen=True):
    """What can be said of all notes of a deck.

    deck_names: of the decks and sub-decks of its notes, each once, in study order.
    cited_keys: of the references that a note cites.
    any_printed: whether any goes on paper.
    keys: of all notes. former_keys: as in `Note`, by the key of each note that has any.
    """

    deck_names: tuple[DeckName, ...]
    cited_keys: frozenset[str]
    any_printed: bool
    keys: tuple[str, ...]
    former_keys: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, notes: Sequence[Note]) -> "NoteSummary":
        """Summarize notes, in study order."""
        # First by identity: the notes of a file share one object.
        names = {id(note.deck_name): note.deck_name for note in notes}
        return cls(
            tuple(dict.fromkeys(names.values())),
            find_cited_keys(notes),
            any(note.printed for note in notes),
            tuple(note.key for note in notes),
            {note.key: note.former_keys for note in notes if note.former_keys},
        )


def find_cited_keys(notes: Iterable[Note]) -> frozenset[str]:
    """Return the keys of the references that notes cite."""
    # First by identity, as above.
    citations = {id(note.citations): note.citations for note in notes}
    return frozenset(citation.reference.key for cited in citations.values() for citation in cited)


class UnreadNotes(Sequence[Note]):
    """Notes that are read when one of them is needed; then all are."""

    def __init__(self, count: int, summary: NoteSummary, read: Callable[[], tuple[Note, ...]]) -> None:
        self.summary = summary
        self._count = count
        self._read = read

    @cached_property
    def _notes(self) -> tuple[Note, ...]:
        return self._read()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Note]:
        return iter(self._notes)

    @overload
    def __getitem__(self, index: int) -> Note: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Note, ...]: ...
    def __getitem__(self, index: int | slice) -> Note | tuple[Note, ...]:
        return self._notes[index]
