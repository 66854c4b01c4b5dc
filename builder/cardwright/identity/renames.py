"""Renames: notes that had other keys in former releases, as `was:` says."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet

from cardwright.identity.lock import NoteEntry
from cardwright.identity.note_state import NoteState
from cardwright.identity.superseded import superseded_key
from cardwright.record import Record


class Renames(Record, frozen=True):
    """The entries of a lock once all renames are known.

    entries: by the keys of this build.
    superseded: the notes that were released as new ones and now continue an older history, each with the
        key of that history.
    unknown: the notes whose former keys are all missing from the lock.
    """

    entries: Mapping[str, NoteEntry]
    superseded: Sequence[tuple[NoteState, str]]
    unknown: Sequence[NoteState]


def find_renames(notes: Sequence[NoteState], old: Mapping[str, NoteEntry]) -> Renames:
    """Give each note that was released under a former key, or with its `guid`, the entry of that key.

    If it was also released under its present key, that younger entry is retired, under a key that no
    note can have.
    """
    if any(note.guid for note in notes):
        old = _entries_by_guid(notes, old)
    if not any(note.former_keys for note in notes):
        return Renames(old, [], [])
    present = {note.key for note in notes}
    entries = dict(old)
    superseded: list[tuple[NoteState, str]] = []
    unknown: list[NoteState] = []
    for note in notes:
        if not note.former_keys:
            continue
        key = continued_key(note.key, note.former_keys, entries, present)
        if key is None:
            unknown.append(note)
        elif key != note.key:
            own = entries.get(note.key)
            if own is not None:
                younger = own.replace(key=superseded_key(own.key, own.guid))
                entries[younger.key] = younger
                if not own.retired:
                    superseded.append((note, key))
            entries[note.key] = entries.pop(key).replace(key=note.key)
    locked_parts = {part for key in old for part in enumerate(key.split("/"))} if unknown else set()
    return Renames(entries, superseded, [note for note in unknown if not _is_new_part(note, locked_parts)])


def _entries_by_guid(notes: Sequence[NoteState], old: Mapping[str, NoteEntry]) -> Mapping[str, NoteEntry]:
    """Return the entries, with those of absent notes under the keys of new notes that have their GUIDs."""
    present = {note.key for note in notes}
    absent = {entry.guid: key for key, entry in old.items() if key not in present}
    entries = dict(old)
    for note in notes:
        if note.guid in absent and note.key not in entries:
            entries[note.key] = entries.pop(absent.pop(note.guid)).replace(key=note.key)
    return entries


def continued_key(
    key: str,
    former_keys: Collection[str],
    entries: Mapping[str, NoteEntry],
    present: AbstractSet[str],
) -> str | None:
    """Return the key of the entry that a note continues: its own or the oldest of its former ones.

    An own key whose note has left the sources doesn't count while a former one is still in use: then an
    id that some other card once had is used again.

    present: the keys of this build; their entries stay theirs.

    Returns None if the note is new.
    """
    own = entries.get(key)
    former = [former for former in former_keys if former in entries and former not in present]
    if not former:
        return None if own is None else key
    oldest = min(former, key=lambda former: entries[former].age_key)
    if own is None:
        return oldest
    if own.retired:
        is_own = bool(entries[oldest].retired) and own.age_key < entries[oldest].age_key
    else:
        is_own = own.age_key <= entries[oldest].age_key
    return key if is_own else oldest


def original_key(note: NoteState) -> str:
    """Return the key that an identity is derived from: the oldest, with a lock or without one."""
    return note.former_keys[0] if note.former_keys else note.key


def _is_new_part(note: NoteState, locked_parts: AbstractSet[tuple[int, str]]) -> bool:
    """Return whether an unknown note is a new part of a renamed card, such as a new item of its list.

    A part that has a former name of its own is none, unless it was released under its present name.

    locked_parts: the parts of the keys in the lock, each with its index in its key.
    """
    parts = list(enumerate(note.key.split("/")))
    if len(parts) == 1:
        return False
    former_parts = {part for key in note.former_keys for part in list(enumerate(key.split("/")))[1:]}
    if any(
        former not in locked_parts and former not in parts and parts[former[0]] not in locked_parts
        for former in former_parts
    ):
        return False
    return any(
        all(
            part == former or part in locked_parts or former in locked_parts
            for part, former in zip(parts, enumerate(former_key.split("/")), strict=True)
        )
        for former_key in note.former_keys
    )
