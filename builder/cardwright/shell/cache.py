"""The cache of what earlier builds found out: one SQLite file, safe to delete at any time.

SQLite, because plain files are slower: 2,000 answers take 0.02 s to write and 0.01 s to read, and as
files of their own 0.4 s and 0.03 s.
"""

import hashlib
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

from cardwright.shell.files import check_regular, exists
from cardwright.shell.user_folders import cache_folder
from cardwright.source.cache import Cache, NullCache

_T = TypeVar("_T")

FILE_NAME = "answers-2.sqlite3"
"""The number goes up with every change of the tables."""
LIMIT = 256 * 2**20
"""In bytes. A deck of 1,000 cards takes 5 MB: its sheets, and how each side fits."""

_DAY = 24 * 60 * 60
_KEYS_PER_QUERY = 500
_TABLES = """
CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, used INTEGER, checksum BLOB, answer BLOB);
CREATE INDEX IF NOT EXISTS by_use ON answers (used);
"""


def open_cache(environ: Mapping[str, str]) -> Cache:
    """Return the cache of this user; see `cache_folder`."""
    folder = cache_folder(environ)
    return NullCache() if folder is None else DiskCache(folder)


class DiskCache:
    """The `Cache` on this disk, for all builds of a user, also for two at once.

    When anything goes wrong with it, be it a full disk, a damaged file or one that is locked,
    nothing is reported, and the build goes on without it.
    """

    __slots__ = ("_clock", "_limit", "_lock", "_path", "_readable", "_timeout", "_writable")

    def __init__(
        self,
        folder: Path,
        *,
        limit: int = LIMIT,
        timeout: float = 1.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """folder: made when it is first needed.

        limit: the bytes that the cache takes on disk at most, about.
        timeout: seconds to wait while another build locks the file.
        clock: returns the seconds since 1970.
        """
        self._path = folder / FILE_NAME
        self._limit = limit
        self._timeout = timeout
        self._clock = clock
        self._lock = threading.Lock()
        self._readable = True
        self._writable = True

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """See `Cache.get`. An answer that does not match its checksum is left out."""
        if not keys or not self._readable or not exists(self._path):
            return {}
        now = int(self._clock())
        rows = self._run(lambda connection: _select(connection, keys)) or []
        answers: dict[str, bytes] = {}
        keys_to_refresh: list[str] = []
        for key, checksum, answer, used in rows:
            if isinstance(answer, bytes) and checksum == _checksum(key, answer):
                answers[key] = answer
                if not (isinstance(used, int) and 0 <= now - used < _DAY):
                    keys_to_refresh.append(key)
        if keys_to_refresh and self._writable:
            update = "UPDATE answers SET used = ? WHERE key = ?"
            parameters = [(now, key) for key in keys_to_refresh]
            self._run(lambda connection: connection.executemany(update, parameters), writing=True)
        return answers

    def put(self, answers: Mapping[str, bytes]) -> None:
        """See `Cache.put`. The answers that were not used for longest make room."""
        size = sum(map(len, answers.values()))
        if not answers or not self._writable or size > self._limit // 4:
            return
        now = int(self._clock())

        def write(connection: sqlite3.Connection) -> None:
            connection.executescript(_TABLES)
            _make_room(connection, self._limit - size)
            rows = ((key, now, _checksum(key, answer), answer) for key, answer in answers.items())
            connection.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", rows)

        self._run(write, writing=True)

    def digest(self, path: str) -> str:
        """See `Cache.digest`. A file is read again when its size or one of its times has changed."""
        try:
            stat = Path(path).stat()
            check_regular(stat)
            identity = f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0{stat.st_ctime_ns}\0{stat.st_ino}"
            key = "file-" + _checksum(identity, b"").hex()
            answers = self.get([key])
            if key in answers:
                return answers[key].decode()
            with Path(path).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return ""
        self.put({key: digest.encode()})
        return digest

    def _run(self, query: Callable[[sqlite3.Connection], _T], *, writing: bool = False) -> _T | None:
        """Run a query in a transaction. Return None after a failure, which leaves everything as it was."""
        try:
            if writing:
                self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # One thread at a time, because waiting for each other's file locks takes longer.
            with self._lock, closing(self._connect()) as connection, connection:
                # If the machine loses power, the file may be damaged; then a new one is made.
                connection.execute("PRAGMA synchronous = OFF")
                return query(connection)
        except (OSError, sqlite3.OperationalError):
            self._readable &= writing
            self._writable = False
        except sqlite3.Error:
            self._readable = self._writable = False
            with suppress(OSError):
                self._path.unlink()
        return None

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=self._timeout)


def _select(connection: sqlite3.Connection, keys: Sequence[str]) -> list[tuple[str, object, object, object]]:
    """Return key, checksum, answer and last use of known answers. In a damaged file they may be anything."""
    rows: list[tuple[str, object, object, object]] = []
    for start in range(0, len(keys), _KEYS_PER_QUERY):
        batch = keys[start : start + _KEYS_PER_QUERY]
        marks = ",".join("?" * len(batch))
        rows += connection.execute(
            f"SELECT key, checksum, answer, used FROM answers WHERE key IN ({marks})",  # noqa: S608 question marks
            batch,
        )
    return rows


def _make_room(connection: sqlite3.Connection, limit: int) -> None:
    """When the answers take more than `limit` bytes, delete the oldest until three quarters of it are left.

    The file keeps its size, and the room is used again.
    """
    pages, free_pages, page_size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    excess = (pages - free_pages) * page_size - limit
    if excess <= 0:
        return
    excess += limit // 4
    deleted_rows = []
    for row, length in connection.execute("SELECT rowid, length(answer) FROM answers ORDER BY used, rowid"):
        if excess <= 0:
            break
        deleted_rows.append((row,))
        excess -= length
    connection.executemany("DELETE FROM answers WHERE rowid = ?", deleted_rows)


def _checksum(key: str, answer: bytes) -> bytes:
    """Return a digest that shows whether an answer is the one that was put under a key."""
    key_bytes = key.encode(errors="surrogatepass")
    return hashlib.blake2b(b"%d:%s" % (len(key_bytes), key_bytes) + answer, digest_size=16).digest()
