"""What this build claims, held against what was given out before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.span import Span
from cardwright.identity import derive, merge, messages, renames, type_messages
from cardwright.identity.lock import Lock, NoteEntry, NoteTypeEntry
from cardwright.identity.note_state import NoteState, NoteTypeState
from cardwright.identity.positions import assign_positions


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The lock to be written, in which each note's identity stands, and what to tell the author.

    With an error among the findings the lock is of no use: nothing must be built from it.
    """

    lock: Lock
    diagnostics: tuple[Diagnostic, ...]

    @property
    def failed(self) -> bool:
        return any(one.severity is Severity.ERROR for one in self.diagnostics)


def reconcile(
    deck_id: str,
    deck_span: Span,
    claims: Sequence[NoteState],
    types: Sequence[NoteTypeState],
    lock: Lock | None,
    now: int,
    *,
    deck_name: str,
) -> Reconciliation:
    """Give every note its identity: the old one if it has one, else one derived from its key.

    A note whose key was released under a former one (`Claim.was`) takes over what that one had.

    deck_span: the deck's id as written.
    claims: the notes in study order; keys are unique.
    lock: of the build before; None for the first, or when it was lost.
    now: build time in s since 1970. A clock that went back lowers no `mod`.
    """
    found: list[Diagnostic] = []
    if lock is not None and lock.deck_id != deck_id:
        found.append(messages.other_deck(deck_span, lock))
        lock = None
    old = lock if lock is not None else Lock(deck_id, {}, {}, deck_name)
    if old.deck_name != deck_name:
        found.append(messages.renamed_deck(old.deck_name, deck_name, deck_span))
    known, clashing = merge.dedupe_guids(old.notes, {claim.key for claim in claims})
    old = replace(old, notes=known)
    found += (messages.same_guid(claim, lock or old) for claim in claims if claim.key in clashing)
    renamed, unknown = renames.find_renames(claims, old.notes)
    if lock is not None:
        found += (messages.unknown_former(claim, old) for claim in unknown)
    old = replace(old, notes={renamed.get(key, key): entry for key, entry in old.notes.items()})
    found += (
        messages.late_former(claim, key, old) for claim, key in renames.conflicting_renames(claims, old.notes)
    )
    new_types = {claim.type: _type_entry(claim, old.types.get(claim.type), now) for claim in types}
    found += type_messages.changed_types(types, old, deck_span)

    positions = assign_positions([_position(old.notes.get(claim.key)) for claim in claims])
    ids = _note_ids(deck_id, claims, old.notes)
    guids = _Guids(deck_id, old.notes)
    notes: dict[str, NoteEntry] = {}
    gone: list[str] = []
    for claim, position in zip(claims, positions, strict=True):
        entry = old.notes.get(claim.key)
        if entry is None:
            guid = guids.of(renames.original_key(claim))
            note_id = ids[claim.key]
            new = NoteEntry(
                claim.key, claim.type, guid, note_id, claim.digest, now, position, claim.cards, now
            )
        else:
            new = _renewed(claim, entry, ids[claim.key], position, now)
            found += messages.changed_cards(claim, entry, old)
        notes[claim.key] = new
    for key, entry in old.notes.items():
        if key not in notes:
            notes[key] = _retired(entry, ids[key], now)
            if not entry.retired:
                gone.append(key)
    if gone:
        found.append(messages.retired(sorted(gone), old))
    return Reconciliation(Lock(deck_id, new_types, notes, deck_name, old.source), tuple(found))


def _position(entry: NoteEntry | None) -> int | None:
    return None if entry is None else entry.due


def _renewed(claim: NoteState, old: NoteEntry, note_id: int, due: int, now: int) -> NoteEntry:
    """The identity of a note that had one.

    Anki takes an update only when its `mod` is greater than the one it has, and drops it
    silently otherwise; so an edit always moves forward, and nothing but an edit moves.
    Source: Anki, rslib/src/import_export/package/apkg/import/notes.rs, `should_update`.
    """
    if old.digest == claim.digest and not old.retired:
        if old.due == due and old.id == note_id and old.cards == claim.cards:
            return old
        return replace(old, id=note_id, due=due, cards=claim.cards)
    mod = max(now, old.mod + 1)
    return NoteEntry(claim.key, old.type, old.guid, note_id, claim.digest, mod, due, claim.cards, old.since)


def _retired(old: NoteEntry, note_id: int, now: int) -> NoteEntry:
    """The identity of a note that is not in the sources.

    When it leaves them its `mod` moves, so that a last word about it would be heard.
    """
    if old.retired:
        return old if old.id == note_id else replace(old, id=note_id)
    date = datetime.fromtimestamp(now, UTC).date().isoformat()
    return replace(old, id=note_id, mod=max(now, old.mod + 1), retired=date)


def _type_entry(claim: NoteTypeState, old: NoteTypeEntry | None, now: int) -> NoteTypeEntry:
    """Like a note, a note type is updated by Anki only when its `mod` is greater."""
    mod = now
    if old is not None:
        mod = old.mod if old.digest == claim.digest else max(now, old.mod + 1)
    return NoteTypeEntry(claim.type, claim.id, claim.schema, claim.digest, mod, claim.fields, claim.templates)


class _Guids:
    """Guids for new notes, none of which an old note has already."""

    def __init__(self, deck_id: str, old: Mapping[str, NoteEntry]) -> None:
        self._deck_id = deck_id
        self._taken = {entry.guid for entry in old.values()}

    def of(self, key: str) -> str:
        """A guid derived from the key. It is taken only if a note with this key got another one."""
        guid = derive.guid(self._deck_id, key)
        attempt = 0
        while guid in self._taken:
            attempt += 1
            guid = derive.guid(self._deck_id, key, attempt)
        self._taken.add(guid)
        return guid


def _note_ids(deck_id: str, claims: Sequence[NoteState], old: Mapping[str, NoteEntry]) -> dict[str, int]:
    """Anki's note id for every key, new and old: far enough apart for the cards' ids.

    An old note keeps its id. A new one takes its derived slot, or the next free one. Two
    old notes fight for a slot only after a merge of two branches, each of which derived an
    id without knowing of the other; the later key then yields.
    """
    taken: set[int] = set()
    ids: dict[str, int] = {}
    origins = {claim.key: renames.original_key(claim) for claim in claims}
    homeless: list[str] = [claim.key for claim in claims if claim.key not in old]
    for key in sorted(old):
        slots = derive.slots_touched(old[key].id)
        if taken.isdisjoint(slots):
            taken.update(slots)
            ids[key] = old[key].id
        else:
            homeless.append(key)
    for key in sorted(homeless):
        slot = derive.note_slot(deck_id, origins.get(key, key))
        while slot in taken:
            slot = (slot + 1) % derive.NOTE_SLOTS
        taken.add(slot)
        ids[key] = derive.note_id(slot)
    return ids
