"""`cardwright doctor` says what works, what is missing or broken, and what to do; and nothing private."""

import io
import json
import subprocess
import sys
import tempfile
import webbrowser
from pathlib import Path

import jsonschema
import pytest

from cardwright.cli import main
from cardwright.cli.doctor_checks import Finding, Status, run_checks
from tests.support.commands import COMMAND, read_files, run_python
from tests.support.failing_disks import read_only
from tests.support.paths import ROOT

DECK = "deck: Birds\nid: birds\ncards: [{id: owl, q: Which bird hoots?, a: The owl}]\n"
CONFLICT = '{"lock":1,"deck":"birds","name":"Birds"}\n<<<<<<< ours\n=======\n>>>>>>> theirs\n'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder of a user named Ann."""
    home = tmp_path / "ann"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("CARDWRIGHT_CACHE", str(home / "cache"))
    monkeypatch.chdir(home)
    return home


@pytest.fixture
def project(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one deck, which is the current folder."""
    project = home / "study"
    (project / "cards_source").mkdir(parents=True)
    (project / "cards_source/birds.yaml").write_text(DECK)
    monkeypatch.chdir(project)
    return project


def finding(name: str) -> Finding:
    """Return what the check of this name has found."""
    return next(finding for finding in run_checks() if finding.name == name)


def test_where_everything_works_it_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["build", "--only", "anki"]) == 0
    before = read_files(project)
    capsys.readouterr()

    code = main.run(["doctor"])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[0] == main.VERSION_LINE
    assert lines[-1] == "Everything works."
    assert "ok       project: ~/study, 1 deck" in lines
    assert "ok       locks: 1 lock; the first build of a deck makes one" in lines
    assert read_files(project) == before


def test_it_names_no_user(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not even where folders outside of the home folder have the user's name."""
    elsewhere = project.parent.parent / "disk/ann/cards_source"
    elsewhere.mkdir(parents=True)

    main.run(["doctor"])
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(elsewhere)
        main.run(["doctor", "--format", "json"])

    printed = capsys.readouterr().out
    assert "~/cache" in printed
    assert "/disk/USER, 0 decks" in printed
    assert "ann" not in printed


def test_the_json_object_says_the_same(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "cards_source/birds.lock").write_text(CONFLICT)

    assert main.run(["doctor"]) == 1
    text = capsys.readouterr().out
    assert main.run(["doctor", "--format", "json"]) == 1
    result = json.loads(capsys.readouterr().out)

    lines = [result["version"]]
    for check in result["checks"]:
        lines.append(f"{check['status']:<9}{check['name']}: {check['text']}")
        lines += [f"{'':9}{check['help']}"] if check["help"] else []
    assert text.splitlines() == [*lines, "1 problem found"]
    assert (result["format_version"], result["command"], result["status"]) == (1, "doctor", "failed")
    schema = json.loads((ROOT / "docs/json.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(result)


def test_outside_of_a_project_it_says_how_to_get_there(home: Path) -> None:
    assert not (home / "cards_source").exists()

    found = finding("project")

    assert found.status is Status.NOTE
    assert "cards_source/" in found.help


def test_a_project_that_cannot_be_written_is_a_problem(project: Path) -> None:
    with read_only(project):
        found = finding("project")

    assert found.status is Status.PROBLEM
    assert found.text == "you may not write to ~/study, ~/study/cards_source"
    assert found.help


def test_a_lock_that_cannot_be_read_is_a_problem(project: Path) -> None:
    (project / "cards_source/birds.lock").write_text(CONFLICT)

    found = finding("locks")

    assert found.status is Status.PROBLEM
    assert "`cardwright check`" in found.help


def test_a_lock_that_git_ignores_is_a_problem(project: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    (project / "cards_source/birds.lock").write_text('{"lock":1,"deck":"birds","name":"Birds"}\n')
    assert finding("git").status is Status.OK

    Path(".gitignore").write_text("*.lock\n")

    assert finding("git")[1:3] == (Status.PROBLEM, "it ignores 1 lock")


def test_git_is_needed_by_some_alone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(project))

    assert finding("git").status is Status.NOTE


def test_a_cache_that_cannot_be_used_is_a_problem(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").touch()
    monkeypatch.setenv("CARDWRIGHT_CACHE", str(home / "file/cache"))

    found = finding("cache")

    assert found.status is Status.PROBLEM
    assert found.text == "~/file/cache can't be used"
    assert "CARDWRIGHT_CACHE" in found.help


@pytest.mark.usefixtures("home")
def test_a_cache_may_be_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARDWRIGHT_CACHE", "off")

    assert finding("cache").status is Status.NOTE


def test_without_room_for_temporary_files_nothing_can_be_built(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(home / "missing"))

    found = finding("temporary files")

    assert found.status is Status.PROBLEM
    assert "TMPDIR" in found.help


@pytest.mark.parametrize(
    ("missing", "line", "advice", "code"),
    [
        ("anki", "note     Anki's importer: not installed", "pip install anki", 0),
        (
            "typst",
            "problem  PDF engine: ModuleNotFoundError: import of typst halted",
            "install cardwright",
            1,
        ),
    ],
)
def test_a_library_that_is_missing_does_not_hide_the_rest(
    project: Path, missing: str, line: str, advice: str, code: int
) -> None:
    script = f"import sys; sys.modules[{missing!r}] = None; sys.argv[0] = 'cardwright'; {COMMAND}"

    result = run_python(script, "doctor", folder=project)

    assert result.code == code, result.err
    _, found, rest = result.out.partition(line)
    assert found
    assert advice in rest.splitlines()[1]
    assert "\nok       temporary files: " in result.out


@pytest.mark.usefixtures("home")
def test_signs_that_no_font_has_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without fonts has those that the engine brings along."""
    monkeypatch.setattr("cardwright.shell.font_folders.find_font_folders", lambda _environ: [])

    found = finding("fonts")

    assert found.status is Status.NOTE
    assert found.text.startswith("only those that cardwright brings along; none for emoji, Chinese,")
    assert "Noto" in found.help


@pytest.mark.usefixtures("home")
def test_a_missing_library_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "markdown_it", None)

    found = finding("cardwright")

    assert found.status is Status.PROBLEM
    assert "markdown_it" in found.text
    assert "install cardwright again" in found.help


@pytest.mark.usefixtures("home")
def test_a_terminal_that_lacks_signs_gets_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="latin-1"))

    found = finding("terminal")

    assert found.status is Status.NOTE
    assert found.text.startswith("its encoding, latin-1, lacks many signs")
    assert "PYTHONUTF8" in found.help


def test_an_editor_that_needs_a_terminal_gets_advice(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = home / "vim"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(program))

    found = finding("editor")

    assert found.status is Status.NOTE
    assert "`vim` needs a terminal of its own" in found.text
    assert "--editor" in found.help


@pytest.mark.usefixtures("home")
def test_a_browser_that_can_be_opened_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "/usr/bin/fox")
    monkeypatch.setattr(webbrowser, "_tryorder", None)
    monkeypatch.setattr(webbrowser, "_browsers", {})

    assert finding("browser")[1:3] == (Status.OK, "fox")
