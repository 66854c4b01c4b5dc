"""20,000 plain cards from YAML to an Anki package."""

import sys
from collections.abc import Iterator
from pathlib import Path

from bench import decks
from bench.measuring import CARDWRIGHT, Measurement, Project, median_seconds

CARD_COUNT = 20_000
_SCRIPTS = Path(__file__).parent
_BUILD = (CARDWRIGHT, "build", "--only", "anki")


def measure(project: Project) -> Iterator[Measurement]:
    project.write_deck(decks.plain_deck(CARD_COUNT))

    def clean_build() -> None:
        project.clear()
        project.run(_BUILD)

    def run_script(name: str, target: str) -> None:
        project.run([sys.executable, str(_SCRIPTS / name), str(project.source), str(project.folder / target)])

    times = median_seconds(
        {
            "clean build": clean_build,
            "second build": lambda: project.run(_BUILD),
            "plain script": lambda: run_script("plain_script.py", "plain.apkg"),
            "lower bound": lambda: run_script("lower_bound.py", "lower_bound.zip"),
        }
    )
    name = f"{CARD_COUNT:,} cards to a package, where yaml.load and genanki take 1"
    yield Measurement(name, times["clean build"] / times["plain script"], limit=1)
    yield Measurement("  built again", times["second build"] / times["plain script"])
    yield Measurement("  the least that any tool does", times["lower bound"] / times["plain script"])
    yield Measurement("  peak memory", project.peak_memory(_BUILD), "MB", limit=400)
