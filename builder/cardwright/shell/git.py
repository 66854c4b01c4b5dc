"""Asks git about a project."""

import subprocess
from pathlib import Path


def run_git(root: Path, *arguments: str) -> bytes | None:
    """Return the output of a git command in a project, or None when it fails.

    Errors: FileNotFoundError when git is not installed.
    """
    command = ["git", "-C", str(root), *arguments]
    result = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 no shell, and no option of the user's
    return result.stdout if result.returncode == 0 else None
