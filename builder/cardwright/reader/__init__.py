"""From the files of a deck to the deck: bytes to nodes to notes."""

import posixpath
from collections.abc import Iterator
from collections.abc import Mapping as Known
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cardwright.collection.deck import Deck
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.phrases import closest_match, did_you_mean, truncate
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.span import Source, Span
from cardwright.reader import card_ids, cards, deck_header
from cardwright.reader.suppressions import read_suppressions
from cardwright.source import decode, id_insertion, ids, yaml_tree
from cardwright.source.files import DeckFiles, MediaLibrary
from cardwright.source.id_insertion import IdInsertion
from cardwright.source.markup import Markup
from cardwright.source.media_reader import Pictures
from cardwright.source.nodes import Mapping, Scalar
from cardwright.source.text import decode_source as decode_bytes


@dataclass(frozen=True, slots=True)
class ParsedDeck:
    """A deck read from its files.

    missing_ids: ids that the author's files lack; the deck uses them already.
    media_sizes: in bytes, of the media files that its texts name, by path relative to its folder.
    """

    deck: Deck
    missing_ids: tuple[IdInsertion, ...]
    media_sizes: Known[str, int]


def read_deck(
    files: DeckFiles,
    library: MediaLibrary,
    report: Report,
    *,
    taken: AbstractSet[str] = frozenset(),
    locked_id: str = "",
    salt: str = "",
) -> ParsedDeck | None:
    """Read one deck whole, reporting everything that is wrong with it.

    taken: ids of cards, those of the past included, that no new card may get.
    locked_id: what the deck was called when it was built before; it gets that id
        again if its own is gone.
    salt: some random letters and digits that make the id of a new deck its own.

    Returns None when so little can be read that there is no deck.
    """
    main = _parse(files.main_path, files, report)
    if main is None:
        return None
    head = deck_header.read_deck_header(main, report, single=files.is_single_file)
    topics = [topic for _, topic in _topics(main, head, files, report)]
    found = [
        card for topic in topics for card in cards.read_cards(topic, head.references, head.note_types, report)
    ]
    suppressions = read_suppressions(main, topics, [card.node for card in found], report)
    if not found and not report.has_errors:
        report.add(Diagnostic(code="no-cards", message="the deck has no cards", span=head.span))

    insertions = []
    deck_id = "" if head.id is None else ids.read_id(head.id, report) or ""
    if head.id is None and head.name:
        deck_id = "-".join(part for part in (ids.propose_id(head.name, frozenset()), salt) if part)
        if ids.is_plain_id(locked_id):
            deck_id = locked_id
        insertions.append(id_insertion.deck_id_insertion(main, deck_id))
    identified = card_ids.assign_card_ids(found, taken, report)
    insertions += [
        id_insertion.card_id_insertion(card.node, key) for card, key in identified if card.id is None
    ]

    pictures = Pictures(files.folder, library, report)
    markup = Markup(pictures, pictures.sound, report)
    notes = tuple(note for card, key in identified for note in cards.read_notes(card, key, markup, report))
    deck = Deck(
        name=head.name,
        id=deck_id,
        span=head.span if head.id is None else head.id.span,
        folder=files.name,
        notes=notes,
        description=head.description,
        language=head.language,
        license=head.license,
        authors=head.authors,
        references=tuple(head.references.values()),
        settings=head.settings,
        preset=head.preset,
        note_types=tuple(own for own in head.note_types.values() if own is not None),
        suppressions=suppressions,
        is_complete=not report.has_errors,
    )
    return ParsedDeck(deck, tuple(insertions), pictures.sizes)


def _parse(path: str, files: DeckFiles, report: Report) -> Mapping | None:
    """The mapping that a YAML file holds."""
    source = decode_bytes(path, files.sources[path], report)
    if source is None:
        return None
    mistakes = len(report)
    node = yaml_tree.parse_yaml(source, report)
    if node is None:
        if len(report) == mistakes:
            report.add(_empty(source, main=path == files.main_path))
        return None
    return decode.mapping(node, "a file", report)


def _empty(source: Source, *, main: bool) -> Diagnostic:
    advice = "begin with `deck:` and `cards:`" if main else "begin with `topic:` and `cards:`, or delete it"
    return Diagnostic(code="empty-file", message="the file is empty", span=Span(source, 0, 0), help=advice)


def _topics(
    main: Mapping, head: deck_header.DeckHeader, files: DeckFiles, report: Report
) -> Iterator[tuple[str, Mapping]]:
    """The mappings that hold cards, in study order."""
    if "cards" in main.entries:
        yield files.main_path, main
    listed = _listed(head.files, files, report)
    for path in listed:
        topic = _parse(path, files, report)
        if topic is not None:
            decode.only(topic, cards.TOPIC_KEYS, "a topic file", report)
            if decode.required(topic, "cards", "a topic file", report) is not None:
                yield path, topic


def _listed(written: list[Scalar] | None, files: DeckFiles, report: Report) -> list[str]:
    """The deck's other files, in the order of `files:` or else of their names."""
    others = sorted(set(files.sources) - {files.main_path})
    if written is None:
        return others
    listed: list[str] = []
    meant: set[str] = set()
    for entry in written:
        path = posixpath.normpath(posixpath.join(files.folder, entry.value))
        if path not in others:
            names = [posixpath.relpath(other, files.folder) for other in others]
            message = f"the deck's folder has no file `{truncate(entry.value)}`"
            advice = did_you_mean(entry.value, names) if names else ""
            meant.add(closest_match(entry.value, names))
            report.add(Diagnostic(code="file-not-found", message=message, span=entry.span, help=advice))
        elif path in listed:
            message = f"the file `{truncate(entry.value)}` is listed twice"
            report.add(Diagnostic(code="file-listed-twice", message=message, span=entry.span))
        else:
            listed.append(path)
    for path in others:
        name = posixpath.relpath(path, files.folder)
        if path not in listed and name not in meant and written:
            report.add(
                Diagnostic(
                    code="file-not-listed",
                    message=f"the cards of `{truncate(name)}` are left out",
                    span=written[-1].span,
                    severity=Severity.WARNING,
                    note="the list of files ends here",
                    help=f"add `{name}` to `files:`, or move the file elsewhere",
                )
            )
    return listed
