"""Read the files of a deck: from bytes to YAML nodes to notes."""

import posixpath
from collections import abc
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import TYPE_CHECKING

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.diagnostics.phrases import closest_match, did_you_mean, truncate
from cardwright.formats.anki.render import RenderedNotes
from cardwright.kinds.card_reader import TopicContext
from cardwright.reader.cards import (
    assign_card_ids,
    is_imported,
    read_cards,
    read_more_tags,
    read_notes,
    read_tags,
)
from cardwright.reader.chunked_cards import (
    CardsReader,
    Chunk,
    NumberLabels,
    RunInProcesses,
    UnitKeys,
    UnitMemory,
    Unusual,
)
from cardwright.reader.chunks import CutFile, cut_file
from cardwright.reader.deck_header import DeckHeader, read_deck_header
from cardwright.reader.deck_keys import TOPIC_KEYS
from cardwright.reader.deck_names import group_by_subdeck, read_subdeck
from cardwright.reader.references import read_citations
from cardwright.reader.suppressions import read_allow, read_suppressions
from cardwright.reader.units import UnitPlaces
from cardwright.record import Record, replace
from cardwright.source.files import DeckFiles, MediaLibrary, normal_path
from cardwright.source.id_insertion import IdInsertion, card_id_insertion, deck_id_insertion
from cardwright.source.ids import IdProposer, is_plain_id, read_id
from cardwright.source.mapping_reader import MappingReader, read_mapping_file
from cardwright.source.markup import MarkupReader
from cardwright.source.media_reader import ImportedName, MediaReader
from cardwright.source.nodes import Mapping, Node, Scalar, Sequence
from cardwright.source.text import decode_source
from cardwright.source.yaml_tree import read_head

if TYPE_CHECKING:  # few decks are imported
    from cardwright.collection.custom_note_type import CustomNoteType, ImportedType


class ParsedDeck(Record, frozen=True):
    """A deck read from its files.

    missing_ids: ids that the author's files lack; the deck uses them already.
    media_sizes: in bytes, of the media files that its texts name, by path relative to its folder.
    rendered: the notes as Anki stores them; None if nobody needs them, after a mistake, or if something
        is unusual.
    """

    deck: Deck
    missing_ids: tuple[IdInsertion, ...]
    media_sizes: abc.Mapping[str, int]
    rendered: RenderedNotes | None = None


class ReadingOptions(Record, frozen=True):
    """What is known of a deck before it is read.

    taken: ids of cards, also of former ones, that no new card may get.
    lost_ids: the ids that cards without one had in the last build, by the new ones that they would get.
    locked_id: the deck's id in the last build; it gets this id again if its own is missing.
    salt: some random letters and digits that make the id of a new deck unique.
    memory: the units of earlier builds.
    number_labels: numbers the labels of diagrams, if their notes are to be rendered.
    renders: whether somebody will need what Anki stores of the notes.
    keep_notes: whether somebody will need the notes themselves.
    run_in_processes: as `Environment.run_in_processes`.
    imported_types: what the lock has of imported note types, by name; None if it could not be read.
    imported_media: as in `MediaReader`.
    """

    taken: AbstractSet[str] = frozenset()
    lost_ids: abc.Mapping[str, str] = MappingProxyType({})
    locked_id: str = ""
    salt: str = ""
    memory: UnitMemory | None = None
    number_labels: NumberLabels = lambda deck, _keys: deck
    renders: bool = True
    keep_notes: bool = True
    run_in_processes: RunInProcesses = lambda _work, _count: None
    imported_types: "abc.Mapping[str, ImportedType] | None" = MappingProxyType({})
    imported_media: abc.Mapping[str, ImportedName] = MappingProxyType({})


_NEW_DECK = ReadingOptions()


