"""From the sources to a learner's collection: the hamstring deck, the command, and real Anki."""

import shutil
import sqlite3
import zipfile
from pathlib import Path

import pypdfium2
import pytest

from tests.support.commands import COMMAND, read_files, run_python
from tests.support.paths import ROOT
from tests.support.real_anki import Imported, new_learner

pytestmark = pytest.mark.anki

DECK = "hamstrings"
NOTES = 307


def build(project: Path, *options: str, **variables: str) -> None:
    """Run `cardwright build` in a process of its own. variables: of its environment."""
    result = run_python(COMMAND, "build", *options, folder=project, **variables)
    assert result.code == 0, result.err


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the sources and the lock, with nothing built yet."""
    shutil.copytree(ROOT / "cards_source", tmp_path / "project" / "cards_source")
    return tmp_path / "project"


@pytest.fixture
def package(project: Path) -> Path:
    """The package of the project, just built."""
    build(project, "--only", "anki")
    return project / "decks" / DECK / f"{DECK}.apkg"


def test_an_edit_of_one_answer_is_one_updated_note(project: Path, package: Path, tmp_path: Path) -> None:
    """An import of an unchanged package updates nothing, and no schedule is ever lost."""
    with new_learner(tmp_path / "profile") as student:
        assert student.import_package(package.read_bytes()) == Imported(NOTES, 0, 0, 0)
        assert student.import_package(package.read_bytes()) == Imported(0, 0, NOTES, 0)
        student.study_all_cards()
        before = student.progress()

        source = project / "cards_source" / DECK / "names.yaml"
        source.write_text(source.read_text().replace("    a: Three\n", "    a: Three, no more\n"))
        build(project, "--only", "anki")

        assert student.import_package(package.read_bytes()) == Imported(0, 1, NOTES - 1, 0)
        student.assert_unchanged(before)
        assert "Three, no more" in student.sides("names-count").back
        assert student.empty_cards() == []


def test_reordering_files_and_cards_updates_no_note(project: Path, package: Path, tmp_path: Path) -> None:
    with new_learner(tmp_path / "profile") as student:
        before = student.study_package(package.read_bytes())

        folder = project / "cards_source" / DECK
        deck = folder / "deck.yaml"
        deck.write_text(
            deck.read_text().replace("  - grades.yaml\n", "").replace("files:\n", "files:\n  - grades.yaml\n")
        )
        head, first, second, rest = (folder / "names.yaml").read_text().split("  - id: ", 3)
        (folder / "names.yaml").write_text(f"{head}  - id: {second}  - id: {first}  - id: {rest}")
        build(project, "--only", "anki")

        assert student.import_package(package.read_bytes()) == Imported(0, 0, NOTES, 0)
        assert student.progress() == before


def test_a_build_on_another_day_under_another_hash_seed_is_the_same(project: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(project, copy)
    day = {"SOURCE_DATE_EPOCH": "1800000000"}

    build(project, PYTHONHASHSEED="1", TZ="Asia/Tokyo", **day)
    first = read_files(project)
    build(copy, PYTHONHASHSEED="2", TZ="America/Lima", **day)
    assert read_files(copy) == first
    build(project, "--locked", PYTHONHASHSEED="3", SOURCE_DATE_EPOCH="1900000000")

    assert read_files(project) == first
    assert {path.rsplit(".", 1)[1] for path in first} == {"yaml", "lock", "apkg", "pdf", "md", "svg", "html"}


def test_the_committed_deck_is_what_the_sources_build(project: Path) -> None:
    """Compared by content, since compressors differ from one system to another."""
    build(project, "--locked")

    built, committed = project / "decks" / DECK / DECK, ROOT / "decks" / DECK / DECK
    assert _entries(committed.with_suffix(".apkg")) == _entries(built.with_suffix(".apkg"))
    assert _pages(committed.with_suffix(".pdf")) == _pages(built.with_suffix(".pdf"))


def _entries(package: Path) -> dict[str, object]:
    """Return the content of a package by name, with the database as SQL, since its bytes depend on SQLite."""
    archive = zipfile.ZipFile(package)
    entries: dict[str, object] = {name: archive.read(name) for name in archive.namelist()}
    database = sqlite3.connect(":memory:")
    database.deserialize(archive.read("collection.anki2"))
    entries["collection.anki2"] = list(database.iterdump())
    database.close()
    return entries


def _pages(pdf: Path) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
