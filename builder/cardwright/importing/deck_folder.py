"""Write the folder of a deck: its sources, its media and its lock."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cardwright.collection.deck_name import DeckName
from cardwright.collection.notetype import NoteType
from cardwright.formats.anki.field_text import read_field
from cardwright.formats.anki.imported_types import read_imported_type
from cardwright.formats.anki.render import RenderedDeck, RenderedNote
from cardwright.formats.anki.shown_html import comparable
from cardwright.formats.outputs import Environment
from cardwright.identity.lock import (
    FIRST_CARD_ONLY,
    UNKNOWN_DIGEST,
    DescriptionEntry,
    Lock,
    NoteEntry,
    NoteTypeEntry,
)
from cardwright.identity.lock_text import encode_lock
from cardwright.identity.note_state import NoteState, NoteTypeState
from cardwright.identity.positions import assign_positions
from cardwright.importing.card_sources import SourceCard
from cardwright.importing.collection import AnkiDeck, AnkiNote
from cardwright.importing.deck_plan import NoteSummary, PlannedDeck, PlannedFile
from cardwright.importing.findings import Findings
from cardwright.importing.known_types import KnownTypes
from cardwright.importing.media_folder import MediaFolder
from cardwright.importing.source_folder import SourceFolder
from cardwright.importing.source_types import SourceType
from cardwright.reader.deck_names import group_by_subdeck
from cardwright.record import Record
from cardwright.source.yaml_writing import Value, write_list_entry

_MANY = 10
"""Of more warnings of a kind than this, about what the deck has in Anki already, builds give none."""


@dataclass(frozen=True, slots=True)
class DeckHead:
    """What deck.yaml says of a deck besides its files.

    described: the deck in Anki, if it has a description.
    types: by Anki's ids. main_types: those of most cards, by the key that says their kind.
    """

    id: str
    name: str
    described: AnkiDeck | None
    types: Mapping[int, SourceType]
    main_types: Mapping[str, SourceType]

    @property
    def description(self) -> str:
        """The description as text; empty for none."""
        if self.described is None or self.described.is_markdown:
            return "" if self.described is None else self.described.description
        return read_field(self.described.description).text.replace(" / ", "\n")

    def entries(self, allow: list[str]) -> Mapping[str, Value]:
        """Return what deck.yaml says. allow: the warnings that are not wanted.

        Nobody has made the cards for paper, where some would not fit, so there are no sheets at first.
        """
        entries: dict[str, Value] = {"deck": self.name, "id": self.id}
        if self.description:
            entries["description"] = self.description
        entries["print"] = "false"
        if allow:
            entries["allow"] = allow
        if self.main_types:
            entries["note_type"] = type_names(self.main_types.values())
        if self.types:
            entries["note_types"] = {type_.name: type_.declaration for type_ in self.types.values()}
        return entries


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


def type_entry(type_: SourceType) -> NoteTypeEntry:
    """Return the entry of a note type in the lock before it was ever built."""
    return NoteTypeEntry(
        *(NoteType(type_.name), type_.anki.id, UNKNOWN_DIGEST, UNKNOWN_DIGEST, max(type_.anki.mod, 0)),
        *(type_.anki.fields, tuple(template.name for template in type_.anki.templates)),
        read_imported_type(type_.anki.json).json,
    )


class _Identity(Record, frozen=True):
    """What a note is in Anki.

    type: Anki's id of its note type. ordinals: of its cards.
    labels: as in `SourceCard`. fields: of a diagram, the HTML of its fields.
    """

    guid: str
    id: int
    type: int
    mod: int
    ordinals: tuple[int, ...]
    labels: Mapping[int, str]
    fields: tuple[str, ...]


class DeckFolder(SourceFolder):
    """The folder of a deck of Anki while it is being written."""

    def __init__(
        self, folder: Path, path: str, plan: PlannedDeck, deck: DeckHead, media: MediaFolder
    ) -> None:
        """See `SourceFolder`."""
        super().__init__(folder, path, plan, media)
        self.deck = deck
        self._main_types = {file.name: main_types(file.notes, deck.types) for file in plan.files}
        self._identities: dict[str, _Identity] = {}
        self._entries: dict[str, NoteEntry] = {}
        self._keys_with_vanished_cards: list[str] = []
        self._type_states: tuple[NoteTypeState, ...] = ()
        self._known_types: KnownTypes | None = None

    def head(self) -> Mapping[str, Value]:
        """See `SourceFolder`."""
        allow = {code for code, count in self.warnings.items() if count > _MANY}
        if self.media.has_sounds:
            allow.add("sound-without-words")
        return self.deck.entries(sorted(allow))

    def head_of_file(self, file: PlannedFile) -> Mapping[str, Value]:
        """See `SourceFolder`."""
        types = self._main_types[file.name].items()
        others = [type_ for kind, type_ in types if type_ is not self.deck.main_types[kind]]
        return {"note_type": type_names(others)} if others else {}

    def lock_before_build(self, notes: Collection[int]) -> bytes:
        """See `SourceFolder`."""
        identities = ((key, self._identities[key]) for key in map(self._keys.__getitem__, notes))
        diagrams = {
            key: self._diagram_entry(key, identity) for key, identity in identities if identity.labels
        }
        return encode_lock(replace(self._lock_of_types(), notes=diagrams))

    def _diagram_entry(self, key: str, identity: _Identity) -> NoteEntry:
        """Return a line of the lock that says which numbers the labels of a diagram have in Anki."""
        type_, mod = NoteType(self.deck.types[identity.type].name), max(identity.mod, 0)
        return NoteEntry(
            *(key, type_, identity.guid, identity.id, UNKNOWN_DIGEST, mod, mod, 0, identity.labels)
        )

    def keep_rendered(self, rendered: RenderedDeck) -> Mapping[int, str]:
        """See `SourceFolder`."""
        self._type_states = rendered.type_states
        unfit: dict[int, str] = {}
        for note in rendered.notes:
            identity = self._identities[note.state.key]
            self._keep(note.state, identity)
            if identity.labels and not self._shows_the_same(note, identity):
                unfit[identity.id] = "its masks or its picture would not look the same"
        return unfit

    def _shows_the_same(self, note: RenderedNote, identity: _Identity) -> bool:
        """Return whether the picture and the masks of a diagram are those that it has in Anki."""
        source_type = self.deck.types[identity.type]
        masks = source_type.mask_field
        return all(
            comparable(theirs, cloze=name == masks) == comparable(ours, cloze=name == masks)
            for name, theirs, ours in zip(source_type.anki.fields, identity.fields, note.values, strict=True)
            if name == masks or source_type.keys.get(name) == "diagram"
        )

    def _keep(self, state: NoteState, identity: _Identity) -> None:
        """Keep the entry of a note in the lock, without its position."""
        cards = state.cards
        missing: tuple[int, ...] = ()
        if cards is not FIRST_CARD_ONLY or identity.ordinals != (0,):
            numbers = {ordinal + 1 for ordinal in identity.ordinals}
            self._keys_with_vanished_cards += [state.key for _ in numbers - cards.keys()]
            missing = tuple(sorted(cards.keys() - numbers))
        mod = max(identity.mod, 0)
        # It counts as released with the texts that were imported: a pull knows no earlier ones.
        self._entries[state.key] = NoteEntry(
            *(state.key, state.type, identity.guid, identity.id, state.digest, mod, mod, 0, cards),
            subdeck=state.deck_name.subdeck,
            printed=state.printed,
            missing=missing,
        )

    def add(self, note: AnkiNote, card: SourceCard) -> str:
        """Add the card of a note that the plan has, or put another in its place. Return its id."""
        main_types_of_file = self._main_types[self._files[note.id].name]
        source_type = self.deck.types[note.type_id]
        entries: dict[str, Value] = {}
        if main_types_of_file.get(card.kind, source_type) is not source_type:
            entries["note_type"] = source_type.name
        key = self.add_card(note.id, {**entries, **card.entries}, id_text=card.id_text)
        ordinals = tuple([card.ordinal for card in note.cards])
        fields = note.fields if card.labels else ()
        self._identities[key] = _Identity(
            *(note.guid, note.id, note.type_id, note.mod, ordinals, card.labels, fields)
        )
        if card.made is not None and self._known_types is not None:
            summary = self._summaries[note.id]
            state = self._known_types.state_of(
                *(key, source_type.name, card.made, summary.tags, self.plan.subdeck_of(summary))
            )
            if state is not None:
                self._known.add(note.id)
                self._keep(state, self._identities[key])
        return key

    def read_types(self, environment: Environment) -> None:
        """Read the note types as a build would, so that it is known what it makes of most notes."""
        cards = b"cards:\n" + b"".join(
            write_list_entry(_card_of_type(type_), 2).encode() for type_ in self.deck.types.values()
        )
        loaded, _ = self._load("types.yaml", cards, encode_lock(self._lock_of_types()), environment)
        if loaded is not None:
            self._known_types = KnownTypes(loaded.deck)
            self._type_states = self._known_types.states

    def finish(self, findings: Findings) -> None:
        """Write deck.yaml and the lock."""
        self.write_deck_file()
        (self.folder / "deck.lock").write_bytes(encode_lock(self._lock(findings)))

    def _lock_of_types(self) -> Lock:
        """Return a lock without notes, which a build needs to read imported note types and media."""
        types = {NoteType(type_.name): type_entry(type_) for type_ in self.deck.types.values()}
        media, described = self.media.entries, self.deck.described
        description = None
        if described is not None:
            description = DescriptionEntry(
                self.deck.description, described.description, described.is_markdown
            )
        return Lock(self.deck.id, types, {}, self.deck.name, media=media, description=description)

    def _lock(self, findings: Findings) -> Lock:
        """Return the lock with all notes, as they are in Anki."""
        lock = self._lock_of_types()
        types = {
            state.type: lock.types[state.type].replace(schema=state.schema, digest=state.digest)
            for state in self._type_states
            if state.type in lock.types
        }
        written = (self._keys[note.number] for note in self.plan.notes if note.number in self._places)
        ordered = group_by_subdeck(
            (self._entries[key] for key in written), lambda entry: DeckName(self.deck.name, entry.subdeck)
        )
        for key in self._keys_with_vanished_cards:
            findings.add("cards that their note type doesn't make any more; Anki calls them empty", key)
        positions = assign_positions([None] * len(ordered))
        notes = {entry.key: entry.replace(due=due) for entry, due in zip(ordered, positions, strict=True)}
        return replace(lock, types=types, notes=notes)


def _card_of_type(source_type: SourceType) -> Mapping[str, Value]:
    """Return a card of a note type with something in each field."""
    texts = {
        name: "{{c1::a}}" if name in source_type.cloze_fields else "a" for name in source_type.anki.fields
    }
    head: dict[str, Value] = {"id": f"card-of-{source_type.name}"}
    if source_type.kind not in ("q", "cloze"):
        return {**head, "type": source_type.name, "fields": texts}
    keyed = {key: texts[name] for name, key in source_type.keys.items()}
    return {**head, "note_type": source_type.name, **keyed}
