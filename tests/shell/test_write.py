"""What reaches the disk: every file old or new, whole, whatever comes between."""

import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.shell.write import write_files
from tests.support.failing_disks import read_only, small_disk

SOURCE = "cards_source/birds.yaml"
LOCK = "cards_source/birds.lock"
PACKAGE = "decks/birds/birds.apkg"
SHEETS = "decks/birds/birds.pdf"
OLD = {SOURCE: b"old source", LOCK: b"old lock", PACKAGE: b"old package"}
NEW = {SOURCE: b"new source", LOCK: b"new lock", PACKAGE: b"new package", SHEETS: b"new sheets"}
READ: Mapping[str, bytes | None] = {SOURCE: b"old source", LOCK: b"old lock"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project that was built once."""
    for path, data in OLD.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return tmp_path


def held(root: Path) -> dict[str, bytes]:
    """Every file of a project, hidden ones too."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def refused(result: tuple[str, ...] | Diagnostic) -> Diagnostic:
    assert isinstance(result, Diagnostic)
    return result


def test_all_outputs_are_written_and_named_in_order(root: Path) -> None:
    """The closing lines of a build list them so."""
    assert write_files(root, NEW.items(), READ) == tuple(NEW)
    assert held(root) == NEW


def test_a_file_without_reason_is_removed(root: Path) -> None:
    """A package of retired notes that are all back would be news of yesterday."""
    assert write_files(root, [(SOURCE, b"new source"), (PACKAGE, None), (SHEETS, None)], READ) == (
        SOURCE,
        PACKAGE,
    )
    assert held(root) == {SOURCE: b"new source", LOCK: b"old lock"}


def test_a_removed_file_is_back_when_the_rest_is_refused(root: Path) -> None:
    """All or nothing holds for what goes as for what comes."""
    (root / SHEETS).mkdir()

    refused(write_files(root, [(PACKAGE, None), (SHEETS, b"new sheets")], READ))

    assert held(root) == OLD


def test_an_equal_file_is_left_alone(root: Path) -> None:
    """A quiet rebuild touches no file: nothing for a backup, a sync or an editor to notice."""
    os.utime(root / PACKAGE, ns=(1, 1))

    assert write_files(root, OLD.items(), READ) == ()
    assert (root / PACKAGE).stat().st_mtime_ns == 1


def test_a_source_keeps_its_permissions_and_a_new_file_gets_the_usual_ones(root: Path) -> None:
    """A private source must not become readable for all by having an id written in."""
    (root / SOURCE).chmod(0o600)
    mask = os.umask(0o022)
    try:
        write_files(root, NEW.items(), READ)
    finally:
        os.umask(mask)

    assert stat.S_IMODE((root / SOURCE).stat().st_mode) == 0o600
    assert stat.S_IMODE((root / SHEETS).stat().st_mode) == 0o644


def test_a_linked_source_stays_a_link(root: Path) -> None:
    """The text is changed where it lies."""
    (root / SOURCE).rename(root / "cards_source/real.txt")
    (root / SOURCE).symlink_to("real.txt")

    write_files(root, NEW.items(), READ)

    assert (root / SOURCE).is_symlink()
    assert (root / "cards_source/real.txt").read_bytes() == b"new source"


def test_a_linked_output_is_replaced_and_never_followed(root: Path) -> None:
    """A project from the net may hold decks/birds/birds.pdf as a link to a file of the reader's."""
    precious = root / "precious"
    precious.write_bytes(b"mine")
    (root / SHEETS).symlink_to(precious)

    write_files(root, NEW.items(), READ)

    assert precious.read_bytes() == b"mine"
    assert not (root / SHEETS).is_symlink()


@pytest.mark.parametrize("path", [SOURCE, LOCK])
def test_an_edit_made_during_the_build_is_not_written_over(root: Path, path: str) -> None:
    """Editors save at any moment; what the author typed last wins."""
    (root / path).write_bytes(b"typed just now")
    before = held(root)

    finding = refused(write_files(root, NEW.items(), READ))

    assert finding.code == "changed-meanwhile"
    assert finding.span is not None
    assert finding.span.source.path == path
    assert held(root) == before


def test_an_edit_made_while_the_outputs_are_staged_is_not_written_over(root: Path) -> None:
    """The last look is taken just before the files get their names."""

    def outputs() -> Iterator[tuple[str, bytes]]:
        yield from NEW.items()
        (root / SOURCE).write_bytes(b"typed just now")

    assert refused(write_files(root, outputs(), READ)).code == "changed-meanwhile"
    assert held(root) == {**OLD, SOURCE: b"typed just now"}


def test_a_lock_that_appeared_during_the_build_is_not_written_over(root: Path) -> None:
    """Another build made it, and it holds identities already given."""
    result = write_files(root, NEW.items(), {SOURCE: b"old source", LOCK: None})

    assert refused(result).code == "changed-meanwhile"
    assert held(root) == OLD


def test_a_full_disk_changes_nothing(tmp_path: Path) -> None:
    """It is found while the new contents are put beside the old."""
    with small_disk(tmp_path, kibibytes=64):
        (tmp_path / "cards_source").mkdir()
        (tmp_path / SOURCE).write_bytes(b"old source")
        outputs = {SOURCE: b"new source", PACKAGE: b"x" * 200_000}

        finding = refused(write_files(tmp_path, outputs.items(), {SOURCE: b"old source"}))

        assert finding.message == "cannot write `birds.apkg`: the disk is full"
        assert held(tmp_path) == {SOURCE: b"old source"}
        assert not (tmp_path / "decks").exists()


def test_a_file_beyond_the_limit_of_the_system_changes_nothing(root: Path) -> None:
    """The same as a full disk, for those who may not mount one."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        result = write_files(root, {**NEW, SHEETS: b"x" * 2_000_000}.items(), READ)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert refused(result).message == "cannot write `birds.pdf`: the file is larger than this system allows"
    assert held(root) == OLD


def test_a_read_only_folder_changes_nothing(root: Path) -> None:
    """The sources come first in the order of writing, and still they are not touched."""
    with read_only(root / "decks/birds"):
        finding = refused(write_files(root, NEW.items(), READ))

    assert finding.code == "cannot-write"
    assert finding.message in (
        "cannot write `birds.apkg`: the disk is read-only",
        "cannot write `birds.apkg`: permission denied",
    )
    assert held(root) == OLD


@pytest.mark.parametrize(
    ("blocked", "reason"),
    [("decks", "a file is in the place of a folder"), (SHEETS, "a folder has this name")],
    ids=["a file for a folder", "a folder for a file"],
)
def test_what_lies_in_the_way_is_named(tmp_path: Path, blocked: str, reason: str) -> None:
    """Not by an errno."""
    if blocked == SHEETS:
        (tmp_path / SHEETS).mkdir(parents=True)
    else:
        (tmp_path / blocked).write_bytes(b"")

    assert (
        refused(write_files(tmp_path, [(SHEETS, b"new")], {})).message
        == f"cannot write `birds.pdf`: {reason}"
    )


def test_a_name_refused_at_the_last_moment_brings_the_old_contents_back(root: Path) -> None:
    """On Windows a reader holds an open PDF fast; here a folder takes the name after the last check."""

    def outputs() -> Iterator[tuple[str, bytes]]:
        yield from NEW.items()
        (root / SHEETS).mkdir()

    assert refused(write_files(root, outputs(), READ)).code == "cannot-write"
    assert held(root) == OLD


def test_ctrl_c_before_the_files_have_their_names_leaves_the_old_ones(root: Path) -> None:
    """Nothing unfinished stays behind."""

    def outputs() -> Iterator[tuple[str, bytes]]:
        yield from NEW.items()
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        write_files(root, outputs(), READ)

    assert held(root) == OLD


def test_ctrl_c_while_the_files_get_their_names_waits_until_all_have_them(root: Path) -> None:
    """The last look at the sources is the first thing done then; there the signal comes."""

    class Interrupting(dict[str, bytes | None]):
        armed = False

        def __contains__(self, key: object) -> bool:
            if self.armed:
                self.armed = False
                signal.raise_signal(signal.SIGINT)
            return super().__contains__(key)

    read = Interrupting(READ)

    def outputs() -> Iterator[tuple[str, bytes]]:
        yield from NEW.items()
        read.armed = True

    with pytest.raises(KeyboardInterrupt):
        write_files(root, outputs(), read)

    assert held(root) == NEW


def killed_at(root: Path, step: int) -> bool:
    """Writes NEW in another process, which dies at the given access to the disk; whether it came to that."""
    child = os.fork()
    if child == 0:
        left = step

        def count(event: str, _arguments: object) -> None:
            nonlocal left
            if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.chmod"):
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1

        sys.addaudithook(count)
        write_files(root, NEW.items(), READ)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_a_build_killed_at_any_step_leaves_every_file_whole_and_the_next_one_cleans_up(root: Path) -> None:
    """Power cuts and impatient kills know no good moment. The step is each access to the disk in turn."""
    step = 0
    while killed_at(root, step):
        found = held(root)
        for path, data in NEW.items():
            assert found.get(path) in (OLD.get(path), data)

        write_files(root, OLD.items(), {})
        (root / SHEETS).unlink(missing_ok=True)
        assert held(root) == OLD
        step += 1

    assert held(root) == NEW
    assert step > 3 * len(NEW)


def test_two_builds_at_once_wait_for_each_other(root: Path) -> None:
    """
    The second one finds the sources changed and says so, instead of mixing its files with the first one's.
    """
    script = (
        "import sys; from pathlib import Path; from cardwright.shell.write import write_files\n"
        "def outputs():\n"
        "    print('staging', flush=True); input()\n"
        f"    yield ({SOURCE!r}, b'theirs')\n"
        f"print(write_files(Path(sys.argv[1]), outputs(), {dict(READ)!r}), flush=True)"
    )
    command = [sys.executable, "-c", script, str(root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin
        assert other.stdout
        assert other.stdout.readline() == "staging\n"
        other.stdin.write("\n")
        other.stdin.flush()

        result = write_files(root, NEW.items(), READ)

    assert refused(result).code == "changed-meanwhile"
    assert held(root) == {**OLD, SOURCE: b"theirs"}
