"""A deck's notes as Anki will hold them."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from cardwright.collection import notetype, template
from cardwright.collection.content import (
    EMPTY,
    Cloze,
    Content,
    Image,
    Inline,
    Math,
    Sound,
    inlines,
    inlines_text,
    plain,
)
from cardwright.collection.deck import Deck
from cardwright.collection.media import MediaFile
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.collection.reference import Citation
from cardwright.formats.anki import cards, escape, fields, note_types
from cardwright.formats.anki.note_types import TYPED, AnkiNoteType
from cardwright.identity.lock import PLAIN
from cardwright.identity.note_state import NoteState, NoteTypeState


@dataclass(frozen=True, slots=True)
class RenderedNote:
    """One note.

    values: HTML of the fields, in the note type's order.
    tags: the author's, and one for the topic; sorted.
    ordinals: of its cards, ascending; 0-based.
    claim: what the lock is to know of it.
    """

    note: Note
    values: tuple[str, ...]
    tags: tuple[str, ...]
    ordinals: tuple[int, ...]
    claim: NoteState


@dataclass(frozen=True, slots=True)
class RenderedDeck:
    """A deck but for its identities.

    notes: in study order.
    media: what the fields refer to, by name, each once.
    """

    types: tuple[AnkiNoteType, ...]
    notes: tuple[RenderedNote, ...]
    media: tuple[MediaFile, ...]

    @property
    def claims(self) -> tuple[NoteState, ...]:
        return tuple(note.claim for note in self.notes)

    @property
    def type_claims(self) -> tuple[NoteTypeState, ...]:
        return tuple(note_type.claim for note_type in self.types)


def render(deck: Deck, released: Container[NoteType] = ()) -> RenderedDeck:
    """Every note's fields, tags and cards. released: types of notes that the deck had before."""
    types = note_types.note_types(deck.id, deck.language)
    if NoteType.DIAGRAM in released or any(note.diagram is not None for note in deck.notes):
        from cardwright.formats.anki.image_occlusion import occlusion_type  # noqa: PLC0415  few decks have diagrams

        types = (*types, occlusion_type(deck.id, deck.language))
    if deck.note_types:
        from cardwright.formats.anki.custom_note_types import own_type  # noqa: PLC0415  few decks have any

        types = (*types, *(own_type(deck.id, own) for own in deck.note_types))
    writers = {note_type.type: _Writer(deck.id, note_type) for note_type in types}
    notes = tuple(writers[note.type].note(note) for note in deck.notes)
    media = {name: file for writer in writers.values() for name, file in writer.media.items()}
    return RenderedDeck(types, notes, tuple(media[name] for name in sorted(media)))


class _Writer:
    """Writes the notes of one note type."""

    def __init__(self, deck_id: str, note_type: AnkiNoteType) -> None:
        self.media: dict[str, MediaFile] = {}
        self._names = [field.name for field in note_type.fields]
        self._places = {name: place for place, name in enumerate(self._names)}
        fronts = [template.parse_template(one.front) for one in note_type.templates]
        self._cloze_fields = [
            name for front in fronts for name in template.fields_with_filter(front, "cloze")
        ]
        self._clozes = [self._places[name] for name in self._cloze_fields]
        self._cards = cards.TemplateCards(fronts, self._names)
        if note_type.type == NoteType.DIAGRAM:
            from cardwright.formats.anki import image_occlusion  # noqa: PLC0415  as above

            self._places |= {ours: self._places[name] for ours, name in image_occlusion.PLACES.items()}
            self._drawn = image_occlusion.values
        self._source = cache(self._citations)
        self._topic = cache(lambda topic: (self._html(plain(topic)), topic_tag(deck_id, topic)))

    def note(self, note: Note) -> RenderedNote:
        values = [""] * len(self._names)
        places = self._places
        if note.diagram is not None:
            for name, value in self._drawn(note.diagram, self.media).items():
                values[places[name]] = value
        for name, content in note.fields.items():
            place = places[name]
            values[place] = self._html(content, cloze=place in self._clozes)
        values[places[notetype.KEY]] = escape.text(note.key)
        if note.typed:
            values[places[TYPED]] = escape.text(note.typed)
        if note.citations:
            values[places[notetype.SOURCE]] = self._source(note.citations)
        tags = note.tags
        if note.topic:
            values[places[notetype.TOPIC]], tag = self._topic(note.topic)
            tags = tuple(sorted({*tags, tag}))
        digest = _digest([note.type, *values, *tags], 16)
        ordinals = self._ordinals(values, tags)
        claim = NoteState(
            note.key, note.key_span, note.type, digest, self._asked(note, ordinals), note.former_keys
        )
        return RenderedNote(note, tuple(values), tags, ordinals, claim)

    def _html(self, content: Content, *, cloze: bool = False) -> str:
        """A field. cloze: whether it has deletions.

        Of a cloze note Anki looks for numbers in all fields, whatever shows them, so what looks like
        a deletion is escaped where it is text.
        Source: Anki, rslib/src/notetype/cardgen.rs, `new_cards_required_cloze`.
        """
        value = fields.html(content, self.media, cloze=cloze)
        if self._clozes and not cloze and "{{c" in value:
            return fields.html(content, self.media, cloze=True)
        return value

    def _citations(self, citations: tuple[Citation, ...]) -> str:
        """Where the fact comes from, each source a paragraph and, where it has an address, a link."""
        return self._html(tuple(citation.line for citation in citations))

    def _ordinals(self, values: Sequence[str], tags: Sequence[str]) -> tuple[int, ...]:
        if self._clozes:
            return cards.of_clozes([values[place] for place in self._clozes])
        return self._cards.ordinals(values, tagged=bool(tags))

    def _asked(self, note: Note, ordinals: tuple[int, ...]) -> Mapping[int, str]:
        """By card number a short digest of what a cloze hides, blanks aside; of a label its key."""
        if note.diagram is not None:
            from cardwright.identity.label_numbers import asked  # noqa: PLC0415  as above

            return asked(note.diagram)
        if not self._clozes:
            return PLAIN if ordinals == (0,) else {ordinal + 1: "" for ordinal in ordinals}
        hidden: dict[int, list[str]] = {ordinal + 1: [] for ordinal in ordinals}
        for inline in (one for name in self._cloze_fields for one in inlines(note.fields.get(name, EMPTY))):
            if isinstance(inline, Cloze):
                words = inlines_text(inline.children, _words)
                for number in inline.numbers:
                    hidden[number].append(words)
        return {number: _digest(" ".join(parts).split(), 8) for number, parts in hidden.items()}


def _words(inline: Inline) -> str:
    match inline:
        case Math(tex, _):
            return tex
        case Image(file, _) | Sound(file, _):
            return file.name
        case _:
            return ""


# Blanks divide tags, `::` makes a hierarchy of them, and quotes and brackets are in the way
# of who searches for one.
_NOT_IN_TAGS = re.compile(r"[\s:\"'`*\\,;()\[\]{}<>&\x00-\x1f\x7f\ud800-\udfff]+")


def topic_tag(deck_id: str, topic: str) -> str:
    """The tag that learners find a topic's notes by."""
    return f"{deck_id}::{_slug(topic)}"


def _slug(topic: str) -> str:
    """A topic as one part of a tag; tags in Anki differ by more than case, so it is small."""
    return _NOT_IN_TAGS.sub("-", topic).strip("-").lower() or "-"


def _digest(parts: Iterable[str], length: int) -> str:
    """length: in hex digits."""
    return sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:length]
