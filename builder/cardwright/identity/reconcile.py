"""Compare the notes and note types of a build with the lock, to give each its identity."""

from collections import defaultdict
from collections.abc import Collection, Container, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from cardwright.collection.deck import Deck
from cardwright.collection.deck_name import DeckName, is_same_deck
from cardwright.collection.notetype import NoteType
from cardwright.collection.printed import OFF_PAPER
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.identity import derive, messages
from cardwright.identity.lock import (
    NEVER_RELEASED,
    UNKNOWN_DIGEST,
    Lock,
    NoteEntry,
    NoteTypeEntry,
    merge_note_entries,
)
from cardwright.identity.note_state import NoteState, NoteTypeState
from cardwright.identity.positions import assign_positions
from cardwright.identity.renames import find_renames, original_key
from cardwright.identity.superseded import is_superseded
from cardwright.record import Record


class Reconciliation(Record, frozen=True):
    """The lock of this build, with the identity of each note, and what the author should know.

    If a diagnostic is an error, the lock is useless: nothing may be built from it.

    newly_retired: keys of the notes that have left the sources since the last build.
    """

    lock: Lock
    diagnostics: tuple[Diagnostic, ...]
    newly_retired: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics)


def reconcile(
    deck: Deck, notes: Sequence[NoteState], note_types: Sequence[NoteTypeState], lock: Lock | None, now: int
) -> Reconciliation:
    """Give every note its identity: the old one if it has one, else one derived from its key.

    A note that was released under a former key (`NoteState.former_keys`) continues that key's identity.

    notes: in study order; their keys are unique.
    lock: of the previous build; None for the first build, or when the lock was lost.
    now: time of this build, in s since 1970. A clock that goes back lowers no `mod`, and new notes
        are younger than all others even so.
    """
    diagnostics: list[Diagnostic] = []
    if lock is not None and lock.deck_id != deck.id:
        diagnostics.append(messages.deck_id_changed(deck.span, lock))
        lock = None
    old = lock or Lock(deck.id, {}, {}, deck.name)
    if old.deck_name != deck.name:
        diagnostics.append(messages.deck_renamed(old.deck_name, deck))
    entries, conflicting_keys = _merge_shared_guids(old.notes, notes)
    diagnostics += (messages.lock_guid_twice(note, old) for note in notes if note.key in conflicting_keys)
    old = replace(old, notes=entries)
    renames = find_renames(notes, old.notes)
    diagnostics += messages.former_keys_in_use(notes)
    if lock is not None:
        diagnostics += messages.former_ids_unknown(renames.unknown, old)
    diagnostics += messages.history_restored(renames.superseded)
    old = replace(old, notes=_without_taken_out(renames.entries, notes))
    diagnostics += messages.note_type_changes(note_types, old, deck.span)
    diagnostics += messages.guid_conflicts(notes, old)

    diagnostics += messages.moved_to_subdeck(_moved_notes(notes, old), old)
    imported_types = {type_ for type_, entry in old.types.items() if entry.imported}
    ids = _note_ids(deck.id, notes, old.notes, imported_types)
    new_entries = _entries_of_notes(deck.id, notes, old, ids, now)
    changed_types = _types_with_changed_templates(note_types, old)
    for note, entry in zip(notes, new_entries.values(), strict=True):
        old_entry = old.notes.get(note.key)
        if old_entry is not None and old_entry is not entry:
            diagnostics += messages.card_changes(note, old_entry, old, changed_types)
    if changed_types:
        released = ((note, old.notes[note.key]) for note in notes if note.key in old.notes)
        diagnostics += messages.cards_removed_by_templates(released, changed_types)
    newly_retired: list[str] = []
    for key, entry in old.notes.items():
        if key not in new_entries:
            new_entries[key] = _retired_entry(entry, ids[key], now)
            if not entry.retired and not is_superseded(key):
                newly_retired.append(key)
    used_types = {entry.type for entry in new_entries.values()}
    type_entries = {
        state.type: _type_entry(state, old.types, now)
        for state in note_types
        if state.type in used_types or state.imported
    }
    new_lock = replace(old, types=type_entries, notes=new_entries, deck_name=deck.name)
    return Reconciliation(new_lock, tuple(diagnostics), tuple(sorted(newly_retired)))


