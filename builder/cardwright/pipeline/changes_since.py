"""Finds what is new in a deck, or was edited, since a release that somebody has on paper."""

import html
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cardwright.collection import notetype
from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.formats.anki.identity import reconcile_deck
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.released import ReleasedNote, read_package
from cardwright.identity.lock import Lock, NoteEntry
from cardwright.pipeline.load import LoadedDeck, read_lock_file


@dataclass(frozen=True, slots=True)
class ReleaseTime:
    """The time of a release. name: what the user calls it. seconds: since 1970."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ReleaseLock:
    """The lock of a release. path: as shown to the user. data: None when there was no lock yet."""

    name: str
    path: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class ReleasePackage:
    """The Anki package of a release. data: the content of the whole file."""

    name: str
    data: bytes


Release = ReleaseTime | ReleaseLock | ReleasePackage


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes since a release.

    keys: of notes that are new or edited.
    removed_cards: the names of cards that the release had and the deck no longer has.
    """

    keys: AbstractSet[str]
    removed_cards: Sequence[str]


@dataclass(frozen=True, slots=True)
class _PackagedNote:
    """A note as a package has it. mod: see `NoteEntry`. card_numbers: 1-based."""

    key: str
    mod: int
    card_numbers: AbstractSet[int]


_NoteAtRelease = NoteEntry | _PackagedNote


def find_changes(loaded: LoadedDeck, release: Release, report: Report) -> Changes | None:
    """Return what has changed since a release, including edits that have not been built yet.

    Returns None after an error: one that keeps the deck's own lock from being used, or one of the
    release, such as `lock-damaged`, `not-a-package` or `release-of-another-deck`.
    """
    # No build time is needed: edits that have not been built count as changed, whenever they were made.
    rendered, reconciliation = reconcile_deck(loaded.deck, loaded.lock, now=0)
    errors = [error for error in reconciliation.diagnostics if error.severity is Severity.ERROR]
    report.extend(errors)
    notes_at_release = _notes_at_release(loaded, release, rendered.types, report)
    if errors or notes_at_release is None:
        return None
    current = _current_notes(reconciliation.lock)
    if loaded.lock is None:
        message = "the deck has no lock yet, so all of its cards count as new"
        report.add(Diagnostic("no-lock", message, None, Severity.NOTE))
        keys = frozenset(entry.key for entry in current.values())
    else:
        unbuilt = _unbuilt_guids(loaded.lock, current)
        keys = frozenset(
            entry.key
            for guid, entry in current.items()
            if guid in unbuilt or _changed_since(release, entry, notes_at_release.get(guid))
        )
    return Changes(keys, tuple(sorted(_removed_cards(notes_at_release, current))))


def _changed_since(release: Release, entry: NoteEntry, earlier: _NoteAtRelease | None) -> bool:
    if isinstance(release, ReleaseTime):
        return entry.mod >= release.seconds
    return _is_new_or_edited(entry, earlier)


def _notes_at_release(
    loaded: LoadedDeck, release: Release, types: Sequence[AnkiNoteType], report: Report
) -> Mapping[str, _NoteAtRelease] | None:
    """Return the notes of a release by GUID, or None after an error."""
    match release:
        case ReleaseTime():
            return {} if loaded.lock is None else _notes_at_time(loaded.lock, release.seconds)
        case ReleaseLock(name, path, data):
            if data is None:
                message = f"the deck had no lock at {truncate(name, 24)}, so all of it counts as new"
                report.add(Diagnostic("no-lock", message, None, Severity.NOTE))
                return {}
            lock = read_lock_file(path, data, report)
            if lock is not None and lock.deck_id != loaded.deck.id:
                report.add(_other_deck(name))
                return None
            return None if lock is None else _current_notes(lock)
        case ReleasePackage(name, data):
            notes = read_package(data).notes
            if not notes:
                message = f"no notes can be read in `{truncate(name, 40)}`"
                help_ = "packages that `cardwright build` wrote can be read"
                report.add(Diagnostic("not-a-package", message, None, help=help_))
                return None
            if {note.type_id for note in notes.values()}.isdisjoint(anki_type.id for anki_type in types):
                report.add(_other_deck(name))
                return None
            return dict(_notes_in_package(notes, types, loaded.lock))


def _other_deck(name: str) -> Diagnostic:
    return Diagnostic("release-of-another-deck", f"`{truncate(name, 36)}` is of another deck", None)


def _current_notes(lock: Lock) -> dict[str, NoteEntry]:
    """Return the notes of a lock that are not retired, by GUID."""
    return {entry.guid: entry for entry in lock.notes.values() if not entry.retired}


def _notes_at_time(lock: Lock, seconds: float) -> dict[str, NoteEntry]:
    """Return the notes that existed at a time, by GUID; a retired note's `mod` is when it was retired."""
    return {
        entry.guid: entry
        for entry in lock.notes.values()
        if entry.since < seconds and (not entry.retired or entry.mod >= seconds)
    }


def _notes_in_package(
    notes: Mapping[str, ReleasedNote], types: Sequence[AnkiNoteType], lock: Lock | None
) -> Iterator[tuple[str, _PackagedNote]]:
    """Yield the notes of a package by GUID, with the keys of the lock or else those in their fields."""
    key_fields = {
        anki_type.id: [field.name for field in anki_type.fields].index(notetype.KEY) for anki_type in types
    }
    keys = {} if lock is None else {entry.guid: entry.key for entry in lock.notes.values()}
    for guid, note in notes.items():
        index = key_fields.get(note.type_id, len(note.values))
        key_in_field = html.unescape(note.values[index]) if index < len(note.values) else guid
        card_numbers = frozenset(ordinal + 1 for ordinal in note.ordinals)
        yield guid, _PackagedNote(keys.get(guid, key_in_field), note.mod, card_numbers)


def _unbuilt_guids(lock: Lock, current: Mapping[str, NoteEntry]) -> AbstractSet[str]:
    """Return the GUIDs of notes that are new or edited since the last build, or have a new card."""
    built = {entry.guid: entry for entry in lock.notes.values()}
    return {guid for guid, entry in current.items() if _is_new_or_edited(entry, built.get(guid))}


def _is_new_or_edited(entry: NoteEntry, earlier: _NoteAtRelease | None) -> bool:
    """Tell whether a note is new or edited, or has a new card.

    A template of a custom note type can make new cards of notes that stay as they are.
    """
    return earlier is None or earlier.mod != entry.mod or not entry.card_numbers <= earlier.card_numbers


def _removed_cards(
    notes_at_release: Mapping[str, _NoteAtRelease], current: Mapping[str, NoteEntry]
) -> Iterator[str]:
    """Yield the names, as printed, of cards that no longer exist."""
    for guid, note in notes_at_release.items():
        remaining = current[guid].card_numbers if guid in current else frozenset[int]()
        for number in note.card_numbers - remaining:
            yield note.key if number == 1 else f"{note.key}#{number}"
