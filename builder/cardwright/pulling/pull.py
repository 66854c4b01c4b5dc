"""Take what was changed in Anki over into the sources and the lock of a deck."""

import posixpath
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from cardwright.collection.deck import Deck
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Diagnostic, Report
from cardwright.formats.anki.earlier_texts import EarlierText
from cardwright.formats.anki.released import ReleasedPackage
from cardwright.formats.anki.shown_html import comparable
from cardwright.identity.lock import Lock, NoteEntry
from cardwright.identity.lock_text import encode_lock
from cardwright.importing.collection import AnkiCollection, AnkiNote
from cardwright.pipeline.load import load_deck
from cardwright.pulling.deck_state import (
    DeckState,
    ExportedNote,
    automatic_fields,
    deck_state,
    mask_field,
    release_conflicts,
)
from cardwright.pulling.new_cards import CardWriter, NewNote, deck_of
from cardwright.pulling.new_lock import new_lock, with_labels
from cardwright.pulling.new_types import DeckWithTypes, add_types
from cardwright.pulling.pulled_media import LibraryWithMedia, PulledMedia
from cardwright.pulling.source_edits import (
    DeckSources,
    Leftover,
    SourceEdit,
    field_edits,
    new_note_edits,
    tag_edits,
)
from cardwright.pulling.three_way import Comparison, FieldChange, TagChange, TypeChange, compare
from cardwright.pulling.unpulled import Unpulled, changed_media, changed_types, other_deck
from cardwright.pulling.versions import (
    History,
    Version,
    history,
    known_release_times,
    make_version,
    release,
    version_of,
)
from cardwright.reader import ReadingOptions
from cardwright.reader.chunked_cards import UnitMemory
from cardwright.record import Record, replace
from cardwright.source.files import DeckFiles, MediaLibrary
from cardwright.source.yaml_writing import edit_file

_DEFAULT_DECK = 1
"""The id of a deck that every collection has."""


class Packages(Record, frozen=True):
    """The earlier packages of a deck.

    last: of the last build. earlier_texts: what builds have noted of notes, by GUID.
    earlier: returns the packages before the last, the latest first; asked for only if needed.
    had: the one that the exporter had imported last; None if it isn't known.
    """

    last: ReleasedPackage
    earlier_texts: Mapping[str, Sequence[EarlierText]]
    earlier: Callable[[], Sequence[ReleasedPackage]]
    had: ReleasedPackage | None = None


class Counts(Record, frozen=True):
    """Numbers of notes. exported: of the deck, in the export. older: of those, as in an earlier release."""

    exported: int
    older: int


class PullResult(Record, frozen=True):
    """What a pull does.

    files: content by path, to be written. taken: the edits of the sources. left: what is left to the author.
    new_types: what new note types are without, since no card may have it, by their names in the sources.
    """

    deck: Deck
    files: Mapping[str, bytes]
    taken: Sequence[SourceEdit]
    left: Sequence[Leftover]
    counts: Counts
    unpulled: Unpulled
    new_types: Mapping[str, Sequence[str]]


class _Exported(Record, frozen=True):
    """The notes of an export.

    known: by key. new: unknown to the lock, with the reason if their note type can't be brought along.
    retyped: names of the note types that notes have by now, by key. moved: as in `Unpulled`.
    """

    known: Mapping[str, ExportedNote]
    new: Sequence[tuple[NewNote, str]]
    retyped: Mapping[str, str]
    moved: Mapping[str, str]


def pull(
    files: DeckFiles,
    library: MediaLibrary,
    collection: AnkiCollection,
    packages: Packages,
    now: int,
    report: Report,
    *,
    takes_new: bool = True,
    memory: UnitMemory | None = None,
) -> PullResult | None:
    """Return what an export changes in a deck; None after an error.

    now: in s since 1970. takes_new: whether new notes become cards. memory: as in `ReadingOptions`.
    """
    loaded = load_deck(files, library, report, ReadingOptions(memory=memory, keep_notes=False))
    if loaded is None or report.has_errors:
        return None
    if loaded.lock is None:
        message, help_ = "the deck has no lock yet, so nobody can have it", "run `cardwright build` first"
        report.add(Diagnostic("no-lock", message, loaded.deck.span, help=help_))
        return None
    state = deck_state(loaded.deck, loaded.lock, loaded.rendered)
    if conflicts := release_conflicts(state, loaded.lock, now):
        report.extend(conflicts)
        return None
    unknown = _notes_of_unknown_types(collection, state, loaded.lock) if takes_new else []
    refused: dict[int, str] = {}
    while True:
        own_library = LibraryWithMedia(library, files.folder)
        deck = DeckWithTypes(files, loaded.deck, loaded.lock)
        if unknown:
            deck = add_types(deck, unknown, collection, own_library, refused)
        own_state = state if deck.deck is loaded.deck else deck_state(deck.deck, deck.lock)
        result = _Pull(deck, own_state, own_library, collection, packages, now).result(takes_new=takes_new)
        # A note type comes along only with a note.
        used = {
            change.type for edit in result.taken for change in edit.changes if isinstance(change, NewNote)
        }
        unused = [id_ for id_, name in deck.added.items() if name not in used]
        if not unused:
            return result
        reasons = {left.change.type: left.reason for left in result.left if isinstance(left.change, NewNote)}
        refused |= {id_: reasons[deck.added[id_]] for id_ in unused}


