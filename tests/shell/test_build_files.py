"""What a build has not finished is undone, and nothing else is changed by that."""

import errno
import json
import os
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from cardwright.diagnostics import Diagnostic
from cardwright.shell.build_files import undo_killed_build, write_build
from cardwright.shell.journal import content_digest
from tests.support.commands import read_files

SOURCE, LOCK, PACKAGE = "cards_source/owls.yaml", "cards_source/owls.lock", "decks/owls/owls.apkg"
SHEETS = "decks/owls/owls.pdf"
OLD = {SOURCE: b"old source", LOCK: b"old lock", SHEETS: b"old sheets"}
FILES: Mapping[str, bytes | None] = {
    SOURCE: b"source with ids",
    LOCK: b"new lock",
    PACKAGE: b"new package",
    SHEETS: None,
}
NEW = {path: data for path, data in FILES.items() if data is not None}
INPUTS = {SOURCE: b"old source", LOCK: b"old lock"}
UNFINISHED = "decks/.cardwright-unfinished"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project that was built once."""
    root = tmp_path / "project"
    for path, data in OLD.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def kill_build(root: Path) -> None:
    """Write FILES in a process that is killed when it should say so."""
    child = os.fork()
    if child == 0:
        with write_build(root, FILES.items(), INPUTS):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert {path: data for path, data in read_files(root).items() if UNFINISHED not in path} == NEW


def plant_journal(root: Path, *entries: object) -> None:
    """Write a journal as a project from the internet may have it; the old content of each file is `evil`."""
    (root / UNFINISHED).mkdir()
    (root / UNFINISHED / "replaced.json").write_text(json.dumps(entries))
    for number in range(len(entries)):
        (root / UNFINISHED / str(number)).write_text("evil")


def test_a_finished_build_leaves_its_files_alone(root: Path) -> None:
    with write_build(root, FILES.items(), INPUTS) as written:
        assert written == tuple(FILES)

    assert undo_killed_build(root) is False
    assert read_files(root) == NEW


def test_a_killed_build_is_undone(root: Path) -> None:
    kill_build(root)

    assert undo_killed_build(root) is True
    assert read_files(root) == OLD
    assert undo_killed_build(root) is False


def test_a_killed_build_is_undone_where_files_cannot_have_two_names(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.EPERM, "not on this disk")

    monkeypatch.setattr(os, "link", refuse)
    kill_build(root)

    assert undo_killed_build(root) is True
    assert read_files(root) == OLD


@pytest.mark.parametrize("changed", FILES)
def test_a_file_that_was_changed_after_the_build_keeps_the_change(root: Path, changed: str) -> None:
    kill_build(root)
    (root / changed).write_bytes(b"typed after that")

    undo_killed_build(root)

    assert read_files(root) == {**OLD, changed: b"typed after that"}


def test_a_folder_that_was_removed_after_the_build_is_not_missed(root: Path) -> None:
    kill_build(root)
    (root / PACKAGE).unlink()
    (root / PACKAGE).parent.rmdir()

    assert undo_killed_build(root) is True
    assert read_files(root) == {SOURCE: b"old source", LOCK: b"old lock"}


@pytest.mark.parametrize("exception", [KeyboardInterrupt, RuntimeError])
def test_a_build_that_was_stopped_before_it_said_anything_is_undone(
    root: Path, exception: type[BaseException]
) -> None:
    with pytest.raises(exception), write_build(root, FILES.items(), INPUTS):
        raise exception

    assert read_files(root) == OLD


def test_a_build_may_end_the_process_once_it_has_said_everything(root: Path) -> None:
    with pytest.raises(SystemExit), write_build(root, FILES.items(), INPUTS):
        raise SystemExit(1)

    assert read_files(root) == NEW


def test_a_build_does_not_go_on_from_what_another_has_left(root: Path) -> None:
    """It read the files while the other one, since killed, was writing."""
    kill_build(root)
    before = read_files(root)

    with write_build(root, FILES.items(), {SOURCE: NEW[SOURCE], LOCK: NEW[LOCK]}) as result:
        assert isinstance(result, Diagnostic)
        assert result.code == "killed-build"

    assert read_files(root) == before


def test_temporary_files_of_killed_builds_are_removed_everywhere(root: Path) -> None:
    """A deck may have been renamed or removed since."""
    for folder in ("decks", "decks/owls", "decks/crows", "cards_source", "cards_source/crows/birds"):
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / ".99999999-1.cardwright-tmp").write_bytes(b"half")
    (root / UNFINISHED).mkdir()
    (root / UNFINISHED / "0").write_bytes(b"old")

    assert undo_killed_build(root) is False
    assert read_files(root) == OLD


@pytest.mark.parametrize(
    "path",
    [
        "../own",
        "decks/../../own",
        ".git/hooks/post-checkout",
        "Makefile",
        "decks/link/own",
        "decks/.git/config",
    ],
)
@pytest.mark.parametrize("is_removal", [False, True])
def test_a_journal_from_elsewhere_changes_nothing_but_sources_and_outputs(
    root: Path, path: str, is_removal: bool
) -> None:
    target = root / path
    (root / "decks/link").symlink_to(root.parent)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not is_removal:
        target.write_bytes(b"mine")
    plant_journal(root, [path, "" if is_removal else content_digest(b"mine")])

    undo_killed_build(root)

    assert target.exists() is not is_removal
    assert is_removal or target.read_bytes() == b"mine"


@pytest.mark.parametrize(
    "entry", [[], ["decks/owls/owls.pdf"], [1, 2], "x", None, {"a": 1}, ["/etc/hosts", ""]]
)
def test_a_damaged_journal_is_dropped(root: Path, entry: object) -> None:
    plant_journal(root, entry)

    assert undo_killed_build(root) is True
    assert read_files(root) == OLD


def test_a_journal_that_is_a_link_is_not_followed(root: Path) -> None:
    elsewhere = root.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "replaced.json").write_text(json.dumps([[SHEETS, content_digest(OLD[SHEETS])]]))
    (root / UNFINISHED).symlink_to(elsewhere)

    undo_killed_build(root)

    assert read_files(root) == OLD
    assert (elsewhere / "replaced.json").exists()
    assert not (root / UNFINISHED).is_symlink()
