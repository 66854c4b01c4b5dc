"""The zip file of a package, whose bytes depend on nothing but its contents.

The database of a big deck is compressed in parts that begin where the content of a page says so, wherever
the page lies. So an edit changes one or two of them, and the others are known from the build before: to
compress them all takes a sixth of the time in which such a deck is built again.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from io import SEEK_END, BytesIO
from itertools import islice
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cardwright.collection.content import MediaFile
from cardwright.formats.outputs import TemporaryFile
from cardwright.source.cache import Cache, make_key

# Deflate's level. Measured on 20,000 notes: 4 makes the file 4 % larger; 6 makes it 2 % smaller, but
# takes two thirds longer.
_DEFLATE_LEVEL = 5
# What makes zlib write neither a header nor a checksum, which a zip file has itself.
_RAW_DEFLATE = -15
_WINDOW = 2**15
"""In bytes: so far back deflate finds what it has seen before."""

PAGE = 4096
"""In bytes, what a part consists of: a page of SQLite."""
AVERAGE_PART, LARGEST_PART = 16, 64
"""In pages. Parts of that size make a package 0.2 % larger."""
SMALL_FILE = 256
"""In pages: up to here a file is one part, which is compressed in 0.03 s."""
_BATCH = 64
"""How many parts are looked up together: they are all in memory."""

# Bytes in which SQLite stores its own version, which is no part of the deck.
# Source: "Database File Format", sqlite.org/fileformat2.html, section 1.3.
_SQLITE_VERSION = slice(96, 100)

_UNIX = 3
_READABLE_BY_ALL = 0o644 << 16
_EARLIEST_DATE = (1980, 1, 1, 0, 0, 0)


class _Part(NamedTuple):
    """Some pages of a database. window: what is before them, as far as deflate looks back."""

    window: bytes
    data: bytes
    is_last: bool

    @property
    def is_whole(self) -> bool:
        """Whether the database has no other parts; then nothing is kept of it."""
        return self.is_last and not self.window

    @property
    def key(self) -> str:
        """The key under which its compressed form is kept."""
        method = f"deflate {zlib.ZLIB_RUNTIME_VERSION} {_DEFLATE_LEVEL} {self.is_last}"
        return make_key(method.encode(), self.window, self.data)

    def compressed(self) -> bytes:
        """Return the part of a deflate stream that it is."""
        # Without a window this is what `zipfile` does.
        options = (_DEFLATE_LEVEL, zlib.DEFLATED, _RAW_DEFLATE, zlib.DEF_MEM_LEVEL, zlib.Z_DEFAULT_STRATEGY)
        deflate = zlib.compressobj(*options, self.window) if self.window else zlib.compressobj(*options)
        end = zlib.Z_FINISH if self.is_last else zlib.Z_SYNC_FLUSH
        return deflate.compress(self.data) + deflate.flush(end)


def zip_package(database: TemporaryFile, media: Sequence[MediaFile], cache: Cache) -> bytes:
    """Return the zip file of a package.

    database: an SQLite database with Anki's schema 11, which every version of Anki can read.
    media: each file once; in the zip file they are numbered, and the entry `media` maps numbers to names.
    cache: keeps the parts of the database as they are compressed; they are the same without it.

    Source: Anki, rslib/src/import_export/package/meta.rs and media.rs.
    """
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        names = {str(number): media_file.name for number, media_file in enumerate(media)}
        info = _entry("collection.anki2")
        size = checksum = 0
        with archive.open(info, "w") as entry:
            for part, compressed in _compress(_cut(_without_version(database.parts(PAGE))), cache):
                size, checksum = size + len(part.data), zlib.crc32(part.data, checksum)
                entry.write(compressed)
        # It was added as it is, since `zipfile` can't know that it is compressed already.
        info.compress_type, info.file_size, info.CRC = ZIP_DEFLATED, size, checksum
        buffer.seek(info.header_offset)
        buffer.write(info.FileHeader())
        buffer.seek(0, SEEK_END)
        _add_entry(archive, "media", json.dumps(names).encode())
        for number, media_file in enumerate(media):
            _add_entry(archive, str(number), media_file.data)
    return buffer.getvalue()


def _add_entry(archive: ZipFile, name: str, data: bytes) -> None:
    archive.writestr(_entry(name), data, ZIP_DEFLATED, _DEFLATE_LEVEL)


def _entry(name: str) -> ZipInfo:
    # Date, mode and system would otherwise be those of the current time and this machine.
    info = ZipInfo(name, _EARLIEST_DATE)
    info.create_system = _UNIX
    info.external_attr = _READABLE_BY_ALL
    return info


def _without_version(pages: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pages of a database without the version of SQLite."""
    for number, page in enumerate(pages):
        if number:
            yield page
        else:
            yield page[: _SQLITE_VERSION.start] + bytes(4) + page[_SQLITE_VERSION.stop :]


def _cut(pages: Iterable[bytes]) -> Iterator[_Part]:
    """Yield the pages of a file in parts, whose bounds are moved by no edit that is elsewhere."""
    window = b""
    current: list[bytes] = []
    for number, page in enumerate(pages):
        if number > SMALL_FILE and _begins_part(page, current):
            data = b"".join(current)
            yield _Part(window, data, is_last=False)
            window, current = (window + data)[-_WINDOW:], []
        current.append(page)
    yield _Part(window, b"".join(current), is_last=True)


def _begins_part(page: bytes, current: Sequence[bytes]) -> bool:
    return zlib.crc32(page) % AVERAGE_PART == 0 or len(current) >= LARGEST_PART


def _compress(parts: Iterator[_Part], cache: Cache) -> Iterator[tuple[_Part, bytes]]:
    """Yield each part with its compressed form."""
    while batch := list(islice(parts, _BATCH)):
        if batch[0].is_whole:
            yield batch[0], batch[0].compressed()
            return
        keys = [part.key for part in batch]
        known = cache.get(keys)
        new: dict[str, bytes] = {}
        for key, part in zip(keys, batch, strict=True):
            if (compressed := known.get(key)) is None:
                compressed = new[key] = part.compressed()
            yield part, compressed
        cache.put(new)
