"""Write the folder of a deck: its sources, its media and its lock."""

import os
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Report, Severity
from cardwright.formats.anki.imported_types import read_imported_type
from cardwright.formats.anki.render import RenderedDeck, render_deck
from cardwright.formats.outputs import Environment
from cardwright.identity.lock import UNKNOWN_DIGEST, Lock, NoteEntry, NoteTypeEntry
from cardwright.identity.lock_text import encode_lock
from cardwright.identity.note_state import NoteState, NoteTypeState
from cardwright.identity.positions import assign_positions
from cardwright.importing.card_sources import SourceCard
from cardwright.importing.collection import AnkiNote
from cardwright.importing.deck_plan import NoteSummary, PlannedDeck, PlannedFile
from cardwright.importing.findings import Findings
from cardwright.importing.media_folder import MediaFolder
from cardwright.importing.source_types import SourceType
from cardwright.pipeline.load import load_decks
from cardwright.reader.deck_names import group_by_subdeck
from cardwright.source.files import DeckFiles
from cardwright.source.ids import IdProposer
from cardwright.source.yaml_writing import Value, write_list_entry, write_mapping


@dataclass(frozen=True, slots=True)
class DeckHead:
    """What deck.yaml says of a deck besides its files.

    types: by Anki's ids. main_types: those of most cards, by the key that says their kind.
    """

    id: str
    name: str
    description: str
    types: Mapping[int, SourceType]
    main_types: Mapping[str, SourceType]

    def text(self, files: list[str] | None) -> str:
        """Return the text of deck.yaml. files: their names in study order; None to leave the list out."""
        entries: dict[str, Value] = {"deck": self.name, "id": self.id}
        if self.description:
            entries["description"] = self.description
        if files is not None:
            entries["files"] = files
        if self.main_types:
            entries["note_type"] = type_names(self.main_types.values())
        if self.types:
            entries["note_types"] = {type_.name: type_.declaration for type_ in self.types.values()}
        return write_mapping(entries)


def main_types(notes: Iterable[NoteSummary], types: Mapping[int, SourceType]) -> dict[str, SourceType]:
    """Return the note type that most of some notes have, for each kind of cards that may leave it out.

    types: by Anki's ids.
    """
    found: dict[str, SourceType] = {}
    for id_, _ in Counter(note.type for note in notes).most_common():
        if types[id_].kind != "type":
            found.setdefault(types[id_].kind, types[id_])
    return found


def type_names(types: Iterable[SourceType]) -> Value:
    """Return the names of note types as the value of `note_type`."""
    names = [type_.name for type_ in types]
    return names[0] if len(names) == 1 else names


@dataclass(frozen=True, slots=True)
class _Identity:
    """What a note is in Anki. ordinals: of its cards."""

    guid: str
    id: int
    mod: int
    ordinals: frozenset[int]


