"""Write notes that were added in Anki as cards of the sources."""

from collections.abc import Iterable, Mapping, Sequence

from cardwright.collection import notetype
from cardwright.collection.custom_note_type import CustomNoteType
from cardwright.collection.deck import Deck
from cardwright.collection.deck_name import is_same_deck
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Report, Source, Span
from cardwright.formats.anki.foreign_html import convert_field
from cardwright.formats.anki.note_types import TYPED
from cardwright.kinds import KINDS
from cardwright.pulling.versions import Version
from cardwright.record import Record
from cardwright.source import nodes
from cardwright.source.ids import IdProposer
from cardwright.source.mapping_reader import MappingReader
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


class NewNote(Record, frozen=True):
    """A note of an export that becomes a card.

    key: of its note. type: its note type. guid, id, mod: as Anki has them.
    deck: full name of the deck of its first card. version: its content.
    """

    key: str
    type: NoteType
    guid: str
    id: int
    mod: int
    deck: str
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
        self._sequences: dict[str, nodes.Sequence | None] = {}

    def id_for(self, version: Version, type_: NoteType) -> str:
        """Return the id for a new card: of what it asks, without what it hides."""
        names = _KEYS.get(type_) or version.values
        texts = (self._text(version.values.get(name, ""), cloze=True) for name in names)
        text = next((text if isinstance(text, str) else text["html"] for text in texts if text), "")
        source = Source("", text)
        values = MappingReader(nodes.Mapping(source, 0, 0), "", Report())
        return self._ids.propose(KINDS["q"].text_for_id(Scalar(source, 0, len(text), text, ""), values))

    def write(self, note: NewNote) -> NewCard | str:
        """Return the card of a note; or in a few words why there can't be one."""
        texts = self._texts(note)
        neighbour = self._neighbour(note)
        sequence = None if neighbour is None else self._cards(neighbour)
        if texts is None:
            return f"a note of the type `{note.type}` can't be written as a card"
        if neighbour is None or sequence is None:
            return "the deck has no file for it"
        entries: dict[str, Value] = {"id": note.key, **texts}
        if not is_same_deck(neighbour.deck_name.full, note.deck):
            entries["subdeck"] = note.deck[len(self._deck.name) :].removeprefix("::")
        inherited = self._inherited_tags(sequence)
        if tags := [tag for tag in note.version.tags if tag.casefold() not in inherited]:
            entries["tags"] = tags
        edit = append_entry(sequence.source, sequence, entries)
        span = sequence.items[-1].span
        return NewCard(sequence.source, edit, span) if edit else "there is no place for it in its file"

    def _texts(self, note: NewNote) -> dict[str, Value] | None:
        """Return the texts of the card by its keys; None if not all of the note can be written."""
        values = {name: html for name, html in note.version.values.items() if html}
        custom = self._types.get(note.type)
        if custom is not None:
            return self._custom_texts(note, custom)
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

    def _custom_texts(self, note: NewNote, custom: CustomNoteType) -> dict[str, Value]:
        texts = {
            name: self._text(note.version.values[name], cloze=name in custom.cloze_fields)
            for name in custom.fillable_fields
            if note.version.values.get(name)
        }
        return {"type": custom.type, "fields": texts}

    def _text(self, html: str, *, cloze: bool) -> "str | dict[str, str]":
        text = convert_field(html, cloze=cloze, media=self._media)
        if text.is_html:
            return {"html": text.text}
        return f"{text.text}\n" if "\n" in text.text else text.text

    def _neighbour(self, note: NewNote) -> Note | None:
        """Return the last note of the sub-deck that a note belongs to; of the deck, if there is none."""
        notes: Sequence[Note] = self._deck.notes
        same = (other for other in reversed(notes) if is_same_deck(other.deck_name.full, note.deck))
        return next(same, notes[-1] if notes else None)

    def _cards(self, note: Note) -> nodes.Sequence | None:
        """Return the list of cards in the file of a note."""
        source = note.span.source
        if source.path not in self._sequences:
            root = parse_yaml(source, Report())
            cards = root.get("cards") if isinstance(root, nodes.Mapping) else None
            self._sequences[source.path] = cards if isinstance(cards, nodes.Sequence) else None
        return self._sequences[source.path]

    def _inherited_tags(self, cards: nodes.Sequence) -> set[str]:
        root = parse_yaml(cards.source, Report())
        node = root.get("tags") if isinstance(root, nodes.Mapping) else None
        items = node.items if isinstance(node, nodes.Sequence) else [node]
        return {item.value.strip().casefold() for item in items if isinstance(item, Scalar)}


def deck_of(name: str, own: str) -> bool:
    """Return whether a deck is ours, or one inside it."""
    return is_same_deck(name, own) or name.casefold().startswith(f"{own}::".casefold())
