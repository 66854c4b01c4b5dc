"""Write notes that were added in Anki as cards of the sources."""

from collections.abc import Iterable, Mapping, Sequence

from cardwright.collection import notetype
from cardwright.collection.custom_note_type import CustomNoteType
from cardwright.collection.deck import Deck
from cardwright.collection.deck_name import is_same_deck, with_parents
from cardwright.collection.image_occlusion import read_masks
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Report, Source, Span
from cardwright.formats.anki.foreign_html import convert_field
from cardwright.formats.anki.note_types import TYPED
from cardwright.importing.card_sources import text_for_id
from cardwright.importing.diagram_cards import diagram_entries
from cardwright.pulling.deck_state import styles_of
from cardwright.pulling.versions import Version
from cardwright.record import Record
from cardwright.source import nodes
from cardwright.source.field_styles import FieldStyles
from cardwright.source.ids import IdProposer
from cardwright.source.nodes import Scalar
from cardwright.source.yaml_additions import append_entry
from cardwright.source.yaml_tree import parse_yaml
from cardwright.source.yaml_writing import Edit, Value

_KEYS = {
    NoteType.QUESTION: {
        notetype.QUESTION: "q",
        notetype.ANSWER: "a",
        notetype.EXTRA: "extra",
        notetype.HINT: "hint",
    },
    NoteType.CLOZE: {notetype.TEXT: "cloze", notetype.EXTRA: "extra", notetype.HINT: "hint"},
}
"""The keys of a card by the fields that they fill, for our own note types."""
_NEEDED = ("q", "a", "cloze")
"""The keys of a card without which it isn't one."""


class NewNote(Record, frozen=True):
    """A note of an export that becomes a card.

    key: of its note. type: its note type. guid, id, mod: as Anki has them.
    deck: full name of the deck of its first card. numbers: of its cards. version: its content.
    """

    key: str
    type: NoteType
    guid: str
    id: int
    mod: int
    deck: str
    numbers: frozenset[int]
    version: Version


class NewCard(Record, frozen=True):
    """A card to be added to a file. span: the card above it."""

    source: Source
    edit: Edit
    span: Span