class DeckFolder:
    """The folder of a deck while it is being written.

    Cards come in the order of the notes in the foreign deck, and are kept in a file until all are there.

    unreadable: what is wrong with cards that a build would not accept, by note.
    """

    def __init__(
        self, folder: Path, path: str, plan: PlannedDeck, head: DeckHead, media: MediaFolder
    ) -> None:
        """folder: exists and is empty. path: its path relative to the folder for decks."""
        self.folder = folder
        self.path = path
        self.plan = plan
        self.head = head
        self.media = media
        self.unreadable: dict[int, str] = {}
        self._ids = IdProposer(())
        self._files = {note.number: file for file in plan.files for note in file.notes}
        self._summaries = {note.number: note for note in plan.notes}
        self._main_types = {file.name: main_types(file.notes, head.types) for file in plan.files}
        self._spool = (folder / ".cards").open("w+b")
        self._places: dict[int, tuple[int, int]] = {}
        self._keys: dict[int, str] = {}
        self._identities: dict[str, _Identity] = {}
        self._unfinished = list(plan.files)
        self._states: dict[str, NoteState] = {}
        self._type_states: tuple[NoteTypeState, ...] = ()

    def add(self, note: AnkiNote, card: SourceCard) -> None:
        """Add the card of a note that the plan has, or put another in its place."""
        file, summary = self._files[note.id], self._summaries[note.id]
        key = self._keys.get(note.id) or self._ids.propose(card.id_text)
        self._keys[note.id] = key
        entries: dict[str, Value] = {"id": key}
        source_type = self.head.types[note.type_id]
        if self._main_types[file.name].get(source_type.kind, source_type) is not source_type:
            entries["note_type"] = source_type.name
        entries |= card.entries
        if tags := [tag for tag in summary.tags if tag not in file.tags]:
            entries["tags"] = tags
        if file.subdeck is None:
            entries["subdeck"] = self.plan.subdeck_of(summary)
        text = write_list_entry(entries, 2).encode()
        self._spool.seek(0, os.SEEK_END)
        self._places[note.id] = self._spool.tell(), len(text)
        self._spool.write(text)
        ordinals = frozenset(card.ordinal for card in note.cards)
        self._identities[key] = _Identity(note.guid, note.id, note.mod, ordinals)

    def leave_out(self, note_id: int) -> None:
        """Write no card for a note."""
        del self._places[note_id]

    def write_files(self, environment: Environment) -> Iterator[int]:
        """Write the files with cards that are not written yet, and yield the number of notes in each.

        A file with a card that can't be read stays unfinished; `unreadable` says which it is.

        environment: has the folder for decks as its project folder.
        """
        unfinished, self._unfinished = self._unfinished, []
        self.unreadable.clear()
        lock = self._lock_of_types()
        for file in unfinished:
            notes = [note.number for note in file.notes if note.number in self._places]
            if not notes:
                (self.folder / file.name).unlink(missing_ok=True)
                continue
            texts = [self._card_text(number) for number in notes]
            head = self._head_of_file(file)
            data = b"".join([head, *texts])
            (self.folder / file.name).write_bytes(data)
            rendered, report = self._render(file.name, data, lock, environment)
            if rendered is None:
                self._unfinished.append(file)
                ends = accumulate((len(text.decode()) for text in texts), initial=len(head.decode()))
                self._find_unreadable(report, notes, list(ends))
            else:
                self._states |= {state.key: state for state in rendered.note_states}
                self._type_states = rendered.type_states
            yield len(notes)

    def finish(self, findings: Findings) -> None:
        """Write deck.yaml and the lock."""
        self._spool.close()
        (self.folder / ".cards").unlink()
        names = [file.name for file in self.plan.files if (self.folder / file.name).exists()]
        (self.folder / "deck.yaml").write_text(self.head.text(names), "utf-8", newline="\n")
        (self.folder / "deck.lock").write_bytes(encode_lock(self._lock(findings)))

    def _find_unreadable(self, report: Report, notes: Sequence[int], ends: Sequence[int]) -> None:
        """Find the cards that a report has errors about.

        ends: where the head of the file ends, and then each card, in code points.
        """
        for diagnostic in report:
            if diagnostic.severity is not Severity.ERROR:
                continue
            index = -1 if diagnostic.span is None else bisect_right(ends, diagnostic.span.start) - 1
            if not 0 <= index < len(notes):
                raise AssertionError(f"an imported deck cannot be read: {diagnostic}")
            self.unreadable[notes[index]] = diagnostic.message

    def _head_of_file(self, file: PlannedFile) -> bytes:
        head: dict[str, Value] = {}
        if file.topic:
            head["topic"] = file.topic
        if file.subdeck:
            head["subdeck"] = file.subdeck
        types = self._main_types[file.name].items()
        if others := [type_ for kind, type_ in types if type_ is not self.head.main_types[kind]]:
            head["note_type"] = type_names(others)
        if file.tags:
            head["tags"] = list(file.tags)
        return write_mapping(head).encode() + b"cards:\n"

    def _card_text(self, note_id: int) -> bytes:
        start, length = self._places[note_id]
        self._spool.seek(start)
        return self._spool.read(length)

    def _render(
        self, name: str, data: bytes, lock: Lock, environment: Environment
    ) -> tuple[RenderedDeck | None, Report]:
        """Render the notes of a file as a build would; return None after an error, which is in the report."""
        main_path, path = f"{self.path}/deck.yaml", f"{self.path}/{name}"
        sources = {main_path: self.head.text(None).encode(), path: data}
        files = DeckFiles(main_path, is_single_file=False, sources=sources, lock=encode_lock(lock))
        report = Report()
        loaded = load_decks([files], environment, report, keep_notes=False)
        if report.has_errors or not loaded:
            return None, report
        return render_deck(loaded[0].deck, (), loaded[0].rendered), report

    def _lock_of_types(self) -> Lock:
        """Return a lock without notes, which a build needs to read imported note types and media."""
        types = {
            NoteType(type_.name): NoteTypeEntry(
                *(
                    NoteType(type_.name),
                    type_.anki.id,
                    UNKNOWN_DIGEST,
                    UNKNOWN_DIGEST,
                    max(type_.anki.mod, 0),
                ),
                *(type_.anki.fields, tuple(template.name for template in type_.anki.templates)),
                read_imported_type(type_.anki.json).json,
            )
            for type_ in self.head.types.values()
        }
        return Lock(self.head.id, types, {}, self.head.name, media=self.media.entries)

    def _lock(self, findings: Findings) -> Lock:
        """Return the lock with all notes, as they are in Anki."""
        lock = self._lock_of_types()
        types = {
            state.type: lock.types[state.type].replace(schema=state.schema, digest=state.digest)
            for state in self._type_states
            if state.type in lock.types
        }
        states = (
            self._states[self._keys[note.number]] for note in self.plan.notes if note.number in self._places
        )
        ordered = group_by_subdeck(states, lambda state: state.deck_name)
        notes: dict[str, NoteEntry] = {}
        for state, due in zip(ordered, assign_positions([None] * len(ordered)), strict=True):
            identity = self._identities[state.key]
            numbers = {ordinal + 1 for ordinal in identity.ordinals}
            for _ in numbers - state.cards.keys():
                findings.add("cards that their note type doesn't make any more; Anki calls them empty")
            mod = max(identity.mod, 0)
            notes[state.key] = NoteEntry(
                *(state.key, state.type, identity.guid, identity.id, state.digest, mod),
                *(min(max(identity.id // 1000, 0), mod), due, state.cards),
                subdeck=state.deck_name.subdeck,
                printed=state.printed,
                missing=tuple(sorted(state.cards.keys() - numbers)),
            )
        return replace(lock, types=types, notes=notes)
