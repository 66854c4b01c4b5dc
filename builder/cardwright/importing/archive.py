"""Reads files of a zip archive that anybody may have made, within limits."""

import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import IO, BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

import zstandard

from cardwright.importing.unreadable import EXPORT_AGAIN, UnreadableDeck

_MB = 1 << 20
INDEX_LIMIT = 16 * _MB
"""Of the archive's list of its files, in bytes: enough for some 200,000 media."""
RATIO_LIMIT = 250
"""How many times larger than packed a file may be; texts shrink to a tenth, repeated ones to a fiftieth."""
FREE_SIZE = 64 * _MB
"""What a file may have in any case, in bytes."""

_END_OF_INDEX = b"PK\x05\x06"
_END_OF_INDEX_64 = b"PK\x06\x06"
_LOCATOR_64 = b"PK\x06\x07"
_ENCRYPTED = 1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The two that Anki reads too."""

# What Python raises where an archive or a file in it is damaged.
_DAMAGE = (
    BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
    NotImplementedError,
    struct.error,
    ValueError,
    OverflowError,
)


class Archive:
    """An archive that is open. Nothing of it is ever written by the names that it has."""

    def __init__(
        self, path: str, archive: ZipFile, entries: Mapping[str, ZipInfo], repeated: frozenset[str]
    ) -> None:
        """path: as shown to the user. repeated: names that more than one file has."""
        self.path = path
        self.entries = entries
        self.repeated = repeated
        self._archive = archive

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def open(self, name: str, limit: int, *, is_zstd: bool = False) -> IO[bytes]:
        """Return a reader of a file's bytes.

        limit: of its size as unpacked, in bytes.
        is_zstd: whether it is also compressed by Zstandard.

        Errors: UnreadableDeck, also while it is read.
        """
        entry = self.entries[name]
        shown = f"`{name}` in it"
        if entry.flag_bits & _ENCRYPTED:
            raise UnreadableDeck(
                self.path, "the package has a password", "unpack it, and pack it without a password"
            )
        if entry.compress_type not in _METHODS:
            raise UnreadableDeck(self.path, f"{shown} is packed in a way that Anki can't read", EXPORT_AGAIN)
        try:
            packed: IO[bytes] = self._archive.open(entry)
        except (*_DAMAGE, OSError) as error:
            raise self._damaged(name) from error
        if is_zstd:
            packed = zstandard.ZstdDecompressor(max_window_size=128 * _MB).stream_reader(
                packed, read_across_frames=True
            )
        bomb_limit = max(FREE_SIZE, RATIO_LIMIT * entry.compress_size)
        return io.BufferedReader(_LimitedReader(self, name, packed, min(limit, bomb_limit)), 1 << 16)

    def read(self, name: str, limit: int, *, is_zstd: bool = False) -> bytes:
        """Return a file's bytes; see `open`."""
        with self.open(name, limit, is_zstd=is_zstd) as file:
            return file.read()

    def _damaged(self, name: str) -> UnreadableDeck:
        return UnreadableDeck(self.path, f"`{name[:30]}` in the package is damaged", EXPORT_AGAIN)


class _LimitedReader(io.RawIOBase):
    """Reads a file of an archive up to a limit, and tells of damage as a user understands it."""

    def __init__(self, archive: Archive, name: str, file: IO[bytes], limit: int) -> None:
        self._archive = archive
        self._name = name
        self._file = file
        self._limit = limit
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override] # any buffer does
        try:
            data = self._file.read(len(buffer))
        except (*_DAMAGE, OSError, zstandard.ZstdError) as error:
            raise self._archive._damaged(self._name) from error  # noqa: SLF001  of this module
        self._size += len(data)
        if self._size > self._limit:
            limit = f"{self._limit / _MB:,.0f} MB"
            message = f"`{self._name[:30]}` in the package unpacks to more than {limit}"
            raise UnreadableDeck(self._archive.path, message, "take the package from where you trust it")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


@contextmanager
def open_archive(path: str, file: Path) -> Iterator[Archive]:
    """Open a zip archive.

    path: as shown to the user.

    Errors: UnreadableDeck if it is no archive, damaged, or made to do harm; OSError if it can't be read.
    """
    with file.open("rb") as opened:
        size = _index_size(opened)
        if size is None:
            raise UnreadableDeck(path, "the package is incomplete: its end is missing", EXPORT_AGAIN)
        if size > INDEX_LIMIT:
            message = f"the package lists more files than {INDEX_LIMIT // _MB} MB can name"
            raise UnreadableDeck(path, message, "take out media that no note uses, and export it again")
        try:
            archive = ZipFile(opened)
        except _DAMAGE as error:
            raise UnreadableDeck(path, "the package's list of its files is damaged", EXPORT_AGAIN) from error
        with archive:
            entries = archive.infolist()
            if _overlap(entries):
                message = "files in the package overlap, so that it unpacks to far more than it is"
                raise UnreadableDeck(path, message, "take the package from where you trust it")
            counts = Counter(entry.filename for entry in entries)
            repeated = frozenset(name for name, count in counts.items() if count > 1)
            yield Archive(path, archive, {entry.filename: entry for entry in entries}, repeated)


def _index_size(file: BinaryIO) -> int | None:
    """Return the size in bytes of an archive's list of files; None if it has no end.

    Python's own reader needs hundreds of bytes for each file in it, before it tells how many there are.
    Source: APPNOTE.TXT of PKWARE, 4.3.14 to 4.3.16.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - (1 << 16) - 22))
    tail = file.read()
    end = tail.rfind(_END_OF_INDEX)
    if end < 0 or len(tail) < end + 22:
        return None
    (index_size,) = struct.unpack_from("<L", tail, end + 12)
    if end >= 20 and tail.startswith(_LOCATOR_64, end - 20):
        (position,) = struct.unpack_from("<Q", tail, end - 12)
        if position < size:
            file.seek(position)
            record = file.read(56)
            if len(record) == 56 and record.startswith(_END_OF_INDEX_64):
                (index_size_64,) = struct.unpack_from("<Q", record, 40)
                return max(int(index_size_64), index_size if index_size != 0xFFFFFFFF else 0)
    return int(index_size)


def _overlap(entries: list[ZipInfo]) -> bool:
    """Return whether two files share bytes of the archive, which makes a bomb of a few bytes."""
    places = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    return any(start + size + 30 > next_start for (start, size), (next_start, _) in pairwise(places))
