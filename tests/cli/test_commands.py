"""The commands as a user meets them: what they print, what they write, and their exit codes."""

import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from cardwright.cli import main
from cardwright.formats.registry import OUTPUTS
from tests.support.commands import COMMAND, Result, environment, run_python
from tests.support.failing_disks import read_only
from tests.support.paths import ROOT
from tests.support.unicode_forms import FORMS, Form

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
PACKAGE_FILES = {"cards_source/birds.lock", "decks/birds/birds.apkg", "decks/birds/CHANGES.md"}
# Runs `check` and ends as the command does.
CHECK = "import sys; from cardwright.cli.main import run; sys.exit(run(['check']))"


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """A function that runs `cardwright` with the given arguments."""
    return lambda *arguments: Result(main.run(arguments), *capsys.readouterr())


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only deck of a project, which is the current folder."""
    source = tmp_path / "cards_source/birds.yaml"
    source.parent.mkdir()
    source.write_text(BIRDS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return source


def built_files() -> set[str]:
    """Return the paths of all files of the project but the sources."""
    return {path.as_posix() for path in Path().rglob("*") if path.is_file() and path.suffix != ".yaml"}


def test_help_lists_every_command_with_its_line(run: Run) -> None:
    result = run("--help")

    assert result.code == 0
    for name, line in main.COMMANDS.items():
        assert re.search(rf"^  {name} +{line}$", result.out, re.MULTILINE)


@pytest.mark.parametrize("name", main.COMMANDS)
def test_the_help_of_a_command_is_complete(run: Run, name: str) -> None:
    """It says what the command reads and writes and how it ends, and has an example."""
    result = run(name, "--help")

    assert result.code == 0
    end = "until Ctrl-C" if name == "preview" else "Exits with 0"
    for phrase in ("cards_source/", "writes", end, f"Example:\n    cardwright {name}"):
        assert phrase in result.out
    command = main.cli.get_command(click.Context(main.cli), name)
    assert command
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_the_help_of_only_describes_every_output(run: Run) -> None:
    words = " ".join(run("build", "--help").out.split())

    assert all(f"{output.name} ({output.description})" in words for output in OUTPUTS)


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(option: str) -> None:
    script = (
        "import sys; from cardwright.cli.main import run\n"
        f"code = run([{option!r}])\n"
        "print('loaded:', *sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)\n"
        "print('ours:', *(name for name in sys.modules if name.startswith('cardwright.')), file=sys.stderr)\n"
        "sys.exit(code)"
    )
    heavy = ["yaml", "typst", "markdown_it", "platformdirs", "json", "traceback"]

    result = run_python(script)

    assert result.code == 0
    loaded, ours = (set(line.split()) for line in result.err.splitlines())
    assert "click" in loaded
    assert loaded.isdisjoint(heavy)
    start = {"cardwright.cli", "cardwright.cli.main", "cardwright.shell", "cardwright.shell.signals"}
    assert ours == {"ours:", "cardwright.version", *start}


@pytest.mark.usefixtures("source")
def test_a_build_reports_the_notes_and_every_file(run: Run) -> None:
    result = run("build", "--only", "anki")

    assert result.code == 0
    assert result.out.splitlines() == [
        "Birds: 1 note (1 new), 1 card",
        "  written    cards_source/birds.lock",
        "  written    decks/birds/birds.apkg",
        "  written    decks/birds/CHANGES.md",
    ]
    assert built_files() == PACKAGE_FILES


def test_a_build_of_unchanged_sources_writes_nothing(source: Path, run: Run) -> None:
    """Not even at another time."""

    def modification_times() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in source.parent.parent.rglob("*") if path.is_file()}

    run("build")
    before = modification_times()

    result = run("build")

    assert result.code == 0
    first_line, *lines = result.out.splitlines()
    assert first_line.startswith("Birds: 1 note (1 unchanged), 1 card")
    assert all(line.startswith("  unchanged  ") for line in lines)
    assert modification_times() == before


def test_a_file_name_cannot_act_on_the_screen(source: Path, run: Run) -> None:
    """Decks come from the internet too, with any names."""
    source.rename(source.with_name("a\x1b[2Jb.yaml"))

    result = run("build", "--only", "anki")

    assert result.code == 0
    assert "decks/a<U+001B>[2Jb/" in result.out
    assert "\x1b" not in result.out


def test_ids_written_into_the_sources_are_reported(source: Path, run: Run) -> None:
    source.write_text(BIRDS.replace("- id: owl\n    q", "- q"))

    result = run("build", "--only", "anki")

    assert result.code == 0
    assert "  1 id written into the sources; keep them with your cards\n" in result.out
    assert "  written    cards_source/birds.yaml\n" in result.out
    assert "  - id: which-bird-hoots\n    q: Which bird hoots?\n" in source.read_text()


def test_an_error_leaves_everything_as_it_was(source: Path, run: Run) -> None:
    """The diagnostics go to the error stream, with their number at the end."""
    source.write_text(BROKEN)

    result = run("build")

    assert (result.code, result.out) == (1, "")
    assert "--> cards_source/birds.yaml:6:5" in result.err
    assert re.fullmatch(r"\d errors?; nothing was written", result.err.splitlines()[-1])
    assert built_files() == set()


def test_what_paper_has_no_room_for_leaves_the_sheets_alone(source: Path, run: Run) -> None:
    run("build")
    old_sheets = Path("decks/birds/birds.pdf").read_bytes()
    source.write_text(BIRDS.replace("The owl", "very " * 900))

    result = run("build")

    assert result.code == 1
    assert result.out.splitlines() == [
        "Birds: 1 note (1 changed), 1 card",
        "  written    cards_source/birds.lock",
        "  written    decks/birds/birds.apkg",
        "  written    decks/birds/CHANGES.md",
        "  written    decks/birds/birds-earlier.jsonl",
        "  as it was  decks/birds/birds.pdf",
    ]
    assert "error[card-overflow]: `owl` back needs" in result.err
    assert result.err.splitlines()[-3:] == [
        "1 error",
        "Birds: the Anki package is written; the card sheets are not: 1 error",
        "  `print: false` in cards_source/birds.yaml builds the deck without card sheets",
    ]
    assert Path("decks/birds/birds.pdf").read_bytes() == old_sheets
    assert run("build", "--only", "anki").code == 0

    result = run("build", "--only", "pdf")
    assert (result.code, result.out) == (1, "")
    assert result.err.endswith("\n1 error; nothing was written\n")


def test_decks_that_are_written_and_decks_that_are_not_are_told_apart(source: Path, run: Run) -> None:
    source.with_name("fish.yaml").write_text(BIRDS.replace("irds", "ish").replace("The owl", "very " * 900))

    result = run("build", "--only", "pdf")

    assert result.code == 1
    assert [line for line in result.out.splitlines() if not line.startswith(" ")] == [
        "Birds: 1 note (1 new), 1 card on 1 sheet"
    ]
    assert result.err.splitlines()[-2] == "Bish: the card sheets are not written: 1 error"
    assert built_files() == {"cards_source/birds.lock", "decks/birds/birds.pdf"}


def test_after_a_conflict_with_the_lock_nothing_is_written(source: Path, run: Run) -> None:
    """Sheets of it would match neither the package nor the lock."""
    run("build")
    source.write_text(BIRDS.replace("id: birds", "id: owls").replace("Which bird", "Which"))

    result = run("build")

    assert (result.code, result.out) == (1, "")
    assert result.err.endswith("\n1 error; nothing was written\n")


def test_a_deck_that_is_not_printed_has_no_sheets(source: Path, run: Run) -> None:
    run("build")
    source.write_text(BIRDS.replace("cards:", "print: false\ncards:"))

    result = run("build")

    assert result.code == 0
    first, *lines = result.out.splitlines()
    assert first == "Birds: 1 note (1 unchanged), 1 card, none of them on paper"
    assert lines[-1] == "  removed    decks/birds/birds.pdf"
    assert not Path("decks/birds/birds.pdf").exists()
    assert run("check") == (0, "1 deck checked: no problems\n", "")
    result = run("print", "birds")
    assert result.code == 1
    assert "all cards are kept off paper by `print: false`\n --> cards_source/birds.yaml:3:8" in result.err
    assert "= help: take out `print: false`, or write `print: true` on" in result.err


def test_cards_on_sheets_are_counted_apart_from_cards_in_anki(source: Path, run: Run) -> None:
    source.write_text(f"{BIRDS}  - {{id: b, print: false, q: What is off paper?, a: This, reverse: true}}\n")

    assert run("build").out.splitlines()[0] == "Birds: 2 notes (2 new), 3 cards, 1 of them on 1 sheet"


def test_very_many_problems_of_a_kind_are_counted(source: Path, run: Run) -> None:
    """The errors come last, where they are seen; a program gets everything."""
    cards = "".join(f"  - {{id: c{number}, q: What is $x$ of {number}?, a: x}}\n" for number in range(30))
    source.write_text(f"{BIRDS}{cards}  - {{id: owl, q: What is used twice?, a: An id}}\n")

    for command, output in (("check", "out"), ("build", "err")):
        result = run(command)
        lines = getattr(result, output).splitlines()
        headlines = [line for line in lines if re.match(r"(note|advice|warning|error)\[", line)]
        assert [line.partition(":")[0] for line in headlines] == [
            *["warning[dollars-as-text]"] * 6,
            "error[duplicate-id]",
        ]
        assert headlines[5] == "warning[dollars-as-text]: … and 25 more `dollars-as-text` (--all shows them)"
        assert [line for line in lines if " × " in line] == [
            "  30 × warning[dollars-as-text]",
            "   1 × error[duplicate-id]",
        ]
        shown = getattr(run(command, "--all"), output)
        assert (shown.count("warning[dollars-as-text]:"), "--all" in shown) == (30, False)
    assert len(run("check", "--format", "json").out.splitlines()) == 31
    assert len(run("check", "--format", "github").out.splitlines()) == 7


def test_check_reports_and_writes_nothing(source: Path, run: Run) -> None:
    not_checked = "not checked: card sheets of Birds, as there are none yet (--only pdf checks them)\n"
    assert run("check") == (0, f"1 deck checked: no problems\n{not_checked}", "")
    assert run("check", "--only", "pdf, anki") == (0, "1 deck checked: no problems\n", "")

    source.write_text(BROKEN)
    result = run("check")
    assert result.code == 1
    assert "--> cards_source/birds.yaml:6:5" in result.out
    assert built_files() == set()


def test_strict_fails_on_warnings_too(source: Path, run: Run) -> None:
    source.write_text(WARNED)

    result = run("check")
    assert result.code == 0
    assert "1 deck checked: 1 warning\n" in result.out
    assert run("check", "--strict").code == 1


def test_advice_is_given_by_check_and_fails_only_when_strict(source: Path, run: Run) -> None:
    source.write_text(ADVISED)

    result = run("check", "--only", "anki")
    assert result.code == 0
    assert "advice[yes-no-question]: a guess answers this question half of the time" in result.out
    assert result.out.endswith(
        "Why? cardwright check --explain yes-no-question\n1 deck checked: 1 piece of advice\n"
    )
    assert run("check", "--strict").code == 1
    result = run("check", "--strict", "--format", "github")
    assert result.code == 1
    place = "file=cards_source/birds.yaml,line=5,col=8,endColumn=21,title=yes-no-question"
    assert f"::notice {place}::" in result.out
    result = run("check", "--format", "json")
    assert result.code == 0
    (diagnostic,) = [json.loads(line) for line in result.out.splitlines()]
    assert (diagnostic["code"], diagnostic["severity"]) == ("yes-no-question", "advice")
    result = run("build", "--only", "anki")
    assert result.code == 0
    assert "advice" not in result.out + result.err


def test_advice_on_reviews_goes_by_the_time_of_the_build(
    source: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With SOURCE_DATE_EPOCH, a check of old sources says what it said then."""
    source.write_text(f"{BIRDS}    reviewed: 2001-01-01\n")

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert run("check", "--strict").code == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    result = run("check", "--strict")
    assert result.code == 1
    assert "advice[old-review]: a card was last reviewed in 2001" in result.out


