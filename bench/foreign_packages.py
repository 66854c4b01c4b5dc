"""Packages of Anki to be read, with many notes and large media."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from zipfile import ZIP_STORED, ZipFile

import zstandard

from bench.measuring import CARDWRIGHT, RUNS, SCRIPTS, Measurement, Project, best_times

NOTE_COUNT = 50_000
MEDIA_COUNT = 2048
MEDIA_SIZE = 1 << 20
"""Of a file, in bytes."""
IMPORTED_COUNT = 20_000
"""Of notes that are imported."""

_WORDS = ("the", "origin", "of", "a", "muscle", "lies", "nearer", "to", "trunk", "than", "its", "insertion")
_FIELD = {"sticky": False, "rtl": False, "font": "Arial", "size": 20}


def measure(project: Project) -> Iterator[Measurement]:
    """Yield the CPU time of reading as a ratio, and memory."""
    path = project.folder / "large.apkg"
    write_package(path)
    script = (sys.executable, str(SCRIPTS / "read_package.py"), str(path))
    times = best_times(
        {
            "reading": lambda: project.run(script),
            "plain script": lambda: project.run_script("plain_read.py", path),
        }
    )
    what = f"{NOTE_COUNT:,} notes and {MEDIA_COUNT * MEDIA_SIZE >> 30:.0f} GB of media read from a package"
    name = f"{what}, where sqlite3 and zipfile take 1"
    yield Measurement(name, times["reading"] / times["plain script"], limit=2)
    yield Measurement(f"{what}, peak memory", project.peak_memory(script), "MB", limit=100)
    yield from _measure_imports(project)


def _measure_imports(project: Project) -> Iterator[Measurement]:
    """Yield the CPU times of an import and a pull as ratios."""
    package = project.folder / "notes.apkg"
    project.run_script("anki_notes.py", project.folder, str(IMPORTED_COUNT))
    project.write_sources({})

    def import_package() -> None:
        shutil.rmtree(project.sources, ignore_errors=True)
        project.run([CARDWRIGHT, "import", str(package)])

    times = best_times({"import": import_package})
    anki = min(_seconds_of_anki(package) for _ in range(RUNS))
    what = f"{IMPORTED_COUNT:,} notes imported"
    yield Measurement(f"{what}, where Anki's own import takes 1", times["import"] / anki, limit=4)
    project.run([CARDWRIGHT, "build", "--only", "anki"])
    times |= best_times({"pull": lambda: project.run([CARDWRIGHT, "pull", str(package)])})
    name = f"a pull that finds nothing new in {IMPORTED_COUNT:,} notes, where their import takes 1"
    yield Measurement(name, times["pull"] / times["import"], limit=1.2)


def _seconds_of_anki(package: Path) -> float:
    """Return how long an import keeps a core busy, without the start of the program."""
    script = (sys.executable, str(SCRIPTS / "anki_import.py"), str(package))
    return float(subprocess.run(script, check=True, capture_output=True, text=True).stdout)


def write_package(path: Path) -> None:
    """Write a package as new versions of Anki do."""
    random = Random(1)
    block = random.randbytes(MEDIA_SIZE - 8)
    compressor = zstandard.ZstdCompressor(1)
    entries = b""
    with ZipFile(path, "w", ZIP_STORED) as file:
        file.writestr("meta", b"\x08\x03")
        file.writestr("collection.anki21b", compressor.compress(_database(random)))
        for number in range(MEDIA_COUNT):
            file.writestr(str(number), compressor.compress(number.to_bytes(8) + block))
            name = f"picture-{number}.png".encode()
            entry = bytes([10, len(name)]) + name
            entries += bytes([10, len(entry)]) + entry
        file.writestr("media", compressor.compress(entries))


def _database(random: Random) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE col (ver INTEGER, models TEXT, decks TEXT)")
    connection.execute(
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, guid TEXT, mid INTEGER, mod INTEGER, tags TEXT,"
        " flds TEXT)"
    )
    connection.execute(
        "CREATE TABLE cards (id INTEGER PRIMARY KEY, nid INTEGER, did INTEGER, ord INTEGER, type INTEGER,"
        " due INTEGER, odue INTEGER, odid INTEGER)"
    )
    template = {"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{Back}}"}
    note_type = {"id": 1, "name": "Basic", "type": 0, "mod": 1, "usn": 0, "sortf": 0, "did": None, "css": ""}
    note_type |= {"flds": [{"name": name, **_FIELD} for name in ("Front", "Back")], "tmpls": [template]}
    decks = {"1": {"id": 1, "name": "Muscles"}}
    connection.execute("INSERT INTO col VALUES (11, ?, ?)", (json.dumps({"1": note_type}), json.dumps(decks)))
    for number in range(1, NOTE_COUNT + 1):
        front, back = (" ".join(random.choices(_WORDS, k=count)) for count in (12, 40))
        picture = f'<img src="picture-{number % MEDIA_COUNT}.png">'
        fields = f"{front}\x1f{back}{picture}"
        connection.execute(
            "INSERT INTO notes VALUES (?, ?, 1, 1, 'a b', ?)", (number, f"guid-{number}", fields)
        )
        connection.execute("INSERT INTO cards VALUES (?, ?, 1, 0, 0, ?, 0, 0)", (number, number, number))
    connection.commit()
    return connection.serialize()
