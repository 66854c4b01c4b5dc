"""Find the ids that cards have lost, as when an editor saves what it had before a build wrote them."""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from cardwright.collection import notetype
from cardwright.collection.deck import Deck
from cardwright.formats.anki import escape
from cardwright.formats.anki.render import (
    FIELD_SEPARATOR,
    RenderedNote,
    RenderedNotes,
    note_digest,
    render_deck,
)
from cardwright.identity.lock import Lock, NoteEntry

_COMPARED = 300_000
"""Pairs of notes that are compared, which takes some seconds; then only those with ids of the same words."""

_NUMBER = re.compile(r"-\d+$")


def find_lost_ids(
    deck: Deck, lock: Lock, new_ids: AbstractSet[str], notes: RenderedNotes | None
) -> dict[str, str]:
    """Return the ids that cards had in the last build, by the new ones that they would get.

    A card has lost its id if a card left the sources and one without an id has the same content; of lists
    and tables, if any of their items or cells has.

    new_ids: of the cards without one. notes: as in `OutputContext.rendered`.
    """
    left = _left(deck, lock)
    if not left:
        return {}
    rendered = render_deck(deck, lock.types, notes)
    key_indexes = {
        note_type.type: -1 if note_type.imported else note_type.field_names.index(notetype.KEY)
        for note_type in rendered.types
    }
    candidates = _Candidates(left)
    lost: dict[str, str] = {}
    for note in rendered.notes:
        card_id = note.state.card_id
        if card_id not in new_ids or card_id in lost or note.state.former_keys:
            continue
        key_index = key_indexes[note.state.type]
        for entry in candidates.of(note):
            if _digest_under(entry.key, note, key_index) == entry.digest:
                lost[card_id] = entry.card_id
                candidates.found.add(entry.card_id)
                break
    return lost


def _left(deck: Deck, lock: Lock) -> list[NoteEntry]:
    """Return the notes of cards that were in the last build and are not in the sources."""
    summary = deck.note_summary
    ids = {key.partition("/")[0] for key in summary.keys}
    entries = [entry for entry in lock.notes.values() if not entry.retired and entry.card_id not in ids]
    renamed = {key for keys in summary.former_keys.values() for key in keys} if entries else set()
    return [entry for entry in entries if entry.key not in renamed]


class _Candidates:
    """Finds the notes that left and may be a note that came. found: ids of cards that are known again."""

    def __init__(self, left: Iterable[NoteEntry]) -> None:
        self.found: set[str] = set()
        self._compared = 0
        self._by_part: dict[tuple[str, str], list[NoteEntry]] = {}
        self._by_name: dict[tuple[str, str, str], list[NoteEntry]] = {}
        for entry in left:
            part = entry.key.partition("/")[2]
            self._by_part.setdefault((entry.type, part), []).append(entry)
            for name in {entry.card_id, _NUMBER.sub("", entry.card_id)}:
                self._by_name.setdefault((entry.type, part, name), []).append(entry)

    def of(self, note: RenderedNote) -> Iterator[NoteEntry]:
        """Yield notes of this type and part of a card, first those whose id was made from the same words."""
        card_id, _, part = note.state.key.partition("/")
        alike = self._by_name.get((note.state.type, part, _NUMBER.sub("", card_id)), ())
        yield from (entry for entry in alike if entry.card_id not in self.found)
        for entry in self._by_part.get((note.state.type, part), ()):
            if self._compared >= _COMPARED:
                return
            if entry.card_id not in self.found:
                self._compared += 1
                yield entry


def _digest_under(key: str, note: RenderedNote, key_index: int) -> str:
    """Return the digest that a note would have under another key."""
    values = list(note.values)
    if key_index >= 0:
        values[key_index] = escape.text(key)
    return note_digest(note.state.type, FIELD_SEPARATOR.join(values), note.tags)
