"""Whoever uses the name of a command or an option that does not exist is told which one does the job."""

import re
from pathlib import Path

import click
import pytest

from cardwright.cli import main
from cardwright.cli.unknown_commands import POINTERS


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cards_source/legs").mkdir(parents=True)
    (tmp_path / "cards_source/legs/deck.yaml").write_text("deck: Legs\n")
    monkeypatch.chdir(tmp_path)


def message(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the last line that a wrong command line prints."""
    assert main.run(arguments) == 2
    return capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "pointer"),
    [
        ("init", "`cardwright new NAME` makes a deck with examples"),
        ("serve", "`cardwright preview` shows every card in the browser"),
        ("convert", "`cardwright import FILE` turns decks of Anki into sources"),
        ("watch", "`cardwright build --watch` builds at every save"),
        ("export", "`cardwright build` writes the Anki package"),
        ("validate", "`cardwright check` reports all problems"),
        ("PDF", "`cardwright print` writes sheets"),
        ("quiz", "`cardwright print --layout quiz`"),
        ("exprot", "`cardwright build` writes the Anki package"),
        ("buidl", "did you mean `build`?"),
        ("prnt", "did you mean `print`?"),
        ("diff", "`cardwright rehearse OLD.apkg NEW.apkg`"),
        ("help", "`cardwright --help` lists the commands"),
        ("legs", "`legs` is a deck; `cardwright build legs` builds it"),
        ("zzz", f"choose from: {', '.join(f'`{name}`' for name in main.COMMANDS)}"),
    ],
)
def test_a_command_points_to_the_one_that_does_the_job(
    name: str, pointer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pointer in message(capsys, name)


@pytest.mark.parametrize(
    ("arguments", "pointer"),
    [
        (
            ["build", "--live"],
            "there is no option `--live` of `cardwright build`; `cardwright build --watch` builds at",
        ),
        (["build", "--dry-run"], "`cardwright check` reports all problems"),
        (["build", "--output", "x"], "all else goes to decks/"),
        (["print", "--layuot", "quiz"], "did you mean `--layout`?"),
        (["check", "--zzz"], "choose from: `--strict`"),
        (["--verison"], "did you mean `--version`?"),
        (["-v"], "`cardwright --version` shows the version"),
    ],
)
def test_an_option_points_to_what_does_the_job(
    arguments: list[str], pointer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pointer in message(capsys, *arguments)


def test_a_name_cannot_write_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in message(capsys, "\x1b[31mbuild")


def test_every_pointer_names_commands_and_options_that_exist() -> None:
    for pointer in POINTERS:
        for command in re.findall(r"`cardwright ([^`]*)`", pointer):
            name, *options = command.split()
            if name not in main.COMMANDS:
                assert command in {"--help", "--version"}
                continue
            named = main.cli.get_command(click.Context(main.cli), name)
            assert named is not None
            known = {"--help", *(option for parameter in named.params for option in parameter.opts)}
            assert {option for option in options if option.startswith("-")} <= known
