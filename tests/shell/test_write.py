"""Every file on the disk is completely old or completely new, whatever happens during a build."""

import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cardwright.diagnostics import Diagnostic
from cardwright.shell.write import write_files
from tests.support.commands import read_files
from tests.support.failing_disks import read_only, small_disk

SOURCE = "cards_source/birds.yaml"
LOCK = "cards_source/birds.lock"
PACKAGE = "decks/birds/birds.apkg"
SHEETS = "decks/birds/birds.pdf"
OLD = {SOURCE: b"old source", LOCK: b"old lock", PACKAGE: b"old package"}
NEW = {SOURCE: b"new source", LOCK: b"new lock", PACKAGE: b"new package", SHEETS: b"new sheets"}
INPUTS: Mapping[str, bytes | None] = {SOURCE: b"old source", LOCK: b"old lock"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project that was built once."""
    for path, data in OLD.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return tmp_path


def expect_error(result: tuple[str, ...] | Diagnostic) -> Diagnostic:
    assert isinstance(result, Diagnostic)
    return result


def test_all_files_are_written_and_returned_in_order(root: Path) -> None:
    assert write_files(root, NEW.items(), INPUTS) == tuple(NEW)
    assert read_files(root) == NEW


def test_a_file_without_content_is_removed(root: Path) -> None:
    files = [(SOURCE, b"new source"), (PACKAGE, None), (SHEETS, None)]

    assert write_files(root, files, INPUTS) == (SOURCE, PACKAGE)
    assert read_files(root) == {SOURCE: b"new source", LOCK: b"old lock"}


def test_a_removed_file_is_restored_when_another_cannot_be_written(root: Path) -> None:
    (root / SHEETS).mkdir()

    expect_error(write_files(root, [(PACKAGE, None), (SHEETS, b"new sheets")], INPUTS))

    assert read_files(root) == OLD


def test_an_equal_file_is_left_alone(root: Path) -> None:
    """There is nothing for a backup, a sync or an editor to notice."""
    os.utime(root / PACKAGE, ns=(1, 1))

    assert write_files(root, OLD.items(), INPUTS) == ()
    assert (root / PACKAGE).stat().st_mtime_ns == 1


def test_a_source_keeps_its_permissions(root: Path) -> None:
    """A private source must not become readable for all by having an id written in."""
    (root / SOURCE).chmod(0o600)
    mask = os.umask(0o022)
    try:
        write_files(root, NEW.items(), INPUTS)
    finally:
        os.umask(mask)

    assert stat.S_IMODE((root / SOURCE).stat().st_mode) == 0o600
    assert stat.S_IMODE((root / SHEETS).stat().st_mode) == 0o644


def test_a_linked_source_stays_a_link(root: Path) -> None:
    (root / SOURCE).rename(root / "cards_source/real.txt")
    (root / SOURCE).symlink_to("real.txt")

    write_files(root, NEW.items(), INPUTS)

    assert (root / SOURCE).is_symlink()
    assert (root / "cards_source/real.txt").read_bytes() == b"new source"


def test_a_linked_output_is_replaced_and_never_followed(root: Path) -> None:
    """A downloaded project may hold decks/birds/birds.pdf as a link to a file of the user's."""
    own_file = root / "own"
    own_file.write_bytes(b"mine")
    (root / SHEETS).symlink_to(own_file)

    write_files(root, NEW.items(), INPUTS)

    assert own_file.read_bytes() == b"mine"
    assert not (root / SHEETS).is_symlink()


@pytest.mark.parametrize("path", [SOURCE, LOCK])
def test_an_edit_made_during_the_build_is_not_overwritten(root: Path, path: str) -> None:
    (root / path).write_bytes(b"typed just now")
    before = read_files(root)

    error = expect_error(write_files(root, NEW.items(), INPUTS))

    assert error.code == "changed-meanwhile"
    assert error.span is not None
    assert error.span.source.path == path
    assert read_files(root) == before


def test_an_edit_made_while_the_files_are_staged_is_not_overwritten(root: Path) -> None:

    def outputs() -> Iterator[tuple[str, bytes]]:
        yield from NEW.items()
        (root / SOURCE).write_bytes(b"typed just now")

    assert expect_error(write_files(root, outputs(), INPUTS)).code == "changed-meanwhile"
    assert read_files(root) == {**OLD, SOURCE: b"typed just now"}


def test_a_lock_that_appeared_during_the_build_is_not_overwritten(root: Path) -> None:
    """Another build wrote it, with identities that it gave."""
    result = write_files(root, NEW.items(), {SOURCE: b"old source", LOCK: None})

    assert expect_error(result).code == "changed-meanwhile"
    assert read_files(root) == OLD


def test_a_full_disk_changes_nothing(tmp_path: Path) -> None:
    with small_disk(tmp_path, kibibytes=64):
        (tmp_path / "cards_source").mkdir()
        (tmp_path / SOURCE).write_bytes(b"old source")
        outputs = {SOURCE: b"new source", PACKAGE: b"x" * 200_000}

        error = expect_error(write_files(tmp_path, outputs.items(), {SOURCE: b"old source"}))

        assert error.message == "cannot write `birds.apkg`: the disk is full"
        assert read_files(tmp_path) == {SOURCE: b"old source"}
        assert not (tmp_path / "decks").exists()


def test_a_file_beyond_the_limit_of_the_system_changes_nothing(root: Path) -> None:
    """As a full disk, for users who may not mount one."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        result = write_files(root, {**NEW, SHEETS: b"x" * 2_000_000}.items(), INPUTS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    error = expect_error(result)
    assert error.message == "cannot write `birds.pdf`: the file is larger than this system allows"
    assert read_files(root) == OLD


def test_a_read_only_folder_changes_nothing(root: Path) -> None:
    with read_only(root / "decks/birds"):
        error = expect_error(write_files(root, NEW.items(), INPUTS))

    assert error.code == "cannot-write"
    assert error.message in (
        "cannot write `birds.apkg`: the disk is read-only",
        "cannot write `birds.apkg`: permission denied",
    )
    assert read_files(root) == OLD


@pytest.mark.parametrize(
    ("blocked", "reason"),
    [("decks", "a file is in the place of a folder"), (SHEETS, "a folder has this name")],
    ids=["a file for a folder", "a folder for a file"],
)
def test_a_target_of_the_wrong_type_is_reported(tmp_path: Path, blocked: str, reason: str) -> None:
    if blocked == SHEETS:
        (tmp_path / SHEETS).mkdir(parents=True)
    else:
        (tmp_path / blocked).write_bytes(b"")

    error = expect_error(write_files(tmp_path, [(SHEETS, b"new")], {}))
    assert error.message == f"cannot write `birds.pdf`: {reason}"


def test_a_file_that_cannot_be_renamed_brings_all_old_contents_back(root: Path) -> None:
    """On Windows a PDF that is open can't be replaced; here a folder takes its name after the last check."""

    def outputs() -> Iterator[tuple[str, bytes]]:
        yield from NEW.items()
        (root / SHEETS).mkdir()

    assert expect_error(write_files(root, outputs(), INPUTS)).code == "cannot-write"
    assert read_files(root) == OLD


def test_ctrl_c_before_the_files_are_renamed_leaves_the_old_ones(root: Path) -> None:

    def outputs() -> Iterator[tuple[str, bytes]]:
        yield from NEW.items()
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        write_files(root, outputs(), INPUTS)

    assert read_files(root) == OLD


def test_ctrl_c_while_the_files_are_renamed_leaves_the_old_ones(root: Path) -> None:
    """The inputs are compared once more first; there the signal comes, and waits until all are renamed."""

    class InterruptingDict(dict[str, bytes | None]):
        armed = False

        def __contains__(self, key: object) -> bool:
            if self.armed:
                self.armed = False
                signal.raise_signal(signal.SIGINT)
            return super().__contains__(key)

    inputs = InterruptingDict(INPUTS)

    def outputs() -> Iterator[tuple[str, bytes]]:
        yield from NEW.items()
        inputs.armed = True

    with pytest.raises(KeyboardInterrupt):
        write_files(root, outputs(), inputs)

    assert read_files(root) == OLD


def is_killed_at(root: Path, step: int) -> bool:
    """Write NEW in another process, which kills itself at the given access to the disk, if it gets there."""
    child = os.fork()
    if child == 0:
        remaining = step

        def count_down(event: str, _arguments: object) -> None:
            nonlocal remaining
            if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.chmod", "os.link"):
                if remaining == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                remaining -= 1

        sys.addaudithook(count_down)
        write_files(root, NEW.items(), INPUTS)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_a_killed_build_leaves_every_file_whole(root: Path) -> None:
    """It may be killed at any access to the disk, and the next build removes its temporary files."""
    step = 0
    while is_killed_at(root, step):
        files = read_files(root)
        for path, data in NEW.items():
            assert files.get(path) in (OLD.get(path), data)

        write_files(root, OLD.items(), {})
        (root / SHEETS).unlink(missing_ok=True)
        assert read_files(root) == OLD
        step += 1

    assert read_files(root) == NEW
    assert step > 3 * len(NEW)


def test_two_builds_at_once_wait_for_each_other(root: Path) -> None:
    """The second one finds the sources changed, and does not mix its files with those of the first."""
    script = (
        "import sys; from pathlib import Path; from cardwright.shell.write import write_files\n"
        "def outputs():\n"
        "    print('staging', flush=True); input()\n"
        f"    yield ({SOURCE!r}, b'theirs')\n"
        f"print(write_files(Path(sys.argv[1]), outputs(), {dict(INPUTS)!r}), flush=True)"
    )
    command = [sys.executable, "-c", script, str(root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin
        assert other.stdout
        assert other.stdout.readline() == "staging\n"
        other.stdin.write("\n")
        other.stdin.flush()

        result = write_files(root, NEW.items(), INPUTS)

    assert expect_error(result).code == "changed-meanwhile"
    assert read_files(root) == {**OLD, SOURCE: b"theirs"}
