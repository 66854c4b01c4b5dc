"""The examples that `--help` shows work as they stand, in a project that has what they name."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cardwright.cli.main import COMMANDS, cli
from tests.support.paths import ROOT

pytestmark = pytest.mark.anki

_DECK = """deck: Hamstrings
id: hamstrings
cards:
  - {id: knee, q: Which muscles bend the knee?, a: The hamstrings}
  - {id: hip, cloze: "The hamstrings {{c1::extend}} the hip."}
"""
# They go on until Ctrl-C; see tests/previewing/ and tests/cli/test_watch.py.
_ENDLESS = ("cardwright preview", "cardwright build --watch")


def examples() -> list[str]:
    """Return the examples of all commands."""
    found = []
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        found += re.findall(
            r"^ +(cardwright .+)$", (command.help or "").partition("Example:")[2], re.MULTILINE
        )
    return [example for example in found if not example.startswith(_ENDLESS)]


def run(command: str, project: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(project / "home"),
        "XDG_CONFIG_HOME": str(project / "home" / "config"),
    }
    options = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    return subprocess.run(
        ["bash", "-c", command.replace("git ", f"git {' '.join(options)} ")],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deck that was released twice, and the files that the examples name."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "home" / "Desktop").mkdir(parents=True)
    (folder / "cards_source").mkdir()
    source = folder / "cards_source" / "hamstrings.yaml"
    source.write_text(_DECK)
    shutil.copy(ROOT / "docs" / "examples" / "spanish.apkg", folder)
    (folder / "words.csv").write_text("gehen,to go,verb,1\nlaufen,to run,verb,2\n")
    for command in (
        "cardwright build && cp decks/hamstrings/hamstrings.apkg hamstrings-1.apkg",
        "git init --quiet && git add . && git commit --quiet --message 1 && git tag v1.0",
        "cardwright print --printer office --offset 0.5,-1",
    ):
        result = run(command, folder)
        assert result.returncode == 0, result.stderr
    source.write_text(_DECK.replace("The hamstrings}", "The **hamstrings**}"))
    result = run("cardwright build && cp decks/hamstrings/hamstrings.apkg .", folder)
    assert result.returncode == 0, result.stderr
    shutil.copy(folder / "hamstrings-1.apkg", folder / "old.apkg")
    shutil.copy(folder / "hamstrings.apkg", folder / "new.apkg")
    return folder


@pytest.mark.parametrize("example", examples())
def test_the_example_works_as_it_stands(example: str, project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(project, folder)
    result = run(example, folder)

    assert result.returncode == 0, result.stderr
