"""`--format json`: one line for a program, however a command ends, that says what people read."""

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardwright import pipeline
from cardwright.cli import main
from cardwright.cli.json_output import FORMAT_VERSION
from cardwright.diagnostics.phrases import count_noun
from tests.support.commands import COMMAND, Result, environment, read_files
from tests.support.failing_disks import read_only
from tests.support.paths import ROOT
from tests.support.plain_packages import plain_package
from tests.support.pulls import LONG_AGO, Project, new_student
from tests.support.text_edits import EDIT_LISTS, EDITS, NUMBERS, Files, new_project

BIRDS = "deck: Birds\nid: birds\ncards:\n  - {id: owl, q: Which bird hoots?, a: The owl}\n"
UNPRINTED = BIRDS.replace("cards:", "print: false\ncards:")
TOO_LONG = BIRDS.replace("The owl", "Words without end " * 200)
TWO_CARDS = f"{UNPRINTED}  - {{id: wren, q: Which bird is small?, a: The wren}}\n"
VALIDATOR = jsonschema.Draft202012Validator(json.loads((ROOT / "docs/json.schema.json").read_text()))
EXIT_CODES = {"done": 0, "failed": 1, "wrong-usage": 2, "bug": 70, "stopped": 130}

Object = dict[str, Any]
Run = Callable[..., Object]


def read(out: str) -> Object:
    """Return the object that a command printed, which has to be all that it printed."""
    assert out.count("\n") == 1
    assert out.isascii()
    result: Object = json.loads(out)
    VALIDATOR.validate(result)
    return result


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """A function that runs a command with `--format json` and returns the object."""

    def run_command(*arguments: str) -> Object:
        code = main.run([*arguments, "--format", "json"])
        result = read(capsys.readouterr().out)
        assert (code, arguments[0]) == (EXIT_CODES[result["status"]], result["command"])
        return result

    return run_command


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only deck of a project, which is the current folder."""
    source = tmp_path / "cards_source/birds.yaml"
    source.parent.mkdir()
    source.write_text(UNPRINTED)
    monkeypatch.chdir(tmp_path)
    return source


def statuses(deck: Object) -> dict[str, str]:
    """Return what became of each file of a deck, by the ending of its name."""
    return {re.split(r"[./]", file["path"])[-1]: file["status"] for file in deck["files"]}


def test_the_page_about_it_shows_what_is_printed(source: Path, run: Run) -> None:
    page = (ROOT / "docs/json.md").read_text()
    sound, broken = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) * 2
    failed, done = map(json.loads, re.findall(r"```json\n(.*?)```", page, re.DOTALL))

    source.write_text(broken)
    assert run("build") == failed
    source.write_text(sound.replace(", sauce: book", ""))
    assert run("build") == done
    assert failed["format_version"] == FORMAT_VERSION
    explained = set(re.findall(r"`(\w+)`", page))
    assert {*failed, *failed["decks"][0], "printout", "instructions", "rehearsal"} <= explained


def test_a_build_tells_what_became_of_each_note_and_file(source: Path, run: Run) -> None:
    source.write_text(TWO_CARDS)
    (first,) = run("build")["decks"]
    assert (first["notes"], first["cards"]) == ({"new": 2, "changed": 0, "unchanged": 0, "retired": 0}, 2)
    assert (first["deck"], first["source"], first["name"]) == ("birds", "cards_source/birds.yaml", "Birds")

    source.write_text(UNPRINTED.replace("The owl", "An owl").replace("id: owl, ", "") + "# a remark\n")
    (second,) = run("build", "--only", "anki")["decks"]
    assert (second["ids"], second["outputs"]) == (1, {"anki": "built"})
    assert statuses(second)["yaml"] == "written"

    assert run("build")["decks"][0]["notes"]["unchanged"] == 1
    (third,) = run("build")["decks"]
    assert set(statuses(third).values()) == {"unchanged"}


def test_sheets_are_counted_and_those_that_cannot_be_made_stay(source: Path, run: Run) -> None:
    source.write_text(BIRDS)
    (deck,) = run("build")["decks"]
    assert (deck["printed_cards"], deck["sheets"], deck["status"]) == (1, 1, "written")

    source.write_text(TOO_LONG)
    result = run("build")
    (deck,) = result["decks"]
    assert result["status"] == "failed"
    assert (deck["status"], deck["outputs"]) == ("partly-written", {"anki": "built", "pdf": "failed"})
    assert (deck["printed_cards"], deck["notes"]["changed"]) == (None, 1)
    assert (statuses(deck)["apkg"], statuses(deck)["pdf"]) == ("written", "as-it-was")

    source.write_text(UNPRINTED)
    assert statuses(run("build")["decks"][0])["pdf"] == "removed"


def test_decks_without_errors_that_are_not_written_are_told(source: Path, run: Run) -> None:
    """Another deck's error stops them."""
    owls = UNPRINTED.replace("Birds", "Owls").replace("id: birds", "id: owls")
    source.with_name("owls.yaml").write_text(owls.replace("The owl", "The owl, sauce: book"))

    decks = {deck["deck"]: deck for deck in run("build")["decks"]}

    assert {deck["status"] for deck in decks.values()} == {"not-written"}
    assert (decks["birds"]["errors"], decks["owls"]["errors"]) == (0, 1)


