"""Reads files of a zip archive that anybody may have made, within limits."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import IO, BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

import zstandard

from cardwright.diagnostics.phrases import truncate
from cardwright.importing.unreadable import EXPORT_AGAIN, DamagedFile, UnreadableDeck

_MB = 1 << 20
INDEX_LIMIT = 16 * _MB
"""Of the archive's list of its files, in bytes."""
FILE_LIMIT = 150_000
"""The most files: each takes a kilobyte of memory. Who has made many notes has some 50,000 media."""
RATIO_LIMIT = 250
"""How many times larger than packed a file may be; texts shrink to a tenth, repeated ones to a fiftieth."""
FREE_SIZE = 64 * _MB
"""What a file may have in any case, in bytes."""
TOTAL_RATIO_LIMIT = 20
FREE_TOTAL = 1024 * _MB
"""The same for all files together; pictures and sounds hardly shrink."""
_WINDOW_LIMIT = 128 * _MB
"""What Zstandard may keep in memory of what it has unpacked, in bytes."""

_INDEX_ENTRY = b"PK\x01\x02"
_END_OF_INDEX = b"PK\x05\x06"
_END_OF_INDEX_64 = b"PK\x06\x06"
_LOCATOR_64 = b"PK\x06\x07"
_END_SIZE, _LOCATOR_SIZE, _END_SIZE_64 = 22, 20, 56
_SEE_64 = 0xFFFFFFFF
"""In place of a size that only the record for large archives can hold."""
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

    def __init__(self, path: str, archive: ZipFile, size: int) -> None:
        """path: as shown to the user. size: of the archive in bytes.

        entries: by name. repeated: names that more than one file has.
        """
        self.path = path
        self.entries: dict[str, ZipInfo] = {}
        repeated: set[str] = set()
        for entry in archive.infolist():
            if entry.filename in self.entries:
                repeated.add(entry.filename)
            self.entries[entry.filename] = entry
        self.repeated = frozenset(repeated)
        self._archive = archive
        self._total_limit = FREE_TOTAL + TOTAL_RATIO_LIMIT * size
        self._unpacked_sizes: dict[str, int] = {}
        self._unpacked_total = 0

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def open(self, name: str, limit: int, *, is_zstd: bool = False, shown_name: str = "") -> IO[bytes]:
        """Return a reader of a file's bytes.

        limit: of its size as unpacked, in bytes.
        is_zstd: whether it is also compressed by Zstandard.
        shown_name: by which the user knows it, if not by that in the archive.

        Errors: UnreadableDeck, also while it is read; DamagedFile if no other file need be damaged.
        """
        entry = self.entries[name]
        shown = truncate(shown_name or name, 24)
        if entry.flag_bits & _ENCRYPTED:
            help_ = "unpack it, and pack it without a password"
            raise UnreadableDeck(self.path, "the package has a password", help_)
        if entry.compress_type not in _METHODS:
            message = f"`{shown}` in it is packed in a way that Anki can't read"
            raise UnreadableDeck(self.path, message, EXPORT_AGAIN)
        try:
            packed: IO[bytes] = self._archive.open(entry)
        except (*_DAMAGE, OSError) as error:
            raise self.damaged(shown) from error
        if is_zstd:
            decompressor = zstandard.ZstdDecompressor(max_window_size=_WINDOW_LIMIT)
            packed = decompressor.stream_reader(packed, read_across_frames=True)
        bomb_limit = max(FREE_SIZE, RATIO_LIMIT * entry.compress_size)
        reader = _LimitedReader(self, entry, packed, min(limit, bomb_limit), shown)
        return io.BufferedReader(reader, 1 << 16)

    def read(self, name: str, limit: int, *, is_zstd: bool = False) -> bytes:
        """Return a file's bytes; see `open`."""
        with self.open(name, limit, is_zstd=is_zstd) as file:
            return file.read()

    def count_unpacked(self, entry: ZipInfo, size: int) -> None:
        """Note how much of a file has been unpacked, in bytes. A file that is read again counts once.

        Errors: UnreadableDeck if it is too much of all files together.
        """
        earlier_size = self._unpacked_sizes.get(entry.filename, 0)
        if size > earlier_size:
            self._unpacked_sizes[entry.filename] = size
            self._unpacked_total += size - earlier_size
        if self._unpacked_total > self._total_limit:
            raise self.bomb("the package", self._total_limit)

    def bomb(self, what: str, limit: int) -> UnreadableDeck:
        """Return the error for what unpacks to more than a limit, in bytes."""
        message = f"{what} unpacks to more than {limit / _MB:,.0f} MB"
        return UnreadableDeck(self.path, message, "take the package from where you trust it")

    def damaged(self, shown_name: str) -> DamagedFile:
        """Return the error for a file that is damaged."""
        return DamagedFile(self.path, f"`{shown_name}` in the package is damaged", EXPORT_AGAIN)


