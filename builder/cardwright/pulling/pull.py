"""Take what was changed in Anki over into the sources and the lock of a deck."""

import dataclasses
import posixpath
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cached_property

from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Diagnostic, Report
from cardwright.formats.anki import image_occlusion
from cardwright.formats.anki.earlier_texts import EarlierText
from cardwright.formats.anki.released import ReleasedPackage
from cardwright.formats.anki.render import RenderedDeck, RenderedNote, render_deck
from cardwright.formats.anki.shown_html import canonical
from cardwright.identity.lock import UNKNOWN_DIGEST, Lock, NoteEntry
from cardwright.identity.lock_text import encode_lock
from cardwright.identity.reconcile import reconcile
from cardwright.importing.collection import AnkiCollection, AnkiNote
from cardwright.pipeline.load import load_deck
from cardwright.pulling.new_cards import CardWriter, NewNote, deck_of
from cardwright.pulling.pulled_media import LibraryWithMedia, PulledMedia
from cardwright.pulling.source_edits import (
    AUTOMATIC,
    DeckSources,
    Leftover,
    SourceEdit,
    field_edits,
    new_note_edits,
    tag_edits,
)
from cardwright.pulling.three_way import Comparison, FieldChange, TagChange, Verdict, compare
from cardwright.pulling.versions import (
    History,
    Version,
    history,
    known_release_times,
    own_tags,
    release,
    rendered_version,
    version_of,
)
from cardwright.reader import ReadingOptions
from cardwright.record import Record, replace
from cardwright.source.files import DeckFiles, MediaLibrary
from cardwright.source.yaml_writing import apply_edits

