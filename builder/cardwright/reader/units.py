"""Units: chunks of cards as compiled by earlier builds, so that only what has changed is compiled again.

A unit holds what Anki stores of the notes of a chunk, and what was found wrong with it. It depends on the
text of the chunk, of the topic's head and of the deck's head, and on this program; these are its key.
The files of pictures and sounds are compared when it is used again. Spans are offsets in the chunk.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import msgspec

from cardwright.collection.content import MediaFile
from cardwright.collection.deck_name import DeckName
from cardwright.collection.notetype import NoteType
from cardwright.collection.suppression import Suppression
from cardwright.diagnostics import Diagnostic, Related, Severity, Source, Span
from cardwright.formats.anki.render import RenderedNote
from cardwright.identity.lock import FIRST_CARD_ONLY
from cardwright.identity.note_state import NoteState

Offsets = tuple[int, int]
"""Start and end of a span, in characters from the beginning of its chunk."""


class NamedMedia(msgspec.Struct, array_like=True, frozen=True):
    """A picture or a sound that a text names.

    kind: "picture", "sound", or "file" for one that HTML names.
    path: as written. span: of the text. name: of the file in the package; empty if it can't be used.
    """

    kind: str
    path: str
    span: Offsets
    name: str


class UnitNote(msgspec.Struct, array_like=True, frozen=True):
    """A `RenderedNote`. deck_name: its index in `Unit.deck_names`; -1 for that of the topic."""

    key: str
    span: Offsets
    type: str
    digest: str
    cards: dict[int, str]
    former_keys: tuple[str, ...]
    deck_name: int
    printed: str
    fields: str
    tags: tuple[str, ...]
    ordinals: tuple[int, ...]
    guid: str = ""


class UnitDiagnostic(msgspec.Struct, array_like=True, frozen=True):
    """A `Diagnostic` that is no error. related: span and text of each."""

    code: str
    message: str
    span: Offsets
    severity: Severity
    note: str
    help: str
    related: tuple[tuple[Offsets, str], ...]


class Unit(msgspec.Struct, array_like=True, frozen=True):
    """A chunk as compiled.

    ids, former_ids: of its cards, as written under `id:` and `was:`.
    cited: the keys of the references that its notes cite.
    media: in the order of the texts. packed: the names of those that Anki needs for the notes.
    suppressions: rule, its span, and that of the card.
    deck_names: sub-decks that cards have of their own, and the span of their names.
    """

    ids: tuple[str, ...]
    former_ids: tuple[str, ...]
    cited: tuple[str, ...]
    media: tuple[NamedMedia, ...]
    packed: tuple[str, ...]
    suppressions: tuple[tuple[str, Offsets, Offsets], ...]
    diagnostics: tuple[UnitDiagnostic, ...]
    deck_names: tuple[tuple[str, Offsets | None], ...]
    notes: tuple[UnitNote, ...]


encode = msgspec.msgpack.Encoder().encode
"""Return the bytes of a unit, or of encoded units by their keys."""

decode_units = msgspec.msgpack.Decoder(dict[str, bytes]).decode
_decoder = msgspec.msgpack.Decoder(Unit)


def decode_unit(data: bytes) -> Unit | None:
    """Return a unit; None if the bytes are none, such as no bytes."""
    with suppress(msgspec.DecodeError):
        return _decoder.decode(data)
    return None


class OutsideOfChunk(Exception):
    """Something refers to a place outside of the chunk, so it is no unit by itself."""


class UnitPlaces:
    """Turns offsets in a chunk into spans of its source, and back. start, end: of the chunk in the source."""

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source, self.start, self.end = source, start, end

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def span(self, offsets: Offsets) -> Span:
        return Span(self.source, self.start + offsets[0], self.start + offsets[1])

    def offsets(self, span: Span | None) -> Offsets:
        """Errors: OutsideOfChunk."""
        if span is None or span.source is not self.source or not self.start <= span.start <= self.end:
            raise OutsideOfChunk
        return span.start - self.start, span.end - self.start


def pack_diagnostics(diagnostics: Iterable[Diagnostic], places: UnitPlaces) -> tuple[UnitDiagnostic, ...]:
    """Errors: OutsideOfChunk."""
    return tuple(_pack_diagnostic(diagnostic, places) for diagnostic in diagnostics)


def _pack_diagnostic(diagnostic: Diagnostic, places: UnitPlaces) -> UnitDiagnostic:
    return UnitDiagnostic(
        *(diagnostic.code, diagnostic.message, places.offsets(diagnostic.span)),
        *(diagnostic.severity, diagnostic.note, diagnostic.help),
        tuple((places.offsets(related.span), related.text) for related in diagnostic.related),
    )


def unpack_diagnostic(packed: UnitDiagnostic, places: UnitPlaces) -> Diagnostic:
    """Return a diagnostic with its spans in the source."""
    related = tuple(Related(places.span(offsets), text) for offsets, text in packed.related)
    span = places.span(packed.span)
    return Diagnostic(packed.code, packed.message, span, packed.severity, packed.note, related, packed.help)


def pack_suppressions(
    suppressions: Iterable[Suppression], places: UnitPlaces
) -> tuple[tuple[str, Offsets, Offsets], ...]:
    """Errors: OutsideOfChunk."""
    return tuple(
        (entry.rule, places.offsets(entry.span), places.offsets(entry.within)) for entry in suppressions
    )


def unpack_suppression(packed: tuple[str, Offsets, Offsets], places: UnitPlaces) -> Suppression:
    """Return a suppression with its spans in the source."""
    rule, span, within = packed
    return Suppression(rule, places.span(span), places.span(within))


def pack_notes(
    notes: Sequence[RenderedNote], topic_deck: DeckName, places: UnitPlaces
) -> tuple[tuple[UnitNote, ...], tuple[tuple[str, Offsets | None], ...]]:
    """Return the notes of a unit, and its `Unit.deck_names`.

    topic_deck: of cards that have none of their own.

    Errors: OutsideOfChunk.
    """
    indexes: dict[int, int] = {id(topic_deck): -1}
    deck_names: list[tuple[str, Offsets | None]] = []
    packed: list[UnitNote] = []
    for note in notes:
        state, name = note.state, note.state.deck_name
        if id(name) not in indexes:
            indexes[id(name)] = len(deck_names)
            deck_names.append((name.subdeck, None if name.span is None else places.offsets(name.span)))
        packed.append(
            UnitNote(
                *(state.key, places.offsets(state.span), str(state.type), state.digest, dict(state.cards)),
                *(state.former_keys, indexes[id(name)], state.printed),
                *(note.fields, note.tags, note.ordinals),
                state.guid,
            )
        )
    return tuple(packed), tuple(deck_names)


def unpack_notes(
    unit: Unit, topic_deck: DeckName, places: UnitPlaces, shared: dict[Any, Any]
) -> list[RenderedNote]:
    """Return the notes of a unit as they were before `pack_notes`.

    shared: takes tags and ordinals, so that equal ones are one object; a big deck has few different ones.
    """
    make_name = partial(DeckName, topic_deck.deck)
    names = [
        make_name(subdeck, None if offsets is None else places.span(offsets))
        for subdeck, offsets in unit.deck_names
    ]
    names.append(topic_deck)  # has the index -1
    types = {note.type: NoteType(note.type) for note in unit.notes}
    source, start, share = places.source, places.start, shared.setdefault
    return [
        RenderedNote(
            *(note.fields, share(note.tags, note.tags), share(note.ordinals, note.ordinals)),
            NoteState(
                *(note.key, Span(source, start + note.span[0], start + note.span[1]), types[note.type]),
                *(note.digest, FIRST_CARD_ONLY if note.cards == FIRST_CARD_ONLY else note.cards),
                note.former_keys,
                names[note.deck_name],
                note.printed,
                note.guid,
            ),
        )
        for note in unit.notes
    ]


def packed_media(unit: Unit, files: Iterable[MediaFile]) -> dict[str, MediaFile]:
    """Return the files that Anki needs for the notes of a unit, by name. files: those that its texts name."""
    packed = set(unit.packed)
    return {file.name: file for file in files if file.name in packed}