def _notes_of_unknown_types(collection: AnkiCollection, state: DeckState, lock: Lock) -> list[AnkiNote]:
    """Return the new notes in a deck that are of note types which the deck lacks."""
    types = {note_type.id for note_type in state.rendered_deck.types}
    if types.issuperset(collection.types):
        return []
    guids = {"", *(entry.guid for entry in lock.notes.values())}
    return [
        note
        for note in collection.notes
        if note.type_id not in types
        and note.guid not in guids
        and any(deck_of(card.deck, state.deck.name) for card in note.cards)
    ]


class _Pull:
    """A pull of one deck."""

    def __init__(
        self,
        added: DeckWithTypes,
        state: DeckState,
        library: LibraryWithMedia,
        collection: AnkiCollection,
        packages: Packages,
        now: int,
    ) -> None:
        """added: the deck with further note types. state: its own."""
        lock, files = added.lock, added.files
        self._added, self._files, self._collection = added, files, collection
        self._library = library
        self._packages, self._now, self._lock = packages, now, lock
        self._state = state
        own_media = self._state.rendered_deck.media
        self._media = PulledMedia(own_media, collection.media, self._library, files.folder)
        self._type_ids = {type_.type: type_.id for type_ in self._state.rendered_deck.types}
        self._deck_ids = {deck.name: deck.id for deck in collection.decks}
        self._earlier: Sequence[ReleasedPackage] | None = None
        self._exported: Mapping[str, ExportedNote] = {}
        # Present keys by the ones that the lock still has, of cards with `was:` that no build has seen yet.
        self._renamed = {
            former: note.key
            for note in state.rendered_deck.note_states
            for former in note.former_keys
            if former in lock.notes and note.key not in lock.notes
        }

    def result(self, *, takes_new: bool) -> PullResult:
        exported = self._exported_notes()
        self._exported = exported.known
        times = known_release_times(self._lock.notes.values())
        comparisons: list[Comparison] = []
        older = 0
        for key, note in exported.known.items():
            comparison = self._compare(key, note)
            if comparison.is_changed:
                comparisons.append(comparison)
            older += comparison.is_older or (note.mod < note.entry.mod and note.mod in times)
        notes = self._state.notes
        fields = [change for comparison in comparisons for change in comparison.fields]
        tags = [comparison.tags for comparison in comparisons if comparison.tags is not None]
        steps: list[SourceEdit | Leftover] = []
        if fields or tags:
            sources = DeckSources(self._state.deck)
            steps += (*field_edits(sources, fields, self._media), *tag_edits(sources, tags))
        new = exported.new if takes_new else ()
        steps += new_note_edits(self._card_writer, new, self._state.deck.span)
        left = [step for step in steps if isinstance(step, Leftover)]
        left += (
            Leftover(TypeChange(key, name), f"its note type is `{name}` in Anki now", notes[key].key_span)
            for key, name in exported.retyped.items()
        )
        edits, withdrawn, files, state = self._verified(
            [step for step in steps if isinstance(step, SourceEdit)]
        )
        left += withdrawn
        if edits:
            if self._added.added:
                files.setdefault(self._files.main_path, self._files.sources[self._files.main_path])
            files |= self._new_media(state)
            known = exported.known
            lock = new_lock(self._lock, edits, left, known, state, self._media, self._now)
            files[self._files.lock_path] = encode_lock(lock)
        entries = self._lock.notes.values()
        released = (self._renamed.get(entry.key, entry.key) for entry in entries if not entry.retired)
        missing = [
            key
            for key in released
            if key in self._state.rendered and key not in exported.known and key not in exported.retyped
        ]
        types = changed_types(self._state, self._lock, self._collection)
        media = changed_media(self._state, self._collection)
        return PullResult(
            *(self._state.deck, files, edits, left, Counts(len(exported.known), older)),
            Unpulled(missing, exported.moved, types, media),
            self._added.left_out,
        )

    def _new_media(self, state: DeckState) -> dict[str, bytes]:
        """Return the new files that the edited sources name, by path."""
        folder = self._files.folder
        named = {file.path for file in state.rendered_deck.media}
        named |= {posixpath.join(folder, path) for path in self._lock.media}
        new = {posixpath.join(folder, path): data for path, data in self._library.new.items()}
        return {path: data for path, data in sorted(new.items()) if path in named}

    @cached_property
    def _card_writer(self) -> CardWriter:
        keys = [*self._lock.notes, *self._state.rendered]
        return CardWriter(self._state.deck, self._media, (key.partition("/")[0] for key in keys))

    # Comparing

    def _exported_notes(self) -> _Exported:
        entries = {entry.guid: entry for entry in self._lock.notes.values()}
        types = {note_type.id: note_type.type for note_type in self._state.rendered_deck.types}
        known: dict[str, ExportedNote] = {}
        new: list[tuple[NewNote, str]] = []
        retyped: dict[str, str] = {}
        moved: dict[str, str] = {}
        for note in self._collection.notes:
            entry = entries.get(note.guid)
            key = "" if entry is None else self._renamed.get(entry.key, entry.key)
            if entry is not None and key not in self._state.rendered:
                continue
            type_ = types.get(note.type_id) if entry is None else entry.type
            decks = [card.deck for card in note.cards if deck_of(card.deck, self._state.deck.name)]
            if entry is None and not (decks and note.guid):
                continue
            version = None if type_ is None else self._version(note, type_)
            if entry is None:
                new.append(self._new_note(note, decks[0], type_, version))
            elif version is None:
                retyped[key] = self._collection.types[note.type_id].name
            else:
                deck_ids = (self._deck_ids.get(card.deck, 0) for card in note.cards)
                deck_id = next((deck_id for deck_id in deck_ids if deck_id > _DEFAULT_DECK), 0)
                known[key] = ExportedNote(entry, note.mod, deck_id, version)
                if deck := other_deck(note, entry, self._lock):
                    moved[key] = deck
        return _Exported(known, new, retyped, moved)

    def _new_note(
        self, note: AnkiNote, deck: str, type_: NoteType | None, version: Version | None
    ) -> tuple[NewNote, str]:
        """Return a new note, and why it can't be a card; empty if it can. deck: of its first card."""
        reason = ""
        if type_ is None or version is None:
            anki_type = self._collection.types[note.type_id]
            type_ = NoteType(anki_type.name)
            version = Version(dict(zip(anki_type.fields, note.fields, strict=False)), note.tags)
            reason = self._added.refused.get(note.type_id, "the fields of its note type are others")
        key = self._card_writer.id_for(version, type_)
        numbers = frozenset(card.ordinal + 1 for card in note.cards)
        return NewNote(key, type_, note.guid, note.id, note.mod, deck, numbers, version), reason

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
        is_imported = self._state.is_imported(type_)
        return make_version(values, note.tags, self._state.deck.id, is_imported=is_imported)

    def _compare(self, key: str, note: ExportedNote) -> Comparison:
        if note.mod == note.entry.mod == note.entry.since:
            # Anki has it as it was first released or imported, also where the sources say its HTML otherwise.
            return Comparison()
        current = self._state.version(key)
        if note.version.values == current.values and set(note.version.tags) == set(current.tags):
            return Comparison()
        cloze_fields, styles = self._state.cloze_fields(key), self._state.styles(key)
        history_ = self._history(note.entry, key, current)
        return compare(key, note.version, current, history_, cloze_fields, styles)

    def _history(self, entry: NoteEntry, key: str, current: Version) -> History:
        deck_id = self._state.deck.id
        if (had := self._packages.had) is not None and entry.guid in had.notes:
            return release(entry.guid, had, deck_id)
        is_released = self._state.rendered[key].state.digest == entry.digest
        if entry.pulled and entry.pulled in self._deck_ids.values():
            # The collection that a text was pulled from has had no older one since.
            last = version_of(entry.mod, entry.guid, self._packages.last, deck_id)
            if (version := current if is_released else last) is not None:
                return History([version], is_complete=True)
        packages, earlier = [self._packages.last], self._packages.earlier_texts.get(entry.guid, ())
        is_imported = self._state.is_imported(entry.type)
        released = current if is_released else None
        known = history(entry, released, packages, earlier, deck_id, is_imported=is_imported)
        if known.is_complete:
            return known
        if self._earlier is None:
            self._earlier = self._packages.earlier()
        packages += self._earlier
        return history(entry, released, packages, earlier, deck_id, is_imported=is_imported)

    # Verifying

    def _verified(
        self, edits: Sequence[SourceEdit]
    ) -> tuple[list[SourceEdit], list[Leftover], dict[str, bytes], DeckState]:
        """Return the edits with which the sources make what Anki has, the others, and the edited files."""
        kept = list(edits)
        left: list[Leftover] = []
        while kept:
            files = self._edited_files(kept)
            state = self._load(kept, files)
            if state is None:
                failed = self._mistakes(kept)
            elif not (failed := [edit for edit in kept if not self._is_brought(edit, state)]):
                if not self._changes_others(kept, state):
                    return kept, left, files, state
                failed = kept
            left += (
                Leftover(change, "the sources can't have it just as it is in Anki", edit.span, edit.text)
                for edit in failed
                for change in edit.changes
                if edit.otherwise is None
            )
            others = [edit.otherwise for edit in failed if edit.otherwise is not None]
            kept = [edit for edit in kept if edit not in failed] + others
        return [], left, {}, self._state

    def _is_brought(self, edit: SourceEdit, state: DeckState) -> bool:
        """Return whether the sources make of an edit what Anki has."""
        for change in edit.changes:
            if change.key not in state.rendered:
                return False
            if isinstance(change, NewNote) and state.rendered[change.key].state.type != change.type:
                return False
            version = state.version_with(change.key, self._media)
            if isinstance(change, TagChange):
                if not _has_tags(version, change):
                    return False
                continue
            theirs = (
                {change.field: change.exported} if isinstance(change, FieldChange) else change.version.values
            )
            note = state.notes[change.key]
            # A new note has to say all that Anki has of it.
            is_whole = isinstance(change, FieldChange) or bool(mask_field(note))
            skipped = () if is_whole else automatic_fields(note)
            clozes, styles = state.cloze_fields(change.key), state.styles(change.key)
            for name, html in theirs.items():
                pair = html, version.values[name]
                one, other = (comparable(each, cloze=name in clozes, styles=styles) for each in pair)
                if name not in skipped and one != other:
                    return False
        return True

    def _changes_others(self, edits: Sequence[SourceEdit], state: DeckState) -> bool:
        """Return whether edits change notes of other cards than those that they are about."""
        cards = {change.key.partition("/")[0] for edit in edits for change in edit.changes}
        return any(
            (other := state.rendered.get(key)) is None
            or (note.fields, note.tags) != (other.fields, other.tags)
            for key, note in self._state.rendered.items()
            if key.partition("/")[0] not in cards
        )

    def _mistakes(self, edits: Sequence[SourceEdit]) -> Sequence[SourceEdit]:
        """Return those of some edits with which the deck can't be built; all, if only all together."""
        if not edits or self._load(edits, self._edited_files(edits)) is not None:
            return ()
        middle = len(edits) // 2
        if not middle:
            return edits
        return [*self._mistakes(edits[:middle]), *self._mistakes(edits[middle:])] or edits

    def _load(self, edits: Sequence[SourceEdit], files: Mapping[str, bytes]) -> DeckState | None:
        """Return the deck with some edits; None if it can't be built. files: the edited ones, by path."""
        report = Report()
        deck_files = replace(self._files, sources={**self._files.sources, **files})
        lock = with_labels(self._lock, edits, self._exported)
        if lock is not self._lock:
            deck_files = replace(deck_files, lock=encode_lock(lock))
        loaded = load_deck(deck_files, self._library, report, ReadingOptions(renders=False))
        if loaded is None or report.has_errors:
            return None
        state = deck_state(loaded.deck, lock)
        return None if release_conflicts(state, lock, self._now) else state

    def _edited_files(self, edits: Sequence[SourceEdit]) -> dict[str, bytes]:
        by_source: dict[str, list[SourceEdit]] = {}
        for edit in edits:
            by_source.setdefault(edit.source.path, []).append(edit)
        files = {}
        for path, own in by_source.items():
            parts = (part for edit in own for part in edit.edits)
            files[path] = edit_file(self._files.sources[path], own[0].source.text, parts)
        return files


def _has_tags(version: Version, change: TagChange) -> bool:
    tags = {tag.casefold() for tag in version.tags}
    added = {tag.casefold() for tag in change.added}
    return added <= tags and tags.isdisjoint(tag.casefold() for tag in change.removed)
