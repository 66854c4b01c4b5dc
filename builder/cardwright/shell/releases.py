"""Finds what a deck is to be compared with: a time, a file built before, or a revision in git."""

import re
import subprocess
from datetime import datetime
from pathlib import Path

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.pipeline.changes_since import Release, ReleaseLock, ReleasePackage, ReleaseTime
from cardwright.shell.os_errors import os_error_diagnostic
from cardwright.shell.package_guard import check_package

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.,+-]+Z?)?")
_FILES = (".apkg", ".lock")
_ARCHIVE = b"PK\x03\x04"


def find_release(said: str, here: Path, root: Path, lock: str) -> Release | Diagnostic:
    """What the user means by a release.

    said: a day, or a day and a time, of this machine's clock unless a difference to UTC stands
        behind it; else the path of a package or a lock; else a revision that git knows.
    here: the folder that paths are relative to.
    root: the project folder. lock: path of the deck's lock, relative to it.
    """
    if _DATE.fullmatch(said):
        seconds = _seconds(said)
        if seconds is None:
            return Diagnostic("no-such-day", f"there is no time `{truncate(said, 28)}`", None)
        return ReleaseTime(said, seconds)
    path = here / said
    if said and "\0" not in said and (path.exists() or path.suffix in _FILES):
        return _file(path, said)
    return _revision(said, root, lock)


def _seconds(said: str) -> float | None:
    """Since 1970; a day begins with its first minute."""
    try:
        return datetime.fromisoformat(said).astimezone().timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _file(path: Path, said: str) -> Release | Diagnostic:
    if not path.exists():
        return Diagnostic("no-such-file", f"there is no file `{truncate(said, 40)}`", None)
    try:
        data = path.read_bytes()
    except OSError as error:
        return os_error_diagnostic("read", said, error)
    if not data.startswith(_ARCHIVE):
        return ReleaseLock(said, said, data)
    # It may come from anywhere, so its size unpacked is looked at before it is unpacked.
    return check_package(path, said) or ReleasePackage(said, data)


def _revision(said: str, root: Path, lock: str) -> Release | Diagnostic:
    """Source: git-rev-parse(1), git-cat-file(1); `./` makes the path relative to the project."""
    unknown = f"`{truncate(said, 24)}` is no date, no file and no revision in git"
    try:
        if _git(root, "rev-parse", "--git-dir") is None:
            message = f"`{truncate(said, 24)}` is no date and no file, and here is no git"
            return Diagnostic("unknown-release", message, None, help="a date is written 2026-11-01")
        commit = None
        if said and not said.startswith("-") and "\0" not in said:
            commit = _git(root, "rev-parse", "--verify", "--quiet", f"{said}^{{commit}}")
        if commit is None:
            return Diagnostic("unknown-release", unknown, None, help="`git tag` lists the releases")
        data = _git(root, "cat-file", "blob", f"{commit.decode().strip()}:./{lock}")
    except FileNotFoundError:
        message = f"`{truncate(said, 24)}` is no date and no file, and git is not installed"
        return Diagnostic("unknown-release", message, None, help="a date is written 2026-11-01")
    return ReleaseLock(said, f"{said}:{lock}", data)


def _git(root: Path, *arguments: str) -> bytes | None:
    """What git answers, or None when it refuses."""
    command = ["git", "-C", str(root), *arguments]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 no shell, and no option of the user's
    return done.stdout if done.returncode == 0 else None