@pytest.mark.usefixtures("source")
def test_a_printout_is_described(run: Run, source: Path) -> None:
    source.write_text(BIRDS)
    result = run("print", "--layout", "quiz")
    assert result["files"] == [{"path": "birds-quiz.pdf", "status": "written"}]
    assert (result["printout"]["cards"], result["printout"]["pages"]) == (1, 3)
    assert result["instructions"] == ["Print on one side or on both.", "The answers begin on page 3."]

    result = run("print", "--fit", "report")
    (side,) = result["printout"]["tightest"]
    assert (side["card"], result["files"], result["instructions"]) == ("owl", [], [])

    result = run("print", "--calibrate")
    assert (result["printout"], result["files"][0]["path"]) == (None, "calibration-a4.pdf")


# What is run in a project with one deck, its text, how the command ends, and what it says.
FAILURES = [
    (["build"], "deck: [", "failed", "unclosed-bracket"),
    (["build"], "cards: []", "failed", "missing-key"),
    (["build", "--locked"], UNPRINTED, "failed", "lock-out-of-date"),
    (["build", "brids"], UNPRINTED, "wrong-usage", "no deck is called `brids`"),
    (["build", "--fast"], UNPRINTED, "wrong-usage", "there is no option `--fast`"),
    (["build", "--only", "docx"], UNPRINTED, "wrong-usage", "`docx` can't be built"),
    (["build", "--watch", "--rehearse"], UNPRINTED, "wrong-usage", "--rehearse takes long"),
    (["print"], "deck: [", "failed", "unclosed-bracket"),
    (["print"], TOO_LONG, "failed", "card-overflow"),
    (["print", "--tag", "exam"], BIRDS, "failed", "unknown-tag"),
    (["print", "--out", "nowhere/"], BIRDS, "failed", "no-such-folder"),
    (["print", "--calibrate", "--paper", "a44"], BIRDS, "failed", "unknown-paper"),
    (["print", "--list-presets"], BIRDS, "wrong-usage", "--list-presets shows all there are"),
    (["print", "brids"], BIRDS, "wrong-usage", "no deck is called `brids`"),
    (["import", "a.csv"], BIRDS, "wrong-usage", "'a.csv' does not exist"),
    (["import", "cards_source/birds.yaml", "--into", "a/b"], BIRDS, "wrong-usage", "`--into` needs a name"),
    (["import", "cards_source"], BIRDS, "failed", "unreadable-deck"),
    (["pull", "cards_source/birds.yaml"], BIRDS, "failed", "unreadable-deck"),
    (["pull", "a.apkg"], BIRDS, "wrong-usage", "'a.apkg' does not exist"),
    (["rehearse", "a.apkg", "b.apkg"], BIRDS, "wrong-usage", "'a.apkg' does not exist"),
    (["rehearse", "cards_source/birds.yaml", "cards_source/birds.yaml"], BIRDS, "failed", "not-a-package"),
    (["rehearse"], BIRDS, "wrong-usage", "Missing argument"),
]


@pytest.mark.parametrize(("arguments", "text", "status", "reason"), FAILURES)
def test_a_failure_says_why(
    source: Path, run: Run, arguments: list[str], text: str, status: str, reason: str
) -> None:
    source.write_text(text)

    result = run(*arguments)

    codes = [found["code"] for found in result["diagnostics"] if found["severity"] == "error"]
    assert result["status"] == status
    assert reason in (codes if status == "failed" else result["message"])
    assert {deck["status"] for deck in result.get("decks", ())} <= {"not-written"}
    assert not result.get("files")


