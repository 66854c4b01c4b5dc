"""Reads the cards of a deck chunk by chunk, and only those chunks of which no unit is known."""

from collections import abc
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise
from typing import Any
from unicodedata import normalize

from cardwright.collection.content import MediaFile
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.printed import OFF_PAPER
from cardwright.collection.suppression import Suppression
from cardwright.collection.unread_notes import NoteSummary, UnreadNotes, find_cited_keys
from cardwright.diagnostics import Report, Source
from cardwright.formats.anki.render import NoteRenderer, RenderedNote, RenderedNotes
from cardwright.kinds.card_reader import TopicContext
from cardwright.reader import units
from cardwright.reader.cards import CardIds, ParsedCard, assign_card_ids, read_cards, read_notes
from cardwright.reader.deck_names import group_by_subdeck
from cardwright.reader.plain_cards import NO_PLAIN_CARDS, PlainCards, compile_plain_cards
from cardwright.reader.suppressions import read_allow
from cardwright.reader.units import NamedMedia, OutsideOfChunk, Unit, UnitPlaces
from cardwright.record import Record, replace
from cardwright.source import yaml_tree
from cardwright.source.cache import Cache, make_key
from cardwright.source.markup import MarkupReader
from cardwright.source.media_reader import FetchedFile, MediaReader
from cardwright.source.nodes import Mapping, Node, Scalar
from cardwright.source.nodes import Sequence as YamlSequence

NumberLabels = Callable[[Deck, AbstractSet[str]], Deck]
"""Takes a deck of some notes and the keys of all, and returns the deck with its labels numbered."""

RunInProcesses = Callable[[Callable[[range], bytes], int], list[bytes] | None]
"""As `Environment.run_in_processes`."""

_BATCH = 256
"""How many chunks are read together: each needs memory for its unit until all are."""

LITTLE_TEXT = 5_000
"""In characters: to compile less, some 25 cards, takes no longer than to look for its units."""

MUCH_TEXT = 300_000
"""In characters: so much is compiled faster by two processes than by one, whose start takes 0.02 s."""


class Unusual(Exception):
    """The deck has a mistake, so all has to be read at once."""


class NotByItself(Exception):
    """A chunk has a mistake, or an alias, or it isn't certain that it begins and ends where a card does."""


class UnitMemory(Record, frozen=True):
    """The units of earlier builds. program: a digest of all that a unit depends on beside the sources."""

    cache: Cache
    program: bytes


class UnitKeys:
    """Makes the keys of the units of a deck."""

    def __init__(self, deck: Deck, head: str, memory: UnitMemory | None) -> None:
        """deck: with its note types. head: the text of its own file without the cards."""
        types = ""
        if deck.note_types:
            from cardwright.formats.anki.custom_note_types import make_custom_type  # noqa: PLC0415  few decks have any

            types = "".join(repr(make_custom_type(deck.id, custom)) for custom in deck.note_types)
        program = b"" if memory is None else memory.program
        self._deck_key = make_key(b"unit", program, _encode(head), _encode(types))

    def of_topic(self, head: str) -> str:
        """Return what the keys of a topic's chunks have in common. head: its file's text before the cards."""
        return make_key(_encode(self._deck_key), _encode(head))

    @staticmethod
    def of_chunk(topic_key: str, places: UnitPlaces) -> str:
        """Return the key of a chunk."""
        return make_key(_encode(topic_key), _encode(places.text))


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@dataclass(slots=True)
class Chunk:
    """A chunk of the cards of a topic; see `chunks.py`.

    nodes: its cards, if they are parsed already.
    key: under which its unit is kept; empty for none.
    cards: as they were read, until they are compiled.
    ids, former_ids: as written, until all are known to differ.
    notes: only if they cannot be read again without the other chunks, or if all are wanted.
    rendered: the notes as Anki stores them, unless they have diagrams, whose labels have no numbers yet.
    """

    context: TopicContext
    places: UnitPlaces
    nodes: Sequence[Node] | None = None
    key: str = ""
    report: Report = field(default_factory=Report)
    cards: list[CardIds] = field(default_factory=list)
    ids: tuple[str, ...] = ()
    former_ids: tuple[str, ...] = ()
    cited: frozenset[str] = frozenset()
    suppressions: list[Suppression] = field(default_factory=list)
    notes: tuple[Note, ...] | None = None
    rendered: Sequence[RenderedNote] = ()

    def parse(self) -> Sequence[Node]:
        """Return the nodes of its cards. Errors: NotByItself."""
        if self.nodes is None:
            cards = yaml_tree.read_cards(self.places.source, self.places.start, self.places.end)
            if cards is None:
                raise NotByItself
            self.nodes = cards.items
        return self.nodes

    def read_cards(self, plain: PlainCards = NO_PLAIN_CARDS) -> None:
        """Read everything of its cards but their texts.

        plain: those that are compiled already.

        Errors: NotByItself.
        """
        nodes = self.parse()
        if plain.notes:
            nodes = [node for index, node in enumerate(nodes) if index not in plain.notes]
        self.cards = list(read_cards(nodes, self.context, self.report))
        written = (card.id_scalar.value for card in self.cards if card.id_scalar is not None)
        self.ids = (
            *(note.state.key for note in plain.notes.values()),
            *(normalize("NFC", card_id) for card_id in written),
        )
        self.former_ids = tuple(scalar.value for card in self.cards for scalar in card.former_names.card_ids)
        self.suppressions = [
            entry for card in self.cards for entry in read_allow(card.values, card.values.node.span)
        ]

    @property
    def has_all_ids(self) -> bool:
        return all(card.id_scalar is not None for card in self.cards)