def _entries_of_notes(
    deck_id: str, notes: Sequence[NoteState], old: Lock, ids: Mapping[str, int], now: int
) -> dict[str, NoteEntry]:
    """Return the new entries of the notes in the sources. One that stays as it is stays the same object."""
    old_entries = [old.notes.get(note.key) for note in notes]
    positions = assign_positions([None if entry is None else entry.due for entry in old_entries])
    taken_guids: set[str] = set()
    youngest = -1
    if None in old_entries:
        taken_guids = {entry.guid for entry in old.notes.values()}.union(note.guid for note in notes)
        youngest = max((entry.age_key for entry in old.notes.values()), default=-1)
    entries: dict[str, NoteEntry] = {}
    for note, locked, due in zip(notes, old_entries, positions, strict=True):
        note_id = ids[note.key]
        entry = None if locked is None else _as_released_before_pull(note, locked)
        if entry is None:
            guid = note.guid or _new_guid(deck_id, original_key(note), taken_guids)
            taken_guids.add(guid)
            entries[note.key] = NoteEntry(
                *(note.key, note.type, guid, note_id, note.digest, now, now, due, note.cards),
                subdeck=note.deck_name.subdeck,
                monotonic_since=youngest + 1 if youngest >= now else 0,
                printed=note.printed,
            )
        elif _is_as_released(note, entry, note_id, due):
            entries[note.key] = entry
        else:
            entries[note.key] = _in_subdeck(note, _updated_entry(note, entry, note_id, due, now), old)
    return entries


def _without_taken_out(
    entries: Mapping[str, NoteEntry], notes: Sequence[NoteState]
) -> Mapping[str, NoteEntry]:
    """Return the entries without those of new notes that a pull has brought and that no build has had."""
    if all(entry.before is None for entry in entries.values()):
        return entries
    present = {note.key for note in notes}
    return {key: entry for key, entry in entries.items() if key in present or entry.before != NEVER_RELEASED}


def _as_released_before_pull(note: NoteState, entry: NoteEntry) -> NoteEntry:
    """Return the entry as it was before a pull, if what was pulled has been taken out of the sources again.

    So nobody gets an update, and where the edit was made, it stays.
    """
    if entry.before is None or note.digest != entry.before[0]:
        return entry
    digest, mod = entry.before
    return entry.replace(digest=digest, mod=mod, pulled=0, before=None)


def _types_with_changed_templates(
    note_types: Sequence[NoteTypeState], old: Lock
) -> Mapping[NoteType, NoteTypeState]:
    """Return the custom note types, each of whose templates makes a card of its own, that have changed."""
    return {
        state.type: state
        for state in note_types
        if state.templates and state.type in old.types and old.types[state.type].digest != state.digest
    }


def _is_as_released(note: NoteState, entry: NoteEntry, note_id: int, due: int) -> bool:
    """Return whether a build leaves the entry of a note as it is."""
    return (
        entry.digest == note.digest
        and entry.printed == note.printed
        and entry.due == due
        and entry.id == note_id
        and entry.subdeck == note.deck_name.subdeck
        and entry.cards == note.cards
        and entry.type == note.type
        and not entry.retired
        and entry.before is None
        # A time that needn't be written.
        and not (entry.printed_mod and entry.printed_mod == entry.mod)
        and (not entry.missing or entry.missing == _still_missing(note, entry))
    )


def _updated_entry(note: NoteState, old: NoteEntry, note_id: int, due: int, now: int) -> NoteEntry:
    """Return the new entry of a note that has one.

    Anki takes an update only if its `mod` is greater than the one it has, and drops it
    silently otherwise. So `mod` moves forward with every edit, and with nothing else.
    Source: Anki, rslib/src/import_export/package/apkg/import/notes.rs, `should_update`.
    """
    is_same = old.digest == note.digest and not old.retired
    mod = old.mod if is_same else max(now, old.mod + 1)
    same_print = old.printed == note.printed if old.printed else is_same
    seen_mod = old.seen_mod if same_print and not old.retired else max(now, old.seen_mod + 1)
    return NoteEntry(
        *(note.key, old.type, old.guid, note_id, note.digest, mod, old.since, due, note.cards),
        subdeck=old.subdeck,
        former_subdecks=old.former_subdecks,
        monotonic_since=old.monotonic_since,
        printed=note.printed,
        printed_mod=0 if seen_mod == mod else seen_mod,
        missing=_still_missing(note, old),
        pulled=old.pulled if is_same else 0,
    )


def _still_missing(note: NoteState, old: NoteEntry) -> tuple[int, ...]:
    """Return the numbers of those cards that an imported note lacks and that ask for the same as before."""
    return tuple(number for number in old.missing if note.cards.get(number) == old.cards.get(number))


def _moved_notes(notes: Sequence[NoteState], old: Lock) -> list[NoteState]:
    """Return the notes that were released in another sub-deck."""
    return [
        note
        for note in notes
        if (entry := old.notes.get(note.key)) is not None
        and entry.subdeck != note.deck_name.subdeck
        and _is_moved(note, entry, old)
    ]


def _is_moved(note: NoteState, entry: NoteEntry, old: Lock) -> bool:
    """Return whether the cards of a note were released in another sub-deck; a renamed deck is none."""
    released = DeckName(old.deck_name, entry.subdeck)
    same_subdeck = is_same_deck(released.subdeck, note.deck_name.subdeck)
    return not same_subdeck and not is_same_deck(released.full, note.deck_name.full)