@pytest.mark.parametrize("command", ["build", "print"])
def test_without_a_project_or_a_deck_the_message_says_how_to_begin(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(command)["message"].startswith("no cards_source/ in ")

    (tmp_path / "cards_source").mkdir()
    assert "`cardwright new NAME` makes one" in run(command)["message"]


@pytest.mark.usefixtures("source")
def test_a_disk_that_cannot_be_written_is_reported(run: Run) -> None:
    Path("decks").mkdir()
    with read_only(Path("decks").absolute()):
        result = run("build", "--only", "anki")

    assert [found["code"] for found in result["diagnostics"]] == ["cannot-write"]
    assert result["decks"][0]["status"] == "not-written"


@pytest.mark.usefixtures("source")
def test_the_format_is_known_however_wrong_the_rest_of_the_line_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for line in ("--format json --fast", "--fast --format=json", "--format text --format json --fast"):
        assert main.run(["build", *line.split()]) == 2
        assert read(capsys.readouterr().out)["status"] == "wrong-usage"
    others = (
        "build --fast",
        "build --fast -- --format json",
        "check --format json --fast",
        "--format json",
    )
    for line in others:
        assert main.run(line.split()) == 2
        assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize(
    ("raised", "status", "message"),
    [
        (
            OSError(28, "No space left on device", "/tmp/x"),
            "failed",
            "the system says: No space left on device: /tmp/x",
        ),
        (ValueError("ouch"), "bug", "ValueError: ouch"),
        (KeyboardInterrupt(), "stopped", ""),
    ],
)
def test_what_cuts_a_command_short_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, raised: BaseException, status: str, message: str
) -> None:
    def build(*_: object) -> None:
        raise raised

    monkeypatch.setattr(pipeline, "build", build)

    result = run("build")

    assert (result["status"], result["message"]) == (status, message)


