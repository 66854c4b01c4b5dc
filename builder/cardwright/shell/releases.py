"""Finds releases: a time, a package, a lock, or a revision in git; and what git has of a package."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cardwright.diagnostics import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.pipeline.changes_since import Release, ReleaseLock, ReleasePackage, ReleaseTime
from cardwright.shell.files import PACKAGE_LIMIT, exists, read_regular_file
from cardwright.shell.git import run_git
from cardwright.shell.os_errors import os_error_diagnostic
from cardwright.shell.package_guard import check_package

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.,+-]+Z?)?")
_RELEASE_ENDINGS = (".apkg", ".lock")
_ZIP_START = b"PK\x03\x04"


def find_release(name: str, here: Path, root: Path, lock: str) -> Release | Diagnostic:
    """Return the release that the user means.

    name: a day, or a day and a time, of this machine's clock unless a UTC offset follows; else the
        path of a package or a lock; else a revision in git.
    here: the folder that paths are relative to.
    root: the project folder. lock: the path of the deck's lock, relative to it.
    """
    if _DATE.fullmatch(name):
        seconds = _seconds(name)
        if seconds is None:
            return Diagnostic("no-such-day", f"there is no time `{truncate(name, 28)}`", None)
        return ReleaseTime(name, seconds)
    path = here / name
    if name and "\0" not in name and (exists(path) or path.suffix in _RELEASE_ENDINGS):
        return _release_in_file(path, name)
    return _release_in_git(name, root, lock)


def _seconds(time: str) -> float | None:
    """Return a time in seconds since 1970; that of a day is its beginning."""
    try:
        return datetime.fromisoformat(time).astimezone().timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _release_in_file(path: Path, name: str) -> Release | Diagnostic:
    if not exists(path):
        return Diagnostic("no-such-file", f"there is no file `{truncate(name, 40)}`", None)
    try:
        data = read_regular_file(path, PACKAGE_LIMIT)
    except OSError as error:
        return os_error_diagnostic("read", name, error)
    if not data.startswith(_ZIP_START):
        return ReleaseLock(name, name, data)
    # The package may come from anywhere, so its unpacked size is checked before it is unpacked.
    return check_package(path, name) or ReleasePackage(name, data)


def _release_in_git(name: str, root: Path, lock: str) -> Release | Diagnostic:
    """Source: git-rev-parse(1), git-cat-file(1); `./` makes the path relative to the project."""
    short_name = truncate(name, 22)
    date_advice = "a date is written 2026-11-01"
    try:
        if run_git(root, "rev-parse", "--git-dir") is None:
            message = f"`{short_name}` is not a date or file, and there is no git here"
            return Diagnostic("unknown-release", message, None, help=date_advice)
        commit = None
        if name and not name.startswith("-") and "\0" not in name:
            commit = run_git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        if commit is None:
            message = f"`{short_name}` is not a date, a file or a revision in git"
            return Diagnostic("unknown-release", message, None, help="`git tag` lists the releases")
        data = run_git(root, "cat-file", "blob", f"{commit.decode().strip()}:./{lock}")
    except FileNotFoundError:
        message = f"`{short_name}` is not a date or file, and git is not installed"
        return Diagnostic("unknown-release", message, None, help=date_advice)
    return ReleaseLock(name, f"{name}:{lock}", data)


def committed_versions(root: Path, path: str, limit: int) -> Iterator[bytes]:
    """Yield the contents of a file in the commits that changed it, the latest first; none without git.

    path: relative to the project folder `root`. limit: how many commits are looked at.
    """
    try:
        log = run_git(root, "log", f"--max-count={limit}", "--format=%H", "--", path) or b""
        for commit in log.decode().split():
            data = run_git(root, "cat-file", "blob", f"{commit}:./{path}")
            if data is not None:
                yield data
    except FileNotFoundError:
        return
