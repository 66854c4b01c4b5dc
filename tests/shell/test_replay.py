"""What a command printed is repeated only while nothing has changed that it depends on."""

import os
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cardwright.shell import installed_code
from cardwright.shell.replay import Printed, Run

PRINTED = Printed(["a warning"], ["Birds: 1 note", "  unchanged  birds.apkg"], 1)
FILES = {
    "cards_source/birds/deck.yaml": b"deck: Birds\n",
    "cards_source/birds/deck.lock": b"{}\n",
    "cards_source/birds/media/owl.png": b"owl",
    "cards_source/birds/fonts/own.ttf": b"font",
    "decks/birds/birds.apkg": b"package",
    "decks/birds/birds.pdf": b"sheets",
    "decks/birds/CHANGES.md": b"# Changes\n",
}
LATER = 10_000_000_000
"""In ns. A file that has just been changed could change once more unnoticed; later, it can't."""


class Machine:
    """A project, the fonts of the system, and one library, that a command depends on."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = folder / "project"
        self.fonts = folder / "home/.fonts"
        self.library = folder / "site-packages/somelib"
        for path, data in FILES.items():
            self.write(path, data)
        self.fonts.mkdir(parents=True)
        (self.fonts / "plain.ttf").write_bytes(b"font")
        self.library.mkdir(parents=True)
        (self.library / "__init__.py").write_text("x = 1")
        monkeypatch.syspath_prepend(self.library.parent)
        monkeypatch.setattr(installed_code, "LIBRARIES", ("somelib",))
        self.environ = {"HOME": str(folder / "home"), "CARDWRIGHT_CACHE": str(folder / "cache")}
        self.command: tuple[str, ...] = ("build", "anki")

    def write(self, path: str, data: bytes) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(data)

    def run(self) -> Run:
        return Run(self.root, self.command, self.environ, clock=lambda: time.time_ns() + LATER)

    def run_at_once(self) -> Run:
        """Begin a run of which nobody says that it comes later."""
        return Run(self.root, self.command, self.environ)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_a_run_is_replayed_while_nothing_changes(machine: Machine) -> None:
    machine.run().keep(PRINTED, {})

    assert machine.run().replayed() == PRINTED
    assert machine.run().replayed() == PRINTED


def test_nothing_is_replayed_that_was_not_kept(machine: Machine) -> None:
    assert machine.run().replayed() is None


def _write(path: str, data: bytes = b"other") -> Callable[[Machine], object]:
    return lambda machine: machine.write(path, data)


def _same_size_and_time(machine: Machine) -> None:
    """As a tool does it that keeps times; the system still notes when the file was changed."""
    path = machine.root / "cards_source/birds/media/owl.png"
    status = path.stat()
    path.write_bytes(b"eel")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _link_in_place_of_file(machine: Machine) -> None:
    path = machine.root / "cards_source/birds/media/owl.png"
    path.rename(machine.root / "owl.png")
    path.symlink_to(machine.root / "owl.png")


def _link_in_place_of(folder: str) -> Callable[[Machine], object]:
    """Return a change that moves a folder, and puts a link to it where it was."""

    def change(machine: Machine) -> None:
        moved = (machine.root / folder).rename(machine.root / "moved")
        (machine.root / folder).symlink_to(moved)

    return change


CHANGES: Mapping[str, Callable[[Machine], object]] = {
    "a source is edited": _write("cards_source/birds/deck.yaml"),
    "a source comes": _write("cards_source/birds/more.yml"),
    "a source in a new folder comes": _write("cards_source/birds/b/more.YAML"),
    "a deck comes": _write("cards_source/owls.yaml"),
    "a source goes": lambda machine: (machine.root / "cards_source/birds/deck.yaml").unlink(),
    "a source is renamed": lambda machine: (machine.root / "cards_source/birds/deck.yaml").rename(
        machine.root / "cards_source/birds/deck.yml"
    ),
    "the lock is edited": _write("cards_source/birds/deck.lock"),
    "the lock goes": lambda machine: (machine.root / "cards_source/birds/deck.lock").unlink(),
    "another lock comes": _write("cards_source/old.lock"),
    "a picture is edited": _write("cards_source/birds/media/owl.png"),
    "a picture is edited and keeps its size and time": _same_size_and_time,
    "a picture comes": _write("cards_source/birds/media/eel.png"),
    "a picture goes": lambda machine: (machine.root / "cards_source/birds/media/owl.png").unlink(),
    "a link comes in place of a picture": _link_in_place_of_file,
    "a font of the deck is edited": _write("cards_source/birds/fonts/own.ttf"),
    "an empty folder comes, such as one for fonts": lambda machine: (
        machine.root / "cards_source/birds/more"
    ).mkdir(),
    "a folder comes where a package may be removed": lambda machine: (
        machine.root / "decks/birds/birds-retired.apkg"
    ).mkdir(),
    "a package is edited": _write("decks/birds/birds.apkg", b"damaged"),
    "sheets go": lambda machine: (machine.root / "decks/birds/birds.pdf").unlink(),
    "a page is edited": _write("decks/birds/CHANGES.md"),
    "another volume comes": _write("decks/birds/birds-2.pdf"),
    "a killed build leaves a file": _write("decks/birds/.12-0.cardwright-tmp"),
    "a killed build leaves its journal": _write("decks/.cardwright-unfinished/replaced.json"),
    "all outputs go": lambda machine: shutil.rmtree(machine.root / "decks"),
    "the outputs become a link": _link_in_place_of("decks"),
    "the sources become a link": _link_in_place_of("cards_source"),
    "the folder of a deck becomes a link": _link_in_place_of("cards_source/birds"),
    "a font of the system is edited": lambda machine: (machine.fonts / "plain.ttf").write_bytes(b"other"),
    "a font of the system comes": lambda machine: (machine.fonts / "bold.ttf").write_bytes(b"font"),
    "a library is edited": lambda machine: (machine.library / "__init__.py").write_text("x = 2"),
    "a file of a library comes": lambda machine: (machine.library / "y.py").write_text(""),
    "a module takes the place of one of Python's": lambda machine: (
        machine.library.parent / "json.py"
    ).write_text(""),
}
# Those that a process does not see while it runs.
OTHER_COMMANDS: Mapping[str, Callable[[Machine], object]] = {
    "the time of the build is set": lambda machine: machine.environ.update(SOURCE_DATE_EPOCH="1"),
    "colours are switched off": lambda machine: machine.environ.update(NO_COLOR="1"),
    "the terminal is another": lambda machine: machine.environ.update(TERM="dumb"),
    "fonts lie elsewhere": lambda machine: machine.environ.update(XDG_DATA_HOME="/elsewhere"),
    "an argument is another": lambda machine: setattr(machine, "command", ("build", "pdf")),
    "the project is moved": lambda machine: setattr(
        machine, "root", machine.root.rename(machine.root.with_name("moved"))
    ),
    "the cache is emptied": lambda machine: shutil.rmtree(machine.environ["CARDWRIGHT_CACHE"]),
    "the cache is switched off": lambda machine: machine.environ.update(CARDWRIGHT_CACHE="off"),
}


@pytest.mark.parametrize("change", [*CHANGES, *OTHER_COMMANDS])
def test_a_run_is_not_replayed_after_a_change(machine: Machine, change: str) -> None:
    machine.run().keep(PRINTED, {})

    {**CHANGES, **OTHER_COMMANDS}[change](machine)

    assert machine.run().replayed() is None


@pytest.mark.parametrize("change", CHANGES)
def test_a_run_is_not_kept_when_something_changes_while_it_runs(machine: Machine, change: str) -> None:
    """Nobody knows what it was made from: what was there before, or after."""
    run = machine.run()

    CHANGES[change](machine)
    run.keep(PRINTED, {})

    assert machine.run().replayed() is None


def test_what_a_run_has_written_itself_is_no_change(machine: Machine) -> None:
    run = machine.run()
    written = {"decks/birds/birds.apkg": b"new package", "cards_source/birds/deck.lock": b"new\n"}
    for path, data in written.items():
        machine.write(path, data)

    run.keep(PRINTED, written)

    assert machine.run().replayed() == PRINTED


def test_the_folders_of_what_a_run_has_written_are_no_change(machine: Machine) -> None:
    run = machine.run()
    machine.write("decks/owls/owls.apkg", b"package")

    run.keep(PRINTED, {"decks/owls/owls.apkg": b"package"})

    assert machine.run().replayed() == PRINTED


@pytest.mark.parametrize("target", ["nowhere", ".", "loop.ttf"])
def test_links_among_fonts_are_followed_as_far_as_they_lead(machine: Machine, target: str) -> None:
    (machine.fonts / "loop.ttf").symlink_to(machine.fonts / target)

    machine.run().keep(PRINTED, {})

    assert machine.run().replayed() == PRINTED


def test_an_edit_of_what_a_run_has_written_is_a_change(machine: Machine) -> None:
    run = machine.run()
    machine.write("decks/birds/birds.apkg", b"of another build")

    run.keep(PRINTED, {"decks/birds/birds.apkg": b"new package"})

    assert machine.run().replayed() is None


def test_a_change_that_is_taken_back_is_none(machine: Machine) -> None:
    machine.run().keep(PRINTED, {})

    machine.write("cards_source/birds/deck.yaml", b"other")
    machine.write("cards_source/birds/deck.yaml", FILES["cards_source/birds/deck.yaml"])

    assert machine.run().replayed() == PRINTED


@pytest.mark.parametrize("path", ["cards_source/birds/media/owl.png", "cards_source/birds/fonts/own.ttf"])
def test_a_run_is_not_kept_with_a_file_that_could_change_once_more_unnoticed(
    machine: Machine, path: str
) -> None:
    """Two changes within one tick of the disk's clock leave the same times."""
    machine.write(path, b"first")
    machine.run_at_once().keep(PRINTED, {})
    machine.write(path, b"other")

    assert machine.run_at_once().replayed() is None


def test_each_command_line_has_a_run_of_its_own(machine: Machine) -> None:
    machine.run().keep(PRINTED, {})
    machine.command = ("check",)
    machine.run().keep(Printed([], ["no problems"]), {})

    assert machine.run().replayed() == Printed([], ["no problems"])
    machine.command = ("build", "anki")
    assert machine.run().replayed() == PRINTED


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(machine: Machine) -> None:
    Path(machine.environ["CARDWRIGHT_CACHE"]).write_bytes(b"a file in the place of the folder")

    machine.run().keep(PRINTED, {})

    assert machine.run().replayed() is None
