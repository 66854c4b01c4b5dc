"""Opens a SQLite database that anybody may have made, so that nothing in it can run or take without end."""

import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cardwright.importing.safe_text import decode
from cardwright.importing.unreadable import EXPORT_AGAIN, UnreadableDeck

VALUE_LIMIT = 32 << 20
"""Of one value, in bytes. Anki can't synchronise a note of more than 1 MB."""

_INT64 = range(-(1 << 63), 1 << 63)
_STEPS_PER_CALL = 1000
"""How many steps of its programs SQLite takes before it asks whether to go on; 1,000 take about 20 µs."""
_SCHEMA_STEPS = 50_000
"""For reading the schema: a table takes about ten, and a collection of Anki has fewer than 50 of them."""
_FREE_STEPS = 10_000_000
_STEPS_PER_BYTE = 20
"""Of the file, for a query. A row takes some ten bytes and a hundred steps at most, even if it is sorted."""
_FUNCTIONS = ("typeof",)

_SQLITE_OK, _SQLITE_DENY = 0, 1
_ALLOWED_TABLE = re.compile(r"(?i)CREATE\s+TABLE\b")


class ForeignDatabase:
    """A database that is open for reading.

    All texts in it come as bytes, since any may be no UTF-8.
    """

    def __init__(self, path: str, connection: sqlite3.Connection, size: int) -> None:
        """path: as shown to the user. size: of the file in bytes."""
        self.path = path
        self._connection = connection
        self._size = size
        self._steps_left = _SCHEMA_STEPS
        self._readable: frozenset[tuple[str, str]] = frozenset()
        connection.text_factory = bytes
        connection.create_collation("unicase", _compare_in_any_case)
        connection.set_progress_handler(self._take_steps, _STEPS_PER_CALL)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_LIMIT)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        for setting in ("trusted_schema = 0", "query_only = 1", "cell_size_check = 1", "mmap_size = 0"):
            connection.execute(f"PRAGMA {setting}")

    def allow(self, tables: Mapping[str, Collection[str]]) -> None:
        """Allow to read columns of tables, and nothing else, after a check that they are plain ones.

        Errors: UnreadableDeck if a table or column is missing, or computed.
        """
        self._connection.set_authorizer(None)
        for table, columns in tables.items():
            if not self._is_plain(table, columns):
                message = f"the collection has no proper table `{table}`"
                raise UnreadableDeck(self.path, message, EXPORT_AGAIN)
        self._readable |= {(table, column) for table, columns in tables.items() for column in columns}
        self._connection.set_authorizer(self._authorize)

    def has_table(self, name: str) -> bool:
        """Return whether there is a table, of whatever kind. To be asked before `allow`."""
        with self._errors():
            query = "SELECT 1 FROM sqlite_master WHERE name = ? COLLATE NOCASE"
            return self._connection.execute(query, (name,)).fetchone() is not None

    def _is_plain(self, table: str, columns: Collection[str]) -> bool:
        with self._errors():
            # Of a schema that was tampered with, these tell what it says; the authorizer holds in any case.
            query = "SELECT type, sql FROM sqlite_master WHERE name = ? COLLATE NOCASE"
            kinds = self._connection.execute(query, (table,)).fetchall()
            found = self._connection.execute(f"PRAGMA table_xinfo({table})").fetchall()
        if [kind for kind, _ in kinds] != [b"table"] or not _ALLOWED_TABLE.match(string(kinds[0][1])):
            return False
        # Anki looks for notes by their number, which is the order of the table too.
        plain = {string(name).lower() for _, name, _, _, _, _, hidden in found if not hidden}
        keys = [name.lower() for _, name, type_, _, _, key, _ in found if key and type_.upper() == b"INTEGER"]
        return plain.issuperset(columns) and ("flds" not in columns or keys == [b"id"])

    def rows(
        self, table: str, columns: Sequence[str], *, order: str = "", are_numbers: bool = False
    ) -> Iterator[tuple[Any, ...]]:
        """Yield rows of a table. Its indexes are not used, since they may not have all of them.

        are_numbers: whether the columns hold numbers. They come as whole ones, without rows that have a text
            in any of them, which would be sorted too.

        Errors: UnreadableDeck.
        """
        values = [f"CAST({column} AS INTEGER)" for column in columns] if are_numbers else columns
        query = f"SELECT {', '.join(values)} FROM {table} NOT INDEXED"  # noqa: S608  names of our own
        if are_numbers:
            conditions = (f"typeof({column}) IN ('integer', 'real')" for column in columns)
            query += f" WHERE {' AND '.join(conditions)}"
        if order:
            query += f" ORDER BY {order}"
        self._steps_left = _FREE_STEPS + _STEPS_PER_BYTE * self._size
        bytes_left = 2 * self._size  # texts in UTF-16 are shorter there
        with self._errors():
            for row in self._connection.execute(query):
                for value in () if are_numbers else row:
                    if isinstance(value, bytes):
                        bytes_left -= len(value)
                if bytes_left < 0:  # pages of a hostile file may belong to many rows
                    raise self.damaged()
                yield row

    def damaged(self) -> UnreadableDeck:
        return UnreadableDeck(self.path, "the collection is damaged", EXPORT_AGAIN)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DataError as error:
            message = f"a text in the collection is larger than {VALUE_LIMIT >> 20} MB"
            raise UnreadableDeck(self.path, message, "delete that note in Anki, and export again") from error
        except sqlite3.Error as error:
            raise self.damaged() from error

    def _take_steps(self) -> bool:
        """Return whether the query has to end."""
        self._steps_left -= _STEPS_PER_CALL
        return self._steps_left < 0

    def _authorize(
        self, action: int, first: str | None, second: str | None, _database: str | None, _inner: str | None
    ) -> int:
        match action:
            case sqlite3.SQLITE_SELECT:
                return _SQLITE_OK
            case sqlite3.SQLITE_READ if (str(first).lower(), str(second).lower()) in self._readable:
                return _SQLITE_OK
            case sqlite3.SQLITE_FUNCTION if second in _FUNCTIONS:
                return _SQLITE_OK
            case _:
                return _SQLITE_DENY


@contextmanager
def open_foreign_database(path: str, file: Path) -> Iterator[ForeignDatabase]:
    """Open a database, which can be read until the block is left. Nothing is written, not even beside it.

    path: of the package or collection, as shown to the user.

    Errors: UnreadableDeck.
    """
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        try:
            database = ForeignDatabase(path, connection, file.stat().st_size)
        except sqlite3.Error as error:
            raise UnreadableDeck(path, "the collection is damaged", EXPORT_AGAIN) from error
        yield database
    finally:
        connection.close()


def _compare_in_any_case(first: str, second: str) -> int:
    """Compare as Anki's collation `unicase` does."""
    one, other = first.casefold(), second.casefold()
    return (one > other) - (one < other)


def integer(value: object) -> int:
    """Return a whole number from a database, in which any column may hold anything. Errors: ValueError."""
    if isinstance(value, int):
        return value
    if isinstance(value, bytes) or (isinstance(value, float) and value.is_integer()):
        whole = int(value)
        if whole in _INT64:
            return whole
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
