"""Identities made from names alone, so that they come out the same when the lock is lost."""

from base64 import urlsafe_b64encode
from hashlib import sha256

# Ids in Anki are times of creation in milliseconds since 1970. Derived ones lie in the
# five years from 2020-01-01 on: surely past, since Anki replaces ids from the future, and
# plausible to a learner who sorts by creation.
_FIRST = 1_577_836_800_000
_YEARS = 157_766_400_000

# A card's id is the note's id plus the card's number, and numbers go up to 500, so notes
# that lie 512 apart never fight for one.
NOTE_SPACING = 512
NOTE_SLOTS = _YEARS // NOTE_SPACING


def guid(deck_id: str, key: str, attempt: int = 0) -> str:
    """The globally unique id of a note: 12 letters, digits, `-` and `_`; 72 bits.

    attempt: how many of the guids for this key belong to other notes already.
    """
    parts = (deck_id, key) if attempt == 0 else (deck_id, key, str(attempt))
    return urlsafe_b64encode(_digest("guid", *parts)[:9]).decode("ascii")


def note_slot(deck_id: str, key: str) -> int:
    """Which of the `NOTE_SLOTS` places for a note this one would like to have."""
    return int.from_bytes(_digest("note", deck_id, key)[:8]) % NOTE_SLOTS


def note_id(slot: int) -> int:
    """Anki's id of the note in a slot, in ms since 1970."""
    return _FIRST + slot * NOTE_SPACING


def slots_touched(note_id: int) -> tuple[int, int]:
    """The first and the last slot that a note with this id, and its cards, reach into."""
    offset = note_id - _FIRST
    return offset // NOTE_SPACING, (offset + NOTE_SPACING - 1) // NOTE_SPACING


def type_id(deck_id: str, name: str) -> int:
    """Anki's id of a deck's own note type, in ms since 1970."""
    return _moment("note type", deck_id, name)


def deck_number(deck_id: str) -> int:
    """Anki's id of the deck inside the package; on import decks are matched by name instead."""
    return _moment("deck", deck_id)


def preset_number(deck_id: str) -> int:
    """Anki's id of the deck options that come with the deck, in ms since 1970."""
    return _moment("preset", deck_id)


def _moment(*parts: str) -> int:
    return _FIRST + int.from_bytes(_digest(*parts)[:8]) % _YEARS


def _digest(*parts: str) -> bytes:
    return sha256("\0".join(parts).encode()).digest()
