"""Identities derived from names alone, so that they come out the same when the lock is lost."""

from binascii import b2a_base64
from collections.abc import Iterable
from hashlib import sha256

# Ids in Anki are times of creation in milliseconds since 1970. Derived ones lie in the
# five years from 2020-01-01 on: in the past, since Anki replaces ids from the future, and
# plausible to a learner who sorts by creation.
_FIRST_ID = 1_577_836_800_000
_ID_RANGE = 157_766_400_000

# A card's id is the note's id plus the card's number, which is at most 500, so the ids of
# notes that lie 512 apart never collide.
NOTE_SPACING = 512
NOTE_SLOTS = _ID_RANGE // NOTE_SPACING


_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def guid(deck_id: str, key: str, attempt: int = 0) -> str:
    """Return the GUID of a note: 12 letters, digits, `-` and `_`; 72 bits.

    attempt: how many of the GUIDs derived from this key already belong to other notes.
    """
    parts = (deck_id, key) if attempt == 0 else (deck_id, key, str(attempt))
    encoded = b2a_base64(_digest("guid", *parts)[:9], newline=False)
    return encoded.translate(_URL_SAFE).decode("ascii")


def preferred_slot(deck_id: str, key: str) -> int:
    """Return the slot, from 0 to `NOTE_SLOTS` - 1, that a note takes if it is free."""
    return _number("note", deck_id, key) % NOTE_SLOTS


def note_id(slot: int) -> int:
    """Return Anki's id of the note in a slot, in ms since 1970."""
    return _FIRST_ID + slot * NOTE_SPACING


def begin_slots(note_ids: Iterable[int]) -> bool:
    """Return whether each of these notes begins a slot, so that it reaches into no other."""
    return {(note_id - _FIRST_ID) % NOTE_SPACING for note_id in note_ids} <= {0}


def occupied_slots(note_id: int) -> tuple[int, int]:
    """Return the ids with which the first and the last slot begin that a note and its cards reach into."""
    start = note_id - (note_id - _FIRST_ID) % NOTE_SPACING
    return start, start if start == note_id else start + NOTE_SPACING


def note_type_id(deck_id: str, name: str) -> int:
    """Return Anki's id of a deck's own copy of a note type, in ms since 1970."""
    return _FIRST_ID + _number("note type", deck_id, name) % _ID_RANGE


def anki_deck_id(deck_id: str, *subdeck: str) -> int:
    """Return Anki's id of a deck or sub-deck inside the package; on import, decks are matched by name."""
    return _FIRST_ID + _number("deck", deck_id, *subdeck) % _ID_RANGE


def preset_id(deck_id: str) -> int:
    """Return Anki's id of the options preset that comes with the deck, in ms since 1970."""
    return _FIRST_ID + _number("preset", deck_id) % _ID_RANGE


def _number(*parts: str) -> int:
    return int.from_bytes(_digest(*parts)[:8])


def _digest(*parts: str) -> bytes:
    return sha256("\0".join(parts).encode()).digest()
