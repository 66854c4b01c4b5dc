"""The Tab key in real shells: what stands in the command line once it was pressed."""

import fcntl
import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cardwright.cli import main
from tests.support.commands import COMMAND, environment
from tests.support.paths import ROOT

Complete = Callable[[str], list[str]]

DECK = """\
deck: Birds of Europe
id: european-birds
topic: Owls, hawks and more
cards:
  - {id: owl, q: Which bird hoots?, a: The owl, tags: [night, "night::hunter"]}
  - {id: hawk, topic: "Höhe", q: Which bird circles?, a: The hawk}
"""
# By shell: how it is started, and the line for its settings, as in docs/commands.md.
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile"], 'eval "$(_CARDWRIGHT_COMPLETE=bash_source cardwright)"'),
    "zsh": (
        ["zsh", "-f"],
        'autoload -Uz compinit && compinit; eval "$(_CARDWRIGHT_COMPLETE=zsh_source cardwright)"',
    ),
    "fish": (["fish", "--no-config"], "_CARDWRIGHT_COMPLETE=fish_source cardwright | source"),
}
# What is typed before the Tab key is pressed, and the arguments that cardwright then gets.
TYPED = {
    "chec": ["check"],
    "check --format gi": ["check", "--format", "github"],
    "build --only anki,p": ["build", "--only", "anki,pdf"],
    "print birds --topic Ow": ["print", "birds", "--topic", "Owls, hawks and more"],
    "print --topic 'Owls, ha": ["print", "--topic", "Owls, hawks and more"],
    "print --tag night::h": ["print", "--tag", "night::hunter"],
}
# The same, and how Bash is told to go on.
COMPLETED = {
    "print bir": ["birds"],
    "check european": ["european-birds"],
    "pull old.apkg ": ["birds", "european-birds"],
    "build --rest": ["--restore-lock"],
    "check --explain yes": ["yes-no-question"],
    r"print --topic Owls,\ ha": [r"Owls,\ hawks\ and\ more"],
    "print --topic=Ow": [r"Owls,\ hawks\ and\ more"],
    'print --topic "Ow': ["Owls, hawks and more"],
    "print --topic H": ["Höhe"],
    "print --tag night": ["night", "night::hunter"],
    "print --tag=night::": ["hunter"],
    "print --ids owl,": ["owl,hawk"],
    "print --card avery-l478": ["avery-l4785"],
    "print --paper lett": ["letter"],
    "build nothing": [],
    "print nothing --topic ": [],
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one deck, and a program `cardwright` that tells what it was called with."""
    (tmp_path / "cards_source").mkdir()
    (tmp_path / "cards_source/birds.yaml").write_text(DECK, encoding="utf-8")
    program = tmp_path / "bin/cardwright"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"if '_CARDWRIGHT_COMPLETE' in os.environ:\n    {COMMAND}\n"
        f"with open({str(tmp_path / 'calls')!r}, 'a') as calls:\n"
        "    print(json.dumps(sys.argv[1:]), file=calls)\n"
    )
    program.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_what_is_typed(project: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    command, setting = SHELLS[shell]

    calls = type_lines(command, [setting, *(f"cardwright {typed}\t" for typed in TYPED)], project)

    assert dict(zip(TYPED, calls, strict=True)) == TYPED


def test_the_guide_has_the_line_for_each_shell() -> None:
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")

    assert all(f"\n{setting}\n" in page for _, setting in SHELLS.values())


@pytest.fixture
def complete(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Complete:
    """A function that completes a line in Bash, and returns what Bash is told."""

    def complete(typed: str) -> list[str]:
        words = [*re.findall(r"[:=]+|(?:\\.|[^\s:=\\])+", typed), *([""] if typed.endswith(" ") else [])]
        monkeypatch.setenv("_CARDWRIGHT_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_LINE", f"cardwright {typed}")
        monkeypatch.setenv("COMP_WORD", words[-1])
        assert main.run([]) == 0
        result = capsys.readouterr()
        assert result.err == ""
        return [line.removeprefix("plain,") for line in result.out.splitlines() if line]

    return complete


@pytest.mark.parametrize("typed", COMPLETED)
def test_what_is_completed(
    project: Path, monkeypatch: pytest.MonkeyPatch, complete: Complete, typed: str
) -> None:
    monkeypatch.chdir(project)

    assert complete(typed) == COMPLETED[typed]


@pytest.mark.parametrize("typed", ["build ", "print --topic ", "print --ids "])
def test_outside_of_a_project_nothing_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, complete: Complete, typed: str
) -> None:
    monkeypatch.chdir(tmp_path)

    assert complete(typed) == []


def test_a_broken_deck_says_nothing_while_one_types(
    project: Path, monkeypatch: pytest.MonkeyPatch, complete: Complete
) -> None:
    monkeypatch.chdir(project)
    (project / "cards_source/birds.yaml").write_text("deck: [\n")

    assert complete("print --topic ") == []
    assert complete("build bir") == ["birds"]


def test_an_unknown_command_is_told_when_it_is_run(complete: Complete) -> None:
    """A message in the middle of a line that is being typed would only disturb."""
    assert complete("unknown --zzz") == []


def test_powershell_gets_quoted_what_has_spaces(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No PowerShell is at hand here, so only what it is sent is tested."""
    monkeypatch.chdir(project)
    monkeypatch.setenv("_CARDWRIGHT_COMPLETE", "powershell_complete")
    monkeypatch.setenv("COMP_WORDS", "cardwright print --topic ")
    monkeypatch.setenv("COMP_CWORD", "3")

    assert main.run([]) == 0

    assert capsys.readouterr().out.split("\n")[:5] == [
        "plain",
        "'Owls, hawks and more'",
        "_",
        "plain",
        "Höhe",
    ]


def type_lines(command: list[str], lines: list[str], project: Path) -> list[list[str]]:
    """Type lines into a shell, each once the one before was run, and return the calls of cardwright."""
    variables = {
        "PATH": f"{project / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "TERM": "xterm",
        "LANG": "C.UTF-8",
    }
    controller, terminal = pty.openpty()
    with subprocess.Popen(
        command,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        cwd=project,
        env=environment(HOME=str(project), LC_ALL="C.UTF-8", **variables),
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  a shell wants a terminal of its own
    ) as process:
        try:
            screen = b""
            for number, line in enumerate(lines):
                os.write(controller, f"{line}\necho do''ne-{number}\n".encode())
                screen += read_until(controller, f"done-{number}".encode())
        finally:
            process.kill()
            os.close(terminal)
            os.close(controller)
    assert (project / "calls").exists(), screen.decode(errors="replace")
    return [json.loads(line) for line in (project / "calls").read_text().splitlines()]


def read_until(controller: int, mark: bytes) -> bytes:
    """Return what a terminal shows until a mark comes."""
    shown, end = b"", time.monotonic() + 30
    while mark not in shown:
        assert time.monotonic() < end, shown.decode(errors="replace")
        if select.select([controller], [], [], 1)[0]:
            shown += os.read(controller, 65536)
    return shown
