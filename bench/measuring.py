"""Measurements, and the project folder in which they are taken."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CARDWRIGHT = shutil.which("cardwright", path=str(Path(sys.executable).parent)) or "cardwright"
RUNS = 5


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
        digits = 0 if self.unit == "MB" else 2
        value = f"{self.value:.{digits}f} {self.unit}".strip()
        limit = "" if self.limit is None else f" (at most {self.limit:g})"
        return f"{self.name}: {value}{limit}{'  <-- TOO MUCH' if self.is_over_limit else ''}"


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with one deck and its own cache."""

    folder: Path

    @property
    def source(self) -> Path:
        return self.folder / "cards_source" / "bench.yaml"

    def write_deck(self, deck: str) -> None:
        """Replace the deck's source; what was built stays."""
        self.source.parent.mkdir(exist_ok=True)
        self.source.write_text(deck, encoding="utf-8")

    def clear(self) -> None:
        """Remove everything that was built or cached."""
        for name in ("decks", "cache"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self.source.with_suffix(".lock").unlink(missing_ok=True)

    def run(self, command: Sequence[str], *, fails: bool = False) -> None:
        """Run a program in this folder without showing its output. fails: whether it has to exit with 1.

        Errors: CalledProcessError if it ends in another way.
        """
        result = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment,
            check=not fails,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if fails and result.returncode != 1:
            raise subprocess.CalledProcessError(result.returncode, command)

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
        return {**os.environ, "CARDWRIGHT_CACHE": str(self.folder / "cache")}


def seconds(task: Callable[[], object]) -> float:
    """Run a task. Returns how long it takes."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def median_seconds(tasks: Mapping[str, Callable[[], object]], runs: int = RUNS) -> dict[str, float]:
    """Run the tasks in turns, so that a busy machine slows all of them. Returns their median times."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(runs):
        for name, task in tasks.items():
            times[name].append(seconds(task))
    return {name: statistics.median(runs_of_task) for name, runs_of_task in times.items()}
