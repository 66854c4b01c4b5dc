"""Render the notes of a deck to fields, tags and cards as Anki stores them."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256

from cardwright.collection import content as c
from cardwright.collection import notetype, template
from cardwright.collection.content import MediaFile
from cardwright.collection.deck import Deck
from cardwright.collection.deck_name import DeckName
from cardwright.collection.note import Note
from cardwright.collection.notetype import BUILT_IN_TYPES, NoteType
from cardwright.collection.printed import OFF_PAPER, printed_digest, printed_digest_of_texts
from cardwright.collection.reference import Citation
from cardwright.diagnostics import Span
from cardwright.formats.anki import cards, escape, fields, note_types
from cardwright.formats.anki.note_types import TYPED, AnkiNoteType
from cardwright.identity.lock import FIRST_CARD_ONLY
from cardwright.identity.note_state import NoteState, NoteTypeState
from cardwright.record import Record

FIELD_SEPARATOR = "\x1f"


class RenderedNote(Record, frozen=True):
    """A note as Anki stores it, without its identity.

    fields: HTML of the fields, in the note type's order, as Anki stores them: in one text, which takes a
        third of the memory, with `FIELD_SEPARATOR` between them.
    tags: the author's, and one for the topic unless the note type was imported; sorted.
    ordinals: of its cards, ascending, 0-based.
    state: the note as `reconcile` compares it with the lock.
    """

    fields: str
    tags: tuple[str, ...]
    ordinals: tuple[int, ...]
    state: NoteState

    @property
    def values(self) -> tuple[str, ...]:
        """The fields one by one."""
        return tuple(self.fields.split(FIELD_SEPARATOR))


class FieldHtml(Record, frozen=True):
    """A field as Anki stores it. hidden: the number and the text of each cloze deletion in it."""

    html: str
    hidden: tuple[tuple[int, str], ...] = ()


class PlainNote(Record, frozen=True):
    """A note of one of our own types of which each field is plain words, which are their own HTML.

    The rest is as in `Note`.

    texts: the fields by name, none of them empty.
    """

    key: str
    key_span: Span
    type: NoteType
    texts: Mapping[str, str]
    topic: str
    deck_name: DeckName
    tags: tuple[str, ...]
    citations: tuple[Citation, ...]
    printed: bool


class HtmlNote(Record, frozen=True):
    """A note of an imported type that isn't printed, whose fields are known as Anki stores them.

    fields: by name; empty ones may be left out. The rest is as in `Note`.
    """

    key: str
    key_span: Span
    type: NoteType
    fields: Mapping[str, FieldHtml]
    deck_name: DeckName
    tags: tuple[str, ...]


class RenderedNotes(Record, frozen=True):
    """Notes as Anki stores them, in study order, with the files by name that their fields refer to."""

    notes: Sequence[RenderedNote]
    media: Mapping[str, MediaFile]


class RenderedDeck(Record, frozen=True):
    """A deck as Anki stores it, without its identities.

    notes: in study order.
    media: the files that the fields and the styles refer to, sorted by name.
    """

    types: tuple[AnkiNoteType, ...]
    notes: Sequence[RenderedNote]
    media: tuple[MediaFile, ...]

    @property
    def note_states(self) -> tuple[NoteState, ...]:
        return tuple(note.state for note in self.notes)

    @property
    def type_states(self) -> tuple[NoteTypeState, ...]:
        return tuple(note_type.state for note_type in self.types)


def render_deck(
    deck: Deck, released: Container[NoteType] = (), rendered: RenderedNotes | None = None
) -> RenderedDeck:
    """Render every note's fields, tags and cards.

    released: types of the notes of earlier releases.
    rendered: the notes, if that was done before.
    """
    renderer = NoteRenderer(deck)
    if rendered is None:
        rendered = renderer.render(deck.notes)
    used_types = {note.state.type for note in rendered.notes}
    has_diagrams = NoteType.DIAGRAM in released or NoteType.DIAGRAM in used_types
    customs = [custom for custom in deck.note_types if custom.type in used_types]
    of_styles = (file for custom in customs for file in custom.files)
    media = {**rendered.media, **{file.name: file for file in (*of_styles, *deck.imported_media)}}
    types = renderer.types(with_diagrams=has_diagrams)
    return RenderedDeck(types, rendered.notes, tuple(media[name] for name in sorted(media)))


class NoteRenderer:
    """Renders notes of one deck."""

    def __init__(self, deck: Deck) -> None:
        """deck: its id, its language and its note types count, and not its notes."""
        self._deck_id = deck.id
        self._language = deck.language
        built_in_types = note_types.make_built_in_types(deck.id, deck.language)
        self._types = {note_type.type: note_type for note_type in built_in_types}
        if deck.note_types:
            from cardwright.formats.anki.custom_note_types import make_custom_type  # noqa: PLC0415  few decks have any

            self._types |= {custom.type: make_custom_type(deck.id, custom) for custom in deck.note_types}
        self._renderers: dict[NoteType, _TypeRenderer] = {}

    def render(self, notes: Iterable[Note]) -> RenderedNotes:
        media: dict[str, MediaFile] = {}
        return RenderedNotes([self._renderer(note.type).render(note, media) for note in notes], media)

    def render_plain(self, note: PlainNote) -> RenderedNote:
        """Render a note of one of our own types."""
        return self._renderer(note.type).render_plain(note)

    def state_of(self, note: HtmlNote) -> NoteState:
        """Return a note as it is compared with the lock."""
        return self._renderer(note.type).state_of(note)

    def types(self, *, with_diagrams: bool) -> tuple[AnkiNoteType, ...]:
        """Return the built-in note types, and behind them those of the author."""
        if not with_diagrams:
            return tuple(self._types.values())
        return tuple(map(self._type, dict.fromkeys((*BUILT_IN_TYPES, *self._types))))

    def _renderer(self, type_: NoteType) -> "_TypeRenderer":
        if type_ not in self._renderers:
            self._renderers[type_] = _TypeRenderer(self._deck_id, self._type(type_))
        return self._renderers[type_]

    def _type(self, type_: NoteType) -> AnkiNoteType:
        if type_ != NoteType.DIAGRAM:
            return self._types[type_]
        from cardwright.formats.anki.image_occlusion import make_image_occlusion_type  # noqa: PLC0415  few have diagrams

        return make_image_occlusion_type(self._deck_id, self._language)


class _TypeRenderer:
    """Renders the notes of one note type."""

    def __init__(self, deck_id: str, note_type: AnkiNoteType) -> None:
        self._media: dict[str, MediaFile] = {}
        names = note_type.field_names
        self._is_imported = note_type.imported is not None
        self._field_count = len(names)
        self._indexes = {name: index for index, name in enumerate(names)}
        fronts = [self._parse(anki_template.front) for anki_template in note_type.templates]
        self._cloze_fields = [
            name
            for front in fronts
            for name in template.fields_with_filter(front, "cloze")
            if note_type.is_cloze or not self._is_imported
        ]
        self._cloze_indexes = [self._indexes[name] for name in self._cloze_fields]
        self._template_cards = cards.TemplateCards(fronts, names)
        if note_type.type == NoteType.DIAGRAM:
            from cardwright.formats.anki import image_occlusion  # noqa: PLC0415  few decks have diagrams

            for name, new_name in image_occlusion.RENAMED_FIELDS.items():
                self._indexes[name] = self._indexes[new_name]
            self._render_diagram = image_occlusion.render_diagram
        self._plain_cards: dict[tuple[object, ...], tuple[tuple[int, ...], Mapping[int, str]]] = {}
        self._cached_citations = cache(self._render_citations)
        self._cached_topic = cache(lambda topic: (self._html(c.plain(topic)), topic_tag(deck_id, topic)))

    def _parse(self, front: str) -> template.Nodes:
        try:
            return template.parse_template(front)
        except ValueError:
            # Anki makes no card of such a template. It can be there only in an imported note type.
            if not self._is_imported:
                raise
            return ()

    def render(self, note: Note, media: dict[str, MediaFile]) -> RenderedNote:
        """Render a note. media: takes the files that its fields refer to."""
        self._media = media
        values = [""] * self._field_count
        indexes = self._indexes
        if note.diagram is not None and note.custom_type is None:
            for name, html in self._render_diagram(note.diagram, self._html).items():
                values[indexes[name]] = html
        for name, content in note.fields.items():
            index = indexes[name]
            values[index] = self._html(content, cloze=index in self._cloze_indexes)
        tags = note.tags
        if not self._is_imported:
            tags = self._fill_our_fields(note, values)
        ordinals = self._ordinals(values, tags)
        card_digests = self._card_digests(note, ordinals)
        fields = FIELD_SEPARATOR.join(values)
        state = NoteState(
            note.key,
            note.key_span,
            note.type,
            note_digest(note.type, fields, tags),
            card_digests,
            note.former_keys,
            note.deck_name,
            printed_digest(note),
            note.guid,
        )
        return RenderedNote(fields, tags, ordinals, state)

    def render_plain(self, note: PlainNote) -> RenderedNote:
        """Render a note of plain words; see `NoteRenderer.render_plain`."""
        values, indexes, texts = [""] * self._field_count, self._indexes, note.texts
        for name, text in texts.items():
            values[indexes[name]] = text
        tags = self._fill_our_fields(note, values)
        fields = FIELD_SEPARATOR.join(values)
        # What is filled in decides which cards there are.
        filled = (*texts, bool(note.topic), bool(note.citations), bool(tags))
        cards = self._plain_cards.get(filled)
        if cards is None:
            ordinals = self._ordinals(values, tags)
            cards = self._plain_cards[filled] = ordinals, _cards_without_digests(ordinals)
        printed = OFF_PAPER
        if note.printed:
            heading = note.topic or note.deck_name.last_part
            printed = printed_digest_of_texts(note.key, heading, texts, note.citations)
        state = NoteState(
            *(note.key, note.key_span, note.type, note_digest(note.type, fields, tags), cards[1]),
            *((), note.deck_name, printed),
        )
        return RenderedNote(fields, tags, cards[0], state)

    def state_of(self, note: HtmlNote) -> NoteState:
        """See `NoteRenderer.state_of`."""
        values = [""] * self._field_count
        for name, field in note.fields.items():
            values[self._indexes[name]] = field.html
        ordinals = self._ordinals(values, note.tags)
        cards = _cards_without_digests(ordinals)
        if self._cloze_indexes:
            fields = (note.fields[name] for name in self._cloze_fields if name in note.fields)
            cards = _digests_of_hidden(ordinals, (text for field in fields for text in field.hidden))
        digest = note_digest(note.type, FIELD_SEPARATOR.join(values), note.tags)
        return NoteState(
            *(note.key, note.key_span, note.type, digest, cards),
            deck_name=note.deck_name,
            printed=OFF_PAPER,
        )

    def _fill_our_fields(self, note: Note | PlainNote, values: list[str]) -> tuple[str, ...]:
        """Fill in what a note type of ours says of every note, and return the tags with that of the topic."""
        indexes = self._indexes
        values[indexes[notetype.KEY]] = escape.text(note.key)
        if isinstance(note, Note) and note.typed:
            values[indexes[TYPED]] = self._html(c.plain(note.typed))
        if note.citations:
            values[indexes[notetype.SOURCE]] = self._cached_citations(note.citations)
        if not note.topic:
            return note.tags
        values[indexes[notetype.TOPIC]], topic = self._cached_topic(note.topic)
        return tuple(sorted({*note.tags, topic}))

    def _html(self, content: c.Content, *, cloze: bool = False) -> str:
        """Return the HTML of a field. cloze: whether the template shows it through the filter `cloze`.

        Anki looks for cloze numbers in all fields of a cloze note, so text that looks like a deletion is
        escaped in the others.
        Source: Anki, rslib/src/notetype/cardgen.rs, `new_cards_required_cloze`.
        """
        html = fields.render_html(content, self._media, cloze=cloze, is_imported=self._is_imported)
        if self._cloze_indexes and not cloze and "{{c" in html:
            return fields.render_html(content, self._media, cloze=True, is_imported=self._is_imported)
        return html

    def _render_citations(self, citations: tuple[Citation, ...]) -> str:
        """Return the sources of a note, each a paragraph and, if it has an address, a link."""
        return self._html(tuple(citation.paragraph for citation in citations))

    def _ordinals(self, values: Sequence[str], tags: Sequence[str]) -> tuple[int, ...]:
        if self._cloze_indexes:
            return cards.cloze_ordinals([values[index] for index in self._cloze_indexes])
        return self._template_cards.ordinals(values, tagged=bool(tags))

    def _card_digests(self, note: Note, ordinals: tuple[int, ...]) -> Mapping[int, str]:
        """Return what `NoteState.cards` describes; changed whitespace doesn't change a digest."""
        if note.diagram is not None:
            from cardwright.identity.label_numbers import label_cards  # noqa: PLC0415  few decks have diagrams

            return label_cards(note.diagram)
        if not self._cloze_indexes:
            return _cards_without_digests(ordinals)
        contents = (note.fields.get(name, c.EMPTY) for name in self._cloze_fields)
        return _digests_of_hidden(ordinals, (text for content in contents for text in hidden_texts(content)))


