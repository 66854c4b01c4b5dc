"""A card that left the deck, or came, with what tells it from others."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from cardwright.collection import notetype
from cardwright.collection.notetype import NoteType
from cardwright.formats.anki.render import RenderedNote
from cardwright.identity import likeness
from cardwright.identity.likeness import Fields, Words, words_of
from cardwright.identity.lock import NoteEntry


@dataclass(frozen=True)
class MovingCard:
    """The notes of a card that left, or came, at one time.

    time: of the build, as `NoteEntry.age_key`, or -1 for this one.
    entries: by the part of their keys after the card's id.
    texts: the fields of each; empty if they are unknown.
    rendered: of a card that came, its notes.
    """

    id: str
    time: int
    entries: Mapping[str, NoteEntry]
    texts: Mapping[str, Fields]
    rendered: Mapping[str, RenderedNote]

    @property
    def first(self) -> NoteEntry:
        return next(iter(self.entries.values()))

    @property
    def shape(self) -> tuple[int, NoteType, int]:
        """What two cards have in common if one may be the other: time, note type, depth of the keys."""
        return self.time, self.first.type, self.first.key.count("/")

    @cached_property
    def content(self) -> tuple[object, ...]:
        return (*self.shape[1:], *sorted(likeness.content_of(text) for text in self.texts.values()))

    @cached_property
    def words(self) -> Words:
        return words_of(self.texts.values())

    @property
    def is_known(self) -> bool:
        return all(self.texts.values())

    def names(self, index: int) -> list[str]:
        """Return the names at an index of the parts that moved: of items or rows at 0, of columns at 1."""
        return list(dict.fromkeys(part.split("/")[index] for part in self.entries))

    def parts_by_name(self, index: int) -> dict[str, list[str]]:
        """Return the parts that have each name at an index."""
        parts: dict[str, list[str]] = {}
        for part in self.texts:
            parts.setdefault(part.split("/")[index], []).append(part)
        return parts

    def words_of_parts(self, parts: Iterable[str]) -> Words:
        """Return the words of an item, a row or a column; of an item only its own, not those of the list."""
        texts = [self.texts[part] for part in parts]
        if self.shape[2] == 1:
            texts = [{notetype.ANSWER: text.get(notetype.ANSWER, "")} for text in texts]
        return words_of(texts)

    def content_of_parts(self, parts: Iterable[str]) -> Hashable:
        """Return what equal texts of parts have in common."""
        return tuple(likeness.content_of(self.texts[part]) for part in parts)
