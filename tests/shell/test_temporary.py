"""Folders for what is needed only while a command runs."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from cardwright.shell.temporary import temporary_file, temporary_folder
from tests.support.commands import environment
from tests.support.failing_disks import small_disk


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of this system for temporary files."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def start_command(temporary: Path) -> subprocess.Popen[str]:
    """Start a command that has a temporary folder with a file in it, and waits."""
    script = (
        "from cardwright.shell.temporary import temporary_folder\n"
        "with temporary_folder() as folder:\n"
        "    (folder / 'file').write_text('text'); print(folder, flush=True); input()"
    )
    variables = environment(TMPDIR=str(temporary))
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, "-c", script], env=variables, stdin=pipe, stdout=pipe, text=True
    )
    assert process.stdout is not None
    assert Path(process.stdout.readline().strip()).is_dir()
    return process


def test_a_folder_is_deleted_afterwards(temporary: Path) -> None:
    with temporary_folder() as folder, temporary_folder() as other:
        (folder / "media").mkdir()
        (folder / "media/owl.svg").write_bytes(b"owl")
        assert folder != other

    assert not [*temporary.iterdir()]


def test_only_the_folders_of_killed_commands_are_deleted(temporary: Path) -> None:
    own = temporary / "cardwright-tmp-of-mine"
    own.mkdir()
    with start_command(temporary) as running, start_command(temporary) as killed:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        before = {*temporary.iterdir()}
        with temporary_folder() as folder:
            remaining = {*temporary.iterdir()} - {folder}

        assert len(remaining) == len(before) - 1
        assert own in remaining
        running.communicate("\n")

    assert {*temporary.iterdir()} == {own}


def test_a_link_with_the_name_of_a_folder_is_not_followed(temporary: Path) -> None:
    own = temporary / "own"
    own.mkdir()
    (own / "file").write_text("mine")
    (temporary / "cardwright-tmp-abcdefgh").symlink_to(own)

    with temporary_folder():
        pass

    assert (own / "file").read_text() == "mine"


def test_many_commands_at_once_do_not_delete_what_others_need(temporary: Path) -> None:
    """Between making and locking a folder it looks like that of a killed command."""
    script = (
        "from cardwright.shell.temporary import temporary_folder\n"
        "for _ in range(200):\n"
        "    with temporary_folder() as folder: (folder / 'file').write_text('text')"
    )
    command = [sys.executable, "-c", script]
    processes = [subprocess.Popen(command, env=environment(TMPDIR=str(temporary))) for _ in range(6)]

    assert [process.wait() for process in processes] == [0] * 6
    assert not [*temporary.iterdir()]


def write_database(path: str, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"CREATE TABLE notes (text); {sql}")


def test_a_database_is_written_to_a_file_and_read_in_parts(temporary: Path) -> None:
    with temporary_file() as file:
        write_database(file.path, "INSERT INTO notes VALUES ('a text')")
        parts = list(file.parts(3_000))

    assert [len(part) for part in parts] == [3_000, 3_000, 2_192]
    assert b"".join(parts).startswith(b"SQLite format 3")
    assert not list(temporary.iterdir())


def test_a_full_disk_is_told_as_the_system_tells_it(temporary: Path) -> None:
    with small_disk(temporary, 64):
        with pytest.raises(OSError, match="disk is full"), temporary_file() as file:
            write_database(file.path, "INSERT INTO notes VALUES (zeroblob(1000000))")

        assert not list(temporary.iterdir())
