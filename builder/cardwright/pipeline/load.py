"""Loads decks with their locks, and inserts the ids that their sources lack."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from cardwright import reader
from cardwright.check import DECK_RULES, IMPACT_WARNINGS
from cardwright.collection.deck import Deck
from cardwright.collection.suppression import filter_suppressed
from cardwright.diagnostics import Diagnostic, Report, Severity, Source, Span
from cardwright.diagnostics.phrases import count_noun, truncate
from cardwright.formats.anki.render import RenderedNotes
from cardwright.formats.outputs import Environment
from cardwright.identity.lock import Lock, MediaEntry
from cardwright.identity.lock_text import lock_is_not_text, read_lock
from cardwright.reader import ReadingOptions
from cardwright.reader.chunked_cards import UnitMemory
from cardwright.record import Record, replace
from cardwright.source import id_insertion, media_formats
from cardwright.source.cache import NullCache
from cardwright.source.files import DeckFiles, MediaLibrary, normal_path
from cardwright.source.id_insertion import IdInsertion
from cardwright.source.media_reader import ImportedName
from cardwright.source.text import decode_source

if TYPE_CHECKING:
    from cardwright.collection.custom_note_type import ImportedType

HEAVY_DECK = 100_000_000
"""In bytes, of all media of a deck; our own judgement, as for HEAVY_FILE in source/media_reader.py."""


class LoadedDeck(Record, frozen=True):
    """A deck as it was read.

    lock: as the last build left it; None when there is none yet.
    missing_ids: the ids that its sources lack. The notes have them already.
    media_sizes: size in bytes of each file that its cards use, by path relative to the deck's folder.
    used_suppressions: spans of the `allow:` entries that suppressed a diagnostic.
    rendered: as in `ParsedDeck`.
    """

    files: DeckFiles
    deck: Deck
    lock: Lock | None
    missing_ids: tuple[IdInsertion, ...]
    media_sizes: Mapping[str, int]
    used_suppressions: frozenset[Span]
    rendered: RenderedNotes | None = None


def load_decks(
    decks: Iterable[DeckFiles],
    environment: Environment,
    report: Report,
    *,
    salt: str = "",
    renders: bool = True,
    keep_notes: bool = True,
) -> list[LoadedDeck]:
    """Read decks and check them by the rules. A deck is left out if too little of it can be read.

    salt, renders, keep_notes: as in `ReadingOptions`.
    """
    options = ReadingOptions(
        salt=salt,
        memory=unit_memory(environment),
        renders=renders,
        keep_notes=keep_notes,
        run_in_processes=environment.run_in_processes,
    )
    loaded_decks = [
        loaded for files in decks if (loaded := load_deck(files, environment, report, options)) is not None
    ]
    for rule in DECK_RULES:
        report.extend(rule([loaded.deck for loaded in loaded_decks]))
    report.extend(_heavy_decks(loaded_decks))
    if not report.has_errors:
        report.extend(_unused_media(loaded_decks, environment))
    return loaded_decks


def unit_memory(environment: Environment) -> UnitMemory | None:
    """Return what is known of earlier builds; None without a cache."""
    cache = environment.cache()
    return None if isinstance(cache, NullCache) else UnitMemory(cache, environment.program_digest())


def load_deck(
    files: DeckFiles, library: MediaLibrary, report: Report, options: ReadingOptions
) -> LoadedDeck | None:
    """Read a deck, and check it by itself. Return None if too little of it can be read."""
    lock = None if files.lock is None else read_lock_file(files.lock_path, files.lock, report)
    loaded, deck_report = _load_deck(files, library, lock, options)
    if loaded is not None and not deck_report.has_errors and (lost := _find_lost_ids(loaded)):
        loaded, deck_report = _load_deck(files, library, lock, replace(options, lost_ids=lost))
        if loaded is not None:
            deck_report.add(_ids_found_again(loaded, lost.values()))
    report.extend(deck_report)
    return loaded


def _find_lost_ids(loaded: LoadedDeck) -> dict[str, str]:
    """Return what `ReadingOptions.lost_ids` needs."""
    new_ids = {missing.new_id for missing in loaded.missing_ids if missing.owner == "card"}
    if loaded.lock is None or not new_ids or loaded.lock.deck_id != loaded.deck.id:
        return {}
    from cardwright.formats.anki.lost_ids import find_lost_ids  # noqa: PLC0415  few builds have new cards

    return find_lost_ids(loaded.deck, loaded.lock, new_ids, loaded.rendered)


def _ids_found_again(loaded: LoadedDeck, lost: Iterable[str]) -> Diagnostic:
    ids = set(lost)
    found = [missing for missing in loaded.missing_ids if missing.new_id in ids]
    message = f"{len(found)} cards have lost the ids that the last build wrote"
    note = "they are as before, so they get these ids again"
    if len(found) == 1:
        message = f"this card has lost its id `{truncate(found[0].new_id, 34)}`"
        note = "it is as before, so it gets this id again"
    help_ = "after a build, load the file again in your editor before you go on"
    return Diagnostic("ids-found-again", message, found[0].owner_span, Severity.NOTE, note, help=help_)


def _load_deck(
    files: DeckFiles, library: MediaLibrary, lock: Lock | None, options: ReadingOptions
) -> tuple[LoadedDeck | None, Report]:
    """Read a deck as `load_deck` does, and return what there is to report."""
    taken = {key.split("/", 1)[0] for key in lock.notes} if lock is not None else frozenset[str]()
    deck_report = Report()

    def number(deck: Deck, keys: AbstractSet[str]) -> Deck:
        from cardwright.identity.label_numbers import number_labels  # noqa: PLC0415  few decks have diagrams

        return number_labels(deck, lock, deck_report, keys)

    options = replace(
        options,
        taken=taken,
        locked_id="" if lock is None else lock.deck_id,
        number_labels=number,
        imported_types=None if lock is None else imported_types(lock),
        imported_media=names_of_media(() if lock is None else lock.media.values()),
    )
    parsed_deck = reader.read_deck(files, library, deck_report, options)
    if parsed_deck is None:
        return None, deck_report
    for impact_warning in IMPACT_WARNINGS:
        deck_report.extend(impact_warning(parsed_deck.deck))
    diagnostics, used_suppressions = filter_suppressed(deck_report, parsed_deck.deck.suppressions)
    remaining_report = Report()
    remaining_report.extend(diagnostics)
    loaded = LoadedDeck(
        *(files, parsed_deck.deck, lock, parsed_deck.missing_ids, parsed_deck.media_sizes),
        *(used_suppressions, parsed_deck.rendered),
    )
    return loaded, remaining_report


def imported_types(lock: Lock | None) -> "dict[str, ImportedType]":
    """Return what a lock has of imported note types, by name."""
    entries = () if lock is None else [entry for entry in lock.types.values() if entry.imported]
    if not entries:
        return {}
    from cardwright.collection.custom_note_type import ImportedType  # noqa: PLC0415  few decks are imported

    return {entry.type: ImportedType(entry.id, entry.imported) for entry in entries}


def names_of_media(entries: Iterable[MediaEntry]) -> dict[str, ImportedName]:
    """Return the names that a lock has of imported media files, by path."""
    return {entry.media: ImportedName(entry.name, entry.sha256) for entry in entries}


def read_lock_file(path: str, data: bytes, report: Report) -> Lock | None:
    """Parse the content of a lock file. Return None after an error."""
    decoding_report = Report()
    source = decode_source(path, data, decoding_report)
    if source is None:
        report.add(lock_is_not_text(next(iter(decoding_report))))
        return None
    return read_lock(source, report)


def _heavy_decks(loaded_decks: Iterable[LoadedDeck]) -> Iterator[Diagnostic]:
    """Warn of decks whose media are a lot for a phone."""
    for loaded in loaded_decks:
        size = sum(loaded.media_sizes.values())
        if size > HEAVY_DECK:
            message = f"the pictures and sounds of this deck take {size / 1e6:.0f} MB"
            help_ = "make them smaller, or split the deck in two: every learner's phone keeps them all"
            yield Diagnostic("heavy-deck", message, loaded.deck.span, Severity.WARNING, help=help_)


def _unused_media(loaded_decks: Sequence[LoadedDeck], library: MediaLibrary) -> Iterator[Diagnostic]:
    """Warn of pictures and sounds in the folders of media that no card names.

    Decks that aren't complete are left out, since a card that was not read uses media too; and decks that
    share their folder are judged only when all of them are there.
    """
    complete_decks = [loaded for loaded in loaded_decks if loaded.deck.is_complete]
    mains = {loaded.files.main_path for loaded in complete_decks}
    used_paths: dict[str, set[str]] = {}
    for loaded in complete_decks:
        if mains.issuperset(loaded.files.neighbours):
            used_paths.setdefault(loaded.files.folder, set()).update(loaded.media_sizes)
    for folder, used in used_paths.items():
        for path, problem in library.media_files(folder).items():
            span = Span(Source(f"{folder}/{path}", ""), 0, 0)
            name = truncate(posixpath.basename(path), 24)
            if problem:
                message = f"cannot read `{name}`: {problem}"
                help_ = "remove it from the folder of media, if no card needs it"
                yield Diagnostic("unreadable-media", message, span, Severity.WARNING, help=help_)
            elif (
                media_formats.file_extension(path) in media_formats.EXTENSIONS
                and normal_path(path) not in used
            ):
                markdown_path = f"<{path}>" if " " in path else path
                message = f"no card uses `{truncate(posixpath.basename(path), 48)}`"
                help_ = f"show it on a card, `![in words]({markdown_path})`, or remove it from the folder"
                yield Diagnostic("unused-media", message, span, Severity.WARNING, help=help_)


def missing_id_diagnostics(loaded_decks: Iterable[LoadedDeck], severity: Severity) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each file that lacks ids.

    It does not say which ids they will be: that of a new deck has a part that each build makes up anew.
    """
    for insertions in (
        insertions for loaded in loaded_decks for insertions in _by_source(loaded.missing_ids).values()
    ):
        cards = sum(insertion.owner == "card" for insertion in insertions)
        owners = ["this deck"] if cards < len(insertions) else []
        if cards:
            owners.append("this card" if cards == len(insertions) == 1 else count_noun(cards, "card"))
        verb, pronoun = ("has", "it") if len(insertions) == 1 else ("have", "them")
        message = f"{' and '.join(owners)} {verb} no id yet"
        help_ = f"`cardwright build` writes {pronoun} in"
        yield Diagnostic("missing-id", message, insertions[0].owner_span, severity, help=help_)


