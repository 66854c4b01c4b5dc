"""Files and arguments of all kinds at the command line of an import."""

import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from cardwright.cli import main
from tests.support.plain_packages import plain_package

EVIL = "::error file=x::pwned"
LINES = "\n::stop-commands::x\n##[error]y\n\u202e\x1b[2J\x9b\u200b::warning::z"
TABLE = f'q,a,tags,deck,guid,id,{EVIL}\n{EVIL},"{LINES}",{EVIL},"{LINES}","{LINES}",{EVIL},x\n,b\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    Path("w.csv").write_text("a,b\n", encoding="utf-8")
    Path("v.csv").write_text("c,d\n", encoding="utf-8")
    return tmp_path / "project"


def run(*arguments: str) -> int:
    return main.run(["import", *arguments])


COMMANDS = [
    [f"{LINES.replace('/', '')}.csv"],
    [EVIL],
    [LINES],
    ["w.csv", "--columns", f"q,{LINES}"],
    ["w.csv", "--columns", f"{LINES},{LINES}", "--note-type", LINES],
    ["w.csv", "--note-type", LINES, "--header"],
    ["w.csv", "--note-type", LINES, "--no-header"],
    ["w.csv", "--delimiter", LINES],
    ["w.csv", "--delimiter", EVIL],
    ["w.csv", "--encoding", LINES],
    ["w.csv", "--language", LINES],
    ["w.csv", "--text", LINES],
    ["w.csv", "--media", LINES],
    ["w.csv", "--into", LINES],
    ["w.csv", f"--{EVIL}"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command)[:24].strip())
def test_no_words_act_on_the_terminal_or_the_log(
    project: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    (project / f"{LINES.replace('/', '')}.csv").write_text(TABLE, encoding="utf-8")

    main.run(["import", *command])

    output = "".join(capsys.readouterr())
    assert not re.findall(r"##\[", output)
    characters = {*output} - {"\n"}
    assert not [char for char in characters if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert not [line for line in output.splitlines() if re.match(r"\s*::(?!: )", line)]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: os.mkfifo("f"), "it is a pipe, a socket or a device"),
        (lambda: Path("f").symlink_to("/dev/zero"), "it is a pipe, a socket or a device"),
        (lambda: Path("f").symlink_to("nowhere"), "does not exist"),
        (lambda: Path("f").symlink_to("f"), "does not exist"),
        (lambda: Path("f").mkdir(), "there is no `deck.json` in this folder"),
        (lambda: Path("f").write_bytes(b"\0" * 200_000_001), "the file has more than 200 MB"),
    ],
)  # fmt: skip
def test_what_is_no_file_to_read_is_told(
    project: Path, capsys: pytest.CaptureFixture[str], make: Callable[[], object], message: str
) -> None:
    make()

    assert run("f") in (1, 2)

    assert message in " ".join(capsys.readouterr().err.split())
    assert not (project / "cards_source").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--note-type", "x" * 10_000, "--no-header"],
        ["--note-type", "...", "--no-header"],
        ["--columns", "q,a" + ",-" * 10_000],
        ["--columns", ",".join(f"field {number}" for number in range(2000)), "--note-type", "n"],
        ["--language", "x" * 10_000],
        ["--header"],
        ["--delimiter", ".*["],
        ["--delimiter", "x" * 10_000],
        ["--delimiter", " "],
        ["--encoding", "utf-16"],
        ["--into", "x" * 5000],
        ["--into", ".."],
        ["--into", "/tmp/x"],
        ["--into", ".git"],
        ["--into", "CON"],
    ],
    ids=lambda arguments: " ".join(arguments)[:30],
)  # fmt: skip
def test_options_of_any_size_are_taken_or_refused(project: Path, arguments: list[str]) -> None:
    """What is written is a deck that can be built, and nothing lies elsewhere."""
    code = run("w.csv", *arguments)

    if code == 0:
        assert main.run(["build", "--only", "anki"]) == 0
    else:
        assert code in (1, 2)
        assert sorted(path.name for path in project.iterdir()) == ["v.csv", "w.csv"]
    assert [path.name for path in project.parent.iterdir()] == ["project"]


@pytest.mark.parametrize("again", ["w.csv", "./w.csv", "link.csv"])
def test_a_file_is_not_imported_twice_at_once(
    project: Path, capsys: pytest.CaptureFixture[str], again: str
) -> None:
    Path("link.csv").symlink_to("w.csv")

    assert run("w.csv", again) == 2

    assert "a FILE is named twice" in capsys.readouterr().err
    assert not (project / "cards_source").exists()


@pytest.mark.usefixtures("project")
def test_files_of_all_kinds_are_imported_together() -> None:
    plain_package(Path("p.apkg"), {"g": ("one", "eins")})
    Path("s").mkdir()
    Path("s/w.csv").write_text("e,f\n", encoding="utf-8")

    assert run("w.csv", "p.apkg", "s/w.csv", "--into", "all") == 0

    folders = sorted(
        path.parent.relative_to("cards_source/all").as_posix()
        for path in Path("cards_source").rglob("deck.yaml")
    )
    assert len(folders) == 3
    assert {"w", "w-2"} < {*folders}


@pytest.mark.usefixtures("project")
def test_no_folder_is_written_beside_a_deck_of_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    """Both would be built into one folder."""
    Path("cards_source").mkdir()
    Path("cards_source/w.yaml").write_text(
        "deck: W\nid: w\ncards:\n  - {id: a, q: x, a: y}\n", encoding="utf-8"
    )

    assert run("w.csv") == 1

    assert "`cards_source/w.yaml` is a deck of the same name" in capsys.readouterr().err
    assert [path.name for path in Path("cards_source").iterdir()] == ["w.yaml"]


@pytest.mark.parametrize(
    "name", ["-dash.csv", "..csv", ".hidden", "a\nb.csv", "n" * 250 + ".csv", "☃.csv", "CON.csv", " .csv"]
)
def test_a_deck_may_be_named_after_any_file(project: Path, name: str) -> None:
    Path(name).write_text("a,b\n", encoding="utf-8")

    assert run("--", name) == 0

    [folder] = (project / "cards_source").iterdir()
    assert re.fullmatch(r"\w[\w-]*", folder.name)
    assert main.run(["build", "--only", "anki"]) == 0
