"""Reads the database of a collection of Anki that anybody may have made."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from cardwright.collection.deck_name import SEPARATOR, with_parents
from cardwright.importing.anki_note_types import (
    Json,
    checked_json,
    deck_name,
    fields_of_type,
    json_from_messages,
    note_type,
    with_unique_names,
)
from cardwright.importing.collection import AnkiCard, AnkiDeck, AnkiNote, AnkiType
from cardwright.importing.findings import Findings
from cardwright.importing.protobuf import content, number, read_message, text
from cardwright.importing.safe_text import decode, without_control_characters
from cardwright.importing.unreadable import EXPORT_AGAIN, UnreadableDeck

_OLDEST, _FIRST_WITH_TABLES, _NEWEST = 11, 15, 18
"""Versions of the schema: before the second, note types and decks are JSON in the table `col`."""

_TABLES: Mapping[str, tuple[str, ...]] = {
    "col": ("ver", "models", "decks"),
    "notes": ("id", "guid", "mid", "mod", "tags", "flds"),
    "cards": ("nid", "ord", "did", "odid", "type", "due", "odue"),
}
_TABLES_OF_15: Mapping[str, tuple[str, ...]] = {
    "notetypes": ("id", "name", "mtime_secs", "usn", "config"),
    "fields": ("ntid", "ord", "name", "config"),
    "templates": ("ntid", "ord", "name", "config"),
    "decks": ("id", "name", "kind"),
}
_FIELD_SEPARATOR = "\x1f"
_MB = 1 << 20
_VALUE_LIMIT = 64 * _MB
"""Of one value in the database, in bytes. A note of Anki's can't be synchronised from 1 MB on."""
_DEFAULT_DECK = 1
_MAX_CLOZES = 500
"""Anki makes cards of the cloze numbers 1 to 500."""


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
    with closing(_connect(file)) as connection:
        database = _Database(path, connection)
        version = database.version()
        types = database.types(version, findings)
        decks = database.decks(version)
        notes = _Notes(database, types, decks)
        used_types, used_decks, count = set[int](), set[str](), 0
        for note in notes.read(findings):
            count += 1
            used_types.add(note.type_id)
            used_decks.update(card.deck for card in note.cards)
        for type_ in types.values():
            if type_.id not in used_types:
                findings.add("note types that no note uses", type_.name)
        yield DatabaseContent(
            {type_.id: type_ for type_ in types.values() if type_.id in used_types},
            tuple(_needed_decks(decks, used_decks, findings)),
            notes,
            count,
        )


def _connect(file: Path) -> sqlite3.Connection:
    """Open a database so that nothing in it can run, and nothing is written."""
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    connection.text_factory = bytes
    connection.create_collation("unicase", _compare_in_any_case)
    return connection


def _compare_in_any_case(first: str, second: str) -> int:
    """Compare as Anki's collation of names does."""
    one, other = first.casefold(), second.casefold()
    return (one > other) - (one < other)


