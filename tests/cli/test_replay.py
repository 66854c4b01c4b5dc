"""A build or a check in which nothing has changed says and writes what it would without any memory."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardwright.cli import main
from tests.support.commands import Result, read_files, run_python

BIRDS = """\
deck: Birds
id: birds
cards:
  - id: owl
    q: Which bird hoots?
    a: The owl
  - id: eagle
    q: Which bird has the best eyes?
    a: The eagle
"""
NOW = "1700000000"
"""SOURCE_DATE_EPOCH, in s since 1970, so that two builds write the same."""
PROGRAM = (
    "import sys; from cardwright.cli.main import run; code = run(sys.argv[1:])\n"
    "print(*sys.modules, file=sys.stderr); sys.exit(code)"
)
COMPILER = {"cardwright.pipeline", "cardwright.reader", "yaml", "markdown_it", "typst"}


def make_project(folder: Path, deck: str = BIRDS) -> Path:
    source = folder / "cards_source/birds.yaml"
    source.parent.mkdir(parents=True)
    source.write_text(deck, encoding="utf-8")
    return folder


def is_replayed(project: Path, *arguments: str) -> tuple[bool, str]:
    """Run a command in a process of its own. Return whether it was replayed, and what it printed."""
    cache = str(project / "cache")
    result = run_python(
        PROGRAM, *arguments, folder=project, CARDWRIGHT_CACHE=cache, SOURCE_DATE_EPOCH=NOW, NO_COLOR="1"
    )
    return COMPILER.isdisjoint(result.err.split()), result.out


def test_a_build_that_wrote_everything_is_followed_by_one_that_is_replayed(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    was_replayed, _ = is_replayed(project, "build")
    assert not was_replayed
    files = read_files(project / "decks")

    was_replayed, out = is_replayed(project, "build")

    assert was_replayed
    assert out.splitlines() == [
        "Birds: 2 notes (2 unchanged), 2 cards on 1 sheet",
        "  unchanged  cards_source/birds.lock",
        "  unchanged  decks/birds/birds.apkg",
        "  unchanged  decks/birds/CHANGES.md",
        "  unchanged  decks/birds/birds.pdf",
    ]
    assert read_files(project / "decks") == files


def test_a_build_that_writes_a_page_is_replayed_at_once(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    assert not is_replayed(project, "build", "--only", "html")[0]

    was_replayed, out = is_replayed(project, "build", "--only", "html")

    assert was_replayed
    assert "  unchanged  decks/birds/birds.html" in out


def test_a_page_that_was_lost_or_put_there_is_built_by_no_replay(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    page = project / "decks/birds/birds.html"
    is_replayed(project, "build", "--only", "html")
    is_replayed(project, "build")
    assert is_replayed(project, "build")[0]

    page.write_text("")
    was_replayed, out = is_replayed(project, "build")
    assert not was_replayed
    assert "  written    decks/birds/birds.html" in out

    page.unlink()
    was_replayed, out = is_replayed(project, "build")
    assert not was_replayed
    assert "birds.html" not in out
    page.write_text("")
    was_replayed, out = is_replayed(project, "build")
    assert not was_replayed
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_what_is_replayed_is_what_a_build_without_memory_says(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    is_replayed(project, "build")
    was_replayed, replayed = is_replayed(project, "build")
    shutil.rmtree(project / "cache")

    was_built, built = is_replayed(project, "build")

    assert (was_replayed, was_built) == (True, False)
    assert replayed == built


def test_a_check_is_replayed_with_its_findings_and_its_exit_code(tmp_path: Path) -> None:
    project = make_project(tmp_path, BIRDS.replace("a: The owl", "answr: The owl"))
    first = is_replayed(project, "check")

    assert is_replayed(project, "check") == (True, first[1])
    assert "answr" in first[1]


@pytest.mark.parametrize(
    ("deck", "arguments"),
    [
        pytest.param(BIRDS.replace("id: owl\n    ", ""), [], id="ids are written into the sources"),
        pytest.param(BIRDS.replace("a: The owl", "answr: x"), [], id="an error"),
        pytest.param(BIRDS.replace("cards:", "sources:\n  b: {title: B}\ncards:"), [], id="a warning"),
        pytest.param(BIRDS, ["--restore-lock"], id="the lock is restored"),
        pytest.param(BIRDS.replace("The owl", "word " * 9000), [], id="an output that failed"),
    ],
)
def test_a_build_is_not_replayed_when_the_next_one_may_say_something_else(
    tmp_path: Path, deck: str, arguments: list[str]
) -> None:
    project = make_project(tmp_path, deck)
    is_replayed(project, "build", *arguments)

    was_replayed, _ = is_replayed(project, "build", *arguments)

    assert not was_replayed


def test_a_warning_that_stays_is_replayed_after_a_build_that_changed_nothing(tmp_path: Path) -> None:
    project = make_project(tmp_path, BIRDS.replace("cards:", "sources:\n  b: {title: B}\ncards:"))
    is_replayed(project, "build")
    _, said = is_replayed(project, "build")

    assert is_replayed(project, "build") == (True, said)


def test_a_name_stands_for_what_lies_there_now(tmp_path: Path) -> None:
    """`birds` is the deck, until a folder of that name around all decks is in the current folder."""
    project = make_project(tmp_path)
    is_replayed(project, "check", "birds")
    assert is_replayed(project, "check", "birds")[0]

    (project / "birds").symlink_to(project / "cards_source")

    assert not is_replayed(project, "check", "birds")[0]


# The law: whatever an author does, with a cache and without one the same is said and written.


def _replace(path: str, old: str, new: str) -> Callable[[Path], None]:
    def act(project: Path) -> None:
        file = project / path
        if file.is_file():
            file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")

    return act


def _remove(path: str) -> Callable[[Path], None]:
    return lambda project: (project / path).unlink(missing_ok=True)


def _append(path: str, text: str) -> Callable[[Path], None]:
    def act(project: Path) -> None:
        if (project / path).parent.is_dir():
            with (project / path).open("a", encoding="utf-8") as file:
                file.write(text)

    return act


SOURCE, LOCK, OUTPUTS = "cards_source/birds.yaml", "cards_source/birds.lock", "decks/birds"
ACTIONS: dict[str, Callable[[Path], object]] = {
    "nothing": lambda _: None,
    "edit a card": _append(SOURCE, "    extra: More.\n"),
    "edit the first card": _replace(SOURCE, "The owl", "The barn owl"),
    "undo": _replace(SOURCE, "The barn owl", "The owl"),
    "add a card": _append(SOURCE, "  - id: kiwi\n    q: Which bird has no wings?\n    a: The kiwi\n"),
    "add a card without an id": _append(SOURCE, "  - q: Which bird swims?\n    a: The penguin\n"),
    "remove a card": _replace(SOURCE, "  - id: owl\n    q: Which bird hoots?\n    a: The owl\n", ""),
    "rename a card": _replace(SOURCE, "id: eagle", "id: raptor\n    was: eagle"),
    "rename a card and tell nobody": _replace(SOURCE, "id: eagle", "id: hawk"),
    "break": _replace(SOURCE, "a: The", "answr: The"),
    "repair": _replace(SOURCE, "answr: The", "a: The"),
    "add a warning": _replace(SOURCE, "\ncards:", "\nsources:\n  b: {title: B}\ncards:"),
    "change the name of the deck": _replace(SOURCE, "deck: Birds", "deck: All birds"),
    "change the id of the deck": _replace(SOURCE, "id: birds", "id: eggs"),
    "add a deck": lambda project: (project / "cards_source/owls.yaml").write_text(
        BIRDS.replace("irds", "wls").replace("deck: B", "deck: O").replace("id: b", "id: o"), "utf-8"
    ),
    "lose the lock": _remove(LOCK),
    "damage the lock": _append(LOCK, "<<<<<<< HEAD\n"),
    "lose the package": _remove(f"{OUTPUTS}/birds.apkg"),
    "damage the package": _append(f"{OUTPUTS}/birds.apkg", "x"),
    "edit the page of changes": _append(f"{OUTPUTS}/CHANGES.md", "x\n"),
    "lose all outputs": lambda project: shutil.rmtree(project / "decks", ignore_errors=True),
    "leave a file of a killed build": _append(f"{OUTPUTS}/.1-0.cardwright-tmp", "x"),
}
COMMANDS = [["build", "--only", "anki"], ["check", "--only", "anki"], ["build", "--only", "anki", "--locked"]]


def run_in(folder: Path, cache: str, command: list[str]) -> Result:
    out, err = io.StringIO(), io.StringIO()
    with working_in(folder, cache), redirect_stdout(out), redirect_stderr(err):
        code = main.run(command)
    return Result(code, out.getvalue(), err.getvalue())


@contextmanager
def working_in(folder: Path, cache: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in ("CARDWRIGHT_CACHE", "SOURCE_DATE_EPOCH")}
    here = Path.cwd()
    os.environ.update(CARDWRIGHT_CACHE=cache, SOURCE_DATE_EPOCH=NOW)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@settings(max_examples=int(os.environ.get("REPLAYS", "8")))
@given(
    history=st.lists(
        st.tuples(st.sampled_from(sorted(ACTIONS)), st.lists(st.sampled_from(COMMANDS), max_size=3)),
        min_size=2,
        max_size=8,
    )
)
def test_a_command_says_and_writes_the_same_with_a_cache_and_without(
    history: list[tuple[str, list[list[str]]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("replays")
    projects = {cache: make_project(folder / name / "project") for name, cache in caches(folder).items()}
    for action, commands in history:
        for project in projects.values():
            ACTIONS[action](project)
        for command in [*commands, ["build", "--only", "anki"]]:
            results = []
            for cache, project in projects.items():
                results.append((run_in(project, cache, command), read_files(project)))
            (with_cache, files), (without, files_without) = results
            assert with_cache == without
            assert files == files_without


def caches(folder: Path) -> dict[str, str]:
    return {"with": str(folder / "cache"), "without": "off"}
