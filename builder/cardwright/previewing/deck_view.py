"""A deck as the preview shows it: its cards, one by one, with what a page needs to show each of them."""

import hashlib
import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import unquote

from cardwright.collection import notetype
from cardwright.collection.content import MediaFile
from cardwright.collection.html_layout import WITHIN_WORDS
from cardwright.collection.notetype import BUILT_IN_TYPES, NoteType
from cardwright.collection.print_settings import PrintSettings
from cardwright.diagnostics import Span
from cardwright.formats.anki.card_sides import shown_sides
from cardwright.formats.anki.image_occlusion import RENAMED_FIELDS
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.released import ReleasedPackage
from cardwright.formats.anki.render import RenderedDeck, RenderedNote
from cardwright.formats.anki.reviewer_html import Media, reviewer_sides
from cardwright.formats.anki.reviewer_page import card_style, reviewer_page
from cardwright.identity.lock import Lock, NoteEntry
from cardwright.pipeline.load import LoadedDeck
from cardwright.record import Record, replace
from cardwright.source.html_parsing import elements, parse_html
from cardwright.source.picture_size import Size, picture_size

# Of no interest to who looks for a card by its words.
_UNSEARCHED = frozenset({notetype.KEY, notetype.RETIRED, "Occlusion"})
_TAG = re.compile(r"</?([a-z0-9]*)[^>]*>")
# The hint of a deletion belongs to its end: words are shown as they are read.
_CLOZE_MARK = re.compile(r"\{\{c[0-9,]+::|(?:::[^{}]*)?\}\}")
# What a second card asks.
_REVERSE = (notetype.REVERSE, notetype.REVERSE_ANSWER)


class CardView(Record, frozen=True):
    """A card as the preview lists it.

    id: names it on the pages of the preview; stays while the note keeps its key.
    key: of its note. name: the key, and which of the note's cards this is.
    type: the name of its note type. topic: as Anki shows it, or the last part of the name of its deck.
    path, line: of the note's id in the sources; path relative to the project, line from 1.
    text: its words, to search in.
    digest: changes with anything that its page shows.
    change: `new` or `changed` since the last release; empty for neither.
    """

    id: str
    deck: str
    key: str
    name: str
    type: str
    topic: str
    tags: tuple[str, ...]
    path: str
    line: int
    text: str
    digest: str
    change: str


class Side(Record, frozen=True):
    """What to show of a card. is_back: the back, or the front.

    is_earlier: as the last release has it, or as it is now. night, phone: as for `reviewer_page`.
    """

    is_back: bool
    is_earlier: bool = False
    night: bool = False
    phone: bool = False


class LabelView(Record, frozen=True):
    """A place of a label. kind, points: as in `Shape`."""

    key: str
    kind: str
    points: tuple[tuple[float, float], ...]


class PictureView(Record, frozen=True):
    """A picture on a card. name: in Anki. labels: those that a diagram has on it, in all their places."""

    name: str
    alt: str
    labels: tuple[LabelView, ...] = ()


