"""Runs each measurement several times, interleaved, and prints the ratios of the medians."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).parent
CARDWRIGHT = shutil.which("cardwright", path=str(Path(sys.executable).parent)) or "cardwright"
RUNS = 5
CARDS = 20_000


def measure(commands: Mapping[str, Sequence[str]], folder: Path) -> dict[str, float]:
    """Median seconds of each command, taken turn by turn so that a busy machine is busy for all."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(
                command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in taken.items()}


def peak_memory(command: Sequence[str], folder: Path) -> float:
    """Peak resident memory of a command, in MB."""
    pid = os.posix_spawn(
        "/bin/sh", ["sh", "-c", 'cd "$0" && exec "$@" >/dev/null 2>&1', str(folder), *command], os.environ
    )
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"{command} failed")
    return (
        usage.ru_maxrss
        / (1 if sys.platform == "darwin" else 1024)
        / (1024 if sys.platform == "darwin" else 1)
    )


def deck(count: int) -> str:
    """A deck of plain cards in one file."""
    cards = "".join(
        f"  - id: card-{n}\n"
        f"    q: What is the {n}th question of this deck about muscles?\n"
        f"    a: Answer number {n} with some words to fill it\n"
        f"    extra: Something more to be said about card {n}, in a sentence of some length.\n"
        f"    tags: [leg, exam]\n"
        for n in range(count)
    )
    return f"deck: Bench\nid: bench\ncards:\n{cards}"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "cards_source").mkdir()
        source = folder / "cards_source" / "bench.yaml"
        source.write_text(deck(CARDS), encoding="utf-8")

        starts = measure(
            {
                "cardwright --help": [CARDWRIGHT, "--help"],
                "import click": [sys.executable, "-c", "import click"],
            },
            folder,
        )
        ratio = _ratio(starts, "cardwright --help", "import click")
        print(f"cardwright --help takes {ratio} of `import click` (at most 1.5)")

        build = [CARDWRIGHT, "build", "--only", "anki"]
        builds = measure(
            {
                "ours": ["sh", "-c", 'rm -rf decks cards_source/bench.lock && exec "$@"', "sh", *build],
                "again": build,
                "script": [
                    sys.executable,
                    str(HERE / "plain_script.py"),
                    str(source),
                    str(folder / "plain.apkg"),
                ],
                "floor": [sys.executable, str(HERE / "floor.py"), str(source), str(folder / "floor.zip")],
            },
            folder,
        )
        print(f"{CARDS:,} plain cards from YAML to .apkg, where yaml.load and a plain genanki script take 1:")
        print(f"  first build {_ratio(builds, 'ours', 'script')} (at most 1)")
        print(f"  build again {_ratio(builds, 'again', 'script')}")
        print(f"  the floor   {_ratio(builds, 'floor', 'script')}")
        print(f"  peak memory {peak_memory(build, folder):.0f} MB (at most 400)")


def _ratio(medians: Mapping[str, float], ours: str, other: str) -> str:
    return f"{medians[ours] / medians[other]:.2f}"


if __name__ == "__main__":
    main()
