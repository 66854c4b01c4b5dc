"""How things are measured: turn by turn, by the clock of one run, as ratios."""

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
class Measure:
    """What came of a measurement. most: what it may come to; None when it is only told."""

    what: str
    value: float
    unit: str = ""
    most: float | None = None

    @property
    def too_much(self) -> bool:
        return self.most is not None and self.value > self.most

    def __str__(self) -> str:
        digits = 0 if self.unit == "MB" else 2
        value = f"{self.value:.{digits}f} {self.unit}".strip()
        limit = "" if self.most is None else f" (at most {self.most:g})"
        return f"{self.what}: {value}{limit}{'  <-- TOO MUCH' if self.too_much else ''}"


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with one deck in it, and a cache of its own."""

    folder: Path

    @property
    def source(self) -> Path:
        return self.folder / "cards_source" / "bench.yaml"

    def write(self, deck: str) -> None:
        """Put a deck in the place of the one before; what was built stays."""
        self.source.parent.mkdir(exist_ok=True)
        self.source.write_text(deck, encoding="utf-8")

    def clear(self) -> None:
        """Take away all that was built or remembered."""
        for name in ("decks", "cache"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self.source.with_suffix(".lock").unlink(missing_ok=True)

    def run(self, command: Sequence[str]) -> None:
        """Run a program in this folder; what it says is not shown.

        Errors: CalledProcessError when it fails.
        """
        subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def peak(self, command: Sequence[str]) -> float:
        """Peak resident memory of a program, in MB."""
        shell = ["sh", "-c", 'cd "$0" && exec "$@" >/dev/null 2>&1', str(self.folder), *command]
        _, status, usage = os.wait4(os.posix_spawn("/bin/sh", shell, self._environment), 0)
        if status:
            raise SystemExit(f"{command} failed")
        # In kilobytes, but on macOS in bytes.
        return usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, "CARDWRIGHT_CACHE": str(self.folder / "cache")}


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def medians(works: Mapping[str, Callable[[], object]], runs: int = RUNS) -> dict[str, float]:
    """Median seconds of each work, taken turn by turn so that a busy machine is busy for all."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            taken[name].append(seconds(work))
    return {name: statistics.median(times) for name, times in taken.items()}
