"""A build that is killed at any moment counts as one that never was: the next one does and says the same.

Builds run in processes of their own, which kill themselves.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from cardwright.shell.build_files import undo_killed_build, write_build
from tests.support.commands import environment, read_files
from tests.support.kills import kill_before_change
from tests.support.paths import IMPORT_PATH, ROOT

LEG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 400">
<rect width="300" height="400" fill="#eee"/></svg>
"""
DIAGRAM = """\
deck: Legs
id: legs
cards:
  - id: leg
    diagram: media/leg.svg
    alt: The back of a leg
    labels:
      biceps: {name: Biceps femoris, rect: [5, 10, 30, 10]}
      calf: {name: Gastrocnemius, rect: [60, 50, 30, 10]}
      tibia: {name: Tibia, rect: [60, 80, 30, 10]}
"""


def bones(cards: range, settings: str) -> str:
    lines = [f"deck: Bones\nid: bones\n{settings}\ncards:"]
    lines += [f"  - {{id: bone-{number}, q: Bone {number}?, a: Name {number}}}" for number in cards]
    return "\n".join(lines) + "\n"


# What was released, and what the author has made of it: most notes of the big deck are retired, it has
# another name and its sheets another mode and fewer volumes; a note has moved to a sub-deck, a
# diagram has lost a label, a key was renamed, and cards without ids have been added.
BEFORE = {
    "cards_source/bones/deck.yaml": bones(range(1, 100), "print: {mode: split}"),
    "cards_source/birds.yaml": (
        "deck: Birds\nid: birds\ncards:\n"
        "  - {id: owl, q: Which bird hoots?, a: The owl}\n"
        "  - {id: crow, q: Which bird caws?, a: The crow}\n"
        "  - {id: tit, q: Which bird sings?, a: The tit}\n"
    ),
    "cards_source/legs/deck.yaml": DIAGRAM,
    "cards_source/legs/media/leg.svg": LEG,
    "cards_source/stars.yaml": "deck: Stars\nid: stars\ncards:\n  - {id: sun, q: What shines?, a: The sun}\n",
}
AFTER = {
    **BEFORE,
    "cards_source/legs/deck.yaml": re.sub(".*calf.*\n", "", DIAGRAM),
    "cards_source/bones/deck.yaml": bones(range(20, 28), "print: {card: poker}").replace(
        "deck: Bones", "deck: Bone"
    ),
    "cards_source/birds.yaml": (
        "deck: Birds\nid: birds\ncards:\n"
        "  - {id: barn-owl, was: owl, q: Which bird hoots?, a: The owl}\n"
        "  - {id: tit, q: Which bird sings best?, a: The tit, subdeck: Songbirds}\n"
        "  - {q: Which bird drums?, a: The woodpecker}\n"
    ),
}


class Project(NamedTuple):
    """A project whose sources were edited after a release, twice: before and after the next build.

    lines: what that build prints.
    """

    released: Path
    built: Path
    lines: list[str]


class Run(NamedTuple):
    """was_killed: whether the process killed itself. lines: what it printed."""

    was_killed: bool
    lines: list[str]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("project")
    write_sources(folder / "released", BEFORE)
    build(folder / "released", now=1_700_000_000)
    write_sources(folder / "released", AFTER)
    shutil.copytree(folder / "released", folder / "built")
    return Project(folder / "released", folder / "built", build(folder / "built", now=1_800_000_000).lines)


def write_sources(project: Path, sources: Mapping[str, str]) -> None:
    for path, text in sources.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text)


def build(folder: Path, *, now: int, kill_at: int = -1) -> Run:
    """Build a project. kill_at: see `kill_before_change`."""
    script = (
        "import sys; from pathlib import Path; from tests.support.kills import kill_before_change\n"
        "from cardwright.cli.main import run; from cardwright.formats.pdf import volumes\n"
        f"volumes.VOLUME_SIZE = 4; kill_before_change(Path.cwd(), {kill_at}); sys.exit(run(['build']))"
    )
    variables = environment(
        PYTHONPATH=os.pathsep.join([IMPORT_PATH, str(ROOT)]),
        SOURCE_DATE_EPOCH=str(now),
        CARDWRIGHT_CACHE=str(folder.parent / "cache"),
    )
    output = folder.parent / "output"
    with output.open("w") as file:
        command = [sys.executable, "-c", script]
        process = subprocess.run(command, cwd=folder, stdout=file, stderr=file, env=variables, check=False)
    assert process.returncode in (0, -signal.SIGKILL), output.read_text()
    return Run(process.returncode != 0, output.read_text().splitlines())


def is_killed(function: Callable[[], None], folder: Path, kill_at: int) -> bool:
    """Run a function in a process of its own; see `kill_before_change`."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            kill_before_change(folder, kill_at)
            function()
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def test_what_a_killed_build_has_not_reported_is_undone(project: Project, tmp_path: Path) -> None:
    """It is killed at every change of the disk; the undoing is killed at one of its own, and done again."""
    folder, log = tmp_path / "project", tmp_path / "log"
    shutil.copytree(project.released, folder)
    released, built = read_files(project.released), read_files(project.built)
    files = {path: built.get(path) for path in sorted({*released, *built})}
    sources = {path: released.get(path) for path in files if path.startswith("cards_source/")}

    def write() -> None:
        with write_build(folder, files.items(), sources) as written:
            assert isinstance(written, tuple)
            log.write_text("reported")

    def undo() -> None:
        assert isinstance(undo_killed_build(folder), bool)

    step = 0
    while is_killed(write, folder, step):
        is_killed(undo, folder, step % 20)
        undo()
        if log.exists() and read_files(folder) == built:
            shutil.rmtree(folder)
            shutil.copytree(project.released, folder)
        log.unlink(missing_ok=True)
        assert read_files(folder) == released
        step += 1

    assert read_files(folder) == built
    assert step > 200


@pytest.mark.parametrize("step", range(10, 210, 40))
def test_what_a_killed_build_had_to_say_is_said_by_the_next(
    project: Project, tmp_path: Path, step: int
) -> None:
    """What it says of names, sub-decks, labels and retired notes depends on files that it replaces."""
    folder = tmp_path / "project"
    shutil.copytree(project.released, folder)

    killed = build(folder, now=1_800_000_000, kill_at=step)
    repeated = build(folder, now=1_800_000_000)

    assert killed.was_killed
    assert read_files(folder) == read_files(project.built)
    repeated_lines = [line for line in repeated.lines if not line.startswith("The last build")]
    assert project.lines in (repeated_lines, killed.lines)