def insert_missing_ids(loaded_decks: Iterable[LoadedDeck]) -> Iterator[tuple[str, bytes]]:
    """Yield path and new content of each source that lacks ids, with the ids written into it."""
    for loaded in loaded_decks:
        for source, insertions in _by_source(loaded.missing_ids).items():
            data = loaded.files.sources[source.path]
            yield source.path, id_insertion.insert_ids(source, data, insertions)


def move_spans(report: Report, loaded_decks: Iterable[LoadedDeck]) -> Report:
    """Return the report with its spans moved to where the texts stand once the missing ids are inserted."""
    moves: dict[Source, id_insertion.SpanShifter] = {
        source: id_insertion.SpanShifter(source, insertions)
        for loaded in loaded_decks
        for source, insertions in _by_source(loaded.missing_ids).items()
    }

    def moved(span: Span) -> Span:
        move = moves.get(span.source)
        return span if move is None else move(span)

    moved_report = Report()
    moved_report.extend(
        replace(
            diagnostic,
            span=None if diagnostic.span is None else moved(diagnostic.span),
            related=tuple(replace(related, span=moved(related.span)) for related in diagnostic.related),
        )
        for diagnostic in report
    )
    return moved_report


def _by_source(insertions: Iterable[IdInsertion]) -> dict[Source, list[IdInsertion]]:
    insertions_by_source: dict[Source, list[IdInsertion]] = {}
    for insertion in insertions:
        insertions_by_source.setdefault(insertion.source, []).append(insertion)
    return insertions_by_source