def read_deck(
    files: DeckFiles, library: MediaLibrary, report: Report, options: ReadingOptions = _NEW_DECK
) -> ParsedDeck | None:
    """Read a whole deck and report everything that is wrong with it.

    Returns None if so little can be read that there is no deck.
    """
    if not options.renders:
        return _read_at_once(files, library, report, options)
    chunks_report = Report()
    try:
        parsed_deck = _read_in_chunks(files, library, chunks_report, options)
    except Unusual:
        return _read_at_once(files, library, report, options)
    report.extend(chunks_report)
    return parsed_deck


def _read_at_once(
    files: DeckFiles, library: MediaLibrary, report: Report, options: ReadingOptions
) -> ParsedDeck | None:
    """Read all cards of a deck together, whatever is wrong with them."""

    def read_file(path: str) -> MappingReader | None:
        return _read_file(path, files, report)

    main = read_file(files.main_path)
    if main is None:
        return None
    media = MediaReader(files.folder, library, report, imported=options.imported_media)
    header = read_deck_header(main, files, media, options.imported_types)
    topics = list(_read_topics(main, header, files, read_file))
    cards = [
        card
        for topic, context in zip(topics, _topic_contexts(topics, main, header), strict=True)
        for card in read_cards(_card_nodes(topic), context, report)
    ]
    suppressions = read_suppressions(main, topics)
    suppressions += (entry for card in cards for entry in read_allow(card.values, card.values.node.span))
    if not cards and not report.has_errors:
        report.add(Diagnostic("no-cards", "the deck has no cards", main.key_span("deck")))
    deck_id, missing_ids = _deck_id(main, header, options, report)
    cards_with_ids = assign_card_ids(cards, options.taken, report, options.lost_ids)
    missing_ids += (
        card_id_insertion(card.values.node, card_id)
        for card, card_id in cards_with_ids
        if card.id_scalar is None
    )
    markup = MarkupReader(media.picture, media.sound, report, media.any_file)
    notes = (note for card, card_id in cards_with_ids for note in read_notes(card, card_id, markup))
    grouped_notes = group_by_subdeck(notes, lambda note: note.deck_name)
    deck = replace(
        header.deck,
        id=deck_id,
        notes=grouped_notes,
        suppressions=tuple(suppressions),
        is_complete=header.deck.is_complete and not report.has_errors,
    )
    if any(note.diagram is not None for note in grouped_notes):
        deck = options.number_labels(deck, {note.key for note in grouped_notes})
    return ParsedDeck(deck, tuple(missing_ids), media.sizes)


def _read_in_chunks(
    files: DeckFiles, library: MediaLibrary, report: Report, options: ReadingOptions
) -> ParsedDeck:
    """Read a deck without mistakes, as far as no unit of an earlier build is known.

    Errors: Unusual.
    """
    cuts: dict[str, CutFile] = {}

    def read_file(path: str) -> MappingReader | None:
        source = decode_source(path, files.sources[path], report)
        cut = None if source is None else cut_file(source)
        if source is None or cut is None:
            return _read_file(path, files, report)
        node = read_head(source, cut.head)
        if not isinstance(node, Mapping) or "cards" not in node.entries:
            raise Unusual
        node.entries["cards"] = (node.entries["cards"][0], Sequence(source, cut.head, cut.head))
        cuts[path] = cut
        return MappingReader(node, "a file", report)

    main = read_file(files.main_path)
    if main is None or report.has_errors:
        raise Unusual
    media = MediaReader(files.folder, library, report, imported=options.imported_media)
    header = read_deck_header(main, files, media, options.imported_types)
    topics = list(_read_topics(main, header, files, read_file))
    deck_id, missing_ids = _deck_id(main, header, options, report)
    if report.has_errors:
        raise Unusual
    deck = replace(header.deck, id=deck_id)
    chunks: list[Chunk] = []
    keys = UnitKeys(deck, _head(main, cuts), options.memory)
    for topic, context in zip(topics, _topic_contexts(topics, main, header), strict=True):
        source = topic.node.source
        cut = cuts.get(source.path)
        if cut is None:
            places = UnitPlaces(source, 0, len(source.text))
            chunks.append(Chunk(context, places, _card_nodes(topic)))
            continue
        topic_key = keys.of_topic(_head(topic, cuts))
        for start, end in cut.chunks:
            places = UnitPlaces(source, start, end)
            key = keys.of_chunk(topic_key, places) if header.id_scalar is not None else ""
            chunks.append(Chunk(context, places, key=key))
    cards = CardsReader(
        *(chunks, deck, media, options.memory, report),
        keep_notes=options.keep_notes,
        run_in_processes=options.run_in_processes,
    )
    cards.read(options.taken, options.lost_ids)
    cards.number_labels(options.number_labels)
    rendered = cards.rendered_notes()
    suppressions = (*read_suppressions(main, topics), *cards.suppressions)
    if not rendered.notes or report.has_errors:
        raise Unusual
    missing_ids += (card_id_insertion(card.values.node, card_id) for card, card_id in cards.missing_ids)
    deck = replace(deck, notes=cards.notes(rendered), suppressions=suppressions)
    return ParsedDeck(deck, tuple(missing_ids), media.sizes, rendered)


