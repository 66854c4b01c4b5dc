"""The measurements of `make bench` compare like with like."""

import json
import re
import sqlite3
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from bench import plain_script
from bench.varied_decks import edit_one_card, varied_deck
from tests.support.builds import build_deck

# Fields, tags and ordinals of the cards.
Note = tuple[dict[str, str], frozenset[str], frozenset[int]]


def read_notes(package: bytes) -> dict[str, Note]:
    """Return the notes of a package by their field `Key`, without empty fields and names of pictures."""
    with ZipFile(BytesIO(package)) as file:
        (name,) = (name for name in file.namelist() if name.startswith("collection.anki2"))
        connection = sqlite3.connect(":memory:")
        connection.deserialize(file.read(name))
    ((models,),) = connection.execute("SELECT models FROM col")
    names = {
        int(id_): [field["name"] for field in model["flds"]] for id_, model in json.loads(models).items()
    }
    notes: dict[str, Note] = {}
    for note_id, type_id, values, tags in connection.execute("SELECT id, mid, flds, tags FROM notes"):
        fields = {
            name: re.sub(r' src="[^"]*"|(?<=") /(?=>)', "", value)
            for name, value in zip(names[type_id], values.split("\x1f"), strict=True)
            if value
        }
        ordinals = frozenset(
            number for (number,) in connection.execute("SELECT ord FROM cards WHERE nid = ?", [note_id])
        )
        notes[fields["Key"]] = (fields, frozenset(tags.split()), ordinals)
    connection.close()
    return notes


@pytest.mark.parametrize("file_count", [1, 3])
@pytest.mark.parametrize("syntax", ["plain", "markdown"])
def test_the_plain_script_builds_the_notes_that_cardwright_builds(
    syntax: str, file_count: int, tmp_path: Path
) -> None:
    files = varied_deck(200, is_marked_up=syntax == "markdown", file_count=file_count)
    sources = {path: text for path, text in files.items() if path.endswith(".yaml")}
    media = {f"cards_source/{path}": text.encode() for path, text in files.items() if path not in sources}
    for path, text in sources.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    target = tmp_path / "plain.apkg"
    plain_script.main(syntax, str(target), *(str(tmp_path / path) for path in sources))

    build = build_deck(sources, media=media)
    assert [
        diagnostic for diagnostic in build.result.report if not diagnostic.code.startswith("unused-")
    ] == []
    assert read_notes(target.read_bytes()) == read_notes(build.package)


def test_an_edit_changes_one_note() -> None:
    files = varied_deck(200, file_count=3)
    first = build_deck(files)
    second = build_deck(edit_one_card(files, 1), first)

    (summary,) = second.result.summaries
    assert (summary.new, summary.changed, summary.retired) == (0, 1, 0)
