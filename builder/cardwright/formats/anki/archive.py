"""The file around a package: a zip whose bytes depend on nothing but its contents."""

import json
from collections.abc import Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cardwright.collection.media import MediaFile

_LEVEL = 5
"""Of deflate. Measured on 20,000 notes: 4 makes the file 4 % larger; 6 makes it 2 % smaller, but takes
two thirds longer."""

_UNIX = 3
_READABLE_BY_ALL = 0o644 << 16
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def archive(database: bytes, media: Sequence[MediaFile]) -> bytes:
    """The package's file.

    database: an SQLite database with Anki's schema 11, the one every Anki can read.
    media: each once; inside they have numbers for names, and a table tells which is which.

    Source: Anki, rslib/src/import_export/package/meta.rs and media.rs.
    """
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        names = {str(number): media_file.name for number, media_file in enumerate(media)}
        _add(archive, "collection.anki2", database)
        _add(archive, "media", json.dumps(names).encode())
        for number, media_file in enumerate(media):
            _add(archive, str(number), media_file.data)
    return file.getvalue()


def _add(archive: ZipFile, name: str, data: bytes) -> None:
    # Date, mode and system would otherwise be those of this minute and this machine.
    info = ZipInfo(name, _EARLIEST)
    info.create_system = _UNIX
    info.external_attr = _READABLE_BY_ALL
    archive.writestr(info, data, ZIP_DEFLATED, _LEVEL)
