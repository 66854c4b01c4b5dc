"""What is new in a deck, or was edited, since a release that somebody has on paper."""

import html
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cardwright.collection import notetype
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.report import Report
from cardwright.formats.anki.identity import reconcile_deck
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.retired import ReleasedNote, read_released_notes
from cardwright.identity.lock import Lock, NoteEntry
from cardwright.pipeline.load import LoadedDeck, parse_lock


@dataclass(frozen=True, slots=True)
class ReleaseTime:
    """A time. said: what the user calls it. seconds: since 1970."""

    said: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ReleaseLock:
    """A lock as it was. path: as shown to the user. data: None when there was no lock yet."""

    said: str
    path: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class ReleasePackage:
    """An Anki package that was built before. data: of the whole file."""

    said: str
    data: bytes


Release = ReleaseTime | ReleaseLock | ReleasePackage


@dataclass(frozen=True, slots=True)
class Changes:
    """What has become of a deck. keys: of notes that are new or edited. left: names of cards that it had."""

    keys: AbstractSet[str]
    left: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Known:
    """A note as a release had it. mod: see `NoteEntry`. card_numbers: 1-based."""

    key: str
    mod: int
    card_numbers: AbstractSet[int]


def find_changes(loaded: LoadedDeck, release: Release, report: Report) -> Changes | None:
    """What has changed since a release; edits that no build has seen yet are among it.

    Returns None after an error: what keeps the deck's own lock from being used, or
    `lock-damaged` and its kin, `not-a-package`, `release-of-another-deck` of the release.
    """
    # Without the time of a build: what no build has seen has changed, whenever that was.
    rendered, settled = reconcile_deck(loaded.deck, loaded.lock, now=0)
    failures = [one for one in settled.diagnostics if one.severity is Severity.ERROR]
    report.extend(failures)
    known = _known(loaded, release, rendered.types, report)
    if failures or known is None:
        return None
    present = {entry.guid: entry for entry in settled.lock.notes.values() if not entry.retired}
    if loaded.lock is None:
        message = "the deck has no lock yet, so all of its cards count as new"
        report.add(Diagnostic("no-lock", message, None, Severity.NOTE))
        keys = frozenset(entry.key for entry in present.values())
    elif isinstance(release, ReleaseTime):
        keys = frozenset(_later(loaded.lock, present, release.seconds))
    else:
        unseen = _unseen(loaded.lock, present)
        keys = frozenset(
            entry.key for guid, entry in present.items() if guid in unseen or _is_news(entry, known.get(guid))
        )
    return Changes(keys, tuple(sorted(_left(known, present))))


def _known(
    loaded: LoadedDeck, release: Release, types: Sequence[AnkiNoteType], report: Report
) -> Mapping[str, _Known] | None:
    """The notes of a release by guid."""
    match release:
        case ReleaseTime():
            lock = loaded.lock
            return {} if lock is None else dict(_there_at(lock, release.seconds))
        case ReleaseLock(said, path, data):
            if data is None:
                message = f"the deck had no lock at {truncate(said, 24)}, so all of it counts as new"
                report.add(Diagnostic("no-lock", message, None, Severity.NOTE))
                return {}
            found = parse_lock(path, data, report)
            if found is not None and found.deck_id != loaded.deck.id:
                report.add(_another(said))
                return None
            return None if found is None else dict(_in_lock(found))
        case ReleasePackage(said, data):
            notes = read_released_notes(data)
            if not notes:
                message = f"no notes can be read in `{truncate(said, 40)}`"
                advice = "packages that `cardwright build` wrote can be read"
                report.add(Diagnostic("not-a-package", message, None, help=advice))
                return None
            if {note.type_id for note in notes.values()}.isdisjoint(one.id for one in types):
                report.add(_another(said))
                return None
            return dict(_in_package(notes, types, loaded.lock))


def _another(said: str) -> Diagnostic:
    return Diagnostic("release-of-another-deck", f"`{truncate(said, 36)}` is of another deck", None)


def _in_lock(lock: Lock) -> Iterator[tuple[str, _Known]]:
    for entry in lock.notes.values():
        if not entry.retired:
            yield entry.guid, _Known(entry.key, entry.mod, entry.card_numbers)


def _there_at(lock: Lock, seconds: float) -> Iterator[tuple[str, _Known]]:
    """Notes that were there at a time; of one that has left, `mod` says when: it moved then."""
    for entry in lock.notes.values():
        if entry.since < seconds and (not entry.retired or entry.mod >= seconds):
            yield entry.guid, _Known(entry.key, entry.mod, entry.card_numbers)


def _in_package(
    notes: Mapping[str, ReleasedNote], types: Sequence[AnkiNoteType], lock: Lock | None
) -> Iterator[tuple[str, _Known]]:
    places = {one.id: [field.name for field in one.fields].index(notetype.KEY) for one in types}
    keys = {} if lock is None else {entry.guid: entry.key for entry in lock.notes.values()}
    for guid, note in notes.items():
        place = places.get(note.type_id, len(note.values))
        written = html.unescape(note.values[place]) if place < len(note.values) else guid
        numbers = frozenset(ordinal + 1 for ordinal in note.ordinals)
        yield guid, _Known(keys.get(guid, written), note.mod, numbers)


def _later(lock: Lock, present: Mapping[str, NoteEntry], seconds: float) -> Iterator[str]:
    unseen = _unseen(lock, present)
    for guid, entry in present.items():
        if guid in unseen or entry.mod >= seconds:
            yield entry.key


def _unseen(lock: Lock, present: Mapping[str, NoteEntry]) -> AbstractSet[str]:
    """The guids of notes that are new or edited since the last build, or have a new card."""
    before = {entry.guid: entry for entry in lock.notes.values()}
    return {guid for guid, entry in present.items() if _is_news(entry, before.get(guid))}


def _is_news(entry: NoteEntry, before: "NoteEntry | _Known | None") -> bool:
    """Whether a note is new or edited, or has a new card.

    A template of an author's own makes new cards of notes that stay as they are.
    """
    return before is None or before.mod != entry.mod or not entry.card_numbers <= before.card_numbers


def _left(known: Mapping[str, _Known], present: Mapping[str, NoteEntry]) -> Iterator[str]:
    """The names of cards that are no more, as they are printed on them."""
    for guid, one in known.items():
        kept = present[guid].card_numbers if guid in present else frozenset[int]()
        for number in one.card_numbers - kept:
            yield one.key if number == 1 else f"{one.key}#{number}"
