"""20,000 plain cards from YAML to an Anki package."""

import sys
from collections.abc import Iterator
from pathlib import Path

from bench import decks
from bench.measuring import CARDWRIGHT, Measure, Project, medians

CARDS = 20_000
_HERE = Path(__file__).parent
_BUILD = (CARDWRIGHT, "build", "--only", "anki")


def measures(project: Project) -> Iterator[Measure]:
    project.write(decks.plain(CARDS))

    def first() -> None:
        project.clear()
        project.run(_BUILD)

    def script(name: str, target: str) -> None:
        project.run([sys.executable, str(_HERE / name), str(project.source), str(project.folder / target)])

    taken = medians(
        {
            "first": first,
            "again": lambda: project.run(_BUILD),
            "script": lambda: script("plain_script.py", "plain.apkg"),
            "floor": lambda: script("floor.py", "floor.zip"),
        }
    )
    about = f"{CARDS:,} cards to a package, where yaml.load and genanki take 1"
    yield Measure(about, taken["first"] / taken["script"], most=1)
    yield Measure("  built again", taken["again"] / taken["script"])
    yield Measure("  the least that any tool does", taken["floor"] / taken["script"])
    yield Measure("  peak memory", project.peak(_BUILD), "MB", most=400)
