"""Make a lost lock anew from the packages of the last build, which hold all that the lock says."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

from cardwright.collection import notetype
from cardwright.collection.custom_note_type import ImportedType
from cardwright.collection.deck import Deck
from cardwright.collection.notetype import BUILT_IN_TYPES, NoteType
from cardwright.diagnostics import Report
from cardwright.formats.anki import custom_note_types
from cardwright.formats.anki.imported_types import read_imported_type
from cardwright.formats.anki.note_types import AnkiNoteType, split_name
from cardwright.formats.anki.released import ReleasedNote, ReleasedPackage
from cardwright.formats.anki.render import FIELD_SEPARATOR, hidden_text_digest, note_digest, render_deck
from cardwright.formats.anki.retired import RETIRED_TAG
from cardwright.identity.label_numbers import number_labels
from cardwright.identity.lock import (
    FIRST_CARD_ONLY,
    ISO_DATE,
    REMOVED_LABEL,
    UNKNOWN_DIGEST,
    DescriptionEntry,
    Lock,
    MediaEntry,
    NoteEntry,
    NoteTypeEntry,
)
from cardwright.source import media_formats
from cardwright.source.files import MediaLibrary, MediaProblem, normal_path
from cardwright.source.media_reader import packaged_name

_CLOZE_BOUNDARY = re.compile(r"(\{\{c[0-9]+::|\}\})")
_FILE = re.compile(r'<img [^>]*?src="([^"]*)"[^>]*>|\[sound:([^\]]*)\]')
_MARKUP = re.compile(r"<[^>]*>|\\[()\[\]]")


def restore_lock(
    deck: Deck, main: ReleasedPackage, retired: ReleasedPackage, media: Mapping[str, MediaEntry]
) -> Lock | None:
    """Return the lock as the build left it that wrote these packages; None if they are another deck's.

    deck: as the sources have it now. Where it still has a note's content, it says what the cards hide.
    main, retired: the deck's own package, and that of its retired notes. media: as in `Lock`.
    """
    types = dict(_type_entries(deck.id, main, retired))
    if not types:
        return None
    notes: dict[str, NoteEntry] = {}
    for package in (main, retired):
        for guid, note in package.notes.items():
            if note.type_id in types:
                entry = _note_entry(guid, note, types[note.type_id].type, package)
                earlier = notes.get(entry.key)
                # A killed build may have written one of the packages alone.
                notes[entry.key] = entry if earlier is None or entry.mod > earlier.mod else earlier
    by_name = {entry.type: entry for entry in types.values()}
    description = DescriptionEntry(deck.description, *main.description) if main.locked_id else None
    lock = Lock(deck.id, by_name, notes, main.deck_name, media=media, description=description)
    return replace(lock, notes={**notes, **dict(_entries_of_sources(deck, lock))})


def catch_up(lock: Lock, restored: Lock) -> Lock:
    """Return a lock with what it lacks, or has of an earlier release, taken from a restored one."""
    own_keys = {entry.guid: key for key, entry in lock.notes.items()}
    older: dict[str, NoteEntry] = {}
    notes = dict(lock.notes)
    for entry in restored.notes.values():
        own = lock.notes.get(own_keys.get(entry.guid, ""))
        if own is not None and own.mod > entry.mod > own.released_mod:
            # What was pulled can't be taken back to the older release.
            notes[own.key] = own.replace(before=None)
        elif own is not None and own.mod <= entry.mod:
            older[entry.guid] = notes.pop(own.key)
    for entry in restored.notes.values():
        if entry.guid in older:
            own = older[entry.guid]
            # Of two branches, each may have given the key to a note of its own.
            key = own.key if entry.key in notes else entry.key
            notes[key] = _later_entry(own, entry).replace(key=key)
    for entry in restored.notes.values():
        if entry.guid not in own_keys:
            notes.setdefault(entry.key, entry)
    types = {**restored.types, **lock.types}
    for name, type_ in restored.types.items():
        if type_.id == types[name].id and type_.mod > types[name].mod:
            types[name] = type_
    # A restored name is that of the bytes that are there now.
    media = {**lock.media, **restored.media}
    return replace(lock, types=types, notes=notes, deck_name=restored.deck_name, media=media)


def _later_entry(own: NoteEntry, restored: NoteEntry) -> NoteEntry:
    """Return the entry of a note that was released with `own` and then, or just so, with `restored`."""
    former_subdecks = {*own.former_subdecks, *restored.former_subdecks} - {restored.subdeck}
    if own.mod == restored.mod:
        if restored.seen_mod > own.seen_mod:
            own = own.replace(printed=restored.printed, printed_mod=restored.printed_mod)
        return own.replace(
            digest=own.digest if own.digest == restored.digest else UNKNOWN_DIGEST,
            due=restored.due,
            subdeck=restored.subdeck,
            former_subdecks=tuple(sorted(former_subdecks)),
            before=own.before if own.released_mod == restored.mod else None,
        )
    cards = restored.cards
    if restored.has_labels:
        # An old package doesn't say which label a number belongs to.
        told = {number: key for number, key in cards.items() if key != _unknown_label(number)}
        cards = {**cards, **own.cards, **told}
    return restored.replace(cards=cards, former_subdecks=tuple(sorted(former_subdecks)))


def imported_types(*packages: ReleasedPackage) -> dict[str, ImportedType]:
    """Return what the lock had of the imported note types of some packages, by their names in deck.yaml."""
    types = {id_: released for package in packages for id_, released in package.types.items()}
    names = _names_of_imported(packages)
    return {name: read_imported_type(types[id_].json) for id_, name in names.items()}


def imported_media(package: bytes, library: MediaLibrary, folder: str) -> dict[str, MediaEntry]:
    """Return the lines that the lock had about media: which files have other names in Anki than ours.

    package: one that `read_package` can read. folder: of the deck.
    """
    with ZipFile(BytesIO(package)) as archive:
        names = json.loads(archive.read("media"))
        name_of = {sha256(archive.read(number)).hexdigest(): name for number, name in names.items()}
    entries: dict[str, MediaEntry] = {}
    for path in library.media_files(folder):
        data = library.read(folder, path)
        if isinstance(data, MediaProblem) or (digest := sha256(data).hexdigest()) not in name_of:
            continue
        ours = packaged_name(path, media_formats.file_extension(path), data)
        if name_of[digest] not in (ours, f"_{ours}"):
            entries[path] = MediaEntry(normal_path(path), name_of[digest], digest)
    return entries


def _names_of_imported(packages: Iterable[ReleasedPackage]) -> dict[int, str]:
    """Return the names that the imported note types of packages have in deck.yaml, by Anki's ids."""
    notes = (note for package in packages for note in package.notes.values())
    return {note.type_id: note.imported_type for note in notes if note.imported_type}


