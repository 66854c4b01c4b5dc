"""Commands that are stopped: by Ctrl-C, by a system that shuts down, by a terminal that closes."""

import fcntl
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.commands import environment, read_files, run_python

# Python itself has no answer to a signal before the first module of ours is there.
START = (
    "import sys; from cardwright import __main__; sys.stdout.write('.'); sys.stdout.flush(); __main__.main()"
)
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a deck that takes about a second to build."""
    cards = [f"  - {{id: c{number}, q: 'Question {number}?', a: Answer}}\n" for number in range(60)]
    (tmp_path / "project/cards_source").mkdir(parents=True)
    (tmp_path / "temporary").mkdir()
    (tmp_path / "project/cards_source/d.yaml").write_text("deck: D\nid: d\ncards:\n" + "".join(cards))
    return tmp_path / "project"


def start(project: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start a command, and return as soon as the first of our modules is imported."""
    process = subprocess.Popen(
        [sys.executable, "-c", START, *arguments],
        cwd=project,
        env=environment(TMPDIR=str(project.parent / "temporary"), SOURCE_DATE_EPOCH="1700000000"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.read(1) == "."
    return process


def test_a_signal_after_the_report_of_a_build_does_not_stop_it(project: Path) -> None:
    """It would say that it was stopped, although all its files are there."""
    late = "replay.Run.keep = lambda *_: signal.raise_signal(signal.SIGINT)"
    script = f"import signal; from cardwright import __main__; from cardwright.shell import replay; {late}"
    result = run_python(f"{script}; __main__.main()", "build", folder=project, SOURCE_DATE_EPOCH="1700000000")

    assert (result.code, result.err) == (0, "")
    assert "written    decks/d/d.apkg" in result.out


def test_a_stopped_build_says_so_and_leaves_nothing_behind(project: Path) -> None:
    source = read_files(project)
    start_time = time.monotonic()
    process = start(project, "build")
    process.communicate()
    duration = time.monotonic() - start_time
    built = read_files(project)
    (project / "cards_source/d.lock").unlink()
    moments = random.Random(1)
    codes = []

    for attempt in range(30):
        for path in {*read_files(project)} - {*source}:
            (project / path).unlink()
        process = start(project, "build")
        # A third of them while modules are imported.
        time.sleep(moments.random() * duration * (0.2 if attempt % 3 else 1))
        number = SIGNALS[attempt % len(SIGNALS)]
        process.send_signal(number)
        _, err = process.communicate(timeout=60)

        codes.append(process.returncode)
        if process.returncode:
            assert (process.returncode, err.split()) == (128 + number, ["Stopped."])
            assert read_files(project) == source
        else:
            assert read_files(project) == built
        assert not [*(project.parent / "temporary").iterdir()]

    assert {128 + number for number in SIGNALS} <= {*codes}


def test_a_signal_that_is_ignored_stops_nothing(project: Path) -> None:
    """`nohup cardwright build` goes on when the terminal is closed."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process = start(project, "build", "--only", "anki")
    finally:
        signal.signal(signal.SIGHUP, before)
    process.send_signal(signal.SIGHUP)
    process.communicate()

    assert process.returncode == 0


def test_a_second_build_says_that_it_waits_and_can_be_stopped(project: Path) -> None:
    descriptor = os.open(project, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    waiting, stopped = start(project, "build"), start(project, "build")
    assert waiting.stderr is not None
    assert stopped.stderr is not None
    line = "Another cardwright is writing to this project; waiting for it. Ctrl-C stops this one.\n"
    assert waiting.stderr.readline() == stopped.stderr.readline() == line

    stopped.send_signal(signal.SIGINT)
    _, err = stopped.communicate()
    assert (stopped.returncode, err.split()) == (130, ["Stopped."])

    os.close(descriptor)
    out, _ = waiting.communicate()
    assert waiting.returncode == 0
    assert "written    decks/d/d.apkg" in out


def test_a_signal_that_python_wraps_in_an_error_is_no_bug() -> None:
    """Python 3.11 does so while a class gets its attributes."""
    script = (
        "import signal\n"
        "from cardwright.cli import main\n"
        "def interrupted(*_arguments, **_options):\n"
        "    try:\n"
        "        signal.raise_signal(signal.SIGINT)\n"
        "    except KeyboardInterrupt as error:\n"
        "        raise RuntimeError('__set_name__') from error\n"
        "main.cli.main = interrupted\n"
        "main.main()\n"
    )
    assert run_python(script, "build")[::2] == (130, "Stopped.\n")