class _LimitedReader(io.RawIOBase):
    """Reads a file of an archive up to a limit, and tells of damage as a user understands it."""

    def __init__(
        self, archive: Archive, entry: ZipInfo, file: IO[bytes], limit: int, shown_name: str
    ) -> None:
        self._archive = archive
        self._entry = entry
        self._file = file
        self._limit = limit
        self._shown_name = shown_name
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override] # any buffer does
        try:
            size: int = self._file.readinto(buffer)  # type: ignore[attr-defined]  # both kinds of files have it
        except (*_DAMAGE, OSError, zstandard.ZstdError) as error:
            raise self._archive.damaged(self._shown_name) from error
        self._size += size
        if self._size > self._limit:
            raise self._archive.bomb(f"`{self._shown_name}` in the package", self._limit)
        self._archive.count_unpacked(self._entry, self._size)
        return size

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
        message = ""
        if size > INDEX_LIMIT:
            message = f"the package lists more files than {INDEX_LIMIT // _MB} MB can name"
        elif _count_files(opened, size) > FILE_LIMIT:
            message = f"the package has more than {FILE_LIMIT:,} files"
        if message:
            raise UnreadableDeck(path, message, "take out media that no note uses, and export it again")
        try:
            archive = ZipFile(opened)
        except _DAMAGE as error:
            raise UnreadableDeck(path, "the package's list of its files is damaged", EXPORT_AGAIN) from error
        with archive:
            if _overlap(archive.infolist()):
                message = "files in the package overlap, so that it unpacks to far more than it is"
                raise UnreadableDeck(path, message, "take the package from where you trust it")
            yield Archive(path, archive, file.stat().st_size)


def _index_size(file: BinaryIO) -> int | None:
    """Return the size in bytes of an archive's list of files; None if it has no end.

    Python's own reader needs hundreds of bytes for each file in it, before it tells how many there are.
    Source: APPNOTE.TXT of PKWARE, 4.3.14 to 4.3.16.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - (1 << 16) - _END_SIZE - _LOCATOR_SIZE - _END_SIZE_64))
    tail = file.read()
    end = tail.rfind(_END_OF_INDEX)
    if end < 0 or len(tail) < end + _END_SIZE:
        return None
    sizes: list[int] = [struct.unpack_from("<L", tail, end + 12)[0]]
    if end >= _LOCATOR_SIZE and tail.startswith(_LOCATOR_64, end - _LOCATOR_SIZE):
        # Some versions of Python look where the locator says, others before it.
        (position,) = struct.unpack_from("<Q", tail, end - _LOCATOR_SIZE + 8)
        file.seek(min(position, size))
        before = max(0, end - _LOCATOR_SIZE - _END_SIZE_64)
        records = (file.read(_END_SIZE_64), tail[before : before + _END_SIZE_64])
        sizes += [
            struct.unpack_from("<Q", record, 40)[0]
            for record in records
            if len(record) == _END_SIZE_64 and record.startswith(_END_OF_INDEX_64)
        ]
    return max(sizes[1:] if sizes[0] == _SEE_64 and len(sizes) > 1 else sizes)


def _count_files(file: BinaryIO, index_size: int) -> int:
    """Return how many files an archive lists, or a number that is a little larger.

    index_size: of the list, in bytes, which is right before the end of the archive.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - (1 << 16) - _END_SIZE - _LOCATOR_SIZE - _END_SIZE_64 - index_size))
    return file.read().count(_INDEX_ENTRY)


def _overlap(entries: list[ZipInfo]) -> bool:
    """Return whether two files share bytes of the archive, which makes a bomb of a few bytes."""
    places = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    return any(start + size + 30 > next_start for (start, size), (next_start, _) in pairwise(places))
