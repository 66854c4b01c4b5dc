"""A deck as its sources make it, and the notes of an export, as a pull compares them."""

from collections.abc import Container, Mapping, Sequence
from functools import lru_cache

from cardwright.collection import notetype
from cardwright.collection.custom_note_type import CustomNoteType
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.formats.anki import image_occlusion
from cardwright.formats.anki.note_types import TYPED
from cardwright.formats.anki.render import RenderedDeck, RenderedNote, render_deck
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

    notes, rendered: by key. field_names: by note type. imported_types: those of the note types.
    """

    deck: Deck
    rendered_deck: RenderedDeck
    notes: Mapping[str, Note]
    rendered: Mapping[str, RenderedNote]
    field_names: Mapping[NoteType, tuple[str, ...]]
    imported_types: frozenset[NoteType]

    def version(self, key: str) -> Version:
        """Return a note as it is now."""
        note = self.rendered[key]
        type_ = note.state.type
        is_imported = type_ in self.imported_types
        return rendered_version(note, self.field_names[type_], self.deck.id, is_imported=is_imported)

    def version_with(self, key: str, media: PulledMedia) -> Version:
        """Return a note as it is now, but with the names that new files have in the export."""
        version, files = self.version(key), self.rendered_deck.media
        values = {name: media.with_exported_names(html, files) for name, html in version.values.items()}
        return Version(values, version.tags)

    def cloze_fields(self, key: str) -> Sequence[str]:
        """Return the names of the fields of a note in which `{{c1::…}}` hides something."""
        note = self.notes[key]
        if note.custom_type is not None:
            return note.custom_type.cloze_fields
        return _BUILT_IN_CLOZES.get(note.type, ())

    def styles(self, key: str) -> FieldStyles | None:
        """Return what the note type of a note says of the elements in its fields, if it was imported."""
        custom = self.notes[key].custom_type
        return None if custom is None else styles_of(custom)


def deck_state(deck: Deck, lock: Lock) -> DeckState:
    """Return the state of a deck whose notes were read."""
    rendered = render_deck(deck, lock.types)
    return DeckState(
        deck,
        rendered,
        {note.key: note for note in deck.notes},
        {note.state.key: note for note in rendered.notes},
        {note_type.type: note_type.field_names for note_type in rendered.types},
        frozenset(note_type.type for note_type in deck.note_types if note_type.imported is not None),
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