class DeckView:
    """A deck that can be shown."""

    def __init__(
        self, loaded: LoadedDeck, rendered: RenderedDeck, new_lock: Lock, package: ReleasedPackage
    ) -> None:
        """new_lock: as a build would leave it. package: of the last build."""
        self.folder = loaded.files.name
        self.name = loaded.deck.name
        self.loaded = loaded
        self._package = package
        self._media = {file.name: file for file in rendered.media}
        self._types = {note_type.type: note_type for note_type in rendered.types}
        self._entries = new_lock.notes
        released = {} if loaded.lock is None else {entry.guid: entry for entry in loaded.lock.notes.values()}
        self._notes: dict[str, tuple[RenderedNote, int]] = {}
        self.cards = tuple(self._card_views(rendered.notes, released))
        self._cards = {card.id: card for card in self.cards}

    def media_file(self, name: str) -> MediaFile | None:
        """Return a file by its name in Anki."""
        return self._media.get(name)

    def card(self, card_id: str) -> CardView | None:
        """Return a card by its id."""
        return self._cards.get(card_id)

    def page(
        self, card_id: str, side: Side, media_address: Callable[[str], str], media_source: str
    ) -> str | None:
        """Return the page on which Anki shows a side of a card; None if there is no such card.

        media_address: of a file by its name in Anki. media_source: as in `reviewer_page`.
        """
        found = self._notes.get(card_id)
        if found is None:
            return None
        note, ordinal = found
        note_type = self._types[note.state.type]
        values: Sequence[str] = note.values
        tags = note.tags
        if side.is_earlier:
            released = self._package.notes.get(self._entries[note.state.key].guid)
            if released is None:
                return None
            by_name = self._package.values(released)
            values = [by_name.get(name, "") for name in note_type.field_names]
            tags = released.tags
        media = Media(media_address, self._picture_size)
        sides = shown_sides(
            note_type, values, tags=tags, deck_name=note.state.deck_name.full, ordinal=ordinal
        )
        front, back = reviewer_sides(sides, note_type, values, ordinal, media)
        return reviewer_page(
            back if side.is_back else front,
            card_style(note_type.css, media),
            ordinal,
            night=side.night,
            phone=side.phone,
            media_source=media_source,
            title="Back" if side.is_back else "Front",
        )

    def pictures(self, card_id: str) -> Sequence[PictureView]:
        """Return the pictures in the fields of a card's note, the one with labels first."""
        found = self._notes.get(card_id)
        if found is None:
            return ()
        fields, key = found[0].values, found[0].state.key
        pictures: dict[str, PictureView] = {}
        for element in elements([node for value in fields if "<img" in value for node in parse_html(value)]):
            name = unquote(element.attributes.get("src", ""))
            if element.name == "img" and name in self._media:
                pictures.setdefault(name, PictureView(name, element.attributes.get("alt", "")))
        if not pictures:
            return ()
        diagram = next((note.diagram for note in self.loaded.deck.notes if note.key == key), None)
        if diagram is not None:
            name = diagram.file.name
            labels = tuple(
                LabelView(label.key, shape.kind, shape.points)
                for label in diagram.labels
                for shape in label.shapes
            )
            pictures.pop(name, None)
            pictures = {name: PictureView(name, diagram.alt, labels), **pictures}
        return tuple(pictures.values())

    def _picture_size(self, name: str) -> Size | None:
        file = self._media.get(name)
        return None if file is None else picture_size(file.data)

    def _card_views(
        self, notes: Sequence[RenderedNote], released: Mapping[str, NoteEntry]
    ) -> Iterator[CardView]:
        styles = {
            type_: hashlib.sha256(repr((note_type.css, note_type.templates)).encode()).hexdigest()
            for type_, note_type in self._types.items()
        }
        paper = _paper_state(self.loaded.deck.print_settings)
        topics = {type_: _topic_field(note_type) for type_, note_type in self._types.items()}
        for note in notes:
            state = note.state
            note_type = self._types[state.type]
            values = dict(zip(note_type.field_names, note.values, strict=True))
            entry = released.get(self._entries[state.key].guid)
            topic = html.unescape(values.get(topics[state.type], "")) or state.deck_name.last_part
            path, line = _place(state.span)
            shown = f"{styles[state.type]}{paper}{state.printed}{state.digest}"
            change = "new" if entry is None else "changed" if entry.digest != state.digest else ""
            for ordinal in note.ordinals:
                name = state.key if ordinal == 0 else f"{state.key}#{ordinal + 1}"
                card_id = f"{self.folder}/{name}"
                self._notes[card_id] = (note, ordinal)
                yield CardView(
                    card_id,
                    self.name,
                    state.key,
                    name,
                    str(state.type),
                    topic,
                    note.tags,
                    path,
                    line,
                    _words(values, is_reverse=ordinal == 1 and state.type == NoteType.QUESTION),
                    hashlib.sha256(shown.encode()).hexdigest()[:16],
                    change,
                )


def _paper_state(settings: PrintSettings) -> str:
    """Return all that the settings for printing say, wherever they stand."""
    problems = [problem.message for problems in settings.problems.values() for problem in problems]
    return repr((replace(settings, font_spans=(), span=None, spans={}, problems={}), problems))


def _words(values: Mapping[str, str], *, is_reverse: bool) -> str:
    """Return the words of fields, those first that a card asks with. values: HTML by name."""
    first = {name: values[name] for name in _REVERSE} if is_reverse else {}
    texts = (value for name, value in {**first, **values}.items() if value and name not in _UNSEARCHED)
    marked = _CLOZE_MARK.sub("", " · ".join(texts))
    return " ".join(html.unescape(_TAG.sub(_space, marked)).split())


def _space(tag: re.Match[str]) -> str:
    """Return what a tag parts words by: nothing if it marks a part of a word."""
    return "" if tag[1] in WITHIN_WORDS else " "


def _topic_field(note_type: AnkiNoteType) -> str:
    """Return the name of the field that says the topic; empty for an imported note type."""
    if note_type.imported is not None:
        return ""
    is_renamed = note_type.type in BUILT_IN_TYPES and RENAMED_FIELDS[notetype.TOPIC] in note_type.field_names
    return RENAMED_FIELDS[notetype.TOPIC] if is_renamed else notetype.TOPIC


def _place(span: Span) -> tuple[str, int]:
    return span.source.path, span.start_position.line
