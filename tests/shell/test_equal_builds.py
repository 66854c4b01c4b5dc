"""What is remembered of earlier builds saves time, and changes nothing: neither a file nor the report.

Random edits of a deck, sound or not; after each of them the same commands run with the cache in every state.
`make edits` tries many more of them.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.support.command_server import CommandServer
from tests.support.commands import COMMAND, Result, read_files, run_python
from tests.support.paths import PACKAGE
from tests.support.text_edits import EDIT_LISTS, EDITS, NUMBERS, Files, is_source, new_project

EXAMPLES = int(os.environ.get("EDITS", "4"))
NOW = 1_700_000_000  # in s since 1970

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("build", "--only", "anki"),
    ("check",),
    ("check", "--format", "json", "--only", "anki"),
    ("build", "--only", "anki", "--format", "json"),
    ("build", "--only", "anki", "--locked"),
    ("build", "--only", "anki", "--restore-lock"),
)
"""What an author may run, the most likely first. Sheets take longer, and have tests of their own."""
if "EDITS" in os.environ:
    COMMANDS += (("build",), ("check", "--only", "pdf"))


CHANGES_OF_OTHER_VERSION = (
    ("LITTLE_TEXT = 5_000", "LITTLE_TEXT = 0"),  # so that it keeps units of a small deck
    ('"strong"', '"STRONG"'),
    ("begins a comment", "begins a COMMENT"),
)
"""Code that writes fields, and a warning, and what they are in another version of the package."""


def damage(folder: Path, number: int) -> None:
    """Flip a byte of each file in a folder, cut the files, or write over them."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = bytearray(path.read_bytes())
        position = number * 7919 % (len(data) + 1)
        match number % 5:
            case 0:
                data[position:] = b""
            case 1:
                data = bytearray(b"not a cache")
            case _ if position < len(data):
                data[position] ^= 1 + number % 255
        path.write_bytes(data)


def copy_read_only(folder: Path, _number: int) -> None:
    """Let a folder have the cache that "warm" has, to be read only; the superuser may write all the same."""
    if folder.exists():
        folder.chmod(0o700)
        shutil.rmtree(folder)
    if (warm := folder.with_name("warm")).exists():
        shutil.copytree(warm, folder)
        for path in (*folder.rglob("*"), folder):
            path.chmod(0o500 if path.is_dir() else 0o400)


class CacheState(NamedTuple):
    """A state of the cache in which a project is built.

    cache: what CARDWRIGHT_CACHE names, below the folder of all caches; two projects may share one.
    prepare: changes the cache before each command; gets its folder and a random number.
    """

    cache: str
    prepare: Callable[[Path, int], None] = lambda _folder, _number: None


STATES = {
    "off": CacheState("off"),
    "warm": CacheState("warm"),
    "shared": CacheState("shared"),
    "shared with another": CacheState("shared"),
    "cold": CacheState("cold", lambda folder, _number: shutil.rmtree(folder, ignore_errors=True)),
    "damaged": CacheState("damaged", damage),
    "read-only": CacheState("read-only", copy_read_only),
    "nowhere": CacheState("file/folder"),
}
"""Two that follow each other are built at once."""


class Step(NamedTuple):
    """What an author does between two looks at the deck.

    takes_back: whether the sources first become what they were when the deck was last sound.
    keeps_times: whether the files that are saved then keep the times of the last change.
    commands: what is run then, one after the other, though nothing may have changed in between.
    number: chooses the damage to the cache.
    """

    takes_back: bool
    keeps_times: bool
    edits: list[tuple[str, int, int]]
    commands: list[tuple[str, ...]]
    number: int


STEPS = st.builds(
    Step,
    st.sampled_from([True, True, True, False]),
    st.booleans(),
    EDIT_LISTS,
    st.lists(st.sampled_from([*COMMANDS[:1] * 5, *COMMANDS]), min_size=1, max_size=2),
    NUMBERS,
)