def hidden_texts(content: c.Content) -> Iterator[tuple[int, str]]:
    """Yield the number and the text of each cloze deletion."""
    for deletion in c.deletions(content):
        text = c.inlines_text(deletion.children, _describe)
        yield from ((number, text) for number in deletion.numbers)


def _digests_of_hidden(ordinals: tuple[int, ...], texts: Iterable[tuple[int, str]]) -> dict[int, str]:
    hidden: dict[int, list[str]] = {ordinal + 1: [] for ordinal in ordinals}
    for number, text in texts:
        # HTML may have numbers that make no card, or one with that of the last.
        hidden.get(min(number, c.LAST_CLOZE), []).append(text)
    return {number: hidden_text_digest(own) for number, own in hidden.items()}


def _cards_without_digests(ordinals: tuple[int, ...]) -> Mapping[int, str]:
    return FIRST_CARD_ONLY if ordinals == (0,) else {ordinal + 1: "" for ordinal in ordinals}


def _describe(inline: c.Inline) -> str:
    match inline:
        case c.Math(tex, _):
            return tex
        case c.Image(file, _) | c.Sound(file, _):
            return file.name
        case _:
            return ""


# Spaces separate tags, `::` makes a hierarchy of them, and quotes and brackets are awkward in searches.
_NOT_IN_TAGS = re.compile(r"[\s:\"'`*\\,;()\[\]{}<>&\x00-\x1f\x7f\ud800-\udfff]+")


def topic_tag(deck_id: str, topic: str) -> str:
    """Return the tag by which learners find the notes of a topic.

    It is in lower case: two tags that differ in case alone are one tag to Anki.
    """
    return f"{deck_id}::{_NOT_IN_TAGS.sub('-', topic).strip('-').lower() or '-'}"


def note_digest(note_type: NoteType, fields: str, tags: Iterable[str]) -> str:
    """Return a digest of everything that Anki stores of a note. fields: as in `RenderedNote`."""
    return _digest([note_type, fields, *tags], 16)


def hidden_text_digest(texts: Iterable[str]) -> str:
    """Return a short digest of what a cloze card hides. texts: of its deletions, in order."""
    return _digest(" ".join(texts).split(), 8)


def _digest(parts: Iterable[str], length: int) -> str:
    """Return a hash of some texts. length: in hex digits."""
    return sha256(FIELD_SEPARATOR.join(parts).encode("utf-8", "replace")).hexdigest()[:length]