def _head(file: MappingReader, cuts: abc.Mapping[str, CutFile]) -> str:
    """Return the text of a file without its cards."""
    source = file.node.source
    return source.text[: cuts[source.path].head] if source.path in cuts else source.text


def _deck_id(
    main: MappingReader, header: DeckHeader, options: ReadingOptions, report: Report
) -> tuple[str, list[IdInsertion]]:
    """Return the id of a deck; with its insertion into the source, if it is not there."""
    if header.id_scalar is not None:
        return read_id(header.id_scalar, report) or "", []
    if not header.deck.name:
        return "", []
    new_id = "-".join(part for part in (IdProposer(()).propose(header.deck.name), options.salt) if part)
    deck_id = options.locked_id if is_plain_id(options.locked_id) else new_id
    return deck_id, [deck_id_insertion(main.node, deck_id)]


def _card_nodes(topic: MappingReader) -> abc.Sequence[Node]:
    """Return the nodes of a topic's cards."""
    node = topic.get("cards")
    if topic.report.has_errors and isinstance(node, Scalar) and not node.value:
        return ()  # the mistakes in the cards were reported, and nothing else of them is left
    cards = topic.sequence("cards", "write `- ` before each card; its name can be its `id`")
    return () if cards is None else cards.items


def _read_file(path: str, files: DeckFiles, report: Report) -> MappingReader | None:
    help_if_empty = "begin with `deck:` and `cards:`"
    if path != files.main_path:
        help_if_empty = "begin with `topic:` and `cards:`, or delete it"
    help_ = f"write `cards:` above the list{', and `deck:` above that' * (path == files.main_path)}"
    return read_mapping_file(
        path, files.sources[path], "a file", report, help_if_empty=help_if_empty, help_=help_
    )


def _read_topics(
    main: MappingReader,
    header: DeckHeader,
    files: DeckFiles,
    read_file: abc.Callable[[str], MappingReader | None],
) -> Iterator[MappingReader]:
    """Yield the mappings that hold cards, in study order."""
    if "cards" in main:
        yield main
    else:
        _report_keys_without_cards(main)
    for path in _topic_paths(header.listed_files, files, main.report):
        topic = read_file(path)
        if topic is not None:
            topic = topic.renamed("a topic file")
            topic.allow_only(TOPIC_KEYS)
            if topic.require("cards"):
                yield topic


def _report_keys_without_cards(main: MappingReader) -> None:
    """Report keys that would do nothing, since they are for the cards of a file that has none."""
    if "subdeck" in main:
        message, span = "`subdeck` here is for cards in the same file", main.key_span("subdeck")
        help_ = "write it into the files of the topics; or write `deck: Upper::Lower` for all cards"
        main.report.add(Diagnostic("subdeck-without-cards", message, span, help=help_))
    if "topic" in main:
        message = "`topic` here is for cards in the same file, and does nothing"
        span = main.key_span("topic")
        help_ = "write it into the files that have cards"
        main.report.add(Diagnostic("key-without-cards", message, span, Severity.WARNING, help=help_))


