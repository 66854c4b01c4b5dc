"""Finds the cards that look different on paper than they did at a release, or are new.

The lock has a digest of what cards show on paper, and when that last changed. The lock of a release says
itself how its cards looked, so an edit that was taken back counts as none; for a time or a package, the
deck's own lock says it of cards that look the same since. Where nothing tells, as in locks of earlier
versions, every edit counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cardwright.collection.printed import OFF_PAPER
from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.formats.anki.identity import reconcile_deck
from cardwright.formats.anki.released import ReleasedPackage, read_package
from cardwright.identity.lock import Lock, NoteEntry
from cardwright.identity.superseded import released_key
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

    keys: of notes that are printed and are new or look different.
    removed_cards: the names of cards that were printed of the release and no longer are.
    """

    keys: AbstractSet[str]
    removed_cards: Sequence[str]


# 9999-12-31, in s since 1970: an edit that hasn't been built yet is later than any release.
_NOT_BUILT_YET = 253_402_214_400


@dataclass(frozen=True, slots=True)
class _ReleasedNote:
    """A note of a release.

    seen_mod, printed: as in `NoteEntry`, when it was released. seen_mod: 0 if unknown.
    card_numbers: 1-based.
    """

    key: str
    seen_mod: int
    card_numbers: AbstractSet[int]
    printed: str = ""


def find_changes(loaded: LoadedDeck, release: Release, report: Report) -> Changes | None:
    """Return what has changed since a release, including edits that have not been built yet.

    Returns None after an error: one that keeps the deck's own lock from being used, or one of the
    release, such as `lock-damaged`, `not-a-package` or `release-of-another-deck`.
    """
    _, reconciliation = reconcile_deck(loaded.deck, loaded.lock, _NOT_BUILT_YET)
    errors = [error for error in reconciliation.diagnostics if error.severity is Severity.ERROR]
    report.extend(errors)
    current = _current_notes(reconciliation.lock)
    released = _released_notes(loaded, release, report)
    if errors or released is None:
        return None
    if loaded.lock is None:
        message = "the deck has no lock yet, so all of its cards count as new"
        report.add(Diagnostic("no-lock", message, None, Severity.NOTE))
    keys = frozenset(
        entry.key
        for guid, entry in current.items()
        if entry.printed != OFF_PAPER
        and (loaded.lock is None or guid not in released or _is_changed(entry, released[guid]))
    )
    return Changes(keys, tuple(sorted(_removed_cards(released, current))))


def _is_changed(entry: NoteEntry, released: _ReleasedNote) -> bool:
    """Tell whether a note has a card more than in a release, or looks different."""
    return not entry.card_numbers <= released.card_numbers or _looks_different(entry, released)


def _looks_different(entry: NoteEntry, released: _ReleasedNote) -> bool:
    if released.printed:
        return entry.printed != released.printed
    return entry.seen_mod != released.seen_mod


def _released_notes(
    loaded: LoadedDeck, release: Release, report: Report
) -> Mapping[str, _ReleasedNote] | None:
    """Return the notes of a release by GUID, or None after an error."""
    match release:
        case ReleaseTime():
            return {} if loaded.lock is None else dict(_notes_at_time(loaded.lock, release.seconds))
        case ReleaseLock(name, path, data):
            if data is None:
                message = f"the deck had no lock at {truncate(name, 24)}, so all of it counts as new"
                report.add(Diagnostic("no-lock", message, None, Severity.NOTE))
                return {}
            lock = read_lock_file(path, data, report)
            if lock is not None and lock.deck_id != loaded.deck.id:
                report.add(_other_deck(name))
                return None
            return None if lock is None else dict(_notes_in_lock(lock))
        case ReleasePackage(name, data):
            package = read_package(data)
            if not package.notes:
                message = f"no notes can be read in `{truncate(name, 40)}`"
                help_ = "packages that `cardwright build` wrote can be read"
                report.add(Diagnostic("not-a-package", message, None, help=help_))
                return None
            if package.deck_id != loaded.deck.id:
                report.add(_other_deck(name))
                return None
            return dict(_notes_in_package(package, loaded.lock))


def _other_deck(name: str) -> Diagnostic:
    return Diagnostic("release-of-another-deck", f"`{truncate(name, 36)}` is of another deck", None)


def _current_notes(lock: Lock) -> dict[str, NoteEntry]:
    """Return the notes of a lock that are not retired, by GUID."""
    return {entry.guid: entry for entry in lock.notes.values() if not entry.retired}


def _notes_in_lock(lock: Lock) -> Iterator[tuple[str, _ReleasedNote]]:
    for guid, entry in _current_notes(lock).items():
        yield guid, _ReleasedNote(entry.key, entry.seen_mod, entry.card_numbers, entry.printed)


def _notes_at_time(lock: Lock, seconds: float) -> Iterator[tuple[str, _ReleasedNote]]:
    """Yield the notes that existed at a time, by GUID; a retired note's `mod` is when it was retired."""
    seconds -= 1  # a change in the very second isn't in the release
    for entry in lock.notes.values():
        if entry.since <= seconds and (not entry.retired or entry.mod > seconds):
            is_same = entry.seen_mod <= seconds
            look = (entry.seen_mod, entry.card_numbers, entry.printed) if is_same else (0, entry.card_numbers)
            yield entry.guid, _ReleasedNote(released_key(entry.key), *look)


def _notes_in_package(package: ReleasedPackage, lock: Lock | None) -> Iterator[tuple[str, _ReleasedNote]]:
    """Yield the notes of a package by GUID, with the keys of the lock or else those in their fields."""
    entries = {} if lock is None else {entry.guid: entry for entry in lock.notes.values()}
    for guid, note in package.notes.items():
        card_numbers = frozenset(ordinal + 1 for ordinal in note.ordinals)
        seen_mod = note.printed_mod or note.mod
        entry = entries.get(guid)
        if entry is not None:
            printed = entry.printed if entry.seen_mod == seen_mod else ""
            yield guid, _ReleasedNote(released_key(entry.key), seen_mod, card_numbers, printed)
        else:
            yield guid, _ReleasedNote(package.key(note) or guid, seen_mod, card_numbers)


def _removed_cards(released: Mapping[str, _ReleasedNote], current: Mapping[str, NoteEntry]) -> Iterator[str]:
    """Yield the names, as printed, of cards that were printed of the release and no longer are."""
    # A note that took back an older identity has another GUID than in the release, and the same name.
    remaining_names = {
        name
        for entry in current.values()
        if entry.printed != OFF_PAPER
        for name in _card_names(entry.key, entry.card_numbers)
    }
    for guid, note in released.items():
        entry = current.get(guid)
        remaining: AbstractSet[int] = frozenset() if entry is None else entry.card_numbers
        if entry is not None and entry.printed == OFF_PAPER:
            remaining = frozenset() if _looks_different(entry, note) else note.card_numbers
        if note.printed != OFF_PAPER:
            names = _card_names(note.key, note.card_numbers - remaining)
            yield from (name for name in names if name not in remaining_names)


def _card_names(key: str, card_numbers: AbstractSet[int]) -> Iterator[str]:
    return (key if number == 1 else f"{key}#{number}" for number in card_numbers)
