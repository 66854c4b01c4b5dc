"""Pipes, devices, sockets, links and folders where files of ours belong: none is waited for or followed."""

import os
import re
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest

from cardwright.cli import main
from cardwright.shell import files
from tests.support.commands import Result

OWLS = "deck: Owls\nid: owls\ncards:\n  - {id: owl, q: Who hoots?, a: The owl}\n"

Run = Callable[..., Result]


def make_socket(path: Path) -> None:
    # A path of a socket is at most 108 bytes long.
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as unix_socket:
            unix_socket.bind(path.name)
    finally:
        os.chdir(here)


def make_endless(path: Path) -> None:
    """Make a file of a terabyte, which takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(1 << 40)


SPECIAL_FILES: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
    "socket": make_socket,
    "link to a device": lambda path: path.symlink_to("/dev/zero"),
    "link to itself": lambda path: path.symlink_to(path),
    "link to nowhere": lambda path: path.symlink_to("nowhere"),
    "endless file": make_endless,
}
OUTPUTS = ["owls.apkg", "owls-retired.apkg", "owls.pdf", "owls-2.pdf", "CHANGES.md"]


@pytest.fixture(autouse=True)
def _time_limit() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError("it waits, or reads without an end")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """A function that runs `cardwright` with the given arguments."""
    return lambda *arguments: Result(main.run(arguments), *capsys.readouterr())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """A project that was built twice, and has a retired note."""
    (tmp_path / "cards_source/owls").mkdir(parents=True)
    source = tmp_path / "cards_source/owls/deck.yaml"
    source.write_text(OWLS + "  - {id: crow, q: Who caws?, a: The crow}\n")
    monkeypatch.chdir(tmp_path)
    assert run("build").code == 0
    source.write_text(OWLS)
    assert run("build").code == 0
    return tmp_path


@pytest.mark.parametrize("name", OUTPUTS)
@pytest.mark.parametrize("special", SPECIAL_FILES)
def test_a_special_file_in_the_place_of_an_output_is_replaced(
    project: Path, run: Run, special: str, name: str
) -> None:
    output = project / "decks/owls" / name
    expected = output.read_bytes() if output.exists() else None
    output.unlink(missing_ok=True)
    SPECIAL_FILES[special](output)

    assert run("check").code == 0
    result = run("build")

    assert result.code == 0, result.err
    if name == "owls-2.pdf":
        assert not os.path.lexists(output)
    elif "-retired" not in name:
        assert not output.is_symlink()
        assert name == "CHANGES.md" or output.read_bytes() == expected


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_folder_in_the_place_of_an_output_is_left_alone(project: Path, run: Run, name: str) -> None:
    output = project / "decks/owls" / name
    output.unlink(missing_ok=True)
    output.mkdir()
    (output / "own.txt").write_text("mine")

    result = run("build")

    assert (output / "own.txt").read_text() == "mine"
    if name in ("owls.apkg", "owls.pdf", "CHANGES.md"):
        assert result.code == 1
        assert f"cannot write `{name}`: a folder has this name" in result.err


@pytest.mark.parametrize("linked", ["decks", "decks/owls"])
def test_nothing_is_written_through_a_linked_folder(
    project: Path, run: Run, tmp_path_factory: pytest.TempPathFactory, linked: str
) -> None:
    """A project from the internet could make a build write anywhere."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "target"
    (project / linked).rename(elsewhere)
    (project / linked).symlink_to(elsewhere)
    before = {path: path.read_bytes() for path in elsewhere.rglob("*") if path.is_file()}
    (project / "cards_source/owls/deck.yaml").write_text(OWLS.replace("The owl", "An owl"))

    result = run("build")

    assert result.code == 1
    assert f"error[linked-outputs]: `{linked}` is a link" in result.err
    assert {path: path.read_bytes() for path in elsewhere.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("name", ["deck.yaml", "birds.yaml", "deck.lock"])
@pytest.mark.parametrize("special", SPECIAL_FILES)
def test_a_special_file_in_the_place_of_a_source_is_reported(
    project: Path, run: Run, special: str, name: str
) -> None:
    source = project / "cards_source/owls" / name
    source.unlink(missing_ok=True)
    SPECIAL_FILES[special](source)

    for command in ("check", "build"):
        result = run(command)
        assert result.code == 1
        assert f" --> cards_source/owls/{name}:1:1" in result.out + result.err
        assert re.search(r"error\[(cannot-read|linked-out|linked-to-itself)\]", result.out + result.err)
        assert str(project) not in result.out + result.err


@pytest.mark.parametrize("special", SPECIAL_FILES)
def test_a_special_file_among_the_media_is_reported_where_it_is_used(
    project: Path, run: Run, special: str
) -> None:
    (project / "cards_source/owls/media").mkdir()
    SPECIAL_FILES[special](project / "cards_source/owls/media/owl.png")
    source = project / "cards_source/owls/deck.yaml"

    unused = run("check")
    source.write_text(OWLS.replace("The owl", "'![An owl](media/owl.png)'"))
    used = run("check")

    assert unused.code == 0
    assert str(project) not in unused.out + unused.err
    assert used.code == 1
    assert re.search(r"--> cards_source/owls/deck.yaml:4:\d+", used.out)


def test_a_link_loop_that_no_card_uses_is_a_warning_with_its_place(project: Path, run: Run) -> None:
    media = project / "cards_source/owls/media"
    media.mkdir()
    (media / "loop").symlink_to("loop")
    (media / "gone").symlink_to("nowhere")
    (project / "cards_source/loop").symlink_to("loop")

    result = run("check")

    assert result.code == 0
    lines = result.out.splitlines()
    assert "warning[unreadable-media]: cannot read `loop`: the link leads back to itself" in lines
    assert " --> cards_source/owls/media/loop:1:1" in lines
    assert "warning[unreadable-media]: cannot read `gone`: it does not exist any more" in lines


@pytest.mark.parametrize("special", SPECIAL_FILES)
@pytest.mark.parametrize(
    "arguments",
    [
        ["print", "--changed", "{}.apkg"],
        ["print", "--changed", "{}.lock"],
        ["print", "--card", "{}.yaml"],
        ["print", "--out", "{}.pdf"],
        ["rehearse", "{}.apkg", "decks/owls/owls.apkg"],
        ["rehearse", "decks/owls/owls.apkg", "{}.apkg"],
    ],
    ids=["changed since a package", "changed since a lock", "card size", "destination", "old", "new"],
)
def test_a_special_file_on_the_command_line_is_reported(
    project: Path, run: Run, special: str, arguments: list[str]
) -> None:
    ending = Path(next(argument for argument in arguments if "{}" in argument)).suffix
    SPECIAL_FILES[special](project / f"special{ending}")

    result = run(*(argument.format("special") for argument in arguments))

    if arguments[1] == "--out" and special in ("link to nowhere", "link to itself"):
        assert not (project / "special.pdf").is_symlink()
        assert not (project / "nowhere").exists()
    else:
        assert result.code in (1, 2)
        assert "special" in result.out + result.err


def test_a_file_is_read_up_to_a_limit(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"12345")

    assert files.read_regular_file(file, 5) == b"12345"
    with pytest.raises(files.UnsuitableFile, match="it is larger than 0 KB"):
        files.read_regular_file(file, 4)


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "{}"],
        ["build", "{}/deck.yaml"],
        ["print", "--changed", "{}"],
        ["print", "--changed", "{}.apkg"],
        ["print", "--card", "{}.yaml"],
        ["print", "--out", "{}"],
        ["print", "--out", "{}/owls.pdf"],
        ["rehearse", "{}", "decks/owls/owls.apkg"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("path", ["x" * 300, "loop", "loop/x", "decks/owls/owls.apkg/x"])
def test_a_path_that_the_system_refuses_is_reported_as_any_other(
    project: Path, run: Run, path: str, arguments: list[str]
) -> None:
    (project / "loop").symlink_to("loop")

    result = run(*(argument.format(path) for argument in arguments))

    assert result.code in (1, 2)
    assert "the system says" not in result.err
    assert str(project) not in result.err


@pytest.mark.parametrize("name", [b"x" * 236, b"\xff\xfe", "n\u0303".encode(), b"a b'c\"d$e", b"-o"])
def test_a_deck_may_have_any_name_that_the_disk_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run, name: bytes
) -> None:
    """Names of temporary files are short; old disks hold names that are no UTF-8."""
    stem = os.fsdecode(name)
    (tmp_path / "cards_source").mkdir()
    (tmp_path / "cards_source" / f"{stem}.yaml").write_text(OWLS)
    monkeypatch.chdir(tmp_path)

    assert run("build", "--only", "anki,pdf").code == 0
    assert {path.name for path in (tmp_path / "decks" / stem).iterdir()} == {
        f"{stem}.apkg",
        f"{stem}.pdf",
        "CHANGES.md",
    }
