"""Read the files of a deck: from bytes to YAML nodes to notes."""

import posixpath
from collections import abc
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from cardwright.collection.deck import Deck
from cardwright.collection.suppression import HISTORY_WARNINGS, Suppression
from cardwright.diagnostics import Diagnostic, Report, Severity, Span
from cardwright.diagnostics.phrases import closest_match, did_you_mean, truncate
from cardwright.kinds.card_reader import TopicContext
from cardwright.reader.cards import TOPIC_KEYS, assign_card_ids, read_cards, read_notes, read_tags
from cardwright.reader.deck_header import DeckHeader, read_deck_header
from cardwright.reader.deck_names import group_by_subdeck, read_subdeck
from cardwright.reader.references import read_citations
from cardwright.source.ambiguities import AMBIGUITY_WARNINGS
from cardwright.source.files import DeckFiles, MediaLibrary, normal_path
from cardwright.source.id_insertion import IdInsertion, card_id_insertion, deck_id_insertion
from cardwright.source.ids import is_plain_id, propose_id, read_id
from cardwright.source.mapping_reader import MappingReader, read_mapping_file
from cardwright.source.markup import MarkupReader
from cardwright.source.media_reader import MediaReader
from cardwright.source.nodes import Mapping, Scalar


@dataclass(frozen=True, slots=True)
class ParsedDeck:
    """A deck read from its files.

    missing_ids: ids that the author's files lack; the deck uses them already.
    media_sizes: in bytes, of the media files that its texts name, by path relative to its folder.
    """

    deck: Deck
    missing_ids: tuple[IdInsertion, ...]
    media_sizes: abc.Mapping[str, int]


def read_deck(
    files: DeckFiles,
    library: MediaLibrary,
    report: Report,
    *,
    taken: AbstractSet[str] = frozenset(),
    locked_id: str = "",
    salt: str = "",
) -> ParsedDeck | None:
    """Read a whole deck and report everything that is wrong with it.

    taken: ids of cards, also of former ones, that no new card may get.
    locked_id: the deck's id in the last build; it gets this id again if its own is missing.
    salt: some random letters and digits that make the id of a new deck unique.

    Returns None if so little can be read that there is no deck.
    """
    main = _read_file(files.main_path, files, report)
    if main is None:
        return None
    media = MediaReader(files.folder, library, report)
    header = read_deck_header(main, files, media)
    topics = list(_read_topics(main, header, files))
    cards = [card for topic in topics for card in read_cards(topic, _topic_context(topic, main, header))]
    suppressions = _read_suppressions(main, topics, [card.values for card in cards])
    if not cards and not report.has_errors:
        report.add(Diagnostic("no-cards", "the deck has no cards", main.key_span("deck")))

    missing_ids = []
    deck_id = "" if header.id_scalar is None else read_id(header.id_scalar, report) or ""
    if header.id_scalar is None and header.deck.name:
        new_id = "-".join(part for part in (propose_id(header.deck.name, frozenset()), salt) if part)
        deck_id = locked_id if is_plain_id(locked_id) else new_id
        missing_ids.append(deck_id_insertion(main.node, deck_id))
    cards_with_ids = assign_card_ids(cards, taken, report)
    for card, card_id in cards_with_ids:
        if card.id_scalar is None:
            missing_ids.append(card_id_insertion(card.values.node, card_id))

    markup = MarkupReader(media.picture, media.sound, report)
    notes = tuple(note for card, card_id in cards_with_ids for note in read_notes(card, card_id, markup))
    notes = group_by_subdeck(notes)
    is_complete = not report.has_errors
    deck = replace(header.deck, id=deck_id, notes=notes, suppressions=suppressions, is_complete=is_complete)
    return ParsedDeck(deck, tuple(missing_ids), media.sizes)


def _read_file(path: str, files: DeckFiles, report: Report) -> MappingReader | None:
    help_if_empty = "begin with `deck:` and `cards:`"
    if path != files.main_path:
        help_if_empty = "begin with `topic:` and `cards:`, or delete it"
    return read_mapping_file(path, files.sources[path], "a file", report, help_if_empty=help_if_empty)


def _read_topics(main: MappingReader, header: DeckHeader, files: DeckFiles) -> Iterator[MappingReader]:
    """Yield the mappings that hold cards, in study order."""
    if "cards" in main:
        yield main
    elif "subdeck" in main:
        message, span = "`subdeck` here is for cards in the same file", main.key_span("subdeck")
        help_ = "write it into the files of the topics; or write `deck: Upper::Lower` for all cards"
        main.report.add(Diagnostic("subdeck-without-cards", message, span, help=help_))
    for path in _topic_paths(header.listed_files, files, main.report):
        topic = _read_file(path, files, main.report)
        if topic is not None:
            topic = topic.renamed("a topic file")
            topic.allow_only(TOPIC_KEYS)
            if topic.require("cards"):
                yield topic


def _topic_context(topic: MappingReader, main: MappingReader, header: DeckHeader) -> TopicContext:
    deck_printed = header.deck.print_settings.printed
    return TopicContext(
        topic=topic.line("topic"),
        deck_name=read_subdeck(topic, header.deck.name),
        tags=read_tags(topic),
        citations=read_citations(topic, header.references),
        references=header.references,
        note_types=header.note_types,
        printed=deck_printed if topic is main else _read_printed(topic, deck_printed),
    )


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


def _read_suppressions(
    main: MappingReader, topics: Iterable[MappingReader], cards: Iterable[MappingReader]
) -> tuple[Suppression, ...]:
    """Return all suppressions of a deck: of the deck itself, its topics and its cards."""
    suppressions = list(_read_allow(main, None))
    for topic in topics:
        if topic.node is not main.node:
            source = topic.node.source
            suppressions += _read_allow(topic, Span(source, 0, len(source.text)))
    for card in cards:
        suppressions += _read_allow(card, card.node.span)
    return tuple(suppressions)


def _read_allow(reader: MappingReader, within: Span | None) -> Iterator[Suppression]:
    if "allow" not in reader:
        return
    from cardwright.check.lints import IMPACT_CODES, LINT_CODES  # noqa: PLC0415  a deck without `allow` imports no lints

    codes = (*LINT_CODES, *IMPACT_CODES, *AMBIGUITY_WARNINGS, *HISTORY_WARNINGS)
    for scalar in reader.scalars("allow"):
        if scalar.value in codes:
            yield Suppression(scalar.value, scalar.span, within)
            continue
        message = f"`{truncate(scalar.value)}` cannot be allowed" if scalar.value else "`allow` names no rule"
        help_ = did_you_mean(
            scalar.value, codes, otherwise="`cardwright check --explain` lists what there is"
        )
        reader.report.add(Diagnostic("unknown-advice", message, scalar.span, help=help_))
