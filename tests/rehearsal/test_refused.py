"""When a rehearsal refuses: bad packages, a missing importer, a build that would lose something."""

import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from cardwright.cli import main
from cardwright.shell import package_guard
from tests.support.commands import COMMAND, read_files, run_python
from tests.support.notes import deck, question, release
from tests.support.plain_packages import plain_package

pytestmark = pytest.mark.anki

BIRDS = """\
deck: Birds
id: birds
cards:
  - {id: owl, q: Which bird hoots?, a: The owl}
  - {id: jay, q: Which bird is blue?, a: The jay}
"""
GOOD_PACKAGE = release(deck(question("owl"), question("jay"))).package


def good_database() -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD_PACKAGE)) as archive:
        return archive.read("collection.anki2")


def make_zip(files: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def package_with_schema(version: int, folder: Path) -> bytes:
    """Return a package whose database claims to have another schema version."""
    path = folder / "schema.anki2"
    path.write_bytes(good_database())
    connection = sqlite3.connect(path)
    connection.execute("update col set ver = ?", (version,))
    connection.commit()
    connection.close()
    return make_zip({"collection.anki2": path.read_bytes(), "media": b"{}"})


def change_one_byte(data: bytes) -> bytes:
    """Change a byte in the content of a package's first file."""
    name_length, extra_length = struct.unpack("<HH", data[26:30])
    offset = 30 + name_length + extra_length + 200
    return data[:offset] + bytes([data[offset] ^ 0xFF]) + data[offset + 1 :]


def package_claiming_size(size: int) -> bytes:
    """Return a package that claims its database unpacks to `size` bytes."""
    data = bytearray(GOOD_PACKAGE)
    directory_entry = data.index(b"PK\x01\x02")
    data[directory_entry + 24 : directory_entry + 28] = struct.pack("<I", size)
    return bytes(data)


BAD_PACKAGES = {
    "text": (b"Dear diary", "not-a-package"),
    "empty": (b"", "not-a-package"),
    "cut off": (GOOD_PACKAGE[: len(GOOD_PACKAGE) // 2], "not-a-package"),
    "another zip": (make_zip({"letter.txt": b"Dear"}), "not-a-package"),
    "one byte": (change_one_byte(GOOD_PACKAGE), "damaged-package"),
    "newer version": (make_zip({"meta": b"\x08\x04", "collection.anki21b": b""}), "package-too-new"),
    "much newer version": (make_zip({"meta": b"\x08\xff\x01", "collection.anki21b": b""}), "package-too-new"),
    "no database": (make_zip({"collection.anki2": b"Dear diary" * 99, "media": b"{}"}), "unreadable-package"),
    "media": (make_zip({"collection.anki2": good_database(), "media": b"["}), "unreadable-package"),
    "bomb": (package_claiming_size(0xFFFF_FFF0), "package-too-large"),
}


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.apkg"
    path.write_bytes(GOOD_PACKAGE)
    return path


def assert_refused(old: Path, new: Path, code: str, capsys: pytest.CaptureFixture[str]) -> str:
    before = sorted(old.parent.rglob("*"))
    assert main.run(["rehearse", str(old), str(new), "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert [diagnostic["code"] for diagnostic in json.loads(out)["diagnostics"]] == [code]
    assert err == ""

    assert main.run(["rehearse", str(old), str(new)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count(f"error[{code}]: ") == 1
    assert sorted(old.parent.rglob("*")) == before
    return err


@pytest.mark.parametrize(("data", "code"), BAD_PACKAGES.values(), ids=BAD_PACKAGES)
def test_a_package_that_cannot_be_imported_is_reported(
    good: Path, capsys: pytest.CaptureFixture[str], data: bytes, code: str
) -> None:
    """Both the old and the new package are checked, and nothing is left behind."""
    bad = good.parent / "bad.apkg"
    bad.write_bytes(data)

    for pair in ((bad, good), (good, bad)):
        assert f" --> {bad}" in assert_refused(*pair, code, capsys)


def test_a_database_of_a_newer_anki_is_reported(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Anki refuses it; the message says what to do."""
    newer = good.parent / "newer.apkg"
    newer.write_bytes(package_with_schema(19, good.parent))

    assert "pip install --upgrade anki" in assert_refused(good, newer, "package-too-new", capsys)


def test_a_package_of_another_deck_is_reported(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing would be lost, but that would be meaningless."""
    other = plain_package(good.parent / "other.apkg", {"guid": ["Q", "A"]})

    assert "the old one is" in assert_refused(good, other, "another-deck", capsys)


def test_a_missing_package_is_a_usage_error(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["rehearse", str(good), str(good.with_name("none.apkg"))]) == 2
    assert "none.apkg" in capsys.readouterr().err
    assert main.run(["rehearse", str(good), str(good.parent)]) == 2


def test_a_package_with_too_many_files_is_refused(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real limit is far beyond any deck, so the test lowers it."""
    assert package_guard.check_package(good, "good.apkg") is None
    monkeypatch.setattr(package_guard, "MAX_FILES", 1)
    diagnostic = package_guard.check_package(good, "good.apkg")
    assert diagnostic
    assert diagnostic.code == "package-too-large"


def test_a_package_that_unpacks_to_far_more_is_refused(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small package may do so, because it does no harm."""
    path = good.with_name("zeros.apkg")
    path.write_bytes(make_zip({"collection.anki2": bytes(1_000_000), "media": b"{}"}))

    assert package_guard.check_package(path, "zeros.apkg") is None
    monkeypatch.setattr(package_guard, "HARMLESS_BYTES", 1000)
    diagnostic = package_guard.check_package(path, "zeros.apkg")
    assert diagnostic
    assert diagnostic.code == "package-too-large"


def test_without_ankis_importer_the_message_says_how_to_install_it(good: Path) -> None:
    """Only a rehearsal needs it, and checks for it before it does anything else."""
    blocked = f"import sys; sys.modules['anki'] = None; {COMMAND}"
    folder = good.parent
    (folder / "cards_source").mkdir()
    (folder / "cards_source/birds.yaml").write_text(BIRDS)
    for arguments in (["rehearse", str(good), str(good)], ["build", "--rehearse"]):
        result = run_python(blocked, *arguments, folder=folder)

        assert result.code == 2
        assert "pip install anki" in result.err
        assert not (folder / "decks").exists()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose deck was built a day ago."""
    folder = tmp_path / "project"
    (folder / "cards_source").mkdir(parents=True)
    (folder / "cards_source/birds.yaml").write_text(BIRDS)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert main.run(["build", "--only", "anki"]) == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700086400")
    return folder


def test_a_build_that_loses_nothing_is_written(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line tells the result of the rehearsal."""
    source = root / "cards_source/birds.yaml"
    source.write_text(BIRDS.replace("The owl", "The eagle owl"))
    capsys.readouterr()

    assert main.run(["build", "--only", "anki", "--rehearse"]) == 0
    output = capsys.readouterr().out
    assert output.startswith(
        "decks/birds/birds.apkg: rehearsed on a simulated learner "
        "(0 new, 1 updated, 1 untouched, 0 conflicting, 0 retired). "
        "Nothing is lost.\n"
    )
    assert "  written    decks/birds/birds.apkg\n" in output


def test_a_build_that_loses_something_is_not_written(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A card with another id is new to everybody who has it already."""
    (root / "cards_source/birds.yaml").write_text(BIRDS.replace("id: owl", "id: hooter"))
    before = read_files(root)
    capsys.readouterr()

    assert main.run(["build", "--only", "anki", "--rehearse"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "LOST  Notes that arrive once more, as new ones" in err
    assert "error[rehearsal-lost]: " in err
    assert err.endswith("nothing was written\n")
    assert read_files(root) == before

    assert main.run(["build", "--only", "anki", "--rehearse", "--format", "json"]) == 1
    result = json.loads(capsys.readouterr().out)
    (rehearsal,), (deck,) = result["rehearsals"], result["decks"]
    assert [loss["kind"] for loss in rehearsal["losses"]] == ["changed-guid"]
    assert [found["code"] for found in result["diagnostics"] if found["severity"] == "error"] == [
        "rehearsal-lost"
    ]
    assert (deck["status"], deck["errors"]) == ("not-written", 1)


@pytest.mark.parametrize("mended", [BIRDS, BIRDS.replace("id: owl", "id: hooter, was: owl")])
def test_an_older_note_may_take_the_place_of_its_copy(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, mended: str
) -> None:
    """So an id that was changed by mistake, or a whole release, is taken back."""
    source = root / "cards_source/birds.yaml"
    source.write_text(BIRDS.replace("id: owl", "id: hooter"))
    assert main.run(["build", "--only", "anki"]) == 0
    source.write_text(mended)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700172800")
    capsys.readouterr()

    assert main.run(["build", "--only", "anki", "--rehearse"]) == 0
    assert "Nothing is lost. 1 older note takes the place of copies again; " in capsys.readouterr().out


def test_a_broken_package_in_decks_is_reported(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "decks/birds/birds.apkg").write_bytes(b"<<<<<<< ours")
    before = read_files(root)
    capsys.readouterr()

    assert main.run(["build", "--only", "anki", "--rehearse"]) == 1
    assert "error[not-a-package]: " in capsys.readouterr().err
    assert read_files(root) == before


def test_the_first_build_of_a_deck_needs_no_rehearsal(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "decks/birds/birds.apkg").unlink()
    capsys.readouterr()

    assert main.run(["build", "--only", "anki", "--rehearse"]) == 0
    assert "the first one, so there is nothing to rehearse" in capsys.readouterr().out
    assert (root / "decks/birds/birds.apkg").is_file()


def test_a_rehearsal_without_anki_packages_is_a_usage_error(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = read_files(root)

    assert main.run(["build", "--only", "pdf", "--rehearse"]) == 2
    assert "--rehearse tries Anki packages" in capsys.readouterr().err
    assert read_files(root) == before
