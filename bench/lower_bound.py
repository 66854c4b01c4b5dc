"""The least that any tool has to do: read the events of the YAML, fill the tables at once, compress.

Arguments: a YAML file with `cards`, and the zip to write.
"""

import sqlite3
import sys
import zipfile
from pathlib import Path

import yaml

if __name__ == "__main__":
    source, target = sys.argv[1:]
    parser = yaml.CBaseLoader(Path(source).read_text(encoding="utf-8"))
    texts = []
    while (event := parser.get_event()) is not None:
        if isinstance(event, yaml.ScalarEvent):
            texts.append(event.value)
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, guid TEXT, flds TEXT)")
    connection.execute("CREATE TABLE cards (id INTEGER PRIMARY KEY, nid INTEGER)")
    note_count = len(texts) // 11
    notes = ((n, str(n), "\x1f".join(texts[n * 11 : n * 11 + 11])) for n in range(note_count))
    connection.executemany("INSERT INTO notes VALUES (?, ?, ?)", notes)
    connection.executemany("INSERT INTO cards VALUES (?, ?)", ((n, n) for n in range(note_count)))
    connection.commit()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
        file.writestr("collection.anki2", connection.serialize())
