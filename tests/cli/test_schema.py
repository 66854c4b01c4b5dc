"""`cardwright schema`: editors help with the keys of cards, without a network and for everybody."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardwright.cli import main
from cardwright.reader.schema import schema_text
from tests.support.yaml_server import YamlServer, yaml_server

SCHEMA = "cards_source/cardwright.schema.json"
DECK = "deck: Birds\nid: birds\ncards: [{id: owl, q: Which bird hoots?, a: The owl}]\n"
LINE = "# yaml-language-server: $schema=cardwright.schema.json\n"
LINE_IN_FOLDER = "# yaml-language-server: $schema=../cardwright.schema.json\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a deck in one file, and one in a folder."""
    (tmp_path / "cards_source/trees").mkdir(parents=True)
    (tmp_path / "cards_source/birds.yaml").write_text(DECK)
    for name, text in (("deck", "deck: Trees\nid: trees\n"), ("leaves", "cards: [{id: oak, q: A?, a: B}]\n")):
        (tmp_path / f"cards_source/trees/{name}.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_schema_is_written_and_each_file_told_how_to_name_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run(["schema"]) == 0

    assert (project / SCHEMA).read_text() == schema_text()
    assert capsys.readouterr().out == (
        f"{SCHEMA}: written\n"
        f"\nBegin cards_source/birds.yaml with this line:\n{LINE}"
        f"\nBegin the 2 YAML files in cards_source/trees/ with this line:\n{LINE_IN_FOLDER}"
    )
    for path in project.rglob("*.yaml"):
        path.write_text((LINE if path.parent.name == "cards_source" else LINE_IN_FOLDER) + path.read_text())
    assert main.run(["schema"]) == 0
    assert capsys.readouterr().out == f"{SCHEMA}: up to date\n"


def test_it_can_be_printed_instead(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Outside of a project too, for whatever wants to read it."""
    assert main.run(["schema", "--print"]) == 0

    assert capsys.readouterr().out == schema_text()
    assert list(tmp_path.iterdir()) == []


def test_a_check_tells_of_the_schema_of_another_version(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / SCHEMA).write_text("{}\n")

    assert main.run(["check", "--strict"]) == 0
    assert "note[other-schema]: " in capsys.readouterr().out
    assert main.run(["schema"]) == 0
    assert main.run(["check"]) == 0
    assert "other-schema" not in capsys.readouterr().out


def test_a_check_accepts_line_ends_of_windows(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Git may write them into the file."""
    (project / SCHEMA).write_bytes(schema_text().replace("\n", "\r\n").encode())

    assert main.run(["check"]) == 0
    assert "other-schema" not in capsys.readouterr().out


def test_a_check_says_nothing_where_there_is_no_schema(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not (project / SCHEMA).exists()
    assert main.run(["check"]) == 0
    assert "schema" not in capsys.readouterr().out


def test_a_folder_in_its_place_is_reported(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / SCHEMA).mkdir()

    assert main.run(["schema"]) == 1
    assert "nothing was written" in capsys.readouterr().err
    assert main.run(["check"]) == 1
    assert SCHEMA in capsys.readouterr().out


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[YamlServer, Path]]:
    """The language server, and the path of a deck in a project that has the schema."""
    root = tmp_path_factory.mktemp("project")
    (root / "cards_source").mkdir()
    (root / SCHEMA).write_text(schema_text())
    with yaml_server(root) as server:
        yield server, root / "cards_source/trees/deck.yaml"


CARDS = f"{LINE_IN_FOLDER}deck: Trees\nid: trees\ncards:\n"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("  - {q: Which?, a: 5, tags: [a, b], reverse: true}", ""),
        ("  - {q: Which?, anwser: An oak}", "5: Property anwser is not allowed."),
        ("  - {q: Which?, a: An oak, typed: yes}", "5: This is true or false."),
        ("  - {quest: Which?, a: An oak}", "5: Nothing says what kind of card this is: it has one of q, "),
        ("  - {list: Which?}", '5: Missing property "items".'),
        ("  - {q: Which?, a: [An oak]}", "5: Incorrect type. Expected one of string, number, boolean, "),
        ("  - {q: Which?, a: An oak, reviewed: May}", "5: This is a date such as 2025-03-23."),
    ],
)
def test_an_editor_marks_mistakes(server: tuple[YamlServer, Path], lines: str, problem: str) -> None:
    editor, path = server
    problems = editor.problems(path, CARDS + lines)

    assert len(problems) == bool(problem)
    assert all(found.startswith(problem) for found in problems)


@pytest.mark.parametrize(
    ("text", "some", "others"),
    [
        (LINE_IN_FOLDER + "▮", {"deck", "topic", "cards"}, {"q", "rect"}),
        (LINE_IN_FOLDER + "deck: Trees\n▮", {"id", "language", "print", "note_types"}, {"deck", "q"}),
        (CARDS + "  - ▮", {"q", "cloze", "list", "table", "diagram", "type", "id"}, {"deck", "rect"}),
        (CARDS + "  - q: Which?\n    ▮", {"a", "reverse", "hint", "tags"}, {"q", "cloze", "items"}),
        (CARDS + "  - diagram: a.svg\n    labels:\n      x:\n        ▮", {"name", "rect"}, {"q", "hint"}),
        (CARDS + "  - q: Which?\n    typed: ▮", {"true", "false"}, {"typed"}),
        (CARDS + "  - q: Which?\n    allow: [▮]", {"long-answer", "renamed-without-was"}, {"q"}),
        (LINE_IN_FOLDER + "deck: Trees\nprint:\n  paper: ▮", {"a4", "letter"}, {"duplex"}),
        (LINE_IN_FOLDER + "deck: Trees\nprint:\n  card: ▮", {"a7", "poker", "avery-5371"}, {"a4", "size"}),
    ],
)
def test_an_editor_completes(
    server: tuple[YamlServer, Path], text: str, some: set[str], others: set[str]
) -> None:
    editor, path = server
    offered = editor.completions(path, text).keys()

    assert some - offered == set()
    assert others & offered == set()


def test_an_editor_explains(server: tuple[YamlServer, Path]) -> None:
    editor, path = server
    answer = json.loads(schema_text())["definitions"]["key-reverse"]["description"]

    assert answer in editor.hover(path, CARDS + "  - q: Which?\n    re▮verse: true")
    offered = editor.completions(path, CARDS + "  - q: Which?\n    ▮")
    assert offered["reverse"] == answer