@pytest.mark.skipif(os.name != "posix", reason="the signal of Ctrl-C")
def test_watching_prints_a_line_for_each_build_and_one_when_it_ends(source: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "build", "--watch", "--format", "json"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        lines: Iterator[str] = iter(process.stdout)
        assert read(next(lines))["decks"][0]["notes"]["new"] == 1
        source.write_text(UNPRINTED.replace("a:", "answr:"))
        assert read(next(lines))["status"] == "failed"
        source.unlink()
        assert "no deck in " in read(next(lines))["message"]
        source.write_text(UNPRINTED.replace("The owl", "An owl"))
        assert read(next(lines))["decks"][0]["notes"]["changed"] == 1
        process.send_signal(signal.SIGINT)
        assert read(next(lines))["status"] == "stopped"
        assert list(lines) == []
    assert process.returncode == 130


@pytest.mark.anki
def test_a_rehearsal_is_described(tmp_path: Path, run: Run) -> None:
    old = plain_package(tmp_path / "old.apkg", {"a": ["Q", "A"], "b": ["Q2", "A"]})
    new = plain_package(tmp_path / "new.apkg", {"a": ["Q", "B"], "c": ["Q3", "A"]}, stamp=1_700_000_000)

    rehearsal = run("rehearse", str(old), str(new))["rehearsal"]

    assert (rehearsal["notes"], len(rehearsal["new"]), rehearsal["old_package"]) == (2, 1, str(old))


@pytest.mark.anki
def test_a_build_that_is_rehearsed_has_the_reports(source: Path, run: Run) -> None:
    assert run("build", "--rehearse")["rehearsals"] == []
    source.write_text(TWO_CARDS)

    (rehearsal,) = run("build", "--rehearse")["rehearsals"]

    assert (rehearsal["lost"], len(rehearsal["new"])) == (0, 1)
    assert rehearsal["new_package"] == "decks/birds/birds.apkg"


def test_an_import_is_described(source: Path, run: Run) -> None:
    Path("words.csv").write_text("Question;Answer;Number of row\nWhat hoots?;An owl;1\nWhat sings?;;2\n")

    (trial,) = run("import", "words.csv", "--dry-run")["imported"]
    assert not source.with_name("words").exists()
    result = run("import", "words.csv")

    assert result["imported"] == [trial]
    assert (trial["path"], trial["notes"], trial["cards"]) == ("words.csv", 1, None)
    (deck,) = trial["decks"]
    assert (deck["folder"], deck["notes"]) == ("cards_source/words", sum(deck["kinds"].values()))
    assert "words.csv" in [found["path"] for found in result["diagnostics"]], "a row without an answer"
    assert not result["project_made"]
    assert run("import", "words.csv")["imported"] == [], "nothing is overwritten"


def test_people_and_programs_get_to_know_the_same_of_an_import(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    style = "@import url(https://example.org/card.css);"
    plain_package(tmp_path / "deck.apkg", {"a": ["Q [sound:none.mp3]", "A"], "b": ["Q", "A"]}, style=style)
    monkeypatch.chdir(tmp_path)
    assert main.run(["import", "deck.apkg", "--dry-run", "--all"]) == 0
    text = capsys.readouterr().out

    result = run("import", "deck.apkg")

    (imported,) = result["imported"]
    assert result["project_made"]
    assert imported["findings"]
    for found in imported["findings"]:
        assert f"  {found['count']} × {found['text']}\n" in text
        assert all(name in text for name in found["names"])
    assert f"{imported['path']}: {imported['notes']} notes with {imported['cards']} cards" in text
    for deck in imported["decks"]:
        assert f"{deck['folder']}/ would be the deck “{deck['name']}”:\n  {deck['notes']} notes in " in text


@pytest.mark.anki
def test_a_pull_is_described(tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    project.write({"birds.yaml": TWO_CARDS})
    with new_student(tmp_path / "student", project.build(LONG_AGO)) as student:
        student.edit("owl", Answer="An owl")
        student.edit("wren", Answer="Wrens")
        export = student.export()
    project.write({"birds.yaml": TWO_CARDS.replace("The wren", "A wren")})

    trial = read(project.pull(export, "--dry-run", "--format", "json").out)
    result = project.pull(export, "--format", "json")
    described = read(result.out)

    assert (result.code, described["status"]) == (1, "failed"), "something is left to the author"
    (pull,) = described["pulls"]
    (taken,), (left,) = pull["taken"], pull["left"]
    assert (taken["key"], taken["difference"]) == ("owl", "[-The-] {+An+} owl")
    assert (left["key"], left["kind"], left["text"]) == ("wren", "field", "Wrens")
    assert (left["path"], left["line"]) == ("cards_source/birds.yaml", 6)
    assert {"path": "cards_source/birds.yaml", "status": "written"} in described["files"]
    assert (trial["pulls"], trial["files"]) == (described["pulls"], [])


def text_lines(result: Object) -> list[str]:
    """Return what `build` prints for people on standard output, made of what it prints for programs."""
    lines = []
    for deck in result["decks"]:
        if deck["status"] == "not-written":
            continue
        notes = deck["notes"]
        total = count_noun(notes["new"] + notes["changed"] + notes["unchanged"], "note")
        counts = [f"{notes[status]} {status}" for status in ("new", "changed", "unchanged") if notes[status]]
        retired = f", {notes['retired']} retired" if notes["retired"] else ""
        numbers = f"{total} ({', '.join(counts)}), " if counts else ""
        lines.append(f"{deck['name']}: {numbers}{count_noun(deck['cards'], 'card')}{retired}")
        if deck["ids"]:
            lines.append(
                f"  {count_noun(deck['ids'], 'id')} written into the sources; keep them with your cards"
            )
        lines += [f"  {file['status'].replace('-', ' '):<11}{file['path']}" for file in deck["files"]]
    return lines


def run_in(folder: Path, files: Files, *arguments: str) -> Result:
    """Write the files of a project, and build it."""
    for path in read_files(folder).keys() - files.keys():
        (folder / path).unlink()
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    out, err = io.StringIO(), io.StringIO()
    with chdir(folder), redirect_stdout(out), redirect_stderr(err):
        code = main.run(["build", "--only", "anki", *arguments])
    return Result(code, out.getvalue(), err.getvalue())


@settings(max_examples=4)
@given(seed=NUMBERS, edit_lists=st.lists(EDIT_LISTS, max_size=2))
def test_people_and_programs_get_to_know_the_same(
    seed: int, edit_lists: list[list[tuple[str, int, int]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Of every build in a random history of edits, sound or not."""
    files = new_project(4, seed)
    text_folder, json_folder = (tmp_path_factory.mktemp(name) for name in ("text", "json"))
    for edits in ([], *edit_lists):
        for name, where, what in edits:
            EDITS[name](files, where, what)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
            text = run_in(text_folder, files, "--all")
            line = run_in(json_folder, files, "--format", "json")
        files = read_files(json_folder)
        result = read(line.out)

        assert text.code == line.code == EXIT_CODES[result["status"]]
        assert read_files(text_folder) == files
        assert text.out.splitlines() == text_lines(result)
        if result["status"] == "wrong-usage":
            assert f"Error: {result['message']}\n" in text.err
        headlines = re.findall(r"^\w+\[[\w-]+\]: .*", text.err, re.MULTILINE)
        described = [f"{d['severity']}[{d['code']}]: {d['message']}" for d in result["diagnostics"]]
        assert sorted(headlines) == sorted(described)
