"""Measurements, and the project folder in which they are taken."""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CARDWRIGHT = shutil.which("cardwright", path=str(Path(sys.executable).parent)) or "cardwright"
SCRIPTS = Path(__file__).parent
RUNS = 3

TABLE_HEAD = "| what | measured | at most |\n|---|---|---|"


@dataclass(frozen=True, slots=True)
class Measurement:
    """The result of a measurement. limit: the most it may be; None if there is no limit."""

    name: str
    value: float
    unit: str = ""
    limit: float | None = None

    @property
    def is_over_limit(self) -> bool:
        return self.limit is not None and self.value > self.limit

    def __str__(self) -> str:
        """Return a row of the table in Markdown below `TABLE_HEAD`."""
        digits = 0 if self.unit else 2 if self.value >= 0.1 else 3
        value = f"{self.value:.{digits}f} {self.unit}".strip()
        limit = "" if self.limit is None else f"{self.limit:g} {self.unit}".strip()
        return f"| {self.name} | {f'**{value}**, too much' if self.is_over_limit else value} | {limit} |"


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with one deck and its own cache."""

    folder: Path

    @property
    def sources(self) -> Path:
        return self.folder / "cards_source"

    @property
    def source(self) -> Path:
        """The only file of a deck that `write_deck` has written."""
        return self.sources / "bench.yaml"

    def write_deck(self, deck: str) -> None:
        """Let the project have one deck of a single file; see `write_sources`."""
        self.write_sources({self.source.name: deck})

    def write_sources(self, files: Mapping[str, str]) -> None:
        """Replace all sources whose content is another; what was built stays.

        files: content by path below `cards_source/`.
        """
        for path in sorted(self.sources.rglob("*.*")):
            if path.suffix != ".lock" and path.relative_to(self.sources).as_posix() not in files:
                path.unlink()
        for name, text in files.items():
            path = self.sources / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")

    def clear(self) -> None:
        """Remove everything that was built or cached."""
        for name in ("decks", "cache"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for lock in self.sources.rglob("*.lock"):
            lock.unlink()

    def run(self, command: Sequence[str], *, exit_code: int = 0) -> None:
        """Run a program in this folder without showing its output. exit_code: with which it has to end.

        Errors: CalledProcessError if it ends in another way.
        """
        result = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if result.returncode != exit_code:
            raise subprocess.CalledProcessError(result.returncode, command)

    def run_clean(self, command: Sequence[str], *, exit_code: int = 0) -> None:
        """Run a program as if nothing had been built before; see `run`."""
        self.clear()
        self.run(command, exit_code=exit_code)

    def run_script(self, name: str, *arguments: str | Path) -> None:
        """Run one of the scripts of `bench/`."""
        self.run([sys.executable, str(SCRIPTS / name), *map(str, arguments)])

    def peak_memory(self, command: Sequence[str]) -> float:
        """Run a program in this folder. Returns its peak resident memory in MB."""
        shell = ["sh", "-c", 'cd "$0" && exec "$@" >/dev/null 2>&1', str(self.folder), *command]
        _, status, usage = os.wait4(os.posix_spawn("/bin/sh", shell, self._environment), 0)
        if status:
            raise SystemExit(f"{command} failed")
        # In kilobytes, but on macOS in bytes.
        return usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)

    @property
    def _environment(self) -> dict[str, str]:
        # Users have compiled modules, whatever the environment of a developer says.
        variables = {**os.environ, "CARDWRIGHT_CACHE": str(self.folder / "cache")}
        variables.pop("PYTHONDONTWRITEBYTECODE", None)
        return variables


def cpu_seconds(task: Callable[[], object]) -> float:
    """Run a task. Returns the time that its programs, and the programs that these start, keep a core busy.

    Other programs on the machine hardly change it, and work on several cores at once counts in full.
    """
    start = _cpu_of_children()
    task()
    return _cpu_of_children() - start


def elapsed_seconds(task: Callable[[], object]) -> float:
    """Run a task. Returns how long it takes."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def best_times(
    tasks: Mapping[str, Callable[[], object]],
    runs: int = RUNS,
    clock: Callable[[Callable[[], object]], float] = cpu_seconds,
) -> dict[str, float]:
    """Run the tasks in turns. Returns the shortest time of each; whatever disturbs a run makes it longer.

    clock: runs a task and returns its time.
    """
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(runs):
        for name, task in tasks.items():
            times[name].append(clock(task))
    return {name: min(times_of_task) for name, times_of_task in times.items()}


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