def _in_subdeck(note: NoteState, entry: NoteEntry, old: Lock) -> NoteEntry:
    """Return an entry with the sub-deck of this build. Its `mod` stays, since an update moves no card."""
    subdeck = note.deck_name.subdeck
    if subdeck == entry.subdeck:
        return entry
    others = {name for name in entry.former_subdecks if not is_same_deck(name, subdeck)}
    if _is_moved(note, entry, old):
        others.add(entry.subdeck)
    return entry.replace(subdeck=subdeck, former_subdecks=tuple(sorted(others)))


def _retired_entry(old: NoteEntry, note_id: int, now: int) -> NoteEntry:
    """Return the new entry of a note that isn't in the sources.

    Its `mod` moves when it leaves them, so that the package of retired notes can still update it.
    """
    if old.retired:
        return old if old.id == note_id else old.replace(id=note_id)
    date = datetime.fromtimestamp(now, UTC).date().isoformat()
    is_off_paper = old.printed == OFF_PAPER
    return old.replace(
        id=note_id,
        mod=max(now, old.mod + 1),
        retired=date,
        before=None,
        printed=OFF_PAPER if is_off_paper else "",
        printed_mod=old.seen_mod if is_off_paper else 0,
    )


def _type_entry(state: NoteTypeState, old_types: Mapping[NoteType, NoteTypeEntry], now: int) -> NoteTypeEntry:
    """Return the new entry of a note type, which Anki updates by `mod` just as it does notes.

    One that the lock doesn't know may have been released before an earlier lock was lost. It is no older
    than the others, also if the clock has gone back since.
    """
    old = old_types.get(state.type)
    if old is None:
        mod = max(now, *(entry.mod for entry in old_types.values()), 0)
    else:
        mod = old.mod if old.digest == state.digest else max(now, old.mod + 1)
    return NoteTypeEntry(
        *(state.type, state.id, state.schema, state.digest, mod, state.fields, state.templates),
        state.imported,
    )


def _new_guid(deck_id: str, key: str, taken: AbstractSet[str]) -> str:
    """Return a GUID derived from the key; the first choice is taken only if that key was renamed."""
    guid = derive.guid(deck_id, key)
    attempts = count(1)
    while guid in taken:
        guid = derive.guid(deck_id, key, next(attempts))
    return guid


def _note_ids(
    deck_id: str,
    notes: Sequence[NoteState],
    old: Mapping[str, NoteEntry],
    imported_types: Container[NoteType],
) -> dict[str, int]:
    """Return Anki's note id for every key, new and old, far enough apart for the ids of the cards.

    An old note keeps its id. A new one takes its preferred slot, or the next free one. Two old notes
    have one slot only after a merge of two branches, which derived their ids without knowing of each
    other; then the later key gets a new id. An imported note keeps any id.
    """
    ids = {key: entry.id for key, entry in old.items()}
    unplaced = {note.key: original_key(note) for note in notes if note.key not in old}
    own_keys = [key for key, entry in old.items() if entry.type not in imported_types]
    taken = set(ids.values())  # the slots, each by the id of a note that begins there
    if len(taken) < len(ids) or not derive.begin_slots(ids[key] for key in own_keys):
        taken = {id_ for key, id_ in ids.items() if old[key].type in imported_types}
        original_keys = {note.key: original_key(note) for note in notes}
        for key in sorted(own_keys):
            slots = derive.occupied_slots(old[key].id)
            if taken.isdisjoint(slots):
                taken.update(slots)
            else:
                unplaced[key] = original_keys.get(key, key)
    for key in sorted(unplaced):
        slot = derive.preferred_slot(deck_id, unplaced[key])
        while (note_id := derive.note_id(slot)) in taken:
            slot = (slot + 1) % derive.NOTE_SLOTS
        taken.add(note_id)
        ids[key] = note_id
    return ids


def _merge_shared_guids(
    entries: Mapping[str, NoteEntry], notes: Sequence[NoteState]
) -> tuple[Mapping[str, NoteEntry], Collection[str]]:
    """Merge entries that share a GUID, so that each GUID has one key.

    When one branch changes the id of a card and another edits the card, the merged lock has
    both keys. The one in the sources wins.

    Returns the entries, and the keys that cannot be merged with an earlier one of the same GUID.
    """
    if len({entry.guid for entry in entries.values()}) == len(entries):
        return entries, []
    present = {note.key for note in notes}
    by_guid: dict[str, list[NoteEntry]] = defaultdict(list)
    for key in sorted(entries):
        by_guid[entries[key].guid].append(entries[key])
    merged_entries: dict[str, NoteEntry] = {}
    conflicting_keys: list[str] = []
    for same_guid in by_guid.values():
        entry, *duplicates = sorted(same_guid, key=lambda entry: (entry.key not in present, -entry.mod))
        for duplicate in duplicates:
            merged = merge_note_entries(entry, duplicate.replace(key=entry.key, digest=UNKNOWN_DIGEST))
            if duplicate.key in present or merged is None:
                conflicting_keys.append(duplicate.key)
            else:
                entry = merged
        merged_entries[entry.key] = entry
    return merged_entries, conflicting_keys