def test_a_rule_is_explained_outside_of_a_project_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(tmp_path)

    result = run("check", "--explain", "yes-no-question")
    assert result.code == 0
    assert result.out.startswith("yes-no-question: A question asks for yes or no.\n\nWhy is this bad?\n")
    assert result.out.endswith("    allow: [yes-no-question]\n")
    result = run("check", "--explain", "reserved-name")
    assert result.code == 0
    assert "allow:" not in result.out
    result = run("check", "--explain")
    assert result.code == 0
    assert "\n  yes-no-question           A question asks for yes or no.\n" in result.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--explain", "yes-no-questions"], "`yes-no-questions`; did you mean `yes-no-question`?"),
        (
            ["--explain", "colon-in-text"],
            "`colon-in-text`; messages with other codes say all there is to know",
        ),
        (["--explain", "owl"], "without a name, `--explain` lists the pages"),
        (["birds", "--explain", "enumeration"], "leave out one of the two"),
    ],
)
def test_a_page_that_does_not_exist_is_a_usage_error(run: Run, arguments: list[str], message: str) -> None:
    result = run("check", *arguments)

    assert result.code == 2
    assert message in result.err


def test_the_first_deck_follows_the_advice(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an example for others. The day is fixed, since reviews grow old by themselves."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")

    result = run("check", "--strict", "hamstrings")

    assert result.code == 0, result.out


