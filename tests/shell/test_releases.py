"""What a user means by `--changed SINCE`."""

import subprocess
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cardwright.diagnostics.diagnostic import Diagnostic
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


def refusal(said: str, root: Path) -> str:
    found = find_release(said, root, root, LOCK)
    assert isinstance(found, Diagnostic)
    return found.message


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
    ("said", "utc"),
    [
        ("2026-11-01", datetime(2026, 10, 31, 23, tzinfo=UTC)),
        ("2026-11-01 12:30", datetime(2026, 11, 1, 11, 30, tzinfo=UTC)),
        ("2026-11-01T12:30:15", datetime(2026, 11, 1, 11, 30, 15, tzinfo=UTC)),
        ("2026-11-01T12:30Z", datetime(2026, 11, 1, 12, 30, tzinfo=UTC)),
        ("2026-11-01T12:30+05:00", datetime(2026, 11, 1, 7, 30, tzinfo=UTC)),
    ],
)
def test_a_day_begins_where_its_user_lives(tmp_path: Path, said: str, utc: datetime) -> None:
    """Who printed on Sunday evening means their own Sunday."""
    assert find_release(said, tmp_path, tmp_path, LOCK) == ReleaseTime(said, utc.timestamp())


@pytest.mark.parametrize("said", ["2026-02-30", "2026-11-01 25:00", "2026-11-01T", "0001-01-01T00:00+14:00"])
def test_a_day_that_is_none_is_not_taken_for_a_revision(tmp_path: Path, said: str) -> None:
    """The calendar is what was mistaken."""
    if said.endswith("T"):
        assert "not a date" in refusal(said, tmp_path)
    else:
        assert refusal(said, tmp_path) == f"there is no time `{said}`"


def test_a_revision_has_the_lock_of_its_time(root: Path) -> None:
    """By tag, branch, or steps back; the repository may begin above the project."""
    for said, text in (
        ("v1.0", b"lock of v1.0\n"),
        ("main", b"lock of v2.0\n"),
        ("HEAD~1", b"lock of v1.0\n"),
    ):
        assert find_release(said, root, root, LOCK) == ReleaseLock(said, f"{said}:{LOCK}", text)


def test_a_revision_without_the_lock_is_one_before_it(root: Path) -> None:
    """That is no mistake; all cards have come since."""
    assert find_release("HEAD~2", root, root, LOCK) == ReleaseLock("HEAD~2", f"HEAD~2:{LOCK}", None)


@pytest.mark.parametrize("said", ["v3.0", "", "--help", "-v", "HEAD:x", "a\0b", "v1.0^{tree}"])
def test_a_revision_that_git_does_not_know_is_told(root: Path, said: str) -> None:
    """And none is taken for an option of git."""
    assert "is not a date, a file or a revision in git" in refusal(said, root)


def test_without_a_repository_that_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what can be given in place of a revision."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    assert refusal("v1.0", tmp_path) == "`v1.0` is not a date or file, and there is no git here"


def test_without_git_that_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On many machines at school there is none."""
    monkeypatch.setenv("PATH", str(tmp_path))

    assert refusal("v1.0", tmp_path) == "`v1.0` is not a date or file, and git is not installed"


def test_a_file_is_a_package_or_a_lock_by_its_content(tmp_path: Path) -> None:
    """Downloads lose their endings; a file wins over a revision of the same name."""
    with zipfile.ZipFile(tmp_path / "last", "w") as archive:
        archive.writestr("collection.anki2", "x")
    (tmp_path / "old.lock").write_text("lines\n")
    package = (tmp_path / "last").read_bytes()

    assert find_release("last", tmp_path, tmp_path, LOCK) == ReleasePackage("last", package)
    assert find_release("old.lock", tmp_path, tmp_path, LOCK) == ReleaseLock(
        "old.lock", "old.lock", b"lines\n"
    )


@pytest.mark.parametrize("said", ["gone.apkg", "gone.lock"])
def test_a_file_that_is_not_there_is_told_as_one(tmp_path: Path, said: str) -> None:
    """Nobody calls a release so."""
    assert refusal(said, tmp_path) == f"there is no file `{said}`"


def test_a_file_that_is_no_package_or_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A folder, another archive, one that would fill the memory."""
    (tmp_path / "folder").mkdir()
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("photo.jpg", "x")
    with zipfile.ZipFile(tmp_path / "bomb.apkg", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("collection.anki2", b"\0" * (65 << 20))

    assert refusal("folder", tmp_path) == "cannot read `folder`: a folder has this name"
    assert refusal("photos.zip", tmp_path) == "this is an archive without an Anki collection in it"
    assert refusal("bomb.apkg", tmp_path) == "this package would unpack to more than any deck needs"
