"""The memory that it takes to print a deck of 10,000 cards."""

from collections.abc import Iterator

from bench import decks
from bench.measuring import CARDWRIGHT, Measurement, Project

CARD_COUNT = 10_000


def measure(project: Project) -> Iterator[Measurement]:
    project.write_deck(decks.printed_deck(CARD_COUNT))
    project.clear()
    peak = project.peak_memory([CARDWRIGHT, "build", "--only", "pdf"])
    yield Measurement(f"{CARD_COUNT:,} cards to sheets, peak memory", peak, "MB", limit=600)