def _type_entries(deck_id: str, *packages: ReleasedPackage) -> Iterator[tuple[int, NoteTypeEntry]]:
    """Yield the entries of the deck's own note types by Anki's id of them. packages: the last one counts."""
    imported_names = _names_of_imported(packages)
    types = {id_: released for package in reversed(packages) for id_, released in package.types.items()}
    for id_, released in types.items():
        name_deck, name = split_name(released.name)
        name = imported_names.get(id_, name)
        if name_deck != deck_id and id_ not in imported_names:
            continue
        note_type = NoteType(name)
        anki_type = AnkiNoteType(
            note_type, id_, released.name, released.fields, released.templates, released.css
        )
        state = anki_type.state
        entry = NoteTypeEntry(note_type, id_, state.schema, state.digest, released.mod)
        if id_ in imported_names:
            names = (tuple(part.name for part in parts) for parts in (released.fields, released.templates))
            fields, templates = names
            imported = read_imported_type(released.json).json
            entry = entry.replace(fields=fields, templates=templates, imported=imported)
        elif note_type not in BUILT_IN_TYPES:
            fields, templates = custom_note_types.authors_names(anki_type)
            entry = entry.replace(fields=fields, templates=templates)
        yield id_, entry


def _note_entry(guid: str, note: ReleasedNote, note_type: NoteType, package: ReleasedPackage) -> NoteEntry:
    """Return the entry of a note of a package."""
    key = note.locked_key or package.key(note)
    values, tags = package.values(note), note.tags
    retired = note.retired
    if not note.imported_type and (date := ISO_DATE.search(values[notetype.RETIRED])):
        retired = date[0]
        values = {**values, notetype.RETIRED: ""}
    if retired:
        # It was added when the note was retired.
        tags = tuple(tag for tag in tags if tag != RETIRED_TAG)
    digest = note_digest(note_type, FIELD_SEPARATOR.join(values.values()), tags)
    return NoteEntry(
        *(key, note_type, guid, note.id, digest, note.mod, note.since, note.due),
        cards=_cards(note, note_type, values, is_cloze=package.types[note.type_id].json.get("type") == 1),
        retired=retired,
        subdeck=note.subdeck,
        former_subdecks=note.former_subdecks,
        monotonic_since=note.monotonic_since,
        printed_mod=note.printed_mod,
        missing=note.missing,
    )