@dataclass(slots=True)
class _RecordingMedia:
    """Fetches media for one chunk, and records what its texts name."""

    media: MediaReader
    places: UnitPlaces
    named: list[NamedMedia] = field(default_factory=list)

    def picture(self, path: str, scalar: Scalar) -> MediaFile | None:
        """See `MediaReader.picture`."""
        return self._record(self.media.picture(path, scalar), path, scalar, "picture")

    def sound(self, path: str, scalar: Scalar) -> MediaFile | None:
        """See `MediaReader.sound`."""
        return self._record(self.media.sound(path, scalar), path, scalar, "sound")

    def any_file(self, path: str, scalar: Scalar) -> FetchedFile:
        """See `MediaReader.any_file`."""
        fetched = self.media.any_file(path, scalar)
        self._record(fetched.file, path, scalar, "file")
        return fetched

    def _record(self, file: MediaFile | None, path: str, scalar: Scalar, kind: str) -> MediaFile | None:
        offsets = scalar.start - self.places.start, scalar.end - self.places.start
        self.named.append(NamedMedia(kind, path, offsets, "" if file is None else file.name))
        return file


class CardsReader:
    """Reads the cards of a deck, as far as is necessary.

    missing_ids: cards with the ids that they lack in the sources.
    """

    def __init__(
        self,
        chunks: Sequence[Chunk],
        deck: Deck,
        media: MediaReader,
        memory: UnitMemory | None,
        report: Report,
        *,
        keep_notes: bool,
        run_in_processes: RunInProcesses = lambda _work, _count: None,
    ) -> None:
        """deck: without its notes. report: takes what is wrong with the cards.

        keep_notes: whether somebody will need the notes.
        """
        self.missing_ids: list[tuple[ParsedCard, str]] = []
        self._chunks = chunks
        self._deck = deck
        self._media = media
        self._memory = memory if _text_length(chunks) >= LITTLE_TEXT else None
        self._report = report
        self._keep_notes = keep_notes
        self._run_in_processes = run_in_processes
        self._renderer = NoteRenderer(deck)
        self._packed: dict[str, MediaFile] = {}
        self._new_units: dict[str, bytes] = {}
        self._shared: dict[Any, Any] = {}
        # The nodes of the cards of files that have to be parsed as a whole.
        self._whole_files: dict[Source, Sequence[Node]] = {}

    @property
    def suppressions(self) -> list[Suppression]:
        return [entry for chunk in self._chunks for entry in chunk.suppressions]

    def read(self, taken: AbstractSet[str], lost: abc.Mapping[str, str]) -> None:
        """Read all cards, and make the units that are missing.

        taken: ids that a new card may not get. lost: as in `ReadingOptions`.

        Errors: Unusual.
        """
        waiting: list[Chunk] = []
        for first in range(0, len(self._chunks), _BATCH):
            batch = self._chunks[first : first + _BATCH]
            known = self._find_units(batch)
            for chunk in batch:
                self._take_from_whole_file(chunk)
                unit = units.decode_unit(known.pop(chunk.key, b""))
                if unit is None or not self._use(unit, chunk):
                    self._read(chunk)
                if not chunk.has_all_ids:
                    waiting.append(chunk)
            self._keep_new_units()
        distinct_ids = self._distinct_ids()
        waiting_cards = [card for chunk in waiting for card in chunk.cards]
        others = distinct_ids.difference(*(chunk.ids for chunk in waiting))
        with_ids = assign_card_ids(waiting_cards, {*taken, *others}, self._report, lost)
        if self._report.has_errors:
            raise Unusual
        self.missing_ids = [(card, card_id) for card, card_id in with_ids if card.id_scalar is None]
        remaining = iter(with_ids)
        for chunk in waiting:
            self._compile(chunk, list(islice(remaining, len(chunk.cards))))
        for chunk in self._chunks:
            chunk.ids, chunk.former_ids = (), ()  # a big deck has many
        if not self._keep_notes:
            # What is left of them are offsets, and few messages show a part of the text.
            for source in dict.fromkeys(chunk.places.source for chunk in self._chunks):
                source.forget_text()

    def _distinct_ids(self) -> set[str]:
        """Return the ids that are written. Errors: Unusual."""
        ids = [card_id for chunk in self._chunks for card_id in chunk.ids]
        former_ids = [card_id for chunk in self._chunks for card_id in chunk.former_ids]
        distinct_ids = set(ids)
        if len(distinct_ids) < len(ids) or len({*former_ids} - distinct_ids) < len(former_ids):
            raise Unusual  # the mistake is told with both of its places
        return distinct_ids

    def _find_units(self, chunks: Sequence[Chunk]) -> dict[str, bytes]:
        """Return encoded units: those of earlier builds, and those of others if there are many to be made."""
        keys = [chunk.key for chunk in chunks if chunk.key]
        known = {} if self._memory is None else dict(self._memory.cache.get(keys))
        unknown = [chunk for chunk in chunks if chunk.key and chunk.key not in known]
        if self._keep_notes or _text_length(unknown) < MUCH_TEXT:
            return known
        answers = self._run_in_processes(
            lambda share: self._make_units([unknown[i] for i in share]), len(unknown)
        )
        for answer in answers or ():
            new_units = units.decode_units(answer)
            self._new_units |= new_units
            known |= new_units
        return known

    def _keep_new_units(self) -> None:
        if self._memory is not None:
            self._memory.cache.put(self._new_units)
        self._new_units = {}

    def _make_units(self, chunks: Iterable[Chunk]) -> bytes:
        """Return the units of chunks up to the first mistake, without a change to anything here."""
        media = MediaReader(self._media.folder, self._media.library, Report(), imported=self._media.imported)
        apart = CardsReader([], self._deck, media, None, Report(), keep_notes=False)
        with suppress(Unusual):
            for chunk in chunks:
                apart._read(Chunk(chunk.context, chunk.places, key=chunk.key))
        return units.encode(apart._new_units)

    def _read(self, chunk: Chunk) -> None:
        """Compile a chunk if all of its cards have ids. Errors: Unusual."""
        try:
            nodes = chunk.parse()
        except NotByItself:
            self._parse_whole_file(chunk.places.source)
            self._take_from_whole_file(chunk)
            nodes = chunk.parse()
        plain = NO_PLAIN_CARDS
        if chunk.key and not self._keep_notes:
            plain = compile_plain_cards(nodes, chunk.context, self._renderer)
        chunk.read_cards(plain)
        if chunk.has_all_ids:
            self._compile(chunk, assign_card_ids(chunk.cards, frozenset(), self._report), plain)

    def _parse_whole_file(self, source: Source) -> None:
        """Parse a file as a whole for the chunks that come next. Errors: Unusual."""
        report = Report()
        root = yaml_tree.parse_yaml(source, report)
        cards = root.get("cards") if isinstance(root, Mapping) else None
        if len(report) or not isinstance(cards, YamlSequence):
            raise Unusual
        starts = [cards.start, *(node.start for node in cards.items)]
        if any(start >= next_start for start, next_start in pairwise(starts)):
            raise Unusual  # an alias stands for a card; its node is where the anchor is
        self._whole_files[source] = cards.items

    def _take_from_whole_file(self, chunk: Chunk) -> None:
        """Give a chunk its nodes, if its file was parsed as a whole. It has no unit then."""
        places = chunk.places
        if places.source in self._whole_files:
            nodes = self._whole_files[places.source]
            chunk.nodes = [node for node in nodes if places.start <= node.start < places.end]
            chunk.key = ""

    def _use(self, unit: Unit, chunk: Chunk) -> bool:
        """Take a unit if the files that its texts name are still the same; tell whether they are."""
        source, start = chunk.places.source, chunk.places.start
        files = []
        for named in unit.media:
            scalar = Scalar(source, start + named.span[0], start + named.span[1], "", "")
            file = self._media.fetch(named.kind, named.path, scalar)
            if ("" if file is None else file.name) != named.name:
                return False
            if file is not None:
                files.append(file)
        self._packed |= units.packed_media(unit, files)
        self._report.extend(units.unpack_diagnostic(packed, chunk.places) for packed in unit.diagnostics)
        chunk.ids, chunk.former_ids, chunk.cited = unit.ids, unit.former_ids, frozenset(unit.cited)
        chunk.suppressions = [units.unpack_suppression(packed, chunk.places) for packed in unit.suppressions]
        chunk.rendered = units.unpack_notes(unit, chunk.context.deck_name, chunk.places, self._shared)
        return True

    def _compile(
        self,
        chunk: Chunk,
        cards: Sequence[tuple[ParsedCard, str]],
        plain: PlainCards = NO_PLAIN_CARDS,
    ) -> None:
        """Read and render the notes of a chunk, and make its unit if it can be one.

        plain: its other cards, which are compiled already.

        Errors: Unusual.
        """
        media = _RecordingMedia(self._media, chunk.places)
        markup = MarkupReader(media.picture, media.sound, chunk.report, media.any_file)
        notes_of_cards = [tuple(read_notes(card, card_id, markup)) for card, card_id in cards]
        notes = tuple(chain.from_iterable(notes_of_cards))
        self._report.extend(chunk.report)
        if self._report.has_errors:
            raise Unusual
        has_diagrams = any(note.diagram is not None for note in notes)
        if self._keep_notes or has_diagrams or not chunk.key or not chunk.has_all_ids:
            chunk.notes = notes
        chunk.cited = find_cited_keys(notes) | plain.cited
        if not has_diagrams:
            rendered = self._renderer.render(notes)
            if plain.notes:
                remaining = iter(rendered.notes)
                others = (islice(remaining, len(notes)) for notes in notes_of_cards)
                merged = plain.merge(others, len(plain.notes) + len(cards))
                rendered = RenderedNotes(merged, rendered.media)
            chunk.rendered = rendered.notes
            self._packed |= rendered.media
            if chunk.key and chunk.has_all_ids:
                with suppress(OutsideOfChunk, UnicodeEncodeError):  # halves of surrogate pairs
                    self._new_units[chunk.key] = units.encode(_make_unit(chunk, rendered, media.named))
        chunk.cards, chunk.nodes = [], None  # a big deck has many nodes

    def number_labels(self, number: NumberLabels) -> None:
        """Number the labels of all diagrams, and render their notes."""
        with_diagrams = [chunk for chunk in self._chunks if chunk.notes and not chunk.rendered]
        if not with_diagrams:
            return
        keys = {note.state.key for chunk in self._chunks for note in chunk.rendered}
        notes = [note for chunk in with_diagrams for note in chunk.notes or ()]
        keys.update(note.key for note in notes)
        numbered = iter(number(replace(self._deck, notes=notes), keys).notes)
        for chunk in with_diagrams:
            chunk.notes = tuple(islice(numbered, len(chunk.notes or ())))
            rendered = self._renderer.render(chunk.notes)
            chunk.rendered = rendered.notes
            self._packed |= rendered.media

    def rendered_notes(self) -> RenderedNotes:
        """Return all notes as Anki stores them, in study order."""
        rendered = (note for chunk in self._chunks for note in chunk.rendered)
        return RenderedNotes(group_by_subdeck(rendered, lambda note: note.state.deck_name), self._packed)

    def notes(self, rendered: RenderedNotes) -> UnreadNotes:
        """Return all notes in study order; what is known no more is read again if it is needed."""
        names = {id(note.state.deck_name): note.state.deck_name for note in rendered.notes}
        summary = NoteSummary(
            tuple(dict.fromkeys(names.values())),
            frozenset[str]().union(*(chunk.cited for chunk in self._chunks)),
            any(note.state.printed != OFF_PAPER for note in rendered.notes),
            tuple(note.state.key for note in rendered.notes),
            {note.state.key: note.state.former_keys for note in rendered.notes if note.state.former_keys},
        )
        return UnreadNotes(len(rendered.notes), summary, self._read_notes)

    def _read_notes(self) -> tuple[Note, ...]:
        notes = (note for chunk in self._chunks for note in self._notes_of(chunk))
        return group_by_subdeck(notes, lambda note: note.deck_name)

    def _notes_of(self, chunk: Chunk) -> Iterable[Note]:
        if chunk.notes is not None:
            return chunk.notes
        copy = Chunk(chunk.context, chunk.places)
        copy.read_cards()
        markup = MarkupReader(self._media.picture, self._media.sound, Report(), self._media.any_file)
        cards = assign_card_ids(copy.cards, frozenset(), Report())
        return [note for card, card_id in cards for note in read_notes(card, card_id, markup)]


def _text_length(chunks: Iterable[Chunk]) -> int:
    return sum(chunk.places.end - chunk.places.start for chunk in chunks)


def _make_unit(chunk: Chunk, rendered: RenderedNotes, media: Sequence[NamedMedia]) -> Unit:
    """Errors: OutsideOfChunk."""
    notes, deck_names = units.pack_notes(rendered.notes, chunk.context.deck_name, chunk.places)
    return Unit(
        ids=chunk.ids,
        former_ids=chunk.former_ids,
        cited=tuple(sorted(chunk.cited)),
        media=tuple(media),
        packed=tuple(sorted(rendered.media)),
        suppressions=units.pack_suppressions(chunk.suppressions, chunk.places),
        diagnostics=units.pack_diagnostics(chunk.report, chunk.places),
        deck_names=deck_names,
        notes=notes,
    )
