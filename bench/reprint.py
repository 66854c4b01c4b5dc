"""The sheets after one edit, for which an author waits between two corrections."""

import statistics
from collections.abc import Iterator

from bench import decks
from bench.measuring import CARDWRIGHT, Measurement, Project, seconds

CARD_COUNT = 1_000
RUNS = 3
_BUILD = (CARDWRIGHT, "build", "--only", "pdf")


def measure(project: Project) -> Iterator[Measurement]:
    clean_times: list[float] = []
    edited_times: list[float] = []
    for run in range(RUNS):
        project.write_deck(decks.printed_deck(CARD_COUNT))
        project.clear()
        clean_times.append(seconds(lambda: project.run(_BUILD)))
        project.write_deck(decks.printed_deck(CARD_COUNT, edited=331 * run + 7))
        edited_times.append(seconds(lambda: project.run(_BUILD)))
    ratio = statistics.median(edited_times) / statistics.median(clean_times)
    yield Measurement(f"{CARD_COUNT:,} cards after one edit, where a clean build takes 1", ratio, limit=0.5)
