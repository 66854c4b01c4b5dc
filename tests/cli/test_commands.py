"""The commands as a user meets them: what they print, what they write, and their exit codes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cardwright.cli import main
from cardwright.formats.outputs import OUTPUTS
from tests.support.failing_disks import read_only
from tests.support.paths import IMPORT_PATH, ROOT

BIRDS = """\
deck: Birds
id: birds
cards:
  - id: owl
    q: Which bird hoots?
    a: The owl
"""
BROKEN = BIRDS.replace("a: The owl", "answr: The owl")
WARNED = BIRDS.replace("cards:", "sources:\n  book: {title: A book}\ncards:")
ADVISED = BIRDS.replace("Which bird hoots?", "Can owls fly?").replace("The owl", "Yes")
COMMAND = "from cardwright.cli.main import main; main()"
# Runs `check` and ends as the command does.
CHECK = "import sys; from cardwright.cli.main import run; sys.exit(run(['check']))"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one deck, which is the current folder."""
    (tmp_path / "cards_source").mkdir()
    (tmp_path / "cards_source/birds.yaml").write_text(BIRDS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return tmp_path


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": IMPORT_PATH, **more}


def python(script: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own. more: variables for its environment."""
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment(**more), check=False)


def built_files(root: Path) -> set[str]:
    """Return the paths of all files but the sources."""
    files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    return {path for path in files if not path.endswith(".yaml")}


def test_help_lists_every_command_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--help"]) == 0
    output = capsys.readouterr().out
    for name, line in main.COMMANDS.items():
        assert re.search(rf"^  {name} +{line}$", output, re.MULTILINE)


@pytest.mark.parametrize("name", main.COMMANDS)
def test_the_help_of_a_command_says_what_it_reads_and_writes_and_how_it_ends(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main.run([name, "--help"]) == 0
    output = capsys.readouterr().out

    for word in ("cards_source/", "writes", "Exits with 0", f"Example:\n    cardwright {name}"):
        assert word in output
    command = main.cli.get_command(click.Context(main.cli), name)
    assert command
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_the_help_of_only_describes_every_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["build", "--help"]) == 0
    output = " ".join(capsys.readouterr().out.split())
    for registered in OUTPUTS:
        assert f"{registered.name} ({registered.description})" in output


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(option: str) -> None:
    script = (
        "import sys; from cardwright.cli.main import run\n"
        f"code = run([{option!r}])\n"
        "print('loaded:', *sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)\n"
        "print('ours:', *(name for name in sys.modules if name.startswith('cardwright.')), file=sys.stderr)\n"
        "sys.exit(code)"
    )
    done = python(script)
    assert done.returncode == 0
    loaded, ours = (set(line.split()) for line in done.stderr.splitlines())

    assert "click" in loaded
    assert not loaded & {
        "yaml",
        "genanki",
        "typst",
        "markdown_it",
        "latex2mathml",
        "platformdirs",
        "json",
        "traceback",
    }
    assert ours == {"ours:", "cardwright.version", "cardwright.cli", "cardwright.cli.main"}


def test_a_build_tells_what_it_wrote(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The notes, then every file."""
    assert main.run(["build", "--only", "anki"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Birds: 1 note (1 new), 1 card",
        "  written    cards_source/birds.lock",
        "  written    decks/birds/birds.apkg",
        "  written    decks/birds/CHANGES.md",
    ]
    assert built_files(root) == {
        "cards_source/birds.lock",
        "decks/birds/birds.apkg",
        "decks/birds/CHANGES.md",
    }


def test_a_build_of_unchanged_sources_writes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not even at another time."""
    main.run(["build"])
    capsys.readouterr()
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}

    assert main.run(["build"]) == 0
    output = capsys.readouterr().out.splitlines()
    assert output[0].startswith("Birds: 1 note (1 unchanged), 1 card")
    assert all(line.startswith("  unchanged  ") for line in output[1:])
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()} == before


def test_a_file_name_cannot_act_on_the_screen(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Decks come from the internet too, with any names."""
    (root / "cards_source/birds.yaml").rename(root / "cards_source/a\x1b[2Jb.yaml")

    assert main.run(["build", "--only", "anki"]) == 0
    output = capsys.readouterr().out
    assert "decks/a<U+001B>[2Jb/" in output
    assert "\x1b" not in output


def test_ids_written_into_the_sources_are_reported(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = root / "cards_source/birds.yaml"
    source.write_text(BIRDS.replace("- id: owl\n    q", "- q"))

    assert main.run(["build", "--only", "anki"]) == 0
    output = capsys.readouterr().out
    assert "  1 id written into the sources; keep them with your cards\n" in output
    assert "  written    cards_source/birds.yaml\n" in output
    assert "  - id: which-bird-hoots\n    q: Which bird hoots?\n" in source.read_text()


def test_an_error_leaves_everything_as_it_was(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The diagnostics go to the error stream, with their number at the end."""
    (root / "cards_source/birds.yaml").write_text(BROKEN)

    assert main.run(["build"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "--> cards_source/birds.yaml:6:5" in err
    assert re.fullmatch(r"\d errors?; nothing was written", err.splitlines()[-1])
    assert built_files(root) == set()


def test_check_reports_and_writes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["check"]) == 0
    assert capsys.readouterr().out == "1 deck checked: no problems\n"

    (root / "cards_source/birds.yaml").write_text(BROKEN)
    assert main.run(["check"]) == 1
    assert "--> cards_source/birds.yaml:6:5" in capsys.readouterr().out
    assert built_files(root) == set()


def test_strict_fails_on_warnings_too(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "cards_source/birds.yaml").write_text(WARNED)

    assert main.run(["check"]) == 0
    assert "1 deck checked: 1 warning\n" in capsys.readouterr().out
    assert main.run(["check", "--strict"]) == 1


def test_advice_is_given_by_check_and_fails_only_when_strict(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "cards_source/birds.yaml").write_text(ADVISED)

    assert main.run(["check"]) == 0
    output = capsys.readouterr().out
    assert "advice[yes-no-question]: a guess answers this question half of the time" in output
    assert output.endswith(
        "Why? cardwright check --explain yes-no-question\n1 deck checked: 1 piece of advice\n"
    )
    assert main.run(["check", "--strict"]) == 1
    assert main.run(["check", "--strict", "--format", "github"]) == 1
    assert "::notice file=cards_source/birds.yaml,line=5,col=8,endColumn=21,title=yes-no-question::" in (
        capsys.readouterr().out
    )
    assert main.run(["check", "--format", "json"]) == 0
    (diagnostic,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (diagnostic["code"], diagnostic["severity"]) == ("yes-no-question", "advice")
    assert main.run(["build", "--only", "anki"]) == 0
    assert "advice" not in "".join(capsys.readouterr())


def test_advice_on_reviews_goes_by_the_time_of_the_build(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With SOURCE_DATE_EPOCH, a check of old sources says what it said then."""
    (root / "cards_source/birds.yaml").write_text(f"{BIRDS}    reviewed: 2001-01-01\n")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")

    assert main.run(["check", "--strict"]) == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert main.run(["check", "--strict"]) == 1
    assert "advice[old-review]: a card was last reviewed in 2001" in capsys.readouterr().out
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert main.run(["check"]) == 2


def test_a_rule_is_explained_outside_of_a_project_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main.run(["check", "--explain", "yes-no-question"]) == 0
    output = capsys.readouterr().out
    assert output.startswith("yes-no-question: A question asks for yes or no.\n\nWhy is this bad?\n")
    assert output.endswith("    allow: [yes-no-question]\n")
    assert main.run(["check", "--explain", "reserved-name"]) == 0
    assert "allow:" not in capsys.readouterr().out
    assert main.run(["check", "--explain"]) == 0
    assert "\n  yes-no-question           A question asks for yes or no.\n" in capsys.readouterr().out
    assert main.run(["check", "--explain", "yes-no-questions"]) == 2
    assert "no page about `yes-no-questions`; did you mean `yes-no-question`?" in capsys.readouterr().err
    assert main.run(["check", "--explain", "owl"]) == 2
    assert "without a name, `--explain` lists the pages" in capsys.readouterr().err
    assert main.run(["check", "birds", "--explain", "enumeration"]) == 2
    assert "leave out one of the two" in capsys.readouterr().err


def test_the_first_deck_follows_the_advice(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an example for others. The day is fixed, since reviews grow old by themselves."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")

    assert main.run(["check", "--strict", "hamstrings"]) == 0, capsys.readouterr().out


def test_other_formats_print_diagnostics_and_nothing_else(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "cards_source/birds.yaml").write_text(BROKEN)

    assert main.run(["check", "--format", "json"]) == 1
    diagnostics = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {diagnostic["path"] for diagnostic in diagnostics} == {"cards_source/birds.yaml"}

    assert main.run(["check", "--format", "github"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(diagnostics)
    assert all(line.startswith("::error file=cards_source/birds.yaml,line=") for line in lines)


@pytest.mark.parametrize(
    "name",
    [
        "birds",
        "feathered",
        "cards_source/birds",
        "cards_source/birds/deck.yaml",
        "cards_source/birds/eggs.yaml",
    ],
)
def test_a_deck_is_named_by_its_id_its_name_or_a_path(
    root: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (root / "cards_source/birds.yaml").unlink()
    (root / "cards_source/broken.yaml").write_text("deck: [")
    folder = root / "cards_source/birds"
    folder.mkdir()
    (folder / "deck.yaml").write_text("deck: Birds\nid: feathered\n")
    (folder / "eggs.yaml").write_text(BIRDS.split("\n", 2)[2].replace("cards:", "topic: Eggs\ncards:"))

    assert main.run(["check", name]) == 0
    assert capsys.readouterr().out == "1 deck checked: no problems\n"


def test_a_folder_of_decks_means_all_of_them(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A deck that is named twice is checked once."""
    (root / "cards_source/owls.yaml").write_text(
        BIRDS.replace("id: birds", "id: owls").replace("deck: Birds", "deck: Owls")
    )

    assert main.run(["check", ".", "birds"]) == 0
    assert capsys.readouterr().out == "2 decks checked: no problems\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "brids"], "no deck is called `brids`; did you mean `birds`?"),
        (["check", "b\x1b[31m" * 900], "no deck is called `b<U+001B>[31mb<U+001B>[31m"),
        (["build", "--only", "anki,docx"], "--only: `docx` can't be built; it can be anki, pdf"),
        (["check", "--format", "xml"], "xml"),
        (["bulid"], "bulid"),
        (["build", "--fast"], "--fast"),
    ],
)
def test_a_wrong_command_line_exits_with_2_and_says_what_would_be_right(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main.run(arguments) == 2
    assert message in capsys.readouterr().err
    assert built_files(root) == set()


def test_an_invalid_build_time_is_a_usage_error(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")

    assert main.run(["build"]) == 2
    assert "SOURCE_DATE_EPOCH is 'yesterday'" in capsys.readouterr().err
    assert built_files(root) == set()


def test_outside_of_a_project_the_message_says_how_to_begin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main.run(["check"]) == 2
    assert "no cards_source/ in " in capsys.readouterr().err

    (tmp_path / "cards_source").mkdir()
    assert main.run(["check"]) == 2
    assert "a YAML file with `deck:` makes one" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_exits_with_1(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "decks").mkdir()
    with read_only(root / "decks"):
        assert main.run(["build", "--only", "anki"]) == 1

    output = capsys.readouterr().err
    assert "error[cannot-write]: cannot write `birds.apkg`: " in output
    assert output.endswith("1 error; nothing was written\n")
    assert built_files(root) == set()


def test_colour_is_for_terminals_and_can_be_switched_off(root: Path) -> None:
    pty = pytest.importorskip("pty")
    (root / "cards_source/birds.yaml").write_text(BROKEN)

    def on_terminal(**more: str) -> bytes:
        parent_end, child_end = pty.openpty()
        command = [sys.executable, "-c", COMMAND, "check"]
        with subprocess.Popen(command, stdout=child_end, env=environment(**more)) as process:
            os.close(child_end)
            printed = b""
            try:
                while part := os.read(parent_end, 65536):
                    printed += part
            except OSError:
                # Linux says so when the other end of a terminal is closed.
                pass
            assert process.wait() == 1
        os.close(parent_end)
        return printed

    assert b"\x1b[" in on_terminal(TERM="xterm", NO_COLOR="")
    assert b"\x1b[" not in on_terminal(TERM="xterm", NO_COLOR="1")
    assert "\x1b[" not in python(COMMAND, "check", TERM="xterm", NO_COLOR="").stdout


def test_a_pipe_that_nobody_reads_does_not_stop_a_build(root: Path) -> None:
    """As in `cardwright build | head -0`."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-c", COMMAND, "build", "--only", "anki"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, env=environment(), check=False)
    os.close(writer)

    assert (done.returncode, done.stderr) == (0, b"")
    assert built_files(root) == {
        "cards_source/birds.lock",
        "decks/birds/birds.apkg",
        "decks/birds/CHANGES.md",
    }


@pytest.mark.skipif(os.name != "posix", reason="the shell closes the stream")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_does_not_stop_a_build(root: Path, closed: str) -> None:
    """Some schedulers start programs without streams."""
    script = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-c", COMMAND, "build"]
    done = subprocess.run(script, capture_output=True, env=environment(), check=False)

    assert done.returncode == 0
    assert "decks/birds/birds.pdf" in built_files(root)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "arguments", [["build", "--only", "anki"], ["check", "--format", "json"], ["--help"]]
)
def test_a_report_that_the_disk_has_no_room_for_exits_with_1(root: Path, arguments: list[str]) -> None:
    """A report that is cut short must not pass for a complete one."""
    (root / "cards_source/birds.yaml").write_text(WARNED)
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-c", COMMAND, *arguments]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=environment(), check=False)

    assert done.returncode == 1
    assert b"Error: the system says: No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


def test_no_room_for_temporary_files_is_not_reported_as_a_bug(root: Path) -> None:
    done = python(f"import tempfile; tempfile.tempdir = '/nowhere'; {COMMAND}", "build")

    assert done.returncode == 1
    assert done.stderr.startswith("Error: the system says: ")
    assert built_files(root) == set()


def test_a_character_the_terminal_cannot_show_is_escaped(root: Path) -> None:
    (root / "cards_source/birds.yaml").write_text(BROKEN.replace("hoots", "猫"))

    done = python(COMMAND, "check", PYTHONIOENCODING="latin-1")

    assert done.returncode == 1
    assert "Which bird \\u732b?" in done.stdout


@pytest.mark.usefixtures("root")
def test_a_bug_asks_to_be_reported() -> None:
    done = python(f"import cardwright.pipeline as pipeline; pipeline.check = None; {CHECK}")

    assert done.returncode == 70
    assert "Please report it" in done.stderr
    assert "TypeError" in done.stderr
    assert done.stdout == ""


@pytest.mark.usefixtures("root")
def test_ctrl_c_ends_without_a_traceback() -> None:
    # Python handles a signal soon, not at once, so the command must not be over by then.
    stopped = "pipeline.check = lambda *_, **__: (signal.raise_signal(signal.SIGINT), time.sleep(9))"

    done = python(f"import signal, time, cardwright.pipeline as pipeline; {stopped}; {CHECK}")

    assert done.returncode == 130
    assert done.stderr.strip() == "Stopped."


@pytest.mark.parametrize("command", ["build", "check", "print"])
def test_only_the_decks_that_are_asked_for_are_read(
    root: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (root / "cards_source/dangling.yaml").symlink_to("gone.yaml")
    (root / "cards_source/two").mkdir()
    (root / "cards_source/two/deck.yaml").write_text(BIRDS)
    (root / "cards_source/two/deck.yml").write_text(BIRDS)

    assert main.run([command, "birds"]) == 0
    capsys.readouterr()
    assert main.run([command, "dangling"]) == 1
    assert "cannot-read" in "".join(capsys.readouterr())
    if command != "print":
        assert main.run([command]) == 1


def test_a_name_shared_with_another_deck_is_reported_for_both(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for deck in ("x/birds", "x/Owls", "y/owls"):
        (root / "cards_source" / deck).mkdir(parents=True)
        (root / "cards_source" / deck / "deck.yaml").write_text(BIRDS)

    assert main.run(["check", "cards_source/birds.yaml"]) == 1
    assert "cards_source/x/birds/deck.yaml" in capsys.readouterr().out
    assert main.run(["check", "cards_source/x/birds"]) == 1
    output = capsys.readouterr().out
    assert "same-deck-name" in output
    assert "owls" not in output
