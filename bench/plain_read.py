"""Read all notes and media of a package with the libraries alone, and no checks. Argument: the package."""

import sqlite3
import sys
from zipfile import ZipFile

import zstandard

if __name__ == "__main__":
    size = 0
    connection = sqlite3.connect(":memory:")
    with ZipFile(sys.argv[1]) as package:
        for entry in package.infolist():
            if entry.filename != "meta":
                with (
                    package.open(entry) as packed,
                    zstandard.ZstdDecompressor().stream_reader(packed) as file,
                ):
                    if entry.filename == "collection.anki21b":
                        connection.deserialize(file.read())
                    while part := file.read(1 << 20):
                        size += len(part)
        cards = dict(connection.execute("SELECT nid, group_concat(ord) FROM cards GROUP BY nid"))
        for note_id, _, tags, fields in connection.execute(
            "SELECT id, guid, tags, flds FROM notes ORDER BY id"
        ):
            size += sum(map(len, fields.split("\x1f"))) + len(tags.split()) + len(cards[note_id])
    print(size)
