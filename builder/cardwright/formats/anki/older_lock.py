"""Finds what the packages of a deck know and its lock doesn't, since it is older or has lost lines.

A build releases no note with a smaller `mod` than before, and keeps in the lock every note that was released.
So does a merge of two locks.
"""

from collections.abc import Iterator

from cardwright.formats.anki.note_types import split_name
from cardwright.formats.anki.released import ReleasedPackage
from cardwright.identity.lock import Lock


def newer_notes(package: ReleasedPackage, lock: Lock) -> Iterator[str]:
    """Yield the keys of the notes that a package has of a later release than the lock."""
    mods = {entry.guid: entry.released_mod for entry in lock.notes.values()}
    for guid, mod in package.notes.mods():
        if mods.get(guid, mod) < mod:
            yield package.key(package.notes[guid])


def unknown_notes(package: ReleasedPackage, lock: Lock) -> Iterator[str]:
    """Yield the keys of the notes of a package that the lock doesn't know."""
    guids = {entry.guid for entry in lock.notes.values()}
    for guid in package.notes:
        if guid not in guids:
            note = package.notes[guid]
            key, type_name = package.key(note), package.types[note.type_id].name
            is_ours = note.imported_type or split_name(type_name)[0] == lock.deck_id
            # Of two notes with one key, a merge may have kept the other one.
            if is_ours and key and key not in lock.notes:
                yield key


def newer_types(package: ReleasedPackage, lock: Lock) -> Iterator[str]:
    """Yield the names of the note types that a package has of a later release than the lock."""
    for entry in lock.types.values():
        released = package.types.get(entry.id)
        if released is not None and released.mod > entry.mod:
            yield entry.type
