"""Tell what a build makes of a note when its fields are known, without building it."""

from collections.abc import Mapping

from cardwright.collection.deck import Deck
from cardwright.collection.deck_name import DeckName
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Source, Span
from cardwright.formats.anki.render import FieldHtml, HtmlNote, NoteRenderer
from cardwright.identity.note_state import NoteState, NoteTypeState

_NOWHERE = Span(Source("", ""), 0, 0)


class KnownTypes:
    """The imported note types of a deck, whose notes are not printed.

    states: of all note types.
    """

    def __init__(self, deck: Deck) -> None:
        """deck: as a build reads it; its notes don't count."""
        self._renderer = NoteRenderer(deck)
        self._deck_name = deck.name
        self._types = {
            str(custom.type): custom.type
            for custom in deck.note_types
            # What fits into a tag has to be looked at, and so have readings in brackets.
            if not custom.tag_fields and not custom.reading_fields
        }
        self._deck_names: dict[str, DeckName] = {}
        self.states: tuple[NoteTypeState, ...] = tuple(
            note_type.state for note_type in self._renderer.types(with_diagrams=False)
        )

    def state_of(
        self, key: str, type_name: str, fields: Mapping[str, FieldHtml], tags: tuple[str, ...], subdeck: str
    ) -> NoteState | None:
        """Return a note as a build compares it with the lock; None if it has to be built.

        fields: by name. subdeck: as in `DeckName`.
        """
        type_: NoteType | None = self._types.get(type_name)
        if type_ is None:
            return None
        if subdeck not in self._deck_names:
            self._deck_names[subdeck] = DeckName(self._deck_name, subdeck)
        return self._renderer.state_of(
            HtmlNote(key, _NOWHERE, type_, fields, self._deck_names[subdeck], tags)
        )
