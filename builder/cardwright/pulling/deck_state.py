"""A deck as its sources make it, and the notes of an export, as a pull compares them."""

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from cardwright.collection import notetype
from cardwright.collection.custom_note_type import CustomNoteType
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.formats.anki import image_occlusion
from cardwright.formats.anki.note_types import TYPED
from cardwright.formats.anki.render import RenderedDeck, RenderedNote, RenderedNotes, render_deck
from cardwright.identity.lock import Lock, NoteEntry
from cardwright.identity.reconcile import reconcile
from cardwright.pulling.pulled_media import PulledMedia
from cardwright.pulling.versions import Version, rendered_version
from cardwright.record import Record
from cardwright.source.field_styles import FieldStyles

_BUILT_IN_CLOZES = {
    NoteType.CLOZE: (notetype.TEXT,),
    NoteType.DIAGRAM: (image_occlusion.NAMES, image_occlusion.OCCLUSION),
}


def styles_of(custom: CustomNoteType) -> FieldStyles | None:
    """Return what an imported note type says of the elements in fields; None for another one."""
    if custom.imported is None:
        return None
    return _read_styles(
        custom.css, tuple(side for each in custom.templates for side in (each.front, each.back))
    )


_read_styles = lru_cache(maxsize=64)(FieldStyles)

_AUTOMATIC = frozenset({*notetype.AUTOMATIC_FIELDS, *notetype.RESERVED_FIELDS, TYPED})
_AUTOMATIC_OF_DIAGRAMS = frozenset(
    {image_occlusion.HEADER, image_occlusion.COMMENTS, image_occlusion.OCCLUSION, image_occlusion.IMAGE}
)


def automatic_fields(note: Note) -> Container[str]:
    """Return the names of the fields of a note that no text of its card fills by itself."""
    if note.custom_type is None:
        return _AUTOMATIC | (_AUTOMATIC_OF_DIAGRAMS if note.diagram is not None else frozenset())
    if note.custom_type.imported is None:
        return _AUTOMATIC
    return note.custom_type.mask_fields if note.diagram is not None else ()


def mask_field(note: Note) -> str:
    """Return the name of the field with the masks of a diagram; empty for any other note."""
    if note.diagram is None:
        return ""
    return image_occlusion.OCCLUSION if note.custom_type is None else note.custom_type.mask_fields[0]


class DeckState(Record, frozen=True):
    """A deck as its sources make it.

    notes, rendered: by key. The notes are read when one is asked for.
    field_names: by note type. custom_types: those of the note types that the author declares, by type.
    """

    deck: Deck
    rendered_deck: RenderedDeck
    notes: Mapping[str, Note]
    rendered: Mapping[str, RenderedNote]
    field_names: Mapping[NoteType, tuple[str, ...]]
    custom_types: Mapping[NoteType, CustomNoteType]

    def version(self, key: str) -> Version:
        """Return a note as it is now."""
        note = self.rendered[key]
        type_ = note.state.type
        is_imported = self.is_imported(type_)
        return rendered_version(note, self.field_names[type_], self.deck.id, is_imported=is_imported)

    def version_with(self, key: str, media: PulledMedia) -> Version:
        """Return a note as it is now, but with the names that new files have in the export."""
        version, files = self.version(key), self.rendered_deck.media
        values = {name: media.with_exported_names(html, files) for name, html in version.values.items()}
        return Version(values, version.tags)

    def is_imported(self, type_: NoteType) -> bool:
        custom = self.custom_types.get(type_)
        return custom is not None and custom.imported is not None

    def cloze_fields(self, key: str) -> Sequence[str]:
        """Return the names of the fields of a note in which `{{c1::…}}` hides something."""
        type_ = self.rendered[key].state.type
        custom = self.custom_types.get(type_)
        return _BUILT_IN_CLOZES.get(type_, ()) if custom is None else custom.cloze_fields

    def styles(self, key: str) -> FieldStyles | None:
        """Return what the note type of a note says of the elements in its fields, if it was imported."""
        custom = self.custom_types.get(self.rendered[key].state.type)
        return None if custom is None else styles_of(custom)


class _NotesByKey(Mapping[str, Note]):
    """The notes of a deck by key."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self._all = notes

    @cached_property
    def _notes(self) -> Mapping[str, Note]:
        return {note.key: note for note in self._all}

    def __getitem__(self, key: str) -> Note:
        return self._notes[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._notes)

    def __len__(self) -> int:
        return len(self._all)


def deck_state(deck: Deck, lock: Lock, rendered_notes: RenderedNotes | None = None) -> DeckState:
    """Return the state of a deck. rendered_notes: as for `render_deck`."""
    rendered = render_deck(deck, lock.types, rendered_notes)
    return DeckState(
        deck,
        rendered,
        _NotesByKey(deck.notes),
        {note.state.key: note for note in rendered.notes},
        {note_type.type: note_type.field_names for note_type in rendered.types},
        {custom.type: custom for custom in deck.note_types},
    )


def release_conflicts(state: DeckState, lock: Lock, now: int) -> list[Diagnostic]:
    """Return the errors of a build about what was released, such as another number of a cloze deletion."""
    states, types = state.rendered_deck.note_states, state.rendered_deck.type_states
    diagnostics = reconcile(state.deck, states, types, lock, now).diagnostics
    return [diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR]


class ExportedNote(Record, frozen=True):
    """A note of an export that the lock knows. deck_id: as in `NoteEntry.pulled`."""

    entry: NoteEntry
    mod: int
    deck_id: int
    version: Version