def test_other_formats_print_diagnostics_and_nothing_else(source: Path, run: Run) -> None:
    source.write_text(BROKEN)

    result = run("check", "--format", "json")
    assert result.code == 1
    diagnostics = [json.loads(line) for line in result.out.splitlines()]
    assert {diagnostic["path"] for diagnostic in diagnostics} == {"cards_source/birds.yaml"}

    result = run("check", "--format", "github")
    assert result.code == 1
    lines = result.out.splitlines()
    assert len(lines) == len(diagnostics)
    assert all(line.startswith("::error file=cards_source/birds.yaml,line=") for line in lines)


@pytest.mark.parametrize("name", ["birds", "feathered", "birds/", "birds/deck.yaml", "birds/eggs.yaml"])
def test_a_deck_is_named_by_its_id_its_name_or_a_path(source: Path, run: Run, name: str) -> None:
    source.unlink()
    source.with_name("broken.yaml").write_text("deck: [")
    folder = source.with_name("birds")
    folder.mkdir()
    (folder / "deck.yaml").write_text("deck: Birds\nid: feathered\n")
    (folder / "eggs.yaml").write_text(BIRDS.split("\n", 2)[2].replace("cards:", "topic: Eggs\ncards:"))

    result = run("check", "--only", "anki", f"cards_source/{name}" if "/" in name else name)

    assert result == (0, "1 deck checked: no problems\n", "")


