"""What a rehearsal refuses: what is no package, a missing importer, a build that would lose something."""

import io
import os
import sqlite3
import struct
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from cardwright.cli import main
from cardwright.shell import package_guard
from tests.support.notes import deck, question, release
from tests.support.paths import IMPORT_PATH
from tests.support.plain_packages import plain_package

pytestmark = pytest.mark.anki

BIRDS = """\
deck: Birds
id: birds
cards:
  - {id: owl, q: Which bird hoots?, a: The owl}
  - {id: jay, q: Which bird is blue?, a: The jay}
"""
GOOD = release(deck(question("owl"), question("jay"))).package


def database() -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        return archive.read("collection.anki2")


def zipped(files: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def with_schema(version: int, folder: Path) -> bytes:
    """A package whose database says that it is of another schema."""
    path = folder / "schema.anki2"
    path.write_bytes(database())
    connection = sqlite3.connect(path)
    connection.execute("update col set ver = ?", (version,))
    connection.commit()
    connection.close()
    return zipped({"collection.anki2": path.read_bytes(), "media": b"{}"})


def flipped(data: bytes) -> bytes:
    """One byte of the first file's content is another."""
    name, extra = struct.unpack("<HH", data[26:30])
    place = 30 + name + extra + 200
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


def claiming(size: int) -> bytes:
    """A package that says its database unpacks to so many bytes."""
    data = bytearray(GOOD)
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", size)
    return bytes(data)


BAD = {
    "text": (b"Dear diary", "not-a-package"),
    "empty": (b"", "not-a-package"),
    "cut off": (GOOD[: len(GOOD) // 2], "not-a-package"),
    "another zip": (zipped({"letter.txt": b"Dear"}), "not-a-package"),
    "one byte": (flipped(GOOD), "damaged-package"),
    "newer form": (zipped({"meta": b"\x08\x04", "collection.anki21b": b""}), "package-too-new"),
    "much newer form": (zipped({"meta": b"\x08\xff\x01", "collection.anki21b": b""}), "package-too-new"),
    "no database": (zipped({"collection.anki2": b"Dear diary" * 99, "media": b"{}"}), "unreadable-package"),
    "media": (zipped({"collection.anki2": database(), "media": b"["}), "unreadable-package"),
    "bomb": (claiming(0xFFFF_FFF0), "package-too-large"),
}


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.apkg"
    path.write_bytes(GOOD)
    return path


def assert_refused(old: Path, new: Path, code: str, capsys: pytest.CaptureFixture[str]) -> str:
    before = sorted(old.parent.rglob("*"))
    for form in ("text", "json"):
        assert main.run(["rehearse", str(old), str(new), "--format", form]) == 1
    out, err = capsys.readouterr()

    assert out == ""
    assert err.count(f"error[{code}]: ") == 2
    assert sorted(old.parent.rglob("*")) == before
    return err


@pytest.mark.parametrize(("data", "code"), BAD.values(), ids=BAD)
def test_what_cannot_be_imported_is_named(
    good: Path, capsys: pytest.CaptureFixture[str], data: bytes, code: str
) -> None:
    """In either place, in plain words, and nothing is left behind."""
    bad = good.parent / "bad.apkg"
    bad.write_bytes(data)

    for pair in ((bad, good), (good, bad)):
        assert f" --> {bad}" in assert_refused(*pair, code, capsys)


def test_a_database_of_a_newer_anki_is_named(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Anki itself says so; it is told what to do about it."""
    newer = good.parent / "newer.apkg"
    newer.write_bytes(with_schema(19, good.parent))

    assert "pip install --upgrade anki" in assert_refused(good, newer, "package-too-new", capsys)


def test_a_package_of_another_deck_is_named(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It would lose nothing, and that would say nothing."""
    other = plain_package(good.parent / "other.apkg", {"guid": ["Q", "A"]})

    assert "the old one is" in assert_refused(good, other, "another-deck", capsys)


def test_a_package_that_is_not_there_is_a_wrong_call(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As is a folder."""
    assert main.run(["rehearse", str(good), str(good.with_name("none.apkg"))]) == 2
    assert "none.apkg" in capsys.readouterr().err
    assert main.run(["rehearse", str(good), str(good.parent)]) == 2


def test_too_many_files_are_too_many(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits are far beyond any deck, so here they are lowered."""
    assert package_guard.look_at(good, "good.apkg") is None
    monkeypatch.setattr(package_guard, "FILES", 1)
    found = package_guard.look_at(good, "good.apkg")
    assert found
    assert found.code == "package-too-large"


def test_what_unpacks_to_far_more_than_it_is_is_refused(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small packages may, since they do no harm."""
    path = good.with_name("zeros.apkg")
    path.write_bytes(zipped({"collection.anki2": bytes(1_000_000), "media": b"{}"}))

    assert package_guard.look_at(path, "zeros.apkg") is None
    monkeypatch.setattr(package_guard, "HARMLESS", 1000)
    found = package_guard.look_at(path, "zeros.apkg")
    assert found
    assert found.code == "package-too-large"


def test_without_ankis_importer_the_way_to_it_is_told(good: Path) -> None:
    """The tool itself does without; only a rehearsal asks for it, before anything else is done."""
    blocked = "import sys; sys.modules['anki'] = None; from cardwright.cli.main import main; main()"
    folder = good.parent
    (folder / "cards_source").mkdir()
    (folder / "cards_source/birds.yaml").write_text(BIRDS)
    environment = {**os.environ, "PYTHONPATH": IMPORT_PATH}
    for arguments in (["rehearse", str(good), str(good)], ["build", "--rehearse"]):
        done = subprocess.run(
            [sys.executable, "-c", blocked, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 2
        assert "pip install 'cardwright[anki]'" in done.stderr
        assert not (folder / "decks").exists()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose deck was released, a day ago by the clock of its builds."""
    folder = tmp_path / "project"
    (folder / "cards_source").mkdir(parents=True)
    (folder / "cards_source/birds.yaml").write_text(BIRDS)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert main.run(["build", "--only", "anki"]) == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700086400")
    return folder


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def test_a_build_that_loses_nothing_is_written(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rehearsal is told in a line."""
    source = root / "cards_source/birds.yaml"
    source.write_text(BIRDS.replace("The owl", "The eagle owl"))
    capsys.readouterr()

    assert main.run(["build", "--only", "anki", "--rehearse"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(
        "decks/birds/birds.apkg: rehearsed (0 new, 1 updated, 1 untouched, 0 conflicting, 0 retired). "
        "Nothing is lost.\n"
    )
    assert "  written    decks/birds/birds.apkg\n" in told


def test_a_build_that_loses_something_is_not_written(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Here somebody has replaced the lock, so that notes are stamped anew though they are as they were."""
    (root / "cards_source/birds.lock").unlink()
    (root / "cards_source/birds.yaml").write_text(BIRDS + "  - {id: tit, q: Which is small?, a: The tit}\n")
    before = contents(root)
    capsys.readouterr()

    assert main.run(["build", "--only", "anki", "--rehearse"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "LOST  Own edits that are overwritten, though you did not change these notes" in err
    assert "error[rehearsal-lost]: " in err
    assert err.endswith("nothing was written\n")
    assert contents(root) == before


def test_a_broken_package_in_decks_is_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing can be said of what is not a package."""
    (root / "decks/birds/birds.apkg").write_bytes(b"<<<<<<< ours")
    before = contents(root)
    capsys.readouterr()

    assert main.run(["build", "--only", "anki", "--rehearse"]) == 1
    assert "error[not-a-package]: " in capsys.readouterr().err
    assert contents(root) == before


def test_the_first_build_has_nobody_to_lose_anything(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So it is said that nothing was tried, and the package is written."""
    (root / "decks/birds/birds.apkg").unlink()
    capsys.readouterr()

    assert main.run(["build", "--only", "anki", "--rehearse"]) == 0
    assert "the first one, so there is nothing to rehearse" in capsys.readouterr().out
    assert (root / "decks/birds/birds.apkg").is_file()


def test_a_rehearsal_of_packages_that_are_not_built_is_a_wrong_call(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would be an option without an effect."""
    before = contents(root)

    assert main.run(["build", "--only", "pdf", "--rehearse"]) == 2
    assert "--rehearse tries Anki packages" in capsys.readouterr().err
    assert contents(root) == before
