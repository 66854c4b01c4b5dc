"""Read a package that an earlier build wrote: the texts, identities and note types that learners have."""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from msgspec import Struct, structs

from cardwright.collection import notetype
from cardwright.collection.deck_name import SEPARATOR
from cardwright.formats.anki.collection import DECK_ID, read_field, read_template
from cardwright.formats.anki.note_types import Field, Template, split_name
from cardwright.formats.anki.render import FIELD_SEPARATOR
from cardwright.formats.outputs import OutputContext
from cardwright.identity.lock import NoteEntry
from cardwright.identity.superseded import is_superseded
from cardwright.record import Record

_LABELS, _FORMER_SUBDECKS, _MONOTONIC_SINCE, _PRINTED_MOD = (
    "labels",
    "former_subdecks",
    "monotonic_since",
    "printed_mod",
)
_KEY, _SUBDECK = "key", "subdeck"
_FIRST_ORDINAL = (0,)
_TYPE, _RETIRED, _MISSING = "type", "retired", "missing"


class ReleasedNote(Struct, frozen=True, gc=False):
    """A note in a package.

    fields, tags: as in `RenderedNote`.
    ordinals: of its cards, ascending, 0-based.
    type_id: Anki's id of its note type.
    mod: when its content was released, in s since 1970.
    id: Anki's note id, in ms since 1970.
    due: position among the new cards.
    since: when its first card was released, in s since 1970.
    subdeck: of its first card, as in `DeckName`.
    labels: of a diagram, as in `NoteEntry.cards`.
    former_subdecks, monotonic_since, printed_mod: as in `NoteEntry`.
    locked_key: as in `NoteEntry.key`, if the note is superseded or of an imported type; otherwise its field
        says the key.
    imported_type, retired, missing: as in `NoteEntry`, of a note of an imported type.
    """

    fields: str
    tags: tuple[str, ...]
    ordinals: tuple[int, ...]
    type_id: int
    mod: int
    id: int
    due: int
    since: int
    subdeck: str
    labels: Mapping[int, str] = {}
    former_subdecks: tuple[str, ...] = ()
    monotonic_since: int = 0
    printed_mod: int = 0
    locked_key: str = ""
    imported_type: str = ""
    retired: str = ""
    missing: tuple[int, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """HTML of its fields."""
        return tuple(self.fields.split(FIELD_SEPARATOR))


_NoteRow = tuple[str, int, str, str, int, int, str]
"""GUID, id, fields, tags, id of the note type, `mod` and data of a note, as the database has them."""

_CardRow = tuple[int, int, int, int, int]
"""Note id, ordinal, deck id, `mod` and position of a card."""


class ReleasedNotes(Mapping[str, ReleasedNote]):
    """The notes of a package by their GUIDs, each made when it is asked for: after an edit, few are."""

    def __init__(
        self, rows: Iterable[_NoteRow] = (), cards: Iterable[_CardRow] = (), subdecks: Mapping[int, str] = {}
    ) -> None:
        """cards: of all notes, by ordinal. subdecks: by the id of the deck."""
        self._rows = {row[0]: row for row in rows}
        self._subdecks = subdecks
        self._first_cards: dict[int, tuple[int, int, int]] = {}
        self._ordinals: dict[int, tuple[int, ...]] = {}
        for note_id, ordinal, deck_id, mod, due in cards:
            if note_id in self._ordinals:
                self._ordinals[note_id] += (ordinal,)
            else:
                self._first_cards[note_id] = (deck_id, mod, due)
                self._ordinals[note_id] = _FIRST_ORDINAL if ordinal == 0 else (ordinal,)

    def check(self) -> None:
        """Raise whatever keeps notes from being made: ValueError, TypeError or AttributeError."""
        for guid, row in self._rows.items():
            if row[6] or type(row[3]) is not str:
                self[guid]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __contains__(self, guid: object) -> bool:
        return guid in self._rows

    def __getitem__(self, guid: str) -> ReleasedNote:
        _, note_id, fields, tags, type_id, mod, data = self._rows[guid]
        # An imported note may have no cards.
        deck_id, since, due = self._first_cards.get(note_id, (0, 0, 0))
        note = ReleasedNote(
            *(fields, _split_tags(tags), self._ordinals.get(note_id, ()), type_id, mod, note_id, due, since),
            subdeck=self._subdecks.get(deck_id, ""),
        )
        return _with_locked_data(note, json.loads(data)) if data else note

    def mods(self) -> Iterator[tuple[str, int]]:
        """Yield the GUID of each note, and when its content was released, in s since 1970."""
        return ((guid, row[5]) for guid, row in self._rows.items())

    def mod(self, guid: str) -> int | None:
        """Return when the content of a note was released, in s since 1970; None if there is no such note."""
        row = self._rows.get(guid)
        return None if row is None else row[5]

    def ordinals_of_same(
        self, contents: Iterable[tuple[str, str, tuple[str, ...]]]
    ) -> Iterator[tuple[int, ...] | None]:
        """Yield the ordinals of each note if it is there with the same content; None if it isn't.

        contents: GUID, fields and tags of the notes.
        """
        for guid, fields, tags in contents:
            row = self._rows.get(guid)
            if row is None or row[2] != fields:
                yield None
                continue
            is_same = row[3] == join_tags(tags) or {*_split_tags(row[3])} == {*tags}
            yield self._ordinals.get(row[1], ()) if is_same else None


class ReleasedNoteType(Record, frozen=True):
    """A note type in a package. mod: when it was last changed, in s since 1970. json: as in the package."""

    name: str
    mod: int
    fields: tuple[Field, ...]
    templates: tuple[Template, ...]
    css: str
    json: Mapping[str, Any]


class ReleasedPackage(Record, frozen=True):
    """The content of a package: note types by Anki's id, notes by GUID; empty if it can't be read.

    deck_name: of the deck around all others.
    locked_id: the id of the deck that the package was built from, if it has notes of imported types.
    description: of the deck around all others, and whether it is Markdown and not HTML.
    """

    deck_name: str
    types: Mapping[int, ReleasedNoteType]
    notes: ReleasedNotes
    locked_id: str = ""
    description: tuple[str, bool] = ("", False)

    @property
    def deck_id(self) -> str:
        """The id of the deck that the package was built from; empty if it is not one of ours."""
        if self.locked_id:
            return self.locked_id
        deck_ids = (split_name(note_type.name)[0] for note_type in self.types.values())
        return next(filter(None, deck_ids), "")

    def key(self, note: ReleasedNote) -> str:
        """Return the key with which a note was released; empty for a note of another tool."""
        if note.imported_type:
            return note.locked_key
        return unescape(self.values(note).get(notetype.KEY, ""))

    def values(self, note: ReleasedNote) -> dict[str, str]:
        """Return the HTML of a note's fields by their names."""
        return dict(zip((field.name for field in self.types[note.type_id].fields), note.values, strict=True))


NO_PACKAGE = ReleasedPackage("", {}, ReleasedNotes())
"""In place of a package that is not there, or can't be read."""


@lru_cache(maxsize=1024)
def join_tags(tags: tuple[str, ...]) -> str:
    """Return tags as the database has them. Cached, since a big deck has few different ones."""
    return f" {' '.join(tags)} " if tags else ""


def _split_tags(tags: str) -> tuple[str, ...]:
    return tuple(filter(None, tags.split(" ")))


def locked_data(entry: NoteEntry, *, is_imported: bool) -> str:
    """Return JSON of what the lock says of a note and nothing else in its package does; mostly empty.

    is_imported: whether its note type is an imported one, which has no field for its key.
    It goes into the column `data`, which Anki neither reads nor imports (tried with 24.11 to 26.9).
    """
    has_past = entry.former_subdecks or entry.monotonic_since or entry.printed_mod or entry.has_labels
    if not (has_past or entry.retired or is_imported):
        return ""  # as of most; a superseded note is retired
    labels = dict(sorted(entry.cards.items())) if entry.has_labels else {}
    past = (labels, entry.former_subdecks, entry.monotonic_since, entry.printed_mod)
    data: dict[str, object] = {}
    if any(past):
        data = dict(zip((_LABELS, _FORMER_SUBDECKS, _MONOTONIC_SINCE, _PRINTED_MOD), past, strict=True))
    if is_superseded(entry.key) or is_imported:
        data[_KEY] = entry.key
    if is_imported:
        of_imported = (entry.type, entry.retired, entry.missing)
        data |= dict(zip((_TYPE, _RETIRED, _MISSING), of_imported, strict=True))
    if entry.retired and entry.subdeck:
        # A retired note is packed without its sub-deck.
        data[_SUBDECK] = entry.subdeck
    return json.dumps(data) if data else ""


def read_earlier(context: OutputContext, ending: str) -> ReleasedPackage:
    """Return a package of a deck as the last build left it.

    ending: `PACKAGE_ENDING` or `RETIRED_ENDING`; see `formats/outputs.py`.
    """
    return read_package(context.environment.read_output(context.path(ending)) or b"")


@lru_cache(maxsize=2)
def read_package(package: bytes) -> ReleasedPackage:
    """Return the content of a package that `build_package` wrote, in this version or an earlier one."""
    try:
        database = ZipFile(BytesIO(package)).read("collection.anki2")
        connection = sqlite3.connect(":memory:")
        try:
            connection.deserialize(database)
            return _read_collection(connection)
        finally:
            connection.close()
    # Whatever lies there need not be a package of ours; zipfile raises the second line for damaged ones.
    except (
        *(sqlite3.Error, ValueError, LookupError, TypeError, AttributeError),
        *(BadZipFile, zlib.error, EOFError, RuntimeError),
    ):
        return NO_PACKAGE


def _read_collection(connection: sqlite3.Connection) -> ReleasedPackage:
    models, decks, config = connection.execute("SELECT models, decks, conf FROM col").fetchone()
    types = {int(id_): _note_type(model) for id_, model in json.loads(models).items()}
    # A package has Anki's default deck too, which is always empty and has the id 1.
    own_decks = {int(id_): deck for id_, deck in json.loads(decks).items() if int(id_) != 1}
    deck_names = {id_: deck["name"] for id_, deck in own_decks.items()}
    deck_name = min(deck_names.values(), key=len)
    upper_deck = next(deck for deck in own_decks.values() if deck["name"] == deck_name)
    description = (upper_deck["desc"], bool(upper_deck.get("md")))
    separators = {type_id: len(note_type.fields) - 1 for type_id, note_type in types.items()}
    rows = connection.execute("SELECT guid, id, flds, tags, mid, mod, data FROM notes")
    # They nearly are in this order, which SQLite doesn't make use of.
    cards = sorted(connection.execute("SELECT nid, ord, did, mod, due FROM cards"))
    subdecks = {
        deck_id: name.removeprefix(deck_name).removeprefix(SEPARATOR) for deck_id, name in deck_names.items()
    }
    notes = ReleasedNotes(
        [row for row in rows if row[2].count(FIELD_SEPARATOR) == separators[row[4]]], cards, subdecks
    )
    notes.check()
    return ReleasedPackage(deck_name, types, notes, json.loads(config).get(DECK_ID, ""), description)


def _with_locked_data(note: ReleasedNote, locked: Mapping[str, Any]) -> ReleasedNote:
    """Return a note with what `locked_data` wrote of it."""
    return structs.replace(
        note,
        subdeck=locked.get(_SUBDECK, note.subdeck),
        labels={int(number): key for number, key in locked.get(_LABELS, {}).items()},
        former_subdecks=tuple(locked.get(_FORMER_SUBDECKS, ())),
        monotonic_since=locked.get(_MONOTONIC_SINCE, 0),
        printed_mod=locked.get(_PRINTED_MOD, 0),
        locked_key=locked.get(_KEY, ""),
        imported_type=locked.get(_TYPE, ""),
        retired=locked.get(_RETIRED, ""),
        missing=tuple(locked.get(_MISSING, ())),
    )


def _note_type(model: Mapping[str, Any]) -> ReleasedNoteType:
    """Return a note type from the JSON that Anki's schema 11 has of it."""
    fields, templates = tuple(map(read_field, model["flds"])), tuple(map(read_template, model["tmpls"]))
    return ReleasedNoteType(model["name"], model["mod"], fields, templates, model["css"], model)
