"""A learner's package may hold anything; nothing of it gets in that a card can't have."""

import json
import re
import zipfile
from pathlib import Path

import pytest

from cardwright.formats.anki.released import read_package
from cardwright.importing.collection import AnkiCollection
from cardwright.record import replace
from tests.pulling.test_places import HEAD
from tests.support.anki_editor import rewrite_in_editor
from tests.support.builds import DAY, NOW, build_deck
from tests.support.edited_notes import Edited, export_notes, pull_notes, pulled_sources
from tests.support.pulls import LONG_AGO, Project, new_student

SOURCES = {"legs.yaml": f"{HEAD}cards:\n  - {{id: a, q: What?, a: Old, extra: More}}\n"}

HOSTILE = {
    "a script": "New<script>alert(1)</script>",
    "a handler": 'New<img src="data:image/png;base64,AAAA" onerror="alert(1)">',
    "a frame": 'New<iframe src="https://example.com"></iframe>',
    "a form": '<form action="https://example.com">New<input name="x"></form>',
    "a link that runs": '<a href="javascript:alert(1)">New</a>',
    "a style that loads": '<span style="background: url(https://example.com/x.png)">New</span>',
    "a style sheet": "New<style>body { display: none }</style>",
    "a drawing": '<svg onload="alert(1)"><script>alert(1)</script></svg>New',
    "LaTeX": "New [latex]\\input{/etc/passwd}[/latex]",
    "YAML": "New\n  - {id: x, q: Injected, a: Injected}",
    "signs of YAML": '"New": [{x}] # & *a !!python/object',
    "a deletion": "New {{c1::x}}",
    "Markdown": "New <b>*</b>[x](javascript:alert) `code` ![](../../x)",
    "control characters": "New \u202eabc\u202c \u0085",
    "a path": '<img src="../../../etc/passwd"> New',
    "a sound elsewhere": "New [sound:/etc/passwd]",
}


FORBIDDEN = re.compile(
    r"""<(?:script|iframe|form|input|style|svg)|<[^>]*(?:\son\w+=|javascript:|url\()"""
    r"""|src="(?!data:image/)[^"]*/""",
    re.IGNORECASE,
)


@pytest.mark.parametrize("kind", HOSTILE)
def test_html_that_could_do_harm_does_not_get_in(kind: str) -> None:
    """What is taken can be built, and the next pull finds nothing that this one has taken."""
    build = build_deck(SOURCES)
    export = export_notes(build, {"a": Edited({"Answer": HOSTILE[kind]})}, time=NOW + DAY)

    result = pull_notes(SOURCES, build, export)

    pulled = pulled_sources(SOURCES, result)
    again = build_deck(pulled, build, now=NOW + 2 * DAY)
    assert again.result.files, again.messages
    (answer,) = (note.values[1] for note in read_package(again.package).notes.values())
    assert not FORBIDDEN.search(answer)
    assert pulled["legs.yaml"].count("\n  - ") == 1


def test_a_file_of_any_name_goes_to_the_folder_of_media() -> None:
    build = build_deck(SOURCES)
    name = "../../x y\\..:con.svg"
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    edit = Edited({"Answer": f'Old <img src="{name}" alt="x">'})
    export = export_notes(build, {"a": edit}, time=NOW + DAY, media={name: svg})

    result = pull_notes(SOURCES, build, export)

    (path,) = result.files.keys() - {"cards_source/legs.yaml", "cards_source/legs.lock"}
    assert path.startswith("cards_source/media/")
    assert {"..", "."}.isdisjoint(path.split("/"))
    assert re.fullmatch(r"[\w./-]+", path)


def test_a_time_in_the_future_is_not_taken_over() -> None:
    build = build_deck(SOURCES)
    export = export_notes(build, {"a": Edited({"Answer": "New"})}, time=NOW + DAY)
    (note,) = export.notes
    future = AnkiCollection(export.types, export.decks, [replace(note, mod=2**62)], 1, {})

    result = pull_notes(SOURCES, build, future)

    assert b'"mod":1700000000' in result.files["cards_source/legs.lock"]


def test_the_stub_in_a_package_is_never_read(tmp_path: Path) -> None:
    """New packages have a `collection.anki2`, too, with one note that asks to update Anki."""
    project = Project(tmp_path / "project")
    project.write(SOURCES)
    with new_student(tmp_path / "anki", project.build(LONG_AGO)) as student:
        student.edit("a", Answer="New")
        package = student.export()
        with zipfile.ZipFile(package) as archive:
            assert {"collection.anki2", "collection.anki21b"} <= {*archive.namelist()}

        result = project.pull(package)

    assert (result.code, result.err) == (0, "")
    assert "a: New" in project.read("legs.yaml")
    assert "1 note in the export\n" in result.out


def test_what_the_editor_writes_anew_is_no_edit(tmp_path: Path) -> None:
    """Showing a note in the browser serialises its fields, and moves its `mod`."""
    texts = [
        "x & y < z",
        "*a* **b** `c`",
        "- one\n- two",
        "H<sub>2</sub>O",
        r"\(a < b\)",
        "a\u00a0b",
        "| a |\n|---|",
    ]
    cards = "".join(
        f"  - {{id: k{n}, q: Question {n}?, a: {json.dumps(text)}}}\n" for n, text in enumerate(texts)
    )
    sources = {"legs.yaml": f"{HEAD}cards:\n{cards}"}
    build = build_deck(sources)
    assert build.files, build.messages
    export = export_notes(build, {}, time=NOW)
    rewritten = rewrite_in_editor([field for note in export.notes for field in note.fields], tmp_path)
    fields = iter(rewritten)
    notes = [
        replace(note, mod=NOW + DAY, fields=tuple(next(fields) for _ in note.fields)) for note in export.notes
    ]

    result = pull_notes(sources, build, AnkiCollection(export.types, export.decks, notes, len(notes), {}))

    assert not [*result.files, *result.left]
