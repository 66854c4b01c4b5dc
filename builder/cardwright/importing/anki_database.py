"""Reads the database of a collection of Anki that anybody may have made."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cardwright.collection.deck_name import SEPARATOR, with_parents
from cardwright.importing.anki_note_types import (
    MAX_PARTS,
    Json,
    checked_json,
    deck_name,
    json_from_messages,
    note_type,
    unused_name,
    with_unique_names,
)
from cardwright.importing.anki_notes import (
    CARD_COLUMNS,
    DEFAULT_DECK,
    DEFAULT_PRESET,
    NOTE_COLUMNS,
    Decks,
    NoteReader,
)
from cardwright.importing.collection import AnkiDeck, AnkiNote, AnkiType
from cardwright.importing.findings import PRESET_LEFT_OUT, Findings
from cardwright.importing.foreign_database import (
    ForeignDatabase,
    blob,
    integer,
    open_foreign_database,
    string,
)
from cardwright.importing.protobuf import content, number, read_message, text
from cardwright.importing.safe_text import load_json, without_control_characters
from cardwright.importing.unreadable import UnreadableDeck

_OLDEST, _FIRST_WITH_TABLES, _NEWEST = 11, 15, 18
"""Versions of the schema: before the second, note types and decks are JSON in the table `col`."""

_TABLES = {"col": ("ver", "models", "decks"), "notes": NOTE_COLUMNS, "cards": CARD_COLUMNS}
_TABLES_OF_15: Mapping[str, tuple[str, ...]] = {
    "notetypes": ("id", "name", "mtime_secs", "usn", "config"),
    "fields": ("ntid", "ord", "name", "config"),
    "templates": ("ntid", "ord", "name", "config"),
    "decks": ("id", "name", "kind"),
}
_KEPT_SIZE = 48_000_000
"""The most that notes may take of the memory, in bytes; more of them are read from the disk each time."""
_NOTE_SIZE = 1000
"""What a note takes besides its texts, in bytes."""
_THROUGH_ANKI = "open or import it in Anki, and export it from there"
_LEVEL_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class DatabaseContent:
    """What a database holds; see `AnkiCollection`."""

    types: Mapping[int, AnkiType]
    decks: tuple[AnkiDeck, ...]
    notes: Iterable[AnkiNote]
    note_count: int


@contextmanager
def open_database(path: str, file: Path, findings: Findings) -> Iterator[DatabaseContent]:
    """Open the database of a collection. It can be read until the block is left, and is not changed.

    path: of the package, as shown to the user. findings: get what is odd in it.

    Errors: UnreadableDeck, also while notes are read.
    """
    with open_foreign_database(path, file) as database:
        try:
            collection = _Collection(database)
            types = collection.types(findings)
            decks = collection.decks()
        except (ValueError, RecursionError) as error:
            raise database.damaged() from error
        notes = NoteReader(database, types, decks)
        used_types, used_decks, count = set[int](), set[str](), 0
        kept: list[AnkiNote] = []
        size = 0
        for note in notes.read(findings):
            count += 1
            size += _NOTE_SIZE + sum(map(len, note.fields))
            if size <= _KEPT_SIZE:
                kept.append(note)
            used_types.add(note.type_id)
            used_decks.update(card.deck for card in note.cards)
        for type_ in types.values():
            # Every collection has the stock ones.
            if type_.id not in used_types and not type_.json.get("originalStockKind"):
                findings.add("note types that no note uses", type_.name)
        yield DatabaseContent(
            {type_.id: type_ for type_ in types.values() if type_.id in used_types},
            tuple(_needed_decks(decks, used_decks, findings)),
            kept if len(kept) == count else notes,
            count,
        )


class _Collection:
    """The note types and decks of a database."""

    def __init__(self, database: ForeignDatabase) -> None:
        """Errors: UnreadableDeck, ValueError."""
        self._database = database
        if not database.has_table("col"):
            message = "this is no collection of Anki, or one from before Anki 2.0"
            raise UnreadableDeck(database.path, message, _THROUGH_ANKI)
        database.allow(_TABLES)
        self._has_tables = self._version() >= _FIRST_WITH_TABLES
        if self._has_tables:
            database.allow(_TABLES_OF_15)

    def _version(self) -> int:
        """Return the version of the schema. Errors: UnreadableDeck for one that is too new or too old."""
        version = next((integer(row[0]) for row in self._database.rows("col", ["ver"])), 0)
        if version > _NEWEST:
            help_ = "update cardwright, or export it with “Support older Anki versions”"
            raise UnreadableDeck(self._database.path, "the collection is of a newer version of Anki", help_)
        if version < _OLDEST:
            message = "the collection is of a version of Anki before 2.0"
            raise UnreadableDeck(self._database.path, message, _THROUGH_ANKI)
        return version

    def types(self, findings: Findings) -> Mapping[int, AnkiType]:
        """Return the note types by their ids."""
        jsons = self._types_of_15() if self._has_tables else self._types_of_11()
        types = {}
        for json_ in jsons:
            unique = with_unique_names(json_)
            if not unique["flds"] or not unique["tmpls"]:
                findings.add("note types without fields or card templates", unique["name"])
            elif max(len(unique["flds"]), len(unique["tmpls"])) > MAX_PARTS:
                findings.add(
                    f"note types with more than {MAX_PARTS:,} fields or card templates", unique["name"]
                )
            else:
                types[unique["id"]] = note_type(unique)
        return types

    def _types_of_11(self) -> Iterator[Json]:
        for key, found in self._json_of("models").items():
            if isinstance(found, dict):
                yield checked_json(integer(key.encode()), found)

    def _types_of_15(self) -> Iterator[Json]:
        fields, templates = (self._parts(table) for table in ("fields", "templates"))
        for id_, name, mod, usn, config in self._database.rows("notetypes", _TABLES_OF_15["notetypes"]):
            type_id = integer(id_)
            row = (type_id, string(name), integer(mod), integer(usn), blob(config))
            yield json_from_messages(row, fields.get(type_id, ()), templates.get(type_id, ()))

    def _parts(self, table: str) -> dict[int, list[tuple[str, bytes]]]:
        """Return name and message of the fields or templates of each note type, by its id."""
        found = sorted(
            (integer(type_id), integer(ordinal), string(name), blob(config))
            for type_id, ordinal, name, config in self._database.rows(table, _TABLES_OF_15[table])
        )
        parts: dict[int, list[tuple[str, bytes]]] = {}
        for type_id, _, name, config in found:
            parts.setdefault(type_id, []).append((name, config))
        return parts

    def _json_of(self, column: str) -> Mapping[str, Any]:
        """Return a JSON object that schema 11 has in a column of `col`."""
        value = next((row[0] for row in self._database.rows("col", [column])), b"")
        found = load_json(string(value))
        if not isinstance(found, dict):
            raise self._database.damaged()
        return found

    def decks(self) -> Decks:
        """Return the decks."""
        names: dict[int, str] = {}
        descriptions: dict[int, tuple[str, bool]] = {}
        filtered: set[int] = set()
        presets: dict[int, object] = {}
        if self._has_tables:
            for id_, name, kind in self._database.rows("decks", _TABLES_OF_15["decks"]):
                deck_id, message = integer(id_), read_message(blob(kind))
                names[deck_id] = string(name).replace(_LEVEL_SEPARATOR, SEPARATOR)
                normal = read_message(content(message, 1))
                descriptions[deck_id] = (text(normal, 4), number(normal, 5) != 0)
                presets[deck_id] = number(normal, 1)
                if 2 in message:
                    filtered.add(deck_id)
        else:
            for key, deck in self._json_of("decks").items():
                if isinstance(deck, dict):
                    deck_id = integer(key.encode())
                    names[deck_id] = str(deck.get("name", ""))
                    description = deck.get("desc")
                    descriptions[deck_id] = (
                        description if isinstance(description, str) else "",
                        bool(deck.get("md", False)),
                    )
                    presets[deck_id] = deck.get("conf")
                    if deck.get("dyn"):
                        filtered.add(deck_id)
        with_preset = (id_ for id_, preset in presets.items() if preset not in (None, 0, DEFAULT_PRESET))
        return Decks(_unique_deck_names(names), descriptions, frozenset(filtered), frozenset(with_preset))


def _unique_deck_names(names: Mapping[int, str]) -> dict[int, str]:
    """Return names as Anki has them when it reads a package: tidy, and all different.

    Upper and lower case of a deck are those of the first name that it has, also as a part of other names.
    Source: Anki, rslib/src/storage/deck/mod.rs, `upgrade_decks_to_schema15`.
    """
    unique: dict[int, str] = {}
    used: set[str] = set()
    spellings: dict[str, str] = {}
    for id_, name in names.items():
        parent = ""
        for level in with_parents(unused_name(deck_name(name), "_", used)):
            own_name = level.rpartition(SEPARATOR)[2]
            full_name = f"{parent}{SEPARATOR}{own_name}" if parent else own_name
            parent = spellings.setdefault(level.casefold(), full_name)
        unique[id_] = parent
    return unique


def _needed_decks(decks: Decks, used: set[str], findings: Findings) -> Iterator[AnkiDeck]:
    """Yield the decks that hold cards, and those around them."""
    needed = {parent.casefold() for name in used for parent in with_parents(name)}
    for id_, name in decks.names.items():
        if id_ in decks.filtered:
            continue
        if name.casefold() in needed:
            description, is_markdown = decks.descriptions[id_]
            yield AnkiDeck(name, without_control_characters(description), is_markdown, id_)
            if id_ in decks.with_preset:
                findings.add(PRESET_LEFT_OUT, name)
        elif id_ != DEFAULT_DECK:
            findings.add("decks without cards", name)
