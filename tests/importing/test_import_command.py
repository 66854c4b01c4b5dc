"""`cardwright import` as its users meet it."""

import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from zipfile import ZipFile

import pytest

from cardwright.cli import main
from tests.support.commands import COMMAND, environment, read_files, run_python
from tests.support.plain_packages import plain_package


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is no project yet."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return plain_package(tmp_path / "plain.apkg", {"a": ["What is <b>it</b>?", "That"], "b": ["Why?", "So"]})


def paths(folder: Path) -> list[str]:
    return sorted(read_files(folder))


def test_it_says_what_was_written_and_what_to_do_next(
    package: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run(["import", str(package)]) == 0

    out = capsys.readouterr().out
    assert "2 notes with 2 cards" in out
    assert "cards_source/plain/ is the deck “Plain”:\n  2 notes in 1 file: 2 with question and answer" in out
    assert "run `cardwright build plain`" in out
    assert f"cards_source/ was made in {folder}" in out
    files = ["cards.yaml", "deck.lock", "deck.yaml"]
    assert paths(folder) == [f"cards_source/plain/{name}" for name in files]
    assert (folder / "cards_source/plain/cards.yaml").read_text() == (
        "cards:\n"
        "  - id: what-is-it\n"
        "    q: What is **it**?\n"
        "    a: That\n"
        "  - id: why\n"
        "    q: Why?\n"
        "    a: So\n"
    )


def test_a_fresh_import_is_built_without_card_sheets(
    package: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not all cards that were made for screens fit on paper; sheets come when they are asked for."""
    main.run(["import", str(package)])
    assert main.run(["build"]) == 0
    assert {path.suffix for path in (folder / "decks/plain").iterdir()} == {".apkg", ".md"}
    deck_file = folder / "cards_source/plain/deck.yaml"
    deck_file.write_text(deck_file.read_text().replace("print: false\n", ""))

    assert main.run(["build"]) == 0

    assert (folder / "decks/plain/plain.pdf").is_file()
    assert "take `print: false` out of deck.yaml" in capsys.readouterr().out


def test_a_deck_without_its_lock_is_never_built(
    package: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its notes would get other GUIDs. One message says so, and what to do where no package is left."""
    main.run(["import", str(package)])
    main.run(["build"])
    lock = folder / "cards_source/plain/deck.lock"
    lock.unlink()
    capsys.readouterr()

    assert main.run(["build"]) == 1
    err = capsys.readouterr().err
    assert re.findall(r"^error.*", err, re.MULTILINE) == [
        "error[lock-lost]: the deck was built before, and its lock is gone"
    ]
    shutil.rmtree(folder / "decks/plain")
    for options in ([], ["--restore-lock"]):
        assert main.run(["build", *options]) == 1
        err = capsys.readouterr().err
        assert err.count("error[") == 1
        assert "error[lock-lost]: the deck was imported, and its lock is gone" in err
        assert "export the deck in Anki, and `cardwright import` it once more" in err


def test_a_package_without_notes_is_refused(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = plain_package(tmp_path / "empty.apkg", {})

    assert main.run(["import", str(empty)]) == 1

    assert "error[unreadable-deck]: there are no notes in it" in capsys.readouterr().err
    assert paths(folder) == []


def test_within_a_project_the_deck_goes_to_the_others(
    package: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "cards_source/legs").mkdir(parents=True)
    monkeypatch.chdir(folder / "cards_source/legs")

    assert main.run(["import", str(package), "--into", "new-one"]) == 0

    assert (folder / "cards_source/new-one/deck.yaml").is_file()


def test_the_id_of_a_new_deck_is_its_own(package: Path, folder: Path) -> None:
    """Two decks of one name, by two authors, must not get the same identities."""
    ids = set()
    for name in ("one", "two"):
        main.run(["import", str(package), "--into", name])
        ids |= set(
            re.findall("^id: .*", (folder / f"cards_source/{name}/deck.yaml").read_text(), re.MULTILINE)
        )

    assert len(ids) == 2


def test_a_dry_run_writes_nothing(package: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["import", str(package), "--dry-run"]) == 0

    out = capsys.readouterr().out
    assert "cards_source/plain/ would be the deck “Plain”" in out
    assert out.endswith("This was a dry run: nothing was written.\n")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "sub/deck.yaml"])
def test_a_folder_with_anything_in_it_is_left_alone(
    name: str, package: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "cards_source/plain" / name
    file.parent.mkdir(parents=True)
    file.write_text("deck: Mine\n")

    assert main.run(["import", str(package)]) == 1

    error = capsys.readouterr().err
    assert "`cards_source/plain` is there already, and not empty" in error
    assert "`--into plain-2` imports into another folder" in error
    assert "nothing was written" in error
    assert paths(folder) == [f"cards_source/plain/{name}"]


def test_a_file_in_the_place_of_the_folder_is_told(
    package: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "cards_source").mkdir()
    (folder / "cards_source/plain").write_text("mine")

    assert main.run(["import", str(package)]) == 1
    assert "`cards_source/plain` is a file" in capsys.readouterr().err
    assert (folder / "cards_source/plain").read_text() == "mine"


def test_an_empty_folder_is_taken(package: Path, folder: Path) -> None:
    (folder / "cards_source/plain").mkdir(parents=True)

    assert main.run(["import", str(package)]) == 0
    assert (folder / "cards_source/plain/deck.lock").is_file()


def test_nothing_is_written_through_links(package: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / "cards_source").mkdir()
    (folder / "cards_source/plain").symlink_to(tmp_path / "elsewhere")

    assert main.run(["import", str(package)]) == 1
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("name", ["a/b", "..", "", ".x", "con", "a:b", "/tmp/x"])
def test_a_name_that_no_folder_can_have_is_refused(
    name: str, package: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main.run(["import", str(package), "--into", name])

    assert code == (2 if name else 0)
    assert "--into" in capsys.readouterr().err or not name
    assert bool(list(folder.iterdir())) == (not name)


def test_after_an_error_no_folder_is_left(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.apkg").write_bytes(b"PK\x03\x04 not a zip file")

    assert main.run(["import", str(tmp_path / "broken.apkg")]) == 1
    assert list(folder.iterdir()) == []
    assert "nothing was written" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_import_leaves_no_half_folder(number: int, folder: Path, tmp_path: Path) -> None:
    notes = {str(index): [f"Question <i>{index}</i>?", f"<div>{index}</div>"] for index in range(3000)}
    package = plain_package(tmp_path / "big.apkg", notes)
    command = [sys.executable, "-c", COMMAND, "import", str(package)]
    process = subprocess.Popen(command, cwd=folder, env=environment(), stderr=subprocess.DEVNULL)
    while process.poll() is None and not list(folder.glob("cards_source/.*/plain")):
        time.sleep(0.01)

    process.send_signal(number)

    assert process.wait() in (128 + number, -number)
    assert [path for path in paths(folder) if not path.startswith("cards_source/.")] == []
    if number != signal.SIGKILL:
        assert list(folder.iterdir()) == []
    small = plain_package(tmp_path / "plain.apkg", {"a": ["What?", "That"]})
    assert main.run(["import", str(small)]) == 0
    files = ["cards.yaml", "deck.lock", "deck.yaml"]
    assert paths(folder) == [f"cards_source/plain/{name}" for name in files]


def test_what_is_lost_is_told_with_the_ids_of_the_cards(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fields = {"a": ["one", "<script>x</script>b"], "b": ["two", '<img src="no.png">'], "c": ["three", "c"]}
    package = plain_package(tmp_path / "plain.apkg", fields)

    assert main.run(["import", str(package)]) == 0

    out = capsys.readouterr().out
    assert "  1 × fields without `<script>`, which no card may have\n      one\n" in out
    assert "  1 × fields that stay HTML, `html:`, since a file in them can't be shown\n      two\n" in out
    assert "that are not there; export with media\n      no.png\n" in out


def damage(package: Path, part: str) -> None:
    """Change a byte in the middle of a file in a package."""
    data = bytearray(package.read_bytes())
    with ZipFile(package) as file:
        entry = file.getinfo(part)
    data[entry.header_offset + 30 + len(part) + entry.compress_size // 2] ^= 255
    package.write_bytes(data)


def test_a_damaged_media_file_is_left_out_and_told_with_its_cards(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    media = [tmp_path / name for name in ("a.mp3", "b.mp3", "_style.css")]
    for file in media:
        file.write_bytes(b"ID3" + bytes(5000))
    notes = {"1": ["one", "[sound:a.mp3]"], "2": ["two", "x [sound:a.mp3]"], "3": ["three", "[sound:b.mp3]"]}
    package = plain_package(tmp_path / "plain.apkg", notes, media=media)
    damage(package, "0")
    damage(package, "2")

    assert main.run(["import", str(package)]) == 0
    out = capsys.readouterr().out
    assert (
        "  2 × media files that are damaged in the package, and left out; export it again to have them\n"
        "      “a.mp3, on one, two”, “_style.css, on no card”\n"
    ) in out
    assert [path.name for path in (folder / "cards_source/plain/media").iterdir()] == ["b.mp3"]
    assert main.run(["build", "--only", "anki"]) == 0


def test_a_damaged_list_of_media_ends_an_import(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = plain_package(tmp_path / "plain.apkg", {"1": ["one", "x"]})
    damage(package, "media")

    assert main.run(["import", str(package)]) == 1
    assert "`media` in the package is damaged" in capsys.readouterr().err
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_disk_without_room_is_told_and_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "long.mp3").write_bytes(b"ID3" + bytes(400_000))
    notes = {"a": ["[sound:long.mp3]", "Long"]}
    package = plain_package(tmp_path / "plain.apkg", notes, media=[tmp_path / "long.mp3"])
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, -1)); {COMMAND}"
    result = run_python(limited, "import", str(package), folder=folder)

    assert result.code == 1
    assert "error[cannot-write]: cannot write `cards_source`: the file is larger" in result.err
    assert "nothing was written" in result.err
    assert list(folder.iterdir()) == []


def test_what_would_be_warned_of_many_times_is_allowed(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = {str(number): [f"q{number}", f'<img src="no{number}.png">'] for number in range(20)}
    package = plain_package(tmp_path / "plain.apkg", notes)

    assert main.run(["import", str(package)]) == 0
    assert "\nallow: [missing-file]\n" in (folder / "cards_source/plain/deck.yaml").read_text()
    capsys.readouterr()
    assert main.run(["build", "--only", "anki"]) == 0
    assert capsys.readouterr().err == ""


def test_names_of_what_was_found_can_be_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = {"a": ["one", '<img src="a, b.png">'], "b": ["two", '<img src="c.png">']}
    package = plain_package(tmp_path / "plain.apkg", notes)

    assert main.run(["import", str(package)]) == 0

    assert "      “a, b.png”, c.png\n" in capsys.readouterr().out


def test_long_names_stand_below_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"{'long ' * 10}{number}.png" for number in range(9)]
    notes = {name: ["one", f'<img src="{name}">'] for name in names}
    package = plain_package(tmp_path / "plain.apkg", notes)

    assert main.run(["import", str(package)]) == 0

    out = capsys.readouterr().out
    assert f"      “{names[0]}”\n      “{names[1]}”\n" in out
    assert f"      “{names[7]}”\n      and more (see `--all`)\n" in out


def test_tags_of_learners_are_told_with_the_ids_of_the_cards(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "words.tsv").write_text("q\ta\ttags\n<b>one</b>, two\tx\tleech\nthree\tx\tb Leech\n")

    assert main.run(["import", "words.tsv"]) == 0

    lines = "without their tag `leech`, which only Anki or cardwright sets\n      one-two, three\n"
    assert lines in capsys.readouterr().out


def test_all_names_are_listed_on_demand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes = {str(number): [f"q{number}", '<img src="no.png">'] for number in range(20)}
    package = plain_package(tmp_path / "plain.apkg", notes)

    main.run(["import", str(package), "--dry-run"])
    assert "q7 and more (see `--all`)\n" in capsys.readouterr().out
    main.run(["import", str(package), "--dry-run", "--all"])
    assert "q18, q19\n" in capsys.readouterr().out


def test_a_font_that_was_changed_keeps_its_name_with_a_warning(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Styles name such files, and Anki never replaces one."""
    font = tmp_path / "_font.ttf"
    font.write_bytes(b"old")
    package = plain_package(tmp_path / "plain.apkg", {"a": ["What?", "That"]}, media=[font])
    main.run(["import", str(package)])
    assert main.run(["check"]) == 0
    assert "kept-file" not in capsys.readouterr().out

    (folder / "cards_source/plain/media/_font.ttf").write_bytes(b"new")
    main.run(["check"])

    assert "warning[kept-file]: learners keep the old `_font.ttf`" in capsys.readouterr().out
