"""Processes that run `cardwright` again and again, since starting Python takes longer than a small build."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import IO

from cardwright.cli.main import run
from cardwright.reader import chunked_cards, chunks
from tests.support.commands import Result, environment
from tests.support.paths import ROOT


class CommandServer:
    """A process that runs commands in other folders, one after the other."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.command_server"],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, folder: Path, arguments: Sequence[str], **variables: str) -> None:
        """Start a command whose result `finish` returns. variables: of its environment."""
        request = json.dumps([str(folder), [*arguments], variables])
        self._requests.write(request + "\n")
        self._requests.flush()

    def finish(self) -> Result:
        """Wait for the command that was started. Return what came of it."""
        assert self._process.stdout is not None
        return Result(*json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._requests.close()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    @property
    def _requests(self) -> IO[str]:
        assert self._process.stdin is not None
        return self._process.stdin


def _serve() -> None:
    """Run the commands that come as lines, and answer each with a line."""
    # The decks of tests are small, and their cards are to be units of several chunks all the same.
    chunked_cards.LITTLE_TEXT, chunks.AVERAGE_CHUNK = 0, 3
    variables_at_start = dict(os.environ)
    answers = sys.stdout
    for line in sys.stdin:
        folder, arguments, variables = json.loads(line)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(variables_at_start | variables)
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(arguments)
        print(json.dumps([code, out.getvalue(), err.getvalue()]), file=answers, flush=True)


if __name__ == "__main__":
    _serve()
