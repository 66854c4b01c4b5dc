"""The release that `--changed SINCE` names is found."""

import subprocess
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cardwright.diagnostics import Diagnostic
from cardwright.pipeline.changes_since import ReleaseLock, ReleasePackage, ReleaseTime
from cardwright.shell.releases import find_release

LOCK = "cards_source/birds.lock"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a git repository: a commit without a lock, one with it, and one that changes it."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    project = tmp_path / "repository" / "project"
    (project / "cards_source").mkdir(parents=True)
    git(project, "init", "-q", "-b", "main")
    git(project, "commit", "-q", "--allow-empty", "-m", "nothing yet")
    for tag in ("v1.0", "v2.0"):
        (project / LOCK).write_text(f"lock of {tag}\n")
        git(project, "add", ".")
        git(project, "commit", "-q", "-m", tag)
        git(project, "tag", tag)
    return project


def git(folder: Path, *arguments: str) -> None:
    author = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *author, *arguments], check=True)


def error(name: str, root: Path) -> str:
    result = find_release(name, root, root, LOCK)
    assert isinstance(result, Diagnostic)
    return result.message


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> object:
    """A clock an hour ahead of UTC."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system's clock cannot be set for a test")
    monkeypatch.setenv("TZ", "CET-1")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("name", "utc"),
    [
        ("2026-11-01", datetime(2026, 10, 31, 23, tzinfo=UTC)),
        ("2026-11-01 12:30", datetime(2026, 11, 1, 11, 30, tzinfo=UTC)),
        ("2026-11-01T12:30:15", datetime(2026, 11, 1, 11, 30, 15, tzinfo=UTC)),
        ("2026-11-01T12:30Z", datetime(2026, 11, 1, 12, 30, tzinfo=UTC)),
        ("2026-11-01T12:30+05:00", datetime(2026, 11, 1, 7, 30, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_local_midnight(tmp_path: Path, name: str, utc: datetime) -> None:
    """Who printed on Sunday evening means their own Sunday."""
    assert find_release(name, tmp_path, tmp_path, LOCK) == ReleaseTime(name, utc.timestamp())


@pytest.mark.parametrize("name", ["2026-02-30", "2026-11-01 25:00", "0001-01-01T00:00+14:00"])
def test_an_impossible_day_is_an_error_about_the_day(tmp_path: Path, name: str) -> None:
    assert error(name, tmp_path) == f"there is no time `{name}`"


def test_a_revision_has_the_lock_of_its_time(root: Path) -> None:
    """By tag, branch, or steps back; the repository may begin above the project."""
    for name, tag in (("v1.0", "v1.0"), ("main", "v2.0"), ("HEAD~1", "v1.0")):
        lock = ReleaseLock(name, f"{name}:{LOCK}", f"lock of {tag}\n".encode())
        assert find_release(name, root, root, LOCK) == lock


def test_a_revision_without_a_lock_has_no_data(root: Path) -> None:
    """That is no mistake; all cards are newer."""
    assert find_release("HEAD~2", root, root, LOCK) == ReleaseLock("HEAD~2", f"HEAD~2:{LOCK}", None)


@pytest.mark.parametrize("name", ["v3.0", "2026-11-01T", "", "--help", "-v", "HEAD:x", "a\0b", "v1.0^{tree}"])
def test_an_unknown_revision_is_an_error(root: Path, name: str) -> None:
    """And none is taken for an option of git."""
    assert "is not a date, a file or a revision in git" in error(name, root)


def test_the_error_says_that_there_is_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    assert error("v1.0", tmp_path) == "`v1.0` is not a date or file, and there is no git here"


def test_the_error_says_that_git_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many machines at schools do not have it."""
    monkeypatch.setenv("PATH", str(tmp_path))

    assert error("v1.0", tmp_path) == "`v1.0` is not a date or file, and git is not installed"


def test_a_file_is_a_package_or_a_lock_by_its_content(tmp_path: Path) -> None:
    """Downloads lose their endings; a file wins over a revision of the same name."""
    with zipfile.ZipFile(tmp_path / "last", "w") as archive:
        archive.writestr("collection.anki2", "x")
    (tmp_path / "old.lock").write_text("lines\n")
    package = (tmp_path / "last").read_bytes()

    old_lock = ReleaseLock("old.lock", "old.lock", b"lines\n")
    assert find_release("last", tmp_path, tmp_path, LOCK) == ReleasePackage("last", package)
    assert find_release("old.lock", tmp_path, tmp_path, LOCK) == old_lock


@pytest.mark.parametrize("name", ["gone.apkg", "gone.lock"])
def test_a_missing_file_is_not_taken_for_a_revision(tmp_path: Path, name: str) -> None:
    assert error(name, tmp_path) == f"there is no file `{name}`"


def test_a_file_that_is_no_package_or_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """A folder, another archive, one that would fill the memory."""
    (tmp_path / "folder").mkdir()
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("photo.jpg", "x")
    with zipfile.ZipFile(tmp_path / "bomb.apkg", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("collection.anki2", b"\0" * (65 << 20))

    assert error("folder", tmp_path) == "cannot read `folder`: a folder has this name"
    assert error("photos.zip", tmp_path) == "this is an archive without an Anki collection in it"
    assert error("bomb.apkg", tmp_path) == "this package would unpack to more than any deck needs"