def _cards(
    note: ReleasedNote, note_type: NoteType, values: Mapping[str, str], *, is_cloze: bool
) -> Mapping[int, str]:
    """Return what `NoteState.cards` describes, as far as the fields of a package tell."""
    if note.labels:
        return note.labels
    if note_type == NoteType.DIAGRAM:
        # What an old package doesn't say of a label: its number must go to no other one.
        return {ordinal + 1: _unknown_label(ordinal + 1) for ordinal in note.ordinals}
    numbers = sorted({*note.missing, *(ordinal + 1 for ordinal in note.ordinals)})
    hidden: dict[int, list[str]] = {number: [] for number in numbers}
    for value in values.values() if is_cloze else ():
        for number, text in _hidden_texts(value):
            hidden.setdefault(number, []).append(text)
    if any(hidden.values()):
        return {number: hidden_text_digest(texts) for number, texts in hidden.items()}
    return FIRST_CARD_ONLY if hidden.keys() == {1} else dict.fromkeys(hidden, "")


def _unknown_label(number: int) -> str:
    return f"{REMOVED_LABEL}?{number}"


def _hidden_texts(field: str) -> Iterator[tuple[int, str]]:
    """Yield cloze number and hidden text of each deletion in the HTML of a field, in order."""
    deletions: list[tuple[int, list[str]]] = []
    open_deletions: list[tuple[int, list[str]]] = []
    in_hint = False
    for piece in _CLOZE_BOUNDARY.split(field):
        if piece.startswith("{{c"):
            deletion: tuple[int, list[str]] = (int(piece[3:-2]), [])
            deletions.append(deletion)
            open_deletions.append(deletion)
            in_hint = False
        elif piece == "}}":
            in_hint = False
            if open_deletions:
                open_deletions.pop()
        else:
            text, colons, _ = ("", "", "") if in_hint else piece.partition("::")
            in_hint = in_hint or bool(colons)
            for _, texts in open_deletions:
                texts.append(text)
    for number, texts in deletions:
        with_files = _FILE.sub(lambda match: match[1] or match[2], "".join(texts))
        yield number, html.unescape(_MARKUP.sub("", with_files))


def _entries_of_sources(deck: Deck, lock: Lock) -> Iterator[tuple[str, NoteEntry]]:
    """Yield the entries whose content the sources still have, which say exactly what the cards ask for."""
    numbered = number_labels(deck, lock, Report())
    for state in render_deck(numbered, lock.types).note_states:
        entry = lock.notes.get(state.key)
        if entry is not None and entry.digest == state.digest:
            yield state.key, entry.replace(cards=state.cards, printed=state.printed)
