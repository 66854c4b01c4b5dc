"""Runs cardwright in a process of its own, and reads the files that it leaves."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.support.paths import IMPORT_PATH

COMMAND = "from cardwright.__main__ import main; main()"
"""The script that `cardwright` runs."""


class Result(NamedTuple):
    """The exit code of a command, and what it printed."""

    code: int
    out: str
    err: str


def environment(**variables: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": IMPORT_PATH, **variables}


def run_python(script: str, *arguments: str, folder: Path | None = None, **variables: str) -> Result:
    """Run a script. folder: where it runs; None for the current folder. variables: of its environment."""
    command = [sys.executable, "-c", script, *arguments]
    process = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env=environment(**variables), check=False
    )
    return Result(process.returncode, process.stdout, process.stderr)


def read_files(root: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder, hidden ones too, by path."""
    paths = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
