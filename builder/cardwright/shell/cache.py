"""What earlier builds asked and were answered, in the user's cache folder: safe to delete at any time."""

import hashlib
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

_T = TypeVar("_T")

NAME = "answers-1.sqlite3"
"""The number is that of the form of its tables."""
LIMIT = 256 * 2**20
"""In bytes. A deck of 1,000 cards takes 5 MB: its sheets, and how each side fits."""

_DAY = 24 * 60 * 60
_ASKED_AT_ONCE = 500
_TABLES = """
CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, used INTEGER, proof BLOB, answer BLOB);
CREATE INDEX IF NOT EXISTS by_use ON answers (used);
"""


def folder(environment: Mapping[str, str], platform: str = sys.platform) -> Path | None:
    """Where the cache of this user lies; None for none.

    CARDWRIGHT_CACHE names another folder, or is `off` for no cache at all.
    platform: as `sys.platform` names it.
    Source: XDG Base Directory Specification; Apple, "File System Programming Guide"; Microsoft,
    "KNOWNFOLDERID".
    """
    chosen = environment.get("CARDWRIGHT_CACHE")
    if chosen:
        return None if chosen == "off" else Path(chosen).absolute()
    home = environment.get("HOME") or environment.get("USERPROFILE")
    if platform == "win32":
        base = environment.get("LOCALAPPDATA") or (f"{home}/AppData/Local" if home else "")
        return Path(base) / "cardwright" / "cache" if base else None
    if platform == "darwin":
        return Path(home) / "Library/Caches/cardwright" if home else None
    base = environment.get("XDG_CACHE_HOME", "")
    # The specification has relative paths ignored.
    base = base if base.startswith("/") else f"{home}/.cache" if home else ""
    return Path(base) / "cardwright" if base else None


class DiskCache:
    """The `Cache` of the PDF format, on this disk; for all builds of a user, also for two at once.

    Nothing that goes wrong with it is reported, be it a full disk, a damaged file or one that
    is locked: it is done without, from then on until the build is over.
    """

    __slots__ = ("_clock", "_limit", "_lock", "_path", "_patience", "_readable", "_writable")

    def __init__(
        self,
        place: Path,
        *,
        limit: int = LIMIT,
        patience: float = 1.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """place: the folder for it, made when it is first needed.

        limit: the bytes that it takes on disk at most, about.
        patience: seconds to wait for another build's lock.
        clock: seconds since 1970.
        """
        self._path = place / NAME
        self._limit = limit
        self._patience = patience
        self._clock = clock
        self._lock = threading.Lock()
        self._readable = True
        self._writable = True

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """See `Cache.get`. What does not fit its proof was damaged, and is not known."""
        if not keys or not self._readable or not self._path.exists():
            return {}
        now = int(self._clock())
        rows = self._try(lambda connection: _found(connection, keys)) or []
        known: dict[str, bytes] = {}
        stale: list[str] = []
        for key, proof, answer, used in rows:
            if isinstance(answer, bytes) and proof == _proof(key, answer):
                known[key] = answer
                if not (isinstance(used, int) and 0 <= now - used < _DAY):
                    stale.append(key)
        if stale and self._writable:
            rows_used = [(now, key) for key in stale]
            update = "UPDATE answers SET used = ? WHERE key = ?"
            self._try(lambda connection: connection.executemany(update, rows_used), writing=True)
        return known

    def put(self, answers: Mapping[str, bytes]) -> None:
        """See `Cache.put`. What was not used for longest makes room."""
        size = sum(map(len, answers.values()))
        if not answers or not self._writable or size > self._limit // 4:
            return
        now = int(self._clock())

        def write(connection: sqlite3.Connection) -> None:
            connection.executescript(_TABLES)
            _make_room(connection, self._limit - size)
            rows = ((key, now, _proof(key, answer), answer) for key, answer in answers.items())
            connection.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", rows)

        self._try(write, writing=True)

    def digest(self, path: str) -> str:
        """See `Cache.digest`. A file is read again when its size or one of its times has changed."""
        try:
            state = Path(path).stat()
            about = f"{path}\0{state.st_size}\0{state.st_mtime_ns}\0{state.st_ctime_ns}\0{state.st_ino}"
            key = "file-" + _proof(about, b"").hex()
            known = self.get([key])
            if key in known:
                return known[key].decode()
            with Path(path).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return ""
        self.put({key: digest.encode()})
        return digest

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=self._patience)

    def _try(self, work: Callable[[sqlite3.Connection], _T], *, writing: bool = False) -> _T | None:
        """What comes of a transaction; None, and it was as if it had not been begun, when it fails."""
        try:
            if writing:
                self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # One thread at a time, because waiting for each other's file locks takes longer.
            with self._lock, closing(self._connected()) as connection, connection:
                # Should the machine lose its power, the file may be damaged; then it is made anew.
                connection.execute("PRAGMA synchronous = OFF")
                return work(connection)
        except (OSError, sqlite3.OperationalError):
            self._readable &= writing
            self._writable = False
        except sqlite3.Error:
            self._readable = self._writable = False
            with suppress(OSError):
                self._path.unlink()
        return None


def _found(connection: sqlite3.Connection, keys: Sequence[str]) -> list[tuple[str, object, object, object]]:
    """Key, proof, answer and last use of all answers that are known; damaged, they can be anything."""
    rows: list[tuple[str, object, object, object]] = []
    for start in range(0, len(keys), _ASKED_AT_ONCE):
        some = keys[start : start + _ASKED_AT_ONCE]
        marks = ",".join("?" * len(some))
        rows += connection.execute(
            f"SELECT key, proof, answer, used FROM answers WHERE key IN ({marks})",  # noqa: S608 question marks
            some,
        )
    return rows


def _make_room(connection: sqlite3.Connection, most: int) -> None:
    """Forget what was not used for longest, until the rest takes no more than three quarters of `most` bytes.

    Nothing is forgotten before there is more than that. The file keeps its size, and the room is used again.
    """
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    over = (pages - free) * size - most
    if over <= 0:
        return
    over += most // 4
    gone = []
    for row, length in connection.execute("SELECT rowid, length(answer) FROM answers ORDER BY used, rowid"):
        if over <= 0:
            break
        gone.append((row,))
        over -= length
    connection.executemany("DELETE FROM answers WHERE rowid = ?", gone)


def _proof(key: str, answer: bytes) -> bytes:
    """Tells an answer that was kept under a key from everything else."""
    text = key.encode(errors="surrogatepass")
    return hashlib.blake2b(b"%d:%s" % (len(text), text) + answer, digest_size=16).digest()
