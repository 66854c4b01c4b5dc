"""A deck of 10,000 cards on paper: it must not take the memory of the machine."""

from collections.abc import Iterator

from bench import decks
from bench.measuring import CARDWRIGHT, Measure, Project

CARDS = 10_000


def measures(project: Project) -> Iterator[Measure]:
    project.write(decks.printed(CARDS))
    project.clear()
    peak = project.peak([CARDWRIGHT, "build", "--only", "pdf"])
    yield Measure(f"{CARDS:,} cards to sheets, peak memory", peak, "MB", most=600)