class _Database:
    def __init__(self, path: str, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def rows(self, table: str, columns: Iterable[str], order: str = "") -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a table. Its index is not used, since it may not have all of them.

        Errors: UnreadableDeck.
        """
        query = f"SELECT {', '.join(columns)} FROM {table} NOT INDEXED"  # noqa: S608  names of our own
        return self._execute(f"{query} ORDER BY {order}" if order else query)

    def _execute(self, query: str) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._connection.execute(query)
        except sqlite3.Error as error:
            raise self.damaged() from error

    def damaged(self) -> UnreadableDeck:
        return UnreadableDeck(self.path, "the collection in the package is damaged", EXPORT_AGAIN)

    def version(self) -> int:
        """Return the version of the schema, and check that it has all tables."""
        version = next((integer(row[0]) for row in self.rows("col", ["ver"])), 0)
        if version > _NEWEST:
            help_ = "update cardwright, or export it with “Support older Anki versions”"
            raise UnreadableDeck(self.path, "the package is of a newer version of Anki", help_)
        if version < _OLDEST:
            message = "the package is of a version of Anki before 2.0"
            raise UnreadableDeck(self.path, message, "import it into Anki, and export it from there")
        return version

    def types(self, version: int, findings: Findings) -> Mapping[int, AnkiType]:
        """Return the note types by their ids."""
        jsons = self._types_of_15() if version >= _FIRST_WITH_TABLES else self._types_of_11()
        types = {}
        for json_ in jsons:
            unique = with_unique_names(json_)
            if not unique["flds"] or not unique["tmpls"]:
                findings.add("note types without fields or card templates", unique["name"])
                continue
            types[unique["id"]] = note_type(unique)
        return types

    def _types_of_11(self) -> Iterator[Json]:
        for key, found in self._json_of("models").items():
            if isinstance(found, dict):
                yield checked_json(integer(key.encode()), found)

    def _types_of_15(self) -> Iterator[Json]:
        parts: dict[str, dict[int, list[tuple[str, bytes]]]] = {"fields": {}, "templates": {}}
        for table, by_type in parts.items():
            for type_id, _, name, config in self.rows(table, _TABLES_OF_15[table], "ntid, ord"):
                by_type.setdefault(integer(type_id), []).append((string(name), blob(config)))
        for id_, name, mod, usn, config in self.rows("notetypes", _TABLES_OF_15["notetypes"]):
            type_id = integer(id_)
            row = (type_id, string(name), integer(mod), integer(usn), blob(config))
            yield json_from_messages(
                row, parts["fields"].get(type_id, ()), parts["templates"].get(type_id, ())
            )

    def _json_of(self, column: str) -> Mapping[str, Any]:
        """Return a JSON object that schema 11 has in a column of `col`."""
        value = next((row[0] for row in self.rows("col", [column])), b"")
        found = json.loads(string(value))
        if not isinstance(found, dict):
            raise self.damaged()
        return found

    def newest_of_equal_guids(self) -> Mapping[str, int]:
        """Return the highest id of the notes of each GUID that several have."""
        query = "SELECT guid, max(id) FROM notes NOT INDEXED GROUP BY guid HAVING count(*) > 1"
        return {string(guid): integer(id_) for guid, id_ in self._execute(query)}

    def most_used_deck(self, decks: "_Decks") -> str:
        """Return the name of the deck with the most cards."""
        query = "SELECT did, odid, count(*) FROM cards NOT INDEXED GROUP BY did, odid ORDER BY 3 DESC"
        homes = (decks.home(integer(deck), integer(original)) for deck, original, _ in self._execute(query))
        return next(filter(None, homes), decks.names.get(_DEFAULT_DECK, "Default"))

    def decks(self, version: int) -> "_Decks":
        names: dict[int, str] = {}
        descriptions: dict[int, tuple[str, bool]] = {}
        filtered: set[int] = set()
        if version >= _FIRST_WITH_TABLES:
            for id_, name, kind in self.rows("decks", _TABLES_OF_15["decks"]):
                deck_id, message = integer(id_), read_message(blob(kind))
                names[deck_id] = string(name).replace(_FIELD_SEPARATOR, SEPARATOR)
                normal = read_message(content(message, 1))
                descriptions[deck_id] = (text(normal, 4), number(normal, 5) != 0)
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
                    if deck.get("dyn"):
                        filtered.add(deck_id)
        return _Decks(_unique_deck_names(names), descriptions, frozenset(filtered))


@dataclass(frozen=True, slots=True)
class _Decks:
    """Decks by id. descriptions: with whether they are Markdown. filtered: ids of filtered decks."""

    names: Mapping[int, str]
    descriptions: Mapping[int, tuple[str, bool]]
    filtered: frozenset[int]

    def home(self, deck_id: int, original_id: int) -> str | None:
        """Return the deck of a card, the home deck of one in a filtered deck; None if there is no such deck.

        deck_id, original_id: columns `did` and `odid` of the card.
        """
        home_id = original_id or deck_id
        return None if home_id in self.filtered else self.names.get(home_id)


def _unique_deck_names(names: Mapping[int, str]) -> dict[int, str]:
    """Return names as Anki has them when it reads a package: tidy, and all different.

    Source: Anki, rslib/src/storage/deck/mod.rs, `upgrade_decks_to_schema15`.
    """
    unique: dict[int, str] = {}
    used: set[str] = set()
    for id_, name in names.items():
        full = deck_name(name)
        while full.casefold() in used:
            full += "_"
        used.add(full.casefold())
        unique[id_] = full
    return unique


def _needed_decks(decks: _Decks, used: set[str], findings: Findings) -> Iterator[AnkiDeck]:
    """Yield the decks that hold cards, and those around them."""
    needed = {parent.casefold() for name in used for parent in with_parents(name)}
    for id_, name in decks.names.items():
        if id_ in decks.filtered:
            continue
        if name.casefold() in needed:
            description, is_markdown = decks.descriptions[id_]
            yield AnkiDeck(name, without_control_characters(description), is_markdown)
        elif id_ != _DEFAULT_DECK:
            findings.add("decks without cards", name)


class _Notes:
    """The notes of a database, read anew each time."""

    def __init__(self, database: _Database, types: Mapping[int, AnkiType], decks: _Decks) -> None:
        self._database = database
        self._types = types
        self._decks = decks
        self._kept = database.newest_of_equal_guids()
        self._fallback = database.most_used_deck(decks)

    def __iter__(self) -> Iterator[AnkiNote]:
        return self.read(Findings())

    def read(self, findings: Findings) -> Iterator[AnkiNote]:
        """Yield the notes in the order of their ids, and add what is odd to the findings."""
        rows = self._database.rows("cards", _TABLES["cards"], order="nid, ord")
        groups = (
            (id_, list(cards)) for id_, cards in groupby(rows, key=itemgetter(0)) if isinstance(id_, int)
        )
        group = next(groups, None)
        for row in self._database.rows("notes", _TABLES["notes"], order="id"):
            try:
                note = self._note(row, findings)
            except ValueError:
                findings.add("notes that are damaged")
                continue
            while group is not None and group[0] < note.id:
                findings.add("cards without a note")
                group = next(groups, None)
            own_cards: list[tuple[Any, ...]] = []
            if group is not None and group[0] == note.id:
                own_cards, group = group[1], next(groups, None)
            if note.guid in self._kept and note.id != self._kept[note.guid]:
                findings.add(
                    "notes with the GUID of another note, of which Anki updates the newest", note.fields[0]
                )
                continue
            if note.type_id not in self._types:
                findings.add("notes of a note type that isn't there")
                continue
            fields = fields_of_type(note, self._types[note.type_id], findings)
            yield replace(note, fields=fields, cards=self._cards(note, own_cards, findings))

    def _note(self, row: tuple[Any, ...], findings: Findings) -> AnkiNote:
        """Return a note without its cards. Errors: ValueError."""
        id_, guid, type_id, mod, tags, fields = row
        all_fields, is_utf8 = decode(blob(fields))
        if not is_utf8:
            findings.add("notes with a text that is not in UTF-8", all_fields)
        return AnkiNote(
            id=integer(id_),
            guid=string(guid),
            type_id=integer(type_id),
            mod=integer(mod),
            tags=tuple(without_control_characters(string(tags)).split()),
            fields=tuple(without_control_characters(field) for field in all_fields.split(_FIELD_SEPARATOR)),
            cards=(),
        )

    def _cards(
        self, note: AnkiNote, rows: Iterable[tuple[Any, ...]], findings: Findings
    ) -> tuple[AnkiCard, ...]:
        """Return the cards of a note. Those of a deck that is not there get the deck of another card."""
        type_ = self._types[note.type_id]
        decks: dict[int, str | None] = {}
        dues: dict[int, int | None] = {}
        for _, raw_ordinal, raw_deck, raw_original, raw_state, raw_due, raw_original_due in rows:
            try:
                ordinal, deck, original = integer(raw_ordinal), integer(raw_deck), integer(raw_original)
                due = integer(raw_original_due if original else raw_due)
                is_new = integer(raw_state) == 0
            except ValueError:
                findings.add("cards that are damaged", note.fields[0])
                continue
            if ordinal in decks:
                findings.add("cards that are there twice", note.fields[0])
            elif ordinal not in range(_MAX_CLOZES if type_.is_cloze else len(type_.templates)):
                findings.add("cards without a card template", note.fields[0])
            else:
                decks[ordinal] = self._decks.home(deck, original)
                dues[ordinal] = due if is_new else None
        if None in decks.values():
            count = sum(deck is None for deck in decks.values())
            for _ in range(count):
                findings.add("cards whose deck isn't there, put into another one", note.fields[0])
        fallback = next((deck for deck in decks.values() if deck), self._fallback)
        return tuple(
            AnkiCard(ordinal, decks[ordinal] or fallback, dues[ordinal]) for ordinal in sorted(decks)
        )


def integer(value: object) -> int:
    """Return a whole number from a database, in which any column may hold anything. Errors: ValueError."""
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bytes):
        return int(value)
    raise ValueError("no whole number")


def string(value: object) -> str:
    """Return a text from a database. Errors: ValueError."""
    if isinstance(value, bytes):
        return decode(value)[0]
    if isinstance(value, int | float):
        return str(value)
    raise ValueError("no text")


def blob(value: object) -> bytes:
    """Return bytes from a database. Errors: ValueError."""
    if isinstance(value, bytes):
        return value
    raise ValueError("no bytes")