class Project:
    """The same project in a folder for each state of the cache."""

    def __init__(self, folder: Path, servers: Sequence[CommandServer]) -> None:
        self._roots = {state: folder / state for state in STATES}
        self._caches = folder / "caches"
        self._servers = servers
        self._saved: Files = {}
        self._caches.mkdir()
        (self._caches / "file").touch()

    def save(self, files: Files, *, keep_times: bool = False) -> None:
        """Write the files that are not as they are on disk, and remove those that are gone.

        keep_times: of files whose content changes, as a program may that restores a backup.
        """
        for root in self._roots.values():
            for path, data in files.items():
                if self._saved.get(path) != data:
                    _write(root / path, data, keep_times=keep_times)
            for path in self._saved.keys() - files.keys():
                (root / path).unlink()
        self._saved = dict(files)

    def run(self, arguments: Sequence[str], now: int, number: int) -> tuple[Result, Files]:
        """Run a command in every state of the cache. Return what came of it, the same in all of them.

        now: in s since 1970. number: chooses the damage.
        """
        results: dict[str, Result] = {}
        states = list(STATES.items())
        for pair in zip(states[::2], states[1::2], strict=True):
            for server, (name, state) in zip(self._servers, pair, strict=True):
                folder = self._caches / state.cache
                state.prepare(folder, number)
                cache = "off" if name == "off" else str(folder)
                server.start(self._roots[name], arguments, CARDWRIGHT_CACHE=cache, SOURCE_DATE_EPOCH=str(now))
            for server, (name, _) in zip(self._servers, pair, strict=True):
                results[name] = server.finish()
        expected, self._saved = results["off"], read_files(self._roots["off"])
        for name, root in self._roots.items():
            assert results[name] == expected, name
            assert _differing_paths(read_files(root), self._saved) == [], name
        return expected, dict(self._saved)


def _write(path: Path, data: bytes, *, keep_times: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    stat = path.stat() if keep_times and path.exists() else None
    path.write_bytes(data)
    if stat is not None:
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _differing_paths(files: Files, others: Files) -> list[str]:
    return sorted(path for path in {*files, *others} if files.get(path) != others.get(path))


@pytest.fixture(scope="module")
def servers() -> Iterator[list[CommandServer]]:
    servers = [CommandServer(), CommandServer()]
    yield servers
    for server in servers:
        server.close()


# Without shrinking, which would take minutes, unless someone looks for failures.
PHASES = set(Phase) if "EDITS" in os.environ else {Phase.explicit, Phase.reuse, Phase.generate}


@settings(max_examples=EXAMPLES, phases=PHASES, report_multiple_bugs=False)
@given(card_count=st.sampled_from([4, 60]), seed=NUMBERS, steps=st.lists(STEPS, min_size=3, max_size=6))
def test_the_state_of_the_cache_shows_in_nothing_that_a_command_writes_or_says(
    card_count: int,
    seed: int,
    steps: list[Step],
    servers: list[CommandServer],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    project = Project(tmp_path_factory.mktemp("projects"), servers)
    files = last_sound_sources = new_project(card_count, seed)
    project.save(files)
    result, files = project.run(COMMANDS[0], NOW, 0)
    assert result.code == 0, result
    for minute, step in enumerate(steps, 1):
        if step.takes_back:
            outputs = {path: data for path, data in files.items() if not is_source(path)}
            files = {**outputs, **last_sound_sources}
        for name, where, what in step.edits:
            EDITS[name](files, where, what)
        for command in step.commands:
            project.save(files, keep_times=step.keeps_times)
            result, files = project.run(command, NOW + 60 * minute, step.number)
            assert result.code in (0, 1), result
        if result.code == 0:
            last_sound_sources = {path: data for path, data in files.items() if is_source(path)}


def test_what_another_version_remembers_is_not_used(servers: list[CommandServer], tmp_path: Path) -> None:
    """Also when both say that they are the same version, as while someone works on the package."""
    package = shutil.copytree(PACKAGE, tmp_path / "other" / PACKAGE.name)
    for path in package.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        other = reduce(lambda text, change: text.replace(*change), CHANGES_OF_OTHER_VERSION, text)
        if other != text:
            path.write_text(other, encoding="utf-8")
    built, cache = tmp_path / "built", str(tmp_path / "cache")
    source = built / "cards_source/deck.yaml"
    source.parent.mkdir(parents=True)
    source.write_text(
        "deck: D\nid: d\ncards:\n  - id: x\n    q: What?\n    a: A **bone** #comment\n", encoding="utf-8"
    )
    variables = {"CARDWRIGHT_CACHE": cache, "SOURCE_DATE_EPOCH": str(NOW)}
    other_version = {**variables, "PYTHONPATH": str(package.parent)}
    run_python(COMMAND, *COMMANDS[0], folder=built, **other_version)
    other_result = run_python(COMMAND, *COMMANDS[0], folder=built, **other_version)
    assert "begins a COMMENT" in other_result.err
    copy = shutil.copytree(built, tmp_path / "copy")

    results: list[Result] = []
    for folder, chosen in ((built, cache), (copy, "off")):
        servers[0].start(folder, COMMANDS[0], **{**variables, "CARDWRIGHT_CACHE": chosen})
        results.append(servers[0].finish())
    assert "begins a comment" in results[0].err
    assert "1 changed" in results[0].out
    assert results[0] == results[1]
    assert read_files(built) == read_files(copy)