@pytest.mark.parametrize(("on_disk", "written"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_names_of_files_are_the_same_however_accents_are_encoded(
    source: Path, run: Run, on_disk: Form, written: Form
) -> None:
    """Old Macs, and what is copied from them, have NFD."""
    source.unlink()
    folder = source.with_name(unicodedata.normalize(on_disk, "Füße"))
    (folder / "media").mkdir(parents=True)
    for name, text in (
        ("deck.yaml", "deck: Feet\nid: feet\nfiles: [Zähen.yaml]\n"),
        ("Zähen.yaml", "cards:\n- {id: a, q: '![toe](media/Zäh.svg)', a: toe}\n"),
        ("media/Zäh.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ):
        (folder / unicodedata.normalize(on_disk, name)).write_text(unicodedata.normalize(written, text))

    result = run("check", "--only", "anki", unicodedata.normalize(written, "Füße"))

    assert result == (0, "1 deck checked: no problems\n", "")


def test_a_picture_that_is_there_in_both_encodings_is_reported(source: Path, run: Run) -> None:
    """Only one of them can be meant, and a Mac shows only one."""
    (source.parent / "media").mkdir()
    for form in FORMS:
        (source.parent / "media" / unicodedata.normalize(form, "ü.svg")).write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><desc>{form}</desc></svg>'
        )
    source.write_text("deck: Birds\nid: birds\ncards:\n- {id: a, q: '![toe](media/ü.svg)', a: toe}\n")

    result = run("check", "--only", "anki")

    assert "warning[same-file-name]: two files of the deck are called `ü.svg`" in result.out
    assert "1 warning\n" in result.out


def test_fonts_are_not_read_through_links_out_of_the_deck(source: Path, run: Run) -> None:
    """A deck from somewhere must not print what only this machine has. The Anki package is fine."""
    (source.parent / "fonts").mkdir()
    (source.parent / "fonts/a.ttf").symlink_to("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    source.write_text(BIRDS.replace("cards:", "print: {fonts: [fonts]}\ncards:"))

    assert "error[font-outside-deck]: `fonts/a.ttf` is a link that leads out of the deck" in run("build").err
    assert (source.parents[1] / "decks/birds/birds.apkg").exists()
    assert not (source.parents[1] / "decks/birds/birds-cards.pdf").exists()


def test_a_font_that_a_style_names_is_used_on_paper(source: Path, run: Run) -> None:
    """For what the usual fonts lack, before those of the system; it is in the Anki package, too."""
    font = next(Path("/usr/share/fonts").rglob("NotoLoopedThai-Regular.ttf"))
    (source.parent / "media").mkdir()
    shutil.copy(font, source.parent / "media/_thai.ttf")
    css = "@font-face { font-family: Thai; src: url(_thai.ttf) }"
    source.write_text(
        f"""deck: Birds
id: birds
note_types:
  word: {{fields: [Word], templates: {{One: {{front: "{{{{Word}}}}", back: "-"}}}}, css: "{css}"}}
cards:
  - {{id: word, type: word, fields: {{Word: กล้ามเนื้อ}}}}
"""
    )

    assert run("build").code == 0
    sheets = source.parents[1] / "decks/birds/birds.pdf"
    assert set(re.findall(rb"Noto\w+", sheets.read_bytes())) == {b"NotoLoopedThai"}


def test_a_folder_of_decks_means_all_of_them(source: Path, run: Run) -> None:
    """A deck that is named twice is checked once."""
    source.with_name("owls.yaml").write_text(BIRDS.replace("birds", "owls").replace("Birds", "Owls"))

    assert run("check", ".", "birds", "--only", "anki") == (0, "2 decks checked: no problems\n", "")


@pytest.mark.parametrize("command", ["build", "check", "print"])
def test_only_the_decks_that_are_named_are_read(source: Path, run: Run, command: str) -> None:
    source.with_name("dangling.yaml").symlink_to("gone.yaml")
    folder = source.with_name("two")
    folder.mkdir()
    for name in ("deck.yaml", "deck.yml"):
        (folder / name).write_text(BIRDS)

    assert run(command, "birds").code == 0
    result = run(command, "dangling")
    assert result.code == 1
    assert "cannot-read" in result.out + result.err
    if command != "print":
        assert run(command).code == 1


def test_a_name_that_two_decks_share_is_reported_for_either(source: Path, run: Run) -> None:
    for deck in ("x/birds", "x/Owls", "y/owls"):
        folder = source.parent / deck
        folder.mkdir(parents=True)
        (folder / "deck.yaml").write_text(BIRDS)

    for name in ("cards_source/birds.yaml", "cards_source/x/birds"):
        result = run("check", name)
        assert result.code == 1
        assert "same-deck-name" in result.out
        assert "cards_source/x/birds/deck.yaml" in result.out
        assert "owls" not in result.out


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "brids"], "no deck is called `brids`; did you mean `birds`?"),
        (["check", "b\x1b[31m" * 900], "no deck is called `b<U+001B>[31mb<U+001B>[31m"),
        (["build", "--only", "anki,docx"], "--only: `docx` can't be built; it can be anki, pdf"),
        (["check", "--only", "docx"], "--only: `docx` can't be built; it can be anki, pdf"),
        (["check", "--format", "xml"], "xml"),
        (["bulid"], "bulid"),
        (["build", "--fast"], "--fast"),
    ],
)
def test_a_usage_error_says_what_would_be_right(run: Run, arguments: list[str], message: str) -> None:
    result = run(*arguments)

    assert result.code == 2
    assert message in result.err
    assert built_files() == set()


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize("command", ["build", "check"])
def test_an_invalid_build_time_is_a_usage_error(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")

    result = run(command)

    assert result.code == 2
    assert "SOURCE_DATE_EPOCH is 'yesterday'" in result.err
    assert built_files() == set()


def test_outside_of_a_project_the_message_says_how_to_begin(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    result = run("check")
    assert result.code == 2
    assert "no cards_source/ in " in result.err
    assert "make a first deck here with `cardwright new NAME`" in result.err

    (tmp_path / "cards_source").mkdir()
    result = run("check")
    assert result.code == 2
    assert "`cardwright new NAME` makes one" in result.err


@pytest.mark.usefixtures("source")
def test_a_folder_that_cannot_be_written_exits_with_1(run: Run) -> None:
    Path("decks").mkdir()
    with read_only(Path("decks").absolute()):
        result = run("build", "--only", "anki")

    assert result.code == 1
    assert "error[cannot-write]: cannot write `birds.apkg`: " in result.err
    assert result.err.endswith("1 error; nothing was written\n")
    assert built_files() == set()


def test_colour_is_for_terminals_and_can_be_switched_off(source: Path) -> None:
    pty = pytest.importorskip("pty")
    source.write_text(BROKEN)

    def run_on_terminal(**variables: str) -> bytes:
        parent_end, child_end = pty.openpty()
        command = [sys.executable, "-c", COMMAND, "check"]
        with subprocess.Popen(command, stdout=child_end, env=environment(**variables)) as process:
            os.close(child_end)
            output = b""
            try:
                while part := os.read(parent_end, 65536):
                    output += part
            except OSError:
                # Linux says so when the other end of a terminal is closed.
                pass
            assert process.wait() == 1
        os.close(parent_end)
        return output

    assert b"\x1b[" in run_on_terminal(TERM="xterm", NO_COLOR="")
    assert b"\x1b[" not in run_on_terminal(TERM="xterm", NO_COLOR="1")
    assert "\x1b[" not in run_python(COMMAND, "check", TERM="xterm", NO_COLOR="").out


@pytest.mark.usefixtures("source")
def test_a_pipe_that_nobody_reads_does_not_stop_a_build() -> None:
    """As in `cardwright build | head -0`."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-c", COMMAND, "build", "--only", "anki"]
    process = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, env=environment(), check=False)
    os.close(writer)

    assert (process.returncode, process.stderr) == (0, b"")
    assert built_files() == PACKAGE_FILES


@pytest.mark.usefixtures("source")
@pytest.mark.skipif(os.name != "posix", reason="the shell closes the stream")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_does_not_stop_a_build(closed: str) -> None:
    """Some schedulers start programs without streams."""
    script = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-c", COMMAND, "build"]
    process = subprocess.run(script, capture_output=True, env=environment(), check=False)

    assert process.returncode == 0
    assert "decks/birds/birds.pdf" in built_files()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "arguments", [["build", "--only", "anki"], ["check", "--format", "json"], ["--help"]]
)
def test_a_report_that_the_disk_has_no_room_for_exits_with_1(source: Path, arguments: list[str]) -> None:
    """A report that is cut short must not pass for a complete one."""
    source.write_text(WARNED)
    command = [sys.executable, "-c", COMMAND, *arguments]
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=environment(), check=False)

    assert process.returncode == 1
    assert b"Error: the system says: No space left on device" in process.stderr
    assert b"Traceback" not in process.stderr


@pytest.mark.usefixtures("source")
def test_no_room_for_temporary_files_is_not_reported_as_a_bug() -> None:
    result = run_python(f"import tempfile; tempfile.tempdir = '/nowhere'; {COMMAND}", "build")

    assert result.code == 1
    assert result.err.startswith("Error: the system says: ")
    assert built_files() == set()


def test_a_character_the_terminal_cannot_show_is_escaped(source: Path) -> None:
    source.write_text(BIRDS.replace("hoots", "猫").replace("    a: The owl\n", ""))

    result = run_python(COMMAND, "check", PYTHONIOENCODING="latin-1")

    assert result.code == 1
    assert "Which bird \\u732b?" in result.out


@pytest.mark.usefixtures("source")
def test_a_bug_asks_to_be_reported() -> None:
    result = run_python(f"import cardwright.pipeline as pipeline; pipeline.check = None; {CHECK}")

    assert (result.code, result.out) == (70, "")
    assert "Please report it" in result.err
    assert "TypeError" in result.err


@pytest.mark.usefixtures("source")
def test_ctrl_c_ends_without_a_traceback() -> None:
    # Python handles a signal soon, not at once, so the command must not be over by then.
    stopped = "pipeline.check = lambda *_, **__: (signal.raise_signal(signal.SIGINT), time.sleep(9))"

    start = "sys.argv[1:] = ['check']; main()"
    script = f"import signal, sys, time, cardwright.pipeline as pipeline; {stopped}; {COMMAND}"
    result = run_python(script.replace("main()", start))

    assert (result.code, result.err.strip()) == (130, "Stopped.")


def test_a_lost_lock_is_found_and_made_anew(run: Run, source: Path) -> None:
    run("build")
    lock = source.with_suffix(".lock")
    kept = lock.read_bytes()
    lock.unlink()

    lost = run("build")
    assert (lost.code, lock.exists()) == (1, False)
    assert "error[lock-lost]" in lost.err
    restored = run("build", "--restore-lock")
    assert restored.code == 0, restored.err
    # No note of the deck is a cloze, so nothing says when the note type for them was first released.
    assert set(kept.splitlines()[-1:]) <= set(lock.read_bytes().splitlines())
    assert "the lock is made anew: 1 note" in restored.err
    assert "unchanged  decks/birds/birds.apkg" in restored.out


def test_a_lock_is_not_restored_where_none_may_change(run: Run, source: Path) -> None:
    assert source.exists()
    result = run("build", "--locked", "--restore-lock")
    assert (result.code, "--restore-lock writes one" in result.err) == (2, True)


def test_a_deck_that_is_renamed_without_its_lock_is_no_new_deck(run: Run, source: Path) -> None:
    """Whether its file gets another name or becomes a folder, with the lock in it or not."""
    run("build")
    source.rename(source.with_name("owls.yaml"))
    result = run("build")
    assert result.code == 1
    assert "error[lock-misplaced]: the deck has another name than its lock" in result.err
    assert (
        "rename it to cards_source/owls.lock, decks/birds to decks/owls, "
        "and the files in it: birds.apkg to owls.apkg …"
    ) in result.err
    folder = source.parent / "owls"
    folder.mkdir()
    source.with_name("owls.yaml").rename(folder / "deck.yaml")
    assert "rename it to cards_source/owls/deck.lock" in run("build").err
    source.with_suffix(".lock").rename(folder / "birds.lock")
    assert "rename it to cards_source/owls/deck.lock" in run("build").err
    (folder / "birds.lock").rename(folder / "deck.lock")
    Path("decks/birds").rename("decks/owls")
    assert "1 note (1 unchanged)" in run("build").out


def test_the_lock_of_another_deck_nearby_is_not_taken_for_it(run: Run, source: Path) -> None:
    run("build")
    source.with_name("owls.yaml").write_text(BIRDS.replace("id: birds", "id: owls").replace("Birds", "Owls"))
    assert run("build").code == 0


def test_a_lock_that_cannot_be_read_is_not_lost(run: Run, source: Path) -> None:
    run("build")
    source.with_suffix(".lock").unlink()
    source.with_suffix(".lock").mkdir()
    result = run("build")
    assert re.findall(r"error\[(.*)\]", result.err) == ["cannot-read"]
