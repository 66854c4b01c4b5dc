"""Write the lock anew after a pull, so that the next build changes nothing where the edits were made."""

import dataclasses
from collections.abc import Container, Iterable, Mapping, Sequence

from cardwright.formats.anki.shown_html import comparable
from cardwright.identity.lock import NEVER_RELEASED, UNKNOWN_DIGEST, Lock, NoteEntry
from cardwright.identity.reconcile import reconcile
from cardwright.pulling.deck_state import DeckState, ExportedNote, automatic_fields
from cardwright.pulling.new_cards import NewNote
from cardwright.pulling.pulled_media import PulledMedia
from cardwright.pulling.source_edits import Leftover, SourceEdit
from cardwright.pulling.three_way import FieldChange, Verdict
from cardwright.pulling.versions import Version

_LATEST = 86_400
"""How far ahead the clock of the export may be, in s; Anki itself allows a day."""
_GREATEST_ID = 2**63 - 2


def new_lock(
    lock: Lock,
    edits: Sequence[SourceEdit],
    left: Iterable[Leftover],
    exported: Mapping[str, ExportedNote],
    state: DeckState,
    media: PulledMedia,
    now: int,
) -> Lock:
    """Return the lock in which the notes that Anki has already count as released when Anki changed them.

    A build then makes a package that changes nothing in the collection that was exported, and everything
    in all others. A note that differs from that of the collection in any way will be released anew.

    exported: by key. state: of the edited sources. now: in s since 1970.
    """
    notes = dict(with_labels(lock, edits, exported).notes)
    # What an author can't bring into the sources may stay as it is in the collection.
    ignored = {
        (change.key, change.field)
        for leftover in left
        if isinstance(change := leftover.change, FieldChange)
        and change.field in automatic_fields(state.notes[change.key])
        and change.verdict is Verdict.IN_ANKI
    }
    changes = [change for edit in edits for change in edit.changes]
    new = [change for change in changes if isinstance(change, NewNote)]
    notes |= _new_entries(lock, new, state, media, now)
    for key in dict.fromkeys(change.key for change in changes if not isinstance(change, NewNote)):
        note = exported[key]
        entry = notes[note.entry.key]
        is_future = note.mod > now + _LATEST
        before = entry.before or (entry.digest, entry.mod)
        own_ignored = {field for other, field in ignored if other == key}
        is_same = _is_same(state.version_with(key, media), note.version, state.cloze_fields(key), own_ignored)
        if is_same and entry.mod < note.mod and not is_future:
            digest = state.rendered[key].state.digest
            notes[entry.key] = entry.replace(digest=digest, mod=note.mod, pulled=note.deck_id, before=before)
        else:
            mod = entry.mod if is_future else max(note.mod, entry.mod)
            notes[entry.key] = entry.replace(digest=UNKNOWN_DIGEST, mod=mod, before=before)
    return dataclasses.replace(lock, notes=notes)


def with_labels(lock: Lock, edits: Iterable[SourceEdit], exported: Mapping[str, ExportedNote]) -> Lock:
    """Return the lock with the numbers that new labels have in Anki. exported: by key."""
    entries = {
        entry.key: entry.replace(cards={**entry.cards, **edit.labels})
        for edit in edits
        if edit.labels
        for entry in (exported[change.key].entry for change in edit.changes)
    }
    return dataclasses.replace(lock, notes={**lock.notes, **entries}) if entries else lock


def _new_entries(
    lock: Lock, new: Sequence[NewNote], state: DeckState, media: PulledMedia, now: int
) -> dict[str, NoteEntry]:
    """Return the entries of new notes, with Anki's identities.

    The content of those of our own note types counts as unknown: a build fills in further fields of theirs.
    """
    if not new:
        return {}
    states, types = state.rendered_deck.note_states, state.rendered_deck.type_states
    derived = reconcile(state.deck, states, types, lock, now).lock.notes
    entries: dict[str, NoteEntry] = {}
    for note in new:
        key, custom = note.key, state.notes[note.key].custom_type
        version = state.version_with(key, media)
        is_imported = custom is not None and custom.imported is not None
        is_same = is_imported and _is_same(version, note.version, state.cloze_fields(key), ())
        mod = min(max(note.mod, 0), now)
        entry = derived[key]
        entries[key] = entry.replace(
            guid=note.guid,
            id=note.id if abs(note.id) <= _GREATEST_ID else entry.id,
            digest=state.rendered[key].state.digest if is_same and mod == note.mod else UNKNOWN_DIGEST,
            mod=mod,
            since=mod,
            monotonic_since=0,
            missing=tuple(sorted(entry.cards.keys() - note.numbers)) if is_imported else (),
            before=NEVER_RELEASED,
        )
    return entries


def _is_same(ours: Version, theirs: Version, clozes: Container[str], ignored: Container[str]) -> bool:
    """Return whether two notes say the same. ignored: names of fields that don't count."""
    tags = ({tag.casefold() for tag in version.tags} for version in (ours, theirs))
    return next(tags) == next(tags) and all(
        html == theirs.values[name]
        or name in ignored
        or comparable(html, cloze=name in clozes) == comparable(theirs.values[name], cloze=name in clozes)
        for name, html in ours.values.items()
    )