def _topic_contexts(
    topics: list[MappingReader], main: MappingReader, header: DeckHeader
) -> Iterator[TopicContext]:
    """Yield what the cards of each topic have in common, which is partly that of all cards of the deck."""
    any_tag = any(map(is_imported, header.note_types.values()))
    deck_tags, deck_citations = read_tags(main, any_tag=any_tag), read_citations(main, header.references)
    deck_printed = header.deck.print_settings.printed
    for topic in topics:
        is_main = topic is main
        yield TopicContext(
            topic=topic.line("topic"),
            deck_name=read_subdeck(topic, header.deck.name),
            tags=deck_tags if is_main else read_more_tags(topic, deck_tags, any_tag=any_tag),
            citations=(() if is_main else read_citations(topic, header.references)) or deck_citations,
            references=header.references,
            note_types=header.note_types,
            printed=deck_printed if is_main else _read_printed(topic, deck_printed),
            card_types=_card_types(topic, main, header),
        )


def _card_types(
    topic: MappingReader, main: MappingReader, header: DeckHeader
) -> "abc.Mapping[str, CustomNoteType | None]":
    """Return the note types that a topic and its deck name for their cards, by the key that says a kind."""
    with_types = [reader for reader in dict.fromkeys((main, topic)) if "note_type" in reader]
    if not with_types:
        return {}
    from cardwright.reader.card_types import read_card_types  # noqa: PLC0415  few decks name any

    types = [read_card_types(reader, header.note_types) for reader in with_types]
    return {**types[0], **types[-1]}


def _read_printed(topic: MappingReader, default: bool) -> bool:
    if not isinstance(topic.get("print"), Mapping):
        return topic.flag("print", default=default)
    message = "a topic has no settings for printing, only `print: false`"
    help_ = "move them to the file with `deck:`, where they are for all of its cards"
    topic.report.add(Diagnostic("settings-in-topic", message, topic.key_span("print"), help=help_))
    return default


def _topic_paths(listed: list[Scalar] | None, files: DeckFiles, report: Report) -> list[str]:
    """Return the paths of the deck's other files, in the order of `files:` or else of their names.

    listed: the value of `files:`; None if the key is missing.
    """
    all_paths = sorted(set(files.sources) - {files.main_path})
    if listed is None:
        return all_paths
    names = {path: posixpath.relpath(path, files.folder) for path in all_paths}
    paths_by_normal_path = {normal_path(path): path for path in all_paths}
    paths: list[str] = []
    misspelt: set[str] = set()
    for scalar in listed:
        path = posixpath.normpath(posixpath.join(files.folder, scalar.value))
        path = path if path in all_paths else paths_by_normal_path.get(normal_path(path), "")
        if not path:
            message = f"the deck's folder has no file `{truncate(scalar.value)}`"
            help_ = did_you_mean(scalar.value, names.values()) if names else ""
            misspelt.add(closest_match(scalar.value, names.values()))
            report.add(Diagnostic("file-not-found", message, scalar.span, help=help_))
        elif path in paths:
            message = f"the file `{truncate(scalar.value)}` is listed twice"
            report.add(Diagnostic("file-listed-twice", message, scalar.span))
        else:
            paths.append(path)
    for path, name in names.items():
        if listed and path not in paths and name not in misspelt:
            message, note = f"the cards of `{truncate(name)}` are left out", "the list of files ends here"
            help_ = f"add `{name}` to `files:`, or move the file elsewhere"
            span = listed[-1].span
            report.add(Diagnostic("file-not-listed", message, span, Severity.WARNING, note, help=help_))
    return paths