class CardWriter:
    """Writes new cards into the files of a deck."""

    def __init__(self, deck: Deck, media: Mapping[str, str], taken_ids: Iterable[str]) -> None:
        """media: paths by the names in Anki. taken_ids: those of cards, also former ones."""
        self._deck, self._media = deck, media
        self._types = {note_type.type: note_type for note_type in deck.note_types}
        self._ids = IdProposer({*taken_ids})
        self._roots: dict[str, nodes.Mapping | None] = {}
        self._with_place: set[str] = set()

    def id_for(self, version: Version, type_: NoteType) -> str:
        """Return the id for a new card: of what it asks, without what it hides."""
        names = _KEYS.get(type_) or version.values
        return self._ids.propose(text_for_id(version.values.get(name, "") for name in names))

    def write(self, note: NewNote) -> NewCard | str:
        """Return the card of a note; or in a few words why there can't be one."""
        neighbour = self._neighbour(note)
        sequence = None if neighbour is None else self._cards(neighbour)
        if neighbour is None or sequence is None:
            return "the deck has no file for it"
        texts = self._texts(note, sequence.source)
        if texts is None:
            return f"a note of the type `{note.type}` can't be written as a card"
        entries: dict[str, Value] = {"id": note.key, **texts}
        if not is_same_deck(neighbour.deck_name.full, note.deck):
            entries["subdeck"] = note.deck[len(self._deck.name) :].removeprefix("::")
        inherited = self._inherited_tags(sequence.source)
        if tags := [tag for tag in note.version.tags if tag.casefold() not in inherited]:
            entries["tags"] = tags
        source, is_known = sequence.source, sequence.source.path in self._with_place
        edit = append_entry(source, sequence, entries, is_known=is_known)
        if edit is None:
            return "there is no place for it in its file"
        self._with_place.add(source.path)
        return NewCard(source, edit, sequence.items[-1].span)

    def _texts(self, note: NewNote, source: Source) -> dict[str, Value] | None:
        """Return the texts of the card by its keys; None if not all of the note can be written."""
        values = {name: html for name, html in note.version.values.items() if html}
        custom = self._types.get(note.type)
        if custom is not None:
            return self._custom_texts(values, custom, source)
        keys = _KEYS.get(note.type)
        if keys is None:
            return None
        written: dict[str, Value] = {}
        for name, key in keys.items():
            if name in values:
                written[key] = self._text(values[name], cloze=key == "cloze")
        reverse = {"q": notetype.REVERSE, "a": notetype.REVERSE_ANSWER}
        if notetype.REVERSE in values:
            written["reverse"] = {
                key: self._text(values.get(name, ""), cloze=False) for key, name in reverse.items()
            }
        if values.get(TYPED):
            written["typed"] = "true"
        return written

    def _custom_texts(
        self, values: Mapping[str, str], custom: CustomNoteType, source: Source
    ) -> dict[str, Value]:
        """Return the texts of a card of a custom note type. values: without empty fields."""
        styles = styles_of(custom)
        is_default = custom.type in self._default_types(source)
        if (diagram := self._diagram(values, custom, styles)) is not None:
            return diagram if is_default else {"note_type": custom.type, **diagram}
        texts: dict[str, Value] = {
            name: self._text(values[name], cloze=name in custom.cloze_fields, styles=styles)
            for name in custom.fillable_fields
            if name in values
        }
        keys = {name: key for key, name in custom.keys.items()}
        if keys and texts.keys() <= keys.keys() and "diagram" not in keys.values():
            written = {keys[name]: text for name, text in texts.items()}
            entries: dict[str, Value] = {
                key: written.get(key, "") for key in custom.keys if key in written or key in _NEEDED
            }
            return entries if is_default else {"note_type": custom.type, **entries}
        return {"type": custom.type, "fields": texts}

    def _diagram(
        self, values: Mapping[str, str], custom: CustomNoteType, styles: FieldStyles | None
    ) -> dict[str, Value] | None:
        """Return a note of image occlusion as a diagram; None if that can't say it, and for any other."""
        keys = {name: key for key, name in custom.keys.items()}
        mask_field = next(iter(custom.mask_fields), "")
        masks = read_masks(values.get(mask_field, ""))
        if "diagram" not in custom.keys or masks is None or values.keys() - {mask_field} - keys.keys():
            return None
        texts = {
            keys[name]: self._text(html, cloze=False, styles=styles)
            for name, html in values.items()
            if name in keys
        }
        picture = texts.pop("diagram", "")
        # A new label gets the number after the last one.
        is_numbered = [*masks.shapes] == [*range(1, len(masks.shapes) + 1)]
        return diagram_entries(picture, masks, texts) if isinstance(picture, str) and is_numbered else None

    def _default_types(self, source: Source) -> Sequence[str]:
        """Return the note types that a file, or else the deck, has for cards that name none."""
        return self._head_texts(source, "note_type") or self._head_texts(self._deck.span.source, "note_type")

    def _text(self, html: str, *, cloze: bool, styles: FieldStyles | None = None) -> "str | dict[str, str]":
        text = convert_field(html, cloze=cloze, media=self._media, styles=styles)
        if text.is_html:
            return {"html": text.text}
        return f"{text.text}\n" if "\n" in text.text else text.text

    def _neighbour(self, note: NewNote) -> Note | None:
        """Return the last note of the sub-deck that a note belongs to, or else of the next deck around it."""
        notes: Sequence[Note] = self._deck.notes
        for name in reversed(with_parents(note.deck)):
            for other in reversed(notes):
                if is_same_deck(other.deck_name.full, name):
                    return other
        return notes[-1] if notes else None

    def _cards(self, note: Note) -> nodes.Sequence | None:
        """Return the list of cards in the file of a note."""
        root = self._root(note.span.source)
        cards = None if root is None else root.get("cards")
        return cards if isinstance(cards, nodes.Sequence) else None

    def _inherited_tags(self, source: Source) -> set[str]:
        heads = {source.path: source, self._deck.span.source.path: self._deck.span.source}
        return {tag.casefold() for head in heads.values() for tag in self._head_texts(head, "tags")}

    def _head_texts(self, source: Source, key: str) -> list[str]:
        """Return the texts that a key of a file's head has."""
        root = self._root(source)
        node = None if root is None else root.get(key)
        items = node.items if isinstance(node, nodes.Sequence) else [node]
        return [item.value.strip() for item in items if isinstance(item, Scalar)]

    def _root(self, source: Source) -> nodes.Mapping | None:
        if source.path not in self._roots:
            root = parse_yaml(source, Report())
            self._roots[source.path] = root if isinstance(root, nodes.Mapping) else None
        return self._roots[source.path]


def deck_of(name: str, own: str) -> bool:
    """Return whether a deck is ours, or one inside it."""
    return is_same_deck(name, own) or name.casefold().startswith(f"{own}::".casefold())