_LATEST = 86_400
"""How far ahead the clock of the export may be, in s; Anki itself allows a day."""
_DEFAULT_DECK = 1
"""The id of a deck that every collection has."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Packages(Record, frozen=True):
    """The earlier packages of a deck.

    last: of the last build. earlier_texts: what builds have noted of notes, by GUID.
    earlier: returns the packages before the last, the latest first; asked for only if needed.
    had: the one that the exporter certainly had imported last; None if it isn't known.
    """

    last: ReleasedPackage
    earlier_texts: Mapping[str, Sequence[EarlierText]]
    earlier: Callable[[], Sequence[ReleasedPackage]]
    had: ReleasedPackage | None = None


class Counts(Record, frozen=True):
    """Numbers of the notes of a deck.

    exported: that are in the export. older: of those that are as in an earlier release.
    missing: that are not in the export.
    foreign: in the deck in the export, of note types that the deck doesn't have, by their names.
    """

    exported: int
    older: int
    missing: int
    foreign: Mapping[str, int]


class PullResult(Record, frozen=True):
    """What a pull does.

    files: content by path, to be written. taken: the edits of the sources. left: what is left to the author.
    report: errors, which keep anything from being taken.
    """

    deck: Deck
    files: Mapping[str, bytes]
    taken: Sequence[SourceEdit]
    left: Sequence[Leftover]
    counts: Counts


class _State(Record, frozen=True):
    """A deck as its sources make it. notes, rendered: by key."""

    deck: Deck
    deck_rendered: RenderedDeck
    notes: Mapping[str, Note]
    rendered: Mapping[str, RenderedNote]
    field_names: Mapping[NoteType, tuple[str, ...]]

    def version(self, key: str) -> Version:
        note = self.rendered[key]
        return rendered_version(note, self.field_names[note.state.type], self.deck.id)


class _Exported(Record, frozen=True):
    """The notes of an export. known: by key. new: unknown to the lock. foreign: as in `Counts`."""

    known: Mapping[str, "_ExportedNote"]
    new: Sequence[NewNote]
    foreign: Mapping[str, int]


class _ExportedNote(Record, frozen=True):
    """A note of the export that the lock knows. deck_id: as in `NoteEntry.pulled`."""

    entry: NoteEntry
    mod: int
    deck_id: int
    version: Version


def pull(
    files: DeckFiles,
    library: MediaLibrary,
    collection: AnkiCollection,
    packages: Packages,
    now: int,
    report: Report,
    *,
    takes_new: bool = True,
) -> PullResult | None:
    """Return what an export changes in a deck; None after an error.

    now: in s since 1970. takes_new: whether new notes become cards.
    """
    loaded = load_deck(files, library, report, ReadingOptions(renders=False))
    if loaded is None or report.has_errors:
        return None
    if loaded.lock is None:
        message, help_ = "the deck has no lock yet, so nobody can have it", "run `cardwright build` first"
        report.add(Diagnostic("no-lock", message, loaded.deck.span, help=help_))
        return None
    pulling = _Pull(files, library, collection, packages, now, loaded.lock, loaded.deck)
    return pulling.result(takes_new=takes_new)


class _Pull:
    """A pull of one deck."""

    def __init__(
        self,
        files: DeckFiles,
        library: MediaLibrary,
        collection: AnkiCollection,
        packages: Packages,
        now: int,
        lock: Lock,
        deck: Deck,
    ) -> None:
        self._files, self._collection = files, collection
        self._library = LibraryWithMedia(library, files.folder)
        self._packages, self._now, self._lock = packages, now, lock
        self._state = _state(deck, lock)
        self._sources = DeckSources(deck)
        own_media = self._state.deck_rendered.media
        self._media = PulledMedia(own_media, collection.media, self._library, files.folder)
        self._type_ids = {type_.type: type_.id for type_ in self._state.deck_rendered.types}
        self._deck_ids = {deck.name: deck.id for deck in collection.decks}
        self._earlier: Sequence[ReleasedPackage] | None = None

    def result(self, *, takes_new: bool) -> PullResult:
        exported = self._exported_notes()
        times = known_release_times(self._lock.notes.values())
        comparisons: list[Comparison] = []
        older = 0
        for note in exported.known.values():
            comparison = self._compare(note)
            if comparison.is_changed:
                comparisons.append(comparison)
            older += comparison.is_older or (note.mod < note.entry.mod and note.mod in times)
        fields = [change for comparison in comparisons for change in comparison.fields]
        tags = [comparison.tags for comparison in comparisons if comparison.tags is not None]
        steps = [*field_edits(self._sources, fields, self._media), *tag_edits(self._sources, tags)]
        new = exported.new if takes_new else ()
        steps += new_note_edits(self._card_writer, new, self._state.deck.span)
        left = [step for step in steps if isinstance(step, Leftover)]
        edits, withdrawn, files, state = self._verified(
            [step for step in steps if isinstance(step, SourceEdit)]
        )
        left += withdrawn
        if edits:
            files |= self._new_media(state)
            files[self._files.lock_path] = encode_lock(self._new_lock(edits, left, exported.known, state))
        in_sources = sum(not entry.retired for entry in self._lock.notes.values())
        counts = Counts(len(exported.known), older, in_sources - len(exported.known), exported.foreign)
        return PullResult(self._state.deck, files, edits, left, counts)

    def _new_media(self, state: _State) -> dict[str, bytes]:
        """Return the new files that the edited sources name, by path."""
        named = {file.path for file in state.deck_rendered.media}
        folder = self._files.folder
        new = {posixpath.join(folder, path): data for path, data in self._library.new.items()}
        return {path: data for path, data in sorted(new.items()) if path in named}

    @cached_property
    def _card_writer(self) -> CardWriter:
        keys = [*self._lock.notes, *self._state.rendered]
        return CardWriter(self._state.deck, self._media, (key.partition("/")[0] for key in keys))

    # Comparing

    def _exported_notes(self) -> _Exported:
        entries = {entry.guid: entry for entry in self._lock.notes.values()}
        types = {note_type.id: note_type.type for note_type in self._state.deck_rendered.types}
        known: dict[str, _ExportedNote] = {}
        new: list[NewNote] = []
        foreign: Counter[str] = Counter()
        for note in self._collection.notes:
            entry = entries.get(note.guid)
            if entry is not None and entry.key not in self._state.rendered:
                continue
            type_ = types.get(note.type_id) if entry is None else entry.type
            if entry is None and not any(deck_of(card.deck, self._state.deck.name) for card in note.cards):
                continue
            version = None if type_ is None else self._version(note, type_)
            if type_ is None or version is None:
                foreign[self._collection.types[note.type_id].name] += 1
            elif entry is None:
                key = self._card_writer.id_for(version, type_)
                new.append(NewNote(key, type_, note.guid, note.id, note.mod, note.cards[0].deck, version))
            else:
                deck_ids = (self._deck_ids.get(card.deck, 0) for card in note.cards)
                deck_id = next((deck_id for deck_id in deck_ids if deck_id > _DEFAULT_DECK), 0)
                known[entry.key] = _ExportedNote(entry, note.mod, deck_id, version)
        return _Exported(known, new, foreign)

    def _version(self, note: AnkiNote, type_: NoteType) -> Version | None:
        """Return the content of an exported note; None if it is of another note type now."""
        names = self._state.field_names[type_]
        anki_type = self._collection.types[note.type_id]
        fields = [self._media.with_own_names(html) for html in note.fields]
        values = dict(zip(anki_type.fields, fields, strict=False))
        if not values.keys() >= set(names):
            # A learner may have renamed fields.
            if note.type_id != self._type_ids[type_] or len(fields) < len(names):
                return None
            values = dict(zip(names, fields, strict=False))
        values = {name: values[name] for name in names}
        return Version(values, own_tags(values, note.tags, self._state.deck.id))

    def _compare(self, note: _ExportedNote) -> Comparison:
        key = note.entry.key
        current = self._state.version(key)
        if note.version.values == current.values and set(note.version.tags) == set(current.tags):
            return Comparison()
        cloze_fields = self._cloze_fields(self._sources.notes[key])
        history_ = self._history(note.entry, current)
        return compare(key, note.version, current, history_, cloze_fields)

    @staticmethod
    def _cloze_fields(note: Note) -> Sequence[str]:
        if note.custom_type is not None:
            return note.custom_type.cloze_fields
        return (
            (image_occlusion.NAMES,) if note.type == NoteType.DIAGRAM else _BUILT_IN_CLOZES.get(note.type, ())
        )

    def _history(self, entry: NoteEntry, current: Version) -> History:
        deck_id = self._state.deck.id
        if self._packages.had is not None:
            return release(entry.guid, self._packages.had, deck_id)
        is_released = self._state.rendered[entry.key].state.digest == entry.digest
        if entry.pulled and entry.pulled in self._deck_ids.values():
            # The collection that a text was pulled from has had no older one since.
            last = version_of(entry.mod, entry.guid, self._packages.last, deck_id)
            if (version := current if is_released else last) is not None:
                return History([version], is_complete=True)
        packages, earlier = [self._packages.last], self._packages.earlier_texts.get(entry.guid, ())
        known = history(entry, current if is_released else None, packages, earlier, deck_id)
        if known.is_complete:
            return known
        if self._earlier is None:
            self._earlier = self._packages.earlier()
        packages += self._earlier
        return history(entry, current if is_released else None, packages, earlier, deck_id)

    # Verifying

    def _verified(
        self, edits: Sequence[SourceEdit]
    ) -> tuple[list[SourceEdit], list[Leftover], dict[str, bytes], _State]:
        """Return the edits with which the sources make what Anki has, the others, and the edited files."""
        kept = list(edits)
        left: list[Leftover] = []
        while kept:
            files = self._edited_files(kept)
            state = self._load(files)
            if state is None:
                failed = self._mistakes(kept)
            elif not (failed := [edit for edit in kept if not self._is_brought(edit, state)]):
                return kept, left, files, state
            left += (
                Leftover(change, "the sources can't have it just as it is in Anki", edit.span, edit.text)
                for edit in failed
                for change in edit.changes
            )
            kept = [edit for edit in kept if edit not in failed]
        return [], left, {}, self._state

    def _is_brought(self, edit: SourceEdit, state: _State) -> bool:
        """Return whether the sources make of an edit what Anki has."""
        for change in edit.changes:
            if change.key not in state.rendered:
                return False
            version = self._with_exported_media(state.version(change.key), state)
            if isinstance(change, TagChange):
                if not _has_tags(version, change):
                    return False
                continue
            theirs = (
                {change.field: change.exported} if isinstance(change, FieldChange) else change.version.values
            )
            clozes = self._cloze_fields(state.notes[change.key])
            if any(
                canonical(html, cloze=name in clozes) != canonical(version.values[name], cloze=name in clozes)
                for name, html in theirs.items()
                if name not in AUTOMATIC
            ):
                return False
        return True

    def _with_exported_media(self, version: Version, state: _State) -> Version:
        values = {
            name: self._media.with_exported_names(html, state.deck_rendered.media)
            for name, html in version.values.items()
        }
        return Version(values, version.tags)

    def _mistakes(self, edits: Sequence[SourceEdit]) -> Sequence[SourceEdit]:
        """Return those of some edits that are a mistake in the sources; all, if only all together are."""
        if not edits or self._load(self._edited_files(edits)) is not None:
            return ()
        middle = len(edits) // 2
        if not middle:
            return edits
        return [*self._mistakes(edits[:middle]), *self._mistakes(edits[middle:])] or edits

    def _load(self, files: Mapping[str, bytes]) -> _State | None:
        """Return the deck with some of its sources replaced; None if there is a mistake in them."""
        report = Report()
        deck_files = replace(self._files, sources={**self._files.sources, **files})
        loaded = load_deck(deck_files, self._library, report, ReadingOptions(renders=False))
        return None if loaded is None or report.has_errors else _state(loaded.deck, self._lock)

    def _edited_files(self, edits: Sequence[SourceEdit]) -> dict[str, bytes]:
        by_source: dict[str, list[SourceEdit]] = {}
        for edit in edits:
            by_source.setdefault(edit.source.path, []).append(edit)
        files = {}
        for path, own in by_source.items():
            mark = _BYTE_ORDER_MARK if self._files.sources[path].startswith(_BYTE_ORDER_MARK) else b""
            text = apply_edits(own[0].source.text, (part for edit in own for part in edit.edits))
            files[path] = mark + text.encode()
        return files

    # Identities

    def _new_lock(
        self,
        edits: Iterable[SourceEdit],
        left: Iterable[Leftover],
        exported: Mapping[str, _ExportedNote],
        state: _State,
    ) -> Lock:
        """Return the lock in which the notes that Anki has already count as released when Anki changed them.

        A build then makes a package that changes nothing in the collection that was exported, and everything
        in all others. A note that differs from that of the collection in any way will be released anew.
        """
        notes = dict(self._lock.notes)
        # What an author can't bring into the sources may stay as it is in the collection.
        ignored = {
            (change.key, change.field)
            for leftover in left
            if isinstance(change := leftover.change, FieldChange)
            and change.field in AUTOMATIC
            and change.verdict is Verdict.IN_ANKI
        }
        new = [change for edit in edits for change in edit.changes if isinstance(change, NewNote)]
        notes |= self._new_entries(new, state)
        for key in dict.fromkeys(change.key for edit in edits for change in edit.changes):
            if key not in exported:
                continue
            note, entry = exported[key], notes[key]
            is_future = note.mod > self._now + _LATEST
            version = self._with_exported_media(state.version(key), state)
            clozes = self._cloze_fields(state.notes[key])
            own_ignored = {field for other, field in ignored if other == key}
            is_same = _is_same(version, note.version, clozes, own_ignored)
            if is_same and entry.mod < note.mod and not is_future:
                notes[key] = entry.replace(
                    digest=state.rendered[key].state.digest, mod=note.mod, pulled=note.deck_id
                )
            else:
                mod = entry.mod if is_future else max(note.mod, entry.mod)
                notes[key] = entry.replace(digest=UNKNOWN_DIGEST, mod=mod)
        return dataclasses.replace(self._lock, notes=notes)

    def _new_entries(self, new: Sequence[NewNote], state: _State) -> dict[str, NoteEntry]:
        """Return the entries of new notes, with Anki's identities.

        Their content counts as unknown, so that the collection gets the fields that a build fills in.
        """
        if not new:
            return {}
        states, types = state.deck_rendered.note_states, state.deck_rendered.type_states
        derived = reconcile(state.deck, states, types, self._lock, self._now).lock.notes
        return {
            note.key: derived[note.key].replace(
                guid=note.guid,
                id=note.id,
                digest=UNKNOWN_DIGEST,
                mod=min(note.mod, self._now),
                since=min(note.mod, self._now),
                monotonic_since=0,
            )
            for note in new
        }


_BUILT_IN_CLOZES = {NoteType.CLOZE: ("Text",)}


def _state(deck: Deck, lock: Lock) -> _State:
    rendered = render_deck(deck, lock.types)
    return _State(
        deck,
        rendered,
        {note.key: note for note in deck.notes},
        {note.state.key: note for note in rendered.notes},
        {note_type.type: note_type.field_names for note_type in rendered.types},
    )


def _has_tags(version: Version, change: TagChange) -> bool:
    tags = {tag.casefold() for tag in version.tags}
    added = {tag.casefold() for tag in change.added}
    return added <= tags and tags.isdisjoint(tag.casefold() for tag in change.removed)


def _is_same(ours: Version, theirs: Version, clozes: Container[str], ignored: Container[str]) -> bool:
    """Return whether two notes say the same. ignored: names of fields that don't count."""
    tags = ({tag.casefold() for tag in version.tags} for version in (ours, theirs))
    return next(tags) == next(tags) and all(
        html == theirs.values[name]
        or name in ignored
        or canonical(html, cloze=name in clozes) == canonical(theirs.values[name], cloze=name in clozes)
        for name, html in ours.values.items()
    )
