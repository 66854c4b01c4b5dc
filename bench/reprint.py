"""Sheets after one edit, as an author waits for them between two corrections."""

import statistics
from collections.abc import Iterator

from bench import decks
from bench.measuring import CARDWRIGHT, Measure, Project, seconds

CARDS = 1_000
RUNS = 3
_BUILD = (CARDWRIGHT, "build", "--only", "pdf")


def measures(project: Project) -> Iterator[Measure]:
    clean: list[float] = []
    edited: list[float] = []
    for run in range(RUNS):
        project.write(decks.printed(CARDS))
        project.clear()
        clean.append(seconds(lambda: project.run(_BUILD)))
        project.write(decks.printed(CARDS, edited=331 * run + 7))
        edited.append(seconds(lambda: project.run(_BUILD)))
    ratio = statistics.median(edited) / statistics.median(clean)
    yield Measure(f"{CARDS:,} cards after one edit, where a clean build takes 1", ratio, most=0.5)
