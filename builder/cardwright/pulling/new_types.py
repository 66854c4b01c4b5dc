"""Bring note types along that notes were added with in Anki, and that a deck doesn't have yet."""

import dataclasses
from collections.abc import Mapping, Sequence
from hashlib import sha256

from cardwright.collection.deck import Deck
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Report, Severity
from cardwright.formats.anki.render import render_deck
from cardwright.identity.lock import Lock, MediaEntry
from cardwright.identity.lock_text import encode_lock
from cardwright.importing.collection import AnkiCollection, AnkiNote, AnkiType
from cardwright.importing.deck_folder import type_entry
from cardwright.importing.findings import Findings
from cardwright.importing.source_types import SourceType, source_types
from cardwright.importing.type_safety import TypeSafety
from cardwright.pipeline.load import load_deck
from cardwright.pulling.pulled_media import LibraryWithMedia, read_media
from cardwright.reader import ReadingOptions
from cardwright.record import Record, replace
from cardwright.source import nodes
from cardwright.source.files import DeckFiles
from cardwright.source.media_reader import TRAVELLING
from cardwright.source.text import decode_source
from cardwright.source.yaml_additions import add_entry
from cardwright.source.yaml_tree import parse_yaml
from cardwright.source.yaml_writing import edit_file


class DeckWithTypes(Record, frozen=True):
    """A deck with the note types of an export that it lacked.

    files: with the note types in its main file and in its lock.
    added: their names in the sources, by Anki's ids.
    left_out: what they had and no card may have, in words, by these names.
    refused: why notes of others can't be cards, by Anki's ids.
    """

    files: DeckFiles
    deck: Deck
    lock: Lock
    added: Mapping[int, NoteType] = {}
    left_out: Mapping[str, Sequence[str]] = {}
    refused: Mapping[int, str] = {}


def add_types(
    deck: DeckWithTypes,
    notes: Sequence[AnkiNote],
    collection: AnkiCollection,
    library: LibraryWithMedia,
    refused: Mapping[int, str],
) -> DeckWithTypes:
    """Return a deck with the note types of some notes, which it lacks.

    library: takes the files that the types name.
    refused: why notes of some types can't be cards, by Anki's ids.
    """
    deck = replace(deck, refused=refused)
    safety = TypeSafety(collection.types, collection.media, keeps_scripts=False)
    for note in notes:
        safety.see_note(note)
    for id_ in sorted({note.type_id for note in notes}.difference(refused)):
        findings = Findings()
        safe = safety.safe_types([id_], findings)[id_]
        (type_,) = source_types([safe], [type_.type for type_ in deck.deck.note_types]).values()
        added = _with_type(deck, type_, _media_of_type(safe, deck.lock, collection, library), library)
        if isinstance(added, str):
            reason = f"the deck can't have its note type `{safe.name}`: {added}"
            deck = replace(deck, refused={**deck.refused, id_: reason})
        else:
            left_out = [name for finding in findings.findings for name in finding.names]
            deck = replace(added, left_out={**deck.left_out, type_.name: left_out})
    return deck


def _with_type(
    deck: DeckWithTypes, type_: SourceType, media: Mapping[str, MediaEntry], library: LibraryWithMedia
) -> DeckWithTypes | str:
    """Return a deck with one more note type, or why it can't have it. media: those that the type names."""
    main = _with_declaration(deck.files, type_)
    if main is None:
        return "there is no place for it in deck.yaml"
    name = NoteType(type_.name)
    entry = type_entry(type_)
    lock = dataclasses.replace(
        deck.lock, types={**deck.lock.types, name: entry}, media={**deck.lock.media, **media}
    )
    sources = {**deck.files.sources, deck.files.main_path: main}
    files = replace(deck.files, sources=sources, lock=encode_lock(lock))
    report = Report()
    loaded = load_deck(files, library, report, ReadingOptions(renders=False))
    if loaded is None or report.has_errors:
        return next(one.message for one in report if one.severity is Severity.ERROR)
    states = render_deck(loaded.deck, lock.types).type_states
    (state,) = (state for state in states if state.type == name)
    entry = entry.replace(schema=state.schema, digest=state.digest)
    lock = dataclasses.replace(lock, types={**lock.types, name: entry})
    added = {**deck.added, type_.anki.id: name}
    return replace(
        deck, files=replace(files, lock=encode_lock(lock)), deck=loaded.deck, lock=lock, added=added
    )


def _with_declaration(files: DeckFiles, type_: SourceType) -> bytes | None:
    """Return the main file of a deck with a note type in it; None if there is no place for it."""
    data = files.sources[files.main_path]
    source = decode_source(files.main_path, data, Report())
    root = None if source is None else parse_yaml(source, Report())
    if source is None or not isinstance(root, nodes.Mapping):
        return None
    types = root.get("note_types")
    if types is None:
        edit = add_entry(source, root, "note_types", {type_.name: type_.declaration}, before="cards")
    elif isinstance(types, nodes.Mapping):
        edit = add_entry(source, types, type_.name, type_.declaration)
    else:
        return None
    return None if edit is None else edit_file(data, source.text, [edit])


def _media_of_type(
    type_: AnkiType, lock: Lock, collection: AnkiCollection, library: LibraryWithMedia
) -> dict[str, MediaEntry]:
    """Return the entries of the files that the style or the templates of a note type name, by path.

    Only those count whose names say that Anki takes them along with a type.
    """
    sides = (side for template in type_.templates for side in (template.front, template.back))
    look = "\n".join((type_.css, *sides))
    known = {entry.name for entry in lock.media.values()}
    entries = {}
    for name, media in collection.media.items():
        is_wanted = name.startswith(TRAVELLING) and name in look and name not in known
        if is_wanted and (data := read_media(media)) is not None:
            path = library.add(media.file_name, data)
            entries[path] = MediaEntry(path, name, sha256(data).hexdigest())
    return entries
